"""JSON and YAML: institutions that nest their lists."""

import json
import pickle
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cedu_rules import data, records
from cedu_rules.data import yaml_files
from cedu_rules.data.entries import DEPTH_LIMIT
from cedu_rules.facts import json_schema
from cedu_rules.model.from_syntax import build
from cedu_rules.model.ir import Model
from cedu_rules.records import Numeral
from cedu_rules.source import Source
from cedu_rules.syntax.parser import parse

TRIAL = """
standard trial "试"
source "s" annex 1
effective from 2022-09-01
facts {
  area : m2 "建筑面积"
  rate : percent "利用率"
  opened : date "成立日期"
  internet : bool "联网"
  charter : set { purpose "办学宗旨", finance "财务制度" } "章程"
  registered : yearly people "各年注册人数"
  teachers : list of Teacher "教师"
  number : text "编号"
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


def read(folder: Path, text: str | bytes, name: str = "data.json", **options: Any) -> data.Reading:  # noqa: ANN401
    """Write the file and read it."""
    (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return data.read(MODEL, [folder / name], **options)


def told(reading: data.Reading) -> list[str]:
    """Return everything that is wrong, as it is printed."""
    return [str(issue) for issue in (*reading.issues, *(i for each in reading.submissions for i in each.issues))]


def refused(submission: data.Submission) -> list[str]:
    """Return what records say against the values."""
    class_ = records.record_class(MODEL, digest="nested trial")
    _record, issues = records.attempt(class_, submission.given, places=submission.places)
    return [str(issue) for issue in issues]


class TestBoth:
    """What JSON and YAML have in common."""

    @pytest.mark.parametrize("text", ['{"id": "S1", "area": 5}', '[{"id": "S1", "area": 5}]'])
    @pytest.mark.parametrize("name", ["d.json", "d.yaml", "d.yml", "d.JSON"])
    def test_one_or_a_list(self, tmp_path: Path, text: str, name: str) -> None:
        """One institution may stand alone or in a list."""
        reading = read(tmp_path, text, name)

        assert [] == told(reading)
        assert [("S1", None, {"area": "5"})] == [(each.id, each.name, each.values) for each in reading.submissions]

    @pytest.mark.parametrize("name", ["d.json", "d.yaml"])
    def test_marks_and_columns(self, tmp_path: Path, name: str) -> None:
        """Id and name may be numbers; the column to group by and those to ignore are no facts, unless they are."""
        text = '[{"id": 17, "名称": " 校 ", "town": "甲", "x": 1, "area": 5}, {"id": null, "town": null, "name": ""}]'
        reading = read(tmp_path, text, name, group="town", ignore=("x",))
        by_fact = read(tmp_path, '[{"area": 5}, {}]', name, group="area")

        assert [] == told(reading) + told(by_fact)
        assert [("17", "校"), (None, None)] == [(each.id, each.name) for each in reading.submissions]
        assert [{"town": "甲"}, {"town": ""}] == [each.columns for each in reading.submissions]
        assert [{"area": "5"}, {}] == [each.values for each in reading.submissions]
        assert ({"area": "5"}, {"area": "5"}) == (by_fact.submissions[0].columns, by_fact.submissions[0].values)

    @pytest.mark.parametrize(("name", "place"), [("d.json", "d.json:1 [1]"), ("d.yaml", "d.yaml:1")])
    def test_marks_that_are_none(self, tmp_path: Path, name: str, place: str) -> None:
        """An id that is a list, a name given twice, and a word that is a mark and a label are told."""
        reading = read(tmp_path, '[{"id": ["x"], "name": "甲", "机构名称": "乙", "编号": "3"}]', name)

        assert [
            f"{place}: id: `['x']`; expected a text",
            f"{place}: name: `乙`; expected one value for it",
            f"{place}: 编号: `3`; expected a name that means one thing: `id` or `number`",
        ] == told(reading)

    @pytest.mark.parametrize("name", ["d.json", "d.yaml"])
    @pytest.mark.parametrize("text", ["[1, {}]", '["x", {}]', "[null, {}]", "[[], {}]"])
    def test_no_institution(self, tmp_path: Path, name: str, text: str) -> None:
        """What is no mapping is told, and the others are read."""
        reading = read(tmp_path, text, name)

        assert 1 == len(reading.submissions)
        assert [True] == ["expected the facts of one institution, by name" in each for each in told(reading)]

    @pytest.mark.parametrize("name", ["d.json", "d.yaml"])
    def test_twice(self, tmp_path: Path, name: str) -> None:
        """A name that stands twice in one mapping is told with its path, however deep."""
        text = '[{"id": "S1", "area": 1, "area": 2, "teachers": [{}, {"name": "甲", "name": "乙", "name": "丙"}]}, {}]'
        reading = read(tmp_path, text, name)

        paths = [(issue.institution, issue.path, issue.expected.en) for issue in reading.submissions[0].issues]
        assert {
            ("S1", "area", "each name once"),
            ("S1", "teachers[2].name", "each name once"),
        } == set(paths)
        assert ((), 2) == (reading.issues, len(reading.submissions))

    @pytest.mark.parametrize("name", ["d.json", "d.yaml"])
    @pytest.mark.parametrize("levels", [DEPTH_LIMIT + 1, 100_000])
    @pytest.mark.parametrize("bracket", ["[", '{"a":'])
    def test_deep(self, tmp_path: Path, name: str, levels: int, bracket: str) -> None:
        """Values that nest too deeply are told, whatever their depth."""
        close = {"[": "]", '{"a":': "}"}[bracket]
        reading = read(tmp_path, f'[{{"id": "S1"}}, {{"area": {bracket * levels} 1 {close * levels}}}]', name)

        assert {"S1"} >= {
            submission.id for submission in reading.submissions[:1]
        }  # a parser that reads ahead gives none
        assert [True] == ["expected at most 50 levels of nesting" in each for each in told(reading)]

    @pytest.mark.parametrize("name", ["d.json", "d.yaml"])
    def test_broken_characters(self, tmp_path: Path, name: str) -> None:
        """Half a character, which no report could be written with, is refused in values and names."""
        reading = read(tmp_path, r'[{"id": "\ud800", "name": "x"}]', name)
        key = read(tmp_path, r'[{"\ud800": "x", "name": "x"}]', name)

        for each in (reading, key):
            assert 1 == len(told(each))
            assert told(each)[0].isprintable()
            assert None is (each.submissions[0].id if each.submissions else None)

    @pytest.mark.parametrize("name", ["data.json", "data.yaml"])
    def test_the_schema_of_editors(self, tmp_path: Path, name: str) -> None:
        """The address of a schema, which editors look for at the top, is no fact; inside a list, or as no text, it is."""
        text = '{"$schema": "./trial.schema.json", "id": "S1", "area": 5}'
        inner = '{"id": "S1", "teachers": [{"$schema": "x"}]}'

        assert [] == refused(read(tmp_path, text, name).submissions[0])
        assert {"area": "5"} == read(tmp_path, text, name).submissions[0].values
        assert 1 == len(refused(read(tmp_path, inner, name).submissions[0]))
        assert 1 == len(refused(read(tmp_path, text.replace('"./trial.schema.json"', "3"), name).submissions[0]))

    def test_the_schema_admits_itself(self) -> None:
        """The JSON Schema of the input lets an institution name it, as a text."""
        validator = jsonschema.Draft202012Validator(json_schema(MODEL))

        assert [True, True, False] == [
            validator.is_valid(value)
            for value in ({"$schema": "x", "area": 5}, [{"$schema": "x"}], {"$schema": 3, "area": 5})
        ]

    def test_pickles(self, tmp_path: Path) -> None:
        """Submissions travel between processes, with their places."""
        (submission,) = read(tmp_path, "id: S1\nteachers: [{name: 甲}]\n", "d.yaml").submissions
        copy = pickle.loads(pickle.dumps(submission))  # noqa: S301 -- made in this line

        assert submission == copy
        assert dict(submission.places) == dict(copy.places)


class TestJson:
    """What is JSON's own."""

    def test_numbers_keep_their_text(self, tmp_path: Path) -> None:
        """A number is its text, so that no digit is lost, and what is no number is left to records."""
        numbers = ["0.1000000000000000055", "1e999", "NaN", "-Infinity", "1" * 5000]
        reading = read(tmp_path, "[" + ",".join(f'{{"area": {each}}}' for each in numbers) + "]")

        assert [] == told(reading)
        assert [Numeral(each) for each in numbers] == [each.values["area"] for each in reading.submissions]
        assert all(isinstance(each.values["area"], Numeral) for each in reading.submissions)
        assert [0, 1, 1, 1, 1] == [len(refused(each)) for each in reading.submissions]

    def test_places(self, tmp_path: Path) -> None:
        """An institution is placed by its line and its number; its parts have the same place."""
        reading = read(tmp_path, '[\n {"id": "S1"},\n\n {"id": "S2", "teachers": [{"name": "甲"}]}]')

        places = reading.submissions[1].places
        assert "data.json:2 [1]" == reading.submissions[0].places[""]
        assert {"data.json:4 [2]"} == set(places.values())
        assert ["", "teachers", "teachers[1]", "teachers[1].name"] == list(places)

    @pytest.mark.parametrize(
        ("text", "place", "found"),
        [
            ("", "1:1", "; expected a value"),
            ("[", "1:2", "; expected a value"),
            ("x", "1:1", ": `x`; expected a value"),
            ('[{"id": "S1"}\n {}]', "2:2", ": `{}]`; expected `,` or a closing bracket"),
            ('[{"id": "S1"},\n ]', "2:2", ": `]`; expected a value"),
            ('[{"id": "S1"}]\n]', "2:1", ": `]`; expected nothing after the last bracket"),
            ('{"id": "S1"} {}', "1:14", ": `{}`; expected nothing after the last bracket"),
            ("[{id: 1}]", "1:3", ": `id: 1}]`; expected a name in double quotes"),
            ('[{"id" 1}]', "1:8", ": `1}]`; expected `:`"),
            ('[{"id": "x}]', "1:9", ': `"x}]`; expected a closing `"`'),
            ('[{"id": "x\n"}]', "1:11", "; expected no line break or control character in a text"),
            ('[{"id": "\\x"}]', "1:10", ': `\\\\x"}]`; expected an escape such as `\\n` or `\\u4e00`'),
        ],
    )
    def test_malformed(self, tmp_path: Path, text: str, place: str, found: str) -> None:
        """What is no JSON is told with line and column; the institutions before are kept."""
        reading = read(tmp_path, text)

        assert [f"data.json:{place}: JSON{found.replace(chr(92) * 2, chr(92))}"] == told(reading)
        assert text.count('"S1"') == len(reading.submissions)

    def test_files_in_gb18030(self, tmp_path: Path) -> None:
        """JSON in GB18030 is read with the same warning as CSV."""
        reading = read(tmp_path, '{"name": "示例校"}'.encode("gb18030"))

        assert ("示例校", 1) == (reading.submissions[0].name, len(reading.warnings))


@pytest.fixture(params=["C", "Python"])
def _loader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read YAML with libyaml, and without it."""
    if request.param == "Python":
        monkeypatch.setattr(yaml_files, "_LOADER", yaml.SafeLoader)


@pytest.mark.usefixtures("_loader")
class TestYaml:
    """What is YAML's own; the same with either parser."""

    def test_scalars_stay_as_written(self, tmp_path: Path) -> None:
        """Nothing is guessed: dates, sexagesimal, octal and Norwegian values are text, numbers keep their digits."""
        written = [
            "0.80",
            "017",
            "1e3",
            "-5",
            "1_000",
            "12:30:00",
            "2022-09-01",
            "0o17",
            "0x1F",
            "yes",
            "no",
            "是",
            ".nan",
            "+5",
            "８％",
            "<<",
        ]
        reading = read(tmp_path, "".join(f"- area: {each}\n" for each in written), "d.yaml")

        values = [each.values["area"] for each in reading.submissions]
        assert [] == told(reading)
        assert written == values
        assert ["0.80", "017", "1e3", "-5"] == [each for each in values if isinstance(each, Numeral)]

    def test_quotes_and_nothing(self, tmp_path: Path) -> None:
        """Quotes make text of a number and of null; null, `~` and nothing are missing."""
        text = "area: '5'\nrate: \"null\"\nopened: ~\ninternet: null\ncharter:\nregistered: |\n  5\n"
        (submission,) = read(tmp_path, text, "d.yaml").submissions

        assert {
            "area": "5", "rate": "null", "opened": None, "internet": None, "charter": None, "registered": "5\n"
        } == submission.values  # fmt: skip
        assert not any(isinstance(each, Numeral) for each in submission.values.values())

    def test_places(self, tmp_path: Path) -> None:
        """Every value has its line, by the path of its fact, though it be written by label."""
        text = (
            "- id: S0\n- id: S1\n  章程:\n    办学宗旨: 是\n  registered:\n    2021年: 5\n    2022: x\n"
            "  teachers:\n  - 姓名: 甲\n  - name: 乙\n    专职: 好\n  建筑面积: 约60\n  areaa: 5\n"
        )
        submission = read(tmp_path, text, "d.yaml").submissions[1]

        assert {
            "": "d.yaml:2",
            "charter": "d.yaml:3",
            "charter.purpose": "d.yaml:4",
            "registered": "d.yaml:5",
            "registered.2021": "d.yaml:6",
            "registered.2022": "d.yaml:7",
            "teachers": "d.yaml:8",
            "teachers[1]": "d.yaml:9",
            "teachers[1].name": "d.yaml:9",
            "teachers[2]": "d.yaml:10",
            "teachers[2].name": "d.yaml:10",
            "teachers[2].full_time": "d.yaml:11",
            "area": "d.yaml:12",
            "areaa": "d.yaml:13",
        } == dict(submission.places)
        assert ["d.yaml:7", "d.yaml:11", "d.yaml:12", "d.yaml:13"] == [
            each.split(": ")[0] for each in refused(submission)
        ]

    def test_names_that_no_path_can_hold(self, tmp_path: Path) -> None:
        """Names with dots or brackets, and second names of a fact, have the place of what is around them."""
        text = "- id: S1\n  a.b: 1\n  '[1]': 2\n  '': 3\n  建筑面积: x\n  area: 5\n"
        (submission,) = read(tmp_path, text, "d.yaml").submissions

        assert {"": "d.yaml:1", "area": "d.yaml:6"} == dict(submission.places)
        assert 2 == len(submission.places)
        assert "a.b" not in submission.places

    def test_documents(self, tmp_path: Path) -> None:
        """Several documents are read one after the other; an empty one says nothing."""
        reading = read(tmp_path, "---\nid: S1\n---\n---\n- id: S2\n- id: S3\n---\n[]\n", "d.yaml")

        assert [] == told(reading)
        assert ["S1", "S2", "S3"] == [each.id for each in reading.submissions]

    @pytest.mark.parametrize("text", ["", "# nothing\n", "---\n", "[]"])
    def test_nothing(self, tmp_path: Path, text: str) -> None:
        """A file that says nothing has no institutions, and is no error."""
        reading = read(tmp_path, text, "d.yaml")

        assert ((), ()) == (reading.submissions, reading.issues)

    def test_tags(self, tmp_path: Path) -> None:
        """Tags are refused, also those of YAML itself, and nothing is made of them."""
        text = "id: S1\narea: !!float 5\nrate: !!python/object/apply:os.getcwd []\nopened: ! x\ncharter: !x {a: 1}\n"
        reading = read(tmp_path, text, "d.yaml")

        tags = ["area: `tag:yaml.org,2002:float`", "rate: `tag:yaml.org,2002:python/object/apply:os.getcwd`"]
        wanted = "; expected a value without a tag"
        assert [
            f"d.yaml:{line}: S1: {found}{wanted}"
            for line, found in enumerate([*tags, "opened: `!`", "charter: `!x`"], 2)
        ] == told(reading)

    @pytest.mark.parametrize("text", ["!!python/name:os.system", "!x [1]", "!x []", "!!set {a}"])
    def test_tag_of_the_whole(self, tmp_path: Path, text: str) -> None:
        """A tag before everything is refused, too."""
        assert any("expected a value without a tag" in each for each in told(read(tmp_path, text, "d.yaml")))

    def test_aliases(self, tmp_path: Path) -> None:
        """References are refused, so that nothing can explode; an anchor alone does no harm."""
        bomb = "a: &a [x]\n" + "".join(
            f"{b}: &{b} [{', '.join(['*' + a] * 9)}]\n" for a, b in zip("abcd", "bcde", strict=True)
        )
        reading = read(tmp_path, bomb, "d.yaml")

        assert 36 == len(told(reading))
        assert "d.yaml:2: b[1]: `*a`; expected the value itself, no reference to another one" == told(reading)[0]
        assert {"x"} == set(reading.submissions[0].values["a"])  # type: ignore[call-overload]

    def test_names_that_are_none(self, tmp_path: Path) -> None:
        """A list, a mapping or nothing where a name is expected is told."""
        reading = read(tmp_path, "- {id: S1, [a]: 1}\n- {id: S2, ~: 1}\n- {id: S3, area: {{a: b}: 1}}\n", "d.yaml")

        assert [
            "d.yaml:1: S1: YAML; expected a name",
            "d.yaml:2: S2: YAML; expected a name",
            "d.yaml:3: S3: area; expected a name",
        ] == told(reading)

    @pytest.mark.parametrize(
        ("text", "line"),
        [
            ("- id: S1\n- {id: S2\n", 3),
            ("- id: S1\n- area: 5: 6\n", 2),
            ("- id: S1\n-\tid: S2\n\t x: 1\n", 2),
            ("- id: S1\n- area: 'x\n", 3),
            ("- id: S1\n- area: *none\n- [", 4),
            ("- id: S1\n- area: \0\n", 2),
        ],
    )
    def test_malformed(self, tmp_path: Path, text: str, line: int) -> None:
        """What is no YAML is told with its line, in our words."""
        reading = read(tmp_path, text, "d.yaml")

        (issue,) = [each for each in reading.issues if each.path == "YAML"]
        assert issue.expected.en.startswith("YAML: each `name: value` on its own line")
        assert abs(int(str(issue.place).split(":")[1]) - line) <= 1

    @pytest.mark.parametrize(
        "text", ['"\\U00110000"', '"\\UFFFFFFFF"', "%YAML " + "1" * 5000 + ".1\n--- x", "%YAML 9.9\n---\n"]
    )
    def test_escapes_that_are_no_characters(self, tmp_path: Path, text: str) -> None:
        """Numbers that the parser does not check end in an issue as well."""
        assert 1 == len(told(read(tmp_path, text, "d.yaml")))


# --- laws ------------------------------------------------------------------------------------------------------------

PIECES = [
    "id", "area", "teachers", "章程", ": ", "- ", "\n", "\n  ", "{", "}", "[", "]", ",", '"', "'", "&a ", "*a", "!x ", "? ",
    "|", ">", "#", "%", "---", "~", "1e999", "NaN", "\\", "\\ud800", "5", "true", "null", "\0", "\t", "@", "`", ":",
]  # fmt: skip
TEXT = st.one_of(
    st.binary(),
    st.text(st.characters(codec="utf-8")).map(str.encode),
    st.lists(st.sampled_from(PIECES), max_size=40).map(lambda parts: "".join(parts).encode()),
)


@pytest.mark.parametrize("loader", [yaml_files._LOADER, yaml.SafeLoader])
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(raw=TEXT, name=st.sampled_from(["d.json", "d.yaml"]))
def test_anything_is_read(tmp_path: Path, raw: bytes, name: str, loader: object) -> None:
    """Any bytes end in submissions and issues that can be printed; nothing else is raised, by records neither."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(yaml_files, "_LOADER", loader)
        reading = read(tmp_path, raw, name, group="area", ignore=["teachers"])

    for submission in reading.submissions:
        assert all(submission.places[path] for path in submission.places)
        assert isinstance(refused(submission), list)
    issues = (*reading.issues, *(i for each in reading.submissions for i in each.issues))
    assert all(issue.message("en").isprintable() and issue.message("zh").isprintable() for issue in issues)


VALUES = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]))
    ),
    lambda inner: st.one_of(st.lists(inner), st.dictionaries(st.sampled_from(["a", "建筑面积", "b c"]), inner)),
    max_leaves=10,
)


def as_text(value: Any) -> Any:  # noqa: ANN401
    """Return the value with its numbers as their text."""
    if isinstance(value, list):
        return [as_text(each) for each in value]
    if isinstance(value, dict):
        return {key: as_text(each) for key, each in value.items()}
    return str(value) if type(value) is int else value


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(rows=st.lists(st.dictionaries(st.sampled_from(["area", "charter", "teachers", "章程"]), VALUES)))
def test_json_round_trip(tmp_path: Path, rows: list[dict[str, Any]]) -> None:
    """Values written as JSON are read as they were, numbers as their text."""
    reading = read(tmp_path, json.dumps(rows, ensure_ascii=False))

    assert [] == told(reading)
    assert [as_text(row) for row in rows] == [each.values for each in reading.submissions]
