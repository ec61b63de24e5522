"""Tables `by`: every value that the selector can have fits a row, and every row is reached by one.

The selector's range is what the reference gives with nothing recorded. Between two neighbouring bounds all values fit the
same row, so that the bounds themselves and one value between each two stand for all.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from datetime import date
from fractions import Fraction
from itertools import accumulate, pairwise
from math import ceil, floor, isinf

from cedu_rules import values
from cedu_rules.analysis.places import Place, places
from cedu_rules.diagnostics import Diagnostic
from cedu_rules.model.ir import Expression, Model
from cedu_rules.semantics import Evaluation
from cedu_rules.truth import Interval, Options
from cedu_rules.values import Value

_SIDES: dict[str, tuple[Callable[[list[Fraction], Fraction], int], int]] = {
    "<": (bisect_right, -1),
    "<=": (bisect_left, -1),
    ">": (bisect_left, 1),
    ">=": (bisect_right, 1),
}
"""For each sign, where a value cuts the ascending bounds, and on which side of the cut those stand whose rows it fits."""


def review(model: Model) -> Iterator[Diagnostic]:
    """Yield the gaps and the rows that cannot be reached."""
    evaluation = Evaluation(model, None)
    for place in places(model):
        if place.expression.operator == "by":
            yield from _table(evaluation, place)


def _table(evaluation: Evaluation, place: Place) -> Iterator[Diagnostic]:
    selector, *cells = place.expression.operands
    operators = place.expression.data if isinstance(place.expression.data, tuple) else ()
    bounds = cells[: 2 * len(operators) : 2]
    has_else = len(cells) > 2 * len(operators)
    blank: dict[str, object] = dict.fromkeys(place.variables)
    constants = [values.constant(bound) for bound in bounds]
    chosen = _chooser(operators, constants)
    reached: set[int] = set()
    gap: Value = None
    for sample in _samples(selector, evaluation.value(selector, blank), constants):
        row = chosen(sample)
        reached.add(row)
        if row == len(bounds) and not has_else and gap is None:
            gap = sample
    if has_else and evaluation.existence(selector, blank) is not True:
        reached.add(len(bounds))  # where the selector does not exist
    if gap is not None:
        yield Diagnostic("gap-in-table", selector.span, {"example": f"`{_shown(selector, gap)}`"})
    for row in range(len(bounds) + has_else):
        if row not in reached:
            cell = cells[-1] if row == len(bounds) else bounds[row]
            yield Diagnostic("unreachable-row", cell.span)


def _chooser(operators: tuple[str, ...], bounds: list[Value]) -> Callable[[Value], int]:
    """Return the function that gives the row which a value fits, or the number of rows where it fits none."""
    if set(operators) <= {"="}:
        rows = {bound: row for row, bound in reversed(list(enumerate(bounds)))}
        return lambda sample: rows.get(sample, len(bounds))
    if all(isinstance(bound, Interval) for bound in bounds):
        return _chooser_by_order(operators, bounds)
    pairs = list(zip(operators, bounds, strict=True))

    def first(sample: Value) -> int:
        fits = (row for row, (operator, bound) in enumerate(pairs) if values.compare(operator, sample, bound))
        return next(fits, len(bounds))

    return first


def _chooser_by_order(operators: tuple[str, ...], bounds: list[Value]) -> Callable[[Value], int]:
    """Return the same for bounds that are numbers or days, without asking every row: a table may be long."""
    rows = sorted(
        (bound.low, row, operator) for row, (operator, bound) in enumerate(zip(operators, bounds, strict=True))
    )
    none = len(bounds)
    points = {sign: [point for point, _, operator in rows if operator == sign] for sign in _SIDES}
    first_rows = {
        sign: list(accumulate((row for _, row, operator in rows[::step] if operator == sign), min, initial=none))
        for sign, (_cut, step) in _SIDES.items()
    }
    equal = {point: row for point, row, operator in reversed(rows) if operator == "="}

    def first(sample: Value) -> int:
        found: int = equal.get(sample.low, none)
        for sign, (cut, step) in _SIDES.items():
            place = cut(points[sign], sample.low)
            found = min(found, first_rows[sign][place if step > 0 else len(points[sign]) - place])
        return found

    return first


def _samples(selector: Expression, known: Value, bounds: list[Value]) -> Iterator[Value]:
    """Yield values of the selector of which one fits each row that any value fits."""
    if isinstance(known, Options):
        yield from (Options(frozenset([member])) for member in sorted(known.values or (), key=str))
        return
    points = sorted({bound.low for bound in bounds})
    whole = selector.type.whole or selector.type.kind == "date"
    candidates = _whole(points) if whole else _between(points)
    ends = [end for end in (known.low, known.high) if not isinf(end)]
    inside = {point for point in [*candidates, *ends] if known.low <= point <= known.high}
    yield from (Interval(point, point) for point in sorted(inside))


def _whole(points: list[Fraction]) -> Iterator[Fraction]:
    for point in points:
        yield from (Fraction(number) for number in (floor(point) - 1, floor(point), ceil(point), ceil(point) + 1))


def _between(points: list[Fraction]) -> Iterator[Fraction]:
    yield from points
    yield from ((low + high) / 2 for low, high in pairwise(points))
    yield from (points[0] - 1, points[-1] + 1) if points else ()


def _shown(selector: Expression, sample: Value) -> str:
    """Return the sample as an author would write it."""
    if isinstance(sample, Options):
        return selector.type.members[next(iter(sample.values or ()))].name  # type: ignore[index]  # a choice or level
    if selector.type.kind == "date":
        return date.fromordinal(int(sample.low)).isoformat()
    amount = sample.low / selector.type.unit.factor
    return f"{amount} {selector.type.unit.name}".strip()
