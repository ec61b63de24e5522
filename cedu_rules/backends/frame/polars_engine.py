"""Frames of Polars into frames of answers: the engine in which eager frames of every library are evaluated."""

from collections.abc import Iterable, Mapping
from typing import Any

import narwhals as nw
import polars as pl
from attrs import frozen

from cedu_rules import results
from cedu_rules.backends.frame import columns
from cedu_rules.backends.frame.columns import Column, selected
from cedu_rules.backends.frame.conversions import named_rows
from cedu_rules.backends.frame.layout import Layout
from cedu_rules.backends.frame.lists import ListPlan
from cedu_rules.backends.frame.plan import BROKEN, Answer, Plan
from cedu_rules.backends.frame.rows_path import RowReader
from cedu_rules.backends.frame.task import ERRORS, FAILED, STATUSES, UNKNOWN, VERDICT, VERDICTS, Answered, Task
from cedu_rules.results import Status

STATUS = pl.Enum([status.value for status in STATUSES])
VERDICT_TYPE = pl.Enum(VERDICTS)
_WIDE = 256
_TWICE = "__twice"
_SOURCE, _ROWS = "__source__", "__rows"


@frozen(eq=False)
class Batches:
    """Evaluates frames of institutions that are joined with the sums of their lists, one batch after the other."""

    task: Task
    plan: Plan
    layouts: Mapping[str, Layout]
    lists: Mapping[str, pl.LazyFrame]

    def answers(self, frame: pl.LazyFrame, *, with_source: bool = False) -> pl.LazyFrame:
        """Return the answers of compiled code, and which rows it may not answer; if asked, with what it was made of."""
        kept = [_SOURCE + column for column in self.plan.layout.types] if with_source else []
        source = {name: columns.col(name.removeprefix(_SOURCE)) for name in kept}
        rows = {_ROWS: columns.col(next(iter(self.plan.layout.types)))}  # where all else is one value, it has one row
        wanted = {**self.plan.truths(), **source, **rows}
        truths: pl.LazyFrame = selected(nw.from_native(frame), self.carried(), wanted).to_native()
        must = [pl.col(answer.holds_name) for answer in self.plan.answers if not answer.clause.advisory]
        width = pl.UInt16 if len(must) < _WIDE else pl.UInt32
        unit = _WIDE if len(must) < _WIDE else _WIDE**2
        counted = (
            pl.sum_horizontal(
                pl.when(each)
                .then(pl.lit(0, width))
                .when(each.is_null())
                .then(pl.lit(unit, width))
                .otherwise(pl.lit(1, width))
                for each in must
            )
            if must
            else pl.lit(0, width)
        )
        return truths.with_columns(counted.cast(width).alias("__counted")).select(
            *self.carried(),
            *(self._status(answer) for answer in self.plan.answers),
            *_verdict(pl.col("__counted"), unit),
            pl.lit(None, pl.String).alias(ERRORS),
            BROKEN,
            *kept,
        )

    def carried(self) -> list[str]:
        """Return the columns that go into the answer as they are."""
        return [column for column in self.plan.layout.types if column in self.task.carried_marks]

    def _status(self, answer: Answer) -> pl.Expr:
        holds = pl.col(answer.holds_name)
        name = self.task.clause_column(answer.clause)
        if self.task.as_bool:
            return holds.alias(name)
        against = Status.NOT_MET if answer.clause.advisory else Status.FAIL
        status: Any = pl.when(holds).then(_word(Status.PASS, STATUS)).when(~holds).then(_word(against, STATUS))
        status = status.otherwise(_word(Status.UNKNOWN, STATUS))
        if answer.exempt is not False:
            exempt = pl.col(answer.exempt_name)
            status = pl.when(exempt).then(_word(Status.NOT_APPLICABLE, STATUS)).otherwise(status)
        named: pl.Expr = status.alias(name)
        return named

    def repaired(self, answers: pl.DataFrame) -> pl.DataFrame:
        """Return the answers of a batch, which comes with its source, those of the reference among them."""
        kept = [_SOURCE + column for column in self.plan.layout.types]
        source = answers.select(pl.col(name).alias(name.removeprefix(_SOURCE)) for name in kept)
        return self.patched(answers.drop(kept), source)

    def patched(self, answers: pl.DataFrame, source: pl.DataFrame) -> pl.DataFrame:
        """Return the answers with those of the reference in the rows that compiled code may not answer."""
        broken = answers[BROKEN]
        answers = answers.drop(BROKEN)
        if not broken.any():
            return answers
        slow = self.slow_rows(source.filter(broken))
        marks = answers.filter(broken).select(self.carried())
        both = pl.concat([answers, pl.concat([marks, slow], how="horizontal").select(answers.columns)])
        places = pl.Series(range(answers.height), dtype=pl.Int64).scatter(
            broken.arg_true(), pl.Series(range(answers.height, both.height), dtype=pl.Int64)
        )
        return both[places]

    def slow_rows(self, source: pl.DataFrame) -> pl.DataFrame:
        """Return the answers of the reference on each row."""
        reader = self.reader(source)
        answered = [self.task.answer(*reader.values(row), self.task.assessed_on) for row in named_rows(source)]
        return slow_frame(self.task, answered)

    def reader(self, source: pl.DataFrame) -> RowReader:
        """Return the reader of these rows."""
        reader = RowReader(self.task.model, self.plan.layout, self.layouts)
        if "id" in source.columns:
            ids = source["id"].cast(pl.String, strict=False)
            reader.take({name: _belonging(frame, ids) for name, frame in self.lists.items()})
        return reader

    def schema(self, source: Mapping[str, Any]) -> pl.Schema:
        """Return the types of the answer, for a source of these types."""
        clause = pl.Boolean() if self.task.as_bool else STATUS
        columns: dict[str, Any] = {column: source[column] for column in self.carried()}
        columns |= {self.task.clause_column(each): clause for each in self.task.model.clauses}
        columns |= {VERDICT: VERDICT_TYPE, FAILED: pl.UInt16(), UNKNOWN: pl.UInt16(), ERRORS: pl.String()}
        return pl.Schema(columns)


def _belonging(frame: pl.LazyFrame, ids: pl.Series) -> Iterable[Mapping[str, Any]]:
    wanted = pl.col("institution").cast(pl.String).is_in(ids.implode())
    return named_rows(frame.filter(wanted).collect())


def _verdict(counted: pl.Expr, unit: int) -> tuple[pl.Expr, pl.Expr, pl.Expr]:
    failed, unknown = counted % unit, counted // unit
    verdict: Any = pl.when(failed > 0).then(_word("fails", VERDICT_TYPE)).when(counted > 0)
    verdict = verdict.then(_word("undetermined", VERDICT_TYPE)).otherwise(_word("conforms", VERDICT_TYPE))
    return verdict.alias(VERDICT), failed.cast(pl.UInt16).alias(FAILED), unknown.cast(pl.UInt16).alias(UNKNOWN)


def _word(word: str, type_: pl.Enum) -> pl.Expr:
    return pl.lit(word, type_)


def slow_frame(task: Task, answered: list[Answered]) -> pl.DataFrame:
    """Return the answers of the reference as a frame, without the columns that are carried."""
    columns: dict[str, pl.Series] = {}
    for number, clause in enumerate(task.model.clauses):
        statuses = [None if found is None else found[number] for found, _ in answered]
        name = task.clause_column(clause)
        if task.as_bool:
            truths = [None if status is None else results.holds(status) for status in statuses]
            columns[name] = pl.Series(name, truths, pl.Boolean)
        else:
            columns[name] = pl.Series(name, statuses, STATUS)
    counts = [_counts(task, found) for found, _ in answered]
    columns[VERDICT] = pl.Series([each[0] for each in counts], dtype=VERDICT_TYPE)
    columns[FAILED] = pl.Series([each[1] for each in counts], dtype=pl.UInt16)
    columns[UNKNOWN] = pl.Series([each[2] for each in counts], dtype=pl.UInt16)
    columns[ERRORS] = pl.Series(["; ".join(errors) or None for _, errors in answered], dtype=pl.String)
    return pl.DataFrame(columns)


def _counts(task: Task, found: tuple[Status, ...] | None) -> tuple[str, int | None, int | None]:
    if found is None:
        return "invalid", None, None
    must = [status for status, clause in zip(found, task.model.clauses, strict=True) if not clause.advisory]
    failed, unknown = must.count(Status.FAIL), must.count(Status.UNKNOWN)
    return "fails" if failed else "undetermined" if unknown else "conforms", failed, unknown


@frozen(eq=False)
class Joiner:
    """Joins institutions with the sums of their lists."""

    plan: Plan

    def joined(self, main: pl.LazyFrame, lists: Mapping[str, pl.DataFrame | pl.LazyFrame]) -> pl.LazyFrame:
        """Return the institutions in their order, with a column for each sum."""
        for each in self.plan.lists:
            if each.layout is not None:
                main = self._joined(main, each, lists[each.fact.name], each.layout)
        return main

    def _joined(
        self, main: pl.LazyFrame, plan: ListPlan, elements: pl.DataFrame | pl.LazyFrame, layout: Layout
    ) -> pl.LazyFrame:
        same = self.plan.layout.types["id"] == layout.types["institution"]
        counted = plan.counted(*_with_keys(plan.key, elements), as_text=not same).to_native()
        key = "id" if same else plan.by
        if not same:
            main = main.with_columns(pl.col("id").cast(pl.String).alias(key))
        return main.join(counted, left_on=key, right_on=plan.by, how="left", maintain_order="left")


def _with_keys(key: str | None, elements: pl.DataFrame | pl.LazyFrame) -> tuple[Any, Column | bool]:
    """Return the elements, of narwhals, and where one may have the key of another."""
    if key is None:
        return nw.from_native(elements.lazy()), False
    given, mixed = pl.col(key).is_not_null(), pl.col("institution").hash(0) ^ pl.col(key).hash(1)
    if isinstance(elements, pl.DataFrame):  # one look at all of them costs less than one at each
        hashes = elements.lazy().filter(given).select(mixed.alias(_TWICE)).collect()[_TWICE]
        if hashes.n_unique() == hashes.len():
            return nw.from_native(elements.lazy()), False
    twice = given & mixed.is_duplicated()
    return nw.from_native(elements.lazy().with_columns(twice.alias(_TWICE))), columns.col(_TWICE)
