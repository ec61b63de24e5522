"""Conditions into demands on facts: what has to be so that a condition is true, or false.

Nothing is guessed and looked at: an `and` makes demands of all its limbs, an `or` of one, a comparison of the numbers in
it, an aggregate of its elements. Where more than one way is open, `chance` decides; what is known to be impossible by
the demands so far is not offered to it.
"""

from collections.abc import Callable, Iterable
from fractions import Fraction
from functools import partial

from cedu_rules.model.ir import COMPARISONS, Clause, Expression
from cedu_rules.testing.amounts import Amounts
from cedu_rules.testing.chances import Chance, Conflict
from cedu_rules.testing.grounds import NOWHERE, Environment, Setting, Sizes
from cedu_rules.testing.linear import Linear
from cedu_rules.testing.outlook import Outlook
from cedu_rules.truth import Options, Truth

_OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}
_MIRRORED = {"=": "=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_NUMERIC = {"number", "date"}


class Forcer(Amounts):
    """Demands of one institution."""

    def __init__(self, setting: Setting, chance: Chance, sizes: Sizes) -> None:
        super().__init__(setting, chance, sizes)
        self._outlook = Outlook(self)

    def force(self, condition: Expression, wanted: bool, environment: Environment = NOWHERE) -> None:
        """Demand that a condition is true or false.

        Raises:
            Conflict: it cannot be, or is none that this construction knows how to reach.
        """
        truth = self.truth(condition, environment)
        if truth is wanted:
            return
        rule = None if truth is not None else _RULES.get(condition.operator)
        if rule is None:
            raise Conflict
        rule(self, condition, wanted, environment)

    # --- clauses ---

    def force_clause(self, clause: Clause, *, met: bool) -> None:
        """Demand that the clause applies, and that all its requirements are met or that one is not."""
        for guard in clause.guards:
            self.force(guard, True)
        self.force_each(demands(clause), met, NOWHERE)

    def force_no_failure(self, clause: Clause) -> None:
        """Demand that the clause passes or does not apply."""
        leaving = [guard for guard in clause.guards if self.possible(guard, False, NOWHERE)]
        ways: list[Callable[[], None]] = []
        if all(self.possible(guard, True, NOWHERE) for guard in clause.guards):
            ways.append(partial(self.force_clause, clause, met=True))
        self.one_of([*ways, *(partial(self.force, guard, False) for guard in leaving)])

    # --- logic ---

    def force_each(self, limbs: Iterable[Expression], wanted: bool, environment: Environment) -> None:
        """Demand that all limbs are true, or that one of them is not."""
        listed = list(limbs)
        if wanted:
            for limb in listed:
                self.force(limb, True, environment)
        else:
            self._force_one(listed, False, environment)

    def _force_one(self, limbs: list[Expression], wanted: bool, environment: Environment) -> None:
        truths = [self.truth(limb, environment) for limb in limbs]
        if wanted not in truths:
            open_ = [limb for limb, truth in zip(limbs, truths, strict=True) if truth is None]
            self.one_of([partial(self.force, limb, wanted, environment) for limb in open_])

    def _and(self, condition: Expression, wanted: bool, environment: Environment) -> None:
        self.force_each(condition.operands, wanted, environment)

    def _or(self, condition: Expression, wanted: bool, environment: Environment) -> None:
        if wanted:
            self._force_one(list(condition.operands), True, environment)
        else:
            for limb in condition.operands:
                self.force(limb, False, environment)

    def _not(self, condition: Expression, wanted: bool, environment: Environment) -> None:
        self.force(condition.operands[0], not wanted, environment)

    def _at_least(self, condition: Expression, wanted: bool, environment: Environment) -> None:
        limbs, number = condition.operands, int(condition.data)  # type: ignore[arg-type]  # how many
        self.force_some([(limb, environment) for limb in limbs], number if wanted else len(limbs) - number + 1, wanted)

    def force_some(self, limbs: list[tuple[Expression, Environment]], number: int, wanted: bool) -> None:
        """Demand of so many of the conditions that they are true or false, first of those that are so already."""
        truths = [self.truth(*limb) for limb in limbs]
        others = [limb for limb, truth in zip(limbs, truths, strict=True) if truth is None]
        missing = number - sum(truth is wanted for truth in truths)
        if missing > len(others):
            raise Conflict
        if missing <= 0:
            return
        start = self.chance.pick(len(others)) if missing < len(others) else 0
        for condition, environment in (others[start:] + others[:start])[:missing]:
            self.force(condition, wanted, environment)

    def _if(self, condition: Expression, wanted: bool, environment: Environment) -> None:
        first, *cells = condition.operands
        ways: list[Callable[[], None]] = []
        for answer, cell in zip((True, False), cells, strict=True):
            if self.possible(first, answer, environment) and self.possible(cell, wanted, environment):
                ways.append(partial(self._both, first, answer, cell, wanted, environment))
        self.one_of(ways)

    def _both(self, one: Expression, answer: bool, other: Expression, wanted: bool, environment: Environment) -> None:
        self.force(one, answer, environment)
        self.force(other, wanted, environment)

    def _by(self, condition: Expression, wanted: bool, environment: Environment) -> None:
        self.force(self.row_of_table(condition, environment), wanted, environment)

    def row_of_table(self, expression: Expression, environment: Environment) -> Expression:
        """Return the value of `by` that applies, and see to it that it does."""
        selector, *cells = expression.operands
        operators = tuple(expression.data) if isinstance(expression.data, tuple) else ()
        rows = len(operators) + len(cells) % 2
        taken = self.chance.pick(rows)
        for number, operator in enumerate(operators[: taken + 1]):
            test = Expression(operator, (selector, cells[2 * number]), None, expression.type, expression.span)
            self._comparison(test, number == taken, environment)
        return cells[2 * taken + 1] if taken < len(operators) else cells[-1]

    def _let(self, condition: Expression, wanted: bool, environment: Environment) -> None:
        inner, its = self.let(condition, environment)
        self.force(inner, wanted, its)

    def _passes(self, condition: Expression, wanted: bool, _environment: Environment) -> None:
        clause = self.model.clauses_by_id[str(condition.data)]
        if wanted:
            self.force_no_failure(clause)
        else:
            self.force_clause(clause, met=False)

    # --- facts ---

    def _exists(self, condition: Expression, wanted: bool, environment: Environment) -> None:
        fact, place = self.declaration(condition.operands[0], environment)
        if fact.condition is None or fact.otherwise is not None:
            if not wanted:
                raise Conflict
            return
        self.force(fact.condition, wanted, {"": place} if place.owner else NOWHERE)

    def _truth(self, condition: Expression, wanted: bool, environment: Environment) -> None:
        symbol = self.symbol(condition, environment)
        if isinstance(symbol, tuple):
            self.sheet.keep(symbol, lambda option: option is wanted)
        elif bool(symbol) is not wanted:  # a truth that does not exist is false
            raise Conflict

    def _includes(self, condition: Expression, wanted: bool, environment: Environment) -> None:
        source = condition.operands[0]
        while source.operator == "let":
            source, environment = self.let(source, environment)
        fact, place = self.declaration(source, environment)
        if not self.exists(fact, place, always=wanted):
            return
        members = [str(member) for member in condition.data]  # type: ignore[union-attr]  # names of members
        spots = [self.spot(fact, place, member) for member in members]
        open_ = [spot for spot in spots if wanted in self.sheet.options[spot]]
        if not wanted:
            open_ = [open_[self.chance.pick(len(open_))]] if open_ else []
        if len(open_) < (len(spots) if wanted else 1):
            raise Conflict
        for spot in open_:
            self.sheet.keep(spot, lambda option: option is wanted)

    # --- comparisons ---

    def _comparison(self, condition: Expression, wanted: bool, environment: Environment) -> None:
        left, right = condition.operands
        if left.type.kind in _NUMERIC:
            if not self._counted(condition, wanted, environment):
                self._compare_numbers(condition.operator, left, right, wanted, environment)
        elif left.type.kind == "bool":
            answer = self.branch(left, environment)
            self.force(right, answer is wanted, environment)
        else:
            self._compare_symbols(condition.operator, left, right, wanted, environment)

    def _compare_numbers(
        self, operator: str, left: Expression, right: Expression, wanted: bool, environment: Environment
    ) -> None:
        one, other = self.number(left, environment), self.number(right, environment)
        if one is None or other is None:
            if wanted:
                raise Conflict
            return
        self.hold(self.difference(one, other), operator, wanted)

    def hold(self, row: Linear, operator: str, wanted: bool) -> None:
        """Demand that a sum compares with zero as wanted."""
        if operator == "=" and wanted:
            self.sheet.at_least_zero(row)
            self.sheet.at_least_zero(row.times(Fraction(-1)))
            return
        if operator == "=":
            operator = ("<", ">")[self.chance.pick(2)]
        elif not wanted:
            operator = _OPPOSITE[operator]
        signed = row if operator in {">", ">="} else row.times(Fraction(-1))
        self.sheet.at_least_zero(signed, strict=operator in {"<", ">"})

    def _counted(self, condition: Expression, wanted: bool, environment: Environment) -> bool:
        """Demand as many elements or members as a comparison of their number with a constant asks for, if it is one."""
        found = self.counting(condition, environment)
        if found is None:
            return False
        limbs, operator, bound, short = found
        if operator == "=" and not wanted:
            operator, wanted = (("<", ">")[self.chance.pick(2)], True)
        operator = operator if wanted else _OPPOSITE[operator]
        if operator in {">=", ">", "="}:
            least = int(bound // 1) + 1 if operator == ">" else -int(-bound // 1)
            able = sum(self.possible(limb, True, its) for limb, its in limbs)
            if able < least:
                raise short(least - able)
            self.force_some(limbs, least, True)
        if operator in {"<=", "<", "="}:
            most = -int(-bound // 1) - 1 if operator == "<" else int(bound // 1)
            if most < 0 or (operator == "=" and bound % 1):
                raise Conflict
            self.force_some(limbs, len(limbs) - most, False)
        return True

    def counting(
        self, condition: Expression, environment: Environment
    ) -> tuple[list[tuple[Expression, Environment]], str, Fraction, Callable[[int], Conflict]] | None:
        """Return what is counted, how its number is compared and with what, and the conflict of too few; or None."""
        (left, right), operator = condition.operands, condition.operator
        if left.operator == "constant":
            left, right, operator = right, left, _MIRRORED[operator]
        its = environment
        while left.operator == "let":
            left, its = self.let(left, its)
        if left.operator != "count" or right.operator != "constant" or not isinstance(right.data, Fraction):
            return None
        source, where = left.operands[:2]
        places = self.elements(source, its)
        return (
            [(where, {**its, str(left.data): place}) for place in places],
            operator,
            right.data,
            partial(self.too_few, source, its),
        )

    def _compare_symbols(
        self, operator: str, left: Expression, right: Expression, wanted: bool, environment: Environment
    ) -> None:
        one, other = self.symbol(left, environment), self.symbol(right, environment)
        if one is None or other is None:
            if wanted:
                raise Conflict
            return
        if isinstance(one, tuple) and isinstance(other, tuple):
            other = self.taken(other)
        if not isinstance(one, tuple):
            one, other, operator = other, one, _MIRRORED[operator]
        if isinstance(one, tuple):
            self.sheet.keep(one, lambda option: compares(option, operator, other) is wanted)
        elif compares(one, operator, other) is not wanted:
            raise Conflict

    def _in(self, condition: Expression, wanted: bool, environment: Environment) -> None:
        value, *listed = condition.operands
        if value.type.kind in _NUMERIC:
            tests = [Expression("=", (value, item), None, condition.type, condition.span) for item in listed]
            if wanted:
                self.one_of([partial(self.force, test, True, environment) for test in tests])
            else:
                for test in tests:
                    self.force(test, False, environment)
            return
        symbol, members = self.symbol(value, environment), {self.written(item) for item in listed}
        if isinstance(symbol, tuple):
            self.sheet.keep(symbol, lambda option: (option in members) is wanted)
        elif (symbol is not None and symbol in members) is not wanted:
            raise Conflict

    # --- aggregates and series ---

    def _all(self, condition: Expression, wanted: bool, environment: Environment) -> None:
        self._over_elements(condition, each=wanted, body_wanted=wanted, environment=environment)

    def _any(self, condition: Expression, wanted: bool, environment: Environment) -> None:
        self._over_elements(condition, each=not wanted, body_wanted=wanted, environment=environment)

    def _over_elements(self, condition: Expression, *, each: bool, body_wanted: bool, environment: Environment) -> None:
        """Demand of each element, or of one in the filter, what its body is; each may be kept out of the filter."""
        source, where, body = condition.operands
        inner = [{**environment, str(condition.data): place} for place in self.elements(source, environment)]
        if not each:
            fitting = [
                one for one in inner if self.possible(where, True, one) and self.possible(body, body_wanted, one)
            ]
            if not fitting:
                raise self.too_few(source, environment)
            self.one_of([partial(self._both, where, True, body, body_wanted, one) for one in fitting])
            return
        for one in inner:
            if self.possible(where, False, one) and not self.possible(where, True, one):
                continue
            ways: list[Callable[[], None]] = []
            if self.possible(body, body_wanted, one):
                ways.append(partial(self.force, body, body_wanted, one))
            if self.possible(where, False, one):
                ways.append(partial(self.force, where, False, one))
            self.one_of(ways)

    def chosen_elements(self, expression: Expression, environment: Environment) -> list[Environment]:
        """Return the elements that are in the filter of an aggregate, the others being kept out of it."""
        source, where = expression.operands[:2]
        inner = [{**environment, str(expression.data): place} for place in self.elements(source, environment)]
        return [one for one in inner if self.branch(where, one)]

    def _trend(self, condition: Expression, wanted: bool, environment: Environment) -> None:
        years = self.series(condition.operands[0], environment)
        if years is None:
            if wanted:
                raise Conflict
            return
        if len(years) < 2:  # noqa: PLR2004 -- one year makes no trend
            raise self.too_few_years()
        pairs = [(years[year], years[year + 1]) for year in sorted(years)[:-1]]
        steps = pairs if condition.operator == "rises" else [(later, earlier) for earlier, later in pairs]
        if not wanted:
            steps = [steps[len(steps) - 1 - self.chance.pick(len(steps))]]
        for lower, higher in steps:
            self.hold(self.difference(higher, lower), ">", wanted)

    # --- what is known already ---

    def truth(self, condition: Expression, environment: Environment = NOWHERE) -> Truth:
        """Return True or False where the demands so far leave no other answer, else None."""
        return self._outlook.truth(condition, environment)

    def possible(self, condition: Expression, wanted: bool, environment: Environment = NOWHERE) -> bool:
        """Return False where the demands so far leave no way for a condition to be as wanted; True is no promise."""
        return self.truth(condition, environment) is not (not wanted)


def compares(left: object, operator: str, right: object) -> bool:
    """Return the comparison of two members by position, or of two texts or truths."""
    return Options(frozenset([left])).compare(operator, Options(frozenset([right]))) is True  # type: ignore[list-item]  # options


def demands(clause: Clause) -> list[Expression]:
    """Return the conditions on which the status of a clause hangs."""
    modality = "should" if clause.advisory else "must"
    return [item.condition for item in clause.requirements if item.modality == modality]


_RULES: dict[str, Callable[[Forcer, Expression, bool, Environment], None]] = {
    "not": Forcer._not,
    "and": Forcer._and,
    "or": Forcer._or,
    "at_least": Forcer._at_least,
    "if": Forcer._if,
    "by": Forcer._by,
    "let": Forcer._let,
    "passes": Forcer._passes,
    "fact": Forcer._truth,
    "field": Forcer._truth,
    "exists": Forcer._exists,
    "includes": Forcer._includes,
    **dict.fromkeys(COMPARISONS, Forcer._comparison),
    "in": Forcer._in,
    "all": Forcer._all,
    "any": Forcer._any,
    "rises": Forcer._trend,
    "falls": Forcer._trend,
}
