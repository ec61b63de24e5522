"""The twenty clauses written by hand over the stored form of a record, as `cedu_rules.rows` describes it."""

from datetime import date
from typing import Any

from cedu_rules.results import Status

PASS, FAIL, UNKNOWN, NOT_APPLICABLE = Status.PASS, Status.FAIL, Status.UNKNOWN, Status.NOT_APPLICABLE
EIGHT_PERCENT = 8 * 10**32


def by_hand_as_stored(record: Any, on: date | None) -> tuple[Status, ...]:  # noqa: ANN401, C901, PLR0912, PLR0915 -- one function, like the yardstick
    """Return the twenty statuses."""
    (
        office, council, joint, site, area, shared, infeasible, host, licensed, accepted, room, computers, books, papers,
        magazines, utilisation, registered, residents, full, part, _, population, funding, shares,
        teachers, full_time, part_time, enough, short, certified, uncertified, trained, untrained,
    ) = record._row  # fmt: skip
    if site == 0:
        s4, s5 = PASS, NOT_APPLICABLE
        s6 = UNKNOWN if area is None else PASS if area >= 5_000_000 else FAIL
    else:
        if host == 6:
            admissible = accepted
        elif host == 5:
            admissible = licensed
        elif host is None:
            admissible = True if accepted and licensed else None
        else:
            admissible = True
        may_share = False if infeasible is False or admissible is False else True if infeasible and admissible else None
        if site is None:
            s4 = s5 = PASS if may_share else UNKNOWN
            s6 = UNKNOWN
            if (area is not None and area >= 5_000_000) or (shared is not None and shared >= 5_000_000):
                s6 = PASS
            elif area is not None and shared is not None:
                s6 = FAIL
        else:
            s4 = s5 = PASS if may_share else UNKNOWN if may_share is None else FAIL
            s6 = UNKNOWN if shared is None else PASS if shared >= 5_000_000 else FAIL
    if papers is not None and magazines is not None:
        s10 = PASS if papers + magazines >= 10 else FAIL
    else:
        s10 = PASS if (papers or 0) + (magazines or 0) >= 10 else UNKNOWN

    s12 = s20 = UNKNOWN
    if on is not None:
        share = shares.get(on.year)
        if share is not None and share >= 0:
            s12 = PASS if share >= EIGHT_PERCENT else FAIL
        x, y = registered.get(on.year), residents.get(on.year)
        if x is not None and y is not None:
            s20 = PASS if x <= y else FAIL
        elif x == 0:
            s20 = PASS
    before, s13 = -1, PASS if len(shares) > 1 else UNKNOWN
    for share in shares.values():
        if share is None:
            s13 = UNKNOWN
        elif share > before:
            before = share
        elif share < 0:
            before, s13 = max(before, 0), UNKNOWN
        else:
            s13 = FAIL
            break

    if full is not None and part is not None:
        s14 = PASS if full + part >= 3 else FAIL
    else:
        s14 = PASS if (full or 0) + (part or 0) >= 3 else UNKNOWN

    if funding is not None and population is not None:
        s19 = PASS if funding >= population * 100 else FAIL
    else:
        s19 = PASS if population == 0 else UNKNOWN
    return (
        UNKNOWN if office is None else PASS if office <= 1 else FAIL,
        UNKNOWN if council is None else PASS if council >= 4 else FAIL,
        UNKNOWN if joint is None else PASS if joint >= 2 else FAIL,
        s4,
        s5,
        s6,
        UNKNOWN if room is None else PASS if room >= 20 else FAIL,
        UNKNOWN if computers is None else PASS if computers >= 30 else FAIL,
        UNKNOWN if books is None else PASS if books >= 3000 else FAIL,
        s10,
        UNKNOWN if utilisation is None else PASS if utilisation >= 800_000_000 else FAIL,
        s12,
        s13,
        s14,
        PASS
        if full_time.bit_count() >= 2
        else FAIL
        if 0 <= teachers and (teachers ^ part_time).bit_count() < 2
        else UNKNOWN,
        PASS if part_time | enough & certified == teachers else FAIL if full_time & (short | uncertified) else UNKNOWN,
        PASS if part_time | trained == teachers else FAIL if full_time & untrained else UNKNOWN,
        PASS if part_time else FAIL if full_time == teachers else UNKNOWN,
        s19,
        s20,
    )
