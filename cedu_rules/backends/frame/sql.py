"""A standard into one query as text, for a warehouse that only speaks SQL.

It is the query of `duckdb_engine`, made over empty tables of the right shape and translated by sqlglot. Nobody stands by
to answer what columns cannot: a standard that asks for more is refused, and a row that breaks a guard has no statuses
but a reason.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, NoReturn

import duckdb
import narwhals as nw
from attrs import evolve, frozen

from cedu_rules.backends.frame import columns, duckdb_engine, terms
from cedu_rules.backends.frame.dialects import Source, expect_dialect, translated
from cedu_rules.backends.frame.layout import LIST_MARKS, MARKS, Layout, Part, read_layout
from cedu_rules.backends.frame.plan import BROKEN, Plan, compile_plan
from cedu_rules.backends.frame.task import ERRORS, Task
from cedu_rules.diagnostics import UnsupportedError
from cedu_rules.model.ir import Fact, Model
from cedu_rules.model.types import Type

ODD = "__odd"
"""The column that tells of a row whether some cell is not of the kind that its column should hold."""

REASON = "not for SQL: something cannot be, or goes beyond the exact range; evaluate this row with the library"

_YEARS = 3


@frozen(eq=False)
class Tables:
    """The tables that a query reads: that of the institutions, and one for each list, by the columns of each."""

    main: Layout
    lists: Mapping[str, Layout]


def compile_sql(
    model: Model,
    dialect: str,
    *,
    assessed_on: date | None,
    table: str,
    columns: Iterable[str] | None,
    lists: Mapping[str, str] | None,
) -> str:
    """Return the query.

    Args:
        model: The standard.
        dialect: A dialect of sqlglot.
        assessed_on: The day of the assessment.
        table: The table of the institutions.
        columns: The columns of the tables, those of a list after its name: `teachers.full_time`; by default all.
        lists: The table of each list, where it is not called like the list.

    Raises:
        InputError: a column means nothing.
        UnsupportedError: a clause has no form over columns, or the dialect lacks something.
    """
    expect_dialect(dialect)
    task = Task(model, assessed_on, _nobody, _nobody, None)
    names = {} if lists is None else lists
    tables = _tables(model, _listed(model, assessed_on) if columns is None else list(map(str, columns)), names)
    unknown = sorted(set(names) - set(tables.lists))
    if unknown:
        raise UnsupportedError([f"a table of `{name}`, which is no list of institutions" for name in unknown])
    sources = {"institutions": Source(table, tables.main, MARKS, ODD)}
    for name, layout in tables.lists.items():
        sources[f"list {name}"] = Source(names.get(name, name), layout, LIST_MARKS, ODD)
    return translated(_query(task, tables), sources, dialect)


def _nobody(*_: object) -> NoReturn:
    """Answer a row that is left to the reference: nobody does, where the query runs."""
    raise AssertionError


def _query(task: Task, tables: Tables) -> str:
    """Return the query in the SQL of DuckDB."""
    connection = duckdb.connect(":memory:")
    try:
        main = _empty(connection, "institutions", tables.main)
        lists = {name: _empty(connection, f"list {name}", layout) for name, layout in tables.lists.items()}
        plan = compile_plan(task.model, tables.main, tables.lists, task.assessed_on, wraps=False, keys=True)
        _refuse(plan)
        for each in plan.lists:
            if each.layout is not None:
                each.elements.guards.add(ODD, ~columns.col(ODD))
        plan = evolve(plan, broken=terms.any_of((plan.broken, columns.col(ODD))))
        answers = duckdb_engine.answers(task, plan, duckdb_engine.join(plan, main, lists, keys=True))
        carried = [column for column in tables.main.types if column in MARKS]
        kept = [
            nw.when(~nw.col(BROKEN)).then(nw.col(column)).alias(column)
            for column in answers.collect_schema().names()
            if column not in {*carried, ERRORS, BROKEN}
        ]
        reason = nw.when(nw.col(BROKEN)).then(nw.lit(REASON)).alias(ERRORS)
        found: str = answers.select(*(nw.col(column) for column in carried), *kept, reason).to_native().sql_query()
        return found
    finally:
        connection.close()


def _refuse(plan: Plan) -> None:
    """Refuse what has no form over columns."""
    if plan.slow:
        ids = {clause.id for clause in plan.model.clauses}
        raise UnsupportedError([f"{f'clause `{each}`' if each in ids else each} as SQL" for each in plan.slow])


def _empty(connection: Any, name: str, layout: Layout) -> Any:  # noqa: ANN401
    """Return an empty table of these columns, as a frame of narwhals."""
    types = {column: _sql_type(layout, column) for column in layout.types}
    listed = ", ".join(f"{duckdb_engine.quoted(column)} {type_}" for column, type_ in {**types, ODD: "boolean"}.items())
    connection.execute(f"create table {duckdb_engine.quoted(name)} ({listed})")
    return nw.from_native(connection.table(duckdb_engine.quoted(name)))


# --- the columns -----------------------------------------------------------------------------------------------------


def _tables(model: Model, columns: Iterable[str], named: Iterable[str]) -> Tables:
    """Return the layout of each table; a list that is named has one, whatever its columns."""
    own = []
    facts = {fact.name: fact for fact in model.facts if fact.type.kind == "list"}
    held: dict[str, list[str]] = {name: [] for name in named if name in facts}
    for column in columns:
        name, _, rest = column.partition(".")
        if name in facts and rest:
            held.setdefault(name, []).append(rest)
        else:
            own.append(column)
    if "id" not in own and held:
        own.insert(0, "id")
    lists = {
        name: _layout(model.records_by_name[facts[name].type.name].fields, ["institution", *listed], LIST_MARKS, name)
        for name, listed in held.items()
    }
    return Tables(_layout(model.facts, own, MARKS, "frame"), lists)


def _layout(facts: tuple[Fact, ...], columns: Iterable[str], marks: tuple[str, ...], frame: str) -> Layout:
    read = read_layout(facts, dict.fromkeys(columns), marks, frame=frame)
    types = {column: nw.String() for column in read.marks}
    types |= {part.column: _dtype(part) for part in read.parts}
    return evolve(read, types={column: types[column] for column in read.types})


def _dtype(part: Part) -> Any:  # noqa: ANN401 -- a type of narwhals
    """Return the type of the column of a fact, or of a part of one."""
    if part.fact is None:
        raise AssertionError(part.column)
    type_: Type = part.fact.type
    if type_.kind == "series" and type_.element is not None:
        type_ = type_.element
    match type_.kind:
        case "number":
            return nw.Int64() if type_.whole and type_.data_factor == 1 else nw.Float64()
        case "list":
            return nw.Int64()
        case "bool" | "set":
            return nw.Boolean()
        case "date":
            return nw.Date()
    return nw.String()


_SQL_TYPES = {nw.Int64(): "bigint", nw.Float64(): "double", nw.Boolean(): "boolean", nw.Date(): "date"}


def _sql_type(layout: Layout, column: str) -> str:
    return _SQL_TYPES.get(layout.types[column], "varchar")


def _listed(model: Model, assessed_on: date | None) -> list[str]:
    """Return the columns that hold all facts: of series, the years up to that of the assessment."""
    found = ["id", *_names(model.facts, assessed_on)]
    for fact in model.facts:
        if fact.type.kind == "list":
            fields = model.records_by_name[fact.type.name].fields
            found += [f"{fact.name}.{name}" for name in _names(fields, assessed_on)]
    return found


def _names(facts: Iterable[Fact], assessed_on: date | None) -> list[str]:
    found = []
    for fact in facts:
        match fact.type.kind:
            case "set":
                found += [f"{fact.name}.{member.name}" for member in fact.type.members]
            case "series":
                if assessed_on is None:
                    raise UnsupportedError([f"the years of `{fact.name}` without a day or their columns"])
                found += [f"{fact.name}.{assessed_on.year + each}" for each in range(1 - _YEARS, 1)]
            case "list":
                pass
            case _:
                found.append(fact.name)
    return found
