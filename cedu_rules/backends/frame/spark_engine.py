"""Frames of PySpark into frames of answers: every executor evaluates its batches as frames of Polars.

The rows of a list travel with their institution, as one array a list, so that each batch is complete in itself and the
rows that are left to the reference are answered where they are. The workers need the library, with its extra `frame`.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import narwhals as nw
import polars as pl
import pyarrow as pa  # type: ignore[import-untyped]  # it brings no types
from attrs import frozen
from pyspark.sql import DataFrame
from pyspark.sql import functions as sql
from pyspark.sql.pandas.types import to_arrow_schema
from pyspark.sql.types import ArrayType, BooleanType, IntegerType, StringType, StructField, StructType

from cedu_rules.backends.frame.findings import Findings
from cedu_rules.backends.frame.layouts import read_layouts
from cedu_rules.backends.frame.plan import compile_plan
from cedu_rules.backends.frame.polars_engine import Batches, Joiner
from cedu_rules.backends.frame.result import FrameResult
from cedu_rules.backends.frame.task import ERRORS, FAILED, UNKNOWN, VERDICT, Task

_LIST = "__list__"


def evaluate(main: Any, lists: Mapping[str, Any], task: Task) -> FrameResult:  # noqa: ANN401 -- frames of narwhals
    """Return the answers about the institutions of a Spark frame."""
    read_layouts(task, main, lists)
    carrying = _carrying(main.to_native(), {name: each.to_native() for name, each in lists.items()})
    columns = {name: tuple(each.collect_schema()) for name, each in lists.items()}
    names = tuple(carrying.columns)
    numbered = carrying.toDF(*(f"c{index}" for index in range(len(names))))  # no engine trips over a dot in a name
    answers = _answers_schema(task, main.to_native().schema)
    statuses = numbered.mapInArrow(_Worker(task, names, columns, _answers, answers), answers)
    found = numbered.mapInArrow(_Worker(task, names, columns, _findings, _FINDINGS), _FINDINGS)
    return FrameResult(statuses, lambda: found)


def _carrying(main: DataFrame, lists: Mapping[str, DataFrame]) -> DataFrame:
    """Return the institutions, each with an array of the rows of each list."""
    for name, frame in lists.items():
        row = sql.struct(*(sql.col(_quoted(column)).alias(f"c{index}") for index, column in enumerate(frame.columns)))
        grouped = frame.groupBy(sql.col("institution").cast("string").alias(f"{_LIST}id")).agg(
            sql.collect_list(row).alias(_LIST + name)
        )
        main = main.join(grouped, main["id"].cast("string") == grouped[f"{_LIST}id"], "left").drop(f"{_LIST}id")
    return main


def _quoted(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"


def _answers_schema(task: Task, source: StructType) -> StructType:
    carried = [each for each in source.fields if each.name in task.carried_marks]
    clause = BooleanType() if task.as_bool else StringType()
    clauses = [StructField(task.clause_column(each), clause) for each in task.model.clauses]
    counts = [StructField(FAILED, IntegerType()), StructField(UNKNOWN, IntegerType())]
    return StructType(
        [*carried, *clauses, StructField(VERDICT, StringType()), *counts, StructField(ERRORS, StringType())]
    )


_FINDINGS = StructType(
    [
        StructField("institution", StringType()),
        StructField("clause", StringType()),
        StructField("status", StringType()),
        StructField("missing", ArrayType(StringType())),
        StructField("shortfall", StringType()),
    ]
)


def _answers(batches: Batches, source: pl.DataFrame, lists: Mapping[str, pl.LazyFrame]) -> pl.DataFrame:
    joined = Joiner(batches.plan).joined(source.lazy(), lists)
    found = batches.patched(batches.answers(joined).collect(), source)
    return found.with_columns(pl.col(pl.Enum).cast(pl.String))


def _findings(batches: Batches, source: pl.DataFrame, _lists: Mapping[str, pl.LazyFrame]) -> pl.DataFrame:
    return Findings(batches).of(source)


@frozen(eq=False)
class _Worker:
    """Evaluates the batches of one partition."""

    task: Task
    names: tuple[str, ...]
    columns: Mapping[str, tuple[str, ...]]
    make: Callable[[Batches, pl.DataFrame, Mapping[str, pl.LazyFrame]], pl.DataFrame]
    schema: StructType

    def __call__(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Yield the rows of each batch."""
        schema = to_arrow_schema(self.schema)
        for batch in batches:
            carried = pl.DataFrame(pa.Table.from_batches([batch]))
            carried = carried.rename(dict(zip(carried.columns, self.names, strict=True)))
            lists = {name: self._rows(carried, name) for name in self.columns}
            source = carried.drop([_LIST + name for name in self.columns])
            made = self.make(self._batches(source, lists), source, lists)
            yield from made.to_arrow().cast(schema).to_batches()

    def _rows(self, carried: pl.DataFrame, name: str) -> pl.LazyFrame:
        column = _LIST + name
        rows = carried.lazy().select(column).filter(pl.col(column).is_not_null()).explode(column)
        numbered = {f"c{index}": own for index, own in enumerate(self.columns[name])}
        return rows.unnest(column).rename(numbered)

    def _batches(self, source: pl.DataFrame, lists: Mapping[str, pl.LazyFrame]) -> Batches:
        wrapped = {name: nw.from_native(each) for name, each in lists.items()}
        layout, layouts = read_layouts(self.task, nw.from_native(source), wrapped)
        plan = compile_plan(self.task.model, layout, layouts, self.task.assessed_on, wraps=True)
        return Batches(self.task, plan, layouts, lists)
