"""A JSON report and a new run on the data into whether the report still holds, and where it does not.

A report holds when standard and data are those that it names, by their digests, and when every verdict and status is
what it says. Where the same version of the library evaluates, everything else that the report says of an institution is
compared, too: values, explanations, questions, repairs, and the numbers of the summary. In which language it was written
no key says, so that it has to hold in one of them. Places of input errors are not compared: files may be renamed.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

from attrs import frozen

from cedu_rules.diagnostics import InputError, InputIssue
from cedu_rules.explain.sentences import STATUS_WORDS, VERDICT_WORDS, in_words
from cedu_rules.messages import Words
from cedu_rules.report import FORMAT
from cedu_rules.reports.document import advice_of, document_with
from cedu_rules.reports.run import Run
from cedu_rules.reports.untrusted import NAME_LIMIT, visible

SIZE_LIMIT = 512 * 2**20
"""A report has at most so many bytes."""

_NAME = re.compile(r"[\w-]+")
_COST = re.compile(r"[0-9]{1,60}(/[1-9][0-9]{0,60})?")
_REPORT = Words(f"a JSON report of format {FORMAT}", f"格式为 {FORMAT} 的 JSON 报告")
_SMALLER = Words(f"at most {SIZE_LIMIT // 2**20} MB", f"不超过 {SIZE_LIMIT // 2**20} MB")
_READABLE = Words("a readable file", "可读取的文件")
_ABSENT = Words("absent", "无")
_DIFFERENT = Words("the same with other values or texts", "结论相同而数值或文字不同")
_AS_STATED = Words("as stated", "如所述")
_OTHERWISE = Words("otherwise", "有所不同")
_PARTS = {
    "underlying_verdict": Words("verdict without waivers", "豁免之前的评定结果"),
    "group": Words("group", "分组"),
    "errors": Words("input errors", "填报错误"),
    "questions": Words("questions", "待核实清单"),
    "shortest_way": Words("shortest way", "最少待核实事项"),
    "repairs": Words("repairs", "整改清单"),
    "plan": Words("plan for all together", "整体方案"),
}
"""What a report may say of an institution besides its verdict and clauses."""


@frozen
class Statement:
    """What a JSON report says, as far as a verification needs it."""

    standard: str
    described: Mapping[str, Any]
    language: str | None
    standard_digest: str | None
    input_digest: str | None
    library: str | None
    assessed_on: date | None
    group: str | None
    ignored: tuple[str, ...]
    immutable: tuple[str, ...]
    costs: Mapping[str, Fraction]
    errors: int
    has_advice: bool
    summary: Mapping[str, Any] | None
    institutions: tuple[Mapping[str, Any], ...]


@frozen
class Difference:
    """One thing that is not as the report says; `institution` is None where it is about the whole report."""

    institution: str | None
    about: Words
    was: Words
    now: Words

    def in_words(self, language: str) -> str:
        """Return it on one line, in `zh` or `en`."""
        colon = "：" if language == "zh" else ": "
        place = f"{self.institution}{colon}" if self.institution else ""
        was, now = in_words(self.was, language), in_words(self.now, language)
        if language == "zh":
            return f"{place}{self.about.zh}：报告为 {was}，现为 {now}"
        return f"{place}{self.about.en}: {was} in the report, {now} now"


@frozen
class Verification:
    """Whether a report holds, with every difference."""

    differences: tuple[Difference, ...]

    @property
    def holds(self) -> bool:
        """Whether nothing differs."""
        return not self.differences

    def lines(self, language: str) -> Iterator[str]:
        """Yield the answer, then each difference, in `zh` or `en`."""
        count = len(self.differences)
        if language == "zh":
            yield "报告仍然成立" if self.holds else f"报告与现有标准、数据不一致，共 {count} 处"
        else:
            yield "the report holds" if self.holds else f"the report does not hold: {count} differences"
        yield from (f"  {difference.in_words(language)}" for difference in self.differences)


def read_statement(path: Path) -> Statement:
    """Return what the JSON report in a file says.

    Raises:
        InputError: the file cannot be read, or is no such report.
    """
    try:
        if path.stat().st_size > SIZE_LIMIT:
            raise _unfit(path, _SMALLER)
        document = json.loads(path.read_bytes())
    except OSError as error:
        raise _unfit(path, _READABLE, error.strerror or "") from None
    except (ValueError, RecursionError):  # no JSON, no Unicode, a path with a null character, nested without end
        raise _unfit(path, _REPORT) from None
    try:
        return _statement(document)
    except (KeyError, TypeError, ValueError, AttributeError):
        raise _unfit(path, _REPORT) from None


def _unfit(path: Path, expected: Words, value: str = "") -> InputError:
    return InputError([InputIssue(visible(path.name), visible(value), expected)])


def _statement(document: Any) -> Statement:  # noqa: ANN401 -- JSON
    """Return the statement of a document; whatever has the wrong shape raises one of Python's own errors."""
    if document["format"] != FORMAT:
        raise ValueError
    options = document.get("options") or {}
    day = document["assessed_on"]
    institutions = tuple(dict(item) for item in document["institutions"])
    for item in institutions:
        clauses = [dict(clause) for clause in item["clauses"]]
        item["clauses"] = {str(clause["id"]): clause for clause in clauses}
        if len(item["clauses"]) < len(clauses):  # of two answers to one clause, readers may believe either
            raise ValueError
        item["verdict"] = str(item["verdict"])
    standard = str(document["standard"]["id"])
    if not _NAME.fullmatch(standard):  # a report names a standard, never a path on the machine of whoever verifies it
        raise ValueError
    group, ignored = options.get("group"), options.get("ignore") or []
    immutable, costs = options.get("immutable") or [], options.get("costs") or {}
    if not all(_COST.fullmatch(cost) for cost in costs.values()):
        raise ValueError
    return Statement(
        standard,
        dict(document["standard"]),
        document.get("language"),
        document["standard"]["digest"],
        document["input_digest"],
        document.get("library"),
        None if day is None else date.fromisoformat(day),
        None if group is None else str(group),
        tuple(str(column) for column in ignored),
        tuple(str(name) for name in immutable),
        {str(name): Fraction(cost) for name, cost in costs.items()},
        len(document.get("errors") or []),
        bool(options.get("advice")),
        None if document.get("summary") is None else dict(document["summary"]),
        institutions,
    )


def verify(statement: Statement, run: Run) -> Verification:
    """Return how a new run differs from what the report says.

    Raises:
        InputError: data cannot be read that the report could read, so that nothing can be told.
    """
    if run.issues and not statement.errors:
        raise InputError(run.issues)
    found: tuple[Difference, ...] = ()
    advice = advice_of(run) if statement.has_advice else None
    for language in ("zh", "en"):
        document = json.loads(json.dumps(document_with(run, language, advice)))
        differences = tuple(_differences(statement, document))
        if not differences:
            return Verification(())
        if not found or len(differences) < len(found):
            found = differences
    return Verification(found)


def _differences(statement: Statement, document: dict[str, Any]) -> Iterator[Difference]:
    pairs = (
        (Words("digest of the standard", "标准摘要值"), statement.standard_digest, document["standard"]["digest"]),
        (Words("digest of the input", "数据摘要值"), statement.input_digest, document["input_digest"]),
    )
    for about, was, now in pairs:
        if was != now:
            yield Difference(None, about, _text(was), _text(now))
    exact = statement.library == document["library"]
    if exact:
        yield from _of_the_whole(statement, document)
    if statement.summary is not None and _numbers(statement.summary, exact) != _numbers(document["summary"], exact):
        yield Difference(None, Words("summary", "汇总"), _AS_STATED, _OTHERWISE)
    current = _by_identity(document["institutions"])
    for key, before in _by_identity(statement.institutions).items():
        after = current.pop(key, None)
        if after is None:
            yield Difference(_title(before), Words("institution", "机构"), _verdict(before), _ABSENT)
        else:
            yield from _of_institution(before, after, exact=exact)
    for after in current.values():
        yield Difference(_title(after), Words("institution", "机构"), _ABSENT, _verdict(after))


def _of_the_whole(statement: Statement, document: dict[str, Any]) -> Iterator[Difference]:
    """Yield what the same version of the library says otherwise of the standard and the files."""
    same = statement.standard_digest == document["standard"]["digest"]
    if same and (statement.described, statement.language) != (document["standard"], document["language"]):
        yield Difference(None, Words("standard", "标准"), _AS_STATED, _OTHERWISE)
    if statement.errors != (errors := len(document["errors"])):
        yield Difference(
            None, Words("errors of no institution", "不属于机构的填报错误"), _text(statement.errors), _text(errors)
        )


def _by_identity(institutions: Iterable[Mapping[str, Any]]) -> dict[tuple[str, str, int], Mapping[str, Any]]:
    """Return the institutions by id, name, and how many before them have the same."""
    found: dict[tuple[str, str, int], Mapping[str, Any]] = {}
    for item in institutions:
        number = 0
        while (key := (str(item["id"]), str(item["name"]), number)) in found:
            number += 1
        found[key] = item
    return found


def _of_institution(before: Mapping[str, Any], after: Mapping[str, Any], *, exact: bool) -> Iterator[Difference]:
    title = _title(before)
    if before["verdict"] != after["verdict"]:
        yield Difference(title, Words("verdict", "评定结果"), _verdict(before), _verdict(after))
    clauses = {clause["id"]: clause for clause in after["clauses"]}
    for id_, was in before["clauses"].items():
        now = clauses.pop(id_, None)
        about = Words(f"`{visible(id_)}`", f"`{visible(id_)}`")
        if now is None:
            yield Difference(title, about, _status(was), _ABSENT)
        elif was.get("status") != now["status"]:
            yield Difference(title, about, _status(was), _status(now))
        elif exact and was != now:
            yield Difference(title, about, _status(was), _DIFFERENT)
    for id_, now in clauses.items():
        yield Difference(title, Words(f"`{id_}`", f"`{id_}`"), _ABSENT, _status(now))
    for name, about in _PARTS.items():
        if exact and name in before and _placeless(before[name]) != _placeless(after.get(name)):
            yield Difference(title, about, _AS_STATED, _OTHERWISE)


def _numbers(summary: Mapping[str, Any], exact: bool) -> Any:  # noqa: ANN401 -- JSON
    """Return what of a summary is compared: with another version of the library, the verdicts."""
    return summary if exact else summary.get("verdicts")


def _placeless(value: Any) -> Any:  # noqa: ANN401 -- JSON
    """Return a part of a report; of input errors what is wrong, without the file in which it stood."""
    if isinstance(value, list) and all(isinstance(item, dict) and "place" in item for item in value):
        return [(item.get("path"), item.get("value")) for item in value]
    return value


def _title(institution: Mapping[str, Any]) -> str:
    parts = [visible(str(institution[name]), NAME_LIMIT) for name in ("id", "name") if institution.get(name)]
    return " ".join(parts) or "—"


def _verdict(institution: Mapping[str, Any]) -> Words:
    return VERDICT_WORDS.get(institution["verdict"], _text(institution["verdict"]))


def _status(clause: Mapping[str, Any]) -> Words:
    status = str(clause.get("status"))
    return STATUS_WORDS.get(status, _text(status))


def _text(value: object) -> Words:
    if value is None:
        return _ABSENT
    return Words(visible(str(value), NAME_LIMIT), visible(str(value), NAME_LIMIT))
