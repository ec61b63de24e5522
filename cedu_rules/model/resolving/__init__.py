"""Expression nodes into typed expressions: each name bound, each operand checked.

One rule a kind of node, in the table here; what they share stands in `resolver`.
"""

from cedu_rules.model.findings import Findings
from cedu_rules.model.resolving import calls, choices, conditions, names, numbers
from cedu_rules.model.resolving.resolver import Resolver, Rule
from cedu_rules.model.scope import Names
from cedu_rules.syntax import nodes

__all__ = ["Resolver", "make_resolver"]

_RULES: dict[type, Rule] = {
    nodes.NumberLiteral: names.number,
    nodes.QuantityLiteral: names.quantity,
    nodes.TextLiteral: names.text,
    nodes.DateLiteral: names.day,
    nodes.BoolLiteral: names.truth,
    nodes.NameReference: names.name,
    nodes.FieldReference: names.field,
    nodes.Index: numbers.index,
    nodes.Negation: conditions.negation,
    nodes.Minus: numbers.minus,
    nodes.Conjunction: conditions.conjunction,
    nodes.Disjunction: conditions.disjunction,
    nodes.Arithmetic: numbers.arithmetic,
    nodes.Comparison: conditions.comparison,
    nodes.Between: conditions.between,
    nodes.Membership: conditions.membership,
    nodes.Inclusion: conditions.inclusion,
    nodes.Conditional: choices.conditional,
    nodes.Table: choices.table,
    nodes.Call: calls.call,
    nodes.Comprehension: calls.comprehension,
    nodes.AtLeast: conditions.at_least,
    nodes.Erroneous: names.erroneous,
}


def make_resolver(known: Names, findings: Findings) -> Resolver:
    """Return the resolver of a file with these names."""
    return Resolver(known, findings, _RULES)
