"""A standard into a Python module with its record classes, for static checkers; `standard.bind` takes instances of them.

The module is built as a tree and printed from it, so no label can become code: labels stand in strings only. A name
that the module imports gives way to a fact, record or type of the same name: it is then reached through its package.
"""

import ast
import keyword
import unicodedata
from collections.abc import Iterable, Sequence

from cedu_rules.diagnostics import UnsupportedError
from cedu_rules.facts import FactRow, condition_in_words, fact_table
from cedu_rules.model.ir import Model
from cedu_rules.model.types import Type
from cedu_rules.standard import Standard

_HOMES = {
    "Decimal": "decimal",
    "Fraction": "fractions",
    "Literal": "typing",
    "Mapping": "collections.abc",
    "bool": "builtins",
    "date": "datetime",
    "float": "builtins",
    "int": "builtins",
    "str": "builtins",
    "tuple": "builtins",
}
"""The names that annotations use, and where each is at home."""


def typed_module(standard: Standard) -> str:
    """Return the text of a module with one frozen, keyword-only attrs class for each record of the standard.

    Raises:
        UnsupportedError: a name of the standard cannot be one of a Python class.
    """
    maker = _Maker(standard.model)
    tree = ast.fix_missing_locations(maker.module(standard.digest))
    return ast.unparse(tree) + "\n"


class _Maker:
    """Makes the tree of one module."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.rows = fact_table(model)
        names = {row.fact.name for row in self.rows} | {record.name for record in model.records}
        _check_names(names)
        self.taken = names | {"id", "name"}
        self.class_name = _free(_capitalised(model.id), self.taken)
        self.taken.add(self.class_name)
        self.used: set[str] = set()
        self.homes: set[str] = set()

    def module(self, digest: str) -> ast.Module:
        """Return the whole module: the classes of elements before those that hold them."""
        fields = {row.fact.name for row in self.rows}
        classes: list[ast.stmt] = []
        for name in _inner_first(self.model):
            classes.append(self._class(name, f"One `{name}` of the standard `{self.model.id}`.", self._fields(name)))
            if name in fields:  # inside a class, the name would be that of the field
                classes.append(ast.Assign([_store(self._alias(name))], _load(name)))
        identity = [
            each for name, label in _IDENTITY for each in self._field(name, self._optional(self._name("str")), label)
        ]
        about = f"What is known of one institution under the standard `{self.model.id}`: {self.model.title}"
        classes.append(self._class(self.class_name, about, [*identity, *self._fields("")]))
        head = [
            _text(
                f"The records of the standard `{self.model.id}` ({digest}), for static checkers. Generated: do not edit."
            )
        ]
        return ast.Module([*head, *self._imports(), *classes], [])

    def _imports(self) -> list[ast.stmt]:
        future = ast.ImportFrom("__future__", [ast.alias("annotations")], 0)
        whole = [ast.Import([ast.alias(home, _private(home))]) for home in sorted({*self.homes, "attrs"})]
        names = [
            ast.ImportFrom(_HOMES[name], [ast.alias(name)], 0)
            for name in sorted(self.used)
            if _HOMES[name] != "builtins"
        ]
        return [future, *whole, *names]

    def _class(self, name: str, about: str, fields: Sequence[ast.stmt]) -> ast.ClassDef:
        frozen = ast.Call(
            ast.Attribute(_load(_private("attrs")), "frozen", ast.Load()),
            [],
            [ast.keyword("kw_only", ast.Constant(True))],
        )
        return ast.ClassDef(name, [], [], [_text(about), *fields], [frozen], type_params=[])  # type: ignore[call-arg,unused-ignore]  # new in Python 3.12

    def _fields(self, owner: str) -> list[ast.stmt]:
        found: list[ast.stmt] = []
        for row in self.rows:
            if row.owner == owner:
                found += self._field(row.fact.name, self._optional(self._type(row.fact.type)), self._about(row))
        return found

    def _about(self, row: FactRow) -> str:
        parts = [row.fact.label, row.form.en, row.kind.en]
        condition = condition_in_words(self.model, row.fact, "en")
        return "; ".join([*parts, f"only when {condition}"] if condition is not None else parts)

    @staticmethod
    def _field(name: str, annotation: ast.expr, about: str) -> list[ast.stmt]:
        return [ast.AnnAssign(_store(name), annotation, ast.Constant(None), 1), _text(about)]

    # --- types ---

    def _type(self, type_: Type) -> ast.expr:
        match type_.kind:
            case "number":
                if type_.whole and type_.data_factor == 1:
                    return self._name("int")
                return self._union(self._name(name) for name in ("int", "float", "Decimal", "Fraction"))
            case "bool" | "date":
                return self._name(type_.kind)
            case "choice" | "level":
                return self._literal(type_)
            case "set":
                truth = self._optional(self._name("bool"))
                return self._generic("Mapping", self._literal(type_), truth)
            case "series" if type_.element is not None:
                return self._generic("Mapping", self._name("int"), self._optional(self._type(type_.element)))
            case "list":
                element = self._alias(type_.name) if type_.name in {row.fact.name for row in self.rows} else type_.name
                return self._generic("tuple", _load(element), ast.Constant(...))
        return self._name("str")

    def _alias(self, name: str) -> str:
        return _free(f"_{name}", self.taken)

    def _literal(self, type_: Type) -> ast.expr:
        return self._generic("Literal", *(ast.Constant(member.name) for member in type_.members))

    def _generic(self, name: str, *arguments: ast.expr) -> ast.expr:
        inner = arguments[0] if len(arguments) == 1 else ast.Tuple(list(arguments), ast.Load())
        return ast.Subscript(self._name(name), inner, ast.Load())

    def _optional(self, type_: ast.expr) -> ast.expr:
        return self._union([type_, ast.Constant(None)])

    @staticmethod
    def _union(types: Iterable[ast.expr]) -> ast.expr:
        first, *others = types
        for other in others:
            first = ast.BinOp(first, ast.BitOr(), other)
        return first

    def _name(self, name: str) -> ast.expr:
        """Return an imported or built-in name, through its package where a name of the standard hides it."""
        if name not in self.taken:
            self.used.add(name)
            return _load(name)
        home = _HOMES[name]
        self.homes.add(home)
        return ast.Attribute(_load(_private(home)), name, ast.Load())


_IDENTITY = (("id", "what tells the institution from the others"), ("name", "its name"))


def _check_names(names: Iterable[str]) -> None:
    """Refuse names that a Python class cannot have as they are."""
    wrong = [
        f"a Python class with a field `{name}`"
        for name in sorted(names)
        if not name.isidentifier()
        or keyword.iskeyword(name)
        or unicodedata.normalize("NFKC", name) != name
        or name.startswith("_")
        or name == "self"
    ]
    if wrong:
        raise UnsupportedError(wrong)


def _capitalised(name: str) -> str:
    word = "".join(part.capitalize() for part in name.replace("-", "_").split("_"))
    return word if word.isidentifier() and not keyword.iskeyword(word) else "Institution"


def _free(name: str, taken: Iterable[str]) -> str:
    """Return the name, with underscores after it while it is taken."""
    found = name
    while found in {*taken, *_HOMES, "annotations"}:
        found += "_"
    return found


def _private(home: str) -> str:
    return f"_{home.replace('.', '_')}"


def _inner_first(model: Model) -> list[str]:
    """Return the names of the records, each after those that its lists hold."""
    waiting = {
        record.name: {fact.type.name for fact in record.fields if fact.type.kind == "list"} for record in model.records
    }
    ordered: list[str] = []
    while ready := [name for name, held in waiting.items() if held <= set(ordered)]:
        ordered += ready
        for name in ready:
            del waiting[name]
    return ordered


def _load(name: str) -> ast.Name:
    return ast.Name(name, ast.Load())


def _store(name: str) -> ast.Name:
    return ast.Name(name, ast.Store())


def _text(text: str) -> ast.stmt:
    return ast.Expr(ast.Constant(text))
