"""Conditions on the elements of a list into tests of single fields, whose answers a row can hold as bits.

`all(t.qualified for t in teachers where t.full_time)` asks of each teacher `full_time`, `degree >= associate` and
`certified`, and joins the answers by `and`, `or` and `not`. So what it says of a list is arithmetic on bits, without a
loop over the elements. Only lists and fields that always exist are asked so; no other condition is made of tests.
"""

from collections.abc import Iterable, Iterator

from cedu_rules.model.graph import walk
from cedu_rules.model.ir import COMPARISONS, Expression, Model, Record

SIZE_LIMIT = 60
"""A condition that is longer, its lets written out, is not made of tests."""

_JOINING = {"and", "or", "not"}
_MIRRORED = {"=": "=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_KINDS = {"is": {"bool"}, "in": {"choice", "level"}, **{each: {"choice", "level", "number"} for each in COMPARISONS}}


class _NotMade(Exception):  # noqa: N818 -- no error: the condition is evaluated element by element
    """A condition that is not made of tests."""


class _Writer:
    """Writes out conditions on the elements of one list."""

    def __init__(self, record: Record) -> None:
        self._record = record
        self._size = 0

    def written_out(self, condition: Expression, variable: str) -> Expression:
        """Return a condition on the element that goes by that variable, made of tests of the element that goes by ""."""
        self._size += 1
        if self._size > SIZE_LIMIT:
            raise _NotMade
        if condition.operator in _JOINING:
            parts = [self.written_out(operand, variable) for operand in condition.operands]
            return condition._replace(operands=tuple(parts))
        if condition.operator == "constant":
            return condition
        if condition.operator == "let" and _is_of(condition, variable):
            return self.written_out(self._record.lets_by_name[str(condition.data)].value, "")
        return self._test(condition, variable)

    def _test(self, condition: Expression, variable: str) -> Expression:
        if condition.operator == "field":
            return self._field(condition, variable, "is")
        if condition.operator not in _KINDS:
            raise _NotMade
        operator, (value, *others) = condition.operator, condition.operands
        if value.operator == "constant" and operator in COMPARISONS:
            value, others, operator = others[0], [value], _MIRRORED[operator]
        if any(other.operator != "constant" for other in others):
            raise _NotMade
        operands = (self._field(value, variable, operator), *others)
        return condition._replace(operator=operator, operands=operands)

    def _field(self, value: Expression, variable: str, operator: str) -> Expression:
        if value.operator != "field" or value.type.kind not in _KINDS[operator] or not _is_of(value, variable):
            raise _NotMade
        if self._record.fields_by_name[str(value.data)].condition is not None:
            raise _NotMade
        return value._replace(operands=(value.operands[0]._replace(data=""),))


def _is_of(expression: Expression, variable: str) -> bool:
    """Return whether a field or let is one of the element that goes by that variable."""
    return bool(expression.operands) and expression.operands[0].data == variable


def written_out(model: Model, aggregate: Expression) -> tuple[str, Expression, Expression] | None:
    """Return the list of the institution that `all`, `any` or `count` goes through, its filter, and what it asks.

    Both are made of tests of the element that goes by "", with lets written out; `count` asks what it filters by. None
    where they are not, or nothing is asked of an element.
    """
    if aggregate.operator not in {"all", "any", "count"} or aggregate.operands[0].operator != "fact":
        return None
    listed = model.facts_by_name[str(aggregate.operands[0].data)]
    if listed.condition is not None:
        return None
    writer = _Writer(model.records_by_name[listed.type.name])
    try:
        parts = [writer.written_out(condition, str(aggregate.data)) for condition in aggregate.operands[1:]]
    except _NotMade:
        return None
    found = any(True for part in parts for _ in tests_in(part))
    return (listed.name, parts[0], parts[-1]) if found else None


def tests_in(condition: Expression) -> Iterator[Expression]:
    """Yield the tests of which a condition is made, in the order in which they are written."""
    waiting = [condition]
    while waiting:
        part = waiting.pop()
        if part.operator in _JOINING:
            waiting.extend(reversed(part.operands))
        elif part.operator != "constant":
            yield part


def test_name(listed: str, test: Expression) -> str:
    """Return what a test goes by, the same for each that asks the same; no fact has such a name."""
    if test.operator == "field":
        return f"{listed}.{test.data}"
    field, *constants = test.operands
    return f"{listed}.{field.data} {test.operator} {', '.join(str(constant.data) for constant in constants)}"


def element_tests(model: Model, roots: Iterable[Expression]) -> dict[str, dict[str, Expression]]:
    """Return the tests of all aggregates in the expressions, by list and by name."""
    found: dict[str, dict[str, Expression]] = {}
    for aggregate in (part for root in roots for part in walk(root)):
        written = written_out(model, aggregate)
        if written is not None:
            listed, where, body = written
            tests = (test for condition in (where, body) for test in tests_in(condition))
            found.setdefault(listed, {}).update({test_name(listed, test): test for test in tests})
    return found
