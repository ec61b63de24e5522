"""Typed modules and JSON Schemas: what editors and static checkers know of the input of a standard."""

import ast
import json
import sys
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import attrs
import jsonschema
import mypy.api
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

import cedu_rules as cr
from cedu_rules import data
from cedu_rules.authoring.codegen import typed_module
from cedu_rules.cli import cli
from cedu_rules.data.templates import template
from cedu_rules.diagnostics import UnsupportedError
from cedu_rules.facts import fact_table
from cedu_rules.testing import partial_records

EXAMPLES = Path(__file__).parent.parent / "docs" / "examples"
NAMES = ("school", "centre", "college")

HOSTILE = r"""
standard date "一\\二'''\"\""
source "s" annex 1
type Mapping = level { Literal "甲'''" < int "乙\"\"\"" }
facts {
  date : date "日'''期\"\"\"\\"
  bool : bool "import os; os._exit(1)"
  Decimal : m2 "面\\'积"
  tuple : list of Teacher "名单"
  Teacher : Mapping "级"
  years : yearly people "年"
  some : set { str "文" } "集"
}
record Teacher key Teacher { Teacher : text "名" }
section "a" "b" { clause c "c" { must bool } }
"""


def module_of(standard: cr.Standard, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Return the generated module of a standard, as if it had been imported."""
    module = ModuleType(f"typed_{standard.id}")
    monkeypatch.setitem(sys.modules, module.__name__, module)
    exec(compile(typed_module(standard), module.__name__, "exec"), vars(module))  # noqa: S102
    return module


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder where mypy keeps what it knows of other modules, so that it reads them once."""
    return tmp_path_factory.mktemp("mypy")


def checked(folder: Path, known: Path, standard: cr.Standard, caller: str) -> tuple[str, int]:
    """Run mypy on a caller of the generated module; return what it says and its status."""
    (folder / "records.py").write_text(typed_module(standard), encoding="utf-8")
    (folder / "caller.py").write_text(caller, encoding="utf-8")
    paths = [str(folder / "records.py"), str(folder / "caller.py")]
    output, errors, status = mypy.api.run(["--strict", f"--cache-dir={known}", "--config-file=", *paths])
    return output + errors, status


CALLER = """
from records import School, Teacher
teacher = Teacher(name="甲", full_time=True, degree="bachelor")
school = School(id="S1", area=500.5, population=3, teachers=(teacher,), registered={2022: 5}, site="shared")
"""


class TestTypedModule:
    """`cedu-rules codegen`."""

    @pytest.mark.parametrize(
        ("wrong", "message"),
        [
            ("", ""),
            ("School(aera=1)", 'Unexpected keyword argument "aera" for "School"'),
            ('School(area="many")', 'incompatible type "str"'),
            ('Teacher(degree="good")', "incompatible type"),
            ("school.area = 1", "read-only"),
            ("School(population=1.5)", 'incompatible type "float"'),
        ],
    )
    def test_checkers_know_the_fields(self, tmp_path: Path, known: Path, wrong: str, message: str) -> None:
        """A static checker accepts a caller that uses the fields, and refuses a wrong name, type or member."""
        said, status = checked(tmp_path, known, cr.load("school"), f"{CALLER}{wrong}\n")

        assert int(bool(wrong)) == status, said
        assert message in said

    @pytest.mark.parametrize("name", NAMES)
    def test_instances_are_bound(self, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
        """A standard takes instances of its generated class, which has a field for each fact."""
        standard = cr.load(name)
        class_ = getattr(module_of(standard, monkeypatch), name.capitalize())
        evaluator = standard.bind(class_)

        assert [field.name for field in attrs.fields(standard.record)] == [field.name for field in attrs.fields(class_)]
        assert standard.evaluate({"population": 5}).verdict == evaluator.evaluate(class_(population=5)).verdict

    def test_the_same_answers(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Instances with lists, sets and series have the report of the mapping that says the same."""
        school = cr.load("school")
        module = module_of(school, monkeypatch)
        values: dict[str, Any] = {
            "area": Decimal("420.5"),
            "site": "independent",
            "charter": {"purpose": True},
            "registered": {2022: 5},
        }
        teachers = [{"name": "甲", "full_time": True}]
        instance = module.School(**values, teachers=(module.Teacher(**teachers[0]),))
        day = date(2022, 12, 15)

        assert school.statuses({**values, "teachers": teachers}, assessed_on=day) == school.bind(
            module.School
        ).statuses(instance, assessed_on=day)

    def test_hostile_names(self, tmp_path: Path, known: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Labels are never code, and facts named like types or built-ins take nothing from the others."""
        standard = cr.loads(HOSTILE)
        module = module_of(standard, monkeypatch)
        caller = """
import datetime
from records import Date_, Teacher
Date_(date=datetime.date(2022, 1, 1), bool=True, Decimal=1.5, tuple=(Teacher(Teacher="x"),), Teacher="int",
      years={2022: 1}, some={"str": True})
"""
        class_ = next(value for name, value in vars(module).items() if name.startswith("Date"))
        said, status = checked(tmp_path, known, standard, caller.replace("Date_", class_.__name__))

        assert 0 == status, said
        assert [field.name for field in attrs.fields(standard.record)] == [field.name for field in attrs.fields(class_)]
        strings = [node.value for node in ast.walk(ast.parse(typed_module(standard))) if isinstance(node, ast.Constant)]
        assert any(str(each).startswith("日'''期\"\"\"\\;") for each in strings)
        assert cr.loads(HOSTILE).bind(class_).evaluate(class_(bool=True)).verdict is cr.Verdict.CONFORMS

    def test_only_classes_and_strings(self) -> None:
        """The module holds imports, classes and aliases, and no call but those that declare fields."""
        for standard in (cr.loads(HOSTILE), *map(cr.load, NAMES)):
            tree = ast.parse(typed_module(standard))
            calls = {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}

            assert {"_attrs.frozen"} == calls

    def test_names_that_python_lacks(self) -> None:
        """A name that no class can have is told instead of written down wrongly."""
        with pytest.raises(UnsupportedError, match="a Python class with a field `self`"):
            typed_module(cr.loads(HOSTILE.replace("years :", "self :")))

    def test_command(self, tmp_path: Path) -> None:
        """The command writes the module to standard output or a file, the same each time."""
        out = CliRunner().invoke(cli, ["codegen", "school"]).output
        CliRunner().invoke(cli, ["codegen", "school", "-o", str(tmp_path / "m.py")])

        assert typed_module(cr.load("school")) == out == (tmp_path / "m.py").read_text(encoding="utf-8")


def plain(value: Any) -> Any:  # noqa: ANN401
    """Return what was read from files in the form of JSON."""
    if isinstance(value, Mapping):
        return {key: plain(part) for key, part in value.items()}
    if isinstance(value, list):
        return [plain(part) for part in value]
    return value if value is None or isinstance(value, bool) else str(value)


@cache
def validator(name: str) -> jsonschema.Draft202012Validator:
    """Return the validator of the schema of a shipped standard, which is a schema itself."""
    schema = cr.load(name).json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


class TestSchema:
    """`standard.json_schema()` and `show --format json-schema`."""

    FILES = (
        ("school", ("schools.csv", "teachers.csv")),
        ("college", ("college.yaml",)),
    )

    @pytest.mark.parametrize(("name", "files"), FILES)
    def test_the_example_city(self, name: str, files: tuple[str, ...]) -> None:
        """What the files of the example city say, in the form of JSON, is valid."""
        standard = cr.load(name)
        reading = data.read(standard.model, [EXAMPLES / file for file in files])
        institutions = [plain(each.given) for each in reading.submissions]

        assert [] == [error.message for error in validator(name).iter_errors(institutions)]
        assert validator(name).is_valid(institutions[0])

    @pytest.mark.parametrize("name", NAMES)
    @settings(max_examples=5)
    @given(st.data())
    def test_whatever_can_be_recorded(self, name: str, drawn: st.DataObject) -> None:
        """Every record, written as JSON, is valid."""
        standard = cr.load(name)
        record = drawn.draw(partial_records(standard))
        written = template(standard.model, "json", known=[record])[""]

        assert [] == [error.message for error in validator(name).iter_errors(json.loads(written))]

    @pytest.mark.parametrize(
        "values",
        [
            {"aera": 1},
            {"area": "约60"},
            {"area": -1},
            {"area": True},
            {"area": [1]},
            {"books": 1.5},
            {"utilisation": 80},
            {"site": "rented"},
            {"infeasible": 1},
            {"charter": {"nothing": True}},
            {"charter": ["purpose", "purpose"]},
            {"charter": "purpose"},
            {"registered": {"now": 1}},
            {"registered": {"2022": "many"}},
            {"teachers": {}},
            {"teachers": [{"degre": "master"}]},
            {"teachers": [{"degree": 5}]},
            {"id": 1.5},
        ],
    )
    def test_mistakes(self, values: dict[str, object]) -> None:
        """A wrong name, type, member or number is invalid, as it is for the reader."""
        school = cr.load("school")

        assert not validator("school").is_valid(values)
        assert not validator("school").is_valid([values])
        assert "site" in values or school.evaluate(values).verdict is cr.Verdict.INVALID

    def test_labels(self) -> None:
        """Labels of facts and members, and the words of officials, are valid as they are for the reader."""
        values = {
            "编号": "S1",
            "办学场所": "独立设置",
            "独立校舍建筑面积": "0.75亩",
            "教师名单": [{"姓名": "甲", "学历": "大专", "专职": "是"}],
            "charter": {"办学宗旨": "有"},
            "population": "3万人",
            "utilisation": "80%",
        }

        assert validator("school").is_valid(values)
        assert cr.load("school").evaluate(values).verdict is not cr.Verdict.INVALID

    def test_words(self) -> None:
        """Titles are labels; descriptions say how a value is written, its kind and condition, in the language asked for."""
        school = cr.load("school")
        found = {
            language: school.json_schema(language)["$defs"]["institution"]["properties"]["area"]
            for language in ("zh", "en")
        }

        assert "独立校舍建筑面积" == found["zh"]["title"] == found["en"]["title"]
        assert "以平方米计的数，不小于 0；量化指标；仅当办学场所为独立设置" == found["zh"]["description"]
        assert "a number in `m2`, at least 0; measured; only when site = independent" == found["en"]["description"]

    def test_command(self) -> None:
        """The command prints the schema of a whole standard, and refuses that of a clause."""
        shown = CliRunner().invoke(cli, ["show", "school", "--format", "json-schema"])
        clause = CliRunner().invoke(cli, ["show", "school.floor_area", "--format", "json-schema"])

        assert cr.load("school").json_schema() == json.loads(shown.output)
        assert (2, True) == (clause.exit_code, "expected a whole standard, `school`" in clause.output)


class TestFacts:
    """The table of facts, from which all of these and `show --facts` print."""

    def test_rows(self) -> None:
        """A row tells kind, form, who answers, and the clauses that ask through lets, conditions and fields."""
        rows = {row.path: row for row in fact_table(cr.load("school").model)}

        assert ["附件2 规模设施·建设规模 第3条"] == list(rows["area"].places("zh"))
        assert {"floor_area", "independent_site", "shared_site"} == {clause.id for clause in rows["site"].clauses}
        assert {"teacher_quality", "part_time_team"} <= {clause.id for clause in rows["Teacher.full_time"].clauses}
        assert ("inspector", "institution") == (rows["infeasible"].answered_by, rows["led_by"].answered_by)

    def test_command(self) -> None:
        """`show --facts` has one line a fact, and `show STANDARD.CLAUSE` those of the clause."""
        shown = CliRunner().invoke(cli, ["show", "school", "--facts", "--lang", "en"]).output.splitlines()
        clause = CliRunner().invoke(cli, ["show", "school.floor_area", "--lang", "en"]).output

        assert len(fact_table(cr.load("school").model)) == len(shown) - 1
        assert "  area : m2 when site = independent  独立校舍建筑面积 [measured]  1 clause" in shown
        assert "    area : m2 when site = independent  独立校舍建筑面积 [measured]" in clause.splitlines()
