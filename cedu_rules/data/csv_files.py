"""CSV into a grid of cells.

The comma separates; a file whose header has none may use tabs or semicolons, and a `.tsv` file has tabs. A first line
`sep=;`, as spreadsheets write and read it, names the separator. Places give the line in which a row begins.
"""

import csv
import io
import re
from collections.abc import Iterator
from itertools import islice

from cedu_rules.data.contents import Content
from cedu_rules.data.tables import Broken, FileGrid, Row
from cedu_rules.diagnostics import InputIssue
from cedu_rules.messages import Words
from cedu_rules.records.problems import tidy

_CSV = Words(
    'CSV: a cell of at most 131072 characters; one with `"`, commas or line breaks in quotes, its own quotes doubled',
    "CSV：单元格不超过 131072 字；含引号、逗号或换行的单元格用引号括起，其中的引号写两次",
)
_NAMED = re.compile(r"sep=([,;\t])(?:\r?\n|\r)", re.IGNORECASE)


class CsvGrid(FileGrid):
    """The cells of one file."""

    def rows(self) -> Iterator[Row]:
        """Yield the rows that are not blank, each with the line in which it begins; raises `Broken`."""
        named = _NAMED.match(self.content.text)
        if named is None:
            return _separated(self.content, "\t" if self.content.ending == ".tsv" else _separator(self.content))
        return islice(_separated(self.content, named[1]), 1, None)

    def header_place(self, line: int, _column: int) -> str:
        """Return where the header stands."""
        return f"{self.name}:{line}"


def _separated(content: Content, separator: str) -> Iterator[Row]:
    reader = csv.reader(io.StringIO(content.text, newline=""), delimiter=separator, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error:
            raise Broken(_malformed(content, line)) from None
        if cells is None:
            return
        if any(cell and not cell.isspace() for cell in cells):
            yield line, cells


def _separator(content: Content) -> str:
    _line, header = next(_separated(content, ","), (1, []))
    alone = str(header[0]) if len(header) == 1 else ""
    return next((separator for separator in "\t;" if separator in alone), ",")


def _malformed(content: Content, line: int) -> InputIssue:
    """Return the issue of text that is no CSV, in the row that begins in that line."""
    found = next(islice(io.StringIO(content.text, newline=""), line - 1, None), "")
    return InputIssue("CSV", tidy(found.strip()), _CSV, place=f"{content.name}:{line}")
