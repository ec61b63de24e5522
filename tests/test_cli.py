"""The command line as a user meets it: what it prints where, and the status it ends with."""

import json
import os
import pty
import re
import select
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import cedu_rules as cr
from cedu_rules import cli

ROOT = Path(__file__).parent.parent
TRIAL = """\
standard trial "试行标准"
source "试行办法" annex 1
effective from 2022-09-01
facts {
  area      : m2 "面积"
  computers : count "电脑"
  opened    : date "成立日期"
  open_day  : judged bool "开放"
}
section "设施" "场所" {
  clause floor_area "面积够用" {
    must area >= 500 m2 "不少于500平方米"
    example pass { area: 500 m2 }
    example fail { area: 499.99 m2 }
    example unknown { }
  }
  clause equipment "电脑够用" {
    must computers >= 20
    note "只数能用的。"
    example pass { computers: 20 }
  }
}
section "队伍" "培训" {
  clause recent "近一年成立" {
    must opened > assessed_on - 1 year
    example pass { opened: 2022-06-01, assessed_on: 2022-12-15 }
  }
}
"""
BROKEN = TRIAL.replace("area >= 500 m2 ", "aera >= 500 m2 ").replace("computers >= 20", "computers >= 20 m2")
ROWS = "id,name,area,computers,opened\n"
GOOD = ROWS + "S1,一校,500,20,2022-06-01\n"
MIXED = GOOD + "S2,二校,420,20,2022-06-01\nS3,三校,,20,2022-06-01\n"
WRONG = MIXED + "S4,四校,不详,-2,2022-06-01\n"
DAY = ("--on", "2022-12-15")

CONFORMS, FAILS, ERROR, INTERRUPTED = 0, 1, 2, 130


class Result(NamedTuple):
    """What a call printed and how it ended."""

    status: int
    output: str
    errors: str


Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Return a function that runs the command in a folder with the trial standard and some data."""
    for name, text in {"trial.std": TRIAL, "good.csv": GOOD, "mixed.csv": MIXED, "wrong.csv": WRONG}.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    def call(*arguments: object) -> Result:
        monkeypatch.setattr(sys, "argv", ["cedu-rules", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        captured = capsys.readouterr()
        return Result(ended.value.code or 0, captured.out, captured.err)  # type: ignore[arg-type]

    return call


def check(run: Run, data: str, *options: object) -> Result:
    """Check data against the trial standard on a fixed day."""
    return run("check", "trial.std", data, *DAY, *options)


def alone(*arguments: object, cwd: Path, **options: Any) -> subprocess.CompletedProcess[bytes]:  # noqa: ANN401
    """Run the command in a process of its own."""
    command = [sys.executable, "-m", "cedu_rules", *map(str, arguments)]
    return subprocess.run(command, cwd=cwd, capture_output=True, check=False, timeout=120, **options)  # noqa: S603


class TestCheck:
    """`cedu-rules check`."""

    @pytest.mark.parametrize(
        ("data", "status"), [("good.csv", CONFORMS), ("mixed.csv", FAILS), ("wrong.csv", ERROR), ("none.csv", ERROR)]
    )
    def test_ends_with_what_it_found(self, run: Run, data: str, status: int) -> None:
        """0 where all conform, 1 where one fails or is open, 2 where the input is wrong, which wins over 1."""
        assert status == check(run, data).status

    def test_ends_with_one_where_an_institution_is_open(self, run: Run, tmp_path: Path) -> None:
        """Nothing known is no success."""
        (tmp_path / "open.csv").write_text("id,area\nS1,\n", encoding="utf-8")

        assert check(run, "open.csv").status == FAILS

    @pytest.mark.parametrize(("name", "content"), [("none.csv", ROWS), ("none.json", "[]"), ("none.yaml", "")])
    def test_warns_of_no_institutions(self, run: Run, tmp_path: Path, name: str, content: str) -> None:
        """Files without institutions are no error, but somebody should know."""
        (tmp_path / name).write_text(content, encoding="utf-8")
        result = check(run, name)

        assert (CONFORMS, "warning: there are no institutions in the data\n") == (result.status, result.errors)

    @pytest.mark.parametrize(
        ("name", "content"),
        [
            ("data.csv", MIXED),
            ("data.tsv", MIXED.replace(",", "\t")),
            (
                "data.json",
                '[{"id": "S1", "area": 500, "computers": 20, "opened": "2022-06-01"}, {"id": "S2", "area": "420㎡"}]',
            ),
            ("data.yaml", "- {id: S1, area: 500, computers: 20, opened: 2022-06-01}\n- {id: S2, 面积: 420平方米}\n"),
        ],
    )
    def test_reads_every_kind_of_file(self, run: Run, tmp_path: Path, name: str, content: str) -> None:
        """The same institutions come out of each format."""
        (tmp_path / name).write_text(content, encoding="utf-8")
        result = check(run, name, "--format", "json")
        verdicts = {each["id"]: each["verdict"] for each in json.loads(result.output)["institutions"]}

        assert (FAILS, "") == (result.status, result.errors)
        assert ("conforms", "fails") == (verdicts["S1"], verdicts["S2"])

    def test_prints_the_report_on_standard_output(self, run: Run) -> None:
        """The report tells the standard, the day, the counts, and of a failed clause place, value, limit and shortfall."""
        result = check(run, "mixed.csv")
        lines = result.output.splitlines()

        assert result.errors == ""
        assert lines[:3] == [
            "试行标准（trial）",
            "评定基准日：2022-12-15",
            "机构 3 个：合格 1，不合格 1，待核实（暂不能评定） 1",
        ]
        assert any("附件1 设施·场所 第1条" in line and "floor_area" in line for line in lines)
        assert any(all(part in line for part in ("420 平方米", "500 平方米", "80 平方米")) for line in lines)

    def test_prints_errors_on_standard_error_with_their_places(self, run: Run) -> None:
        """Each wrong cell is told as `place: institution: path: value; expected`, and the others are still evaluated."""
        result = check(run, "wrong.csv", "--lang", "en")

        assert [line.partition("; expected ")[0] for line in result.errors.splitlines()] == [
            "wrong.csv:5 (area): S4: area: `不详`",
            "wrong.csv:5 (computers): S4: computers: `-2`",
        ]
        assert "institutions: 4: conforms 1, fails 1, undetermined 1, invalid 1" in result.output

    def test_writes_json(self, run: Run) -> None:
        """`--format json` writes one document that says what the text says, errors too."""
        result = check(run, "wrong.csv", "--format", "json", "--lang", "en")
        document = json.loads(result.output)

        assert result.status == ERROR
        assert ("trial", "2022-12-15", []) == (document["standard"]["id"], document["assessed_on"], document["errors"])
        assert re.fullmatch("sha256:[0-9a-f]{64}", document["input_digest"])
        assert ["conforms", "fails", "undetermined", "invalid"] == [
            each["verdict"] for each in document["institutions"]
        ]
        assert document["institutions"][3]["errors"][0]["place"] == "wrong.csv:5 (area)"

    def test_puts_errors_of_no_institution_at_the_top(self, run: Run) -> None:
        """A file that cannot be read belongs to no institution; the others are still reported."""
        result = run("check", "trial.std", "none.csv", "good.csv", *DAY, "--format", "json")
        document = json.loads(result.output)

        assert (ERROR, 1, 1) == (result.status, len(document["errors"]), len(document["institutions"]))
        assert "none.csv" in result.errors

    def test_speaks_both_languages(self, run: Run) -> None:
        """`--lang` chooses the words; by default those of the standard."""
        chinese, english = check(run, "mixed.csv"), check(run, "mixed.csv", "--lang", "en")

        assert check(run, "mixed.csv", "--lang", "zh") == chinese
        assert "shortfall 80 m2" in english.output
        assert "缺口 80 平方米" in chinese.output

    def test_says_which_day_it_takes(self, run: Run) -> None:
        """Without `--on` the day is today, and the head says so; with it there is no remark."""
        before = date.today()  # noqa: DTZ011 -- the day where the user is
        head = run("check", "trial.std", "good.csv", "--lang", "en").output.splitlines()[1]
        days = {day.isoformat() for day in (before, date.today())}  # noqa: DTZ011

        assert head in {f"assessed on: {day} (today; choose with --on)" for day in days}
        assert check(run, "good.csv", "--lang", "en").output.splitlines()[1] == "assessed on: 2022-12-15"

    @pytest.mark.parametrize("day", ["2022-13-01", "yesterday", "", "2022-12-15T08:00", "15.12.2022"])
    def test_refuses_what_is_no_day(self, run: Run, day: str) -> None:
        """A wrong `--on` is told with an example of a right one."""
        result = run("check", "trial.std", "good.csv", "--on", day)

        assert (ERROR, "") == (result.status, result.output)
        assert f"found `{day}`; expected a day such as 2022-12-15" in result.errors

    @pytest.mark.parametrize(
        ("options", "shown"),
        [
            (("--failed",), {"S2": {"floor_area"}}),
            (("--unknown",), {"S3": {"floor_area"}}),
            (("--failed", "--unknown"), {"S2": {"floor_area"}, "S3": {"floor_area"}}),
            (("--clause", "equipment"), {"S1": {"equipment"}, "S2": {"equipment"}, "S3": {"equipment"}}),
            (("--institution", "S2"), {"S2": {"floor_area"}}),
            (("--institution", "三校"), {"S3": {"floor_area"}}),
            (("--institution", "S2", "--clause", "recent"), {"S2": {"recent"}}),
        ],
    )
    def test_shows_what_is_chosen(self, run: Run, options: tuple[str, ...], shown: dict[str, set[str]]) -> None:
        """Institutions and clauses can be chosen; the counts and the status are those of all."""
        result = check(run, "mixed.csv", *options)
        found: dict[str, set[str]] = {}
        for line in result.output.splitlines()[3:]:
            if line.startswith("S"):
                here = found.setdefault(line.split()[0], set())
            elif clause := re.search(r"  (floor_area|equipment|recent)$", line):
                here.add(clause[1])

        assert shown == found
        assert result.status == FAILS
        assert "机构 3 个：" in result.output

    @pytest.mark.parametrize(
        ("options", "shown"),
        [
            ((), {"S1": 3, "S2": 3, "S3": 3}),
            (("--institution", "S2"), {"S2": 3}),
            (("--clause", "recent"), {"S1": 1, "S2": 1, "S3": 1}),
            (("--failed",), {"S1": 0, "S2": 1, "S3": 0}),
            (("--failed", "--unknown"), {"S1": 0, "S2": 1, "S3": 1}),
        ],
    )
    def test_writes_in_json_what_is_chosen(self, run: Run, options: tuple[str, ...], shown: dict[str, int]) -> None:
        """The same choice holds for JSON; by default every clause is in it. Verdicts stay those of all clauses."""
        document = json.loads(check(run, "mixed.csv", "--format", "json", *options).output)
        verdicts = {"S1": "conforms", "S2": "fails", "S3": "undetermined"}

        assert shown == {each["id"]: len(each["clauses"]) for each in document["institutions"]}
        assert all(each["verdict"] == verdicts[each["id"]] for each in document["institutions"])

    def test_tells_an_unknown_clause_with_the_nearest(self, run: Run) -> None:
        """A misspelt id is told before anything is read."""
        result = check(run, "mixed.csv", "--clause", "floor_aera")

        assert (ERROR, "") == (result.status, result.output)
        assert "no clause `floor_aera` in `trial`; did you mean `floor_area`?" in result.errors

    def test_tells_an_unknown_institution_after_what_is_wrong_with_the_data(self, run: Run) -> None:
        """Where the file could not be read, that is told too, for it is the reason."""
        result = check(run, "none.csv", "--institution", "S2")

        assert (ERROR, "") == (result.status, result.output)
        assert "none.csv" in result.errors.splitlines()[0]
        assert "no institution `S2`" in result.errors

    @pytest.mark.parametrize("form", ["text", "json"])
    def test_writes_to_a_file(self, run: Run, tmp_path: Path, form: str) -> None:
        """`-o` writes what would be printed, and prints nothing."""
        printed = check(run, "mixed.csv", "--format", form).output
        result = check(run, "mixed.csv", "--format", form, "-o", "out.txt")

        assert (FAILS, "") == (result.status, result.output)
        assert printed == (tmp_path / "out.txt").read_text(encoding="utf-8")

    @pytest.mark.parametrize("path", ["no/such/folder/out.txt", ".", "x" * 5000])
    def test_tells_a_file_that_cannot_be_written(self, run: Run, path: str) -> None:
        """A path that cannot be written is an error, whatever the institutions are."""
        result = check(run, "good.csv", "-o", path)

        assert result.status == ERROR
        assert "cannot write" in result.errors

    def test_sums_up_by_group_and_leaves_columns_out(self, run: Run, tmp_path: Path) -> None:
        """`--group` carries a column into the report and counts by it; `--ignore` leaves one out."""
        text = "id,area,town,备注\nS1,500,甲镇,x\nS2,420,乙镇,y\nS3,400,乙镇,\n"
        (tmp_path / "towns.csv").write_text(text, encoding="utf-8")
        chosen = ("--group", "town", "--ignore", "备注")
        result = check(run, "towns.csv", *chosen)
        document = json.loads(check(run, "towns.csv", *chosen, "--format", "json").output)

        assert result.errors == ""
        assert "乙镇     2       2       0      0%" in result.output.splitlines()
        assert ["甲镇", "乙镇", "乙镇"] == [each["group"] for each in document["institutions"]]

    def test_refuses_columns_that_nobody_named(self, run: Run, tmp_path: Path) -> None:
        """Any other column is an error, and so is a group that no file has."""
        (tmp_path / "towns.csv").write_text("id,area,town\nS1,500,甲镇\n", encoding="utf-8")

        assert "towns.csv:1: town; " in check(run, "towns.csv", "--lang", "en").errors
        assert check(run, "towns.csv").status == ERROR
        assert check(run, "good.csv", "--group", "county").status == ERROR

    def test_shows_no_control_characters(self, run: Run, tmp_path: Path) -> None:
        """What data says cannot move the cursor, colour the terminal or fake a line."""
        name = "一校\u001b[31m\nS9 伪造\r\u0007"
        (tmp_path / "odd.json").write_text(
            json.dumps([{"id": "S1", "name": name, "area": "\u001b[2J"}]), encoding="utf-8"
        )
        result = check(run, "odd.json")

        assert all(character.isprintable() for character in (result.output + result.errors).replace("\n", ""))
        assert not any(line.startswith("S9") for line in result.output.splitlines())


class TestBadStandard:
    """A standard that cannot be used, for every command."""

    @pytest.mark.parametrize("command", [("check", "nope", "good.csv"), ("show", "nope"), ("show", "nope.floor_area")])
    def test_tells_what_there_is(self, run: Run, command: tuple[str, ...]) -> None:
        """An unknown name is told with those that there are."""
        result = run(*command)

        assert (ERROR, "") == (result.status, result.output)
        assert (
            "no standard `nope`; expected a path ending in `.std` or one of `centre`, `college`, `school`"
            in result.errors
        )

    @pytest.mark.parametrize(
        "command", [("check", "broken.std", "good.csv"), ("show", "broken.std"), ("test", "broken.std")]
    )
    def test_tells_every_mistake_with_its_place(self, run: Run, tmp_path: Path, command: tuple[str, ...]) -> None:
        """All diagnostics go to standard error as `path:line:col: code: message`."""
        (tmp_path / "broken.std").write_text(BROKEN, encoding="utf-8")
        result = run(*command)
        heads = re.findall(r"^broken\.std:(\d+):\d+: ([a-z-]+): .+$", result.errors, re.MULTILINE)

        assert result.status == ERROR
        assert [("12", "unknown-name"), ("18", "unit-mismatch")] == heads

    @pytest.mark.parametrize("name", ["nowhere.std", "folder.std"])
    @pytest.mark.parametrize("command", ["check", "show"])
    def test_tells_a_file_that_cannot_be_read(self, run: Run, tmp_path: Path, command: str, name: str) -> None:
        """No file, or a folder."""
        (tmp_path / "folder.std").mkdir()
        result = run(command, name, *(["good.csv"] if command == "check" else []))

        assert (ERROR, "") == (result.status, result.output)
        assert f"cannot read `{name}`" in result.errors

    def test_shows_warnings_and_goes_on(self, run: Run, tmp_path: Path) -> None:
        """What is doubtful in a standard is told, and the work is done."""
        (tmp_path / "trial.std").write_text(TRIAL.replace("computers >= 20", "computers >= 0"), encoding="utf-8")
        result = run("show", "trial.std")

        assert result.status == CONFORMS
        assert ": always-met: " in result.errors


class TestShow:
    """`cedu-rules show`."""

    def test_lists_the_clauses_with_their_places(self, run: Run) -> None:
        """Each section with the clauses in it, numbered as in the annex."""
        lines = run("show", "trial.std").output.splitlines()

        assert [
            "试行标准（trial）",
            "试行办法 附件1",
            "",
            "设施 / 场所",
            "   1  floor_area  面积够用",
            "   2  equipment  电脑够用",
            "",
            "队伍 / 培训",
            "   1  recent  近一年成立",
        ] == lines

    def test_lists_a_bundled_standard(self, run: Run) -> None:
        """A bundled standard goes by its name; all its clauses are there."""
        listed = run("show", "centre").output
        standard = cr.load("centre")

        assert all(f"  {clause.id}  " in listed for clause in standard.model.clauses)

    def test_shows_one_clause_with_its_expression_and_facts(self, run: Run) -> None:
        """Title, place, demands as written, notes, and the facts with unit and label."""
        result = run("show", "school.floor_area", "--lang", "en")

        assert result.status == CONFORMS
        assert all(
            part in result.output
            for part in ("floor_area", "area >= 500 m2 or shared_area >= 500 m2", "shared_area : m2 when site = shared")
        )

    def test_shows_a_clause_of_a_file(self, run: Run) -> None:
        """A path may be followed by a clause, too."""
        result = run("show", "trial.std.equipment")

        assert (CONFORMS, "电脑够用（equipment）") == (result.status, result.output.splitlines()[0])
        assert "只数能用的。" in result.output

    @pytest.mark.parametrize(
        ("target", "told"),
        [
            ("trial.std.equipmnet", "no clause `equipmnet` in `trial`; did you mean `equipment`?"),
            ("school.zzz", "no clause `zzz` in `school`"),
            ("./nope", "cannot read `./nope`"),
            ("", "no standard ``"),
        ],
    )
    def test_tells_what_it_cannot_find(self, run: Run, target: str, told: str) -> None:
        """An unknown clause is told with the nearest, a path that is none as such."""
        result = run("show", target)

        assert (ERROR, "") == (result.status, result.output)
        assert told in result.errors


class TestTest:
    """`cedu-rules test`."""

    def test_passes_the_bundled_standards(self, run: Run) -> None:
        """Every example of the folder of standards holds."""
        result = run("test", ROOT / "standards")

        assert (CONFORMS, "") == (result.status, result.errors)
        assert re.fullmatch(r"[1-9]\d+ passed, 0 failed\n", result.output)

    def test_explains_an_example_that_does_not_hold(self, run: Run, tmp_path: Path) -> None:
        """A failure names its place, both statuses, and why; the status is 1."""
        (tmp_path / "trial.std").write_text(
            TRIAL.replace("pass { area: 500 m2 }", "pass { area: 420 m2 }"), encoding="utf-8"
        )
        result = run("test", "trial.std")
        first, why, summary = result.output.splitlines()

        assert result.status == FAILS
        assert first == "trial.std:13:5: example: `floor_area` is `fail`; expected `pass`"
        assert "shortfall 80 m2" in why
        assert summary == "4 passed, 1 failed"

    def test_explains_an_example_that_cannot_be(self, run: Run, tmp_path: Path) -> None:
        """An example with contradictory values is told as such."""
        text = TRIAL.replace('"电脑"\n', '"电脑"\n  check computers <= 100 "不超过100台"\n').replace(
            "computers: 20 }", "computers: 200 }"
        )
        (tmp_path / "trial.std").write_text(text, encoding="utf-8")
        result = run("test", "trial.std", "--lang", "zh")

        assert result.status == FAILS
        assert "`equipment`：应为 `pass`，实为 `invalid`" in result.output
        assert "不超过100台" in result.output

    def test_finds_the_files_of_a_folder(self, run: Run, tmp_path: Path) -> None:
        """A folder stands for the `.std` files in it and below."""
        (tmp_path / "deep" / "er").mkdir(parents=True)
        shutil.copy(tmp_path / "trial.std", tmp_path / "deep" / "er" / "other.std")

        assert run("test", ".").output == "10 passed, 0 failed\n"

    @pytest.mark.parametrize(("path", "told"), [("nowhere", "no such file or folder"), ("empty", "no `.std` file in")])
    def test_tells_where_there_is_nothing_to_test(self, run: Run, tmp_path: Path, path: str, told: str) -> None:
        """A path with nothing behind it is an error, not a success, though another could be tested."""
        (tmp_path / "empty").mkdir()
        result = run("test", "trial.std", path)

        assert result.status == ERROR
        assert f"{told}" in result.errors

    def test_goes_on_after_a_file_that_is_no_standard(self, run: Run, tmp_path: Path) -> None:
        """The other files are tested all the same, and the status is that of the error."""
        (tmp_path / "broken.std").write_text(BROKEN, encoding="utf-8")
        result = run("test", "broken.std", "trial.std")

        assert (ERROR, "5 passed, 0 failed\n") == (result.status, result.output)


JUNK = {
    "bytes": bytes(range(256)),
    "nothing": b"",
    "null": b"\0",
    "deep list": b"[" * 100_000,
    "deep mapping": b'{"a":' * 100_000,
    "closed": b"[" * 50_000 + b"]" * 50_000,
    "bullets": b"- " * 20_000,
    "brackets": b'standard x "x" section "a" "b" { clause c "c" { must ' + b"(" * 50_000,
    "quote": b'id,area\n"S1,5\n',
    "half a character": "id,area\nS1,面".encode()[:-1],
    "long number": b'[{"id": "S1", "area": ' + b"9" * 100_000 + b"}]",
    "surrogate": b'[{"id": "\\ud800", "name": "\\udfff", "area": 5}]',
    "tag": b'!!python/object/apply:os.system ["echo"]',
    "aliases": b"a: &a [1]\nb: &b [*a,*a]\nc: [*b,*b]\n",
    "one long line": b"x" * 1_000_000,
    "scalars": b'[5, null, "x", [1], true]',
}


class TestJunk:
    """Whatever a file holds."""

    @pytest.mark.parametrize("content", JUNK.values(), ids=JUNK)
    @pytest.mark.parametrize("ending", ["csv", "json", "yaml", "txt"])
    def test_no_data_ends_in_a_traceback(self, run: Run, tmp_path: Path, ending: str, content: bytes) -> None:
        """Junk among the data is told on standard error; the good file is still reported, and the status is 2."""
        (tmp_path / f"junk.{ending}").write_bytes(content)
        result = run("check", "trial.std", "good.csv", f"junk.{ending}", *DAY, "--lang", "en")

        if (ending, content) not in {("yaml", b""), ("csv", b"")}:
            assert result.status == ERROR
            assert "junk" in result.errors
        assert "Traceback" not in result.errors
        assert "S1" in result.output

    @pytest.mark.parametrize("content", JUNK.values(), ids=JUNK)
    @pytest.mark.parametrize("command", ["show", "test"])
    def test_no_standard_ends_in_a_traceback(self, run: Run, tmp_path: Path, command: str, content: bytes) -> None:
        """Junk in place of a standard ends in diagnostics and status 2."""
        (tmp_path / "junk.std").write_bytes(content)
        result = run(command, "junk.std")

        assert result.status == ERROR
        assert re.match(r"junk\.std:\d+:\d+: [a-z-]+: ", result.errors)

    def test_no_folder_ends_in_a_traceback(self, run: Run, tmp_path: Path) -> None:
        """A folder in place of a file is told."""
        (tmp_path / "folder.csv").mkdir()
        result = check(run, "folder.csv")

        assert result.status == ERROR
        assert "folder.csv" in result.errors

    @pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="this user may read everything")
    def test_no_forbidden_file_ends_in_a_traceback(self, run: Run, tmp_path: Path) -> None:
        """A file that may not be read is told, as data and as a standard."""
        for name in ("good.csv", "trial.std"):
            (tmp_path / name).chmod(0)

            assert check(run, "mixed.csv" if name == "trial.std" else name).status == ERROR

    def test_no_name_of_a_file_ends_in_a_traceback(self, run: Run, tmp_path: Path) -> None:
        """A file may be called anything that the system allows, and is named in the messages."""
        name = os.fsdecode("坏\n\x1b\udcff.json".encode("utf-8", "surrogateescape"))
        try:
            (tmp_path / name).write_text('[{"id": "S1", "area": "x"}]', encoding="utf-8")
        except OSError:
            pytest.skip("this system does not allow such a name")
        for options in ((), ("--format", "json"), ("-o", "out.txt")):
            result = check(run, name, *options)

            assert result.status == ERROR
            assert "坏" in result.errors
            assert "\x1b" not in result.errors


class TestProcess:
    """The command as a process among others."""

    def test_is_a_module_and_a_script(self, tmp_path: Path) -> None:
        """`python -m cedu_rules` and `cedu-rules` tell the version."""
        script = Path(sys.executable).with_name("cedu-rules")
        outputs = [alone("--version", cwd=tmp_path).stdout]
        if script.exists():
            outputs.append(subprocess.run([script, "--version"], capture_output=True, check=True, timeout=60).stdout)  # noqa: S603

        assert all(cr.__version__.encode() in output for output in outputs)

    def test_needs_a_command_and_arguments(self, run: Run) -> None:
        """Calls that lack something are told with how to get help."""
        for arguments in (("check",), ("check", "school"), ("show",), ("test",), ("nonsense",)):
            result = run(*arguments)

            assert (ERROR, "") == (result.status, result.output)
            assert "--help" in result.errors

    def test_helps(self, run: Run) -> None:
        """`--help` lists commands and options and is a success."""
        assert run("--help").status == CONFORMS
        assert all(word in run("--help").output for word in ("check", "show", "test"))
        assert all(word in run("check", "-h").output for word in ("--on", "--format", "--lang", "--group"))

    def test_is_silent_when_its_reader_leaves(self, run: Run, tmp_path: Path) -> None:
        """`| head -1` gets its line, and nobody a traceback."""
        assert run("show", "trial.std").status == CONFORMS
        (tmp_path / "many.csv").write_text(ROWS + "".join(f"S{n},校,1,1,\n" for n in range(400)), encoding="utf-8")
        command = f"{sys.executable} -m cedu_rules check trial.std many.csv --on 2022-12-15 --lang en | head -1"
        done = subprocess.run(["bash", "-c", command], cwd=tmp_path, capture_output=True, check=False, timeout=120)  # noqa: S603, S607

        assert ("试行标准 (trial)\n".encode(), b"") == (done.stdout, done.stderr)

    @pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full device here")
    def test_tells_when_the_disk_is_full(self, run: Run, tmp_path: Path) -> None:
        """Output that cannot be written is an error of its own, in one line."""
        assert run("show", "trial.std").status == CONFORMS
        with Path("/dev/full").open("wb") as full:
            command = [sys.executable, "-m", "cedu_rules", "check", "trial.std", "good.csv", *DAY]
            done = subprocess.run(command, cwd=tmp_path, stdout=full, stderr=subprocess.PIPE, check=False, timeout=120)  # noqa: S603

        assert (ERROR, b"cannot write the output: No space left on device\n") == (done.returncode, done.stderr)

    def test_writes_whatever_the_encoding(self, run: Run, tmp_path: Path) -> None:
        """A terminal without Chinese gets escapes, not an error; JSON can be read whatever the terminal takes."""
        assert run("show", "trial.std").status == CONFORMS
        environment = {**os.environ, "PYTHONIOENCODING": "latin-1"}
        told = alone("check", "trial.std", "mixed.csv", *DAY, cwd=tmp_path, env=environment)
        written = alone("check", "trial.std", "mixed.csv", *DAY, "--format", "json", cwd=tmp_path, env=environment)

        assert (FAILS, b"") == (told.returncode, told.stderr)
        assert told.stdout.startswith(b"\\u8bd5\\u884c")
        assert json.loads(written.stdout.decode())["standard"]["title"] == "试行标准"

    def test_can_be_interrupted(self, run: Run, tmp_path: Path) -> None:
        """Ctrl-C ends the work with the status of an interruption and without a traceback."""
        assert run("show", "trial.std").status == CONFORMS
        os.mkfifo(tmp_path / "waiting.csv")
        command = [sys.executable, "-m", "cedu_rules", "check", "trial.std", "waiting.csv", *DAY]
        with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:  # noqa: S603
            writer = _opened_when_read(tmp_path / "waiting.csv")
            process.send_signal(signal.SIGINT)
            output, errors = process.communicate(timeout=60)
            os.close(writer)

        assert (INTERRUPTED, b"", b"") == (process.returncode, output, errors.strip())

    def test_says_the_same_on_a_terminal(self, run: Run, tmp_path: Path) -> None:
        """A terminal gets colours, a pipe none, and both the same words."""
        piped = check(run, "mixed.csv").output
        shown = _on_a_terminal("check", "trial.std", "mixed.csv", *DAY, cwd=tmp_path)
        words = re.sub(r"\x1b\[[0-9;]*m", "", shown)

        assert "\x1b[" in shown
        assert "\x1b" not in piped
        assert piped.splitlines() == words.splitlines()

    def test_shows_how_far_long_work_is(self, run: Run, tmp_path: Path) -> None:
        """Many institutions show a bar on a terminal; what stays is the report alone."""
        (tmp_path / "many.csv").write_text(ROWS + "".join(f"S{n},校,1,1,\n" for n in range(150)), encoding="utf-8")
        arguments = ("check", "trial.std", "many.csv", *DAY, "-o", "out.txt")

        assert "%" in _on_a_terminal(*arguments, cwd=tmp_path)
        assert run(*arguments).errors == ""


def _opened_when_read(path: Path) -> int:
    """Return the writing end of a pipe as soon as somebody reads it."""
    for _ in range(600):
        try:
            return os.open(path, os.O_WRONLY | os.O_NONBLOCK)
        except OSError:
            time.sleep(0.1)
    pytest.fail("the command never read its data")


def _on_a_terminal(*arguments: object, cwd: Path) -> str:
    """Return what the command writes to a terminal."""
    ours, theirs = pty.openpty()
    environment = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "200"}
    environment.pop("NO_COLOR", None)
    command = [sys.executable, "-m", "cedu_rules", *map(str, arguments)]
    with subprocess.Popen(command, cwd=cwd, stdin=theirs, stdout=theirs, stderr=theirs, env=environment) as process:  # noqa: S603
        os.close(theirs)
        content = b""
        while select.select([ours], [], [], 60)[0]:
            try:
                piece = os.read(ours, 65536)
            except OSError:  # the other end is closed
                break
            if not piece:
                break
            content += piece
        process.wait(timeout=60)
    os.close(ours)
    return content.decode().replace("\r\n", "\n")
