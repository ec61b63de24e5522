"""A standard as Python code uses it: records, statuses, reports.

`Standard` joins what the layers below offer: the model, the class of its records, the compiled predicates, the
reports that explain. It is immutable and safe to share between threads: what is compiled on first use is published
when it is finished, and compiling twice gives the same.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from functools import cached_property
from os import PathLike
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Generic, TypeAlias, TypeVar

from attrs import field, frozen

from cedu_rules import results, validity
from cedu_rules._version import LANGUAGE_VERSION
from cedu_rules.backends import CompiledStandard, Statuses
from cedu_rules.backends.warming import WarmingStandard
from cedu_rules.diagnostics import Diagnostic, InputError, InputIssue
from cedu_rules.digests import sha256
from cedu_rules.messages import Words
from cedu_rules.model.ir import Clause, Model
from cedu_rules.records import Record, attempt, identity, record_class, register
from cedu_rules.report import Report
from cedu_rules.results import Status
from cedu_rules.source import Citation
from cedu_rules.truth import Truth

if TYPE_CHECKING:
    from cedu_rules.backends.frame import FrameResult
    from cedu_rules.backends.frame.bulk import Bulk
    from cedu_rules.binding import Binding

Predicate: TypeAlias = Callable[[Record, date | None], Status]
Instance = TypeVar("Instance")
_READABLE = Words("values that can be read", "能够读取的值")


def _compile(model: Model) -> CompiledStandard:
    from cedu_rules.backends.python import compile_standard  # noqa: PLC0415 -- a handful of answers needs no compiler

    return compile_standard(model)


def _listed(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    return tuple(diagnostics)


@frozen(eq=False, repr=False, slots=False)  # in slots, cached properties make every attribute slow to read
class Standard:
    """A loaded standard; make one with `cedu_rules.load`.

    Equal and hashed by content. `diagnostics` are the warnings about its file.
    """

    model: Model
    diagnostics: tuple[Diagnostic, ...] = field(default=(), converter=_listed)
    _ready: tuple[type[Record], Statuses, bool] | None = field(default=None, init=False)

    def __attrs_post_init__(self) -> None:
        register(self.digest, self)

    @property
    def id(self) -> str:
        """The name after `standard` in the file."""
        return self.model.id

    @property
    def title(self) -> str:
        """The title of the standard."""
        return self.model.title

    @cached_property
    def digest(self) -> str:
        """The SHA-256 digest of the language version and the text of the file, in digits after `sha256` and a colon."""
        content = f"{LANGUAGE_VERSION}\n{self.model.source.text}".encode("utf-8", "surrogatepass")
        return "sha256:" + sha256(content).hexdigest()

    @cached_property
    def record(self) -> type[Record]:
        """The attrs class of the facts of one institution.

        `standard.record(area=420, teachers=[{"name": "甲"}])` reads every value and raises `InputError` with all issues.
        """
        return record_class(self.model, digest=self.digest, contradictions=self._contradictions)

    @cached_property
    def clauses(self) -> Mapping[str, "ClausePredicate"]:
        """The clauses by id, in the order of the file."""
        return MappingProxyType({clause.id: ClausePredicate(self, clause) for clause in self.model.clauses})

    @cached_property
    def _compiled(self) -> WarmingStandard:
        return WarmingStandard(self.model, _compile)

    def _made_ready(self) -> tuple[type[Record], Statuses, bool]:
        """Return what `statuses` needs at once: the class, the function, and whether a day may make a record impossible."""
        ready = self.record, self._compiled.statuses, self._compiled.contradicts_on is not None
        if self._compiled.is_warm:
            object.__setattr__(self, "_ready", ready)
            self._publish()
        return ready

    def _publish(self) -> None:
        """Let the compiled function stand in place of the method `statuses`, to which it leaves what is no plain record."""
        from cedu_rules.backends.python import guarded  # noqa: PLC0415 -- a handful of answers needs no compiler

        published = guarded.statuses_of_records(self.model, self.record, self._statuses_of)
        if published is not None:
            published.__doc__ = Standard.statuses.__doc__
            object.__setattr__(self, "statuses", published)

    def _statuses_of(self, record: Record | Mapping[str, Any], assessed_on: date | None) -> tuple[Status, ...]:
        return Standard.statuses(self, record, assessed_on=assessed_on)

    def _contradictions(self, record: Record, assessed_on: date | None) -> tuple[InputIssue, ...]:
        """Return what valid values say that cannot be."""
        if not self._compiled.contradicts(record, assessed_on):
            return ()
        return validity.find_contradictions(self.model, record, assessed_on)

    def valid(self, given: Record | Mapping[str, Any], assessed_on: date | None) -> Record:
        """Return the record of what is given, for that day.

        Raises:
            InputError: some values cannot be.
        """
        record, issues = self._read(given, assessed_on, {})
        if record is None or issues:
            raise InputError(issues)
        return record

    @staticmethod
    def _checked(assessed_on: date | None) -> date | None:
        if assessed_on is not None and not isinstance(assessed_on, date):
            raise TypeError(f"assessed_on: found a `{type(assessed_on).__name__}`; expected a `datetime.date` or None")
        return assessed_on

    def _read(
        self, given: object, assessed_on: date | None, places: Mapping[str, str]
    ) -> tuple[Record | None, tuple[InputIssue, ...]]:
        class_ = self.record
        try:
            record, issues = attempt(class_, given, places=places)
        except Exception as error:  # noqa: BLE001 -- a stranger's object may fail in any way when it is read
            return None, (InputIssue("record", type(error).__name__, _READABLE),)
        if record is not None and self._checked(assessed_on) is not None:
            contradicts = self._compiled.contradicts_on
            if contradicts is not None and contradicts(record, assessed_on):
                issues = validity.find_contradictions(self.model, record, assessed_on)
        return record, issues

    # --- answers ---

    def statuses(self, record: Record | Mapping[str, Any], *, assessed_on: date | None = None) -> tuple[Status, ...]:
        """Return one status a clause, in the order of the file.

        Args:
            record: A record of this standard, or a mapping that describes one.
            assessed_on: The day of the assessment; None leaves it unknown.

        Raises:
            InputError: the input is impossible.
        """
        class_, statuses, is_dated = self._ready or self._made_ready()
        if type(record) is not class_ or (assessed_on is not None and (is_dated or type(assessed_on) is not date)):
            record = self.valid(record, assessed_on)
        return statuses(record, assessed_on)

    def evaluate(self, record: Record | Mapping[str, Any], *, assessed_on: date | None = None) -> Report:
        """Return the report on one institution. Never raises for data: the verdict is then `invalid`.

        Args:
            record: A record of this standard, or a mapping that describes one.
            assessed_on: The day of the assessment; None leaves it unknown.
        """
        class_, statuses, is_dated = self._ready or self._made_ready()
        if type(record) is not class_ or (assessed_on is not None and (is_dated or type(assessed_on) is not date)):
            return self.evaluate_read(record, assessed_on=assessed_on)
        found = statuses(record, assessed_on)
        if record.id is None and record.name is None:
            return Report(self.model, self.digest, assessed_on, record, found)
        return Report(self.model, self.digest, assessed_on, record, found, (), *identity(record))

    def evaluate_read(
        self,
        given: object,
        *,
        assessed_on: date | None = None,
        places: Mapping[str, str] | None = None,
        issues: Iterable[InputIssue] = (),
    ) -> Report:
        """Return the report on values read from a file; `places` tells where each path stands, `issues` what failed there."""
        record, found = self._read(given, assessed_on, {} if places is None else places)
        errors = (*issues, *found)
        name, title = identity(given if record is None else record)
        errors = tuple(issue if issue.institution else issue._replace(institution=name) for issue in errors)
        if errors or record is None:
            return Report(self.model, self.digest, assessed_on, None, (), errors, name, title)
        statuses = self._compiled.statuses(record, assessed_on)
        return Report(self.model, self.digest, assessed_on, record, statuses, (), name, title)

    def evaluate_many(
        self, records: Iterable[Record | Mapping[str, Any]], *, assessed_on: date | None = None
    ) -> Iterator[Report]:
        """Yield a report on each institution, in order, reading `records` one by one as reports are asked for.

        Arguments are those of `evaluate`. Whatever a record is, it never stops the others: its report is then `invalid`.
        """
        self._checked(assessed_on)  # at once, and not when the first report is asked for
        return (self.evaluate(record, assessed_on=assessed_on) for record in records)

    def evaluate_frame(
        self,
        frame: Any,  # noqa: ANN401 -- a dataframe of any library
        *,
        lists: Mapping[str, Any] | None = None,
        assessed_on: date | None = None,
        group: Iterable[str] = (),
        ignore: Iterable[str] = (),
        as_bool: bool = False,
    ) -> "FrameResult":
        """Return the answers about many institutions, in frames of the same library: `statuses`, and `findings` (lazy).

        Args:
            frame: One row an institution, one column a fact; of Polars (lazy or not), DuckDB, pyarrow, pandas, PySpark.
            lists: The frame of each list by name, one row an element, with the `institution` that it belongs to.
            assessed_on: The day of the assessment; None leaves it unknown.
            group: Columns that go into the answer as they are.
            ignore: Columns to leave out.
            as_bool: Give true, false and null for each clause instead of its status.

        Raises:
            InputError: a column means nothing; a wrong cell makes only its row invalid.
            UnsupportedError: the library of the frame cannot do it.
        """
        from cedu_rules import tabular  # noqa: PLC0415 -- most who evaluate have no frames

        task = tabular.task(self, assessed_on, group, ignore, as_bool=as_bool)
        result: FrameResult = tabular.frames().evaluate(frame, {} if lists is None else lists, task)
        return result

    def evaluate_parquet(
        self,
        files: Iterable[str | PathLike[str]],
        *,
        assessed_on: date | None = None,
        group: Iterable[str] = (),
        ignore: Iterable[str] = (),
    ) -> "Bulk":
        """Return the evaluation of Parquet files that may be larger than memory; its `run` writes the findings to another.

        Args:
            files: Files of institutions, all with the same columns, and files of lists, which bear the name of the list.
            assessed_on: The day of the assessment; None leaves it unknown.
            group: Columns that go into the answer as they are.
            ignore: Columns to leave out.

        Raises:
            InputError: a file cannot be read, or a column means nothing; a wrong cell makes only its row invalid.
            UnsupportedError: the extra `frame` is missing.
        """
        from cedu_rules import tabular  # noqa: PLC0415 -- most who evaluate have no files as large

        return tabular.bulk(self.model, files, tabular.task(self, assessed_on, group, ignore))

    def to_sql(
        self,
        dialect: str,
        *,
        assessed_on: date | None = None,
        table: str = "institutions",
        columns: Iterable[str] | None = None,
        lists: Mapping[str, str] | None = None,
    ) -> str:
        """Return a query that gives `statuses` of `evaluate_frame`, for a warehouse that only speaks SQL.

        Args:
            dialect: `duckdb`, `sqlite` or another that sqlglot writes.
            assessed_on: The day of the assessment; None leaves it unknown.
            table: The table of the institutions.
            columns: What they hold, of a list as `teachers.full_time`; by default all, of series three years.
            lists: The table of each list that is not called like the list.

        Raises:
            InputError: a column means nothing.
            UnsupportedError: something has no form as SQL.
        """
        from cedu_rules import tabular  # noqa: PLC0415 -- most who evaluate have no warehouse

        return tabular.sql(self, dialect, assessed_on, table, columns, lists)

    def bind(self, class_: type[Instance], *, trusted: bool = False) -> "Evaluator[Instance]":
        """Return an evaluator of a caller's own attrs class, whose fields are named like facts.

        Args:
            class_: An attrs class; a fact that it lacks is never recorded. Elements of lists may be attrs classes too.
            trusted: Take the values as they are, without checks: they are then what a `Record` holds, numbers as int,
                Decimal, Fraction, or a float for the shortest decimal that is nearest to it, in the unit of the fact.

        Raises:
            BindingError: the class is no attrs class, a field is no fact, or its type cannot hold one.
        """
        from cedu_rules.binding import Binding  # noqa: PLC0415 -- only who has classes of their own needs it

        return Evaluator(self, Binding(self.record, class_, self.statuses, trusted=trusted))

    def json_schema(self, language: str = "zh") -> dict[str, Any]:
        """Return the JSON Schema (draft 2020-12) of the input, one institution or a list of them, as plain data.

        Args:
            language: `zh` or `en`, of the descriptions; titles are the labels of the standard.
        """
        from cedu_rules.facts import json_schema  # noqa: PLC0415 -- who evaluates needs no schema

        return json_schema(self.model, language)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Standard) and self.digest == other.digest

    def __hash__(self) -> int:
        return hash(self.digest)

    def __reduce__(self) -> tuple[type["Standard"], tuple[Model, tuple[Diagnostic, ...]]]:
        return Standard, (self.model, self.diagnostics)

    def __repr__(self) -> str:
        return f"<Standard {self.id}: {len(self.model.clauses)} clauses, {self.model.source.name}>"


@frozen
class ClausePredicate:
    """One clause as a predicate over records, compiled on first use."""

    standard: Standard = field(repr=False)
    clause: Clause = field(repr=False)

    @property
    def id(self) -> str:
        """The id of the clause."""
        return self.clause.id

    @property
    def title(self) -> str:
        """The title of the clause."""
        return self.clause.title

    @property
    def citation(self) -> Citation:
        """The line of the annex that the clause states."""
        return self.clause.citation

    @cached_property
    def _predicate(self) -> Predicate:
        from cedu_rules.backends.python import compile_clause  # noqa: PLC0415 -- a handful of answers needs no compiler

        return compile_clause(self.standard.model, self.clause)

    def status(self, record: Record | Mapping[str, Any], *, assessed_on: date | None = None) -> Status:
        """Return the status of the clause; arguments as of `Standard.statuses`.

        Raises:
            InputError: the input is impossible.
        """
        return self._predicate(self.standard.valid(record, assessed_on), assessed_on)

    def holds(self, record: Record | Mapping[str, Any], *, assessed_on: date | None = None) -> Truth:
        """Return True for pass or not applicable, False for fail or not met, else None.

        Raises:
            InputError: the input is impossible.
        """
        return results.holds(self.status(record, assessed_on=assessed_on))


@frozen(slots=False)  # so that a compiled function may stand in place of a method
class Evaluator(Generic[Instance]):
    """A standard bound to a caller's own attrs class: the same answers, on instances of that class."""

    standard: Standard
    binding: "Binding" = field(repr=False)

    def statuses(self, instance: Instance, *, assessed_on: date | None = None) -> tuple[Status, ...]:
        """Return one status a clause, as `Standard.statuses` does, which tells what it raises."""
        statuses = self.binding.statuses
        if self.binding.is_warm:
            object.__setattr__(self, "statuses", statuses)
        return statuses(instance, assessed_on=assessed_on)

    def evaluate(self, instance: Instance, *, assessed_on: date | None = None) -> Report:
        """Return the report on one instance; like `Standard.evaluate`."""
        return self.standard.evaluate(self.binding.given(instance), assessed_on=assessed_on)

    def evaluate_many(self, instances: Iterable[Instance], *, assessed_on: date | None = None) -> Iterator[Report]:
        """Yield a report on each instance, in order; like `Standard.evaluate_many`."""
        for instance in instances:
            yield self.evaluate(instance, assessed_on=assessed_on)
