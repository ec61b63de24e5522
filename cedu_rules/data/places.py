"""The path of a value into the place where it stands: `teachers[3].degree` into `teachers.csv:4 (学历)`.

Few values are ever asked for, so places are looked up in what was read and never written out.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from cedu_rules.data.layout import loose
from cedu_rules.model.ir import Fact, Model
from cedu_rules.model.types import Type

_WORD = re.compile(r"[^.\[\]]+")
_STEP = re.compile(r"\.?([^.\[\]]+)|\[([1-9][0-9]{0,9})\]")


class Block(dict[str, Any]):
    """A mapping as it stands in a file; `ends` complete `base` to the place of a part, `end` to that of the whole.

    `elsewhere` holds the places of parts that came from another table.
    """

    __slots__ = ("base", "elsewhere", "end", "ends")

    def __init__(self, base: str, end: str, ends: Mapping[str, str] | None = None) -> None:
        super().__init__()
        self.base = base
        self.end = end
        self.ends: Mapping[str, str] = {} if ends is None else ends
        self.elsewhere: Mapping[str, str] | None = None

    @property
    def place(self) -> str:
        """Where the whole stands."""
        return self.base + self.end

    def place_of(self, key: str) -> str:
        """Return where the part stands, or the whole where that is not known."""
        if self.elsewhere is not None and key in self.elsewhere:
            return self.elsewhere[key]
        return self.base + self.ends.get(key, self.end)


class Places(Mapping[str, str]):
    """The places of everything that one institution states, by path; "" is the path of the whole."""

    __slots__ = ("_model", "_root")

    def __init__(self, model: Model, root: Block) -> None:
        self._model = model
        self._root = root

    def __getitem__(self, path: str) -> str:
        place, node, inside = self._root.place, self._root, _Inside(self._model, self._model.facts_by_name, None)
        for word, number in _steps(path):
            key = int(number) - 1 if number else inside.key(node, word)
            found = _part(node, key)
            if found is None:
                raise KeyError(path)
            place = found[1] or place
            node, inside = found[0], inside.enter(word)
        return place

    def __iter__(self) -> Iterator[str]:
        waiting: list[tuple[str, Any, _Inside]] = [
            ("", self._root, _Inside(self._model, self._model.facts_by_name, None))
        ]
        for path, node, inside in waiting:  # grows while it is read
            yield path
            if isinstance(node, dict):
                named = ((word, node[key]) for key in node if (word := inside.path_word(node, key)) is not None)
                waiting.extend((f"{path}.{word}" if path else word, part, inside.enter(word)) for word, part in named)
            elif isinstance(node, list):
                waiting.extend((f"{path}[{number}]", part, inside.enter("")) for number, part in enumerate(node, 1))

    def __len__(self) -> int:
        return sum(1 for _ in self)


def _steps(path: str) -> list[tuple[str, str]]:
    """Return the steps of a path, each a word or a number."""
    steps = [(match[1] or "", match[2] or "") for match in _STEP.finditer(path)]
    written = "".join(f".{word}" if word else f"[{number}]" for word, number in steps)
    if written.removeprefix(".") != path:
        raise KeyError(path)
    return steps


def _part(node: object, key: object) -> tuple[Any, str] | None:
    """Return a part with its place, which is empty where it is that of the whole."""
    if isinstance(node, dict) and key in node:
        part = node[key]
        return part, node.place_of(str(key)) if isinstance(node, Block) else ""
    if isinstance(node, list) and isinstance(key, int) and key < len(node):
        part = node[key]
        return part, part.place if isinstance(part, Block) else ""
    return None


class _Inside:
    """What the keys of a mapping mean: facts, members of a set, or years; unknown where it is none of them."""

    def __init__(self, model: Model, facts: Mapping[str, Fact], type_: Type | None) -> None:
        self.model = model
        self.facts = facts
        self.type = type_

    def enter(self, word: str) -> "_Inside":
        """Return what stands under a word, or under a number where the word is empty."""
        if word:
            fact = self.facts.get(word)
            return _Inside(self.model, {}, None if fact is None else fact.type)
        record = self.model.records_by_name.get(self.type.name) if self.type and self.type.kind == "list" else None
        return _Inside(self.model, {} if record is None else record.fields_by_name, None)

    def name(self, key: object) -> str:
        """Return the name that a path gives to a key."""
        word = str(key)
        if self.type is not None and self.type.kind == "series":
            return loose(word).removesuffix("年")
        return next((name for name, words in self._words().items() if loose(word) in words), word)

    def path_word(self, node: dict[str, Any], key: str) -> str | None:
        """Return the word of a path that leads to this key, None where none does."""
        word = self.name(key)
        return word if _WORD.fullmatch(word) and self.key(node, word) == key else None

    def key(self, node: object, word: str) -> object:
        """Return the key of the mapping that has this name."""
        if not isinstance(node, dict) or word in node:
            return word
        return next((key for key in node if self.name(key) == word), word)

    def _words(self) -> dict[str, set[str]]:
        if self.type is not None and self.type.kind == "set":
            return {
                member.name: {loose(word) for word in (member.name, *member.labels)} for member in self.type.members
            }
        return {name: {loose(name), loose(fact.label)} for name, fact in self.facts.items()}
