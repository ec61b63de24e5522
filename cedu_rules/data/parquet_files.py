"""A Parquet file into a grid of cells, each as its type says.

    number, yes/no, date, text, a word of an enumeration     as they are
    a time on a day                                          as it is: `records` tells whether a day is meant
    anything else (lists, structures, bytes)                 refused, cell by cell

Whatever is wrong with a file is a `Broken` with its issue: no error of the package that reads such files leaves this
module. It is read in slices, so that one that unpacks to more than it may is refused before all of it is in memory.
"""

import io
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from cedu_rules.data.tables import COLUMNS_LIMIT, Broken, Faulty, FileGrid, Row
from cedu_rules.diagnostics import InputIssue
from cedu_rules.messages import Words

ROWS_LIMIT = 2**20
CELLS_LIMIT = 20_000_000
UNPACKED_LIMIT = 256 * 2**20
"""The cells of a file take at most so many bytes."""

_SLICE = 10_000
_KINDS = {"list": "[…]", "dict": "{…}", "Series": "[…]", "bytes": "bytes", "time": "time", "timedelta": "duration"}

_INSTALL = Words(
    "the package that reads Parquet; install it with `pip install 'cedu_rules[frame]'`",
    "读取 Parquet 所需的组件；请运行 `pip install 'cedu_rules[frame]'` 安装",
)
_READABLE = Words("a Parquet file that can be read", "可读取的 Parquet 文件")
_SMALLER = Words(
    f"a file of at most {ROWS_LIMIT} rows, {COLUMNS_LIMIT} columns and {CELLS_LIMIT} cells, at most "
    f"{UNPACKED_LIMIT // 2**20} MB unpacked; `-o findings.parquet` takes larger ones",
    f"不超过 {ROWS_LIMIT} 行、{COLUMNS_LIMIT} 列、{CELLS_LIMIT} 个单元格，解压后不超过 {UNPACKED_LIMIT // 2**20} MB "
    "的文件；更大的文件可用 `-o findings.parquet`",
)
_PLAIN = Words("a number, yes or no, a day or a text", "数值、是否、日期或文字")


class ParquetGrid(FileGrid):
    """The cells of one file; its rows count from 1, without the names of the columns."""

    def rows(self) -> Iterator[Row]:
        """Yield the names of the columns, then the rows that are not blank; raises `Broken`."""
        source, height = self._opened()
        yield 0, source.collect_schema().names()
        left = UNPACKED_LIMIT
        for start in range(0, height, _SLICE):
            part = self._tried(lambda start=start: source.slice(start, _SLICE).collect())
            left -= part.estimated_size()
            if left < 0:
                raise Broken(InputIssue(self.name, "", _SMALLER))
            for line, cells in enumerate(part.iter_rows(), start + 1):
                if any(cell is not None for cell in cells):
                    yield line, [_value(cell) for cell in cells]

    def _opened(self) -> tuple[Any, int]:
        """Return the file as a lazy frame, and how many rows it has."""
        try:
            import polars as pl  # noqa: PLC0415 -- needs the extra `frame`, and only where a file needs it
        except ModuleNotFoundError:
            raise Broken(InputIssue(self.name, "", _INSTALL)) from None
        source = self._tried(lambda: pl.scan_parquet(io.BytesIO(self.content.raw)))
        width = len(self._tried(source.collect_schema))
        height = self._tried(lambda: source.select(pl.len()).collect().item())
        if height > ROWS_LIMIT or width > COLUMNS_LIMIT or height * width > CELLS_LIMIT:
            raise Broken(InputIssue(self.name, "", _SMALLER))
        return source, height

    def _tried(self, read: Any) -> Any:  # noqa: ANN401 -- of a package that may be missing
        """Return what a step of reading gives."""
        try:
            return read()
        except (KeyboardInterrupt, SystemExit, GeneratorExit):
            raise
        except BaseException:  # noqa: BLE001 -- what goes wrong inside of Polars may be no `Exception`
            raise Broken(InputIssue(self.name, "", _READABLE)) from None

    def header_place(self, _line: int, _column: int) -> str:
        """Return where the name of a column stands."""
        return self.name


def _value(cell: object) -> object:
    """Return the cell, or a mark for one that no fact can hold."""
    if cell is None or isinstance(cell, (str, bool, int, float, Decimal, date)):
        return cell
    return Faulty(_KINDS.get(type(cell).__name__, "?"), _PLAIN)
