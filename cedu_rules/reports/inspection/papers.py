"""An inspection into the papers of its folder.

    summary.html, summary.xlsx                      by group and tier, what is lacking, the comparison
    notices.html, notices/TIER-ID.html              notices of rectification: all in one go, and one a file
    open-institutions.html/.xlsx                    what institutions have to report
    open-inspectors.html/.xlsx                      what inspectors have to judge
    visits/TIER.xlsx                                records of the visit, prefilled
    lacking.html, comparison.html                   what is lacking; what changed since the earlier inspection
    inspection.json                                 everything, for programs and for the next comparison

One paper that cannot be written never stops the others.
"""

import functools
import json
from collections.abc import Callable, Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from attrs import frozen

from cedu_rules._version import VERSION
from cedu_rules.diagnostics import InputError, InputIssue
from cedu_rules.messages import Words
from cedu_rules.report import FORMAT, issue_to_dict
from cedu_rules.reports.inspection.comparing import KINDS, Difference, Earlier, differences
from cedu_rules.reports.inspection.evaluating import Inspected, Inspection
from cedu_rules.reports.inspection.file_names import FileNames
from cedu_rules.reports.inspection.folder import LIST, OutputFolder
from cedu_rules.reports.inspection.notices import Notice, day_in_words, notices
from cedu_rules.reports.inspection.pages import Pages
from cedu_rules.reports.inspection.tables import Table, Tables, waiting
from cedu_rules.reports.inspection.visit_files import read_visits, visit_workbook
from cedu_rules.reports.inspection.visit_merging import Found
from cedu_rules.reports.inspection.visit_rows import VisitRows
from cedu_rules.reports.inspection.words import say
from cedu_rules.reports.paper import Paper, paper_of
from cedu_rules.reports.untrusted import NAME_LIMIT, visible

NO_WORKBOOKS = Words(
    "no workbooks were written; install what writes them with `pip install 'cedu_rules[xlsx]'`",
    "未写出工作簿；请运行 `pip install 'cedu_rules[xlsx]'` 安装所需组件",
)
_KEPT = Words(
    "`{name}` holds findings that the plan does not list and was left alone; the new record is `{other}`",
    "`{name}` 中有未列入计划的核实记录，未作改动；新的记录表为 `{other}`",
)
_TAKEN_AWAY = Words("notices that no longer hold were taken away: {count}", "已移除不再适用的整改通知书：{count} 份")
_CHANGED = Words(
    "the standard of `{tier}` has changed since the earlier inspection; clauses are matched by id",
    "`{tier}` 的标准在上次验收后有改动；条款按标识对应",
)


@frozen
class Written:
    """What was written: names in the folder, what could not be, and remarks in the language of the papers."""

    files: tuple[str, ...]
    issues: tuple[InputIssue, ...]
    remarks: tuple[str, ...]


def write_papers(
    inspection: Inspection,
    folder: Path,
    *,
    language: str,
    earlier: Earlier | None = None,
    templates: Path | None = None,
) -> Written:
    """Write all papers of an inspection.

    Args:
        inspection: What was found.
        folder: Where to write; made where there is none. What others have put there is left alone.
        language: `zh` or `en`.
        earlier: An earlier inspection to compare with.
        templates: A folder of templates that go before ours.
    """
    return _Writer(inspection, OutputFolder(folder), language, earlier, Pages(language, templates)).written()


class _Writer:
    def __init__(
        self,
        inspection: Inspection,
        folder: OutputFolder,
        language: str,
        earlier: Earlier | None,
        pages: Pages,
    ) -> None:
        self.inspection = inspection
        self.folder = folder
        self.language = language
        self.earlier = earlier
        self.pages = pages
        self.tables = Tables(language)
        self.issues: list[InputIssue] = []
        self.remarks: list[str] = []
        self.with_workbooks = find_spec("openpyxl") is not None
        self.papers: list[tuple[Inspected, Paper]] = []

    def written(self) -> Written:
        """Write everything."""
        for tier in self.inspection.tiers:
            self.papers.append((tier, paper_of(tier.each.run, self.language, advice=True)))
        compared = () if self.earlier is None else differences(self.earlier, self.inspection.runs)
        self._notices()
        self._open(judged=False)
        self._open(judged=True)
        self._visits()
        lacking = [
            table for tier, paper in self.papers for table in self.tables.lacking(tier.each.label(self.language), paper)
        ]
        self._page("lacking", sections=lacking)
        comparison = [] if self.earlier is None else self._comparison(self.earlier, compared)
        self._summary(lacking, comparison)
        if not self.with_workbooks:
            self._remark(NO_WORKBOOKS)
        if count := self.folder.take_away_old():
            self._remark(_TAKEN_AWAY, count=count)
        self._list(compared)
        return Written(tuple(self.folder.digests), (*self.issues, *self.folder.issues), tuple(self.remarks))

    # --- each paper ---

    def _summary(self, lacking: list[Table], comparison: list[Table]) -> None:
        runs = self.inspection.runs
        tables = [self.tables.totals(runs)]
        if any(each.run.groups for each in runs):
            tables.append(self.tables.by_group(runs))
        self._page("summary", sections=tables, notes=list(self._notes()), papers=self._links())
        self._workbook("summary", [*reversed(tables), *lacking, *comparison])

    def _notes(self) -> Iterator[str]:
        """Yield what a reader of the numbers has to know."""
        for name, problem in self.inspection.problems:
            yield f"{self._say('not_inspected')}: {visible(name)}: {visible(problem)}"
        for each in self.inspection.runs:
            run = each.run
            if run.verdicts != run.verdicts_before_waivers:
                counts = [(name, run.verdicts_before_waivers[verdict]) for name, verdict in self.tables.verdicts()]
                told = self._comma().join(f"{name} {count}" for name, count in counts if count)
                label = visible(each.label(self.language), NAME_LIMIT)
                yield f"{label}{self._colon()}{self._say('before_waivers')} {told}"
        for idle in self.inspection.idle_waivers:
            yield f"{self._say('idle_waiver')}{self._colon()}{visible(idle.in_words(self.language))}"

    def _links(self) -> list[tuple[str, str]]:
        """Return the pages of the folder, each with its name."""
        names = ("notices", "open-institutions", "open-inspectors", "lacking", "comparison")
        return [(f"{name}.html", self._say(_TITLES[name])) for name in names if f"{name}.html" in self.folder.digests]

    def _notices(self) -> None:
        names = FileNames()
        found: list[Notice] = []
        for tier, paper in self.papers:
            found += notices(self.inspection.plan, tier, paper, names)
        for notice in found:
            if not self._page("notice", f"notices/{notice.file}", notice=notice):
                break  # one template, one mistake
        self._page("notices", notices=found)

    def _open(self, *, judged: bool) -> None:
        name = "open-inspectors" if judged else "open-institutions"
        tiers = [
            (tier.each.label(self.language), list(self._asked(paper, judged=judged))) for tier, paper in self.papers
        ]
        self._page("open", name, tiers=tiers, title=self._say(_TITLES[name]))
        self._workbook(name, [self.tables.open_items(self.papers, judged=judged)])

    def _asked(self, paper: Paper, *, judged: bool) -> Iterator[tuple[str, str, list[tuple[str, str]]]]:
        """Yield group and title of each institution with its questions."""
        for institution in paper.institutions:
            asked = [each for each in institution.questions if each.judged is judged]
            if asked:
                questions = [(each.text, waiting(paper, each.clauses)) for each in asked]
                yield institution.group or "", institution.title, questions

    def _comparison(self, earlier: Earlier, found: Sequence[Difference]) -> list[Table]:
        runs = self.inspection.runs
        counts = self.tables.difference_counts(found, runs)
        listed = [self.tables.differences(kind, found, runs) for kind in KINDS]
        listed = [table for table in listed if table.rows]
        notes = []
        for each in runs:
            name = each.tier.name
            if earlier.digests.get(name, each.run.digest) != each.run.digest:
                notes.append(_filled(_CHANGED, self.language, tier=name))
        self._page(
            "comparison", sections=[counts, *listed], notes=notes, earlier=visible(earlier.assessed_on, NAME_LIMIT)
        )
        return [counts, *listed]

    def _visits(self) -> None:
        for tier, paper in self.papers:
            each = tier.each
            rows = VisitRows(paper.run.model, self.language)
            found = [
                row
                for position, report in enumerate(each.run.reports)
                for row in rows.of(
                    report,
                    tier.stated_report(position),
                    tier.submissions[position],
                    each.group(position),
                    tier.found.get(position, {}),
                )
            ]
            workbook = functools.partial(visit_workbook, each.tier.name, found, self.language)
            self._write_workbook(self._free_name(tier), workbook)

    def _free_name(self, tier: Inspected) -> str:
        """Return a name for the record of a tier under which nobody has noted what the plan does not list."""
        name = first = f"visits/{tier.each.tier.name}"
        number = 1
        while self._holds_findings(self.folder.path / f"{name}.xlsx", tier):
            number += 1
            name = f"{first}-{number}"
        if name != first:
            self._remark(_KEPT, name=f"{first}.xlsx", other=f"{name}.xlsx")
        return name

    def _holds_findings(self, path: Path, tier: Inspected) -> bool:
        if not path.exists():
            return False
        name = tier.each.tier.name
        held = read_visits([path], [name], {name: tier.each.run.model})
        if held.issues or held.faults:
            return True
        known = [each for found in tier.found.values() for each in found.values()]
        noted = {(each.institution, each.path.text): _noted(each) for each in known}
        found = (each for by_path in held.found.get(name, {}).values() for each in by_path.values())
        return any(noted.get((each.institution, each.path.text)) != _noted(each) for each in found)

    def _list(self, compared: Sequence[Difference]) -> None:
        plan = self.inspection.plan
        day = plan.rectify_by
        document: dict[str, Any] = {
            "format": FORMAT,
            "library": VERSION,
            "title": plan.title,
            "assessed_on": plan.assessed_on.isoformat(),
            "rectify_by": None if day is None else day.isoformat(),
            "errors": [issue_to_dict(issue, self.language) for issue in self.inspection.issues],
            "not_inspected": [{"tier": tier, "message": message} for tier, message in self.inspection.problems],
            "idle_waivers": [idle.in_words(self.language) for idle in self.inspection.idle_waivers],
            "tiers": {tier.each.tier.name: self._tier(tier) for tier in self.inspection.tiers},
            "differences": [_difference(each) for each in compared],
            "files": self.folder.digests,
        }
        self.folder.write(LIST, json.dumps(document, ensure_ascii=False, indent=1) + "\n")

    def _tier(self, tier: Inspected) -> dict[str, Any]:
        each = tier.each
        found = [(position, one) for position, by_path in tier.found.items() for one in by_path.values()]
        return {
            **each.run.to_dict(self.language),
            "label": each.label(self.language),
            "lead_unit": each.lead_unit(self.language),
            "due": each.tier.due,
            "found_on_site": [_found(position, one) for position, one in found],
        }

    # --- files ---

    def _page(self, template: str, name: str | None = None, **values: Any) -> bool:  # noqa: ANN401
        """Write a page; a template that is wrong becomes an issue, and False is returned."""
        plan = self.inspection.plan
        head = {
            "heading": visible(plan.title or self._say("inspection")),
            "assessed_on": day_in_words(plan.assessed_on, self.language),
        }
        try:
            text = self.pages.render(template, **head, **values)
        except InputError as error:
            self.issues += [issue for issue in error.issues if issue not in self.issues]
            return False
        self.folder.write(f"{name or template}.html", text)
        return True

    def _workbook(self, name: str, tables: Sequence[Table]) -> None:
        from cedu_rules.reports.inspection.workbooks import workbook  # noqa: PLC0415

        self._write_workbook(name, lambda: workbook(tables))

    def _write_workbook(self, name: str, made: Callable[[], bytes]) -> None:
        if self.with_workbooks:
            self.folder.write(f"{name}.xlsx", made())

    def _say(self, name: str) -> str:
        return say(name, self.language)

    def _colon(self) -> str:
        return "：" if self.language == "zh" else ": "

    def _comma(self) -> str:
        return "，" if self.language == "zh" else ", "

    def _remark(self, words: Words, **values: object) -> None:
        self.remarks.append(_filled(words, self.language, **values))


_TITLES = {
    "notices": "notices",
    "open-institutions": "open_institutions",
    "open-inspectors": "open_inspectors",
    "lacking": "lacking_paper",
    "comparison": "comparison",
}


def _filled(words: Words, language: str, **values: object) -> str:
    return words.filled(language, values)


def _noted(found: Found) -> tuple[str, ...]:
    """Return what somebody has noted beside a value."""
    return tuple(str(each) for each in (found.value, found.evidence, found.method, found.inspector, found.visited_on))


def _difference(each: Difference) -> dict[str, str | None]:
    return {
        "kind": each.kind,
        "tier": each.tier,
        "institution": each.institution,
        "clause": each.clause,
        "before": each.before,
        "after": each.after,
    }


def _found(position: int, each: Found) -> dict[str, Any]:
    return {
        "institution": each.institution,
        "position": position + 1,
        "path": each.path.text,
        "value": None if each.value is None else str(each.value),
        "evidence": each.evidence,
        "method": each.method,
        "inspector": each.inspector,
        "visited_on": None if each.visited_on is None else str(each.visited_on),
        "place": each.place,
    }
