"""Drawn choices into whole standards as `.std` texts: every type and every form, well-typed by construction.

A standard grows from its types and params over its facts and records to lets and clauses; each step sees the names of
the steps before it, so that nothing refers to itself.
"""

from fractions import Fraction

from attrs import evolve
from hypothesis import strategies as st

from cedu_rules.model.types import BOOL, COUNT, DATE, NUMBER, RATIO, TEXT, Member, Type
from cedu_rules.testing.aims import AIMS
from cedu_rules.testing.scopes import BUILT_IN, Name, Scope
from cedu_rules.testing.thresholds import Thresholds
from cedu_rules.testing.writing import COMPARED, Writer
from cedu_rules.units import UNITS, Unit

HEADER = 'standard generated "生成的标准"\nsource "示例文件" annex 1\n'

_LESSON = Unit("课", (("hours", 1),), Fraction(3, 4))
_CREDIT = Unit("credit", (("credit", 1),), Fraction(1))


def _quantity(unit: Unit) -> Type:
    return Type("number", dimension=unit.dimension, unit=unit, whole=unit.counter, low=Fraction(0))


def _members(kind: str, name: str, words: str) -> Type:
    return Type(kind, name=name, members=tuple(Member(word, (f"标签{word}",)) for word in words.split()))


_LEVEL = _members("level", "Degree", "low middle high")
_CHOICE = _members("choice", "Site", "own shared none_yet")
_TYPES = {"Degree": "level { low < middle < high }", "Site": "choice { own, shared, none_yet }"}
_AREA, _MONTHS, _DAYS = (_quantity(UNITS[word]) for word in ("m2", "months", "days"))
_MONEY = _quantity(Unit("万元", UNITS["yuan"].dimension, Fraction(10_000)))

PLAIN: dict[str, Type] = {
    "count": COUNT,
    "bool": BOOL,
    "m2": _AREA,
    "percent": RATIO,
    "Degree": _LEVEL,
    "Site": _CHOICE,
    "date": DATE,
    "text": TEXT,
    "number": NUMBER,
    "people": _quantity(UNITS["people"]),
    "万元": _MONEY,
    "课": _quantity(_LESSON),
    "credit": _quantity(_CREDIT),
    "days": _DAYS,
    "months": _MONTHS,
    "count 1 to 5": COUNT._replace(low=Fraction(1), high=Fraction(5)),
    "signed number": NUMBER._replace(low=None),
    "signed m2 -5 m2 to 5 m2": _AREA._replace(low=Fraction(-5), high=Fraction(5)),
}
"""The types without parts, as written and as meant."""

WITH_PARTS: dict[str, Type] = {
    "set { one, two, three }": Type("set", members=tuple(Member(word, ()) for word in ("one", "two", "three"))),
    "yearly people": Type("series", element=_quantity(UNITS["people"])),
    "yearly percent": Type("series", element=RATIO),
    "yearly m2": Type("series", element=_AREA),
    "yearly signed number": Type("series", element=NUMBER._replace(low=None)),
}

_DEFAULTS = {
    "bool": ["yes", "no"],
    "level": ["low", "high"],
    "choice": ["own"],
    "date": ["2022-09-01"],
    "text": ['"甲"'],
}
_KINDS = ("", "", "", "documented ", "judged ")


def standards(*, about: str | None = None, lines: int = 3) -> st.SearchStrategy[str]:
    """Return the strategy of texts of standards that load without an error.

    They have facts of every type, records nested two levels, facts under conditions with and without `else`, checks,
    lets, params, units, guards, tables, series, dates, `passes`. Examples shrink to one clause over one fact.

    Args:
        about: None, or one construct that each clause is to be about: a key of `cedu_rules.testing.AIMS`.
        lines: The most clauses that a standard has, from 1.

    Raises:
        ValueError: there is no such construct, or `lines` is less than 1.
    """
    if lines < 1:
        raise ValueError(f"`lines` is {lines}; expected at least 1")
    if about is None:
        return st.composite(lambda draw: _Standard(draw).text(lines))()
    if about not in AIMS:
        raise ValueError(f"no construct `{about}`; expected one of {', '.join(f'`{known}`' for known in AIMS)}")
    return AIMS[about].texts(lines)


class _Standard:
    """Writes one standard."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.scope = Scope()
        self.parts: list[str] = []
        self.number = 0

    def text(self, lines: int) -> str:
        """Write the whole standard."""
        self.parts += [f"type {name} = {written}" for name, written in _TYPES.items()]
        self.parts += ["unit 课 = 45 minutes", "unit credit"]
        self._params()
        if self.draw(st.booleans()):
            self._records()
        self._facts()
        self.scope = self.scope.with_names(BUILT_IN)
        for _ in range(self.draw(st.integers(0, 2))):
            self._let()
        for number in range(self.draw(st.integers(1, lines))):
            self._section(number)
        return HEADER + "\n".join(self.parts) + "\n"

    def _fresh(self, letter: str) -> str:
        self.number += 1
        return f"{letter}{self.number}"

    def _chance(self, of: int) -> bool:
        """Return True once in so many times; examples shrink to False."""
        return self.draw(st.integers(1, of)) == of

    def _writer(self, multiplications: int = 0) -> Writer:
        return Writer(self.draw, Thresholds(), multiplications=multiplications)

    # --- declarations ---

    def _params(self) -> None:
        if self._chance(3):
            self.parts.append("param quota = 1/10")
            self.parts.append("param floor_area = 3 m2")
            quota, floor = NUMBER._replace(low=None), _AREA._replace(low=None)
            self.scope = self.scope.with_names([Name("quota", quota, "param"), Name("floor_area", floor, "param")])

    def _facts(self) -> None:
        declared, names = self._declared(self.scope, self.draw(st.integers(1, 5)), "fact")
        if self.scope.records:
            record = self.draw(st.sampled_from(list(self.scope.records)))
            listed = self._fresh("f")
            declared.append(f'{listed} : list of {record} "名单"')
            names.append(Name(listed, Type("list", name=record)))
        declared += self._checks(names)
        self.scope = self.scope.with_names(names)
        self.parts.append("facts {\n  " + "\n  ".join(declared) + "\n}")

    def _records(self) -> None:
        """Write a record, and sometimes another one whose elements hold lists of the first."""
        self._record("Inner", None)
        if self.draw(st.booleans()):
            self._record("Outer", "Inner")

    def _record(self, name: str, inner: str | None) -> None:
        declared, names = self._declared(Scope(records=self.scope.records), self.draw(st.integers(1, 4)), "field")
        keys = [field for field in names if field.type.kind in {"text", "number"} and not field.may_be_absent]
        key = f" key {keys[0].text}" if keys and self._chance(2) else ""
        if inner is not None:
            listed = self._fresh("g")
            declared.append(f'{listed} : list of {inner} "内层"')
            names.append(Name(listed, Type("list", name=inner), "field"))
        declared += self._checks(names)
        if self._chance(3):
            let = self._fresh("r")
            scope = Scope(tuple(names), self.scope.records)
            declared.append(f"let {let} = {self._writer().condition(scope, 1)}")
            names.append(Name(let, BOOL, "let", selectable=False))
        self.parts.append(f"record {name}{key} {{\n  " + "\n  ".join(declared) + "\n}")
        self.scope = evolve(self.scope, records={**self.scope.records, name: tuple(names)})

    def _declared(self, outer: Scope, number: int, form: str) -> tuple[list[str], list[Name]]:
        """Return the declarations of facts, and their names."""
        declared: list[str] = []
        names: list[Name] = []
        for _ in range(number):
            written, type_ = self.draw(st.sampled_from([*PLAIN.items(), *WITH_PARTS.items()]))
            name = self._fresh("f" if form == "fact" else "g")
            kind = self.draw(st.sampled_from(_KINDS))
            existence, absent, free = self._existence(outer.with_names(names), type_) if names else ("", False, True)
            declared.append(f'{name} : {kind}{written}{existence} "{name}的标签"')
            if type_.kind in {"set", "choice", "level"}:
                type_ = type_._replace(name=type_.name or name)
            names.append(Name(name, type_, form, absent, free))
        return declared, names

    def _existence(self, scope: Scope, type_: Type) -> tuple[str, bool, bool]:
        """Return the condition under which a fact exists, whether it then may have no value, and whether it may exist."""
        if not self._chance(3):
            return "", False, True
        free = [name.text for name in scope.of_kind("bool") if name.selectable and name.form != "let"]
        is_free = bool(free) and self.draw(st.booleans())
        condition = self.draw(st.sampled_from(free)) if is_free else self._writer().condition(scope, 1)
        if type_.kind not in COMPARED or self.draw(st.booleans()):
            return f" when {condition}", True, is_free
        defaults = _DEFAULTS.get(type_.kind) or [self._number_default(type_)]
        return f" when {condition} else {self.draw(st.sampled_from(defaults))}", False, is_free

    def _number_default(self, type_: Type) -> str:
        lowest = int(type_.low / type_.unit.factor) if type_.low is not None and not type_.is_percent else 0
        highest = 1 if type_.is_percent else lowest + 3
        amount = self.draw(st.integers(lowest, highest))
        return f"{amount} {type_.unit.name if type_.unit.dimension else ''}".strip()

    def _checks(self, names: list[Name]) -> list[str]:
        """Return a check that one fact is at most another, sometimes."""
        pairs = [
            (one.text, other.text)
            for one in names
            for other in names
            if one != other and one.type == other.type and one.type.kind in {"number", "date", "level"}
        ]
        if not pairs or not self.draw(st.booleans()):
            return []
        one, other = self.draw(st.sampled_from(pairs))
        return [f'check {one} <= {other} "{one}不能大于{other}"']

    def _let(self) -> None:
        """Write a let; one that multiplies names no other let, so that degrees stay low."""
        name = self._fresh("l")
        may_multiply = self.draw(st.booleans())
        scope = self.scope
        if may_multiply:
            scope = evolve(scope, names=tuple(each for each in scope.names if each.form != "let"))
        writer = self._writer(int(may_multiply))
        numbers = scope.of_kind("number")
        if numbers and self._chance(2):
            subject = self.draw(st.sampled_from(numbers))
            written, type_ = writer.number(scope, subject.type, 1), subject.type._replace(low=None, high=None)
        else:
            written, type_ = writer.condition(scope, 1), BOOL
        self.parts.append(f"let {name} = {written}")
        self.scope = self.scope.with_names([Name(name, type_, "let", may_be_absent=True, selectable=False)])

    # --- clauses ---

    def _section(self, number: int) -> None:
        guard = f" when {self._writer().condition(self.scope, 1)}" if self._chance(4) else ""
        clause = f"c{number + 1}"
        body = "\n    ".join(self._statements(clause))
        self.parts.append(f'section "总项" "分项{number}"{guard} {{\n  clause {clause} "标题" {{\n    {body}\n  }}\n}}')
        self.scope = evolve(self.scope, clauses=(*self.scope.clauses, clause))

    def _statements(self, clause: str) -> list[str]:
        statements = []
        for _ in range(self.draw(st.integers(0, 1))):
            word = self.draw(st.sampled_from(["when", "unless"]))
            statements.append(f"{word} {self._writer().condition(self.scope, 1)}")
        modality = self.draw(st.sampled_from(["must", "must", "must", "should"]))
        statements += [f"{modality} {self._demand()}" for _ in range(self.draw(st.integers(1, 2)))]
        if self._chance(5):
            statements.append(f"should {self._demand()}")
        if self._chance(5):
            statements.append(f'note "{clause}的说明"')
        return statements

    def _demand(self) -> str:
        if not self._chance(6):
            return self._writer(3).condition(self.scope, self.draw(st.integers(0, 2)))
        name = self._fresh("s")
        form = self.draw(st.sampled_from(["judge", "show", "with"]))
        if form == "with":
            words = ("first", "second")
            type_ = Type("set", name=name, members=tuple(Member(word, ()) for word in words))
            self.scope = self.scope.with_names([Name(name, type_)])
            return f'show {name} "{name}" with {{ first "甲", second "乙" }}'
        self.scope = self.scope.with_names([Name(name, BOOL)])
        return f'{form} {name} "{name}"'
