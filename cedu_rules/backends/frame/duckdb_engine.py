"""Relations of DuckDB into relations of answers: one query, and beside it the rows that are left to the reference.

Compiled code is one query over the caller's relation, which also tells the rows that it may not answer. Only where there
are such rows are they fetched, answered by the reference and joined on as a table.
"""

import functools
import operator
from collections.abc import Mapping
from typing import Any

import narwhals as nw
import polars as pl

from cedu_rules.backends.frame import columns, terms
from cedu_rules.backends.frame.findings import Findings
from cedu_rules.backends.frame.layout import Layout
from cedu_rules.backends.frame.layouts import read_layouts
from cedu_rules.backends.frame.plan import BROKEN, Answer, Plan, compile_plan
from cedu_rules.backends.frame.polars_engine import Batches
from cedu_rules.backends.frame.result import FrameResult
from cedu_rules.backends.frame.task import ERRORS, FAILED, STATUSES, UNKNOWN, VERDICT, VERDICTS, Task

STATUS = nw.Enum([status.value for status in STATUSES])
VERDICT_TYPE = nw.Enum(VERDICTS)
_ROWS = 10_000
_TEXTS = (nw.Unknown, nw.Duration, nw.Int128, nw.UInt128)
_COUNTED, _WIDE = "__counted", 2**15
"""Both counts in one number: clauses that fail, and so many times as much for those that are unknown."""


def evaluate(main: Any, lists: Mapping[str, Any], task: Task) -> FrameResult:  # noqa: ANN401 -- frames of narwhals
    """Return the answers about the institutions of a relation."""
    layout, list_layouts = read_layouts(task, main, lists)
    keys = any(_may_repeat(task, name, each.to_native(), list_layouts[name]) for name, each in lists.items())
    plan = compile_plan(task.model, layout, list_layouts, task.assessed_on, wraps=False, keys=keys)
    joined = join(plan, main, lists, keys=keys)
    answered = nw.from_native(kept(answers(task, plan, joined).to_native(), main.to_native()))
    left = None
    if answered.filter(nw.col(BROKEN)).select(BROKEN).head(1).to_native().fetchall():
        broken = (
            columns.selected(joined, layout.types, {BROKEN: plan.broken_column()}).filter(nw.col(BROKEN)).drop(BROKEN)
        )
        left = slow_answers(task, plan, list_layouts, broken, lists)
        answered = answered.filter(~nw.col(BROKEN))
    fast = answered.drop(BROKEN).to_native()
    statuses = fast if left is None else _together(fast, left)
    details = functools.partial(_findings, task, plan, list_layouts, main, lists)
    return FrameResult(statuses, details)


def kept(answers: Any, main: Any) -> Any:  # noqa: ANN401 -- relations
    """Return a relation over the rows of another, which is evaluated once and here."""
    materialize = getattr(answers, "materialize", None)  # since DuckDB 2.0
    return _through_arrow(answers, main) if materialize is None else materialize()


def _through_arrow(answers: Any, main: Any) -> Any:  # noqa: ANN401 -- relations
    rows = answers.to_arrow_table()
    assert rows is not None  # noqa: S101 -- read by its name in the query
    return main.query("main", f"select {_cast(answers)} from rows")  # noqa: S608 -- quoted


def _cast(like: Any) -> str:  # noqa: ANN401 -- a relation
    """Return the columns of a query, with the types of a relation."""
    types = zip(like.columns, like.types, strict=True)
    return ", ".join(f"cast({quoted(name)} as {type_}) as {quoted(name)}" for name, type_ in types)


def _may_repeat(task: Task, name: str, elements: Any, layout: Layout) -> bool:  # noqa: ANN401 -- a relation
    """Return whether a key may stand twice in a list; one look at all of it costs less than counting them in the query."""
    fact = task.model.facts_by_name.get(name)
    key = None if fact is None else task.model.records_by_name[fact.type.name].key
    column = None if key is None else layout.column(key)
    if column is None:
        return False
    mixed = f"hash(institution, {quoted(column)})"
    query = f"select 1 from elements where {quoted(column)} is not null group by {mixed} having count(*) > 1 limit 1"  # noqa: S608 -- quoted
    return bool(elements.query("elements", query).fetchall())


def join(plan: Plan, main: Any, lists: Mapping[str, Any], *, keys: bool) -> Any:  # noqa: ANN401
    """Return the institutions with a column for each total of their lists; `keys` whether keys are counted."""
    for each in plan.lists:
        if each.layout is None:
            continue
        same = plan.layout.types["id"] == each.layout.types["institution"]
        counted = each.counted(lists[each.fact.name], None if keys else False, as_text=not same)
        key = nw.col("id") if same else nw.col("id").cast(nw.String())
        main = main.with_columns(key.alias(each.by)).join(counted, on=each.by, how="left")
    return main


def answers(task: Task, plan: Plan, joined: Any) -> Any:  # noqa: ANN401
    """Return the answers of compiled code, and which rows it may not answer; a lazy frame of narwhals."""
    carried = [column for column in plan.layout.types if column in task.carried_marks]
    truths = columns.selected(joined, carried, plan.truths())
    must = [nw.col(answer.holds_name) for answer in plan.answers if not answer.clause.advisory]
    zero, one, open_ = (nw.lit(number, dtype=nw.Int32()) for number in (0, 1, _WIDE))
    counts = [nw.when(each).then(zero).when(~each).then(one).otherwise(open_) for each in must]
    counted = truths.with_columns(terms.balanced(operator.add, [zero, *counts]).alias(_COUNTED))
    failed, unknown = nw.col(_COUNTED) % _WIDE, nw.col(_COUNTED) // _WIDE
    verdict = nw.when(failed > 0).then(_word("fails", VERDICT_TYPE))
    verdict = verdict.when(nw.col(_COUNTED) > 0).then(_word("undetermined", VERDICT_TYPE))
    return counted.select(
        *(nw.col(column) for column in carried),
        *(_status(task, answer) for answer in plan.answers),
        verdict.otherwise(_word("conforms", VERDICT_TYPE)).alias(VERDICT),
        failed.cast(nw.UInt16()).alias(FAILED),
        unknown.cast(nw.UInt16()).alias(UNKNOWN),
        nw.lit(None, dtype=nw.String()).alias(ERRORS),
        nw.col(BROKEN),
    )


def _word(word: str, type_: nw.Enum) -> Any:  # noqa: ANN401 -- an expression
    return nw.lit(word).cast(type_)


def _status(task: Task, answer: Answer) -> Any:  # noqa: ANN401 -- an expression
    holds, name = nw.col(answer.holds_name), task.clause_column(answer.clause)
    if task.as_bool:
        return holds.alias(name)
    status: Any = nw.when(holds).then(_word("pass", STATUS))
    status = status.when(~holds).then(_word("not_met" if answer.clause.advisory else "fail", STATUS))
    status = status.otherwise(_word("unknown", STATUS))
    if answer.exempt is not False:
        status = nw.when(nw.col(answer.exempt_name)).then(_word("not_applicable", STATUS)).otherwise(status)
    return status.alias(name)


# --- rows that are left to the reference -----------------------------------------------------------------------------


def slow_answers(
    task: Task,
    plan: Plan,
    layouts: Mapping[str, Any],
    broken: Any,  # noqa: ANN401 -- a frame of narwhals
    lists: Mapping[str, Any],
) -> pl.DataFrame | None:
    """Return the answers of the reference on the rows that compiled code may not answer, None where there are none."""
    source = collected(broken)
    if not source.height:
        return None
    batches = Batches(task, plan, layouts, _list_frames(source, lists))
    marks = source.select(batches.carried())
    parts = [batches.slow_rows(part) for part in source.iter_slices(_ROWS)]
    return pl.concat([marks, pl.concat(parts)], how="horizontal")


def _list_frames(source: pl.DataFrame, lists: Mapping[str, Any]) -> dict[str, pl.LazyFrame]:
    """Return the rows of the lists of these institutions."""
    if "id" not in source.columns:
        return {}
    ids = source["id"].cast(pl.String).drop_nulls().unique().to_list()
    wanted = nw.col("institution").cast(nw.String()).is_in(ids)
    return {name: collected(frame.filter(wanted)).lazy() for name, frame in lists.items()}


def collected(frame: Any) -> pl.DataFrame:  # noqa: ANN401
    """Return the rows of a lazy frame of narwhals; what reaches Polars as something else, such as intervals, as texts."""
    own = zip(frame.collect_schema().items(), frame.to_native().types, strict=True)
    strange = [name for (name, type_), native in own if isinstance(type_, _TEXTS) and native.id != "bit"]
    frame = frame.with_columns(nw.col(name).cast(nw.String()) for name in strange) if strange else frame
    found: pl.DataFrame = frame.collect(backend="polars").to_native()
    return found


def _together(fast: Any, left: pl.DataFrame) -> Any:  # noqa: ANN401
    """Return the relation of both, with the types of the first."""
    slow = left.with_columns(pl.col(pl.Enum).cast(pl.String)).to_arrow()
    names = ", ".join(quoted(name) for name in fast.columns)
    assert slow is not None  # noqa: S101 -- read by its name in the query
    return fast.query("fast", f"select {names} from fast union all select {_cast(fast)} from slow")  # noqa: S608 -- quoted


def quoted(name: str) -> str:
    """Return the name as SQL writes it."""
    return '"' + name.replace('"', '""') + '"'


def _findings(task: Task, plan: Plan, layouts: Mapping[str, Any], main: Any, lists: Mapping[str, Any]) -> Any:  # noqa: ANN401
    source = collected(main)
    findings = Findings(Batches(task, plan, layouts, _list_frames(source, lists)))
    found = findings.of(source).to_arrow()
    assert found is not None  # noqa: S101 -- read by its name in the query
    return main.to_native().query("main", "select * from found")
