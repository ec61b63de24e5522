"""An expression into what it reads on a record: facts, members of sets, years of series, fields of elements.

Facts that have no value are read too, so what could be recorded or changed is found as well as what is there. With
`is_open` the walk stays out of conditions that are decided, and finds what may still decide the others.
"""

from collections.abc import Iterator

from attrs import evolve, frozen

from cedu_rules.explain.repairing.states import DAY, Context, Path, State
from cedu_rules.model.ir import AGGREGATES, Expression
from cedu_rules.truth import Series

ELEMENTS_LIMIT = 200
"""Of a list so many elements are looked into."""


@frozen
class Input:
    """What an expression reads: the path of one value, or of a list whose elements it counts.

    `selects` marks what only chooses between values. For a list `aggregate` is what it is read by, in `context`.
    """

    path: Path
    context: Context
    selects: bool = False
    aggregate: Expression | None = None


@frozen
class Reader:
    """Walks one version of a record; `years` are those asked of a series, None for all."""

    state: State
    is_open: bool = False
    years: tuple[int, ...] | None = None
    members: tuple[str, ...] | None = None
    selects: bool = False

    def inputs(self, expression: Expression, context: Context) -> Iterator[Input]:  # noqa: C901, PLR0912 -- a table
        """Yield what the expression reads, in the order written; the same thing may come twice."""
        if self.is_open and expression.type.kind == "bool" and self.state.value(expression, context) is not None:
            return
        match expression.operator:
            case "constant" | "variable":
                return
            case "assessed_on":
                yield Input(DAY, context, self.selects)
            case "fact" | "field":
                yield from self._fact(expression, context)
            case "exists":
                yield from self._condition(expression.operands[0], context)
            case "let":
                yield from self.inputs(*let(self.state, expression, context))
            case "passes":
                clause = self.state.model.clauses_by_id[str(expression.data)]
                for condition in (*clause.guards, *(item.condition for item in clause.requirements)):
                    yield from self.inputs(condition, {})
            case "includes" if isinstance(expression.data, tuple):
                yield from evolve(self, members=expression.data).inputs(expression.operands[0], context)
            case "at" | "latest" | "average_of":
                yield from self._years(expression, context)
            case "if" | "by":
                yield from self._choice(expression, context)
            case operator if operator in AGGREGATES:
                yield from self._aggregate(expression, context)
            case _:
                for operand in expression.operands:
                    yield from self.inputs(operand, context)

    def _fact(self, expression: Expression, context: Context) -> Iterator[Input]:
        path = path_of(expression, context)
        if self.is_open:
            yield from self._condition(expression, context)
            if self.state.evaluation.existence(expression, self.state.environment(context)) is False:
                return
        kind = expression.type.kind
        if kind == "set":
            named = [member.name for member in expression.type.members]
            asked = named if self.members is None else [name for name in named if name in self.members]
            yield from (Input((*path, name), context, self.selects) for name in asked)
        elif kind == "series":
            yield from self._series(path, context)
        else:
            yield Input(path, context, self.selects)

    def _series(self, path: Path, context: Context) -> Iterator[Input]:
        given = self.state.get(path)
        years = self.years
        if years is None:
            years = tuple(range(min(given), max(given) + 1)) if given else ()
            if not years:
                yield Input(path, context, self.selects)
        yield from (Input((*path, year), context, self.selects) for year in years)

    def _condition(self, expression: Expression, context: Context) -> Iterator[Input]:
        """Yield what decides whether a fact exists, where that is not known."""
        fact, _, _ = self.state.evaluation.declaration(expression, self.state.environment(context))
        if fact.condition is not None:
            yield from evolve(self, selects=True).inputs(fact.condition, owner_context(expression, context))

    def _years(self, expression: Expression, context: Context) -> Iterator[Input]:
        series = expression.operands[0]
        value: Series = self.state.value(series, context)
        years: tuple[int, ...] | None = None
        if expression.operator == "at":
            year = self.state.value(expression.operands[1], context).point
            years = None if year is None or year != int(year) else (int(year),)
            yield from evolve(self, selects=True).inputs(expression.operands[1], context)
        elif value.values:
            number = expression.data if isinstance(expression.data, int) else 1
            years = tuple(range(value.last - number + 1, value.last + 1))
        yield from evolve(self, years=years).inputs(series, context)

    def _choice(self, expression: Expression, context: Context) -> Iterator[Input]:
        yield from evolve(self, selects=True).inputs(expression.operands[0], context)
        for choice in self.state.evaluation.choices(expression, self.state.environment(context)):
            yield from self.inputs(choice, context)

    def _aggregate(self, expression: Expression, context: Context) -> Iterator[Input]:
        source, where, *bodies = expression.operands
        path = list_path(self.state, source, context)
        if not self.is_open or self.state.get(path) is None:
            yield Input(path, context, self.selects, expression)
        for element in self.state.elements(path)[:ELEMENTS_LIMIT]:
            inner = {**context, str(expression.data): element}
            certain = self.state.value(where, inner)
            if certain is not True:
                yield from evolve(self, selects=True).inputs(where, inner)
            if certain is not False:
                for body in bodies:
                    yield from self.inputs(body, inner)


def path_of(expression: Expression, context: Context) -> Path:
    """Return the path of the fact or field that the expression reads."""
    return (*owner_path(expression, context), str(expression.data))


def list_path(state: State, source: Expression, context: Context) -> Path:
    """Return the path of the list that an aggregate runs over, through lets."""
    while source.operator == "let":
        source, context = let(state, source, context)
    return path_of(source, context)


def owner_path(expression: Expression, context: Context) -> Path:
    """Return the path of the element whose field or let the expression reads; of the institution, nothing."""
    return context[str(expression.operands[0].data)] if expression.operands else ()


def owner_context(expression: Expression, context: Context) -> Context:
    """Return the context of the conditions and lets of that element."""
    return {"": owner_path(expression, context)} if expression.operands else {}


def let(state: State, expression: Expression, context: Context) -> tuple[Expression, Context]:
    """Return what a let stands for, and the context of its record."""
    if not expression.operands:
        return state.model.lets_by_name[str(expression.data)].value, {}
    record = state.model.records_by_name[expression.operands[0].type.name]
    return record.lets_by_name[str(expression.data)].value, owner_context(expression, context)
