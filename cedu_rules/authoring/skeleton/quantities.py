"""A line of an official document into the numbers in it that ask something, each with its unit and its comparison.

A number asks something if a word beside it compares it (不少于, 至少, 以上, 不超过, `at least` …), or if it is written in
digits and counts, measures or is a share. What only names things does not: 第一, 三级, 2022年, 附件2, 近三年, 一个.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator
from fractions import Fraction

from attrs import frozen

from cedu_rules.authoring.skeleton.numerals import NUMBER, value_of
from cedu_rules.units import PERCENT, UNITS, Unit, find_unit

_FOLDED = str.maketrans("０１２３４５６７８９．，／％－＋　", "0123456789.,/%-+ ")

_BEFORE = {
    ">=": "不少于 不低于 不小于 不得少于 不得低于 不能少于 不应少于 不应低于 至少 最少 达到 大于等于 ≥ >=|at least|"
    "no less than|not less than|no fewer than|not fewer than|a minimum of|minimum",
    "<=": "不多于 不超过 不高于 不大于 不得超过 不得多于 不得高于 不能超过 至多 最多 小于等于 ≤ <=|at most|"
    "no more than|not more than|up to|a maximum of|maximum",
    ">": "超过 多于 大于 高于|more than|greater than",
    "<": "少于 低于 小于 不足|less than|fewer than",
}
_AFTER = {
    ">=": "以上 及以上 或以上 含以上 以上含|or more|or above|and above|or over",
    "<=": "以下 及以下 或以下 以内 之内|or less|or fewer|or below",
}


def _signs(table: dict[str, str]) -> dict[str, str]:
    """Return the comparison of each word, the longest words first."""
    pairs = [(word, sign) for sign, words in table.items() for part in words.split("|") for word in _split(part)]
    return dict(sorted(pairs, key=lambda pair: -len(pair[0])))


def _split(part: str) -> list[str]:
    """Return the words of a part: Chinese ones stand side by side, an English one is a phrase."""
    return [part] if part.replace(" ", "").isalpha() and part.isascii() else part.split()


_BEFORE_SIGNS, _AFTER_SIGNS = _signs(_BEFORE), _signs(_AFTER)
_LONGEST = max(map(len, _BEFORE_SIGNS))
_BEFORE_WORD = re.compile("|".join(map(re.escape, _BEFORE_SIGNS)), re.IGNORECASE)
_AFTER_WORD = re.compile(rf"\s*(?P<word>{'|'.join(map(re.escape, _AFTER_SIGNS))})", re.IGNORECASE)
_UNIT_WORDS = sorted((word for word in UNITS if word != "%"), key=len, reverse=True)
_UNIT = "|".join(re.escape(word) + (r"(?![A-Za-z0-9])" if word.isascii() else "") for word in _UNIT_WORDS)
_QUANTITY = re.compile(rf"(?:{NUMBER})(?P<multiple>[万亿])?(?:\s*(?P<unit>%|m?平方米|{_UNIT}|学时|课时|学分))?")
_CALENDAR = re.compile(r"(?:19|20)[0-9]{2}\s*年")
_NAMED = re.compile(r"(?:第|附件|附表|附录|表|图|编号|\b[Nn]o\.?)\s*$|[A-Za-z_.\-/0-9]$")
_GRADE = re.compile(r"\s*(?:级|号|类|届)|[A-Za-z_]|-[0-9]")
_PERIODS = frozenset({"years", "months", "days"})
_REACH = 10
"""So many characters may stand between a comparing word and its number: 至少承担一项."""
_STOP = re.compile(r"[，。；：;:！？!?\n]|[,.](?![0-9])")
_PER = re.compile(
    r"每(?P<number>[0-9]+|[一二两三四五六七八九十百千万亿]+)?(?:名|个|位)?(?:常住)?(?:人口|人|居民|名|位)"
)


@frozen
class Quantity:
    """A number that asks something.

    `start` to `end` is where it stands in the line, with the words that compare it; `chunk` is the range between the
    punctuation around. `unit` is None for a bare number. `compared` tells whether a word compares it.
    """

    value: Fraction
    unit: Unit | None
    sign: str
    start: int
    end: int
    chunk: tuple[int, int]
    compared: bool
    is_fraction: bool


def folded(text: str) -> str:
    """Return the text with digits and signs in ASCII, each character in its place."""
    return text.translate(_FOLDED)


def quantities(text: str) -> Iterator[Quantity]:
    """Yield the numbers of a line that ask something, in their order."""
    plain = folded(text)
    calendar = {match.start() for match in _CALENDAR.finditer(plain)}
    stops = [match.span() for match in _STOP.finditer(plain)]
    last = 0
    for match in _QUANTITY.finditer(plain):
        if match.start() in calendar:
            continue
        found = _quantity(plain, match, last, stops)
        if found is not None:
            last = found.end
            yield found


def _quantity(plain: str, match: re.Match[str], last: int, stops: list[tuple[int, int]]) -> Quantity | None:
    value = value_of(match)
    if (
        value is None
        or _NAMED.search(plain[max(0, match.start() - 8) : match.start()])
        or _GRADE.match(plain, match.end())
    ):
        return None
    chunk = _chunk(plain, match, stops)
    start, before = _before(plain, max(chunk[0], last), match.start())
    end, after = _after(plain, match.end(), chunk[1])
    is_fraction = bool(match["above"] or match["base"])
    unit = None if is_fraction else _unit(match)
    sign = after or before
    if not _asks(match, unit, sign, is_fraction=is_fraction) or _is_base(plain, chunk[0], match):
        return None
    scale = find_unit(match["multiple"]) if match["multiple"] else None
    return Quantity(
        value * (scale.factor if scale is not None else 1),
        unit,
        sign or ">=",
        start,
        end,
        chunk,
        bool(sign),
        is_fraction,
    )


def _unit(match: re.Match[str]) -> Unit | None:
    word = match["unit"]
    if not word:
        return None
    return PERCENT if word == "%" else find_unit(word.removeprefix("m") if word.endswith("平方米") else word)


def _asks(match: re.Match[str], unit: Unit | None, sign: str, *, is_fraction: bool) -> bool:
    """Return whether the number asks something: compared, or in digits with a unit that is no period of time."""
    if sign:
        return True
    if match["chinese"] or is_fraction:
        return bool(match["base"])
    return unit is not None and unit.name not in _PERIODS


def _is_base(plain: str, start: int, match: re.Match[str]) -> bool:
    """Return whether the number only says of how many each: 每万人, 每3年."""
    return bool(re.search(r"每\s*$", plain[start : match.start()]))


def _chunk(plain: str, match: re.Match[str], stops: list[tuple[int, int]]) -> tuple[int, int]:
    """Return the range between the punctuation around; `stops` are the places of all of it."""
    position = bisect_left(stops, (match.start(), match.start()))
    before = stops[position - 1][1] if position else 0
    position = bisect_left(stops, (match.end(), match.end()))
    return before, stops[position][0] if position < len(stops) else len(plain)


def _before(plain: str, lowest: int, start: int) -> tuple[int, str]:
    """Return where the last comparing word before the number begins, and the comparison; the number itself without one."""
    found = None
    for match in _BEFORE_WORD.finditer(plain, max(lowest, start - _REACH - _LONGEST), start):
        found = match
    if found is None or start - found.end() > _REACH:
        return start, ""
    return found.start(), _BEFORE_SIGNS[found[0].lower()]


def _after(plain: str, end: int, highest: int) -> tuple[int, str]:
    """Return where a comparing word right behind the number ends, and the comparison."""
    found = _AFTER_WORD.match(plain, end, highest)
    return (end, "") if found is None else (found.end(), _AFTER_SIGNS[found["word"].lower()])


def people_base(text: str, start: int, end: int) -> Fraction | None:
    """Return of how many people each a number is asked in a part of a line (每万人: 10000, 人均: 1), or None."""
    part = folded(text)[start:end]
    if "人均" in part:
        return Fraction(1)
    match = _PER.search(part)
    if match is None:
        return None
    if not match["number"]:
        return Fraction(1)
    found = re.fullmatch(NUMBER, match["number"])
    return None if found is None else value_of(found)
