"""Tests of places: offsets and the units of clients agree, whatever the text."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from lsprotocol.types import Position, PositionEncodingKind, Range

from cedu_rules.lsp.positions import Lines
from cedu_rules.lsp.tokens import tokens

TEXTS = st.text(alphabet=st.sampled_from('a"# 面²😀\n\r\u2028\x0c{'), max_size=30)
WIDTHS = {
    PositionEncodingKind.Utf8: lambda text: len(text.encode("utf-8")),
    PositionEncodingKind.Utf16: lambda text: len(text.encode("utf-16-le")) // 2,
    PositionEncodingKind.Utf32: len,
}
ENCODINGS = st.sampled_from(sorted(WIDTHS))


@given(TEXTS, ENCODINGS, st.data())
def test_a_place_leads_back_to_its_offset(text: str, encoding: PositionEncodingKind, data: st.DataObject) -> None:
    """Every offset has a place, and the place that offset; only inside of a line end of two characters there is none."""
    offset = data.draw(st.integers(0, len(text)))
    lines = Lines(text, encoding)
    found = lines.offset(lines.position(offset))
    is_within_end = text[max(offset - 1, 0) : offset + 1] == "\r\n"

    assert (offset - is_within_end) == found


@given(TEXTS, ENCODINGS, st.data())
def test_columns_count_units_of_the_encoding(text: str, encoding: PositionEncodingKind, data: st.DataObject) -> None:
    """The column is the size of what stands before on the line, as the encoder of Python counts it."""
    offset = data.draw(st.integers(0, len(text)))
    assume(text[max(offset - 1, 0) : offset + 1] != "\r\n")
    before = text[:offset].replace("\r\n", "\n").replace("\r", "\n")
    line = before[before.rfind("\n") + 1 :]

    assert WIDTHS[encoding](line) == Lines(text, encoding).position(offset).character


@given(TEXTS, ENCODINGS, st.integers(0, 99), st.integers(0, 99))
def test_a_place_outside_is_taken_for_one_inside(text: str, encoding: str, line: int, character: int) -> None:
    """No place, however wrong, is outside of the text."""
    assert 0 <= Lines(text, encoding).offset(Position(line, character)) <= len(text)


def test_half_a_character_is_the_place_before_it() -> None:
    """A column between the halves of an emoji is before the emoji."""
    assert Lines("面😀a").offset(Position(0, 2)) == 1


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        (Range(Position(0, 1), Position(0, 3)), "面Xa\n二"),
        (Range(Position(0, 3), Position(0, 1)), "面Xa\n二"),
        (Range(Position(9, 0), Position(9, 9)), "面😀a\n二X"),
        (Range(Position(0, 4), Position(1, 0)), "面😀aX二"),
        (None, "X"),
    ],
)
def test_a_change_replaces_its_range(place: Range | None, expected: str) -> None:
    """A change is taken in exactly; one with its ends swapped or outside of the text as well as can be."""
    assert expected == Lines("面😀a\n二").replaced(place, "X")


@given(st.text(alphabet=st.sampled_from('a1＞＝≥"\\ #\n面²㎡.{-'), max_size=40))
def test_words_and_marks_cover_the_text(text: str) -> None:
    """Between tokens there is white space and comments alone, and none overlaps another."""
    last = 0
    for token in tokens(text):
        gap = text[last : token.start]

        assert token.start >= last
        assert all(not line.strip() or line.strip().startswith("#") for line in gap.split("\n"))
        last = token.end
