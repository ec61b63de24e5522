"""Comparisons of choices, levels and texts in generated code into conditions.

A member stands as its position, or as its name where an instance is read that holds names (`raw`).
"""

import ast
from collections.abc import Iterable

from attrs import frozen

from cedu_rules.backends.python import nodes
from cedu_rules.backends.python.builder import Builder, NotCovered, NotRaw
from cedu_rules.backends.python.conditions import Condition, always, compared, held
from cedu_rules.truth import Options, Truth

TEXTS = None
"""The number of texts that there are: no number."""


@frozen(eq=False)
class Choice:
    """A choice, level or text that a local name holds: a position or a text, None where it is missing.

    `count` is the number of its members. One that does not exist is -1, or for a text False; only where `condition`
    is given may that be. With `names` the local name holds the name of a member in place of its position.
    """

    code: ast.expr
    count: int | None
    condition: Condition | None = None
    names: tuple[str, ...] = ()

    @property
    def fixed(self) -> object:
        """The position or text of a constant, else None."""
        return self.code.value if isinstance(self.code, ast.Constant) else None

    @property
    def missing(self) -> Options:
        """What a missing one may be."""
        return Options(TEXTS if self.count is None else frozenset(range(self.count)))


def compare_choices(builder: Builder, operator: str, left: Choice, right: Choice) -> Condition:
    """Return the comparison of two choices, levels or texts."""
    if left.fixed is not None and right.fixed is not None:
        return always(Options(frozenset([left.fixed])).compare(operator, Options(frozenset([right.fixed]))))  # type: ignore[list-item]
    if left.fixed is not None:
        left, right, operator = right, left, nodes.MIRRORED[operator]
    if right.fixed is not None:
        otherwise = left.missing.compare(operator, Options(frozenset([right.fixed])))  # type: ignore[list-item]
        return _compared(left, otherwise, *_member_tests(operator, left, right))
    return _compare_two_choices(builder, operator, left, right)


def _compare_two_choices(builder: Builder, operator: str, left: Choice, right: Choice) -> Condition:
    if left.condition is not None or right.condition is not None:
        raise NotCovered
    if left.names or right.names:
        raise NotRaw
    given = nodes.both(nodes.is_given(left.code), nodes.is_given(right.code))
    known = nodes.compare(operator, left.code, right.code)
    if left.count is None:
        return Condition(nodes.both(given, known), nodes.both(given, nodes.negated(known)))
    arguments = (nodes.constant(operator), left.code, right.code, nodes.constant(left.count))
    return held(builder.bind("compared", nodes.choose(given, known, builder.call("compare_members", *arguments))))


def _member_tests(operator: str, left: Choice, right: Choice) -> tuple[ast.expr, ast.expr]:
    """Return the tests that a given choice compares so with a constant, and that it does not."""
    if left.names:
        fixed = Options(frozenset([right.fixed]))  # type: ignore[list-item]  # a position
        members = range(len(left.names))
        return _among_tests(left, [one for one in members if Options(frozenset([one])).compare(operator, fixed)])
    known = nodes.compare(operator, left.code, right.code)
    if left.condition is not None and operator in {"<", "<="}:
        known = nodes.chain(nodes.constant(0), ("<=", left.code), (operator, right.code))
        return known, nodes.negated(known)
    if operator == "=":
        return known, _unequal(left, right.code)
    return known, nodes.compare(nodes.OPPOSITES[operator], left.code, right.code)


def _unequal(choice: Choice, member: ast.expr) -> ast.expr:
    """Return the test that a given choice is another member; of two members, that it is the other one."""
    members = choice.names or (0, 1)
    if choice.count == len(members) == 2 and choice.condition is None and isinstance(member, ast.Constant):  # noqa: PLR2004 -- a pair
        other = members[0] if member.value == members[1] else members[1]
        return nodes.compare("=", choice.code, nodes.constant(other))
    return nodes.compare("!=", choice.code, member)


def is_among(choice: Choice, members: Iterable[object]) -> Condition:
    """Return whether a choice, level or text is one of `members`."""
    wanted = frozenset(members)
    if choice.fixed is not None:
        return always(choice.fixed in wanted)
    otherwise = choice.missing.among(wanted)  # type: ignore[arg-type]  # positions or texts
    return _compared(choice, otherwise, *_among_tests(choice, sorted(wanted)))  # type: ignore[type-var]


def _among_tests(choice: Choice, wanted: list[object]) -> tuple[ast.expr, ast.expr]:
    """Return the tests that a given choice is, or is not, one of `wanted`; a range of positions is compared as such."""
    if not wanted:
        return nodes.constant(False), nodes.constant(True)
    if choice.names:
        wanted = [choice.names[position] for position in wanted]  # type: ignore[call-overload]  # positions are numbers
    if len(wanted) == 1:
        one = nodes.constant(wanted[0])
        return nodes.compare("=", choice.code, one), _unequal(choice, one)
    if choice.count is None or choice.names or len(wanted) <= wanted[-1] - wanted[0]:  # type: ignore[operator]  # as above
        listed = ast.Set([nodes.constant(member) for member in wanted])
        return nodes.compare("in", choice.code, listed), nodes.compare("not in", choice.code, listed)
    low, high = nodes.constant(wanted[0]), nodes.constant(wanted[-1])
    if nodes.is_zero(low) and choice.condition is None:
        return nodes.compare("<=", choice.code, high), nodes.compare(">", choice.code, high)
    within = nodes.chain(low, ("<=", choice.code), ("<=", high))
    return within, nodes.negated(within)


def _compared(choice: Choice, otherwise: Truth, known: ast.expr, unequal: ast.expr) -> Condition:
    if otherwise is True and choice.condition is not None:
        raise NotCovered  # it would be true only where the choice exists
    return compared(nodes.is_none(choice.code), otherwise, known, unequal)
