"""Paths into the text of their files, or the bytes of workbooks and Parquet, with one digest over all of them.

A file is UTF-8, with or without a byte-order mark. Spreadsheets on Chinese systems save CSV in GB18030 (GBK, GB2312):
text that is no UTF-8 but is GB18030 is read as that, with a warning, since another encoding may look like it by chance.
"""

from collections import Counter
from collections.abc import Iterable
from os import PathLike, fspath
from os.path import basename, normpath, splitext
from typing import NamedTuple, TypeAlias

from cedu_rules.diagnostics import InputIssue
from cedu_rules.digests import sha256
from cedu_rules.messages import Words
from cedu_rules.records.problems import tidy

FilePath: TypeAlias = str | PathLike[str]

SIZE_LIMIT = 256 * 2**20
"""A file has at most so many bytes."""

ENDINGS = (".csv", ".tsv", ".xlsx", ".parquet", ".json", ".yaml", ".yml")
"""The kinds of files that are read."""

_PACKED = (".xlsx", ".parquet")
"""Kinds of files whose bytes are no text."""

_OTHER_WORKBOOKS = (".xls", ".xlsm", ".xlsb", ".ods", ".et", ".numbers")

_UTF_8_MARK = b"\xef\xbb\xbf"
_OTHER_MARKS = {
    b"\xff\xfe\x00\x00": "UTF-32",
    b"\x00\x00\xfe\xff": "UTF-32",
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
}
_ENCODING = Words(
    "UTF-8 or GB18030; spreadsheets save `CSV UTF-8`", "UTF-8 或 GB18030；可在表格软件中另存为“CSV UTF-8”"
)
_WORKBOOK_MARKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_NO_TEXT = Words("text; a workbook has the ending `.xlsx`", "文本文件；工作簿应以 `.xlsx` 结尾")
_SAMPLE = 4096
_READABLE = Words("a file that can be read", "可读取的文件")
_SIZE = Words(f"a file of at most {SIZE_LIMIT // 2**20} MB", f"不超过 {SIZE_LIMIT // 2**20} MB 的文件")
_KNOWN = Words(f"a file that ends in {', '.join(ENDINGS)}", f"以 {'、'.join(ENDINGS)} 结尾的文件")
_SAVE_AS = Words("a workbook saved as `.xlsx`", "另存为 `.xlsx` 的工作簿")
_READ_AS = Words("UTF-8; it was read as GB18030", "UTF-8；已按 GB18030 读取")


class Content(NamedTuple):
    """The text of one file, or the bytes of a workbook or of Parquet; `name` is how places name it."""

    name: str
    stem: str
    ending: str
    text: str
    raw: bytes = b""


class Contents(NamedTuple):
    """The files that could be read, in their order, and what is wrong with the others."""

    files: tuple[Content, ...]
    issues: tuple[InputIssue, ...]
    warnings: tuple[InputIssue, ...]
    digest: str


class _Refused(Exception):  # noqa: N818 -- never leaves the module
    """A file that cannot be read."""

    def __init__(self, path: str, value: str, expected: Words, place: str | None = None) -> None:
        self.issue = InputIssue(path, value, expected, place=place)
        super().__init__(path)


def load(files: FilePath | Iterable[FilePath]) -> Contents:
    """Return the text of the files; the digest does not depend on their names."""
    given = [files] if isinstance(files, (str, PathLike)) else files
    paths = [fspath(file) for file in given]
    names = _names(paths)
    digest = sha256()
    read: list[Content] = []
    issues: list[InputIssue] = []
    warnings: list[InputIssue] = []
    for path in paths:
        name = names[path]
        try:
            raw = _bytes(path, name)
            digest.update(len(raw).to_bytes(8, "big") + raw)
            read.append(_content(path, name, raw, warnings))
        except _Refused as refused:
            issues.append(refused.issue)
    return Contents(tuple(read), tuple(issues), tuple(warnings), f"sha256:{digest.hexdigest()}")


def _content(path: str, name: str, raw: bytes, warnings: list[InputIssue]) -> Content:
    stem, ending = _stem_and_ending(path)
    if ending in _PACKED:
        return Content(name, stem, ending, "", raw)
    return Content(name, stem, ending, _text(raw, name, warnings))


def _stem_and_ending(path: str) -> tuple[str, str]:
    stem, ending = splitext(basename(normpath(path)))
    return stem, ending.lower()


def _names(paths: Iterable[str]) -> dict[str, str]:
    """Return the name of each file, with as many of its folders as tell it from the others."""
    alone = {path: tidy(basename(normpath(path))) for path in paths}
    return alone if len(set(alone.values())) == len(alone) else _names_with_folders(alone)


def _names_with_folders(paths: Iterable[str]) -> dict[str, str]:
    from pathlib import PurePath  # noqa: PLC0415 -- slow to import, and seldom needed

    parts = {path: PurePath(path).parts for path in paths}
    names: dict[str, str] = {}
    waiting, depth = set(parts.values()), 0
    while waiting:
        depth += 1
        counted = Counter(each[-depth:] for each in waiting)
        told = {each for each in waiting if counted[each[-depth:]] == 1 or depth >= len(each)}
        names |= {path: "/".join(map(tidy, each[-depth:])) for path, each in parts.items() if each in told}
        waiting -= told
    return names


def _bytes(path: str, name: str) -> bytes:
    _, ending = _stem_and_ending(path)
    if ending not in ENDINGS:
        raise _Refused(name, tidy(ending), _SAVE_AS if ending in _OTHER_WORKBOOKS else _KNOWN)
    try:
        with open(path, "rb") as stream:
            raw = stream.read(SIZE_LIMIT + 1)
    except (OSError, ValueError):  # a path with a null character is no value for the system
        raise _Refused(name, "", _READABLE) from None
    if len(raw) > SIZE_LIMIT:
        raise _Refused(name, "", _SIZE)
    return raw


def _text(raw: bytes, name: str, warnings: list[InputIssue]) -> str:
    for mark, encoding in _OTHER_MARKS.items():
        if raw.startswith(mark):
            raise _Refused("encoding", encoding, _ENCODING, name)
    if raw.startswith(_WORKBOOK_MARKS):
        raise _Refused(name, "", _NO_TEXT)
    sample = raw[:_SAMPLE]
    if sample.count(0) * 4 > len(sample):  # every other byte of ASCII
        raise _Refused("encoding", "UTF-16", _ENCODING, name)
    plain = raw.removeprefix(_UTF_8_MARK)
    try:
        return plain.decode("utf-8")
    except UnicodeDecodeError as error:
        broken = error
    try:
        if plain is not raw:
            raise broken
        text = raw.decode("gb18030")
    except UnicodeDecodeError as error:
        start = min(broken.start, error.start)
        line = plain.count(b"\n", 0, start) + 1
        raise _Refused("encoding", f"0x{plain[start]:02x}", _ENCODING, f"{name}:{line}") from None
    warnings.append(InputIssue("encoding", "GB18030", _READ_AS, place=name))
    return text
