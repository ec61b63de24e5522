"""Tests that the one table of keywords is what the grammar says, and that their context is the grammar's."""

import re

import pytest

from cedu_rules.authoring.textmate import grammar_text
from cedu_rules.source import Source
from cedu_rules.syntax.grammar import build_parser
from cedu_rules.syntax.keywords import KEYWORDS, RESERVED
from cedu_rules.syntax.parser import parse

WORD_END = r"(?![\w㎡])"
NAME = r"(?![\d²³])[\w㎡]+"
# What is a keyword in each, and nowhere else in it.
PLACES = {
    "standard": 'standard x "…"',
    "source": 'source "…"',
    "annex": 'source "…" annex 2',
    "effective": "effective from 2022-09-01",
    "from": "effective from 2022-09-01",
    "language": "language zh",
    "type": 'type T = choice { a "…" }',
    "unit": "unit 学时 = 45 minutes",
    "key": 'record R key f { f : text "…" }',
    "with": 'section "…" "…" { clause c "…" { must show s "…" with { a "…" } } }',
    "least": "let x = at least 2 of (a, b)",
    "to": 'facts { f : count 1 to 500 "…" }',
    "unknown": 'section "…" "…" { clause c "…" { must a example pass { f: unknown } } }',
    "choice": 'type T = choice { a "…" }',
    "level": 'type T = level { a "…" < b "…" }',
    "set": 'type T = set { a "…" }',
    "list": 'facts { f : list of R "…" }',
    "yearly": 'facts { f : yearly people "…" }',
    "signed": 'facts { f : signed yuan "…" }',
    "documented": 'facts { f : documented bool "…" }',
    "judged": 'facts { f : judged bool "…" }',
}
CONTEXTUAL = {keyword.text: keyword for keyword in KEYWORDS if not keyword.is_reserved}


def grammar_words() -> dict[str, bool]:
    """Return the words of the grammar, and of each whether it is reserved."""
    terminals = {terminal.name: terminal.pattern for terminal in build_parser().terminals}
    name = re.compile(terminals["NAME"].to_regexp())
    found = {}
    for pattern in terminals.values():
        word = re.fullmatch(r"([a-z]+)", pattern.to_regexp().replace(WORD_END, "").strip("(?:)"))
        if word is not None:
            found[word[1]] = name.fullmatch(word[1]) is None
    return found


class TestTable:
    """The table, the grammar and what is made of them agree."""

    def test_has_the_words_of_the_grammar(self) -> None:
        """Every word of the grammar is in the table once, reserved where the grammar refuses it as a name."""
        words = [keyword.text for keyword in KEYWORDS]

        assert len(words) == len(set(words))
        assert grammar_words() == {keyword.text: keyword.is_reserved for keyword in KEYWORDS}

    def test_reserved(self) -> None:
        """The set of reserved words is that of the table."""
        assert {"must", "if", "yes"} < RESERVED
        assert not RESERVED & CONTEXTUAL.keys()

    @pytest.mark.parametrize("keyword", KEYWORDS, ids=lambda keyword: keyword.text)
    def test_meaning_is_told_in_both_languages(self, keyword: object) -> None:
        """Completions have a few words to show, in English and in Chinese."""
        meaning = keyword.meaning  # type: ignore[attr-defined]

        assert 0 < len(meaning.en) < 60
        assert re.search("[一-龥]", meaning.zh)
        assert not re.search(r"[.。]$", meaning.en + meaning.zh)


class TestContext:
    """Words that may be names are words of the language where the table says."""

    def test_every_word_has_a_place(self) -> None:
        """The places tried here are those of all contextual words."""
        assert PLACES.keys() == CONTEXTUAL.keys()

    @pytest.mark.parametrize("word", PLACES)
    def test_in_its_place(self, word: str) -> None:
        """In a text that the grammar reads, what follows the word is what the table says."""
        text = PLACES[word]
        follows = str(CONTEXTUAL[word].follows).replace("W", NAME)

        assert parse(Source("place", text))[1] == ()
        assert re.search(rf"(?<!\w){word}{WORD_END}(?={follows})", text)

    # `at` before `least` and a colon before `unknown` tell as well, which nothing behind them could.
    @pytest.mark.parametrize("word", [word for word in PLACES if word not in ("least", "unknown")])
    def test_as_a_name(self, word: str) -> None:
        """Where the word is a name, what follows it is something else."""
        follows = str(CONTEXTUAL[word].follows).replace("W", NAME)
        text = f"let y = {word} >= 3 and max({word}, x) = {word} + x.{word}"

        assert parse(Source("name", text))[1] == ()
        assert not re.search(rf"(?<!\w){word}{WORD_END}(?={follows})", text)


def test_made_grammars_are_up_to_date() -> None:
    """What editors are given knows every word of the table."""
    text = grammar_text()

    assert [keyword.text for keyword in KEYWORDS if not re.search(rf"[:|(]{keyword.text}[|)]", text)] == []
