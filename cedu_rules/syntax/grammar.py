"""The grammar file into a parser, by way of tables that were worked out before.

`std.tables.json` holds what Lark makes of `std.lark`: plain data, read in a tenth of the time that it takes to make.
Another version of Lark, or a changed grammar, makes its own. `UPDATE_PAGES=1 pytest tests/test_grammar.py` writes the file.
"""

import hashlib
import json
from functools import cache
from importlib.resources import files
from typing import Any

import lark
from lark import Lark
from lark.grammar import Rule
from lark.lexer import TerminalDef

TABLES = "std.tables.json"


def build_parser(*, strict: bool = False) -> Lark:
    """Return the parser of the grammar; with `strict` any ambiguity in it is an error."""
    return Lark(
        _text("std.lark"),
        parser="lalr",
        lexer="contextual",
        start=["file", "expression"],
        keep_all_tokens=True,
        maybe_placeholders=False,
        strict=strict,
    )


@cache
def parser() -> Lark:
    """Return the parser, of the tables where they fit the grammar and this version of Lark."""
    try:
        stored = json.loads(_text(TABLES), object_hook=_mapping)
        if stored["made_by"] == _maker():
            made: Lark = Lark._load_from_dict(stored["data"], stored["memo"])  # type: ignore[no-untyped-call]
            return made
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        pass  # no tables, or not of this Lark
    return build_parser()


def tables() -> str:
    """Return the tables of the grammar as they stand in the file."""
    data, memo = build_parser().memo_serialize([TerminalDef, Rule])
    stored = {"made_by": _maker(), "data": _plain(data), "memo": _plain(memo)}
    return json.dumps(stored, separators=(",", ":"), ensure_ascii=True) + "\n"


def _maker() -> str:
    """Return the version of Lark, and the digest of the grammar."""
    return f"lark {lark.__version__}, sha256:{hashlib.sha256(_text('std.lark').encode()).hexdigest()}"


def _text(name: str) -> str:
    return files("cedu_rules.syntax").joinpath(name).read_text("utf-8")


def _plain(value: Any) -> Any:  # noqa: ANN401 -- data of Lark
    """Return data whose mappings JSON can hold: one with other keys than text becomes pairs under an empty key."""
    if isinstance(value, dict):
        if all(isinstance(key, str) and key for key in value):
            return {key: _plain(each) for key, each in value.items()}
        return {"": [[key, _plain(each)] for key, each in value.items()]}
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in value]
    return value


def _mapping(stored: dict[str, Any]) -> dict[Any, Any]:
    return dict(stored[""]) if stored.keys() == {""} else stored
