"""What could not be read into the names that it may have declared, of whose uses nothing is said."""

import re

_TEXT = re.compile(r'"[^"\n]*"?')
_WORD = re.compile(r"[\w㎡]+")
_LABELLED_NAME = re.compile(r'([\w㎡]+)\s*"')
_DECLARING = re.compile(r'(?:show|judge)\b|[\w㎡]+\s+[\w㎡]+\s*"')
_QUIET = re.compile(r"(?:example|note|must|should|when|unless)\b(?!\s+(?:show|judge))")


def lost_names(gap: str, *, is_demand: bool, in_clause: bool) -> list[str]:
    """Return the names that the text may have declared.

    `is_demand`: a `must`, `should` or guard stands before it; `in_clause`: it stands among the statements of a clause,
    where only `show` and `judge` declare something.
    """
    if (is_demand and _DECLARING.match(gap) is None) or _QUIET.match(gap) is not None:
        return []
    names: list[str] = _LABELLED_NAME.findall(gap) if in_clause else _WORD.findall(_TEXT.sub(" ", gap))
    return names
