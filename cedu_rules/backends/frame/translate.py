"""Expressions of the model into truths and numbers over columns, operator by operator, as `semantics` defines them.

What has no form over columns raises `NoFastForm`; the rows are then answered by the reference. An expression that reads
no fact is evaluated by the reference here and now.
"""

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from types import SimpleNamespace
from typing import Any, TypeAlias

from attrs import define, field, frozen

from cedu_rules import values
from cedu_rules.backends.frame import columns, numbers, terms
from cedu_rules.backends.frame.combining import key_of, multiplied, no_words, of_series, year_by_year
from cedu_rules.backends.frame.facts import Facts, Members, Years
from cedu_rules.backends.frame.leaves import Choice, Day, Measure, Text, compare_quantities, number_of, quantity
from cedu_rules.backends.frame.lists import ListPlan
from cedu_rules.backends.frame.numbers import Number, Term, somewhere
from cedu_rules.backends.frame.terms import NoFastForm, Truth
from cedu_rules.model.graph import walk
from cedu_rules.model.ir import COMPARISONS, Clause, Expression, Model
from cedu_rules.semantics import Evaluation
from cedu_rules.truth import Interval, Options

Value: TypeAlias = Any
_READING = {"fact", "field", "variable", "exists", "passes", "let"}
_PAIRS_LIMIT = 8


@frozen(eq=False)
class Scope:
    """Whose facts are read: of the institution, or of the element of a list that goes by `variables`."""

    facts: Facts
    variables: frozenset[str] = frozenset()


@define(eq=False)
class Translator:
    """Translates the expressions of one standard for frames of one layout."""

    model: Model
    assessed_on: date | None
    facts: Facts
    lists: dict[str, ListPlan]
    _lets: dict[tuple[int, str], Value] = field(factory=dict)
    _clauses: dict[str, tuple[Truth, Truth]] = field(factory=dict)
    _constant: dict[str, bool] = field(factory=dict)

    def truth(self, expression: Expression, scope: Scope | None = None) -> Truth:
        """Return a condition."""
        return self.value(expression, scope or Scope(self.facts))

    def clause(self, clause: Clause) -> tuple[Truth, Truth]:
        """Return whether the clause does not apply, and whether it holds: true for pass and not applicable."""
        if clause.id not in self._clauses:
            applies = terms.all_of(self.truth(guard) for guard in clause.guards)
            modality = "should" if clause.advisory else "must"
            met = terms.all_of(self.truth(each.condition) for each in clause.requirements if each.modality == modality)
            self._clauses[clause.id] = terms.negate(applies), terms.any_of((terms.negate(applies), met))
        return self._clauses[clause.id]

    def value(self, expression: Expression, scope: Scope) -> Value:
        """Return what is known of the value of an expression."""
        if self._is_constant(expression):
            return self._evaluated(expression)
        rule = _RULES.get(expression.operator)
        if rule is None:
            raise NoFastForm(expression.operator)
        return rule(self, expression, scope)

    # --- what is the same in every row ---

    def _is_constant(self, expression: Expression) -> bool:
        for part in walk(expression):
            if part.operator == "let" and not part.operands:
                name = str(part.data)
                if name not in self._constant:
                    self._constant[name] = self._is_constant(self.model.lets_by_name[name].value)
                if not self._constant[name]:
                    return False
            elif part.operator in _READING:
                return False
        return True

    def _evaluated(self, expression: Expression) -> Value:
        value = Evaluation(self.model, SimpleNamespace(), self.assessed_on).value(expression)
        match value:
            case Interval() if expression.type.kind == "date":
                return Day(None, value)
            case Interval() if value.point is not None and value.exists is True:
                return quantity(Fraction(value.point))
            case Interval() if value.exists is True:
                return somewhere(value)
            case Options(values=frozenset() as found) if len(found) == 1 and value.exists is True:
                (only,) = found
                if isinstance(only, str):
                    return Text(columns.lit(only))
                return Choice(None, no_words(expression.type), member=only)
            case bool() | None:
                return value
        raise NoFastForm("constant")

    # --- facts ---

    def read(self, expression: Expression, scope: Scope) -> Value:
        """Return the value of a fact or field."""
        return self.owner(expression, scope).value(str(expression.data))

    def owner(self, expression: Expression, scope: Scope) -> Facts:
        """Return whose fact is read."""
        if expression.operands:
            element = expression.operands[0]
            if element.operator != "variable" or str(element.data) not in scope.variables:
                raise NoFastForm("an element of another list")
        elif scope.variables:
            raise NoFastForm("a fact of the institution inside a list")
        return scope.facts

    def let(self, expression: Expression, scope: Scope) -> Value:
        """Return the value of a let."""
        key = id(scope.facts), str(expression.data)
        if key not in self._lets:
            self._lets[key] = self.value(*self.let_in_scope(expression, scope))
        return self._lets[key]

    def let_in_scope(self, expression: Expression, scope: Scope) -> tuple[Expression, Scope]:
        """Return the expression that a let names, and the scope to translate it in."""
        name = str(expression.data)
        self.owner(expression, scope)
        if not expression.operands:
            return self.model.lets_by_name[name].value, scope
        record = self.model.records_by_name[expression.operands[0].type.name]
        return record.lets_by_name[name].value, Scope(scope.facts, frozenset({""}))

    def existence(self, expression: Expression, scope: Scope) -> Truth:
        """Return whether a value exists."""
        match expression.operator:
            case "fact" | "field":
                return self.owner(expression, scope).existence(str(expression.data))
            case "let":
                return self.existence(*self.let_in_scope(expression, scope))
            case "if" | "by":
                raise NoFastForm("existence of a choice")
            case "step" | "days_between" | "year":
                days = [part for part in expression.operands if part.type.kind == "date"]
                return terms.all_of(self.existence(day, scope) for day in days)
        return True

    # --- conditions ---

    def passes(self, expression: Expression, scope: Scope) -> Truth:
        """Return whether a clause passes or does not apply."""
        if scope.variables:
            raise NoFastForm("a clause inside a list")
        return self.clause(self.model.clauses_by_id[str(expression.data)])[1]

    def compare(self, expression: Expression, scope: Scope) -> Truth:
        """Return a comparison."""
        left, right = (self.value(operand, scope) for operand in expression.operands)
        return self.compared(expression.operator, left, right)

    def compared(self, operator: str, left: Value, right: Value) -> Truth:
        """Return the comparison of two values of one type."""
        if isinstance(left, (Number, Measure)) and isinstance(right, (Number, Measure)):
            return compare_quantities(operator, left, right)
        if isinstance(left, (Day, Choice)) and isinstance(right, (Day, Choice)):
            return terms.all_of((left.exists, right.exists, left.against(operator, right)))  # type: ignore[arg-type]
        if isinstance(left, Text) and isinstance(right, Text):
            return terms.all_of((left.exists, right.exists, left.column == right.column))
        if left is None or right is None:
            return None
        if isinstance(left, bool):
            left, right = right, left
        if isinstance(right, bool):
            return left if right is True else terms.negate(left)
        return left == right

    def within(self, expression: Expression, scope: Scope) -> Truth:
        """Return `in`."""
        value, *listed = (self.value(operand, scope) for operand in expression.operands)
        if isinstance(value, Choice):
            members = frozenset(item.member for item in listed)
            return terms.all_of((value.exists, value.among(members)))
        return terms.any_of(self.compared("=", value, item) for item in listed)

    def includes(self, expression: Expression, scope: Scope) -> Truth:
        """Return `includes`."""
        held = self._members(expression, scope)
        names = [member.name for member in expression.operands[0].type.members]
        wanted = expression.data
        return terms.all_of(truth for truth, name in zip(held, names, strict=True) if name in wanted)  # type: ignore[operator]

    def present(self, expression: Expression, scope: Scope) -> Number:
        """Return how many members there are."""
        truths = self._members(expression, scope)
        low, high = terms.members(list(truths))
        known = columns.when(low == high).then(low)
        ends = [Term(column, Fraction(1), len(truths) + 1) for column in (known, low, high)]
        return Number(ends[0], ends[1], ends[2], Fraction(0))

    def _members(self, expression: Expression, scope: Scope) -> tuple[Truth, ...]:
        held = self.value(expression.operands[0], scope)
        if not isinstance(held, Members):
            raise NoFastForm("set")
        return held.truths

    # --- choices between values ---

    def chosen(self, condition: Truth, yes: Value, no: Value) -> Value:
        """Return `yes` or `no`, or what both may be."""
        if isinstance(yes, (Number, Measure)) and isinstance(no, (Number, Measure)):
            return numbers.hull(condition, number_of(yes), number_of(no))
        if isinstance(yes, (Day, Choice, Text, Years, Members)):
            raise NoFastForm("choice of such values")
        return terms.select(condition, yes, no)

    def if_(self, expression: Expression, scope: Scope) -> Value:
        """Return `if`."""
        condition, yes, no = expression.operands
        return self.chosen(self.truth(condition, scope), self.value(yes, scope), self.value(no, scope))

    def by(self, expression: Expression, scope: Scope) -> Value:
        """Return `by`, from the last row to the first."""
        selector, *cells = expression.operands
        operators = tuple(expression.data) if isinstance(expression.data, tuple) else ()
        tested = self.value(selector, scope)
        rows = list(zip(operators, cells[::2], cells[1::2], strict=False))
        left = cells[2 * len(operators) :]
        last: Truth = True
        if not left:  # the rows leave no gap: where no later one fits, the one that is reached does
            operator, bound, value = rows.pop()
            left, last = [value], self.compared(operator, tested, self.value(bound, scope))
        found = self.value(left[0], scope)
        fits = [self.compared(operator, tested, self.value(bound, scope)) for operator, bound, _ in rows]
        nothing_later: Truth = terms.negate(last)
        for (_, _, value), fit in zip(reversed(rows), reversed(fits), strict=True):
            found = self.chosen(terms.any_of((fit, nothing_later)), self.value(value, scope), found)
            nothing_later = terms.all_of((terms.negate(fit), nothing_later))
        return found

    # --- arithmetic ---

    def plus(self, expression: Expression, scope: Scope) -> Value:
        """Return a sum of numbers."""
        first, *rest = (self._number(operand, scope) for operand in expression.operands)
        total = number_of(first)
        for each in rest:
            total = numbers.plus(total, number_of(each))
        return total

    def times(self, expression: Expression, scope: Scope) -> Value:
        """Return a product of numbers."""
        total, *rest = (self._number(operand, scope) for operand in expression.operands)
        for each in rest:
            total = multiplied(total, each)
        return total

    def over(self, expression: Expression, scope: Scope) -> Value:
        """Return a quotient, of series year by year."""
        above, below = (self.value(operand, scope) for operand in expression.operands)
        if isinstance(above, Years) and isinstance(below, Years):
            return year_by_year(above, below)
        if isinstance(above, Years) or isinstance(below, Years):
            raise NoFastForm("a series and a number")
        return numbers.quotient(number_of(above), number_of(below))

    def _number(self, expression: Expression, scope: Scope) -> Number | Measure:
        value = self.value(expression, scope)
        if not isinstance(value, (Number, Measure)):
            raise NoFastForm("arithmetic of series")
        return value

    def extreme(self, expression: Expression, scope: Scope) -> Number:
        """Return `min(x, y)` or `max(x, y)` of numbers."""
        if expression.type.kind != "number":
            raise NoFastForm("the lowest of days or levels")
        items = [number_of(self._number(operand, scope)) for operand in expression.operands]
        return numbers.lowest(items) if expression.operator == "lowest" else numbers.highest(items)

    # --- days and series ---

    def step(self, expression: Expression, scope: Scope) -> Day:
        """Return a day so many days or months later."""
        day, amount = (self.value(operand, scope) for operand in expression.operands)
        unit = expression.operands[1].type.dimension[0][0]
        if not isinstance(amount, Number) or not amount.known.is_constant or amount.known.factor.denominator != 1:
            raise NoFastForm("a step that is no constant")
        number = int(amount.known.factor)
        moved: Day = day.mapped(lambda start: values._step(start, number, unit))
        return moved

    def days_between(self, expression: Expression, scope: Scope) -> Number:
        """Return how many days lie between two."""
        later, earlier = (self.value(operand, scope).number() for operand in expression.operands)
        return numbers.plus(later, earlier.scaled(Fraction(-1)))

    def at(self, expression: Expression, scope: Scope) -> Value:
        """Return the value of a year of a series."""
        series, year = (self.value(operand, scope) for operand in expression.operands)
        known = year.known.factor if isinstance(year, Number) and year.always and year.known.is_constant else None
        if known is None and not self._is_constant(expression.operands[1]):
            raise NoFastForm("a year that is not the same in every row")
        inside = known is not None and known.denominator == 1 and bool(series.values)
        if inside and known is not None and series.first <= known <= series.last:
            return of_series(series, series.values[int(known) - series.first])
        return of_series(series, series.other)

    def rises(self, expression: Expression, scope: Scope) -> Truth:
        """Return whether a series rises or falls."""
        series = self.value(expression.operands[0], scope)
        if len(series.values) > _PAIRS_LIMIT:
            raise NoFastForm("a long series")
        listed = list(series.values) if expression.operator == "rises" else list(reversed(series.values))
        pairs = [(later, earlier) for index, later in enumerate(listed) for earlier in listed[:index]]
        answer = terms.all_of(compare_quantities(">", later, earlier) for later, earlier in pairs) if pairs else None
        if series.given is False or terms.is_constant(answer):
            answer = None
        return terms.all_of((series.exists, answer if answer is None else columns.when(series.given).then(answer)))

    def latest(self, expression: Expression, scope: Scope) -> Value:
        """Return the last value of a series."""
        series = self.value(expression.operands[0], scope)
        return of_series(series, series.values[-1] if series.values else series.other)

    def aggregate(self, expression: Expression, scope: Scope) -> Value:
        """Return an aggregate over a list of the institution."""
        source, where = expression.operands[:2]
        if source.operator != "fact" or source.operands or scope.variables:
            raise NoFastForm("nested lists")
        plan = self.lists[str(source.data)]
        inner = Scope(plan.elements, frozenset({str(expression.data)}))
        sure = self.truth(where, inner)
        match expression.operator:
            case "count":
                return plan.number(sure)
            case "sum":
                return plan.sum(sure, number_of(self._number(expression.operands[2], inner)))
            case "all":
                return plan.every(sure, self.truth(expression.operands[2], inner))
            case "any":
                return plan.some(sure, self.truth(expression.operands[2], inner))
            case "min" | "max":
                body = number_of(self._number(expression.operands[2], inner))
                return plan.extreme(sure, body, least=expression.operator == "min")
            case "average":
                body = number_of(self._number(expression.operands[2], inner))
                return plan.average(sure, body, self.facts.guards)
            case "distinct":
                return plan.distinct(sure, key_of(self.value(expression.operands[2], inner)))
        raise NoFastForm(expression.operator)


Rule: TypeAlias = Callable[[Translator, Expression, Scope], Value]

_RULES: dict[str, Rule] = {
    "fact": Translator.read,
    "field": Translator.read,
    "let": Translator.let,
    "exists": lambda translator, e, scope: translator.existence(e.operands[0], scope),
    "passes": Translator.passes,
    "not": lambda translator, e, scope: terms.negate(translator.value(e.operands[0], scope)),
    "and": lambda translator, e, scope: terms.all_of(translator.value(operand, scope) for operand in e.operands),
    "or": lambda translator, e, scope: terms.any_of(translator.value(operand, scope) for operand in e.operands),
    "at_least": lambda translator, e, scope: terms.at_least(
        int(str(e.data)), [translator.value(operand, scope) for operand in e.operands]
    ),
    **dict.fromkeys(COMPARISONS, Translator.compare),
    "in": Translator.within,
    "includes": Translator.includes,
    "present": Translator.present,
    "if": Translator.if_,
    "by": Translator.by,
    "+": Translator.plus,
    "*": Translator.times,
    "/": Translator.over,
    "-": lambda translator, e, scope: number_of(translator._number(e.operands[0], scope)).scaled(Fraction(-1)),
    "lowest": Translator.extreme,
    "highest": Translator.extreme,
    "step": Translator.step,
    "days_between": Translator.days_between,
    "year": lambda translator, e, scope: translator.value(e.operands[0], scope).number(year=True),
    "at": Translator.at,
    "rises": Translator.rises,
    "falls": Translator.rises,
    "latest": Translator.latest,
    **dict.fromkeys(("all", "any", "average", "count", "distinct", "max", "min", "sum"), Translator.aggregate),
}

OPERATORS = frozenset(_RULES) | {"constant", "assessed_on"}
"""What has a form over columns, at least on facts; everything else is answered by the reference."""
