"""Tests of the JSON report: it is what the published schema says, and a new evaluation tells whether it still holds."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

import cedu_rules
from cedu_rules.diagnostics import InputError
from cedu_rules.reports.checking import run_check
from cedu_rules.reports.document import document_of
from cedu_rules.reports.run import Run
from cedu_rules.reports.verifying import Verification, read_statement, verify
from cedu_rules.results import Status

EXAMPLES = Path(__file__).parents[1] / "docs" / "examples"
SCHOOLS = (EXAMPLES / "schools.csv", EXAMPLES / "teachers.csv")
DAY = date(2022, 12, 15)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The first six schools of the example city, which are enough to tell."""
    folder = tmp_path_factory.mktemp("few")
    chosen = tuple(f"S{number:02}," for number in range(1, 7))
    for path in SCHOOLS:
        heading, *rows = path.read_text(encoding="utf-8").splitlines()
        text = "\n".join([heading, *(row for row in rows if row.startswith(chosen))])
        (folder / path.name).write_text(text, encoding="utf-8")
    return folder / SCHOOLS[0].name, folder / SCHOOLS[1].name


@pytest.fixture(scope="module")
def run(files: tuple[Path, Path]) -> Run:
    """The run on them."""
    return run_check(cedu_rules.load("school"), files, assessed_on=DAY)


@pytest.fixture(scope="module")
def document(run: Run) -> dict[str, Any]:
    """Their report as JSON, with everything that can stand in one."""
    return json.loads(json.dumps(document_of(run, "zh", with_advice=True)))  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    """The published schema."""
    path = resources.files("cedu_rules.reports") / "report.schema.json"
    return json.loads(path.read_text(encoding="utf-8"))  # type: ignore[no-any-return]


class TestSchema:
    """The published JSON Schema."""

    def test_it_is_a_schema(self, schema: dict[str, Any]) -> None:
        """The schema itself is valid."""
        Draft202012Validator.check_schema(schema)

    @pytest.mark.parametrize("language", ["zh", "en"])
    def test_reports_are_valid(self, run: Run, schema: dict[str, Any], language: str) -> None:
        """What is written is what the schema says."""
        for with_advice in (False, True):
            written = json.loads(json.dumps(document_of(run, language, with_advice=with_advice)))

            assert [] == [error.json_path for error in Draft202012Validator(schema).iter_errors(written)]

    def test_every_key_is_published(self, document: dict[str, Any], schema: dict[str, Any]) -> None:
        """Nothing is written that the schema does not describe."""
        strict = json.loads(json.dumps(schema))
        for part in _parts(strict):
            is_whole = part.get("type") == "object" or "allOf" in part
            if "properties" in part and is_whole and part is not strict["$defs"]["summary"]:
                part["unevaluatedProperties"] = False
        errors = [error.message for error in Draft202012Validator(strict).iter_errors(document)]

        assert [] == errors

    def test_reports_with_errors_and_without_files_are_valid(self, schema: dict[str, Any]) -> None:
        """Invalid input, an unknown day and data from Python are covered, too."""
        written = cedu_rules.load("school").evaluate({"area": "about 60"}).to_dict()

        assert [] == [error.json_path for error in Draft202012Validator(schema).iter_errors(written)]

    @pytest.mark.parametrize(
        "spoil",
        [
            lambda document: document.pop("standard"),
            lambda document: document["standard"].update(digest="sha256:0"),
            lambda document: document["institutions"][0].update(verdict="good"),
            lambda document: document["institutions"][0]["clauses"][0].update(status="met"),
            lambda document: document["institutions"][0].update(errors=[{}]),
            lambda document: document["institutions"][0]["questions"][0].pop("answered_by"),
            lambda document: document["institutions"][0]["repairs"][0].pop("changes"),
            lambda document: document["institutions"][0]["plan"].update(verdict="good"),
            lambda document: document["summary"]["verdicts"].pop("fails"),
            lambda document: document["summary"]["sections"][0].update(met=-1),
        ],
    )
    def test_other_documents_are_not(
        self, document: dict[str, Any], schema: dict[str, Any], spoil: Callable[[dict[str, Any]], object]
    ) -> None:
        """The schema refuses what is no report."""
        spoiled = json.loads(json.dumps(document))
        spoil(spoiled)

        assert not Draft202012Validator(schema).is_valid(spoiled)

    def test_keys_may_be_added(self, document: dict[str, Any], schema: dict[str, Any]) -> None:
        """Readers of this format ignore keys that they do not know."""
        assert Draft202012Validator(schema).is_valid({**document, "later": 1})


class TestAdvice:
    """The summary, and the questions and repairs of each institution."""

    def test_it_stands_beside_the_answers_and_changes_none(self, document: dict[str, Any], run: Run) -> None:
        """Without the added keys the report is that of the run."""
        bare = {name: value for name, value in document.items() if name != "summary"}
        bare["options"] = {name: value for name, value in bare["options"].items() if name != "advice"}
        added = ("questions", "shortest_way", "repairs", "plan")
        bare["institutions"] = [
            {name: value for name, value in each.items() if name not in added} for each in bare["institutions"]
        ]

        assert json.loads(json.dumps(run.to_dict("zh"))) == bare

    def test_it_is_that_of_each_report(self, document: dict[str, Any], run: Run) -> None:
        """Questions and repairs are those that the report gives, in the same order; the plan is the last repair."""
        for report, written in zip(run.reports, document["institutions"], strict=True):
            repairs = [*written["repairs"], *([written["plan"]] if written["plan"] else [])]

            assert [each.in_words("zh") for each in report.questions()] == [
                each["text"] for each in written["questions"]
            ]
            assert [each.in_words("zh") for each in report.repairs()] == [each["text"] for each in repairs]

    def test_the_summary_counts_the_institutions_of_the_report(self, document: dict[str, Any]) -> None:
        """Verdicts and the answers of each clause add up from the institutions."""
        summary, institutions = document["summary"], document["institutions"]
        verdicts = Counter(each["verdict"] for each in institutions)
        failing = Counter(
            clause["id"] for each in institutions for clause in each["clauses"] if clause["status"] == "fail"
        )

        assert len(institutions) == summary["institutions"]
        assert verdicts == Counter({name: count for name, count in summary["verdicts"].items() if count})
        assert failing == Counter(
            {each["id"]: each["statuses"]["fail"] for each in summary["clauses"] if each["statuses"]["fail"]}
        )
        assert sum(each["met"] for each in summary["sections"]) == summary["met"]

    def test_groups_have_summaries_of_their_own(self) -> None:
        """With a group column each group stands in the summary, and they add up."""
        centres = (EXAMPLES / "centres" / "centres.csv", EXAMPLES / "centres" / "teachers.csv")
        run = run_check(cedu_rules.load("centre"), centres, assessed_on=DAY, group="town")
        summary = document_of(run, "zh", with_advice=False)["summary"]
        groups = summary["groups"]

        assert ["示例一镇", "示例二镇"] == [group["group"] for group in groups[:2]]
        assert summary["institutions"] == sum(group["institutions"] for group in groups)
        assert summary["verdicts"]["invalid"] == sum(group["verdicts"]["invalid"] for group in groups) == 1


def _parts(schema: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401 -- JSON
    """Yield every object in a schema."""
    if isinstance(schema, dict):
        yield schema
    for inner in schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ():
        yield from _parts(inner)


class TestVerify:
    """Whether a report still holds."""

    @staticmethod
    def verified(document: dict[str, Any], run: Run, folder: Path) -> Verification:
        """Return the answer about a document."""
        path = folder / "report.json"
        path.write_text(json.dumps(document), encoding="utf-8")
        return verify(read_statement(path), run)

    def test_a_report_holds_on_its_data(self, document: dict[str, Any], run: Run, tmp_path: Path) -> None:
        """Nothing differs, whatever the language of the report."""
        english = json.loads(json.dumps(document_of(run, "en", with_advice=False)))
        bare = json.loads(json.dumps(run.to_dict("en")))

        assert self.verified(document, run, tmp_path).holds
        assert self.verified(english, run, tmp_path).holds
        assert self.verified(bare, run, tmp_path).holds

    @pytest.mark.parametrize(
        ("forge", "about"),
        [
            (lambda document: document["summary"]["verdicts"].update(fails=0), "summary"),
            (lambda document: document["summary"]["lacking"].pop(), "summary"),
            (lambda document: document["institutions"][0]["questions"].pop(), "questions"),
            (lambda document: document["institutions"][0]["repairs"][0].update(text="nothing"), "repairs"),
            (lambda document: document["institutions"][0].update(plan=None), "plan for all together"),
            (
                lambda document: document["institutions"][0].update(underlying_verdict="conforms"),
                "verdict without waivers",
            ),
            (
                lambda document: document["institutions"][0]["clauses"][0].update(explanation="all is well"),
                "`education_committee`",
            ),
            (lambda document: document["standard"].update(title="another"), "standard"),
            (lambda document: document["standard"].update(effective_from=None), "standard"),
            (lambda document: document.update(language="9"), "standard"),
            (lambda document: document["errors"].append({}), "errors of no institution"),
        ],
    )
    def test_nothing_that_is_said_can_be_forged(
        self, document: dict[str, Any], run: Run, tmp_path: Path, forge: Callable[[dict[str, Any]], object], about: str
    ) -> None:
        """Summary, questions, repairs, explanations and the head are compared, too."""
        forged = json.loads(json.dumps(document))
        forge(forged)

        assert [about] == [item.about.en for item in self.verified(forged, run, tmp_path).differences]

    def test_a_changed_status_is_told(self, document: dict[str, Any], run: Run, tmp_path: Path) -> None:
        """The institution, the clause, what the report says and what is so."""
        forged = json.loads(json.dumps(document))
        clause = next(item for item in forged["institutions"][0]["clauses"] if item["status"] == Status.FAIL)
        clause["status"] = "pass"
        verification = self.verified(forged, run, tmp_path)
        (difference,) = verification.differences

        assert not verification.holds
        assert f"S01 示例一镇社区教育学校: `{clause['id']}`: pass in the report, fail now" == difference.in_words("en")

    def test_a_changed_value_is_told(self, document: dict[str, Any], run: Run, tmp_path: Path) -> None:
        """Where the library is the same, exact values are compared."""
        forged = json.loads(json.dumps(document).replace('"498.5 m2"', '"499.5 m2"', 1))

        assert ["`floor_area`"] == [item.about.en for item in self.verified(forged, run, tmp_path).differences]

    def test_another_library_may_explain_otherwise(self, document: dict[str, Any], run: Run, tmp_path: Path) -> None:
        """Reasons of another version are not compared; statuses are."""
        older = json.loads(json.dumps(document).replace('"498.5 m2"', '"499.5 m2"', 1))

        assert self.verified({**older, "library": "0.0.1"}, run, tmp_path).holds

    def test_other_data_is_told(self, document: dict[str, Any], files: tuple[Path, Path], tmp_path: Path) -> None:
        """Another digest of the input is a difference, and so is each institution more or less."""
        lines = files[0].read_text(encoding="utf-8").splitlines()
        (tmp_path / "schools.csv").write_text("\n".join(lines[:-1]), encoding="utf-8")
        other = run_check(cedu_rules.load("school"), (tmp_path / "schools.csv", files[1]), assessed_on=DAY)
        found = [item.about.en for item in self.verified(document, _without_issues(other), tmp_path).differences]

        assert ["digest of the input", "summary", "institution"] == found

    def test_another_standard_is_told(self, document: dict[str, Any], run: Run, tmp_path: Path) -> None:
        """Another digest of the standard is a difference."""
        changed = {**document, "standard": {**document["standard"], "digest": "sha256:" + "0" * 64}}

        assert ["digest of the standard"] == [
            item.about.en for item in self.verified(changed, run, tmp_path).differences
        ]

    def test_a_part_of_a_report_does_not_hold(self, document: dict[str, Any], run: Run, tmp_path: Path) -> None:
        """A clause or institution that the report leaves out is a difference: it may be the one that fails."""
        cut = json.loads(json.dumps(document))
        del cut["institutions"][0]["clauses"][0]
        del cut["institutions"][1]

        assert 2 == len(self.verified(cut, run, tmp_path).differences)

    @pytest.mark.parametrize(
        "content",
        [
            b"",
            b"{",
            b"[]",
            b"null",
            b"\xff\xfe",
            b'{"format": 2}',
            b"[" * 100_000,
            b'{"format": 1, "standard": {"id": "../../etc/passwd"}, "institutions": []}',
            b'{"format": 1, "standard": {"id": "school"}, "institutions": 7, "assessed_on": null}',
        ],
    )
    def test_what_is_no_report_cannot_be_verified(self, content: bytes, tmp_path: Path) -> None:
        """Anything else is an input error, never another exception."""
        path = tmp_path / "report.json"
        path.write_bytes(content)

        with pytest.raises(InputError):
            read_statement(path)

    def test_two_answers_to_one_clause_cannot_be_verified(
        self, document: dict[str, Any], run: Run, tmp_path: Path
    ) -> None:
        """A clause that stands twice is no report: a reader may believe the answer that was added."""
        forged = json.loads(json.dumps(document))
        clauses = forged["institutions"][0]["clauses"]
        clauses.insert(0, {**clauses[0], "status": "pass"})

        with pytest.raises(InputError, match="expected a JSON report of format 1"):
            self.verified(forged, run, tmp_path)

    def test_a_missing_file_cannot_be_verified(self, tmp_path: Path) -> None:
        """The error names the file."""
        with pytest.raises(InputError, match=r"none\.json"):
            read_statement(tmp_path / "none.json")

    def test_unreadable_data_leaves_it_open(self, document: dict[str, Any], tmp_path: Path) -> None:
        """Where files cannot be read now, nothing can be told."""
        other = run_check(cedu_rules.load("school"), (tmp_path / "none.csv",), assessed_on=DAY)

        with pytest.raises(InputError):
            self.verified(document, other, tmp_path)


def _without_issues(run: Run) -> Run:
    """Return the run without what its data left over: the teachers of the school that is gone."""
    return Run(run.model, run.digest, run.assessed_on, run.reports, input_digest=run.input_digest)
