"""Tests that the text of a standard is read as the language says: constructs, slips, recovery, any text whatever."""

import re
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from cedu_rules.diagnostics import Diagnostic
from cedu_rules.source import Source, Span
from cedu_rules.syntax import nodes
from cedu_rules.syntax.declarations import Builder
from cedu_rules.syntax.expressions import SHAPES
from cedu_rules.syntax.grammar import build_parser
from cedu_rules.syntax.keywords import RESERVED
from cedu_rules.syntax.nodes import Erroneous, Expression, Name, NameReference, Text
from cedu_rules.syntax.parser import parse, parse_expression

CASES = Path(__file__).parent / "cases" / "syntax"
NOWHERE = Span(Source("nowhere", ""), 0, 0)


def read(text: str) -> Expression:
    """Return the node of an expression that has to be healthy."""
    expression, diagnostics = parse_expression(Source("expression", text))

    assert diagnostics == ()
    return expression


def read_file(text: str) -> tuple[nodes.Item, ...]:
    """Return the items of a file that has to be healthy."""
    file, diagnostics = parse(Source("file", text))

    assert diagnostics == ()
    return file.items


def name(text: str) -> Name:
    """Return the node of a name."""
    return Name(text, span=NOWHERE)


def text(value: str) -> Text:
    """Return the node of a text."""
    return Text(value, span=NOWHERE)


def ref(word: str) -> NameReference:
    """Return the node of a name that stands for a value."""
    return NameReference(word, span=NOWHERE)


def num(value: str) -> nodes.NumberLiteral:
    """Return the node of a number."""
    return nodes.NumberLiteral(Fraction(value), span=NOWHERE)


def qty(value: str, unit: str) -> nodes.QuantityLiteral:
    """Return the node of a number with a unit."""
    return nodes.QuantityLiteral(Fraction(value), name(unit), span=NOWHERE)


def comparison(operator: str, left: Expression, right: Expression) -> nodes.Comparison:
    """Return the node of a comparison."""
    return nodes.Comparison(operator, left, right, span=NOWHERE)


A, B, C, T = ref("a"), ref("b"), ref("c"), ref("t")


class TestGrammar:
    """The grammar as a whole."""

    def test_strict(self) -> None:
        """A strict build finds no conflict and no two terminals that meet."""
        parser = build_parser(strict=True)

        assert parser.options.strict

    def test_rules_have_methods(self) -> None:
        """Each rule that can stay in the tree is known to the builder."""
        rules = {
            rule.alias or rule.origin.name for rule in build_parser().rules if not rule.options.expand1 or rule.alias
        }
        names = {str(rule) for rule in rules if not rule.startswith("_")}

        assert [rule for rule in sorted(names) if rule not in SHAPES and not hasattr(Builder, rule)] == []

    def test_reserved_words(self) -> None:
        """The words that recovery takes for reserved are those that the grammar refuses as names."""
        [pattern] = [terminal.pattern.value for terminal in build_parser().terminals if terminal.name == "NAME"]
        match = re.match(r"\(\?!\(([a-z|]+)\)", pattern)

        assert match is not None
        assert set(RESERVED) == set(match[1].split("|"))

    @pytest.mark.parametrize("word", sorted(RESERVED))
    def test_reserved_word_is_no_name(self, word: str) -> None:
        """A reserved word in the place of a name is one error with a hint."""
        file, diagnostics = parse(Source("file", f"type {word} = m2"))

        assert [("unexpected-word", word, "reserved-word")] == [outline(each) for each in diagnostics]
        assert len(file.items) == 1

    @pytest.mark.parametrize(
        "word",
        [
            "standard",
            "source",
            "annex",
            "effective",
            "from",
            "language",
            "type",
            "unit",
            "level",
            "set",
            "choice",
            "list",
            "yearly",
            "signed",
            "documented",
            "judged",
            "key",
            "with",
            "least",
            "to",
            "reading",
            "unknown",
            "count",
            "pass",
            "number",
            "date",
            "text",
            "bool",
            "percent",
        ],
    )
    def test_other_words_are_names(self, word: str) -> None:
        """Every other word can name a fact, a field, a member, a variable, a function and an operand."""
        items = read_file(
            f'facts {{ {word} : choice {{ {word} "甲" }} "乙" }} record R key {word} {{ {word} : {word} "丙" }}'
            f"let {word} = {word}({word}) + t.{word} + count({word} for {word} in {word}) - {word}[{word}]"
            f'section "x" "y" {{ clause {word} "z" {{ when {word} must {word} example pass {{ {word}: {word} }} }} }}'
        )

        assert len(items) == 4


def outline(diagnostic: Diagnostic) -> tuple[str, str, str]:
    """Return code, underlined text and hint."""
    return diagnostic.code, diagnostic.span.text, diagnostic.hint.id if diagnostic.hint else ""


EXPRESSIONS: dict[str, Expression] = {
    "500": num("500"),
    "0.75": num("0.75"),
    "５００": num("500"),
    "500 m2": qty("500", "m2"),
    "500平方米": qty("500", "平方米"),
    "500㎡": qty("500", "㎡"),
    "500 m²": qty("500", "m²"),
    "3.5万元": qty("3.5", "万元"),
    "8%": qty("8", "%"),
    "8 ％": qty("8", "%"),
    "1/2": nodes.Arithmetic(num("1"), (("/", num("2")),), span=NOWHERE),
    "1/(2 m2)": nodes.Arithmetic(num("1"), (("/", qty("2", "m2")),), span=NOWHERE),
    "2022-09-01": nodes.DateLiteral(date(2022, 9, 1), span=NOWHERE),
    '"a\\"b\\\\c，"': nodes.TextLiteral('a"b\\c，', span=NOWHERE),
    "yes": nodes.BoolLiteral(True, span=NOWHERE),
    "no": nodes.BoolLiteral(False, span=NOWHERE),
    "建筑面积\u3000": ref("建筑面积"),
    "orb": ref("orb"),
    "t.a.b": nodes.FieldReference(nodes.FieldReference(T, name("a"), span=NOWHERE), name("b"), span=NOWHERE),
    "a[b]": nodes.Index(A, B, span=NOWHERE),
    "(a + b)[c]": nodes.Index(nodes.Arithmetic(A, (("+", B),), span=NOWHERE), C, span=NOWHERE),
    "-3": nodes.Minus(num("3"), span=NOWHERE),
    "a - -b": nodes.Arithmetic(A, (("-", nodes.Minus(B, span=NOWHERE)),), span=NOWHERE),
    "a + b - c": nodes.Arithmetic(A, (("+", B), ("-", C)), span=NOWHERE),
    "a ＋ b × c ÷ t": nodes.Arithmetic(
        A, (("+", nodes.Arithmetic(B, (("*", C), ("/", T)), span=NOWHERE)),), span=NOWHERE
    ),
    "(a + b) * c": nodes.Arithmetic(nodes.Arithmetic(A, (("+", B),), span=NOWHERE), (("*", C),), span=NOWHERE),
    "a ＞＝ b": comparison(">=", A, B),
    "a ≤ b": comparison("<=", A, B),
    "a ≠ b": comparison("!=", A, B),
    "a = b": comparison("=", A, B),
    "a or b and not c": nodes.Disjunction(
        (A, nodes.Conjunction((B, nodes.Negation(C, span=NOWHERE)), span=NOWHERE)), span=NOWHERE
    ),
    "not a = b": nodes.Negation(comparison("=", A, B), span=NOWHERE),
    "a and b and c": nodes.Conjunction((A, B, C), span=NOWHERE),
    "a and (b and c)": nodes.Conjunction((A, nodes.Conjunction((B, C), span=NOWHERE)), span=NOWHERE),
    "a between 1 and 2 and b": nodes.Conjunction((nodes.Between(A, num("1"), num("2"), span=NOWHERE), B), span=NOWHERE),
    "a in { b, c }": nodes.Membership(A, (B, C), span=NOWHERE),
    "a includes { b, c, }": nodes.Inclusion(A, (name("b"), name("c")), span=NOWHERE),
    "a includes all": nodes.Inclusion(A, None, span=NOWHERE),
    "if a then b": nodes.Conditional(A, B, None, span=NOWHERE),
    "if if a then b else c then t": nodes.Conditional(nodes.Conditional(A, B, C, span=NOWHERE), T, None, span=NOWHERE),
    "if a then (if b then c) else t": nodes.Conditional(
        A, nodes.Conditional(B, C, None, span=NOWHERE), T, span=NOWHERE
    ),
    "ceil(a)": nodes.Call(name("ceil"), (A,), span=NOWHERE),
    "max(a, if b then c else t)": nodes.Call(name("max"), (A, nodes.Conditional(B, C, T, span=NOWHERE)), span=NOWHERE),
    "all(a for t in b)": nodes.Comprehension(name("all"), False, A, name("t"), B, None, span=NOWHERE),
    "count(distinct a for t in b where c)": nodes.Comprehension(name("count"), True, A, name("t"), B, C, span=NOWHERE),
    "sum(count(a for t in b) for c in t)": nodes.Comprehension(
        name("sum"),
        False,
        nodes.Comprehension(name("count"), False, A, name("t"), B, None, span=NOWHERE),
        name("c"),
        T,
        None,
        span=NOWHERE,
    ),
    "at least 2 of (a, b, c)": nodes.AtLeast(num("2"), (A, B, C), span=NOWHERE),
    "by a { <= 5: 1 m2, b: 2 m2, = -1: c, else: t }": nodes.Table(
        A,
        (
            nodes.Row("<=", num("5"), qty("1", "m2"), span=NOWHERE),
            nodes.Row("=", B, qty("2", "m2"), span=NOWHERE),
            nodes.Row("=", nodes.Minus(num("1"), span=NOWHERE), C, span=NOWHERE),
            nodes.Row(None, None, T, span=NOWHERE),
        ),
        span=NOWHERE,
    ),
}


class TestExpressions:
    """Expressions and their precedence."""

    @pytest.mark.parametrize("written", EXPRESSIONS)
    def test_node(self, written: str) -> None:
        """Each form is read as its node."""
        expression = read(written)

        assert EXPRESSIONS[written] == expression

    def test_spans(self) -> None:
        """Spans cover what stands for the node, brackets around a part included in the whole."""
        expression = read("  (a or b) and 500 平方米 ")

        assert isinstance(expression, nodes.Conjunction)
        assert [each.span.text for each in (expression, *expression.limbs)] == [
            "(a or b) and 500 平方米",
            "a or b",
            "500 平方米",
        ]

    def test_nesting_limit(self) -> None:
        """A hundred levels are read; one more is an error, once, and nothing is left of the expression."""
        deep, shallow = "not " * 100 + "a", "not " * 99 + "a"
        expression, diagnostics = parse_expression(Source("expression", "not " * 900 + deep))

        assert isinstance(read(shallow), nodes.Negation)
        assert isinstance(expression, Erroneous)
        assert [("too-deep", deep, "")] == [outline(each) for each in diagnostics]

    @pytest.mark.parametrize("opening", ["(", "not ", "-", "f(", "a[", "by a { else: ", "if (", "[{a: "])
    def test_no_recursion(self, opening: str) -> None:
        """No nesting exhausts the stack of Python."""
        _file, diagnostics = parse(Source("file", "let a = " + opening * 10_000))

        assert diagnostics

    def test_brackets_do_not_nest(self) -> None:
        """Brackets leave no node, however many."""
        expression = read("(" * 2_000 + "a" + ")" * 2_000)

        assert expression == A


SLIPS = {
    "1,000": ("grouped-digits", "1,000", "ungrouped"),
    "max(a, 1，000.5)": ("grouped-digits", "1，000.5", "ungrouped"),
    "1/2 m2": ("fraction-with-unit", "1/2 m2", "fraction-with-unit"),
    "3 * 1 / 2%": ("fraction-with-unit", "1 / 2%", "fraction-with-unit"),
    "a >= 5 元/人": ("compound-unit", "5 元/人", "rate"),
    "(a)orb": ("unexpected-word", "orb", "run-together"),
    "2022-9-1": ("date-spelling", "2022-9-1", "date-spelling"),
    "a >= 2022/9/1": ("date-spelling", "2022/9/1", "date-spelling"),
    "2022年9月1日": ("date-spelling", "2022年9月1日", "date-spelling"),
    "2022-02-30": ("impossible-date", "2022-02-30", ""),
    "0000-01-01": ("impossible-date", "0000-01-01", ""),
    "a => 5": ("wrong-operator", "=>", "write"),
    "a =< 5": ("wrong-operator", "=<", "write"),
    "a == 5": ("wrong-operator", "==", "write"),
    "a <> 5": ("wrong-operator", "<>", "write"),
    "a && b": ("wrong-operator", "&&", "write"),
    "a || b": ("wrong-operator", "||", "write"),
    "!a": ("wrong-operator", "!", "write"),
    "a = “大专”": ("wrong-quotes", "“大专”", "write"),
    "a = 'x'": ("wrong-quotes", "'x'", "write"),
    'a = "x': ("unclosed-text", '"x', "close-text"),
    'a = "x\\n"': ("unknown-escape", "\\n", "escapes"),
    'a = "x\0"': ("unexpected-character", "\0", ""),
    "(a + b": ("unclosed-bracket", "(", ""),
    "by a { else: (b }": ("unclosed-bracket", "(", ""),
    "f(a b)": ("unexpected-word", "b", "open-bracket"),
    "a < b < c": ("chained-comparison", "<", "chained-comparison"),
    "a = b in { c }": ("chained-comparison", "in", "chained-comparison"),
    "a and if b then c": ("misplaced-if", "if", "misplaced-if"),
    "all(a for t in b where if c then a)": ("misplaced-if", "if", "misplaced-if"),
    "if a then if b then c": ("misplaced-if", "if", "misplaced-if"),
    "a in { b、c }": ("unexpected-word", "、", "write"),
    "a @ b": ("unexpected-word", "@", ""),
    "a; b": ("unexpected-word", ";", "no-semicolon"),
    "a b": ("unexpected-word", "b", ""),
    "a in { b c }": ("unexpected-word", "c", "comma-before"),
    "a +": ("unfinished-statement", "+", ""),
    "1" * 31: ("long-number", "1" * 31, ""),
    "0." + "1" * 31 + " m2": ("long-number", "0." + "1" * 31, ""),
    "": ("unexpected-word", "", ""),
}


class TestSlips:
    """Typical slips of the pen."""

    @pytest.mark.parametrize("written", SLIPS)
    def test_slip(self, written: str) -> None:
        """Each slip is one diagnostic with its place and its cure."""
        _expression, diagnostics = parse_expression(Source("expression", written))

        assert [SLIPS[written]] == [outline(each) for each in diagnostics]

    def test_slip_is_read_as_meant(self) -> None:
        """A slip whose meaning is plain leaves no gap."""
        expression, _diagnostics = parse_expression(Source("expression", "!a && b => 5"))

        assert (
            nodes.Conjunction((nodes.Negation(A, span=NOWHERE), comparison(">=", B, num("5"))), span=NOWHERE)
            == expression
        )

    def test_fact_named_like_a_unit(self) -> None:
        """A quotient by a fact that the file declares is no rate, even where the fact is named like a unit."""
        items = read_file('facts { 人 : count "人数" } let a = 5 元/人')

        assert len(items) == 2

    @pytest.mark.parametrize("written", [*SLIPS, "a ?", "by a {", "x = \ud800"])
    @pytest.mark.parametrize("language", ["en", "zh"])
    def test_words(self, written: str, language: str) -> None:
        """Messages name no terminal, and are lower case without a full stop."""
        _expression, diagnostics = parse_expression(Source("expression", written))

        for diagnostic in diagnostics:
            sentence = re.sub(r"`[^`]*`", "", diagnostic.message(language) + (hinted(diagnostic, language)))
            assert not re.search(r"[A-Z_$]{3,}|\.$", sentence.replace("LOW", "").replace("HIGH", ""))


def hinted(diagnostic: Diagnostic, language: str) -> str:
    """Return the words of the hint."""
    return "" if diagnostic.hint is None else diagnostic.hint.in_words(language)
