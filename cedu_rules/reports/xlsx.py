"""A report into a workbook for people who live in spreadsheets: summary, matrix, details, open items, repairs.

There is no formula in it, and no text can become one.
"""

from collections.abc import Iterator, Sequence

from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from cedu_rules.data.stable_bytes import saved
from cedu_rules.reports.paper import Entry, Institution, Measure, Paper
from cedu_rules.reports.summary import Tally, percent
from cedu_rules.reports.untrusted import visible
from cedu_rules.reports.wording import SYMBOLS
from cedu_rules.reports.workbook_cells import HEAD, PLAIN, TITLE, Look, Sheet, Value
from cedu_rules.results import Status, Verdict

_LOOKS = {
    Status.PASS: Look("DCF2E3", "12512D", centred=True),
    Status.FAIL: Look("B42318", "FFFFFF", bold=True, centred=True),
    Status.UNKNOWN: Look("FFF0C4", "574000", centred=True),
    Status.NOT_APPLICABLE: Look("EEF0F3", "4B5563", centred=True),
    Status.NOT_MET: Look("FDE2CD", "7A3300", centred=True),
    Status.WAIVED: Look("E7E0F6", "43307A", centred=True),
}
_VERDICTS = {
    Verdict.CONFORMS: _LOOKS[Status.PASS],
    Verdict.FAILS: _LOOKS[Status.FAIL],
    Verdict.UNDETERMINED: _LOOKS[Status.UNKNOWN],
    Verdict.INVALID: _LOOKS[Status.WAIVED],
}


def xlsx(paper: Paper) -> bytes:
    """Return the workbook."""
    return _Writer(paper).written()


class _Writer:
    def __init__(self, paper: Paper) -> None:
        self.paper = paper
        self.book = Workbook(write_only=True)
        self.styles: dict[Look, object] = {}
        self.group = [paper.word("group")] if paper.has_groups else []

    def written(self) -> bytes:
        self._summary()
        self._matrix()
        self._details()
        self._open()
        self._repairs()
        self._margins()
        return saved(self.book)

    # --- sheets ---

    def _sheet(self, name: str, widths: Sequence[float], *, freeze: str | None = None) -> Sheet:
        sheet = self.book.create_sheet(self.paper.word(name))
        sheet.sheet_view.zoomScale = 100
        sheet.page_setup.orientation = "landscape"
        sheet.page_setup.fitToHeight = 0
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
        sheet.freeze_panes = freeze
        sheet.print_title_rows = "1:1" if freeze else None
        found = Sheet(sheet, self.styles)
        found.widths(widths)
        return found

    def _table(self, name: str, columns: Sequence[tuple[str, float]], *, frozen: int) -> Sheet:
        """Return a sheet that is one table: head, filter, so many columns that stay in view."""
        freeze = f"{get_column_letter(frozen + 1)}2"
        sheet = self._sheet(name, [width for _, width in columns], freeze=freeze)
        sheet.row([heading for heading, _ in columns], HEAD)
        return sheet

    def _filtered(self, sheet: Sheet, columns: int) -> None:
        sheet.sheet.auto_filter.ref = f"A1:{get_column_letter(columns)}{max(2, sheet.rows)}"

    def _identity_columns(self) -> list[tuple[str, float]]:
        word = self.paper.word
        return [*((heading, 14) for heading in self.group), (word("id"), 12), (word("name"), 30)]

    def _identity(self, institution: Institution) -> list[Value]:
        return [*([institution.group] if self.group else []), institution.id, institution.name]

    def _matrix(self) -> None:
        clauses = self.paper.summary.clauses
        columns = [*self._identity_columns(), (self.paper.word("verdict"), 14)]
        sheet = self._table(
            "matrix_sheet", [*columns, *((str(item.number), 6) for item in clauses)], frozen=len(columns)
        )
        for institution in self.paper.institutions:
            values: list[Value] = [*self._identity(institution), institution.verdict_word]
            values += [f"{SYMBOLS[status]} {self.paper.status_word(status)}" for status in institution.statuses]
            looks = [PLAIN] * (len(columns) - 1) + [_VERDICTS[institution.verdict]]
            sheet.row(values, [*looks, *(_LOOKS[status] for status in institution.statuses)])
        self._filtered(sheet, len(columns) + len(clauses))

    def _details(self) -> None:
        word = self.paper.word
        columns = [
            *self._identity_columns(),
            (word("number"), 6),
            (word("place"), 26),
            (word("clause"), 44),
            (word("clause_id"), 22),
            (word("status"), 12),
            (word("kind"), 18),
            (word("quantity"), 30),
            (word("actual"), 18),
            (word("required"), 18),
            (word("shortfall"), 18),
            (word("shortfall_number"), 14),
            (word("unit"), 9),
            (word("reason"), 70),
            (word("waiver"), 24),
        ]
        sheet = self._table("details_sheet", columns, frozen=len(self._identity_columns()))
        start = len(self._identity_columns())
        for institution in self.paper.institutions:
            for status, values in self._detail_rows(institution):
                looks = [_LOOKS[status] if number == start + 4 else PLAIN for number in range(len(columns))]
                sheet.row([*self._identity(institution), *values], looks)
        self._filtered(sheet, len(columns))

    def _detail_rows(self, institution: Institution) -> Iterator[tuple[Status, list[Value]]]:
        for number, status in enumerate(institution.statuses, 1):
            entry = institution.entry(number)
            if entry is None and number in institution.others.get(status, ()):
                clause = self.paper.summary.clauses[number - 1].clause
                start: list[Value] = [number, self.paper.place(clause), visible(clause.title), clause.id]
                yield status, [*start, self.paper.status_word(status), *[""] * 9]
            elif entry is not None:
                yield from ((status, self._detail(entry, measure)) for measure in entry.measures or (None,))

    def _detail(self, entry: Entry, measure: Measure | None) -> list[Value]:
        start: list[Value] = [entry.number, entry.place, entry.title, entry.clause_id, entry.status_word, entry.kinds]
        if measure is None:
            middle: list[Value] = [""] * 6
        else:
            lacking = measure.shortfall_amount
            middle = [measure.label, measure.actual, measure.required, measure.shortfall, lacking]
            middle.append("" if lacking is None else lacking.unit)
        return [*start, *middle, "\n".join(entry.lines), entry.waiver]

    def _open(self) -> None:
        word = self.paper.word
        columns = [
            *self._identity_columns(),
            (word("question"), 60),
            (word("answered_by"), 18),
            (word("waiting"), 10),
            (word("clauses"), 24),
        ]
        sheet = self._table("open_sheet", columns, frozen=len(self._identity_columns()))
        for institution in self.paper.institutions:
            for question in institution.questions:
                answerer = self.paper.answerer(judged=question.judged)
                numbers = ", ".join(str(number) for number in question.clauses)
                sheet.row([*self._identity(institution), question.text, answerer, len(question.clauses), numbers])
        self._filtered(sheet, len(columns))

    def _repairs(self) -> None:
        word = self.paper.word
        columns = [
            *self._identity_columns(),
            (word("number"), 10),
            (word("clause"), 44),
            (word("repair"), 80),
            (word("remark"), 14),
        ]
        sheet = self._table("repairs_sheet", columns, frozen=len(self._identity_columns()))
        for institution in self.paper.institutions:
            for repair in institution.repairs:
                title = word("plan")
                if repair.number is not None:
                    title = visible(self.paper.summary.clauses[repair.number - 1].clause.title)
                remark = word("one_of") if repair.is_alternative else ""
                sheet.row([*self._identity(institution), repair.number, title, repair.text, remark])
        self._filtered(sheet, len(columns))

    def _margins(self) -> None:
        word = self.paper.word
        columns = [
            *self._identity_columns(),
            (word("number"), 6),
            (word("clause"), 44),
            (word("quantity"), 34),
            (word("comparison"), 44),
            (word("margin"), 24),
            (word("margin_number"), 14),
            (word("unit"), 9),
        ]
        sheet = self._table("margins_sheet", columns, frozen=len(self._identity_columns()))
        for institution in self.paper.institutions:
            for line in institution.margins:
                values: list[Value] = [line.number, line.title, line.about, line.demand, line.text, line.amount]
                sheet.row([*self._identity(institution), *values, visible(line.amount.unit)])
        self._filtered(sheet, len(columns))

    # --- the summary ---

    def _summary(self) -> None:
        paper = self.paper
        sheet = self._sheet("summary_sheet", [34, 40, *[14] * 9])
        sheet.row([paper.title], TITLE)
        sheet.row([paper.document])
        sheet.row([paper.word("assessed_on"), paper.run.assessed_on or paper.assessed_on])
        for name, lines in (("errors", paper.errors), ("warnings", paper.warnings)):
            for line in lines:
                sheet.row([paper.word(name), line])
        self._verdicts(sheet)
        for heading, rows in self._tally_tables():
            self._tallies(sheet, heading, rows)
        self._missing(sheet)
        self._lacking(sheet)
        sheet.row([])
        sheet.row([paper.word("receipt")], TITLE)
        for label, value in paper.receipt:
            sheet.row([label, value])

    def _verdicts(self, sheet: Sheet) -> None:
        paper = self.paper
        verdicts = list(Verdict)
        sheet.row([])
        head = [paper.word("group"), paper.word("institutions"), *(paper.verdict_word(item) for item in verdicts)]
        sheet.row([*head, paper.word("share_met")], HEAD)
        rows = [(paper.word("total"), paper.summary)]
        if paper.has_groups:
            rows = [*((part.title, part.summary) for part in paper.parts), *rows]
        for title, summary in rows:
            counts = [summary.verdicts[item] for item in verdicts]
            looks = [_VERDICTS[item] if count else PLAIN for item, count in zip(verdicts, counts, strict=True)]
            share = percent(summary.tally.share)
            sheet.row([title, len(summary.extracts), *counts, share], [PLAIN, PLAIN, *looks, PLAIN])

    def _tally_tables(self) -> Iterator[tuple[str, list[tuple[str, str, Tally]]]]:
        paper = self.paper
        sections = [(visible(item.section), "", item.tally) for item in paper.summary.sections]
        yield paper.word("by_section"), [*sections, (paper.word("total"), "", paper.summary.tally)]
        for name, items in (("most_failed", paper.summary.most_failed), ("clauses", paper.summary.clauses)):
            rows = [
                (f"{item.number}. {paper.place(item.clause)}", visible(item.clause.title), item.tally) for item in items
            ]
            yield paper.word(name), rows

    def _tallies(self, sheet: Sheet, heading: str, rows: Sequence[tuple[str, str, Tally]]) -> None:
        sheet.row([])
        head = [heading, "", *(self.paper.status_word(status) for status in Status), self.paper.word("share_met")]
        sheet.row(head, HEAD)
        for first, second, tally in rows:
            looks = [_LOOKS[status] if tally[status] else PLAIN for status in Status]
            values: list[Value] = [first, second, *(tally[status] for status in Status), percent(tally.share)]
            sheet.row(values, [PLAIN, PLAIN, *looks, PLAIN])

    def _missing(self, sheet: Sheet) -> None:
        word = self.paper.word
        sheet.row([])
        sheet.row([word("most_missing"), word("answered_by"), word("in_institutions"), word("waiting")], HEAD)
        for item in self.paper.summary.missing:
            answerer = self.paper.answerer(judged=item.fact.judged)
            sheet.row([self.paper.fact_label(item.fact), answerer, item.institutions, item.clauses])

    def _lacking(self, sheet: Sheet) -> None:
        word = self.paper.word
        summaries = [(word("total"), self.paper.summary)]
        if self.paper.has_groups:
            summaries += [(part.title, part.summary) for part in self.paper.parts]
        sheet.row([])
        sheet.row(
            [word("lacking"), word("group"), word("in_sum"), word("unit"), word("in_institutions"), word("remark")],
            HEAD,
        )
        for title, summary in summaries:
            for item in summary.lacking:
                remark = word("alternatives") if item.has_alternatives else ""
                label = visible(item.quantity.label)
                sheet.row([label, title, item.amount, visible(item.quantity.unit), item.institutions, remark])
        sheet.row([word("lacking_note")])
