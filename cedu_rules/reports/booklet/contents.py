"""A model into what a document about the standard shows: sections, numbered lines in words, facts.

All texts are on one line and hold nothing invisible; escaping them is the business of each form.
"""

from collections.abc import Iterator
from itertools import groupby

from attrs import frozen

from cedu_rules.explain.phrasing import example_in_words, expression_in_words, sentences_of
from cedu_rules.explain.sentences import KIND_WORDS, STATUS_WORDS, VERDICT_WORDS, in_words
from cedu_rules.facts import FactRow, fact_table, unit_in_words
from cedu_rules.messages import Words
from cedu_rules.model.ir import Clause, Model
from cedu_rules.reports.untrusted import visible

WORDING = {
    "contents": Words("Contents", "目录"),
    "clauses": Words("{number} clauses", "共 {number} 条"),
    "annex": Words("annex {number}", "附件{number}"),
    "effective": Words("in force from {day}", "自 {day} 起施行"),
    "made": Words(
        "The requirements are said in words made from their expressions; the wording of the official document differs.",
        "各项要求由表达式写成，与正式文件的文字不同。",
    ),
    "when": Words("Applies if", "适用条件"),
    "must": Words("Must", "应"),
    "should": Words("Should", "宜"),
    "where": Words("Where", "其中"),
    "advisory": Words("recommendation", "建议项"),
    "note": Words("Note", "执行口径"),
    "examples": Words("Examples", "例子"),
    "facts": Words("Facts", "事实"),
    "fact": Words("fact", "事实"),
    "name": Words("name", "名称"),
    "unit": Words("unit", "单位"),
    "value": Words("value", "填法"),
    "kind": Words("kind", "类别"),
    "condition": Words("exists if", "何时存在"),
    "asked_by": Words("asked by", "用于条款"),
    "of_institution": Words("Of the institution", "机构的事实"),
    "of_record": Words("Of each entry of `{name}`", "名单 `{name}` 每项的事实"),
    "line": Words("line {number}", "第{number}条"),
}
_INVALID = "invalid"


@frozen
class Demand:
    """One sentence of a clause: `role` as in `Sentence`, the kind of a requirement in words, its label, the text."""

    role: str
    kind: str
    label: str
    text: str


@frozen
class Line:
    """One line of the annex: a clause."""

    number: int
    id: str
    title: str
    advisory: bool
    demands: tuple[Demand, ...]
    notes: tuple[str, ...]
    examples: tuple[tuple[str, str, str], ...]
    """Status, status in words, values."""


@frozen
class Subsection:
    """Some lines under one heading."""

    title: str
    lines: tuple[Line, ...]


@frozen
class Section:
    """Some subsections under one heading."""

    title: str
    subsections: tuple[Subsection, ...]


@frozen
class FactLine:
    """One fact; `places` are the ids and places of the clauses that ask for it."""

    path: str
    label: str
    unit: str
    value: str
    kind: str
    condition: str
    places: tuple[tuple[str, str], ...]


@frozen
class Booklet:
    """A standard in words."""

    language: str
    id: str
    title: str
    head: tuple[str, ...]
    sections: tuple[Section, ...]
    facts: tuple[tuple[str, tuple[FactLine, ...]], ...]
    """The facts of the institution, then those of each record, under a heading."""

    def word(self, name: str, **values: object) -> str:
        """Return a word of the document in its language."""
        return WORDING[name].filled(self.language, values)


def booklet(model: Model, language: str) -> Booklet:
    """Return the standard in `zh` or `en`."""
    return Booklet(
        language=language,
        id=model.id,
        title=visible(model.title),
        head=tuple(_head(model, language)),
        sections=tuple(_sections(model, language)),
        facts=tuple(_facts(model, language)),
    )


def _head(model: Model, language: str) -> Iterator[str]:
    yield visible(model.document)
    if model.annex is not None:
        yield WORDING["annex"].filled(language, {"number": model.annex})
    if model.effective_from is not None:
        yield WORDING["effective"].filled(language, {"day": model.effective_from.isoformat()})
    yield WORDING["clauses"].filled(language, {"number": len(model.clauses)})


def _sections(model: Model, language: str) -> Iterator[Section]:
    for title, clauses in groupby(model.clauses, key=lambda clause: clause.citation.section):
        subsections = (
            Subsection(visible(name), tuple(_line(model, clause, language) for clause in members))
            for name, members in groupby(clauses, key=lambda clause: clause.citation.subsection)
        )
        yield Section(visible(title), tuple(subsections))


def _line(model: Model, clause: Clause, language: str) -> Line:
    return Line(
        number=clause.citation.line,
        id=clause.id,
        title=visible(clause.title),
        advisory=clause.advisory,
        demands=tuple(_demands(model, clause, language)),
        notes=tuple(map(visible, clause.notes)),
        examples=tuple(
            (example.status, _status(example.status, language), visible(example_in_words(model, example, language)))
            for example in clause.examples
        ),
    )


def _demands(model: Model, clause: Clause, language: str) -> Iterator[Demand]:
    for sentence in sentences_of(model, clause, language):
        requirement = sentence.requirement
        kind = "" if requirement is None else in_words(KIND_WORDS[requirement.kind], language)
        label = sentence.name if requirement is None else requirement.label or ""
        if requirement is not None and label in sentence.text:  # that of the one fact that it reads
            label = ""
        yield Demand(sentence.role, kind, visible(label), visible(sentence.text, limit=len(sentence.text)))


def _status(status: str, language: str) -> str:
    return in_words(VERDICT_WORDS[_INVALID] if status == _INVALID else STATUS_WORDS[status], language)


def _facts(model: Model, language: str) -> Iterator[tuple[str, tuple[FactLine, ...]]]:
    for owner, rows in groupby(fact_table(model), key=lambda row: row.owner):
        heading = (
            WORDING["of_record"].filled(language, {"name": owner})
            if owner
            else in_words(WORDING["of_institution"], language)
        )
        yield heading, tuple(_fact(model, row, language) for row in rows)


def _fact(model: Model, row: FactRow, language: str) -> FactLine:
    condition = row.fact.condition
    told = [] if condition is None else expression_in_words(model, condition, language)
    places = (
        (clause.id, visible(f"{clause.citation.subsection} {_line_word(clause, language)}")) for clause in row.clauses
    )
    return FactLine(
        path=row.path,
        label=visible(row.fact.label),
        unit=unit_in_words(row.unit, language),
        value=visible(in_words(row.form, language)),
        kind=in_words(row.kind, language),
        condition=visible(("；" if language == "zh" else "; ").join(told)),
        places=tuple(places),
    )


def _line_word(clause: Clause, language: str) -> str:
    return WORDING["line"].filled(language, {"number": clause.citation.line})
