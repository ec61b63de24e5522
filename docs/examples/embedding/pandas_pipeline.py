"""A column of verdicts beside the facts of each centre, in pandas."""

from datetime import date

import pandas as pd

import cedu_rules as cr


def with_verdicts(frame: pd.DataFrame, on: date) -> pd.DataFrame:
    """Return the frame with a verdict and the number of failed clauses for each row; cells without a value are missing facts.

    An invalid row was not evaluated, so that it has no number.
    """
    centre = cr.load("centre")
    rows = frame.astype(object).where(frame.notna(), None).to_dict(orient="records")
    reports = list(centre.evaluate_many(rows, assessed_on=on))
    failed = [None if report.verdict is cr.Verdict.INVALID else len(report.failed) for report in reports]
    return frame.assign(
        verdict=[report.verdict.value for report in reports],
        failed=pd.array(failed, dtype="Int64"),
    )
