"""Declarations, sections and clauses as the grammar found them into nodes: one method a rule, named like the rule.

Where recovery left a gap, `Erroneous` is among the parts; what cannot be told without it is left out.
"""

import re
from collections.abc import Iterable

from cedu_rules.diagnostics import Hint
from cedu_rules.source import Span
from cedu_rules.syntax import nodes
from cedu_rules.syntax.expressions import ExpressionBuilder, Part, Word
from cedu_rules.syntax.nodes import Erroneous, Expression, Name, Text

_NAME = re.compile(r"(?!\d)\w+")


class Builder(ExpressionBuilder):
    """Builds all nodes of one source."""

    # --- the file ----------------------------------------------------------------------------------------------------

    def file(self, _span: Span, parts: list[Part]) -> tuple[nodes.Item, ...]:
        """Return the items of a file."""
        return tuple(_healthy(parts))

    def source_statement(self, span: Span, parts: list[Part]) -> nodes.SourceStatement:
        """Build the node of `source "…" annex 2`."""
        document, *number = parts
        if not number:
            return nodes.SourceStatement(document, None, span=span)
        value = self.number_value(number[0])
        if value is not None and value.denominator != 1:
            self.report("fractional-annex", number[0].span, found=number[0].text)
        return nodes.SourceStatement(document, None if value is None else int(value), span=span)

    def effective_statement(self, span: Span, parts: list[Part]) -> nodes.EffectiveStatement | Erroneous:
        """Build the node of `effective from 2022-09-01`."""
        day = self.date_value(parts[0])
        return Erroneous(span=span) if day is None else nodes.EffectiveStatement(day, span=span)

    def unit_declaration(self, span: Span, parts: list[Part]) -> nodes.UnitDeclaration:
        """Build the node of `unit 学时 = 45 minutes`."""
        return nodes.UnitDeclaration(parts[0], parts[-1] if len(parts) > 1 else None, span=span)

    def type_declaration(self, span: Span, parts: list[Part]) -> nodes.TypeDeclaration:
        """Build the node of `type Degree = level { … }`."""
        return nodes.TypeDeclaration(parts[0], parts[-1], span=span)

    def param_declaration(self, span: Span, parts: list[Part]) -> nodes.ParamDeclaration:
        """Build the node of `param fund_per_resident = 1 yuan`."""
        name, _equal, value = parts
        self.declared.add(name.text)
        return nodes.ParamDeclaration(name, value, span=span)

    def let_declaration(self, span: Span, parts: list[Part]) -> nodes.LetDeclaration:
        """Build the node of `let registration = registered / residents`."""
        name, _equal, value = parts
        self.declared.add(name.text)
        return nodes.LetDeclaration(name, value, span=span)

    def facts_block(self, span: Span, parts: list[Part]) -> nodes.FactsBlock:
        """Build the node of `facts { … }`."""
        return nodes.FactsBlock(tuple(_healthy(parts)), span=span)

    def record_declaration(self, span: Span, parts: list[Part]) -> nodes.RecordDeclaration | Erroneous:
        """Build the node of `record Teacher key name { … }`."""
        head, *rest = parts
        key = None
        if isinstance(head, Erroneous):
            head = _first_name(head)
        elif rest and isinstance(rest[0], Name):
            key, *rest = rest
        if head is None:
            return Erroneous(span=span)
        items = _healthy(rest)
        lets = tuple(item for item in items if isinstance(item, nodes.LetDeclaration))
        return nodes.RecordDeclaration(head, key, tuple(items[: len(items) - len(lets)]), lets, span=span)

    def fact_declaration(self, span: Span, parts: list[Part]) -> nodes.FactDeclaration:
        """Build the node of `area : m2 when site = independent else 0 m2 "…"`; its type may be Erroneous."""
        name, *rest = parts
        self.declared.add(name.text)
        kind = "measured"
        if isinstance(rest[0], Word):
            kind = rest.pop(0).text
        if isinstance(rest[-1], Erroneous):
            nothing = Text("", span=Span(self.source, span.end, span.end))
            condition = rest[-1] if len(rest) > 1 else None
            return nodes.FactDeclaration(name, kind, rest[0], condition, None, nothing, span=span)
        declared_type, *existence, label = rest
        condition, otherwise = existence[0] if existence else (None, None)
        return nodes.FactDeclaration(name, kind, declared_type, condition, otherwise, label, span=span)

    def existence(self, _span: Span, parts: list[Part]) -> tuple[Expression, Expression | None]:
        """Return condition and substitute of a fact that exists only `when … else …`."""
        _when, condition, *otherwise = parts
        return condition, otherwise[0] if otherwise else None

    def check_declaration(self, span: Span, parts: list[Part]) -> nodes.CheckDeclaration:
        """Build the node of `check registered <= residents "…"`."""
        condition, message = parts
        return nodes.CheckDeclaration(condition, message, span=span)

    # --- types -------------------------------------------------------------------------------------------------------

    def type_name(self, span: Span, parts: list[Part]) -> Name:
        """Build the name of a type."""
        return Name(parts[0].text, span=span)

    def members_type(self, span: Span, parts: list[Part]) -> nodes.MembersType:
        """Build the node of `choice { a "…", b "…" }` and its kin."""
        members = tuple(part for part in parts if isinstance(part, nodes.Member))
        return nodes.MembersType(parts[0].text, members, span=span)

    def bound(self, span: Span, parts: list[Part]) -> Expression:
        """Build an end of a range: a literal, with `-` where it is below zero."""
        if isinstance(parts[0], Word) and parts[0].kind == "MINUS":
            _sign, *number = parts
            return nodes.Minus(self.bound(Span(self.source, number[0].span.start, span.end), number), span=span)
        if parts[0].kind == "DATE":
            return self.date_literal(span, parts)
        return self.number_literal(span, parts) if len(parts) == 1 else self.quantity_literal(span, parts)

    # --- sections and clauses ----------------------------------------------------------------------------------------

    def section_declaration(self, span: Span, parts: list[Part]) -> nodes.SectionDeclaration:
        """Build the node of a section; without a readable head its titles are empty."""
        guard: Expression | None = None
        if parts and isinstance(parts[0], Erroneous):
            guard, *clauses = parts
            nothing = Text("", span=guard.span)
            return nodes.SectionDeclaration(nothing, nothing, guard, tuple(_healthy(clauses)), span=span)
        title, subtitle, *clauses = parts
        if clauses and isinstance(clauses[0], Word):
            _when, guard, *clauses = clauses
        return nodes.SectionDeclaration(title, subtitle, guard, tuple(_healthy(clauses)), span=span)

    def clause_declaration(self, span: Span, parts: list[Part]) -> nodes.ClauseDeclaration | Erroneous:
        """Build the node of a clause; without a readable head its title is empty."""
        head, *rest = parts
        if isinstance(head, Erroneous):
            name, title = _first_name(head), Text("", span=head.span)
        else:
            name, (title, *rest) = head, rest
        if name is None:
            return Erroneous(span=span)
        return nodes.ClauseDeclaration(name, title, tuple(_healthy(rest)), span=span)

    def requirement_statement(self, span: Span, parts: list[Part]) -> nodes.RequirementStatement:
        """Build the node of `must …` or `should …`."""
        modality, demand, *label = parts
        return nodes.RequirementStatement(modality.text, demand, label[0] if label else None, span=span)

    def shown(self, span: Span, parts: list[Part]) -> nodes.Shown:
        """Build the node of `show rooms "…" with { … }`."""
        name, label, *members = parts
        self.declared.add(name.text)
        return nodes.Shown(name, label, tuple(members) or None, span=span)

    def judged(self, span: Span, parts: list[Part]) -> nodes.Judged:
        """Build the node of `judge enough_teachers "…"`."""
        name, label = parts
        self.declared.add(name.text)
        return nodes.Judged(name, label, span=span)

    def guard_statement(self, span: Span, parts: list[Part]) -> nodes.GuardStatement:
        """Build the node of `when …` or `unless …`."""
        word, condition = parts
        return nodes.GuardStatement(word.text, condition, span=span)

    # --- examples ----------------------------------------------------------------------------------------------------

    def year(self, span: Span, parts: list[Part]) -> Name:
        """Build the key of an entry of a series: the digits of the year."""
        number, *words = parts
        if not re.fullmatch(r"\d{4}", number.text) or any(word.text != "年" for word in words):
            self.report("no-year", span, Hint("year", {}), found=span.text)
        return Name(number.text, span=span)

    def all_members(self, span: Span, _parts: list[Part]) -> nodes.AllMembers:
        """Build the node of `all` as a value."""
        return nodes.AllMembers(span=span)


def _healthy(parts: Iterable[Part]) -> list[Part]:
    return [part for part in parts if not isinstance(part, Erroneous)]


def _first_name(gap: Erroneous) -> Name | None:
    """Return the name that a head which could not be read begins with, so that its block is still known by it."""
    match = _NAME.match(gap.span.text)
    return (
        None
        if match is None
        else Name(match[0], span=Span(gap.span.source, gap.span.start, gap.span.start + match.end()))
    )
