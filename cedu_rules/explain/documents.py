"""Reasons into their JSON form: amounts as exact texts, words in English."""

from typing import Any

from cedu_rules.explain.amounts import Amount
from cedu_rules.explain.reason import Element, Reason
from cedu_rules.messages import Words


def reason_to_dict(reason: Reason) -> dict[str, Any]:
    """Return the JSON form of a reason."""
    return {
        "group": reason.group,
        "limb": reason.limb,
        "needed": reason.needed,
        "text": " ".join(reason.text.split()),
        "negated": reason.negated,
        "label": reason.label,
        "left": reason.left,
        "fact": reason.fact,
        "facts": list(reason.facts),
        "actual": _english(reason.actual),
        "required": _english(reason.required),
        "shortfall": _english(reason.shortfall),
        "actual_value": _amount(reason.actual_amount),
        "required_value": _amount(reason.required_amount),
        "shortfall_value": _amount(reason.shortfall_amount),
        "from": [
            {"fact": item.fact, "label": item.label, "value": item.value.en, "exact": _amount(item.exact)}
            for item in reason.readings
        ],
        "lacking": list(reason.members),
        "not_recorded": list(reason.unsure),
        "elements": [_element(element) for element in reason.elements],
        "other_elements": reason.others,
        "missing": list(reason.missing),
        "note": _english(reason.note),
    }


def _english(words: Words | None) -> str | None:
    return None if words is None else words.en


def _amount(amount: Amount | None) -> dict[str, str] | None:
    return None if amount is None else amount.to_dict()


def _element(element: Element) -> dict[str, Any]:
    return {"key": element.key, "path": element.path, "reasons": [reason_to_dict(reason) for reason in element.reasons]}
