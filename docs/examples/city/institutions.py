"""Institutions that meet every line into what an inspection finds: flaws and gaps."""

import itertools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import Enum

from city.dice import Dice
from city.hand import Hand

Flaw = Callable[["Institution"], None]

HIGHER_DEGREES = ("大专", "专科", "高职", "本科", "本科", "硕士", "研究生")

# What identifies a row, and the facts on which it depends whether others exist.
ALWAYS_RECORDED = {"id", "name", "town", "site", "host"}


@dataclass
class Institution:
    """One row of a table with its list of teachers (`None`: not recorded)."""

    row: dict[str, str]
    hand: Hand
    residents: dict[int, int]
    judged: list[str]
    list_column: str
    teachers: list[dict[str, str]] | None


class Progress(Enum):
    """How far an institution and its inspection have come."""

    COMPLETE = "everything met, recorded and judged"
    CLEAN = "nothing missed, not everything recorded"
    FLAWED = "some lines missed narrowly"


def progresses(complete: int, clean: int, flawed: int, dice: Dice) -> list[Progress]:
    """Deal out how far each institution has come."""
    dealt = [Progress.COMPLETE] * complete
    dealt += [Progress.CLEAN] * clean
    dealt += [Progress.FLAWED] * flawed
    dice.shuffle(dealt)
    return dealt


def cells(**changes: str) -> Flaw:
    """Make the flaw that writes these cells."""

    def change(institution: Institution) -> None:
        institution.row.update(changes)

    return change


def denied(column: str) -> Flaw:
    """Make the flaw that answers no in one column."""

    def change(institution: Institution) -> None:
        institution.row[column] = institution.hand.no

    return change


def teacher(**fields: str) -> Flaw:
    """Make the flaw that changes the first teacher of a list."""

    def change(institution: Institution) -> None:
        for first in (institution.teachers or [])[:1]:
            first.update(fields)

    return change


def no_teachers(institution: Institution) -> None:
    """Empty the list of teachers: recorded, and nobody on it."""
    institution.teachers = []


def inspect(institution: Institution, progress: Progress, flaws: Iterator[Flaw], dice: Dice) -> None:
    """Leave an institution as the inspection finds it in December 2022."""
    if progress is not Progress.COMPLETE:
        leave_gaps(institution, dice)
    if progress is Progress.COMPLETE or dice.likely(0.15):
        judge(institution, dice, doubt=0.05 if progress is Progress.FLAWED else 0)
    if progress is Progress.CLEAN and dice.likely(0.15):
        institution.teachers = None
    if progress is Progress.FLAWED:
        # Last, so that no gap hides a flaw.
        for flaw in itertools.islice(flaws, dice.randint(1, 3)):
            flaw(institution)
    count_teachers(institution)


def count_teachers(institution: Institution) -> None:
    """Write down how many teachers the list has: 0 is an empty list, blank a missing one."""
    teachers = institution.teachers
    institution.row[institution.list_column] = "" if teachers is None else str(len(teachers))


def leave_gaps(institution: Institution, dice: Dice) -> None:
    """Blank one to five cells of the row, at times one of a teacher."""
    row = institution.row
    recorded = [column for column, text in row.items() if column not in ALWAYS_RECORDED and text not in {"", "-"}]
    for column in dice.sample(recorded, dice.randint(1, 5)):
        row[column] = ""
    if institution.teachers and dice.likely(0.25):
        entry = dice.choice(institution.teachers)
        entry[dice.choice(list(entry)[1:])] = ""


def judge(institution: Institution, dice: Dice, *, doubt: float) -> None:
    """Answer what an inspector judges, no with a probability of `doubt`."""
    for column in institution.judged:
        institution.row[column] = institution.hand.answer(yes=not dice.likely(doubt))


def teacher_rows(institutions: Iterable[Institution]) -> list[dict[str, str]]:
    """Join the lists of teachers into one table, `institution` first."""
    return [
        {"institution": institution.row["id"], **entry}
        for institution in institutions
        for entry in institution.teachers or []
    ]
