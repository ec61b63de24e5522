"""The texts of which functions that fill records are made (see `filling`), and how they become code.

Names in capitals stand for something else, which `filled` puts in their place: a name, a constant, or statements.
"""

import ast
from collections.abc import Iterable, Mapping
from typing import Any

HEAD = """
get = given.get
missing = 0
refused = {}
"""

BOOL = """
VALUE = CELL = GET(NAME)
if VALUE is None:
    MISSING += 1
elif VALUE is not True and VALUE is not False:
    VALUE, CELL = tried(TAKE, VALUE, NAME, REFUSED)
"""

COUNT = """
VALUE = CELL = GET(NAME)
if VALUE is None:
    MISSING += 1
elif type(VALUE) is not int or VALUE < LOW or VALUE > HIGH:
    VALUE, CELL = tried(TAKE, VALUE, NAME, REFUSED)
"""

SCALED = """
VALUE = CELL = GET(NAME)
if VALUE is None:
    MISSING += 1
elif type(VALUE) is int and VALUE >= LOW and VALUE <= HIGH:
    CELL = VALUE * FACTOR
else:
    VALUE, CELL = tried(TAKE, VALUE, NAME, REFUSED)
"""

MEASURE = """
VALUE = CELL = GET(NAME)
if type(VALUE) is float and VALUE >= LEAST and VALUE <= MOST:
    CELL = round(VALUE * FACTOR)
    if CELL / FACTOR != VALUE:
        VALUE, CELL = tried(TAKE, VALUE, NAME, REFUSED)
    elif CELL % FACTOR:
        VALUE = Decimal(repr(VALUE))
    else:
        VALUE = CELL // FACTOR
elif VALUE is None:
    MISSING += 1
elif type(VALUE) is int and VALUE >= LOW and VALUE <= HIGH:
    CELL = VALUE * FACTOR
else:
    VALUE, CELL = tried(TAKE, VALUE, NAME, REFUSED)
"""

MEMBER = """
VALUE = CELL = GET(NAME)
if VALUE is None:
    MISSING += 1
else:
    CELL = PLACES.get(VALUE) if type(VALUE) is str else None
    if CELL is None:
        VALUE, CELL = tried(TAKE, VALUE, NAME, REFUSED)
"""

TEXT = """
VALUE = CELL = GET(NAME)
if VALUE is None:
    MISSING += 1
elif type(VALUE) is str:
    VALUE = CELL = VALUE.strip() or None
else:
    VALUE, CELL = tried(TAKE, VALUE, NAME, REFUSED)
"""

OTHER = """
VALUE = GET(NAME)
if VALUE is None:
    MISSING += 1
else:
    VALUE, CELL = tried(TAKE, VALUE, NAME, REFUSED)
if VALUE is None:
    CELL = BLANK
"""

LIST = """
VALUE = GET(NAME)
CELL = None
if VALUE is None:
    MISSING += 1
    SLOW_BITS
elif (type(VALUE) is list or type(VALUE) is tuple) and len(VALUE) <= LENGTH:
    TROUBLES = {}
    ELEMENTS = []
    ROWS = []
    KEYS = {}
    START_BITS
    for GIVEN in VALUE:
        if type(GIVEN) is not dict:
            break
        RECORD = OPEN()
        ELEMENT_GET = GIVEN.get
        ELEMENT_MISSING = 0
        FACTS
        if TROUBLES or (COUNT - ELEMENT_MISSING != len(GIVEN) and not GIVEN.keys() <= NAMES):
            break
        RECORD._row = ROW = CELLS
        RECORD.__class__ = CLASS
        ELEMENTS.append(RECORD)
        ROWS.append(ROW)
        EACH_BIT
        NOTE_KEY
    if len(ROWS) < len(VALUE) or ALIKE:
        VALUE, CELL = tried(TAKE, VALUE, NAME, REFUSED)
        SLOW_BITS
    else:
        VALUE = tuple(ELEMENTS)
        CELL = tuple(ROWS)
        END_BITS
else:
    VALUE, CELL = tried(TAKE, VALUE, NAME, REFUSED)
    SLOW_BITS
"""

ANSWER = """
if TRUTH:
    TRUE |= bit
elif TRUTH is False:
    FALSE |= bit
"""

TAIL = """
if COUNT - missing != len(given) and not given.keys() <= NAMES:
    return None
if refused:
    raise Refused(refused)
record._row = row = CELLS
record.__class__ = CLASS
return row
"""


class _Filled(ast.NodeTransformer):
    """Puts parts in the place of the names of a template."""

    def __init__(self, parts: Mapping[str, Any]) -> None:
        self._parts = parts

    def visit_Name(self, node: ast.Name) -> Any:  # noqa: ANN401
        """Return the part of that name."""
        part = self._parts.get(node.id, node)
        return ast.Name(part, node.ctx) if isinstance(part, str) else part

    def visit_Expr(self, node: ast.Expr) -> Any:  # noqa: ANN401
        """Return the statements of that name."""
        part = self._parts.get(node.value.id) if isinstance(node.value, ast.Name) else None
        return part if isinstance(part, list) else self.generic_visit(node)


def filled(template: str, **parts: Any) -> list[ast.stmt]:  # noqa: ANN401 -- whatever may stand in code
    """Return the statements of a template: texts are names, nodes and statements stand as they are, all else is a constant."""
    given = {
        name: part if isinstance(part, (str, ast.AST, list)) else ast.Constant(part) for name, part in parts.items()
    }
    found: ast.Module = _Filled(given).visit(ast.parse(template))
    return found.body


def row_of(cells: Iterable[str]) -> ast.expr:
    """Return the tuple of the values of names."""
    return ast.Tuple([ast.Name(cell, ast.Load()) for cell in cells], ast.Load())


def stored(record: str, name: str, value: str) -> ast.stmt:
    """Return the statement that stores the value of a name in a record; the name of the fact is no part of any text."""
    return ast.Assign([ast.Attribute(ast.Name(record, ast.Load()), name, ast.Store())], ast.Name(value, ast.Load()))
