"""Tests of the Pygments lexer, the TextMate grammar and the extension for editors."""

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pygments.token import (
    Comment,
    Error,
    Keyword,
    Literal,
    Name,
    Number,
    Operator,
    Punctuation,
    String,
    _TokenType,
)

from cedu_rules.authoring.highlighting import StandardLexer
from cedu_rules.authoring.textmate import SCOPE, grammar, grammar_text
from cedu_rules.source import Source
from cedu_rules.syntax.keywords import RESERVED
from cedu_rules.syntax.parser import Phrase, parse_phrases

ROOT = Path(__file__).parent.parent
EXTENSION = ROOT / "docs" / "editors" / "vscode"
STANDARDS = sorted((ROOT / "standards").glob("*.std"))


def coloured(text: str) -> list[tuple[_TokenType, str]]:
    """Return the tokens that the lexer makes of a text, without white space."""
    return [(kind, value) for kind, value in StandardLexer().get_tokens(text) if value.strip()]


def is_word_colour(kind: _TokenType) -> bool:
    """Tell whether a token has the colour of a word of the language."""
    return kind[:1] == Keyword[:1] or kind == Operator.Word


CASES: dict[str, list[tuple[Any, str]]] = {
    'standard school "题"': [
        (Keyword.Declaration, "standard"),
        (Name.Namespace, "school"),
        (String, '"'),
        (String, "题"),
        (String, '"'),
    ],
    "let standard = source # x": [
        (Keyword.Declaration, "let"),
        (Name.Variable, "standard"),
        (Operator, "="),
        (Name, "source"),
        (Comment.Single, "# x"),
    ],
    "area : m2 when site = shared": [
        (Name.Attribute, "area"),
        (Punctuation, ":"),
        (Name, "m2"),
        (Keyword, "when"),
        (Name, "site"),
        (Operator, "="),
        (Name, "shared"),
    ],
    'n : count 1 to 500 "数"': [
        (Name.Attribute, "n"),
        (Punctuation, ":"),
        (Keyword.Type, "count"),
        (Number, "1"),
        (Operator.Word, "to"),
        (Number, "500"),
        (String, '"'),
        (String, "数"),
        (String, '"'),
    ],
    "must count(t for t in l) >= 500平方米 or 8% = x": [
        (Keyword, "must"),
        (Name.Builtin, "count"),
        (Punctuation, "("),
        (Name, "t"),
        (Operator.Word, "for"),
        (Name, "t"),
        (Operator.Word, "in"),
        (Name, "l"),
        (Punctuation, ")"),
        (Operator, ">="),
        (Number, "500"),
        (Name.Constant, "平方米"),
        (Operator.Word, "or"),
        (Number, "8"),
        (Name.Constant, "%"),
        (Operator, "="),
        (Name, "x"),
    ],
    "example pass { 年: ５００ 元, d: 2022-09-01, z: unknown }": [
        (Keyword, "example"),
        (Keyword.Constant, "pass"),
        (Punctuation, "{"),
        (Name.Attribute, "年"),
        (Punctuation, ":"),
        (Number, "５００"),
        (Name.Constant, "元"),
        (Punctuation, ","),
        (Name.Attribute, "d"),
        (Punctuation, ":"),
        (Literal.Date, "2022-09-01"),
        (Punctuation, ","),
        (Name.Attribute, "z"),
        (Punctuation, ":"),
        (Keyword.Constant, "unknown"),
        (Punctuation, "}"),
    ],
    'clause all_in "\\"" unless assessed_on ≥ x': [
        (Keyword.Declaration, "clause"),
        (Name.Function, "all_in"),
        (String, '"'),
        (String.Escape, '\\"'),
        (String, '"'),
        (Keyword, "unless"),
        (Name.Builtin.Pseudo, "assessed_on"),
        (Operator, "≥"),
        (Name, "x"),
    ],
    'note "not closed\nmust': [(Keyword, "note"), (Error, '"not closed'), (Keyword, "must")],
}


class TestLexer:
    """The Pygments lexer."""

    @pytest.mark.parametrize("text", CASES)
    def test_case(self, text: str) -> None:
        """Each text has the colours that stand beside it."""
        assert CASES[text] == coloured(text)

    @pytest.mark.parametrize("path", STANDARDS, ids=lambda path: path.name)
    def test_agrees_with_the_grammar(self, path: Path) -> None:
        """In the shipped standards a keyword of the grammar has the colour of one, a name that of none."""
        text = path.read_text(encoding="utf-8")
        kinds = {start: kind for start, kind, value in StandardLexer().get_tokens_unprocessed(text) if value.strip()}
        wrong = []
        for phrase in parse_phrases(Source(path.name, text))[0]:
            if isinstance(phrase, Phrase) or not phrase.text[0].isalpha():
                continue
            is_word = phrase.kind != "NAME"
            found = kinds[phrase.start]
            has_colour = is_word_colour(found)
            # Names of built-in types and statuses are names for the grammar, and words for the reader.
            if is_word != has_colour and found not in (Keyword.Type, Keyword.Constant, Name.Builtin):
                wrong.append((phrase.text, found))

        assert wrong == []
        assert Error not in kinds.values()

    @pytest.mark.parametrize("word", sorted(RESERVED))
    def test_reserved_words(self, word: str) -> None:
        """A reserved word is one wherever it stands, and no part of a longer name is."""
        (kind, _), _, (longer, _), _, (chinese, _) = coloured(f"{word} + {word}s + {word}字")

        assert is_word_colour(kind)
        assert (longer, chinese) == (Name, Name)

    @given(st.text(alphabet='ab"\\#\n 12.,{}（）年=≥%mustor', max_size=60))
    def test_loses_nothing(self, text: str) -> None:
        """Whatever the text, the tokens are all of it."""
        tokens = list(StandardLexer(stripnl=False, ensurenl=False).get_tokens_unprocessed(text))

        assert text == "".join(value for _start, _kind, value in tokens)

    def test_is_found(self) -> None:
        """Pygments is told of the lexer, and guesses it by the head of a file."""
        project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
        guess = StandardLexer.analyse_text

        assert project["entry-points"]["pygments.lexers"] == {
            "cedu_rules": "cedu_rules.authoring.highlighting:StandardLexer"
        }
        assert guess('# c\nstandard x "y"') > 0.5 > guess("standard library")


class TestExtension:
    """The extension for editors."""

    def test_grammar_is_up_to_date(self) -> None:
        """The file is what `python -m cedu_rules.authoring.textmate` writes."""
        assert grammar_text() == (EXTENSION / "syntaxes" / "std.tmLanguage.json").read_text(encoding="utf-8")

    def test_scopes_are_of_the_language(self) -> None:
        """Every scope ends with that of the language, and every number of a capture is a group of its pattern."""
        for rule in grammar()["patterns"]:
            captures = rule.get("captures", {})
            names = [rule.get("name"), *(capture["name"] for capture in captures.values())]

            assert all(name is None or name.endswith(SCOPE.removeprefix("source")) for name in names)
            if captures:
                pattern = re.sub(r"\\p\{\w\}", r"\\w", rule["match"])
                assert re.compile(pattern).groups == len(captures)

    def test_package_names_its_files(self) -> None:
        """The package has every file that it names, and speaks of the same language throughout."""
        package = json.loads((EXTENSION / "package.json").read_text(encoding="utf-8"))
        [language], [colours] = package["contributes"]["languages"], package["contributes"]["grammars"]
        configuration = json.loads((EXTENSION / language["configuration"]).read_text(encoding="utf-8"))

        assert (EXTENSION / colours["path"]).is_file()
        assert colours["scopeName"] == SCOPE
        assert colours["language"] == language["id"]
        assert language["extensions"] == [".std"]
        assert configuration["comments"] == {"lineComment": "#"}
