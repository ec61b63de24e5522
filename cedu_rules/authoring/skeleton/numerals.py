"""Numbers as officials write them into exact ones: `3,000`, `3万`, `二十`, `两`, `1/2`, `千分之一`.

Patterns are for texts in which full-width digits and signs have been folded into their ASCII twins.
"""

import re
from fractions import Fraction

from cedu_rules.units import DIGITS_LIMIT

_DIGITS = {"零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_POWERS = {"十": 10, "百": 100, "千": 1000}
_MYRIADS = {"万": 10_000, "亿": 100_000_000}
_CHINESE = "零〇一二两三四五六七八九十百千万亿"
_LENGTH_LIMIT = 20

PLAIN = r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?(?![0-9])|[0-9]+(?:\.[0-9]+)?"
CHINESE = f"[{_CHINESE}]{{1,{_LENGTH_LIMIT}}}"
NUMBER = rf"(?P<above>[0-9]{{1,9}})/(?P<below>[0-9]{{1,9}})|(?P<base>[{_CHINESE}0-9]{{1,{_LENGTH_LIMIT}}})分之(?P<part>[{_CHINESE}0-9]{{1,{_LENGTH_LIMIT}}})|(?P<plain>{PLAIN})|(?P<chinese>{CHINESE})"
"""A number, in named groups that `value_of` reads."""


def value_of(match: re.Match[str]) -> Fraction | None:
    """Return the number that `NUMBER` has found, or None where it is none."""
    if match["above"]:
        return _ratio(Fraction(match["above"]), Fraction(match["below"]))
    if match["base"]:
        return _ratio(whole(match["part"]), whole(match["base"]))
    if match["plain"]:
        text = match["plain"].replace(",", "")
        return Fraction(text) if len(text) <= DIGITS_LIMIT else None
    return whole(match["chinese"])


def _ratio(above: Fraction | None, below: Fraction | None) -> Fraction | None:
    return above / below if above is not None and below else None


def whole(text: str) -> Fraction | None:
    """Return the value of `20`, `二十`, `一百零五`, `3万`, or None where the characters are no number."""
    if text.isascii():
        return Fraction(text)
    total = section = 0
    digit: int | None = None
    digits = re.match("[0-9]+", text)
    if digits:
        digit, text = int(digits[0]), text[digits.end() :]
    for character in text:
        if character in _DIGITS:
            if digit:  # two digits in a row are no count: 二三
                return None
            digit = _DIGITS[character]
        elif character in _POWERS:
            section += (1 if digit is None else digit) * _POWERS[character]
            digit = None
        elif character in _MYRIADS:
            total = (total + section + (digit or 0) or 1) * _MYRIADS[character]
            section, digit = 0, None
        else:
            return None
    return Fraction(total + section + (digit or 0))
