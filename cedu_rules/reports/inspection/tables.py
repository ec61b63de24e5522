"""An inspection into tables, which pages and workbooks show alike: summary, what is lacking, open items, differences."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from typing import TypeAlias

from attrs import field, frozen

from cedu_rules.explain.amounts import Amount
from cedu_rules.explain.sentences import STATUS_WORDS, VERDICT_WORDS
from cedu_rules.reports.inspection.comparing import KINDS, Difference
from cedu_rules.reports.inspection.evaluating import Inspected
from cedu_rules.reports.inspection.tally import Row, TierRun, rows, totals
from cedu_rules.reports.inspection.words import say, spoken
from cedu_rules.reports.paper import Paper, place_of
from cedu_rules.reports.summary import Summary
from cedu_rules.reports.untrusted import NAME_LIMIT, visible
from cedu_rules.results import Status, Verdict

Value: TypeAlias = str | int | Amount | None

TOP_LIMIT = 12
"""So many clauses are listed as the most frequent."""
_KIND_WIDTH = 14


@frozen
class Column:
    """A column with its heading and its width in characters; numbers stand to the right."""

    heading: str
    width: float
    is_number: bool = False


@frozen
class Table:
    """Rows under columns; so many of the last rows are `totals`."""

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...] = field(repr=False)
    totals: int = 0
    note: str = ""


class Tables:
    """Makes the tables in one language."""

    def __init__(self, language: str) -> None:
        self.language = language

    def say(self, name: str) -> str:
        """Return a phrase."""
        return say(name, self.language)

    def columns(self, *names: tuple[str, float]) -> tuple[Column, ...]:
        """Return columns of these phrases and widths; a negative width is that of a number."""
        return tuple(Column(self.say(name), abs(width), width < 0) for name, width in names)

    def group(self, name: str) -> str:
        """Return what a group is called."""
        return visible(name, NAME_LIMIT) or self.say("no_group")

    # --- summary ---

    def by_group(self, runs: Sequence[TierRun]) -> Table:
        """Return the summary by group and tier."""
        found = tuple((self.group(row.group), *self._counts(row)) for row in rows(runs, self.language))
        return Table("by_town", self.say("by_town"), self.columns(("group", 18), *_COUNTS), found)

    def totals(self, runs: Sequence[TierRun]) -> Table:
        """Return the summary by tier, with a row for all."""
        found = totals(runs, self.language)
        listed = [self._counts(row) for row in found]
        if len(found) > 1:
            listed.append(self._counts(_sum(found, self.say("all_tiers"))))
        return Table("totals", self.say("totals"), self.columns(*_COUNTS), tuple(listed), totals=int(len(found) > 1))

    def verdicts(self) -> list[tuple[str, Verdict]]:
        """Return the verdicts with what they are called."""
        return [(spoken(VERDICT_WORDS[verdict], self.language), verdict) for verdict in Verdict]

    def _counts(self, row: Row) -> tuple[Value, ...]:
        label = visible(row.label, NAME_LIMIT)
        return (label, row.due, row.recorded, row.lacking, row.conforming, row.failing, row.open, row.invalid)

    # --- lacking ---

    def lacking(self, label: str, paper: Paper) -> Iterator[Table]:
        """Yield what is lacking in one tier, in sum and most often, over all and by group."""
        title = visible(label, NAME_LIMIT) + ("：" if self.language == "zh" else ": ")
        quantities = (("quantity", 36), ("in_sum", -12), ("unit", 10), ("in_institutions", -10), ("notes", 12))
        clauses = (("place", 30), ("clause", 50), ("failing_count", -12), ("of", -12))
        note = self.say("lacking_note")
        found = tuple(self._lacks(paper.summary))
        yield Table("lacking", f"{title}{self.say('lacking')}", self.columns(*quantities), found, note=note)
        failed = tuple(self._failed(paper, paper.summary, TOP_LIMIT))
        yield Table("most_failed", f"{title}{self.say('most_failed')}", self.columns(*clauses), failed)
        if not paper.has_groups or len(paper.parts) == 1:
            return
        by_group = [(self.group(part.group.name), part.summary) for part in paper.parts if part.group is not None]
        found = tuple((name, *row) for name, summary in by_group for row in self._lacks(summary))
        columns = self.columns(("group", 18), *quantities)
        yield Table("lacking_by_group", f"{title}{self.say('lacking_by_group')}", columns, found)
        failed = tuple((name, *row) for name, summary in by_group for row in self._failed(paper, summary, None))
        columns = self.columns(("group", 18), *clauses)
        yield Table("failed_by_group", f"{title}{self.say('failed_by_group')}", columns, failed)

    def _lacks(self, summary: Summary) -> Iterator[tuple[Value, ...]]:
        for lack in summary.lacking:
            amount = lack.amount
            other = self.say("alternatives") if lack.has_alternatives else ""
            unit = spoken(Amount(Fraction(1), amount.unit).words(), self.language).removeprefix("1").strip()
            yield visible(lack.quantity.label), amount, unit, lack.institutions, other

    def _failed(self, paper: Paper, summary: Summary, limit: int | None) -> Iterator[tuple[Value, ...]]:
        for item in summary.most_failed[:limit]:
            clause = item.clause
            yield paper.place(clause), visible(clause.title), item.tally[Status.FAIL], item.tally.counted

    # --- open items ---

    def open_items(self, tiers: Iterable[tuple[Inspected, Paper]], *, judged: bool) -> Table:
        """Return what institutions have to report, or inspectors to judge, with room for the answer."""
        found = []
        for tier, paper in tiers:
            label = visible(tier.each.label(self.language), NAME_LIMIT)
            for institution in paper.institutions:
                head = (label, self.group(institution.group or ""), institution.id, institution.name)
                asked = [question for question in institution.questions if question.judged is judged]
                found += [(*head, question.text, waiting(paper, question.clauses), "") for question in asked]
        name = "open_inspectors" if judged else "open_institutions"
        columns = self.columns(
            ("tier", 18), ("group", 14), ("id", 10), ("name", 28), ("question", 44), ("waits", 40), ("answer", 24)
        )
        return Table(name, self.say(name), columns, tuple(found))

    # --- comparison ---

    def difference_counts(self, differences: Sequence[Difference], runs: Sequence[TierRun]) -> Table:
        """Return how many clauses were put right or not, by group and tier, with a row for all."""
        order = {self.group(row.group): number for number, row in enumerate(rows(runs, self.language))}
        counts: dict[tuple[str, str], Counter[str]] = {}
        for each in differences:
            counts.setdefault(self._where(each, runs), Counter())[each.kind] += 1
        ordered = sorted(counts, key=lambda where: order.get(where[0], len(order)))
        listed: list[tuple[Value, ...]] = [(*where, *(counts[where][kind] for kind in KINDS)) for where in ordered]
        whole = sum(counts.values(), Counter())
        listed.append((self.say("total"), "", *(whole[kind] for kind in KINDS)))
        kinds = tuple(Column(self.kind_phrase(kind), _KIND_WIDTH, is_number=True) for kind in KINDS)
        columns = (*self.columns(("group", 18), ("tier", 18)), *kinds)
        return Table("counts", self.say("counts"), columns, tuple(listed), totals=1)

    def kind_phrase(self, kind: str) -> str:
        """Return what a kind of difference is called."""
        return self.say("still_open_kind" if kind == "open" else kind)

    def differences(self, kind: str, differences: Sequence[Difference], runs: Sequence[TierRun]) -> Table:
        """Return the clauses of one kind of difference."""
        clauses = {each.tier.name: each.run.model.clauses_by_id for each in runs}
        found = []
        for each in differences:
            if each.kind == kind:
                clause = clauses.get(each.tier, {}).get(each.clause)
                place = "" if clause is None else place_of(clause, self.language)
                group, tier = self._where(each, runs)
                title = visible(each.title) or visible(each.clause)
                names = (visible(each.institution, NAME_LIMIT), visible(each.name, NAME_LIMIT))
                found.append((tier, group, *names, place, title, self._status(each.before), self._status(each.after)))
        columns = self.columns(
            ("tier", 18),
            ("group", 14),
            ("id", 10),
            ("name", 28),
            ("place", 30),
            ("clause", 44),
            ("before", 12),
            ("after", 12),
        )
        return Table(kind, self.kind_phrase(kind), columns, tuple(found))

    def _where(self, difference: Difference, runs: Sequence[TierRun]) -> tuple[str, str]:
        for each in runs:
            if each.tier.name == difference.tier:
                group = "" if difference.position is None else each.group(difference.position)
                return self.group(group), visible(each.label(self.language), NAME_LIMIT)
        return self.group(""), visible(difference.tier, NAME_LIMIT)

    def _status(self, status: str | None) -> str:
        words = STATUS_WORDS.get(status or "")
        return "–" if words is None else spoken(words, self.language)


_COUNTS = (
    ("tier", 22),
    ("due", -9),
    ("recorded", -9),
    ("not_recorded", -9),
    ("conforming", -9),
    ("failing", -9),
    ("undetermined", -9),
    ("invalid", -10),
)


def waiting(paper: Paper, numbers: Iterable[int]) -> str:
    """Return the places of clauses by their numbers, each once."""
    clauses = paper.run.model.clauses
    places = dict.fromkeys(paper.place(clauses[number - 1]) for number in numbers)
    return ("；" if paper.language == "zh" else "; ").join(places)


def _sum(found: Sequence[Row], label: str) -> Row:
    due = [row.due for row in found]
    counts = {
        name: sum(getattr(row, name) for row in found)
        for name in ("recorded", "conforming", "failing", "open", "invalid")
    }
    whole = None if None in due else sum(number for number in due if number is not None)
    return Row(group="", tier="", label=label, due=whole, **counts)
