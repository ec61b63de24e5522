"""The facts of a model into rows: label, kind, form, unit, members, condition, who answers, and the clauses that ask.

Rows stand in the order of the file, those of a record's fields after those of the institution.
"""

from collections.abc import Iterator

from attrs import field, frozen

from cedu_rules.explain.sentences import KIND_WORDS
from cedu_rules.messages import Words
from cedu_rules.model.graph import Graph, Key, conditions_of, post_order, references
from cedu_rules.model.ir import Clause, Expression, Fact, Model
from cedu_rules.model.types import Member, Type
from cedu_rules.records import expected
from cedu_rules.units import CHINESE, Unit

INSTITUTION, INSPECTOR = "institution", "inspector"
"""Who answers: what is measured or documented the institution, what is judged the inspector alone."""

_TRUTHS = Words("yes or no", "是或否")


@frozen
class FactRow:
    """One fact of the institution, or one field of the record `owner`.

    `form` says how a value is written, `clauses` which clauses ask for it, themselves or through lets, conditions and
    other clauses.
    """

    owner: str
    fact: Fact = field(repr=False)
    form: Words
    clauses: tuple[Clause, ...] = field(repr=False)

    @property
    def path(self) -> str:
        """The name, after that of its record if it has one."""
        return f"{self.owner}.{self.fact.name}" if self.owner else self.fact.name

    @property
    def kind(self) -> Words:
        """`measured`, `documented` or `judged`, in both languages."""
        return KIND_WORDS[self.fact.kind]

    @property
    def answered_by(self) -> str:
        """`institution` or `inspector`."""
        return INSPECTOR if self.fact.kind == "judged" else INSTITUTION

    @property
    def unit(self) -> Unit:
        """The unit of a bare number, of a series that of each year."""
        return (self.fact.type.element or self.fact.type).unit

    @property
    def members(self) -> tuple[Member, ...]:
        """The members of a choice, level or set."""
        return self.fact.type.members

    @property
    def condition(self) -> str | None:
        """The condition under which the fact exists, as written, on one line."""
        return None if self.fact.condition is None else " ".join(self.fact.condition.span.text.split())

    def places(self, language: str) -> Iterator[str]:
        """Yield the lines of the official document that ask for the fact."""
        for clause in self.clauses:
            yield clause.citation.in_words(language)


def fact_table(model: Model) -> tuple[FactRow, ...]:
    """Return one row for each fact and field."""
    asked = _asked(model)
    owners = [("", model.facts), *((record.name, record.fields) for record in model.records)]
    return tuple(
        FactRow(owner, fact, form_of(fact.type, model), tuple(asked.get(("fact", owner, fact.name), ())))
        for owner, facts in owners
        for fact in facts
    )


def _asked(model: Model) -> dict[Key, list[Clause]]:
    """Return the clauses that need each fact."""
    graph = Graph(model)
    asked: dict[Key, list[Clause]] = {}
    for clause in model.clauses:
        roots = [key for key in dict.fromkeys(references(conditions_of(clause))) if graph.holds(key)]
        for key in post_order(roots, graph.edges)[0]:
            if key in graph.facts:
                asked.setdefault(key, []).append(clause)
    return asked


def form_of(type_: Type, model: Model) -> Words:
    """Return how a value is written, for a person who fills in a form."""
    match type_.kind:
        case "number":
            return expected.number(type_)
        case "bool":
            return _TRUTHS
        case "date":
            return expected.day(type_)
        case "choice" | "level":
            return _members(type_, Words("one of ", "选填其一："))
        case "set":
            return _members(type_, Words("yes or no for each of ", "逐项填是、否："))
        case "series" if type_.element is not None:
            inner = expected.number(type_.element)
            return Words(f"for each year {inner.en}", f"逐年填{inner.zh}")
        case "list":
            names = [fact.label for fact in model.records_by_name[type_.name].fields]
            return Words(f"a list of `{type_.name}`: {', '.join(names)}", f"名单，每行：{'、'.join(names)}")
    return expected.TEXT


def _members(type_: Type, head: Words) -> Words:
    english = ", ".join(f"{member.name} ({member.label})" for member in type_.members)
    return Words(head.en + english, head.zh + "、".join(member.label for member in type_.members))


def unit_in_words(unit: Unit, language: str) -> str:
    """Return the unit as a header names it and `find_unit` reads it; empty where numbers have none."""
    return CHINESE.get(unit.name, unit.name) if language == "zh" else unit.name


def condition_in_words(model: Model, fact: Fact, language: str) -> str | None:
    """Return the condition of a fact: a comparison of a fact with a member by labels, any other as written."""
    condition = fact.condition
    if condition is None:
        return None
    written = " ".join(condition.span.text.split())
    if language != "zh" or condition.operator != "=":
        return written
    words = [_operand(model, operand) for operand in condition.operands]
    return written if None in words else f"{words[0]}为{words[1]}"


def _operand(model: Model, operand: Expression) -> str | None:
    if operand.operator == "fact":
        found = model.facts_by_name.get(str(operand.data))
        return None if found is None else found.label
    index = operand.type.position(str(operand.data)) if operand.operator == "constant" else None
    return None if index is None else operand.type.members[index].label
