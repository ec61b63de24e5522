"""The values of an example into words: labels for names, each number in the unit of its fact."""

from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from cedu_rules.explain.phrasing import names
from cedu_rules.explain.phrasing.clauses import FORMS
from cedu_rules.explain.phrasing.conditions import COMMA, SEMICOLON
from cedu_rules.explain.phrasing.speaker import Speaker
from cedu_rules.explain.sentences import DAY_WORDS
from cedu_rules.explain.showing import NOT_RECORDED
from cedu_rules.messages import Words
from cedu_rules.model.ir import Example, Fact, Model
from cedu_rules.model.types import DATE, Type

_NOTHING = Words("nothing is recorded", "均未填报")
_NONE = Words("none", "无")
_ALL = Words("all items", "各项齐全")
_ONLY = Words("{members} (no other)", "{members}（其余没有）")
_EMPTY_LIST = Words("nobody and nothing on the list", "名单为空")
_PAIR = Words("{label}: {value}", "{label}：{value}")
_MEMBER = Words("{label} ({value})", "{label}（{value}）")
_YEAR = Words("{label} {value}", "{label}{value}")
_TRUTHS = {True: Words("yes", "是"), False: Words("no", "否"), None: NOT_RECORDED}


def example_in_words(model: Model, example: Example, language: str) -> str:
    """Return what an example gives, in `zh` or `en`."""
    speaker = Speaker(model, language, FORMS)
    return _entries(speaker, example.values, "", model.facts_by_name) or speaker.say(_NOTHING)


def _entries(speaker: Speaker, values: Mapping[str, Any], owner: str, facts: Mapping[str, Fact]) -> str:
    return speaker.joined(SEMICOLON, [_pair(speaker, name, value, owner, facts) for name, value in values.items()])


def _pair(speaker: Speaker, name: str, value: object, owner: str, facts: Mapping[str, Fact]) -> str:
    fact = facts.get(name)
    if fact is None:  # the day of assessment, which is no fact
        return speaker.say(_PAIR, label=speaker.say(DAY_WORDS), value=_value(speaker, value, DATE))
    return speaker.say(_PAIR, label=speaker.label(owner, fact), value=_value(speaker, value, fact.type))


def _value(speaker: Speaker, value: Any, type_: Type) -> str:  # noqa: ANN401 -- whatever a fact may hold
    if value is None:
        return speaker.say(NOT_RECORDED)
    match type_.kind:
        case "set":
            return _set(speaker, value, type_)
        case "series":
            return _series(speaker, value, type_)
        case "list":
            return _list(speaker, value, type_)
        case "number":
            return names.number(speaker, Fraction(value) * type_.data_factor, type_.unit).text
        case "date":
            return names.value(speaker, date.fromisoformat(value), type_).text
    return names.value(speaker, value, type_).text


def _set(speaker: Speaker, value: Mapping[str, bool | None] | list[str], type_: Type) -> str:
    """Return the members: of a closed set those that are there, of an open one what is known of each."""
    if not isinstance(value, Mapping):
        if not value:
            return speaker.say(_NONE)
        if len(set(value)) == len(type_.members):
            return speaker.say(_ALL)
        return speaker.say(_ONLY, members=_listed(speaker, (names.member(type_, name) for name in value)))
    known = ((names.member(type_, name), truth) for name, truth in value.items())
    return _listed(
        speaker, (speaker.say(_MEMBER, label=label, value=speaker.say(_TRUTHS[truth])) for label, truth in known)
    )


def _series(speaker: Speaker, value: Mapping[str, object], type_: Type) -> str:
    element = type_.element
    if element is None or not value:
        return speaker.say(NOT_RECORDED)
    pairs = (
        (f"{year}年" if speaker.is_chinese else year, _value(speaker, number, element))
        for year, number in value.items()
    )
    return _listed(speaker, (speaker.say(_YEAR, label=year, value=number) for year, number in pairs))


def _list(speaker: Speaker, value: list[Mapping[str, Any]], type_: Type) -> str:
    fields = speaker.model.records_by_name[type_.name].fields_by_name
    told = [_entries(speaker, element, type_.name, fields) or speaker.say(_NOTHING) for element in value]
    return _listed(speaker, map(speaker.bracketed, told)) if told else speaker.say(_EMPTY_LIST)


def _listed(speaker: Speaker, parts: Iterable[str]) -> str:
    return speaker.joined(COMMA, list(parts))
