"""Tables: headers, columns and cells of CSV files into submissions."""

import csv
import io
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cedu_rules import data, records
from cedu_rules.data import tables
from cedu_rules.data.layout import Column, Layout
from cedu_rules.messages import Words
from cedu_rules.model.from_syntax import build
from cedu_rules.model.ir import Model
from cedu_rules.records import Cell
from cedu_rules.source import Source
from cedu_rules.syntax.parser import parse

EXAMPLES = Path(__file__).parent.parent / "docs" / "examples"
STANDARDS = Path(__file__).parent.parent / "standards"

TRIAL = """
standard trial "试"
source "s" annex 1
effective from 2022-09-01
facts {
  area : m2 "建筑面积"
  meetings : count "会议次数（研究工作）"
  population : people "常住人口"
  funding : 万元 "经费"
  rate : percent "利用率"
  ratio : number "比值"
  site : choice { own "自有", shared "合用" } "场所"
  internet : bool "联网"
  opened : date "成立日期"
  remark : text "说明"
  charter : set { purpose "办学宗旨", finance "财务制度（含审计）" } "章程"
  registered : yearly people "各年注册人数"
  left : count "同名"
  right : count "同名"
  seats : count "座位"
  seats_each : count "座位（个）"
  number : text "编号"
  teachers : list of Teacher "教师"
}
record Teacher key name { name : text "姓名" full_time : bool "专职" }
section "a" "b" { clause c "c" { must area >= 1 m2 } }
"""


def model_of(text: str) -> Model:
    """Return the model of a standard without mistakes."""
    file, mistakes = parse(Source("trial.std", text))
    model, findings = build(file)
    assert not [each for each in (*mistakes, *findings) if each.severity == "error"]
    return model


MODEL = model_of(TRIAL)


def read(folder: Path, files: dict[str, str | bytes], **options: Any) -> data.Reading:  # noqa: ANN401
    """Write the files and read them."""
    for name, text in files.items():
        (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return data.read(MODEL, [folder / name for name in files], **options)


def read_one(folder: Path, text: str | bytes, **options: Any) -> data.Submission:  # noqa: ANN401
    """Return the one institution of a CSV file without problems."""
    reading = read(folder, {"schools.csv": text}, **options)
    assert not reading.issues
    (submission,) = reading.submissions
    return submission


def told(reading: data.Reading) -> list[str]:
    """Return everything that is wrong, as it is printed."""
    return [str(issue) for issue in (*reading.issues, *(i for each in reading.submissions for i in each.issues))]


class TestHeaders:
    """What a header means."""

    layout = Layout(Words("a fact", "事实"), MODEL.facts, MODEL.units, {"id": ("编号",), "name": ("名称",)})

    @pytest.mark.parametrize(
        ("header", "path", "unit"),
        [
            ("area", "area", None),
            ("建筑面积", "area", None),
            ("建筑面积（㎡）", "area", None),
            ("建筑面积(m2)", "area", None),
            (" 建筑 面积 （ 平方米 ） ", "area", None),
            ("建筑面积（亩）", "area", "亩"),
            ("会议次数（研究工作）", "meetings", None),
            ("会议次数（研究工作）（次）", "meetings", None),
            ("常住人口（万人）", "population", "万人"),
            ("经费（万元）", "funding", None),
            ("经费（元）", "funding", "yuan"),
            ("利用率（％）", "rate", "%"),
            ("利用率", "rate", None),
            ("ratio(%)", "ratio", "%"),
            ("charter.purpose", "charter.purpose", None),
            ("章程.办学宗旨", "charter.purpose", None),
            ("章程.purpose", "charter.purpose", None),
            ("charter．财务制度（含审计）", "charter.finance", None),
            ("registered.2022", "registered.2022", None),
            ("各年注册人数.2022年", "registered.2022", None),
            ("各年注册人数.２０２２年（人）", "registered.2022", None),
            ("各年注册人数（万人）.2022年", "registered.2022", "万人"),
            ("教师（名）", "teachers", None),
            ("座位（名）", "seats", None),
            ("座位（个）", "seats_each", None),
            ("id", "id", None),
            ("ID", "id", None),
            ("Name", "name", None),
            ("名称", "name", None),
        ],
    )
    def test_meant(self, header: str, path: str, unit: str | None) -> None:
        """A header names a fact by name or label, whole before its unit; only another unit than the fact's is told."""
        found = self.layout.find(header)

        assert isinstance(found, Column)
        assert (path, unit) == (found.path, found.unit.name if found.unit else None)

    @pytest.mark.parametrize(
        ("header", "expected"),
        [
            ("areaa", "a name or label of a fact; did you mean `area`?"),
            ("建筑面机", "a name or label of a fact; did you mean `建筑面积`?"),
            ("zzz", "a name or label of a fact; `--ignore` leaves a column out"),
            ("建筑面积（人）", "`area` with a unit of its own kind, such as `m2`"),
            ("建筑面积（）", "`area` with a unit of its own kind, such as `m2`"),
            ("利用率（人）", "`rate` with a unit of its own kind, such as `%`"),
            ("常住人口（%）", "`population` with a unit of its own kind, such as `people`"),
            ("教师（㎡）", "`teachers` with a unit of its own kind, such as `个`"),
            ("联网（是/否）", "`internet` without a unit"),
            ("章程", "a column for each member, such as `charter.purpose`"),
            ("registered", "a column for each year, such as `registered.2022`"),
            ("registered.0", "a name or label of a fact; did you mean `registered`?"),
            ("area.2022", "a name or label of a fact; did you mean `area`?"),
            ("同名", "a name that means one thing: `left` or `right`"),
            ("编号", "a name that means one thing: `id` or `number`"),
        ],
    )
    def test_not_meant(self, header: str, expected: str) -> None:
        """A header that means nothing, or two things, is told with what is expected."""
        found = self.layout.find(header)

        assert isinstance(found, Words)
        assert expected == found.en


class TestCells:
    """What a row says."""

    def test_values_stay_as_written(self, tmp_path: Path) -> None:
        """Cells are text, under a header with another unit marked with it; blank cells are missing facts."""
        submission = read_one(
            tmp_path, 'id,name,area,经费（元）,利用率（%）,site,internet\nS1,示例校,５００㎡,"27,079",95.5, ,是\n'
        )

        assert ("S1", "示例校") == (submission.id, submission.name)
        yuan, percent = (MODEL.facts_by_name[name].type.unit for name in ("funding", "rate"))
        funding = submission.values["funding"]
        assert isinstance(funding, Cell)
        assert ("27,079", "yuan") == (funding.value, funding.unit.name)
        assert yuan != funding.unit
        assert {"area": "５００㎡", "funding": funding, "rate": Cell("95.5", percent), "internet": "是"} == (
            submission.values
        )

    def test_records_understand_them(self, tmp_path: Path) -> None:
        """What is read becomes a record, with bare numbers in the unit of the header."""
        submission = read_one(tmp_path, "id,建筑面积（亩）,经费（元）,利用率（%）\nS1,0.75,30018,95.5\n")
        class_ = records.record_class(MODEL, digest="trial")
        record = records.read(class_, submission.given, places=submission.places)

        expected = (500, Decimal("3.0018"), Decimal("0.955"))
        assert expected == (record.area, record.funding, record.rate)

    def test_sets(self, tmp_path: Path) -> None:
        """A set holds its members that are not blank; one without any is missing."""
        submission = read_one(tmp_path, "id,charter.purpose,章程.财务制度（含审计）\nS1,是,\n")
        blank = read_one(tmp_path, "id,charter.purpose,章程.财务制度（含审计）\nS1,,\n")

        assert {"charter": {"purpose": "是"}} == submission.values
        assert {} == blank.values

    def test_series(self, tmp_path: Path) -> None:
        """A blank year is listed and not recorded, `-` is no year of the series; a series without years is missing."""
        header = "id,registered.2020,registered.2021,各年注册人数.2022年\n"
        listed = read_one(tmp_path, header + "S1,－,,7人\n")
        blank = read_one(tmp_path, header + "S1,,,\n")
        none = read_one(tmp_path, header + "S1,-,-,-\n")
        partly = read_one(tmp_path, header + "S1,-,,\n")

        assert {"registered": {"2021": None, "2022": "7人"}} == listed.values
        assert {} == blank.values
        assert {} == none.values
        assert {"registered": {"2021": None, "2022": None}} == partly.values

    def test_no_id_and_no_name(self, tmp_path: Path) -> None:
        """An institution may have no id; its place names it."""
        reading = read(tmp_path, {"schools.csv": "id,area\n,5\n,6\n"})

        assert [] == told(reading)
        assert [(None, None, "schools.csv:2"), (None, None, "schools.csv:3")] == [
            (each.id, each.name, each.places[""]) for each in reading.submissions
        ]

    def test_more_cells_than_headers(self, tmp_path: Path) -> None:
        """A cell under no header makes the institution invalid, since an unquoted comma may have moved its values."""
        reading = read(tmp_path, {"schools.csv": "id,area,\nS1,2,980册\nS2,5,,,\nS3,1,,x,y\n"})

        wanted = "expected every cell under a header; a cell with commas stands in quotes"
        assert [f"schools.csv:2: S1: row: `980册`; {wanted}", f"schools.csv:4: S3: row: `x`; {wanted}"] == told(reading)

    def test_places(self, tmp_path: Path) -> None:
        """Places give the line in which a row begins and the header as written; quoted cells may span lines."""
        text = 'id,"建筑面积\n（㎡）",charter.purpose,registered.2022\nS1,1,是,\nS2,"a\nb",是,4\n\nS3,2,,\n'
        reading = read(tmp_path, {"schools.csv": text})

        second, third = reading.submissions[1:]
        assert {
            "": "schools.csv:4",
            "area": r"schools.csv:4 (建筑面积\n（㎡）)",
            "charter": "schools.csv:4",
            "charter.purpose": "schools.csv:4 (charter.purpose)",
            "registered": "schools.csv:4",
            "registered.2022": "schools.csv:4 (registered.2022)",
        } == dict(second.places)
        assert "schools.csv:7" == third.places[""]
        assert len(second.places) == len(list(second.places))
        assert not any(path in second.places for path in ("rate", "area.x", "area[1]", "charter[1]", "a..b", "[0]"))


class TestColumns:
    """Columns that are wrong, doubled, or no facts."""

    def test_unknown(self, tmp_path: Path) -> None:
        """An unknown column is told once, with the nearest name; the institutions are read without it."""
        reading = read(tmp_path, {"schools.csv": "id,areaa,internet\nS1,1,是\nS2,1,否\n"})

        assert ["schools.csv:1: areaa; expected a name or label of a fact of `trial`; did you mean `area`?"] == told(
            reading
        )
        assert [{"internet": "是"}, {"internet": "否"}] == [each.values for each in reading.submissions]

    def test_doubled(self, tmp_path: Path) -> None:
        """A fact in two columns is told, and has no value at all."""
        reading = read(tmp_path, {"schools.csv": "id,area,internet,建筑面积（㎡）,area\nS1,1,是,2,3\n"})

        wanted = "expected one column for it, by name or by label"
        assert [f"schools.csv:1: area: `建筑面积（㎡）`; {wanted}", f"schools.csv:1: area: `area`; {wanted}"] == told(
            reading
        )
        assert {"internet": "是"} == reading.submissions[0].values

    def test_group_and_ignore(self, tmp_path: Path) -> None:
        """The column to group by is carried along, columns to ignore are left out, though they be facts."""
        text = "id,town,备注,area,site\nS1, 示例一镇 ,x,5,自有\nS2,,,,\n"
        reading = read(tmp_path, {"schools.csv": text}, group="town", ignore=["备注", "area"])
        by_fact = read(tmp_path, {"schools.csv": "id,场所\nS1,自有\n"}, group="场所")

        assert [] == told(reading) + told(by_fact)
        assert [{"town": "示例一镇"}, {"town": ""}] == [each.columns for each in reading.submissions]
        assert {"site": "自有"} == reading.submissions[0].values
        assert ({"场所": "自有"}, {"site": "自有"}) == (by_fact.submissions[0].columns, by_fact.submissions[0].values)

    def test_group_is_missing(self, tmp_path: Path) -> None:
        """A column to group by that no file has is told."""
        reading = read(tmp_path, {"schools.csv": "id\nS1\n"}, group="town")

        assert ["town; expected a column of the files"] == told(reading)

    def test_too_many(self, tmp_path: Path) -> None:
        """A header has an end."""
        reading = read(tmp_path, {"schools.csv": "," * tables.COLUMNS_LIMIT + "x\n"})

        assert ["schools.csv:1: columns: `5001`; expected at most 5000 columns"] == told(reading)


@pytest.mark.parametrize(
    ("standard", "files", "number", "group"),
    [
        ("school", ["schools.csv", "teachers.csv"], 30, None),
        ("centre", ["centres/centres.csv", "centres/teachers.csv"], 300, "town"),
        ("college", ["college.yaml"], 1, None),
    ],
)
def test_examples(standard: str, files: list[str], number: int, group: str | None) -> None:
    """The files of the made-up city are read without a problem."""
    model = model_of((STANDARDS / f"{standard}.std").read_text(encoding="utf-8"))
    reading = data.read(model, [EXAMPLES / name for name in files], group=group)

    assert [] == told(reading)
    assert number == len(reading.submissions)
    assert all(each.id and each.name and len(each.values) > 5 for each in reading.submissions)


# --- laws ------------------------------------------------------------------------------------------------------------

PIECES = [
    "id",
    "area",
    "章程.办学宗旨",
    "registered.2022",
    ",",
    ";",
    "\t",
    '"',
    "\n",
    "\r",
    "S1",
    "500",
    "-",
    "\0",
    "（亩）",
]


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    raw=st.one_of(st.binary(), st.lists(st.sampled_from(PIECES)).map(lambda parts: "".join(parts).encode())),
    name=st.sampled_from(["main.csv", "main.tsv", "teachers.csv"]),
)
def test_anything_is_read(tmp_path: Path, raw: bytes, name: str) -> None:
    """Any bytes end in submissions and issues, and every issue can be printed in both languages."""
    reading = read(tmp_path, {name: raw, "schools.csv": "id,teachers\nS1,1\n"}, group="area")

    issues = (*reading.issues, *(i for each in reading.submissions for i in each.issues))
    assert all(issue.message("en").isprintable() and issue.message("zh") for issue in issues)
    assert "S1" in {each.id for each in reading.submissions}


TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zs", "Zl", "Zp", "Cf"]), min_size=1)
COLUMNS: dict[tuple[str, ...], st.SearchStrategy[str]] = {
    ("area", "建筑面积", "建筑面积（㎡）"): st.decimals(0, 10**6, places=2).map(str),
    ("meetings", "会议次数（研究工作）", "会议次数（研究工作）（次）"): st.integers(0, 99).map(str),
    ("site", "场所"): st.sampled_from(["own", "shared", "自有", "合用"]),
    ("internet", "联网"): st.sampled_from(["是", "否", "yes", "no"]),
    ("opened", "成立日期"): st.dates().map(str),
    ("remark", "说明"): TEXTS,
    ("charter.purpose", "章程.办学宗旨", "章程.purpose"): st.sampled_from(["是", "否"]),
    ("charter.finance", "charter.财务制度（含审计）"): st.sampled_from(["有", "无"]),
    ("registered.2021", "各年注册人数.2021年"): st.integers(0, 10**6).map(str),
    ("registered.2022", "各年注册人数（人）.2022年"): st.integers(0, 10**6).map("{:,}".format),
}


def nested(values: dict[str, str]) -> dict[str, Any]:
    """Return the values of columns as records take them."""
    made: dict[str, Any] = {}
    for path, value in values.items():
        name, _, part = path.partition(".")
        if part:
            made.setdefault(name, {})[part] = value
        else:
            made[name] = value
    return made


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(draw=st.data(), separator=st.sampled_from(",;\t"), encoding=st.sampled_from(["utf-8", "utf-8-sig"]))
def test_round_trip(tmp_path: Path, draw: st.DataObject, separator: str, encoding: str) -> None:
    """Values written into a table, under any of the headers that a fact may have, are read back as the same record."""
    words = draw.draw(st.lists(st.sampled_from(sorted(COLUMNS)), unique=True, min_size=1))
    rows = draw.draw(st.lists(st.tuples(*(st.one_of(st.just(""), COLUMNS[each]) for each in words)), max_size=4))
    headers = [draw.draw(st.sampled_from(each)) for each in words]
    table = io.StringIO()
    writer = csv.writer(table, delimiter=separator)
    writer.writerows([["id", *headers], *([f"S{number}", *row] for number, row in enumerate(rows))])
    reading = read(tmp_path, {"schools.csv": table.getvalue().encode(encoding)})

    class_ = records.record_class(MODEL, digest="trial")
    paths = [each[0] for each in words]
    wanted = [{path: cell for path, cell in zip(paths, row, strict=True) if cell.strip()} for row in rows]
    for values in wanted:  # a year without value is listed where the other one has a value
        years = [path for path in paths if path.startswith("registered")]
        values.update(dict.fromkeys(years, "") | values if values.keys() & set(years) else {})
    assert [] == told(reading)
    assert [records.read(class_, {"id": f"S{number}", **nested(values)}) for number, values in enumerate(wanted)] == [
        records.read(class_, each.given) for each in reading.submissions
    ]
