"""A report into one HTML page: no script, nothing loaded from elsewhere, readable folded, on a phone and in print.

The templates escape everything that they are given; only the style sheet, which is ours, goes in as it is. A content
security policy forbids whatever is not that style sheet, should a browser find more than was meant.
"""

import base64
import hashlib
from collections.abc import Iterator
from functools import cache
from importlib import resources
from itertools import groupby
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from cedu_rules.reports.paper import Entry, Paper
from cedu_rules.reports.summary import MissingFact, Summary, Tally, percent
from cedu_rules.reports.untrusted import visible
from cedu_rules.reports.wording import SYMBOLS, VERDICT_SYMBOLS
from cedu_rules.results import Status, Verdict

OPEN_LIMIT = 50
"""Of so many institutions the details are unfolded from the start."""
TOP_LIMIT = 12
"""So many clauses and facts are listed as the most frequent."""

_CLASSES = {
    Status.PASS: "p",
    Status.FAIL: "f",
    Status.UNKNOWN: "u",
    Status.NOT_APPLICABLE: "x",
    Status.NOT_MET: "m",
    Status.WAIVED: "w",
}
_BAR = (Status.PASS, Status.WAIVED, Status.FAIL, Status.NOT_MET, Status.UNKNOWN)
_SHADES = 4


def html(paper: Paper) -> str:
    """Return the page."""
    style = _style()
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode("ascii")
    chinese = paper.language == "zh"
    statuses = [status for status in Status if status is not Status.WAIVED or paper.summary.tally[status]]
    return (
        _environment()
        .get_template("report.html.jinja")
        .render(
            paper=paper,
            style=Markup(style),  # noqa: S704 -- our own file
            style_hash=f"sha256-{digest}",
            colon="：" if chinese else ": ",
            comma="，" if chinese else ", ",
            all_statuses=statuses,
            shown_statuses=[status for status in statuses if paper.summary.tally[status]],
            all_verdicts=[verdict for verdict in Verdict if paper.summary.verdicts[verdict]],
            open_all=len(paper.run.reports) <= OPEN_LIMIT,
            **_columns(paper),
        )
    )


@cache
def _style() -> str:
    path = resources.files("cedu_rules.reports") / "templates" / "report.css"
    return path.read_text(encoding="utf-8")


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("cedu_rules.reports", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(
        classes=_CLASSES,
        symbols=SYMBOLS,
        verdict_symbols=VERDICT_SYMBOLS,
        line_break=Markup("<br>"),
        top=TOP_LIMIT,
        percent=percent,
        visible=visible,
        verdicts=_verdicts,
        stretches=_stretches,
        group_cell=_group_cell,
        rows=_rows,
        missing_facts=_missing_facts,
    )
    return environment


def _verdicts(summary: Summary) -> list[tuple[Verdict, int]]:
    return [(verdict, summary.verdicts[verdict]) for verdict in Verdict if summary.verdicts[verdict]]


def _missing_facts(summary: Summary, judged: bool) -> list[MissingFact]:
    return [item for item in summary.missing if item.fact.judged is judged]


def _stretches(tally: Tally) -> Iterator[tuple[Status, int, int]]:
    """Yield where each status begins in a bar and how wide it is, in answers."""
    start = 0
    for status in _BAR:
        if tally[status]:
            yield status, start, tally[status]
            start += tally[status]


def _group_cell(tally: Tally) -> tuple[str, list[str]]:
    """Return shade and text of one clause in one group: how many fail and how many are open."""
    told = [
        f"{SYMBOLS[status]}{tally[status]}" for status in (Status.FAIL, Status.UNKNOWN, Status.NOT_MET) if tally[status]
    ]
    if failing := tally[Status.FAIL]:
        return f"f{-(-failing * _SHADES // tally.counted)}", told
    for status in (Status.UNKNOWN, Status.NOT_MET, Status.WAIVED, Status.PASS):
        if tally[status]:
            return _CLASSES[status], told or [SYMBOLS[status]]
    return _CLASSES[Status.NOT_APPLICABLE], [SYMBOLS[Status.NOT_APPLICABLE]]


def _rows(entry: Entry) -> Markup:
    """Return the attribute of a cell that stands beside all measures of its clause."""
    return Markup(' rowspan="{}"').format(len(entry.measures)) if len(entry.measures) > 1 else Markup()


def _columns(paper: Paper) -> dict[str, Any]:
    """Return how the columns of a matrix are headed: sections with their spans, and where a section begins."""
    sections = [visible(item.clause.citation.section) for item in paper.summary.clauses]
    spans = [(section, len(list(members))) for section, members in groupby(sections)]
    edges, number = set(), 1
    for _, span in spans:
        edges.add(number)
        number += span
    return {
        "spans": spans,
        "edges": edges,
        "edge": lambda number: Markup(' class="edge"') if number in edges else Markup(),
    }
