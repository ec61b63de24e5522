"""A run into lines of text: who conforms, then for each institution that does not, which line of the annex and why.

A line is a sequence of pieces with a style each. `plain` joins them for a pipe; on a terminal rich colours them.
"""

import functools
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from cedu_rules.explain.sentences import STATUS_WORDS, VERDICT_WORDS, in_words
from cedu_rules.records.problems import escaped
from cedu_rules.report import Finding, Report
from cedu_rules.reports.counting import Rows, table
from cedu_rules.reports.pieces import pieces
from cedu_rules.reports.receipt import receipt
from cedu_rules.reports.run import Run
from cedu_rules.reports.selection import Selection
from cedu_rules.reports.wording import word
from cedu_rules.results import Status, Verdict
from cedu_rules.waivers import Waiver

if TYPE_CHECKING:
    from cedu_rules.reports.parallel import Workers


class Piece(NamedTuple):
    """Text with the name of a style of rich, or none."""

    text: str
    style: str = ""


Line: TypeAlias = tuple[Piece, ...]

_STYLES = {
    Status.PASS: "green",
    Status.FAIL: "bold red",
    Status.UNKNOWN: "yellow",
    Status.NOT_APPLICABLE: "dim",
    Status.NOT_MET: "cyan",
    Status.WAIVED: "magenta",
    Verdict.CONFORMS: "bold green",
    Verdict.FAILS: "bold red",
    Verdict.UNDETERMINED: "bold yellow",
    Verdict.INVALID: "bold magenta",
}
DETAIL_LIMIT = 50
"""Of more institutions than that the clauses of each are told only on demand."""

_ORDER = (Status.PASS, Status.FAIL, Status.UNKNOWN, Status.NOT_APPLICABLE, Status.NOT_MET, Status.WAIVED)


def plain(line: Line) -> str:
    """Return the line without styles."""
    return "".join(piece.text for piece in line)


def lines(
    run: Run,
    selection: Selection,
    language: str,
    *,
    date_is_today: bool = False,
    advice: bool = False,
    workers: "Workers | None" = None,
) -> Iterator[Line]:
    """Yield the report as lines, in `zh` or `en`; what data says reaches no terminal as a control character.

    With `advice` the repairs and questions of each institution that is shown are told, too. `workers` share the work.
    """
    for line in _lines(run, selection, language, date_is_today=date_is_today, advice=advice, workers=workers):
        yield tuple(Piece(visible(piece.text), piece.style) for piece in line)


def visible(text: str) -> str:
    """Return the text with what cannot be printed, line breaks too, written as an escape."""
    if text.isprintable():
        return text
    return "".join(escaped(character) for character in text)


def _lines(
    run: Run, selection: Selection, language: str, *, date_is_today: bool, advice: bool, workers: "Workers | None"
) -> Iterator[Line]:
    yield from _head(run, language, date_is_today=date_is_today)
    rows = Rows(run, language)
    for heads, body in (rows.groups(), rows.sections()):
        if body:
            yield ()
            for number, line in enumerate(table(heads, body)):
                yield (Piece(line, "" if number else "dim"),)
    reports = selection.reports(run)
    if len(reports) > DETAIL_LIMIT and not selection.names_clauses and not advice:
        yield from _answers(reports, language)
    else:
        shown = set(map(id, reports))
        positions = [position for position, report in enumerate(run.reports) if id(report) in shown]
        make = functools.partial(_told, selection, language, alone=len(reports) == 1, advice=advice)
        for told in pieces(run, make, workers, positions):
            yield from told
    yield ()
    colon = "：" if language == "zh" else ": "
    for label, value in receipt(run, language):
        yield (Piece(f"{label}{colon}{value}", "dim"),)


def _told(selection: Selection, language: str, part: Run, *, alone: bool, advice: bool) -> list[list[Line]]:
    """Return the lines of the one institution of a part."""
    (report,) = part.reports
    advised = _advice(part, report, selection, language) if advice else ()
    return [[*_institution(report, selection, language, alone=alone), *advised]]


def _head(run: Run, language: str, *, date_is_today: bool) -> Iterator[Line]:
    chinese = language == "zh"
    day = "" if run.assessed_on is None else run.assessed_on.isoformat()
    if not day:
        day = "未给定" if chinese else "not given"
    elif date_is_today:
        day += "（今日；用 --on 指定）" if chinese else " (today; choose with --on)"
    word = "评定基准日：" if chinese else "assessed on: "
    yield (Piece(f"{run.model.title}（{run.model.id}）" if chinese else f"{run.model.title} ({run.model.id})", "bold"),)
    yield (Piece(f"{word}{day}"),)
    yield _counts_of_verdicts([report.verdict for report in run.reports], language)
    if run.is_waived:
        before = _counts_of_verdicts([report.underlying_verdict for report in run.reports], language)
        yield (Piece("豁免之前：" if chinese else "before waivers: "), *before)
    for idle in run.idle_waivers:
        yield (
            Piece(("豁免未起作用：" if chinese else "waiver without effect: ") + idle.in_words(language), "magenta"),
        )


def _counts_of_verdicts(verdicts: list[Verdict], language: str) -> Line:
    counts = Counter(verdicts)
    colon, comma = ("：", "，") if language == "zh" else (": ", ", ")
    pieces = [Piece(f"机构 {len(verdicts)} 个" if language == "zh" else f"institutions: {len(verdicts)}")]
    for verdict in Verdict:
        if counts[verdict]:
            pieces.append(Piece(colon if len(pieces) == 1 else comma))
            pieces.append(Piece(f"{in_words(VERDICT_WORDS[verdict], language)} {counts[verdict]}", _STYLES[verdict]))
    return tuple(pieces)


def _answers(reports: tuple[Report, ...], language: str) -> Iterator[Line]:
    """Yield the answer of each institution on a line, and how to see more."""
    yield ()
    for report in reports:
        yield _title(report, language)
    yield ()
    options = "--failed, --unknown, --clause ID, --institution ID, --advice"
    yield (Piece(f"明细：{options.replace(', ', '、')}" if language == "zh" else f"details: {options}", "dim"),)


def _institution(report: Report, selection: Selection, language: str, *, alone: bool) -> Iterator[Line]:
    findings = selection.findings(report, alone=alone)
    if selection.clause is None and not findings and not report.errors and (selection.failed or selection.unknown):
        return
    yield ()
    yield _title(report, language)
    for issue in report.errors:
        place = f"{issue.place}: " if issue.place else ""
        yield (Piece(f"  {place}{issue.message(language)}", "magenta"),)
    for finding in findings:
        yield from _finding(finding, language)
        if selection.clause is not None:
            yield from _margins(finding, language)
    if not selection.unknown and not alone and selection.clause is None:
        yield from _open(report, language)


def _title(report: Report, language: str) -> Line:
    name = " ".join(part for part in (report.id, report.name) if part) or (
        "未命名机构" if language == "zh" else "unnamed"
    )
    verdict = Piece(in_words(VERDICT_WORDS[report.verdict], language), _STYLES[report.verdict])
    colon = "：" if language == "zh" else ": "
    if report.verdict is Verdict.INVALID:
        return (Piece(name, "bold"), Piece(colon), verdict)
    counts = Counter(finding.status for finding in report.findings)
    listed = [f"{in_words(STATUS_WORDS[status], language)} {counts[status]}" for status in _ORDER if counts[status]]
    told = f"（{'，'.join(listed)}）" if language == "zh" else f" ({', '.join(listed)})"
    return (Piece(name, "bold"), Piece(colon), verdict, Piece(told))


def _finding(finding: Finding, language: str) -> Iterator[Line]:
    status = Piece(in_words(STATUS_WORDS[finding.status], language), _STYLES[finding.status])
    place = finding.clause.citation.in_words(language)
    vacuous = Piece("（无可查对象）" if language == "zh" else " (vacuous)") if finding.vacuous else Piece("")
    yield (
        Piece("  "),
        status,
        vacuous,
        Piece(f"  {place}  "),
        Piece(finding.clause.title, "bold"),
        Piece(f"  {finding.clause.id}", "dim"),
    )
    for text in _waived(finding, language):
        yield (Piece(f"      {text}", "magenta"),)
    for text in finding.explain(language).splitlines():
        yield (Piece(f"      {text}"),)


def _margins(finding: Finding, language: str) -> Iterator[Line]:
    """Yield how far each measured requirement of a clause is from its threshold."""
    from cedu_rules.reports.margins import margins_in  # noqa: PLC0415 -- only where it is asked for

    colon = "：" if language == "zh" else ": "
    for line in margins_in(1, finding, language):
        yield (Piece(f"      {line.about}{colon}{line.demand}  "), Piece(line.text, "green" if line.is_met else "red"))


def _waived(finding: Finding, language: str) -> Iterator[str]:
    """Yield what the status would be, and why and how long it is waived; of single requirements by their numbers."""
    if finding.waiver is not None and finding.waiver.requirement is None:
        yield _waiver(finding.waiver, finding.underlying, language)
        return
    for item in finding.requirements:
        if item.waiver is not None and item.underlying is not None:
            head = f"第 {item.number} 项：" if language == "zh" else f"requirement {item.number}: "
            yield head + _waiver(item.waiver, item.underlying, language)


def _waiver(waiver: Waiver, status: Status, language: str) -> str:
    underlying = in_words(STATUS_WORDS[status], language)
    until = "" if waiver.last_day is None else waiver.last_day.isoformat()
    if language == "zh":
        end = f"，至 {until} 止" if until else ""
        return f"原结论：{underlying}；理由：{waiver.reason}；批准：{waiver.approver}{end}"
    end = f", until {until}" if until else ""
    return f"underlying: {underlying}; reason: {waiver.reason}; approved by: {waiver.approver}{end}"


def _open(report: Report, language: str) -> Iterator[Line]:
    """Yield how many clauses are open, and how many of them wait for the inspector alone."""
    unknown = report.unknown
    if not unknown:
        return
    judged = sum(_only_judged(finding) for finding in unknown)
    if language == "zh":
        text = f"待核实 {len(unknown)} 条，其中只待现场评定 {judged} 条（用 --unknown 查看）"
    else:
        text = f"{len(unknown)} open, {judged} of them for the inspector alone (see --unknown)"
    yield (Piece("  "), Piece(text, "yellow"))


def _advice(run: Run, report: Report, selection: Selection, language: str) -> Iterator[Line]:
    """Yield what puts the institution right, and what is to be asked of whom; of chosen clauses alone, what concerns them."""
    from cedu_rules.reports.advice import questions_of, repairs_of  # noqa: PLC0415 -- only where it is asked for

    chosen = None
    if selection.names_clauses:
        shown = {finding.clause.id for finding in selection.findings(report, alone=False)}
        chosen = {number for number, finding in enumerate(report.findings, 1) if finding.clause.id in shown}
    say = functools.partial(word, language=language)
    for repair in repairs_of(run, report, language, with_plan=chosen is None):
        if chosen is None or repair.number in chosen:
            head = say("plan") if repair.number is None else report.findings[repair.number - 1].clause.id
            way = f" {say('one_of')}" if repair.is_alternative else ""
            yield (Piece("  "), Piece(say("repair"), "blue"), Piece(f"  {head}{way}  {repair.text}"))
    for question in questions_of(report, language, thorough=True):
        numbers = [number for number in question.clauses if chosen is None or number in chosen]
        if numbers:
            ids = ", ".join(report.findings[number - 1].clause.id for number in numbers)
            who = say("inspector_answers" if question.judged else "institution_answers")
            yield (Piece("  "), Piece(say("question"), "blue"), Piece(f"  {who}  {question.text}  "), Piece(ids, "dim"))


def _only_judged(finding: Finding) -> bool:
    open_kinds = {item.requirement.kind for item in finding.requirements if item.status is Status.UNKNOWN}
    return open_kinds == {"judged"}
