"""What has a name or is one into words: facts, lets, members, days, numbers with their units."""

from datetime import date
from fractions import Fraction

from cedu_rules.explain.amounts import amount
from cedu_rules.explain.phrasing.speaker import Hold, Phrase, Speaker, quoted, quotes
from cedu_rules.messages import Words
from cedu_rules.model.ir import Data, Expression, Fact
from cedu_rules.model.types import Type
from cedu_rules.units import CHINESE, ONE, Unit, decimal_digits

_DECIMAL_DIGITS = 2
"""A number without unit that needs more digits after the point is written as a fraction: 1/10000."""

_HOLDS = {
    "measured": Words("{label} is yes", "{label}为“是”"),
    "documented": Words("{label} is documented", "{label}有资料可查"),
    "judged": Words("{label} is found so on the spot", "{label}经现场评定属实"),
}
_HOLDS_NOT = {
    "measured": Words("{label} is not yes", "{label}不为“是”"),
    "documented": Words("{label} is not documented", "{label}没有资料可查"),
    "judged": Words("{label} is not found so on the spot", "{label}经现场评定不属实"),
}
_YES, _NO = Words("yes", "是"), Words("no", "否")
_ASSESSED_ON = Words("the day of assessment", "评定基准日")
_ASSESSED_YEAR = Words("the assessed year", "评定年度")
_PASSES = Words("clause {name} ({place}) passes or does not apply", "条款 {name}（{place}）达标或不适用")
_PASSES_NOT = Words("clause {name} ({place}) does not pass", "条款 {name}（{place}）未达标")


def fact(speaker: Speaker, expression: Expression) -> Phrase:
    """The label of a fact; of one that is yes or no, that it is."""
    return _fact(speaker, expression, _HOLDS)


def denied(speaker: Speaker, expression: Expression) -> Phrase | None:
    """Return that a fact is not yes, or that a clause does not pass; None for any other condition."""
    if expression.operator in {"fact", "field"}:
        return _fact(speaker, expression, _HOLDS_NOT)
    return _passes(speaker, expression, _PASSES_NOT) if expression.operator == "passes" else None


def _fact(speaker: Speaker, expression: Expression, sentences: dict[str, Words]) -> Phrase:
    if expression.type.kind != "bool":
        return Phrase(label_of(speaker, expression))
    label = label_of(speaker, expression, in_quotes=True)
    return Phrase(speaker.say(sentences[declaration(speaker, expression).kind], label=label), Hold.TEST)


def declaration(speaker: Speaker, expression: Expression) -> Fact:
    """Return the declaration of a fact or field."""
    name = str(expression.data)
    if expression.operator == "fact":
        return speaker.model.facts_by_name[name]
    return speaker.model.records_by_name[expression.operands[0].type.name].fields_by_name[name]


def label_of(speaker: Speaker, expression: Expression, *, in_quotes: bool = False) -> str:
    """Return the label of a fact or field, of a bool alone too; `in_quotes` although it is one word."""
    declared = declaration(speaker, expression)
    if expression.operator == "fact":
        return speaker.label("", declared, in_quotes=in_quotes)
    return speaker.field_label(expression.operands[0], declared, in_quotes=in_quotes)


def let(speaker: Speaker, expression: Expression) -> Phrase:
    """What a let says, or its name."""
    owner = expression.operands[0].type.name if expression.operands else ""
    return speaker.let(("let", owner, str(expression.data)), expression.operands)


def passes(speaker: Speaker, expression: Expression) -> Phrase:
    """A clause by its id and place."""
    return _passes(speaker, expression, _PASSES)


def _passes(speaker: Speaker, expression: Expression, words: Words) -> Phrase:
    clause = speaker.model.clauses_by_id[str(expression.data)]
    place = clause.citation.in_words("zh" if speaker.is_chinese else "en")
    return Phrase(speaker.say(words, name=clause.id, place=place), Hold.TEST)


def assessed_on(speaker: Speaker, _expression: Expression) -> Phrase:
    """The day of assessment."""
    return Phrase(speaker.say(_ASSESSED_ON))


def year(speaker: Speaker, expression: Expression) -> Phrase:
    """The year of a day; of the day of assessment, the assessed year."""
    day = expression.operands[0]
    if day.operator == "assessed_on":
        return Phrase(speaker.say(_ASSESSED_YEAR))
    return Phrase(speaker.say(Words("the year of {day}", "{day}所在的年份"), day=speaker.held(day, Hold.NAME)))


def constant(speaker: Speaker, expression: Expression) -> Phrase:
    """A number with its unit, a day, a member by its label, a text in quotes, yes or no."""
    return value(speaker, expression.data, expression.type)


def value(speaker: Speaker, data: Data, type_: Type) -> Phrase:
    """Return a constant of a type."""
    match data:
        case bool():
            return Phrase(speaker.say(_YES if data else _NO))
        case Fraction():
            return number(speaker, data, type_.unit)
        case date():
            return Phrase(f"{data.year}年{data.month}月{data.day}日" if speaker.is_chinese else data.isoformat())
    text = str(data)
    if type_.kind == "text":
        return Phrase(f"“{text}”")
    return Phrase(member(type_, text))


def member(type_: Type, name: str, *, in_quotes: bool = False) -> str:
    """Return the label of a member; `in_quotes` although it is one word."""
    index = type_.position(name)
    label = name if index is None else type_.members[index].label
    return quotes(label) if in_quotes else quoted(label)


def number(speaker: Speaker, base: Fraction, unit: Unit, beside: Unit = ONE) -> Phrase:
    """Return an exact number in its unit, or counted as what it is compared with is."""
    shown = amount(base, unit)
    digits = decimal_digits(shown.value)
    plain = shown.plain() if digits is not None and (shown.unit or digits <= _DECIMAL_DIGITS) else str(shown.value)
    hold = Hold.SUM if base < 0 else Hold.NAME
    name = shown.unit
    if not name and beside.counter and beside.factor == 1 and speaker.is_chinese:
        name = beside.name
    if name == "%":
        return Phrase(f"{plain}%", hold)
    if not name:
        return Phrase(plain, hold)
    return Phrase(f"{plain} {CHINESE.get(name, name) if speaker.is_chinese else name}", hold)


def counted(speaker: Speaker, expression: Expression, beside: Expression, loosest: Hold) -> str:
    """Return an operand in words; a bare number is counted as what it stands beside is."""
    if expression.operator == "constant" and isinstance(expression.data, Fraction):
        other = beside.type.element or beside.type
        phrase = number(speaker, expression.data, expression.type.unit, other.unit)
        return phrase.text if phrase.hold <= loosest else speaker.bracketed(phrase.text)
    return speaker.held(expression, loosest)
