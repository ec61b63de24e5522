"""A run into the text of its JSON report, institution by institution: what `document_of` says, never all of it at once."""

import json
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias

from cedu_rules.reports.document import advice_of, head_of, institutions_with, summary_of
from cedu_rules.reports.pieces import pieces
from cedu_rules.reports.run import Run
from cedu_rules.reports.selection import Selection
from cedu_rules.reports.summary import Extract, extract, summarise

if TYPE_CHECKING:
    from cedu_rules.reports.parallel import Workers

Dump: TypeAlias = Callable[[Any], str]
"""Writes a value as JSON on one line."""


def texts_of(
    run: Run,
    language: str,
    selection: Selection,
    *,
    with_advice: bool,
    is_ascii: bool = False,
    workers: "Workers | None" = None,
) -> Iterator[str]:
    """Yield the parts of the JSON report that `selection` leaves, its texts in `zh` or `en`.

    Args:
        run: The run to tell of.
        language: Of the texts.
        selection: Which institutions and clauses are told; the summary is always of all.
        with_advice: Add questions, repairs and plans.
        is_ascii: Write other characters as escapes.
        workers: Who shares the work; None does without.
    """
    dump: Dump = json.JSONEncoder(ensure_ascii=is_ascii).encode
    yield _object(head_of(run, language, with_advice=with_advice), dump, "").removesuffix("\n}")
    yield ',\n  "institutions": ['
    extracts: list[Extract] = []
    comma = ""
    make = partial(_told, language, selection, with_advice=with_advice, is_ascii=is_ascii)
    for text, found in pieces(run, make, workers, range(len(run.reports))):
        extracts.append(found)
        if text is not None:
            yield f"{comma}\n    {text}"
            comma = ","
    summary = _object(summary_of(run, *summarise(run, extracts)), dump, "  ")
    yield "\n  " * bool(comma) + f'],\n  "summary": {summary}\n}}\n'


def _told(
    language: str, selection: Selection, part: Run, *, with_advice: bool, is_ascii: bool
) -> list[tuple[str | None, Extract]]:
    """Return the text of the one institution of a part, or None where it is not chosen, and its numbers."""
    (report,) = part.reports
    if not selection.reports(part):
        return [(None, extract(report))]
    advice = advice_of(part) if with_advice else None
    entries: dict[str, Any] = {"institutions": institutions_with(part, language, advice)}
    (entry,) = selection.narrowed(part, entries)["institutions"]
    return [(_object(entry, json.JSONEncoder(ensure_ascii=is_ascii).encode, "    "), extract(report))]


def _object(document: Mapping[str, Any], dump: Dump, margin: str) -> str:
    """Return an object, a line a key; objects in a list have a line each, so that reports can be compared by lines."""
    inner = margin + "  "
    lines = [f"{inner}{dump(key)}: {_value(value, dump, inner)}" for key, value in document.items()]
    return "{\n" + ",\n".join(lines) + f"\n{margin}}}"


def _value(value: Any, dump: Dump, margin: str) -> str:  # noqa: ANN401 -- whatever JSON holds
    if not (isinstance(value, list) and value and isinstance(value[0], dict)):
        return dump(value)
    elements = ",\n".join(f"{margin}  {dump(element)}" for element in value)
    return f"[\n{elements}\n{margin}]"
