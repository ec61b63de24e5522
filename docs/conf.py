"""How the pages of this folder become a site: `sphinx-build -W --keep-going docs OUT`."""

import ast
import inspect
import textwrap
from collections.abc import Iterator
from importlib import import_module
from typing import Any

from pygments.lexers.special import TextLexer
from pygments.token import Error, Text
from sphinx.application import Sphinx

from cedu_rules import __version__
from cedu_rules.authoring.highlighting import StandardLexer

project = "cedu_rules"
release = __version__
language = "en"
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
exclude_patterns = ["README.md", "**/node_modules"]

html_theme = "furo"
html_title = "cedu_rules"
html_copy_source = False
html_show_copyright = False
html_show_sphinx = False

highlight_language = "text"
default_role = "code"  # docstrings put names and text of standards between single backticks
myst_heading_anchors = 4
autodoc_member_order = "bysource"
autodoc_typehints_format = "short"
python_maximum_signature_line_length = 80

LISTED = ("errors/", "editors/", "examples/tutorial/")


class PageLexer(StandardLexer):
    """Colours standards with mistakes in them as well: what cannot be read stays plain."""

    name = "Standard in a page"
    aliases = ("std",)

    def get_tokens_unprocessed(self, text: str, *arguments: Any) -> Iterator[tuple[int, Any, str]]:  # noqa: ANN401
        """Yield the tokens, errors as plain text."""
        for place, kind, value in super().get_tokens_unprocessed(text, *arguments):
            yield place, Text if kind is Error else kind, value


def explain(app: Sphinx, kind: str, name: str, value: Any, options: Any, lines: list[str]) -> None:  # noqa: ANN401, ARG001
    """Give a cached property its docstring: in a class with slots, it stands in the source alone."""
    owner, _, attribute = name.rpartition(".")
    module, _, class_ = owner.rpartition(".")
    if kind == "attribute" and not any(lines):
        source = ast.parse(textwrap.dedent(inspect.getsource(getattr(import_module(module), class_))))
        [definition] = source.body
        found = [part for part in ast.walk(definition) if isinstance(part, ast.FunctionDef) and part.name == attribute]
        lines[:] = [line for part in found for line in (ast.get_docstring(part) or "").splitlines()]


def leave_out_of_menu(app: Sphinx, page: str, source: list[str]) -> None:  # noqa: ARG001 -- what Sphinx hands over
    """Keep pages that another page lists in a table out of the menu, which every page of the site shows."""
    if page.startswith(LISTED) and page not in {"errors/README", "editors/README"}:
        source[0] = f"---\norphan: true\n---\n{source[0]}"


def setup(app: Sphinx) -> None:
    """Colour `.std` text, show tables as they are, and keep the menu short."""
    app.add_lexer("std", PageLexer)
    app.add_lexer("csv", TextLexer)
    app.connect("autodoc-process-docstring", explain)
    app.connect("source-read", leave_out_of_menu)
