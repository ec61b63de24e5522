"""A parsed file into a model: declarations first, then everything that may refer to them.

`build` always returns a model, of everything that could be resolved, and every diagnostic; whether an error stops
anything is for the caller to decide.
"""

from collections.abc import Iterable, Iterator
from typing import TypeVar

from cedu_rules.diagnostics import Diagnostic, Hint
from cedu_rules.model import comparisons
from cedu_rules.model.declarations import Declarations
from cedu_rules.model.examples import example_values
from cedu_rules.model.findings import Findings
from cedu_rules.model.graph import Graph, find_cycles, kinds_of_requirements, measure
from cedu_rules.model.ir import Check, Clause, Example, Expression, Fact, Let, Model, Param, Record, Requirement
from cedu_rules.model.resolving import make_resolver
from cedu_rules.model.scope import FactEntry, LetEntry, Names, RecordEntry, Scope
from cedu_rules.model.types import BOOL, FAULTY, describe
from cedu_rules.source import Citation, Span
from cedu_rules.syntax import nodes

STATUSES = ("pass", "fail", "unknown", "not_applicable", "not_met", "invalid")
"""What an example may expect."""

Statement = TypeVar("Statement")


def build(file: nodes.File, broken: Iterable[Span] = ()) -> tuple[Model, tuple[Diagnostic, ...]]:
    """Return the model of everything in `file` that is right, and what is wrong with the rest.

    `broken` are the places that could not be read; nothing is said to be missing that may have stood there.
    """
    builder = _Builder(file, tuple(broken))
    model = builder.model()
    graph = Graph(model)
    find_cycles(model, graph, builder.findings)
    measure(model, graph, builder.findings)
    ordered = sorted(builder.findings.items, key=lambda finding: (finding.span.start, finding.code))
    return kinds_of_requirements(model, graph), tuple(ordered)


class _Builder:
    def __init__(self, file: nodes.File, broken: tuple[Span, ...]) -> None:
        self.file = file
        self.broken = broken
        self.findings = Findings()
        self.names = Names()
        self.resolver = make_resolver(self.names, self.findings)
        self.scope = Scope(self.names)
        Declarations(self.names, self.resolver, self.findings).declare(file.items)

    def model(self) -> Model:
        """Return the model; the header and the names are checked on the way."""
        header = self._only(nodes.StandardStatement, "standard", needed=True)
        source = self._only(nodes.SourceStatement, "source", needed=True)
        effective = self._only(nodes.EffectiveStatement, "effective from", needed=False)
        language = self._only(nodes.LanguageStatement, "language", needed=False)
        document, annex = ("", None) if source is None else (source.document.value, source.annex)
        return Model(
            id="" if header is None else header.name.text,
            title="" if header is None else header.title.value,
            document=document,
            annex=annex,
            effective_from=None if effective is None else effective.first_day,
            language="zh" if language is None else self._language(language),
            source=self.file.source,
            units=tuple(self.names.units.values()),
            params=tuple(self._params()),
            facts=tuple(self._facts(self.names.entries.values(), self.scope)),
            records=tuple(self._record(record) for record in self.names.records.values()),
            checks=tuple(self._checks()),
            lets=tuple(self._lets(self.names.entries.values())),
            clauses=tuple(self._clauses(document, annex)),
        )

    # --- header ---

    def _items(self, kind: type[Statement]) -> Iterator[Statement]:
        return (item for item in self.file.items if isinstance(item, kind))

    def _only(self, kind: type[Statement], word: str, *, needed: bool) -> Statement | None:
        """Return the one statement of its kind."""
        found = list(self._items(kind))
        if not found:
            if needed and not self._may_be_broken(word):
                start = Span(self.file.source, 0, 0)
                self.findings.add("missing-header", start, Hint(f"header-{word}", {}), name=word)
            return None
        for again in found[1:]:
            self.findings.add("repeated-header", again.span, name=word)  # type: ignore[attr-defined]
        return found[0]

    def _may_be_broken(self, word: str) -> bool:
        """Return whether a line that begins with the word could not be read."""
        lines = {span.line for span in self.broken}
        return any(self.file.source.line_text(line).lstrip().startswith(word) for line in lines)

    def _language(self, statement: nodes.LanguageStatement) -> str:
        if statement.name.text not in {"zh", "en"}:
            self.findings.add("unknown-language", statement.name.span, name=statement.name.text)
            return "zh"
        return statement.name.text

    # --- facts, lets, records ---

    def _facts(self, entries: Iterable[FactEntry | LetEntry], scope: Scope) -> Iterator[Fact]:
        for entry in entries:
            if isinstance(entry, FactEntry) and entry.type is not FAULTY:
                condition = None if entry.condition is None else self.resolver.condition(entry.condition, scope)
                otherwise = None if entry.otherwise is None else self._default(entry, entry.otherwise, scope)
                yield Fact(entry.name, entry.type, entry.kind, entry.label, condition, otherwise, entry.span)

    def _default(self, entry: FactEntry, node: nodes.Expression, scope: Scope) -> Expression | None:
        """Return the constant that a fact has where it does not exist."""
        if entry.type.kind not in {"number", "bool", "choice", "level", "date", "text"}:
            self.findings.add("no-default", node.span, found=describe(entry.type))
            return None
        value = self.resolver.member_or_constant(node, entry.type, scope)
        if value is not None and not value.type.same(entry.type):
            self.findings.add("type-mismatch", node.span, found=describe(value.type), expected=describe(entry.type))
            return None
        return value

    def _params(self) -> Iterator[Param]:
        for entry in self.names.entries.values():
            if isinstance(entry, LetEntry) and entry.constant:
                value = self.resolver.let_value(entry)
                if value is not None:
                    yield Param(entry.name, value, entry.span)

    def _lets(self, entries: Iterable[FactEntry | LetEntry]) -> Iterator[Let]:
        for entry in entries:
            if isinstance(entry, LetEntry) and not entry.constant:
                value = self.resolver.let_value(entry)
                if value is not None:
                    yield Let(entry.name, value, entry.span)

    def _record(self, record: RecordEntry) -> Record:
        scope = Scope(self.names, record)
        declarations = [item for item in self._items(nodes.RecordDeclaration) if item.name.span == record.span]
        checks = [
            item
            for declaration in declarations
            for item in declaration.items
            if isinstance(item, nodes.CheckDeclaration)
        ]
        return Record(
            record.name,
            record.key,
            tuple(self._facts(record.entries.values(), scope)),
            tuple(self._check_all(checks, scope)),
            tuple(self._lets(record.entries.values())),
            record.span,
        )

    def _checks(self) -> Iterator[Check]:
        checks = [
            item
            for block in self._items(nodes.FactsBlock)
            for item in block.items
            if isinstance(item, nodes.CheckDeclaration)
        ]
        return self._check_all(checks, self.scope)

    def _check_all(self, checks: list[nodes.CheckDeclaration], scope: Scope) -> Iterator[Check]:
        for check in checks:
            condition = self.resolver.condition(check.condition, scope)
            if condition is not None:
                yield Check(condition, check.message.value, check.span)

    # --- clauses ---

    def _clauses(self, document: str, annex: int | None) -> Iterator[Clause]:
        lines: dict[tuple[str, str], int] = {}
        for section in self._items(nodes.SectionDeclaration):
            guard = None if section.guard is None else self.resolver.condition(section.guard, self.scope)
            place = (section.title.value, section.subtitle.value)
            for clause in section.clauses:
                lines[place] = lines.get(place, 0) + 1
                citation = Citation(document, annex, *place, lines[place])
                yield self._clause(clause, citation, () if guard is None else (guard,))

    def _clause(self, node: nodes.ClauseDeclaration, citation: Citation, outer: tuple[Expression, ...]) -> Clause:
        is_empty = not any(isinstance(statement, nodes.RequirementStatement) for statement in node.statements)
        if is_empty and not any(node.span.start <= span.start < node.span.end for span in self.broken):
            self.findings.add("empty-clause", node.name.span, Hint("write-must", {}), name=node.name.text)
        guards = list(outer)
        requirements: list[Requirement] = []
        notes: list[str] = []
        examples: list[Example] = []
        for statement in node.statements:
            match statement:
                case nodes.GuardStatement():
                    guards.extend(self._guard(statement))
                case nodes.RequirementStatement():
                    requirements.extend(self._requirement(statement))
                case nodes.NoteStatement():
                    notes.append(statement.text.value)
                case nodes.ExampleStatement():
                    examples.extend(self._example(statement))
        contents = (tuple(guards), tuple(requirements), tuple(notes), tuple(examples))
        return Clause(node.name.text, node.title.value, citation, *contents, node.span)

    def _guard(self, statement: nodes.GuardStatement) -> Iterator[Expression]:
        condition = self.resolver.condition(statement.condition, self.scope)
        if condition is not None:
            yield (
                condition
                if statement.word == "when"
                else Expression("not", (condition,), None, BOOL, statement.condition.span)
            )

    def _requirement(self, statement: nodes.RequirementStatement) -> Iterator[Requirement]:
        demand = statement.demand
        label = None if statement.label is None else statement.label.value
        if isinstance(demand, (nodes.Shown, nodes.Judged)):
            entry = self.names.entries.get(demand.name.text)
            if not isinstance(entry, FactEntry) or entry.span != demand.span:
                return  # the name was taken, told already
            condition = self._shown(demand, entry)
            label = label or demand.label.value
        else:
            found = comparisons.condition(self.resolver.resolve(demand, self.scope), self.findings)
            if found is None:
                return
            condition = found
        yield Requirement(statement.modality, "measured", condition, label, demand.span)

    @staticmethod
    def _shown(demand: nodes.Shown | nodes.Judged, entry: FactEntry) -> Expression:
        """Return the condition that a fact declared in place is there, a set with every member."""
        fact = Expression("fact", (), entry.name, entry.type, demand.name.span)
        if entry.type.kind != "set":
            return fact
        members = tuple(member.name for member in entry.type.members)
        return Expression("includes", (fact,), members, BOOL, demand.span)

    def _example(self, statement: nodes.ExampleStatement) -> Iterator[Example]:
        status = statement.status.text
        if status not in STATUSES:
            self.findings.add("unknown-status", statement.status.span, name=status, expected=", ".join(STATUSES))
            return
        values = example_values(statement, self.names, self.resolver, self.findings)
        if values is not None:
            yield Example(status, values, statement.span)
