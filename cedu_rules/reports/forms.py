"""A run into the bytes of a file, in the form that was asked for."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from cedu_rules.diagnostics import UnsupportedError
from cedu_rules.reports.run import Run
from cedu_rules.reports.selection import Selection

if TYPE_CHECKING:
    from cedu_rules.reports.paper import Paper
    from cedu_rules.reports.parallel import Workers

FORMS = ("html", "xlsx", "markdown", "junit")
"""The forms that `render` writes; text and JSON are written as they come."""


def render(
    run: Run,
    form: str,
    language: str,
    selection: Selection | None = None,
    *,
    advice: bool | None = None,
    workers: "Workers | None" = None,
) -> bytes:
    """Return the report in one of `FORMS`, in `zh` or `en`; the other arguments are those of `paper_of`.

    Raises:
        UnsupportedError: a workbook is asked for and openpyxl is not installed.
    """
    from cedu_rules.reports.paper import paper_of  # noqa: PLC0415 -- text and JSON need none

    if form == "junit":  # tells none of it
        advice = False
    return _WRITERS[form](paper_of(run, language, selection, advice=advice, workers=workers))


def _html(paper: "Paper") -> bytes:
    from cedu_rules.reports.html import html  # noqa: PLC0415 -- each form loads its own libraries

    return html(paper).encode()


def _xlsx(paper: "Paper") -> bytes:
    try:
        from cedu_rules.reports.xlsx import xlsx  # noqa: PLC0415
    except ImportError:
        raise UnsupportedError(["workbooks; install them with `pip install 'cedu_rules[xlsx]'`"]) from None
    return xlsx(paper)


def _markdown(paper: "Paper") -> bytes:
    from cedu_rules.reports.markdown import markdown  # noqa: PLC0415

    return markdown(paper).encode()


def _junit(paper: "Paper") -> bytes:
    from cedu_rules.reports.junit import junit  # noqa: PLC0415

    return junit(paper)


_WRITERS: dict[str, Callable[["Paper"], bytes]] = {"html": _html, "xlsx": _xlsx, "markdown": _markdown, "junit": _junit}
