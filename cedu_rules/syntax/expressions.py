"""Expressions as the grammar found them into nodes: one method a rule, named like the rule.

Each takes the span and the parts: nodes, and `Word`s for the words and marks that the grammar keeps.
"""

import re
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from typing import Any, NamedTuple, TypeAlias

from cedu_rules.diagnostics import Diagnostic, Hint
from cedu_rules.source import Source, Span
from cedu_rules.syntax import nodes
from cedu_rules.syntax.nodes import Erroneous, Expression, Name, Text
from cedu_rules.syntax.normalise import REPLACEMENT
from cedu_rules.units import DIGITS_LIMIT, find_unit, parse_number

# What the grammar hands over is untyped: rules and words, in the order that the grammar gives them.
Part: TypeAlias = Any


class Word(NamedTuple):
    """A word or mark that the grammar keeps: `kind` is its terminal, `text` is normalised."""

    kind: str
    text: str
    span: Span


def _last(parts: list[Part]) -> list[Part]:
    return parts[-1:]


def _together(parts: list[Part]) -> list[Part]:
    return [tuple(parts)]


def _headed(parts: list[Part]) -> list[Part]:
    return [parts[0], tuple(parts[1:])]


# Rules that need no thought: the node, and how the parts become its fields.
SHAPES: dict[str, tuple[Callable[..., Part], Callable[[list[Part]], list[Part]]]] = {
    "field_reference": (nodes.FieldReference, list),
    "index": (nodes.Index, list),
    "negation": (nodes.Negation, list),
    "between": (nodes.Between, list),
    "named_type": (nodes.NamedType, list),
    "ranged_type": (nodes.RangedType, list),
    "note_statement": (nodes.NoteStatement, list),
    "unknown_value": (nodes.UnknownValue, list),
    "entry": (nodes.Entry, list),
    "standard_statement": (nodes.StandardStatement, list),
    "language_statement": (nodes.LanguageStatement, list),
    "minus": (nodes.Minus, _last),
    "signed_type": (nodes.SignedType, _last),
    "yearly_type": (nodes.YearlyType, _last),
    "list_type": (nodes.ListType, _last),
    "conjunction": (nodes.Conjunction, _together),
    "disjunction": (nodes.Disjunction, _together),
    "brace_value": (nodes.BraceValue, _together),
    "entries_value": (nodes.EntriesValue, _together),
    "list_value": (nodes.ListValue, _together),
    "table": (nodes.Table, _headed),
    "membership": (nodes.Membership, _headed),
    "at_least": (nodes.AtLeast, _headed),
    "member": (nodes.Member, _headed),
    "example_statement": (nodes.ExampleStatement, _headed),
}
_OPERATORS = {"EQUAL": "=", "UNEQUAL": "!=", "LESS": "<", "AT_MOST": "<=", "MORE": ">", "AT_LEAST": ">="}
_ESCAPE = re.compile(r"\\(.?)", re.DOTALL)
_UNPRINTABLE = re.compile(f"[\x00-\x08\x0b-\x1f\x7f{REPLACEMENT}]")
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_BRACKETS = frozenset("()（）")


class ExpressionBuilder:
    """Builds the nodes of one source and collects what is wrong with literals and quotients in it."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.diagnostics: list[Diagnostic] = []
        self.declared: set[str] = set()
        self._rates: list[tuple[str, Diagnostic]] = []

    def report(self, code: str, span: Span, hint: Hint | None = None, **values: object) -> None:
        """Take down one diagnostic."""
        self.diagnostics.append(Diagnostic(code, span, values, hint))

    def build(self, rule: str, span: Span, parts: list[Part]) -> Part:
        """Return what `rule` stands for, made of its parts."""
        shape = SHAPES.get(rule)
        if shape is None:
            return getattr(self, rule)(span, parts)
        node, arrange = shape
        return node(*arrange(parts), span=span)

    def report_rates(self) -> None:
        """Report the quotients such as `5 yuan / 人` whose divisor is a unit and nothing that the file declares."""
        self.diagnostics.extend(diagnostic for name, diagnostic in self._rates if name not in self.declared)

    # --- words and literals ------------------------------------------------------------------------------------------

    def name(self, span: Span, parts: list[Part]) -> Name:
        """Build the node of a name."""
        return Name(parts[0].text, span=span)

    def text(self, span: Span, parts: list[Part]) -> Text:
        """Build the node of a text in quotes."""
        return Text(self.text_value(parts[0]), span=span)

    def text_value(self, word: Word) -> str:
        """Return what stands between the quotes, with its escapes undone."""
        start = word.span.start + 1
        for match in _ESCAPE.finditer(word.text[1:-1]):
            if match[1] not in ('"', "\\"):
                place = Span(self.source, start + match.start(), start + match.end())
                self.report("unknown-escape", place, Hint("escapes", {}), found=match[0])
        for match in _UNPRINTABLE.finditer(word.text[1:-1]):
            place = Span(self.source, start + match.start(), start + match.end())
            self.report("unexpected-character", place, found=f"U+{ord(place.text):04X}")
        return _ESCAPE.sub(r"\1", _UNPRINTABLE.sub(REPLACEMENT, word.text[1:-1]))

    def number_value(self, word: Word) -> Fraction | None:
        """Return the exact value of a number, or None where it is too long."""
        digits = word.text.replace(",", "")
        if digits != word.text:
            self.report("grouped-digits", word.span, Hint("ungrouped", {"number": digits}), found=word.text)
        value = parse_number(digits)
        if value is None:
            self.report("long-number", word.span, limit=DIGITS_LIMIT)
        return value

    def date_value(self, word: Word) -> date | None:
        """Return the day that a date names, or None where there is no such day."""
        if _ISO_DATE.fullmatch(word.text) is None:
            self.report("date-spelling", word.span, Hint("date-spelling", {}), found=word.text)
            return None
        try:
            return date.fromisoformat(word.text)
        except ValueError:
            self.report("impossible-date", word.span, found=word.text)
            return None

    def number_literal(self, span: Span, parts: list[Part]) -> Expression:
        """Build the node of `500`."""
        value = self.number_value(parts[0])
        return Erroneous(span=span) if value is None else nodes.NumberLiteral(value, span=span)

    def quantity_literal(self, span: Span, parts: list[Part]) -> Expression:
        """Build the node of `500 m2`."""
        value = self.number_value(parts[0])
        if value is None:
            return Erroneous(span=span)
        unit = Name("%", span=parts[1].span) if isinstance(parts[1], Word) else parts[1]
        return nodes.QuantityLiteral(value, unit, span=span)

    def date_literal(self, span: Span, parts: list[Part]) -> Expression:
        """Build the node of `2022-09-01`."""
        value = self.date_value(parts[0])
        return Erroneous(span=span) if value is None else nodes.DateLiteral(value, span=span)

    def text_literal(self, span: Span, parts: list[Part]) -> Expression:
        """Build the node of a text that is an operand."""
        return nodes.TextLiteral(self.text_value(parts[0]), span=span)

    def bool_literal(self, span: Span, parts: list[Part]) -> Expression:
        """Build the node of `yes` or `no`."""
        return nodes.BoolLiteral(parts[0].kind == "YES", span=span)

    # --- names, calls and tables -------------------------------------------------------------------------------------

    def name_reference(self, span: Span, parts: list[Part]) -> Expression:
        """Build the node of a name that stands for a value."""
        return nodes.NameReference(parts[0].text, span=span)

    def call(self, span: Span, parts: list[Part]) -> Expression:
        """Build the node of `ceil(x)`."""
        return nodes.Call(_function(parts[0]), tuple(parts[1:]), span=span)

    def comprehension(self, span: Span, parts: list[Part]) -> Expression:
        """Build the node of `count(distinct t.name for t in teachers where t.full_time)`."""
        function, *rest = parts
        distinct = isinstance(rest[0], Word)
        body, variable, source, *condition = rest[distinct:]
        self.declared.add(variable.text)
        where = condition[0] if condition else None
        return nodes.Comprehension(_function(function), distinct, body, variable, source, where, span=span)

    def row(self, span: Span, parts: list[Part]) -> nodes.Row:
        """Build one row of a table."""
        if len(parts) == 1:
            return nodes.Row(None, None, parts[0], span=span)
        *operator, bound, value = parts
        return nodes.Row(_OPERATORS[operator[0].kind] if operator else "=", bound, value, span=span)

    # --- operators ---------------------------------------------------------------------------------------------------

    def arithmetic(self, span: Span, parts: list[Part]) -> Expression:
        """Build the node of a chain of `+ -` or of `* /`."""
        first, *rest = parts
        pairs = tuple((operator.text, operand) for operator, operand in zip(rest[::2], rest[1::2], strict=True))
        left = first
        for operator, right in pairs:
            if operator == "/" and not _BRACKETS & set(self.source.text[left.span.end : right.span.start]):
                self._check_quotient(left, right)
            left = right
        return nodes.Arithmetic(first, pairs, span=span)

    def _check_quotient(self, left: Expression, right: Expression) -> None:
        place = left.span.to(right.span)
        match left, right:
            case nodes.NumberLiteral(), nodes.QuantityLiteral():
                values = {"number": left.span.text, "divisor": str(right.value), "unit": right.unit.text}
                self.report("fraction-with-unit", place, Hint("fraction-with-unit", values), found=place.text)
            case nodes.QuantityLiteral(), nodes.NameReference() if find_unit(right.name) is not None:
                hint = Hint("rate", {"amount": left.span.text})
                self._rates.append((right.name, Diagnostic("compound-unit", place, {"found": place.text}, hint)))

    def comparison(self, span: Span, parts: list[Part]) -> Expression:
        """Build the node of `area >= 500 m2`."""
        left, operator, right = parts
        return nodes.Comparison(_OPERATORS[operator.kind], left, right, span=span)

    def inclusion(self, span: Span, parts: list[Part]) -> Expression:
        """Build the node of `rooms includes { training }` or `rooms includes all`."""
        members = None if isinstance(parts[1], Word) else tuple(parts[1:])
        return nodes.Inclusion(parts[0], members, span=span)

    def conditional(self, span: Span, parts: list[Part]) -> Expression:
        """Build the node of `if A then B else C`."""
        condition, consequence, *alternative = parts
        return nodes.Conditional(condition, consequence, alternative[0] if alternative else None, span=span)

    def bracketed(self, _span: Span, parts: list[Part]) -> Expression:
        """Return what stands in the brackets."""
        value: Expression = parts[0]
        return value

    def expression(self, _span: Span, parts: list[Part]) -> Expression:
        """Return an expression that stands alone."""
        value: Expression = parts[0]
        return value


def _function(part: Name | Word) -> Name:
    return Name(part.text, span=part.span)
