"""All files of a run into one `Reading`: the institutions with their lists, and what belongs to none of them.

CSV whose stem names a list holds that list; every other file holds institutions. Two institutions of one id are told at
the later one, which is then refused; the lists go to the first.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping

from attrs import evolve, field, frozen

from cedu_rules.data import json_files
from cedu_rules.data.contents import Content, FilePath, load
from cedu_rules.data.csv_files import table
from cedu_rules.data.entries import Entry, Extras
from cedu_rules.data.layout import INSTITUTION, LIST, Layout, loose
from cedu_rules.data.lists import Lists
from cedu_rules.data.places import Places
from cedu_rules.diagnostics import InputIssue
from cedu_rules.messages import Words
from cedu_rules.model.ir import Model
from cedu_rules.records.numbers import fold
from cedu_rules.records.problems import shown, tidy

_TABLES = (".csv", ".tsv")
_LIST_WORDS = frozenset(loose(word) for name, words in LIST.items() for word in (name, *words))
_SOME_FILE = Words("a file of institutions", "机构文件")
_GROUP = Words("a column of the files", "文件中的列")


@frozen
class Submission:
    """What one institution states, as it was written.

    `values` are keyed by fact name, or as written where that is JSON or YAML; lists are lists of mappings, blank cells
    are left out. `places` tell where the values stand, by path; `columns` hold the column to group by. `issues` were
    found while reading, and each makes the institution invalid.
    """

    id: str | None
    name: str | None
    values: Mapping[str, object] = field(hash=False)
    places: Mapping[str, str] = field(eq=False, repr=False)
    columns: Mapping[str, str] = field(hash=False)
    issues: tuple[InputIssue, ...] = ()

    @property
    def given(self) -> dict[str, object]:
        """The values with `id` and `name`, as `records.read` takes them."""
        return {"id": self.id, "name": self.name, **self.values}


@frozen
class Reading:
    """The institutions of all files in their order, what belongs to none of them, and a digest of the contents."""

    submissions: tuple[Submission, ...]
    issues: tuple[InputIssue, ...]
    warnings: tuple[InputIssue, ...]
    digest: str


def read(
    model: Model,
    files: FilePath | Iterable[FilePath],
    *,
    group: str | None = None,
    ignore: Collection[str] = (),
) -> Reading:
    """Return what the files say of institutions; nothing that stands in them makes it raise.

    Args:
        model: The standard whose facts the files give.
        files: Paths of CSV, TSV, JSON and YAML files, list files among them.
        group: A column that is carried along; it may be a fact, too.
        ignore: Columns to leave out.
    """
    contents = load(files)
    reader = _Reader(model, Extras.named(group, ignore))
    submissions = reader.read(contents.files)
    issues = [*contents.issues, *reader.issues]
    if not issues and not reader.found:
        issues.append(InputIssue("files", "", _SOME_FILE))
    return Reading(submissions, tuple(issues), contents.warnings, contents.digest)


class _Reader:
    def __init__(self, model: Model, extras: Extras) -> None:
        self.model = model
        self.extras = extras
        self.lists = Lists(model, extras)
        self.owner = Words(f"a fact of `{model.id}`", f"`{model.id}` 的事实")
        self.issues: list[InputIssue] = []
        self.first: dict[str, str] = {}
        self.grouped = False
        self.found = False

    def read(self, files: Iterable[Content]) -> tuple[Submission, ...]:
        """Return the institutions of the files."""
        main = []
        for content in files:
            if content.ending in _TABLES and self.lists.of_stem(content.stem):
                self.issues += self.lists.read(content)
            else:
                main.append(content)
        self.found = bool(main)
        submissions = tuple(self._submission(entry) for content in main for entry in self._institutions(content))
        self.issues += self.lists.left()
        if self.extras.group is not None and submissions and not self.grouped:
            self.issues.append(InputIssue(tidy(self.extras.group), "", _GROUP))
        return submissions

    def _institutions(self, content: Content) -> Iterator[Entry]:
        for entry in self._entries(content):
            if isinstance(entry, InputIssue):
                self.issues.append(entry)
            else:
                yield entry

    def _entries(self, content: Content) -> Iterator[Entry | InputIssue]:
        layout = Layout(self.owner, self.model.facts, self.model.units, INSTITUTION)
        if content.ending == ".json":
            return json_files.entries(content, layout, self.extras)
        if content.ending in _TABLES:
            return self._rows(content, layout)
        from cedu_rules.data import yaml_files  # noqa: PLC0415 -- yaml is loaded only where a file needs it

        return yaml_files.entries(content, layout, self.extras)

    def _rows(self, content: Content, layout: Layout) -> Iterator[Entry | InputIssue]:
        read = table(content, layout, self.extras)
        yield from read.issues
        if "id" not in read.marks() and any(loose(issue.path) in _LIST_WORDS for issue in read.issues):
            yield InputIssue(content.name, tidy(content.stem), self._list_stems())
            return
        yield from read.entries()

    def _list_stems(self) -> Words:
        names = ", ".join(f"`{'.'.join(path)}`" for path in self.lists.order) or "-"
        return Words(f"a list file named after its list: {names}", f"以名单命名的文件：{names}")

    def _submission(self, entry: Entry) -> Submission:
        id_ = entry.marks.get("id")
        self.grouped |= bool(entry.columns)
        first = None if id_ is None else self.first.get(fold(id_))
        if id_ is not None and first is None:
            self.first[fold(id_)] = entry.values.place
        if first is None:
            self.lists.attach(entry)
        else:
            words = Words(f"an id of its own; {first} has this one", f"各不相同的编号；{first} 已用此编号")
            entry.issues.insert(0, InputIssue("id", shown(id_), words, place=entry.values.place_of("id")))
        return Submission(
            id_,
            entry.marks.get("name"),
            entry.values,
            Places(self.model, entry.values),
            entry.columns,
            tuple(evolve(issue, institution=id_) for issue in entry.issues),
        )
