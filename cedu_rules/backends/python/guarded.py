"""The fused function of a standard together with what has to be looked at first: the class of the record, and the day.

It stands in place of `Standard.statuses` once it is compiled, so that a record costs no call more than its answers.
"""

import ast
from datetime import date

from cedu_rules.backends import RecordStatuses, Statuses
from cedu_rules.backends.python import functions, nodes
from cedu_rules.backends.python.builder import NotCovered
from cedu_rules.model.graph import conditions_of
from cedu_rules.model.ir import Model
from cedu_rules.source import Span


def statuses_of_records(model: Model, class_: type, otherwise: Statuses) -> RecordStatuses | None:
    """Return the function of all statuses of records of a class; None where it cannot be written.

    It asks `otherwise` about what is no such record, about a day that is no plain date, and where the day makes a
    record say what cannot be.
    """
    matters = functions.mattering(model, dated=True)
    checks = [root for root in functions.asked_of_input(model) if matters(root)]
    clauses = [root for clause in model.clauses for root in conditions_of(clause)]
    writer = _Writer(model, [*clauses, *checks], Span(model.source, 0, 0))
    try:
        if checks:
            writer.contradictions(matters)
    except NotCovered:
        return None
    result = ast.Tuple([writer.result(clause.id) for clause in model.clauses], ast.Load())
    function = writer.function("statuses", result, writer.reference.statuses)
    builder, record, day = writer.builder, nodes.name("record"), nodes.name("assessed_on")
    builder.globals["otherwise"] = otherwise
    classes = [
        nodes.compare("is not", nodes.attribute(value, "__class__"), builder.constant("class", known))
        for value, known in ((record, class_), (day, date))
    ]
    refused = nodes.either(classes[0], nodes.both(nodes.is_given(day), classes[1]))
    guard = ast.If(refused, [writer.refusal()], [])
    nodes.place([guard], writer.span)
    function.body.insert(0, guard)
    writer.by_keyword(function)
    compiled: RecordStatuses = writer.compiled(function)
    return compiled


class _Writer(functions.Writer):
    """Writes the function; what it refuses is left to `otherwise`."""

    def refusal(self) -> ast.stmt:
        """Return the statement that leaves the record to `otherwise`."""
        return ast.Return(nodes.call("otherwise", nodes.name("record"), nodes.name("assessed_on")))
