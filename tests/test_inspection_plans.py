"""Tests of plans of an inspection: what they say holds, and what is wrong in one is told."""

from pathlib import Path

import pytest
from openpyxl import load_workbook

from cedu_rules.diagnostics import InputError
from cedu_rules.reports import paper
from cedu_rules.reports.inspection.plan import read_plan
from tests.inspections import INSTITUTIONS, PLAN, TEACHERS, inspected, status_of, written


@pytest.mark.parametrize(
    ("top", "tier", "told"),
    [
        ('immutable = ["area"]', "", "只有“面积”变动才能达标"),
        ("", 'immutable = "area"', "只有“面积”变动才能达标"),
        ("costs = { area = 0.5 }", "costs = { area = 3000 }", "面积增加 100 平方米"),
    ],
)
def test_immutable_facts_are_in_no_notice(tmp_path: Path, top: str, tier: str, told: str) -> None:
    """What the plan calls immutable, for all tiers or for one, no repair of a notice changes."""
    plan = top + PLAN.replace('group = "town"', f'group = "town"\n{tier}')
    done = inspected(written(tmp_path, plan), tmp_path / "out")

    assert told in done.page("notices/small-A.html")
    assert [] == [line for line in done.warnings if "immutable" in line or "costs" in line]


def test_an_unknown_fact_in_a_plan_is_told(tmp_path: Path) -> None:
    """An immutable fact that no tier has, or not its own tier, is told with the nearest; the papers are written."""
    plan = 'immutable = ["ara"]\ncosts = { aera = 1 }' + PLAN.replace('group = "town"', 'immutable = "aera"')
    done = inspected(written(tmp_path, plan), tmp_path / "out")

    expected = "expected the name or path of a fact; did you mean `area`?"
    told = [line for line in done.warnings if expected.partition(";")[0] in line or "事实的名称或路径" in line]
    assert ["tiers.small.immutable: `aera`", "immutable: `ara`", "costs: `aera`"] == [
        line.partition("；")[0] for line in told
    ]
    assert 2 == done.status
    assert (done.folder / "notices" / "small-A.html").exists()


def test_a_broken_plan_tells_everything_at_once(tmp_path: Path) -> None:
    """Unknown keys with a hint, wrong types, missing values, names that are no file names."""
    path = tmp_path / "plan.toml"
    path.write_text(
        'date = "2022-12-15"\ntitel = "x"\nrectify_by = 3\nwaivers = [1]\ncosts = { a = nan, b = -1 }\n'
        '[tiers."../x"]\nstandard = 1\n[tiers.a]\nstandard = "school"\nfiles = []\ndue = -1\ngroup = "g"\ngroups = {a = "b"}\n',
        encoding="utf-8",
    )
    with pytest.raises(InputError) as raised:
        read_plan(path)
    told = [issue.path for issue in raised.value.issues]

    assert {
        "date",
        "titel",
        "rectify_by",
        "waivers",
        "costs",
        "tiers",
        "tiers.../x.standard",
        "tiers.../x.files",
    } <= set(told)
    assert {"tiers.a.files", "tiers.a.due", "tiers.a.group"} <= set(told)
    assert "did you mean `title`?" in str(raised.value)


def test_a_tier_that_cannot_be_inspected_does_not_stop_the_others(tmp_path: Path) -> None:
    """No such standard, a standard with mistakes, missing files: each is told with its tier."""
    plan = PLAN + (
        '[tiers.none]\nstandard = "no-such"\nfiles = ["a.csv"]\n'
        '[tiers.wrong]\nstandard = "wrong.std"\nfiles = ["a.csv"]\n'
        '[tiers.lost]\nstandard = "small.std"\nfiles = ["a.csv"]\n'
    )
    done = inspected(written(tmp_path, plan, **{"wrong.std": "standard"}), tmp_path / "out")

    assert 2 == done.status
    for tier in ("none", "wrong", "lost"):
        assert [line for line in done.warnings if line.startswith(f"{tier}: ")], tier
    assert ["fails", "undetermined", "invalid"] == done.verdicts("small")
    assert "no-such" in done.page("summary.html")


def test_waivers_of_an_inspection_are_told_once(tmp_path: Path) -> None:
    """One without a tier is orphaned only where no tier has it, and one of another tier is told, too."""
    plan = PLAN.replace('title = "验收"', 'waivers = "waivers.yaml"') + (
        '[tiers.other]\nstandard = "school"\nfiles = ["other.json"]\n'
    )
    keys = "reason: r, approver: p, from: 2022-01-01"
    waivers = (
        f"- {{clause: space, institution: A, {keys}}}\n"
        f"- {{clause: space, institution: Z, {keys}}}\n"
        f"- {{clause: space, tier: nowhere, {keys}}}\n"
    )
    files = {"waivers.yaml": waivers, "other.json": '[{"id": "S"}]'}
    done = inspected(written(tmp_path, plan, **files), tmp_path / "out")
    idle = [line for line in done.warnings if "失去对象" in line]

    assert 2 == len(idle), idle
    assert "`Z`" in idle[0]
    assert "nowhere" in idle[1]
    assert "waived" == status_of(done, "A", "space")
    assert "豁免之前" in done.page("summary.html")


def test_a_notice_has_its_plan_however_many_institutions_there_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each institution is owed its whole paper: the limit of a report for brief repairs and questions does not count."""
    institutions = INSTITUTIONS.splitlines()[0] + "\nA,甲校,东镇,400,2,否,否,9\n"
    files = {"institutions.csv": institutions, "teachers.csv": TEACHERS.partition("B,")[0]}
    expected = inspected(written(tmp_path, **files), tmp_path / "few")
    monkeypatch.setattr(paper, "THOROUGH_LIMIT", 0)
    found = inspected(tmp_path / "plan.toml", tmp_path / "many")

    for name in ("notices.html", "open-institutions.html", "open-inspectors.html"):
        assert expected.page(name) == found.page(name)
    assert "整改清单（整体方案）" in found.page("notices.html")


def test_the_same_inspection_gives_the_same_bytes(tmp_path: Path) -> None:
    """Files of two runs are equal, workbooks too, so that their digests tell what has changed."""
    first, second = (inspected(written(tmp_path), tmp_path / name) for name in ("first", "second"))

    assert first.document["files"] == second.document["files"]
    assert {"summary.xlsx", "visits/small.xlsx"} <= first.document["files"].keys()


def test_groups_of_due_institutions_alone_are_counted(tmp_path: Path) -> None:
    """A town without any record stands in the summary with what is due."""
    done = inspected(written(tmp_path), tmp_path / "out")
    sheet = load_workbook(done.folder / "summary.xlsx")["分组、分层级汇总"]
    rows = {row[0]: row[2:] for row in sheet.iter_rows(min_row=2, values_only=True)}

    assert (2, 2, 0, 0, 1, 1, 0) == rows["东镇"]
    assert (1, 0, 1, 0, 0, 0, 0) == rows["南镇"]
    assert (1, 1, 0, 0, 0, 0, 1) == rows["西镇"]
