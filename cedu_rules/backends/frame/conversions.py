"""Eager frames of any library into frames of Polars, and answers back."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date
from decimal import Decimal
from typing import Any

import narwhals as nw
import polars as pl

_KINDS: tuple[tuple[tuple[type, ...], type[pl.DataType] | None], ...] = (
    ((bool,), pl.Boolean),
    ((int,), pl.Int64),
    ((int, float), pl.Float64),
    ((str,), pl.String),
    ((Decimal,), None),
    ((date,), None),
)
"""The types of Python values of which a column may hold nothing else, and the type that it then has; None finds it out."""

_TIMES = (pl.Date, pl.Datetime)
_A_DAY = {"ms": 86_400 * 10**3, "us": 86_400 * 10**6, "ns": 86_400 * 10**9}
_FIRST, _LAST = (day.toordinal() - date(1970, 1, 1).toordinal() for day in (date.min, date.max))
_DIGITS = 30
_PRECISION = 38
_WHOLE = 2**53
"""Up to here floats tell all whole numbers apart."""


def to_polars(frame: Any) -> Any:  # noqa: ANN401 -- a frame of narwhals
    """Return the frame of Polars with the same cells; a lazy one stays lazy."""
    if frame.implementation.is_polars():
        return frame.to_native()
    if frame.implementation.is_pyarrow() and all(map(_is_known, frame.schema.values())):
        with suppress(pl.exceptions.PolarsError):  # some column is strange all the same: its values are texts then
            return pl.from_arrow(frame.to_native())
    return pl.DataFrame([_series(name, frame[name]) for name in frame.columns])


def _series(name: str, column: Any) -> pl.Series:  # noqa: ANN401
    if _is_known(column.dtype):
        with suppress(Exception):  # whatever a library says of a type that is not for tables
            return pl.from_arrow(column.to_arrow()).alias(name)  # type: ignore[union-attr]  # an array is a series
    values = [
        None if null else _plain(value)
        for value, null in zip(column.to_list(), column.is_null().to_list(), strict=True)
    ]
    found = {type(value) for value in values if value is not None}
    for kinds, type_ in _KINDS if found else ():
        if found.issubset(kinds) and not (type_ is pl.Float64 and _loses(values)):
            try:
                return pl.Series(name, values, type_)
            except (pl.exceptions.PolarsError, ArithmeticError, TypeError, ValueError):  # a number with too many digits
                break
    return pl.Series(name, [None if value is None else _text(value) for value in values], pl.String)


def _text(value: object) -> str:
    """Return the value as text, numbers without an exponent where that is no longer."""
    number = Decimal(repr(value)) if isinstance(value, float) else value
    if isinstance(number, Decimal) and number.is_finite() and abs(number.adjusted()) <= _DIGITS:
        return format(number, "f")
    return str(value)


def _is_known(dtype: Any) -> bool:  # noqa: ANN401 -- a type of narwhals
    """Return whether Polars holds the same: periods of pandas would become numbers, decimals with more digits a panic."""
    is_wide = isinstance(dtype, nw.Decimal) and (dtype.precision or 0) > _PRECISION
    return not (is_wide or isinstance(dtype, (nw.Object, nw.Unknown)))


def _plain(value: Any) -> Any:  # noqa: ANN401
    """Return the value as Python has it, where it is a scalar of NumPy or a time of day that means a day."""
    item = getattr(value, "item", None)
    plain = item() if callable(item) and getattr(value, "ndim", 1) == 0 else value
    return plain.date() if hasattr(plain, "hour") and hasattr(plain, "date") and _is_midnight(plain) else plain


def _is_midnight(value: Any) -> bool:  # noqa: ANN401 -- a datetime
    return value.tzinfo is None and value == type(value)(value.year, value.month, value.day)


def _loses(values: list[Any]) -> bool:
    """Return whether floats do not hold the whole numbers among the values."""
    return any(type(value) is int and abs(value) > _WHOLE for value in values)


def named_rows(frame: pl.DataFrame) -> Iterator[Mapping[str, Any]]:
    """Yield the rows by column; times that Python has no values for, such as days after the year 9999, as texts."""
    strange = [name for name in frame.columns if not _reaches_python(frame[name])]
    return frame.with_columns(_as_text(name, frame.schema[name]) for name in strange).iter_rows(named=True)


def _reaches_python(column: pl.Series) -> bool:
    if isinstance(column.dtype, _TIMES):
        return bool(column.to_frame().select(_is_inside(column.name, column.dtype).all()).item())
    if not column.dtype.is_nested():
        return True
    try:
        column.to_list()
    except (ValueError, OverflowError, pl.exceptions.PanicException):
        return False
    return True


def _is_inside(name: str, type_: pl.DataType) -> pl.Expr:
    """Return whether a time is one of Python; null where there is none."""
    day = _A_DAY[type_.time_unit or "us"] if isinstance(type_, pl.Datetime) else 1
    return pl.col(name).to_physical().cast(pl.Int64).is_between(_FIRST * day, (_LAST + 1) * day - 1)


def _as_text(name: str, type_: pl.DataType) -> pl.Expr:
    if not isinstance(type_, _TIMES):
        return pl.when(pl.col(name).is_not_null()).then(pl.lit("…")).alias(name)
    inside = pl.when(_is_inside(name, type_)).then(pl.col(name))
    text = inside.cast(pl.String)
    if isinstance(type_, pl.Datetime):
        day = inside.dt.date()
        text = pl.when(inside == day.cast(type_)).then(day.cast(pl.String)).otherwise(text)
    return pl.when(~_is_inside(name, type_)).then(pl.lit("…")).otherwise(text).alias(name)


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
