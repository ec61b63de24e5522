"""Tests that whole files are read as the language says, that mistakes do not cascade, and that any text has an end."""

import re
from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cedu_rules.diagnostics import Diagnostic
from cedu_rules.source import Source, Span
from cedu_rules.syntax import nodes
from cedu_rules.syntax.keywords import RESERVED
from cedu_rules.syntax.nodes import Erroneous, File, Name, NameReference, Text
from cedu_rules.syntax.parser import PROBLEMS_LIMIT, parse
from tests.steps import growth

CASES = sorted((Path(__file__).parent / "cases" / "syntax").glob("*.std"))
NOWHERE = Span(Source("nowhere", ""), 0, 0)


def read(text: str) -> tuple[nodes.Item, ...]:
    """Return the items of a file that has to be healthy."""
    file, diagnostics = parse(Source("file", text))

    assert diagnostics == ()
    return file.items


def broken(text: str) -> tuple[File, list[tuple[str, str]]]:
    """Return what could be read of a file, and code and underlined text of its diagnostics."""
    file, diagnostics = parse(Source("file", text))
    return file, [(each.code, each.span.text) for each in diagnostics]


def name(text: str) -> Name:
    """Return the node of a name."""
    return Name(text, span=NOWHERE)


def text(value: str) -> Text:
    """Return the node of a text."""
    return Text(value, span=NOWHERE)


def named(word: str) -> nodes.NamedType:
    """Return the node of a type that is a name."""
    return nodes.NamedType(name(word), span=NOWHERE)


def number(value: str) -> nodes.NumberLiteral:
    """Return the node of a number."""
    return nodes.NumberLiteral(Fraction(value), span=NOWHERE)


def quantity(value: str, unit: str) -> nodes.QuantityLiteral:
    """Return the node of a number with a unit."""
    return nodes.QuantityLiteral(Fraction(value), name(unit), span=NOWHERE)


def member(word: str, *labels: str) -> nodes.Member:
    """Return the node of a member."""
    return nodes.Member(name(word), tuple(text(label) for label in labels), span=NOWHERE)


A, B = NameReference("a", span=NOWHERE), NameReference("b", span=NOWHERE)
YES = nodes.BoolLiteral(True, span=NOWHERE)

TYPES: dict[str, nodes.TypeExpression] = {
    "m2": named("m2"),
    "level": named("level"),
    "signed yuan": nodes.SignedType(named("yuan"), span=NOWHERE),
    "count 1 to 500": nodes.RangedType(named("count"), number("1"), number("500"), span=NOWHERE),
    "hours 0 hours to 8784 hours": nodes.RangedType(
        named("hours"), quantity("0", "hours"), quantity("8784", "hours"), span=NOWHERE
    ),
    "signed number -5 to 5%": nodes.RangedType(
        nodes.SignedType(named("number"), span=NOWHERE),
        nodes.Minus(number("5"), span=NOWHERE),
        quantity("5", "%"),
        span=NOWHERE,
    ),
    "yearly people": nodes.YearlyType(named("people"), span=NOWHERE),
    "yearly count 1 to 2": nodes.YearlyType(
        nodes.RangedType(named("count"), number("1"), number("2"), span=NOWHERE), span=NOWHERE
    ),
    "list of Teacher": nodes.ListType(name("Teacher"), span=NOWHERE),
    'choice { a "甲", b "乙" or "丙" }': nodes.MembersType(
        "choice", (member("a", "甲"), member("b", "乙", "丙")), span=NOWHERE
    ),
    'level { a "甲" < b }': nodes.MembersType("level", (member("a", "甲"), member("b")), span=NOWHERE),
    'set { a "甲", }': nodes.MembersType("set", (member("a", "甲"),), span=NOWHERE),
}

STATEMENTS: dict[str, nodes.ClauseStatement] = {
    'must a "甲"': nodes.RequirementStatement("must", A, text("甲"), span=NOWHERE),
    "should if a then b": nodes.RequirementStatement(
        "should", nodes.Conditional(A, B, None, span=NOWHERE), None, span=NOWHERE
    ),
    'must show rooms "用房" with { reading "阅览室" }': nodes.RequirementStatement(
        "must",
        nodes.Shown(name("rooms"), text("用房"), (member("reading", "阅览室"),), span=NOWHERE),
        None,
        span=NOWHERE,
    ),
    'must show works "运转"': nodes.RequirementStatement(
        "must", nodes.Shown(name("works"), text("运转"), None, span=NOWHERE), None, span=NOWHERE
    ),
    'must judge enough "够"': nodes.RequirementStatement(
        "must", nodes.Judged(name("enough"), text("够"), span=NOWHERE), None, span=NOWHERE
    ),
    "when a": nodes.GuardStatement("when", A, span=NOWHERE),
    "unless a": nodes.GuardStatement("unless", A, span=NOWHERE),
    'note "“甲”（乙）"': nodes.NoteStatement(text("“甲”（乙）"), span=NOWHERE),
    "example pass {}": nodes.ExampleStatement(name("pass"), (), span=NOWHERE),
}

VALUES: dict[str, nodes.ExampleValue] = {
    "500 m2": quantity("500", "m2"),
    "unknown": nodes.UnknownValue(span=NOWHERE),
    "all": nodes.AllMembers(span=NOWHERE),
    "{a, b}": nodes.BraceValue((name("a"), name("b")), span=NOWHERE),
    "{}": nodes.EntriesValue((), span=NOWHERE),
    "{a: yes}": nodes.EntriesValue((nodes.Entry(name("a"), YES, span=NOWHERE),), span=NOWHERE),
    "{2021: 7%, ２０２２年: unknown}": nodes.EntriesValue(
        (
            nodes.Entry(name("2021"), quantity("7", "%"), span=NOWHERE),
            nodes.Entry(name("2022"), nodes.UnknownValue(span=NOWHERE), span=NOWHERE),
        ),
        span=NOWHERE,
    ),
    "[]": nodes.ListValue((), span=NOWHERE),
    "[{a: yes}, {}]": nodes.ListValue(
        (
            nodes.EntriesValue((nodes.Entry(name("a"), YES, span=NOWHERE),), span=NOWHERE),
            nodes.EntriesValue((), span=NOWHERE),
        ),
        span=NOWHERE,
    ),
}


class TestDeclarations:
    """Everything in a file that is no expression."""

    def test_head(self) -> None:
        """The statements at the head of a file."""
        items = read('standard s "甲" source "乙" annex 2 source "丙" effective from 2022-09-01 language zh')
        expected = (
            nodes.StandardStatement(name("s"), text("甲"), span=NOWHERE),
            nodes.SourceStatement(text("乙"), 2, span=NOWHERE),
            nodes.SourceStatement(text("丙"), None, span=NOWHERE),
            nodes.EffectiveStatement(date(2022, 9, 1), span=NOWHERE),
            nodes.LanguageStatement(name("zh"), span=NOWHERE),
        )

        assert expected == items

    def test_units_and_values(self) -> None:
        """Units, params and lets, one after the other without any separator or with `;`."""
        items = read("unit 学时 = 45 minutes unit dollar; param p = 5 unit x let y = a")
        expected = (
            nodes.UnitDeclaration(name("学时"), quantity("45", "minutes"), span=NOWHERE),
            nodes.UnitDeclaration(name("dollar"), None, span=NOWHERE),
            nodes.ParamDeclaration(name("p"), number("5"), span=NOWHERE),
            nodes.UnitDeclaration(name("x"), None, span=NOWHERE),
            nodes.LetDeclaration(name("y"), A, span=NOWHERE),
        )

        assert expected == items

    @pytest.mark.parametrize("written", TYPES)
    def test_type(self, written: str) -> None:
        """Each form of a type, in a declaration of its own and of a fact."""
        declaration, block = read(f'type T = {written} facts {{ f : {written} "甲" }}')
        fact = nodes.FactDeclaration(name("f"), "measured", TYPES[written], None, None, text("甲"), span=NOWHERE)

        assert nodes.TypeDeclaration(name("T"), TYPES[written], span=NOWHERE) == declaration
        assert nodes.FactsBlock((fact,), span=NOWHERE) == block

    def test_facts(self) -> None:
        """Kinds, conditions and checks."""
        [block] = read('facts { f : documented m2 when a else 0 m2 "甲" g : judged bool when b "乙" check a "丙" }')
        expected = nodes.FactsBlock(
            (
                nodes.FactDeclaration(
                    name("f"), "documented", named("m2"), A, quantity("0", "m2"), text("甲"), span=NOWHERE
                ),
                nodes.FactDeclaration(name("g"), "judged", named("bool"), B, None, text("乙"), span=NOWHERE),
                nodes.CheckDeclaration(A, text("丙"), span=NOWHERE),
            ),
            span=NOWHERE,
        )

        assert expected == block

    def test_record(self) -> None:
        """A record has a key, fields and checks, then lets."""
        keyed, plain = read('record R key f { f : text "甲" check a "乙" let x = a; let y = b } record S { }')
        fact = nodes.FactDeclaration(name("f"), "measured", named("text"), None, None, text("甲"), span=NOWHERE)
        lets = (
            nodes.LetDeclaration(name("x"), A, span=NOWHERE),
            nodes.LetDeclaration(name("y"), B, span=NOWHERE),
        )
        check = nodes.CheckDeclaration(A, text("乙"), span=NOWHERE)

        assert nodes.RecordDeclaration(name("R"), name("f"), (fact, check), lets, span=NOWHERE) == keyed
        assert nodes.RecordDeclaration(name("S"), None, (), (), span=NOWHERE) == plain

    @pytest.mark.parametrize("written", STATEMENTS)
    def test_statement(self, written: str) -> None:
        """Each statement of a clause, in a section with a guard."""
        [section] = read(f'section "甲" "乙" when a {{ clause c "丙" {{ {written} }} }}')
        clause = nodes.ClauseDeclaration(name("c"), text("丙"), (STATEMENTS[written],), span=NOWHERE)

        assert nodes.SectionDeclaration(text("甲"), text("乙"), A, (clause,), span=NOWHERE) == section

    @pytest.mark.parametrize("written", VALUES)
    def test_example_value(self, written: str) -> None:
        """Each form of a value in an example."""
        [section] = read(f'section "甲" "乙" {{ clause c "丙" {{ example fail {{ x: {written}, }} }} }}')
        entry = nodes.Entry(name("x"), VALUES[written], span=NOWHERE)
        example = nodes.ExampleStatement(name("fail"), (entry,), span=NOWHERE)

        assert isinstance(section, nodes.SectionDeclaration)
        assert (example,) == section.clauses[0].statements

    def test_no_year(self) -> None:
        """The key of an entry is a name or a year."""
        _file, found = broken('section "甲" "乙" { clause c "丙" { example fail { x: {21: a, 2021月: b} } } }')

        assert found == [("no-year", "21"), ("no-year", "2021月")]

    def test_annex(self) -> None:
        """An annex has a whole number."""
        _file, found = broken('source "甲" annex 1.5')

        assert found == [("fractional-annex", "1.5")]

    def test_comments(self) -> None:
        """Comments are collected, full-width forms in them and in texts untouched; a mark in a text is none."""
        file, diagnostics = parse(Source("file", '\ufeff# 甲（乙）\r\nlet a = "#（丙）" #x\r\n'))

        assert diagnostics == ()
        assert [comment.text for comment in file.comments] == ["# 甲（乙）", "#x"]
        assert (
            nodes.LetDeclaration(name("a"), nodes.TextLiteral("#（丙）", span=NOWHERE), span=NOWHERE),
        ) == file.items

    def test_full_width(self) -> None:
        """Full-width forms are read as their twins."""
        wide = 'section "甲" "乙" ｛ clause c "丙" ｛ must f（a，［b］） example pass ｛ x：｛2021：7％｝ ｝ ｝ ｝；'
        narrow = 'section "甲" "乙" { clause c "丙" { must f(a,[b]) example pass { x:{2021:7%} } } };'

        assert parse(Source("wide", wide))[0] == parse(Source("narrow", narrow))[0]


class TestRecovery:
    """One mistake, one diagnostic; the rest is read."""

    @pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
    def test_case(self, path: Path) -> None:
        """The diagnostics of a file are those that its lines announce."""
        written = path.read_text("utf-8")
        _file, diagnostics = parse(Source(path.name, written))
        announced = [
            (line, code)
            for line, content in enumerate(written.splitlines(), 1)
            for code in re.findall(r"## error\[([\w-]+)\]", content)
        ]

        assert announced == [(each.span.line, each.code) for each in diagnostics]

    def test_healthy_rest(self) -> None:
        """A clause keeps its other statements, and the broken one with a gap in it."""
        file, found = broken(
            'section "甲" "乙" { clause c "丙" { must a\n must b b\n should a\n when +\n note "丁" } }'
        )
        [section] = file.items
        gap = Erroneous(span=NOWHERE)
        expected = (
            nodes.RequirementStatement("must", A, None, span=NOWHERE),
            nodes.RequirementStatement("must", gap, None, span=NOWHERE),
            nodes.RequirementStatement("should", A, None, span=NOWHERE),
            nodes.GuardStatement("when", gap, span=NOWHERE),
            nodes.NoteStatement(text("丁"), span=NOWHERE),
        )

        assert found == [("unexpected-word", "b"), ("unexpected-word", "+")]
        assert isinstance(section, nodes.SectionDeclaration)
        assert expected == section.clauses[0].statements

    @pytest.mark.parametrize("word", ["ust", "mus", "Must", "应当"])
    def test_misspelt_word(self, word: str) -> None:
        """A misspelt word of the language is the word that was meant, not what stands in the text."""
        file, found = broken(f'section "甲" "乙" {{ clause c "丙" {{ {word} a }} }}')
        [section] = file.items

        assert found == [("unexpected-word", word)]
        assert isinstance(section, nodes.SectionDeclaration)
        assert (nodes.RequirementStatement("must", A, None, span=NOWHERE),) == section.clauses[0].statements

    def test_clauses_without_a_section(self) -> None:
        """Clauses outside of every section are one mistake, and are read as those of one."""
        file, found = broken('facts { a : count "甲" }\nclause c "丙" { must a }\nclause d "丁" { must a }\n')
        section = file.items[1]

        assert found == [("unexpected-word", "clause")]
        assert isinstance(section, nodes.SectionDeclaration)
        assert ["c", "d"] == [clause.name.text for clause in section.clauses]

    def test_gaps_keep_names(self) -> None:
        """What is declared stays declared, so that nobody has to complain of unknown names."""
        file, found = broken(
            "let x = )\nparam y = )\nunit z = )\ntype T = )\nfacts { f : ) }\nfacts { g : m2 when ) }\nfacts { h : m2 }"
        )
        items = [item for block in file.items for item in getattr(block, "items", [block])]

        assert found == [("unexpected-word", ")")] * 6 + [("missing-label", "h")]
        assert [item.name.text for item in items] == ["x", "y", "z", "T", "f", "g", "h"]

    @pytest.mark.parametrize(
        ("written", "found", "clauses"),
        [
            ('section "a" "b" { clause c "d" { must a clause e "f" { must b } }', ("unclosed-bracket", "{"), 2),
            ('section "a" "b" { clause c "d" { must a }', ("unclosed-bracket", "{"), 1),
            ('section "a" "b" { clause c "d" { must a', ("unclosed-bracket", "{"), 1),
            ('section "a" "b" { clause c "d" { must a } } }', ("early-brace", "}"), 1),
            ('section "a" "b" { clause c "d" { must in } }', ("unexpected-word", "in"), 1),
            ('section "a" "b" { clause c "d" must a } }', ("unexpected-word", "must"), 1),
            ('section "a" "b" clause c "d" { must a } }', ("unexpected-word", "clause"), 1),
            ('section "a" { clause c "d" { must a } }', ("missing-title", "section"), 1),
            ('section { clause c "d" { must a } }', ("unexpected-word", "{"), 1),
            ('section "a" "b" { clause { must a } }', ("unexpected-word", "{"), 0),
            ('section "a" "b" { clause c { must a } }', ("missing-title", "c"), 1),
            ('section "a" "b" { clause c "d { must a\n must b } }', ("unclosed-text", '"d { must a'), 1),
            ('section "a" "b" { clause c "d" { must a\n param x = 5\n must b } }', ("unexpected-word", "param"), 1),
        ],
    )
    def test_braces(self, written: str, found: tuple[str, str], clauses: int) -> None:
        """A brace or a head that is missing or too many costs one diagnostic and as little as can be."""
        file, diagnostics = broken(written)
        sections = [item for item in file.items if isinstance(item, nodes.SectionDeclaration)]

        assert [found] == diagnostics
        assert clauses == sum(len(section.clauses) for section in sections)

    def test_unclosed_bracket_in_words(self) -> None:
        """The message says which bracket is open, where, and what stands there instead."""
        _file, [diagnostic] = parse(Source("a.std", "let x = (1 +\n2\nparam y = 3"))

        assert diagnostic.headline() == "a.std:1:9: unclosed-bracket: `(` is not closed; found `param`"

    def test_no_reserved_unit(self) -> None:
        """A statement word behind a number is no unit: what was open before it is to blame."""
        _file, found = broken("let a = (5 note")

        assert [("unclosed-bracket", "(")] == found

    def test_expected_in_words(self) -> None:
        """The message says what was found and what would be legal, in both languages."""
        _file, [diagnostic] = parse(Source("a.std", "let 5 = 3"))

        assert diagnostic.headline() == "a.std:1:5: unexpected-word: found the number `5`; expected a name"
        assert diagnostic.message("zh") == "此处是数字 `5`；应为名称"

    def test_limit(self) -> None:
        """After a hundred diagnostics the last says that there are more."""
        _file, diagnostics = parse(Source("file", "let\n" * 1_000))

        assert len(diagnostics) == PROBLEMS_LIMIT
        assert [each.code for each in diagnostics] == ["unfinished-statement"] * (PROBLEMS_LIMIT - 1) + [
            "too-many-problems"
        ]


SOUP = [
    *RESERVED,
    *("standard", "source", "annex", "effective", "from", "language", "type", "unit", "key", "with", "least", "to"),
    *("signed", "yearly", "list", "choice", "level", "set", "documented", "judged", "unknown", "x", "y", "年", "m2"),
    *("{", "}", "(", ")", "[", "]", ",", ":", ";", ".", "=", "!=", "<", "<=", ">", ">=", "+", "-", "*", "/", "%"),
    *("=>", "!", "“", "”", "、", "＞＝", "≥", "：", '"a"', '"', "5", "1,000", "2022", "2022-01-01", "2022-9-1"),
    *("\n", "#", "\\", "\0", "\ud800", "\u3000", "８％"),
]


def healthy_spans(source: Source, diagnostics: Sequence[Diagnostic]) -> bool:
    """Tell whether all diagnostics lie in the text and can be put in words."""
    return all(
        0 <= each.span.start <= each.span.end <= len(source.text) and each.in_words("en") and each.in_words("zh")
        for each in diagnostics
    )


class TestAnyText:
    """Whatever the text, it ends in nodes and diagnostics."""

    @given(st.text(st.characters(codec=None)))
    def test_arbitrary(self, written: str) -> None:
        """Arbitrary text is read to its end."""
        source = Source("file", written)
        _file, diagnostics = parse(source)

        assert healthy_spans(source, diagnostics)

    @settings(max_examples=150)
    @given(st.lists(st.sampled_from(SOUP)), st.sampled_from(["", " ", "\n"]))
    def test_soup(self, words: list[str], blank: str) -> None:
        """The words of the language in any order are read to their end."""
        source = Source("file", blank.join(words))
        _file, diagnostics = parse(source)

        assert healthy_spans(source, diagnostics)

    @settings(max_examples=60)
    @given(st.data())
    def test_damaged(self, data: st.DataObject) -> None:
        """A file out of which a piece is cut, or into which a word is put, is read to its end."""
        written = data.draw(st.sampled_from([path.read_text("utf-8") for path in CASES]))
        start = data.draw(st.integers(0, len(written)))
        end = data.draw(st.integers(start, min(len(written), start + 40)))
        source = Source("file", written[:start] + data.draw(st.sampled_from(["", *SOUP])) + written[end:])
        _file, diagnostics = parse(source)

        assert healthy_spans(source, diagnostics)

    @pytest.mark.parametrize(
        "piece",
        ['"', "{", "}", "@\n", "let\n", "clause c\n", "a : ", "“", "a : m2\n", "section ", "\\", "\0", "1" * 99],
    )
    def test_garbage_takes_no_time(self, piece: str) -> None:
        """Many thousand characters of the same piece are read to their end, twice as many in at most twice the steps."""

        def diagnosed(length: int) -> tuple[Diagnostic, ...]:
            return parse(Source("file", piece * (length // len(piece))))[1]

        assert growth(diagnosed, 2_000) < 2.2
        assert 1 <= len(diagnosed(20_000)) <= PROBLEMS_LIMIT

    def test_linear(self) -> None:
        """Twice as many clauses take about twice as many steps."""
        clause = 'clause c "甲" { must a >= 5 m2 and (b or not c) note "乙" }\n'

        assert growth(lambda count: read('section "a" "b" {' + clause * count + "}"), 100) < 2.2
