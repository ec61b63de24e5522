"""An earlier inspection beside this one: what was put right, what was not, what is new.

The earlier one is the `inspection.json` that it wrote; only names and statuses are read from it.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from attrs import field, frozen

from cedu_rules.diagnostics import InputError, InputIssue
from cedu_rules.messages import Words
from cedu_rules.report import Finding, Report
from cedu_rules.reports.inspection.plan import read_bytes
from cedu_rules.reports.inspection.tally import TierRun
from cedu_rules.results import Status

SIZE_LIMIT = 512 * 2**20

Key = tuple[str, str, str]
"""Tier, id (or else name or number) of the institution, id of the clause."""

KINDS = ("put_right", "not_put_right", "open", "new", "waived", "gone")

_EXPECTED = Words("the inspection.json of an earlier inspection", "上一次验收的 inspection.json")


@frozen
class Answer:
    """The status of a clause; `failing` where it fails, or would without a waiver."""

    status: str
    failing: bool
    name: str = ""
    title: str = ""


@frozen
class Earlier:
    """What an earlier inspection found; `digests` are those of the standards of its tiers."""

    assessed_on: str
    answers: Mapping[Key, Answer] = field(repr=False, hash=False)
    digests: Mapping[str, str] = field(repr=False, hash=False)


@frozen
class Difference:
    """One clause of one institution that failed in one of the two inspections, or in both.

    `kind` is `put_right` (failed, holds now or no longer applies), `not_put_right` (fails still), `open` (failed, not
    known now), `new` (fails now), `waived` (fails still, and is waived) or `gone` (the institution or clause is not in
    this inspection, or its input is impossible). `position` is that of the report in its run, None where it is gone.
    """

    kind: str
    tier: str
    institution: str
    clause: str
    before: str | None
    after: str | None
    position: int | None = None
    name: str = ""
    title: str = ""


def differences(earlier: Earlier, runs: Iterable[TierRun]) -> tuple[Difference, ...]:
    """Return the differences, in the order of this inspection, what is gone last; of its tiers alone."""
    listed = list(runs)
    tiers = {each.tier.name for each in listed}
    before = {key: answer for key, answer in earlier.answers.items() if key[0] in tiers}
    seen: set[Key] = set()
    found: list[Difference] = []
    for each in listed:
        for position, report in enumerate(each.run.reports):
            for finding in report.findings:
                key = (each.tier.name, identity(report, position), finding.clause.id)
                seen.add(key)
                kind = _kind(before.get(key), finding)
                if kind is not None:
                    was = before[key].status if key in before else None
                    names = (report.name or "", finding.clause.title)
                    found.append(Difference(kind, *key, was, finding.status.value, position, *names))
    gone = [(key, answer) for key, answer in before.items() if answer.failing and key not in seen]
    found += [Difference("gone", *key, was.status, None, None, was.name, was.title) for key, was in gone]
    return tuple(found)


def identity(report: Report, position: int) -> str:
    """Return what tells an institution apart from one inspection to the next."""
    return report.id or report.name or str(position + 1)


def _kind(before: Answer | None, finding: Finding) -> str | None:
    failed = before is not None and before.failing
    if finding.status is Status.FAIL:
        return "not_put_right" if failed else "new"
    if finding.underlying is Status.FAIL:
        return "waived"
    if not failed:
        return None
    return "open" if finding.status is Status.UNKNOWN else "put_right"


def read_earlier(path: Path) -> Earlier:
    """Return what an earlier inspection found.

    Raises:
        InputError: the file cannot be read, or is none.
    """
    raw = read_bytes(path, "compare", SIZE_LIMIT + 1)
    wrong = InputError([InputIssue("compare", path.name, _EXPECTED)])
    if len(raw) > SIZE_LIMIT:
        raise wrong
    try:
        data = json.loads(raw.decode("utf-8-sig"))
        digests = {str(tier): str(document["standard"]["digest"]) for tier, document in data["tiers"].items()}
        return Earlier(str(data["assessed_on"]), dict(_answers(data)), digests)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise wrong from None


def _answers(data: dict[str, Any]) -> Iterator[tuple[Key, Answer]]:
    for tier, document in data["tiers"].items():
        for number, institution in enumerate(document["institutions"], 1):
            found = str(institution["id"] or institution["name"] or number)
            for clause in institution["clauses"]:
                key = (str(tier), found, str(clause["id"]))
                names = (str(institution["name"] or ""), str(clause["title"]))
                yield key, Answer(str(clause["status"]), _failing(clause), *names)


def _failing(clause: dict[str, Any]) -> bool:
    """Return whether a clause failed, or would have without a waiver of it or of one of its demands."""
    musts = [item for item in clause["requirements"] if item["modality"] == "must"]
    waivers = [clause["waiver"], *(item["waiver"] for item in musts)]
    return clause["status"] == Status.FAIL or any(waiver and waiver["status"] == Status.FAIL for waiver in waivers)
