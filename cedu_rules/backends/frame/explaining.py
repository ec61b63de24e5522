"""Institutions of one open clause into what is missing and lacking: one explanation of the reference for all that agree.

What they have to agree in is the cells that the clause reads, the rows of lists among them, or where less decides, only
which cells are blank (`reading`).
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias

import narwhals as nw
import polars as pl
from attrs import evolve, frozen

from cedu_rules.backends.frame.amounts import Compared
from cedu_rules.backends.frame.cells import is_words, words_of
from cedu_rules.backends.frame.columns import Column, selected
from cedu_rules.backends.frame.layout import Layout, Part
from cedu_rules.backends.frame.plan import BROKEN
from cedu_rules.backends.frame.polars_engine import Batches
from cedu_rules.backends.frame.reading import Reads
from cedu_rules.backends.frame.rows_path import RowReader
from cedu_rules.backends.frame.task import Lacking
from cedu_rules.model.ir import Clause
from cedu_rules.results import Status

ROW, INSTITUTION = "__row", "__institution"
DETAILS = {"missing": pl.List(pl.String()), "shortfall": pl.String()}
_NOTHING = (pl.lit([], DETAILS["missing"]).alias("missing"), pl.lit(None, DETAILS["shortfall"]).alias("shortfall"))
_LIST, _KEY, _PLACE = "__list__", "__key__", "__place"
_PART = "__part"
_KEPT = 200_000


Explanation: TypeAlias = tuple[list[str], str | None]
"""What is missing, and what is lacking."""

Known: TypeAlias = dict[str, Any]
"""What has been explained, by clause and what the explanation hangs on; it never grows beyond a limit."""

_Explain: TypeAlias = Callable[[Clause, RowReader, Mapping[str, Any]], Any]


@frozen(eq=False)
class Explainer:
    """Explains open clauses of batches of institutions."""

    batches: Batches
    reads: Mapping[str, Reads]
    known: Known

    def explained(self, clause: Clause, found: pl.DataFrame) -> pl.DataFrame:
        """Return `ROW`, `status` and the details of institutions of which the clause has that `status`."""
        columns = [part.column for part in self._layout(clause).parts]
        kept = found.select(ROW, INSTITUTION, "status", BROKEN, *columns)
        reads = self.reads[clause.id]
        plain = ~kept[BROKEN]  # in the others a blank may be a text
        if not reads.simple:
            others = self._by_value(clause, kept.filter(~plain))
            return pl.concat([self._by_comparisons(clause, kept.filter(plain)), others])
        is_open = kept["status"] == Status.UNKNOWN.value
        failing = kept.filter(~is_open & plain)
        return pl.concat(
            [
                self._by_blanks(clause, kept.filter(is_open & plain)),
                self._by_amount(clause, failing) if reads.amounts else failing.select(ROW, "status", *_NOTHING),
                self._by_value(clause, kept.filter(~plain)),
            ]
        )

    def _layout(self, clause: Clause) -> Layout:
        """Return the columns of the facts that the clause reads."""
        whole, facts = self.batches.plan.layout, self.reads[clause.id].facts
        parts = tuple(part for part in whole.parts if part.fact is not None and part.fact.name in facts)
        return Layout(parts, {"id": INSTITUTION}, whole.types)

    def _lists(self, clause: Clause) -> dict[str, Layout]:
        """Return the columns of the lists that the clause reads; where lists hang in each other, all of them."""
        reads, found = self.reads[clause.id], {}
        wanted = {name for fields in reads.fields.values() for name in fields}
        nested = any("." in name for name in self.batches.layouts)
        for name, layout in self.batches.layouts.items():
            if name.split(".")[0] in reads.facts and "id" in self.batches.plan.layout.marks:
                parts = tuple(part for part in layout.parts if nested or (part.fact and part.fact.name in wanted))
                found[name] = evolve(layout, parts=parts)
        return found

    # --- who agrees ---

    def _by_blanks(self, clause: Clause, kept: pl.DataFrame) -> pl.DataFrame:
        """Explain once for each pattern of blank cells."""
        columns = [part.column for part in self._layout(clause).parts]
        return self._grouped(clause, kept, [pl.col(column).is_null() for column in columns], self._reason, "blanks")

    def _by_amount(self, clause: Clause, kept: pl.DataFrame) -> pl.DataFrame:
        """Tell what a failing comparison lacks, once for each pair of numbers that it compares."""
        compared = Compared.of(self.batches.plan, self._lacking, clause.requirements[0].condition)
        if compared is None:
            return self._by_cells(clause, kept)
        columns = compared.columns()
        numbers = _with(kept, columns)
        known = pl.all_horizontal(pl.lit(value=True), *(pl.col(name).is_not_null() for name in columns))
        groups = numbers.filter(known).group_by("status", *columns).agg(ROW)
        gaps = [compared.gap(self._lacking, row) for row in groups.drop("status", ROW).iter_rows(named=True)]
        shown = groups.select(ROW, "status", _NOTHING[0], pl.Series("shortfall", gaps, pl.String)).explode(ROW)
        return pl.concat([shown, self._by_cells(clause, numbers.filter(~known))])

    @property
    def _lacking(self) -> Lacking:
        found = self.batches.task.lacking
        if found is None:
            raise AssertionError(self.batches.task.model.id)
        return found

    def _by_comparisons(self, clause: Clause, kept: pl.DataFrame) -> pl.DataFrame:
        """Explain once for each combination of answers of the comparisons, and tell what each row lacks."""
        reads, layout, plan = self.reads[clause.id], self._layout(clause), self.batches.plan
        found = [Compared.of(plan, self._lacking, each, number) for number, each in enumerate(reads.comparisons)]
        listed = [each for each in found if each is not None]
        if len(listed) < len(found) or not listed or self._lists(clause):
            return self._by_value(clause, kept)
        marks = {name: column for each in listed for name, column in each.marks().items()}
        numbers = {name: column for each in listed for name, column in each.columns().items()}
        keys = [key.alias(f"{_PART}{at}") for at, key in enumerate(self._patterns(clause, layout))]
        frame = _with(kept, {**marks, **numbers})
        frame = frame.with_columns(*keys).with_row_index(_PLACE)
        parts = [f"{_PART}{at}" for at in range(len(keys))]
        groups = frame.group_by("status", *parts, *marks, *numbers).agg(ROW, pl.col(_PLACE).first())
        by_text = {each.comparison.span.text: each for each in listed}
        reader = RowReader(self.batches.task.model, layout, {})
        details = []
        for row in frame[groups[_PLACE]].iter_rows(named=True):
            key = (
                row["status"],
                *(row[name] for name in (*parts, *marks)),
                *(k for each in listed for k in each.known(row)),
            )
            missing, texts = self._remembered((clause.id, "told", key), self._told, clause, reader, row)
            told = [by_text[text] for text in texts]
            if all(known for each in told for known in each.known(row)):
                gaps = [each.gap(self._lacking, row) for each in told]
                details.append((missing, "; ".join(gap for gap in gaps if gap is not None) or None))
            else:
                details.append(self._reason(clause, reader, row))
        return _shown(groups, details)

    def _patterns(self, clause: Clause, layout: Layout) -> Iterator[pl.Expr]:
        """Yield what rows have to agree in beside the answers of comparisons: of what only stands in them, the blanks."""
        for part in layout.parts:
            if part.fact is None or part.fact.name not in self.reads[clause.id].loose:
                yield self._key(clause, "", part, layout)
            elif not layout.types[part.column].is_numeric():
                yield pl.col(part.column)
            else:
                yield pl.col(part.column).is_null()
                if part.fact.condition is not None:
                    yield pl.col(part.column) == 0  # looks like one that does not exist

    def _by_cells(self, clause: Clause, kept: pl.DataFrame) -> pl.DataFrame:
        """Tell what a failing comparison lacks, once for each combination of cells."""
        columns = [part.column for part in self._layout(clause).parts]
        return self._grouped(clause, kept, [pl.col(column) for column in columns], self._amount, "amount")

    def _by_value(self, clause: Clause, kept: pl.DataFrame) -> pl.DataFrame:
        """Explain once for each combination of cells and rows of lists."""
        layout, lists = self._layout(clause), self._lists(clause)
        for name, own in lists.items():
            rows = self._rows(clause, name, own, kept)
            kept = kept.join(rows, on=INSTITUTION, how="left", maintain_order="left")
        keys = [self._key(clause, "", part, layout) for part in layout.parts]
        return self._grouped(clause, kept, [*keys, *(pl.col(_KEY + name) for name in lists)], self._reason, "values")

    def _key(self, clause: Clause, record: str, part: Part, layout: Layout) -> pl.Expr:
        """Return the column of a part, without telling members apart that no comparison of the clause does."""
        column = pl.col(part.column)
        numbers = self.reads[clause.id].alike.get((record, part.fact.name)) if part.fact else None
        if numbers is None or part.fact is None or not is_words(layout.types[part.column]):
            return column
        words = {
            word: f"\0{number}"
            for number, listed in zip(numbers, words_of(part.fact.type), strict=True)
            for word in listed
        }
        return column.cast(pl.String).replace(words)

    def _rows(self, clause: Clause, name: str, layout: Layout, kept: pl.DataFrame) -> pl.DataFrame:
        """Return the rows of a list by institution, as far as they are read, and what they have to agree in."""
        model = self.batches.task.model
        record = model.facts_by_name[name].type.name if "." not in name else ""
        columns = [pl.col(part.column) for part in layout.parts]
        keys = [self._key(clause, record, part, layout).alias(part.column) for part in layout.parts]
        more = [pl.col("parent")] if "parent" in layout.marks else [] if columns else [pl.lit(0).alias(_PLACE)]
        rows = self.batches.lists[name].select(
            pl.col("institution").cast(pl.String).alias(INSTITUTION),
            pl.struct(*columns, *more).alias(_LIST + name),
            pl.struct(*keys, *more).alias(_KEY + name),
        )
        own = rows.filter(pl.col(INSTITUTION).is_in(kept[INSTITUTION].implode()))
        listed = own.group_by(INSTITUTION, maintain_order=True).agg(_LIST + name, _KEY + name)
        return listed.collect(engine="in-memory")

    def _grouped(
        self, clause: Clause, kept: pl.DataFrame, keys: list[pl.Expr], explain: _Explain, kind: str
    ) -> pl.DataFrame:
        """Explain the first of all that agree in the keys; `kind` tells keys of different meaning apart."""
        named = [key.alias(f"{_PART}{number}") for number, key in enumerate(keys)]
        groups = (
            kept.select(ROW, "status", *named)
            .with_row_index(_PLACE)
            .group_by("status", pl.col(f"^{_PART}.*$"))
            .agg(ROW, pl.col(_PLACE).first())
        )
        reader = RowReader(self.batches.task.model, self._layout(clause), self._lists(clause))
        keyed = zip(groups.drop(ROW, _PLACE).iter_rows(), kept[groups[_PLACE]].iter_rows(named=True), strict=True)
        details = [self._remembered((clause.id, kind, key), explain, clause, reader, row) for key, row in keyed]
        return _shown(groups, details)

    def _remembered(
        self, key: object, explain: _Explain, clause: Clause, reader: RowReader, row: Mapping[str, Any]
    ) -> Any:  # noqa: ANN401 -- what `explain` gives
        """Explain what has not been explained in a batch before."""
        written = repr(key)
        found = self.known.get(written)
        if found is None:
            if len(self.known) >= _KEPT:
                self.known.clear()
            found = self.known[written] = explain(clause, reader, row)
        return found

    def _reason(self, clause: Clause, reader: RowReader, row: Mapping[str, Any]) -> Explanation:
        task = self.batches.task
        reader.elements = {name: {row[INSTITUTION]: row.get(_LIST + name) or []} for name in reader.lists}
        found = task.detailed(*reader.values(row), task.assessed_on, (clause.id,))
        if [row["status"]] != [detail[2] for detail in found]:
            raise AssertionError(clause.id)  # a finding hangs on nothing but what the clause reads
        return found[0][3], found[0][4]

    def _amount(self, clause: Clause, reader: RowReader, row: Mapping[str, Any]) -> Explanation:
        task = self.batches.task
        return [], self._lacking.shortfall(reader.values(row)[0], task.assessed_on, clause.id)

    def _told(self, clause: Clause, reader: RowReader, row: Mapping[str, Any]) -> tuple[list[str], list[str]]:
        return self._lacking.told(reader.values(row)[0], self.batches.task.assessed_on, clause.id)


def _with(kept: pl.DataFrame, columns: Mapping[str, Column]) -> pl.DataFrame:
    """Return the rows with more columns; lazily, because eager Polars takes a column of one value for one row."""
    lazy: pl.LazyFrame = selected(nw.from_native(kept.lazy()), kept.columns, columns).to_native()
    return lazy.collect(engine="in-memory")


def _shown(groups: pl.DataFrame, details: list[Explanation]) -> pl.DataFrame:
    """Return a row for each institution of the groups, with the details of its group."""
    columns = [
        pl.Series(name, [each[at] for each in details], type_) for at, (name, type_) in enumerate(DETAILS.items())
    ]
    return groups.select(ROW, "status", *columns).explode(ROW)
