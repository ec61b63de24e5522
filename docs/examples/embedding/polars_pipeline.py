"""A column of verdicts beside the facts of each centre, in Polars."""

from datetime import date

import polars as pl

import cedu_rules as cr


def with_verdicts(frame: pl.DataFrame, on: date) -> pl.DataFrame:
    """Return the frame with a verdict and the number of failed clauses for each row; nulls are missing facts.

    An invalid row was not evaluated, so that its number is null.
    """
    centre = cr.load("centre")
    reports = list(centre.evaluate_many(frame.iter_rows(named=True), assessed_on=on))
    failed = [None if report.verdict is cr.Verdict.INVALID else len(report.failed) for report in reports]
    return frame.with_columns(
        pl.Series("verdict", [report.verdict.value for report in reports]),
        pl.Series("failed", failed, dtype=pl.Int64),
    )
