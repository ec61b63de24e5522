"""A roster in numbers into made-up places, residents and names of people."""

import itertools
from dataclasses import dataclass

from city.dice import Dice

YEARS = (2020, 2021, 2022)
STREET = "街道"

# Kind of place, how many there are, and the range of their residents.
ROSTER = (
    ("镇", 13, (18_000, 34_000)),
    ("乡", 8, (15_000, 24_000)),
    (STREET, 9, (28_000, 88_000)),
)

NUMERALS = "一二三四五六七八九十"

# Given names are a stem and a branch of the calendar, which says that they are made up.
PEOPLE = [
    "".join(parts)
    for parts in itertools.product(
        "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨",
        "甲乙丙丁戊己庚辛壬癸",
        "子丑寅卯辰巳午未申酉戌亥",
    )
]


@dataclass(frozen=True)
class Place:
    """A town, township or street with its residents, year by year."""

    number: int
    name: str
    kind: str
    residents: dict[int, int]


def places() -> list[Place]:
    """Make the 30 places of the city."""
    dice = Dice("places")
    found: list[Place] = []
    for kind, number, (low, high) in ROSTER:
        for ordinal in range(1, number + 1):
            residents = by_year(round(dice.triangular(low, high, low)), dice)
            name = f"示例{numeral(ordinal)}{kind}"
            found.append(Place(len(found) + 1, name, kind, residents))
    return found


def numeral(number: int) -> str:
    """Write a number from 1 to 20 in Chinese."""
    tens, ones = divmod(number - 1, 10)
    return ("十" if tens else "") + NUMERALS[ones]


def by_year(latest: int, dice: Dice) -> dict[int, int]:
    """Lead up to a number of residents in small steps."""
    before = round(latest * dice.uniform(0.985, 1.015))
    return dict(zip(YEARS, ((before + latest) // 2, before, latest), strict=True))


def shares(residents: dict[int, int], number: int, dice: Dice) -> list[dict[int, int]]:
    """Divide the residents of a place among its villages, nobody left over."""
    weights = [dice.randint(8, 12) for _ in range(number)]
    total = sum(weights)
    bounds = [sum(weights[:position]) for position in range(number + 1)]
    return [
        {year: people * high // total - people * low // total for year, people in residents.items()}
        for low, high in itertools.pairwise(bounds)
    ]
