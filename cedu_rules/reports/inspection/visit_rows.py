"""A run into the rows of its record of the visit: what the inspector looks at, beside what the institution stated.

For each institution these are all judged facts, every fact behind a clause that fails or is open, every value that could
not be read, and whatever was found on an earlier visit.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from attrs import field, frozen

from cedu_rules.data import Submission
from cedu_rules.data.layout import loose
from cedu_rules.data.templates.cells import TRUTHS, cell_text, member_text
from cedu_rules.diagnostics import InputError, InputIssue
from cedu_rules.explain.reasons import Reason
from cedu_rules.explain.sentences import label_of
from cedu_rules.facts import fact_table, unit_in_words
from cedu_rules.messages import Words
from cedu_rules.model.ir import Fact, Model
from cedu_rules.model.types import COUNT
from cedu_rules.records.problems import shown
from cedu_rules.report import Report
from cedu_rules.reports.inspection.visit_merging import Found
from cedu_rules.reports.inspection.visit_paths import VisitPath, parts_of, value_at
from cedu_rules.reports.paper import place_of
from cedu_rules.reports.untrusted import NAME_LIMIT, visible
from cedu_rules.results import Status

_PLACES_SHOWN = 3
_STATED_LIMIT = 200


@frozen
class VisitRow:
    """One value to look at; `choices` are the words to choose from, none where anything may be written."""

    id: str
    name: str
    group: str
    path: str
    label: str
    unit: str
    stated: str
    choices: tuple[str, ...]
    places: str
    found: Found | None = field(default=None, repr=False)


class VisitRows:
    """Makes the rows of one tier; `language` is that of labels around and of yes and no."""

    def __init__(self, model: Model, language: str) -> None:
        self.model = model
        self.language = language
        self.order = {fact.name: number for number, fact in enumerate(model.facts)}
        self.places = {row.path: self._places(row.clauses) for row in fact_table(model) if not row.owner}

    def _places(self, clauses: Sequence[object]) -> str:
        listed = [place_of(clause, self.language) for clause in clauses[:_PLACES_SHOWN]]  # type: ignore[arg-type]
        return ("；" if self.language == "zh" else "; ").join(listed) + (" …" if len(clauses) > _PLACES_SHOWN else "")

    def of(
        self, report: Report, stated: Report, submission: Submission, group: str, found: Mapping[str, Found]
    ) -> Iterator[VisitRow]:
        """Yield the rows of one institution, in the order of the standard.

        Args:
            report: What was found, corrections included.
            stated: The same without corrections.
            submission: What the institution wrote.
            group: Its group.
            found: What was found before, by path.
        """
        paths = {path.text: path for path in (*_relevant(report), *(each.path for each in found.values()))}
        ordered = sorted(paths.values(), key=lambda path: self.order.get(path.root.name, len(self.order)))
        for path in ordered:
            type_ = path.type or COUNT
            yield VisitRow(
                id=visible(report.id or "", NAME_LIMIT),
                name=visible(report.name or "", NAME_LIMIT),
                group=visible(group, NAME_LIMIT),
                path=path.text,
                label=label_at(self.model, path, stated.record, report.record),
                unit=unit_in_words(type_.unit, self.language) if type_.kind == "number" else "",
                stated=stated_text(self.model, stated, submission, path, self.language),
                choices=self._choices(path),
                places=self.places.get(path.root.name, ""),
                found=found.get(path.text),
            )

    def _choices(self, path: VisitPath) -> tuple[str, ...]:
        type_ = path.type
        if type_ is None or type_.kind == "list":
            return ()
        if type_.kind == "bool":
            return TRUTHS[self.language]
        labelled = self.language == self.model.language
        return tuple(member_text(member.name, type_, labelled=labelled) for member in type_.members)


# --- which -----------------------------------------------------------------------------------------------------------


def _relevant(report: Report) -> Iterator[VisitPath]:
    """Yield the paths that matter for an institution, each perhaps several times."""
    years = () if report.assessed_on is None else (report.assessed_on.year,)
    for text in (*_judged(report), *_behind(report), *(issue.path for issue in report.errors)):
        yield from parts_of(report.model, text, report.record, years)


def _judged(report: Report) -> Iterator[str]:
    for fact in report.model.facts:
        if fact.kind == "judged" and _may_exist(report, fact):
            yield fact.name
        elif fact.type.kind == "list":
            judged = [
                each.name for each in report.model.records_by_name[fact.type.name].fields if each.kind == "judged"
            ]
            entries = getattr(report.record, fact.name, None) or ()
            yield from (f"{fact.name}[{number}].{name}" for number in range(1, len(entries) + 1) for name in judged)


def _may_exist(report: Report, fact: Fact) -> bool:
    if fact.condition is None or report.record is None:
        return True
    return report.evaluation.value(fact.condition) is not False


def _behind(report: Report) -> Iterator[str]:
    """Yield the facts behind clauses that fail or are open."""
    for finding in report.findings:
        if finding.status in {Status.FAIL, Status.UNKNOWN}:
            yield from finding.missing
            for item in finding.requirements:
                if item.status in {Status.FAIL, Status.UNKNOWN}:
                    yield from _read_by(item.reasons, report.model)


def _read_by(reasons: Iterable[Reason], model: Model, element: str = "") -> Iterator[str]:
    """Yield the facts that reasons read; of an element of a list those are its own fields where it has them."""
    for reason in reasons:
        for name in reason.facts:
            own = f"{element}.{name}"
            yield own if element and parts_of(model, own, None) else name
        yield from reason.missing
        for inner in reason.elements:
            yield from _read_by(inner.reasons, model, inner.path)


# --- what was stated -------------------------------------------------------------------------------------------------


def stated_text(model: Model, stated: Report, submission: Submission, path: VisitPath, language: str) -> str:
    """Return what the institution stated at a path, as a person types it; as it was written where that is unreadable."""
    if stated.record is None:
        return _as_written(stated, submission, path)
    value = value_at(stated.record, path.steps)
    if path.type is None:
        return "" if value is None else label_at(model, path, stated.record)
    if isinstance(value, tuple):
        return str(len(value))
    try:
        text = cell_text(value, path.type, model.units, language, labelled=language == model.language)
    except InputError:  # no decimal is that number
        text = shown(value)
    return visible(text, _STATED_LIMIT)


def label_at(model: Model, path: VisitPath, *records: object) -> str:
    """Return a path in words, its elements by their keys as in the first record that has them, else by number."""
    inner = [path.steps[: index + 1] for index, step in enumerate(path.steps) if isinstance(step, int)]
    having = (record for record in records if all(value_at(record, steps) is not None for steps in inner))
    return visible(label_of(model, path.text, next(having, None)))


def _as_written(stated: Report, submission: Submission, path: VisitPath) -> str:
    told = [issue.value for issue in stated.errors if issue.path == path.text]
    value = told[0] if told else submission.values.get(path.text)
    return visible(value if isinstance(value, str) else "", _STATED_LIMIT)


def changed_since(model: Model, stated: Report, submission: Submission, found: Iterable[Found]) -> Iterator[InputIssue]:
    """Yield a warning for each finding beside which the institution states something else by now.

    A row without a statement says nothing: nobody stated anything then, or somebody added the row.
    """
    for each in found:
        texts = [stated_text(model, stated, submission, each.path, language) for language in ("zh", "en")]
        if each.value is not None and each.stated and loose(each.stated) not in {loose(text) for text in texts}:
            words = Words(
                f"`{each.stated}`, as when the record of the visit was made",
                f"`{each.stated}`（制作现场检查记录表时的填报值）",
            )
            yield InputIssue(each.path.text, texts[0], words, submission.id, each.place)
