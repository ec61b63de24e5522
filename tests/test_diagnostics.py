"""Tests that every diagnostic is given where and only where it should be: one case file a code.

A case marks the offending line with `## error[code] underlined text` or `## warning[code] …`; nothing else may be found.
"""

import random
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cedu_rules import catalog
from cedu_rules.diagnostics import Diagnostic, StandardError
from cedu_rules.frontend import check
from cedu_rules.messages.codes import CODES
from cedu_rules.source import display_width

CASES = sorted((Path(__file__).parent / "cases" / "diagnostics").glob("*.std"))
LINT = {path.stem for path in (Path(__file__).parent / "cases" / "lint").glob("*.std")}
ELSEWHERE = {"bad-encoding", "too-large"} | LINT
"""Codes that no text can show, since they speak of bytes, and those that only lint gives."""

_MARK = re.compile(r"## (error|warning)\[([\w-]+)\] ?(.*?)(?= *## |$)", re.MULTILINE)


def expected_of(text: str) -> list[tuple[int, str, str, str]]:
    """Return line, severity, code and underlined text of each mark."""
    return [(text[: mark.start()].count("\n") + 1, mark[1], mark[2], mark[3]) for mark in _MARK.finditer(text)]


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_case_finds_what_it_marks_and_nothing_else(path: Path) -> None:
    """The diagnostics of a case are those of its marks: line, code, severity and the text underlined."""
    text = path.read_text(encoding="utf-8")
    _, diagnostics = check(text, path.name)
    found = [(each.span.line, each.severity, each.code, each.span.text) for each in diagnostics]
    marked = expected_of(text)
    told = [entry if mark[3] else (*entry[:3], "") for entry, mark in zip(found, marked, strict=False)] + found[
        len(marked) :
    ]

    assert marked == told


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_case_is_told_in_both_languages(path: Path) -> None:
    """Every sentence and hint can be said in English and in Chinese, with all its values filled in."""
    for each in check(path.read_text(encoding="utf-8"), path.name)[1]:
        for language in ("en", "zh"):
            told = each.in_words(language)

            assert each.code in told
            assert "{" not in each.message(language).replace(each.span.text, "")


def test_every_code_has_a_case() -> None:
    """No code of the table goes without a case, and no case without a code."""
    codes = {code for path in CASES for _, _, code, _ in expected_of(path.read_text(encoding="utf-8"))}

    assert codes == set(CODES) - ELSEWHERE


HEAD = """standard trial "试"
source "试行标准" annex 1
effective from 2022-09-01
facts {
  area : m2 "面积"
  n : count "人数"
  rate : percent "率"
  site : choice { own "自有", shared "合用" } "场地"
  degree : level { low "低" < high "高" } "学历"
  rooms : set { reading "阅览室", training "培训室" } "用房"
  visits : yearly people "各年人数"
  opened : date "成立日期"
  open_day : bool "开放"
  teachers : list of Teacher "教师"
}
record Teacher key name { name : text "姓名"  trained : bool "培训" }
"""
BODY = """section "总项" "分项" {
  clause first "条款" {
    must n >= 1
    @
  }
  clause second "条款二" { must n >= 1 }
}
"""

SLIPS = {
    # units and numbers
    "must area >= 500": ("missing-unit", "500", "write `500 m2`"),
    "must area >= 500平方": ("unknown-unit", "平方", "write `500 m2`"),
    "must area >= 500 sqm": ("unknown-unit", "sqm", "write `500 m2`"),
    "must area >= 500 M2": ("unknown-unit", "M2", "did you mean `m2`?"),
    "must rate >= 8 percent": ("unknown-unit", "percent", "write `8%`"),
    "must rate >= 80": ("never-met", "rate >= 80", "write `80%`"),
    "must 2n >= 5": ("unknown-unit", "n", "write `2 * n`"),
    "must n >= 2(n)": ("unexpected-word", "(", "write `2 * (`"),
    "must n >= .5": ("unexpected-word", ".", "write `0.5`"),
    "must area >= 五百 m2": ("unexpected-word", "m2", "write `五百` in digits"),
    "must n ^ 2 >= 4": ("unexpected-word", "^", "write the product `x * x`"),
    "must n >= ￥5": ("unexpected-word", "￥", "write the unit after the number, such as `5 yuan`"),
    "example pass { area: 500 }": ("missing-unit", "500", "write `500 m2`"),
    # operators
    "must n => 5": ("wrong-operator", "=>", "write `>=`"),
    "must n =< 5": ("wrong-operator", "=<", "write `<=`"),
    "must n == 5": ("wrong-operator", "==", "write `=`"),
    "must n >== 5": ("wrong-operator", ">==", "write `>=`"),
    "must n > = 5": ("wrong-operator", "> =", "write `>=`"),
    "must n！= 5": ("wrong-operator", "！=", "write `!=`"),
    "must n ~= 5": ("wrong-operator", "~=", "write `!=`"),
    "must open_day && n >= 1": ("wrong-operator", "&&", "write `and`"),
    "must n >= 5 AND open_day": ("unexpected-word", "open_day", "write `and`"),
    "must n 不少于 5": ("unexpected-word", "不少于", "write `>=`"),
    "must open_day is yes": ("unexpected-word", "is", "write `=`"),
    "must n = 5 or 6": (
        "not-a-condition",
        "6",
        "each side of `and` and `or` is a comparison of its own: write `x >= 6`",
    ),
    "must n between 1 to 5": (
        "unexpected-word",
        "5",
        "write `x between LOW and HIGH`, or two comparisons with `and`",
    ),
    # words of the language
    "Must n >= 1": ("unexpected-word", "Must", "write `must`"),
    "mut n >= 1": ("unexpected-word", "mut", "write `must`"),
    "exmaple pass { n: 5 }": ("unexpected-word", "exmaple", "write `example`"),
    "必须 n >= 1": ("unexpected-word", "必须", "write `must`"),
    'must sho rules "规章"': ("unexpected-word", "sho", "write `show`"),
    "must if open_day n >= 1": ("unexpected-word", "n", "write `if A then B`"),
    "if open_day then n >= 1": (
        "unexpected-word",
        "if",
        "write `must if A then B`, or `when A` as a statement of its own",
    ),
    "must at least 2 (open_day, n >= 1)": ("unexpected-word", "(", "write `of`"),
    "let x = 5": ("unexpected-word", "let", "put `let` outside of sections and clauses"),
    # quotes, marks, comments, invisible characters
    "note “口径”": ("wrong-quotes", "“口径”", 'write `"口径"`'),
    "note ＂口径＂": ("wrong-quotes", "＂口径＂", 'write `"口径"`'),
    'note "口径”': ("wrong-quotes", '"口径”', 'write `"口径"`'),
    'note "口径': ("unclosed-text", '"口径', 'a text ends with `"` on the line on which it begins'),
    "note 口径": ("unexpected-word", "口径", 'write `"口径"`'),
    "must n >= 5,": ("unexpected-word", ",", "leave out `,`; nothing is separated by it here"),
    "must n >= 5。": ("unexpected-word", "。", "leave out `。`; nothing is separated by it here"),
    "must n >= 5)": ("unexpected-word", ")", "leave out `)`; no `(` is open here"),
    "must n >= (1 + 2": ("unclosed-bracket", "(", "close it where its content ends"),
    "must n >= 5 // 至少": ("wrong-comment", "// 至少", "a comment begins with `#`"),
    "must n\u200b>= 5": ("unexpected-character", "\u200b", "delete it"),
    "example pass { n = 5 }": ("unexpected-word", "=", "write `:`"),
    "example pass { n: 5 area: 500 m2 }": ("unexpected-word", ":", "put a `,` before `area`"),
    "example pass n: 5": ("unexpected-word", "n", "put `{` before `n`"),
    "must n >= by site { own: 3; shared: 2 }": ("unexpected-word", ";", "a list is separated by `,`"),
    # names
    "must areaa >= 500 m2": ("unknown-name", "areaa", "did you mean `area`?"),
    "must Area >= 500 m2": ("unknown-name", "Area", "did you mean `area`?"),
    "must ｎ >= 5": ("unknown-name", "ｎ", "did you mean `n`?"),
    "must site = ownn": ("unknown-name", "ownn", "did you mean `own`?"),
    "must site = 自有": ("unknown-name", "自有", "write `own`"),
    "must site = rented": ("unknown-name", "rented", "write one of `own`, `shared`"),
    "must site = own or shared": ("unknown-name", "shared", "write `site = shared`"),
    "must open_day = true": ("unknown-name", "true", "write `yes`"),
    "must n = unknown": (
        "unknown-name",
        "unknown",
        "nothing tests whether a fact is missing; a missing fact makes the answer unknown",
    ),
    "must all(trained for t in teachers)": ("unknown-name", "trained", "write `t.trained`"),
    "must len(teachers) >= 1": ("unknown-function", "len", "did you mean `count`?"),
    'must passes("second")': ("unknown-clause", '"second"', "write `passes(second)`"),
    # types
    "must degree >= 3": ("type-mismatch", "3", "write one of `low`, `high`"),
    "must degree >= 高": ("unknown-name", "高", "write `high`"),
    'must n = "5"': ("type-mismatch", '"5"', "write `5`"),
    'must opened >= "2022-09-01"': ("no-order", '"2022-09-01"', "write `2022-09-01`"),
    "must visits = 3": ("series-compared", "visits", "write `latest(visits)` or `visits[assessed_year]`"),
    "must site": ("not-a-condition", "site", "write `site = own`"),
    "must area": ("not-a-condition", "area", "write for example `area >= 1 m2`"),
    "must rooms = reading": (
        "unknown-name",
        "reading",
        "write `rooms includes all` or `rooms includes { … }`",
    ),
    "must rooms includes reading": ("unexpected-word", "reading", "write `includes { a, b }`"),
    "must n in (1, 2)": ("unexpected-word", "(", "write `in { a, b }`"),
    "must all(t.trained in teachers)": ("unexpected-word", "teachers", "write `(… for x in LIST)`"),
    "must count(teachers where trained) >= 1": (
        "unexpected-word",
        "where",
        "write `count(x for x in … where …)`",
    ),
    "must teachers.count >= 1": ("not-a-record", "teachers", "write `count(teachers)`"),
}

HARMLESS = ["must n ＞＝ 5", "must area >= ５００平米", "must n\u3000>=\t5", "must n ≥ 5；", "must site = own  # 。"]


def found_in(statement: str) -> list[Diagnostic]:
    """Return the diagnostics of a file with the statement in its fourth line from the section on."""
    return list(check(HEAD + BODY.replace("@", statement), "slip.std")[1])


class TestSlips:
    """Typical slips of an author, one by one."""

    @pytest.mark.parametrize("statement", SLIPS)
    def test_a_slip_is_one_diagnostic_with_its_cure(self, statement: str) -> None:
        """A slip is told once, under the right characters, with the cure."""
        found = [(each.code, each.span.text, each.cure()) for each in found_in(statement)]

        assert [SLIPS[statement]] == found

    @pytest.mark.parametrize("statement", HARMLESS)
    def test_other_spellings_are_read(self, statement: str) -> None:
        """Full-width signs and blanks are no slips."""
        assert [] == found_in(statement)

    def test_a_missing_brace_is_named_where_it_was_opened(self) -> None:
        """The caret stands under the brace that nobody closed, and what follows is checked all the same."""
        text = HEAD + BODY.replace("@\n  }", "").replace("second", "first")
        found = [(each.code, each.span.line) for each in check(text)[1]]

        assert [("unclosed-bracket", 18), ("duplicate-clause", 21)] == found

    def test_a_brace_too_many_is_named(self) -> None:
        """The caret stands under the brace that closed too early, and what follows is checked all the same."""
        text = HEAD + BODY.replace("@", "must n >= 2 }").replace('"条款二" { must n >= 1', '"条款二" { must nn >= 1')
        found = [(each.code, each.span.line, each.span.column) for each in check(text)[1]]

        assert [("early-brace", 20, 17), ("unknown-name", 22, 30)] == found

    def test_a_broken_declaration_is_one_mistake(self) -> None:
        """Nothing is said of the uses of a name whose declaration could not be read."""
        text = HEAD.replace('area : m2 "面积"', 'area : : m2 "面积"') + BODY.replace("@", "must area >= 500 m2")

        assert [5] == [each.span.line for each in check(text)[1]]

    def test_a_misspelt_declaration_is_told_there(self) -> None:
        """A name that is used twice and declared in another spelling is one mistake, of the declaration."""
        text = HEAD.replace("area :", "aera :") + BODY.replace("@", "must area >= 5 m2\n    must area <= 9 m2")
        found = [(each.code, each.span.text) for each in check(text)[1]]

        assert [("misspelt-declaration", "aera")] == found

    def test_the_caret_stands_under_chinese_text(self) -> None:
        """Chinese characters are two cells wide, before the caret and under it."""
        text = HEAD + BODY.replace("@", 'must open_day "开放日" must 面积 >= 5 m2')
        (found,) = check(text)[1]
        line, carets = found.span.snippet().splitlines()

        assert line.index("面积") + 3 == carets.index("^")
        assert "^^^^" == carets.strip()

    @pytest.mark.parametrize("name", ["open area", "area（室内）", "area-2", "室内 面积 二"])
    def test_a_name_that_cannot_be_one_is_one_mistake(self, name: str) -> None:
        """All of it is underlined, the rest of the declaration is read, and the same beginning is no second mistake."""
        (found,) = check(HEAD.replace("n : count", f'{name} : m2 "面积" n : count') + BODY.replace("@", ""))[1]

        assert ("unexpected-word", name, "name-characters") == (
            found.code,
            found.span.text,
            found.hint and found.hint.id,
        )

    def test_a_head_in_other_quotes_is_found_behind_a_mistake(self) -> None:
        """After a first line that cannot be read, `standard` in Chinese quotes is no missing standard."""
        found = check("第一行\nstandard trial “试”\nsource “标准” annex 1\n")[1]

        assert ["unexpected-word", "wrong-quotes", "wrong-quotes"] == [each.code for each in found]

    def test_a_run_of_hidden_characters_is_one_mistake(self) -> None:
        """A file of NULs is told at once, and not character by character."""
        found = check("\0" * 100_000)[1]

        assert 100_000 == max(len(each.span.text) for each in found)
        assert 1 == sum(each.code == "unexpected-character" for each in found)

    def test_of_a_very_long_line_the_part_around_the_mistake_is_shown(self) -> None:
        """A line of a million characters is cut on both sides, and the caret stands under the mistake."""
        note = f'note "{"字" * 1_000_000}"'
        (found,) = check(HEAD + BODY.replace("@", f"{note} must 面积 >= 5 m2 {note} ").replace("\n", " "))[1]
        line, carets = found.span.snippet().splitlines()

        assert "面积" == line[line.index("面积") :][: len(carets.strip()) // 2]
        assert display_width(line[: line.index("面积")]) == carets.index("^")
        assert ("…", "…", True) == (line[0], line[-1], len(line) < 400)

    def test_a_character_that_cannot_be_shown_takes_one_cell(self) -> None:
        """A NUL before the mistake does not move the caret, and reaches no terminal."""
        _control, found = check(HEAD + BODY.replace("@", "must area >= \0 5 m2 must 面积 >= 5 m2"))[1]
        line, carets = found.span.snippet().splitlines()

        assert "�" in line
        assert display_width(line[: line.index("面积")]) == carets.index("^")


TEN = [*random.Random(7).sample(sorted(set(SLIPS) - {'note "口径', "let x = 5"}), 40)]  # noqa: S311 -- no secret


@pytest.mark.parametrize("start", range(0, 40, 10))
def test_ten_mistakes_are_ten_diagnostics(start: int) -> None:
    """A file with ten slips names each of them, on its line."""
    chosen = TEN[start : start + 10]
    clauses = "".join(f'  clause c{number} "条款" {{ must n >= 1\n{slip}\n  }}\n' for number, slip in enumerate(chosen))
    text = f'{HEAD}section "总项" "分项" {{\n{clauses}  clause second "条款" {{ must n >= 1 }}\n}}\n'
    found = [(each.span.line, each.code) for each in check(text)[1]]

    assert [(19 + 3 * number, SLIPS[slip][0]) for number, slip in enumerate(chosen)] == found


def test_another_encoding_is_named() -> None:
    """A file in GB18030 is told with the line, in legible characters, and with what to do."""
    with pytest.raises(StandardError) as error:
        catalog.decode_text((HEAD + BODY).encode("gb18030"), "old.std")
    (found,) = error.value.diagnostics

    assert ("bad-encoding", 1, "试") == (found.code, found.span.line, found.span.text)
    assert "the file looks like GB18030; save it as UTF-8" == found.cure()


TOKENS = re.compile(r'"[^"\n]*"|[\w㎡]+|[<>!]=|[^\s\w]')
SOURCES = [path.read_text(encoding="utf-8") for path in sorted(Path("standards").glob("*.std"))] or [HEAD + BODY]
PIECES = sorted({match[0] for text in SOURCES for match in TOKENS.finditer(HEAD + BODY)})


class TestFuzz:
    """Any edit of a good file ends in diagnostics, never in another exception."""

    @settings(max_examples=30, deadline=None)
    @given(st.data())
    def test_the_first_diagnostic_is_near_the_edit(self, data: st.DataObject) -> None:
        """Of one token that is left out, put in or swapped, the first diagnostic is near, or names what was opened."""
        text = HEAD + BODY.replace("@", 'when site = own\n    must n in { 1, 2 } "二"\n    example pass { n: 1 }')
        tokens = list(TOKENS.finditer(text))
        number = data.draw(st.integers(0, len(tokens) - 2))
        one, two = tokens[number], tokens[number + 1]
        between = text[one.end() : two.start()]
        swapped = two[0] + between + one[0]
        new = data.draw(st.sampled_from(["", *(f"{one[0]} {piece} " for piece in PIECES), None]))
        middle = swapped if new is None else new + between + two[0]
        changed = text[: one.start()] + middle + text[two.end() :]
        line = text.count("\n", 0, one.start()) + 1
        found = check(changed)[1]
        for each in found:
            each.in_words("en")
            each.in_words("zh")

        if found and found[0].severity == "error":
            is_opener = found[0].code in {"unclosed-bracket", "early-brace", "misspelt-declaration", "duplicate-name"}
            is_name = found[0].code.startswith(("unknown", "missing-header"))

            assert is_opener or is_name or -1 <= found[0].span.line - line <= 2
