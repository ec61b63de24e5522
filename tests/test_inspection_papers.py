"""Tests of the folder that an inspection writes: names, foreign files, templates of the user, and the command."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from cedu_rules.cli import cli
from cedu_rules.reports.inspection import papers
from cedu_rules.reports.inspection.file_names import LENGTH_LIMIT, FileNames
from tests.inspections import (
    INSTITUTIONS,
    PLAN,
    inspected,
    written,
)

# --- the folder ------------------------------------------------------------------------------------------------------


def test_hostile_names_stay_inside_and_are_escaped(tmp_path: Path) -> None:
    """Paths, markup, formulas and control characters in ids: safe file names, inert text, nothing outside."""
    ids = ["../../etc/passwd", "a/b", "A/B", "..", "=1+1", "<script>alert(1)</script>", "长" * 300, "\x1b[31m\u202e"]
    listed = [{"id": id_, "name": f"{id_}<b>", "town": "=HYPERLINK(1)", "area": 1} for id_ in ids]
    plan = PLAN.replace('"institutions.csv", "teachers.csv"', '"hostile.json"')
    done = inspected(written(tmp_path, plan, **{"hostile.json": json.dumps(listed)}), tmp_path / "deep" / "out")
    notices = [path.name for path in (done.folder / "notices").iterdir()]

    assert len(ids) == len(notices) == len({name.casefold() for name in notices})
    assert all(re.fullmatch(r"small-[\w-]{1,58}\.html", name) for name in notices)
    assert {"deep", "out"} >= {path.name for path in tmp_path.iterdir() if path.is_dir()}
    for path in done.folder.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert "<script" not in text
        assert "\u202e" not in text
    for path in done.folder.rglob("*.xlsx"):
        cells = [cell for sheet in load_workbook(path) for row in sheet.iter_rows() for cell in row]
        assert not [cell for cell in cells if cell.data_type == "f"]


@given(st.lists(st.text(max_size=80), max_size=8))
def test_file_names_are_safe_and_each_its_own(texts: list[str]) -> None:
    """Whatever the ids are, the names have no separators and dots, are not too long, and differ on every system."""
    names = FileNames()
    found = [names.new(text) for text in texts]

    assert len({name.casefold() for name in found}) == len(found)
    assert all(re.fullmatch(r"[\w-]+", name) for name in found)
    assert all(len(name) <= LENGTH_LIMIT + 4 for name in found)


def test_foreign_files_are_left_alone_and_old_notices_taken_away(tmp_path: Path) -> None:
    """A notice that no longer holds goes; one that somebody changed, and whatever is not ours, stays."""
    first = inspected(written(tmp_path), tmp_path / "out")
    (first.folder / "notices" / "mine.html").write_text("mine", encoding="utf-8")
    assert (first.folder / "notices" / "small-A.html").exists()
    conforming = INSTITUTIONS.replace("A,甲校,东镇,400", "A,甲校,东镇,500")
    inspected(written(first.folder.parent, **{"institutions.csv": conforming}), first.folder)

    assert ["mine.html"] == sorted(path.name for path in (first.folder / "notices").iterdir())

    inspected(written(first.folder.parent), first.folder)
    (first.folder / "notices" / "small-A.html").write_text("changed", encoding="utf-8")
    inspected(written(first.folder.parent, **{"institutions.csv": conforming}), first.folder)

    assert ["mine.html", "small-A.html"] == sorted(path.name for path in (first.folder / "notices").iterdir())


def test_links_are_not_followed_out_of_the_folder(tmp_path: Path) -> None:
    """A link in the folder is replaced, or what lies behind one that is a folder is not written."""
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "summary.html").write_text("mine", encoding="utf-8")
    out = tmp_path / "out"
    out.mkdir()
    (out / "summary.html").symlink_to(outside / "summary.html")
    (out / "notices").symlink_to(outside)
    done = inspected(written(tmp_path), out)

    assert ["summary.html"] == [path.name for path in outside.iterdir()]
    assert "mine" == (outside / "summary.html").read_text(encoding="utf-8")
    assert [line for line in done.warnings if "notices" in line]
    assert 2 == done.status


def test_a_folder_that_cannot_be_made_is_told_once(tmp_path: Path) -> None:
    """One sentence, before anything is evaluated."""
    path = written(tmp_path)
    result = CliRunner().invoke(cli, ["inspect", str(path), "-o", str(path / "out")])

    assert 2 == result.exit_code
    assert 1 == len(result.output.splitlines()), result.output
    assert f"output: `{path / 'out'}`" in result.output


def test_without_openpyxl_the_rest_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One sentence says how to install it."""
    monkeypatch.setattr(papers, "find_spec", lambda _: None)
    done = inspected(written(tmp_path), tmp_path / "out")

    assert [line for line in done.warnings if "pip install 'cedu_rules[xlsx]'" in line]
    assert [] == list(done.folder.rglob("*.xlsx"))
    assert (done.folder / "inspection.json").exists()


# --- templates -------------------------------------------------------------------------------------------------------


def test_own_templates_go_before_ours(tmp_path: Path) -> None:
    """A template of the same name stands in for ours and escapes like it."""
    own = tmp_path / "own"
    own.mkdir()
    (own / "notice_body.html.jinja").write_text("<p>本市通知 {{ notice.title }}</p>", encoding="utf-8")
    files = {"institutions.csv": INSTITUTIONS.replace("甲校", "<甲>")}
    done = inspected(written(tmp_path, **files), tmp_path / "out", templates=own)

    assert "<p>本市通知 A &lt;甲&gt;</p>" in done.page("notices/small-A.html")
    assert "本市通知" in done.page("notices.html")


@pytest.mark.parametrize(
    ("name", "text", "place"),
    [
        ("notice_body.html.jinja", "\n{{ notice.titel }}", "notice_body.html.jinja:2"),
        ("notice_body.html.jinja", "{% if %}", "notice_body.html.jinja:1"),
        ("notice.html.jinja", "{{ notice.__class__.__mro__ }}", "notice.html.jinja:1"),
        ("notice.html.jinja", "{{ 1 / 0 }}", "notice.html.jinja:1"),
        ("summary.html.jinja", "{% include 'none.jinja' %}", "summary.html.jinja:1"),
        ("lacking.html.jinja", "{% for x in range(1000000) %}{% endfor %}", "lacking.html.jinja:1"),
        ("inspection.css", "</style><script>", "inspection.css"),
        ("base.html.jinja", "\udcff", "base.html.jinja"),
    ],
)
def test_a_template_that_is_wrong_is_told_in_one_sentence(tmp_path: Path, name: str, text: str, place: str) -> None:
    """The sentence names the file and the line; nothing of Python is reached; data is written all the same."""
    own = tmp_path / "own"
    own.mkdir()
    (own / name).write_text(text, encoding="utf-8", errors="surrogateescape")
    done = inspected(written(tmp_path), tmp_path / "out", templates=own)

    assert [line for line in done.warnings if place in line and "templates: " in line], done.warnings
    assert 2 == done.status
    assert (done.folder / "inspection.json").exists()


# --- the command -----------------------------------------------------------------------------------------------------


@pytest.fixture
def invoked(tmp_path: Path) -> Callable[..., Any]:
    """Return the command on the small city, with further options."""
    path = written(tmp_path)
    return lambda *options: CliRunner().invoke(cli, ["inspect", str(path), "-o", str(tmp_path / "out"), *options])


def test_the_command_writes_english_papers(invoked: Callable[..., Any], tmp_path: Path) -> None:
    """In English the words are those of the table, and the status is that of the input."""
    result = invoked("--lang", "en")

    assert 2 == result.exit_code
    assert "small 3: fails 1, undetermined 1, invalid 1" in result.output
    notice = (tmp_path / "out" / "notices" / "small-A.html").read_text(encoding="utf-8")
    assert "Notice of rectification" in notice
    assert "lead unit" in notice
    assert "整改" not in notice.replace("“小标准”", "")


def test_the_status_is_that_of_check(tmp_path: Path) -> None:
    """1 where one does not conform, 0 where all do."""
    good = "id,town,area,teachers,light,rules.finance,rules.staff,registered.2022\nA,东镇,500,2,是,是,是,10\n"
    teachers = "institution,name,full_time\nA,甲,是\nA,乙,是\n"
    files = {"institutions.csv": good, "teachers.csv": teachers}

    assert 0 == inspected(written(tmp_path, **files), tmp_path / "out").status
    files["institutions.csv"] = good.replace("500", "")
    assert 1 == inspected(written(tmp_path, **files), tmp_path / "out").status


def test_the_command_tells_a_broken_plan(tmp_path: Path) -> None:
    """A plan that cannot be read is one sentence a mistake, status 2, and nothing is written."""
    path = tmp_path / "plan.toml"
    path.write_text("date = ", encoding="utf-8")
    result = CliRunner().invoke(cli, ["inspect", str(path), "-o", str(tmp_path / "out")])

    assert 2 == result.exit_code
    assert "plan.toml: file: `plan.toml`" in result.output
    assert not (tmp_path / "out").exists()
