"""Truths into tests: what is known to be true, what is known to be false, and strong Kleene logic on the two.

A condition is a pair of Python tests. `a and b` is known to be true where both are, known to be false where one is; so
each operator builds two plain chains that Python short-circuits, and every limb is written once in each. A limb that
is costly is bound to a local truth first.
"""

import ast
from functools import cached_property

from attrs import frozen

from cedu_rules.backends.python import nodes
from cedu_rules.backends.python.builder import Builder
from cedu_rules.truth import Truth

DEPTH_LIMIT = 12
"""Conditions nest so deep in one Python expression; beyond, a limb gets a local name."""


@frozen(slots=False, eq=False)
class Condition:
    """A truth in generated code.

    `true` and `false` are tests: truthy exactly where the condition is known to be true, or false. `local` is the name
    that holds the truth, if any. Where the condition is a comparison of one value that may be missing, `missing` is the
    test for that, `otherwise` the truth it then has, and `known` the comparison of a value that is there.
    """

    true: ast.expr
    false: ast.expr
    depth: int = 1
    local: ast.expr | None = None
    missing: ast.expr | None = None
    otherwise: Truth = None
    known: ast.expr | None = None

    @cached_property
    def value(self) -> ast.expr:
        """The truth itself: True, False or None."""
        if self.local is not None:
            return self.local
        if self.missing is not None and self.known is not None:
            return nodes.choose(self.missing, nodes.constant(self.otherwise), self.known)
        unknown = nodes.choose(self.false, nodes.constant(False), nodes.constant(None))
        return nodes.choose(self.true, nodes.constant(True), unknown)

    @property
    def fixed(self) -> bool:
        """Whether the truth is known while compiling."""
        return nodes.is_constant(self.true) and nodes.is_constant(self.false)


def always(truth: Truth) -> Condition:
    """Return the condition that has this truth."""
    true, false = nodes.constant(truth is True), nodes.constant(truth is False)
    return Condition(true, false, local=nodes.constant(truth))


def held(local: ast.expr) -> Condition:
    """Return the condition whose truth a local name holds."""
    return Condition(local, nodes.is_false(local), local=local)


def compared(missing: ast.expr, otherwise: Truth, known: ast.expr, unequal: ast.expr) -> Condition:
    """Return the comparison of one value: `known`, or `unequal` where it is false, unless the value is `missing`."""
    given = nodes.negated(missing)
    true = nodes.either(missing, known) if otherwise is True else _where_given(given, known)
    false = nodes.either(missing, unequal) if otherwise is False else _where_given(given, unequal)
    return Condition(true, false, missing=missing, otherwise=otherwise, known=known)


def bound(builder: Builder, condition: Condition, hint: str = "truth") -> Condition:
    """Return the condition with its truth in a local name."""
    if condition.local is not None or condition.fixed:
        return condition
    return held(builder.bind(hint, condition.value))


def _where_given(given: ast.expr, test: ast.expr) -> ast.expr:
    """Return a test and that its value is given, which goes without saying of what equals a text or is in a set."""
    match test:
        case ast.Compare(_, [ast.Eq()], [ast.Constant(str())]) | ast.Compare(_, [ast.In()], [ast.Set()]):
            return test
    return nodes.both(given, test)


def negate(condition: Condition) -> Condition:
    """Return `not` of the condition."""
    missing, known = condition.missing, condition.known
    if missing is not None and known is not None:
        otherwise = None if condition.otherwise is None else not condition.otherwise
        false, true = condition.true, condition.false
        return Condition(true, false, condition.depth, None, missing, otherwise, nodes.negated(known))
    if condition.local is not None and isinstance(condition.local, ast.Constant):
        return always(None if condition.local.value is None else not condition.local.value)
    return Condition(condition.false, condition.true, condition.depth)


def all_of(builder: Builder, limbs: list[Condition]) -> Condition:
    """Return `and` of the limbs."""
    if len(limbs) == 1:
        return limbs[0]
    limbs = [_shallow(builder, limb) for limb in limbs]
    true = nodes.both(*(limb.true for limb in limbs))
    false = nodes.either(*(limb.false for limb in limbs))
    return _joined(true, false, limbs)


def any_of(builder: Builder, limbs: list[Condition]) -> Condition:
    """Return `or` of the limbs."""
    if len(limbs) == 1:
        return limbs[0]
    limbs = [_shallow(builder, limb) for limb in limbs]
    true = nodes.either(*(limb.true for limb in limbs))
    false = nodes.both(*(limb.false for limb in limbs))
    return _joined(true, false, limbs)


def _joined(true: ast.expr, false: ast.expr, limbs: list[Condition]) -> Condition:
    if nodes.is_constant(true, True) or nodes.is_constant(false, True):
        return always(nodes.is_constant(true, True))
    return Condition(true, false, 1 + max(limb.depth for limb in limbs))


def _shallow(builder: Builder, limb: Condition) -> Condition:
    return bound(builder, limb) if limb.depth >= DEPTH_LIMIT else limb


def at_least(builder: Builder, number: ast.expr, limbs: list[Condition]) -> Condition:
    """Return whether so many of the limbs are true."""
    truths = ast.Tuple([bound(builder, limb).value for limb in limbs], ast.Load())
    return held(builder.bind("enough", builder.call("at_least", number, truths)))


def equal(builder: Builder, left: Condition, right: Condition) -> Condition:
    """Return whether two truths are known and the same."""
    left, right = bound(builder, left), bound(builder, right)
    same = nodes.either(nodes.both(left.true, right.true), nodes.both(left.false, right.false))
    other = nodes.either(nodes.both(left.true, right.false), nodes.both(left.false, right.true))
    return Condition(same, other, 2)


def selected(builder: Builder, test: Condition, then: Condition, otherwise: Condition) -> Condition:
    """Return `if`: one of two truths, or what they agree on where the test is unknown."""
    if test.fixed and nodes.is_constant(test.true, True):
        return then
    if test.fixed and nodes.is_constant(test.false, True):
        return otherwise
    test, then, otherwise = (bound(builder, part) for part in (test, then, otherwise))
    agreed = nodes.choose(nodes.compare("is", then.value, otherwise.value), then.value, nodes.constant(None))
    value = nodes.choose(test.true, then.value, nodes.choose(test.false, otherwise.value, agreed))
    return held(builder.bind("chosen", value))
