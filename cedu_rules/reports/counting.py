"""A run into the tables of its summary as lines of text, aligned where Chinese is twice as wide.

Nothing is explained for them: they count answers, so that they come at once.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias

from cedu_rules.explain.sentences import STATUS_WORDS, VERDICT_WORDS, in_words
from cedu_rules.reports.run import Run
from cedu_rules.reports.summary import Extract, Summary, percent
from cedu_rules.reports.untrusted import visible
from cedu_rules.reports.wording import word
from cedu_rules.results import Status, Verdict
from cedu_rules.source import display_width

WIDTH = 80
"""Tables are at most so many columns wide."""
_GAP = 2
_LEAST = 8

Table: TypeAlias = tuple[Sequence[str], Sequence[Sequence[str]]]
"""Heads and rows."""


class Rows:
    """The rows of the tables of one run, in one language."""

    def __init__(self, run: Run, language: str) -> None:
        self.language = language
        self.members: dict[str, list[Extract]] = {}
        for position, report in enumerate(run.reports):
            statuses = tuple(finding.status for finding in report.findings)
            extract = Extract(report.verdict, statuses, {}, {})
            self.members.setdefault(run.groups.get(position, ""), []).append(extract)
        self.whole = Summary(run.model, tuple(extract for extracts in self.members.values() for extract in extracts))
        self.has_groups = bool(run.groups)
        self.model = run.model

    def groups(self) -> Table:
        """Return how many institutions of each group have each verdict; no rows where there are no groups."""
        verdicts = [verdict for verdict in Verdict if self.whole.verdicts[verdict]]
        words = [in_words(VERDICT_WORDS[verdict], self.language).partition("（")[0] for verdict in verdicts]
        heads = [self._word("group"), self._word("institutions").lower(), *words, self._word("share_met")]
        if not self.has_groups:
            return heads, []
        named = [(name, Summary(self.model, tuple(extracts))) for name, extracts in self.members.items()]
        rows = [*((visible(name) or self._word("no_group"), each) for name, each in named), self._total(self.whole)]
        return heads, [
            [
                name,
                str(len(each.extracts)),
                *(str(each.verdicts[verdict]) for verdict in verdicts),
                percent(each.tally.share),
            ]
            for name, each in rows
        ]

    def sections(self) -> Table:
        """Return how many answers of each status there are in each section; no rows where nothing was evaluated."""
        whole = self.whole.tally
        statuses = [status for status in Status if whole[status]]
        heads = [self._word("section"), *(in_words(STATUS_WORDS[status], self.language) for status in statuses)]
        rows = [*((visible(item.section), item.tally) for item in self.whole.sections), (self._word("total"), whole)]
        return [*heads, self._word("share_met")], [
            [name, *(str(tally[status]) for status in statuses), percent(tally.share)]
            for name, tally in (rows if statuses else [])
        ]

    def _total(self, summary: Summary) -> tuple[str, Summary]:
        return self._word("total"), summary

    def _word(self, name: str) -> str:
        return word(name, self.language)


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Yield the lines of a table: the first column to the left and cut where it is too long, the others to the right."""
    cells = [list(heads), *(list(row) for row in rows)]
    widths = [max(display_width(row[column]) for row in cells) for column in range(len(heads))]
    rest = sum(widths[1:]) + _GAP * (len(widths) - 1)
    widths[0] = min(widths[0], max(_LEAST, WIDTH - rest))
    for first, *others in cells:
        shown = _cut(first, widths[0])
        line = shown + " " * (widths[0] - display_width(shown))
        for text, width in zip(others, widths[1:], strict=True):
            line += " " * (_GAP + width - display_width(text)) + text
        yield line


def _cut(text: str, width: int) -> str:
    """Return the text, or as much of it as fits with an ellipsis."""
    if display_width(text) <= width:
        return text
    kept = ""
    for character in text:
        if display_width(kept + character) > width - display_width("…"):
            break
        kept += character
    while kept and unicodedata.combining(kept[-1]):
        kept = kept[:-1]
    return kept + "…"
