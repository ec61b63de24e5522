"""The tables of the grammar that are shipped are those of the grammar."""

import json
import os
from pathlib import Path

import lark
import pytest

import cedu_rules
from cedu_rules.source import Source
from cedu_rules.syntax import grammar
from cedu_rules.syntax.parser import parse

FILE = Path(cedu_rules.__file__).parent / "syntax" / grammar.TABLES
CENTRE = Path(__file__).parent.parent / "standards" / "centre.std"


@pytest.fixture
def fresh() -> object:
    """Let the parser be made anew before and after."""
    grammar.parser.cache_clear()
    yield
    grammar.parser.cache_clear()


def test_the_tables_are_of_this_grammar() -> None:
    """The file was made of the grammar as it stands; `UPDATE_PAGES=1` writes it."""
    if os.environ.get("UPDATE_PAGES"):
        FILE.write_text(grammar.tables(), encoding="utf-8")
    made_by = json.loads(FILE.read_text(encoding="utf-8"))["made_by"]
    if not made_by.startswith(f"lark {lark.__version__},"):
        pytest.skip(f"the tables are of another version of Lark than {lark.__version__}")

    assert grammar._maker() == made_by


@pytest.mark.usefixtures("fresh")
def test_the_tables_are_those_that_the_grammar_gives() -> None:
    """The parser of the tables has the rules, the terminals and the number of states of the parser of the grammar."""
    tables, anew = grammar.parser(), grammar.build_parser()

    assert {str(rule) for rule in anew.rules} == {str(rule) for rule in tables.rules}
    assert {str(terminal) for terminal in anew.terminals} == {str(terminal) for terminal in tables.terminals}
    assert len(anew.parser.parser._parse_table.states) == len(tables.parser.parser._parse_table.states)


@pytest.mark.usefixtures("fresh")
@pytest.mark.parametrize("kept", ["", "[]", '{"made_by": "lark 0.1, sha256:0", "data": {}}'])
def test_tables_that_do_not_fit_are_made_anew(kept: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without tables of this grammar and this Lark the grammar itself is read, and reads the same."""
    source = Source("centre.std", CENTRE.read_text("utf-8"))
    expected = parse(source)
    text = grammar._text
    grammar.parser.cache_clear()
    monkeypatch.setattr(grammar, "_text", lambda name: kept if name == grammar.TABLES else text(name))

    assert expected == parse(source)
