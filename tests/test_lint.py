"""Tests that lint reports what is doubtful, and nothing else; that warnings can be allowed; text, JSON and SARIF."""

import json
import random
import re
from collections import Counter
from pathlib import Path

import pytest
from click.testing import CliRunner
from generated_standards import RICH, random_clause  # type: ignore[import-not-found]  # it stands beside the tests
from hypothesis import given, settings
from hypothesis import strategies as st

from cedu_rules import catalog
from cedu_rules.analysis.places import places
from cedu_rules.authoring.lint import lint
from cedu_rules.authoring.lint.output import as_json, as_sarif
from cedu_rules.cli.root import cli
from cedu_rules.messages.codes import CODES
from cedu_rules.semantics import Evaluation
from cedu_rules.testing import partial_records, standards
from tests.steps import growth

CASES = sorted((Path(__file__).parent / "cases" / "lint").glob("*.std"))
SHIPPED = sorted((Path(__file__).parent.parent / "standards").glob("*.std"))
LOADING = {"always-met", "never-met", "holds-by-absence", "zero-by-absence", "duplicate-label"}
"""Warnings that loading gives too; their cases are among those of diagnostics."""

_MARK = re.compile(r"## (error|warning)\[([\w-]+)\] ?(.*?)(?= *## |$)", re.MULTILINE)

HEAD = 'standard trial "试"\nsource "试" annex 1\n'
CLEAN = """facts { full : count "专职" }
section "总项" "分项" {
  clause first "条款" {
    must full >= 2
    example pass { full: 2 }
    example fail { full: 1 }
  }
}
"""


def codes(text: str) -> list[str]:
    """Return the codes that lint finds."""
    return [each.code for each in lint(text)]


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_case_finds_what_it_marks_and_nothing_else(path: Path) -> None:
    """The findings of a case are those of its marks: line, code, severity and the text underlined."""
    text = path.read_text(encoding="utf-8")
    found = [(each.span.line, each.severity, each.code, each.span.text) for each in lint(text, path.name)]
    marked = [(text[: mark.start()].count("\n") + 1, mark[1], mark[2], mark[3]) for mark in _MARK.finditer(text)]

    assert marked == found


def test_every_warning_has_a_case() -> None:
    """Each warning that lint alone gives has a case of its name."""
    warnings = {code for code, kind in CODES.items() if kind.severity == "warning"} - LOADING

    assert warnings == {path.stem for path in CASES}


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_the_shipped_standards_are_clean(path: Path) -> None:
    """Nothing is doubtful in the standards that the library ships."""
    assert [] == [each.headline() for each in lint(path.read_text(encoding="utf-8"), path.name)]


class TestAllowances:
    """Comments `# lint: allow CODE`."""

    def test_behind_a_statement(self) -> None:
        """Behind something, a comment allows on its line."""
        text = HEAD + CLEAN.replace("} \n", "}\n").replace(
            'full : count "专职" }',
            'full : count "专职"\n  part : count "兼职"  # lint: allow unused-fact because it is asked for\n}',
        )

        assert [] == codes(text)

    def test_before_a_block(self) -> None:
        """On a line of its own, a comment allows in the whole block that begins next, and nowhere else."""
        bare = CLEAN.replace("    example pass { full: 2 }\n    example fail { full: 1 }\n", "")
        allowed = bare.replace("  clause first", "  # lint: allow clause-without-example\n  clause first")
        second = bare.replace("first", "second").replace('facts { full : count "专职" }\n', "").replace(">= 2", ">= 3")

        assert [] == codes(HEAD + allowed)
        assert ["clause-without-example"] == codes(HEAD + allowed + second)

    def test_at_the_top(self) -> None:
        """Before everything else, a comment allows in the whole file."""
        bare = CLEAN.replace("    example pass { full: 2 }\n    example fail { full: 1 }\n", "")

        assert [] == codes(
            "# lint: allow clause-without-example，unused-fact\n"
            + HEAD
            + bare.replace("}\n", '}\nfacts { x : count "甲" }\n', 1)
        )

    def test_errors_cannot_be_allowed(self) -> None:
        """An error stays, and the comment is told to be without effect."""
        text = HEAD + CLEAN.replace("must full >= 2", "must full >= 2 m2  # lint: allow unit-mismatch")

        assert ["unit-mismatch", "unknown-allowance"] == codes(text)

    @pytest.mark.parametrize("comment", ["# lint: ignore", "# lint: allow", "# lint: disable unused-fact"])
    def test_another_word_is_told(self, comment: str) -> None:
        """A comment for lint that it does not understand is never passed over in silence."""
        assert ["unknown-allowance"] == codes(f"{comment}\n" + HEAD + CLEAN)

    def test_loading_heeds_them_too(self) -> None:
        """A warning that loading gives is not told where the file allows it."""
        text = HEAD + CLEAN.replace("must full >= 2", "must full >= 2\n    must full >= 0  # lint: allow always-met")

        assert () == catalog.loads(text).diagnostics
        assert [] == codes(text)

    def test_a_text_is_no_comment(self) -> None:
        """What a text says allows nothing."""
        text = HEAD + CLEAN.replace("must full >= 2", 'must full >= 2 "# lint: allow unused-fact"')

        assert [] == codes(text)


class TestSoundness:
    """No false alarms."""

    @settings(max_examples=15)
    @given(st.data())
    def test_a_constant_condition_is_constant(self, data: st.DataObject) -> None:
        """What is reported to hold always, or never, does so on every record that decides it."""
        standard = catalog.loads(data.draw(standards()))
        model = standard.model
        found = [each for each in lint(model.source.text) if each.code in {"always-met", "never-met"}]
        evaluation = Evaluation(model, data.draw(partial_records(standard)))
        for clause in model.clauses:
            for requirement in clause.requirements:
                told = {each.code for each in found if each.span == requirement.condition.span}
                value = evaluation.value(requirement.condition)

                assert value is not False or "always-met" not in told
                assert value is not True or "never-met" not in told

    @settings(max_examples=15)
    @given(st.data())
    def test_a_constant_part_is_constant(self, data: st.DataObject) -> None:
        """The same for parts of conditions that stand outside of lists, and for guards."""
        standard = catalog.loads(data.draw(standards()))
        model = standard.model
        told = {(each.span, each.code) for each in lint(model.source.text)}
        evaluation = Evaluation(model, data.draw(partial_records(standard)))
        found = [place for place in places(model) if not place.variables and place.expression.type.kind == "bool"]
        times = Counter(place.expression.span for place in places(model))
        for place in found:
            span = place.expression.span
            if times[span] > 1:  # the author wrote one of them
                continue
            value = evaluation.value(place.expression)

            assert value is not False or (span, "always-true") not in told
            assert value is not True or (span, "always-false") not in told
            assert value is not True or (span, "guard-never-holds") not in told

    @settings(max_examples=15)
    @given(st.randoms(use_true_random=False))
    def test_it_tells_something_of_every_standard(self, source: random.Random) -> None:
        """Conditions of every kind, with examples that give some of the facts, or none, are looked at without a crash."""
        examples = "example unknown {} example pass { flag: yes, area: 3 m2 } example fail { learners: { 2021: 3 } }"
        clauses = [f'clause made_{index} "{index}" {{ {random_clause(source)} {examples} }}' for index in range(3)]
        text = f'{RICH}\nsection "丙" "丁" {{ {" ".join(clauses)} }}'

        assert all(each.code in CODES for each in lint(text))

    @settings(max_examples=15)
    @given(st.data())
    def test_it_tells_something_of_every_text(self, data: st.DataObject) -> None:
        """A text in which something was lost, put in or written twice is no different."""
        text = data.draw(standards())
        for _ in range(data.draw(st.integers(1, 3))):
            start = data.draw(st.integers(0, len(text)))
            piece = data.draw(
                st.sampled_from(["", '"', "{", "}", "=", "( ", "ust ", " must ", "、", "clause", " 1 ", text])
            )
            text = text[:start] + piece + text[start + data.draw(st.integers(0, 30)) :]

        assert all(each.code in CODES for each in lint(text))

    def test_quotients_of_facts_that_no_example_gives(self) -> None:
        """A standard that divides facts is looked at like any other, though its examples give none of them."""
        text = (
            f'{HEAD}facts {{ a : yearly people "甲" b : yearly people "乙" }}\nlet share = a / b\n'
            'section "总项" "分项" { clause one "一" { must latest(share) >= 1/2 example unknown {} } }\n'
        )

        assert ["threshold-without-example"] * 2 == codes(text)

    def test_between_is_one_condition(self) -> None:
        """A bound of `between` that is the end of the range is no condition that somebody wrote."""
        text = HEAD + CLEAN.replace("must full >= 2", "must full between 0 and 2").replace("full: 1", "full: 3")

        assert ["threshold-without-example"] != codes(text)
        assert "always-true" not in codes(text)

    def test_an_unequal_is_told_as_it_is_written(self) -> None:
        """`!=` is one condition, true where its `=` is false."""
        text = HEAD + CLEAN.replace("must full >= 2", "must full >= 2 or full != -1")

        assert "always-true" in codes(text)
        assert "always-false" not in codes(text)

    def test_an_unless_is_told_as_it_is_written(self) -> None:
        """A condition behind `unless` that never holds is always false."""
        text = HEAD + CLEAN.replace("must full >= 2", "unless full < 0\n    must full >= 2")

        assert ["always-false"] == codes(text)

    def test_a_list_that_is_counted_elsewhere_is_not_vacuous(self) -> None:
        """An `all` is not told where some requirement, by a let even, asks for a number of elements."""
        text = (Path(__file__).parent / "cases" / "lint" / "vacuous-all.std").read_text(encoding="utf-8")
        counted = text.replace("section", "let staff = count(t for t in teachers where t.trained)\nsection").replace(
            "    must all", "    must staff >= 1\n    must all"
        )

        assert "vacuous-all" not in codes(counted)


def test_many_clauses_take_time_in_proportion() -> None:
    """Twice as many clauses take about twice as many steps."""

    def linted(number: int) -> None:
        clauses = "".join(
            f'clause c{index} "条款" {{ must f{index} >= 2 example pass {{ f{index}: 2 }} example fail {{ f{index}: 1 }} }}\n'
            for index in range(number)
        )
        facts = "".join(f'f{index} : count "数{index}"\n' for index in range(number))
        text = f'{HEAD}facts {{\n{facts}}}\nsection "总项" "分项" {{\n{clauses}}}\n'

        assert () == lint(text)

    assert growth(linted, 50) < 2.5


class TestCommand:
    """`cedu-rules lint`."""

    @pytest.fixture
    def doubtful(self, tmp_path: Path) -> Path:
        """A file with one warning."""
        path = tmp_path / "试 行.std"
        path.write_text(HEAD + CLEAN.replace(" }\nsection", ' part : count "兼职" }\nsection'), encoding="utf-8")
        return path

    def test_a_clean_file_is_zero(self, tmp_path: Path) -> None:
        """Nothing to say is said, with status 0."""
        (tmp_path / "clean.std").write_text(HEAD + CLEAN, encoding="utf-8")
        result = CliRunner().invoke(cli, ["lint", str(tmp_path)])

        assert (0, "1 file without findings\n") == (result.exit_code, result.output)

    def test_a_finding_is_one(self, doubtful: Path) -> None:
        """A finding is told with place, line and caret, cure and number, with status 1."""
        result = CliRunner().invoke(cli, ["lint", str(doubtful)])
        lines = result.output.splitlines()

        assert result.exit_code == 1
        assert lines[0].endswith(":3:27: unused-fact: nothing reads the fact `part`")
        assert lines[-2:] == ["    hint: use it in a requirement, or delete it", "0 errors, 1 warning in 1 file"]

    def test_chinese(self, doubtful: Path) -> None:
        """`--lang zh` speaks Chinese throughout."""
        result = CliRunner().invoke(cli, ["lint", "--lang", "zh", str(doubtful)])

        assert "事实 `part` 没有被使用" in result.output
        assert result.output.endswith("1 个文件中有 0 个错误、1 个提醒\n")

    def test_a_file_that_does_not_load(self, tmp_path: Path) -> None:
        """Errors are findings: status 1."""
        path = tmp_path / "broken.std"
        path.write_text(HEAD + "facts {", encoding="utf-8")
        result = CliRunner().invoke(cli, ["lint", str(path)])

        assert result.exit_code == 1
        assert "unclosed-bracket" in result.output

    def test_another_encoding_is_named(self, tmp_path: Path) -> None:
        """Text in GB18030 is told with its line, legible, and what to do."""
        path = tmp_path / "old.std"
        path.write_bytes(('standard trial\n"试"\n' + CLEAN).encode("gb18030"))
        result = CliRunner().invoke(cli, ["lint", str(path)])

        assert result.exit_code == 1
        assert ":2:2: bad-encoding:" in result.output
        assert '    "试"\n     ^^\n    hint: the file looks like GB18030; save it as UTF-8' in result.output

    def test_no_such_file_is_two(self, tmp_path: Path) -> None:
        """What is not there cannot be looked at."""
        assert CliRunner().invoke(cli, ["lint", str(tmp_path / "none.std")]).exit_code == 2

    def test_standard_input(self) -> None:
        """`-` reads standard input."""
        result = CliRunner().invoke(cli, ["lint", "-"], input=(HEAD + "facts {").encode())

        assert result.exit_code == 1
        assert result.output.startswith("<stdin>:3:7: unclosed-bracket")

    def test_json(self, doubtful: Path) -> None:
        """JSON tells code, words and place of each finding by file."""
        result = CliRunner().invoke(cli, ["lint", "--format", "json", str(doubtful)])
        (file,) = json.loads(result.output)["files"]
        expected = {
            "code": "unused-fact",
            "severity": "warning",
            "message": "nothing reads the fact `part`",
            "hint": "use it in a requirement, or delete it",
            "page": "docs/errors/unused-fact.md",
            "line": 3,
            "column": 27,
            "end_line": 3,
            "end_column": 44,
        }

        assert (str(doubtful), [expected]) == (file["path"], file["diagnostics"])

    def test_sarif(self, doubtful: Path) -> None:
        """SARIF names a rule for each code that is found, with its page, and places that count characters from 1."""
        result = CliRunner().invoke(cli, ["lint", "--format", "sarif", str(doubtful)])
        log = json.loads(result.output)
        (run,) = log["runs"]
        (finding,) = run["results"]
        place = finding["locations"][0]["physicalLocation"]

        assert ("2.1.0", "unicodeCodePoints") == (log["version"], run["columnKind"])
        assert "unused-fact" == finding["ruleId"] == run["tool"]["driver"]["rules"][finding["ruleIndex"]]["id"]
        assert {"startLine": 3, "startColumn": 27, "endLine": 3, "endColumn": 44} == place["region"]
        assert place["artifactLocation"]["uri"].endswith("%E8%AF%95%20%E8%A1%8C.std")


def test_sarif_keeps_the_rules_of_its_schema() -> None:
    """Every result of every case has a rule, a level that SARIF knows, a message, and a place that is not empty."""
    found = {path.name: lint(path.read_text(encoding="utf-8"), path.name) for path in CASES}
    (run,) = as_sarif(found, "zh")["runs"]
    rules = run["tool"]["driver"]["rules"]

    assert len(rules) == len({rule["id"] for rule in rules})
    assert sum(map(len, found.values())) == len(run["results"])
    for result in run["results"]:
        region = result["locations"][0]["physicalLocation"]["region"]

        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] in {"error", "warning"}
        assert result["message"]["text"]
        assert (region["startLine"], region["startColumn"]) < (region["endLine"], region["endColumn"])


def test_json_and_sarif_agree() -> None:
    """Both forms tell the same findings at the same places."""
    found = {path.name: lint(path.read_text(encoding="utf-8"), path.name) for path in CASES}
    plain = [
        (file["path"], each["code"], each["line"], each["column"])
        for file in as_json(found, "en")["files"]
        for each in file["diagnostics"]
    ]
    places = [(each, each["locations"][0]["physicalLocation"]) for each in as_sarif(found, "en")["runs"][0]["results"]]
    logged = [
        (place["artifactLocation"]["uri"], each["ruleId"], place["region"]["startLine"], place["region"]["startColumn"])
        for each, place in places
    ]

    assert plain == logged
