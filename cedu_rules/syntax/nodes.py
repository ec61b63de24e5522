"""The shapes that a `.std` file is made of, as written: names are not yet resolved, units not yet looked up.

Each node shows one line of the language that it stands for. Spans take no part in equality, so that
`parse(print(node)) == node`. Fields are named after what the author wrote.
"""

from datetime import date
from fractions import Fraction
from typing import ClassVar, TypeAlias

from attrs import field, frozen

from cedu_rules.source import Source, Span


def _span() -> Span:
    return field(eq=False, repr=False, kw_only=True)  # type: ignore[no-any-return]


@frozen
class Name:
    """A name as written: `floor_area`, `平方米`, `m²`."""

    text: str
    span: Span = _span()


@frozen
class Text:
    """A text between quotes, without them: `"建筑面积"`."""

    value: str
    span: Span = _span()


# --- expressions -----------------------------------------------------------------------------------------------------


@frozen
class NumberLiteral:
    """`500`, `0.75`."""

    value: Fraction
    span: Span = _span()


@frozen
class QuantityLiteral:
    """`500 m2`, `500平方米`, `8%` (the unit is then named `%`), `3 万元`."""

    value: Fraction
    unit: Name
    span: Span = _span()


@frozen
class TextLiteral:
    """`"text"` as an operand."""

    value: str
    span: Span = _span()


@frozen
class DateLiteral:
    """`2022-09-01`."""

    value: date
    span: Span = _span()


@frozen
class BoolLiteral:
    """`yes`, `no`."""

    value: bool
    span: Span = _span()


@frozen
class NameReference:
    """`area`: a variable, field, fact, let, param or member; the model finds out which."""

    name: str
    span: Span = _span()


@frozen
class FieldReference:
    """`t.degree`."""

    record: "Expression"
    field: Name
    span: Span = _span()


@frozen
class Index:
    """`registered[assessed_year]`."""

    series: "Expression"
    index: "Expression"
    span: Span = _span()


@frozen
class Negation:
    """`not area >= 500 m2`."""

    operand: "Expression"
    span: Span = _span()


@frozen
class Minus:
    """`-3`."""

    operand: "Expression"
    span: Span = _span()


@frozen
class Conjunction:
    """`a and b and c`, flat."""

    limbs: tuple["Expression", ...]
    span: Span = _span()


@frozen
class Disjunction:
    """`a or b or c`, flat."""

    limbs: tuple["Expression", ...]
    span: Span = _span()


@frozen
class Arithmetic:
    """`a + b - c` or `a * b / c`, flat: the operators of one level with the operand that follows each."""

    first: "Expression"
    rest: tuple[tuple[str, "Expression"], ...]
    span: Span = _span()


@frozen
class Comparison:
    """`area >= 500 m2`; the operator is one of `= != < <= > >=`."""

    operator: str
    left: "Expression"
    right: "Expression"
    span: Span = _span()


@frozen
class Between:
    """`area between 500 m2 and 800 m2`, both included."""

    value: "Expression"
    low: "Expression"
    high: "Expression"
    span: Span = _span()


@frozen
class Membership:
    """`host in { open_school, vocational }`."""

    value: "Expression"
    members: tuple["Expression", ...]
    span: Span = _span()


@frozen
class Inclusion:
    """`rooms includes { training, reading }`; `members` is None for `includes all`."""

    value: "Expression"
    members: tuple[Name, ...] | None
    span: Span = _span()


@frozen
class Conditional:
    """`if A then B else C`; without `else` (None) the implication."""

    condition: "Expression"
    consequence: "Expression"
    alternative: "Expression | None"
    span: Span = _span()


@frozen
class Row:
    """One row of a table: `<= 30000: 1400 m2`, `city: 3` (operator `=`), `else: 2` (no operator, no bound)."""

    operator: str | None
    bound: "Expression | None"
    value: "Expression"
    span: Span = _span()


@frozen
class Table:
    """`by population { <= 30000: 1400 m2, else: 2400 m2 }`."""

    selector: "Expression"
    rows: tuple[Row, ...]
    span: Span = _span()


@frozen
class Call:
    """`ceil(x)`, `count(teachers)`, `rises(registration)`, `passes(floor_area)`."""

    function: Name
    arguments: tuple["Expression", ...]
    span: Span = _span()


@frozen
class Comprehension:
    """`count(distinct t.name for t in teachers where t.full_time)`."""

    function: Name
    distinct: bool
    body: "Expression"
    variable: Name
    source: "Expression"
    condition: "Expression | None"
    span: Span = _span()


@frozen
class AtLeast:
    """`at least 2 of (a, b, c)`."""

    number: "Expression"
    limbs: tuple["Expression", ...]
    span: Span = _span()


@frozen
class Erroneous:
    """An expression or a type that could not be read; a diagnostic tells why, and nothing more is said about it."""

    span: Span = _span()


Expression: TypeAlias = (
    NumberLiteral
    | QuantityLiteral
    | TextLiteral
    | DateLiteral
    | BoolLiteral
    | NameReference
    | FieldReference
    | Index
    | Negation
    | Minus
    | Conjunction
    | Disjunction
    | Arithmetic
    | Comparison
    | Between
    | Membership
    | Inclusion
    | Conditional
    | Table
    | Call
    | Comprehension
    | AtLeast
    | Erroneous
)


# --- types and declarations ------------------------------------------------------------------------------------------


@frozen
class Member:
    """`associate "大专" or "专科"`: a member with its labels, the first of which is printed."""

    name: Name
    labels: tuple[Text, ...]
    span: Span = _span()


@frozen
class NamedType:
    """`m2`, `count`, `percent`, `bool`, `date`, `text`, `Degree`: a unit, a built-in or a declared type."""

    name: Name
    span: Span = _span()


@frozen
class MembersType:
    """`choice { a "…", b "…" }`, `level { a "…" < b "…" }`, `set { a "…" }`; `form` is the first word."""

    form: str
    members: tuple[Member, ...]
    span: Span = _span()


@frozen
class SignedType:
    """`signed yuan`."""

    of: NamedType
    span: Span = _span()


@frozen
class RangedType:
    """`hours 0 hours to 8784 hours`, `count 1 to 500`, `signed number -5 to 5`."""

    of: NamedType | SignedType
    low: Expression
    high: Expression
    span: Span = _span()


@frozen
class YearlyType:
    """`yearly people`."""

    of: "NamedType | SignedType | RangedType"
    span: Span = _span()


@frozen
class ListType:
    """`list of Teacher`."""

    record: Name
    span: Span = _span()


TypeExpression: TypeAlias = NamedType | MembersType | SignedType | RangedType | YearlyType | ListType | Erroneous


@frozen
class FactDeclaration:
    """`area : m2 when site = independent else 0 m2 "自有办学场所建筑面积"`, in `facts` or in a record.

    `kind` is `documented` or `judged` where the author wrote the word, else `measured`.
    """

    name: Name
    kind: str
    type: TypeExpression
    condition: Expression | None
    otherwise: Expression | None
    label: Text
    span: Span = _span()


@frozen
class CheckDeclaration:
    """`check registered[assessed_year] <= residents[assessed_year] "注册人数不能大于常住人口"`."""

    condition: Expression
    message: Text
    span: Span = _span()


@frozen
class LetDeclaration:
    """`let registration = registered / residents`."""

    name: Name
    value: Expression
    span: Span = _span()


@frozen
class ParamDeclaration:
    """`param fund_per_resident = 1 yuan`."""

    name: Name
    value: Expression
    span: Span = _span()


@frozen
class TypeDeclaration:
    """`type Degree = level { junior "初中" < senior "高中" }`."""

    name: Name
    type: TypeExpression
    span: Span = _span()


@frozen
class UnitDeclaration:
    """`unit 学时 = 45 minutes`; `value` is None for a new dimension: `unit dollar`."""

    name: Name
    value: Expression | None
    span: Span = _span()


@frozen
class FactsBlock:
    """`facts { … }`."""

    items: tuple[FactDeclaration | CheckDeclaration, ...]
    span: Span = _span()


@frozen
class RecordDeclaration:
    """`record Teacher key name { … }`: fields and checks, then lets."""

    name: Name
    key: Name | None
    items: tuple[FactDeclaration | CheckDeclaration, ...]
    lets: tuple[LetDeclaration, ...]
    span: Span = _span()


# --- sections and clauses --------------------------------------------------------------------------------------------


@frozen
class Shown:
    """`show rooms "办公教学用房" with { training "培训室" }`: a documented fact declared in place."""

    name: Name
    label: Text
    members: tuple[Member, ...] | None
    span: Span = _span()


@frozen
class Judged:
    """`judge enough_teachers "人数符合实际需要"`: an inspector's judgement declared in place."""

    name: Name
    label: Text
    span: Span = _span()


@frozen
class RequirementStatement:
    """`must area >= 500 m2 "面积"`, `should show …`, `must judge …`."""

    modality: str
    demand: Expression | Shown | Judged
    label: Text | None
    span: Span = _span()


@frozen
class GuardStatement:
    """`when EXPR`, `unless EXPR`; `word` tells which."""

    word: str
    condition: Expression
    span: Span = _span()


@frozen
class NoteStatement:
    """`note "how the line was read"`."""

    text: Text
    span: Span = _span()


@frozen
class UnknownValue:
    """`unknown` as a value in an example."""

    span: Span = _span()


@frozen
class AllMembers:
    """`all` as the value of a set in an example."""

    span: Span = _span()


@frozen
class BraceValue:
    """`{a, b}`, a set listed as a whole."""

    members: tuple[Name, ...]
    span: Span = _span()


@frozen
class Entry:
    """`area: 500 m2`, `2021: 7%` (the key is then the year as digits), `purpose: yes`."""

    key: Name
    value: "ExampleValue"
    span: Span = _span()


@frozen
class EntriesValue:
    """`{2021: 7%, 2022: 8%}`, `{a: yes, b: no}`, `{full_time: yes, degree: bachelor}`, `{}`."""

    entries: tuple[Entry, ...]
    span: Span = _span()


@frozen
class ListValue:
    """`[{full_time: yes}, {full_time: no}]`."""

    items: tuple[EntriesValue, ...]
    span: Span = _span()


ExampleValue: TypeAlias = Expression | UnknownValue | AllMembers | BraceValue | EntriesValue | ListValue


@frozen
class ExampleStatement:
    """`example fail { site: independent, area: 499.99 m2 }`."""

    status: Name
    entries: tuple[Entry, ...]
    span: Span = _span()


ClauseStatement: TypeAlias = RequirementStatement | GuardStatement | NoteStatement | ExampleStatement


@frozen
class ClauseDeclaration:
    """`clause floor_area "建筑面积" { … }`."""

    name: Name
    title: Text
    statements: tuple[ClauseStatement, ...]
    span: Span = _span()


@frozen
class SectionDeclaration:
    """`section "规模设施" "建设规模" when EXPR { … }`."""

    title: Text
    subtitle: Text
    guard: Expression | None
    clauses: tuple[ClauseDeclaration, ...]
    span: Span = _span()


# --- the file --------------------------------------------------------------------------------------------------------


@frozen
class StandardStatement:
    """`standard school "社区教育学校建设标准"`."""

    name: Name
    title: Text
    span: Span = _span()


@frozen
class SourceStatement:
    """`source "…实施方案" annex 2`."""

    document: Text
    annex: int | None
    span: Span = _span()


@frozen
class EffectiveStatement:
    """`effective from 2022-09-01`."""

    first_day: date
    span: Span = _span()


@frozen
class LanguageStatement:
    """`language zh`."""

    name: Name
    span: Span = _span()


Item: TypeAlias = (
    StandardStatement
    | SourceStatement
    | EffectiveStatement
    | LanguageStatement
    | TypeDeclaration
    | UnitDeclaration
    | ParamDeclaration
    | LetDeclaration
    | FactsBlock
    | RecordDeclaration
    | SectionDeclaration
)


@frozen
class Comment:
    """`# …` up to the end of the line, with its mark."""

    text: str
    span: Span = _span()


@frozen
class File:
    """A whole file in the order written. Blocks that could not be read are left out; diagnostics tell of them."""

    NESTING_LIMIT: ClassVar[int] = 100

    source: Source = field(eq=False, repr=False)
    items: tuple[Item, ...]
    comments: tuple[Comment, ...] = field(default=(), eq=False)
    lost: frozenset[str] = field(default=frozenset(), eq=False)
    """Names that may have been declared in what could not be read."""
