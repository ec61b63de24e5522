"""Whatever text is read, it ends in a model or in diagnostics, never in another exception."""

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from cedu_rules.catalog import loads
from cedu_rules.diagnostics import StandardError
from cedu_rules.frontend import check
from cedu_rules.standard import Standard
from cedu_rules.testing import expressions, standards
from cedu_rules.testing.histories import model_from

STANDARDS = sorted((Path(__file__).parents[2] / "standards").glob("*.std"))
HEADER = 'standard any "任意" source "示例文件"\n'
_WORDS = """
{ } ( ) [ ] : , ; = != < <= => >= + - * / . % " “ ” ： ， （ ） ｛ 、 # \\ ' ² ㎡ \u3000 \x00 \ud800 1,000 1/2 2022-9-1
500 m2 亩 5元/人 10 9999999999999999999999999999999999 0.5 if then else or and not between in includes for where of at
by yes no all distinct when unless must should note example show judge with clause section facts record let param
check type unit choice level set yearly list signed date text bool count percent key to unknown passes rises latest
average sum min max ceil a b area teachers t.x assessed_on 数 standard source effective from annex language
"""
TOKENS = tuple(_WORDS.replace("\n", " ").strip(" ").split(" "))

texts = st.one_of(st.text(), st.lists(st.sampled_from(TOKENS), max_size=30).map(" ".join))


def assert_ends_well(text: str) -> None:
    """Raise where reading the text ends in anything but a model, diagnostics, or an error that holds them."""
    _, diagnostics = check(text)
    for diagnostic in diagnostics:
        if not 0 <= diagnostic.span.start <= diagnostic.span.end <= len(text):
            raise AssertionError(f"{diagnostic.code} stands outside of the text")
        if not (diagnostic.message("en") and diagnostic.message("zh")):
            raise AssertionError(f"{diagnostic.code} says nothing")


@given(texts)
def test_any_text_ends_well(text: str) -> None:
    """Arbitrary characters and arbitrary words of the language are read, or refused with diagnostics."""
    assert_ends_well(text)
    assert_ends_well(HEADER + text)


@given(standards(lines=2), st.data())
def test_any_mutation_of_a_standard_ends_well(text: str, data: st.DataObject) -> None:
    """A standard with words deleted, inserted, exchanged or cut off is read, or refused with diagnostics."""
    assert_ends_well(data.draw(mutated(text)))


@settings(max_examples=max(5, settings.default.max_examples // 5))  # type: ignore[union-attr]  # a profile is loaded
@given(st.sampled_from(STANDARDS), st.data())
def test_any_mutation_of_a_shipped_section_ends_well(path: Path, data: st.DataObject) -> None:
    """The same for parts of the standards that we ship, whose facts are then unknown as well."""
    text = path.read_text(encoding="utf-8")
    start = data.draw(st.integers(0, len(text)))

    assert_ends_well(data.draw(mutated(text[start : start + 1500])))


@st.composite
def mutated(draw: st.DrawFn, text: str) -> str:
    """Draw a text with a few of its words changed."""
    words = text.split(" ")
    for _ in range(draw(st.integers(1, 4))):
        place, other = draw(st.integers(0, len(words) - 1)), draw(st.integers(0, len(words) - 1))
        match draw(st.sampled_from(["delete", "insert", "exchange", "double", "cut"])):
            case "delete":
                words[place] = ""
            case "insert":
                words.insert(place, draw(st.sampled_from(TOKENS)))
            case "exchange":
                words[place], words[other] = words[other], words[place]
            case "double":
                words[place] *= 2
            case "cut":
                words[place] = words[place][: len(words[place]) // 2]
    return " ".join(words)


RICH = model_from(
    HEADER
    + """
facts {
  area : m2 "面积"  n : count "数"  share : percent "比"  ok : bool "是"  site : choice { own, shared } "用地"
  grade : level { low < high } "等级"  day : date "日"  word : text "字"  rooms : set { big, small } "房"
  growth : yearly people "增长"  teachers : list of Teacher "教师"  spare : m2 when ok "备用"
}
record Teacher { name : text "名"  hours : count "时"  degree : level { junior < senior } "学历" }
section "总项" "分项" { clause c "条" { must ok } }
"""
)


@given(expressions(Standard(RICH), typed=False, depth=3))
def test_any_expression_ends_well(expression: str) -> None:
    """Ill-typed expressions are refused with diagnostics, and the well-typed among them accepted."""
    text = RICH.source.text + f'section "总项" "又一" {{ clause d "条" {{ when {expression} must {expression} }} }}'

    assert_ends_well(text)


@given(standards())
def test_a_generated_standard_loads(text: str) -> None:
    """What is well-typed by construction has no error; tables without a gap have none either."""
    try:
        standard = loads(text)
    except StandardError as error:
        raise AssertionError(text) from error

    assert standard.model.clauses
