"""Records into the rows of frames in the flat layout, and reports into rows of findings, for the tests of frames."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

import polars as pl

from cedu_rules.model.ir import Fact, Model
from cedu_rules.model.types import Type
from cedu_rules.report import Finding, Report

Rows = list[dict[str, Any]]


def without_gaps(model: Model, drafts: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the same institutions as one frame can say them: every series lists the years of all, no list is nested."""
    years = {fact.name: _years(fact, drafts) for fact in model.facts if fact.type.kind == "series"}
    found = []
    for number, draft in enumerate(drafts):
        row = {"id": f"i{number}", **draft}
        for name, listed in years.items():
            given = row.pop(name, None) or {}
            if any(value is not None for value in given.values()):
                row[name] = {year: given.get(year) for year in listed}
        for fact in model.facts:
            if fact.type.kind == "list" and row.get(fact.name) is not None:
                row[fact.name] = [_flat(model, fact, element) for element in row[fact.name]]
        found.append(row)
    return found


def _years(fact: Fact, drafts: Sequence[Mapping[str, Any]]) -> list[int]:
    listed = {year for draft in drafts for year in (draft.get(fact.name) or {})}
    return list(range(min(listed), max(listed) + 1)) if listed else []


def _flat(model: Model, fact: Fact, element: Mapping[str, Any]) -> dict[str, Any]:
    record = model.records_by_name[fact.type.name]
    kept = {each.name for each in record.fields if each.type.kind not in {"list", "series"}}
    return {name: value for name, value in element.items() if name in kept}


def tables(model: Model, institutions: Sequence[Mapping[str, Any]]) -> tuple[pl.DataFrame, dict[str, pl.DataFrame]]:
    """Return the frame of the institutions and that of each list that has rows."""
    columns: dict[str, pl.Series] = {"id": pl.Series("id", [each["id"] for each in institutions], pl.String)}
    lists = {}
    for fact in model.facts:
        columns |= _columns(fact, institutions)
        if fact.type.kind == "list":
            rows = [
                {"institution": each["id"], **element} for each in institutions for element in each.get(fact.name) or ()
            ]
            if rows:
                lists[fact.name] = _list_table(model.records_by_name[fact.type.name].fields, rows)
    return pl.DataFrame(columns), lists


def _list_table(fields: Iterable[Fact], rows: Rows) -> pl.DataFrame:
    columns = {"institution": pl.Series("institution", [row["institution"] for row in rows], pl.String)}
    for fact in fields:
        if fact.type.kind not in {"list", "series"}:
            columns |= _columns(fact, rows)
    return pl.DataFrame(columns)


def _columns(fact: Fact, rows: Sequence[Mapping[str, Any]]) -> dict[str, pl.Series]:
    given = [row.get(fact.name) for row in rows]
    match fact.type.kind:
        case "set":
            return {
                f"{fact.name}.{member.name}": _series(
                    fact.type, [None if each is None else each.get(member.name) for each in given]
                )
                for member in fact.type.members
            }
        case "series" if fact.type.element is not None:
            years = sorted({year for each in given for year in each or {}})
            return {
                f"{fact.name}.{year}": _series(
                    fact.type.element, [None if each is None else each.get(year) for each in given]
                )
                for year in years
            }
        case "list":
            empty = [0 if each is not None and not each else None for each in given]
            return {fact.name: pl.Series(empty, dtype=pl.Int64)} if any(each == 0 for each in empty) else {}
    return {fact.name: _series(fact.type, given)}


def _series(type_: Type, values: list[Any]) -> pl.Series:
    match type_.kind:
        case "number":
            return _numbers(values)
        case "bool" | "set":
            return pl.Series(values, dtype=pl.Boolean)
        case "date":
            return pl.Series(values, dtype=pl.Date)
    return pl.Series(values, dtype=pl.String)


def _numbers(values: list[Any]) -> pl.Series:
    if all(isinstance(value, (int, type(None))) and abs(value or 0) < 2**62 for value in values):
        return pl.Series(values, dtype=pl.Int64)
    if all(value is None or is_float(value) for value in values):
        return pl.Series([None if value is None else float(value) for value in values], dtype=pl.Float64)
    return pl.Series([None if value is None else str(value) for value in values], dtype=pl.String)


def is_float(value: float | Decimal | Fraction) -> bool:
    """Return whether a float says that number."""
    return isinstance(value, float) or Fraction(repr(float(value))) == value


def is_sayable(value: Any) -> bool:  # noqa: ANN401
    """Return whether a frame can hold the values: fractions without an end cannot be written."""
    if isinstance(value, Mapping):
        return all(map(is_sayable, value.values()))
    if isinstance(value, (list, tuple)):
        return all(map(is_sayable, value))
    return not isinstance(value, Fraction)


def details(report: Report) -> list[tuple[str | None, str | None, str, list[str], str | None]]:
    """Return the rows that `findings` of a frame hold of the institution of a report."""
    if report.errors:
        return [(report.id, None, "invalid", sorted({issue.path for issue in report.errors}), None)]
    return [
        (report.id, each.clause.id, each.status.value, list(each.missing), _shortfall(each))
        for each in report.findings
        if each.status.value in {"fail", "unknown", "not_met"}
    ]


def _shortfall(finding: Finding) -> str | None:
    reasons = [reason for item in finding.requirements for reason in item.reasons]
    return "; ".join(each.shortfall.en for each in reasons if each.shortfall is not None) or None
