"""Knowing more never turns a decided answer into unknown or into its opposite: completion, and every step towards it."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cedu_rules.testing.aims import AIMS
from cedu_rules.testing.histories import History, World, histories, model_from, models, worlds
from cedu_rules.testing.laws import assert_answers_stay, assert_everything_known

STANDARDS = sorted((Path(__file__).parents[2] / "standards").glob("*.std"))


@given(histories(models()))
def test_answers_stay(history: History) -> None:
    """For known ⊑ more ⊑ all: a decided answer of the first is the answer of the others; pass may become not applicable."""
    assert_answers_stay(history)


@pytest.mark.parametrize("about", AIMS)
@given(data=st.data())
def test_answers_about_rare_constructs_stay(about: str, data: st.DataObject) -> None:
    """The same law on standards about one construct that random search meets too seldom."""
    assert_answers_stay(data.draw(histories(models(about=about))))


@pytest.mark.parametrize("path", STANDARDS, ids=lambda path: path.stem)
def test_answers_of_a_shipped_standard_stay(path: Path) -> None:
    """The same law on the standards that we ship."""
    model = model_from(path.read_text(encoding="utf-8"))

    @settings(max_examples=max(5, settings.default.max_examples // 10))  # type: ignore[union-attr]  # a profile is loaded
    @given(histories(st.just(model)))
    def law(history: History) -> None:
        assert_answers_stay(history)

    law()


@given(worlds(models(), complete=True))
def test_complete_facts_are_known(world: World) -> None:
    """In a complete record every fact is known to have one value, or not to exist."""
    assert_everything_known(world)


@given(worlds(models(about="conditional facts"), complete=True))
def test_complete_conditional_facts_are_known(world: World) -> None:
    """A fact that does not exist is not an unknown one: with everything recorded all of them are known."""
    assert_everything_known(world)
