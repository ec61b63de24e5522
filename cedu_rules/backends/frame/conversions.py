"""Eager frames of any library into frames of Polars, and answers back."""

from typing import Any

import narwhals as nw
import polars as pl


def to_polars(frame: Any) -> Any:  # noqa: ANN401 -- a frame of narwhals
    """Return the frame of Polars with the same cells; a lazy one stays lazy."""
    if frame.implementation.is_polars():
        return frame.to_native()
    if frame.implementation.is_pyarrow():
        return pl.from_arrow(frame.to_native())
    return pl.DataFrame([_series(name, frame[name]) for name in frame.columns])


def _series(name: str, column: Any) -> pl.Series:  # noqa: ANN401
    if column.dtype != nw.Object():
        return pl.from_arrow(column.to_arrow()).alias(name)  # type: ignore[union-attr]  # an array is a series
    values = [None if null else value for value, null in zip(column.to_list(), column.is_null().to_list(), strict=True)]
    if all(isinstance(value, (bool, type(None))) for value in values):
        return pl.Series(name, values, pl.Boolean)
    return pl.Series(name, [None if value is None else str(value) for value in values], pl.String)


def from_polars(frame: pl.DataFrame, like: Any) -> Any:  # noqa: ANN401
    """Return the frame in the library of another."""
    if like.implementation.is_polars():
        return frame
    if like.implementation.is_pyarrow():
        return frame.to_arrow()
    if like.implementation.is_pandas():
        return _in_pandas(frame)
    return nw.from_arrow(frame.to_arrow(), backend=like.implementation).to_native()


def _in_pandas(frame: pl.DataFrame) -> Any:  # noqa: ANN401
    """Return a frame of pandas with types that hold missing values; Enums are categories."""
    enums = [name for name, dtype in frame.schema.items() if isinstance(dtype, pl.Enum)]
    made = frame.to_pandas(use_pyarrow_extension_array=True)
    for name in enums:
        made[name] = frame[name].to_pandas()
    return made
