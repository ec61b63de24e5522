"""Reads of facts into values that are not chosen yet: whether they exist, their members, years and elements."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from datetime import date
from typing import TypeAlias

from attrs import field, frozen

from cedu_rules.model.ir import Expression, Fact, Model
from cedu_rules.model.types import Type
from cedu_rules.testing.chances import Chance, Conflict
from cedu_rules.testing.linear import Owner, Spot
from cedu_rules.testing.sheet import Option, Range, Sheet
from cedu_rules.testing.thresholds import Thresholds
from cedu_rules.testing.values import FIRST_YEAR, LAST_YEAR
from cedu_rules.truth import Truth
from cedu_rules.values import constant

WORDS = tuple("甲乙丙丁戊己庚辛")
_OPEN_DAY_YEARS = LAST_YEAR - FIRST_YEAR + 1


@frozen
class Place:
    """Whose fields are read: the institution, or an element of a record."""

    owner: Owner = ()
    record: str = ""


Environment: TypeAlias = Mapping[str, Place]
"""The elements that variables stand for; the record whose own let, check or condition is read goes by ""."""

NOWHERE: Environment = {}


@frozen
class Sizes:
    """How many elements each list has and how many years each series, by record and name of the fact."""

    counts: Mapping[tuple[str, str], int] = field(factory=dict)

    def of(self, key: tuple[str, str]) -> int:
        """Return how many: none, unless it is told."""
        return self.counts.get(key, 0)


@frozen
class Setting:
    """What institutions are made for: a standard, what decides in it, and the day of the assessment if it is known."""

    model: Model = field(repr=lambda model: model.id)
    near: Thresholds = field(repr=False)
    day: date | None
    lines: dict[int, Range] = field(factory=dict, eq=False, repr=False)


class Grounds(ABC):
    """The facts of one institution under one standard, entered on a sheet when they are read."""

    def __init__(self, setting: Setting, chance: Chance, sizes: Sizes) -> None:
        self.model = setting.model
        self.near = setting.near
        self.chance = chance
        self.sheet = Sheet(chance, setting.lines)
        self.sizes = sizes
        self.day = setting.day
        self.asked: set[tuple[str, str]] = set()
        """Lists and series of which the size mattered."""
        self.short: dict[tuple[str, str], int] = {}
        """Lists and series that were too short for a demand, and how many elements or years were missing."""
        self.lists: dict[tuple[Owner, str], int] = {}
        self.series_years: dict[tuple[Owner, str], range] = {}
        self._existing: dict[tuple[Owner, str], bool] = {}
        self._last_year: int | None = None

    @abstractmethod
    def force(self, condition: Expression, wanted: bool, environment: Environment) -> None:
        """Demand that a condition is true or false."""

    @abstractmethod
    def possible(self, condition: Expression, wanted: bool, environment: Environment) -> bool:
        """Return False where the demands so far leave no way for a condition to be as wanted; True is no promise."""

    # --- ways ---

    def one_of(self, ways: list[Callable[[], None]]) -> None:
        """Go one of the ways.

        Raises:
            Conflict: there is none.
        """
        if not ways:
            raise Conflict
        ways[self.chance.pick(len(ways))]()

    def branch(self, condition: Expression, environment: Environment) -> bool:
        """Decide a condition that may go either way, and return how."""
        answers = [answer for answer in (True, False) if self.possible(condition, answer, environment)]
        if not answers:
            raise Conflict
        answer = answers[self.chance.pick(len(answers))]
        self.force(condition, answer, environment)
        return answer

    # --- facts ---

    def declaration(self, expression: Expression, environment: Environment) -> tuple[Fact, Place]:
        """Return the fact that is read and whose it is."""
        name = str(expression.data)
        if not expression.operands:
            return self.model.facts_by_name[name], Place()
        place = self.element(expression.operands[0], environment)
        return self.model.records_by_name[place.record].fields_by_name[name], place

    @staticmethod
    def element(expression: Expression, environment: Environment) -> Place:
        """Return the element that a variable stands for."""
        if expression.operator != "variable":
            raise Conflict
        return environment[str(expression.data)]

    def let(self, expression: Expression, environment: Environment) -> tuple[Expression, Environment]:
        """Return the expression of a let and the environment of its record."""
        name = str(expression.data)
        if not expression.operands:
            return self.model.lets_by_name[name].value, NOWHERE
        place = self.element(expression.operands[0], environment)
        return self.model.records_by_name[place.record].lets_by_name[name].value, {"": place}

    def exists(self, fact: Fact, place: Place, *, always: bool = False) -> bool:
        """Decide whether a fact exists; `always`: it has to.

        Raises:
            Conflict: it has to, and does not.
        """
        key = place.owner, fact.name
        if fact.condition is None:
            return True
        environment: Environment = {"": place} if place.owner else NOWHERE
        if key not in self._existing:
            if always:
                self.force(fact.condition, True, environment)
                self._existing[key] = True
            else:
                self._existing[key] = self.branch(fact.condition, environment)
        if always and not self._existing[key]:
            raise Conflict
        return self._existing[key]

    def decided(self, fact: Fact, place: Place) -> Truth:
        """Return whether it is decided that a fact exists, or that it does not."""
        return self._existing.get((place.owner, fact.name))

    def spot(self, fact: Fact, place: Place, part: str | int | None = None) -> Spot:
        """Return the place of a value on the sheet, where it is entered."""
        spot = place.owner, fact.name, part
        if fact.type.kind not in {"number", "date", "series"}:
            self.sheet.open(spot, self.options(fact.type))
        return spot

    def options(self, type_: Type) -> tuple[Option, ...]:
        """Return what a truth, the member of a choice or level, or a text may be."""
        if type_.kind in {"bool", "set"}:
            return (False, True)
        if type_.kind == "text":
            return tuple(dict.fromkeys((*WORDS, *(text.strip() for text in self.near.texts if text.strip()))))
        return tuple(range(len(type_.members)))

    # --- lists and series ---

    def elements(self, source: Expression, environment: Environment) -> list[Place]:
        """Return the elements of a list, as many as are planned."""
        if source.operator not in {"fact", "field"}:
            raise Conflict
        fact, place = self.declaration(source, environment)
        if not self.exists(fact, place):
            return []
        key = place.record, fact.name
        self.asked.add(key)
        count = self.lists.setdefault((place.owner, fact.name), self.sizes.of(key))
        return [Place((*place.owner, (fact.name, number)), fact.type.name) for number in range(count)]

    def years(self, fact: Fact, place: Place) -> range:
        """Return the years of a series: as many as are planned, to the assessed year, or to any one of some years."""
        key = place.record, fact.name
        self.asked.add(key)
        if (place.owner, fact.name) not in self.series_years:
            last = self.last_year()
            self.series_years[place.owner, fact.name] = range(last + 1 - max(1, self.sizes.of(key)), last + 1)
        return self.series_years[place.owner, fact.name]

    def too_few(self, source: Expression, environment: Environment, missing: int = 1) -> Conflict:
        """Return the conflict that a list is too short, and note it."""
        if source.operator in {"fact", "field"}:
            fact, place = self.declaration(source, environment)
            key = place.record, fact.name
            self.short[key] = max(missing, self.short.get(key, 0))
        return Conflict()

    def too_few_years(self, missing: int = 1) -> Conflict:
        """Return the conflict that the series are too short, and note it of all that were read."""
        for record, name in self.asked:
            facts = self.model.records_by_name[record].fields_by_name if record else self.model.facts_by_name
            if facts[name].type.kind == "series":
                self.short[record, name] = max(missing, self.short.get((record, name), 0))
        return Conflict()

    def last_year(self) -> int:
        """Return the year with which every series ends."""
        if self._last_year is None:
            self._last_year = self.day.year if self.day else LAST_YEAR - self.chance.pick(_OPEN_DAY_YEARS)
        return self._last_year

    # --- members and texts ---

    def symbol(self, expression: Expression, environment: Environment) -> Spot | Option | None:
        """Return where the member, text or truth is entered, or its constant; None where it does not exist."""
        match expression.operator:
            case "constant":
                return self.written(expression)
            case "fact" | "field":
                fact, place = self.declaration(expression, environment)
                if self.exists(fact, place):
                    return self.spot(fact, place)
                return None if fact.otherwise is None else self.written(fact.otherwise)
            case "let":
                return self.symbol(*self.let(expression, environment))
            case "if":
                taken = 1 if self.branch(expression.operands[0], environment) else 2
                return self.symbol(expression.operands[taken], environment)
            case "lowest" | "highest":
                return self.extreme_member([(item, environment) for item in expression.operands], expression.operator)
            case "min" | "max":
                source, where, body = expression.operands
                inner = [{**environment, str(expression.data): place} for place in self.elements(source, environment)]
                chosen = [each for each in inner if self.branch(where, each)]
                return self.extreme_member([(body, each) for each in chosen], expression.operator)
        raise Conflict

    def extreme_member(self, items: list[tuple[Expression, Environment]], operator: str) -> Option:
        """Return the lowest or highest of some levels, each of them chosen."""
        found = [self.taken(self.symbol(*item)) for item in items]
        if not found or None in found:
            raise Conflict
        return (min if operator in {"lowest", "min"} else max)(found)  # type: ignore[type-var, return-value]  # levels are positions

    def taken(self, symbol: Spot | Option | None) -> Option | None:
        """Return the member, text or truth, chosen now where it is open."""
        return self.sheet.choose(symbol) if isinstance(symbol, tuple) else symbol

    @staticmethod
    def written(expression: Expression) -> Option:
        """Return the constant member, text or truth."""
        value = constant(expression)
        if isinstance(value, bool):
            return value
        return next(iter(value.values))  # type: ignore[no-any-return]  # one member or text
