"""Each law is able to fail: an interpreter that is broken in one place is caught by it within a bounded search.

A `Fault` replaces one thing in the reference for as long as the law looks at a drawn example; drawing is not faulty,
except where the fault is in the resolver, which works while a standard is drawn. The search is the same every time.
"""

import functools
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, nullcontext
from fractions import Fraction
from typing import Any
from unittest import mock

import pytest
from attrs import evolve, field, frozen
from hypothesis import HealthCheck, Phase, find, settings
from hypothesis import strategies as st

from cedu_rules import results, semantics, truth, values
from cedu_rules.model import comparisons as comparisons_module
from cedu_rules.model.ir import Expression
from cedu_rules.model.types import BOOL
from cedu_rules.results import Status
from cedu_rules.semantics import Evaluation
from cedu_rules.testing.aims import AIMS
from cedu_rules.testing.equations import EQUATIONS, TWINS, twins
from cedu_rules.testing.exactness import assert_exact, assert_step_is_exact, comparisons
from cedu_rules.testing.histories import World, histories, model_from, models, worlds
from cedu_rules.testing.laws import assert_answers_stay, assert_equal_statuses, assert_everything_known
from cedu_rules.truth import Interval, Options, Series

EXAMPLES = 600
SEARCH = settings(
    max_examples=EXAMPLES,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@frozen
class Law:
    """What is drawn, and the function that raises where an interpreter breaks the law on it."""

    drawn: Callable[[], st.SearchStrategy[Any]]
    check: Callable[[Any], None]


def staying(about: str | None = None, *forms: str) -> Law:
    """Return the law that answers stay, on standards about a construct, or on conditions of some forms alone."""
    if about is None or not forms:
        return Law(lambda: histories(models(about=about)), assert_answers_stay)
    return Law(lambda: histories(AIMS[about].only(*forms).texts(3).map(model_from)), assert_answers_stay)


def staying_in(facts: str, *conditions: str) -> Law:
    """Return the law that answers stay, on one small standard with these facts and requirements."""
    clauses = " ".join(f'clause c{number} "条" {{ {each} }}' for number, each in enumerate(conditions))
    model = model_from(f'standard small "小" source "示例文件"\n{facts}\nsection "总项" "分项" {{ {clauses} }}')
    return Law(lambda: histories(st.just(model)), assert_answers_stay)


DOUBTFUL = """
facts {
  owned : bool "自有"  spare : count 3 to 6 when owned "备用"  opened : date when owned "启用"
  grade : level { low < high } when owned "等级"
}
"""
MARKED = """
facts { teachers : list of Teacher "教师" }
record Teacher { senior : bool "高级"  hours : count 0 to 6 "课时" }
"""
DIVIDED = 'facts { above : signed number 1 to 6 "上"  below : signed number -3 to 3 "下" }'
GUARDED = 'facts { a : bool "甲"  b : bool "乙" }'


def equation(name: str) -> Law:
    """Return the law that both sides of an equation have one status."""
    weaker = EQUATIONS[name].weaker
    return Law(lambda: twins(EQUATIONS[name]), lambda world: assert_equal_statuses(world, TWINS, weaker=weaker))


def known(about: str) -> Law:
    """Return the law that the facts of a complete record are known."""
    return Law(lambda: worlds(models(about=about), complete=True), assert_everything_known)


def clause_order(world: World) -> None:
    """Raise where a clause has another status when the clauses stand the other way round."""
    evaluation = world.evaluation()
    turned = evolve(world, model=evolve(world.model, clauses=world.model.clauses[::-1])).evaluation()
    for clause in world.model.clauses:
        if evaluation.status(clause) is not turned.status(clause):
            raise AssertionError(clause.id)


RATIOS, HALVES, CLOSE = (
    Law(functools.partial(comparisons, form), assert_exact) for form in ("ratio", "halves", "close")
)
STEPS = Law(lambda: st.tuples(st.dates(), st.integers(-30, 30)), lambda case: assert_step_is_exact(*case))
ORDER = Law(lambda: worlds(models(lines=4)), clause_order)


@frozen
class Fault:
    """What is broken: rules of operators, or attributes of a module or class; and the law that notices."""

    law: Law
    rules: Mapping[str, Any] = field(factory=dict)
    owner: Any = None
    attribute: str = ""
    replacement: Any = None
    while_drawing: bool = False

    @contextmanager
    def installed(self) -> Iterator[None]:
        """Break the reference while the context lasts."""
        with ExitStack() as stack:
            stack.enter_context(mock.patch.dict(semantics._RULES, self.rules))
            if self.owner is not None:
                stack.enter_context(mock.patch.object(self.owner, self.attribute, self.replacement))
            yield


def rule(function: Callable[..., Any]) -> Any:  # noqa: ANN401 -- a rule of the reference
    """Return the rule of an operator whose operands alone matter."""
    return semantics._of_values(function)


def of_elements(function: Callable[..., Any]) -> Any:  # noqa: ANN401 -- a rule of the reference
    """Return the rule of an aggregate that is unknown over a missing list."""
    return semantics._of_elements(function, lambda expression, _blank: values.unknown(expression.type))


# --- the faults ------------------------------------------------------------------------------------------------------

REAL_POSSIBLE, REAL_CHOICES, REAL_ELEMENTS = values.possible, Evaluation.choices, Evaluation.elements
REAL_COMPARE, REAL_STATUS, REAL_AT = values.compare, results.status, Series.at


def missing_is_zero(type_: Any, given: Any) -> Any:  # noqa: ANN401
    """Treat a missing number as 0."""
    return values.ZERO if given is None and type_.kind == "number" else REAL_POSSIBLE(type_, given)


def missing_is_first(type_: Any, given: Any) -> Any:  # noqa: ANN401
    """Treat a missing choice or level as its first member."""
    is_choice = given is None and type_.kind in {"choice", "level"}
    return Options(frozenset([0])) if is_choice else REAL_POSSIBLE(type_, given)


def blank_is_zero(type_: Any, given: Any) -> Any:  # noqa: ANN401
    """Treat the blank years of a series as 0."""
    found = REAL_POSSIBLE(type_, given)
    if not isinstance(found, Series):
        return found
    return found._replace(values=tuple(each if each.point is not None else values.ZERO for each in found.values))


def absent_is_unknown(fact: Any) -> Any:  # noqa: ANN401
    """Treat a fact that does not exist as one that is not recorded."""
    return values.unknown(fact.type)


def never_absent(_self: Evaluation, fact: Any, owner: object, _environment: object) -> Any:  # noqa: ANN401
    """Read a fact as if it always existed."""
    return values.possible(fact.type, getattr(owner, fact.name, None))


def ignores_absence(self: Evaluation, fact: Any, owner: object, environment: Any) -> Any:  # noqa: ANN401
    """Read a missing fact under an unknown condition as if it existed."""
    given = getattr(owner, fact.name, None)
    exists = True if fact.condition is None else self.value(fact.condition, environment)
    return values.absent(fact) if exists is False else values.possible(fact.type, given)


def first_choice(self: Evaluation, expression: Any, environment: Any) -> Any:  # noqa: ANN401
    """Take the first value that `if` or `by` may select."""
    return REAL_CHOICES(self, expression, environment)[:1]


def missing_is_empty(self: Evaluation, expression: Any, environment: Any) -> Any:  # noqa: ANN401
    """Treat a missing list as an empty one."""
    return REAL_ELEMENTS(self, expression, environment) or []


def doubtful_is_in(self: Evaluation, expression: Any, environment: Any) -> Any:  # noqa: ANN401
    """Treat an element whose filter is unknown as one that is in it."""
    found = REAL_ELEMENTS(self, expression, environment)
    return None if found is None else [(True, inner) for _, inner in found]


def ends_only(one: Interval, other: Interval) -> Interval:
    """Divide the ends of intervals, without regard to a zero between them."""
    ends = [truth._over(left, right) for left in (one.low, one.high) for right in (other.low, other.high) if right]
    return Interval(min(ends), max(ends)) if ends else Interval(0, 0)


def floating(one: Interval, other: Interval) -> Interval:
    """Divide as binary floating point does."""
    if one.point is None or other.point in {None, 0}:
        return one.over(other)
    quotient = Fraction(float(one.low) / float(other.low))
    return Interval(quotient, quotient)


def rounded_first(operator: str, left: Any, right: Any) -> Any:  # noqa: ANN401
    """Round both sides to tenths before they are compared."""
    if isinstance(left, Interval) and left.point is not None and right.point is not None:
        left, right = (side.mapped(lambda end: Fraction(round(end * 10), 10)) for side in (left, right))
    return REAL_COMPARE(operator, left, right)


def absent_compares(operator: str, left: Any, right: Any) -> Any:  # noqa: ANN401
    """Compare what may not exist by its values alone."""
    return (
        left.compare(operator, right) if isinstance(left, (Interval, Options)) else REAL_COMPARE(operator, left, right)
    )


def skips_blanks(self: Series) -> truth.Truth:
    """Look only at the years whose value is known."""
    known_years = [value.low for value in self.values if value.point is not None]
    return len(known_years) > 1 and known_years == sorted(set(known_years))


def nearest_year(self: Series, year: Any) -> Interval:  # noqa: ANN401
    """Take the last year for an unknown one."""
    return self.values[-1] if year is None and self.values else REAL_AT(self, year)


def known_years_only(self: Series, _years: int) -> Interval:
    """Average the years that are known."""
    found = [value for value in self.values if value.point is not None]
    return (
        functools.reduce(Interval.plus, found, values.ZERO).over(Interval(len(found), len(found)))
        if found
        else self.other
    )


def different_unless_known(certain: list[Any], maybe: list[Any], expression: Any) -> Interval:  # noqa: ANN401
    """Count every unknown key of a certain element as one more."""
    keys = [values._known(value) for value in certain]
    return Interval(len(set(keys) - {None}) + keys.count(None), values.distinct(certain, maybe, expression).high)


def known_keys_only(certain: list[Any], _maybe: list[Any], _expression: Any) -> Interval:  # noqa: ANN401
    """Count the known keys of certain elements."""
    number = len({values._known(value) for value in certain} - {None})
    return Interval(number, number)


def without_guard(applies: Any, met: Any, *, advisory: bool = False) -> Status:  # noqa: ANN401
    """Fail a clause that is not known to apply."""
    return REAL_STATUS(True if applies is None else applies, met, advisory=advisory)


def open_between(value: Any, low: Any, high: Any, span: Any, findings: Any) -> Expression | None:  # noqa: ANN401
    """Resolve `between` without its upper end."""
    above = comparisons_module.compare(">=", value, low, span, findings)
    below = comparisons_module.compare("<", value, high, span, findings)
    return None if above is None or below is None else Expression("and", (above, below), None, BOOL, span)


def overflowing(day: Any, amount: int, unit: str) -> int:  # noqa: ANN401
    """Step 30 days for a month."""
    return min(max(int(day) + amount * (1 if unit == "days" else 30), values.FIRST_DAY), values.LAST_DAY)


def first_clause_fails(self: Evaluation, clause: Any) -> truth.Truth:  # noqa: ANN401
    """Let no guard matter for the first clause of the file."""
    return True if clause is self.model.clauses[0] else truth.all_of(self.value(guard) for guard in clause.guards)


def decided_first(limbs: tuple[Any, ...]) -> Any:  # noqa: ANN401
    """Stop at the first limb that is not false, as `or` of a programming language does."""
    return next((limb for limb in limbs if limb is not False), False)


def strict_pairs(limbs: tuple[Any, ...]) -> Any:  # noqa: ANN401
    """Judge an `and` by its first two limbs."""
    return truth.all_of(limbs[:2])


FAULTS: dict[str, Fault] = {
    "or takes unknown as false": Fault(staying("alternatives"), {"or": rule(lambda _e, *limbs: True in limbs)}),
    "and takes unknown as true": Fault(
        staying_in(GUARDED, "must a and b"), {"and": rule(lambda _e, *limbs: False not in limbs)}
    ),
    "not takes unknown as false": Fault(staying("alternatives"), {"not": rule(lambda _e, limb: not limb)}),
    "at least counts unknown as false": Fault(
        staying("alternatives", "at least 2 of ({b}, {b}, {b})"),
        {"at_least": rule(lambda e, *limbs: limbs.count(True) >= e.data)},
    ),
    "includes takes unknown as absent": Fault(
        staying("alternatives", "rooms includes all", "rooms includes { big, dark } or {b}"),
        {
            "includes": rule(
                lambda e, members: all(
                    truth is True
                    for truth, member in zip(members, e.operands[0].type.members, strict=True)
                    if member.name in e.data
                )
            )
        },
    ),
    "present counts unknown as absent": Fault(
        staying("alternatives", "count(rooms) {k} {n}"),
        {"present": rule(lambda _e, members: Interval(members.count(True), members.count(True)))},
    ),
    "in takes unknown as outside": Fault(
        staying("alternatives", "site in { own, rented } and {b}"),
        {"in": rule(lambda e, *items: semantics._in(e, *items) is True)},
    ),
    "a missing number is 0": Fault(
        staying_in(MARKED, "must any(t.hours >= 3 for t in teachers)"),
        owner=values,
        attribute="possible",
        replacement=missing_is_zero,
    ),
    "a missing choice is the first": Fault(
        staying("unknown selectors"), owner=values, attribute="possible", replacement=missing_is_first
    ),
    "if takes the first branch when unknown": Fault(
        staying("unknown selectors"), owner=Evaluation, attribute="choices", replacement=first_choice
    ),
    "a missing list is empty": Fault(
        staying("empty lists"), owner=Evaluation, attribute="elements", replacement=missing_is_empty
    ),
    "a doubtful element is in the filter": Fault(
        staying("open filters", "count(t for t in teachers where {f}) {k} {n}"),
        owner=Evaluation,
        attribute="elements",
        replacement=doubtful_is_in,
    ),
    "sum drops possible elements": Fault(
        staying("open filters", "sum(t.hours for t in teachers where {f}) {k} {n}"),
        {"sum": of_elements(lambda certain, _maybe, e: values.total(certain, [], e))},
    ),
    "count drops possible elements": Fault(
        staying("open filters", "count(t for t in teachers where {f}) {k} {n}"),
        {"count": of_elements(lambda certain, _maybe, e: values.number(certain, [], e))},
    ),
    "min drops possible elements": Fault(
        staying_in(MARKED, "must min(t.hours for t in teachers where t.senior) >= 3"),
        {"min": of_elements(lambda certain, _maybe, e: values.least(certain, [], e))},
    ),
    "max drops possible elements": Fault(
        staying_in(MARKED, "must max(t.hours for t in teachers where t.senior) >= 3"),
        {"max": of_elements(lambda certain, _maybe, e: values.greatest(certain, [], e))},
    ),
    "any takes a possible element as certain": Fault(
        staying("open filters", "any({f} for t in teachers where {f})"),
        {"any": of_elements(lambda certain, maybe, _e: truth.any_of([*certain, *maybe]))},
    ),
    "average drops possible elements": Fault(
        staying_in(MARKED, "must average(t.hours for t in teachers where t.senior) >= 3"),
        {"average": of_elements(lambda certain, _maybe, e: values.mean(certain, [], e))},
    ),
    "average takes possible elements as certain": Fault(
        staying("averages", "average(t.hours for t in teachers where {f}) {k} {n}"),
        {"average": of_elements(lambda certain, maybe, e: values.mean(certain + maybe, [], e))},
    ),
    "distinct counts unknown keys as different": Fault(
        staying("distinct counts", "count(distinct t.degree for t in teachers) {k} {n}"),
        {"distinct": of_elements(different_unless_known)},
    ),
    "distinct leaves out unknown keys": Fault(
        staying("distinct counts", "count(distinct t.degree for t in teachers) {k} {n}"),
        {"distinct": of_elements(known_keys_only)},
    ),
    "the lowest of nothing is 0": Fault(
        staying("open filters", "min(t.hours for t in teachers where {f}) {k} {n}"),
        {
            "min": of_elements(
                lambda certain, maybe, e: (
                    values.least(certain, maybe, e)
                    if certain
                    else values.ZERO
                    if e.type.kind == "number"
                    else values.unknown(e.type)
                )
            )
        },
    ),
    "rises skips blank years": Fault(
        staying("series with gaps", "rises(one)", "falls(one)"),
        owner=Series,
        attribute="rises",
        replacement=skips_blanks,
    ),
    "an unknown year is the last": Fault(
        staying("series with gaps", "one[assessed_year] {k} {n}", "share[assessed_year] {k} {n}%"),
        owner=Series,
        attribute="at",
        replacement=nearest_year,
    ),
    "an average leaves out blank years": Fault(
        staying("series with gaps", "average(one, 2) {k} {n}"),
        owner=Series,
        attribute="average",
        replacement=known_years_only,
    ),
    "a blank year is 0": Fault(
        staying("series with gaps", "latest(one) {k} {n}", "rises(one)"),
        owner=values,
        attribute="possible",
        replacement=blank_is_zero,
    ),
    "a quotient looks at the ends alone": Fault(
        staying_in(DIVIDED, "must above / below >= 1"),
        {"/": rule(lambda _e, above, below: values.lifted(ends_only)(above, below))},
    ),
    "a fact that may not exist exists": Fault(
        staying_in(DOUBTFUL, "must spare >= 3"),
        owner=Evaluation,
        attribute="fact",
        replacement=ignores_absence,
    ),
    "a fact that does not exist is unknown": Fault(
        known("conditional facts"), owner=values, attribute="absent", replacement=absent_is_unknown
    ),
    "conditions of facts are ignored": Fault(
        known("conditional facts"), owner=Evaluation, attribute="fact", replacement=never_absent
    ),
    "what may not exist is compared": Fault(
        staying_in(DOUBTFUL, "must opened >= 0001-01-01", "must grade >= low"),
        owner=values,
        attribute="compare",
        replacement=absent_compares,
    ),
    "a clause fails that may not apply": Fault(
        staying_in(GUARDED, "when a must b"), owner=results, attribute="status", replacement=without_guard
    ),
    "passes takes unknown as true": Fault(
        staying_in(GUARDED, "when a must b", "must passes(c0)"),
        {"passes": lambda evaluation, e, environment: semantics._passes(evaluation, e, environment) is not False},
    ),
    "the order of clauses matters": Fault(ORDER, owner=Evaluation, attribute="applies", replacement=first_clause_fails),
    "sides are rounded before they are compared": Fault(
        CLOSE, owner=values, attribute="compare", replacement=rounded_first
    ),
    "quotients are floating point": Fault(
        RATIOS, {"/": rule(lambda _e, above, below: values.lifted(floating)(above, below))}
    ),
    "halves are rounded to even": Fault(
        HALVES,
        {
            "round": rule(
                lambda _e, number: number.mapped(
                    lambda end: Fraction(round(end)) if not isinstance(end, float) else end
                )
            )
        },
    ),
    "a month has 30 days": Fault(STEPS, owner=values, attribute="_step", replacement=overflowing),
    "or stops at the first limb that is not false": Fault(
        equation("or commutes"), {"or": rule(lambda _e, *limbs: decided_first(limbs))}
    ),
    "and looks at two limbs": Fault(
        equation("a chain of and is flat"), {"and": rule(lambda _e, *limbs: strict_pairs(limbs))}
    ),
    "or looks at two limbs": Fault(
        equation("a chain of or is flat"), {"or": rule(lambda _e, *limbs: truth.any_of(limbs[:2]))}
    ),
    "and of an unknown limb is the other one": Fault(
        equation("and associates"),
        {"and": rule(lambda _e, *limbs: (True in limbs or None) if None in limbs else False not in limbs)},
    ),
    "or of unknown limbs is false": Fault(equation("De Morgan, and"), {"or": rule(lambda _e, *limbs: True in limbs)}),
    "and of unknown limbs is false": Fault(
        equation("De Morgan, or"), {"and": rule(lambda _e, *limbs: set(limbs) == {True})}
    ),
    "not of unknown is true": Fault(equation("double negation"), {"not": rule(lambda _e, limb: limb is not True)}),
    "an implication needs its condition": Fault(
        equation("if of conditions"),
        {
            "if": lambda evaluation, e, environment: (
                evaluation.value(e.operands[0], environment) and evaluation.value(e.operands[1], environment)
            )
        },
    ),
    "two of three are one": Fault(
        equation("at least two"), {"at_least": rule(lambda e, *limbs: truth.at_least(max(1, e.data - 1), limbs))}
    ),
    "at least is above": Fault(
        equation("at most is at least reversed"),
        {">=": rule(lambda _e, left, right: values.compare(">", left, right))},
    ),
    "between leaves out its end": Fault(
        equation("between"), owner=comparisons_module, attribute="between", replacement=open_between, while_drawing=True
    ),
    "all over no element is false": Fault(
        equation("all is none that is not"),
        {
            "all": lambda evaluation, e, environment: (
                False if evaluation.elements(e, environment) == [] else semantics._all(evaluation, e, environment)
            )
        },
    ),
    "a filter of any is forgotten": Fault(
        equation("a filter of any is a limb"), {"any": of_elements(lambda certain, _maybe, _e: truth.any_of(certain))}
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_fault_is_caught(name: str) -> None:
    """The law fails on one of a bounded number of examples, the same ones every time, and holds on it without the fault."""
    fault = FAULTS[name]

    def breaks(example: Any) -> bool:  # noqa: ANN401
        with fault.installed():
            try:
                fault.law.check(example)
            except AssertionError:
                return True
        return False

    with fault.installed() if fault.while_drawing else nullcontext():
        caught = find(fault.law.drawn(), breaks, settings=SEARCH)  # raises where no example breaks the law

    if not fault.while_drawing:
        fault.law.check(caught)
