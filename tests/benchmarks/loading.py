"""Loading: the size of a standard against the time that it takes to load, from 100 clauses to 10,000, with a plot of it.

The standards are generated; ten clauses share eight facts and two lets. Each size is loaded by a process of its own, with
the setting of the collector that the command line has, and nothing kept from before.
"""

import json
import math
import operator
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from attrs import frozen

from tests.benchmarks.loading_plot import plot
from tests.benchmarks.timing import Figure, Spread

SUITE = "loading"
ROUNDS = {100: 7, 300: 5, 1000: 3, 3000: 3, 10_000: 3}
"""How often a standard of so many clauses is loaded."""
PLOT = Path(__file__).parent.parent.parent / "docs" / "images" / "loading.svg"

_HEAD = """standard generated "generated for a measurement"
source "no official document" annex 1
language en

"""
_FACTS = """
  area_{0}       : m2 "floor area {0}"
  books_{0}      : count "books {0}"
  residents_{0}  : people "residents {0}"
  open_{0}       : judged bool "open to everybody {0}"
  site_{0}       : choice {{ own "own", shared "shared" }} "site {0}"
  hours_{0}      : yearly count "hours {0}"
  classes_{0}    : yearly count "classes {0}"
  share_{0}      : percent when site_{0} = shared "share {0}"
"""
_LETS = """
let rate_{0} = books_{0} / residents_{0}
let effort_{0} = hours_{0} / classes_{0}
"""
_CLAUSES = """
  clause area_{0} "area {0}" {{ must area_{0} >= max(200 m2, residents_{0} * 0.02 m2) }}
  clause books_{0} "books {0}" {{ must books_{0} >= 1000 or rate_{0} >= 2 }}
  clause open_{0} "open {0}" {{ must open_{0} }}
  clause site_{0} "site {0}" {{ must site_{0} = own or (share_{0} >= 50% and open_{0}) }}
  clause hours_{0} "hours {0}" {{ must latest(hours_{0}) >= 200 }}
  clause more_{0} "more hours {0}" {{ should rises(hours_{0}) }}
  clause effort_{0} "effort {0}" {{ must latest(effort_{0}) <= 8 }}
  clause crowd_{0} "crowd {0}" {{ must residents_{0} >= 1000 }}
  clause room_{0} "room {0}" {{ must area_{0} >= books_{0} * 0.01 m2 }}
  clause some_{0} "some {0}" {{ must at least 2 of ( open_{0}, books_{0} >= 500, area_{0} >= 300 m2 ) }}
"""
_LOAD = """
import gc, json, sys, time
from cedu_rules.__main__ import PATIENCE
if sys.argv[3] == "command line":
    gc.set_threshold(PATIENCE)
import cedu_rules
from tests.benchmarks.loading import text_of
cedu_rules.loads(text_of(10))
text, taken = text_of(int(sys.argv[1])), []
for _ in range(int(sys.argv[2])):
    start = time.process_time()
    standard = cedu_rules.loads(text)
    taken.append(time.process_time() - start)
    del standard
    gc.collect()
print(json.dumps(taken))
"""


def text_of(clauses: int) -> str:
    """Return a standard of so many clauses, a multiple of ten."""
    numbers = range(clauses // 10)
    facts, lets, stated = ("".join(part.format(number) for number in numbers) for part in (_FACTS, _LETS, _CLAUSES))
    return f'{_HEAD}facts {{{facts}}}\n{lets}\nsection "generated" "generated" {{{stated}}}\n'


@frozen
class Line:
    """What fits times best: a line, and the exponent of the size in the power law that fits best."""

    seconds_per_clause: float
    start: float
    exponent: float


def line_of(seconds: Mapping[int, float]) -> Line:
    """Return what fits the seconds of each size best, by least squares of what it is off in parts of the time."""
    sizes, times = list(seconds), list(seconds.values())
    slope, start = _least_squares(sizes, times, [1 / one**2 for one in times])
    exponent, _ = _least_squares(list(map(math.log, sizes)), list(map(math.log, times)), [1] * len(times))
    return Line(slope, start, exponent)


def _least_squares(left: Sequence[float], right: Sequence[float], weights: Sequence[float]) -> tuple[float, float]:
    """Return slope and start of the line through the points."""
    total = math.fsum(weights)
    middle = math.fsum(map(operator.mul, weights, left)) / total
    height = math.fsum(map(operator.mul, weights, right)) / total
    points = list(zip(weights, left, right, strict=True))
    spread = math.fsum(weight * (one - middle) ** 2 for weight, one, _ in points)
    slope = math.fsum(weight * (one - middle) * (other - height) for weight, one, other in points) / spread
    return slope, height - slope * middle


def _taken(size: int, rounds: int, setting: str) -> Spread:
    """Return how many seconds of the processor a standard of that size takes, in a process of its own."""
    done = subprocess.run(  # noqa: S603 -- this interpreter
        [sys.executable, "-c", _LOAD, str(size), str(rounds), setting], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(done.stderr)
    return Spread.of(json.loads(done.stdout))


def measure() -> list[Figure]:
    """Return the figures of this suite, and write the plot."""
    found = {size: _taken(size, rounds, "command line") for size, rounds in ROUNDS.items()}
    medians = {size: spread.median for size, spread in found.items()}
    line = line_of(medians)
    PLOT.parent.mkdir(exist_ok=True)
    PLOT.write_text(plot(found, line.seconds_per_clause, line.start), encoding="utf-8")
    slope = line.seconds_per_clause * 1e6
    small, large = min(found), max(found)
    return [
        *(Figure(SUITE, f"a standard of {size:,} clauses", spread, unit="s") for size, spread in found.items()),
        Figure(SUITE, "slope of the line through these, a clause", Spread(slope, slope, slope), unit="µs"),
        Figure(SUITE, "exponent of the size: 1 is linear", Spread(*[line.exponent] * 3), 1.1),
        _each(found, f"one clause of {large:,}, to one of {small * 10:,}", large, small * 10),
        _each(
            {size: _taken(size, 2, "default") for size in (small * 10, large)},
            f"the same with the collector of Python as it is by default, {large:,} to {small * 10:,}",
            large,
            small * 10,
        ),
    ]


def _each(found: Mapping[int, Spread], name: str, large: int, small: int) -> Figure:
    """Return what a clause takes in a large standard, to what it takes in a small one."""
    scale = small / large
    base = found[small].median
    spread = found[large]
    ratio = Spread(*(one * scale / base for one in (spread.median, spread.low, spread.high)))
    return Figure(SUITE, name, ratio, details={"µs": spread.median / large * 1e6, "µs before": base / small * 1e6})
