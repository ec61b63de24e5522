"""The bytes of a workbook into whether it is safe to open, and what its sheets hold, without building any of it.

A workbook is a zip archive of XML. Before anything is unpacked, its directory tells how large that would be; Python
never unpacks more of a part than the directory says. A document type is refused: workbooks have none, and entities are
how XML explodes. One pass over the bytes of a sheet counts what is in it, so that a million empty rows after the last
value are never parsed, and finds what a reader of values does not see: formulas and merged cells.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator

from attrs import frozen

from cedu_rules.messages import Words

UNPACKED_LIMIT = 128 * 2**20
"""The parts of a workbook have at most so many bytes together."""

_RATIO_LIMIT = 250
_SMALL = 16 * 2**20
_PARTS_LIMIT = 5000
_CHUNK = 2**20
_MERGED_LIMIT = 1000

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_DOCTYPE = b"<!DOCTYPE"
_WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff")

NOT_A_WORKBOOK = Words("a workbook saved as `.xlsx`", "另存为 `.xlsx` 的工作簿")
_UNENCRYPTED = Words("a workbook without a password", "不带密码的工作簿")
_OLD = Words("a workbook saved as `.xlsx`, not in the old format `.xls`", "另存为 `.xlsx` 的工作簿，而非旧格式 `.xls`")
_SMALLER = Words(
    f"a workbook of at most {UNPACKED_LIMIT // 2**20} MB unpacked",
    f"解压后不超过 {UNPACKED_LIMIT // 2**20} MB 的工作簿",
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


def check(raw: bytes) -> None:
    """Raise `Unsafe` for bytes that are no workbook, or one that must not be opened."""
    if raw.startswith(_OLE):
        raise Unsafe(_UNENCRYPTED if _ENCRYPTED in raw else _OLD)
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            _check_directory(archive.infolist())
            for info in archive.infolist():
                if info.filename.endswith((".xml", ".rels")):
                    _check_part(archive, info)
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


def _check_part(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> None:
    for number, piece in enumerate(_pieces(archive, info.filename)):
        if _DOCTYPE in piece or (number == 0 and piece.startswith(_WIDE_MARKS)):
            raise Unsafe(NOT_A_WORKBOOK)


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
    rest = b""
    with archive.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            rest += chunk
            cut = rest.rfind(b"<")
            if cut > 0:
                yield rest[:cut]
                rest = rest[cut:]
    yield rest
