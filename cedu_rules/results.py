"""The words of the answers: statuses of clauses and requirements, verdicts of institutions, and how they combine.

The tables of `design` in code: what a clause's status is, given whether its guards hold and its requirements are met.
"""

from collections.abc import Iterable
from enum import StrEnum

from cedu_rules.truth import Truth, all_of


class Status(StrEnum):
    """The answer of one clause or requirement."""

    PASS = "pass"  # noqa: S105 -- an answer, no password
    FAIL = "fail"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not_applicable"
    NOT_MET = "not_met"
    WAIVED = "waived"


class Verdict(StrEnum):
    """The answer for one institution."""

    CONFORMS = "conforms"
    FAILS = "fails"
    UNDETERMINED = "undetermined"
    INVALID = "invalid"


def status(applies: Truth, met: Truth, *, advisory: bool = False) -> Status:
    """Return the status of something that applies as `applies` says and is met as `met` says.

    Not applicable when a guard is false; pass when met and no guard is false; fail, or for a recommendation not met,
    only when every guard is true; else unknown.
    """
    if applies is False:
        return Status.NOT_APPLICABLE
    if met is True:
        return Status.PASS
    if met is False and applies is True:
        return Status.NOT_MET if advisory else Status.FAIL
    return Status.UNKNOWN


def holds(answer: Status) -> Truth:
    """Return what `passes(clause)` is for a clause of that status."""
    if answer is Status.UNKNOWN:
        return None
    return answer not in {Status.FAIL, Status.NOT_MET}


def verdict(statuses: Iterable[tuple[Status, bool]]) -> Verdict:
    """Return the verdict of clauses, each given with whether it is advisory and so does not count."""
    truth = all_of(holds(answer) for answer, advisory in statuses if not advisory)
    return Verdict.UNDETERMINED if truth is None else Verdict.CONFORMS if truth else Verdict.FAILS
