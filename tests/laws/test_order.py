"""The order in which things stand in a file changes no answer."""

import re

from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from cedu_rules.results import Status
from cedu_rules.testing.histories import World, model_from, models, worlds

_BLOCK = re.compile(r"^(?=(?:type|unit|param|let|facts|record|section) )", re.MULTILINE)


def statuses(world: World) -> dict[str, Status]:
    """Return the status of each clause by its id."""
    evaluation = world.evaluation()
    return {clause.id: evaluation.status(clause) for clause in world.model.clauses}


@given(worlds(models(lines=4)), st.randoms(use_true_random=False))
def test_order_of_clauses_never_matters(world: World, random: object) -> None:
    """Every clause has the same status in a standard whose clauses stand in another order."""
    clauses = list(world.model.clauses)
    random.shuffle(clauses)  # type: ignore[attr-defined]  # a `random.Random`

    assert statuses(world) == statuses(evolve(world, model=evolve(world.model, clauses=tuple(clauses))))


@given(worlds(models(lines=4)), st.data())
def test_order_of_blocks_never_matters(world: World, data: st.DataObject) -> None:
    """Names may be used before they are declared: a file with its blocks in another order says the same."""
    header, *blocks = _BLOCK.split(world.model.source.text)
    shuffled = "\n".join([header, *data.draw(st.permutations(blocks))])

    assert statuses(world) == statuses(evolve(world, model=model_from(shuffled)))
