"""What an inspector found on site into what the institution stated: path by path, before anything is evaluated.

Values are merged as they were written, so that a correction also cures a value that could not be read. Whatever the
institution stated at that path, and whatever was wrong with it, no longer counts.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from attrs import frozen

from cedu_rules.data import Submission
from cedu_rules.data.layout import Layout, loose
from cedu_rules.diagnostics import InputIssue
from cedu_rules.messages import Words
from cedu_rules.model.ir import Fact, Model
from cedu_rules.model.types import Type
from cedu_rules.records.problems import shown
from cedu_rules.reports.inspection.visit_paths import VisitPath, join

BLANK = Words("blank", "空白")
"""Written as what was found, it withdraws what was stated."""

_NONE_LISTED = frozenset({"0", "否", "无", "no", "none"})
_WITHDRAWN = frozenset({loose(BLANK.en), loose(BLANK.zh)})
_NO_NUMBER = 0


@frozen
class Found:
    """One value found on site, as it stands in the record of the visit; `value` None where the cell is empty."""

    tier: str
    institution: str
    path: VisitPath
    value: object
    place: str
    stated: str = ""
    evidence: str = ""
    method: str = ""
    inspector: str = ""
    visited_on: object = None


def is_withdrawn(value: object) -> bool:
    """Return whether what was found is that there is nothing."""
    return isinstance(value, str) and loose(value).strip("()").casefold() in _WITHDRAWN


def merged(submission: Submission, model: Model, found: Iterable[Found]) -> Submission:
    """Return what the institution stated with what was found in its stead; mistakes become its issues."""
    listed = sorted((each for each in found if each.value is not None), key=_order)
    return _Merger(model, submission).merged(listed) if listed else submission


def _order(each: Found) -> tuple[int, tuple[tuple[str, int], ...]]:
    """Whole lists first, then elements by number, so that new ones follow one another; emptied elements last."""
    steps = tuple((step, _NO_NUMBER) if isinstance(step, str) else ("", step) for step in each.path.steps)
    is_list = each.path.type is not None and each.path.type.kind == "list"
    return (0 if is_list else 2 if each.path.type is None else 1), steps


class _Merger:
    def __init__(self, model: Model, submission: Submission) -> None:
        self.model = model
        self.submission = submission
        self.values: dict[str, Any] = {name: _copied(value) for name, value in submission.values.items()}
        self.issues: list[InputIssue] = []
        self.places: dict[str, str] = {}
        self.removed: dict[str, list[int]] = {}
        self.layouts: dict[int, Layout] = {}

    def merged(self, found: list[Found]) -> Submission:
        for each in found:
            wrong = self._empty(each) if each.path.is_container else self._put(each)
            if wrong is not None:
                self.issues.append(InputIssue(each.path.text, shown(each.value), wrong, self.submission.id, each.place))
            self.places[each.path.text] = each.place
        self._remove()
        kept = [issue for issue in self.submission.issues if not self._cured(issue.path)]
        return self.submission._replace(
            values=self.values,
            places=FoundPlaces(self.submission.places, self.places, self.removed),
            issues=(*kept, *self.issues),
        )

    def _cured(self, path: str) -> bool:
        return any(path == fixed or path.startswith((f"{fixed}.", f"{fixed}[")) for fixed in self.places)

    # --- whole lists and elements ---

    def _empty(self, each: Found) -> Words | None:
        word = str(each.value).strip().casefold()
        steps = each.path.steps
        if each.path.type is None:
            if len(steps) > len(("list", 1)) or not is_withdrawn(each.value):
                return Words(f"`{BLANK.en}`, to leave the entry out", f"`{BLANK.zh}`（删除该项）")
            self.removed.setdefault(str(steps[0]), []).append(int(steps[1]))
            return None
        container = self._container(steps[:-1])
        if isinstance(container, Words):
            return container
        if not is_withdrawn(each.value) and word not in _NONE_LISTED:
            path = each.path.text
            return Words(
                f"0 for an empty list; entries have rows such as `{path}[1]…`",
                f"0（空名单）；各项另列行，如 `{path}[1]…`",
            )
        key, _ = self._take(container, steps)
        container[key] = None if is_withdrawn(each.value) else []
        return None

    def _remove(self) -> None:
        for name, numbers in self.removed.items():
            key = next((key for key in self.values if self._fact_name(self.model.facts, key) == name), name)
            entries = self.values.get(key)
            if isinstance(entries, list):
                self.values[key] = [entry for number, entry in enumerate(entries, 1) if number not in numbers]

    # --- single values ---

    def _put(self, each: Found) -> Words | None:
        value = None if is_withdrawn(each.value) else each.value
        steps = each.path.steps
        type_ = each.path.fact.type
        in_fact = type_.kind in {"set", "series"}
        container = self._container(steps[:-2] if in_fact else steps[:-1])
        if isinstance(container, Words):
            return container
        key, old = self._take(container, steps[:-1] if in_fact else steps)
        container[key] = _with_part(type_, old, str(steps[-1]), value) if in_fact else value
        return None

    def _container(self, steps: tuple[str | int, ...]) -> dict[str, Any] | Words:
        """Return the mapping of the institution, or of the element that the steps lead to, made where it is next."""
        container = self.values
        for index in range(1, len(steps), 2):
            key, entries = self._take(container, steps[:index])
            number = steps[index]
            listed = entries if isinstance(entries, list) else []
            container[key] = listed
            if not isinstance(number, int) or number > len(listed) + 1:
                return _next_entry(len(listed) + 1)
            if number > len(listed):
                listed.append({})
            if not isinstance(listed[number - 1], dict):
                listed[number - 1] = {}
            container = listed[number - 1]
        return container

    def _take(self, container: dict[str, Any], steps: tuple[str | int, ...]) -> tuple[str, Any]:
        """Return the key and what stands under the fact of these steps, whatever the institution called it."""
        name = str(steps[-1])
        facts = self._facts_at(steps)
        keys = [key for key in container if self._fact_name(facts, key) == name]
        old = [container.pop(key) for key in keys]
        return name, (old[0] if old else None)

    def _facts_at(self, steps: tuple[str | int, ...]) -> tuple[Fact, ...]:
        facts = self.model.facts
        for step in steps[:-1]:
            if isinstance(step, str):
                type_ = next(fact.type for fact in facts if fact.name == step)
                facts = self.model.records_by_name[type_.name].fields
        return facts

    def _fact_name(self, facts: tuple[Fact, ...], key: str) -> str | None:
        if any(fact.name == key for fact in facts):
            return key
        layout = self.layouts.get(id(facts))  # the tuples of the model live as long as it
        if layout is None:
            layout = self.layouts[id(facts)] = Layout(Words("", ""), facts, (), {})
        fact = layout.fact(str(key))
        return None if fact is None else fact.name


def _next_entry(number: int) -> Words:
    return Words(f"an entry of the list, or the next one, [{number}]", f"名单中的项，或下一项 [{number}]")


def _with_part(type_: Type, old: object, part: str, value: object) -> dict[object, object]:
    """Return a set or series with one member or year set."""
    parts = _parts(type_, old)
    words = {loose(part)}
    for member in type_.members:
        if member.name == part:
            words |= {loose(word) for word in member.labels}
    kept = {key: each for key, each in parts.items() if loose(str(key)).removesuffix("年") not in words}
    if value is None and type_.kind == "set":
        return kept or {part: None}
    return {**kept, part: value}


def _parts(type_: Type, old: object) -> dict[object, object]:
    """Return what was stated of a set or series by part; a closed list of members says no to the others."""
    if isinstance(old, Mapping):
        return dict(old)
    if type_.kind != "set" or not isinstance(old, list):
        return {}
    named = {loose(str(word)) for word in old}
    others = [
        member.name for member in type_.members if not named & {loose(word) for word in (member.name, *member.labels)}
    ]
    return {**{str(word): True for word in old}, **dict.fromkeys(others, False)}


def _copied(value: object) -> Any:  # noqa: ANN401 -- data is what it is; readers have bounded its depth
    if isinstance(value, dict):
        return {key: _copied(part) for key, part in value.items()}
    return [_copied(part) for part in value] if isinstance(value, list) else value


class FoundPlaces(Mapping[str, str]):
    """Places of what was stated, and of what was found instead; entries that were left out no longer count."""

    def __init__(self, stated: Mapping[str, str], found: Mapping[str, str], removed: Mapping[str, list[int]]) -> None:
        self.stated = stated
        self.found = found
        self.removed = removed

    def __getitem__(self, path: str) -> str:
        old = self._old(path)
        return self.found[old] if old in self.found else self.stated[old]

    def _old(self, path: str) -> str:
        """Return the path as it was before entries were left out."""
        name, bracket, rest = path.partition("[")
        digits, closing, tail = rest.partition("]")
        if not bracket or not closing or name not in self.removed or not digits.isdecimal():
            return path
        number = int(digits)
        for gone in sorted(set(self.removed[name])):
            number += gone <= number
        return join((name, number)) + tail

    def __iter__(self) -> Iterator[str]:
        return iter({**self.stated, **self.found})

    def __len__(self) -> int:
        return len({**self.stated, **self.found})
