"""The work of the suite `one_record`: made-up schools, and the twenty clauses written by hand for them.

The yardstick is what a good programmer writes without the library: attrs classes with slots, numbers as int and float,
names as text, and one function that reads each field once and gives all twenty statuses, None being what is not known.
"""

import random
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import attrs

import cedu_rules
from cedu_rules.results import Status

STANDARD = cedu_rules.load(str(Path(__file__).with_name("measured.std")))
DAY = date(2022, 12, 15)
TEACHERS, YEARS = 6, range(2020, 2023)
"""As many as the schools of docs/examples have."""

PASS, FAIL, UNKNOWN, NOT_APPLICABLE = Status.PASS, Status.FAIL, Status.UNKNOWN, Status.NOT_APPLICABLE


@attrs.frozen
class Teacher:
    """A teacher as the yardstick reads one."""

    name: str | None = None
    full_time: bool | None = None
    degree: str | None = None
    certified: bool | None = None
    trained: bool | None = None


@attrs.frozen
class School:
    """A school as the yardstick reads one."""

    office_head: str | None = None
    council_meetings: int | None = None
    joint_meetings: int | None = None
    site: str | None = None
    area: float | None = None
    shared_area: float | None = None
    infeasible: bool | None = None
    host: str | None = None
    host_licensed: bool | None = None
    host_accepted: bool | None = None
    room_computers: int | None = None
    computers: int | None = None
    books: int | None = None
    newspapers: int | None = None
    magazines: int | None = None
    utilisation: float | None = None
    registered: Mapping[int, int | None] | None = None
    residents: Mapping[int, int | None] | None = None
    cadres_full_time: int | None = None
    cadres_part_time: int | None = None
    teachers: tuple[Teacher, ...] | None = None
    population: int | None = None
    funding: float | None = None


def by_hand(r: School, on: date | None) -> tuple[Status, ...]:  # noqa: C901, PLR0912, PLR0915 -- the yardstick is one function
    """Return the twenty statuses."""
    x: Any = r.office_head
    s1 = UNKNOWN if x is None else PASS if x in OFFICES else FAIL
    x = r.council_meetings
    s2 = UNKNOWN if x is None else PASS if x >= 4 else FAIL
    x = r.joint_meetings
    s3 = UNKNOWN if x is None else PASS if x >= 2 else FAIL

    site = r.site
    if site == "independent":
        s4, s5 = PASS, NOT_APPLICABLE
        x = r.area
        s6 = UNKNOWN if x is None else PASS if x >= 500 else FAIL
    else:
        host, infeasible = r.host, r.infeasible
        if host == "other":
            admissible = r.host_accepted
        elif host == "private":
            admissible = r.host_licensed
        elif host is None:
            admissible = True if r.host_accepted and r.host_licensed else None
        else:
            admissible = True
        may_share = False if infeasible is False or admissible is False else True if infeasible and admissible else None
        shared = r.shared_area
        if site is None:
            s4 = s5 = PASS if may_share else UNKNOWN
            x = r.area
            s6 = PASS if (x is not None and x >= 500) or (shared is not None and shared >= 500) else UNKNOWN
            if x is not None and shared is not None and s6 is UNKNOWN:
                s6 = FAIL
        else:
            s4 = s5 = PASS if may_share else UNKNOWN if may_share is None else FAIL
            s6 = UNKNOWN if shared is None else PASS if shared >= 500 else FAIL

    x = r.room_computers
    s7 = UNKNOWN if x is None else PASS if x >= 20 else FAIL
    x = r.computers
    s8 = UNKNOWN if x is None else PASS if x >= 30 else FAIL
    x = r.books
    s9 = UNKNOWN if x is None else PASS if x >= 3000 else FAIL
    x, y = r.newspapers, r.magazines
    if x is not None and y is not None:
        s10 = PASS if x + y >= 10 else FAIL
    else:
        s10 = PASS if (x or 0) + (y or 0) >= 10 else UNKNOWN
    x = r.utilisation
    s11 = UNKNOWN if x is None else PASS if x >= 0.8 else FAIL

    registered, residents = r.registered, r.residents
    s12 = s13 = s20 = UNKNOWN
    if registered is not None and on is not None:
        x = registered.get(on.year)
        y = None if residents is None else residents.get(on.year)
        if x is not None and y is not None:
            s20 = PASS if x <= y else FAIL
            if y:
                s12 = PASS if x / y >= 0.08 else FAIL
        elif x == 0:
            s20 = PASS
    if registered is not None and residents is not None:
        before, known = -1.0, True
        for year, x in registered.items():
            y = residents.get(year)
            if x is None or not y:
                known = False
            else:
                share = x / y
                if share <= before:
                    s13 = FAIL
                    break
                before = share
        else:
            if known and len(registered) > 1:
                s13 = PASS

    x, y = r.cadres_full_time, r.cadres_part_time
    if x is not None and y is not None:
        s14 = PASS if x + y >= 3 else FAIL
    else:
        s14 = PASS if (x or 0) + (y or 0) >= 3 else UNKNOWN

    teachers = r.teachers
    if teachers is None:
        s15 = s16 = s17 = s18 = UNKNOWN
    else:
        full_time = part_time = open_ = 0
        qualified: bool | None = True
        trained: bool | None = True
        for teacher in teachers:
            works = teacher.full_time
            if works is False:
                part_time += 1
                continue
            if works:
                full_time += 1
            else:
                open_ += 1
            degree, certified = teacher.degree, teacher.certified
            if certified is False or (degree is not None and degree not in ENOUGH):
                if works:
                    qualified = False
                elif qualified:
                    qualified = None
            elif (degree is None or certified is None) and qualified:
                qualified = None
            x = teacher.trained
            if not x:
                if works and x is False:
                    trained = False
                elif trained:
                    trained = None
        s15 = PASS if full_time >= 2 else FAIL if full_time + open_ < 2 else UNKNOWN
        s16 = PASS if qualified else FAIL if qualified is False else UNKNOWN
        s17 = PASS if trained else FAIL if trained is False else UNKNOWN
        s18 = PASS if part_time >= 1 else FAIL if part_time + open_ < 1 else UNKNOWN

    x, y = r.funding, r.population
    if x is not None and y is not None:  # noqa: SIM108 -- like the clauses above
        s19 = PASS if x >= y else FAIL
    else:
        s19 = PASS if y == 0 else UNKNOWN
    return s1, s2, s3, s4, s5, s6, s7, s8, s9, s10, s11, s12, s13, s14, s15, s16, s17, s18, s19, s20


OFFICES = frozenset({"party_office", "culture_station"})
ENOUGH = frozenset({"associate", "bachelor", "master", "doctor"})


# --- made-up schools -------------------------------------------------------------------------------------------------


class Draw:
    """Draws schools; each fact is missing with the probability `gap`."""

    def __init__(self, gap: float, seed: int = 1) -> None:
        self.gap = gap
        self.random = random.Random(seed)  # noqa: S311 -- nothing secret

    def given(self, value: object) -> Any:  # noqa: ANN401
        """Return the value, or None for a missing one."""
        return None if self.gap and self.random.random() < self.gap else value

    def number(self, low: int, high: int) -> Any:  # noqa: ANN401
        """Return a whole number."""
        return self.given(self.random.randint(low, high))

    def likely(self, share: float) -> Any:  # noqa: ANN401
        """Return a yes with that probability, else a no."""
        return self.given(self.random.random() < share)

    def one_of(self, *values: object) -> Any:  # noqa: ANN401
        """Return one of the values."""
        return self.given(self.random.choice(values))

    def teacher(self, number: int) -> Teacher:
        """Return a teacher."""
        degree = self.one_of("associate", "bachelor", "bachelor", "master", "bachelor", "senior")
        return Teacher(f"教师{number}", self.likely(0.6), degree, self.likely(0.95), self.likely(0.95))

    def school(self) -> School:
        """Return a school."""
        independent = self.random.random() < 0.7
        host = None if independent else self.one_of("open_school", "tv_station", "private", "vocational")
        return School(
            office_head=self.one_of("party_office", "culture_station", "other"),
            council_meetings=self.number(3, 6),
            joint_meetings=self.number(1, 4),
            site=self.given("independent" if independent else "shared"),
            area=self.given(self.random.randint(4500, 9000) / 10) if independent else None,
            shared_area=None if independent else self.given(self.random.randint(4500, 9000) / 10),
            infeasible=None if independent else self.likely(0.9),
            host=host,
            host_licensed=self.likely(0.9) if host == "private" else None,
            room_computers=self.number(18, 30),
            computers=self.number(28, 60),
            books=self.number(2900, 6000),
            newspapers=self.number(3, 9),
            magazines=self.number(3, 9),
            utilisation=self.given(self.random.randint(750, 950) / 1000),
            registered=self.given(
                {year: self.number(2000 + 300 * rank, 2400 + 300 * rank) for rank, year in enumerate(YEARS)}
            ),
            residents=self.given({year: self.number(29000, 31000) for year in YEARS}),
            cadres_full_time=self.number(1, 3),
            cadres_part_time=self.number(0, 3),
            teachers=self.given(tuple(self.teacher(number) for number in range(1, TEACHERS + 1))),
            population=self.number(20000, 40000),
            funding=self.given(self.random.randint(2_000_000, 5_000_000) / 100),
        )


def schools(gap: float, count: int = 200) -> list[School]:
    """Return so many schools, the same at every call."""
    draw = Draw(gap)
    return [draw.school() for _ in range(count)]


def as_mapping(school: School) -> dict[str, Any]:
    """Return the facts that are given, as a file would hold them: lists of mappings, years as keys."""
    return dict(_given(school))


def _given(instance: School | Teacher) -> Iterator[tuple[str, Any]]:
    for name in (each.name for each in attrs.fields(type(instance))):
        value = getattr(instance, name)
        if value is not None:
            yield name, [dict(_given(each)) for each in value] if name == "teachers" else value
