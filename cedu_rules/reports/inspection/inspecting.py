"""An inspection file into the papers of an inspection, told line by line: what `cedu-rules inspect` does."""

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeAlias

from cedu_rules.diagnostics import InputError, InputIssue
from cedu_rules.explain.sentences import VERDICT_WORDS
from cedu_rules.messages import Words
from cedu_rules.reports.checking import Progress
from cedu_rules.reports.inspection.comparing import Earlier, read_earlier
from cedu_rules.reports.inspection.evaluating import Inspection, inspect
from cedu_rules.reports.inspection.folder import OutputFolder
from cedu_rules.reports.inspection.papers import Written, write_papers
from cedu_rules.reports.inspection.plan import read_plan
from cedu_rules.reports.inspection.words import spoken
from cedu_rules.results import Verdict

Tell: TypeAlias = Callable[[str], None]
"""Is told one line, which may hold what strangers wrote."""

WRONG = 2

_WRITTEN = Words("{count} files in `{folder}`", "已写出 {count} 个文件，位于 `{folder}`")
_NOBODY = Words("there are no institutions in the data", "数据中没有机构")


def run_inspection(
    path: Path,
    folder: Path,
    *,
    language: str,
    earlier: Path | None = None,
    templates: Path | None = None,
    out: Tell,
    warn: Tell,
    progress: Progress = iter,
) -> int:
    """Inspect, write the papers, and return the exit status: 2 for input errors, 1 where one does not conform, else 0.

    Args:
        path: The inspection file.
        folder: Where the papers go.
        language: `zh` or `en`.
        earlier: The `inspection.json` of an earlier inspection to compare with.
        templates: A folder of templates that go before ours.
        out: Is told the result.
        warn: Is told what is wrong.
        progress: Passes the submissions of a tier on, and may show how many are done.

    Raises:
        InputError: the inspection file cannot be read, with every issue in it; or the folder cannot be written to.
    """
    plan = read_plan(path)
    OutputFolder(folder).make()
    issues: list[InputIssue] = []
    before: Earlier | None = None
    if earlier is not None:
        try:
            before = read_earlier(earlier)
        except InputError as error:
            issues += error.issues
    inspection = inspect(plan, language=language, progress=progress)
    written = write_papers(inspection, folder, language=language, earlier=before, templates=templates)
    issues += written.issues
    for line in _faults(inspection, language):
        warn(line)
    for issue in issues:
        warn(issue.line(language))
    for remark in written.remarks:
        warn(remark)
    for line in _result(inspection, written, folder, language):
        out(line)
    return WRONG if issues else inspection.exit_status


def _faults(inspection: Inspection, language: str) -> Iterator[str]:
    """Yield what is wrong with the input, each with its tier."""
    for tier, message in inspection.problems:
        yield f"{tier}: {message}"
    for issue in inspection.issues:
        yield issue.line(language)
    for warning in inspection.warnings:
        yield f"warning: {warning.line(language)}"
    for each in inspection.runs:
        name = each.tier.name
        yield from (f"{name}: warning: {warning.line(language)}" for warning in each.run.warnings)
        yield from (f"{name}: {issue.line(language)}" for issue in each.run.all_issues)
        if not each.run.reports and not each.run.all_issues:
            yield f"{name}: warning: {spoken(_NOBODY, language)}"
    for idle in inspection.idle_waivers:
        yield f"warning: {idle.in_words(language)}"


def _result(inspection: Inspection, written: Written, folder: Path, language: str) -> Iterator[str]:
    colon, comma = ("：", "，") if language == "zh" else (": ", ", ")
    for each in inspection.runs:
        counts = Counter(report.verdict for report in each.run.reports)
        listed = [
            f"{spoken(VERDICT_WORDS[verdict], language)} {counts[verdict]}" for verdict in Verdict if counts[verdict]
        ]
        yield f"{each.label(language)} {len(each.run.reports)}{colon}{comma.join(listed)}"
    yield _WRITTEN.filled(language, {"count": len(written.files), "folder": folder})
