"""Words into names of sheets, as spreadsheets allow them, and the names of the sheets that are not read.

A name has at most 31 characters, and no brackets, colon, asterisk, question mark or slash; both the writer and the reader of workbooks shorten
words in the same way, so that a list finds its sheet.
"""

import re
from typing import NamedTuple

from cedu_rules.data.layout import loose
from cedu_rules.messages import Words

LENGTH_LIMIT = 31

_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_NUMBERED = re.compile(r"(.*?)\(\d+\)")


class OwnNames(NamedTuple):
    """The names of the sheets of a template that are no lists."""

    institution: Words = Words("Institutions", "机构")
    inspector: Words = Words("Inspector", "现场评定")
    guide: Words = Words("Guide", "说明")
    choices: Words = Words("Choices", "选项")


OWN = OwnNames()
JUDGED_LIST = Words(" (inspector)", "（现场评定）")
"""What follows the name of a list on the sheet where the inspector judges its entries."""

_NOT_READ = {loose(word) for words in (OWN.guide, OWN.choices) for word in words}


def sheet_name(word: str, ending: str = "") -> str:
    """Return a name that a sheet may have, as near to the word as it can be."""
    plain = _FORBIDDEN.sub("_", word).strip().strip("'")
    return (plain[: LENGTH_LIMIT - len(ending)].rstrip(" '") or "_") + ending


def is_explanation(title: str) -> bool:
    """Return whether a sheet only explains a template, or holds what its drop-downs offer."""
    text = loose(title)
    numbered = _NUMBERED.fullmatch(text)
    return (numbered[1] if numbered else text) in _NOT_READ
