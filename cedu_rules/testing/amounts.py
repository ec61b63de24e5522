"""Numbers, days and series into sums of what is not chosen yet, deciding on the way what such a sum needs to be one."""

from abc import abstractmethod
from collections.abc import Callable, Mapping
from datetime import date
from fractions import Fraction
from typing import TypeAlias

from cedu_rules.model.ir import Expression
from cedu_rules.model.types import Type
from cedu_rules.testing.chances import Conflict
from cedu_rules.testing.grounds import Environment, Grounds
from cedu_rules.testing.linear import ONE, Linear, Quotient, known
from cedu_rules.truth import Interval, rounded
from cedu_rules.units import ONE as NO_UNIT
from cedu_rules.values import constant, later

Years: TypeAlias = Mapping[int, Quotient]

_WHOLE = Type("number", whole=True, unit=NO_UNIT)
_HALF = Fraction(1, 2)


class Amounts(Grounds):
    """Reads numbers, days and series."""

    @abstractmethod
    def chosen_elements(self, expression: Expression, environment: Environment) -> list[Environment]:
        """Return the elements that are in the filter of an aggregate, the others being kept out of it."""

    def number(self, expression: Expression, environment: Environment) -> Quotient | None:
        """Return a number or day as a quotient of sums; None for a day that does not exist.

        Raises:
            Conflict: it cannot be, or is none that this construction knows how to reach.
        """
        rule = _RULES.get(expression.operator)
        if rule is None:
            raise Conflict
        return rule(self, expression, environment)

    def certain(self, expression: Expression, environment: Environment) -> Quotient:
        """Return a number or day that exists."""
        found = self.number(expression, environment)
        if found is None:
            raise Conflict
        return found

    def whole(self, expression: Expression, environment: Environment) -> Linear:
        """Return a number as a sum, choosing what is divided by."""
        found = self.certain(expression, environment)
        return found.above if found.is_whole else self.divided(found)

    def divided(self, number: Quotient) -> Linear:
        """Return a quotient as a sum, choosing what is divided by."""
        below = self.sheet.value(number.below)
        if not below:
            raise Conflict
        return number.above.times(1 / below)

    def difference(self, left: Quotient, right: Quotient) -> Linear:
        """Return a sum that has the sign of `left - right`, choosing what it needs to be one."""
        if left.below == right.below:
            return left.above.minus(right.above)
        if not left.below.terms and not right.below.terms:
            return self.divided(left).minus(self.divided(right))
        if not right.above.terms and not right.below.terms:
            return left.above.minus(left.below.times(right.above.constant / right.below.constant))
        if not left.above.terms and not left.below.terms:
            return right.below.times(left.above.constant / left.below.constant).minus(right.above)
        return self.divided(left).minus(self.divided(right))

    # --- the rules ---

    def _fact(self, expression: Expression, environment: Environment) -> Quotient | None:
        fact, place = self.declaration(expression, environment)
        if self.exists(fact, place):
            return Quotient(self.sheet.number(self.spot(fact, place), fact.type))
        if fact.otherwise is not None:
            return known(constant(fact.otherwise).low)
        return None if fact.type.kind == "date" else known(0)

    def _day(self, _expression: Expression, _environment: Environment) -> Quotient:
        if self.day is None:
            raise Conflict  # nobody knows the day, whatever the facts are
        return known(self.day.toordinal())

    def _sum(self, expression: Expression, environment: Environment) -> Quotient:
        numbers = [self.certain(operand, environment) for operand in expression.operands]
        return self.added(numbers)

    def added(self, numbers: list[Quotient]) -> Quotient:
        """Return the sum of numbers."""
        total = known(0) if len(numbers) != 1 else numbers[0]
        for number in numbers if len(numbers) > 1 else []:
            same = total.below == number.below
            below = total.below if same else ONE
            one, other = (total.above, number.above) if same else (self.divided(total), self.divided(number))
            total = Quotient(one.plus(other), below)
        return total

    def times(self, left: Quotient, right: Quotient) -> Quotient:
        """Return the product; of two open sums one is chosen now."""
        one, other = (left, right) if not left.above.terms else (right, left)
        factor = self.sheet.value(one.above) / (self.sheet.value(one.below))
        return Quotient(other.above.times(factor), other.below)

    def over(self, left: Quotient, right: Quotient) -> Quotient:
        """Return the quotient; what is divided by has to be positive."""
        below = right.above
        self.sheet.at_least_zero(below, strict=True)
        if not right.is_whole:
            return self.times(left, Quotient(self.divided(Quotient(right.below, Linear(self.sheet.value(below))))))
        if not below.terms:
            return Quotient(left.above.times(1 / below.constant), left.below)
        return Quotient(left.above if left.is_whole else self.divided(left), below)

    def _absolute(self, expression: Expression, environment: Environment) -> Quotient:
        row = self.whole(expression.operands[0], environment)
        sign = (1, -1)[self.chance.pick(2)]
        signed = row.times(Fraction(sign))
        self.sheet.at_least_zero(signed)
        return Quotient(signed)

    def _rounded(self, expression: Expression, environment: Environment) -> Quotient:
        """Return a new whole number, held next to the one that is rounded."""
        row = self.whole(expression.operands[0], environment)
        if not row.terms:
            return known(Fraction(rounded(row.constant, expression.operator)))
        spot = ((), "", f"rounded {len(self.sheet.numbers)}")
        number = self.sheet.number(spot, _WHOLE)
        above = {"ceil": Fraction(1), "floor": Fraction(0), "round": _HALF}[expression.operator]
        self.sheet.at_least_zero(row.minus(number).plus(Linear(above)), strict=expression.operator == "ceil")
        self.sheet.at_least_zero(number.minus(row).plus(Linear(1 - above)), strict=expression.operator != "ceil")
        return Quotient(number)

    def extreme(self, items: list[Linear], sign: int) -> Quotient:
        """Return the lowest (1) or highest (-1) of the numbers, and hold the others on their side of it."""
        if not items:
            raise Conflict
        chosen = items[self.chance.pick(len(items))]
        for item in items:
            if item is not chosen:
                self.sheet.at_least_zero(item.minus(chosen).times(Fraction(sign)))
        return Quotient(chosen)

    def _extreme(self, expression: Expression, environment: Environment) -> Quotient:
        items = [self.whole(operand, environment) for operand in expression.operands]
        return self.extreme(items, 1 if expression.operator == "lowest" else -1)

    def _chosen(self, expression: Expression, environment: Environment) -> Quotient | None:
        first, *cells = expression.operands
        if expression.operator == "if":
            return self.number(cells[0 if self.branch(first, environment) else 1], environment)
        return self.number(self.row_of_table(expression, environment), environment)

    @abstractmethod
    def row_of_table(self, expression: Expression, environment: Environment) -> Expression:
        """Return the value of `by` that applies, and see to it that it does."""

    def _aggregate(self, expression: Expression, environment: Environment) -> Quotient:
        inner = self.chosen_elements(expression, environment)
        if expression.operator == "count":
            return known(len(inner))
        if not inner and expression.operator != "sum":
            raise self.too_few(expression.operands[0], environment)
        bodies = [self.whole(expression.operands[-1], each) for each in inner]
        if expression.operator in {"min", "max"}:
            return self.extreme(bodies, 1 if expression.operator == "min" else -1)
        total = self.added([Quotient(body) for body in bodies])
        if expression.operator == "sum":
            return total
        return Quotient(total.above.times(Fraction(1, len(bodies))))

    def _year(self, expression: Expression, environment: Environment) -> Quotient:
        day = self.whole(expression.operands[0], environment)
        if not day.terms:
            return known(date.fromordinal(int(day.constant)).year)
        newest = self.last_year()
        year = newest - (0, 1, -1, 2, 3, 5, 10)[self.chance.pick(7)]
        self.sheet.at_least_zero(day.minus(Linear(Fraction(date(year, 1, 1).toordinal()))))
        self.sheet.at_least_zero(Linear(Fraction(date(year, 12, 31).toordinal())).minus(day))
        return known(year)

    def _step(self, expression: Expression, environment: Environment) -> Quotient:
        day, amount = (self.whole(operand, environment) for operand in expression.operands)
        if expression.operands[1].type.dimension[0][0] == "days":
            return Quotient(day.plus(amount))
        start, months = self.sheet.value(day), self.sheet.value(amount)
        return known(later(Interval(start, start), Interval(months, months), "months").low)  # type: ignore[arg-type]  # a day

    # --- series ---

    def series(self, expression: Expression, environment: Environment) -> Years | None:
        """Return the numbers of the years; None for a series that does not exist.

        Raises:
            Conflict: it cannot be.
        """
        match expression.operator:
            case "fact" | "field":
                fact, place = self.declaration(expression, environment)
                element = fact.type.element
                if element is None or not self.exists(fact, place):
                    return None
                return {
                    year: Quotient(self.sheet.number(self.spot(fact, place, year), element))
                    for year in self.years(fact, place)
                }
            case "let":
                return self.series(*self.let(expression, environment))
            case "if":
                taken = 1 if self.branch(expression.operands[0], environment) else 2
                return self.series(expression.operands[taken], environment)
            case "+" | "*" | "/" | "-":
                return self._yearly(expression, environment)
        raise Conflict

    def _yearly(self, expression: Expression, environment: Environment) -> Years:
        operands = [
            self.series(operand, environment) if operand.type.kind == "series" else self.certain(operand, environment)
            for operand in expression.operands
        ]
        listed = [operand for operand in operands if isinstance(operand, Mapping)]
        if None in operands or not listed:
            raise Conflict
        found: dict[int, Quotient] = {}
        for year in sorted(set.intersection(*(set(each) for each in listed)), reverse=True):
            parts = [part[year] if isinstance(part, Mapping) else part for part in operands if part is not None]
            found[year] = self._combined(expression.operator, parts)
        return dict(sorted(found.items()))

    def _combined(self, operator: str, parts: list[Quotient]) -> Quotient:
        if operator == "+":
            return self.added(parts)
        if operator == "-":
            return Quotient(parts[0].above.times(Fraction(-1)), parts[0].below)
        result = parts[0]
        for part in parts[1:]:
            result = self.times(result, part) if operator == "*" else self.over(result, part)
        return result

    def _of_series(self, expression: Expression, environment: Environment) -> Quotient:
        years = self.series(expression.operands[0], environment)
        if years is None:
            return known(0)
        if expression.operator == "latest":
            return years[max(years)]
        if expression.operator == "at":
            year = self.sheet.value(self.whole(expression.operands[1], environment))
            if year not in years:
                raise self.too_few_years(max(1, min(years) - int(year)))
            return years[int(year)]
        wanted = [max(years) - back for back in range(int(expression.data))]  # type: ignore[arg-type]  # a number of years
        if not years.keys() >= set(wanted):
            raise self.too_few_years(len(wanted) - len(years))
        total = self.added([years[year] for year in wanted])
        return Quotient(total.above.times(Fraction(1, len(wanted))), total.below)


def _let(amounts: Amounts, expression: Expression, environment: Environment) -> Quotient | None:
    return amounts.number(*amounts.let(expression, environment))


def _combination(amounts: Amounts, expression: Expression, environment: Environment) -> Quotient:
    parts = [amounts.certain(operand, environment) for operand in expression.operands]
    return amounts._combined(expression.operator, parts)


def _constant(_amounts: Amounts, expression: Expression, _environment: Environment) -> Quotient:
    return known(constant(expression).low)


def _between(amounts: Amounts, expression: Expression, environment: Environment) -> Quotient:
    after, before = (amounts.whole(operand, environment) for operand in expression.operands)
    return Quotient(after.minus(before))


_RULES: dict[str, Callable[[Amounts, Expression, Environment], Quotient | None]] = {
    "constant": _constant,
    "assessed_on": Amounts._day,
    "fact": Amounts._fact,
    "field": Amounts._fact,
    "let": _let,
    "+": Amounts._sum,
    **dict.fromkeys(("*", "/", "-"), _combination),
    "abs": Amounts._absolute,
    **dict.fromkeys(("ceil", "floor", "round"), Amounts._rounded),
    **dict.fromkeys(("lowest", "highest"), Amounts._extreme),
    **dict.fromkeys(("if", "by"), Amounts._chosen),
    **dict.fromkeys(("count", "sum", "min", "max", "average"), Amounts._aggregate),
    "days_between": _between,
    "year": Amounts._year,
    "step": Amounts._step,
    **dict.fromkeys(("latest", "at", "average_of"), Amounts._of_series),
}
