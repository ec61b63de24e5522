"""Places into schools, with fact names as the headers."""

import itertools
import math
from decimal import Decimal

from city.dice import Dice
from city.facts import SCHOOL_DOCUMENTED, SCHOOL_JUDGED, columns
from city.hand import Hand, new_hand
from city.institutions import (
    HIGHER_DEGREES,
    Flaw,
    Institution,
    Progress,
    cells,
    denied,
    inspect,
    no_teachers,
    progresses,
    teacher,
)
from city.places import PEOPLE, YEARS, Place

OTHER_DEGREES = ("高中", "中专")

HOSTS = {
    "open_school": "有条件向社会开放的中小学",
    "tv_station": "县级电大教学站",
    "vocational": "职业学校（院校）",
    "teacher_training": "教师进修学校",
    "youth_science": "青少年科普机构",
    "private": "民办培训机构",
    "other": "其他",
}


def one_full_time_teacher(school: Institution) -> None:
    """Leave one teacher full-time where two are asked for."""
    for position, entry in enumerate(school.teachers or []):
        entry["full_time"] = "否" if position else "是"


def small_premises(school: Institution) -> None:
    """Give 498.5 m2 where 500 m2 are asked for."""
    shared = school.row["host"] != ""
    school.row["shared_area" if shared else "area"] = "498.5平方米"


def short_funding(school: Institution) -> None:
    """Give 1 % less than one yuan a resident."""
    residents = school.residents[2022]
    school.row["population"] = str(residents)
    school.row["funding"] = f"{Decimal(residents * 99 // 100) / 10_000}万元"


def low_registration(school: Institution) -> None:
    """Register 7.9 % of the residents where 8 % are asked for."""
    register(school, 2022, per_mille=79)


def falling_registration(school: Institution) -> None:
    """Register fewer residents in 2022 than in 2021, though more than 8 %."""
    register(school, 2021, per_mille=92)
    register(school, 2022, per_mille=88)


def register(school: Institution, year: int, *, per_mille: int) -> None:
    """Write down a rate of registration for a year."""
    residents = school.residents[year]
    school.row[f"residents.{year}"] = str(residents)
    school.row[f"registered.{year}"] = str(residents * per_mille // 1000)


FLAWS: tuple[Flaw, ...] = (
    small_premises,
    cells(room_computers="19台"),
    low_registration,
    cells(council_meetings="3次"),
    teacher(full_time="是", certified="否"),
    denied("charter.amendment"),
    cells(room_computers="20台", computers="29台"),
    cells(books="2,980册"),
    short_funding,
    cells(newspapers="3份", magazines="6份"),
    cells(utilisation="７９.５％"),
    denied("rooms.archive"),
    cells(cadres_full_time="1人", cadres_part_time="1人"),
    falling_registration,
    one_full_time_teacher,
    denied("rules.log"),
    teacher(full_time="是", degree="中专"),
    cells(joint_meetings="1次"),
    denied("employment.new_labour"),
    teacher(full_time="是", trained="否"),
    cells(office_head="其他人"),
    no_teachers,
)


def schools(places: list[Place]) -> list[Institution]:
    """Make one school a place, as the inspection finds it."""
    dice = Dice("schools")
    flaws = itertools.cycle(FLAWS)
    dealt = progresses(complete=4, clean=8, flawed=len(places) - 12, dice=dice)
    found = []
    for place, progress in zip(places, dealt, strict=True):
        school = good_school(place, first_year(progress, dice), dice)
        inspect(school, progress, flaws, dice)
        found.append(school)
    return found


def first_year(progress: Progress, dice: Dice) -> int:
    """Choose since when residents register; some schools have only just begun."""
    return dice.choice(YEARS) if progress is Progress.CLEAN else YEARS[0]


def good_school(place: Place, first: int, dice: Dice) -> Institution:
    """Make a school that meets every line; nothing is judged yet."""
    hand = new_hand(dice)
    row = {"id": f"S{place.number:02}", "name": f"{place.name}社区教育学校"}
    row |= premises(place, hand, dice)
    row |= measures(place.residents[2022], hand, dice)
    row |= registration(place.residents, first, hand, dice)
    row |= dict.fromkeys(columns(SCHOOL_DOCUMENTED), hand.yes)
    row |= dict.fromkeys(columns(SCHOOL_JUDGED), "")
    return Institution(
        row=row,
        hand=hand,
        residents=place.residents,
        judged=judged_facts(row["host"]),
        list_column="teachers",
        teachers=staff(hand, dice),
    )


def premises(place: Place, hand: Hand, dice: Dice) -> dict[str, str]:
    """Make the facts on the premises; a third of the schools share theirs."""
    shared = place.number % 3 == 0
    host = list(HOSTS)[place.number // 3 % len(HOSTS)] if shared else ""
    area = hand.area(dice.choice((500, 520, 560, 612, 750, 900, 1200, 1580)))
    site = ("shared", "合用场地") if shared else ("independent", "独立设置")
    return {
        "site": hand.choice(*site),
        "area": "" if shared else area,
        "shared_area": area if shared else "",
        "host": hand.choice(host, HOSTS[host]) if shared else "",
        "host_licensed": hand.yes if host == "private" else "",
    }


def judged_facts(host: str) -> list[str]:
    """List what is judged: of the host only where there is one, and only of others."""
    absent = set() if host in {"other", HOSTS["other"]} else {"host_accepted"}
    absent |= set() if host else {"infeasible"}
    return [fact for fact in columns(SCHOOL_JUDGED) if fact not in absent]


def measures(residents: int, hand: Hand, dice: Dice) -> dict[str, str]:
    """Make counts and measures that meet every line."""
    computers = dice.randint(20, 32)
    heads = (("party_office", "党政办负责人"), ("culture_station", "文化站负责人"))
    return {
        "population": hand.people(residents),
        "council_meetings": hand.count(dice.randint(4, 6), "次"),
        "joint_meetings": hand.count(dice.randint(2, 4), "次"),
        "room_computers": hand.count(computers, "台"),
        "computers": hand.count(computers + dice.randint(10, 18), "台"),
        "books": hand.count(dice.randrange(3000, 8000, 20), "册"),
        "newspapers": hand.count(dice.randint(4, 9), "份"),
        "magazines": hand.count(dice.randint(6, 15), "份"),
        "utilisation": hand.percent(Decimal(dice.randint(160, 190)) / 2),
        "cadres_full_time": hand.count(dice.randint(1, 2), "人"),
        "cadres_part_time": hand.count(dice.randint(2, 3), "人"),
        "teachers": "",
        "funding": hand.money(residents + dice.choice((0, 500, 1000, residents // 5))),
        "office_head": hand.choice(*dice.choice(heads)),
    }


def registration(residents: dict[int, int], first: int, hand: Hand, dice: Dice) -> dict[str, str]:
    """Make two series that rise past 8 %; `-` stands where there was no platform yet."""
    latest = dice.randint(80, 120)
    per_mille = {
        2020: latest - dice.randint(18, 30),
        2021: latest - dice.randint(6, 15),
        2022: latest,
    }
    row = {}
    for year in YEARS:
        registered = math.ceil(residents[year] * per_mille[year] / 1000)
        row[f"registered.{year}"] = "-" if year < first else hand.count(registered, "人")
    return row | {f"residents.{year}": hand.people(residents[year]) for year in YEARS}


def staff(hand: Hand, dice: Dice) -> list[dict[str, str]]:
    """Make a list of teachers that meets every line, the full-time ones first."""
    full_time = dice.randint(2, 4)
    names = dice.sample(PEOPLE, full_time + dice.randint(2, 5))
    return [staff_member(name, hand, dice, full_time=position < full_time) for position, name in enumerate(names)]


def staff_member(name: str, hand: Hand, dice: Dice, *, full_time: bool) -> dict[str, str]:
    """Make one teacher; only of full-time ones a degree and a certificate are asked."""
    degrees = HIGHER_DEGREES if full_time else HIGHER_DEGREES + OTHER_DEGREES
    return {
        "name": name,
        "full_time": hand.answer(yes=full_time),
        "degree": dice.choice(degrees),
        "certified": hand.answer(yes=full_time or dice.likely(0.5)),
        "trained": hand.yes,
    }
