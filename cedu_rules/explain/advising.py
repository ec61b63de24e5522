"""A record into what finds its questions and repairs."""

from collections.abc import Iterable, Mapping
from datetime import date

from cedu_rules.explain.questions import Questioner
from cedu_rules.explain.repairing.demands import Exempt
from cedu_rules.explain.repairing.pricing import Cost
from cedu_rules.explain.repairing.states import State
from cedu_rules.explain.repairs import Repairer, Verify, terms_of
from cedu_rules.model.ir import Model


def questioner(model: Model, record: object, assessed_on: date | None, exempt: Exempt) -> Questioner:
    """Return what finds the questions about a record; of what is `exempt` nothing is asked."""
    return Questioner.of(State.of(model, record, assessed_on), exempt)


def repairer(
    model: Model,
    record: object,
    assessed_on: date | None,
    immutable: Iterable[str],
    costs: Mapping[str, Cost] | None,
    verify: Verify,
    exempt: Exempt,
) -> Repairer:
    """Return what finds repairs of a record under these terms; what is `exempt` is not put right.

    Raises:
        TypeError: a cost is no exact number.
        ValueError: a cost is negative, or a name unknown.
    """
    return Repairer.of(State.of(model, record, assessed_on), terms_of(immutable, costs), verify, exempt)
