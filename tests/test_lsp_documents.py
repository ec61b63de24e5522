"""Tests of open documents: changes are taken in exactly, and names outlive half-written declarations."""

from hypothesis import given
from hypothesis import strategies as st
from lsprotocol.types import Position, Range, TextDocumentContentChangePartial

from cedu_rules.lsp.completing import completions
from cedu_rules.lsp.documents import SLOW, Document, Documents
from tests.lsp_client import whole
from tests.lsp_texts import STANDARD

PIECES = st.text(alphabet=st.sampled_from("a面😀\n\r "), max_size=5)


def opened(text: str) -> Document:
    """Return a document whose text has been read once."""
    document = Documents().open("file:///trial.std", text, 1)
    document.keep(document.reading)
    return document


def offered(document: Document, offset: int) -> list[str]:
    """Return the labels that are offered at a place of the text of now."""
    names = document.with_names()
    items = completions(document.reading, offset, language="zh", snippets=True, symbols_of=names)
    return [item.label for item in items]


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9), PIECES), max_size=6))
def test_changes_add_up(edits: list[tuple[int, int, str]]) -> None:
    """A run of changes by ranges makes the text that the client has, emoji and all line ends included."""
    document = opened("")
    text = ""
    for version, (start, length, new) in enumerate(edits, start=2):
        lines = document.reading.lines
        begin, end = (lines.offset(lines.position(each)) for each in (start, start + length))
        place = Range(lines.position(begin), lines.position(end))
        text = text[:begin] + new + text[end:]
        document.change([TextDocumentContentChangePartial(place, new)], version)

        assert text == document.reading.text
        assert version == document.version


def test_names_of_a_broken_block_are_still_offered() -> None:
    """While the facts cannot be read, since a brace or quote is missing, completion knows them from before."""
    document = opened(STANDARD)
    text = STANDARD.replace("facts {", "facts {{{ = ", 1) + '\nsection "a" "b" { clause c "d" { must '
    document.change([whole(text)], 2)

    assert {"area", "funding", "population"} <= set(offered(document, len(text)))


def test_a_name_that_was_deleted_is_no_longer_offered() -> None:
    """What stands nowhere any more is forgotten as soon as the text can be read."""
    document = opened(STANDARD)
    text = STANDARD.replace('  population : people "常住人口"\n', "").replace("funding / population", "funding")
    text += '\nsection "a" "b" { clause c "d" { must '
    document.change([whole(text)], 2)

    assert "population" not in offered(document, len(text))


def test_a_long_text_is_completed_from_the_last_pause() -> None:
    """No key waits until a long text is read: the names are those of the latest reading, the place is that of now."""
    long = STANDARD + "# and so on\n" * (SLOW // 10)
    document = opened(long)
    text = long + '\nsection "a" "b" { clause c "d" { must site = '
    document.change([whole(text)], 2)

    assert ["own", "shared"] == offered(document, len(text))[:2]
    assert not document.reading.is_indexed


def test_a_document_opened_again_starts_anew() -> None:
    """The text of the last opening counts, and a closed document is none."""
    documents = Documents()
    documents.open("file:///a.std", "one", 1)
    again = documents.open("file:///a.std", "two", 1)

    assert "two" == again.reading.text
    assert [again] == documents.everything()
    documents.close("file:///a.std")
    assert documents.get("file:///a.std") is None
    documents.close("file:///a.std")


def test_a_place_of_an_earlier_text_does_no_harm() -> None:
    """A change whose range is past the end of the text is made at the end."""
    document = opened("one")
    document.change([TextDocumentContentChangePartial(Range(Position(5, 5), Position(6, 0)), " two")], 2)

    assert "one two" == document.reading.text
