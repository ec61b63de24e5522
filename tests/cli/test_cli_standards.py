"""`show` and `test` as an author meets them, and standards with mistakes in every command."""

import re
import shutil
from pathlib import Path

import pytest

import cedu_rules as cr
from tests.commands import BROKEN, CONFORMS, ERROR, FAILS, ROOT, TRIAL, Run


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
