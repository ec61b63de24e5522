"""Frames agree with the reference, row by row and engine by engine, and so does compiled code alone."""

from collections.abc import Callable
from typing import Any

import duckdb
import narwhals as nw
import polars as pl
import pytest
from attrs import evolve
from frame_tables import details, is_sayable, tables, without_gaps  # type: ignore[import-not-found]  # it stands beside the tests
from hypothesis import Phase, assume, given, settings
from hypothesis import strategies as st

from cedu_rules import tabular
from cedu_rules.backends.frame import terms
from cedu_rules.backends.frame.layouts import read_layouts
from cedu_rules.backends.frame.plan import BROKEN, Plan, compile_plan
from cedu_rules.backends.frame.polars_engine import Batches, Joiner
from cedu_rules.standard import Standard
from cedu_rules.testing.aims import AIMS
from cedu_rules.testing.drafts import as_data
from cedu_rules.testing.histories import World, models, worlds

ENGINES = ("polars", "polars lazy", "duckdb", "pyarrow", "pandas")


@st.composite
def cities(draw: st.DrawFn, about: str | None = None) -> tuple[World, list[dict[str, Any]]]:
    """Draw a standard, a day, and what is known of some institutions, as a frame can say it."""
    world = draw(worlds(models(about=about)))
    of_same = st.just(world.model)
    others = draw(st.lists(worlds(of_same), min_size=1, max_size=4))
    drafts = [as_data(each.draft) for each in (world, *others)]
    assume(all(map(is_sayable, drafts)))
    return world, without_gaps(world.model, drafts)


def answers_of(frame: pl.DataFrame) -> list[dict[str, Any]]:
    """Return the rows in the order of their ids, words as texts."""
    return frame.with_columns(pl.col(pl.Enum, pl.Categorical).cast(pl.String)).sort("id").to_dicts()


def expected_of(world: World, institutions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the rows that the reports on the institutions give."""
    standard = Standard(world.model)
    rows = []
    for values in institutions:
        report = standard.evaluate(values, assessed_on=world.day)
        statuses: list[str | None] = [status.value for status in report.statuses] or [None] * len(world.model.clauses)
        row = dict(zip((f"{clause.id}" for clause in world.model.clauses), statuses, strict=True))
        rows.append({"id": values["id"], **row, "verdict": report.verdict.value})
    return sorted(rows, key=lambda row: str(row["id"]))


def evaluated(engine: str, world: World, institutions: list[dict[str, Any]]) -> pl.DataFrame:
    """Return the statuses that an engine gives."""
    main, lists = tables(world.model, institutions)
    connection = duckdb.connect()
    made: Callable[[pl.DataFrame], Any] = {
        "polars": lambda frame: frame,
        "polars lazy": lambda frame: frame.lazy(),
        "duckdb": lambda frame: connection.from_arrow(frame.to_arrow()),
        "pyarrow": lambda frame: frame.to_arrow(),
        "pandas": lambda frame: frame.to_pandas(use_pyarrow_extension_array=True),
    }[engine]
    result = Standard(world.model).evaluate_frame(
        made(main), lists={name: made(frame) for name, frame in lists.items()}, assessed_on=world.day
    )
    found = nw.from_native(result.statuses).lazy().collect(backend="polars").to_native()
    return pl.DataFrame(found).select("id", *(clause.id for clause in world.model.clauses), "verdict")


@pytest.mark.parametrize("engine", ENGINES)
@settings(max_examples=6)
@given(city=cities())
def test_every_engine_gives_the_statuses_of_the_reference(
    engine: str, city: tuple[World, list[dict[str, Any]]]
) -> None:
    """For generated standards and frames, whichever rows are left to the reference."""
    world, institutions = city

    assert expected_of(world, institutions) == answers_of(evaluated(engine, world, institutions))


@pytest.mark.parametrize("about", AIMS)
@settings(max_examples=6)
@given(data=st.data())
def test_compiled_code_alone_gives_the_statuses_of_the_reference(about: str, data: st.DataObject) -> None:
    """Every clause that has a form over columns, in every row that keeps to the guards, about one construct each."""
    world, institutions = data.draw(cities(about))

    expected = expected_of(world, institutions)
    for row, reference in zip(_compiled(world, institutions), expected, strict=True):
        if row is not None:
            assert {name: reference[name] for name in row} == row


def _compiled(world: World, institutions: list[dict[str, Any]]) -> list[dict[str, Any] | None]:
    """Return the answers of compiled code in the order of the ids; None for a row that is left to the reference."""
    standard = Standard(world.model)
    task = tabular.task(standard, world.day, (), ())
    main, lists = tables(world.model, institutions)
    lazy = {name: frame.lazy() for name, frame in lists.items()}
    wrapped = {name: nw.from_native(frame) for name, frame in lazy.items()}
    layout, layouts = read_layouts(task, nw.from_native(main), wrapped)
    plan = compile_plan(world.model, layout, layouts, world.day, wraps=True)
    clauses = [clause.id for clause in world.model.clauses if clause.id not in plan.slow]
    checked = set(plan.slow) <= {clause.id for clause in world.model.clauses}
    batches = Batches(task, evolve(plan, slow=()), layouts, lazy)
    rows = answers_of(batches.answers(Joiner(plan).joined(main.lazy(), lazy)).collect())
    return [None if row[BROKEN] or not checked else {name: row[name] for name in clauses} for row in rows]


@pytest.mark.parametrize("engine", ["polars", "polars lazy"])
@settings(max_examples=15)
@given(city=cities())
def test_findings_are_those_of_the_reference(engine: str, city: tuple[World, list[dict[str, Any]]]) -> None:
    """What is missing and what is lacking, although the rows that agree share one explanation."""
    world, institutions = city
    main, lists = tables(
        world.model, [*institutions, *({**each, "id": f"twin of {each['id']}"} for each in institutions)]
    )
    make: Callable[[pl.DataFrame], Any] = (
        (lambda frame: frame.lazy()) if engine == "polars lazy" else lambda frame: frame
    )
    expected = [
        detail
        for prefix in ("", "twin of ")
        for each in institutions
        for detail in details(
            Standard(world.model).evaluate({**each, "id": prefix + each["id"]}, assessed_on=world.day)
        )
    ]
    found = Standard(world.model).evaluate_frame(
        make(main), lists={name: make(frame) for name, frame in lists.items()}, assessed_on=world.day
    )

    assert expected == found.findings.lazy().collect().rows()


def _null_is_false(plan: Plan) -> Plan:
    """Take what is unknown for false."""
    answers = (evolve(each, holds=terms.choose_null(each.holds, other=False)) for each in plan.answers)
    return evolve(plan, answers=tuple(answers))


def _neighbours_swapped(plan: Plan) -> Plan:
    """Give the first two clauses each the answer of the other."""
    first, *others = plan.answers
    if not others:
        return plan
    second = others[0]
    swapped = evolve(first, holds=second.holds), evolve(second, holds=first.holds)
    return evolve(plan, answers=(*swapped, *others[1:]))


@pytest.mark.parametrize("sabotage", [_null_is_false, _neighbours_swapped])
def test_a_wrong_answer_of_compiled_code_is_found(
    sabotage: Callable[[Plan], Plan], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The law can fail: some generated city shows each of these mistakes."""

    def wrong(*arguments: Any, **options: Any) -> Plan:  # noqa: ANN401 -- passed on as they are
        return sabotage(compile_plan(*arguments, **options))

    monkeypatch.setattr("cedu_rules.backends.frame.evaluating.compile_plan", wrong)

    @settings(max_examples=500, database=None, phases=[Phase.generate])
    @given(cities())
    def law(city: tuple[World, list[dict[str, Any]]]) -> None:
        assert expected_of(*city) == answers_of(evaluated("polars", *city))

    with pytest.raises((AssertionError, ExceptionGroup)):
        law()
