"""What each engine of frames can do into the tables of docs/frames.md, by trying it.

Set `UPDATE_PAGES=1` to write the tables anew; the line of an engine that is not installed stays as it is.
"""

import os
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import polars as pl

import cedu_rules
from cedu_rules import UnsupportedError

PAGE = Path(__file__).parent.parent / "docs" / "frames.md"
UPDATE = bool(os.environ.get("UPDATE_PAGES"))

Make = Callable[[pl.DataFrame], Any]

_TEXT = """
standard tried "试" source "试" annex 1
facts { area : m2 "面积" teachers : list of Teacher "教师" rooms : list of Room "房间" }
record Teacher key name { name : text "姓名" certs : list of Cert "证书" }
record Room { seats : list of Cert "座位" }
record Cert { valid : bool "有效" }
section "甲" "乙" {
  clause large "面积" { must area >= 500 m2 }
  clause staffed "教师" { must count(t for t in teachers) >= 1 }
  clause certified "证书" { must all(any(c.valid for c in t.certs) for t in teachers) }
}
"""
STANDARD = cedu_rules.loads(_TEXT)
_MAIN = pl.DataFrame({"id": ["a", "b"], "area": [500.0, 1.0]})
_TEACHERS = pl.DataFrame({"institution": ["a"], "name": ["甲"]})
_ROOMS = pl.DataFrame({"institution": ["a"]})
_CERTS = pl.DataFrame({"institution": ["a"], "parent": ["甲"], "valid": [True]})

ASKED = ("statuses", "findings", "a list", "a list in a list", "one in elements without a key", "a list of Polars")
HEAD = ("| library | " + " | ".join(ASKED) + " |", "|---|" + "---|" * len(ASKED))


def line(name: str, make: Make, height: Callable[[Any], int]) -> str:
    """Return the line of an engine: what it answers, and what it refuses by name; anything else is an error."""
    certified = {"teachers": make(_TEACHERS), "teachers.certs": make(_CERTS)}
    tried = (
        lambda: height(_evaluated(make, {}).statuses) == len(_MAIN),
        lambda: height(_evaluated(make, {}).findings) > 0,
        lambda: height(_evaluated(make, {"teachers": make(_TEACHERS)}).statuses) == len(_MAIN),
        lambda: height(_evaluated(make, certified).statuses) == len(_MAIN),
        lambda: height(_evaluated(make, {"rooms": make(_ROOMS), "rooms.seats": make(_CERTS)}).statuses) == len(_MAIN),
        lambda: height(_evaluated(make, {"teachers": _TEACHERS}).statuses) == len(_MAIN),
    )
    return f"| {name} | " + " | ".join(map(_told, tried)) + " |"


def _evaluated(make: Make, lists: dict[str, Any]) -> Any:  # noqa: ANN401 -- frames of any library
    return STANDARD.evaluate_frame(make(_MAIN), lists=lists)


def _told(tried: Callable[[], bool]) -> str:
    try:
        answered = tried()
    except UnsupportedError:
        return "refused"
    if not answered:
        raise AssertionError("rows are lost")
    return "yes"


def section(name: str) -> list[str]:
    """Return the lines of a generated section of the page."""
    return _found(name, PAGE.read_text(encoding="utf-8"))[2].splitlines()


def _found(name: str, text: str) -> re.Match[str]:
    match = re.search(rf"(<!-- {name} -->\n)((?:.*\n)*?)(<!-- end -->)", text)
    if match is None:
        raise AssertionError(name)
    return match


def written(name: str, lines: Iterable[str]) -> list[str]:
    """Return the lines of a section of the page, written anew where that is asked for."""
    if UPDATE:
        text = PAGE.read_text(encoding="utf-8")
        match = _found(name, text)
        made = "".join(f"{each}\n" for each in lines)
        PAGE.write_text(text[: match.start(2)] + made + text[match.end(2) :], encoding="utf-8")
    return section(name)
