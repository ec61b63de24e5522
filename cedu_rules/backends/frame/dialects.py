"""A query in the SQL of DuckDB into the SQL of another database, exact where that one is looser.

Types that DuckDB alone has become plain ones, regular expressions become tests of characters, and rounding to decimals
becomes rounding to whole numbers. The tables are read through a query that marks each row in which a cell is not of the
kind that its column should hold: SQLite lets columns hold anything.
"""

import contextlib
import math
import sys
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any, TypeAlias

import narwhals as nw
import sqlglot
from attrs import frozen
from sqlglot import exp
from sqlglot.errors import ErrorLevel, SqlglotError

from cedu_rules.backends.frame.cells import BLANKS, TIDY
from cedu_rules.backends.frame.layout import Layout
from cedu_rules.diagnostics import UnsupportedError

Node: TypeAlias = Any
"""A node of a query; sqlglot calls its base class now this, now that."""

_DEPTH = 20_000
_SAFE_DIGITS = 22
_INTEGERS = {"TINYINT", "SMALLINT", "INT", "BIGINT", "UTINYINT", "USMALLINT", "UINT", "UBIGINT", "INT128"}


@frozen(eq=False)
class Source:
    """A table of the warehouse: its name there, its columns, and what the column of odd rows is called."""

    table: str
    layout: Layout
    marks: tuple[str, ...]
    odd: str


def expect_dialect(dialect: str) -> None:
    """Say nothing of a dialect that there is.

    Raises:
        UnsupportedError: there is no such dialect.
    """
    known = sorted(filter(None, sqlglot.Dialect.classes))
    if dialect not in known:
        raise UnsupportedError([f"SQL of `{dialect}`; expected one of {', '.join(known)}"])


def translated(query: str, sources: Mapping[str, Source], dialect: str) -> str:
    """Return a query over the tables of the warehouse.

    Args:
        query: The query, in the SQL of DuckDB.
        sources: What stands for each of its tables.
        dialect: A dialect of sqlglot.

    Raises:
        UnsupportedError: the dialect lacks something.
    """
    try:
        with _deep():
            tree = sqlglot.parse_one(query, read="duckdb")
            for node in reversed(list(tree.dfs())):  # what is inside comes first
                found = _rewritten(node, for_sqlite=dialect == "sqlite")
                if found is not node:
                    node.replace(found)
            _name_steps(tree)
            for table in list(tree.find_all(exp.Table)):
                if table.name in sources:
                    table.replace(_source(sources[table.name], table.name, dialect))
            return tree.sql(dialect, pretty=True, unsupported_level=ErrorLevel.RAISE)
    except SqlglotError as error:
        raise UnsupportedError([f"SQL of `{dialect}`: {str(error).splitlines()[0]}"]) from None
    except RecursionError:
        raise UnsupportedError(["expressions nested so deeply as SQL"]) from None


@contextlib.contextmanager
def _deep() -> Iterator[None]:
    """Let the parser of sqlglot go as deep as the parentheses of long conditions need."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, _DEPTH))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)


# --- expressions -----------------------------------------------------------------------------------------------------


def _rewritten(node: Node, *, for_sqlite: bool) -> Node:
    """Return what stands for a node that only DuckDB has, or has in that sense."""
    match node:
        case exp.Cast():
            return _cast(node, for_sqlite=for_sqlite)
        case exp.Year() | exp.DayOfYear() | exp.Literal(is_string=False) if for_sqlite:
            return _number(node) if isinstance(node, exp.Literal) else _of_day(node)
        case exp.Round() if node.args.get("decimals") is not None:
            return _rounded(node)
        case exp.RegexpLike():
            return _tidy(node)
        case exp.ArrayContains() | exp.Contains():
            listed, item = node.this, node.expression
            if isinstance(listed, exp.Array):
                return exp.In(this=item, expressions=listed.expressions)
        case exp.Anonymous() if node.name.lower() == "add":
            left, right = node.expressions
            return exp.paren(exp.Add(this=left, expression=right))
        case exp.Count() if not node.this and not node.expressions:
            return exp.Count(this=exp.Star())
        case exp.Paren() if _needs_no_paren(node):
            return node.this
    return node


def _needs_no_paren(node: exp.Paren) -> bool:
    inner, outer = node.this, node.parent
    if isinstance(inner, (exp.Column, exp.Literal, exp.Case, exp.Func, exp.Paren, exp.Null, exp.Boolean, exp.Cast)):
        return not isinstance(inner, exp.Connector)
    if isinstance(outer, (exp.Alias, exp.Paren, exp.If, exp.Coalesce, exp.Sum, exp.Cast)):
        return True
    return isinstance(inner, (exp.And, exp.Or)) and type(inner) is type(outer)


def _cast(node: exp.Cast, *, for_sqlite: bool) -> Node:
    kind = node.to.this
    if kind == exp.DataType.Type.ENUM or (for_sqlite and kind == exp.DataType.Type.DATE):
        return node.this
    if kind.value in _INTEGERS:
        return exp.cast(node.this, exp.DataType.Type.BIGINT)
    return node


def _of_day(node: Node) -> Node:
    """Return the year of a day, or its number in the year, where a day is a text."""
    form = exp.Literal.string("%Y" if isinstance(node, exp.Year) else "%j")
    return exp.cast(exp.Anonymous(this="strftime", expressions=[form, node.this]), exp.DataType.Type.BIGINT)


def _number(node: exp.Literal) -> Node:
    """Return a number that SQLite reads exactly as the float that is meant."""
    number = float(node.this)
    if node.this.isdigit() or number.is_integer() or _is_read_exactly(number):
        return node
    above, below = number.as_integer_ratio()
    if below > 2**1023:
        raise UnsupportedError([f"the number {number} in SQLite"])
    return exp.paren(
        exp.Div(this=exp.Literal.number(f"{above}.0"), expression=exp.Literal.number(f"{below}.0"), typed=True)
    )


def _is_read_exactly(number: float) -> bool:
    """Return whether dividing the digits by a power of ten in any longer float gives that float."""
    meant = Fraction(repr(number))
    exponent = next((power for power in range(_SAFE_DIGITS + 1) if (meant * 10**power).denominator == 1), None)
    if exponent is None or meant * 10**exponent >= 2**53:
        return False
    ends = (math.nextafter(number, -math.inf), math.nextafter(number, math.inf))
    middles = [(Fraction(number) + Fraction(end)) / 2 for end in ends]
    return all(abs(meant - middle) * 2**60 > abs(meant) for middle in middles)


def _rounded(node: exp.Round) -> Node:
    """Return a number rounded to decimals in a way that is exact wherever it is compared with the number itself."""
    digits = int(node.args["decimals"].name)
    if not digits:
        return exp.Round(this=node.this)
    power = exp.Literal.number(f"1{'0' * digits}.0")
    whole = exp.Round(this=exp.Mul(this=exp.paren(node.this), expression=power.copy()))
    return exp.paren(exp.Div(this=whole, expression=power, typed=True))


def _tidy(node: exp.RegexpLike) -> Node:
    """Return whether a text has no blanks around it, without a regular expression."""
    if node.expression.name != TIDY:
        raise AssertionError(node.expression.name)
    text = node.this
    length = exp.Length(this=text.copy())
    one = exp.Literal.number(1)
    ends = (
        exp.Substring(this=text.copy(), start=one, length=one.copy()),
        exp.Substring(this=text.copy(), start=length, length=one.copy()),
    )
    blank = exp.or_(*(_is_blank(exp.Unicode(this=end)) for end in ends))
    filled = exp.GT(this=length.copy(), expression=exp.Literal.number(0))
    return exp.paren(exp.and_(filled, exp.not_(blank)))


def _is_blank(code: Node) -> Node:
    tests = [
        exp.Between(this=code.copy(), low=exp.Literal.number(first), high=exp.Literal.number(last))
        for first, last in BLANKS
    ]
    return exp.or_(*tests)


def _name_steps(tree: Node) -> None:
    """Give the steps of the query names of our own, and leave it to the database how it takes them."""
    for step in tree.find_all(exp.CTE):
        step.set("materialized", None)
    for each in tree.find_all(exp.Identifier):
        if each.name.startswith("__duckdb_s"):
            each.set("this", "step_" + each.name.removeprefix("__duckdb_s"))


# --- tables ----------------------------------------------------------------------------------------------------------


def _source(source: Source, name: str, dialect: str) -> Node:
    """Return what is read of a table, with the column of odd rows."""
    try:
        table = exp.to_table(source.table, dialect=dialect)
    except (SqlglotError, ValueError):
        raise UnsupportedError([f"a table called `{source.table}`"]) from None
    for part in table.parts:
        if isinstance(part, exp.Identifier):
            part.set("quoted", True)
    columns = {column: exp.column(column, table="source", quoted=True) for column in source.layout.types}
    odd = [_odd(column, source.layout.types[name], dialect) for name, column in columns.items()]
    found = [each for each in odd if each is not None]
    marked = exp.Coalesce(this=exp.or_(*found), expressions=[exp.false()]) if found else exp.false()
    shown = [
        exp.alias_(_plain(column, source.layout.types[name], dialect), name, quoted=True)
        for name, column in columns.items()
    ]
    read = exp.select(*shown, exp.alias_(marked, source.odd, quoted=True))
    return read.from_(exp.alias_(table, "source", table=True, quoted=True)).subquery(
        exp.to_identifier(name, quoted=True)
    )


def _plain(column: exp.Column, type_: Any, dialect: str) -> Node:  # noqa: ANN401 -- of narwhals
    """Return the cell, compared letter by letter whatever SQLite was told about its column."""
    if dialect == "sqlite" and type_ == nw.String():
        return exp.Collate(this=column.copy(), expression=exp.Var(this="BINARY"))
    return column.copy()


_KINDS = {
    nw.Int64(): "typeof({c}) not in ('integer', 'real', 'null') or (typeof({c}) = 'real' and {c} <> cast({c} as integer))",
    nw.Float64(): "typeof({c}) not in ('integer', 'real', 'null')",
    nw.Boolean(): "{c} is not null and (typeof({c}) <> 'integer' or {c} not in (0, 1))",
    nw.Date(): "{c} is not null and (typeof({c}) <> 'text' or date({c}, '+0 days') is null or date({c}, '+0 days') <> {c})",
    nw.String(): "typeof({c}) not in ('text', 'null') or instr({c}, char(0)) > 0",
}
"""What is odd about a cell in SQLite, by the type that its column should have."""


def _odd(column: exp.Column, type_: Any, dialect: str) -> Node | None:  # noqa: ANN401 -- of narwhals
    """Return where a cell is not of its kind; databases with types need only be asked for fractions of whole numbers."""
    if dialect == "sqlite":
        return exp.paren(sqlglot.parse_one(_KINDS[type_].format(c=column.sql("sqlite")), read="sqlite"))
    if type_ == nw.Int64():
        return exp.NEQ(this=column.copy(), expression=exp.Floor(this=column.copy()))
    return None
