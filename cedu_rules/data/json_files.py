"""JSON into institutions: a list of objects, or one object. Not one digit of a number is lost.

The list is taken apart one institution at a time, so each knows its line, and those before a mistake are kept.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

from cedu_rules.data.contents import Content
from cedu_rules.data.entries import (
    DEEP,
    DEPTH_LIMIT,
    TWICE,
    UNBROKEN,
    Entry,
    Extras,
    from_mapping,
    is_broken,
    no_institution,
    parts,
    path_to,
)
from cedu_rules.data.layout import Layout
from cedu_rules.data.places import Block
from cedu_rules.diagnostics import InputIssue
from cedu_rules.messages import Words
from cedu_rules.records import Numeral
from cedu_rules.records.problems import shown, tidy

_BLANK = re.compile(r"[ \t\r\n]*")
_SNIPPET = 20
_EXPECTED = (  # how the messages of the parser begin, and what they mean
    ("Expecting value", Words("a value", "值")),
    ("Expecting property name", Words("a name in double quotes", "双引号内的名称")),
    ("Expecting ':'", Words("`:`", "`:`")),
    ("Expecting ','", Words("`,` or a closing bracket", "`,` 或右括号")),
    ("Illegal trailing comma", Words("no `,` before a closing bracket", "右括号前没有 `,`")),
    ("Unterminated string", Words('a closing `"`', '结尾的 `"`')),
    ("Invalid control character", Words("no line break or control character in a text", "不含换行或控制字符的文字")),
    ("Invalid \\", Words("an escape such as `\\n` or `\\u4e00`", "`\\n`、`\\u4e00` 之类的转义")),
    ("Extra data", Words("nothing after the last bracket", "文件到此结束")),
)
_JSON = Words("JSON", "JSON")


class _Doubled(dict[str, Any]):
    """An object in which names stand more than once."""

    twice: list[str]


def entries(content: Content, layout: Layout, extras: Extras) -> Iterator[Entry | InputIssue]:
    """Yield the institutions of a file, and the issues that belong to none."""
    scanner = _Scanner(content)
    try:
        for value, place in scanner.institutions():
            yield _entry(value, place, layout, extras)
    except json.JSONDecodeError as error:
        expected = next((words for start, words in _EXPECTED if error.msg.startswith(start)), _JSON)
        found = tidy(content.text[error.pos : error.pos + _SNIPPET].partition("\n")[0].strip())
        yield InputIssue("JSON", found, expected, place=f"{content.name}:{error.lineno}:{error.colno}")
    except RecursionError:
        yield InputIssue("JSON", "", DEEP, place=f"{content.name}:{scanner.line}")


class _Scanner:
    """Reads the values at the top of a file."""

    def __init__(self, content: Content) -> None:
        self.name = content.name
        self.text = content.text
        self.line = 1
        self.counted = 0
        self.decoder = json.JSONDecoder(
            object_pairs_hook=_object, parse_int=Numeral, parse_float=Numeral, parse_constant=Numeral
        )

    def institutions(self) -> Iterator[tuple[object, str]]:
        """Yield each value with its place."""
        position = self._skip(0)
        if not self.text.startswith("[", position):
            value, position = self._value(position)
            yield value, f"{self.name}:{self.line}"
        else:
            position = self._skip(position + 1)
            number = 0
            while number or not self.text.startswith("]", position):
                number += 1
                value, position = self._value(position)
                yield value, f"{self.name}:{self.line} [{number}]"
                if self.text.startswith("]", position):
                    break
                if not self.text.startswith(",", position):
                    raise json.JSONDecodeError("Expecting ','", self.text, position)
                position = self._skip(position + 1)
            position = self._skip(position + 1)
        if position < len(self.text):
            raise json.JSONDecodeError("Extra data", self.text, position)

    def _value(self, position: int) -> tuple[object, int]:
        self.line += self.text.count("\n", self.counted, position)
        self.counted = position
        value, end = self.decoder.raw_decode(self.text, position)
        return value, self._skip(end)

    def _skip(self, position: int) -> int:
        match = _BLANK.match(self.text, position)
        return position if match is None else match.end()


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    plain = dict(pairs)
    if len(plain) == len(pairs):
        return plain
    seen: set[str] = set()
    doubled = _Doubled(plain)
    doubled.twice = [name for name, _ in pairs if name in seen or seen.add(name)]  # type: ignore[func-returns-value]
    return doubled


def _entry(value: object, place: str, layout: Layout, extras: Extras) -> Entry | InputIssue:
    if not isinstance(value, dict):
        return no_institution(value, place)
    issues = [InputIssue(path, found, expected, place=place) for path, found, expected in _faults(value)]
    block = Block(place, "")
    block.update(value)
    entry = from_mapping(block, layout, extras)
    entry.issues[:0] = issues
    return entry


def _faults(root: dict[str, Any]) -> Iterator[tuple[str, str, Words]]:
    """Yield what no value may be, with its path, and take it out."""
    waiting: list[tuple[str, Any, int]] = [("", root, 1)]
    for path, node, depth in waiting:  # grows while it is read
        for name in dict.fromkeys(node.twice) if isinstance(node, _Doubled) else ():
            yield path_to(path, name), "", TWICE
        for key, part in parts(node):
            if isinstance(key, str) and is_broken(key):
                del node[key]
                yield path_to(path, key), "", UNBROKEN
            elif isinstance(part, str) and is_broken(part):
                node[key] = None
                yield path_to(path, key), shown(part), UNBROKEN
            elif isinstance(part, (dict, list)) and depth == DEPTH_LIMIT:
                node[key] = None
                yield path_to(path, key), "", DEEP
            elif isinstance(part, (dict, list)):
                waiting.append((path_to(path, key), part, depth + 1))
