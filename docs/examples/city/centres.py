"""Places into learning centres, with labels and units as the headers."""

import itertools
import math
from decimal import Decimal

from city.dice import Dice
from city.facts import CENTRE_DOCUMENTED, CENTRE_JUDGED, columns
from city.hand import Hand, new_hand
from city.institutions import (
    HIGHER_DEGREES,
    Flaw,
    Institution,
    denied,
    inspect,
    no_teachers,
    progresses,
    teacher,
)
from city.places import PEOPLE, STREET, YEARS, Place, numeral, shares

CENTRES_A_PLACE = 10
BROKEN_ID = "C1507"

KIND = "所在单位类别"
RESIDENTS = "村（居）常住人口（人）"
AREA = "建筑面积（㎡）"
BOOKS = "图书阅览室图书册数（册）"
COMPUTERS = "数字化教室专用电脑台数（台）"
UTILISATION = "教育教学设施利用率（%）"
MEETINGS = "本年度教务委员会会议次数（研究社区教育）（次）"
CADRE = "社区教育专任干部（负责日常工作）"
TEACHERS = "专兼职教师名单"
VOLUNTEERS = "实名注册志愿者人数（人）"
LEARNERS = "各年参加学习活动人数"


def written(column: str, text: str) -> Flaw:
    """Make the flaw that writes one cell."""

    def change(centre: Institution) -> None:
        centre.row[column] = text

    return change


def few_volunteers(centre: Institution) -> None:
    """Register one volunteer fewer than a thousandth of the residents."""
    residents = centre.residents[2022]
    centre.row[RESIDENTS] = str(residents)
    centre.row[VOLUNTEERS] = f"{math.ceil(residents / 1000) - 1}人"


def fewer_learners(centre: Institution) -> None:
    """Let five people fewer take part than the year before."""
    before = centre.residents[2021] * 14 // 100
    centre.row[f"{LEARNERS}.2021年"] = f"{before}人"
    centre.row[f"{LEARNERS}.2022年"] = f"{before - 5}人"


FLAWS: tuple[Flaw, ...] = (
    written(AREA, "58.5"),
    written(BOOKS, "980册"),
    denied("设备.多功能教室内有投影设备"),
    few_volunteers,
    written(UTILISATION, "78.5"),
    written(CADRE, "有，兼任"),
    fewer_learners,
    denied("规章制度.表彰奖励"),
    teacher(学历="高中"),
    written(MEETINGS, "1次"),
    denied("参与社区教育实验项目"),
    denied("记载与档案.工作总结"),
    written(COMPUTERS, "0台"),
    denied("教务委员会组成.居民代表"),
    denied("本年度参加培训的人员.志愿者"),
    no_teachers,
    denied("规划、计划与经费保障文件.经费保障机制文件"),
    denied("设备.数字化教室接入宽带"),
)


def centres(places: list[Place]) -> list[Institution]:
    """Make ten centres a place, as the inspection finds them; one row is broken."""
    dice = Dice("centres")
    flaws = itertools.cycle(FLAWS)
    number = len(places) * CENTRES_A_PLACE
    dealt = iter(progresses(complete=24, clean=96, flawed=number - 120, dice=dice))
    found = []
    for place in places:
        divided = shares(place.residents, CENTRES_A_PLACE, dice)
        for ordinal, residents in enumerate(divided, start=1):
            centre = good_centre(place, ordinal, residents, dice)
            inspect(centre, next(dealt), flaws, dice)
            found.append(centre)
    break_row(found)
    return found


def break_row(found: list[Institution]) -> None:
    """Write the one deliberate input error: `约60` (about 60) is no area."""
    for centre in found:
        if centre.row["id"] == BROKEN_ID:
            centre.row[AREA] = "约60"


def good_centre(place: Place, ordinal: int, residents: dict[int, int], dice: Dice) -> Institution:
    """Make a centre that meets every line; nothing is judged yet."""
    hand = new_hand(dice)
    row = identity(place, ordinal)
    row |= measures(residents, hand, dice)
    row |= dict.fromkeys(columns(CENTRE_DOCUMENTED), hand.yes)
    row |= dict.fromkeys(columns(CENTRE_JUDGED), "")
    if place.kind == STREET:  # the two are asked of villages only
        row["本年度培训内容.农村实用技术"] = hand.no
        row["本年度服务的人群.农村居民"] = hand.no
    return Institution(
        row=row,
        hand=hand,
        residents=residents,
        judged=columns(CENTRE_JUDGED),
        list_column=TEACHERS,
        teachers=staff(dice),
    )


def identity(place: Place, ordinal: int) -> dict[str, str]:
    """Name a centre and its village or community."""
    word, kind = ("社区", "社区（居）") if place.kind == STREET else ("村", "行政村")
    return {
        "id": f"C{place.number:02}{ordinal:02}",
        "name": f"{place.name}第{numeral(ordinal)}{word}社区教育学习中心",
        "town": place.name,
        KIND: kind,
    }


def measures(residents: dict[int, int], hand: Hand, dice: Dice) -> dict[str, str]:
    """Make counts and measures that meet every line."""
    volunteers = math.ceil(residents[2022] / 1000) + dice.randint(0, 6)
    area = dice.choice((60, 62, 68, 75, 80, 96, 120, 180))
    return {
        RESIDENTS: hand.people(residents[2022]),
        AREA: hand.area(area),
        BOOKS: hand.count(dice.randrange(1000, 2600, 20), "册"),
        COMPUTERS: hand.count(dice.randint(1, 12), "台"),
        UTILISATION: hand.number(Decimal(dice.randint(160, 192)) / 2),
        MEETINGS: hand.count(dice.randint(2, 5), "次"),
        CADRE: "有，专职",
        TEACHERS: "",
        VOLUNTEERS: hand.count(volunteers, "人"),
        **learners(residents[2020], hand, dice),
    }


def learners(residents: int, hand: Hand, dice: Dice) -> dict[str, str]:
    """Make a rising number of people who take part, year by year."""
    number = residents * dice.randint(50, 120) // 1000
    row = {}
    for year in YEARS:
        row[f"{LEARNERS}.{year}年"] = hand.count(number, "人")
        number += math.ceil(number * dice.randint(4, 15) / 100)
    return row


def staff(dice: Dice) -> list[dict[str, str]]:
    """Make a list of one to four teachers that meets every line."""
    names = dice.sample(PEOPLE, dice.randint(1, 4))
    return [{"姓名": name, "学历": dice.choice(HIGHER_DEGREES)} for name in names]
