"""Rows of an object-relational mapper, as a Django model has them, bound to a standard.

`bind` takes an attrs class; one classmethod turns a row of the database into it.
"""

from datetime import date
from decimal import Decimal
from typing import Protocol

from attrs import frozen

import cedu_rules as cr


class CentreModel(Protocol):
    """What the model of the database has: in Django a `models.Model` with these fields."""

    pk: int
    title: str
    area: Decimal | None
    books: int | None


@frozen(kw_only=True)
class CentreRow:
    """The facts that this database knows; all others are never recorded."""

    id: str
    name: str
    area: Decimal | None
    books: int | None

    @classmethod
    def from_model(cls, model: CentreModel) -> "CentreRow":
        """Return the facts of a row."""
        return cls(id=str(model.pk), name=model.title, area=model.area, books=model.books)


evaluator = cr.load("centre").bind(CentreRow)


def failing_clauses(model: CentreModel, on: date) -> list[str]:
    """Return the ids of the clauses that a row of the database fails."""
    report = evaluator.evaluate(CentreRow.from_model(model), assessed_on=on)
    return [finding.clause.id for finding in report.failed]
