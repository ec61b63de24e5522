"""Data into records: what an instance is, how it is made of values, and how a mapping is read into one.

Making an instance reads every value, so one that exists is valid, whoever made it: the constructor, `attrs.evolve` or
`read`. Beside its fields each holds the row that compiled code unpacks (see `rows`), or None where its values leave the
range in which compiled code is exact.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from operator import attrgetter
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias

import attrs

from cedu_rules import rows
from cedu_rules.diagnostics import InputError, InputIssue
from cedu_rules.messages import Words
from cedu_rules.model.ir import Model
from cedu_rules.model.types import Type
from cedu_rules.records.mappings import FrozenMapping
from cedu_rules.records.problems import Problem, Problems, shown
from cedu_rules.records.registry import CLASSES, loaded
from cedu_rules.records.shapes import Shape
from cedu_rules.records.taking import Fill, Refused, Taker, take_list
from cedu_rules.units import of_float

if TYPE_CHECKING:
    from cedu_rules.records.filling import Filling

Contradictions: TypeAlias = Callable[["Record", date | None], tuple[InputIssue, ...]]
"""What a record says that cannot be on a day, or on an unknown day: a check that is false, a fact that cannot exist."""

PATIENCE = 500
"""So many records of a class are filled before a function is written for it, which takes as long as that saves."""

_PLACE_BREAKS = "[."
_IDENTITY_LIMIT = 200


class _Arguments:
    """The signature of a class of records, made when somebody asks for it."""

    def __get__(self, _record: object, class_: type["Record"]) -> object:
        if not attrs.has(class_):
            raise AttributeError("__signature__")  # the parent of all classes takes whatever they take
        from inspect import Parameter, Signature  # noqa: PLC0415 -- no record needs it

        return Signature(
            [
                Parameter(field.name, Parameter.KEYWORD_ONLY, default=None, annotation=field.type)
                for field in attrs.fields(class_)
            ]
        )


class Record:
    """What is known of one institution, or of one element of a list: a value for each fact, None where none is known.

    Numbers are an int when whole, else a Decimal or a Fraction, in the unit of the fact (a percent is the ratio, 0.8);
    a bool is a bool; a choice or level the name of a member; a date a `datetime.date`; a set an immutable mapping from
    each member to True, False or None; a series an immutable mapping from year to number or None; a list a tuple of
    records. The classes are made by `record_class`; `attrs.fields` tells their fields, with label, unit and kind.

    Raises:
        InputError: some values cannot be; it holds every issue.
    """

    __slots__ = ("__weakref__", "_row")  # both here, so that a class with the same fields has the same slots

    _plan: ClassVar["Plan"]
    __signature__ = _Arguments()

    if TYPE_CHECKING:
        _row: rows.Row | None
        __attrs_attrs__: ClassVar[Any]

        def __getattr__(self, name: str) -> Any: ...  # noqa: ANN401 -- which facts there are depends on the standard

    def __init__(self, /, **values: object) -> None:
        issues = self._plan.fill(self, values, {})
        if issues:
            raise InputError(issues)

    def __repr__(self) -> str:
        given = ((fact.name, getattr(self, fact.name)) for fact in self._plan.shape.facts)
        inner = ", ".join(f"{name}={value!r}" for name, value in given if value is not None)
        return f"{type(self).__qualname__}({inner})"

    def __eq__(self, other: object) -> bool:
        content = self._plan.content
        return content(self) == content(other) if type(other) is type(self) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._plan.content(self))

    def __copy__(self) -> "Record":
        return self

    def __deepcopy__(self, _memo: object) -> "Record":
        return self

    def __reduce__(self) -> tuple[Callable[..., "Record"], tuple[str, str, tuple[object, ...]]]:
        plan = self._plan
        return _rebuilt, (plan.digest, plan.name, tuple(getattr(self, fact.name) for fact in plan.shape.facts))


class Plan:
    """How the records of one class are read and made."""

    def __init__(
        self, model: Model, digest: str, name: str, shape: Shape, contradictions: Contradictions | None
    ) -> None:
        self.model = model
        self.digest = digest
        self.name = name
        self.shape = shape
        self.contradictions = contradictions
        self.identified = not name
        self.elements: dict[str, type[Record]] = {}

    def complete(self, class_: type[Record], elements: Mapping[str, type[Record]]) -> None:
        """Prepare what needs the class itself: its slots, and the rows of the elements of its lists."""
        facts = self.shape.facts
        self.class_ = class_
        self.elements.update(elements)
        self.setters = [getattr(class_, fact.name).__set__ for fact in facts]
        self.content = attrgetter("__class__", *(fact.name for fact in facts))
        self.set_row = Record.__dict__["_row"].__set__
        first = 2 if self.identified else 0
        self.first = first
        derive = rows.derivation(self.model) if self.identified else None
        self.row = rows.row_maker(facts[first:], dict.fromkeys(elements, _row_of_element), derive)
        lists = {
            fact.name: take_list(self._key_place(fact.type.name), elements[fact.type.name]._plan.make, read)
            for fact, read in zip(facts, self.shape.readers, strict=True)
            if fact.type.kind == "list"
        }
        self._taker = Taker(facts, self.shape.readers, self.setters, self.set_row, lists, derive, rowless=first)
        self._taken = 0
        self._way: tuple[type[Record] | None, Fill] = None, self._warming

    def _key_place(self, name: str) -> int | None:
        """Return where the rows of the elements of a list hold what tells them apart."""
        record = self.model.records_by_name[name]
        return None if record.key is None else rows.layout(record.fields)[record.key].index

    def fill(self, record: Record, given: Mapping[Any, object], places: Mapping[str, str]) -> tuple[InputIssue, ...]:
        """Read the values into a new record; return what is wrong with them."""
        open_, take = self._way
        if open_ is not None:
            object.__setattr__(record, "__class__", open_)
        try:
            row = take(record, given)
        except Refused as refused:
            self._closed(record)
            return self._refused(record, refused, given, places)
        except rows.OutOfRange:
            row = None
        if row is not None:
            return self._contradicted(record, places)
        self._closed(record)
        values, problems = self.shape.values(given)
        if problems.found:
            return self._issues(problems, self._institution(values), places)
        self.store(record, values)
        return self._contradicted(record, places)

    def _closed(self, record: Record) -> None:
        """Let a record that could not be filled be of its own class again."""
        if type(record) is not self.class_:
            record.__class__ = self.class_

    def _refused(
        self, record: Record, refused: Refused, given: Mapping[Any, object], places: Mapping[str, str]
    ) -> tuple[InputIssue, ...]:
        """Return what is wrong with the values of a mapping, in its order."""
        problems = Problems()
        for name in filter(refused.found.__contains__, given):
            problems.take(name, refused.found[name])
        return self._issues(problems, self._institution([getattr(record, self.shape.facts[0].name)]), places)

    def _warming(self, record: object, given: Mapping[Any, Any]) -> rows.Row | None:
        """Fill a record fact by fact; when enough have been, publish a function that is written for these facts."""
        self._taken += 1
        if self._taken > PATIENCE:
            self._taken = 0
            from cedu_rules.records.filling import filler  # noqa: PLC0415 -- a handful of records needs no compiler

            filling = self.filling()
            fill = filler(self.model, filling, identified=self.identified)
            if fill is not None:
                self._way = filling.open, fill
        return self._taker.fill(record, given)

    def filling(self) -> "Filling":
        """Return how the records of this class are filled by a function that is written for them."""
        from cedu_rules.records.filling import Filling  # noqa: PLC0415 -- as above

        slots = tuple(fact.name for fact in self.shape.facts)
        open_ = type(self.class_.__name__, (Record,), {"__slots__": slots, "__init__": object.__init__})
        return Filling(
            self.class_, open_, self._taker.steps, self.first, lambda name: self.elements[name]._plan.filling()
        )

    def _issues(self, problems: Problems, institution: str | None, places: Mapping[str, str]) -> tuple[InputIssue, ...]:
        return tuple([_issue(problem, institution, places) for problem in problems.found])

    def _contradicted(self, record: Record, places: Mapping[str, str]) -> tuple[InputIssue, ...]:
        """Return what the values of a new record say that cannot be."""
        found = () if self.contradictions is None else self.contradictions(record, None)
        return found and tuple([_placed(issue, self._institution([record.id]), places) for issue in found])

    def make(self, given: object) -> tuple[Record | None, rows.Row | None]:
        """Return the element that a mapping describes, and its row; None and None where that takes a closer look."""
        if type(given) is self.class_:
            return (given, given._row) if given._row is not None else (None, None)
        if type(given) is not dict:
            return None, None
        open_, take = self._way
        record: Record = object.__new__(self.class_) if open_ is None else object.__new__(open_)
        row = take(record, given)
        return (None, None) if row is None else (record, row)

    def store(self, record: Record, values: list[object]) -> None:
        """Put values that are known to be right into a new record."""
        for store, value in zip(self.setters, values, strict=True):
            store(record, value)
        try:
            row = self.row(values[self.first :])
        except rows.OutOfRange:
            row = None
        self.set_row(record, row)

    def build(self, values: list[object]) -> Record:
        """Return a new record of values that are known to be right."""
        record = object.__new__(self.class_)
        self.store(record, values)
        return record

    def trusted(self, given: Mapping[str, Any]) -> Record:
        """Return a new record of public values that nobody checks; see `trusted_record`."""
        return self.build([self._frozen(fact.type, given.get(fact.name)) for fact in self.shape.facts])

    def _frozen(self, type_: Type, value: Any) -> object:  # noqa: ANN401 -- its caller vouches for it
        if value is None:
            return None
        if type_.kind == "list":
            class_ = self.elements[type_.name]
            return tuple([each if type(each) is class_ else class_._plan.trusted(each) for each in value])
        if type_.element is not None:
            return FrozenMapping({year: _exact(number) for year, number in value.items()})
        return FrozenMapping(value) if type_.kind == "set" else _exact(value)

    def _institution(self, values: list[object]) -> str | None:
        return str(values[0]) if self.identified and values[0] is not None else None


def _exact(value: Any) -> object:  # noqa: ANN401 -- as above
    return of_float(value) if type(value) is float else value


def _row_of_element(element: Record) -> rows.Row:
    if element._row is None:
        raise rows.OutOfRange
    return element._row


def _rebuilt(digest: str, name: str, values: tuple[object, ...]) -> Record:
    """Return a pickled record.

    Raises:
        StandardNotFound: its standard is not loaded in this process.
    """
    class_: type[Record] = CLASSES.get(digest) or loaded(digest, "a record").record
    return (class_._plan.elements[name] if name else class_)._plan.build(list(values))


# --- reading ---------------------------------------------------------------------------------------------------------


def read(class_: type[Record], given: object, *, places: Mapping[str, str] | None = None) -> Record:
    """Return the record that a mapping describes; its keys are names or labels of facts.

    Args:
        class_: A class made by `record_class`, or the class of the elements of one of its lists.
        given: The values by name or label, or a record of that class, which is returned as it is.
        places: Where values stand in a file, by path (`area`, `teachers[1]`, and "" for the whole record).

    Raises:
        InputError: some values cannot be; it holds every issue.
    """
    record, issues = attempt(class_, given, places=places)
    if record is None:
        raise InputError(issues)
    return record


def attempt(
    class_: type[Record], given: object, *, places: Mapping[str, str] | None = None
) -> tuple[Record | None, tuple[InputIssue, ...]]:
    """Return the record that a mapping describes, or None and every issue; like `read`, but never raises for data."""
    if type(given) is class_:
        return given, ()
    plan = class_._plan
    values = _items(given)
    if values is None:
        expected = Words("values by the names of facts", "按名称给出的各项")
        return None, (_issue(Problem("record", shown(given), expected), None, {} if places is None else places),)
    record = object.__new__(class_)
    issues = plan.fill(record, values, {} if places is None else places)
    return (None, issues) if issues else (record, ())


def _items(given: object) -> Mapping[Any, object] | None:
    """Return the mapping, or None where it is none, or fails when it is read."""
    if type(given) is dict:
        return given
    try:
        return dict(given) if isinstance(given, Mapping) else None
    except Exception:  # noqa: BLE001 -- a stranger's mapping may fail in any way when it is read
        return None


def identity(given: object) -> tuple[str | None, str | None]:
    """Return id and name of the record of an institution, or of what could not be read as one."""
    try:
        if isinstance(given, Record) and given._plan.identified:
            return given.id and given.id[:_IDENTITY_LIMIT], given.name and given.name[:_IDENTITY_LIMIT]
    except Exception:  # noqa: BLE001 -- a stranger's object may fail even when it is asked for its class
        return None, None
    return _identifying(given, "id"), _identifying(given, "name")


def _identifying(given: object, key: str) -> str | None:
    try:
        value = given.get(key) if isinstance(given, Mapping) else getattr(given, key, None)
        return str(value)[:_IDENTITY_LIMIT] if isinstance(value, (str, int)) else None
    except Exception:  # noqa: BLE001 -- a stranger's object may fail in any way, and Python prints no huge number
        return None


def trusted_record(class_: type[Record], values: Mapping[str, Any]) -> Record:
    """Return a record of public values as they are, unchecked; a list may hold such mappings for its elements.

    A float stands for its shortest decimal. What else is not as `Record` describes it makes answers that mean nothing.

    Raises:
        ValueError: a float is not finite.
    """
    return class_._plan.trusted(values)


def _issue(problem: Problem, institution: str | None, places: Mapping[str, str]) -> InputIssue:
    return InputIssue(problem.path, problem.value, problem.expected, institution, _place(problem.path, places))


def _placed(issue: InputIssue, institution: str | None, places: Mapping[str, str]) -> InputIssue:
    place = issue.place or _place(issue.path, places)
    return issue._replace(institution=issue.institution or institution, place=place)


def _place(path: str, places: Mapping[str, str]) -> str | None:
    """Return the place of the path, or of the smallest thing around it that has one."""
    return next((places[part] for part in _surrounding(path) if part in places), None)


def _surrounding(path: str) -> Iterator[str]:
    yield path
    for index in range(len(path) - 1, 0, -1):
        if path[index] in _PLACE_BREAKS:
            yield path[:index]
    yield ""
