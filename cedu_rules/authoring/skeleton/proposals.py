"""A number in a line into what it seems to ask: a fact to record, and a requirement on it.

Names come from the nearest noun of a small table; where there is none, from the unit. They are proposals: an author who
knows the line better writes others.
"""

import re
from collections.abc import Iterable, Iterator
from fractions import Fraction
from keyword import kwlist

from attrs import frozen

from cedu_rules.authoring.numerals import plain
from cedu_rules.authoring.skeleton.quantities import Quantity, folded, people_base, quantities
from cedu_rules.model.declarations import TAKEN
from cedu_rules.syntax.keywords import RESERVED
from cedu_rules.units import PERCENT, Unit

LABEL_LIMIT = 40
_LEAST_LABEL = 4
_PER_LINE_LIMIT = 20
"""Of one line at most so many numbers are proposed."""

_WORDS = {
    "area": "建筑面积 面积",
    "usable_area": "使用面积",
    "site_area": "占地面积",
    "full_time_teachers": "专职教师",
    "part_time_teachers": "兼职教师",
    "teachers": "专兼职教师 教师",
    "volunteers": "志愿者",
    "managers": "管理人员",
    "cadres": "管理干部 专干 干部",
    "staff": "工作人员",
    "learners": "学员",
    "meetings": "会议 例会",
    "funding": "经费",
    "books": "图书 藏书",
    "newspapers": "报刊",
    "magazines": "杂志",
    "computers": "电脑 微机 计算机",
    "articles": "论文 文章",
    "projects": "课题 项目",
    "bases": "基地",
    "venues": "场地 体验点",
    "courses": "课程",
    "textbooks": "教材",
    "trainings": "培训",
    "lectures": "讲座",
    "activities": "活动",
    "hours": "时间",
    "utilisation": "利用率",
    "registration": "注册率",
    "participation": "参与率",
    "coverage": "覆盖率",
    "satisfaction": "满意度 满意率",
    "share": "比例",
    "classrooms": "教室",
    "rooms": "用房",
    "seats": "座位",
    "cases": "案例",
    "reports": "信息",
    "studios": "工作室",
    "brands": "品牌",
    "clubs": "社团",
    "teams": "团队",
    "devices": "设备",
    "lessons": "学时 课时",
    "credits": "学分",
}
NOUNS = {word: name for name, words in _WORDS.items() for word in words.split()}
_SHARES = frozenset({"utilisation", "registration", "participation", "coverage", "satisfaction", "share"})
_NEAR = 24
"""A noun behind a number stands within so many characters of it."""

_BY_UNIT = {
    "m2": "area", "亩": "area", "ha": "area", "km2": "area", "yuan": "funding", "角": "funding", "分": "funding",
    "hours": "hours", "minutes": "minutes", "days": "days", "months": "months", "years": "years", "%": "share",
    "人": "people_number", "名": "people_number", "位": "people_number", "people": "people_number", "次": "times",
    "台": "devices", "册": "books", "篇": "articles", "间": "rooms", "场": "events", "门": "courses",
}  # fmt: skip
_PEOPLE = frozenset({"人", "名", "位", "people"})
_LATIN = re.compile(r"[A-Za-z]{3,}")
_EDGES = " 、,，.。;；:：-（）()[]“”\"'"
POPULATION = ("population", "people", "常住人口")


@frozen
class Proposal:
    """A fact with its type and label, and the requirement on it, as a file writes them."""

    name: str
    type: str
    label: str
    requirement: str
    needs_population: bool = False


class Proposer:
    """Proposes for one line after the other; every fact has a name and a label of its own."""

    def __init__(self) -> None:
        self._names = _Taken({POPULATION[0], *TAKEN, *RESERVED, *kwlist}, "_{}")
        self._labels = _Taken({POPULATION[2]}, "（{}）")

    def of(self, text: str) -> Iterator[Proposal]:
        """Yield what the numbers of a line seem to ask."""
        for number, quantity in enumerate(quantities(text)):
            if number == _PER_LINE_LIMIT:
                return
            yield self._proposal(text, quantity)

    def _proposal(self, text: str, quantity: Quantity) -> Proposal:
        label = self._labels.free(_label(text, quantity))
        base = people_base(text, quantity.chunk[0], quantity.start)
        is_quota = _is_quota(text, quantity, base)
        type_ = _type(quantity, is_quota=is_quota)
        noun = _name(text, quantity)
        name = self._names.free(f"{noun}_share" if type_ == "percent" and noun not in _SHARES else noun)
        threshold = _quota(quantity, base or Fraction(1)) if is_quota else _number(quantity)
        return Proposal(name, type_, label, f"{name} {quantity.sign} {threshold}", is_quota)


def _is_quota(text: str, quantity: Quantity, base: Fraction | None) -> bool:
    """Return whether the number grows with the people who live there: 每万人1名, 人均1元, 人口千分之一."""
    if quantity.is_fraction:
        return "人口" in folded(text)[: quantity.end]
    if quantity.unit == PERCENT or base is None:
        return False
    return base > 1 or (quantity.unit is not None and dict(quantity.unit.dimension) == {"yuan": 1})


def _quota(quantity: Quantity, base: Fraction) -> str:
    unit = quantity.unit
    if unit is None or not unit.dimension:
        return f"population * {quantity.value / base}"
    each = f"{_amount(quantity.value, unit)} * population"
    return each if base == 1 else f"{each} / {base}"


def _number(quantity: Quantity) -> str:
    if quantity.unit is None:
        return f"{quantity.value}" if quantity.is_fraction else plain(quantity.value)
    return _amount(quantity.value, quantity.unit)


def _amount(value: Fraction, unit: Unit) -> str:
    """Return a quantity as the canonical form has it."""
    return f"{plain(value)} {unit.name}" if unit.name.isascii() and unit != PERCENT else f"{plain(value)}{unit.name}"


def _type(quantity: Quantity, *, is_quota: bool) -> str:
    """Return the type of the fact: what is counted against a share of the people is a count."""
    unit = quantity.unit
    if unit == PERCENT or (quantity.is_fraction and not is_quota):
        return "percent"
    if unit is None:
        return "count"
    return "people" if unit.name in _PEOPLE else "count" if is_quota and not unit.dimension else unit.name


# --- names and labels ------------------------------------------------------------------------------------------------


def _name(text: str, quantity: Quantity) -> str:
    """Return the noun right behind the number or the nearest before it, else what its unit counts."""
    behind = text[quantity.end : min(quantity.end + _NEAR, quantity.chunk[1])]
    before = text[quantity.chunk[0] : quantity.start]
    near = [(behind.find(noun), -len(noun), noun) for noun in NOUNS if noun in behind]
    past = [(before.rfind(noun) + len(noun), len(noun), noun) for noun in NOUNS if noun in before]
    measures = quantity.unit is not None and (bool(quantity.unit.dimension) or quantity.unit == PERCENT)
    if past and (measures or not near):
        return NOUNS[max(past)[2]]
    if near:
        return NOUNS[min(near)[2]]
    counted = text[quantity.start : quantity.end]
    if within := [name for word, name in NOUNS.items() if word in counted]:
        return within[0]
    by_unit = "" if quantity.unit is None else _BY_UNIT.get(quantity.unit.name, "")
    latin = None if by_unit else _LATIN.search(behind)
    return latin[0].lower() if latin else by_unit or "number"


def _label(text: str, quantity: Quantity) -> str:
    """Return the words around the number, without it and without what compares it."""
    start, end = quantity.chunk
    label = _tidy(text[start : quantity.start] + text[quantity.end : end])
    if len(label) < _LEAST_LABEL:
        label = _tidy(f"{text[max(0, start - LABEL_LIMIT) : start]}{label}".rpartition("。")[2])
    return label[:LABEL_LIMIT].strip(_EDGES) or text[:LABEL_LIMIT].strip(_EDGES) or "?"


def _tidy(text: str) -> str:
    return " ".join(text.split()).strip(_EDGES)


class _Taken:
    """Words of which each is given once; a word that is taken gets an ending with a number."""

    def __init__(self, taken: Iterable[str], ending: str) -> None:
        self._taken = set(taken)
        self._ending = ending
        self._last: dict[str, int] = {}

    def free(self, wanted: str) -> str:
        """Return the word, or the first of its numbered forms that is free, and take it."""
        found = wanted
        while found in self._taken:
            number = self._last[wanted] = self._last.get(wanted, 1) + 1  # counts on, or many equal words take for ever
            found = wanted + self._ending.format(number)
        self._taken.add(found)
        return found
