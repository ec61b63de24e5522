"""The public names as a typed program uses them: only checked by mypy, never run."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import assert_type

import attrs

import cedu_rules as cr


@attrs.frozen
class Teacher:
    """An element of a caller's own list."""

    name: str
    full_time: bool | None = None


@attrs.frozen
class School:
    """A caller's own class."""

    id: str
    area: Decimal | None = None
    teachers: tuple[Teacher, ...] = ()


def loading() -> cr.Standard:
    """A name, a path, a text; an edition."""
    assert_type(cr.load(Path("my.std")), cr.Standard)
    assert_type(cr.loads("standard", "my.std"), cr.Standard)
    return cr.load("school", on=date(2022, 12, 15))


def answers(standard: cr.Standard) -> None:
    """Statuses and truths."""
    record = standard.record(area=420, teachers=[{"name": "甲"}])
    assert_type(standard.record, type[cr.Record])
    assert_type(record, cr.Record)
    assert_type(standard.statuses(record, assessed_on=date(2022, 12, 15)), tuple[cr.Status, ...])
    assert_type(standard.statuses({"area": 420}), tuple[cr.Status, ...])
    assert_type(standard.clauses, Mapping[str, cr.ClausePredicate])
    clause = standard.clauses["floor_area"]
    assert_type(clause.status(record), cr.Status)
    assert_type(clause.holds({"area": 420}), bool | None)
    assert_type(clause.citation, cr.Citation)
    assert_type(standard.diagnostics, tuple[cr.Diagnostic, ...])


def reports(standard: cr.Standard) -> None:
    """Reports, one and many."""
    report = standard.evaluate({"area": 420}, assessed_on=None)
    assert_type(report, cr.Report)
    assert_type(report.verdict, cr.Verdict)
    assert_type(report.failed, tuple[cr.Finding, ...])
    assert_type(report.errors, tuple[cr.InputIssue, ...])
    assert_type(report.failed[0].requirements, tuple[cr.RequirementFinding, ...])
    assert_type(report.failed[0].explain("zh"), str)
    assert_type(report.id, str | None)
    assert_type(standard.evaluate_many([{"area": 420}, standard.record()]), Iterator[cr.Report])


def binding(standard: cr.Standard) -> None:
    """A caller's own class, and an instance of another, which a type checker refuses."""
    evaluator = standard.bind(School, trusted=True)
    assert_type(evaluator, cr.Evaluator[School])
    assert_type(evaluator.evaluate(School("S1")), cr.Report)
    assert_type(evaluator.statuses(School("S1")), tuple[cr.Status, ...])
    evaluator.evaluate(Teacher("甲"))  # type: ignore[arg-type]


def warehouse(standard: cr.Standard) -> None:
    """A query as text."""
    assert_type(standard.to_sql("sqlite", columns=("id", "area"), lists={"teachers": "staff"}), str)


def refusals(standard: cr.Standard) -> None:
    """What a type checker refuses: a day that is text, a positional day, a number for a standard."""
    standard.evaluate({}, assessed_on="2022-12-15")  # type: ignore[arg-type]
    standard.evaluate({}, date(2022, 12, 15))  # type: ignore[call-arg]
    cr.load(5)  # type: ignore[arg-type]


def errors() -> None:
    """What errors carry."""
    try:
        loading()
    except cr.StandardError as error:
        assert_type(error.diagnostics, tuple[cr.Diagnostic, ...])
        assert_type(error.diagnostics[0].span, cr.Span)
    except cr.InputError as error:
        assert_type(error.issues, tuple[cr.InputIssue, ...])
    except cr.BindingError as error:
        assert_type(error.problems, tuple[str, ...])
