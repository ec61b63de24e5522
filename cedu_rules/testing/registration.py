"""Record classes into strategies, for `hypothesis.strategies.from_type`.

Hypothesis calls `register` when it is imported, by the entry point of this package: whoever writes
`from_type(standard.record)` imports nothing more. Record classes are made as standards are loaded, and go with them, so
they are not registered one by one: Hypothesis is given a function that knows them all.
"""

from typing import Any

from hypothesis import strategies as st

from cedu_rules.records import Record, attempt
from cedu_rules.testing.drafts import Draft, Filler, Plan, as_data, plan_of
from cedu_rules.testing.records import records_of


def register() -> None:
    """Let `from_type` know the record classes of every standard; with a Hypothesis that has no such place, do nothing."""
    try:
        from hypothesis.strategies._internal import types  # noqa: PLC0415 -- where NumPy's types are made known, too
    except ImportError:  # pragma: no cover -- of another Hypothesis
        return
    resolvers = getattr(types, "_global_extra_lookup", None)
    if isinstance(resolvers, dict):
        resolvers["cedu_rules"] = strategy_for


def strategy_for(class_: Any) -> st.SearchStrategy[Any] | None:  # noqa: ANN401 -- Hypothesis asks for any type
    """Return the strategy of records, or of elements of a list; None for other types.

    Records are complete or have any part missing; they shrink to one with nothing recorded.
    """
    if not isinstance(class_, type) or not issubclass(class_, Record) or class_ is Record:
        return None
    plan = class_._plan
    if plan.identified:
        return st.one_of(records_of(class_, complete=False), records_of(class_, complete=True))
    return _elements(class_, plan_of(plan.model))


@st.composite
def _elements(draw: st.DrawFn, class_: type[Record], plan: Plan) -> Record:
    """Draw an element of a list on its own; where its fields contradict one another, nothing of it is recorded."""
    element = Draft()
    filler = Filler(draw, plan, complete=draw(st.booleans()), day=None)
    for field in plan.fields[class_._plan.name]:
        filler.fill(field, element, {"": element})
    record, issues = attempt(class_, as_data(element))
    return class_() if record is None or issues else record
