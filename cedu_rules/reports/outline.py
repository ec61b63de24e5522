"""A standard into lines that show it: its clauses with their places, or one clause with its demands and facts."""

from collections.abc import Iterator

from cedu_rules.explain.phrasing import sentences_of
from cedu_rules.explain.sentences import KIND_WORDS, in_words
from cedu_rules.facts import FactRow, fact_table
from cedu_rules.messages import Words
from cedu_rules.model.graph import Graph, Key, conditions_of, post_order, references
from cedu_rules.model.ir import Clause, Model, Requirement
from cedu_rules.model.types import Type, describe

_MODALITIES = {"must": Words("must", "应"), "should": Words("should", "宜")}


def standard_lines(model: Model, language: str) -> Iterator[str]:
    """Yield the title, then each section with its clauses."""
    yield f"{model.title}（{model.id}）" if language == "zh" else f"{model.title} ({model.id})"
    annex = "" if model.annex is None else (f" 附件{model.annex}" if language == "zh" else f", annex {model.annex}")
    yield f"{model.document}{annex}"
    place = ("", "")
    for clause in model.clauses:
        here = (clause.citation.section, clause.citation.subsection)
        if here != place:
            place = here
            yield ""
            yield f"{here[0]} / {here[1]}"
        advisory = "" if not clause.advisory else "（建议项）" if language == "zh" else " (advisory)"
        yield f"  {clause.citation.line:>2}  {clause.id}  {clause.title}{advisory}"


def clause_lines(model: Model, clause_id: str, language: str) -> Iterator[str]:
    """Yield one clause: its place, guards and demands as written and in words, notes, and the facts that it reads."""
    clause = model.clauses_by_id[clause_id]
    said = sentences_of(model, clause, language)  # of the guards, then of the demands, then of the names in them
    yield f"{clause.title}（{clause.id}）" if language == "zh" else f"{clause.title} ({clause.id})"
    yield clause.citation.in_words(language)
    for guard, sentence in zip(clause.guards, said, strict=False):
        word = "适用条件：" if language == "zh" else "applies when "
        yield f"  {word}{_as_written(guard.span.text)}"
        yield f"      {sentence.text}"
    for requirement, sentence in zip(clause.requirements, said, strict=False):
        yield from _demand(requirement, language)
        yield f"      {sentence.text}"
    yield from (f"      {sentence.line(language)}" for sentence in said)
    for note in clause.notes:
        yield ("  执行口径：" if language == "zh" else "  note: ") + note
    yield from _facts(model, clause, language)


def _as_written(text: str) -> str:
    return " ".join(text.split())


def _demand(requirement: Requirement, language: str) -> Iterator[str]:
    modality = in_words(_MODALITIES[requirement.modality], language)
    kind = in_words(KIND_WORDS[requirement.kind], language)
    label = f"  {requirement.label}" if requirement.label else ""
    yield f"  {modality} [{kind}] {requirement.text}{label}"


def _facts(model: Model, clause: Clause, language: str) -> Iterator[str]:
    """Yield the facts that the clause comes from, through lets and the conditions of facts."""
    graph = Graph(model)
    roots = [key for key in dict.fromkeys(references(conditions_of(clause))) if graph.holds(key)]
    for key in post_order(roots, graph.edges)[0]:
        if key in graph.lets:
            yield f"  {_name(key)} = {_as_written(graph.lets[key].value.span.text)}"
    asked = [row for row in fact_table(model) if any(each.id == clause.id for each in row.clauses)]
    if asked:
        yield "  事实：" if language == "zh" else "  facts:"
    for row in asked:
        yield f"    {_fact_line(row, language)}"


def fact_lines(model: Model, language: str) -> Iterator[str]:
    """Yield the title, then one line a fact and field, with how many clauses ask for it."""
    yield f"{model.title}（{model.id}）" if language == "zh" else f"{model.title} ({model.id})"
    for row in fact_table(model):
        number = len(row.clauses)
        asked = f"条款 {number}" if language == "zh" else f"{number} clause{'' if number == 1 else 's'}"
        yield f"  {_fact_line(row, language)}  {asked}"


def _name(key: Key) -> str:
    return f"{key[1]}.{key[2]}" if key[1] else key[2]


def _fact_line(row: FactRow, language: str) -> str:
    condition = "" if row.condition is None else f" when {row.condition}"
    form = type_text(row.fact.type, language)
    return f"{row.path} : {form}{condition}  {row.fact.label} [{in_words(row.kind, language)}]"


def type_text(type_: Type, language: str) -> str:
    """Return the type with its unit or members, as a reader needs it to fill in a value."""
    words = in_words(describe(type_), language)
    if type_.kind == "number":
        return type_.unit.name or words
    if type_.members:
        return f"{words} {{ {', '.join(f'{member.name} {member.label}' for member in type_.members)} }}"
    return words
