"""A model into conditions that are the same for every institution, and quantifiers over lists that may be empty.

A fact that nobody has recorded stands for all its values: what the reference answers with nothing recorded is so for
every institution.
"""

from collections.abc import Iterator

from cedu_rules.diagnostics import Diagnostic
from cedu_rules.model.graph import walk, walk_through_lets
from cedu_rules.model.ir import COMPARISONS, Expression, Model, Requirement
from cedu_rules.semantics import Evaluation
from cedu_rules.source import Span

_COUNTING = frozenset({"any", "count", "sum", "distinct"})


def constant(model: Model) -> Iterator[Diagnostic]:
    """Yield the guards that never hold, and the conditions in guards, requirements and lets that never vary."""
    search = _Search(model)
    guards = {guard.span: guard for clause in model.clauses for guard in clause.guards}
    for guard in guards.values():
        yield from search.guard(guard)
    for clause in model.clauses:
        for requirement in clause.requirements:
            yield from search.inside(requirement.condition, {})
    for let in model.lets:
        yield from search.condition(let.value, {})
    for record in model.records:
        for let in record.lets:
            yield from search.condition(let.value, {"": None})


class _Search:
    """Walks expressions; `blank` binds each variable to an element of which nothing is recorded."""

    def __init__(self, model: Model) -> None:
        self._evaluation = Evaluation(model, None)

    def guard(self, guard: Expression) -> Iterator[Diagnostic]:
        """Yield what is constant in a guard; one that is always false keeps its clauses from ever applying."""
        if self._evaluation.value(guard, {}) is False:
            yield Diagnostic("guard-never-holds", guard.span)
            return
        yield from self.condition(guard, {})

    def condition(self, expression: Expression, blank: dict[str, object]) -> Iterator[Diagnostic]:
        """Yield the outermost conditions that are always true or always false."""
        if expression.type.kind == "bool" and expression.operator not in {"constant", "exists"}:
            value = self._evaluation.value(expression, blank)
            if value is not None:
                yield self._told(expression, value)
                return
        yield from self.inside(expression, blank)

    def inside(self, expression: Expression, blank: dict[str, object]) -> Iterator[Diagnostic]:
        """Yield what is constant in the parts of an expression."""
        if _is_between(expression):
            return
        inner = blank if expression.operator not in _BINDING else {**blank, str(expression.data): None}
        for operand in expression.operands:
            yield from self.condition(operand, inner)

    @staticmethod
    def _told(expression: Expression, value: object) -> Diagnostic:
        if expression.operator == "not" and not _is_written(expression):
            value = (
                not value
            )  # the `not` is that of `unless` or of `if A then B`: the author wrote the condition inside
        return Diagnostic("always-true" if value else "always-false", expression.span)


_BINDING = frozenset({"all", "any", "count", "sum", "min", "max", "average", "distinct"})


def _is_between(expression: Expression) -> bool:
    """Return whether the parts are the two bounds of `between`, or the `=` of `!=`, which nobody wrote alone."""
    return expression.operator in {"and", "not"} and any(
        operand.operator in COMPARISONS and operand.span == expression.span for operand in expression.operands
    )


def _is_written(expression: Expression) -> bool:
    """Return whether the author wrote this `not`, or `!=`."""
    inner = expression.operands[0]
    return expression.span != inner.span or (inner.operator == "=" and _says_unequal(inner))


def _says_unequal(comparison: Expression) -> bool:
    left, right = comparison.operands
    between = comparison.span.source.text[left.span.end : right.span.start]
    return not {"!", "≠", "！"}.isdisjoint(between)


def vacuous(model: Model) -> Iterator[Diagnostic]:
    """Yield each `all` over a list of which no requirement of the standard asks that there be any."""
    counted = {key for each in _requirements(model) for key in _counted(model, each.condition)}
    for requirement in _requirements(model):
        for part in walk(requirement.condition):
            if part.operator == "all" and (key := _list_of(part.operands[0])) is not None and key not in counted:
                place = Span(part.span.source, part.span.start, part.span.end)
                yield Diagnostic("vacuous-all", place, {"name": key[1]})


def _requirements(model: Model) -> Iterator[Requirement]:
    for clause in model.clauses:
        yield from clause.requirements


def _list_of(source: Expression) -> tuple[str, str] | None:
    """Return the record and name of the fact that a list is, or None for a list in a let."""
    if source.operator == "fact":
        return "", str(source.data)
    return (source.operands[0].type.name, str(source.data)) if source.operator == "field" else None


def _counted(model: Model, condition: Expression) -> Iterator[tuple[str, str]]:
    """Yield the lists that a requirement counts, itself or through lets."""
    for part in walk_through_lets(model, condition):
        if part.operator in _COUNTING and (key := _list_of(part.operands[0])) is not None:
            yield key
