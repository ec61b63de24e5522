"""Tests of what is proved of tables `by`: the row that a value fits, in steps that do not grow with the rows."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from cedu_rules import values
from cedu_rules.analysis.tables import _chooser
from cedu_rules.frontend import check
from cedu_rules.truth import Interval
from tests.steps import growth

ROWS = st.lists(st.tuples(st.sampled_from(["<", "<=", ">", ">=", "="]), st.integers(0, 4)), max_size=6)


def table(rows: int) -> str:
    """Return a standard with a table of so many rows."""
    cells = ", ".join(f"<= {row}: {row}" for row in range(rows))
    return f"""standard trial "试"
source "标准"
facts {{ n : count "数" }}
section "一" "二" {{ clause one "一" {{ must n >= by n {{ {cells}, else: 3 }} }} }}"""


@given(ROWS, st.integers(-1, 11))
def test_the_row_is_the_first_whose_comparison_holds(rows: list[tuple[str, int]], halves: int) -> None:
    """Whatever the order of rows and signs, the row that is looked up is the one that is found by asking each in turn."""
    operators = tuple(operator for operator, _ in rows)
    bounds = [Interval(Fraction(bound), Fraction(bound)) for _, bound in rows]
    sample = Interval(Fraction(halves, 2), Fraction(halves, 2))
    fitting = [row for row, bound in enumerate(bounds) if values.compare(operators[row], sample, bound)]
    found = _chooser(operators, [*bounds])(sample)

    assert (fitting or [len(rows)])[0] == found


def test_a_long_table_is_reviewed_in_proportion_to_its_rows() -> None:
    """Twice the rows are about twice the work."""
    assert growth(lambda rows: check(table(rows)), 150) < 2.5


def test_members_are_read_in_proportion_to_their_number() -> None:
    """Twice the members of a choice are about twice the work."""

    def choice(members: int) -> None:
        listed = ", ".join(f'm{number} "{number}号"' for number in range(members))
        check(f'standard trial "试"\nsource "标准"\nfacts {{ c : choice {{ {listed} }} "选" }}')

    assert growth(choice, 1000) < 2.2
