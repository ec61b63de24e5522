"""Types into what is expected of a value, in the words of a person who fills in a form."""

from datetime import date
from fractions import Fraction

from cedu_rules.messages import Words
from cedu_rules.model.types import Type
from cedu_rules.records.problems import tidy
from cedu_rules.units import CHINESE, DIGITS_LIMIT, Unit, plain_number

_MEMBERS_SHOWN = 12

BOOL = Words("yes or no", "是或否")
TEXT = Words("a text", "文本")
YEAR = Words("a year such as 2022", "年份，如 2022")
SERIES = Words("a value for each year, such as 2022: 100", "逐年的值，如 2022: 100")
FEWER_DIGITS = Words(
    f"a number of at most {DIGITS_LIMIT} digits before and after the point",
    f"小数点前后各不超过 {DIGITS_LIMIT} 位的数",
)
RATIO_REASON = Words(
    "a percent such as 80% or 0.8; a bare number is a ratio and not above 1",
    "百分数，如 80% 或 0.8；不带百分号的数为比值，不大于 1",
)


def one_of(type_: Type) -> Words:
    """Return that a member is expected."""
    names = _members(type_)
    return Words(f"one of {names.en}", f"{names.zh} 之一")


def some_of(type_: Type) -> Words:
    """Return that a set is expected."""
    names = _members(type_)
    return Words(f"a list of some of {names.en}, or yes or no for each", f"{names.zh} 中若干项的列表，或逐项填是、否")


def _members(type_: Type) -> Words:
    listed = type_.members[:_MEMBERS_SHOWN]
    more = ", …" if len(type_.members) > _MEMBERS_SHOWN else ""
    english = ", ".join(f"`{member.name}`" for member in listed)
    chinese = "、".join(f"`{tidy(member.label)}`" for member in listed)
    return Words(english + more, chinese + more.replace(", ", "、"))


def number(type_: Type) -> Words:
    """Return what kind of number is expected, in which unit, and between which bounds."""
    english, chinese = _bounds(type_)
    if type_.is_percent:
        return Words(f"a percent such as 80% or 0.8{english}", f"百分数，如 80% 或 0.8{chinese}")
    noun = Words("a whole number", "整数") if type_.whole else Words("a number", "数")
    unit = Words(f" in `{type_.unit.name}`", f"以{_chinese(type_.unit)}计的") if type_.unit.name else Words("", "")
    return Words(f"{noun.en}{unit.en}{english}", f"{unit.zh}{noun.zh}{chinese}")


def _chinese(unit: Unit) -> str:
    """Return the first Chinese spelling of a unit, or its name."""
    return CHINESE.get(unit.name, f" `{unit.name}` ")


def _bounds(type_: Type) -> tuple[str, str]:
    low, high = (None if end is None else _written(type_, end) for end in (type_.low, type_.high))
    match low, high:
        case None, None:
            return "", ""
        case None, _:
            return f", at most {high}", f"，不大于 {high}"
        case _, None:
            return f", at least {low}", f"，不小于 {low}"
    return f", from {low} to {high}", f"，{low} 至 {high}"


def _written(type_: Type, bound: Fraction) -> str:
    factor = type_.unit.factor
    return f"{plain_number(bound / factor)}{'%' if type_.is_percent else ''}"


def day(type_: Type) -> Words:
    """Return that a date is expected, and between which days."""
    low, high = (None if end is None else date.fromordinal(int(end)) for end in (type_.low, type_.high))
    if low is None or high is None:  # a range of dates has both ends
        return Words("a date such as 2022-09-01", "日期，如 2022-09-01")
    return Words(f"a date such as 2022-09-01, from {low} to {high}", f"日期，如 2022-09-01，{low} 至 {high}")
