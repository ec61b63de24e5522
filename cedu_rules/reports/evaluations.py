"""Submissions into reports, in their order, in this process or on several."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from cedu_rules.data import Submission
from cedu_rules.data.places import Block, Places
from cedu_rules.diagnostics import InputIssue
from cedu_rules.report import Report
from cedu_rules.standard import Standard

if TYPE_CHECKING:
    from cedu_rules.reports.parallel import Workers

_Sent: TypeAlias = tuple[str | None, str | None, Mapping[str, object], tuple[InputIssue, ...]]
"""Id, name, values and issues: a submission as it is sent, without the model that its places hold."""


def evaluations(
    standard: Standard,
    submissions: Iterable[Submission],
    assessed_on: date | None,
    workers: "Workers | None" = None,
    *,
    total: int = 0,
) -> Iterator[Report]:
    """Yield the report on each submission; on the processes of `workers` where these share the work on so many in `total`."""
    if workers is not None and workers.shares(total):
        yield from workers.map(partial(_evaluated, assessed_on), map(_sent, submissions), total=total)
        return
    for each in submissions:
        yield standard.evaluate_read(each.given, assessed_on=assessed_on, places=each.places, issues=each.issues)


def _sent(submission: Submission) -> _Sent:
    return submission.id, submission.name, submission.values, submission.issues


def _evaluated(assessed_on: date | None, standard: Standard, batch: Sequence[_Sent]) -> list[Report]:
    return [
        standard.evaluate_read(
            {"id": id_, "name": name, **values},
            assessed_on=assessed_on,
            places=Places(standard.model, values) if isinstance(values, Block) else {},
            issues=issues,
        )
        for id_, name, values, issues in batch
    ]
