"""All ways to the answers agree: the reference, the fused function, single clauses, and the façade."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cedu_rules.backends.python import compile_clause, compile_standard
from cedu_rules.records import attempt
from cedu_rules.standard import Standard
from cedu_rules.testing.aims import AIMS
from cedu_rules.testing.drafts import as_data
from cedu_rules.testing.histories import World, models, worlds
from cedu_rules.validity import find_contradictions


def assert_agreement(world: World) -> None:
    """Raise where a way to the statuses of a record differs from the reference."""
    standard = Standard(world.model)
    record, issues = attempt(standard.record, as_data(world.draft))
    assume(not issues)
    assert record is not None
    evaluation = type(world)(world.model, record, world.day).evaluation()  # type: ignore[arg-type]  # reads alike
    expected = tuple(evaluation.status(clause) for clause in world.model.clauses)
    fused = compile_standard(world.model)
    ways = {
        "the fused function": fused.statuses(record, world.day),
        "single clauses": tuple(
            compile_clause(world.model, clause)(record, world.day) for clause in world.model.clauses
        ),
        "the façade": standard.statuses(record, assessed_on=world.day),
    }
    for way, statuses in ways.items():
        if statuses != expected:
            raise AssertionError(f"{way}: {statuses}; the reference: {expected}")
    if fused.contradicts(record, world.day) is not bool(find_contradictions(world.model, record, world.day)):
        raise AssertionError("the compiled function finds other contradictions than the reference")


@given(worlds(models()))
def test_every_way_gives_the_statuses_of_the_reference(world: World) -> None:
    """For generated standards and partial records, read through the class of the records."""
    assert_agreement(world)


@pytest.mark.parametrize("about", AIMS)
@given(data=st.data())
def test_every_way_agrees_about_rare_constructs(about: str, data: st.DataObject) -> None:
    """The same on standards about one construct, with partial and with complete records."""
    of = models(about=about)

    assert_agreement(data.draw(st.one_of(worlds(of), worlds(of, complete=True))))
