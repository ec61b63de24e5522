"""The frames of a call into the layouts of the institutions and of their lists."""

from collections.abc import Mapping
from typing import Any

import narwhals as nw

from cedu_rules.backends.frame.cells import is_words
from cedu_rules.backends.frame.layout import LIST_MARKS, MARKS, NESTED_MARKS, Layout, read_layout
from cedu_rules.backends.frame.task import Task
from cedu_rules.diagnostics import InputError, InputIssue, UnsupportedError
from cedu_rules.messages import Words
from cedu_rules.model.ir import Fact, Model, Record

_SOME = Words("at least one column that is not ignored", "至少一列未被忽略的数据")
_TEXT = Words("a text as the name of a column", "以文字作列名")
_COLUMN = Words("a column of that name", "此名称的列")
_FRAME = Words("a frame of that list, in which the nested one hangs", "此名单的数据表，嵌套名单挂在其下")
_OWN = Words(
    "a name that does not begin with `__`; rename the column, or ignore it", "不以 `__` 开头的列名；请改名或忽略此列"
)
_TAKEN = Words("another name; the answer has a column of this one", "其他列名；结果中已有此名称的列")
_IDS = Words("texts or whole numbers", "文字或整数")
_NO_IDS = (nw.Binary, nw.Duration, nw.Time, nw.Object)


def read_layouts(task: Task, main: Any, lists: Mapping[str, Any]) -> tuple[Layout, dict[str, Layout]]:  # noqa: ANN401
    """Return the layout of the institutions and of each list; frames of narwhals.

    Raises:
        InputError: a frame is of no list, or lacks a column, or has one that means nothing, or ids of another type.
        UnsupportedError: a nested list hangs from elements without a key.
    """
    types = dict(main.collect_schema())
    wrong = [InputIssue(f"frame.{name}", "", _COLUMN) for name in task.carried if name not in types]
    wrong += [InputIssue(f"frame.{name}", "", _TAKEN) for name in task.carried if name in task.answered]
    if lists and "id" not in types:
        wrong.append(InputIssue("frame.id", "", _COLUMN))
    wrong += _own_names("frame", types)
    if "id" in types and _is_no_id(types["id"]):
        wrong.append(InputIssue("frame.id", str(types["id"]), _IDS))
    if wrong:
        raise InputError(wrong)
    layout = read_layout(task.model.facts, types, MARKS, carried=task.carried, frame="frame")
    return layout, {name: _list_layout(task.model, name, frame, lists, types["id"]) for name, frame in lists.items()}


def without_ignored(task: Task, about: str, frame: Any) -> Any:  # noqa: ANN401 -- frames of narwhals
    """Return the frame without the columns to ignore, so that nothing looks at them; `about` is what messages call it.

    Raises:
        InputError: a name of a column is no text, or none is left.
    """
    there = frame.columns if isinstance(frame, nw.DataFrame) else frame.collect_schema().names()
    left_out = [name for name in dict.fromkeys(task.ignored) if name in there and name not in task.carried]
    kept = [name for name in there if name not in left_out]
    wrong = [InputIssue(f"{about}.{name}", "", _TEXT) for name in kept if not isinstance(name, str)]
    if not kept:
        wrong.append(InputIssue(about, "", _SOME))
    if wrong:
        raise InputError(wrong)
    return frame.drop(left_out)


def _own_names(frame: str, types: Mapping[str, Any]) -> list[InputIssue]:
    """Return an issue for each column that is called like those that stand inside of a query."""
    return [InputIssue(f"{frame}.{name}", "", _OWN) for name in types if name.startswith("__")]


def _list_layout(model: Model, name: str, frame: Any, lists: Mapping[str, Any], id_type: Any) -> Layout:  # noqa: ANN401
    record, above = _record(model, name)
    if above is not None and above.key is None:
        raise UnsupportedError([f"nested list `{name}`: `{above.name}` has no key"])
    if above is not None and name.rpartition(".")[0] not in lists:
        raise InputError([InputIssue(f"lists.{name.rpartition('.')[0]}", "", _FRAME)])
    types = dict(frame.collect_schema())
    marks = LIST_MARKS if above is None else NESTED_MARKS
    wrong = [InputIssue(f"{name}.{mark}", "", _COLUMN) for mark in marks if mark not in types]
    wrong += _own_names(name, types)
    if not wrong and not _are_compared(types["institution"], id_type):
        expected = Words(
            f"ids of one type in all frames, texts or whole numbers; those of the institutions are `{id_type}`",
            f"各表采用同一类型的 id，文字或整数；机构的 id 为 `{id_type}`",
        )
        wrong.append(InputIssue(f"{name}.institution", str(types["institution"]), expected))
    if wrong:
        raise InputError(wrong)
    return read_layout(record.fields, types, marks, frame=name)


def _are_compared(own: Any, other: Any) -> bool:  # noqa: ANN401 -- types of narwhals
    """Return whether ids of two types can be the same: where they differ, as the texts of words, whole numbers and days."""
    if own == other:
        return not _is_no_id(own)
    return all(_has_one_text(each) for each in (own, other))


def _is_no_id(type_: Any) -> bool:  # noqa: ANN401 -- a type of narwhals
    return type_.is_nested() or isinstance(type_, _NO_IDS)


def _has_one_text(type_: Any) -> bool:  # noqa: ANN401 -- a type of narwhals
    whole = type_.is_integer() or (isinstance(type_, nw.Decimal) and not type_.scale)
    return whole or is_words(type_) or isinstance(type_, (nw.Date, nw.Unknown))


def _record(model: Model, name: str) -> tuple[Record, Record | None]:
    """Return the record of a list by its path, and the record of the list that holds it."""
    facts: tuple[Fact, ...] = model.facts
    record: Record | None = None
    above: Record | None = None
    for part in name.split("."):
        fact = next((each for each in facts if each.name == part and each.type.kind == "list"), None)
        if fact is None:
            raise InputError([InputIssue(f"lists.{name}", "", _lists_of(model))])
        above, record = record, model.records_by_name[fact.type.name]
        facts = record.fields
    if record is None:
        raise AssertionError(name)
    return record, above


def _lists_of(model: Model) -> Words:
    """Return what a list may be called."""
    names = ", ".join(f"`{fact.name}`" for fact in model.facts if fact.type.kind == "list")
    if not names:
        return Words("no lists; the standard has none", "不给名单；标准中没有名单")
    return Words(f"a list of the standard: {names}", f"标准中的名单：{names}")
