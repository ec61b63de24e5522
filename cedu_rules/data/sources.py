"""Files into what they hold: sources of institutions, rows of lists, and judgements alone.

A file or sheet named after a list holds that list, any other one institutions. A source whose facts are all judged,
beside another that has other facts, is the inspector's: it completes the institutions of the others by their id.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cedu_rules.data import json_files
from cedu_rules.data.contents import Content
from cedu_rules.data.entries import Entry, Extras, Source
from cedu_rules.data.layout import INSTITUTION, Layout
from cedu_rules.diagnostics import InputIssue
from cedu_rules.messages import Words
from cedu_rules.model.ir import Model

if TYPE_CHECKING:
    from cedu_rules.data.lists import Lists

_TABLES = (".csv", ".tsv", ".xlsx", ".parquet")


class Sources:
    """Finds out what each file holds; `lists` are there where one is a table."""

    def __init__(self, model: Model, extras: Extras) -> None:
        self.model = model
        self.extras = extras
        self.lists: Lists | None = None
        self.issues: list[InputIssue] = []

    def layout(self) -> Layout:
        """Return what institutions are described by in one file or sheet."""
        owner = Words(f"a fact of `{self.model.id}`", f"`{self.model.id}` 的事实")
        return Layout(owner, self.model.facts, self.model.units, INSTITUTION)

    def of(self, content: Content) -> Iterator[Source]:
        """Read the lists of a file, and yield its sources of institutions."""
        if content.ending not in _TABLES:
            yield self._of_text(content)
            return
        from cedu_rules.data.grids import Sheets  # noqa: PLC0415 -- loaded only where a file needs it
        from cedu_rules.data.lists import Lists  # noqa: PLC0415

        if self.lists is None:
            self.lists = Lists(self.model, self.extras)
        sheets = Sheets(self.lists, self.layout, self.extras)
        yield from sheets.of(content)
        self.issues += sheets.issues

    def _of_text(self, content: Content) -> Source:
        layout = self.layout()
        if content.ending == ".json":
            found = json_files.entries(content, layout, self.extras)
        else:
            from cedu_rules.data import yaml_files  # noqa: PLC0415 -- yaml is loaded only where a file needs it

            found = yaml_files.entries(content, layout, self.extras)
        read = list(found)
        entries = [entry for entry in read if isinstance(entry, Entry)]
        return Source(iter(read), bool(entries) and all(self._is_judged(entry, layout) for entry in entries))

    @staticmethod
    def _is_judged(entry: Entry, layout: Layout) -> bool:
        """Return whether an institution of JSON or YAML holds judged facts and no others."""
        facts = [layout.fact(key) for key in entry.values]
        return bool(facts) and all(fact is not None and fact.kind == "judged" for fact in facts)
