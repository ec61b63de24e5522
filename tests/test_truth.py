"""Tests of answers that may be unknown: the tables of strong Kleene logic, and the arithmetic of intervals."""

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cedu_rules.truth import (
    INFINITY,
    Interval,
    Number,
    Options,
    Series,
    Truth,
    agree,
    all_of,
    any_of,
    at_least,
    negate,
    rounded,
)

TRUTHS: tuple[Truth, ...] = (True, False, None)
OPERATORS = ("=", "<", "<=", ">", ">=")


def worlds(truths: tuple[Truth, ...]) -> list[tuple[bool, ...]]:
    """Return every way in which the unknown truths may come out."""
    return list(product(*((True, False) if truth is None else (truth,) for truth in truths)))


def decided(answers: set[bool]) -> Truth:
    """Return what is certain when the answer is one of these."""
    return answers.pop() if len(answers) == 1 else None


@pytest.mark.parametrize("truths", list(product(TRUTHS, repeat=3)), ids=str)
def test_logic_is_what_holds_in_every_world(truths: tuple[Truth, ...]) -> None:
    """`and`, `or` and `at least` are decided exactly when every way to fill in the unknown gives the same."""
    assert all_of(truths) is decided({all(world) for world in worlds(truths)})
    assert any_of(truths) is decided({any(world) for world in worlds(truths)})
    for number in range(1, 4):
        assert at_least(number, truths) is decided({sum(world) >= number for world in worlds(truths)})


def test_negation_and_agreement() -> None:
    """`not` keeps the unknown; two truths agree on what they share."""
    assert [negate(truth) for truth in TRUTHS] == [False, True, None]
    assert [agree(left, right) for left, right in product(TRUTHS, repeat=2)] == [
        *(True, None, None),
        *(None, False, None),
        *(None, None, None),
    ]


numbers = st.fractions(min_value=-20, max_value=20, max_denominator=6)


@st.composite
def intervals(draw: st.DrawFn) -> Interval:
    """Draw an interval, some of them without an end."""
    low, high = sorted([draw(numbers), draw(numbers)])
    lows: list[Number] = [low, low, -INFINITY]
    highs: list[Number] = [high, high, INFINITY]
    return Interval(draw(st.sampled_from(lows)), draw(st.sampled_from(highs)))


def inside(interval: Interval) -> st.SearchStrategy[Fraction]:
    """Return numbers of the interval."""
    low = None if isinstance(interval.low, float) else Fraction(interval.low)
    high = None if isinstance(interval.high, float) else Fraction(interval.high)
    return (
        st.fractions(min_value=low, max_value=high, max_denominator=6) if low != high else st.just(low or Fraction(0))
    )


def holds(interval: Interval, number: Number) -> bool:
    """Return whether the number lies in the interval."""
    return interval.low <= number <= interval.high


@given(st.data(), intervals(), intervals())
def test_arithmetic_holds_every_result(data: st.DataObject, left: Interval, right: Interval) -> None:
    """Whatever values two intervals have, sum, product and quotient lie in theirs."""
    one, other = data.draw(inside(left)), data.draw(inside(right))

    assert holds(left.plus(right), one + other)
    assert holds(left.times(right), one * other)
    assert holds(left.negative(), -one)
    assert holds(left.absolute(), abs(one))
    if other:
        assert holds(left.over(right), one / other)


@given(st.data(), intervals(), intervals(), st.sampled_from(OPERATORS))
def test_a_decided_comparison_holds_for_every_pair(
    data: st.DataObject, left: Interval, right: Interval, operator: str
) -> None:
    """A comparison of intervals that is decided has the same answer for any two of their values."""
    one, other = data.draw(inside(left)), data.draw(inside(right))
    answer = left.compare(operator, right)
    actual = {"=": one == other, "<": one < other, "<=": one <= other, ">": one > other, ">=": one >= other}[operator]

    assert answer is None or answer is actual


@given(numbers, numbers, st.sampled_from(OPERATORS))
def test_points_are_always_decided(one: Fraction, other: Fraction, operator: str) -> None:
    """Two known numbers always compare."""
    assert Interval(one, one).compare(operator, Interval(other, other)) is not None


def test_nobody_has_infinitely_much_of_nothing() -> None:
    """0 times infinity is 0, and a quotient whose denominator may be zero is anything."""
    everything = Interval(0, INFINITY)

    assert Interval(0, 0).times(everything) == Interval(0, 0)
    assert Interval(1, 1).over(everything) == Interval(-INFINITY, INFINITY)
    assert Interval(10**400, 10**400).plus(everything) == Interval(10**400, INFINITY)


@pytest.mark.parametrize(
    ("number", "ceil", "floor", "half"),
    [
        (Fraction(5, 2), 3, 2, 3),
        (Fraction(-5, 2), -2, -3, -3),
        (Fraction(1, 3), 1, 0, 0),
        (Fraction(-1, 3), 0, -1, 0),
        (Fraction(4), 4, 4, 4),
    ],
)
def test_halves_are_rounded_away_from_zero(number: Fraction, ceil: int, floor: int, half: int) -> None:
    """`ceil`, `floor` and `round` as the language defines them."""
    assert (rounded(number, "ceil"), rounded(number, "floor"), rounded(number, "round")) == (ceil, floor, half)


def test_options_are_decided_when_all_pairs_agree() -> None:
    """A comparison of levels is decided when all members that they may be give the same answer."""
    low, high, any_ = Options(frozenset([0])), Options(frozenset([1, 2])), Options(frozenset([0, 1, 2]))

    assert low.compare("<", high) is True
    assert low.compare("=", high) is False
    assert low.compare("<", any_) is None
    assert low.compare("<=", any_) is True
    assert Options(None).compare("=", Options(frozenset(["a"]))) is None


def series(*values: int | None) -> Series:
    """Return a series from 2020 on; None is a blank year."""
    listed = tuple(Interval(0, INFINITY) if value is None else Interval(value, value) for value in values)
    return Series(2020, listed, Interval(0, INFINITY))


@pytest.mark.parametrize(
    ("values", "rises"),
    [
        ((), None),
        ((1,), None),
        ((1, 2, 3), True),
        ((1, 1), False),
        ((1, None, 3), None),
        ((3, None, 3), False),
        ((None, 3), None),
        ((3, None), None),
        ((0, None), None),
        ((None, 0), False),
    ],
    ids=str,
)
def test_a_series_rises_when_every_year_lies_above_the_year_before(
    values: tuple[int | None, ...], rises: Truth
) -> None:
    """False as soon as some year cannot lie above an earlier one; unknown with fewer than two years."""
    assert series(*values).rises() is rises


def test_a_year_outside_is_not_known() -> None:
    """`s[year]` outside the listed years, or of an unknown or broken year, is whatever the declaration allows."""
    listed = series(1, 2)

    assert listed.at(2021) == Interval(2, 2)
    assert [listed.at(year) for year in (2019, 2022, None, Fraction(4041, 2))] == [Interval(0, INFINITY)] * 4
    assert listed.average(2) == Interval(Fraction(3, 2), Fraction(3, 2))
    assert listed.average(3) == Interval(1, INFINITY)
