"""The measurement of loading measures what it says: so many clauses, and the line through the times."""

import xml.etree.ElementTree as ET

import pytest

import cedu_rules
from tests.benchmarks.loading import line_of, text_of
from tests.benchmarks.loading_plot import plot
from tests.benchmarks.timing import Spread


@pytest.mark.parametrize("clauses", [10, 100])
def test_a_generated_standard_has_so_many_clauses(clauses: int) -> None:
    """It loads without a word, so that nothing but loading is measured."""
    standard = cedu_rules.loads(text_of(clauses))

    assert clauses == len(standard.model.clauses)
    assert standard.diagnostics == ()


def test_a_line_is_found_again() -> None:
    """Of times on a line slope and start come out, of a power of the size its exponent."""
    straight = line_of({size: 0.01 + 0.0007 * size for size in (100, 1000, 10_000)})
    bent = line_of({size: 0.001 * size**1.5 for size in (100, 1000, 10_000)})

    assert pytest.approx((0.0007, 0.01)) == (straight.seconds_per_clause, straight.start)
    assert pytest.approx(1.5) == bent.exponent


def test_the_plot_shows_every_point() -> None:
    """It is well-formed, with a circle a size and the slope in its title, and a point ten times as high stands above."""
    found = {100: Spread(0.07, 0.06, 0.08), 1000: Spread(0.7, 0.6, 0.8)}
    drawn = ET.fromstring(plot(found, 0.0007, 0.0))  # noqa: S314 -- our own text
    space = "{http://www.w3.org/2000/svg}"
    circles = drawn.findall(f"{space}circle")
    title = drawn.find(f"{space}title")

    assert title is not None
    assert "700 µs a clause" in (title.text or "")
    assert len(circles) == 2
    assert float(circles[0].attrib["cy"]) > float(circles[1].attrib["cy"])
    assert float(circles[0].attrib["cx"]) < float(circles[1].attrib["cx"])
