"""What a report says of a failing institution into its notice of rectification."""

from collections.abc import Iterator, Sequence
from datetime import date

from attrs import frozen

from cedu_rules.data.tables import as_text
from cedu_rules.data.templates.cells import TRUTHS
from cedu_rules.reports.inspection.evaluating import Inspected
from cedu_rules.reports.inspection.file_names import FileNames, file_name
from cedu_rules.reports.inspection.plan import Plan
from cedu_rules.reports.inspection.visit_merging import Found
from cedu_rules.reports.inspection.visit_rows import label_at, stated_text
from cedu_rules.reports.inspection.words import say
from cedu_rules.reports.paper import Entry, Institution, Measure, Paper
from cedu_rules.reports.untrusted import NAME_LIMIT, visible
from cedu_rules.results import Status, Verdict

_ANSWERS = frozenset(answer for answers in TRUTHS.values() for answer in answers)


@frozen
class Line:
    """One clause that is not met, with what would put it right; of several `repairs` one is enough."""

    number: int
    place: str
    title: str
    measures: tuple[Measure, ...]
    lines: tuple[str, ...]
    repairs: tuple[str, ...]
    waiver: str


@frozen
class Correction:
    """One value that was found on site, beside what was stated."""

    label: str
    stated: str
    found: str
    evidence: str
    inspector: str


@frozen
class Notice:
    """A notice of rectification; every text in it is safe to print on one line.

    `file` is its name without ending, `repair_plan` what puts all clauses right, `reinspected_on` room to fill.
    """

    file: str
    number: str
    tier: str
    title: str
    group: str
    opening: str
    lead_unit: str
    deadline: str
    issuer: str
    failed: tuple[Line, ...]
    not_met: tuple[Line, ...]
    waived: tuple[Line, ...]
    corrections: tuple[Correction, ...]
    repair_plan: str
    still_open: str


def notices(plan: Plan, tier: Inspected, paper: Paper, names: FileNames) -> Iterator[Notice]:
    """Yield a notice for each institution that fails, in the order of the data.

    Args:
        plan: The plan.
        tier: The tier with its run.
        paper: What the report on the run says; its language is that of the notices.
        names: Gives names to their files.
    """
    writer = _Writer(plan, tier, paper)
    failing = [institution for institution in paper.institutions if institution.verdict is Verdict.FAILS]
    for institution in sorted(failing, key=lambda each: each.number):
        report = tier.each.run.reports[institution.number - 1]
        whose = report.id or report.name or str(institution.number)
        yield writer.notice(institution, names.new(f"{tier.each.tier.name}-{file_name(whose)}"))


class _Writer:
    def __init__(self, plan: Plan, tier: Inspected, paper: Paper) -> None:
        self.plan = plan
        self.tier = tier
        self.paper = paper
        self.language = paper.language

    def say(self, name: str, **values: object) -> str:
        """Return a phrase with its values."""
        phrase = say(name, self.language)
        return phrase.format(**values) if values else phrase

    def notice(self, institution: Institution, file: str) -> Notice:
        """Return the notice of one institution."""
        year = self.plan.assessed_on.year
        return Notice(
            file=file,
            number=self.say("notice_number", year=year, tier=self.tier.each.tier.name, number=institution.number),
            tier=visible(self.tier.each.label(self.language), NAME_LIMIT),
            title=institution.title,
            group=institution.group or "",
            opening=self._opening(institution),
            lead_unit=visible(self.tier.each.lead_unit(self.language)),
            deadline=self._deadline(),
            issuer=visible(self.plan.issuer or ""),
            failed=self._lines(institution, Status.FAIL),
            not_met=self._lines(institution, Status.NOT_MET),
            waived=tuple(line for line in self._all(institution) if line.waiver),
            corrections=tuple(self._corrections(institution.number - 1)),
            repair_plan="；".join(repair.text for repair in institution.repairs if repair.number is None),
            still_open=self._still_open(institution),
        )

    def _opening(self, institution: Institution) -> str:
        return self.say(
            "notice_opening",
            day=day_in_words(self.plan.assessed_on, self.language),
            standard=visible(self.paper.run.model.title),
            document=self.paper.document,
            verdict=institution.verdict_word,
            count=institution.counts.get(Status.FAIL, 0),
            deadline=self._deadline(),
        )

    def _deadline(self) -> str:
        day = self.plan.rectify_by
        return self.say("date_blank") if day is None else day_in_words(day, self.language)

    def _still_open(self, institution: Institution) -> str:
        count = institution.counts.get(Status.UNKNOWN, 0)
        return self.say("still_open", count=count) if count else ""

    def _lines(self, institution: Institution, status: Status) -> tuple[Line, ...]:
        return tuple(_line(entry, institution) for entry in institution.entries if entry.status is status)

    def _all(self, institution: Institution) -> Iterator[Line]:
        return (_line(entry, institution) for entry in institution.entries)

    def _corrections(self, position: int) -> Iterator[Correction]:
        model = self.paper.run.model
        stated_report, submission = self.tier.stated_report(position), self.tier.submissions[position]
        report = self.tier.each.run.reports[position]
        for each in self.tier.found.get(position, {}).values():
            if each.value is not None:
                stated = stated_text(model, stated_report, submission, each.path, self.language)
                label = label_at(model, each.path, stated_report.record, report.record)
                yield _correction(each, label, stated)


def _correction(each: Found, label: str, stated: str) -> Correction:
    texts = (as_text(each.value), each.evidence, each.inspector)
    return Correction(label, stated, *(visible(text, NAME_LIMIT) for text in texts))


def _line(entry: Entry, institution: Institution) -> Line:
    repairs = tuple(repair.text for repair in institution.repairs if repair.number == entry.number)
    told = tuple(line for line in entry.lines if not _is_measured(line, entry.measures))
    return Line(entry.number, entry.place, entry.title, entry.measures, told, repairs, entry.waiver)


def _is_measured(line: str, measures: Sequence[Measure]) -> bool:
    """Return whether a sentence says just what one measure beside it says."""
    said = [each for each in measures if each.label in line and each.actual in line and _ends(line, each)]
    return len(said) == 1 and "(1)" not in line


def _ends(line: str, measure: Measure) -> bool:
    last = measure.actual if measure.required in _ANSWERS else measure.shortfall or measure.required
    return bool(last) and line.endswith(last)


def day_in_words(day: date, language: str) -> str:
    """Return a day as papers write it."""
    return f"{day.year}年{day.month}月{day.day}日" if language == "zh" else day.isoformat()
