"""The words of expressions, and `cedu-rules docs`, which writes a standard with them as a web page and as Markdown."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import cedu_rules as cr
from cedu_rules import catalog
from cedu_rules.authoring.mutation.mutants import Mutant, mutants
from cedu_rules.cli import cli
from cedu_rules.explain.phrasing import clause_in_words, example_in_words, expression_in_words
from cedu_rules.explain.phrasing.clauses import FORMS
from cedu_rules.frontend import check
from cedu_rules.model.graph import walk
from cedu_rules.model.ir import Expression, Model
from cedu_rules.reports.booklet import html, markdown
from cedu_rules.testing import AIMS, standards

HEAD = """\
standard trial "试行标准"
source "试行办法" annex 1
type Degree = level { senior "高中" < associate "大专" < bachelor "本科" }
record Session key number { number : count "序号"  length : minutes "时长" }
record Course key title {
  title : text "课程名"  lecturer : text "主讲"  sessions : list of Session "课次"
  let long = any(s.length >= 45 minutes for s in sessions)
}
record Teacher key name { name : text "姓名"  full_time : bool "专职"  degree : Degree "学历"  since : date "入职" }
facts {
  area       : m2 "建筑面积"
  computers  : 台 "电脑"
  population : people "常住人口"
  funding    : 万元 "经费"
  used       : percent "利用率"
  open_day   : judged bool "开放"
  rules      : documented bool "有制度"
  own        : bool "独立"
  site       : choice { town "镇", street "街道", other "其他（说明）" } "所在地"
  rooms      : set { reading "阅览室", training "培训室", digital "数字室" } "用房"
  rent       : yuan when own "租金"
  registered : yearly people "注册人数"
  founded    : date "成立"
  teachers   : list of Teacher "教师名单"
  courses    : list of Course "课程"
}
"""

CASES = [
    ("area >= 500 m2", "建筑面积不少于 500 平方米", "建筑面积 is at least 500 m2"),
    ("area >= 500 m2 or used >= 80%", "建筑面积不少于 500 平方米，或利用率不低于 80%",
     "建筑面积 is at least 500 m2 or 利用率 is at least 80%"),
    ("(area > 1 m2 or own) and open_day", "（建筑面积多于 1 平方米，或“独立”为“是”），且“开放”经现场评定属实",
     "(建筑面积 is more than 1 m2 or “独立” is yes) and “开放” is found so on the spot"),
    ("own and rules or open_day", "（“独立”为“是”，且“有制度”有资料可查），或“开放”经现场评定属实",
     "(“独立” is yes and “有制度” is documented) or “开放” is found so on the spot"),
    ("not rules", "“有制度”没有资料可查", "“有制度” is not documented"),
    ("not area >= 500 m2", "并非（建筑面积不少于 500 平方米）", "not (建筑面积 is at least 500 m2)"),
    ("computers >= 20", "电脑不少于 20 台", "电脑 is at least 20"),
    ("computers != 20", "电脑不等于 20 台", "电脑 does not equal 20"),
    ("funding >= 1.5 万元", "经费不少于 1.5 万元", "经费 is at least 1.5 万元"),
    ("funding >= 1 yuan * population", "经费不少于 1 元 × 常住人口", "经费 is at least 1 yuan × 常住人口"),
    ("computers >= population * 1/10000", "电脑不少于（常住人口 × 1） ÷ 10000", "电脑 is at least (常住人口 × 1) ÷ 10000"),
    ("computers >= 1/3 * population", "电脑不少于 1/3 × 常住人口", "电脑 is at least 1/3 × 常住人口"),
    ("site = town", "所在地为镇", "所在地 is 镇"),
    ("site != other", "所在地不为“其他（说明）”", "所在地 is not “其他（说明）”"),
    ("site in { town, street }", "所在地为镇、街道之一", "所在地 is one of 镇, 街道"),
    ("rooms includes all", "用房齐全：阅览室、培训室、数字室", "用房 is complete, with 阅览室, 培训室, 数字室"),
    ("rooms includes { reading }", "用房包含“阅览室”", "用房 includes “阅览室”"),
    ("count(rooms) >= 2", "用房的具备项数不少于 2", "the number of items in 用房 is at least 2"),
    ("area between 60 m2 and 90 m2", "建筑面积在 60 平方米至 90 平方米之间（含两端）",
     "建筑面积 is between 60 m2 and 90 m2 inclusive"),
    ("if own then rent <= 10 yuan", "如果“独立”为“是”，则租金不超过 10 元",
     "if “独立” is yes, then 租金 is at most 10 yuan"),
    ("area >= (if own then 10 m2 else 20 m2)", "建筑面积不少于（如果“独立”为“是”，则 10 平方米，否则 20 平方米）",
     "建筑面积 is at least (if “独立” is yes, then 10 m2, otherwise 20 m2)"),
    ("area >= by population { <= 30000: 1400 m2, else: 2400 m2 }",
     "建筑面积不少于按常住人口依次对照的结果（不超过 30000 人：1400 平方米；其余：2400 平方米）",
     "建筑面积 is at least the first fitting value for 常住人口 (at most 30000: 1400 m2; else: 2400 m2)"),
    ("at least 2 of (own, open_day, rules)",
     "下列 3 项至少满足 2 项：（1）“独立”为“是”；（2）“开放”经现场评定属实；（3）“有制度”有资料可查",
     "at least 2 of these 3 hold: (1) “独立” is yes; (2) “开放” is found so on the spot; (3) “有制度” is documented"),
    ("all(t.degree >= associate for t in teachers where t.full_time)",
     "教师名单中符合（“专职”为“是”）的每一项均满足：学历不低于大专",
     "for every entry of 教师名单 (where “专职” is yes): 学历 is at least 大专"),
    ("count(t for t in teachers where t.full_time) >= 2", "教师名单中符合（“专职”为“是”）的项数不少于 2",
     "the number of entries of 教师名单 (where “专职” is yes) is at least 2"),
    ("count(distinct t.degree for t in teachers) >= 2", "教师名单中各项“学历”的不同取值个数不少于 2",
     "the number of different 学历 among the entries of 教师名单 is at least 2"),
    ("all(any(t.name = c.lecturer for t in teachers) for c in courses)",
     "课程中每一项 c 均满足：教师名单中至少有一项 t 满足：t 的姓名为 c 的主讲",
     "for every entry c of 课程: for at least one entry t of 教师名单: 姓名 of t is 主讲 of c"),
    ("all(c.long for c in courses)", "课程中每一项 c 均满足：c 的课次中至少有一项 s 满足：s 的时长不少于 45 分钟",
     "for every entry c of 课程: for at least one entry s of 课次 of c: 时长 of s is at least 45 minutes"),
    ("rises(registered)", "注册人数逐年上升", "注册人数 rises year by year"),
    ("registered[assessed_year] >= 100", "注册人数（评定年度）不少于 100 人", "注册人数 in the assessed year is at least 100"),
    ("average(registered, 3) > latest(registered)", "注册人数最近 3 年的平均数多于注册人数最近一年的数",
     "the average of 注册人数 over its last 3 years is more than 注册人数 in its latest year"),
    ("founded + 3 years >= assessed_on", "成立之后 3 年不早于评定基准日",
     "3 years after 成立 is on or after the day of assessment"),
    ("founded >= 2022-09-01", "成立不早于 2022年9月1日", "成立 is on or after 2022-09-01"),
    ("assessed_on - founded >= 365 days", "从成立到评定基准日的天数不少于 365 天",
     "the number of days from 成立 to the day of assessment is at least 365 days"),
    ("ceil(population / 1000) <= computers", "（常住人口 ÷ 1000）向上取整不超过电脑",
     "(常住人口 ÷ 1000) rounded up is at most 电脑"),
    ("max(area, 5 m2) - area <= 3 m2", "（建筑面积、5 平方米中的最大值） − 建筑面积不超过 3 平方米",
     "(the greatest of 建筑面积, 5 m2) − 建筑面积 is at most 3 m2"),
    ("passes(other)", "条款 other（附件1 甲·乙 第1条）达标或不适用", "clause other (annex 1, 甲 / 乙, line 1) passes or does not apply"),
]  # fmt: skip
"""A condition as written, in Chinese, in English."""

EVIL = "<script>alert(1)</script> [x](javascript:y) | `c` *b* \" & ' {{ 7 * 7 }}"


def model_of(text: str) -> Model:
    """Return the model of a standard that has no errors."""
    return catalog.loads(text).model


def of_condition(condition: str) -> Model:
    """Return a standard whose last clause asks for one condition."""
    clauses = f'clause other "另一条" {{ must own }}\n clause main "本条" {{ must {condition} }}'
    return model_of(f'{HEAD}section "甲" "乙" {{ {clauses} }}\n')


def requirement(model: Model, clause: str = "main") -> Expression:
    """Return the condition of the only requirement of a clause."""
    (only,) = model.clauses_by_id[clause].requirements
    return only.condition


class TestWords:
    """`expression_in_words` and `clause_in_words`."""

    @pytest.mark.parametrize(("condition", "chinese", "english"), CASES, ids=[case[0] for case in CASES])
    def test_says_each_form(self, condition: str, chinese: str, english: str) -> None:
        """Each form of the language reads as a sentence, with brackets only where they are needed."""
        model = of_condition(condition)
        found = [expression_in_words(model, requirement(model), language) for language in ("zh", "en")]

        assert [[chinese], [english]] == found

    def test_has_a_form_for_each_operator(self) -> None:
        """Every operator of the table of the model is said, a variable by what is read of it."""
        table = (Path(cr.__file__).parent / "model" / "ir.py").read_text(encoding="utf-8").split('"""')[1]
        rows = [re.split(r"\s{2,}", line.strip())[0] for line in table.splitlines() if re.match(r"    \S", line)][1:]
        listed = {word for row in rows for word in row.replace(",", " ").split()}

        assert {"constant", "days_between", "at_least", "=", "distinct"} <= listed
        assert listed - {"variable"} == FORMS.keys()

    def test_says_guards_recommendations_and_documents(self) -> None:
        """The lines of a clause: when it applies, what it asks and recommends."""
        body = (
            'when own unless site = other must show plan "计划" with { year "年度", term "学期" } should computers >= 9'
        )
        model = model_of(f'{HEAD}section "甲" "乙" {{ clause main "本条" {{ {body} }} }}\n')
        found = clause_in_words(model, model.clauses_by_id["main"], "zh")

        assert [
            "适用条件：“独立”为“是”",
            "适用条件：所在地不为“其他（说明）”",
            "应：计划齐全：年度、学期",
            "宜：电脑不少于 9 台",
        ] == found

    def test_names_a_long_let_and_says_it_once(self) -> None:
        """A let too long to be said in full is named, and explained behind the demands that name it."""
        parts = " or ".join(f"area = {number} m2" for number in range(1, 30))
        text = f'{HEAD}let sizes = {parts}\nsection "甲" "乙" {{ clause main "本条" {{ must sizes must not sizes or own }} }}\n'
        model = model_of(text)
        found = clause_in_words(model, model.clauses_by_id["main"], "en")

        assert ["must: sizes", "must: if sizes, then “独立” is yes"] == found[:2]
        assert found[2].startswith("sizes: 建筑面积 equals 1 m2 or 建筑面积 equals 2 m2 or ")
        assert len(found) == 3

    def test_tells_facts_of_one_label_apart(self) -> None:
        """Where two facts bear one label their names are told; a field that an institution has too is that of the entry."""
        facts = 'facts { one : m2 "场地" two : m2 "场地" name : text "姓名" staff : list of Person "人员" }'
        record = 'record Person { called : text "姓名" }'
        text = HEAD.replace("facts {", f"{facts.replace('name :', 'head :')}\n{record}\nfacts {{", 1)
        demand = "must one >= two must all(p.called = head for p in staff)"
        model = model_of(f'{text}section "甲" "乙" {{ clause main "本条" {{ {demand} }} }}\n')
        found = clause_in_words(model, model.clauses_by_id["main"], "zh")

        assert ["应：场地（one）不少于场地（two）", "应：人员中每一项均满足：本项的姓名为姓名"] == found

    def test_does_not_grow_with_shared_lets(self) -> None:
        """Lets that name one another twice each do not double the words at each step."""
        lets = "let l0 = area\n" + "".join(
            f"let l{number} = l{number - 1} + l{number - 1}\n" for number in range(1, 60)
        )
        model = model_of(f'{HEAD}{lets}section "甲" "乙" {{ clause main "本条" {{ must l59 >= 3 m2 }} }}\n')

        assert len("".join(clause_in_words(model, model.clauses_by_id["main"], "zh"))) < 10_000

    def test_survives_names_that_refer_to_themselves(self) -> None:
        """An editor asks for words of a file with mistakes, too."""
        model, diagnostics = check(
            f'{HEAD}let a = b\nlet b = a\nsection "甲" "乙" {{ clause main "本条" {{ must own }} }}\n'
        )

        assert any(diagnostic.code == "cycle" for diagnostic in diagnostics)
        assert all(expression_in_words(model, let.value, "zh") for let in model.lets)

    @pytest.mark.parametrize("name", ["centre", "college", "school"])
    @pytest.mark.parametrize("language", ["zh", "en"])
    def test_every_slip_in_a_shipped_standard_changes_the_words(self, name: str, language: str) -> None:
        """Thresholds, comparisons, members, years, words between conditions: whatever is changed is said otherwise."""
        model = cr.load(name).model
        silent = [mutant.in_words() for mutant in _changed(model) if _says_the_same(model, mutant, language)]

        assert silent == []

    @settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.one_of(standards(), *(standards(about=construct) for construct in AIMS)))
    def test_generated_standards(self, text: str) -> None:
        """Words name every fact that an expression reads itself, and differ wherever two expressions do."""
        model = model_of(text)
        for clause in model.clauses:
            for language in ("zh", "en"):
                said = "\n".join(clause_in_words(model, clause, language))
                parts = [part for demand in clause.requirements for part in _read(demand.condition)]

                assert [label for label in _labels(model, parts) if label not in said] == []
        for mutant in _changed(model):
            assert not any(_says_the_same(model, mutant, language) for language in ("zh", "en")), mutant.in_words()


def _changed(model: Model) -> Iterator[Mutant]:
    return (mutant for mutant in mutants(model) if mutant.slip.whole != mutant.home.expression)


def _says_the_same(model: Model, mutant: Mutant, language: str) -> bool:
    before, after = mutant.home.expression, mutant.slip.whole
    return expression_in_words(model, before, language) == expression_in_words(model, after, language)


def _read(expression: Expression) -> Iterator[Expression]:
    """Yield what an expression reads; what the model added of its own accord reads nothing new."""
    return (part for part in walk(expression) if part.operator in {"fact", "field"})


def _labels(model: Model, parts: list[Expression]) -> Iterator[str]:
    for part in parts:
        owner = part.operands[0].type.name if part.operands else ""
        facts = model.records_by_name[owner].fields_by_name if owner else model.facts_by_name
        yield facts[str(part.data)].label


class TestExamples:
    """`example_in_words`."""

    @pytest.mark.parametrize(
        ("written", "chinese", "english"),
        [
            ("{ }", "均未填报", "nothing is recorded"),
            ("{ area: 499.99 m2, used: 8% }", "建筑面积：499.99 平方米；利用率：8%", "建筑面积: 499.99 m2; 利用率: 8%"),
            ("{ site: town, own: no }", "所在地：镇；独立：否", "所在地: 镇; 独立: no"),
            ("{ rooms: all }", "用房：各项齐全", "用房: all items"),
            ("{ rooms: {reading} }", "用房：阅览室（其余没有）", "用房: 阅览室 (no other)"),
            ("{ rooms: {reading: no} }", "用房：阅览室（否）", "用房: 阅览室 (no)"),
            (
                "{ registered: {2021: 5, 2022: unknown} }",
                "注册人数：2021年 5 人、2022年未填报",
                "注册人数: 2021 5 people, 2022 not recorded",
            ),
            (
                '{ teachers: [{name: "甲", degree: bachelor}, { }], assessed_on: 2022-11-01 }',
                "教师名单：（姓名：“甲”；学历：本科）、（均未填报）；评定基准日：2022年11月1日",
                "教师名单: (姓名: “甲”; 学历: 本科), (nothing is recorded); day of assessment: 2022-11-01",
            ),
        ],
    )
    def test_says_the_values(self, written: str, chinese: str, english: str) -> None:
        """Labels for names, numbers in the unit of their fact, what is missing as such."""
        model = model_of(f'{HEAD}section "甲" "乙" {{ clause main "本条" {{ must own example unknown {written} }} }}\n')
        (example,) = model.clauses_by_id["main"].examples

        assert [chinese, english] == [example_in_words(model, example, language) for language in ("zh", "en")]


class _Page(HTMLParser):
    """The tags of a page, its ids and its links."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.ids: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given_ = dict(attrs)
        self.tags.add(tag)
        self.ids += [given_["id"] or ""] if "id" in given_ else []
        self.links += [given_["href"] or ""] if "href" in given_ else []


def parsed(text: str) -> _Page:
    """Return what a page holds."""
    page = _Page()
    page.feed(text)
    return page


def evil_standard() -> str:
    """Return a standard in which every text is an attack."""
    evil = EVIL.replace('"', '\\"')
    return (
        f'standard evil "{evil}"\nsource "{evil}"\nfacts {{ area : m2 "{evil}" }}\n'
        f'section "{evil}" "{evil}" {{ clause main "{evil}" {{ must area >= 1 m2 "{evil}!" note "{evil}" '
        "example pass { area: 2 m2 } } }\n"
    )


class TestPage:
    """`docs` as a web page."""

    @pytest.mark.parametrize("name", ["centre", "college", "school"])
    @pytest.mark.parametrize("language", ["zh", "en"])
    def test_holds_everything_and_nothing_foreign(self, name: str, language: str) -> None:
        """An anchor for every clause and fact, no script, nothing from elsewhere, no link that leads nowhere."""
        model = cr.load(name).model
        page = parsed(html(model, language))

        assert {f"c-{clause.id}" for clause in model.clauses} | {f"f-{fact.name}" for fact in model.facts} <= set(
            page.ids
        )
        assert len(page.ids) == len(set(page.ids))
        assert page.tags.isdisjoint({"script", "img", "link", "iframe", "object", "form"})
        assert [link for link in page.links if link.removeprefix("#") not in page.ids] == []

    def test_shows_lines_as_the_annex_numbers_them(self) -> None:
        """Each line with its number, its title, its demands in words, its notes."""
        text = html(cr.load("school").model, "zh")
        clause = text[text.index('id="c-floor_area"') :].partition("</article>")[0]

        assert '<span class="number">3</span>' in clause
        assert "独立校舍建筑面积不少于 500 平方米，或合用场地中可用于社区教育的使用面积不少于 500 平方米" in clause
        assert "执行口径" in clause

    def test_escapes_whatever_authors_write(self) -> None:
        """No text of a file becomes a tag, an attribute or a template."""
        text = html(model_of(evil_standard()), "zh")

        assert parsed(text).tags.isdisjoint({"script"})
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
        assert "{{ 7 * 7 }}" in text


class TestMarkdown:
    """`docs` as Markdown."""

    def test_has_the_shape_of_the_annex(self) -> None:
        """Sections, subsections, and lines that carry the numbers of the annex."""
        lines = markdown(cr.load("school").model, "zh").splitlines()
        place = lines.index("### 建设规模")

        assert "## 规模设施" in lines[:place]
        numbers = [
            line.split(".")[0] for line in lines[place : lines.index("### 设施配备")] if re.match(r"\d+\. ", line)
        ]
        assert ["1", "2", "3", "4"] == numbers

    def test_escapes_whatever_authors_write(self) -> None:
        """No text of a file becomes a tag, a link, code or a cell."""
        text = markdown(model_of(evil_standard()), "en")

        assert "<script" not in text
        assert "[x](" not in text
        assert "| `c`" not in text
        assert all(len(re.findall(r"(?<!\\)\|", line)) == 8 for line in text.splitlines() if line.startswith("|"))


class TestCommand:
    """`cedu-rules docs` as it is called."""

    def test_writes_a_page_to_a_file(self, tmp_path: Path) -> None:
        """A web page in the language of the standard is what is written if nothing else is asked for."""
        result = CliRunner().invoke(cli, ["docs", "centre", "-o", str(tmp_path / "centre.html")])

        assert (0, "") == (result.exit_code, result.output)
        assert (tmp_path / "centre.html").read_text(encoding="utf-8") == html(cr.load("centre").model, "zh")

    def test_writes_markdown_in_english(self) -> None:
        """Form and language can be chosen."""
        result = CliRunner().invoke(cli, ["docs", "centre", "--format", "markdown", "--lang", "en"])

        assert result.exit_code == 0
        assert result.output == markdown(cr.load("centre").model, "en")

    def test_tells_what_is_wrong_with_a_standard(self, tmp_path: Path) -> None:
        """A file that is no standard is told, and nothing is written."""
        (tmp_path / "bad.std").write_text("standard x", encoding="utf-8")
        result = CliRunner().invoke(cli, ["docs", str(tmp_path / "bad.std"), "-o", str(tmp_path / "out.html")])

        assert result.exit_code == 2
        assert not (tmp_path / "out.html").exists()

    def test_show_says_a_clause_in_words(self) -> None:
        """`show` of one clause has the words below each demand as written."""
        lines = CliRunner().invoke(cli, ["show", "school.floor_area", "--lang", "en"]).output.splitlines()
        place = next(number for number, line in enumerate(lines) if "area >= 500 m2 or" in line)

        assert lines[place + 1] == (
            "      独立校舍建筑面积 is at least 500 m2 or 合用场地中可用于社区教育的使用面积 is at least 500 m2"
        )
