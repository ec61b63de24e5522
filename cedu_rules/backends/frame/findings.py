"""Rows of institutions into the long table of what is not met, explained by the reference."""

from collections.abc import Iterator

import polars as pl
from attrs import frozen

from cedu_rules.backends.frame.polars_engine import Batches
from cedu_rules.backends.frame.task import Detail

TYPES = {
    "institution": pl.String(),
    "clause": pl.String(),
    "status": pl.String(),
    "missing": pl.List(pl.String()),
    "shortfall": pl.String(),
}


@frozen(eq=False)
class Findings:
    """Makes the findings of batches of institutions."""

    batches: Batches

    def schema(self) -> pl.Schema:
        """Return the columns of the table."""
        return pl.Schema(TYPES)

    def of(self, source: pl.DataFrame) -> pl.DataFrame:
        """Return the findings of these institutions, in their order."""
        return pl.DataFrame(list(self._details(source)), schema=TYPES, orient="row")

    def _details(self, source: pl.DataFrame) -> Iterator[Detail]:
        reader = self.batches.reader(source)
        task = self.batches.task
        for row in source.iter_rows(named=True):
            yield from task.detailed(*reader.values(row), task.assessed_on)
