"""The JSON form of a report: the keys that are promised, everywhere, with values that JSON can hold."""

import json
from datetime import date
from typing import Any

import pytest

import cedu_rules as cr

DAY = date(2026, 11, 1)

DOCUMENT = {"format", "library", "language", "input_digest", "errors", "standard", "assessed_on", "institutions"}
STANDARD = {"id", "title", "effective_from", "digest"}
INSTITUTION = {"id", "name", "verdict", "errors", "clauses"}
ERROR = {"path", "value", "expected", "message", "place"}
CLAUSE = {
    *("id", "section", "line", "title", "advisory", "status", "vacuous", "waiver", "requirements", "missing"),
    "explanation",
}
REQUIREMENT = {"modality", "kind", "status", "text", "label", "waiver", "reasons"}
REASON = {
    *("limb", "fact", "facts", "left", "actual", "required", "shortfall", "actual_value", "required_value"),
    "shortfall_value",
}


@pytest.fixture(scope="module")
def document(school: cr.Standard) -> dict[str, Any]:
    """Return the JSON form of a school that fails, as a reader gets it."""
    record = {"id": "S1", "name": "示例学校", "site": "independent", "area": 420, "council_meetings": 3}
    written: dict[str, Any] = json.loads(json.dumps(school.evaluate(record, assessed_on=DAY).to_dict("zh")))
    return written


def clause_of(document: dict[str, Any], id_: str) -> dict[str, Any]:
    """Return one clause of the only institution."""
    (found,) = [clause for clause in document["institutions"][0]["clauses"] if clause["id"] == id_]
    assert isinstance(found, dict)
    return found


def test_the_head_says_what_was_asked(document: dict[str, Any], school: cr.Standard) -> None:
    """Format, library, language, standard and day stand before the institutions."""
    assert document.keys() >= DOCUMENT
    assert document["standard"].keys() >= STANDARD
    assert (1, cr.__version__, "1", "2026-11-01") == (
        document["format"],
        document["library"],
        document["language"],
        document["assessed_on"],
    )
    assert ("school", school.title, "2022-09-01", school.digest) == tuple(
        document["standard"][key] for key in ("id", "title", "effective_from", "digest")
    )


def test_the_digest_says_how_it_was_made(school: cr.Standard) -> None:
    """A digest names its algorithm and has its length."""
    algorithm, _, digits = school.digest.partition(":")

    assert ("sha256", 64) == (algorithm, len(digits))
    assert int(digits, 16) > 0


def test_every_level_has_its_keys(document: dict[str, Any]) -> None:
    """Institutions, clauses, requirements and reasons have every promised key, all of them."""
    (institution,) = document["institutions"]
    requirements = [item for clause in institution["clauses"] for item in clause["requirements"]]
    reasons = [reason for item in requirements for reason in item["reasons"]]

    assert institution.keys() >= INSTITUTION
    assert len(institution["clauses"]) == 38
    assert all(clause.keys() >= CLAUSE for clause in institution["clauses"])
    assert all(item.keys() >= REQUIREMENT for item in requirements)
    assert reasons
    assert all(reason.keys() >= REASON for reason in reasons)


def test_a_failed_limb_has_its_amounts(document: dict[str, Any]) -> None:
    """A limb that fails tells actual, required and shortfall, as text and as exact values with units."""
    clause = clause_of(document, "floor_area")
    (requirement,) = clause["requirements"]
    reason = requirement["reasons"][0]

    assert (["规模设施", "建设规模"], 3, False, "fail", False, None) == tuple(
        clause[key] for key in ("section", "line", "advisory", "status", "vacuous", "waiver")
    )
    assert ("must", "measured", "fail") == tuple(requirement[key] for key in ("modality", "kind", "status"))
    assert ("area", "area", "420 m2", ">= 500 m2", "80 m2") == tuple(
        reason[key] for key in ("fact", "left", "actual", "required", "shortfall")
    )
    assert [{"value": value, "unit": "m2"} for value in ("420", "500", "80")] == [
        reason[key] for key in ("actual_value", "required_value", "shortfall_value")
    ]


def test_every_limb_of_an_alternative_stands_beside_the_other(document: dict[str, Any]) -> None:
    """Both limbs of an `or` are told, numbered from 0."""
    (requirement,) = clause_of(document, "floor_area")["requirements"]

    assert [0, 1] == [reason["limb"] for reason in requirement["reasons"]]
    assert ["area", "shared_area"] == [reason["fact"] for reason in requirement["reasons"]]


def test_an_error_has_its_keys(trial: cr.Standard) -> None:
    """An institution that is invalid has its errors in place of clauses."""
    document = trial.evaluate({"id": "S1", "area": -1, "teachers": [{"full_time": "?"}]}).to_dict("en")
    (institution,) = json.loads(json.dumps(document))["institutions"]

    assert ("invalid", []) == (institution["verdict"], institution["clauses"])
    assert [error["path"] for error in institution["errors"]] == ["area", "teachers[1].full_time"]
    assert all(error.keys() >= ERROR for error in institution["errors"])
    assert institution["errors"][0]["value"] == "-1"
    assert institution["errors"][0]["message"].startswith("area: `-1`; expected ")


def test_statuses_are_the_words_that_are_promised(trial: cr.Standard) -> None:
    """Statuses and verdicts are plain words."""
    assert {"pass", "fail", "unknown", "not_applicable", "not_met", "waived"} == {status.value for status in cr.Status}
    assert {"conforms", "fails", "undetermined", "invalid"} == {verdict.value for verdict in cr.Verdict}
    assert "not_met" in json.dumps(trial.evaluate({"open_day": False}).to_dict())


def test_the_language_changes_words_alone(trial: cr.Standard) -> None:
    """In either language the same keys and verdicts come out, with the explanation in that language."""
    chinese, english = (trial.evaluate({"computers": 1}, assessed_on=DAY).to_dict(word) for word in ("zh", "en"))
    told = [clause_of(each, "equipment").pop("explanation") for each in (chinese, english)]

    assert told[0] != told[1]
    assert clause_of(chinese, "equipment") == clause_of(english, "equipment")
