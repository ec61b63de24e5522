"""Answers about institutions into the long table of what is not met, with what is missing and lacking.

Which clauses are not met stands in the columns of the answers; what is missing and lacking is explained by the reference.
"""

from collections.abc import Mapping

import narwhals as nw
import polars as pl
from attrs import evolve, field, frozen

from cedu_rules.backends.frame.conversions import named_rows
from cedu_rules.backends.frame.explaining import DETAILS, INSTITUTION, ROW, Explainer, Known
from cedu_rules.backends.frame.layouts import read_layouts
from cedu_rules.backends.frame.plan import BROKEN, compile_plan
from cedu_rules.backends.frame.polars_engine import Batches, Joiner
from cedu_rules.backends.frame.reading import Reads, reads_of
from cedu_rules.backends.frame.task import VERDICT
from cedu_rules.results import Status

TYPES = {"institution": pl.String(), "clause": pl.String(), "status": pl.String(), **DETAILS}

SLICE = 100_000
"""So many institutions are looked at together."""

_OPEN = (Status.FAIL.value, Status.UNKNOWN.value, Status.NOT_MET.value)
_ORDER = "__order"
_SHAPE = {ROW: pl.get_index_type(), _ORDER: pl.Int32(), **{name: TYPES[name] for name in list(TYPES)[1:]}}


@frozen(eq=False)
class Findings:
    """Makes the findings of batches of institutions, with the columns `carried` behind the institution."""

    batches: Batches
    carried: tuple[str, ...] = ()
    reads: Mapping[str, Reads] = field(init=False)
    known: Known = field(factory=dict)

    @reads.default
    def _reads_of_all(self) -> Mapping[str, Reads]:
        return reads_of(self.batches.task.model)

    def over(self, lists: Mapping[str, pl.LazyFrame]) -> "Findings":
        """Return the same over the rows of lists of another batch, with what is known already."""
        return evolve(self, batches=evolve(self.batches, lists=lists), known=self.known)

    def of(self, source: pl.DataFrame) -> pl.DataFrame:
        """Return the findings of institutions in their order."""
        own = self._own(source)
        parts = [own.evaluated(part) for part in source.iter_slices(SLICE)]
        return pl.concat(parts) if parts else pl.DataFrame(schema=TYPES)

    def _own(self, source: pl.DataFrame) -> "Findings":
        """Return what gives statuses in Polars, for whatever engine this was made."""
        task, lists = evolve(self.batches.task, as_bool=False), self.batches.lists
        wrapped = {name: nw.from_native(each) for name, each in lists.items()}
        layout, layouts = read_layouts(task, nw.from_native(source), wrapped)
        plan = compile_plan(task.model, layout, layouts, task.assessed_on, wraps=True)
        return Findings(Batches(task, plan, layouts, lists))

    def evaluated(self, source: pl.DataFrame) -> pl.DataFrame:
        """Return the findings of institutions that are not answered yet."""
        batches = self.batches
        joined = Joiner(batches.plan).joined(source.lazy(), batches.lists)
        answers = batches.answers(joined).collect(engine="in-memory")
        return self.listed(batches.patched(answers, source), source, answers[BROKEN])

    def listed(self, answers: pl.DataFrame, source: pl.DataFrame, broken: pl.Series) -> pl.DataFrame:
        """Return the findings of answered institutions; `broken` tells which of them were answered by the reference."""
        task = self.batches.task
        ids = pl.col("id").cast(pl.String) if "id" in source.columns else pl.lit(None, pl.String)
        rows = source.with_row_index(ROW).with_columns(ids.alias(INSTITUTION), broken.alias(BROKEN))
        explainer = Explainer(self.batches, self.reads, self.known)
        parts = [self._invalid(rows.filter(answers[VERDICT] == "invalid"))]
        for order, clause in enumerate(task.model.clauses):
            status = answers[task.clause_column(clause)].cast(pl.String)
            found = rows.with_columns(status.alias("status")).filter(pl.col("status").is_in(_OPEN))
            if found.height:
                details = explainer.explained(clause, found)
                parts.append(
                    details.with_columns(pl.lit(order, pl.Int32).alias(_ORDER), pl.lit(clause.id).alias("clause"))
                )
        together = pl.concat([part.select(list(_SHAPE)) for part in parts]).sort(ROW, _ORDER)
        carried = [rows[name].gather(together[ROW]) for name in self.carried]
        institution = rows[INSTITUTION].gather(together[ROW]).alias("institution")
        return together.select(institution, *carried, *list(TYPES)[1:])

    def _invalid(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Return one row for each institution that cannot be, with the paths that are wrong."""
        task, reader = self.batches.task, self.batches.reader(rows)
        found = [
            (row[ROW], -1, None, *detail[2:])
            for row in named_rows(rows)
            for detail in task.detailed(*reader.values(row), task.assessed_on, None)
        ]
        return pl.DataFrame(found, _SHAPE, orient="row")
