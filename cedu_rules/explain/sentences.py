"""Reasons into sentences, in Chinese as an inspector writes and in English."""

import re
from collections.abc import Iterable
from itertools import groupby

from cedu_rules.explain.reasons import Element, Reason
from cedu_rules.explain.showing import NOT_RECORDED
from cedu_rules.messages import Words
from cedu_rules.model.ir import Fact, Model
from cedu_rules.model.ir import Record as RecordShape

STATUS_WORDS = {
    "pass": Words("pass", "达标"),
    "fail": Words("fail", "未达标"),
    "unknown": Words("unknown", "待核实"),
    "not_applicable": Words("not applicable", "不适用"),
    "not_met": Words("not met", "建议未落实"),
    "waived": Words("waived", "已豁免（经批准）"),
}
VERDICT_WORDS = {
    "conforms": Words("conforms", "合格"),
    "fails": Words("fails", "不合格"),
    "undetermined": Words("undetermined", "待核实（暂不能评定）"),
    "invalid": Words("invalid", "填报有误"),
}
KIND_WORDS = {
    "measured": Words("measured", "量化指标"),
    "documented": Words("documented", "查阅资料"),
    "judged": Words("judged", "现场评定"),
}
DAY_WORDS = Words("day of assessment", "评定基准日")
SHOWN_LIMIT = 12
"""So many elements, members or missing facts are named in a sentence; the rest is counted."""


def in_words(words: Words, language: str) -> str:
    """Return the phrase of the language."""
    return words.zh if language == "zh" else words.en


def sentences(
    model: Model, reasons: Iterable[Reason], language: str, label: str | None = None, record: object = None
) -> list[str]:
    """Return one sentence a group of reasons; the alternatives of an `or` stand side by side in one.

    `label` is that of the requirement; a computed value then needs no name of its own. `record` names elements by key.
    """
    semicolon = "；" if language == "zh" else "; "
    found = []
    for _, group in groupby(reasons, key=lambda reason: reason.group):
        limbs = [list(limb) for _, limb in groupby(group, key=lambda reason: reason.limb)]
        named = label if len(limbs) == 1 else None
        texts = [semicolon.join(_sentence(model, reason, language, named, record) for reason in limb) for limb in limbs]
        first = limbs[0][0]
        is_open = any(reason.truth is None for limb in limbs for reason in limb)
        found.append(_alternatives(texts, first.needed, open_=is_open, language=language))
    if label is None:
        return found
    colon = "：" if language == "zh" else ": "
    return [text if text.startswith(label) else f"{label}{colon}{text}" for text in found]


def _alternatives(texts: list[str], needed: int, *, open_: bool, language: str) -> str:
    """Return the alternatives side by side; `needed` of them would do, `open_` where one may already hold."""
    if len(texts) == 1:
        return texts[0]
    listed = ("；" if language == "zh" else "; ").join(f"({number}) {text}" for number, text in enumerate(texts, 1))
    if language == "zh":
        state = "是否达到尚不能确认" if open_ else "均未达到"
        return f"下列各项{state}，至少还应达到 {needed} 项：{listed}"
    state = "none of these is established" if open_ else "none of these holds"
    return f"{state}, {needed} needed: {listed}"


def _sentence(model: Model, reason: Reason, language: str, label: str | None, record: object) -> str:
    text = _join([_finding(reason, language), _details(reason, language)], language)
    is_named = reason.fact is not None or label is None
    if is_named and reason.label != label:
        colon = "：" if language == "zh" else ": "
        text = f"{reason.label}{colon}{text}" if text else reason.label
    known = [reading for reading in reason.readings if reading.value != NOT_RECORDED]  # the others are told as missing
    if known:
        named = [f"{reading.label} {in_words(reading.value, language)}" for reading in known]
        text += f"（{'，'.join(named)}）" if language == "zh" else f" ({', '.join(named)})"
    if _tells_more(reason):
        word = "待填报：" if language == "zh" else "missing: "
        paths = [path for path in reason.missing if path != reason.fact]
        text = _join(
            [text, word + _listed([label_of(model, path, record, language) for path in paths], language)], language
        )
    return text or reason.label


def _tells_more(reason: Reason) -> bool:
    """Return whether what is missing is not yet said: a fact of its own is `not recorded`, members are named."""
    return bool(set(reason.missing) - {reason.fact}) and not reason.unsure and not reason.elements


def _finding(reason: Reason, language: str) -> str:
    """Return actual, required and shortfall."""
    words = []
    if reason.actual is not None:
        words.append(("现状 " if language == "zh" else "actual ") + in_words(reason.actual, language))
    if reason.required is not None and reason.required.en not in {"yes", "no"}:
        words.append(("标准 " if language == "zh" else "required ") + in_words(reason.required, language))
    if reason.shortfall is not None:
        upper = reason.required is not None and reason.required.en.startswith("<")
        word = ("超出 " if upper else "缺口 ") if language == "zh" else ("excess " if upper else "shortfall ")
        words.append(word + in_words(reason.shortfall, language))
    return _join(words, language)


def _details(reason: Reason, language: str) -> str:
    """Return lacking members and failing elements."""
    words = []
    comma = "、" if language == "zh" else ", "
    if reason.members:
        words.append(("缺少：" if language == "zh" else "lacks: ") + comma.join(reason.members))
    if reason.unsure:
        words.append(("未填报：" if language == "zh" else "not recorded: ") + comma.join(reason.unsure))
    if reason.note is not None:
        words.append(in_words(reason.note, language))
    for truth, head in ((False, Words("not in order: ", "不符合：")), (None, Words("open: ", "待核实："))):
        named = [_element(element, language) for element in reason.elements if element.truth is truth]
        if named:
            words.append(in_words(head, language) + _listed(named, language, reason.others if truth is False else 0))
    return _join(words, language)


def _element(element: Element, language: str) -> str:
    """Return the key of an element with what is wrong with it, in short; elements within it in the same way."""
    told = [_in_short(reason, language) for reason in element.reasons]
    inner = ("、" if language == "zh" else ", ").join(told)
    return f"{element.key}（{inner}）" if language == "zh" else f"{element.key} ({inner})"


def _in_short(reason: Reason, language: str) -> str:
    if reason.elements:
        return (
            f"{reason.label}：{_details(reason, language)}"
            if language == "zh"
            else f"{reason.label}: {_details(reason, language)}"
        )
    return reason.label if reason.actual is None else f"{reason.label} {in_words(reason.actual, language)}"


def _listed(items: Iterable[str], language: str, others: int = 0) -> str:
    listed = list(items)
    comma = "、" if language == "zh" else ", "
    rest = len(listed) - SHOWN_LIMIT + others
    if rest <= 0:
        return comma.join(listed)
    more = f" 等共 {SHOWN_LIMIT + rest} 项" if language == "zh" else f" and {rest} more"
    return comma.join(listed[:SHOWN_LIMIT]) + more


def _join(parts: Iterable[str], language: str) -> str:
    return ("，" if language == "zh" else ", ").join(part for part in parts if part)


_STEP = re.compile(r"^([^.\[]+)(?:\[(\d+)\])?\.?")


def labels_of(model: Model, path: str, record: object = None) -> Words:
    """Return a path in the words of the labels, for readers of both languages."""
    return Words(label_of(model, path, record, "en"), label_of(model, path, record, "zh"))


def label_of(model: Model, path: str, record: object = None, language: str = "zh") -> str:
    """Return a path such as `teachers[2].degree` in the words of the labels: 教师名单 乙 学历.

    The elements of `record` are named by their keys, or by number where they have none or the record has no such
    element.
    """
    if path == "assessed_on":
        return in_words(DAY_WORDS, language)
    facts: dict[str, Fact] = model.facts_by_name
    words: list[str] = []
    while path and (step := _STEP.match(path)):
        name, number = step[1], step[2]
        path = path[step.end() :]
        fact = facts.get(name)
        if fact is None:
            words.append(name)
            continue
        record = getattr(record, name, None)
        words.append(fact.label)
        if fact.type.kind == "list":
            shape = model.records_by_name[fact.type.name]
            facts = shape.fields_by_name
            if number:
                record = _numbered(record, number)
                words.append(_named(shape, record, number, language))
        elif path:
            words.append(_part_label(fact, path, language))
            path = ""
    return " ".join(words)


def _numbered(listed: object, number: str) -> object:
    """Return the element of that number, from 1; None where there is none."""
    if not isinstance(listed, tuple) or len(number) > len(str(len(listed))):
        return None
    return listed[int(number) - 1] if 1 <= int(number) <= len(listed) else None


def _named(shape: RecordShape, element: object, number: str, language: str) -> str:
    key = None if shape.key is None else getattr(element, shape.key, None)
    if key is not None:
        return str(key)
    return f"第{number}项" if language == "zh" else f"#{number}"


def _part_label(fact: Fact, part: str, language: str) -> str:
    """Return the label of a member of a set, or the year of a series."""
    index = fact.type.position(part)
    if index is not None:
        return fact.type.members[index].label
    return f"{part}年" if part.isdigit() and language == "zh" else part
