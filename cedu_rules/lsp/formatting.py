"""A reading into the edits that bring it into its canonical form: only the lines that change."""

from difflib import SequenceMatcher

from lsprotocol.types import TextEdit

from cedu_rules.lsp.reading import Reading
from cedu_rules.syntax.printer import format_text

_COMPARED = 4000
"""Of more lines, everything between the first and the last difference is one edit."""


def formatting(reading: Reading) -> list[TextEdit] | None:
    """Return the edits, or None where the text cannot be read and is left alone."""
    found, _ = format_text(reading.text, reading.name)
    if found is None:
        return None
    old, new = reading.text.splitlines(keepends=True), found.splitlines(keepends=True)
    offsets = [0]
    for line in old:
        offsets.append(offsets[-1] + len(line))
    return [
        TextEdit(reading.lines.range(offsets[start], offsets[end]), "".join(new[first:last]))
        for start, end, first, last in _differences(old, new)
    ]


def _differences(old: list[str], new: list[str]) -> list[tuple[int, int, int, int]]:
    """Return which lines of the old text become which of the new one."""
    head = next(
        (n for n, (one, other) in enumerate(zip(old, new, strict=False)) if one != other), min(len(old), len(new))
    )
    tail = 0
    while tail < min(len(old), len(new)) - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    inner, wanted = old[head : len(old) - tail], new[head : len(new) - tail]
    if not inner and not wanted:
        return []
    if max(len(inner), len(wanted)) > _COMPARED:
        return [(head, head + len(inner), head, head + len(wanted))]
    matcher = SequenceMatcher(None, inner, wanted, autojunk=False)
    return [
        (head + start, head + end, head + first, head + last)
        for tag, start, end, first, last in matcher.get_opcodes()
        if tag != "equal"
    ]
