"""Tests of mutation: which slips are tried, which are noticed, what is proposed and written, and what is proved."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from cedu_rules import Standard, load
from cedu_rules.authoring.cases import Bench
from cedu_rules.authoring.examples import failures
from cedu_rules.authoring.mutation.equivalence import equivalent
from cedu_rules.authoring.mutation.mutants import mutants, survivors
from cedu_rules.authoring.proposing.inserting import inserted
from cedu_rules.authoring.workshop import LiveMutant, Trial, try_examples
from cedu_rules.catalog import loads
from cedu_rules.cli.root import cli

HEAD = 'standard trial "试"\nsource "样例" annex 1\n'
FACTS = """type Degree = level { low "低" < middle "中" < high "高" }
facts {
  a : bool "甲"  b : bool "乙"  n : count "数"  m : count "另数"  area : m2 "面积"  share : percent "率"
  kind : choice { red "红", blue "蓝", green "绿" } "类"
  rooms : set { hall "厅", lab "室", yard "院" } "房"
  degree : Degree "学历"  since : date "始"
  learners : yearly count "人数"
  members : list of Member "成员"
}
record Member key name { name : text "姓名" full : bool "专" hours : hours "时" }
"""


def standard(clause: str, more: str = "") -> Standard:
    """Return a standard of one clause."""
    return loads(f'{HEAD}{FACTS}{more}\nsection "一" "二" {{\n  clause only "条" {{\n    {clause}\n  }}\n}}\n')


def changes(clause: str, more: str = "") -> set[str]:
    """Return what the mutants of a clause change, in words."""
    return {mutant.in_words().replace("`", "") for mutant in mutants(standard(clause, more).model)}


class TestSlips:
    """Which slips are tried."""

    def test_a_quantity_moves_by_its_last_digit_and_a_tenth_of_it(self) -> None:
        """Thresholds move to what a slip would make of them, and comparisons turn."""
        assert changes("must area >= 500 m2") == {
            "area >= 500 m2 is left out",
            "area >= 500 m2 becomes not (area >= 500 m2)",
            "area >= 500 m2 becomes area < 500 m2",
            "area >= 500 m2 becomes area > 500 m2",
            "area >= 500 m2 becomes area = 500 m2",
            "500 m2 becomes 499 m2",
            "500 m2 becomes 501 m2",
            "500 m2 becomes 499.9 m2",
            "500 m2 becomes 500.1 m2",
        }

    def test_a_number_beside_whole_ones_moves_by_one(self) -> None:
        """No count is 2.9; and `> 3` is the same slip as `>= 4`."""
        found = changes("must n >= 3")

        assert {"3 becomes 2", "n >= 3 becomes n = 3"} <= found
        assert not any("." in change for change in found)
        assert len({"3 becomes 4", "n >= 3 becomes n > 3"} & found) == 1

    @pytest.mark.parametrize(
        ("clause", "expected"),
        [
            ("must share >= 0.5%", "0.5% becomes 0.49%"),
            ("must degree >= middle", "middle becomes low"),
            ("must since >= 2022-09-01", "2022-09-01 becomes 2022-08-31"),
            ("must a and b", "a and b becomes a or b"),
            ("must a or b", "b is left out"),
            ("must if a then b", "if a then b becomes not (a) and b"),
            ("must n between 2 and 5", "n >= 2 is left out"),
            ("when a must b", "a is left out"),
            ("unless a must b", "not (a) becomes not (not (a))"),
            ("must at least 2 of (a, b, n >= 1)", "at least 2 becomes at least 3"),
            ("must kind in { red, blue }", "blue is left out"),
            ("must kind in { red, blue }", "kind in { red, blue } becomes kind in { red, blue, green }"),
            ("must rooms includes { hall, lab }", "lab is left out"),
            ("must all(x.full for x in members)", "all(x.full for x in members) becomes any(x.full for x in members)"),
            ("must count(x for x in members where x.full) >= 2", "where x.full is left out"),
            ("must n + m >= 3", "m is left out"),
            ("must rises(learners)", "rises(learners) becomes falls(learners)"),
            ("must area >= by n { <= 3: 60 m2, else: 90 m2 }", "60 m2, 90 m2 becomes 90 m2, 60 m2"),
            ("must area >= by n { <= 3: 60 m2, <= 5: 70 m2, else: 90 m2 }", "<= 5: 70 m2 is left out"),
            ("must ceil(n / 3) >= 2", "ceil(n / 3) becomes floor(n / 3)"),
            ("must area >= 2 m2 * n", "2 m2 becomes 2.1 m2"),
        ],
    )
    def test_every_form_has_its_slips(self, clause: str, expected: str) -> None:
        """Each construct is changed as an author may get it wrong."""
        assert expected in changes(clause)

    def test_params_lets_checks_and_conditions_are_changed_too(self) -> None:
        """Whatever decides an answer, or which values are possible."""
        found = changes(
            "must many and n >= least", 'param least = 3\nlet many = m >= 7\nfacts { check m <= 90 "过大" }'
        )

        assert {"least becomes 2", "7 becomes 6", "90 becomes 91"} <= found

    def test_a_should_beside_a_must_is_left_alone(self) -> None:
        """It decides no status, so no example could notice."""
        assert changes("must a should n >= 3") == changes("must a")

    def test_a_table_keeps_a_row_for_every_value(self) -> None:
        """A slip that leaves a gap is refused when the file is loaded, and so is no mutant."""
        found = changes("must area >= by n { <= 3: 60 m2, >= 4: 90 m2 }")

        assert "<= 3: 60 m2 is left out" not in found
        assert "60 m2, 90 m2 becomes 90 m2, 60 m2" in found


class TestKilling:
    """Which mutants the examples notice, and what is proposed for the others."""

    def test_a_boundary_on_each_side_kills_a_threshold(self) -> None:
        """The example of an author who thinks of both sides, and of a number beyond, needs no help."""
        trial = try_examples(
            standard("must n >= 3\n example pass { n: 3 }\n example fail { n: 2 }\n example pass { n: 4 }"), mutate=True
        )

        assert (trial.findings, trial.equivalents) == ((), ())

    def test_what_is_not_noticed_comes_with_an_example(self) -> None:
        """Without a value just below, smaller thresholds live; the proposal is one such value."""
        trial = try_examples(standard("must n >= 3\n example pass { n: 3 }\n example pass { n: 9 }"), mutate=True)

        assert [found.case.values for found in trial.proposed] == [{"n": 2}]
        assert {finding.in_words() for finding in trial.findings} >= {"no example notices that `3` becomes `2`"}

    def test_a_slip_in_a_share_comes_with_an_example(self) -> None:
        """Numbers that are large enough to tell shares apart by a tenth of a percent are found."""
        more = 'facts { full : count "专职" part : count "兼职" }'
        clause = (
            "must full / (full + part) >= 60%\n example pass { full: 3, part: 2 }\n example fail { full: 1, part: 1 }"
        )
        trial = try_examples(standard(clause, more), mutate=True)

        assert "no example notices that `60%` becomes `59.9%`" in {finding.in_words() for finding in trial.findings}
        assert trial.live == sum(len(found.targets) for found in trial.proposed)

    def test_a_failing_example_kills_nothing(self) -> None:
        """It is told as failing; what it seems to show does not count."""
        trial = try_examples(standard("must a\n example pass { a: no }"), mutate=True)

        assert len(trial.failures) == 1
        assert trial.live == trial.mutants

    def test_invalid_examples_kill_what_is_in_checks(self) -> None:
        """A check is tried by examples that are refused, and by those that are just not."""
        more = 'facts { check n <= 9 "过大" }'
        loose = try_examples(standard("must a\n example pass { a: yes }\n example fail { a: no }", more), mutate=True)
        strict = standard(
            "must a\n example pass { a: yes, n: 9 }\n example fail { a: no, n: 0 }\n example invalid { n: 10 }", more
        )

        assert loose.live > 0
        assert try_examples(strict, mutate=True).live == 0


LIMBS = st.sampled_from(
    [
        "a",
        "b",
        "n >= 3",
        "n + m >= 4",
        "area > 2.5 m2",
        "kind = red",
        "kind in { red, blue }",
        "rooms includes { hall, lab }",
        "count(rooms) >= 2",
        "degree >= middle",
        "all(x.hours >= 2 hours for x in members where x.full)",
        "count(x for x in members where x.full) >= 2",
        "rises(learners)",
        "share < 8%",
        "area >= by n { <= 3: 60 m2, else: 90 m2 }",
    ]
)
CONDITIONS = st.one_of(
    LIMBS,
    st.builds("{} and {}".format, LIMBS, LIMBS),
    st.builds("{} or {}".format, LIMBS, LIMBS),
    st.builds("if {} then {}".format, LIMBS, LIMBS),
    st.builds("not ({} and {})".format, LIMBS, LIMBS),
)


def trial_of(condition: str) -> Trial:
    """Return what is found for one condition without any example."""
    return try_examples(standard(f"must {condition}"), mutate=True)


@settings(max_examples=6)
@given(CONDITIONS)
def test_each_proposed_example_does_kill(condition: str) -> None:
    """By the reference: the clause of the mutant has another status there."""
    trial = trial_of(condition)

    for found in trial.proposed:
        for target in found.targets:
            assert isinstance(target, LiveMutant)
            assert target.mutant.is_killed_by(found.case)


@settings(max_examples=6)
@given(CONDITIONS)
def test_what_is_written_loads_and_holds_and_kills(condition: str) -> None:
    """The file with the new examples loads, all of them hold, and what they are for is noticed; nothing else changed."""
    trial = trial_of(condition)
    model = trial.standard.model
    text = inserted(model, [found.case for found in trial.proposed])
    written = loads(text)
    again = Bench(written)
    open_ = survivors(mutants(written.model), again.cases)
    unfound = sum(trial.proposal(finding) is None for finding in trial.findings)

    assert list(failures(written)) == []
    assert sum(len(clause.examples) for clause in written.model.clauses) == len(trial.proposed)
    assert len([mutant for mutant in open_ if equivalent(written.model, mutant) is None]) == unfound
    for clause in written.model.clauses:
        for example in reversed(clause.examples):
            text = text[: example.span.start].rstrip(" \n") + text[example.span.end :]
    assert text.split() == model.source.text.split()


@given(CONDITIONS, st.data())
def test_nothing_kills_what_is_proved_equivalent(condition: str, data: st.DataObject) -> None:
    """No record tells a mutant that is called equivalent from the standard."""
    loaded = standard(f"must {condition}")
    bench = Bench(loaded)
    proofs = [proof for mutant in mutants(loaded.model) if (proof := equivalent(loaded.model, mutant)) is not None]
    values = data.draw(
        st.fixed_dictionaries(
            {},
            optional={
                "a": st.booleans(),
                "b": st.booleans(),
                "n": st.integers(0, 6),
                "m": st.integers(0, 6),
                "area": st.sampled_from([0, 2, "2.5", 3, 60, 75, 90, 91]),
                "share": st.sampled_from(["0.07", "0.08", "0.09"]),
                "kind": st.sampled_from(["red", "blue", "green"]),
                "degree": st.sampled_from(["low", "middle", "high"]),
                "rooms": st.dictionaries(st.sampled_from(["hall", "lab", "yard"]), st.booleans()),
            },
        )
    )
    case = bench.case("only", values)

    assert case is not None
    assert not any(proof.mutant.is_killed_by(case) for proof in proofs)


class TestEquivalence:
    """What is proved, and what is not."""

    @pytest.mark.parametrize(
        ("condition", "change"),
        [
            ("(a or b) and a", "`a or b` becomes `a and b`"),
            ("rooms includes { hall } and rooms includes all", "`rooms includes { hall }` is left out"),
            ("n >= 3 and n >= 2", "`2` becomes `1`"),
        ],
    )
    def test_redundant_parts_are_found_out(self, condition: str, change: str) -> None:
        """A limb that another one implies may be anything weaker; that is proved, with its reason."""
        trial = try_examples(standard(f"must {condition}"), mutate=True)
        proofs = {proof.mutant.in_words(): proof.in_words() for proof in trial.equivalents}

        assert change in proofs or condition.startswith("(a")
        assert all(": " in words for words in proofs.values())

    def test_the_unproved_is_live(self) -> None:
        """Sums are beyond the proof, so that what is found neither way is told as such, and never as equivalent."""
        trial = try_examples(standard("must n + m >= 3 and n + m >= 2"), mutate=True)
        unfound = [finding for finding in trial.findings if trial.proposal(finding) is None]

        assert "no example notices that `2` becomes `1`" in {finding.in_words() for finding in unfound}


class TestCommand:
    """`cedu-rules test --mutate`."""

    CLAUSE = "must area >= 500 m2  # 面积\n    example pass { area: 500 m2 }  # 恰好"

    @pytest.fixture
    def run(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[int, str]]:
        """Run the command on `trial.std` in an empty folder."""
        text = standard(self.CLAUSE).model.source.text
        (tmp_path / "trial.std").write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
        monkeypatch.chdir(tmp_path)

        def run(*arguments: str) -> tuple[int, str]:
            result = CliRunner().invoke(cli, ["test", *arguments])
            return result.exit_code, result.output

        return run

    def test_tells_what_lives_and_exits_with_1(self, run: Callable[..., tuple[int, str]]) -> None:
        """Each finding has its place; an example stands below, ready to be copied."""
        status, output = run("--mutate", "trial.std")

        assert status == 1
        assert "no example notices that `500 m2` becomes `499 m2`" in output
        assert "example fail { area: " in output
        assert output.splitlines()[-2] == "1 passed, 0 failed"

    def test_speaks_chinese(self, run: Callable[..., tuple[int, str]]) -> None:
        """`--lang zh` is for all of it."""
        _status, output = run("--mutate", "--coverage", "--lang", "zh", "trial.std")

        assert "没有例子能发现：`500 m2` 改为 `499 m2`" in output
        assert "条件 `area >= 500 m2`：没有取值为“否”的例子" in output
        assert "条件覆盖 0/1" in output

    def test_writes_into_the_clause_and_nothing_else(self, run: Callable[..., tuple[int, str]], tmp_path: Path) -> None:
        """New lines stand after the last example, with its indentation and line ends; the rest is as it was."""
        before = (tmp_path / "trial.std").read_bytes()
        status, _output = run("--mutate", "--coverage", "--write", "trial.std")
        after = (tmp_path / "trial.std").read_bytes()
        old, new = before.split(b"\r\n"), after.split(b"\r\n")
        added = [line for line in new if line not in old]

        assert status == 0
        assert [line for line in new if line in old] == old
        assert all(line.startswith(b"    example ") for line in added)
        assert new[new.index(added[0]) - 1].endswith("# 恰好".encode())
        assert run("--mutate", "--coverage", "trial.std")[0] == 0

    def test_refuses_to_write_without_a_question(self, run: Callable[..., tuple[int, str]]) -> None:
        """`--write` alone has nothing to write."""
        assert run("--write", "trial.std")[0] == 2

    def test_writes_into_a_clause_on_one_line(self) -> None:
        """Where nothing has a line of its own, the example stands behind what is there."""
        text = f'{HEAD}{FACTS}section "一" "二" {{ clause only "条" {{ must a }} }}'
        trial = try_examples(loads(text), mutate=True)
        made = inserted(trial.standard.model, [found.case for found in trial.proposed])

        assert made.replace(" example fail { a: no }", "").replace(" example pass { a: yes }", "") == text
        assert list(failures(loads(made))) == []


@pytest.mark.parametrize("name", ["college", "school", "centre"])
def test_no_mutant_of_the_shipped_standards_lives(name: str) -> None:
    """The examples notice every slip, but for those that are proved to mean the same."""
    loaded = load(name)
    live = survivors(mutants(loaded.model), Bench(loaded).cases)

    assert [mutant.in_words() for mutant in live if equivalent(loaded.model, mutant) is None] == []
