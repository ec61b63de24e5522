"""YAML into institutions: a list of mappings, or one mapping, in one document or several. Every scalar stays as written.

Values are built from the events of the parser, on a stack of our own: no tag is ever acted on, no alias expanded, no
number or date guessed (`2022-09-01`, `1_000`, `12:30:00`, `yes` are text; records know what to do with it), and nothing
recurses. A plain `~`, `null` or nothing is a missing value.
"""

import re
from collections.abc import Iterator
from typing import Any

import yaml
from attrs import define, field

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
    path_to,
)
from cedu_rules.data.layout import Layout
from cedu_rules.data.places import Block
from cedu_rules.diagnostics import InputIssue
from cedu_rules.messages import Words
from cedu_rules.records import Numeral
from cedu_rules.records.problems import tidy

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")

_YAML = Words(
    "YAML: each `name: value` on its own line, indented by spaces, quotes and brackets closed",
    "YAML：每行一个“名称: 值”，以空格缩进，引号和括号成对",
)
_NO_TAG = Words("a value without a tag", "不带标签（!）的值")
_NO_ALIAS = Words("the value itself, no reference to another one", "值本身，而非引用（*）")
_NAME = Words("a name", "名称")


class _TooDeep(Exception):  # noqa: N818 -- never leaves the module
    """A value nests too deeply."""


def entries(content: Content, layout: Layout, extras: Extras) -> Iterator[Entry | InputIssue]:
    """Yield the institutions of a file, and the issues that belong to none."""
    builder = _Builder(content.name)
    try:
        for event in yaml.parse(content.text, Loader=_LOADER):
            builder.take(event)
            for value, line, faults in builder.finished():
                yield from _entry(value, f":{line}", content.name, faults, layout, extras)
    except yaml.YAMLError as error:
        line, column = _position(content.text, error)
        if "nesting" in str(getattr(error, "problem", "")):  # newer parsers have a limit of their own, and read ahead
            yield InputIssue("YAML", "", DEEP, place=f"{content.name}:{line}")
            return
        found = content.text.split("\n", line)[line - 1 : line]
        yield InputIssue("YAML", tidy("".join(found).strip()), _YAML, place=f"{content.name}:{line}:{column}")
    except (_TooDeep, RecursionError):
        yield InputIssue("YAML", "", DEEP, place=f"{content.name}:{builder.line}")
    except (ValueError, OverflowError):  # numbers in escapes and directives that the parser does not check
        yield InputIssue("YAML", "", _YAML, place=f"{content.name}:{builder.line}")
    yield from builder.faults


def _position(text: str, error: yaml.YAMLError) -> tuple[int, int]:
    """Return line and column of a mistake, from 1."""
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    if mark is not None:
        return mark.line + 1, mark.column + 1
    position = getattr(error, "position", 0)
    start = text.rfind("\n", 0, position) + 1
    return text.count("\n", 0, position) + 1, position - start + 1


def _entry(
    value: object, end: str, name: str, faults: list[InputIssue], layout: Layout, extras: Extras
) -> Iterator[Entry | InputIssue]:
    if isinstance(value, Block):
        entry = from_mapping(value, layout, extras)
        entry.issues[:0] = faults
        yield entry
    else:
        yield from faults
        yield no_institution(value, name + end)


@define(eq=False)
class _Frame:
    """A mapping or list that is being built; `key` is the name whose value comes next, `skip` says to drop it."""

    value: Any
    path: str
    line: int
    key: str | None = None
    skip: bool = False
    ends: dict[str, str] = field(factory=dict)

    @property
    def here(self) -> str:
        """The path of the part that comes next."""
        if isinstance(self.value, list):
            return path_to(self.path, len(self.value))
        return self.path if self.key is None else path_to(self.path, self.key)


class _Builder:
    """Builds values from events, and collects what is wrong with them."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.line = 1
        self.frames: list[_Frame] = []
        self.listed = False
        self.faults: list[InputIssue] = []
        self.done: list[tuple[object, int, list[InputIssue]]] = []

    def finished(self) -> Iterator[tuple[object, int, list[InputIssue]]]:
        """Yield the institutions that are complete, each with its line and what is wrong in it."""
        yield from self.done
        self.done.clear()

    def take(self, event: yaml.Event) -> None:
        """Take the next event."""
        if event.start_mark is not None:
            self.line = event.start_mark.line + 1
        if isinstance(event, yaml.NodeEvent):
            self._look_at(event)
        if isinstance(event, yaml.ScalarEvent):
            self._scalar(event)
        elif isinstance(event, yaml.AliasEvent):
            self._put(None, self.line)
        elif isinstance(event, yaml.SequenceStartEvent) and not self.frames and not self.listed:
            self.listed = True  # the list of institutions itself is never built
        elif isinstance(event, yaml.CollectionStartEvent):
            self._open(mapping=isinstance(event, yaml.MappingStartEvent))
        elif isinstance(event, yaml.CollectionEndEvent):
            self._close()

    def _here(self) -> str:
        """Return the path of the value that comes next."""
        return self.frames[-1].here if self.frames else ""

    def _fault(self, path: str, value: str, expected: Words) -> None:
        self.faults.append(InputIssue(path or "YAML", value, expected, place=f"{self.name}:{self.line}"))

    def _look_at(self, event: yaml.NodeEvent) -> None:
        """Refuse tags and aliases."""
        if isinstance(event, yaml.AliasEvent):
            self._fault(self._here(), tidy(f"*{event.anchor}"), _NO_ALIAS)
        elif getattr(event, "tag", None) is not None:
            self._fault(self._here(), tidy(f"{event.tag}"), _NO_TAG)  # type: ignore[attr-defined]  # all but aliases have one

    def _scalar(self, event: yaml.ScalarEvent) -> None:
        text = str(event.value)
        plain = event.style in {None, ""}
        value: str | None = text
        if is_broken(text):
            self._fault(self._here(), tidy(text), UNBROKEN)
            value = None
        elif plain and text in _NULLS:
            value = None
        elif plain and _NUMBER.fullmatch(text):
            value = Numeral(text)
        self._put(value, self.line)

    def _open(self, *, mapping: bool) -> None:
        if len(self.frames) == DEPTH_LIMIT:
            raise _TooDeep
        frame = _Frame([], self._here(), self.line)
        if mapping:
            frame.value = Block(self.name, f":{self.line}", frame.ends)
        self.frames.append(frame)

    def _close(self) -> None:
        if not self.frames:
            self.listed = False
            return
        frame = self.frames.pop()
        self._put(frame.value, frame.line)

    def _put(self, value: object, line: int) -> None:
        """Put a finished value into what holds it: as a key, as the value of a key, or as an item."""
        if not self.frames:
            if self.listed or value is not None or self.faults:  # an empty document says nothing
                self.done.append((value, line, self.faults))
                self.faults = []
            return
        frame = self.frames[-1]
        if isinstance(frame.value, list):
            frame.value.append(value)
        elif frame.key is None:
            self._key(frame, value, line)
        else:
            if not frame.skip:
                frame.value[frame.key] = value
            frame.key, frame.skip = None, False

    def _key(self, frame: _Frame, value: object, line: int) -> None:
        if not isinstance(value, str):
            self._fault(frame.path, "", _NAME)
            frame.key, frame.skip = "", True
            return
        frame.key = str(value)
        if frame.key in frame.value:
            self._fault(frame.here, "", TWICE)
            frame.skip = True
        else:
            frame.ends[frame.key] = f":{line}"
