"""Expressions over columns: what occurs more than once is computed once, and nothing else changes."""

import narwhals as nw
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cedu_rules.backends.frame import columns
from cedu_rules.backends.frame.columns import Column, col, lit, when

FRAME = pl.DataFrame({"a": [1, 2, None, 4], "b": [4, None, 2, 1], "t": [True, False, None, True]})


def computed(wanted: dict[str, Column]) -> pl.DataFrame:
    """Return the columns over the frame."""
    found: pl.DataFrame = columns.selected(nw.from_native(FRAME), (), wanted).to_native()
    return found


def in_one_step(column: Column) -> pl.Series:
    """Return the column with everything computed where it stands."""
    written = {
        "column": lambda c, _: nw.col(c.data),
        "literal": lambda c, _: nw.lit(c.data[0][0], dtype=c.data[1]),
    }
    found = columns._WRITTEN | written

    def write(each: Column) -> object:
        return found[each.operator](each, [write(operand) for operand in each.operands])

    frame: pl.DataFrame = nw.from_native(FRAME).select(nw.col("a").alias("_"), write(column).alias("x")).to_native()  # type: ignore[attr-defined]  # of narwhals
    return frame["x"]


_NUMBERS = st.recursive(
    st.sampled_from(["a", "b"]).map(col) | st.integers(-2, 2).map(lit),
    lambda inner: st.tuples(inner, inner).map(lambda pair: pair[0] + pair[1]) | inner.map(lambda each: each * 2),
    max_leaves=4,
)
_TRUTHS = st.recursive(
    st.just(col("t")) | st.tuples(_NUMBERS, _NUMBERS).map(lambda pair: pair[0] >= pair[1]),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda pair: pair[0] & pair[1]),
        st.tuples(inner, inner).map(lambda pair: pair[0] | pair[1]),
        inner.map(lambda each: ~each),
        inner.map(lambda each: each.is_null()),
        inner.map(lambda each: (each | ~each) & each),
    ),
    max_leaves=6,
)


@given(truth=_TRUTHS)
def test_steps_change_no_answer(truth: Column) -> None:
    """Whatever is computed earlier because it occurs again."""
    wanted = {"x": truth, "y": truth & col("t"), "a": col("a")}

    assert in_one_step(truth).to_list() == computed(wanted)["x"].to_list()
    assert in_one_step(truth & col("t")).to_list() == computed(wanted)["y"].to_list()


def test_what_occurs_twice_is_a_step_of_its_own() -> None:
    """Parts that are alike are found whether or not they are the same object; a column or one test is no step."""
    first, second = ((col("a") * 2 + col("b")) >= 3 for _ in range(2))
    steps = columns.staged({"x": first | col("t"), "y": second & col("t"), "z": col("t").is_null()})

    assert [1, 3] == [len(step) for step in steps]


@pytest.mark.parametrize(("one", "other"), [(1, True), (1, 1.0), (0.0, -0.0)])
def test_literals_that_only_python_takes_for_equal(one: object, other: object) -> None:
    """Stay apart."""
    shown = computed({"a": col("a"), "x": lit(one), "y": lit(other)})

    assert [repr(one), repr(other)] == [repr(shown[name][0]) for name in ("x", "y")]


def test_a_column_is_no_truth() -> None:
    """What holds in one row need not in another."""
    with pytest.raises(AssertionError):
        bool(col("a") == 1)


def test_chains_of_conditions() -> None:
    """The first that is true decides; without another value nothing does."""
    chain = when(col("a") >= 4).then(1).when(col("a") >= 2).then(2)

    assert [None, 2, None, 1] == computed({"x": chain})["x"].to_list()
    assert [0, 2, 0, 1] == computed({"x": chain.otherwise(0)})["x"].to_list()


def test_numbers_of_days() -> None:
    """As Python counts them, whatever the year."""
    days = pl.date_range(pl.date(1, 1, 1), pl.date(2400, 12, 31), "13d", eager=True)
    found = columns.selected(
        nw.from_native(pl.DataFrame({"d": days})), (), {"n": col("d").ordinal(), "y": col("d").year()}
    )

    assert [day.toordinal() for day in days] == found.to_native()["n"].to_list()
    assert [day.year for day in days] == found.to_native()["y"].to_list()


def test_what_reads_no_column_is_no_step() -> None:
    """However often it occurs: a column of one value is no column of rows for every engine."""
    nothing = lit(None, nw.Int64()) * 2 + 3
    steps = columns.staged({"x": nothing > col("a"), "y": nothing > col("b"), "z": (nothing > 1) & col("t")})

    assert [3] == [len(step) for step in steps]
