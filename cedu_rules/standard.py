"""A standard as Python code uses it: records, statuses, reports.

`Standard` joins what the layers below offer: the model, the class of its records, the compiled predicates, the
reports that explain. It is immutable and safe to share between threads: what is compiled on first use is published
when it is finished, and compiling twice gives the same.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from functools import cached_property
from types import MappingProxyType
from typing import Any, Generic, TypeAlias, TypeVar

import attrs
from attrs import field, frozen

from cedu_rules import results, validity
from cedu_rules._version import LANGUAGE_VERSION
from cedu_rules.backends import CompiledStandard
from cedu_rules.backends.python import compile_clause, compile_standard
from cedu_rules.binding import Binding
from cedu_rules.diagnostics import Diagnostic, InputError, InputIssue
from cedu_rules.model.ir import Clause, Model
from cedu_rules.records import Record, attempt, record_class, register
from cedu_rules.report import Report
from cedu_rules.results import Status
from cedu_rules.source import Citation
from cedu_rules.truth import Truth

Predicate: TypeAlias = Callable[[Record, date | None], Status]
Instance = TypeVar("Instance")


def _listed(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    return tuple(diagnostics)


@frozen(eq=False, repr=False)
class Standard:
    """A loaded standard; make one with `cedu_rules.load`.

    Equal and hashed by content. `diagnostics` are the warnings about its file.
    """

    model: Model
    diagnostics: tuple[Diagnostic, ...] = field(default=(), converter=_listed)

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
        """`sha256:` and the hexadecimal digest of the language version and the text of the file."""
        content = f"{LANGUAGE_VERSION}\n{self.model.source.text}".encode("utf-8", "surrogatepass")
        return "sha256:" + hashlib.sha256(content).hexdigest()

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
    def _compiled(self) -> CompiledStandard:
        return compile_standard(self.model)

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
        record, issues = attempt(self.record, given, places=places)
        if record is not None and self._checked(assessed_on) is not None:
            issues = self._contradictions(record, assessed_on)
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
        return self._compiled.statuses(self.valid(record, assessed_on), assessed_on)

    def evaluate(self, record: Record | Mapping[str, Any], *, assessed_on: date | None = None) -> Report:
        """Return the report on one institution. Never raises for data: the verdict is then `invalid`.

        Args:
            record: A record of this standard, or a mapping that describes one.
            assessed_on: The day of the assessment; None leaves it unknown.
        """
        return self.evaluate_read(record, assessed_on=assessed_on)

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
        name, title = _identity(record if record is not None else given)
        errors = tuple(issue if issue.institution else attrs.evolve(issue, institution=name) for issue in errors)
        if errors or record is None:
            return Report(self.model, self.digest, assessed_on, None, (), errors, name, title)
        statuses = self._compiled.statuses(record, assessed_on)
        return Report(self.model, self.digest, assessed_on, record, statuses, (), name, title)

    def evaluate_many(
        self, records: Iterable[Record | Mapping[str, Any]], *, assessed_on: date | None = None
    ) -> Iterator[Report]:
        """Yield a report on each institution, in order; one with impossible input never stops the others."""
        for record in records:
            yield self.evaluate(record, assessed_on=assessed_on)

    def bind(self, class_: type[Instance], *, trusted: bool = False) -> "Evaluator[Instance]":
        """Return an evaluator of a caller's own attrs class, whose fields are named like facts.

        Args:
            class_: An attrs class; a fact that it lacks is never recorded. Elements of lists may be attrs classes too.
            trusted: Take the values as they are, without checks: they are then what a `Record` holds, numbers as int,
                Decimal or Fraction in the unit of the fact.

        Raises:
            BindingError: the class is no attrs class, a field is no fact, or its type cannot hold one.
        """
        return Evaluator(self, Binding(self.record, class_, trusted=trusted))

    def json_schema(self, language: str = "zh") -> dict[str, Any]:
        """Return the JSON Schema (draft 2020-12) of the input, one institution or a list of them, as plain data.

        Args:
            language: `zh` or `en`, of the descriptions; titles are the labels of the standard.
        """
        from cedu_rules.facts import json_schema  # noqa: PLC0415 -- who evaluates needs no schema

        return json_schema(self.model, language)

    # --- identity ---

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
        return compile_clause(self.standard.model, self.clause)

    def status(self, record: Record | Mapping[str, Any], *, assessed_on: date | None = None) -> Status:
        """Return the status of the clause.

        Args:
            record: A record of the standard, or a mapping that describes one.
            assessed_on: The day of the assessment; None leaves it unknown.

        Raises:
            InputError: the input is impossible.
        """
        return self._predicate(self.standard.valid(record, assessed_on), assessed_on)

    def holds(self, record: Record | Mapping[str, Any], *, assessed_on: date | None = None) -> Truth:
        """Return True where the clause passes or does not apply, False where it fails or is not met, else None.

        Raises:
            InputError: the input is impossible.
        """
        return results.holds(self.status(record, assessed_on=assessed_on))


@frozen
class Evaluator(Generic[Instance]):
    """A standard bound to a caller's own attrs class: the same answers, on instances of that class."""

    standard: Standard
    binding: Binding = field(repr=False)

    def statuses(self, instance: Instance, *, assessed_on: date | None = None) -> tuple[Status, ...]:
        """Return one status a clause; like `Standard.statuses`.

        Raises:
            InputError: the input is impossible.
        """
        return self.standard.statuses(self.binding.given(instance), assessed_on=assessed_on)

    def evaluate(self, instance: Instance, *, assessed_on: date | None = None) -> Report:
        """Return the report on one instance; like `Standard.evaluate`."""
        return self.standard.evaluate(self.binding.given(instance), assessed_on=assessed_on)

    def evaluate_many(self, instances: Iterable[Instance], *, assessed_on: date | None = None) -> Iterator[Report]:
        """Yield a report on each instance, in order; like `Standard.evaluate_many`."""
        for instance in instances:
            yield self.evaluate(instance, assessed_on=assessed_on)


_IDENTITY_LIMIT = 200


def _identity(given: object) -> tuple[str | None, str | None]:
    """Return id and name of a record, or of a mapping that could not be read."""
    return _identifying(given, "id"), _identifying(given, "name")


def _identifying(given: object, key: str) -> str | None:
    try:
        value = given.get(key) if isinstance(given, Mapping) else getattr(given, key, None)
        return str(value)[:_IDENTITY_LIMIT] if isinstance(value, (str, int)) else None
    except Exception:  # noqa: BLE001 -- a stranger's object may fail in any way, and Python prints no huge number
        return None
