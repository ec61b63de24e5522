"""A plan into what was found: every tier read, completed by what inspectors found on site, and evaluated.

A tier whose standard cannot be loaded stands among the issues; the others are inspected all the same.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from attrs import field, frozen

from cedu_rules import catalog, data
from cedu_rules.data.waiver_files import read_waivers
from cedu_rules.diagnostics import CeduError, InputIssue, StandardError
from cedu_rules.explain.repairing.naming import unknown
from cedu_rules.messages import Words
from cedu_rules.model.ir import Model
from cedu_rules.records.numbers import fold
from cedu_rules.report import Report
from cedu_rules.reports.checking import Progress, run_check
from cedu_rules.reports.inspection.plan import Plan, Tier
from cedu_rules.reports.inspection.tally import TierRun
from cedu_rules.reports.inspection.visit_files import Visits, read_visits
from cedu_rules.reports.inspection.visit_merging import Found, merged
from cedu_rules.reports.inspection.visit_rows import changed_since
from cedu_rules.reports.run import Run
from cedu_rules.results import Verdict
from cedu_rules.standard import Standard
from cedu_rules.waivers import IdleWaiver, Waiver, idle

_SUBMITTED = Words("the id or name of an institution of this tier", "该层级某机构的编号或名称")
_LISTED = Words("the id or name of an institution of this tier", "该层级某机构的编号或名称")


@frozen
class Inspected:
    """One tier: its run, and beside it what was stated before anything was corrected.

    `found` and `stated` go by the position of the report; `stated` is the report itself where nothing was found.
    """

    each: TierRun
    submissions: tuple[data.Submission, ...] = field(repr=False)
    found: Mapping[int, Mapping[str, Found]] = field(factory=dict, repr=False, hash=False)
    stated: Mapping[int, Report] = field(factory=dict, repr=False, hash=False)

    def stated_report(self, position: int) -> Report:
        """Return the report on what the institution stated."""
        return self.stated.get(position, self.each.run.reports[position])


@frozen
class Inspection:
    """What an inspection found. `issues` and `warnings` belong to no tier that was inspected; `problems` are lines."""

    plan: Plan
    tiers: tuple[Inspected, ...]
    issues: tuple[InputIssue, ...] = ()
    warnings: tuple[InputIssue, ...] = ()
    problems: tuple[tuple[str, str], ...] = ()
    idle_waivers: tuple[IdleWaiver, ...] = ()

    @property
    def runs(self) -> tuple[TierRun, ...]:
        """The tiers with their runs."""
        return tuple(tier.each for tier in self.tiers)

    @property
    def exit_status(self) -> int:
        """0 when every institution conforms, 1 when one does not, 2 when something is wrong with the input."""
        if self.issues or self.problems or any(each.run.all_issues for each in self.runs):
            return 2
        return int(any(report.verdict is not Verdict.CONFORMS for each in self.runs for report in each.run.reports))


def inspect(plan: Plan, *, language: str, progress: Progress = iter) -> Inspection:
    """Return what was found in all tiers.

    Args:
        plan: The plan.
        language: `zh` or `en`, for what is wrong with a standard.
        progress: Passes the submissions of a tier on, and may show how many are done.
    """
    granted, faults = read_waivers(plan.waivers) if plan.waivers else ((), ())
    standards, problems = _load(plan, language)
    models = {name: standard.model for name, standard in standards.items()}
    visits = read_visits(plan.visits, [tier.name for tier in plan.tiers], models)
    tiers = [
        _Inspector(plan, tier, standards[tier.name], visits, granted).inspected(progress)
        for tier in plan.tiers
        if tier.name in standards
    ]
    return Inspection(
        plan,
        tuple(tiers),
        (*faults, *visits.issues, *_unknown_facts(plan, models)),
        visits.warnings,
        tuple(problems),
        tuple(_idle(granted, [tier.each.run for tier in tiers])),
    )


def _load(plan: Plan, language: str) -> tuple[dict[str, Standard], list[tuple[str, str]]]:
    """Return the standards by tier, and for the others why there is none, a line each."""
    standards: dict[str, Standard] = {}
    problems: list[tuple[str, str]] = []
    for tier in plan.tiers:
        try:
            standards[tier.name] = catalog.load(tier.standard)
        except StandardError as error:
            problems += [(tier.name, diagnostic.in_words(language)) for diagnostic in error.diagnostics]
        except CeduError as error:
            problems.append((tier.name, str(error)))
    return standards, problems


def _unknown_facts(plan: Plan, models: Mapping[str, Model]) -> Iterator[InputIssue]:
    """Yield an issue for each fact in `immutable` and `costs` that a tier's standard, or every standard, does not have."""
    for tier in plan.tiers:
        if tier.name in models:
            for key, name in _named_facts(tier):
                expected = unknown(models[tier.name], name)
                if expected is not None:
                    yield InputIssue(f"tiers.{tier.name}.{key}", name, expected)
    if len(models) == len(plan.tiers):  # a fact may be that of a standard that cannot be loaded
        for key, name in _named_facts(plan):
            wrong = [expected for model in models.values() if (expected := unknown(model, name)) is not None]
            if len(wrong) == len(models):
                yield InputIssue(key, name, max(wrong, key=lambda expected: "`" in expected.en))


def _named_facts(holder: Plan | Tier) -> list[tuple[str, str]]:
    return [*(("immutable", name) for name in holder.immutable), *(("costs", name) for name in holder.costs)]


class _Inspector:
    """Inspects one tier."""

    def __init__(self, plan: Plan, tier: Tier, standard: Standard, visits: Visits, granted: tuple[Waiver, ...]) -> None:
        self.plan = plan
        self.tier = tier
        self.standard = standard
        self.granted = granted
        self.found_by = {key: dict(found) for key, found in visits.found.get(tier.name, {}).items()}
        self.faults_by = {key: list(faults) for key, faults in visits.faults.get(tier.name, {}).items()}
        self.submissions: list[data.Submission] = []
        self.found: dict[int, Mapping[str, Found]] = {}

    def inspected(self, progress: Progress) -> Inspected:
        """Return what was found in the tier."""
        costs = {**self.plan.costs, **self.tier.costs}
        run = run_check(
            self.standard,
            self.tier.files,
            assessed_on=self.plan.assessed_on,
            group=self.tier.group,
            ignore=self.tier.ignore,
            immutable=self._own((*self.plan.immutable, *self.tier.immutable)),
            costs={name: costs[name] for name in self._own(costs)},
            progress=lambda submissions: self._completed(progress(submissions)),
        )
        stated = {position: self._stated(position) for position in self.found}
        warnings = [issue for position, found in self.found.items() for issue in self._changed(position, stated, found)]
        run = run._replace(
            reports=tuple(report.waive(self.granted) for report in run.reports),
            issues=(*run.issues, *self._unknown(), *self._ungrouped(run)),
            warnings=(*run.warnings, *warnings),
            groups=self._groups(run),
        )
        return Inspected(TierRun(self.tier, run), tuple(self.submissions), self.found, stated)

    def _own(self, names: Iterable[str]) -> tuple[str, ...]:
        """Return the names that this tier's standard knows; the others are those of other tiers, or told as unknown."""
        return tuple(name for name in dict.fromkeys(names) if unknown(self.standard.model, name) is None)

    def _completed(self, submissions: Iterable[data.Submission]) -> Iterator[data.Submission]:
        """Yield what the institutions stated, completed and corrected by what was found."""
        for submission in submissions:
            position = len(self.submissions)
            self.submissions.append(submission)
            faults = [issue for key in _keys(submission) for issue in self.faults_by.pop(key, [])]
            found = {path: each for key in _keys(submission) for path, each in self.found_by.pop(key, {}).items()}
            if found:
                self.found[position] = found
            completed = merged(submission, self.standard.model, found.values())
            yield completed._replace(issues=(*completed.issues, *faults)) if faults else completed

    def _stated(self, position: int) -> Report:
        submission = self.submissions[position]
        return self.standard.evaluate_read(
            submission.given,
            assessed_on=self.plan.assessed_on,
            places=submission.places,
            issues=submission.issues,
        )

    def _changed(self, position: int, stated: Mapping[int, Report], found: Mapping[str, Found]) -> Iterator[InputIssue]:
        return changed_since(self.standard.model, stated[position], self.submissions[position], found.values())

    def _unknown(self) -> Iterator[InputIssue]:
        """Yield an issue for each institution that a record of the visit names and nobody else."""
        for found in self.found_by.values():
            first = next(iter(found.values()))
            yield InputIssue("id", first.institution, _SUBMITTED, place=first.place)
        for faults in self.faults_by.values():
            yield from faults

    def _groups(self, run: Run) -> Mapping[int, str]:
        groups = self.tier.groups
        if groups is None:
            return run.groups
        found = enumerate(run.reports)
        return {position: groups.get(report.id or "", groups.get(report.name or "", "")) for position, report in found}

    def _ungrouped(self, run: Run) -> Iterator[InputIssue]:
        """Yield an issue for each name in `groups` that no institution has."""
        known = {name for report in run.reports for name in (report.id, report.name)}
        for name in self.tier.groups or {}:
            if name not in known:
                yield InputIssue(f"tiers.{self.tier.name}.groups", name, _LISTED)


def _keys(submission: data.Submission) -> list[str]:
    return list(dict.fromkeys(fold(name) for name in (submission.id, submission.name) if name))


def _idle(granted: Sequence[Waiver], runs: Sequence[Run]) -> Iterator[IdleWaiver]:
    """Yield the waivers without effect: those that are idle in every tier that they may be meant for.

    In a tier that does not have its clause or institution, a waiver is idle for that reason alone; what is wrong with it
    in its own tier goes before.
    """
    for waiver in granted:
        found = []
        for run in runs:
            names = [(report.id, report.name) for report in run.reports]
            found.append((run, next(iter(idle([waiver], run.model, names, run.assessed_on)), None)))
        meant = [(run, each) for run, each in found if waiver.tier is None or waiver.tier == run.model.id]
        if not meant:
            words = Words(f"orphaned: no tier `{waiver.tier}`", f"失去对象：没有层级 `{waiver.tier}`")
            yield IdleWaiver(waiver, words)
        elif all(each is not None for _, each in meant):
            own = [each for run, each in meant if waiver.clause in run.model.clauses_by_id]
            told = [each for each in own if each is not None and not each.why.en.startswith("orphaned")]
            yield next(each for each in (*told, *own, *(each for _, each in meant)) if each is not None)
