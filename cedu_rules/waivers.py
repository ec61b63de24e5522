"""Approved exemptions: which clause, or which requirement of it, is waived for whom and how long.

A waiver acts on the report and not on the meaning: the underlying answer stays visible beside it. It is in force from its
first to its last day, both included; on an unknown day no waiver is.
"""

from collections.abc import Iterable
from datetime import date

from attrs import frozen

from cedu_rules.messages import Words
from cedu_rules.model.ir import Model


@frozen
class Waiver:
    """One exemption.

    `requirement` is the number of one requirement in the clause, from 1, or None for the whole clause. `institution` is
    the id or name of one institution, `tier` the id of a standard whose institutions are all meant; one of the two is
    given. `last_day` None: without an end. `place` is where it stands in its file.
    """

    clause: str
    reason: str
    approver: str
    first_day: date
    last_day: date | None = None
    requirement: int | None = None
    institution: str | None = None
    tier: str | None = None
    place: str | None = None

    def in_force(self, day: date | None) -> bool:
        """Return whether the waiver holds on that day."""
        return day is not None and self.first_day <= day and (self.last_day is None or day <= self.last_day)

    def means(self, standard: str, names: Iterable[str | None]) -> bool:
        """Return whether the waiver is for an institution of a standard that goes by one of these names."""
        if self.tier is not None and self.tier != standard:
            return False
        return self.institution is None or self.institution in names


@frozen
class IdleWaiver:
    """A waiver that has no effect, and why."""

    waiver: Waiver
    why: Words

    def in_words(self, language: str = "zh") -> str:
        """Return place, waiver and reason on one line."""
        waiver = self.waiver
        number = "" if waiver.requirement is None else f"#{waiver.requirement}"
        who = waiver.institution or waiver.tier or ""
        place = f"{waiver.place}: " if waiver.place else ""
        return f"{place}{waiver.clause}{number} ({who}): {self.why.zh if language == 'zh' else self.why.en}"


def idle(
    waivers: Iterable[Waiver], model: Model, institutions: Iterable[tuple[str | None, str | None]], day: date | None
) -> tuple[IdleWaiver, ...]:
    """Return the waivers that are orphaned, expired or not yet in force, for institutions given by id and name.

    A waiver for another tier is none of this run's business and left out.
    """
    known = {name for names in institutions for name in names if name is not None}
    mine = [waiver for waiver in waivers if waiver.tier is None or waiver.tier == model.id]
    found = [(waiver, _why_idle(waiver, model, known, day)) for waiver in mine]
    return tuple(IdleWaiver(waiver, why) for waiver, why in found if why is not None)


def _why_idle(waiver: Waiver, model: Model, known: set[str], day: date | None) -> Words | None:
    clause = model.clauses_by_id.get(waiver.clause)
    if clause is None:
        return Words(
            f"orphaned: no clause `{waiver.clause}` in `{model.id}`",
            f"失去对象：`{model.id}` 中没有条款 `{waiver.clause}`",
        )
    if waiver.requirement is not None and not 1 <= waiver.requirement <= len(clause.requirements):
        number = len(clause.requirements)
        return Words(f"orphaned: the clause has {number} requirements", f"失去对象：该条款有 {number} 个考核要点")
    if waiver.institution is not None and waiver.institution not in known:
        return Words(f"orphaned: no institution `{waiver.institution}`", f"失去对象：没有机构 `{waiver.institution}`")
    if day is None:
        return Words("not in force: the day is not given", "未生效：未给定评定基准日")
    if day < waiver.first_day:
        return Words(f"not yet in force: from {waiver.first_day}", f"尚未生效：自 {waiver.first_day} 起")
    if not waiver.in_force(day):
        return Words(f"expired: until {waiver.last_day}", f"已过期：至 {waiver.last_day} 止")
    return None
