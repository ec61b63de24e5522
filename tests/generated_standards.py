"""Random conditions over a rich standard, and random partial records of it, for the tests of backends.

Everything is made up. The numbers are few and small, so that boundaries, ties and zero divisors are met often; each kind
of fact exists with and without a condition, with and without `else`. All draw from a `random.Random`, which Hypothesis
can control (`st.randoms()`) and a fuzzer can seed.
"""

import random
import re
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
  steady   : yearly number 1 to 5 when flag "稳"
  never    : count when 1 > 2 "无"
  nowhere  : choice { left "左", right "右" } when 1 > 2 "无"
  nothing  : list of Club when 1 > 2 "无"
  no_day   : date when 1 > 2 "无"
  no_set   : set { one "一", two "二" } when 1 > 2 "无"
  no_years : yearly count when 1 > 2 "无"
  surely   : m2 when 2 > 1 else 3 m2 "有"
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

# --- expressions -----------------------------------------------------------------------------------------------------

DEEPER = 2 / 3
"""How likely an expression goes one level deeper."""

_LEAVES = {
    "m2": "area|area_if|area_or|ranged|far|net|twice|2 m2|0 m2|1/3 * 1 m2|5 m2|land",
    "yuan": "money|1 yuan|3 yuan|0 yuan|total_pay",
    "1": "people_|visitors|share|amount|balance|2|1/2|0|3|count(teachers)|count(rooms)",
    "hours": "1 hours|4 hours",
    "days": "1 days|400 days",
    "day": "opened|moved|closed|assessed_on|2021-02-28|latest_move",
    "series": "learners|residents|change|rising|(budget / 1 yuan)",
    "kind": "kind",
    "condition": "flag|plain|gone|kept|busy|yes|no|passes(first)|passes(second)|passes(third)|kind = red|kind != blue"
    "|kind in { red, green }|sort = square|sort in { round_one, square }|filled = oval|rank >= middle|rank < high"
    "|rank_if <= middle|rank_if > low|rank_or = low|rank_if < rank|rank = rank_or|only = sole|only_if = sole"
    '|only_if >= sole|title = "甲"|title_if = "甲"|title = title_if|title in { "甲", "乙" }|title_if != title'
    "|rooms includes all|rooms includes { hall }|rooms includes { hall, yard }|extra includes all"
    "|extra includes { gym }|count(extra) >= 1|closed < opened|closed >= assessed_on|closed = moved"
    "|opened between 2021-01-01 and 2022-06-30|moved >= 2020-01-01|area >= 0 m2|area_if >= 2 m2|ranged <= 5 m2"
    "|far >= 2 m2|per_head >= 2 yuan|people_ in { 1, 2, 3 }|share >= 1/3|land >= 2/3 * 1 亩|area = 1/3 * 1 m2"
    "|rises(learners)|falls(budget)|rises(rising)|learners[assessed_year] >= 2|steady[2021] >= 1|latest(steady) = 0|never >= 1|nowhere = left|nowhere != left|count(nothing) = 0|no_day < opened"
    "|no_set includes { one }|count(no_set) = 0|rises(no_years)|no_years[2021] = 0|surely >= 2 m2|count(clubs) >= 1"
    "|all(c.leader >= middle for c in clubs)|min(rank, rank_or) = low",
}
_OF_TEACHER = {
    "yuan": "{t}.pay|{t}.bonus|{t}.net|{t}.cost",
    "1": "count({t}.certs)|count({t}.skills)|{t}.taught[2021]",
    "hours": "{t}.hours",
    "day": "{t}.since|{t}.left",
    "series": "{t}.taught",
    "condition": "{t}.full|{t}.good|{t}.degree >= middle|{t}.degree = rank|{t}.shape = thin|{t}.hours >= 2 hours"
    "|{t}.pay >= 1 yuan|{t}.bonus > 1 yuan|{t}.rate >= 2 yuan / 1 hours|{t}.net < {t}.pay"
    "|{t}.since + 1 years >= assessed_on|{t}.left < assessed_on|{t}.skills includes {{ read }}|rises({t}.taught)"
    '|{t}.proven|{t}.name = "甲"|{t}.left - {t}.since >= 30 days',
}
_OF_CERT = {"1": "{c}.score|{c}.year", "condition": "{c}.valid|{c}.score >= 1/2|{c}.year = 2"}

# Holes: `same` is a number of the dimension at hand, `leaf` one that goes no deeper, the others a kind of expression.
_NUMBER = (
    "(<same> + <same>)|(<same> - <same>)|(<same> * <1>)|(2 * <same>)|(0 * <same>)|(1/3 * <same>)|((0 - 2) * <same>)"
    "|(<same> / <1>)|abs(<same>)|min(<same>, <same>)|max(<same>, <same>)|(if <condition> then <same> else <same>)"
    "|(by kind { red: <leaf>, blue: <leaf>, green: <leaf> })|(by amount { < 1: <leaf>, = 1: <leaf>, > 1: <leaf> })"
    "|(by people_ { <= 1: <leaf>, <= 3: <leaf>, else: <leaf> })"
    "|(by (people_ + 0 * amount) { <= 1: <leaf>, <= 3: <leaf>, else: <leaf> })"
    "|each sum(<same>)|each min(<same>)|each max(<same>)|each average(<same>)"
)
_FORMS = {
    "m2": _NUMBER,
    "yuan": _NUMBER,
    "hours": _NUMBER,
    "1": f"{_NUMBER}|ceil(<same>)|floor(<same>)|round(<same>)|(<m2> / <m2>)|(<yuan> / <yuan>)|(<same> / <same>)"
    "|<series>[assessed_year]|<series>[2021]|<series>[year(opened)]|<series>[amount]|<series>[<1>]|<series>[(people_ + 2019)]|latest(<series>)"
    "|average(<series>, 1)|average(<series>, 3)|year(<day>)|each count(distinct <key>)|each count(<variable>)",
    "days": f"{_NUMBER}|(<day> - <day>)|(<day> - <day>)",
    "day": "(<day> + 1 years)|(<day> - 13 months)|(<day> + 30 days)|(if <condition> then <day> else <day>)"
    "|min(<day>, <day>)|max(<day>, <day>)|each min(<leaf>)|each max(<leaf>)",
    "series": "(<series> + <series>)|(<series> - <number>)|(<series> * <number>)|(<series> / <series>)|(<number> / <series>)",
    "kind": "(if <condition> then <kind> else kind)|(if <condition> then <kind> else red)",
    "condition": "(not <condition>)|(<condition> and <condition> and <leaf>)|(<condition> or <condition> or <leaf>)"
    "|(at least 2 of (<condition>, <leaf>, <leaf>))|(if <condition> then <condition>)"
    "|(if <condition> then <condition> else <leaf>)|(<condition> = <leaf>)|rises(<series>)|falls(<series>)"
    "|(<kind> = <kind>)|(<kind> != <kind>)|(<day> < <day>)|(<day> >= <day>)|(<day> = <day>)"
    "|(<m2> >= <m2>)|(<m2> < <m2>)|(<yuan> <= <yuan>)|(<yuan> != <yuan>)|(<1> = <1>)|(<1> > <1>)|(<1> <= <1>)"
    "|(<days> >= <days>)|(by people_ { <= 1: <leaf>, <= 3: <leaf>, else: <leaf> })"
    "|(by kind { red: <leaf>, blue: <leaf>, green: <leaf> })|each all(<condition>)|each any(<condition>)",
}
_HOLE = re.compile(r"<(\w+)>")


class Expressions:
    """Draws well-typed expressions as text; `teachers` and `certs` are the variables that are bound."""

    def __init__(self, source: random.Random, teachers: tuple[str, ...] = (), certs: tuple[str, ...] = ()) -> None:
        self._random = source
        self._teachers = teachers
        self._certs = certs

    def draw(self, kind: str, depth: int) -> str:
        """Return an expression: a condition, day, series, kind, or a number by its dimension."""
        if depth <= 0 or self._random.random() > DEEPER:
            return self._random.choice(self._leaves(kind))
        form = self._random.choice(_FORMS[kind].split("|"))
        if form.startswith("each "):
            return self._aggregate(form.removeprefix("each "), kind, depth - 1)
        return self._filled(form, kind, depth - 1)

    def _leaves(self, kind: str) -> list[str]:
        leaves = _LEAVES[kind].split("|")
        for teacher in self._teachers:
            leaves += [leaf.format(t=teacher) for leaf in _OF_TEACHER.get(kind, "").split("|") * 2 if leaf]
        for cert in self._certs:
            leaves += [leaf.format(c=cert) for leaf in _OF_CERT.get(kind, "").split("|") if leaf]
        return leaves

    def _filled(self, form: str, kind: str, depth: int) -> str:
        holes = {"same": kind, "number": "1"}

        def fill(hole: re.Match[str]) -> str:
            return self.draw(kind, 0) if hole[1] == "leaf" else self.draw(holes.get(hole[1], hole[1]), depth)

        return _HOLE.sub(fill, form)

    def _aggregate(self, form: str, kind: str, depth: int) -> str:
        """Return an aggregate of teachers, or of the certificates of one, often with a filter."""
        keys: tuple[str, ...]
        if self._teachers and self._random.random() < 1 / 2:
            variable, listed, keys = f"c{len(self._certs)}", f"{self._teachers[-1]}.certs", ("year",)
            inner = Expressions(self._random, self._teachers, (*self._certs, variable))
        else:
            variable, listed, keys = f"t{len(self._teachers)}", "teachers", ("name", "degree", "shape")
            inner = Expressions(self._random, (*self._teachers, variable), self._certs)
        where = f" where {inner.draw('condition', depth // 2)}" if self._random.random() < DEEPER else ""
        form = form.replace("<key>", f"{variable}.{self._random.choice(keys)}").replace("<variable>", variable)
        return inner._filled(f"{form[:-1]} for {variable} in {listed}{where})", kind, depth)


def random_clause(source: random.Random) -> str:
    """Return the statements of a clause."""
    expressions = Expressions(source)
    statements = [f"{source.choice(('must', 'must', 'should'))} {expressions.draw('condition', 4)}"]
    if source.random() < 1 / 3:
        statements.append(f"{source.choice(('must', 'should'))} {expressions.draw('condition', 2)}")
    if source.random() < 1 / 3:
        statements.append(f"{source.choice(('when', 'unless'))} {expressions.draw('condition', 2)}")
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


def seeded(seed: int | str) -> random.Random:
    """Return the source of random choices that a seed stands for."""
    return random.Random(seed)  # noqa: S311 -- tests keep no secrets


def random_day(source: random.Random) -> date | None:
    """Return a day of assessment, or None."""
    return None if source.random() < 1 / 4 else date(source.randint(2020, 2023), source.randint(1, 12), 15)


def with_row(model: Model, record: SimpleNamespace) -> SimpleNamespace:
    """Return the record with its row."""
    record._row = rows.row_of(model, model.facts, vars(record))
    return record
