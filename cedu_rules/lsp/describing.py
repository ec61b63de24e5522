"""Symbols, words and units into what a reader is shown about them, as Markdown, in Chinese or English."""

import re
from collections.abc import Iterable, Iterator

from attrs import frozen

from cedu_rules.explain.phrasing import expression_in_words, sentences_of
from cedu_rules.explain.sentences import KIND_WORDS
from cedu_rules.lsp import words
from cedu_rules.lsp.reading import Reading
from cedu_rules.lsp.symbols import Symbol
from cedu_rules.messages import Words
from cedu_rules.model.ir import Clause, Expression, Model
from cedu_rules.model.types import Type, describe
from cedu_rules.source import Span
from cedu_rules.syntax import nodes
from cedu_rules.syntax.keywords import Keyword
from cedu_rules.units import UNITS, Unit, describe_dimension, plain_number

_MARKS = re.compile(r"([\\`*_{}\[\]<>#|!~])")
_SHOWN = 20
_LONGEST = 400


def escaped(text: str) -> str:
    """Return a text of the author so that Markdown shows it as it is."""
    return _MARKS.sub(r"\\\1", text)


def one_line(span: Span) -> str:
    """Return what stands at a span, on one line, cut where it is long."""
    text = " ".join(span.text.split())
    return text if len(text) <= _LONGEST else text[:_LONGEST] + " …"


def code(text: str) -> str:
    """Return Markdown that shows a text as code."""
    return f"`` {text} ``" if "`" in text else f"`{text}`"


@frozen
class Describer:
    """Describes what stands in a reading, in a language."""

    reading: Reading
    language: str

    def say(self, phrase: Words, **values: object) -> str:
        """Return a phrase in the language."""
        return phrase.filled(self.language, values)

    def line(self, name: Words, text: str) -> str:
        """Return `- name: text`."""
        return f"- {self.say(name)}{'：' if self.language == 'zh' else ': '}{text}"

    def symbol(self, symbol: Symbol, *, in_full: bool = True) -> str:
        """Return what there is to say about a symbol; not `in_full`, nothing that needs the model."""
        return "\n".join([self.title(symbol), "", *self._lines(symbol, in_full=in_full)])

    def title(self, symbol: Symbol) -> str:
        """Return the name of a symbol, its label and what it is."""
        kind = self.say(words.KINDS[symbol.kind], owner=symbol.owner)
        if symbol.kind == "let" and symbol.owner:
            kind += f" (`{symbol.owner}`)"
        label = label_of(symbol)
        return f"**{escaped(label)}** — {code(symbol.name)} {kind}" if label else f"{code(symbol.name)} — {kind}"

    def _lines(self, symbol: Symbol, *, in_full: bool) -> Iterator[str]:
        match symbol.node:
            case nodes.FactDeclaration() | nodes.Shown() | nodes.Judged():
                yield from self._fact(symbol)
            case nodes.LetDeclaration(value=value) | nodes.ParamDeclaration(value=value):
                yield self.line(words.VALUE, code(one_line(value.span)))
                yield from self._type_of(symbol)
                if in_full:
                    yield from self._value_in_words(symbol)
            case nodes.TypeDeclaration() | nodes.Member():
                yield from self._members(symbol)
            case nodes.RecordDeclaration():
                yield from self._fields(symbol.name)
            case nodes.Comprehension():
                yield from self._fields(symbol.owner)
                return
            case nodes.UnitDeclaration(value=value):
                if value is not None:
                    yield self.line(words.VALUE, code(one_line(value.span)))
            case nodes.ClauseDeclaration():
                yield from self._clause(symbol) if in_full else ()
        yield "- " + self.say(words.DECLARED, line=symbol.span.line)

    def _fact(self, symbol: Symbol) -> Iterator[str]:
        yield from self._type_of(symbol)
        yield self.line(words.KIND, self.say(KIND_WORDS[kind_of(symbol)]))
        if isinstance(symbol.node, nodes.FactDeclaration):
            if symbol.node.condition is not None:
                yield self.line(words.EXISTS, code(one_line(symbol.node.condition.span)))
            if symbol.node.otherwise is not None:
                yield self.line(words.OTHERWISE, code(one_line(symbol.node.otherwise.span)))
        yield from self._members(symbol)
        used = self._clauses_with(symbol)
        if used:
            shown = [f"{code(clause.name.text)} {escaped(clause.title.value)}" for clause in used[:_SHOWN]]
            more = [f"… (+{len(used) - _SHOWN})"] if len(used) > _SHOWN else []
            yield self.line(words.USED, "".join(f"\n  - {each}" for each in [*shown, *more]))
        else:
            yield "- " + self.say(words.NOT_USED)

    def _type_of(self, symbol: Symbol) -> Iterator[str]:
        type_ = self.reading.index.types.of_symbol(symbol)
        written = symbol.node.type if isinstance(symbol.node, nodes.FactDeclaration) else None
        if type_ is not None:
            is_counted = type_.kind == "number" and type_.whole and not type_.dimension
            text = self.say(words.BUILT_IN["count"] if is_counted else describe(type_))
            is_short = written is not None and not isinstance(written, nodes.MembersType)
            shown = (
                f"{code(one_line(written.span))}{self.say(words.ASIDE, text=text)}" if is_short and written else text
            )
            yield self.line(words.TYPE, shown)

    def _members(self, symbol: Symbol) -> Iterator[str]:
        """Yield the members of a fact or type; of a member the labels and the whole type around it."""
        index = self.reading.index
        type_ = index.types.of_symbol(symbol)
        if isinstance(symbol.node, nodes.Member) and len(symbol.node.labels) > 1:
            yield self.line(words.LABELS, "、".join(escaped(label.value) for label in symbol.node.labels))
        if type_ is None or not type_.members:
            return
        sign = "\n  - " if type_.kind != "level" else "\n  1. "
        members = [f"{code(member.name)} {escaped(member.label)}" for member in type_.members]
        yield self.line(words.MEMBERS, "".join(sign + member for member in members))

    def _fields(self, record: str) -> Iterator[str]:
        fields = self.reading.index.symbols.fields.get(record, {})
        if fields:
            shown = [f"\n  - {code(name)} {escaped(label_of(each))}" for name, each in fields.items()]
            yield self.line(words.FIELDS, "".join(shown))

    def _clauses_with(self, symbol: Symbol) -> list[nodes.ClauseDeclaration]:
        """Return the clauses that name the symbol outside of their examples."""
        starts = [each.span.start for each in self.reading.index.of(symbol) if each.span != symbol.span]
        if isinstance(symbol.node, nodes.Shown | nodes.Judged):
            starts.append(symbol.span.start)
        clauses = [clause for section in self.reading.index.symbols.sections for clause in section.clauses]
        return [clause for clause in clauses if any(_asks_at(clause, start) for start in starts)]

    # --- with the model ----------------------------------------------------------------------------------------------

    def _clause(self, symbol: Symbol) -> Iterator[str]:
        """Yield the citation of a clause, what it asks in words, its notes."""
        model = self.reading.model
        clause = next((each for each in model.clauses if each.span.start <= symbol.span.start <= each.span.end), None)
        if clause is None or self._is_wrong(clause):
            yield from self._as_written(symbol)
            return
        yield f"*{escaped(clause.citation.in_words(self.language))}*"
        yield ""
        for text in self._said(model, clause):
            yield f"- {escaped(text)}"
        if clause.advisory:
            yield "- " + self.say(words.ADVISORY)
        for note in clause.notes:
            yield f"\n> {escaped(note)}"
        yield ""
        if clause.examples:
            yield "- " + self.say(words.EXAMPLES, number=len(clause.examples))

    def _is_wrong(self, clause: Clause) -> bool:
        """Tell whether there is an error in a clause, so that what the model has of it is not all that it says."""
        start, end = clause.span.start, clause.span.end
        errors = (each.span.start for each in self.reading.loaded if each.severity == "error")
        return any(start <= place <= end for place in errors)

    def _said(self, model: Model, clause: Clause) -> Iterable[str]:
        for sentence in sentences_of(model, clause, self.language):
            requirement = sentence.requirement
            label = "" if requirement is None else requirement.label or ""
            aside = self.say(words.ASIDE, text=label) if label and label not in sentence.text else ""
            yield sentence.line(self.language) + aside

    def _as_written(self, symbol: Symbol) -> Iterator[str]:
        """Yield the demands of a clause that is not right, as the author wrote them."""
        if isinstance(symbol.node, nodes.ClauseDeclaration):
            for statement in symbol.node.statements:
                if isinstance(statement, nodes.RequirementStatement | nodes.GuardStatement):
                    yield f"- {code(one_line(statement.span))}"

    def _value_in_words(self, symbol: Symbol) -> Iterator[str]:
        model = self.reading.model
        value: Expression | None = None
        if not symbol.owner:
            let = model.lets_by_name.get(symbol.name)
            value = None if let is None else let.value
        elif symbol.owner in model.records_by_name:
            let = model.records_by_name[symbol.owner].lets_by_name.get(symbol.name)
            value = None if let is None else let.value
        if value is not None:
            first, *rest = expression_in_words(model, value, self.language)
            yield self.line(words.IN_WORDS, escaped(first))
            yield from (f"  - {escaped(text)}" for text in rest)

    # --- words that are no symbols -----------------------------------------------------------------------------------

    def unit(self, word: str, unit: Unit) -> str:
        """Return what there is to say about a unit that stands behind a number."""
        lines = [f"**{word}**", ""]
        if unit.counter and unit.factor == 1:
            lines.append("- " + self.say(words.COUNTER))
        elif unit.dimension:
            base = describe_dimension(unit.dimension)
            lines.append("- " + self.say(words.DIMENSION, dimension=base))
            if unit.factor != 1:
                lines.append("- " + self.say(words.EQUALS, name=word, factor=plain_number(unit.factor), base=base))
        else:
            lines.append("- " + self.say(words.EQUALS, name=word, factor=plain_number(unit.factor), base=""))
        others = [code(spelling) for spelling, known in UNITS.items() if known == unit and spelling != word]
        if others:
            lines.append(self.line(words.SPELLINGS, ", ".join(others)))
        return "\n".join(lines)

    def keyword(self, keyword: Keyword) -> str:
        """Return what a word of the language is for."""
        return f"**{keyword.text}** — {self.say(keyword.meaning)}"

    def word(self, name: str) -> str | None:
        """Return what a function, built-in type or other name of the language is, or None."""
        if name in words.FUNCTIONS:
            form, meaning = words.FUNCTIONS[name]
            return f"`{form}`\n\n{self.say(meaning)}"
        meaning_of = words.MAGIC.get(name) or words.BUILT_IN.get(name)
        return None if meaning_of is None else f"**{escaped(name)}** — {self.say(meaning_of)}"


def _asks_at(clause: nodes.ClauseDeclaration, offset: int) -> bool:
    return any(
        statement.span.start <= offset < statement.span.end
        for statement in clause.statements
        if not isinstance(statement, nodes.ExampleStatement)
    )


def label_of(symbol: Symbol) -> str:
    """Return the label or title of a symbol, empty where it has none."""
    match symbol.node:
        case nodes.FactDeclaration(label=label) | nodes.Shown(label=label) | nodes.Judged(label=label):
            return label.value
        case nodes.ClauseDeclaration(title=title):
            return title.value
        case nodes.Member(labels=(first, *_)):
            return first.value
    return ""


def kind_of(symbol: Symbol) -> str:
    """Return `measured`, `documented` or `judged`."""
    match symbol.node:
        case nodes.FactDeclaration(kind=kind):
            return kind
        case nodes.Shown():
            return "documented"
    return "judged"


def short_type(type_: Type | None, language: str) -> str:
    """Return a type in a few words: its unit, or what it is."""
    if type_ is None:
        return ""
    if type_.kind == "number" and type_.unit.name:
        return type_.unit.name
    return describe(type_).filled(language, {}).replace("`", "")
