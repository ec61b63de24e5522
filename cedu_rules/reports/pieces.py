"""The reports of a run into what a form says of each, one by one, in this process or on several.

What a form says of one institution depends on nothing but its report, so that it can be made anywhere. With `workers` it
is made of a copy of the report, and the explanations that are read for it are forgotten with the copy.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, NamedTuple, TypeAlias, TypeVar

from attrs import evolve

from cedu_rules.report import Report
from cedu_rules.reports.run import Run
from cedu_rules.standard import Standard

if TYPE_CHECKING:
    from cedu_rules.explain.repairing.pricing import Cost
    from cedu_rules.reports.parallel import Workers

Result = TypeVar("Result")

Make: TypeAlias = Callable[[Run], Sequence[Result]]
"""Makes one result of each report of a part of a run; a function of a module, or a `functools.partial` of one."""


class _Terms(NamedTuple):
    """What all reports of a run share, beside their standard and day."""

    group: str | None
    immutable: tuple[str, ...]
    costs: Mapping[str, "Cost"]


def pieces(run: Run, make: "Make[Result]", workers: "Workers | None", positions: Sequence[int]) -> Iterator[Result]:
    """Yield the result of the report at each of these positions, in their order; in this process without `workers`."""
    terms = _Terms(run.group, run.immutable, run.costs)
    items = [(run.reports[position], run.groups.get(position)) for position in positions]
    if workers is None:
        for item in items:
            yield from make(_part(terms, *item))
    elif workers.shares(len(items)):
        yield from workers.map(partial(_made, make, terms), workers.progress(items), total=len(items))
    else:
        for report, group in workers.progress(items):
            yield from make(_part(terms, evolve(report), group))


def _made(
    make: "Make[Result]", terms: _Terms, _standard: Standard, items: Sequence[tuple[Report, str | None]]
) -> Sequence[Result]:
    return [result for item in items for result in make(_part(terms, *item))]


def _part(terms: _Terms, report: Report, group: str | None) -> Run:
    """Return a run of this report alone."""
    return Run(
        report.model,
        report.digest,
        report.assessed_on,
        (report,),
        groups={} if group is None else {0: group},
        group=terms.group,
        immutable=terms.immutable,
        costs=terms.costs,
    )
