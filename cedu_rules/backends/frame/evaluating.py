"""A frame of any library into its answers in the same library."""

from collections.abc import Mapping
from typing import Any

import narwhals as nw
import polars as pl

from cedu_rules.backends.frame.conversions import from_polars, to_polars
from cedu_rules.backends.frame.failures import translated
from cedu_rules.backends.frame.findings import TYPES, Findings
from cedu_rules.backends.frame.layouts import read_layouts, without_ignored
from cedu_rules.backends.frame.plan import compile_plan
from cedu_rules.backends.frame.polars_engine import Batches, Joiner
from cedu_rules.backends.frame.result import FrameResult
from cedu_rules.backends.frame.task import Task
from cedu_rules.diagnostics import UnsupportedError

EXPECTED = "a dataframe of Polars, DuckDB, pyarrow, pandas or PySpark"


def evaluate(frame: Any, lists: Mapping[str, Any], task: Task) -> FrameResult:  # noqa: ANN401 -- of any library
    """Return the answers about the institutions of a frame.

    Args:
        frame: One row an institution.
        lists: The frame of each list by name, one row an element.
        task: The standard, the day and what else is asked.

    Raises:
        InputError: a column means nothing, or is missing, or a frame cannot be read.
        TypeError: something is no dataframe.
        UnsupportedError: the library of the frame cannot do it.
    """
    if not isinstance(lists, Mapping):
        raise TypeError(f"lists: found a `{type(lists).__name__}`; expected a mapping of names to dataframes")
    main = _wrapped("frame", frame, task)
    others = {str(name): _wrapped(str(name), each, task) for name, each in lists.items()}
    with translated("frame"):
        return _evaluated(main, others, task)


def _evaluated(main: Any, others: Mapping[str, Any], task: Task) -> FrameResult:  # noqa: ANN401 -- frames of narwhals
    kind = main.implementation
    if kind.is_duckdb() or kind.is_pyspark():
        strangers = [
            f"list `{name}` of another library" for name, each in others.items() if each.implementation != kind
        ]
        if strangers:
            raise UnsupportedError(strangers)
        if kind.is_duckdb():
            from cedu_rules.backends.frame import duckdb_engine  # noqa: PLC0415 -- only who has it

            return duckdb_engine.evaluate(main, others, task)
        from cedu_rules.backends.frame import spark_engine  # noqa: PLC0415 -- only who has it

        return spark_engine.evaluate(main, others, task)
    lazy = isinstance(main, nw.LazyFrame)
    if lazy and not kind.is_polars():
        raise UnsupportedError([f"lazy frames of {kind}"])
    source = to_polars(main)
    return _in_polars(source, {name: to_polars(each) for name, each in others.items()}, task, main)


def _wrapped(name: str, frame: Any, task: Task) -> Any:  # noqa: ANN401
    try:
        with translated(name):
            return without_ignored(task, name, nw.from_native(frame))
    except TypeError as error:
        raise TypeError(f"{name}: found a `{type(frame).__name__}`; expected {EXPECTED}") from error


def _in_polars(source: pl.DataFrame | pl.LazyFrame, lists: Mapping[str, Any], task: Task, main: Any) -> FrameResult:  # noqa: ANN401
    """Return the answers of a frame that Polars holds: at once, or lazily for a lazy one."""
    wrapped = {name: nw.from_native(each) for name, each in lists.items()}
    layout, list_layouts = read_layouts(task, nw.from_native(source), wrapped)
    plan = compile_plan(task.model, layout, list_layouts, task.assessed_on, wraps=True)
    lazy_lists = {name: each.lazy() for name, each in lists.items()}
    batches = Batches(task, plan, list_layouts, lazy_lists)
    joined = Joiner(plan).joined(source.lazy(), lists)
    findings = Findings(batches)
    if isinstance(source, pl.DataFrame):
        statuses = batches.patched(batches.answers(joined).collect(), source)
        return FrameResult(from_polars(statuses, main), lambda: from_polars(findings.of(source), main))
    schema = batches.schema(source.collect_schema())
    answers = batches.answers(joined, with_source=True).map_batches(batches.repaired, schema=schema, streamable=True)
    listed = source.map_batches(findings.of, schema=pl.Schema(TYPES), streamable=True)
    return FrameResult(answers, lambda: listed)
