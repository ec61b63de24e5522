"""`check` as a user meets it: what it prints where, what it writes, and the status it ends with."""

import json
import re
from datetime import date
from pathlib import Path

import pytest

from tests.commands import (
    CONFORMS,
    DAY,
    ERROR,
    FAILS,
    MIXED,
    ROWS,
    Run,
    check,
)


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
