"""A YAML or JSON file of waivers into `Waiver`s, each value with its place.

A waiver is written like an institution is: as a mapping, here with the keys `clause`, `requirement`, `institution`,
`tier`, `reason`, `approver`, `from`, `until`. It is read by the same readers, so that mistakes are told in the same way.
"""

from collections.abc import Iterable, Iterator, Mapping

from cedu_rules.data.contents import FilePath
from cedu_rules.data.reading import Submission, read
from cedu_rules.diagnostics import InputIssue
from cedu_rules.messages import Words
from cedu_rules.model.ir import Fact, Model
from cedu_rules.model.types import COUNT, DATE, TEXT, Type
from cedu_rules.records import Record, attempt, record_class
from cedu_rules.source import Source, Span
from cedu_rules.waivers import Waiver

_NOWHERE = Span(Source("waivers", ""), 0, 0)
_KEYS: tuple[tuple[str, Type, str], ...] = (
    ("clause", TEXT, "条款"),
    ("requirement", COUNT, "考核要点"),
    ("institution", TEXT, "机构"),
    ("tier", TEXT, "标准"),
    ("reason", TEXT, "理由"),
    ("approver", TEXT, "批准人"),
    ("first_day", DATE, "from"),
    ("until", DATE, "至"),
)
_NEEDED = ("clause", "reason", "approver", "first_day")
_WRITTEN = ", ".join("from" if name == "first_day" else name for name, _, _ in _KEYS)
_KEY = Words(f"one of {_WRITTEN}", f"{_WRITTEN} 之一")
_ONE = Words(f"a waiver: a mapping with {_WRITTEN}", f"一条豁免，含 {_WRITTEN}")
_SHAPE = Model(
    id="waivers",
    title="豁免",
    document="",
    annex=None,
    effective_from=None,
    language="zh",
    source=_NOWHERE.source,
    units=(),
    params=(),
    facts=tuple(Fact(name, type_, "documented", label, None, None, _NOWHERE) for name, type_, label in _KEYS),
    records=(),
    checks=(),
    lets=(),
    clauses=(),
)


def read_waivers(files: FilePath | Iterable[FilePath]) -> tuple[tuple[Waiver, ...], tuple[InputIssue, ...]]:
    """Return the waivers that the files state, and what is wrong with the others; never raises for data."""
    class_ = record_class(_SHAPE, digest="waivers")
    reading = read(_SHAPE, files)
    waivers: list[Waiver] = []
    issues = [_of_waivers(issue) for issue in reading.issues]
    for number, submission in enumerate(reading.submissions, 1):
        record, found = attempt(class_, submission.values, places=submission.places)
        found = (*submission.issues, *found)
        if record is not None and not found:
            found = tuple(_lacking(record, submission.places))
        found = tuple(_of_waivers(issue) for issue in found)
        issues += [issue._replace(institution=f"#{number}", path=_written(issue.path)) for issue in found]
        if record is not None and not found:
            waivers.append(_waiver(record, submission))
    return tuple(waivers), tuple(issues)


def _of_waivers(issue: InputIssue) -> InputIssue:
    """Return the issue in words for waivers, where the readers have words for institutions."""
    if issue.path == "institution" and issue.expected.en.startswith("the facts of"):
        return issue._replace(path="waiver", expected=_ONE)
    is_unknown = issue.expected.en == f"a fact of `{_SHAPE.id}`"
    return issue._replace(expected=_KEY) if is_unknown else issue


def _written(path: str) -> str:
    """Return the key as the file has it: `from` is a word of Python and no name of a field."""
    return "from" if path == "first_day" else path


def _lacking(record: Record, places: Mapping[str, str]) -> Iterator[InputIssue]:
    """Yield what a waiver has to state and does not."""
    place = places.get("")
    for name in _NEEDED:
        if getattr(record, name) is None:
            yield InputIssue(name, "", Words("a value", "填写"), place=place)
    if record.institution is None and record.tier is None:
        yield InputIssue("institution", "", Words("an institution or a tier", "填写机构或标准"), place=place)
    if record.requirement == 0:
        yield InputIssue("requirement", "0", Words("a number from 1", "从 1 起的序号"), place=place)
    if record.until is not None and record.first_day is not None and record.until < record.first_day:
        words = Words("a day not before `from`", "不早于 from 的日期")
        yield InputIssue("until", record.until.isoformat(), words, place=place)


def _waiver(record: Record, submission: Submission) -> Waiver:
    return Waiver(
        clause=record.clause,
        requirement=record.requirement,
        institution=record.institution,
        tier=record.tier,
        reason=record.reason,
        approver=record.approver,
        first_day=record.first_day,
        last_day=record.until,
        place=submission.places.get(""),
    )
