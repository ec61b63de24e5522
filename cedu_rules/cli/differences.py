"""Two texts into the lines of a unified diff, in time that no text can make long."""

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

_CONTEXT = 3
_LONGEST = 2_000
"""So many lines are compared one with another; between the first and the last change of more, all are replaced."""

_Change = tuple[str, int, int, int, int]


def unified(before: str, after: str, name: str) -> Iterator[str]:
    """Yield the lines of a unified diff of two texts of the same file, without line ends."""
    old, new = _lines(before), _lines(after)
    yield f"--- {name}"
    yield f"+++ {name}"
    matcher: SequenceMatcher[str] = SequenceMatcher(None, (), ())
    matcher.opcodes = _changes(old, new)  # type: ignore[attr-defined] # what the matcher itself would find, but bounded
    for changes in matcher.get_grouped_opcodes(_CONTEXT):
        yield _heading(changes)
        for kind, old_start, old_end, new_start, new_end in changes:
            if kind == "equal":
                yield from _marked(" ", old[old_start:old_end])
            else:
                yield from _marked("-", old[old_start:old_end])
                yield from _marked("+", new[new_start:new_end])


def _lines(text: str) -> list[str]:
    """Return the lines with their ends; only a line feed ends one."""
    *lines, rest = text.split("\n")
    return [line + "\n" for line in lines] + ([rest] if rest else [])


def _marked(mark: str, lines: Sequence[str]) -> Iterator[str]:
    for line in lines:
        yield mark + line.removesuffix("\n")
        if not line.endswith("\n"):
            yield "\\ No newline at end of file"


def _changes(old: Sequence[str], new: Sequence[str]) -> list[_Change]:
    """Return what is equal and what is replaced, in order; what both begin and end with is compared first."""
    shorter = min(len(old), len(new))
    head = next((number for number in range(shorter) if old[number] != new[number]), shorter)
    room = shorter - head
    tail = next((number for number in range(room) if old[-1 - number] != new[-1 - number]), room)
    old_middle, new_middle = old[head : len(old) - tail], new[head : len(new) - tail]
    if max(len(old_middle), len(new_middle)) > _LONGEST:
        middle: list[_Change] = [("replace", 0, len(old_middle), 0, len(new_middle))]
    else:
        middle = SequenceMatcher(None, old_middle, new_middle).get_opcodes()  # type: ignore[assignment]
    changes: list[_Change] = [("equal", 0, head, 0, head)] if head else []
    changes += [(kind, a + head, b + head, c + head, d + head) for kind, a, b, c, d in middle]
    if tail:
        changes.append(("equal", len(old) - tail, len(old), len(new) - tail, len(new)))
    return changes


def _heading(changes: Sequence[_Change]) -> str:
    first, last = changes[0], changes[-1]
    return f"@@ -{_range(first[1], last[2])} +{_range(first[3], last[4])} @@"


def _range(start: int, end: int) -> str:
    length = end - start
    return str(start + 1) if length == 1 else f"{start + 1 if length else start},{length}"
