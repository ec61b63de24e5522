"""Random conditions over a rich standard, and random partial records of it, for the tests of backends.

Everything is made up. The numbers are few and small, so that boundaries, ties and zero divisors are met often; each kind
of fact exists with and without a condition, with and without `else`. All draw from a `random.Random`, which Hypothesis
can control (`st.randoms()`) and a fuzzer can seed.
"""

import random
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from types import SimpleNamespace
from typing import Any

from attrs import evolve

from cedu_rules import rows
from cedu_rules.model.from_syntax import build
from cedu_rules.model.ir import Fact, Model
from cedu_rules.model.types import Type
from cedu_rules.source import Source, Span
from cedu_rules.syntax.parser import parse

RICH = """
standard rich "样例"
source "样例文件" annex 1
type Degree = level { low "低" < middle "中" < high "高" }
type Only = level { sole "唯一" }
facts {
  flag     : bool "甲"
  plain    : bool "乙"
  gone     : bool when flag "丙"
  kept     : bool when kind = red else yes "丁"
  kind     : choice { red "红", blue "蓝", green "绿" } "类"
  sort     : choice { round_one "圆", square "方" } when kind = red "形"
  filled   : choice { round_two "圆", oval "椭圆" } when flag else oval "形"
  rank     : Degree "级"
  rank_if  : Degree when flag "级"
  rank_or  : Degree when flag else low "级"
  only     : Only "唯"
  only_if  : Only when flag "唯"
  title    : text "名"
  title_if : text when flag "名"
  area     : m2 "面积"
  land     : 亩 "地"
  area_if  : m2 when kind = red "面积"
  area_or  : m2 when flag else 2 m2 "面积"
  ranged   : m2 2 m2 to 5 m2 "面积"
  far      : m2 2 m2 to 5 m2 when flag "面积"
  net      : signed m2 "净"
  money    : yuan "钱"
  people_  : people "人"
  visitors : 万人 when plain "人"
  share    : percent "率"
  amount   : number "数"
  balance  : signed number "差"
  opened   : date "开"
  closed   : date when flag "关"
  moved    : date 2020-01-01 to 2024-12-31 when flag else 2020-06-30 "迁"
  rooms    : set { hall "厅", lab "室", yard "院" } "房"
  extra    : set { pool "池", gym "馆" } when flag "外"
  learners : yearly people "学"
  residents : yearly people "民"
  budget   : yearly yuan when flag "算"
  change   : yearly signed number "变"
  teachers : list of Teacher "师"
  clubs    : list of Club when flag "社"
  check area <= 10 m2 or plain "面积过大"
  check learners[assessed_year] <= residents[assessed_year] "人数过多"
}
record Teacher key name {
  name   : text "名"
  full   : bool "专"
  degree : Degree "级"
  shape  : choice { thin "瘦", wide "宽" } when full "形"
  hours  : hours "时"
  pay    : yuan when full "薪"
  bonus  : yuan when degree >= middle else 1 yuan "奖"
  net    : signed yuan "净"
  since  : date "始"
  left   : date when not full "终"
  skills : set { read "读", write "写" } "能"
  taught : yearly count "课"
  certs  : list of Cert "证"
  check hours <= 9 hours "课时过多"
  let good = full and degree >= middle
  let cost = pay + bonus
  let rate = cost / hours
  let proven = any(c.valid for c in certs)
}
record Cert {
  valid : bool "有效"
  score : percent when valid "分"
  year  : count "年"
  check year <= 3 or valid "年份"
}
record Club {
  size   : people "人"
  leader : Degree when size >= 2 "长"
}
let twice = area + area
let per_head = money / people_
let busy = count(t for t in teachers where t.good) >= 2
let latest_move = if plain then moved else opened
let rising = learners / residents
let total_pay = sum(t.pay for t in teachers where t.full)
section "甲" "乙" {
  clause first "一" { must flag or area >= 2 m2 }
  clause second "二" { when kind = red must share >= 1/2 unless not plain }
  clause third "三" { should busy }
}
"""


def model_of(text: str) -> Model:
    """Return the model of a text that has to be right."""
    file, problems = parse(Source("rich.std", text))
    model, findings = build(file)
    errors = [str(each) for each in (*problems, *findings) if each.severity == "error"]

    assert [] == errors

    return model


RICH_MODEL = model_of(RICH)

# --- conditions ------------------------------------------------------------------------------------------------------

_NUMBERS = {
    "m2": ["area", "area_if", "area_or", "ranged", "far", "net", "twice", "2 m2", "0 m2", "1/3 * 1 m2", "5 m2", "land"],
    "yuan": ["money", "1 yuan", "3 yuan", "0 yuan", "total_pay"],
    "1": ["people_", "visitors", "share", "amount", "balance", "2", "1/2", "0", "3", "count(teachers)", "count(rooms)"],
    "hours": ["1 hours", "4 hours"],
    "days": ["1 days", "400 days"],
}
_OF_TEACHER = {
    "m2": [],
    "yuan": ["{t}.pay", "{t}.bonus", "{t}.net", "{t}.cost"],
    "1": ["count({t}.certs)", "count({t}.skills)", "{t}.taught[2021]"],
    "hours": ["{t}.hours"],
    "days": [],
}
DEEPER = 2 / 3
"""How likely an expression goes one level deeper."""
_OPERATORS = ["=", "!=", "<", "<=", ">", ">="]


class Expressions:
    """Draws well-typed expressions as text; `teachers` and `certs` are the variables that are bound."""

    def __init__(self, source: random.Random, teachers: tuple[str, ...] = (), certs: tuple[str, ...] = ()) -> None:
        self._random = source
        self._teachers = teachers
        self._certs = certs

    def one(self, *choices: str) -> str:
        """Draw one of the texts."""
        return self._random.choice(choices)

    def chance(self, depth: int) -> bool:
        """Draw whether to go deeper."""
        return depth > 0 and self._random.random() < DEEPER

    def number(self, dimension: str, depth: int) -> str:
        """Draw a number."""
        if not self.chance(depth):
            return self._leaf(dimension)
        forms = ["sum", "minus", "times", "over", "abs", "extreme", "if", "by", "aggregate", "product"]
        forms += {"1": ["round", "ratio", "at", "latest", "average", "year", "distinct", "count"], "days": ["between"]}.get(dimension, [])
        return self._compound(self.one(*forms), dimension, depth - 1)

    def _leaf(self, dimension: str) -> str:
        choices = list(_NUMBERS[dimension])
        for teacher in self._teachers:
            choices += [each.format(t=teacher) for each in _OF_TEACHER[dimension] * 2]
        if dimension == "1":
            choices += [f"{cert}.{name}" for cert in self._certs for name in ("score", "year")]
        return self.one(*choices)

    def _compound(self, form: str, dimension: str, depth: int) -> str:
        first = self.number(dimension, depth)
        match form:
            case "sum":
                return f"({first} + {self.number(dimension, depth)})"
            case "minus":
                return f"({first} - {self.number(dimension, depth)})"
            case "times":
                return f"({first} * {self.number('1', depth)})"
            case "product":
                return f"({self.one('2', '0', '1/3', '(0 - 2)')} * {first})"
            case "over":
                return f"({first} / {self.number('1', depth)})"
            case "ratio":
                other = self.one("m2", "yuan", "1")
                return f"({self.number(other, depth)} / {self.number(other, depth)})"
            case "abs":
                return f"abs({first})"
            case "extreme":
                return f"{self.one('min', 'max')}({first}, {self.number(dimension, depth)})"
            case "round":
                return f"{self.one('ceil', 'floor', 'round')}({first})"
            case "if":
                return f"(if {self.condition(depth)} then {first} else {self.number(dimension, depth)})"
            case "by":
                return self._table(first, lambda: self.number(dimension, 0))
            case "between":
                return f"({self.day(depth)} - {self.day(depth)})"
            case "year":
                return f"year({self.day(depth)})"
            case "at":
                return f"{self.series(depth)}[{self.one('assessed_year', '2021', '2022', 'year(opened)', 'amount')}]"
            case "latest":
                return f"latest({self.series(depth)})"
            case "average":
                return f"average({self.series(depth)}, {self.one('1', '2', '3')})"
        return self._aggregate(form, dimension, depth)

    def _aggregate(self, form: str, dimension: str, depth: int) -> str:
        source, variable, inner = self._loop()
        where = f" where {inner.condition(depth)}" if inner.chance(1) else ""
        if form == "distinct":
            key = inner.one(f"{variable}.name", f"{variable}.degree", f"{variable}.shape") if source == "teachers" else f"{variable}.year"
            return f"count(distinct {key} for {variable} in {source}{where})"
        if form == "count":
            return f"count({variable} for {variable} in {source}{where})"
        function = inner.one("sum", "min", "max", "average")
        return f"{function}({inner.number(dimension, depth)} for {variable} in {source}{where})"

    def _loop(self) -> tuple[str, str, "Expressions"]:
        """Return a list, a new variable, and what draws expressions with it."""
        if self._teachers and self._random.random() < 1 / 2:
            variable = f"c{len(self._certs)}"
            return f"{self._teachers[-1]}.certs", variable, Expressions(self._random, self._teachers, (*self._certs, variable))
        variable = f"t{len(self._teachers)}"
        return "teachers", variable, Expressions(self._random, (*self._teachers, variable), self._certs)

    def _table(self, _first: str, value: Callable[[], str]) -> str:
        form = self.one("count", "open", "choice", "computed")
        if form == "choice":
            return f"(by kind {{ red: {value()}, blue: {value()}, green: {value()} }})"
        if form == "open":
            return f"(by amount {{ < 1: {value()}, = 1: {value()}, > 1: {value()} }})"
        selector = "people_" if form == "count" else f"({self.number('1', 1)} + 0 * amount)"
        return f"(by {selector} {{ <= 1: {value()}, <= 3: {value()}, else: {value()} }})"

    def day(self, depth: int) -> str:
        """Draw a day."""
        choices = ["opened", "moved", "assessed_on", "2021-02-28", "latest_move", *(f"{each}.since" for each in self._teachers)]
        if not self.chance(depth):
            return self.one(*choices, "closed", *(f"{each}.left" for each in self._teachers))
        form = self.one("step", "if", "extreme", "latest")
        if form == "step":
            return f"({self.day(depth - 1)} {self.one('+', '-')} {self.one('1 years', '13 months', '30 days')})"
        if form == "if":
            return f"(if {self.condition(depth - 1)} then {self.day(depth - 1)} else {self.day(depth - 1)})"
        if form == "extreme":
            return f"{self.one('min', 'max')}({self.day(depth - 1)}, {self.day(depth - 1)})"
        variable = f"t{len(self._teachers)}"
        inner = Expressions(self._random, (*self._teachers, variable), self._certs)
        return f"{self.one('min', 'max')}({inner.day(0)} for {variable} in teachers where {inner.condition(0)})"

    def series(self, depth: int) -> str:
        """Draw a series of bare numbers."""
        leaves = ["learners", "residents", "change", "rising", "(budget / 1 yuan)", *(f"{each}.taught" for each in self._teachers)]
        if not self.chance(depth):
            return self.one(*leaves)
        operator = self.one("+", "-", "*", "/")
        other = self.series(depth - 1) if self._random.random() < 1 / 2 else self.number("1", 0)
        return f"({self.series(depth - 1)} {operator} {other})"

    def condition(self, depth: int) -> str:
        """Draw a condition."""
        if not self.chance(depth):
            return self._simple()
        form = self.one("not", "and", "or", "at least", "if", "if else", "quantified", "number", "day", "choice", "equal", "by", "trend")
        match form:
            case "not":
                return f"(not {self.condition(depth - 1)})"
            case "and" | "or":
                return f"({self.condition(depth - 1)} {form} {self.condition(depth - 1)} {form} {self.condition(0)})"
            case "at least":
                return f"(at least 2 of ({self.condition(depth - 1)}, {self.condition(0)}, {self.condition(0)}))"
            case "if":
                return f"(if {self.condition(depth - 1)} then {self.condition(depth - 1)})"
            case "if else":
                return f"(if {self.condition(depth - 1)} then {self.condition(depth - 1)} else {self.condition(0)})"
            case "quantified":
                source, variable, inner = self._loop()
                where = f" where {inner.condition(0)}" if inner.chance(1) else ""
                return f"{self.one('all', 'any')}({inner.condition(depth - 1)} for {variable} in {source}{where})"
            case "day":
                return f"({self.day(depth - 1)} {self.one(*_OPERATORS)} {self.day(0)})"
            case "choice":
                return f"({self._kind(depth - 1)} {self.one('=', '!=')} {self._kind(0)})"
            case "equal":
                return f"({self.condition(depth - 1)} = {self.condition(0)})"
            case "by":
                return self._table("", lambda: self.condition(0))
            case "trend":
                return f"{self.one('rises', 'falls')}({self.series(depth - 1)})"
        dimension = self.one("m2", "yuan", "1", "1", "days")
        return f"({self.number(dimension, depth - 1)} {self.one(*_OPERATORS)} {self.number(dimension, depth // 2)})"

    def _kind(self, depth: int) -> str:
        if not self.chance(depth):
            return "kind"
        return f"(if {self.condition(depth - 1)} then {self._kind(depth - 1)} else {self.one('kind', 'red', 'green')})"

    def _simple(self) -> str:
        choices = [
            "flag", "plain", "gone", "kept", "busy", "yes", "no", "passes(first)", "passes(second)", "passes(third)",
            "kind = red", "kind != blue", "kind in { red, green }", "sort = square", "sort in { round_one, square }",
            "filled = oval", "rank >= middle", "rank < high", "rank_if <= middle", "rank_if > low", "rank_or = low",
            "rank_if < rank", "rank = rank_or", "only = sole", "only_if = sole", "only_if >= sole",
            'title = "甲"', 'title_if = "甲"', "title = title_if", 'title in { "甲", "乙" }', 'title_if != title',
            "rooms includes all", "rooms includes { hall }", "rooms includes { hall, yard }", "extra includes all",
            "extra includes { gym }", "count(extra) >= 1", "closed < opened", "closed >= assessed_on", "closed = moved",
            "opened between 2021-01-01 and 2022-06-30", "moved >= 2020-01-01", "area >= 0 m2", "area_if >= 2 m2",
            "ranged <= 5 m2", "far >= 2 m2", "per_head >= 2 yuan", "people_ in { 1, 2, 3 }", "share >= 1/3",
            "land >= 2/3 * 1 亩", "area = 1/3 * 1 m2", "rises(learners)", "falls(budget)", "rises(rising)",
            "learners[assessed_year] >= 2", "count(clubs) >= 1", "all(c.leader >= middle for c in clubs)",
            "min(rank, rank_or) = low",
        ]  # fmt: skip
        for teacher in self._teachers:
            choices += [
                each.format(t=teacher)
                for each in (
                    "{t}.full", "{t}.good", "{t}.degree >= middle", "{t}.degree = rank", "{t}.shape = thin",
                    "{t}.hours >= 2 hours", "{t}.pay >= 1 yuan", "{t}.bonus > 1 yuan", "{t}.rate >= 2 yuan / 1 hours",
                    "{t}.net < {t}.pay", "{t}.since + 1 years >= assessed_on", "{t}.left < assessed_on",
                    "{t}.skills includes {{ read }}", "rises({t}.taught)", "{t}.proven", '{t}.name = "甲"',
                    "{t}.left - {t}.since >= 30 days",
                )
            ]  # fmt: skip
        choices += [f"{cert}.{test}" for cert in self._certs for test in ("valid", "score >= 1/2", "year = 2")]
        return self.one(*choices)


def random_clause(source: random.Random) -> str:
    """Return the statements of a clause."""
    expressions = Expressions(source)
    statements = [f"{expressions.one('must', 'must', 'should')} {expressions.condition(4)}"]
    if source.random() < 1 / 3:
        statements.append(f"{expressions.one('must', 'should')} {expressions.condition(2)}")
    if source.random() < 1 / 3:
        statements.append(f"{expressions.one('when', 'unless')} {expressions.condition(2)}")
    return " ".join(statements)


def random_model(source: random.Random, number: int = 4) -> Model:
    """Return the rich standard with so many clauses more, without those that the loader refuses."""
    texts = [random_clause(source) for _ in range(number)]
    written = "".join(f'clause made_{index} "{index}" {{ {text} }}\n' for index, text in enumerate(texts))
    file, problems = parse(Source("rich.std", f'{RICH}\nsection "丙" "丁" {{\n{written}}}'))
    model, findings = build(file)
    errors = [each for each in (*problems, *findings) if each.severity == "error"]
    faulty = {clause.id for clause in model.clauses for each in errors if _covers(clause.span, each.span)}
    return evolve(model, clauses=tuple(clause for clause in model.clauses if clause.id not in faulty))


def _covers(outer: Span, inner: Span) -> bool:
    return outer.start <= inner.start <= outer.end


# --- records ---------------------------------------------------------------------------------------------------------

_FEW = (0, 1, 2, 3, 5, Decimal("0.5"), Decimal("1.5"))
_UNUSUAL = (Fraction(1, 3), 10**18)
"""Numbers that have no place in a row."""
_SHARES = (0, Decimal("0.5"), Decimal("0.25"), 1)
_TEXTS = ("甲", "乙", "丙")
_EDGES = (date.min, date.max, date(2021, 2, 28), date(2020, 6, 30))


def _number(source: random.Random, type_: Type, unusual: float) -> int | Decimal | Fraction:
    choices = _SHARES if type_.is_percent else (0, 1, 2, 3, 3, 4) if type_.whole else _FEW
    allowed = [value for value in choices if _within(type_, Fraction(value) * type_.data_factor)]
    if source.random() < unusual and not type_.whole and type_.high is None:
        return source.choice(_UNUSUAL)
    value = source.choice(allowed)
    return -value if type_.low is None and source.random() < 1 / 3 else value


def _within(type_: Type, value: Fraction) -> bool:
    return (type_.low is None or value >= type_.low) and (type_.high is None or value <= type_.high)


def _day(source: random.Random, type_: Type) -> date:
    if source.random() < 1 / 10:
        choices = list(_EDGES)
    else:
        choices = [date(source.randint(2019, 2025), source.randint(1, 12), source.randint(1, 28))]
    allowed = [day for day in choices if _within(type_, Fraction(day.toordinal()))]
    return source.choice(allowed or [date(2020, 6, 30)])


def _value(source: random.Random, model: Model, type_: Type, gaps: float, unusual: float) -> object:
    """Return a given value of a type."""
    match type_.kind:
        case "number":
            return _number(source, type_, unusual)
        case "bool":
            return source.random() < 1 / 2
        case "choice" | "level":
            return source.choice(type_.members).name
        case "text":
            return source.choice(_TEXTS)
        case "date":
            return _day(source, type_)
        case "set":
            return {member.name: source.choice((True, True, False, None)) for member in type_.members}
        case "series":
            years = source.sample(range(2019, 2024), source.randint(1, 4))
            element: Any = type_.element
            return {year: None if source.random() < gaps else _number(source, element, unusual) for year in years}
    fields = model.records_by_name[type_.name].fields
    return tuple(_owner(source, model, fields, gaps, unusual) for _ in range(source.randint(0, 3)))


def _owner(
    source: random.Random, model: Model, facts: tuple[Fact, ...], gaps: float, unusual: float
) -> SimpleNamespace:
    values = {}
    for fact in facts:
        missing = source.random() < gaps
        values[fact.name] = None if missing else _value(source, model, fact.type, gaps / 2, unusual)
    return SimpleNamespace(**values)


def random_record(source: random.Random, model: Model = RICH_MODEL) -> SimpleNamespace:
    """Return a record: complete, with gaps, or nearly empty; a few hold numbers that leave the range of rows."""
    gaps, unusual = source.choice((0, 1 / 6, 1 / 3, 5 / 6)), source.choice((0, 0, 0, 1 / 8))
    return with_row(model, _owner(source, model, model.facts, gaps, unusual))


def random_day(source: random.Random) -> date | None:
    """Return a day of assessment, or None."""
    return None if source.random() < 1 / 4 else date(source.randint(2020, 2023), source.randint(1, 12), 15)


def with_row(model: Model, record: SimpleNamespace) -> SimpleNamespace:
    """Return the record with its row."""
    record._row = rows.row_of(model, model.facts, vars(record))
    return record
