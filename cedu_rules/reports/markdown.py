"""A report into Markdown (with the tables of GitHub), in which no name can become a link, a tag or a new cell."""

import re
from collections.abc import Iterable, Iterator, Sequence

from cedu_rules.reports.paper import Entry, Institution, Paper, Part
from cedu_rules.reports.summary import ClauseTally, Summary, Tally, percent
from cedu_rules.reports.wording import SYMBOLS, VERDICT_SYMBOLS
from cedu_rules.results import Status, Verdict

_MARKS = re.compile(r"([\\`*_{}\[\]()#|~$!@+^=-])")
_LINKS = re.compile(r"(?<=www)\.|:(?=//)", re.IGNORECASE)
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


def escaped(text: str) -> str:
    """Return text that Markdown shows as it is; the text is on one line."""
    marked = _MARKS.sub(r"\\\1", text)
    plain = "".join(_ENTITIES.get(character, character) for character in marked)
    return _LINKS.sub(r"\\\g<0>", plain)


def markdown(paper: Paper) -> str:
    """Return the report."""
    return "\n".join(_lines(paper)) + "\n"


def _table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """Yield a table; every cell is escaped."""
    yield _row(heads)
    yield "|" + " --- |" * len(heads)
    for row in rows:
        yield _row(row)
    yield ""


def _row(cells: Iterable[object]) -> str:
    return "| " + " | ".join(escaped(str(cell)) for cell in cells) + " |"


def _lines(paper: Paper) -> Iterator[str]:
    word = paper.word
    colon = "：" if paper.language == "zh" else ": "
    yield f"# {escaped(paper.title)}"
    yield ""
    yield f"{escaped(paper.document)} · {word('assessed_on')}{colon}{paper.assessed_on}"
    yield ""
    for name, listed in (("errors", paper.errors), ("warnings", paper.warnings)):
        if listed:
            yield from (f"**{word(name)}**", "", *(f"- {escaped(line)}" for line in listed), "")
    yield from (f"## {word('summary')}", "")
    yield from _verdicts(paper)
    yield from _summary(paper, paper.summary, "###")
    yield from (f"### {word('clauses')}", "")
    yield from _clauses(paper, paper.summary.clauses)
    yield from (f"## {word('matrix')}", "")
    yield "  ".join(f"{SYMBOLS[status]} {paper.status_word(status)}" for status in Status)
    yield ""
    yield from _matrix(paper)
    for part in paper.parts:
        yield from _part(paper, part)
    yield from (f"## {word('receipt')}", "")
    yield from _table((word("receipt"), ""), paper.receipt)


def _verdicts(paper: Paper) -> Iterator[str]:
    heads = [paper.word("group"), paper.word("institutions"), *(paper.verdict_word(verdict) for verdict in Verdict)]
    rows = [(paper.word("total"), paper.summary)]
    if paper.has_groups:
        rows = [*((part.title, part.summary) for part in paper.parts), *rows]
    yield from _table(
        [*heads, paper.word("share_met")],
        (
            [
                title,
                len(summary.extracts),
                *(summary.verdicts[verdict] for verdict in Verdict),
                percent(summary.tally.share),
            ]
            for title, summary in rows
        ),
    )


def _tally_heads(paper: Paper) -> list[str]:
    return [*(paper.status_word(status) for status in Status), paper.word("share_met")]


def _tally(tally: Tally) -> list[object]:
    return [*(tally[status] for status in Status), percent(tally.share)]


def _summary(paper: Paper, summary: Summary, level: str) -> Iterator[str]:
    word = paper.word
    yield from (f"{level} {word('by_section')}", "")
    sections = [[item.section, *_tally(item.tally)] for item in summary.sections]
    yield from _table([word("section"), *_tally_heads(paper)], [*sections, [word("total"), *_tally(summary.tally)]])
    yield from (word("share_note"), "")
    yield from (f"{level} {word('most_failed')}", "")
    yield from _clauses(paper, summary.most_failed)
    yield from (f"{level} {word('most_missing')}", "")
    yield from _table(
        [word("fact"), word("answered_by"), word("in_institutions"), word("waiting")],
        (
            [paper.fact_label(item.fact), paper.answerer(judged=item.fact.judged), item.institutions, item.clauses]
            for item in summary.missing
        ),
    )
    yield from (f"{level} {word('lacking')}", "")
    yield from _lacking(paper, summary)
    yield from (word("lacking_note"), "")


def _lacking(paper: Paper, summary: Summary) -> Iterator[str]:
    word = paper.word
    rows = [
        [
            item.quantity.label + (word("alternatives") if item.has_alternatives else ""),
            paper.amount(item.amount),
            item.institutions,
        ]
        for item in summary.lacking
    ]
    yield from _table([word("quantity"), word("in_sum"), word("in_institutions")], rows)


def _clauses(paper: Paper, items: Iterable[ClauseTally]) -> Iterator[str]:
    heads = [paper.word("number"), paper.word("place"), paper.word("clause"), *_tally_heads(paper)]
    yield from _table(
        heads, ([item.number, paper.place(item.clause), item.clause.title, *_tally(item.tally)] for item in items)
    )


def _matrix(paper: Paper) -> Iterator[str]:
    numbers = [str(item.number) for item in paper.summary.clauses]
    rows = (
        [institution.title, *(SYMBOLS[status] for status in institution.statuses)]
        + ([] if institution.statuses else [VERDICT_SYMBOLS[Verdict.INVALID]] * len(numbers))
        for institution in paper.institutions
    )
    yield from _table([paper.word("institution"), *numbers], rows)


def _part(paper: Paper, part: Part) -> Iterator[str]:
    yield from (f"## {escaped(part.title)}", "")
    if part.group is not None:
        yield from (f"### {paper.word('lacking')}", "")
        yield from _lacking(paper, part.summary)
    for institution in part.institutions:
        yield from _institution(paper, institution)


def _institution(paper: Paper, institution: Institution) -> Iterator[str]:
    comma = "，" if paper.language == "zh" else ", "
    verdict = f"{VERDICT_SYMBOLS[institution.verdict]} {institution.verdict_word}"
    yield from (f"### {escaped(institution.title)} — {escaped(verdict)}", "")
    counts = [
        f"{paper.status_word(status)} {number}" for status in Status if (number := institution.counts.get(status))
    ]
    if counts:
        yield from (comma.join(counts), "")
    if institution.errors:
        yield from (*(f"- {escaped(line)}" for line in institution.errors), "")
    for entry in institution.entries:
        yield from _entry(paper, entry)
    if institution.entries:
        yield ""
    if institution.repairs:
        yield from (f"**{paper.word('repairs')}**", "")
        for repair in institution.repairs:
            head = paper.word("plan") if repair.number is None else f"{repair.number}."
            way = f" {paper.word('one_of')}" if repair.is_alternative else ""
            yield f"- {escaped(head + way)} {escaped(repair.text)}"
        yield ""
    if institution.questions:
        yield from (f"**{paper.word('open')}**", "")
        for question in institution.questions:
            numbers = ", ".join(str(number) for number in question.clauses)
            yield f"- {escaped(question.text)} — {paper.answerer(judged=question.judged)} ({numbers})"
        yield ""
    if institution.margins:
        yield from _margins(paper, institution)


def _margins(paper: Paper, institution: Institution) -> Iterator[str]:
    word = paper.word
    yield from (f"**{word('margins')}**", "")
    rows = ([f"{line.number}. {line.title}", line.about, line.demand, line.text] for line in institution.margins)
    yield from _table([word("clause"), word("quantity"), word("comparison"), word("margin")], rows)


def _entry(paper: Paper, entry: Entry) -> Iterator[str]:
    marks = [paper.word(name) for name, holds in (("vacuous", entry.vacuous), ("advisory", entry.advisory)) if holds]
    mark = f" ({', '.join(marks)})" if marks else ""
    symbol = escaped(SYMBOLS[entry.status])
    yield f"- {symbol} **{entry.status_word}** {escaped(entry.place)} · {entry.number}. {escaped(entry.title)}{mark}"
    yield from (f"  - {escaped(line)}" for line in (*entry.lines, entry.waiver) if line)
