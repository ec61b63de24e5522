"""All files of a run into one `Reading`: the institutions with their lists, and what belongs to none of them.

Two institutions of one id are told at the later one, which is then refused; the lists, and what the inspector judges,
go to the first. An institution that the inspector has not visited is no mistake; one that only the inspector names is.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import NamedTuple

from cedu_rules.data.contents import Content, FilePath, load
from cedu_rules.data.entries import Entry, Extras, Source
from cedu_rules.data.layout import loose
from cedu_rules.data.places import Places
from cedu_rules.data.sources import Sources
from cedu_rules.diagnostics import InputIssue
from cedu_rules.messages import Words
from cedu_rules.model.ir import Model
from cedu_rules.records.numbers import fold
from cedu_rules.records.problems import shown, tidy

_SOME_FILE = Words("a file of institutions", "机构文件")
_JUDGED = Words("the id of an institution that another sheet or file has", "另一工作表或文件中某机构的编号")
GROUP = Words("a column of the files", "文件中的列")


class Submission(NamedTuple):
    """What one institution states, as it was written.

    `values` are keyed by fact name, or as written where that is JSON or YAML; lists are lists of mappings, blank cells
    are left out. `places` tell where the values stand, by path; `columns` hold the column to group by. `issues` were
    found while reading, and each makes the institution invalid.
    """

    id: str | None
    name: str | None
    values: Mapping[str, object]
    places: Mapping[str, str]
    columns: Mapping[str, str]
    issues: tuple[InputIssue, ...] = ()

    @property
    def given(self) -> dict[str, object]:
        """The values with `id` and `name`, as `records.read` takes them."""
        return {"id": self.id, "name": self.name, **self.values}


class Reading(NamedTuple):
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
        files: Paths of CSV, TSV, XLSX, Parquet, JSON and YAML files, list files among them.
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
        self.sources = Sources(model, extras)
        self.issues = self.sources.issues
        self.first: dict[str, str] = {}
        self.judgements: dict[str, list[Entry]] = {}
        self.grouped = False
        self.found = False

    def read(self, files: Iterable[Content]) -> tuple[Submission, ...]:
        """Return the institutions of the files."""
        sources = [source for content in files for source in self.sources.of(content)]
        self.found = bool(sources)
        if not all(source.judged for source in sources):
            self._judge([source for source in sources if source.judged])
            sources = [source for source in sources if not source.judged]
        submissions = tuple(self._submission(entry) for source in sources for entry in self._entries(source))
        if self.sources.lists is not None:
            self.issues += self.sources.lists.left()
        self.issues += self._left()
        if self.extras.group is not None and submissions and not self.grouped:
            self.issues.append(InputIssue(tidy(self.extras.group), "", GROUP))
        return submissions

    def _entries(self, source: Source) -> Iterator[Entry]:
        for entry in source.entries:
            if isinstance(entry, InputIssue):
                self.issues.append(entry)
            else:
                yield entry

    def _judge(self, sources: Iterable[Source]) -> None:
        """Keep what the inspector says of each institution until it comes."""
        for source in sources:
            for entry in self._entries(source):
                id_ = entry.marks.get("id")
                if id_ is not None:
                    self.judgements.setdefault(fold(id_), []).append(entry)
                elif entry.values:
                    self.issues.append(InputIssue("id", "", _JUDGED, place=entry.values.place))

    def _left(self) -> Iterator[InputIssue]:
        """Yield an issue for each institution that the inspector names and nobody else."""
        for id_, entries in self.judgements.items():
            yield InputIssue("id", shown(id_), _JUDGED, place=entries[0].values.place_of("id"))

    def _join(self, entry: Entry, id_: str) -> None:
        """Give an institution what the inspector says of it; another name there means another institution."""
        for judged in self.judgements.pop(fold(id_), []):
            own, other = entry.marks.get("name"), judged.marks.get("name")
            if own and other and loose(own) != loose(other):
                words = Words(f"`{tidy(own)}`, the name of `{tidy(id_)}`", f"`{tidy(own)}`，即 `{tidy(id_)}` 的名称")
                place = judged.values.place_of("name")
                entry.issues.append(InputIssue("name", shown(other), words, place=place))
            elif other:
                entry.marks.setdefault("name", other)
            entry.issues += entry.join(judged)

    def _submission(self, entry: Entry) -> Submission:
        id_ = entry.marks.get("id")
        first = None if id_ is None else self.first.get(fold(id_))
        if id_ is not None and first is None:
            self.first[fold(id_)] = entry.values.place
            self._join(entry, id_)
        self.grouped |= bool(entry.columns)
        if first is None:
            if self.sources.lists is not None:
                self.sources.lists.attach(entry)
        else:
            words = Words(f"an id of its own; {first} has this one", f"各不相同的编号；{first} 已用此编号")
            entry.issues.insert(0, InputIssue("id", shown(id_), words, place=entry.values.place_of("id")))
        return Submission(
            id_,
            entry.marks.get("name"),
            entry.values,
            Places(self.model, entry.values),
            entry.columns,
            tuple(issue._replace(institution=id_) for issue in entry.issues),
        )
