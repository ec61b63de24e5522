"""A report into JUnit XML for pipelines: a test suite an institution, a test case a clause.

The result is red exactly where `check` ends with a status other than 0:

    fail                    failure, with the explanation
    unknown                 error: whoever takes it for a pass is wrong
    not applicable, waived  skipped, with the reason
    recommendation          skipped where it is not met or open, for it does not count
    invalid input           a test case `input` with an error for each wrong value
"""

from xml.etree.ElementTree import Element, SubElement, tostring

from cedu_rules.reports.paper import Entry, Institution, Paper
from cedu_rules.reports.untrusted import visible
from cedu_rules.results import Status


def junit(paper: Paper) -> bytes:
    """Return the XML."""
    root = Element("testsuites", name=paper.title)
    if paper.errors:
        suite = _suite(root, paper, paper.word("errors"))
        _input_case(suite, paper, paper.errors)
    for institution in paper.institutions:
        _institution(root, paper, institution)
    for suite in root:
        cases = suite.findall("testcase")
        suite.set("tests", str(len(cases)))
        for name, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            suite.set(name, str(sum(case.find(tag) is not None for case in cases)))
    for name in ("tests", "failures", "errors"):
        root.set(name, str(sum(int(suite.get(name, "0")) for suite in root)))
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode").encode() + b"\n"


def _suite(root: Element, paper: Paper, name: str) -> Element:
    """Return a new suite; the receipt stands in its properties."""
    suite = SubElement(root, "testsuite", name=name)
    properties = SubElement(suite, "properties")
    for label, value in paper.receipt:
        SubElement(properties, "property", name=label, value=value)
    return suite


def _institution(root: Element, paper: Paper, institution: Institution) -> None:
    suite = _suite(root, paper, institution.title)
    if institution.errors:
        _input_case(suite, paper, institution.errors)
    for item, status in zip(paper.summary.clauses, institution.statuses, strict=False):  # none where input is invalid
        if not institution.shows(item.number):
            continue
        citation = item.clause.citation
        place = ".".join(visible(part) for part in (paper.run.model.id, citation.section, citation.subsection))
        name = visible(f"{item.clause.id} {item.clause.title}")
        case = SubElement(suite, "testcase", classname=place, name=name)
        _answer(case, paper, status, institution.entry(item.number), advisory=item.clause.advisory)


def _input_case(suite: Element, paper: Paper, lines: tuple[str, ...]) -> None:
    case = SubElement(suite, "testcase", classname=paper.run.model.id, name="input")
    error = SubElement(case, "error", type="invalid", message=lines[0])
    error.text = "\n".join(lines)


def _answer(case: Element, paper: Paper, status: Status, entry: Entry | None, *, advisory: bool) -> None:
    """Write what a pipeline makes of the status."""
    if status is Status.PASS:
        return
    tag = "failure" if status is Status.FAIL else "error" if status is Status.UNKNOWN and not advisory else "skipped"
    lines = () if entry is None else (*entry.lines, *([entry.waiver] if entry.waiver else []))
    first = f"{paper.status_word(status)}{': ' if lines else ''}{lines[0] if lines else ''}"
    answer = SubElement(case, tag, message=first)
    if tag != "skipped":
        answer.set("type", status.value)
    answer.text = "\n".join(lines)
