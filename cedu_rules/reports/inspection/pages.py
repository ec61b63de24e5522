"""Templates into pages: ours, or those of a folder that stand in for them by name.

Templates of others run in a sandbox and escape what they are given like ours. Whatever goes wrong in one becomes a
`TemplateProblem` that names its file and line.
"""

import base64
import hashlib
import traceback
from pathlib import Path
from typing import Any

from jinja2 import BaseLoader, ChoiceLoader, FileSystemLoader, PackageLoader, StrictUndefined, TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from cedu_rules.diagnostics import InputError, InputIssue
from cedu_rules.explain.amounts import Amount
from cedu_rules.messages import Words
from cedu_rules.reports.inspection.tables import Value
from cedu_rules.reports.inspection.words import say

STYLE = "inspection.css"
ENDING = ".html.jinja"

_TEMPLATE = Words("a jinja template that can be rendered", "可以渲染的 jinja 模板")
_UTF_8 = Words("a file saved as UTF-8", "另存为 UTF-8 的文件")
_STYLE_SHEET = Words("a style sheet without `</`", "不含 `</` 的样式表")
_MESSAGE_LIMIT = 200


class Pages:
    """Renders pages in one language; `folder` holds templates that go before ours."""

    def __init__(self, language: str, folder: Path | None = None) -> None:
        self.language = language
        loaders: list[BaseLoader] = [PackageLoader("cedu_rules.reports", "templates/inspection")]
        if folder is not None:
            loaders.insert(0, FileSystemLoader(folder))
        self.environment = ImmutableSandboxedEnvironment(
            loader=ChoiceLoader(loaders),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self.environment.globals.update(
            language=language,
            colon="：" if language == "zh" else ": ",
            semicolon="；" if language == "zh" else "; ",
            say=self._say,
            cell=_cell,
        )
        self.folder = folder
        self.style: tuple[str, str] | None = None

    def _say(self, name: str) -> str:
        return say(name, self.language)

    def render(self, page: str, **values: Any) -> str:  # noqa: ANN401 -- whatever the page shows
        """Return the page of that name.

        Raises:
            InputError: the template is wrong; the issue names its file and line.
        """
        name = page + ENDING
        try:
            style, digest = self._style()
            values |= {"style": Markup(style), "style_hash": digest}  # noqa: S704 -- a style sheet that cannot end itself
            return self.environment.get_template(name).render(**values)
        except InputError:
            raise
        except Exception as error:  # noqa: BLE001 -- a stranger's template fails in as many ways as code can
            raise InputError([_issue(error, self._undecoded(error) or name)]) from None

    def _undecoded(self, error: Exception) -> str | None:
        """Return the name of the template that is no UTF-8, where that is what went wrong."""
        if not isinstance(error, UnicodeDecodeError) or self.folder is None:
            return None
        files = (path for path in self.folder.rglob("*") if path.is_file() and path.stat().st_size == len(error.object))
        return next((path.name for path in files if path.read_bytes() == error.object), None)

    def _style(self) -> tuple[str, str]:
        """Return the style sheet with what a content security policy calls it."""
        if self.style is None:
            loader = self.environment.loader
            text = "" if loader is None else loader.get_source(self.environment, STYLE)[0]
            if "</" in text:
                raise InputError([InputIssue("templates", "</", _STYLE_SHEET, place=STYLE)])
            digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode("ascii")
            self.style = text, f"sha256-{digest}"
        return self.style


def _issue(error: Exception, name: str) -> InputIssue:
    """Return the issue of an error, at the innermost line of a template that it passed through."""
    place = name
    if isinstance(error, UnicodeDecodeError):
        return InputIssue("templates", f"0x{error.object[error.start]:02x}", _UTF_8, place=place)
    if isinstance(error, TemplateSyntaxError):
        place = f"{error.name or name}:{error.lineno}"
    else:
        lines = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.endswith(".jinja")]
        if lines:
            place = f"{Path(lines[-1].filename).name}:{lines[-1].lineno}"
    message = " ".join(str(error).split())[:_MESSAGE_LIMIT] or type(error).__name__
    return InputIssue("templates", message, _TEMPLATE, place=place)


def _cell(value: Value) -> str:
    """Return a value of a table as a page shows it."""
    if isinstance(value, Amount):
        return value.rounded(1)
    return "–" if value is None else str(value)
