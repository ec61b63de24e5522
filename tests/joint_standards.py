"""Small standards whose clauses ask different things of the same facts, made so that one record meets them all.

Everything is made up. A witness is drawn first; of random conditions those are kept that it meets. So whatever fails
can be put right: there is at least one record to get to. All draw from a `random.Random`, which Hypothesis can control.
"""

import random
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import cedu_rules as cr
from cedu_rules.results import Status

DAY = date(2022, 12, 15)
FACTS = """
standard joint "样例"
source "样例文件" annex 1
type Degree = level { low "中专" < mid "大专" < high "本科" }
facts {
  site        : choice { own "自有", shared "合用" } "场地"
  area        : m2 when site = own "自有面积"
  shared_area : m2 when site = shared "合用面积"
  population  : people "人口"
  funding     : yuan "经费"
  full        : count "专职人数"
  part        : count "兼职人数"
  share       : percent "比例"
  seats       : count 0 to 8 "座位"
  open_day    : bool "开放"
  fair        : judged bool "公平"
  rooms       : set { reading "阅览室", training "培训室", archive "档案室" } "用房"
  visits      : yearly people "人数"
  residents   : yearly people "居民"
  teachers    : list of Teacher "教师名单"
  courses     : list of Course "课程"
  check visits[assessed_year] <= residents[assessed_year] "人数不能大于居民"
}
record Teacher key name {
  name : text "姓名"
  full_time : bool "专职"
  degree : Degree "学历"
  hours : hours "学时"
  certified : bool "有证"
}
record Course { pupils : count "学员"  topic : choice { art "艺术", health "健康", law "法律" } "主题" }
"""
_OF_TEACHERS = (
    "t.full_time",
    "not t.full_time",
    "t.certified",
    "not t.certified",
    "t.degree >= mid",
    "t.degree = high",
    "t.hours >= {n} hours",
    "t.hours <= {n} hours",
    "t.full_time and t.certified",
    "t.full_time or t.degree >= mid",
)
_OF_COURSES = ("c.topic = art", "c.topic in {{ art, law }}", "c.pupils >= {n}", "c.pupils <= {n}")
_NUMBERS = (
    "full",
    "part",
    "full + part",
    "seats",
    "count(teachers)",
    "count(t for t in teachers where {t})",
    "count(c for c in courses where {c})",
    "sum(c.pupils for c in courses)",
    "count(distinct c.topic for c in courses)",
    "max(c.pupils for c in courses)",
    "count(rooms)",
)
_CONDITIONS = (
    "{x} {o} {n}",
    "{x} {o} {x}",
    "full / (full + part) {o} 60%",
    "count(t for t in teachers where t.full_time) / count(teachers) {o} 50%",
    "funding {o} 1 yuan * population",
    "area {o} 60 m2 or shared_area >= 60 m2",
    "if site = own then area >= {n} m2 else shared_area >= {n} m2",
    "if open_day then seats {o} {n}",
    "not open_day or share >= 50%",
    "share {o} 30%",
    "rooms includes {{ reading }}",
    "not rooms includes {{ archive }}",
    "all({t} for t in teachers where {t})",
    "all({t} for t in teachers)",
    "any({t} for t in teachers where {t})",
    "sum(t.hours for t in teachers where {t}) {o} {n} hours",
    "average(t.hours for t in teachers) {o} {n} hours",
    "min(t.hours for t in teachers) {o} {n} hours",
    "all({c} for c in courses where {c})",
    "any({c} for c in courses)",
    "rises(visits)",
    "not falls(residents)",
    "visits[assessed_year] / residents[assessed_year] {o} 10%",
    "full >= by population {{ <= 1000: 1, <= 20000: 3, else: 6 }}",
    "at least 2 of ({x} {o} {n}, any({t} for t in teachers), share {o} 30%)",
)


def _count(source: random.Random, top: int) -> int:
    return source.choice([0, 1, 2, 3, 5, 8, source.randint(0, top)])


def random_values(source: random.Random) -> dict[str, Any]:
    """Return the values of a complete record that meets the check."""
    flag: Callable[[], bool] = lambda: source.random() < 0.5  # noqa: E731
    visits = {year: _count(source, 40) for year in (2020, 2021, 2022)}
    site = source.choice(["own", "shared"])
    return {
        "site": site,
        "area" if site == "own" else "shared_area": _count(source, 900),
        "population": _count(source, 40000),
        "funding": _count(source, 50000),
        "full": _count(source, 20),
        "part": _count(source, 20),
        "share": Decimal(source.randint(0, 100)) / 100,
        "seats": source.randint(0, 8),
        "open_day": flag(),
        "fair": flag(),
        "rooms": [name for name in ("reading", "training", "archive") if flag()],
        "visits": visits,
        "residents": {year: number + _count(source, 100) for year, number in visits.items()},
        "teachers": [
            {
                "name": f"教师{number}",
                "full_time": flag(),
                "degree": source.choice(["low", "mid", "high"]),
                "hours": _count(source, 60),
                "certified": flag(),
            }
            for number in range(_count(source, 4) % 6)
        ],
        "courses": [
            {"pupils": _count(source, 30), "topic": source.choice(["art", "health", "law"])}
            for _ in range(source.choice([0, 1, 2, 4]))
        ],
    }


def random_condition(source: random.Random) -> str:
    """Return a condition over the facts."""
    text = source.choice(_CONDITIONS)
    for mark, options in (("{x}", _NUMBERS), ("{t}", _OF_TEACHERS), ("{c}", _OF_COURSES)):
        while mark in text:
            text = text.replace(mark, source.choice(options), 1)
    while "{o}" in text:
        text = text.replace("{o}", source.choice([">=", ">=", "<=", ">", "<", "="]), 1)
    while "{n}" in text:
        text = text.replace("{n}", str(source.choice([0, 1, 2, 3, 4, 5, 8, 10])), 1)
    return text.replace("{{", "{").replace("}}", "}")


def _standard(conditions: list[str]) -> cr.Standard:
    clauses = [f'clause c{number} "条" {{ must {condition} }}' for number, condition in enumerate(conditions)]
    return cr.loads(FACTS + 'section "总项" "分项" {\n' + "\n".join(clauses) + "\n}\n")


def random_joint(source: random.Random) -> tuple[cr.Standard, dict[str, Any]]:
    """Return a standard and the values of a record that conforms to it."""
    witness = random_values(source)
    drawn = [f"({random_condition(source)})" for _ in range(source.choice([8, 16, 30]))]
    statuses = _standard(drawn).statuses(witness, assessed_on=DAY)
    met = [condition for condition, status in zip(drawn, statuses, strict=True) if status is Status.PASS]
    kept = met[: source.choice([2, 3, 5, 8, 12])] or ["open_day or not open_day"]
    return _standard(kept), witness
