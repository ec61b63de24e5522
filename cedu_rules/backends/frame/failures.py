"""Errors of the libraries that hold frames into errors of ours."""

from collections.abc import Iterator
from contextlib import contextmanager

from cedu_rules.diagnostics import InputError, InputIssue
from cedu_rules.messages import Words

_LIBRARIES = {"polars", "duckdb", "_duckdb", "narwhals", "pyarrow", "pandas", "pyspark", "py4j", "pyo3_runtime"}
_LENGTH = 200
_READABLE = Words("a frame whose rows can be read", "可读取各行的数据表")


@contextmanager
def translated(name: str) -> Iterator[None]:
    """Do something with the frame of that name.

    Raises:
        InputError: its library fails, over a file that is gone or a cell that cannot be converted, for example.
    """
    try:
        yield
    except BaseException as error:  # what goes wrong inside of Polars may be no `Exception`
        if not (isinstance(error, OSError) or type(error).__module__.partition(".")[0] in _LIBRARIES):
            raise
        raise InputError([InputIssue(name, first_line(error), _READABLE)]) from error


def first_line(error: BaseException) -> str:
    """Return the first line of what an error says, or its name."""
    lines = str(error).strip().splitlines()
    return lines[0][:_LENGTH] if lines else type(error).__name__
