"""Conditions into what is known of them from the demands so far, without making one."""

from collections.abc import Callable
from fractions import Fraction

from attrs import frozen

from cedu_rules.model.ir import COMPARISONS, Expression, Fact
from cedu_rules.testing.grounds import NOWHERE, Environment, Grounds, Place
from cedu_rules.truth import Interval, Options, Truth, agree, all_of, any_of, at_least, negate
from cedu_rules.values import constant


@frozen
class Outlook:
    """What is known of the conditions of one institution."""

    grounds: Grounds

    def truth(self, condition: Expression, environment: Environment = NOWHERE) -> Truth:
        """Return True or False where the demands so far leave no other answer, else None."""
        rule = _RULES.get(condition.operator)
        return None if rule is None else rule(self, condition, environment)

    def exists(self, fact: Fact, place: Place) -> Truth:
        """Return whether a fact exists."""
        if fact.condition is None:
            return True
        if self.grounds.decided(fact, place) is not None:
            return self.grounds.decided(fact, place)
        return self.truth(fact.condition, {"": place} if place.owner else NOWHERE)

    # --- logic ---

    def limbs(self, condition: Expression, environment: Environment) -> list[Truth]:
        """Return what is known of each operand."""
        return [self.truth(limb, environment) for limb in condition.operands]

    def _if(self, condition: Expression, environment: Environment) -> Truth:
        first, one, other = condition.operands
        answer = self.truth(first, environment)
        if answer is not None:
            return self.truth(one if answer else other, environment)
        return agree(self.truth(one, environment), self.truth(other, environment))

    def _let(self, condition: Expression, environment: Environment) -> Truth:
        return self.truth(*self.grounds.let(condition, environment))

    def _passes(self, condition: Expression, _environment: Environment) -> Truth:
        clause = self.grounds.model.clauses_by_id[str(condition.data)]
        modality = "should" if clause.advisory else "must"
        applies = all_of(self.truth(guard) for guard in clause.guards)
        met = all_of(self.truth(item.condition) for item in clause.requirements if item.modality == modality)
        return any_of((negate(applies), met))

    # --- facts ---

    def _truth_of_fact(self, condition: Expression, environment: Environment) -> Truth:
        found = self.options(condition, environment)
        return None if found is None or len(found) != 1 else bool(next(iter(found)))

    def _exists(self, condition: Expression, environment: Environment) -> Truth:
        fact, place = self.grounds.declaration(condition.operands[0], environment)
        return True if fact.otherwise is not None else self.exists(fact, place)

    def _includes(self, condition: Expression, environment: Environment) -> Truth:
        source = condition.operands[0]
        while source.operator == "let":
            source, environment = self.grounds.let(source, environment)
        if source.operator not in {"fact", "field"}:
            return None
        fact, place = self.grounds.declaration(source, environment)
        if self.exists(fact, place) is False:
            return False
        given = self.grounds.sheet.options
        spots = [given.get((place.owner, fact.name, str(member)), (False, True)) for member in condition.data]  # type: ignore[union-attr]  # members
        return all_of(bool(options[0]) if len(options) == 1 else None for options in spots)

    def options(self, expression: Expression, environment: Environment) -> frozenset[bool | int | str] | None:
        """Return what a truth, member or text may be, None for anything; empty: it does not exist."""
        if expression.operator == "let":
            return self.options(*self.grounds.let(expression, environment))
        if expression.operator == "constant":
            return frozenset([self.grounds.written(expression)])
        if expression.operator not in {"fact", "field"}:
            return None
        fact, place = self.grounds.declaration(expression, environment)
        exists = self.exists(fact, place)
        if exists is False:
            if fact.otherwise is not None:
                return frozenset([self.grounds.written(fact.otherwise)])
            return frozenset([False]) if fact.type.kind == "bool" else frozenset()
        found = self.grounds.sheet.options.get((place.owner, fact.name, None))
        return None if found is None or exists is None else frozenset(found)

    # --- comparisons ---

    def _comparison(self, condition: Expression, environment: Environment) -> Truth:
        left, right = condition.operands
        if left.type.kind in {"number", "date"}:
            numbers = [self.interval(side, environment) for side in (left, right)]
            if numbers[0] is None or numbers[1] is None:
                return None
            return numbers[0].compare(condition.operator, numbers[1])
        sides = [self.options(side, environment) for side in (left, right)]
        if sides[0] is None or sides[1] is None:
            return None
        if not sides[0] or not sides[1]:
            return False
        return Options(sides[0]).compare(condition.operator, Options(sides[1]))

    def interval(self, expression: Expression, environment: Environment) -> Interval | None:
        """Return the range of a fact or constant."""
        if expression.operator == "constant" and isinstance(expression.data, Fraction):
            found: Interval = constant(expression)
            return found
        if expression.operator == "let":
            return self.interval(*self.grounds.let(expression, environment))
        if expression.operator not in {"fact", "field"}:
            return None
        fact, place = self.grounds.declaration(expression, environment)
        range_ = self.grounds.sheet.numbers.get((place.owner, fact.name, None))
        if range_ is None or self.exists(fact, place) is not True:
            return None
        return Interval(range_.low * range_.step, range_.high * range_.step)

    def _in(self, condition: Expression, environment: Environment) -> Truth:
        value, *listed = condition.operands
        if value.type.kind in {"number", "date"}:
            return None
        found = self.options(value, environment)
        if found is None:
            return None
        members = {self.grounds.written(item) for item in listed}
        return bool(found) if found <= members else None if found & members else False

    # --- elements ---

    def _over_elements(self, condition: Expression, environment: Environment) -> Truth:
        source, where, body = condition.operands
        if source.operator not in {"fact", "field"}:
            return None
        fact, place = self.grounds.declaration(source, environment)
        count = self.grounds.lists.get((place.owner, fact.name))
        if count is None:
            return None
        places = [Place((*place.owner, (fact.name, number)), fact.type.name) for number in range(count)]
        inner = [{**environment, str(condition.data): each} for each in places]
        if condition.operator == "all":
            return all_of(any_of((negate(self.truth(where, each)), self.truth(body, each))) for each in inner)
        return any_of(all_of((self.truth(where, each), self.truth(body, each))) for each in inner)


_RULES: dict[str, Callable[[Outlook, Expression, Environment], Truth]] = {
    "constant": lambda _outlook, condition, _environment: bool(condition.data),
    "not": lambda outlook, condition, environment: negate(outlook.truth(condition.operands[0], environment)),
    "and": lambda outlook, condition, environment: all_of(outlook.limbs(condition, environment)),
    "or": lambda outlook, condition, environment: any_of(outlook.limbs(condition, environment)),
    "at_least": lambda outlook, condition, environment: at_least(
        int(condition.data),  # type: ignore[arg-type]  # how many
        outlook.limbs(condition, environment),
    ),
    "if": Outlook._if,
    "let": Outlook._let,
    "passes": Outlook._passes,
    "fact": Outlook._truth_of_fact,
    "field": Outlook._truth_of_fact,
    "exists": Outlook._exists,
    "includes": Outlook._includes,
    **dict.fromkeys(COMPARISONS, Outlook._comparison),
    "in": Outlook._in,
    "all": Outlook._over_elements,
    "any": Outlook._over_elements,
}
