"""Tests of what the language server answers, on a small standard and on half-written text."""

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lsprotocol.types import TextEdit

from cedu_rules.lsp.completing import completions
from cedu_rules.lsp.diagnosing import protocol_diagnostics
from cedu_rules.lsp.fixing import fixes
from cedu_rules.lsp.formatting import formatting
from cedu_rules.lsp.hovering import hover, symbol_at
from cedu_rules.lsp.outlining import LEGEND, colours, folds, outline
from cedu_rules.lsp.reading import Reading
from cedu_rules.lsp.renaming import RefusedError, rename
from cedu_rules.model.from_syntax import STATUSES
from cedu_rules.model.functions import FUNCTIONS
from cedu_rules.model.types import BUILT_IN
from cedu_rules.syntax.keywords import KEYWORDS
from cedu_rules.syntax.printer import format_text
from cedu_rules.units import find_unit
from tests.lsp_texts import STANDARD, placed, within

STANDARDS = sorted((Path(__file__).parent.parent / "standards").glob("*.std"))
WORDS = {keyword.text for keyword in KEYWORDS} | {*FUNCTIONS, *BUILT_IN, *STATUSES, "assessed_on", "assessed_year"}


def applied(reading: Reading, edits: list[TextEdit]) -> str:
    """Return the text after some edits, as a client makes them: all of them at once."""
    text = reading.text
    places = [
        (reading.lines.offset(edit.range.start), reading.lines.offset(edit.range.end), edit.new_text) for edit in edits
    ]
    for start, end, new in sorted(places, reverse=True):
        text = text[:start] + new + text[end:]
    return text


def offered(statement: str, *, unasked: bool = False) -> list[str]:
    """Return the labels that are offered at the mark in a statement of a clause."""
    reading, offset = within(statement)
    return [item.label for item in completions(reading, offset, language="zh", snippets=True, unasked=unasked)]


def shown(text: str, word: str, language: str = "zh", *, times: int = 1) -> str:
    """Return what is shown over the n-th occurrence of a word."""
    offset = [match.start() for match in re.finditer(re.escape(word), text)][times - 1]
    found = hover(Reading(text), offset, language)
    return "" if found is None else getattr(found.contents, "value", "")


class TestIndex:
    """Where names stand."""

    @pytest.mark.parametrize("path", STANDARDS, ids=lambda path: path.stem)
    def test_every_name_of_the_shipped_standards_is_known(self, path: Path) -> None:
        """Every word is a name with a declaration, a word of the language, a unit, or the id of the standard."""
        reading = Reading(path.read_text(encoding="utf-8"))
        known = {each.span.start for each in reading.index.occurrences}
        strays = [
            token.text
            for token in reading.tokens
            if token.kind == "name"
            and token.start not in known
            and token.text not in WORDS
            and not find_unit(token.text)
        ]

        assert [path.stem] == [stray for stray in strays if stray not in ("zh", "en")]

    def test_a_member_belongs_to_the_type_beside_it(self) -> None:
        """The same word as a member of two types stands for each where its type is."""
        reading, _ = placed(
            'facts { a : choice { x "一", y "二" } "甲" b : choice { x "三", y "四" } "乙" } '
            'section "s" "t" { clause c "d" { must a = x and b in { x } must if a = x then b = y } }|'
        )
        first, second = (space["x"] for space in reading.index.symbols.members.values())

        assert (3, 2) == (len(reading.index.of(first)), len(reading.index.of(second)))


class TestHover:
    """What is shown over a place."""

    def test_a_fact_tells_its_label_type_and_clauses(self) -> None:
        """Label, unit, kind, condition, the line of its declaration, and the clauses that ask for it."""
        text = shown(STANDARD, "area ")

        assert [] == [
            part
            for part in ("**建筑面积**", "`area`", "`m2`", "量化指标", "`site = own`", "`floor_area`", "声明于第 12 行")
            if part not in text
        ]

    def test_a_clause_is_told_in_words(self) -> None:
        """Title, citation, and the requirement in Chinese or English words."""
        chinese, english = (shown(STANDARD, "floor_area", language) for language in ("zh", "en"))

        assert "附件1 总项·分项甲 第1条" in chinese
        assert "不少于 60 平方米" in chinese
        assert "at least 60 m2" in english

    def test_a_clause_with_an_error_is_shown_as_written(self) -> None:
        """What cannot be put into words stays as the author wrote it."""
        text = shown(STANDARD.replace("area >= 60 m2", "areaa >= 60 m2"), "floor_area")

        assert "`must if site = own then areaa >= 60 m2" in text

    @pytest.mark.parametrize(
        ("word", "times", "expected"),
        [
            ("学时", 1, "`45 minutes`"),
            ("yuan", 2, "`元`"),
            ("bachelor", 2, "**本科**"),
            ("rises", 1, "是否逐年上升"),
            ("must", 1, "必须满足的要求"),
            ("assessed_on", 1, "评定基准日"),
            ("per_head", 1, "`funding / population`"),
            ("t.qualified", 1, "`Teacher`"),
            ("qualified for", 1, "`degree >= associate and trained`"),
            ("least", 1, "`8%`"),
            ("Teacher", 1, "姓名"),
            ("people", 1, "整数"),
            ("rules", 2, "借阅办法"),
        ],
    )
    def test_every_kind_of_name_has_something_to_say(self, word: str, times: int, expected: str) -> None:
        """Units, members, functions, words of the language, lets, variables, params, records, types."""
        assert expected in shown(STANDARD, word, times=times)

    def test_a_half_written_statement_still_tells_about_its_names(self) -> None:
        """In a statement that cannot be read a fact is found by its name."""
        reading, offset = within("must are|a >= and or")
        found = hover(reading, offset, "zh")

        assert found is not None
        assert "建筑面积" in getattr(found.contents, "value", "")

    def test_nothing_is_shown_over_texts_and_comments(self) -> None:
        """A word in a text is no name."""
        assert "" == shown(STANDARD + "# area in a comment\n", "area in a comment")


class TestCompletion:
    """What is offered."""

    @pytest.mark.parametrize(
        ("statement", "first"),
        [
            ("must area >= 60 |", ["m2"]),
            ("must area >= 60|", ["m2"]),
            ("must funding >= 5|", ["yuan"]),
            ("must lessons >= 3 |", ["学时"]),
            ("must area between 3 m2 and 5 |", ["m2"]),
            ("must area >= by population { <= 3000: 14 |", ["m2"]),
            ("must max(funding, 5 |", ["yuan"]),
            ("must site = |", ["own", "shared"]),
            ("must site in { own, |", ["shared"]),
            ("must rooms includes { |", ["reading", "training"]),
            ("must all(t.degree >= | for t in teachers)", ["senior", "associate", "bachelor"]),
            ("must all(t.| for t in teachers)", ["degree", "name", "qualified", "trained"]),
            ("must count(t for t in |", ["teachers"]),
            ("must passes(|)", ["floor_area", "registration", "staff", "written"]),
            ("must passes(fl|", ["floor_area"]),
            ("example |", ["fail", "invalid", "not_applicable", "not_met", "pass", "unknown"]),
            ("example pass { site: |", ["own", "shared"]),
            ("example pass { rooms: { |", ["reading", "training"]),
            ("example pass { teachers: [{|", ["degree", "name", "trained"]),
            ("example pass { teachers: [{degree: |", ["senior", "associate", "bachelor"]),
            ("must if site = | then area >= 3 m2", ["own", "shared"]),
            ("must founded + 3 |", ["day", "days"]),
        ],
    )
    def test_what_fits_comes_first(self, statement: str, first: list[str]) -> None:
        """Members of the type, units of the dimension, fields of the record, clauses, statuses."""
        assert first == offered(statement)[: len(first)]

    def test_units_of_other_dimensions_are_not_offered(self) -> None:
        """Behind a number beside an area there is no money."""
        assert {"yuan", "hours", "people", "%"}.isdisjoint(offered("must area >= 60 |"))

    def test_facts_of_the_right_type_come_before_others(self) -> None:
        """Beside money, other money and calculations of it come first."""
        labels = offered("must funding >= |")

        assert labels.index("funding") < labels.index("area")

    def test_facts_that_an_example_has_are_not_offered_again(self) -> None:
        """Each fact is given once."""
        assert "area" not in offered("example pass { area: 3 m2, |")

    @pytest.mark.parametrize("statement", ['must area >= 3 m2 "|', "must all(t for |", "note |", "must show |"])
    def test_where_the_author_invents_nothing_is_offered(self, statement: str) -> None:
        """Texts and new names are the author's own."""
        assert [] == offered(statement)

    @pytest.mark.parametrize(("statement", "is_offered"), [("must site = |", True), ("must |", False)])
    def test_a_blank_alone_asks_only_where_a_choice_is_due(self, statement: str, *, is_offered: bool) -> None:
        """A list that opens at every blank would be in the way."""
        assert is_offered == bool(offered(statement, unasked=True))

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("|", {"standard", "facts", "section", "record"}),
            ("language |", {"zh", "en"}),
            ("facts {\n  a : |", {"m2", "count", "choice", "yearly", "Degree"}),
            ("facts {\n  a : list of |", {"Teacher"}),
            ("facts {\n  a : m2 when si|", {"site"}),
            ('section "a" "b" {\n  |', {"clause"}),
            ('section "a" "b" {\n  clause x "y" {\n    m|', {"must", "should", "example", "note"}),
            ('record R key name {\n  name : text "n"\n  let x = na|', {"area"}),
            ("# lint: allow unused-|", {"unused-fact"}),
        ],
    )
    def test_words_fit_the_block(self, text: str, expected: set[str]) -> None:
        """At the beginning of a statement there are the words that can begin one."""
        reading, offset = placed(f"{STANDARD}\n{text}")
        found = {item.label for item in completions(reading, offset, language="en", snippets=False)}

        assert set() == expected - found

    def test_an_editor_without_snippets_gets_plain_text(self) -> None:
        """No place holder is left in what is written."""
        reading, offset = within("|")
        items = completions(reading, offset, language="en", snippets=False)

        assert [] == [item.label for item in items if item.text_edit is not None and "$" in item.text_edit.new_text]

    def test_an_item_replaces_the_word_that_is_being_written(self) -> None:
        """What was typed of the word is part of the edit."""
        reading, offset = within("must fund|")
        item = next(
            each for each in completions(reading, offset, language="zh", snippets=True) if each.label == "funding"
        )

        assert isinstance(item.text_edit, TextEdit)
        assert "must funding" in applied(reading, [item.text_edit])


class TestRename:
    """New names."""

    @pytest.mark.parametrize(
        ("word", "new", "times"),
        [
            ("area ", "space", 4),
            ("least", "fewest", 1),
            ("per_head", "每人", 2),
            ("Degree", "Education", 2),
            ("Teacher", "Tutor", 2),
            ("bachelor", "degree_holder", 2),
            ("floor_area", "space_needed", 2),
            ("qualified", "able", 2),
            ("学时", "lesson", 3),
            ("t in", "each", 3),
            ("rules", "terms", 2),
            ("name {", "called", 3),
        ],
    )
    def test_every_place_changes_and_nothing_else(self, word: str, new: str, times: int) -> None:
        """Facts, params, lets, types, records, members, clauses, units, variables, keys: examples too."""
        reading = Reading(STANDARD)
        edits = rename(reading, STANDARD.index(word), new)
        changed = Reading(applied(reading, edits))

        assert times == len(edits)
        assert [] == [each.code for each in changed.loaded if each.severity == "error"]
        assert len(reading.index.occurrences) == len(changed.index.occurrences)

    def test_a_name_and_back_is_the_same_text(self) -> None:
        """Renaming loses nothing."""
        reading = Reading(STANDARD)
        once = Reading(applied(reading, rename(reading, STANDARD.index("funding"), "money")))

        assert STANDARD == applied(once, rename(once, once.text.index("money"), "funding"))

    @pytest.mark.parametrize(
        ("word", "new", "reason"),
        [
            ("area ", "funding", "already declared in line 13"),
            ("area ", "must", "a word of the language"),
            ("area ", "class", "taken"),
            ("area ", "_area", "expected a name"),
            ("area ", "2nd", "expected a name"),
            ("area ", "two words", "expected a name"),
            ("area ", "own", "would mean something else"),
            ("funding", "t", "would mean something else"),
            ("t in", "area", "already declared"),
            ("bachelor", "senior", "already declared"),
            ("学时", "m2", "would mean something else"),
            ("Teacher", "Degree", "already declared"),
            ("must", "shall", "nothing here"),
        ],
    )
    def test_a_name_that_clashes_is_refused(self, word: str, new: str, reason: str) -> None:
        """Names that are taken, reserved or would be read as something else change nothing."""
        with pytest.raises(RefusedError, match=reason):
            rename(Reading(STANDARD), STANDARD.index(word), new)

    def test_a_name_in_an_unreadable_part_is_not_renamed_by_half(self) -> None:
        """Where the old name stands in a broken statement, the line is told instead."""
        reading, _ = within("must area >= and or |")

        with pytest.raises(RefusedError, match="line 60 cannot be read"):
            rename(reading, STANDARD.index("area "), "space")


class TestFixes:
    """Quick fixes."""

    @pytest.mark.parametrize(
        ("statement", "cured"),
        [
            ("must areaa >= 60 m2", "must area >= 60 m2"),
            ("must funding >= 500", "must funding >= 500 yuan"),
            ("must area => 60 m2", "must area >= 60 m2"),
            ("Must population >= 3", "must population >= 3"),
            ("must population >= 3 “够”", 'must population >= 3 "够"'),
            ("must population >= 1,000", "must population >= 1000"),
            ("must founded >= 2022-9-1", "must founded >= 2022-09-01"),
            ("must population >= 3 AND visits[2022] >= 1", "must population >= 3 and visits[2022] >= 1"),
            ("must rooms includes reading", "must rooms includes { reading }"),
            ("must site = 独立", "must site = own"),
            ("must passes(flor_area)", "must passes(floor_area)"),
            ("must teachers.count >= 1", "must count(teachers) >= 1"),
            ("must visits >= 3", "must latest(visits) >= 3"),
            ("must count(teacher) >= 1 // alle", "must count(teachers) >= 1 // alle"),
            ("must (population >= 3", "must (population >= 3)"),
            ("example pass { site: own area: 3 m2 }", "example pass { site: own, area: 3 m2 }"),
            ("must show papers", 'must show papers "papers"'),
            ("must population >= 3 and or", None),
            ('note "另行说明', 'note "另行说明"'),
        ],
    )
    def test_the_first_fix_is_what_the_hint_says(self, statement: str, cured: str | None) -> None:
        """The edit of the first quick fix makes the statement right."""
        reading, _ = within(statement + "|")
        line = reading.lines.position(reading.text.index(statement)).line
        wrong = [each for each in reading.findings if each.span.line == line + 1 and each.severity == "error"]
        found = [fix for each in wrong for fix in fixes(reading, reading.lines.of(each.span), "en") if fix.is_cure]
        texts = [reading.text[: fix.edit.start] + fix.edit.new + reading.text[fix.edit.end :] for fix in found]

        assert ([] if cured is None else [cured]) == [text.split("\n")[line].strip() for text in texts][:1]

    def test_a_warning_can_be_allowed(self) -> None:
        """The other cure of a warning is a comment in its line, and with it the warning is gone."""
        reading, _ = within("must area >= 0 m2|")
        warning = next(each for each in reading.findings if each.code == "always-met")
        fix = next(fix for fix in fixes(reading, reading.lines.of(warning.span), "zh") if not fix.is_cure)
        text = reading.text[: fix.edit.start] + fix.edit.new + reading.text[fix.edit.end :]

        assert "always-met" not in [each.code for each in Reading(text).findings]


class TestOutline:
    """Outline, folding, colours, canonical form, diagnostics."""

    def test_sections_are_a_tree(self) -> None:
        """Section, subsection, clause; facts and members below what declares them."""
        found = {symbol.name: symbol for symbol in outline(Reading(STANDARD))}
        tree = {part.name: [clause.name for clause in part.children or ()] for part in found["总项"].children or ()}

        assert {"分项甲": ["floor_area", "staff"], "分项乙": ["registration"]} == tree
        assert ["senior", "associate", "bachelor"] == [member.name for member in found["Degree"].children or ()]

    @pytest.mark.parametrize("path", STANDARDS, ids=lambda path: path.stem)
    def test_every_symbol_is_inside_of_what_it_belongs_to(self, path: Path) -> None:
        """A client refuses an outline whose names stand outside of their blocks."""
        waiting = list(outline(Reading(path.read_text(encoding="utf-8"))))
        while waiting:
            symbol = waiting.pop()
            inner = [symbol.selection_range, *(child.range for child in symbol.children or ())]

            assert all(symbol.range.start <= each.start and each.end <= symbol.range.end for each in inner)
            waiting.extend(symbol.children or ())

    def test_blocks_and_comments_fold(self) -> None:
        """A block folds from its brace to the line before its end, a comment of several lines as a whole."""
        reading = Reading('# one\n# two\nfacts {\n  a : m2 "甲"\n  b : m2 "乙"\n}\n')

        assert [(0, 1), (2, 4)] == [(fold.start_line, fold.end_line) for fold in folds(reading)]

    def test_colours_lead_back_to_the_names(self) -> None:
        """The relative numbers add up to the places of all names, in units of the client."""
        reading = Reading('# 😀\nfacts { 面 : m2 "😀" b : m2 when 面 >= 1 m2 "乙" }\n')
        data = list(colours(reading).data)
        line = character = 0
        names = []
        for moved, column, length, kind, _ in zip(*[iter(data)] * 5, strict=True):
            line, character = line + moved, column if moved else character + column
            names.append((line, character, length, LEGEND.token_types[kind]))

        assert [(1, 8, 1, "property"), (1, 20, 1, "property"), (1, 32, 1, "property")] == names

    @pytest.mark.parametrize("text", [STANDARD.replace("  ", " "), STANDARD, "", STANDARD.replace("\n", "\r\n") + ";;"])
    def test_formatting_is_that_of_the_command(self, text: str) -> None:
        """The edits make the text that `cedu-rules fmt` makes; they leave alone what is right already."""
        reading = Reading(text)
        edits = formatting(reading)

        assert edits is not None
        assert format_text(text)[0] == applied(reading, edits)

    def test_what_cannot_be_read_is_not_formatted(self) -> None:
        """A broken text has no canonical form."""
        assert formatting(Reading("facts { a : }")) is None

    def test_a_diagnostic_tells_code_severity_page_and_hint(self) -> None:
        """As one types: what is wrong, how bad, where to read more, how to cure it, and where the other one is."""
        reading, _ = within('must areaa >= 3 m2\n  }\n  clause staff "又一" {\n    must population >= 1|')
        found = {
            each.code: each
            for each in protocol_diagnostics(
                reading, "file:///x.std", language="zh", pages="https://x.test", related=True
            )
        }
        unknown, twice = found["unknown-name"], found["duplicate-clause"]

        assert unknown.severity == 1
        assert unknown.code_description is not None
        assert "https://x.test/unknown-name.html" == unknown.code_description.href
        assert ["提示：是否想写 `area`？"] == [each.message for each in unknown.related_information or ()]
        assert (
            STANDARD[: STANDARD.index("clause staff")].count("\n")
            == (twice.related_information or ())[1].location.range.start.line
        )


@settings(max_examples=15)
@given(
    st.integers(0, len(STANDARD)),
    st.integers(0, 40),
    st.sampled_from(["", "{", "}", '"', "(", "😀", "must ", ":", "\r", "by x {"]),
)
def test_no_text_is_too_broken(start: int, length: int, put: str) -> None:
    """Whatever an author has half deleted, every question has an answer."""
    text = STANDARD[:start] + put + STANDARD[start + length :]
    reading = Reading(text)
    offset = start + len(put)
    completions(reading, offset, language="zh", snippets=True)
    hover(reading, offset, "zh")
    symbol_at(reading, offset)
    formatting(reading)
    known = [each.span for each in reading.index.occurrences]

    assert known == sorted(known, key=lambda span: span.start)
    assert all(fold.start_line <= fold.end_line for fold in folds(reading))
    assert len(outline(reading)) <= len(reading.file.items)
