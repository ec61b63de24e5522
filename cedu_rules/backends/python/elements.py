"""What is asked of all elements of a list into arithmetic of bits, where a row holds the answers to the tests (see `rows`).

A condition on an element is two numbers: the bits of the elements that are known to meet it, and of those that are known
not to. `and` and `or` join them as they join truths, `not` exchanges them. A missing list has no bit in either, and -1
as the bits of all its elements: so nothing is known of it, and no count has an upper end.
"""

import ast
import math
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import NamedTuple

from cedu_rules.backends.python import bits, nodes, numbers
from cedu_rules.backends.python.builder import Builder, Scope
from cedu_rules.backends.python.conditions import Condition, always, negate
from cedu_rules.backends.python.lists import COUNTS, LENGTH_LIMIT
from cedu_rules.backends.python.numbers import Number
from cedu_rules.backends.python.translate import Translator, inside
from cedu_rules.model.element_tests import test_name, tests_in, written_out
from cedu_rules.model.ir import Expression, Model
from cedu_rules.rows import every_name, field_of

BITS_LIMIT = 4096
"""The bits of longer lists are counted in another way, in a time that grows like their number."""


class Bits(NamedTuple):
    """The bits of the elements that are known to meet a condition, and of those that are known not to."""

    true: ast.expr
    false: ast.expr


class Asked(NamedTuple):
    """What an aggregate asks: the bits of all elements, of its filter, and of its condition."""

    every: ast.expr
    where: Bits
    body: Bits


def asked(builder: Builder, model: Model, aggregate: Expression) -> Asked | None:
    """Return what an aggregate asks of the elements of a list of the institution; None where the row does not hold it."""
    written = written_out(model, aggregate)
    if written is None:
        return None
    listed, *conditions = written
    slots = builder.institution.slots
    if any(test_name(listed, test) not in slots for condition in conditions for test in tests_in(condition)):
        return None
    every = _place(builder, every_name(listed), listed)
    return Asked(every, *(_bits_of(builder, listed, every, condition) for condition in conditions))


def _place(builder: Builder, name: str, hint: str, place: int = 0) -> ast.expr:
    return builder.cell(builder.institution, builder.institution.slots[name].index + place, hint)


def _bits_of(builder: Builder, listed: str, every: ast.expr, condition: Expression) -> Bits:
    parts = [_bits_of(builder, listed, every, operand) for operand in condition.operands if operand.type.kind == "bool"]
    match condition.operator:
        case "and":
            return Bits(bits.all_of(*(part.true for part in parts)), bits.any_of(*(part.false for part in parts)))
        case "or":
            return Bits(bits.any_of(*(part.true for part in parts)), bits.all_of(*(part.false for part in parts)))
        case "not":
            return Bits(parts[0].false, parts[0].true)
        case "constant":
            none = nodes.constant(0)
            return Bits(every, none) if condition.data is True else Bits(none, every)
    name, field = test_name(listed, condition), field_of(condition)
    return Bits(*(_place(builder, name, hint, place) for place, hint in enumerate((field, f"not_{field}"))))


def quantified(found: Asked, *, every: bool) -> Condition:
    """Return `all` or `any` over the elements."""
    harmless, decisive = (found.body.true, found.body.false) if every else (found.body.false, found.body.true)
    settled = nodes.compare("=", bits.any_of(found.where.false, harmless), found.every)
    decided = bits.all_of(found.where.true, decisive)
    return Condition(settled, decided, 2) if every else Condition(decided, settled, 2)


def compare_count(operator: str, found: Asked, bound: Fraction) -> Condition | None:
    """Return the comparison of the number of elements for which the filter holds with a constant; None for `=`."""
    match operator:
        case ">=" | "<":
            condition = _at_least(found, math.ceil(bound))
        case ">" | "<=":
            condition = _at_least(found, math.floor(bound) + 1)
        case _:
            return None
    return condition if operator in {">=", ">"} else negate(condition)


def _at_least(found: Asked, number: int) -> Condition:
    """Return whether the filter holds for so many elements."""
    every, where = found.every, found.where
    if number <= 0:
        return always(True)
    if number == 1:
        return Condition(where.true, nodes.compare("=", where.false, every))
    wanted = nodes.constant(number)
    given = nodes.compare(">=", every, nodes.constant(0))
    too_few = nodes.both(given, nodes.compare("<", _not_false(found), wanted))
    return Condition(nodes.compare(">=", bits.count(where.true), wanted), too_few, 2)


def _not_false(found: Asked) -> ast.expr:
    """Return how many elements may meet the filter, of a list that is not missing."""
    return bits.count(ast.BinOp(found.every, ast.BitXor(), found.where.false))


def count(builder: Builder, found: Asked) -> Number:
    """Return how many elements there are for which the filter holds."""
    low = builder.bind("count", bits.count(found.where.true))
    missing = nodes.compare("<", found.every, nodes.constant(0))
    high = builder.bind("at_most", nodes.choose(missing, numbers.infinity(builder), _not_false(found)))
    return numbers.interval(Fraction(1), (low, high), COUNTS, LENGTH_LIMIT)


# --- where there is no row ---------------------------------------------------------------------------------------------


class Noting:
    """Writes how a loop over the elements of a list of the institution notes the bits that its row would hold.

    Only what the function uses is noted.
    """

    def __init__(self, translator: Translator, listed: str, tests: Mapping[str, Expression]) -> None:
        institution = translator.builder.institution

        def used(name: str, place: int) -> str:
            return institution.cells.get(institution.slots[name].index + place, "")

        self._translator, self._tests = translator, tests
        self._every = used(every_name(listed), 0) if tests else ""
        self._used = {name: (used(name, 0), used(name, 1)) for name in tests}
        self._bit = translator.builder.local("bit")
        self._noted_before: set[str] = set()

    @property
    def _is_used(self) -> bool:
        return any((self._every, *(name for pair in self._used.values() for name in pair)))

    def missing(self) -> list[ast.stmt]:
        """Return what the bits of a missing list are."""
        every = [nodes.assign(self._every, nodes.constant(-1))] if self._every else []
        return every + self._zeros()

    def _zeros(self) -> list[ast.stmt]:
        names = [name for pair in self._used.values() for name in pair if name]
        return [nodes.assign_each(names, nodes.constant(0))] if names else []

    def starts(self, listed: ast.expr, refusal: Callable[[], ast.stmt]) -> list[ast.stmt]:
        """Return what stands before the loop; a list whose bits would take long is refused."""
        if not self._is_used:
            return []
        long = nodes.compare(">", self._translator.builder.call("len", listed), nodes.constant(BITS_LIMIT))
        return [ast.If(long, [refusal()], []), *self._zeros(), nodes.assign(self._bit, nodes.constant(1))]

    def of_field(self, field: str) -> tuple[list[ast.stmt], list[ast.stmt]]:
        """Return what notes that a field is true, and that it is false; the loop notes it then nowhere else."""
        pair = next((pair for name, pair in self._used.items() if is_field(self._tests[name], field)), ("", ""))
        self._noted_before.update(pair)
        true, false = map(self._noted, pair)
        return true, false

    def of_element(self, scope: Scope) -> list[ast.stmt]:
        """Return what stands at the end of the loop."""
        found: list[ast.stmt] = []
        for name, (true, false) in self._used.items():
            if {true, false} - {""} - self._noted_before:
                condition = self._translator.condition(self._tests[name], inside(scope))
                found += _counted(condition, *(self._noted(place) for place in (true, false)))
        return [*found, nodes.add_to(self._bit, nodes.name(self._bit))] if self._is_used else found

    def _noted(self, name: str) -> list[ast.stmt]:
        return [bits.add(name, nodes.name(self._bit))] if name else []

    def ends(self) -> list[ast.stmt]:
        """Return what stands after the loop."""
        if not self._every:
            return []
        return [nodes.assign(self._every, bits.minus_one(nodes.name(self._bit)))]


def is_field(test: Expression, field: str) -> bool:
    """Return whether a test asks for nothing but whether that field is true."""
    return test.operator == "field" and test.data == field


def _counted(condition: Condition, true: list[ast.stmt], false: list[ast.stmt]) -> list[ast.stmt]:
    """Return the statements for an element that meets a condition, or does not."""
    if condition.missing is not None and condition.otherwise is None and condition.known is not None:
        return nodes.when(nodes.negated(condition.missing), nodes.when(condition.known, true, false))
    return nodes.when(condition.true, true, nodes.when(condition.false, false))
