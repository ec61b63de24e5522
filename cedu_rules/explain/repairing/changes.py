"""A changed record into its changes, each in words: `raise 建筑面积 by 80 m2`, `章程增加：财务制度`."""

from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from attrs import field, frozen

from cedu_rules import values
from cedu_rules.explain.amounts import Amount, amount
from cedu_rules.explain.repairing.solving import directed
from cedu_rules.explain.repairing.states import ADDED, DAY, TAKEN_OFF, Element, Path, State, as_input
from cedu_rules.explain.sentences import label_of
from cedu_rules.explain.showing import in_words, key_of
from cedu_rules.messages import Words
from cedu_rules.model.ir import Fact, Model
from cedu_rules.model.ir import Record as RecordShape
from cedu_rules.model.types import Type


@frozen
class Change:
    """One change of a record.

    * `path`: what changes, as data names it, elements from 1: `area`, `charter.finance`, `teachers[2].degree`; for added
      elements the list.
    * `fact`: the name of the fact or field; `label`: the same in the words of the standard.
    * `kind`: `raise`, `lower`, `set`, `add_member`, `remove_member`, `add_elements`, `remove_elements`,
      `change_element`, `record` (nobody has recorded it yet) or `clear` (it no longer exists and is left out).
    * `before`, `after`: the public values of a record; for added elements `after` is their fields by name.
    * `by`: the exact difference of numbers in the author's unit; of days in days.
    * `number`: how many elements are added, else 1.
    * `answered_by`: `institution`, or `inspector` for what is judged.
    """

    path: str
    fact: str
    label: str
    kind: str
    before: Any = field(hash=False)
    after: Any = field(hash=False)
    by: Amount | None
    number: int
    answered_by: str
    words: Words = field(repr=False)

    def in_words(self, language: str = "zh") -> str:
        """Return the change as a demand, in `zh` or `en`."""
        return self.words.zh if language == "zh" else self.words.en

    def __str__(self) -> str:
        return self.words.en

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form; numbers are exact texts."""
        return {
            "path": self.path,
            "fact": self.fact,
            "label": self.label,
            "kind": self.kind,
            "from": _plain(self.before),
            "to": _plain(self.after),
            "by": None if self.by is None else self.by.to_dict(),
            "number": self.number,
            "answered_by": self.answered_by,
            "en": self.words.en,
            "zh": self.words.zh,
        }


def _plain(value: Any) -> Any:  # noqa: ANN401 -- a value of any type
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, Mapping):
        return {str(name): _plain(inner) for name, inner in value.items()}
    if isinstance(value, tuple):
        return [_plain(inner) for inner in value]
    return value.isoformat() if isinstance(value, date) else Amount(Fraction(value), "").plain()


def changes_of(state: State) -> tuple[Change, ...]:
    """Return the changes of a version, in the order of the standard's facts; alike elements that are added are one."""
    order = {fact.name: number for number, fact in enumerate(state.model.facts)}
    paths = sorted(state.edits, key=lambda path: order.get(str(path[0]), -1))
    return tuple(_changes(state, paths))


def _changes(state: State, paths: list[Path]) -> Iterator[Change]:
    groups: dict[tuple[Path, tuple[tuple[str, Any], ...]], int] = {}
    for path in paths:
        if state.edits[path] is ADDED and not state.is_new(path[:-2]):
            key = path[:-1], _fields(state, path)
            groups[key] = groups.get(key, 0) + 1
    for path in paths:
        edit = state.edits[path]
        if edit is ADDED and not state.is_new(path[:-2]):
            key = path[:-1], _fields(state, path)
            if key in groups:
                yield _added(state, path[:-1], dict(key[1]), groups.pop(key))
        elif edit is TAKEN_OFF:
            yield _taken_off(state, path)
        elif not state.is_new(path):
            yield _changed(state, path)


def _fields(state: State, path: Path) -> tuple[tuple[str, Any], ...]:
    """Return the fields of an added element that have a value, in the order of its record."""
    record = state.model.records_by_name[state.fact(path[:-1]).type.name]
    owner = state.owner(path)
    pairs = ((fact.name, getattr(owner, fact.name)) for fact in record.fields)
    return tuple((name, value) for name, value in pairs if value is not None)


def _added(state: State, path: Path, fields: dict[str, Any], number: int) -> Change:
    fact = state.fact(path)
    record = state.model.records_by_name[fact.type.name]
    told = _fields_in_words(state.model, record, fields)
    en, zh = told.en, told.zh
    is_people = record.key is not None and record.fields_by_name[record.key].label == "姓名"
    words = Words(
        f"add {number} to {_about(state, path).en}" + (f": {en}" if en else ""),
        f"{_about(state, path).zh}增加 {number} {'名' if is_people else '项'}" + (f"：{zh}" if zh else ""),
    )
    return _change(
        state,
        path,
        "add_elements",
        (None, {name: as_input(value) for name, value in fields.items()}),
        None,
        words,
        number,
    )


def _fields_in_words(model: Model, record: RecordShape, fields: Mapping[str, Any]) -> Words:
    """Return the fields of an added element, lists within it with what their elements have."""
    told = []
    for fact in record.fields:
        value = fields.get(fact.name)
        if value is None:
            continue
        words = _shown(fact.type, value)
        if fact.type.kind == "list":
            shape = model.records_by_name[fact.type.name]
            inner = [_fields_in_words(model, shape, vars(each)) for each in value if isinstance(each, Element)]
            if alike := [each for each in dict.fromkeys(inner) if each.en]:
                en, zh = "; ".join(each.en for each in alike), "；".join(each.zh for each in alike)
                words = Words(f"{words.en} ({en})", f"{words.zh}（{zh}）")
        told.append(Words(f"{fact.label} {words.en}", f"{fact.label} {words.zh}"))
    return Words(", ".join(each.en for each in told), "，".join(each.zh for each in told))


def _taken_off(state: State, path: Path) -> Change:
    fact = state.fact(path[:-1])
    record = state.model.records_by_name[fact.type.name]
    key = key_of(record, state.original.owner(path), state.written(path))
    about = _about(state, path[:-1])
    words = Words(f"take {key} off {about.en}", f"{about.zh}减去：{key}")
    return _change(state, path, "remove_elements", (key, None), None, words)


def _changed(state: State, path: Path) -> Change:
    fact, type_ = state.fact(path), state.type_of(path)
    before, after = state.before(path), state.edits[path]
    is_member = fact.type.kind == "set" and path[-1] != fact.name
    moved = 0 if is_member else directed(before, after) if type_.kind in {"number", "date"} and after is not None else 0
    by = None if not moved else _difference(type_, before, after)
    kind = _kind(before, after, moved if type_.kind == "number" else 0, is_member=is_member)
    about, member = _about(state, path), ""
    if is_member:
        member = fact.type.members[fact.type.position(str(path[-1])) or 0].label
        about = _about(state, path[:-1])
    shown = Words("", "") if after is None else _shown(type_, after)
    words = _words(kind, about, member, shown, by, is_judged=fact.kind == "judged")
    in_element = len(path) > 2 and kind in {"raise", "lower", "set"} and len(state.split(path)[0]) > 0  # noqa: PLR2004
    return _change(state, path, "change_element" if in_element else kind, (before, after), by, words)


def _kind(before: object, after: object, moved: int, *, is_member: bool) -> str:
    if after is None:
        return "clear"
    if before is None:
        return "record"
    if is_member:
        return "add_member" if after is True else "remove_member"
    return {1: "raise", -1: "lower", 0: "set"}[moved]


def _words(kind: str, about: Words, member: str, value: Words, by: Amount | None, *, is_judged: bool) -> Words:
    """Return the demand in both languages."""
    step = Words("", "") if by is None else by.difference(1)
    if is_judged and kind in {"record", "set"}:
        return Words(f"an inspector must judge {about.en}: {value.en}", f"须经检查人员评定：{about.zh} {value.zh}")
    if member and kind == "record":
        return Words(f"record {about.en}: {member} {value.en}", f"补报{about.zh}：{member} {value.zh}")
    match kind:
        case "raise" | "lower":
            verb = "增加" if kind == "raise" else "减少"
            return Words(f"{kind} {about.en} by {step.en}", f"{about.zh}{verb} {step.zh}")
        case "add_member":
            return Words(f"add {about.en}: {member}", f"{about.zh}增加：{member}")
        case "remove_member":
            return Words(f"drop from {about.en}: {member}", f"{about.zh}去掉：{member}")
        case "record":
            return Words(f"record {about.en}: {value.en}", f"补报{about.zh}：{value.zh}")
        case "clear":
            return Words(f"leave out {about.en}, which then does not exist", f"不再填报{about.zh}")
    return Words(f"set {about.en} to {value.en}", f"{about.zh}改为“{value.zh}”")


def _difference(type_: Type, before: Any, after: Any) -> Amount:  # noqa: ANN401 -- numbers or days
    if type_.kind == "date":
        return Amount(Fraction(abs((after - before).days)), "days")
    return amount(abs(Fraction(after) - Fraction(before)) * type_.data_factor, type_.unit)


def _shown(type_: Type, value: Any) -> Words:  # noqa: ANN401 -- a value of any type
    if type_.kind == "list":
        return Words(f"{len(value)} listed", f"共 {len(value)} 项")
    words = in_words(type_, values.possible(type_, value))
    if type_.kind in {"choice", "level"}:
        return Words(f"{words.zh}", words.zh)
    return words


def _about(state: State, path: Path) -> Words:
    """Return what the path leads to in words: 建筑面积, 2022年注册人数, 甲的学历."""
    if path == DAY:
        return Words("评定基准日", "评定基准日")
    owner, _, key = state.split(path)
    fact: Fact = state.fact(path)
    words = Words(fact.label, fact.label)
    if fact.type.kind == "series" and key is not None:
        words = Words(f"{fact.label} {key}", f"{key}年{fact.label}")
    elif fact.type.kind == "list" and key is not None:
        words = Words(f"{fact.label} #{int(key) + 1}", f"{fact.label}第{int(key) + 1}项")
    if not owner:
        return words
    record = state.model.records_by_name[state.fact(owner[:-1]).type.name]
    element = key_of(record, state.owner(owner), state.written(owner))
    return Words(f"{words.en} of {element}", f"{element}：{words.zh}")


def _change(
    state: State, path: Path, kind: str, values_: tuple[Any, Any], by: Amount | None, words: Words, number: int = 1
) -> Change:
    fact = state.fact(path)
    text = state.written(path)
    answered = "inspector" if fact.kind in {"judged", "input"} else "institution"
    label = label_of(state.model, text, state.original.root)
    return Change(text, fact.name, label, kind, *values_, by, number, answered, words)
