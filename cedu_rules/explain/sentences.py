"""Reasons into sentences, in Chinese as an inspector writes and in English."""

import re
from collections.abc import Iterable
from itertools import groupby

from cedu_rules.explain.reasons import Element, Reason
from cedu_rules.messages import Words
from cedu_rules.model.ir import Fact, Model

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
SHOWN_LIMIT = 8
"""So many elements, members or missing facts are named in a sentence; the rest is counted."""


def in_words(words: Words, language: str) -> str:
    """Return the phrase of the language."""
    return words.zh if language == "zh" else words.en


def sentences(model: Model, reasons: Iterable[Reason], language: str) -> list[str]:
    """Return one sentence a group of reasons; the alternatives of an `or` stand side by side in one."""
    found = []
    for _, group in groupby(reasons, key=lambda reason: reason.group):
        limbs = [list(limb) for _, limb in groupby(group, key=lambda reason: reason.limb)]
        texts = [
            "；".join(_sentence(model, reason, language) for reason in limb)
            if language == "zh"
            else "; ".join(_sentence(model, reason, language) for reason in limb)
            for limb in limbs
        ]
        found.append(_alternatives(texts, language))
    return found


def _alternatives(texts: list[str], language: str) -> str:
    if len(texts) == 1:
        return texts[0]
    numbered = [f"({number}) {text}" for number, text in enumerate(texts, 1)]
    if language == "zh":
        return "下列各项均未达到，至少应达到一项：" + "；".join(numbered)
    return "none of these holds, one would do: " + "; ".join(numbered)


def _sentence(model: Model, reason: Reason, language: str) -> str:
    parts = [part for part in (_finding(reason, language), _details(reason, language)) if part]
    text = _join(parts, language)
    colon = "：" if language == "zh" else ": "
    text = f"{reason.label}{colon}{text}" if text else reason.label
    if reason.readings:
        text += _bracketed(
            [f"{reading.label} {in_words(reading.value, language)}" for reading in reason.readings], language
        )
    if reason.missing:
        word = "缺少：" if language == "zh" else "missing: "
        labels = [label_of(model, path) if language == "zh" else path for path in reason.missing]
        text = _join([text, word + _listed(labels, language)], language)
    return text


def _finding(reason: Reason, language: str) -> str:
    """Return actual, required and shortfall."""
    words = []
    if reason.actual is not None:
        words.append(("现状 " if language == "zh" else "actual ") + in_words(reason.actual, language))
    if reason.required is not None:
        words.append(("标准 " if language == "zh" else "required ") + in_words(reason.required, language))
    if reason.shortfall is not None:
        upper = reason.required is not None and reason.required.en.startswith("<")
        word = ("超出 " if upper else "缺口 ") if language == "zh" else ("excess " if upper else "shortfall ")
        words.append(word + in_words(reason.shortfall, language))
    return _join(words, language)


def _details(reason: Reason, language: str) -> str:
    """Return lacking members and failing elements."""
    words = []
    if reason.members:
        words.append(("缺少：" if language == "zh" else "lacks: ") + _listed(reason.members, language))
    if reason.unsure:
        words.append(("未填报：" if language == "zh" else "not recorded: ") + _listed(reason.unsure, language))
    if reason.elements:
        number = len(reason.elements) + reason.others
        head = f"{number} 项不符合或待核实：" if language == "zh" else f"{number} not in order: "
        named = [_element(element, language) for element in reason.elements]
        words.append(head + _listed(named, language, reason.others))
    return _join(words, language)


def _element(element: Element, language: str) -> str:
    """Return the key of an element with what is wrong with it, in short."""
    told = [
        reason.label + (f" {in_words(reason.actual, language)}" if reason.actual is not None else "")
        for reason in element.reasons
    ]
    inner = ("、" if language == "zh" else ", ").join(told)
    return f"{element.key}（{inner}）" if language == "zh" else f"{element.key} ({inner})"


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


def _bracketed(parts: list[str], language: str) -> str:
    return f"（{'，'.join(parts)}）" if language == "zh" else f" ({', '.join(parts)})"


_STEP = re.compile(r"^([^.\[]+)(?:\[(\d+)\])?\.?")


def label_of(model: Model, path: str) -> str:
    """Return a path such as `teachers[2].degree` in the words of the labels: 教师名单 第2项 学历."""
    if path == "assessed_on":
        return "评定基准日"
    facts: dict[str, Fact] = model.facts_by_name
    words: list[str] = []
    while path and (step := _STEP.match(path)):
        name, number = step[1], step[2]
        path = path[step.end() :]
        fact = facts.get(name)
        if fact is None:
            words.append(name)
            continue
        words.append(fact.label + (f" 第{number}项" if number else ""))
        if fact.type.kind == "list":
            facts = model.records_by_name[fact.type.name].fields_by_name
        elif path:
            words.append(_part_label(fact, path))
            path = ""
    return " ".join(words)


def _part_label(fact: Fact, part: str) -> str:
    """Return the label of a member of a set, or the year of a series."""
    index = fact.type.index(part)
    if index is not None:
        return fact.type.members[index].label
    return f"{part}年" if part.isdigit() else part
