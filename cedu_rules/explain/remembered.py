"""The reference, asked the same again and again: what an explanation reads of one record is evaluated once.

The definition in `semantics` stays as plain as it is; what is remembered here is its own answer.
"""

from datetime import date

from cedu_rules.model.ir import Expression, Model
from cedu_rules.semantics import Environment, Evaluation
from cedu_rules.values import Value


class RememberedEvaluation(Evaluation):
    """One record under one standard on one day, as `Evaluation`; values that depend on no element are kept."""

    def __init__(self, model: Model, record: object, assessed_on: date | None = None) -> None:
        super().__init__(model, record, assessed_on)
        self._values: dict[int, tuple[Expression, Value]] = {}

    def value(self, expression: Expression, environment: Environment | None = None) -> Value:
        """Return what is known of the value of `expression`."""
        if environment:
            return super().value(expression, environment)
        known = self._values.get(id(expression))
        if known is None or known[0] is not expression:
            known = expression, super().value(expression)
            self._values[id(expression)] = known
        return known[1]
