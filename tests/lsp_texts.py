"""A small standard, made up, that the tests of the language server ask about."""

from lsprotocol.types import Position

from cedu_rules.lsp.reading import Reading

STANDARD = """\
standard trial "试点标准"
source "示例市试点办法" annex 1
effective from 2022-09-01
language zh

type Degree = level { senior "高中" < associate "大专" or "专科" < bachelor "本科" }
unit 学时 = 45 minutes
param least = 8%

facts {
  site       : choice { own "独立", shared "合用" } "场所"
  area       : m2 when site = own "建筑面积"
  funding    : yuan "经费"
  population : people "常住人口"
  lessons    : 学时 "课时"
  rooms      : documented set { reading "阅览室", training "培训室" } "用房"
  visits     : yearly people "各年人次"
  founded    : date "成立日期"
  teachers   : list of Teacher "教师"
}

record Teacher key name {
  name    : text "姓名"
  degree  : Degree "学历"
  trained : bool "本年度培训"
  let qualified = degree >= associate and trained
}

let per_head = funding / population

section "总项" "分项甲" {
  clause floor_area "面积不少于60平方米" {
    must if site = own then area >= 60 m2 "面积"
    note "合用的不看面积。"
    example pass { site: own, area: 60 m2 }
    example fail { site: own, area: 59.99 m2 }
  }
  clause staff "教师学历达标" {
    must all(t.qualified for t in teachers where t.degree != senior) "教师达标"
    must rooms includes { reading }
    must passes(floor_area)
    must lessons >= 40 学时
    must per_head >= 1 yuan
    example pass { teachers: [{name: "甲", degree: bachelor, trained: yes}], rooms: {reading} }
  }
}

section "总项" "分项乙" {
  clause registration "人次达标" {
    must rises(visits)
    must show rules "借阅办法"
    must rules
    must judge orderly "运转正常"
    must founded + 3 years <= assessed_on
  }
}
"""


def placed(text: str) -> tuple[Reading, int]:
    """Return the reading of a text without its mark `|`, and where the mark stood."""
    offset = text.index("|")
    return Reading(text[:offset] + text[offset + 1 :], "trial.std"), offset


def within(statement: str) -> tuple[Reading, int]:
    """Return the standard with a statement that has a mark, in a clause of its own at the end."""
    return placed(f'{STANDARD}\nsection "写" "作" {{\n  clause written "在写" {{\n    {statement}\n  }}\n}}\n')


def position_of(text: str, word: str, times: int = 1) -> Position:
    """Return the place of the n-th occurrence of a word in a text without characters beyond the basic plane."""
    offset = -1
    for _ in range(times):
        offset = text.index(word, offset + 1)
    line = text.count("\n", 0, offset)
    return Position(line, offset - (text.rfind("\n", 0, offset) + 1))
