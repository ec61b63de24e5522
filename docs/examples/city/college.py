"""The residents of the city into its college, with nested lists."""

import math
from decimal import Decimal

from city.dice import Dice
from city.facts import COLLEGE_DOCUMENTED, facts

HEAD = """\
# The college of a made-up city: names and numbers are invented.
# A list of members is closed (what is left out is absent); in a mapping, null means not recorded.
"""


def college(residents: int) -> dict[str, object]:
    """Make the college: one volunteer short of hours, one thing not recorded."""
    dice = Dice("college")
    return {
        "id": "X01",
        "name": "示例市社区教育学院",
        **premises(),
        **staff(residents, dice),
        **research(),
        **money(residents),
        **documents(),
        **judgements(),
    }


def premises() -> dict[str, object]:
    """Make the facts on the premises, shared with a vocational school."""
    return {
        "site": "与其他单位共用",
        "shared_area": "2,640平方米",
        "site_area": "7.8亩",
        "host": "职业学校（院校）",
        "council_meetings": "4次",
        "bases": [
            {"name": "示例民俗馆", "plaque": "是"},
            {"name": "示例农业园", "plaque": "是"},
            {"name": "示例图书馆", "plaque": "否"},
        ],
    }


def staff(residents: int, dice: Dice) -> dict[str, object]:
    """Make the staff, at the quotas for the residents and not above."""
    teachers = math.ceil(residents / 10_000)
    full_time = math.ceil(Decimal(teachers * 60) / 100)
    managers = math.ceil(residents / 100_000)
    return {
        "population": residents,
        "managers_full_time": managers - 3,
        "managers_part_time": 3,
        "teachers_full_time": full_time,
        "teachers_part_time": teachers - full_time,
        "volunteers": volunteers(teachers + 1, dice),
        "school_teachers": 21,
    }


def volunteers(number: int, dice: Dice) -> list[object]:
    """List volunteers with their hours: one is half an hour short of ten."""
    hours = [f"{Decimal(dice.randint(20, 90)) / 2}小时" for _ in range(number)]
    hours[number // 2] = "9.5小时"
    return [{"number": f"V{position:03}", "hours": text} for position, text in enumerate(hours, start=1)]


def research() -> dict[str, object]:
    """Make projects, papers and the learners of each year."""
    return {
        "projects": [
            {
                "name": "示例老年数字学习实验",
                "level": "市级",
                "from_year": 2021,
                "to_year": 2023,
            },
            {
                "name": "示例乡村课程研究",
                "level": "县级",
                "from_year": 2022,
                "to_year": 2022,
            },
        ],
        "papers": [
            {"title": "示例论文甲", "level": "市级", "year": 2022},
            {"title": "示例论文乙", "level": "省级", "year": 2022},
            {"title": "示例论文丙", "level": "县级", "year": 2021},
        ],
        "digital_learners": {2020: "2.1万人", 2021: "26,480", 2022: "３１０５６人"},
    }


def money(residents: int) -> dict[str, object]:
    """Make the money: exactly one yuan a resident, each expenditure with its project."""
    spent = ("12.5万元", "8万元", "36,800元", 5200, "¥9,450", "2.25万元")
    return {
        "funding": f"{Decimal(residents) / 10_000}万元",
        "finance": "由原办学主体负责",
        "expenditures": [
            {"number": f"2022-{number:03}", "amount": amount, "for_project": True}
            for number, amount in enumerate(spent, start=1)
        ],
    }


def documents() -> dict[str, object]:
    """Show every document; who keeps the website is not recorded."""
    shown = {name: members or True for name, members in facts(COLLEGE_DOCUMENTED).items()}
    return {**shown, "website": {"site": True, "person": None}}


def judgements() -> dict[str, object]:
    """Make the few judgements that inspectors have given so far."""
    return {"infeasible": True, "atmosphere": True, "venues": True}
