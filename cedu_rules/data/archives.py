"""The bytes of a workbook into whether it is safe to open, and what its sheets hold, without building any of it.

A workbook is a zip archive of XML. Before anything is unpacked, its directory tells how large that would be; Python
never unpacks more of a part than the directory says. A document type is refused: workbooks have none, and entities are
how XML explodes. A reader holds the tags of one row at once, and those of a part without rows all together, so these are
counted. Parts that hold no values (pictures, links, comments) are emptied and not looked at. One pass over the bytes of a sheet counts what is in it, so that a million empty rows after the last value are
never parsed, and finds what a reader of values does not see: formulas and merged cells.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator

from attrs import define, frozen

from cedu_rules.messages import Words

UNPACKED_LIMIT = 128 * 2**20
"""The parts of a workbook have at most so many bytes together."""

_RATIO_LIMIT = 250
_SMALL = 16 * 2**20
_PARTS_LIMIT = 5000
_CHUNK = 2**20
_MERGED_LIMIT = 1000
_TAGS_LIMIT = 500_000
"""So many tags are held at once at most; a row of all columns that a sheet can have has fewer, even in rich text."""
_STRINGS_LIMIT = 8_000_000
"""The same for the texts of a workbook, each of which counts for four more, since each is an object of its own."""
_ROWS_LIMIT = 2**20
_ASIDE_LIMIT = 1000

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_DOCTYPE = b"<!DOCTYPE"
_ASIDE = b"<!"
_ROW = re.compile(rb"</?(?:\w+:)?row(?:\s[^<>]*)?>|<(?:\w+:)?row/>")
_BETWEEN_ROWS = re.compile(rb"(?:</row\s*>|<row(?:\s[^<>]*)?/>)\s*<(?!/?row[\s/>])")
_SHEETS = "worksheets/"
_STRINGS = "sharedstrings.xml"
_STRING = re.compile(rb"<(?:\w+:)?si[\s/>]")
_ENCODING = re.compile(rb"[^<>]*<\?xml[^<>]*?\bencoding\s*=\s*[\"'](?!(?:utf-?8|us-ascii)[\"'])", re.IGNORECASE)
_HEAD = 400
_STRICT = b"http://purl.oclc.org/ooxml/"
_READ = re.compile(
    r"(?!(?:.*/)?(?:calcChain|comments|customXml|embeddings|externalLinks|pivotCache|threadedComments)).*\.(?:xml|rels)",
    re.IGNORECASE,
)

NOT_A_WORKBOOK = Words("a workbook saved as `.xlsx`", "另存为 `.xlsx` 的工作簿")
_UNENCRYPTED = Words("a workbook without a password", "不带密码的工作簿")
_OLD = Words("a workbook saved as `.xlsx`, not in the old format `.xls`", "另存为 `.xlsx` 的工作簿，而非旧格式 `.xls`")
_UNSTRICT = Words(
    "a workbook saved as `Excel Workbook (.xlsx)`, not as `Strict Open XML`",
    "另存为“Excel 工作簿（.xlsx）”的工作簿，而非“Strict Open XML”",
)
_SMALLER = Words(
    f"a workbook of at most {UNPACKED_LIMIT // 2**20} MB unpacked",
    f"解压后不超过 {UNPACKED_LIMIT // 2**20} MB 的工作簿",
)
_FEWER_TAGS = Words(
    "a workbook of fewer texts, styles and cells in a row; copy its values into a new one",
    "文本、样式和每行单元格较少的工作簿；请将数值复制到新工作簿",
)

_VALUE = re.compile(rb"<(?:\w+:)?(?:v(?:\s[^<>]*)?>[^<]|is[\s>]|f[\s/>])")
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\s[^<>]*?\bref=[\"']([A-Z]{1,3}[0-9]{1,7}:[A-Z]{1,3}[0-9]{1,7})[\"']")


@frozen
class Contained:
    """What a sheet holds: how many values and formulas together, whether there are formulas, merged ranges."""

    filled: int
    has_formulas: bool
    merged: tuple[str, ...]


class Unsafe(Exception):  # noqa: N818 -- never leaves the package
    """Bytes that are not opened; `expected` says what should be there."""

    def __init__(self, expected: Words, value: str = "") -> None:
        self.expected = expected
        self.value = value
        super().__init__(value)


def check(raw: bytes) -> bytes:
    """Return a workbook in which every part that may be parsed is safe to parse.

    Raises:
        Unsafe: no workbook, or one that must not be opened.
    """
    if raw.startswith(_OLE):
        raise Unsafe(_UNENCRYPTED if _ENCRYPTED in raw else _OLD)
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            _check_directory(archive.infolist())
            names = dict.fromkeys(info.filename for info in archive.infolist())
            for name in names:
                if _READ.fullmatch(name):
                    _check_part(archive, name)
            return raw if all(map(_READ.fullmatch, names)) else _emptied(archive, names)
    except Unsafe:
        raise
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError):
        raise Unsafe(NOT_A_WORKBOOK) from None


def _check_directory(parts: list[zipfile.ZipInfo]) -> None:
    if any(part.flag_bits & 1 for part in parts):
        raise Unsafe(_UNENCRYPTED)
    unpacked, packed = sum(part.file_size for part in parts), sum(part.compress_size for part in parts)
    if unpacked > UNPACKED_LIMIT or len(parts) > _PARTS_LIMIT:
        raise Unsafe(_SMALLER, f"{-(-unpacked // 2**20)} MB")
    if unpacked > _SMALL and unpacked > _RATIO_LIMIT * packed:
        raise Unsafe(_SMALLER, f"1:{unpacked // max(packed, 1)}")
    if "[Content_Types].xml" not in {part.filename for part in parts}:
        raise Unsafe(NOT_A_WORKBOOK)


def _emptied(archive: zipfile.ZipFile, names: Iterable[str]) -> bytes:
    """Return the archive without what stands in parts that are not read."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as sound:
        for name in names:
            sound.writestr(name, archive.read(name) if _READ.fullmatch(name) else b"")
    return stream.getvalue()


def _check_part(archive: zipfile.ZipFile, name: str) -> None:
    with archive.open(name) as stream:
        head = stream.read(_HEAD)
    if _STRICT in head:
        raise Unsafe(_UNSTRICT)
    if b"\0" in head or _ENCODING.match(head):  # what follows could hide from whoever looks for ASCII
        raise Unsafe(NOT_A_WORKBOOK)
    holds_strings = name.lower().endswith(_STRINGS)
    tags = _Tags(in_rows=_SHEETS in name.lower(), limit=_STRINGS_LIMIT if holds_strings else _TAGS_LIMIT)
    for piece in _pieces(archive, name):
        if _DOCTYPE in piece:
            raise Unsafe(NOT_A_WORKBOOK)
        tags.outside += 4 * len(_STRING.findall(piece)) if holds_strings else 0
        tags.count(piece)


@define
class _Tags:
    """Counts the tags that a reader of a part holds at once: those of one row, and all that stand outside of rows."""

    in_rows: bool
    limit: int
    inside: int | None = None
    outside: int = 0
    rows: int = 0
    asides: int = 0

    def count(self, piece: bytes) -> None:
        """Count the tags of the next piece; raises `Unsafe`."""
        self.asides += piece.count(_ASIDE)  # what stands in comments would be taken for rows
        start = 0
        if self.in_rows:
            first, last = self._ends(piece)
            for match in _ROW.finditer(piece) if first is None or last is None else (first, last):
                if match is last:
                    self.inside = None  # the row before it has ended
                else:
                    self._add(piece.count(b"<", start, match.start()))
                start = match.start()
                self._pass(match[0])
        self._add(piece.count(b"<", start))
        if self.asides > _ASIDE_LIMIT or self.rows > _ROWS_LIMIT:
            raise Unsafe(_FEWER_TAGS)

    def _pass(self, tag: bytes) -> None:
        """Begin or end a row."""
        closes, alone = tag.startswith(b"</"), tag.endswith(b"/>")
        self.rows += not closes
        self.inside = None if closes else self.inside if alone else self.inside or 0

    def _ends(self, piece: bytes) -> tuple[re.Match[bytes] | None, re.Match[bytes] | None]:
        """Return the first and the last tag of rows in a piece in which row follows row, else nothing.

        The rows between them have fewer tags than the piece, and so fewer than the limit; to look at each of a million
        rows would take seconds.
        """
        first = _ROW.search(piece)
        last = _ROW.match(piece, max(piece.rfind(b"<row"), piece.rfind(b"</row"), 0))
        if first is None or last is None or first.start() == last.start():
            return None, None
        if b":row" in piece or _BETWEEN_ROWS.search(piece):
            return None, None
        self.rows += piece.count(b"<row") - sum(not end[0].startswith(b"</") for end in (first, last))
        return first, last

    def _add(self, tags: int) -> None:
        if self.inside is None:
            self.outside += tags
        else:
            self.inside += tags
        if max(self.inside or 0, self.outside - self.rows) > self.limit:
            raise Unsafe(_FEWER_TAGS)


def look_into(raw: bytes, part: str) -> Contained:
    """Return what the sheet in a part holds."""
    filled, formulas = 0, 0
    merged: list[str] = []
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        for piece in _pieces(archive, part.lstrip("/")):
            filled += sum(1 for _ in _VALUE.finditer(piece))
            formulas += sum(1 for _ in _FORMULA.finditer(piece)) if not formulas else 0
            if len(merged) < _MERGED_LIMIT:
                merged += [match[1].decode("ascii") for match in _MERGED.finditer(piece)]
    return Contained(filled, formulas > 0, tuple(merged))


def _pieces(archive: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    """Yield the bytes of a part in pieces that begin with a tag, so that no tag is cut in two."""
    rest: list[bytes] = []
    with archive.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            cut = chunk.rfind(b"<")
            if cut >= 0:
                yield b"".join((*rest, chunk[:cut]))
                rest = [chunk[cut:]]
            else:
                rest.append(chunk)
    yield b"".join(rest)
