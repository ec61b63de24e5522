"""The answers about one institution into a report: findings, verdict, and the JSON form.

A `Report` is frozen data: what was asked, what was given, the status of each clause. Explanations are read off the
reference interpreter when somebody asks for them, once a report.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from attrs import evolve, field, frozen

from cedu_rules import results, validity
from cedu_rules._version import LANGUAGE_VERSION, VERSION
from cedu_rules.diagnostics import InputIssue
from cedu_rules.explain.documents import reason_to_dict
from cedu_rules.explain.margins import Margin, margin
from cedu_rules.explain.reasons import Reason, explain
from cedu_rules.explain.remembered import RememberedEvaluation
from cedu_rules.explain.repairing.demands import Exempt, demanded, status_of
from cedu_rules.explain.sentences import sentences
from cedu_rules.model.ir import Clause, Model, Requirement
from cedu_rules.records import Record, attempt, loaded
from cedu_rules.results import Status, Verdict
from cedu_rules.semantics import Evaluation

if TYPE_CHECKING:
    from cedu_rules.explain.questions import Question, Questioner
    from cedu_rules.explain.repairing.pricing import Cost
    from cedu_rules.explain.repairs import Repair, Repairer
    from cedu_rules.waivers import Waiver

FORMAT = 1
"""The version of the JSON form; keys are only added within it."""


class RequirementFinding(NamedTuple):
    """The answer of one requirement of a clause; `number` counts from 1.

    Where it is waived, `underlying` is what the status would be without the `waiver`. `margin` is the distance of the
    measured value to the threshold, positive or zero when it is met; None where the requirement is open or does not
    apply, or where no number decides it.
    """

    number: int
    requirement: Requirement
    status: Status
    reasons: tuple[Reason, ...]
    waiver: "Waiver | None" = None
    underlying: Status | None = None
    margin: Margin | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        return {
            "modality": self.requirement.modality,
            "kind": self.requirement.kind,
            "status": self.status.value,
            "text": self.requirement.text,
            "label": self.requirement.label,
            "waiver": _waiver_dict(self.waiver, self.underlying),
            "margin": None if self.margin is None else self.margin.to_dict(),
            "reasons": [reason_to_dict(reason) for reason in self.reasons],
        }


@frozen(slots=False)  # in slots, cached properties make every attribute slow to read
class Finding:
    """The answer of one clause for one institution.

    Where a waiver acts on it, `underlying` is what the status would be without.
    """

    report: "Report" = field(repr=False)
    clause: Clause
    status: Status
    underlying: Status
    waiver: "Waiver | None" = None

    @cached_property
    def requirements(self) -> tuple[RequirementFinding, ...]:
        """The answers of the requirements in the order of the clause, each with its reasons where it is not met."""
        evaluation = self.report.evaluation
        found = []
        for number, requirement in enumerate(self.clause.requirements, 1):
            status = evaluation.requirement_status(self.clause, requirement)
            is_met = status in {Status.PASS, Status.NOT_APPLICABLE}
            reasons = () if is_met else explain(evaluation, requirement.condition)
            waiver = None if is_met else self.report.waiver_of(self.clause, number)
            shown = status if waiver is None else Status.WAIVED
            distance = None if status is Status.NOT_APPLICABLE else margin(evaluation, requirement.condition)
            found.append(RequirementFinding(number, requirement, shown, reasons, waiver, status, distance))
        return tuple(found)

    @cached_property
    def vacuous(self) -> bool:
        """Whether the clause passes only because every `must` is about all of nothing."""
        if self.status is not Status.PASS:
            return False
        counting = [item.condition for item in self.clause.requirements if item.modality == "must"]
        return bool(counting) and all(self.report.doubting.value(condition) is not True for condition in counting)

    @cached_property
    def missing(self) -> tuple[str, ...]:
        """Paths of the facts that are not recorded and matter here, guards included; what is waived waits for nothing."""
        if self.status in {Status.NOT_APPLICABLE, Status.WAIVED}:
            return ()
        evaluation = self.report.evaluation
        guards = [guard for guard in self.clause.guards if evaluation.value(guard) is None]
        reasons = [reason for guard in guards for reason in explain(evaluation, guard)]
        reasons += [reason for item in self.requirements if item.waiver is None for reason in item.reasons]
        return tuple(dict.fromkeys(path for reason in reasons for path in _missing(reason)))

    def explain(self, language: str = "zh") -> str:
        """Return in `zh` or `en` why the clause is not met, a line a reason; nothing when it passes."""
        evaluation = self.report.evaluation
        lines = []
        for guard in self.clause.guards:
            if evaluation.value(guard) is None:
                head = "是否适用待核实：" if language == "zh" else "whether it applies is unknown: "
                told = sentences(self.report.model, explain(evaluation, guard), language, None, self.report.record)
                lines += [head + text for text in told]
        failing_first = sorted(self.requirements, key=lambda item: item.status is not Status.FAIL)
        lines += [text for item in failing_first for text in _told(self.report, item, language)]
        return "\n".join(lines)

    def repairs(
        self, *, immutable: Iterable[str] = (), costs: "Mapping[str, Cost] | None" = None
    ) -> "tuple[Repair, ...]":
        """Return the smallest changes that would make the clause pass, as alternatives; nothing where it does not fail.

        Arguments and errors are those of `Report.repairs`.
        """
        if self.status is not Status.FAIL:
            return ()
        return self.report.repairer(immutable, costs).clause(self.clause)

    def to_dict(self, language: str = "zh") -> dict[str, Any]:
        """Return the JSON form."""
        citation = self.clause.citation
        return {
            "id": self.clause.id,
            "section": [citation.section, citation.subsection],
            "line": citation.line,
            "title": self.clause.title,
            "advisory": self.clause.advisory,
            "status": self.status.value,
            "vacuous": self.vacuous,
            "waiver": _waiver_dict(self.waiver, self.underlying),
            "requirements": [item.to_dict() for item in self.requirements],
            "missing": list(self.missing),
            "explanation": self.explain(language),
        }


def _told(report: "Report", item: RequirementFinding, language: str) -> list[str]:
    """Return the sentences of one requirement, marked where it is only open or only recommended."""
    mark = ""
    if item.waiver is not None:
        mark = "（已豁免）" if language == "zh" else "(waived) "
    elif item.requirement.modality == "should":
        mark = "（建议项）" if language == "zh" else "(recommendation) "
    elif item.status is Status.UNKNOWN:
        mark = "（待核实）" if language == "zh" else "(open) "
    told = sentences(report.model, item.reasons, language, item.requirement.label, report.record)
    return [mark + text for text in told]


def _missing(reason: Reason) -> list[str]:
    inner = [path for element in reason.elements for part in element.reasons for path in _missing(part)]
    return [*reason.missing, *inner]


@frozen(slots=False)  # in slots, cached properties make every attribute slow to read
class Report:
    """The answers for one institution.

    `record` is None and `errors` tell why where the input is impossible; there are no findings then. `digest` is that of
    the standard's text. Two reports are equal when standard, record, day and errors are.
    """

    model: Model = field(repr=False, eq=False)
    digest: str
    assessed_on: date | None
    record: Record | None
    statuses: tuple[Status, ...] = field(eq=False, repr=False)
    errors: tuple[InputIssue, ...] = ()
    id: str | None = None
    name: str | None = None
    waivers: "tuple[Waiver, ...]" = ()

    def __reduce__(self) -> tuple[Any, ...]:
        content = (self.digest, self.assessed_on, self.record, self.statuses)
        return _rebuilt, (*content, self.errors, self.id, self.name, self.waivers)

    @cached_property
    def evaluation(self) -> Evaluation:
        """The reference evaluation from which explanations are read."""
        return RememberedEvaluation(self.model, self.record, self.assessed_on)

    @cached_property
    def doubting(self) -> Evaluation:
        """The evaluation in which `all` of nothing is false: what it does not confirm is true for that alone."""
        return Evaluation(self.model, self.record, self.assessed_on, empty_all=False)

    @property
    def verdict(self) -> Verdict:
        """Conforms, fails, undetermined, or invalid where the input is impossible."""
        if self.errors or self.record is None:
            return Verdict.INVALID
        return self._verdict(finding.status for finding in self.findings) if self.waivers else self.underlying_verdict

    @property
    def underlying_verdict(self) -> Verdict:
        """The verdict without waivers."""
        if self.errors or self.record is None:
            return Verdict.INVALID
        return self._verdict(self.statuses)

    def _verdict(self, statuses: Iterable[Status]) -> Verdict:
        return results.verdict(zip(statuses, (clause.advisory for clause in self.model.clauses), strict=True))

    def waive(self, waivers: "Iterable[Waiver]") -> "Report":
        """Return the report under these waivers, of which those count that are for this institution and in force."""
        names = (self.id, self.name)
        mine = [
            waiver for waiver in waivers if waiver.means(self.model.id, names) and waiver.in_force(self.assessed_on)
        ]
        return evolve(self, waivers=tuple(mine))

    def waiver_of(self, clause: Clause, requirement: int | None = None) -> "Waiver | None":
        """Return the waiver of the clause as a whole, or of one of its requirements by number, if there is one."""
        found = (each for each in self.waivers if each.clause == clause.id and each.requirement == requirement)
        return next(found, None)

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """One finding a clause, in the order of the standard."""
        if self.underlying_verdict is Verdict.INVALID:
            return ()
        pairs = zip(self.model.clauses, self.statuses, strict=True)
        return tuple(self._finding(clause, status) for clause, status in pairs)

    def _finding(self, clause: Clause, underlying: Status) -> Finding:
        """Return the finding of a clause as waivers leave it."""
        if not self.waivers or underlying in {Status.PASS, Status.NOT_APPLICABLE}:
            return Finding(self, clause, underlying, underlying)
        waiver = self.waiver_of(clause)
        if waiver is not None:
            return Finding(self, clause, Status.WAIVED, underlying, waiver)
        left = demanded(clause, self._exempt)
        if left is None:
            first = next(each for each in self.waivers if each.clause == clause.id)
            return Finding(self, clause, Status.WAIVED, underlying, first)
        return Finding(self, clause, status_of(self.evaluation, left), underlying)

    @property
    def failed(self) -> tuple[Finding, ...]:
        """The findings that fail."""
        return tuple(finding for finding in self.findings if finding.status is Status.FAIL)

    @property
    def unknown(self) -> tuple[Finding, ...]:
        """The findings that cannot be decided yet."""
        return tuple(finding for finding in self.findings if finding.status is Status.UNKNOWN)

    @property
    def not_met(self) -> tuple[Finding, ...]:
        """The recommendations that are not followed."""
        return tuple(finding for finding in self.findings if finding.status is Status.NOT_MET)

    def questions(self) -> "tuple[Question, ...]":
        """Return the missing facts that can still change an open must-clause, the most decisive first.

        A fact that alone can settle more clauses comes earlier, then what the institution answers, then in the order of
        the standard. What no answer to it can change is not asked.
        """
        return () if self._questioner is None else self._questioner.questions()

    def shortest_way(self) -> "tuple[Question, ...]":
        """Return the smallest set of missing facts that, if favourable, settles the verdict as conforming.

        Each question has an `answer` that helps. The set is the smallest that can be made of the ways found for each
        clause; where those are very many, none of its facts can be left out. Empty where a clause fails already, where
        nothing is open, and where no answers are enough.
        """
        return () if self._questioner is None else self._questioner.shortest_way()

    @cached_property
    def _questioner(self) -> "Questioner | None":
        if self.verdict is Verdict.INVALID:
            return None
        from cedu_rules.explain.advising import questioner  # noqa: PLC0415 -- loaded when somebody asks

        return questioner(self.model, self.record, self.assessed_on, self._exempt)

    @property
    def _exempt(self) -> Exempt:
        """What is waived, of which nothing is asked or demanded."""
        return frozenset((waiver.clause, waiver.requirement) for waiver in self.waivers)

    def repairs(
        self, *, immutable: Iterable[str] = (), costs: "Mapping[str, Cost] | None" = None
    ) -> "tuple[Repair, ...]":
        """Return for each failing clause the smallest changes that would make it pass, then a plan for the institution.

        The alternatives of a clause stand together, the smallest first; the last repair is the plan, whose `clause` is
        None. Each was evaluated again before it is offered. Nothing where no clause fails.

        Args:
            immutable: What stays as it is, by name or path of a fact: `area`, `registered.2021`, `teachers.degree`;
                and so does a count of people that no requirement is about (`population`), unless it has a cost.
            costs: The price of one unit by name or path of a fact; of a yes/no, choice or element, of each change.

        Raises:
            TypeError: a cost is no exact number.
            ValueError: a cost is negative, or a name unknown.
        """
        return self.repairer(immutable, costs).all(finding.clause for finding in self.failed)

    def repairer(self, immutable: Iterable[str] = (), costs: "Mapping[str, Cost] | None" = None) -> "Repairer":
        """Return what finds repairs of this record under these terms."""
        from cedu_rules.explain.advising import repairer  # noqa: PLC0415 -- loaded when somebody asks

        return repairer(self.model, self.record, self.assessed_on, immutable, costs, self._reread, self._exempt)

    def _reread(self, values: Mapping[str, Any]) -> Record | None:
        """Return the record of these values, with the identity of this one, or None where they cannot be."""
        record, issues = attempt(type(self.record), {**values, "id": self.id, "name": self.name})  # type: ignore[arg-type]
        contradicts = issues or validity.find_contradictions(self.model, record, self.assessed_on)
        return None if contradicts else record

    def institution_dict(self, language: str = "zh") -> dict[str, Any]:
        """Return the JSON form of the institution's part."""
        return {
            "id": self.id,
            "name": self.name,
            "verdict": self.verdict.value,
            "underlying_verdict": self.underlying_verdict.value,
            "errors": [issue_to_dict(issue, language) for issue in self.errors],
            "clauses": [finding.to_dict(language) for finding in self.findings],
        }

    def to_dict(self, language: str = "zh") -> dict[str, Any]:
        """Return the JSON form of a run over this institution alone."""
        head = document_head(self.model, self.digest, self.assessed_on)
        return {**head, "institutions": [self.institution_dict(language)]}


def _rebuilt(digest: str, *content: Any) -> Report:  # noqa: ANN401
    """Return a pickled report.

    Raises:
        StandardNotFound: its standard is not loaded in this process.
    """
    return Report(loaded(digest, "a report").model, digest, *content)


def document_head(model: Model, digest: str, assessed_on: date | None) -> dict[str, Any]:
    """Return what the JSON form says before the institutions; `input_digest` and `errors` are the run's to fill."""
    return {
        "format": FORMAT,
        "library": VERSION,
        "language": LANGUAGE_VERSION,
        "input_digest": None,
        "errors": [],
        "standard": {
            "id": model.id,
            "title": model.title,
            "effective_from": None if model.effective_from is None else model.effective_from.isoformat(),
            "digest": digest,
        },
        "assessed_on": None if assessed_on is None else assessed_on.isoformat(),
    }


def issue_to_dict(issue: InputIssue, language: str = "en") -> dict[str, Any]:
    """Return the JSON form of an input error."""
    return {
        "path": issue.path,
        "value": issue.value,
        "expected": issue.expected.zh if language == "zh" else issue.expected.en,
        "message": issue.message(language),
        "place": issue.place,
    }


def _waiver_dict(waiver: "Waiver | None", underlying: Status | None) -> dict[str, Any] | None:
    if waiver is None or underlying is None:
        return None
    until = None if waiver.last_day is None else waiver.last_day.isoformat()
    return {"status": underlying.value, "reason": waiver.reason, "approver": waiver.approver, "until": until}
