"""Tests that the pages become a site without a warning, and that nothing is left out of it."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

import cedu_rules
from cedu_rules import testing

pytest.importorskip("sphinx")
pytest.importorskip("myst_parser")
pytest.importorskip("furo")

DOCS = Path(__file__).parent.parent / "docs"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the site, built as the page on documentation tells."""
    folder = tmp_path_factory.mktemp("site")
    options = ["-q", "-W", "--keep-going", "-d", str(folder / "doctrees")]
    built = subprocess.run(  # noqa: S603 -- our own pages
        [sys.executable, "-m", "sphinx", *options, str(DOCS), str(folder / "html")],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )

    assert (0, "") == (built.returncode, built.stderr)
    return folder / "html"


def test_the_site_has_every_page(site: Path) -> None:
    """Each page of the documentation is one of the site; the index for readers of the repository is not."""
    pages = {page.relative_to(DOCS) for page in DOCS.rglob("*.md") if "node_modules" not in page.parts}
    built = {page.relative_to(site).with_suffix(".md") for page in site.rglob("*.html")}

    assert {Path("README.md")} == pages - built


def test_the_reference_shows_the_grammar(site: Path) -> None:
    """The page on the grammar shows the very file that the parser reads."""
    page = (site / "grammar.html").read_text(encoding="utf-8")
    grammar = (DOCS.parent / "cedu_rules" / "syntax" / "std.lark").read_text(encoding="utf-8")
    rules = re.findall(r"^[?]?(\w+):", grammar, re.MULTILINE)

    assert rules
    assert [rule for rule in rules if f"{rule}:" not in re.sub(r"<[^>]*>", "", page)] == []


def test_the_reference_has_every_public_name(site: Path) -> None:
    """The page on the library explains each public name, of `cedu_rules` and of `cedu_rules.testing`."""
    page = (site / "api.html").read_text(encoding="utf-8")
    names = {f"cedu_rules.{name}" for name in cedu_rules.__all__ if name != "__version__"}
    names |= {f"cedu_rules.testing.{name}" for name in testing.__all__}

    assert [name for name in sorted(names) if f'id="{name}"' not in page] == []


def test_standards_are_in_colour(site: Path) -> None:
    """A standard in a page is coloured by the lexer of the library."""
    page = (site / "language.html").read_text(encoding="utf-8")

    assert 'class="highlight-std' in page
    assert re.search(r'<span class="k\w*">(must|clause)</span>', page)
