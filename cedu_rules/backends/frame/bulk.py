"""Parquet files larger than memory into a Parquet file of findings and the counts of a report, batch by batch.

A batch holds so many institutions and the rows of lists that belong to them, and nothing of one batch is kept for the
next but counts, so that memory does not grow with the files. Where the rows of a list stand in the order of the
institutions, the statistics of its file spare reading all of it for every batch.
"""

import os
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from errno import EISDIR
from pathlib import Path
from typing import Any

import narwhals as nw
import polars as pl
from attrs import define, field

from cedu_rules.backends.frame.failures import first_line, translated
from cedu_rules.backends.frame.findings import TYPES, Findings
from cedu_rules.backends.frame.layouts import read_layouts, without_ignored
from cedu_rules.backends.frame.plan import BROKEN, compile_plan
from cedu_rules.backends.frame.polars_engine import Batches, Joiner
from cedu_rules.backends.frame.task import ERRORS, VERDICT, Task
from cedu_rules.diagnostics import InputError, InputIssue
from cedu_rules.messages import Words

ROWS = 100_000
"""So many institutions are evaluated at once."""

TOLD = 200
"""Of so many institutions that cannot be, the reasons are kept."""

_INSTITUTIONS = Words("a file of institutions beside those of lists", "名单文件之外的机构数据文件")
_ONCE = Words("each file once", "每个文件只给出一次")
_READABLE = Words("a Parquet file", "Parquet 文件")
_TAKEN = Words("another name; the findings have a column of this one", "其他列名；结果明细中已有此名称的列")


@define(eq=False)
class Counts:
    """What a report sums up: how many institutions have which verdict, and how many of them each clause which status."""

    institutions: int = 0
    verdicts: Counter[str] = field(factory=Counter)
    clauses: dict[str, Counter[str]] = field(factory=dict)
    groups: dict[str, Counter[str]] = field(factory=dict)
    invalid: list[tuple[str, str]] = field(factory=list)

    def add(self, answers: pl.DataFrame, task: Task) -> None:
        """Count the answers of one batch."""
        self.institutions += answers.height
        self.verdicts.update(_counted(answers[VERDICT]))
        for clause in task.model.clauses:
            self.clauses.setdefault(clause.id, Counter()).update(_counted(answers[task.clause_column(clause)]))
        for group in task.carried:
            pairs = answers.group_by(pl.col(group).cast(pl.String), pl.col(VERDICT).cast(pl.String)).len()
            for name, verdict, number in pairs.iter_rows():
                self.groups.setdefault(name or "", Counter())[verdict] += number
        left = TOLD - len(self.invalid)
        if left > 0:
            wrong = answers.filter(pl.col(VERDICT) == "invalid").head(left)
            ids = wrong["id"].cast(pl.String) if "id" in wrong.columns else [None] * wrong.height
            self.invalid += [(name or "", error or "") for name, error in zip(ids, wrong[ERRORS], strict=True)]


def _counted(column: pl.Series) -> dict[str, int]:
    counted = column.drop_nulls().cast(pl.String).value_counts()
    return dict(counted.iter_rows())


@define(eq=False)
class Bulk:
    """The evaluation of Parquet files: `counts` grow while `run` goes on.

    Raises:
        InputError: a file cannot be read, or a column means nothing.
        UnsupportedError: a list cannot be told apart.
    """

    task: Task
    main: pl.LazyFrame
    lists: Mapping[str, pl.LazyFrame]
    findings: Findings
    rows: int
    counts: Counts = field(factory=Counts)

    @classmethod
    def of(cls, task: Task, files: Sequence[Path], lists: Mapping[str, Path]) -> "Bulk":
        """Read what is in the files, but not their rows."""
        if not files:
            raise InputError([InputIssue("files", "", _INSTITUTIONS)])
        again = [path for path, count in Counter(path.resolve() for path in files).items() if count > 1]
        if again:
            raise InputError(InputIssue(str(path), "", _ONCE) for path in again)
        main = without_ignored(task, "frame", _scanned(files))
        scanned = {name: without_ignored(task, name, _scanned([path])) for name, path in lists.items()}
        try:
            layout, layouts = read_layouts(task, main, scanned)
        except InputError as error:
            raise InputError(_placed(issue, files[0], lists) for issue in error.issues) from None
        taken = [InputIssue(name, "", _TAKEN) for name in task.carried if name in TYPES]
        if taken:
            raise InputError(taken)
        plan = compile_plan(task.model, layout, layouts, task.assessed_on, wraps=True)
        findings = Findings(Batches(task, plan, layouts, {}), task.carried)
        source, others = main.to_native(), {name: each.to_native() for name, each in scanned.items()}
        return cls(task, source, others, findings, int(_read(source.select(pl.len())).item()))

    def run(self, output: Path) -> Iterator[int]:
        """Evaluate all institutions, yield after each batch how many are done, and write the findings at the end.

        Raises:
            InputError: the rows of a file cannot be read.
            OSError: the file cannot be written; there is none then, or that of before.
        """
        if output.is_dir():
            raise IsADirectoryError(EISDIR, os.strerror(EISDIR), str(output))
        with tempfile.TemporaryDirectory(dir=output.parent, prefix=f".{output.name}.") as folder:
            parts = Path(folder)
            for start in range(0, max(self.rows, 1), ROWS):
                batch = _read(self.main.slice(start, ROWS))
                self._evaluated(batch).write_parquet(parts / f"{start:015}.parquet")
                yield batch.height
            whole = parts / "whole"
            pl.scan_parquet(sorted(parts.glob("*.parquet"))).sink_parquet(whole)
            whole.replace(output)

    def _evaluated(self, source: pl.DataFrame) -> pl.DataFrame:
        """Return the findings of one batch, and count its answers."""
        lists = {name: self._belonging(each, source) for name, each in self.lists.items()}
        findings = self.findings.over({name: each.lazy() for name, each in lists.items()})
        batches = findings.batches
        answers = batches.answers(Joiner(batches.plan).joined(source.lazy(), lists)).collect()
        patched = batches.patched(answers, source)
        self.counts.add(patched, self.task)
        return findings.listed(patched, source, answers[BROKEN])

    def _belonging(self, elements: pl.LazyFrame, source: pl.DataFrame) -> pl.DataFrame:
        ids = source["id"].cast(pl.String)
        own = pl.col("institution").cast(pl.String)
        rows = elements.filter(own.is_in(ids.implode()))
        if elements.collect_schema()["institution"] == source.schema["id"]:  # lets the file skip what is elsewhere
            low, high = source["id"].min(), source["id"].max()
            rows = elements.filter(
                pl.col("institution").is_between(pl.lit(low), pl.lit(high)) & own.is_in(ids.implode())
            )
        return _read(rows)


def _read(rows: pl.LazyFrame) -> pl.DataFrame:
    with translated("files"):
        return rows.collect()


def _placed(issue: InputIssue, main: Path, lists: Mapping[str, Path]) -> InputIssue:
    """Return the issue with the file that the frame was scanned from."""
    for name, file in {"frame": main, **dict(sorted(lists.items(), reverse=True))}.items():
        if issue.path.startswith(f"{name}."):
            return issue._replace(path=issue.path.removeprefix(f"{name}."), place=file.name)
    return issue


def _scanned(files: Sequence[Path]) -> Any:  # noqa: ANN401 -- a frame of narwhals
    """Return the frame of files with the same columns, of which only these are read.

    Raises:
        InputError: one of them cannot be read as Parquet.
    """
    try:
        frame = pl.scan_parquet([str(path) for path in files], glob=False)
        frame.collect_schema()
    except (OSError, pl.exceptions.PolarsError) as error:
        raise InputError([InputIssue(", ".join(map(str, files)), first_line(error), _READABLE)]) from None
    return nw.from_native(frame)


def resolved(model: Any, files: Sequence[Path]) -> tuple[list[Path], dict[str, Path]]:  # noqa: ANN401
    """Return the files of institutions, and those of lists by name: a stem that is name or label of a list says which."""
    main: list[Path] = []
    lists: dict[str, Path] = {}
    for path in files:
        name = _list_name(model, path.stem)
        if name is None:
            main.append(path)
        elif name in lists:
            raise InputError([InputIssue(str(path), path.stem, Words("one file for a list", "每份名单一个文件"))])
        else:
            lists[name] = path
    return main, lists


def _list_name(model: Any, stem: str) -> str | None:  # noqa: ANN401
    facts, found = model.facts, []
    for word in stem.split("."):
        fact = next((each for each in facts if each.type.kind == "list" and word in {each.name, each.label}), None)
        if fact is None:
            return None
        found.append(fact.name)
        facts = model.records_by_name[fact.type.name].fields
    return ".".join(found)
