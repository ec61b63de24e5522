"""The Python backend: the answers of the reference, code that an author can trace, and nothing that a file could inject."""

import ast
import traceback
from datetime import date
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace

import pytest
from attrs import evolve
from generated_standards import (  # type: ignore[import-not-found]  # it stands beside the tests
    RICH,
    RICH_MODEL,
    model_of,
    random_day,
    random_model,
    random_record,
    seeded,
    with_row,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from cedu_rules.backends.python import compile_clause, compile_standard, functions, source_of
from cedu_rules.model.ir import Clause, Fact, Model, Requirement
from cedu_rules.model.types import BOOL
from cedu_rules.results import Status
from cedu_rules.semantics import Evaluation
from cedu_rules.source import Citation
from cedu_rules.validity import find_contradictions

SHIPPED = sorted((Path(__file__).parents[1] / "standards").glob("*.std"))
SEEDS = st.integers(0, 2**32)


def by_reference(model: Model, record: object, day: date | None) -> tuple[Status, ...]:
    """Return the statuses that define what is right."""
    evaluation = Evaluation(model, record, day)
    return tuple(evaluation.status(clause) for clause in model.clauses)


def clause_requiring(condition: str, *, more: str = "") -> tuple[Model, Clause]:
    """Return the rich standard with one clause more, and that clause."""
    model = model_of(f'{RICH}\n{more}\nsection "丙" "丁" {{ clause made "样" {{ must {condition} }} }}')
    return model, model.clauses[-1]


def record_with(**values: object) -> SimpleNamespace:
    """Return a record of the rich standard with nothing but these values."""
    record = SimpleNamespace(**(dict.fromkeys(RICH_MODEL.facts_by_name) | values))
    with_row(RICH_MODEL, record)
    return record


class TestAgreement:
    """Whatever the standard, record and day: compiled code answers as the reference does."""

    @settings(max_examples=40)
    @given(SEEDS)
    def test_fused_statuses(self, seed: int) -> None:
        """The fused function gives the statuses of the reference, with gaps, without, and without a row."""
        source = seeded(seed)
        model = random_model(source)
        statuses = compile_standard(model).statuses
        for _ in range(12):
            record, day = random_record(source, model), random_day(source)

            assert by_reference(model, record, day) == statuses(record, day)

    @settings(max_examples=15)
    @given(SEEDS)
    def test_single_clauses(self, seed: int) -> None:
        """Each clause compiled on its own gives its status too, those that ask for other clauses included."""
        source = seeded(seed)
        model = random_model(source)
        predicates = [compile_clause(model, clause) for clause in model.clauses]
        for _ in range(8):
            record, day = random_record(source, model), random_day(source)

            assert by_reference(model, record, day) == tuple(predicate(record, day) for predicate in predicates)

    @settings(max_examples=60)
    @given(SEEDS)
    def test_contradictions(self, seed: int) -> None:
        """`contradicts` is true exactly where the definition finds something."""
        source = seeded(seed)
        contradicts = compile_standard(RICH_MODEL).contradicts
        for _ in range(12):
            record, day = random_record(source), random_day(source)

            assert bool(find_contradictions(RICH_MODEL, record, day)) is contradicts(record, day)

    @pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
    def test_shipped_standards(self, path: Path) -> None:
        """The shipped standards answer alike on records with gaps and without."""
        model = model_of(path.read_text(encoding="utf-8"))
        compiled, source = compile_standard(model), seeded(path.stem)
        for _ in range(60):
            record, day = random_record(source, model), random_day(source)

            assert by_reference(model, record, day) == compiled.statuses(record, day)
            assert bool(find_contradictions(model, record, day)) is compiled.contradicts(record, day)

    def test_records_of_both_kinds_are_generated(self) -> None:
        """The records of the tests above have a row or none, and contradict themselves or not."""
        records = [random_record(seeded(seed)) for seed in range(200)]
        contradictory = {bool(find_contradictions(RICH_MODEL, record, None)) for record in records}

        assert {True, False} == {record._row is None for record in records}
        assert {True, False} == contradictory


class TestMeaning:
    """The corners of the language, one by one."""

    @pytest.mark.parametrize(
        ("condition", "values", "expected"),
        [
            ("area >= 0 m2", {}, Status.PASS),
            ("area - area = 0 m2", {}, Status.UNKNOWN),
            ("area - area = 0 m2", {"area": 3}, Status.PASS),
            ("amount + 0.2 = 0.3", {"amount": Fraction(1, 10)}, Status.PASS),
            ("land >= 500 m2", {"land": Fraction(3, 4)}, Status.PASS),
            ("land = 0.75 亩", {"land": Fraction(3, 4)}, Status.PASS),
            ("money / people_ >= 1 yuan", {"money": 3, "people_": 0}, Status.UNKNOWN),
            ("money / people_ >= 1 yuan", {"money": 3, "people_": 3}, Status.PASS),
            ("money / people_ >= 1 yuan", {"people_": 3}, Status.UNKNOWN),
            ("amount / balance < 0", {"amount": 1, "balance": -2}, Status.PASS),
            ("amount / balance >= 1", {"amount": 2, "balance": -2}, Status.FAIL),
            ("floor(amount / balance) = -1", {"amount": 1, "balance": -2}, Status.PASS),
            ("round(amount) = 2", {"amount": Fraction(3, 2)}, Status.PASS),
            ("round(balance) = -2", {"balance": Fraction(-3, 2)}, Status.PASS),
            ("area_if >= 2 m2", {"kind": "blue"}, Status.FAIL),
            ("area_or >= 2 m2", {"flag": False}, Status.PASS),
            ("closed < opened", {"flag": False, "opened": date(2020, 1, 1)}, Status.FAIL),
            ("not closed < opened", {"flag": False, "opened": date(2020, 1, 1)}, Status.PASS),
            ("sort != square", {"kind": "blue"}, Status.PASS),
            ("rank_if < high", {"flag": False}, Status.FAIL),
            ("only = sole", {}, Status.PASS),
            ("only_if = sole", {}, Status.UNKNOWN),
            ("kind in { red, blue, green }", {}, Status.PASS),
            ("count(rooms) >= 1", {"rooms": {"hall": True, "lab": None, "yard": None}}, Status.PASS),
            ("count(extra) = 0", {"flag": False}, Status.PASS),
            ("count(t for t in teachers) = 0", {"teachers": ()}, Status.PASS),
            ("all(t.full for t in teachers)", {}, Status.UNKNOWN),
            ("sum(t.net for t in teachers) >= 0 yuan", {}, Status.UNKNOWN),
            ("sum(t.hours for t in teachers) >= 0 hours", {}, Status.PASS),
            ("learners[2021] >= 2", {"learners": {2021: 2}}, Status.PASS),
            ("learners[2020] >= 0", {"learners": {2021: 2}}, Status.PASS),
            ("(learners / residents)[2021] >= 1/2", {"learners": {2021: 1}, "residents": {2020: 2}}, Status.UNKNOWN),
            ("rises(rising)", {"learners": {2020: 0, 2021: None}, "residents": {2020: 1, 2021: 1}}, Status.UNKNOWN),
            ("falls(rising)", {"learners": {2020: 0, 2021: None}, "residents": {2020: 1, 2021: 1}}, Status.FAIL),
            ("rises(rising)", {"learners": {2020: None, 2021: 0}, "residents": {2020: 1, 2021: 1}}, Status.FAIL),
            ("learners[people_ + 2019] >= 0", {}, Status.PASS),
            ("learners[people_ + 2019] >= 2", {"people_": 2, "learners": {2021: 2}}, Status.PASS),
            ("never >= 1", {}, Status.FAIL),
            ("nowhere != left", {}, Status.PASS),
            ("no_day < opened", {"opened": date(2020, 1, 1)}, Status.FAIL),
            ("count(nothing) = 0 and count(no_set) = 0 and no_years[2021] = 0", {}, Status.PASS),
            ("steady[2021] >= 1", {}, Status.UNKNOWN),
            ("steady[2021] >= 1", {"flag": True}, Status.PASS),
            ("balance * amount >= 0", {"balance": -2}, Status.UNKNOWN),
            ("amount / (people_ + 1) > 0", {"amount": 5}, Status.UNKNOWN),
            ("closed >= 0001-01-01", {}, Status.UNKNOWN),
            ("closed >= 0001-01-01", {"flag": True}, Status.PASS),
            ("opened + 1 years >= 2021-02-28", {"opened": date(2020, 2, 29)}, Status.PASS),
            ("amount >= 1000000000000000000", {"amount": 10**18}, Status.PASS),
            ("(by people_ { <= 10: 1 m2, else: 2 m2 }) <= 2 m2", {}, Status.PASS),
            ("(by people_ { <= 10: 1 m2, else: 2 m2 }) = 1 m2", {}, Status.UNKNOWN),
        ],
    )
    def test_compiled(self, condition: str, values: dict[str, object], expected: Status) -> None:
        """The status is the one that the language asks for."""
        model, clause = clause_requiring(condition)

        assert expected == compile_clause(model, clause)(record_with(**values), None)
        assert expected == by_reference(model, record_with(**values), None)[-1]

    @given(
        st.sampled_from([">=", ">", "<=", "<", "="]),
        st.sampled_from(["8%", "1/3", "1/7", "1", "0", "1/99999999999999999999"]),
        st.dictionaries(st.integers(2020, 2023), st.none() | st.integers(0, 30)),
        st.dictionaries(st.integers(2020, 2023), st.none() | st.integers(0, 30) | st.just(10**16)),
    )
    def test_quotients_of_series(
        self, operator: str, bound: str, above: dict[int, int | None], below: dict[int, int | None]
    ) -> None:
        """The shares that a row holds decide as the fractions do, with years missing, blank or 0."""
        requirements = f"must a[2021] / b[2021] {operator} {bound} must r[2022] {operator} {bound}"
        model = model_of(QUOTIENTS.format(requirements))
        record = SimpleNamespace(a=dict(sorted(above.items())) or None, b=dict(sorted(below.items())) or None)
        with_row(model, record)

        assert by_reference(model, record, None) == compile_standard(model).statuses(record, None)

    def test_aggregates_that_need_one_another(self) -> None:
        """Aggregates of one list share a loop only where none needs the result of another."""
        model, clause = clause_requiring("all(t.net >= average(u.net for u in teachers) for t in teachers)")
        statuses = compile_standard(model).statuses
        for seed in range(30):
            record = random_record(seeded(seed), model)

            assert by_reference(model, record, None) == statuses(record, None)
        assert 1 < source_of(model, clause).count("for ")


QUOTIENTS = """
standard made "样" source "文件" annex 1 effective from 2022-09-01
facts {{ a : yearly count "甲" b : yearly count "乙" }}
let r = a / b
section "甲" "乙" {{
  clause limits "限" {{ {} }}
  clause up "升" {{ must rises(r) }}
  clause down "降" {{ must falls(a / b) }}
  clause now "年" {{ must r[assessed_year] >= 8% }}
}}
"""

DEEP = {
    "negation": ("(not {})", "flag", 95, "{}"),
    "conjunction": ("(plain and (gone or {}))", "flag", 45, "{}"),
    "selection": ("(if plain then {} else area)", "area", 90, "{} >= 2 m2"),
    "choice": ("(if plain then {} else red)", "kind", 90, "{} = red"),
    "sum": ("(area + {})", "area", 90, "{} >= 2 m2"),
    "quotient": ("(amount / {})", "amount", 14, "{} >= 2"),
    "rounding": ("ceil({} / 2)", "amount", 45, "{} >= 2"),
    "table": ("(by people_ {{ <= 1: area, else: {} }})", "area", 60, "{} >= 2 m2"),
    "steps": ("({} + 1 days)", "opened", 90, "{} >= 2020-01-01"),
}
"""Each form: what goes around, what is inside, how often, and what makes a condition of it."""


class TestSize:
    """Large and deep standards stay within what Python can compile."""

    @pytest.mark.parametrize("form", DEEP)
    def test_deep_expressions(self, form: str) -> None:
        """Expressions as deep as the language allows compile and agree."""
        around, inner, depth, whole = DEEP[form]
        for _ in range(depth):
            inner = around.format(inner)
        model, clause = clause_requiring(whole.format(inner))
        predicate = compile_clause(model, clause)
        for seed in range(6):
            record = random_record(seeded(seed), model)

            assert Evaluation(model, record, None).status(clause) == predicate(record, None)

    def test_long_chains(self) -> None:
        """A chain of thousands of limbs or terms is no deep tree."""
        model, clause = clause_requiring(
            f"{' + '.join(['area'] * 2000)} >= 2000 m2 and {' and '.join(['flag'] * 2000)}"
        )

        assert compile_clause(model, clause)(record_with(area=1, flag=True), None) is Status.PASS

    def test_loops_in_loops(self) -> None:
        """More loops in one another than Python allows are left to the reference."""
        condition = "flag"
        for index in range(30):
            condition = f"any({condition} for t{index} in teachers)"
        model, clause = clause_requiring(condition)
        record = record_with(flag=True, teachers=(random_record_of_teacher(),))

        assert compile_clause(model, clause)(record, None) is Status.PASS

    def test_lets_that_double(self) -> None:
        """A chain of lets, each naming the one before it twice, takes no exponential time."""
        chain = ["let n0 = area + area", "let k0 = if flag then kind else red", "let s0 = learners + learners"]
        for index in range(1, 40):
            chain.append(f"let n{index} = n{index - 1} + n{index - 1}")
            chain.append(f"let k{index} = if plain then k{index - 1} else k{index - 1}")
            chain.append(f"let s{index} = s{index - 1} + s{index - 1}")
        model, clause = clause_requiring("n39 >= 3 m2 or k39 = red or s39[2021] >= 1", more="\n".join(chain))

        assert 20_000 > len(source_of(model, clause))
        assert compile_clause(model, clause)(record_with(area=1), None) is Status.PASS

    def test_many_clauses(self) -> None:
        """A standard of thousands of clauses is one function."""
        copies = (RICH_MODEL.clauses[0]._replace(id=f"copy_{number}") for number in range(3000))
        model = evolve(RICH_MODEL, clauses=tuple(copies))

        assert [Status.PASS] * 3000 == list(compile_standard(model).statuses(record_with(area=2), None))


def random_record_of_teacher() -> SimpleNamespace:
    """Return some element of the list of teachers."""
    found = (random_record(seeded(seed)).teachers for seed in range(100))
    return next(teachers[0] for teachers in found if teachers)  # type: ignore[no-any-return]


class TestCode:
    """What is generated, as a reader and an attacker see it."""

    def test_readable(self) -> None:
        """The code of a clause reads like the code that one would write."""
        model, clause = clause_requiring("area >= 2 m2")

        expected = (
            "def made(record, assessed_on):\n"
            "    row = record._row\n"
            "    if row is None:\n"
            "        return by_reference(record, assessed_on)\n"
            "    area_1 = row[14]\n"
            "    return UNKNOWN if area_1 is None else PASS if area_1 >= 20000 else FAIL"
        )

        assert expected == source_of(model, clause)

    def test_deterministic(self) -> None:
        """The same model gives the same code, places included."""
        trees = [functions.statuses_function(RICH_MODEL)[1] for _ in range(2)]
        first, second = (ast.dump(tree, include_attributes=True) for tree in trees)

        assert first == second

    def test_aggregates_of_one_list_share_a_loop(self) -> None:
        """Three aggregates of the teachers go through them once."""
        model, clause = clause_requiring(
            "count(t for t in teachers where t.full) >= 2 and all(t.good for t in teachers where t.full)"
            " and sum(t.hours for t in teachers where t.full) >= 4 hours"
        )

        assert source_of(model, clause).count("for ") == 1

    def test_traceback_shows_the_line_of_the_author(self) -> None:
        """An exception in compiled code points at the expression in the `.std` file."""
        model, clause = clause_requiring('title = "甲" and area >= 2 m2')
        record = record_with(title="甲")
        record._row = tuple("甲" for _ in record._row)
        with pytest.raises(TypeError) as caught:
            compile_clause(model, clause)(record, None)
        frame = traceback.extract_tb(caught.value.__traceback__)[-1]

        line = model.source.line_text(clause.span.line)
        start = len(line[: line.index("area >= 2 m2")].encode())

        assert ("rich.std", "made", clause.span.line) == (frame.filename, frame.name, frame.lineno)
        assert line.strip() == frame.line
        assert (start, start + len("area >= 2 m2")) == (frame.colno, frame.end_colno)

    def test_code_has_no_builtins(self) -> None:
        """Generated code can name its own locals and the functions that it was given, nothing else."""
        names = compile_standard(RICH_MODEL).statuses.__globals__  # type: ignore[attr-defined]  # a function

        assert names["__builtins__"] == {}
        assert {"open", "exec", "eval", "__import__"}.isdisjoint(names)

    @pytest.mark.parametrize(
        "name", ["class", "x = 1\nimport os", "a b", "ﬁ", "__import__", "row", "record", "PASS", "min", ""]
    )
    def test_names_from_a_file_inject_nothing(self, name: str) -> None:
        """Names that no file can declare, as a tampered model may hold them, still make plain locals."""
        span = RICH_MODEL.clauses[0].span
        fact = Fact(name, BOOL, "measured", "样", None, None, span)
        read = RICH_MODEL.clauses[0].requirements[0].condition.operands[0]._replace(operator="fact", data=name)
        requirement = Requirement("must", "measured", read, None, span)
        clause = Clause(name, "样", Citation("样", 1, "甲", "乙", 1), (), (requirement,), (), (), span)
        model = evolve(RICH_MODEL, facts=(fact,), checks=(), lets=(), clauses=(clause,))
        record = SimpleNamespace(_row=(True,))

        assert compile_clause(model, clause)(record, None) is Status.PASS
        assert compile_standard(model).statuses(record, None) == (Status.PASS,)
