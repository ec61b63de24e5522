"""The types of the language, and how they are named to an author.

Types are nominal: two choices are the same when they come from the same declaration, whatever their members.
Numbers are the exception: they mix when their dimensions are equal.
"""

from fractions import Fraction
from typing import NamedTuple

from cedu_rules.messages import Words
from cedu_rules.units import ONE, PERCENT, Dimension, Unit, describe_dimension


class Member(NamedTuple):
    """A member of a choice, level or set; the first label is printed, all are read."""

    name: str
    labels: tuple[str, ...]

    @property
    def label(self) -> str:
        """The label that is printed."""
        return self.labels[0] if self.labels else self.name


class Type(NamedTuple):
    """One type; which fields matter depends on `kind`.

    * `number`: `dimension`; `unit` in which data and answers write it; `whole` for counts; `low` and `high` in base
      units, None where there is no bound.
    * `date`: `low` and `high` as day numbers (`date.toordinal`), or None.
    * `choice`, `level`, `set`: `name` of the declaration, `members` in their order.
    * `series`: `element` is the type of one year.
    * `list`, `record`: `name` of the record.
    * `bool`, `text`: nothing more.
    """

    kind: str
    name: str = ""
    dimension: Dimension = ()
    unit: Unit = ONE
    whole: bool = False
    low: Fraction | None = None
    high: Fraction | None = None
    members: tuple[Member, ...] = ()
    element: "Type | None" = None

    def position(self, member: str) -> int | None:
        """Return the position of the member of that name, from 0, or None."""
        return next((position for position, each in enumerate(self.members) if each.name == member), None)

    def same(self, other: "Type") -> bool:
        """Return whether values of the two types may be compared and merged."""
        if self.kind != other.kind:
            return False
        if self.kind == "number":
            return self.dimension == other.dimension
        if self.element is not None and other.element is not None:
            return self.element.same(other.element)
        return self.name == other.name

    @property
    def data_factor(self) -> Fraction:
        """Base units in one unit of data; percents are ratios in data."""
        return Fraction(1) if self.is_percent else self.unit.factor

    @property
    def is_percent(self) -> bool:
        """Whether values are written in percent."""
        return self.unit == PERCENT


BOOL = Type("bool")
TEXT = Type("text")
DATE = Type("date")
NUMBER = Type("number", low=Fraction(0))
COUNT = Type("number", whole=True, low=Fraction(0))
FAULTY = Type("faulty")
"""The type of a fact whose own type is a mistake; whoever reads it says nothing more."""
RATIO = Type("number", unit=PERCENT, low=Fraction(0), high=Fraction(1))

BUILT_IN: dict[str, Type] = {
    "bool": BOOL,
    "text": TEXT,
    "date": DATE,
    "number": NUMBER,
    "count": COUNT,
    "percent": RATIO,
}


def number_type(dimension: Dimension, *, whole: bool = False, unit: Unit = ONE) -> Type:
    """Return the type of a computed number: no bounds of its own."""
    return Type("number", dimension=dimension, whole=whole, unit=unit)


_KINDS = {
    "bool": Words("a condition", "条件（是/否）"),
    "text": Words("a text", "文本"),
    "date": Words("a date", "日期"),
    "choice": Words("a choice", "选项"),
    "level": Words("a level", "等级"),
    "set": Words("a set", "集合"),
    "series": Words("a yearly series", "按年序列"),
    "list": Words("a list", "名单"),
    "record": Words("a record", "记录"),
}


def describe(type_: Type) -> Words:
    """Return what an author would call the type: ``a number in `m2` ``, ``a level `Degree` ``."""
    if type_.kind == "number":
        if not type_.dimension:
            return Words("a count or ratio", "数量或比率")
        name = describe_dimension(type_.dimension)
        return Words(f"a number in `{name}`", f"以 `{name}` 计的数")
    words = _KINDS[type_.kind]
    if type_.element is not None:
        inner = describe(type_.element)
        return Words(f"{words.en} of {inner.en.removeprefix('a ')}", f"{words.zh}（{inner.zh}）")
    return Words(f"{words.en} `{type_.name}`", f"{words.zh} `{type_.name}`") if type_.name else words
