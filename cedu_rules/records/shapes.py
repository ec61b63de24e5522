"""The facts of an institution, or the fields of a record, into the readers that turn a mapping into their values.

A `Shape` is prepared once a class; reading a record then looks up one reader a fact. Every problem of a mapping is
found in one pass.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from cedu_rules.messages import Words
from cedu_rules.model.findings import nearest
from cedu_rules.model.ir import Fact
from cedu_rules.records.cells import Names, Reader, is_blank
from cedu_rules.records.problems import Problems, Unfit, shown, tidy, unfit

Build: TypeAlias = Callable[[list[object]], object]
"""The values of an element in the order of its fields into the element."""

_HINTS = 20
"""So many unknown names of one mapping get a hint; looking for a nearest name takes time."""


class Shape:
    """Reads the mappings that describe one institution, or one element of a list."""

    def __init__(self, owner: Words, facts: Sequence[Fact], readers: Sequence[Reader]) -> None:
        self.owner = owner
        self.facts = tuple(facts)
        self.readers = tuple(readers)
        self.indices = {fact.name: index for index, fact in enumerate(self.facts)}
        self.labels = _labels(self.facts, self.indices)

    def values(self, given: Mapping[object, object]) -> tuple[list[object], Problems]:
        """Return the values in the order of the facts, None where there is none, and what is wrong with the others."""
        values: list[object] = [None] * len(self.readers)
        problems = Problems()
        labelled: set[int] = set()
        for key, value in given.items():
            index = self.indices.get(key)  # type: ignore[call-overload]  # whatever the key is, it has a hash
            if index is None:
                index = self._labelled(key, value, given, labelled, problems)
            if index is None or value is None:
                continue
            try:
                values[index] = self.readers[index](value)
            except Unfit as raised:
                problems.take(self.facts[index].name, raised)
        return values, problems

    def _labelled(
        self, key: object, value: object, given: Mapping[object, object], labelled: set[int], problems: Problems
    ) -> int | None:
        """Return which fact goes by a label, or None with a problem where none does or its value is given already."""
        index = self.labels.find(key)
        if not isinstance(index, int):
            self._unknown(key, value, problems)
            return None
        if index in labelled or self.facts[index].name in given:
            problems.add(self.facts[index].name, value, self._once(index))
            return None
        labelled.add(index)
        return index

    def _once(self, index: int) -> Words:
        name, label = self.facts[index].name, self.facts[index].label
        return Words(f"one value for `{name}`, by name or by label", f"`{label}`（`{name}`）只填一个值")

    def _unknown(self, key: object, value: object, problems: Problems) -> None:
        names = [fact.name for fact in self.facts]
        hint = None
        if isinstance(key, str) and len(problems.found) < _HINTS:
            hint = nearest(tidy(key), [*names, *(fact.label for fact in self.facts)])
        meant = hint.values["name"] if hint is not None else None
        wanted = self.owner
        if meant is not None:
            wanted = Words(f"{wanted.en}; did you mean `{meant}`?", f"{wanted.zh}；是否指 `{meant}`？")
        problems.add(shown(key), value, wanted)


def _labels(facts: Sequence[Fact], indices: Mapping[str, int]) -> Names:
    """Return the facts by label; a label of several facts names none of them."""
    shared = [fact.label for fact in facts]
    return Names((fact.label, indices[fact.name]) for fact in facts if shared.count(fact.label) == 1)


class ListReader:
    """Reads a list of mappings into a tuple of elements, told apart by their key."""

    def __init__(self, name: str, shape: Shape, element: type, build: Build, key: str | None) -> None:
        self.shape = shape
        self.element = element
        self.build = build
        self.key = key
        self.expected = Words(f"a list with one `{name}` for each entry", f"名单，每项为一个 `{name}`")
        self.one = Words(f"the fields of one `{name}`", f"一个 `{name}` 的各字段")

    def __call__(self, value: object) -> tuple[object, ...] | None:
        """Return the elements, or None for a missing list."""
        if is_blank(value):
            return None
        if not isinstance(value, (list, tuple)):
            raise unfit(value, self.expected)
        problems = Problems()
        elements: list[object] = []
        numbers: dict[object, int] = {}
        for number, given in enumerate(value, 1):
            try:
                element = self._element(given)
            except Unfit as raised:
                problems.take(f"[{number}]", raised)
                continue
            elements.append(element)
            self._told_apart(element, number, numbers, problems)
        problems.settle()
        return tuple(elements)

    def _element(self, given: object) -> object:
        if type(given) is self.element:
            return given
        if not isinstance(given, Mapping):
            raise unfit(given, self.one)
        values, problems = self.shape.values(given)
        if problems.found:
            raise Unfit(*(problem._replace(path="." + problem.path) for problem in problems.found))
        return self.build(values)

    def _told_apart(self, element: object, number: int, numbers: dict[object, int], problems: Problems) -> None:
        """Add a problem where an earlier element has the same key."""
        key = None if self.key is None else getattr(element, self.key)
        if key is None:
            return
        first = numbers.setdefault(key, number)
        if first != number:
            words = Words(f"a value of its own; entry {first} has this one", f"各不相同的值（第{first}项已用此值）")
            problems.add(f"[{number}].{self.key}", key, words)
