"""Tests of the canonical form: how it looks, that it keeps meaning and comments, that it is final, and of `fmt`."""

import os
import random
import stat
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

from cedu_rules.cli.differences import unified
from cedu_rules.cli.root import cli
from cedu_rules.source import Source, display_width
from cedu_rules.syntax.layout import LINE_WIDTH
from cedu_rules.syntax.parser import Phrase, parse, parse_phrases
from cedu_rules.syntax.printer import format_text
from cedu_rules.testing import standards
from tests.steps import growth

HERE = Path(__file__).parent
SHIPPED = sorted((HERE.parent / "standards").glob("*.std"))
READABLE = [
    path
    for path in sorted([*SHIPPED, *(HERE / "cases").rglob("*.std")])
    if parse_phrases(Source(path.name, path.read_text(encoding="utf-8")))[0]
]
SAMPLE = """
standard x "题" source "文" annex 2 effective from 2022-09-01 language zh
type T = level { a "甲" or "A" < b "乙" } unit 学时 = 45 minutes param p = 1/2 let q = if a > -1 then b else (c + 2) * 3
facts { n : signed number -5 to 5 "数"; s : yearly count "年" l : documented set { a "甲", b "乙", } when n > 1 else a "面"
  check n >= s[assessed_year] "错" }
record R key k { k : list of R "名" let z = not a and b or c }
section "甲" "乙" when x includes all { clause c "条" { unless a in { b, c } must show d "示" with { e "戊", f "己" }
  must judge j "判" should at least 2 of (a, b, t.f) "标" must all(distinct t.f for t in l where t.g between 1 and 2 m2)
  must by n { <= 3: 1 yuan, else: 2 万元 } = max(1, 2) note "记"
  example pass { n: 3, s: {2021年: 7%, 2022: unknown}, l: [{k: "甲"}, {}], d: {e, f}, z: all, } example fail { } } }
"""


def formatted(text: str) -> str:
    """Return the canonical form of a text that can be read."""
    found, diagnostics = format_text(text)

    assert diagnostics == ()
    assert found is not None
    return found


def tokens(text: str) -> list[tuple[int, int]]:
    """Return where the tokens of a text stand."""
    phrases, _comments, diagnostics = parse_phrases(Source("text", text))

    assert diagnostics == ()
    return [(phrase.start, phrase.end) for phrase in phrases if not isinstance(phrase, Phrase)]


def commented(text: str, source: random.Random, share: float = 1.0) -> str:
    """Return a text with a comment before each token and at the end, or before so large a share of them."""
    places = tokens(text)
    pieces = [text[: places[0][0]]]
    for number, (start, end) in enumerate(places):
        if source.random() < share:
            pieces.append(source.choice(COMMENTS).format(number))
        following = places[number + 1][0] if number + 1 < len(places) else len(text)
        pieces += [text[start:end], text[end:following]]
    return "".join(pieces) + " # the end"


class Marked(NamedTuple):
    """A text with comments, and the tokens at which they stand by the numbers in them."""

    text: str
    tokens: dict[int, str]


def marked_in_turns(comment: str, *, before: bool) -> Iterator[Marked]:
    """Yield the sample with a comment before or behind every twentieth token, until each token had one."""
    places = tokens(SAMPLE)
    for first in range(20):
        pieces, last, marked = [], 0, {}
        for number in range(first, len(places), 20):
            start, end = places[number]
            place = start if before else end
            pieces += [SAMPLE[last:place], comment.format(number)]
            last = place
            marked[number] = SAMPLE[start:end]
        yield Marked("".join([*pieces, SAMPLE[last:]]), marked)


COMMENTS = (
    " # {0}\n",
    "\n# {0}\n",
    " # {0} 甲\n# second {0}\n",
    "\n\n#{0}\n\n\n# second {0}\n\n",
    "\t#\n",
    '# "{0}{{\n',
)


def assert_canonical_form_keeps(text: str) -> None:
    """Assert all that a canonical form promises."""
    before, _ = parse(Source("before", text))
    found = formatted(text)
    after, diagnostics = parse(Source("after", found))

    assert diagnostics == ()
    assert before.items == after.items
    assert [comment.text for comment in before.comments] == [comment.text for comment in after.comments]
    assert found == formatted(found)
    assert "\n\n\n" not in found
    assert not [line for line in found.split("\n") if line != line.rstrip()]


class TestLaws:
    """What holds for every file."""

    @pytest.mark.parametrize("path", READABLE, ids=lambda path: path.name)
    def test_real_files(self, path: Path) -> None:
        """Meaning and comments stay, with and without comments at every token or at some, and the form is final."""
        text = path.read_text(encoding="utf-8")
        short = text[:4000] if path in SHIPPED else text
        source = random.Random(path.name)  # noqa: S311 -- no secret

        assert_canonical_form_keeps(text)
        if not parse(Source("short", short))[1]:
            assert_canonical_form_keeps(commented(text, source, source.choice([1.0, 0.2])))

    @settings(max_examples=12)
    @given(standards(), st.randoms(use_true_random=False), st.sampled_from([1.0, 0.3, 0.02]))
    def test_generated_standards(self, text: str, source: random.Random, share: float) -> None:
        """The same for generated standards with a comment at every token, or at some."""
        assert_canonical_form_keeps(text)
        assert_canonical_form_keeps(commented(text, source, share))

    @settings(max_examples=20)
    @given(st.randoms(use_true_random=False))
    def test_white_space_alone(self, source: random.Random) -> None:
        """The form depends on tokens alone, not on how the author had broken the lines."""
        places = tokens(SAMPLE)
        pieces = [SAMPLE[places[0][0] : places[0][1]]]
        for (_start, before), (start, end) in pairwise(places):
            blanks = [" ", "\n", "\u3000", "\t\n  "] + ([""] if before == start else [])
            pieces += [source.choice(blanks), SAMPLE[start:end]]

        assert formatted(SAMPLE) == formatted("".join(pieces))

    def test_every_construct_with_a_comment_behind_each_token(self) -> None:
        """A comment behind a token stays on the line of that token, a comma between them apart."""
        for marked in marked_in_turns(" # mark {0}\n", before=False):
            lines = formatted(marked.text).split("\n")
            for number, token in marked.tokens.items():
                [line] = [line for line in lines if line.endswith(f"# mark {number}")]
                code = line.partition("  # mark")[0]
                if token not in (",", ";"):
                    assert code.removesuffix(",").endswith(token), (token, line)

    def test_every_construct_with_a_comment_above_each_token(self) -> None:
        """A comment on a line of its own stays on one, above what follows it."""
        for marked in marked_in_turns("\n# mark {0}\n", before=True):
            lines = formatted(marked.text).split("\n")
            for number, token in marked.tokens.items():
                place = [line.strip() for line in lines].index(f"# mark {number}")
                if token not in (",", ";"):
                    assert lines[place + 1].lstrip().startswith(token), (token, lines[place : place + 2])

    @pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
    def test_shipped_standards_are_canonical(self, path: Path) -> None:
        """The standards of the project are what `fmt` makes of them."""
        text = path.read_text(encoding="utf-8")

        assert text == formatted(text)


SECTION = 'section "甲" "乙" {\n  clause c "条" {\n    BODY\n  }\n}\n'
CASES = {
    "let x=1": "let x = 1\n",
    "let x = 1/2*a  param  y=3": "let x = 1/2 * a\nparam y = 3\n",
    "let x = a/1/2 - -3": "let x = a / 1 / 2 - -3\n",
    "let x = not(a)or(b)": "let x = not (a) or (b)\n",
    "let x = ((a))": "let x = ((a))\n",
    "let x = t . f [ 2021 ]": "let x = t.f[2021]\n",
    "let x = count( t for t in l )": "let x = count(t for t in l)\n",
    "let x = 500m2 + 500平方米 + 500 平方米 + 8 % + 3 万元": "let x = 500 m2 + 500平方米 + 500平方米 + 8% + 3万元\n",
    "let x = 2021 年1月1日": "let x = 2021 年1月1日\n",
    "let x = a≥５００　and（b＜=３ or c ≠ d）": "let x = a >= 500 and (b <= 3 or c != d)\n",
    "let x = a × 3 ÷ b": "let x = a * 3 / b\n",
    'let x = a = "Ａ，“ｂ” \\" #"': 'let x = a = "Ａ，“ｂ” \\" #"\n',
    "let x = max(1,2,)": "let x = max(1, 2)\n",
    "let x = a in {b,c,}": "let x = a in { b, c }\n",
    "let x = s includes{a}": "let x = s includes { a }\n",
    "let x = by n{<=3:1,else:2}": "let x = by n { <= 3: 1, else: 2 }\n",
    "unit  dollar;unit 学时=45minutes": "unit dollar\nunit 学时 = 45 minutes\n",
    'type T=level{a "甲"<b "乙"}': 'type T = level { a "甲" < b "乙" }\n',
    "": "",
    "\n\n;\n": "",
    "# only\n\n\n\n# comments\n\n": "# only\n\n# comments\n",
    "\ufefflet x=1": "\ufefflet x = 1\n",
    "let x=1\r\n\r\n\r\nlet y=2\r\n": "let x = 1\r\n\r\nlet y = 2\r\n",
    "let x=1\n\n\n\nlet y=2;let z=3": "let x = 1\n\nlet y = 2\nlet z = 3\n",
    "let x = 1 # a\n , # b\n": None,
    "facts{}let x=1 facts{\n\n# a\n\n}": "facts { }\n\nlet x = 1\n\nfacts {\n  # a\n}\n",
    'facts { a:m2"甲";\n\nlonger:count"乙" 面积 : yearly count "丙" check a>1"丁" }': (
        'facts {\n  a      : m2 "甲"\n\n  longer : count "乙"\n  面积   : yearly count "丙"\n  check a > 1 "丁"\n}\n'
    ),
    "let x = max(a # first\n, # second\nb # third\n)": ("let x = max(\n  a,  # first\n  # second\n  b  # third\n)\n"),
    "let x = a # why\nlet y = b": "let x = a  # why\nlet y = b\n",
    "let x = # why\na and b": "let x =  # why\n  a and b\n",
    "let x = (a # why\n)": "let x = (\n  a  # why\n)\n",
    "let x = (\n# why\n)": None,
}


class TestForm:
    """How the canonical form looks."""

    @pytest.mark.parametrize("text", [text for text, form in CASES.items() if form is not None])
    def test_case(self, text: str) -> None:
        """Each text has the form that stands beside it."""
        assert CASES[text] == formatted(text)

    @pytest.mark.parametrize("text", [text for text, form in CASES.items() if form is None])
    def test_unreadable(self, text: str) -> None:
        """What cannot be read has no form, and the diagnostics tell why."""
        found, diagnostics = format_text(text, "file.std")

        assert found is None
        assert "error" in {diagnostic.severity for diagnostic in diagnostics}

    @pytest.mark.parametrize(
        ("body", "expected"),
        [
            (
                f'must {"a" * 50} and {"b" * 50} or {"c" * 40} "标"',
                f'must {"a" * 50} and {"b" * 50}\n      or {"c" * 40}\n      "标"',
            ),
            (f'must {"a" * 99} >= 1 "标注标注"', f'must {"a" * 99} >= 1\n      "标注标注"'),
            (
                f'must all({"a" * 60} for t in teachers where {"b" * 40}) "标"',
                f'must all(\n      {"a" * 60}\n      for t in teachers\n      where {"b" * 40}\n    ) "标"',
            ),
            (
                f"must if {'a' * 40} then {'b' * 40} else {'c' * 40}",
                f"must if {'a' * 40}\n      then {'b' * 40}\n      else {'c' * 40}",
            ),
            (
                f"must a >= by n {{ <= 1: {'a' * 44}, else: {'b' * 44} }}",
                f"must a\n      >= by n {{ <= 1: {'a' * 44}, else: {'b' * 44} }}",
            ),
            (
                f"must at least 2 of ({'a' * 50}, {'b' * 50}, c)",
                f"must at least 2 of (\n      {'a' * 50},\n      {'b' * 50},\n      c\n    )",
            ),
            (
                f'must show s "示" with {{ a "{"甲" * 20}", b "{"乙" * 20}", c "丙" }}',
                f'must show s "示" with {{\n      a "{"甲" * 20}", b "{"乙" * 20}", c "丙"\n    }}',
            ),
            (
                f"example pass {{ one: {'a' * 50}, two: 2, three: {{2021: 7%, 2022: 8%}}, four: [{{a: {'b' * 40}}}, {{}}] }}",
                f"example pass {{\n      one: {'a' * 50}, two: 2,\n      three: {{2021: 7%, 2022: 8%}}, four: [{{a: {'b' * 40}}}, {{}}]\n    }}",
            ),
        ],
    )
    def test_long_lines(self, body: str, expected: str) -> None:
        """A statement that does not fit is broken where it reads well."""
        assert SECTION.replace("BODY", expected) == formatted(SECTION.replace("BODY", body))

    @pytest.mark.parametrize(("length", "lines"), [(51, 1), (52, 3)])
    def test_chinese_is_double_width(self, length: int, lines: int) -> None:
        """A line is full at 120 columns, of which a Chinese character takes two."""
        label = "字" * length
        found = formatted(f'facts {{ a : m2 when b "{label}" }}')

        assert (display_width(f'  a : m2 when b "{label}"') <= LINE_WIDTH) == (lines == 1)
        assert lines == found.count("\n") - 2

    def test_very_long_names_are_not_lined_up_with(self) -> None:
        """One long name does not push all others to the right."""
        found = formatted(f'facts {{ {"a" * 60} : m2 "甲" b : m2 "乙" }}')

        assert f'facts {{\n  {"a" * 60} : m2 "甲"\n  b : m2 "乙"\n}}\n' == found


class TestHostileText:
    """Time, memory and the stack are bounded by the length of the text."""

    @pytest.mark.parametrize(
        ("text_of", "size"),
        [
            (lambda size: "let x = " + "(" * size + "a" + ")" * size, 10_000),
            (lambda size: "let x = " + "(" * size + "a # c\n" + ")" * size, 2_000),
            (lambda size: "let x = " + " and ".join(["a"] * size), 5_000),
            (lambda size: "let x = max(" + ", ".join(["a"] * size) + ")", 5_000),
            (lambda size: "facts { " + "a" * size + ' : m2 "甲" ' + 'b : m2 "乙" ' * (size // 40) + "}", 20_000),
            (lambda size: "let x = a" + " # c\n" * size, 10_000),
            (lambda size: ";" * size, 20_000),
        ],
        ids=["brackets", "comment in brackets", "chain", "list", "long name", "comments", "semicolons"],
    )
    def test_large(self, text_of: Callable[[int], str], size: int) -> None:
        """Nothing grows faster than the text, but for indents, which are bounded."""
        assert growth(lambda smaller: formatted(text_of(smaller)), size // 100) < 2.2
        assert len(formatted(text_of(size))) < 70 * len(text_of(size))

    def test_deep_nesting_is_refused(self) -> None:
        """What the language refuses to nest is not formatted either."""
        found, diagnostics = format_text("let x = " + "max(" * 200 + "a" + ")" * 200)

        assert found is None
        assert [diagnostic.code for diagnostic in diagnostics] == ["too-deep"]


def run(*arguments: str | Path, text: bytes | None = None) -> Result:
    """Run `fmt`."""
    return CliRunner().invoke(cli, ["fmt", *map(str, arguments)], input=text)


class TestCommand:
    """`cedu-rules fmt`."""

    def test_writes_what_is_not_canonical(self, tmp_path: Path) -> None:
        """Files, and those in folders below, are written and named; those in canonical form are not touched."""
        (tmp_path / "inner").mkdir()
        first, second, third = tmp_path / "first.std", tmp_path / "inner" / "second.std", tmp_path / "third.std"
        first.write_bytes(b"let x=1\r\n")
        second.write_bytes("\ufefflet 年=1".encode())
        third.write_text("let x = 1\n")
        os.utime(third, (1, 1))
        (tmp_path / "other.txt").write_text("let x=1")

        result = run(tmp_path)

        assert result.exit_code == 0
        assert f"formatted {first}\nformatted {second}\n" == result.output
        assert first.read_bytes() == b"let x = 1\r\n"
        assert second.read_bytes() == "\ufefflet 年 = 1\n".encode()
        assert third.stat().st_mtime == 1
        assert (tmp_path / "other.txt").read_text() == "let x=1"
        assert sorted(path.name for path in tmp_path.iterdir()) == ["first.std", "inner", "other.txt", "third.std"]

    def test_check_lists(self, tmp_path: Path) -> None:
        """With --check nothing is written; the files that would be are listed, and the status is 1."""
        wrong, right = tmp_path / "wrong.std", tmp_path / "right.std"
        wrong.write_text("let x=1")
        right.write_text("let x = 1\n")

        result = run("--check", wrong, right)

        assert result.exit_code == 1
        assert f"{wrong}\n" == result.output
        assert wrong.read_text() == "let x=1"
        assert run("--check", right).exit_code == 0

    def test_diff_shows(self, tmp_path: Path) -> None:
        """With --diff nothing is written, and the changes are shown as `patch` reads them."""
        wrong = tmp_path / "wrong.std"
        wrong.write_text("# c\nlet x=1")

        result = run("--diff", wrong)

        expected = (
            f"--- {wrong}\n+++ {wrong}\n@@ -1,2 +1,2 @@\n # c\n-let x=1\n\\ No newline at end of file\n+let x = 1\n"
        )
        assert result.exit_code == 1
        assert expected == result.output
        assert wrong.read_text() == "# c\nlet x=1"

    def test_what_cannot_be_read_is_not_written(self, tmp_path: Path) -> None:
        """A file with errors stays, its diagnostics are told, the status is 2, and the other files are done."""
        broken, encoded, wrong = tmp_path / "a.std", tmp_path / "b.std", tmp_path / "c.std"
        broken.write_text("let x = (\n")
        encoded.write_bytes("let 年=1".encode("gbk"))
        wrong.write_text("let x=1")

        result = run(tmp_path, tmp_path / "none.std")

        assert result.exit_code == 2
        assert "unclosed-bracket" in result.output
        assert "bad-encoding" in result.output
        assert "cannot read" in result.output
        assert broken.read_text() == "let x = (\n"
        assert encoded.read_bytes() == "let 年=1".encode("gbk")
        assert wrong.read_text() == "let x = 1\n"

    def test_standard_input(self) -> None:
        """`-` is formatted to standard output; what cannot be read gives nothing there."""
        result = run("-", text="let 年=1".encode())
        broken = run("-", text=b"let x = (")

        assert (result.exit_code, result.stdout) == (0, "let 年 = 1\n")
        assert (broken.exit_code, broken.stdout) == (2, "")
        assert "<stdin>:1:9: unclosed-bracket" in broken.stderr
        assert (run("--check", "-", text=b"let x=1").exit_code, run("--check", "-", text=b"").exit_code) == (1, 0)

    def test_permissions_and_links_stay(self, tmp_path: Path) -> None:
        """A file keeps its permissions; of a link the file it names is written."""
        file, link = tmp_path / "file.std", tmp_path / "link.std"
        file.write_text("let x=1")
        file.chmod(0o640)
        link.symlink_to(file)

        result = run(link)

        assert result.exit_code == 0
        assert link.is_symlink()
        assert file.read_text() == "let x = 1\n"
        assert stat.S_IMODE(file.stat().st_mode) == 0o640

    def test_a_folder_without_standards(self, tmp_path: Path) -> None:
        """A folder in which there is nothing to format is a mistake of the caller."""
        result = run(tmp_path)

        assert result.exit_code == 2
        assert f"no `.std` file in `{tmp_path}`\n" == result.stderr

    def test_a_file_that_cannot_be_replaced(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """When writing fails, the old file stands and nothing is left beside it."""
        file = tmp_path / "file.std"
        file.write_text("let x=1")

        def refuse(*_arguments: object) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(os, "fsync", refuse)
        result = run(file)

        assert result.exit_code == 2
        assert f"cannot write `{file}`: No space left on device\n" == result.stderr
        assert file.read_text() == "let x=1"
        assert [file] == list(tmp_path.iterdir())


class TestDifferences:
    """The diff that `fmt --diff` shows."""

    def test_distant_changes_are_hunks_of_their_own(self) -> None:
        """Three lines of context stand around each change."""
        old = "".join(f"{number}\n" for number in range(30))
        new = old.replace("\n5\n", "\nfive\n").replace("\n25\n", "\n")

        lines = list(unified(old, new, "f"))

        assert [line for line in lines if line[0] in "+-@"] == [
            "--- f",
            "+++ f",
            "@@ -3,7 +3,7 @@",
            "-5",
            "+five",
            "@@ -23,7 +23,6 @@",
            "-25",
        ]

    def test_long_changes_are_not_compared(self) -> None:
        """Where thousands of lines differ all of them are replaced, in a few steps a line."""

        def texts(size: int) -> tuple[str, str]:
            return "a\nb\n" * size, "b\nc\na\n" * size

        old, new = texts(50_000)
        lines = list(unified(old, new, "f"))

        assert growth(lambda size: list(unified(*texts(size), "f")), 5_000) < 2.2
        assert [line[1:] for line in lines[3:] if line[0] in " -"] == old.split("\n")[:-1]
        assert [line[1:] for line in lines[3:] if line[0] in " +"] == new.split("\n")[:-1]
