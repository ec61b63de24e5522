"""A column of verdicts beside the facts of each centre, in pandas."""

from datetime import date

import pandas as pd

import cedu_rules as cr


def with_verdicts(frame: pd.DataFrame, on: date) -> pd.DataFrame:
    """Return the frame with a verdict and the number of failed clauses for each row; cells without a value are missing facts."""
    centre = cr.load("centre")
    rows = frame.astype(object).where(frame.notna(), None).to_dict(orient="records")
    reports = list(centre.evaluate_many(rows, assessed_on=on))
    return frame.assign(
        verdict=[report.verdict.value for report in reports],
        failed=[len(report.failed) for report in reports],
    )
