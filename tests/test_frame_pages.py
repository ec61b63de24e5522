"""The tables of docs/frames.md say what the engines do.

Set `UPDATE_PAGES=1` to write them anew; the line of PySpark is held by the tests of PySpark.
"""

from typing import Any

import duckdb
import narwhals as nw
from frame_pages import HEAD, Make, line, section, written  # type: ignore[import-not-found]  # it stands beside this file

from cedu_rules.backends.frame.translate import OPERATORS
from cedu_rules.semantics import _RULES

_CONNECTION = duckdb.connect()
ENGINES: dict[str, Make] = {
    "Polars": lambda frame: frame,
    "Polars, lazy": lambda frame: frame.lazy(),
    "DuckDB": lambda frame: _CONNECTION.from_arrow(frame.to_arrow()),
    "pyarrow": lambda frame: frame.to_arrow(),
    "pandas": lambda frame: frame.to_pandas(use_pyarrow_extension_array=True),
}


def height(frame: Any) -> int:  # noqa: ANN401 -- of any library
    """Return the number of rows."""
    return len(nw.from_native(frame).lazy().collect(backend="polars"))


def test_the_page_tells_what_each_engine_does() -> None:
    """Found by trying it: every cell is an answer or a refusal by name."""
    spark = [each for each in section("abilities") if each.startswith("| PySpark |")]
    expected = [*HEAD, *(line(name, make, height) for name, make in ENGINES.items()), *spark]

    assert expected == written("abilities", expected)


def test_the_page_lists_which_operators_have_a_form_over_columns() -> None:
    """The others are answered by the reference in frames, and refused in SQL as text."""
    expected = ["| operator | in frames | as SQL |", "|---|---|---|"]
    expected += [
        f"| `{name}` | {'columns | yes' if name in OPERATORS else 'the reference | refused'} |"
        for name in sorted(set(_RULES) - {"variable"})
    ]

    assert expected == written("operators", expected)
