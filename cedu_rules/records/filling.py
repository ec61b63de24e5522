"""The facts of a record into one function that fills new records from mappings: what `Taker` does, written out.

Each fact is a copy of a template for its kind of value. Templates are constant texts of our own; what stands for a name
of a fact, a bound or a function in them is replaced in their trees, by constants and by names of our own making, so that
nothing of a file is ever read as code. A value that is not plain goes through the `take` of its fact, as it does in
`Taker`, so both give the same records, rows and problems.

A record is filled while it is *open*: an instance of a class with the same slots that is not frozen, whose attributes
are set many times faster than through the descriptors of a frozen one. It is given its own class when it is complete.
"""

import ast
import sys
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from cedu_rules import rows
from cedu_rules.model.ir import Expression, Fact, Model, Record
from cedu_rules.model.types import Type
from cedu_rules.records import templates
from cedu_rules.records.taking import Fill, Refused, Step, plain_float, plain_numbers, tried
from cedu_rules.records.templates import filled

LISTS_LIMIT, FIELDS_LIMIT = 3, 1000
"""Lists in lists are written out so deep, and until so many fields are; Python itself allows 20 loops in one another."""
SMALL = 2**30 - 1
"""Ints up to it Python compares at once; larger ones are read like any other value."""
INSTITUTION = "record"
"""What the record of the function is called; an element is called so with the number of its list."""
LENGTH_LIMIT = 4096
"""Longer lists are taken in another way, in which the time for their bits grows like their length."""


class Filling(NamedTuple):
    """How the records of one class are filled: its steps, of which the first have no place in rows, and its classes.

    `open` is the class of records that are being filled; `elements` returns how those of a record of the model are.
    """

    class_: type
    open: type
    steps: Sequence[Step]
    rowless: int
    elements: Callable[[str], "Filling"]


class _Filler:
    """Writes the function of the class of institutions of a model, or of a record without its list being known."""

    def __init__(self, model: Model, *, identified: bool) -> None:
        functions = (Decimal, Refused, dict, float, int, len, list, repr, round, rows.shares, str, tried, tuple, type)
        self._namespace: dict[str, object] = {"__builtins__": {}, **{each.__name__: each for each in functions}}
        self._model = model
        self._fields = 0
        self._derived = rows.derived(model) if identified else rows.NOTHING

    def _given(self, hint: str, value: object) -> str:
        """Return the name of an object."""
        name = f"{hint}_{len(self._namespace)}"
        self._namespace[name] = value
        return name

    def function(self, filling: Filling) -> Fill:
        """Return the function."""
        body, cells = self._facts(filling, {"GET": "get", "MISSING": "missing", "REFUSED": "refused"}, INSTITUTION)
        tail = filled(
            templates.TAIL, CELLS=templates.row_of([*cells, *self._after(body, cells)]), **self._ends(filling)
        )
        arguments = ast.arguments([], [ast.arg("record"), ast.arg("given")], None, [], [], None, [])
        statements = [*filled(templates.HEAD), *body, *tail]
        module = ast.Module([ast.FunctionDef("fill", arguments, statements, [], None, None)], [])
        made: dict[str, Fill] = {}
        exec(compile(ast.fix_missing_locations(module), "<records>", "exec"), self._namespace, made)  # noqa: S102 -- built here
        return made["fill"]

    def _ends(self, filling: Filling) -> dict[str, object]:
        """Return the parts of what ends the filling of a record."""
        names = frozenset(step.fact.name for step in filling.steps)
        parts = {"NAMES": self._given("names", names), "CLASS": self._given("class", filling.class_)}
        return {"COUNT": len(filling.steps), **parts}

    def _after(self, body: list[ast.stmt], cells: list[str]) -> list[str]:
        """Return the names of what follows the facts in a row; add to the statements what computes it."""
        slots = rows.layout(self._model.facts)
        shares = [f"shares_{number}" for number in range(len(self._derived.quotients))]
        for name, pair in zip(shares, self._derived.quotients, strict=True):
            above, below = (cells[slots[series.name].index] for series in pair)
            body += filled("SHARES = shares(ABOVE, BELOW)", SHARES=name, ABOVE=above, BELOW=below)
        return shares + [name for listed in self._derived.tests for name in self._bits(listed)]

    def _bits(self, listed: str) -> list[str]:
        """Return the names of the bits of a list: of all its elements, and of each of its tests."""
        place = list(self._derived.tests).index(listed)
        return [f"bits_{place}_{number}" for number in range(1 + 2 * len(self._derived.tests[listed]))]

    # --- facts ---

    def _facts(self, filling: Filling, names: Mapping[str, str], record: str) -> tuple[list[ast.stmt], list[str]]:
        """Return what reads all facts of a record, and the names of what its row holds of them."""
        body: list[ast.stmt] = []
        cells: list[str] = []
        for number, step in enumerate(filling.steps):
            own = {hint.upper(): f"{record}_{hint}_{number}" for hint in ("value", "cell", "second")}
            given = {"NAME": ast.Constant(step.fact.name), "TAKE": self._given("take", step.take)}
            template, parts = _template(step.fact.type)
            parts = {name: self._object(name, part) for name, part in parts.items()}
            after: list[ast.stmt] = []
            if step.fact.type.kind == "list" and record.count("_") < LISTS_LIMIT and self._fields < FIELDS_LIMIT:
                template, parts = templates.LIST, self._list(filling, step.fact, f"{record}_{number}", own["CELL"])
            elif step.fact.type.kind == "list" and record == INSTITUTION:
                after = self._slow_bits(step.fact, own["CELL"])
            body += [*filled(template, **names, **own, **given, **parts), *after]
            body.append(templates.stored(record, step.fact.name, own["VALUE"]))
            if number >= filling.rowless:
                cells += [own["CELL"]] if step.fact.type.kind != "set" else [own["CELL"], own["SECOND"]]
        return body, cells

    def _object(self, hint: str, part: object) -> object:
        """Return the name of a part that no constant can be, or the part."""
        return self._given(hint.lower(), part) if isinstance(part, (dict, tuple)) else part

    # --- lists ---

    def _list(self, filling: Filling, fact: Fact, element: str, cell: str) -> dict[str, object]:
        """Return the parts of the template of a list; `element` is what the names of an element start with."""
        filling, record = filling.elements(fact.type.name), self._model.records_by_name[fact.type.name]
        self._fields += len(filling.steps)
        hints = ("ELEMENTS", "ROWS", "KEYS", "GIVEN", "ROW", "TROUBLES")
        parts: dict[str, object] = {hint: f"{element}_{hint.lower()}" for hint in hints}
        get, missing = f"{element}_get", f"{element}_missing"
        names = {"GET": get, "MISSING": missing, "REFUSED": f"{element}_troubles"}
        body, cells = self._facts(filling, names, element)
        parts |= {"RECORD": element, "OPEN": self._given("open", filling.open), "FACTS": body, **self._ends(filling)}
        parts |= {"ELEMENT_GET": get, "ELEMENT_MISSING": missing, "CELLS": templates.row_of(cells)}
        is_alike: object = False
        if record.key is not None:
            key = cells[rows.layout(record.fields)[record.key].index]
            parts["NOTE_KEY"] = filled("KEYS[KEY] = None", KEYS=parts["KEYS"], KEY=key)
            is_alike = filled("len(KEYS) < len(ROWS)", KEYS=parts["KEYS"], ROWS=parts["ROWS"])[0].value  # type: ignore[attr-defined]  # an expression
        return {
            "NOTE_KEY": [],
            **parts,
            "ALIKE": is_alike,
            "LENGTH": LENGTH_LIMIT,
            **self._bits_of(fact.name if element.count("_") == 1 else "", record, cells, cell),
        }

    def _bits_of(self, listed: str, record: Record, cells: list[str], rows_cell: str) -> dict[str, object]:
        """Return the parts that count the bits of a list, if a row of the institution holds them."""
        if listed not in self._derived.tests:
            return {"START_BITS": [], "EACH_BIT": [], "END_BITS": [], "SLOW_BITS": []}
        every, *bits = self._bits(listed)
        tests = list(self._derived.tests[listed].values())
        slots = rows.layout(record.fields)
        each: list[ast.stmt] = []
        for test, true, false in zip(tests, bits[::2], bits[1::2], strict=True):
            each += self._answer(test, cells[slots[rows.field_of(test)].index], {"TRUE": true, "FALSE": false})
        start: list[ast.stmt] = [ast.Assign([ast.Name(name, ast.Store()) for name in bits], ast.Constant(0))]
        return {
            "START_BITS": [*start, *filled("bit = 1")],
            "EACH_BIT": [*each, *filled("bit += bit")],
            "END_BITS": filled("EVERY = bit - 1", EVERY=every),
            "SLOW_BITS": self._slow_bits(self._model.facts_by_name[listed], rows_cell),
        }

    def _slow_bits(self, fact: Fact, rows_cell: str) -> list[ast.stmt]:
        """Return what counts the bits of a list of the institution by its rows."""
        if fact.name not in self._derived.tests:
            return []
        tests = self._derived.tests[fact.name].values()
        target = ast.Tuple([ast.Name(name, ast.Store()) for name in self._bits(fact.name)], ast.Store())
        reader = self._given("count_bits", rows.bits_reader(self._model.records_by_name[fact.type.name], tests))
        return filled("BITS = READER(CELL)", BITS=target, READER=reader, CELL=rows_cell)

    def _answer(self, test: Expression, cell: str, bits: Mapping[str, str]) -> list[ast.stmt]:
        """Return what enters the answer of an element to a test."""
        if test.operator == "field":
            return filled(templates.ANSWER, TRUTH=cell, **bits)
        if test.operands[0].type.kind == "number":
            found = filled("truth = ANSWER(CELL)", ANSWER=self._given("answer", rows.answer_of(test)), CELL=cell)
        else:
            found = filled(
                "truth = ANSWERS[CELL]", ANSWERS=self._given("answers", rows.member_answers(test)), CELL=cell
            )
        return found + filled(templates.ANSWER, TRUTH="truth", **bits)


def _may_close(filling: Filling) -> bool:
    """Return whether an open record may be given its class at once: without a lock of the interpreter all threads stop for it."""
    try:
        probe: Any = object.__new__(filling.open)
        probe.__class__ = filling.class_
    except TypeError:  # slots are laid out in another way
        return False
    return bool(getattr(sys, "_is_gil_enabled", lambda: True)())


def _template(type_: Type) -> tuple[str, dict[str, object]]:
    """Return the template for values of a type, and what stands for its own names."""
    match type_.kind:
        case "bool":
            return templates.BOOL, {}
        case "text":
            return templates.TEXT, {}
        case "choice" | "level":
            return templates.MEMBER, {"PLACES": {member.name: place for place, member in enumerate(type_.members)}}
        case "set":
            return templates.OTHER + "CELL, SECOND = CELL\n", {"BLANK": rows.blank_cells(type_)}
        case "series":
            return templates.OTHER, {"BLANK": rows.NO_YEARS}
        case "number":
            return _number(type_)
    return templates.OTHER, {"BLANK": None}


def _number(type_: Type) -> tuple[str, dict[str, object]]:
    low, high, factor = plain_numbers(type_)
    floats = plain_float(type_)
    parts: dict[str, object] = {"LOW": max(low, -SMALL), "HIGH": min(high, SMALL), "FACTOR": factor}
    if floats is None:
        return (templates.COUNT if factor == 1 else templates.SCALED), parts
    return templates.MEASURE, {**parts, "LEAST": floats[0] / factor, "MOST": floats[1] / factor}


def filler(model: Model, filling: Filling, *, identified: bool) -> Fill | None:
    """Return the function that fills open records of a class, stores their rows and closes them.

    `identified` records are those of institutions, in whose rows something follows the facts. None where an open record
    cannot be given its class at no cost.
    """
    if not _may_close(filling):
        return None
    return _Filler(model, identified=identified).function(filling)
