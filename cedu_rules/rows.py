"""Values of a record into the row that compiled code unpacks: integers, bits and tuples, or no row at all.

A row is one flat tuple, in the order of the facts. What a fact takes in it:

    number          1 slot    whole types: the value in base units; others: the value in the unit of its data, times `scale`
    bool            1 slot    True, False
    choice, level   1 slot    the position of the member
    date            1 slot    the day number (`date.toordinal`)
    text            1 slot    the text
    set             2 slots   bits of the members known present; bits of the members known absent
    series          1 slot    {year: value scaled like a number} from the first to the last, None for a blank year
    list            1 slot    a tuple of rows, one an element, in the order of the fields of the record

None is a missing fact; a missing set is 0, 0, a missing series {}. After the facts of the institution follow the
quotients of two series that the standard asks for (`quotients`), each {year: share} of the years that both list: a
share is `LIMIT**2 * dividend // divisor`, -1 where the dividend is blank, None where the divisor is blank or 0. Two
different fractions whose divisors are below `LIMIT` lie further apart than 1 in `LIMIT**2`, so shares are equal exactly
where the fractions are, and in the same order where they are not.

Then follow the answers of the elements of lists to the tests that the standard asks of them (`model.element_tests`), as
bits, that of the first element lowest: of each such list the bits of all its elements, -1 for a missing list, and for
each test 2 slots, the bits of the elements that are known to pass it, and of those that are known not to.

Compiled code is exact while numbers stay in the proven range: every integer of a row that is no bits is below `LIMIT` in
size, so that products of degree 16 stay far below the largest float, where Python compares integers with infinity. A
value that has more digits than its scale, or is too large, has no place in a row: the whole record then has no row
(None) and is left to the reference.
"""

import functools
import math
import operator as operators
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Context, Decimal, Inexact, InvalidOperation, Overflow
from fractions import Fraction
from typing import Any, NamedTuple, TypeAlias

from attrs import frozen

from cedu_rules.model.element_tests import element_tests
from cedu_rules.model.graph import conditions_of, walk
from cedu_rules.model.ir import Expression, Fact, Model, Record
from cedu_rules.model.types import Type
from cedu_rules.truth import INFINITY, Interval, Options, Truth
from cedu_rules.units import of_float

Row: TypeAlias = tuple[Any, ...]
Derive: TypeAlias = Callable[[list[Any]], None]
"""Adds to the cells of the facts of an institution what follows them in its row."""

LIMIT = 10**17
SHARE_UNIT = LIMIT**2
"""The share that stands for 1."""
_MONEY = (("yuan", 1),)
_MONEY_SCALE = 100
_MEASURE_SCALE = 10**4
_RATIO_SCALE = 10**9
EXACTLY = Context(prec=200, Emax=200, traps=[Inexact, InvalidOperation, Overflow])
"""Enough digits for any number that data may hold times any scale."""
NO_YEARS: dict[int, Any] = {}
"""A missing series in a row; nobody changes it."""
_HOLDS: Mapping[str, Callable[[Any, Any], bool]] = {
    "=": operators.eq,
    "<": operators.lt,
    "<=": operators.le,
    ">": operators.gt,
    ">=": operators.ge,
}


class OutOfRange(Exception):  # noqa: N818 -- no error: the record takes the slow way
    """A value that a row cannot hold exactly."""


def scale(type_: Type) -> int:
    """Return how many units of a row make one unit of data of a number that is not whole, or 1 of base units."""
    if type_.whole:
        return 1
    if type_.dimension == _MONEY:  # to the hundredth of a yuan, whatever multiple of it data is written in
        return _MONEY_SCALE * max(1, math.ceil(type_.data_factor))
    return _MEASURE_SCALE if type_.dimension else _RATIO_SCALE


@frozen(eq=False, repr=False)
class Slot:
    """Where something stands in a row: its first index, how many places it takes, and the fact that it is about."""

    fact: Fact
    index: int
    width: int


class Derived(NamedTuple):
    """What follows the facts in the rows of a standard: the quotients of series, and the tests of each list by name."""

    quotients: tuple[tuple[Fact, Fact], ...] = ()
    tests: Mapping[str, Mapping[str, Expression]] = {}


NOTHING = Derived()


def layout(facts: Sequence[Fact], derived: Derived = NOTHING) -> dict[str, Slot]:
    """Return the slot of each fact or field by name, and of what is derived by `quotient_name`, `every_name` and `test_name`."""
    slots: dict[str, Slot] = {}
    named = [(fact.name, fact, 2 if fact.type.kind == "set" else 1) for fact in facts]
    named += [(quotient_name(above.name, below.name), above, 1) for above, below in derived.quotients]
    by_name = {fact.name: fact for fact in facts}
    for listed, tests in derived.tests.items():
        named.append((every_name(listed), by_name[listed], 1))
        named += [(test, by_name[listed], 2) for test in tests]
    index = 0
    for name, fact, width in named:
        slots[name] = Slot(fact, index, width)
        index += width
    return slots


def quotient_name(above: str, below: str) -> str:
    """Return what the slot of a quotient goes by; no fact has such a name."""
    return f"{above} / {below}"


def every_name(listed: str) -> str:
    """Return what the slot of the bits of all elements of a list goes by; no fact has such a name."""
    return f"{listed}[]"


def derived(model: Model) -> Derived:
    """Return what the rows of a standard hold after its facts."""
    asked = _asked(model)
    return Derived(_quotients(model, asked), element_tests(model, asked))


def _asked(model: Model) -> list[Expression]:
    """Return what is evaluated of an institution."""
    asked = [let.value for let in model.lets] + [check.condition for check in model.checks]
    return asked + [condition for clause in model.clauses for condition in conditions_of(clause)]


def _quotients(model: Model, asked: Sequence[Expression]) -> tuple[tuple[Fact, Fact], ...]:
    """Return the pairs of series of the institution that the standard divides, each once.

    Only of amounts that always exist, any number from 0 on, where a blank year leaves nothing else to be known.
    """
    pairs: dict[tuple[Fact, Fact], None] = {}
    for root in asked:
        for part in walk(root):
            if part.operator == "/" and all(operand.operator == "fact" for operand in part.operands):
                above, below = (model.facts_by_name[str(operand.data)] for operand in part.operands)
                if is_amount(above) and is_amount(below):
                    pairs[above, below] = None
    return tuple(pairs)


def is_amount(fact: Fact) -> bool:
    """Return whether a fact is a series of amounts that always exist, any number from 0 on."""
    element = fact.type.element
    return element is not None and fact.condition is None and element.low == 0 and element.high is None


def row_of(model: Model, facts: Sequence[Fact], values: Mapping[str, object]) -> Row | None:
    """Return the row of the public values of a record by fact name, or None where one has no place in it."""

    def element(record: Record, owner: object) -> Row:
        return maker(record.fields)([getattr(owner, field.name) for field in record.fields])

    def maker(of: Sequence[Fact]) -> Callable[[Sequence[Any]], Row]:
        makers = {record.name: functools.partial(element, record) for record in model.records}
        return row_maker(of, makers, derivation(model) if of is facts else None)

    try:
        return maker(facts)([values.get(fact.name) for fact in facts])
    except OutOfRange:
        return None


def row_maker(
    facts: Sequence[Fact], elements: Mapping[str, Callable[[Any], Row]], derive: Derive | None = None
) -> Callable[[Sequence[Any]], Row]:
    """Return the function from public values, in the order of the facts, to their row.

    `elements` holds, by name of the record, what makes the row of an element; `derive` adds what follows the facts. The
    function raises `OutOfRange` where a value has no place in a row.
    """
    indices = [slice(slot.index, slot.index + 2) if slot.width > 1 else slot.index for slot in layout(facts).values()]
    writers = [writer(fact.type, elements) for fact in facts]
    blank = [cell for fact in facts for cell in blank_cells(fact.type)]

    def row(values: Sequence[Any]) -> Row:
        cells: list[Any] = blank.copy()
        for index, write, value in zip(indices, writers, values, strict=True):
            if value is not None:
                cells[index] = write(value)
        if derive is not None:
            derive(cells)
        return tuple(cells)

    return row


def blank_cells(type_: Type) -> tuple[object, ...]:
    """Return what a missing fact of the type takes in a row."""
    return {"set": (0, 0), "series": (NO_YEARS,)}.get(type_.kind, (None,))


def shares(above: Mapping[int, int | None], below: Mapping[int, int | None]) -> dict[int, int | None]:
    """Return the shares of the years that both series list."""
    found: dict[int, int | None] = {}
    for year, amount in above.items():
        if year in below:
            whole = below[year]
            found[year] = None if not whole else -1 if amount is None else amount * SHARE_UNIT // whole
    return found


def writer(type_: Type, elements: Mapping[str, Callable[[Any], Row]]) -> Callable[[Any], Any]:
    """Return the function from a public value to its place, or to its two places."""
    match type_.kind:
        case "set":
            return functools.partial(_bits, [(member.name, 1 << index) for index, member in enumerate(type_.members)])
        case "list":
            element = elements[type_.name]
            return lambda value: tuple([element(each) for each in value])
        case "choice" | "level":
            return {member.name: index for index, member in enumerate(type_.members)}.__getitem__
        case "date":
            return date.toordinal
        case "number":
            return _scaled(type_)
        case "series" if type_.element is not None:
            return functools.partial(_years, _scaled(type_.element))
    return lambda value: value


def _bits(bits: Sequence[tuple[str, int]], value: Mapping[str, bool | None]) -> tuple[int, int]:
    truths = [(value.get(name), bit) for name, bit in bits]
    return sum(bit for truth, bit in truths if truth is True), sum(bit for truth, bit in truths if truth is False)


def _years(scaled: Callable[[Any], int], value: Mapping[int, Any]) -> dict[int, int | None]:
    given = {year: value.get(year) for year in range(min(value), max(value) + 1)}
    return {year: None if number is None else scaled(number) for year, number in given.items()}


def _scaled(type_: Type) -> Callable[[int | Decimal | Fraction], int]:
    """Return the function from a number to the integer that a row holds; a float stands for its shortest decimal."""
    factor, divisor = (type_.data_factor if type_.whole else Fraction(scale(type_))).as_integer_ratio()
    times, multiply, whole = Decimal(factor), EXACTLY.multiply, EXACTLY.to_integral_exact

    def integer(value: float | Decimal | Fraction) -> int:
        if type(value) is float:
            value = of_float(value)
        if type(value) is Decimal and divisor == 1:
            try:
                scaled = int(whole(multiply(value, times)))
            except (Inexact, InvalidOperation, Overflow):
                raise OutOfRange from None
            if not -LIMIT < scaled < LIMIT:
                raise OutOfRange
            return scaled
        above, below = value.as_integer_ratio()
        scaled, rest = divmod(above * factor, below * divisor)
        if rest or not -LIMIT < scaled < LIMIT:
            raise OutOfRange
        return scaled

    return integer


# --- what follows the facts ------------------------------------------------------------------------------------------


def derivation(model: Model) -> Derive | None:
    """Return what adds to the cells of the facts of an institution what follows them; None where nothing does."""
    found, slots = derived(model), layout(model.facts)
    divided = [(slots[above.name].index, slots[below.name].index) for above, below in found.quotients]
    listed = [
        (slots[name].index, bits_reader(model.records_by_name[slots[name].fact.type.name], tests.values()))
        for name, tests in found.tests.items()
    ]
    if not divided and not listed:
        return None

    def derive(cells: list[Any]) -> None:
        cells.extend([shares(cells[above], cells[below]) for above, below in divided])
        for place, bits in listed:
            cells.extend(bits(cells[place]))

    return derive


def bits_reader(record: Record, tests: Iterable[Expression]) -> Callable[[Sequence[Row] | None], list[int]]:
    """Return the function from the rows of the elements of a list to its bits and those of each test."""
    slots = layout(record.fields)
    asked = [(slots[field_of(test)].index, answer_of(test)) for test in tests]
    missing = [-1, *[0, 0] * len(asked)]

    def bits(elements: Sequence[Row] | None) -> list[int]:
        if elements is None:
            return missing
        found = [(1 << len(elements)) - 1]
        for place, answer in asked:
            found += _bits_of([answer(element[place]) for element in elements])
        return found

    return bits


def _bits_of(answers: list[Truth]) -> list[int]:
    """Return the bits of the answers that are true, and of those that are false, in a time that grows like their number."""
    answers.reverse()
    return [int("".join(["1" if each is truth else "0" for each in answers]) or "0", 2) for truth in (True, False)]


def field_of(test: Expression) -> str:
    """Return the name of the field that a test asks about."""
    return str((test if test.operator == "field" else test.operands[0]).data)


def answer_of(test: Expression) -> Callable[[Any], Truth]:
    """Return the function from what a row holds of the field to the answer of a test."""
    if test.operator == "field":
        return lambda cell: cell
    value, *constants = test.operands
    if value.type.kind == "number":
        return _number_answer(value.type, test.operator, Fraction(constants[0].data))  # type: ignore[arg-type]  # a number
    return member_answers(test).__getitem__


def member_answers(test: Expression) -> dict[int | None, Truth]:
    """Return the answers to a test of a choice or level, by the position of its member, or None for a missing one."""
    value, *constants = test.operands
    wanted = [value.type.position(str(constant.data)) for constant in constants]
    positions = frozenset(range(len(value.type.members)))

    def answer(of: Options) -> Truth:
        members = frozenset(member for member in wanted if member is not None)
        return of.among(members) if test.operator == "in" else of.compare(test.operator, Options(members))

    found: dict[int | None, Truth] = {position: answer(Options(frozenset([position]))) for position in positions}
    return {None: answer(Options(positions)), **found}


def _number_answer(type_: Type, operator: str, bound: Fraction) -> Callable[[int | None], Truth]:
    limit = bound if type_.whole else bound / type_.data_factor * scale(type_)
    whole = limit if operator == "=" else math.ceil(limit) if operator in {">=", "<"} else math.floor(limit)
    ends = -INFINITY if type_.low is None else type_.low, INFINITY if type_.high is None else type_.high
    missing = Interval(*ends).compare(operator, Interval(bound, bound))
    holds = _HOLDS[operator]
    return lambda cell: missing if cell is None else holds(cell, whole)
