"""The tables of the grammar that are shipped are those of the grammar."""

import os
from pathlib import Path

import lark
import pytest

import cedu_rules
from cedu_rules.source import Source
from cedu_rules.syntax import grammar
from cedu_rules.syntax.parser import parse

FILE = Path(cedu_rules.__file__).parent / "syntax" / grammar.TABLES
STANDARDS = sorted((Path(__file__).parent.parent / "standards").glob("*.std"))


@pytest.fixture
def fresh() -> object:
    """Let the parser be made anew before and after."""
    grammar.parser.cache_clear()
    yield
    grammar.parser.cache_clear()


def test_the_tables_are_those_of_the_grammar() -> None:
    """The file is what this version of Lark makes of the grammar; `UPDATE_PAGES=1` writes it."""
    expected = grammar.tables()
    if os.environ.get("UPDATE_PAGES"):
        FILE.write_text(expected, encoding="utf-8")
    actual = FILE.read_text(encoding="utf-8")
    if f'"lark {lark.__version__},' not in actual[:60]:
        pytest.skip(f"the tables are of another version of Lark than {lark.__version__}")

    assert expected == actual


@pytest.mark.usefixtures("fresh")
@pytest.mark.parametrize("kept", ["", "[]", "{}", '{"made_by": 1}', '{"made_by": "lark 0.1, sha256:0", "data": {}}'])
def test_tables_that_do_not_fit_are_made_anew(kept: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without tables of this grammar and this Lark the grammar itself is read, and reads the same."""
    expected = [parse(Source(path.name, path.read_text("utf-8"))) for path in STANDARDS]
    text = grammar._text
    grammar.parser.cache_clear()
    monkeypatch.setattr(grammar, "_text", lambda name: kept if name == grammar.TABLES else text(name))

    assert expected == [parse(Source(path.name, path.read_text("utf-8"))) for path in STANDARDS]
