"""Names into the source texts of expressions, well-typed by construction.

A `Writer` draws one expression: conditions, numbers of a dimension, days, choices, series, each from the forms that fit
its scope. Simple forms stand first, so that examples shrink to them. What is made of parts stands in parentheses.
`multiplications` bounds how many products and quotients one expression has, and so its degree.
"""

from fractions import Fraction
from functools import partial

from hypothesis import strategies as st

from cedu_rules.model.types import Member, Type
from cedu_rules.testing.literals import NUMBERS, Form, Literals
from cedu_rules.testing.scopes import Name, Scope
from cedu_rules.testing.values import FIRST_YEAR, LAST_YEAR, texts
from cedu_rules.units import Dimension

COMPARED = ("number", "date", "level", "choice", "text", "bool")


class Writer(Literals):
    """Writes one expression over a scope."""

    # --- conditions ---

    def condition(self, scope: Scope, depth: int) -> str:
        """Write a condition."""
        simple = self._simple_conditions(scope, depth)
        if depth <= 0:
            return self.pick(simple)
        inner: Form = lambda: self.condition(scope, depth - 1)  # noqa: E731
        compound: list[Form] = [
            lambda: f"(not {inner()})",
            lambda: f"({self.chain('and', inner)})",
            lambda: f"({self.chain('or', inner)})",
            lambda: f"(if {inner()} then {inner()})",
            lambda: f"(if {inner()} then {inner()} else {inner()})",
            lambda: self._at_least(inner),
            lambda: f"({inner()} = {inner()})",
        ]
        lists = scope.of_kind("list")
        if lists:
            compound += [lambda: self._quantifier("all", scope, depth), lambda: self._quantifier("any", scope, depth)]
            compound += [lambda: self._measured(self.name(lists), scope, depth)] * 2
        return self.pick([*simple, *simple, *compound])

    def _simple_conditions(self, scope: Scope, depth: int) -> list[Form]:
        forms: list[Form] = [lambda: self.draw(st.sampled_from(["yes", "no"]))]
        truths, sets, series = scope.of_kind("bool"), scope.of_kind("set"), scope.of_kind("series")
        if truths:
            forms.insert(0, lambda: self.name(truths).text)
        if scope.of_kind(*COMPARED[:-1]):
            forms += [lambda: self.comparison(scope, depth)] * 3
            forms += [lambda: self._between(scope, depth), lambda: self._membership(scope)]
        if sets:
            forms.append(lambda: self._inclusion(self.name(sets)))
        if series:
            forms += [lambda: self._trend(scope, depth), lambda: self._in_a_year(self.name(series), scope)]
        if scope.clauses:
            forms.append(lambda: f"passes({self.draw(st.sampled_from(scope.clauses))})")
        return forms

    def chain(self, word: str, limb: Form) -> str:
        """Write two or three limbs joined by a word."""
        return f" {word} ".join(limb() for _ in range(self.draw(st.integers(2, 3))))

    def _at_least(self, limb: Form) -> str:
        limbs = [limb() for _ in range(self.draw(st.integers(1, 3)))]
        return f"at least {self.draw(st.integers(1, len(limbs)))} of ({', '.join(limbs)})"

    def _quantifier(self, word: str, scope: Scope, depth: int) -> str:
        listed = self.name(scope.of_kind("list"))
        variable, inner = scope.inside(listed.type.name)
        body, where = self.condition(inner, depth - 1), self._where(inner, depth)
        return f"{word}({body} for {variable} in {listed.text}{where})"

    def _where(self, inner: Scope, depth: int) -> str:
        return f" where {self.condition(inner, depth - 1)}" if self.draw(st.booleans()) else ""

    def comparison(self, scope: Scope, depth: int) -> str:
        """Write a comparison of two operands of one type."""
        subject = self.name(scope.of_kind(*COMPARED[:-1]))
        operators = ["=", "!="] if subject.type.kind in {"choice", "text"} else [">=", "<", "=", "!=", ">", "<="]
        operator = self.draw(st.sampled_from(operators))
        left, right = self.operand(subject, scope, depth), self.other(subject, scope, depth)
        return f"({left} {operator} {right})" if self.draw(st.integers(0, 3)) else f"({right} {operator} {left})"

    def operand(self, subject: Name, scope: Scope, depth: int) -> str:
        """Write a value of the type of a name, which is no literal alone."""
        if subject.type.kind == "number":
            return self.pick([lambda: subject.text, lambda: self._with_name(subject, scope, depth)])
        if subject.type.kind == "date":
            return self.pick([lambda: subject.text, lambda: self.day(scope, depth)])
        if subject.type.kind in {"choice", "level"}:
            return self.pick([lambda: subject.text, lambda: self._chosen(subject, scope, depth)])
        return subject.text

    def other(self, subject: Name, scope: Scope, depth: int) -> str:
        """Write what a value of the type of a name is compared with: often a literal."""
        if subject.type.kind == "number":
            return self.pick([lambda: self.literal(subject.type), lambda: self.number(scope, subject.type, depth)])
        if subject.type.kind == "date":
            return self.pick([self.date_literal, lambda: self.day(scope, depth)])
        if subject.type.kind in {"choice", "level"}:
            members = self._members(subject.type, scope)
            return self.pick(
                [
                    *([lambda: self.draw(st.sampled_from(members))] if members else []),
                    lambda: self._same(subject, scope),
                ]
            )
        written = self.draw(texts(self.near)).replace("\\", "").replace('"', "")
        return self.pick([lambda: f'"{written}"', lambda: self._same(subject, scope)])

    def _same(self, subject: Name, scope: Scope) -> str:
        return self.name([name for name in scope.names if name.type.same(subject.type)]).text

    def _members(self, type_: Type, scope: Scope) -> list[str]:
        """Return the members that may be named alone here."""
        return [member.name for member in type_.members if not scope.sees(member.name)]

    def _between(self, scope: Scope, depth: int) -> str:
        ordered = scope.of_kind("number", "date", "level")
        if not ordered:
            return self.comparison(scope, depth)
        subject = self.name(ordered)
        low, high = self.other(subject, scope, depth - 1), self.other(subject, scope, depth - 1)
        return f"({subject.text} between {low} and {high})"

    def _membership(self, scope: Scope) -> str:
        subject = self.name(scope.of_kind(*COMPARED[:-1]))
        return f"({subject.text} in {{ {', '.join(self.constants(subject.type))} }})"

    def _inclusion(self, subject: Name) -> str:
        members = self.draw(st.lists(st.sampled_from(subject.type.members), max_size=3, unique=True))
        listed = "{ " + ", ".join(member.name for member in members) + " }" if members else "all"
        return f"({subject.text} includes {listed})"

    # --- numbers ---

    def number(self, scope: Scope, type_: Type, depth: int) -> str:
        """Write a number of the dimension of a type."""
        names = _numbers(scope, type_.dimension)
        if depth <= 0 or not names:
            return self.pick([lambda: self.literal(type_), *([lambda: self.name(names).text] if names else [])])
        return self._with_name(self.name(names), scope, depth)

    def _with_name(self, subject: Name, scope: Scope, depth: int) -> str:
        """Write a number that reads the name, so that it is no constant."""
        if depth <= 0:
            return subject.text
        type_ = subject.type
        part: Form = lambda: self.number(scope, type_, depth - 1)  # noqa: E731
        sign = self.draw(st.sampled_from("+-"))
        forms: list[Form] = [
            lambda: subject.text,
            lambda: f"({subject.text} {sign} {part()})",
            lambda: f"({part()} - {subject.text})",
            lambda: f"(-{subject.text})",
            lambda: f"abs({subject.text} - {part()})",
            lambda: f"{self.draw(st.sampled_from(['min', 'max']))}({subject.text}, {part()})",
            lambda: f"(if {self.condition(scope, depth - 1)} then {subject.text} else {part()})",
            lambda: self.table(scope, part),
        ]
        forms += self._products(subject, scope, depth) if self.left else []
        forms += self._of_series(scope, type_.dimension, depth) + self._of_lists(scope, type_.dimension, depth)
        forms += self._dimensionless(subject, scope) if not type_.dimension else []
        if type_.dimension == _DAYS and scope.of_kind("date"):
            forms.append(lambda: f"({self.day(scope, depth - 1)} - {self.day(scope, depth - 1)})")
        return self.pick(forms)

    def _products(self, subject: Name, scope: Scope, depth: int) -> list[Form]:
        ratios, divisors = _numbers(scope, ()), _divisors(scope, ())
        forms: list[Form] = [lambda: self._multiplied(f"({subject.text} * {self.draw(st.sampled_from(NUMBERS))})")]
        if ratios:
            forms.append(lambda: self._multiplied(f"({subject.text} * {self.name(ratios).text})"))
        if divisors:
            forms.append(lambda: self._multiplied(f"({subject.text} / {self.name(divisors).text})"))
        if not subject.type.dimension:
            below = [name for name in scope.of_kind("number") if name.form in {"fact", "field"}]
            if below:
                forms += [lambda: self._ratio(self.name(below), scope, depth)] * 2
        return forms

    def _multiplied(self, text: str) -> str:
        self.left = max(0, self.left - 1)
        return text

    def _ratio(self, below: Name, scope: Scope, depth: int) -> str:
        self.left = max(0, self.left - 1)
        above = self.name(_numbers(scope, below.type.dimension)).text
        divisor = below.text
        if depth > 1 and self.draw(st.booleans()):
            divisor = f"({below.text} {self.draw(st.sampled_from('+-'))} {self.literal(below.type)})"
        return f"({above} / {divisor})"

    def _dimensionless(self, subject: Name, scope: Scope) -> list[Form]:
        rounding = self.draw(st.sampled_from(["ceil", "floor", "round"]))
        forms: list[Form] = [lambda: f"{rounding}({subject.text} * {self.draw(st.sampled_from(NUMBERS))})"] * 2
        dates, sets, lists = scope.of_kind("date"), scope.of_kind("set"), scope.of_kind("list")
        if dates:
            forms.append(lambda: f"year({self.name(dates).text})")
        if sets:
            forms.append(lambda: f"count({self.name(sets).text})")
        if lists:
            forms.append(lambda: f"count({self.name(lists).text})")
        return forms

    def _of_lists(self, scope: Scope, dimension: Dimension, depth: int) -> list[Form]:
        """Return the aggregates that give a number of the dimension."""
        forms: list[Form] = []
        for listed in scope.of_kind("list"):
            variable, inner = scope.inside(listed.type.name)
            own = [name for name in inner.names if name.text.startswith(f"{variable}.")]
            numbers = [name for name in own if name.type.kind == "number" and name.type.dimension == dimension]
            keys = [name for name in own if name.type.kind in COMPARED[:-1]]
            tail = f"for {variable} in {listed.text}"
            if not dimension:
                forms.append(partial(self._counted, variable, tail, inner, depth))
            if not dimension and keys:
                forms.append(partial(self._distinct, keys, tail, inner, depth))
            if numbers:
                forms += [partial(self._statistic, numbers, tail, inner, depth)] * 2
        return forms

    def _measured(self, listed: Name, scope: Scope, depth: int) -> str:
        """Write a comparison of a statistic over a list, or of its number of elements."""
        variable, inner = scope.inside(listed.type.name)
        numbers = [name for name in inner.of_kind("number") if name.text.startswith(f"{variable}.")]
        tail = f"for {variable} in {listed.text}"
        if not numbers:
            return f"({self._counted(variable, tail, inner, depth)} >= {self.draw(st.integers(0, 3))})"
        subject = self.name(numbers)
        operator = self.draw(st.sampled_from([">=", "<", "="]))
        return f"({self._statistic([subject], tail, inner, depth)} {operator} {self.literal(subject.type)})"

    def _counted(self, variable: str, tail: str, inner: Scope, depth: int) -> str:
        return f"count({variable} {tail}{self._where(inner, depth)})"

    def _distinct(self, keys: list[Name], tail: str, inner: Scope, depth: int) -> str:
        return f"count(distinct {self.name(keys).text} {tail}{self._where(inner, depth)})"

    def _statistic(self, numbers: list[Name], tail: str, inner: Scope, depth: int) -> str:
        word = self.draw(st.sampled_from(["sum", "min", "max", "average"]))
        body = self._with_name(self.name(numbers), inner, depth - 1)
        return f"{word}({body} {tail}{self._where(inner, depth)})"

    # --- series ---

    def _of_series(self, scope: Scope, dimension: Dimension, depth: int) -> list[Form]:
        names = scope.of_kind("series")
        if not names or not (any(_of(name).dimension == dimension for name in names) or (self.left and not dimension)):
            return []
        series: Form = lambda: self.series(scope, dimension, depth)  # noqa: E731
        return [
            lambda: f"latest({series()})",
            lambda: f"average({series()}, {self.draw(st.integers(1, 4))})",
            lambda: f"{series()}[{self._year(scope)}]",
        ]

    def _year(self, scope: Scope) -> str:
        dates = [f"year({name.text})" for name in scope.of_kind("date")]
        return self.draw(st.sampled_from(["assessed_year", *map(str, range(FIRST_YEAR, LAST_YEAR + 1)), *dates]))

    def _in_a_year(self, series: Name, scope: Scope) -> str:
        return f"({series.text}[{self._year(scope)}] >= {self.literal(_of(series))})"

    def _trend(self, scope: Scope, depth: int) -> str:
        return f"{self.draw(st.sampled_from(['rises', 'falls']))}({self._any_series(scope, depth)})"

    def _any_series(self, scope: Scope, depth: int) -> str:
        return self.series(scope, _of(self.name(scope.of_kind("series"))).dimension, depth)

    def series(self, scope: Scope, dimension: Dimension, depth: int) -> str:
        """Write a series of a dimension, or of ratios of one."""
        every = scope.of_kind("series")
        names = [name for name in every if _of(name).dimension == dimension]
        ratio: Form = lambda: self._ratio_of_series(every)  # noqa: E731
        if not names:
            return ratio()
        one: Form = lambda: self.name(names).text  # noqa: E731
        forms: list[Form] = [one]
        if depth > 0:
            forms += [
                lambda: f"({one()} {self.draw(st.sampled_from('+-'))} {one()})",
                lambda: f"({one()} - {self.literal(_of(self.name(names)))})",
                lambda: f"(-{one()})",
            ]
        if self.left:
            forms.append(lambda: self._multiplied(f"({one()} * {self.draw(st.sampled_from(NUMBERS[1:]))})"))
            if not dimension:
                forms.append(ratio)
        return self.pick(forms)

    def _ratio_of_series(self, every: tuple[Name, ...]) -> str:
        below = self.name(every)
        above = self.name([name for name in every if _of(name).dimension == _of(below).dimension])
        return self._multiplied(f"({above.text} / {below.text})")

    # --- days and choices ---

    def day(self, scope: Scope, depth: int) -> str:
        """Write a day."""
        names = scope.of_kind("date")
        if not names:
            return self.date_literal()
        if depth <= 0:
            return self.name(names).text
        one = self.name(names).text
        steps = [name for name in scope.of_kind("number") if name.type.dimension in {_DAYS, _MONTHS}]
        forms: list[Form] = [
            lambda: one,
            lambda: f"({one} {self.draw(st.sampled_from('+-'))} {self.step()})",
            lambda: f"{self.draw(st.sampled_from(['min', 'max']))}({one}, {self.day(scope, depth - 1)})",
            lambda: f"(if {self.condition(scope, depth - 1)} then {one} else {self.day(scope, depth - 1)})",
        ]
        if [name for name in steps if name.form != "param"]:
            forms.append(lambda: f"({one} + {self.name([name for name in steps if name.form != 'param']).text})")
        return self.pick(forms)

    def _chosen(self, subject: Name, scope: Scope, depth: int) -> str:
        """Write a choice or level that depends on a condition, or a level made of others."""
        if depth <= 0:
            return subject.text
        forms: list[Form] = [
            lambda: f"(if {self.condition(scope, depth - 1)} then {subject.text} else {self._same(subject, scope)})"
        ]
        if subject.type.kind == "level":
            forms.append(lambda: f"min({subject.text}, {self.other(subject, scope, 0)})")
            forms += [partial(self._extreme_level, tail) for tail in self._levels(scope, subject.type)]
        return self.pick(forms)

    def _extreme_level(self, tail: str) -> str:
        return f"{self.draw(st.sampled_from(['min', 'max']))}({tail})"

    @staticmethod
    def _levels(scope: Scope, type_: Type) -> list[str]:
        found = []
        for listed in scope.of_kind("list"):
            variable, inner = scope.inside(listed.type.name)
            own = [name for name in inner.names if name.text.startswith(f"{variable}.") and name.type.same(type_)]
            found += [f"{name.text} for {variable} in {listed.text}" for name in own]
        return found

    # --- tables ---

    def table(self, scope: Scope, value: Form) -> str:
        """Write a table by a fact, all rows of which can be reached."""
        selectors = [
            name
            for name in scope.of_kind("number", "level", "choice", "date")
            if name.selectable
            and name.form in {"fact", "field"}
            and (name.type.kind != "number" or _divisible(name.type))
        ]
        if not selectors:
            return value()
        selector = self.name(selectors)
        if selector.type.kind in {"choice", "level"}:
            rows = self._member_rows(selector, value)
        else:
            rows = self._bound_rows(selector, value)
        return f"(by {selector.text} {{ {', '.join(rows)} }})"

    def _member_rows(self, selector: Name, value: Form) -> list[str]:
        members: list[Member] = self.draw(st.lists(st.sampled_from(selector.type.members), min_size=1, unique=True))
        rows = [f"{member.name}: {value()}" for member in members]
        is_open = len(members) < len(selector.type.members)
        if is_open or selector.may_be_absent:
            rows[-1 if not is_open else len(rows) :] = [f"else: {value()}"]
        return rows

    def _bound_rows(self, selector: Name, value: Form) -> list[str]:
        bound = self.bound(selector.type)
        last = "else" if selector.may_be_absent or self.draw(st.booleans()) else f"> {bound}"
        return [f"<= {bound}: {value()}", f"{last}: {value()}"]


_DAYS: Dimension = (("days", 1),)
_MONTHS: Dimension = (("months", 1),)


def _of(series: Name) -> Type:
    return series.type.element or series.type


def _numbers(scope: Scope, dimension: Dimension) -> list[Name]:
    return [name for name in scope.of_kind("number") if name.type.dimension == dimension]


def _divisors(scope: Scope, dimension: Dimension) -> list[Name]:
    """Return the numbers that are no constants: a constant may be zero, which is an error."""
    return [name for name in _numbers(scope, dimension) if name.form in {"fact", "field", "builtin"}]


def _divisible(type_: Type) -> bool:
    """Return whether the range of a number can be cut in two, so that rows on both sides are reached."""
    low = type_.low or Fraction(0)
    return type_.is_percent or type_.high is None or (type_.high - low) / type_.unit.factor > 1
