"""What an explanation is made of: one `Reason` an atomic condition that is not as it should be."""

from typing import NamedTuple

from cedu_rules.explain.amounts import Amount
from cedu_rules.explain.facts import Reading
from cedu_rules.messages import Words
from cedu_rules.truth import Truth


class Reason(NamedTuple):
    """Why one atomic condition is not as it should be.

    * `group`: reasons of different groups have each to be put right, from 0.
    * `limb`: within a group, which alternative of an `or` it stands in, from 0; 0 where there is none.
    * `needed`: how many of the alternatives are still needed.
    * `text`: the condition as the author wrote it; `negated` when it should not hold.
    * `truth`: False where it fails, None where it is unknown.
    * `label`: what it is about, for a reader; `left`: the same in the author's words.
    * `fact`: the fact where it is one; `facts`: all that it reads; `readings`: those with their values, where computed.
    * `actual`, `required`, `shortfall`: for a reader; with `_amount` the exact numbers, None where there is none.
    * `members`: labels of members that a set lacks; `unsure`: of those that nobody has recorded.
    * `elements`: the elements of a list that fail or may fail, by key, with `others` not listed.
    * `missing`: paths of the facts that are not recorded and matter.
    * `note`: why nothing can be said although all is recorded: a year outside a series, an empty list.
    """

    text: str
    truth: Truth
    label: str
    left: str
    group: int = 0
    limb: int = 0
    needed: int = 1
    negated: bool = False
    fact: str | None = None
    facts: tuple[str, ...] = ()
    readings: tuple[Reading, ...] = ()
    actual: Words | None = None
    required: Words | None = None
    shortfall: Words | None = None
    actual_amount: Amount | None = None
    required_amount: Amount | None = None
    shortfall_amount: Amount | None = None
    members: tuple[str, ...] = ()
    unsure: tuple[str, ...] = ()
    elements: tuple["Element", ...] = ()
    others: int = 0
    missing: tuple[str, ...] = ()
    note: Words | None = None


class Element(NamedTuple):
    """One element of a list: its key (or `#3`), its path, and what is wrong with it.

    `truth` is False where it fails, None where it may fail.
    """

    key: str
    path: str
    truth: Truth
    reasons: tuple[Reason, ...]
