"""A standard into one web page: no script, nothing loaded from elsewhere, readable at a desk, on a phone and in print.

The template escapes everything that it is given; only the style sheet, which is ours, goes in as it is, and a content
security policy forbids whatever is not that style sheet.
"""

import base64
import hashlib
from functools import cache
from importlib import resources

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from cedu_rules.model.ir import Model
from cedu_rules.reports.booklet.contents import booklet


def html(model: Model, language: str) -> str:
    """Return the page in `zh` or `en`; each clause has the anchor `c-ID`, each fact `f-NAME`."""
    style = _style()
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode("ascii")
    template = _environment().get_template("booklet.html.jinja")
    return template.render(
        booklet=booklet(model, language),
        style=Markup(style),  # noqa: S704 -- our own file
        style_hash=f"sha256-{digest}",
    )


@cache
def _style() -> str:
    path = resources.files("cedu_rules.reports") / "templates" / "booklet.css"
    return path.read_text(encoding="utf-8")


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("cedu_rules.reports", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
