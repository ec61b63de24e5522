"""The frames of a call into the layouts of the institutions and of their lists."""

from collections.abc import Mapping
from typing import Any

from cedu_rules.backends.frame.layout import LIST_MARKS, MARKS, NESTED_MARKS, Layout, read_layout
from cedu_rules.backends.frame.task import Task
from cedu_rules.diagnostics import InputError, InputIssue, UnsupportedError
from cedu_rules.messages import Words
from cedu_rules.model.ir import Fact, Model, Record

_LIST = Words("a list of the standard", "标准中的名单")
_COLUMN = Words("a column of that name", "此名称的列")


def read_layouts(task: Task, main: Any, lists: Mapping[str, Any]) -> tuple[Layout, dict[str, Layout]]:  # noqa: ANN401
    """Return the layout of the institutions and of each list; frames of narwhals.

    Raises:
        InputError: a frame is of no list, or lacks a column, or has one that means nothing.
        UnsupportedError: a nested list hangs from elements without a key.
    """
    model, other = task.model, (*task.carried, *task.ignored)
    types = dict(main.collect_schema())
    absent = [InputIssue(f"frame.{name}", "", _COLUMN) for name in task.carried if name not in types]
    if lists and "id" not in types:
        absent.append(InputIssue("frame.id", "", _COLUMN))
    if absent:
        raise InputError(absent)
    layout = read_layout(model.facts, types, MARKS, other=other, frame="frame")
    return layout, {name: _list_layout(model, name, frame, lists, task.ignored) for name, frame in lists.items()}


def _list_layout(model: Model, name: str, frame: Any, lists: Mapping[str, Any], ignored: tuple[str, ...]) -> Layout:  # noqa: ANN401
    record, above = _record(model, name)
    if above is not None and above.key is None:
        raise UnsupportedError([f"nested list `{name}`: `{above.name}` has no key"])
    if above is not None and name.rpartition(".")[0] not in lists:
        raise InputError([InputIssue(f"lists.{name.rpartition('.')[0]}", "", _COLUMN)])
    types = dict(frame.collect_schema())
    marks = LIST_MARKS if above is None else NESTED_MARKS
    absent = [InputIssue(f"{name}.{mark}", "", _COLUMN) for mark in marks if mark not in types]
    if absent:
        raise InputError(absent)
    return read_layout(record.fields, types, marks, other=ignored, frame=name)


def _record(model: Model, name: str) -> tuple[Record, Record | None]:
    """Return the record of a list by its path, and the record of the list that holds it."""
    facts: tuple[Fact, ...] = model.facts
    record: Record | None = None
    above: Record | None = None
    for part in name.split("."):
        fact = next((each for each in facts if each.name == part and each.type.kind == "list"), None)
        if fact is None:
            raise InputError([InputIssue(f"lists.{name}", "", _LIST)])
        above, record = record, model.records_by_name[fact.type.name]
        facts = record.fields
    if record is None:
        raise AssertionError(name)
    return record, above
