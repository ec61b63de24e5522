"""A small made-up standard, loaded as any caller would."""

import pytest

import cedu_rules as cr

TEXT = """
standard trial "试行标准"
source "试行办法" annex 1
effective from 2022-09-01
facts {
  site        : choice { own "自有", shared "合用" } "场地"
  area        : m2 when site = own "自有面积"
  shared_area : m2 when site = shared "合用面积"
  computers   : count "电脑"
  working     : count "能用的电脑"
  check working <= computers "能用的电脑不能多于电脑"
  open_day    : bool "开放"
  trained_on  : date "培训日"
  visits      : yearly people "人数"
  check visits[assessed_year] >= 1 "评定年度要有人来"
  teachers    : list of Teacher "教师名单"
}
record Teacher key name {
  name      : text "姓名"
  full_time : bool "专职"
}
section "设施" "场所" {
  clause floor_area "面积" { must area >= 500 m2 or shared_area >= 500 m2 "面积不少于500平方米" }
  clause equipment "设备" { must computers >= 20 }
  clause own_site "自有场地开放" { when site = own
    must open_day }
}
section "队伍" "教师" {
  clause full_time "专职教师" { must all(t.full_time for t in teachers) }
  clause training "培训" { must trained_on > assessed_on - 1 year }
  clause access "开放" { should open_day }
}
"""


@pytest.fixture(scope="session")
def trial() -> cr.Standard:
    """Return the trial standard."""
    return cr.loads(TEXT, "trial.std")


@pytest.fixture(scope="session")
def school() -> cr.Standard:
    """Return the bundled standard of schools."""
    return cr.load("school")
