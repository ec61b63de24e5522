"""A small standard and its data as files, and what a call of the command with them printed and ended with."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).parent.parent
TRIAL = """\
standard trial "试行标准"
source "试行办法" annex 1
effective from 2022-09-01
facts {
  area      : m2 "面积"
  computers : count "电脑"
  opened    : date "成立日期"
  open_day  : judged bool "开放"
}
section "设施" "场所" {
  clause floor_area "面积够用" {
    must area >= 500 m2 "不少于500平方米"
    example pass { area: 500 m2 }
    example fail { area: 499.99 m2 }
    example unknown { }
  }
  clause equipment "电脑够用" {
    must computers >= 20
    note "只数能用的。"
    example pass { computers: 20 }
  }
}
section "队伍" "培训" {
  clause recent "近一年成立" {
    must opened > assessed_on - 1 year
    example pass { opened: 2022-06-01, assessed_on: 2022-12-15 }
  }
}
"""
BROKEN = TRIAL.replace("area >= 500 m2 ", "aera >= 500 m2 ").replace("computers >= 20", "computers >= 20 m2")
ROWS = "id,name,area,computers,opened\n"
GOOD = ROWS + "S1,一校,500,20,2022-06-01\n"
MIXED = GOOD + "S2,二校,420,20,2022-06-01\nS3,三校,,20,2022-06-01\n"
WRONG = MIXED + "S4,四校,不详,-2,2022-06-01\n"
DAY = ("--on", "2022-12-15")

CONFORMS, FAILS, ERROR, INTERRUPTED = 0, 1, 2, 130


class Result(NamedTuple):
    """What a call printed and how it ended."""

    status: int
    output: str
    errors: str


Run = Callable[..., Result]


def check(run: Run, data: str, *options: object) -> Result:
    """Check data against the trial standard on a fixed day."""
    return run("check", "trial.std", data, *DAY, *options)


def alone(*arguments: object, cwd: Path, **options: Any) -> subprocess.CompletedProcess[bytes]:  # noqa: ANN401
    """Run the command in a process of its own."""
    command = [sys.executable, "-m", "cedu_rules", *map(str, arguments)]
    return subprocess.run(command, cwd=cwd, capture_output=True, check=False, timeout=120, **options)  # noqa: S603
