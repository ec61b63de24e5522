"""What is known where a fact does not exist into one branch: everything that follows from it is decided there as well.

Where an institution has premises of its own, there is no site that it shares, so that site has no host, and it may not
be shared. Each of these is decided by a test of its own; after the first of them has failed, the others are constants.
So are most of the answers that ask for them: in that branch they are written anew with what is known there.
"""

import ast
from collections.abc import Callable, Iterable, Mapping

from attrs import Factory, define

from cedu_rules.backends.python import nodes
from cedu_rules.backends.python.simplifying import (
    UNKNOWN,
    Known,
    known_unless,
    known_where,
    simplified,
    tests_in,
    value_of,
)


@define(eq=False)
class _Branch:
    """An `if` whose first part sets constants, and what has been passed since: what may move into it reads none of `set_after`."""

    statement: ast.If
    known: Known
    set_after: set[str] = Factory(set)
    read_after: set[str] = Factory(set)

    def take(self, body: list[ast.stmt], otherwise: list[ast.stmt]) -> None:
        """Let statements stand at the end of the two parts."""
        self.statement.body.extend(body)
        self.statement.orelse.extend(otherwise)
        self.known |= _constants(body)

    def passed(self, statement: ast.stmt) -> None:
        """Note a statement that stays behind the branch."""
        self.set_after |= nodes.names_set([statement])
        self.read_after |= nodes.names_read([statement])

    def may_take(self, read: set[str], set_: set[str]) -> bool:
        """Return whether what reads and sets these names may stand in the branch."""
        return self.set_after.isdisjoint(read | set_) and self.read_after.isdisjoint(set_)


def known_together(statements: list[ast.stmt]) -> list[ast.stmt]:
    """Return the statements, where what follows a branch of constants and is simpler there moves into its branches."""
    found: list[ast.stmt] = []
    branch: _Branch | None = None
    for statement in statements:
        if branch is not None and _moved(branch, statement):
            continue
        found.append(statement)
        if branch is not None:
            branch.passed(statement)
        made = _branch(statement)
        if made is not None:
            branch, found[-1] = made, made.statement
    return found


def _branch(statement: ast.stmt) -> _Branch | None:
    """Return the branch that a statement is, its lists its own."""
    if (
        not isinstance(statement, ast.If)
        or not statement.orelse
        or len(_constants(statement.body)) < len(statement.body)
    ):
        return None
    own = ast.copy_location(ast.If(statement.test, list(statement.body), list(statement.orelse)), statement)
    return _Branch(own, _known(own))


def _known(branch: ast.If) -> Known:
    """Return what is known after the first part of a branch."""
    return {**known_where(branch.test, set_=nodes.names_set(branch.body)), **_constants(branch.body)}


def _moved(branch: _Branch, statement: ast.stmt) -> bool:
    """Move a statement into the branch if it sets new names, and what is known there makes it simpler."""
    read, set_ = nodes.names_read([statement]), nodes.names_set([statement])
    if read.isdisjoint(branch.known) or not set_.isdisjoint(branch.known) or not branch.may_take(read, set_):
        return False
    body = _simplified(statement, branch.known)
    if body is None:
        return False
    branch.take(body, [statement])
    return True


def _simplified(statement: ast.stmt, known: Mapping[object, object]) -> list[ast.stmt] | None:
    """Return the assignments that are left of a statement where some names are known; None where more is left."""
    if isinstance(statement, ast.If):
        truth = value_of(statement.test, known)
        if truth is UNKNOWN:
            return None
        parts = [_simplified(each, known) for each in (statement.body if truth else statement.orelse)]
        return None if None in parts else [each for part in parts for each in part or ()]
    if not isinstance(statement, ast.Assign) or not all(isinstance(each, ast.Name) for each in statement.targets):
        return None
    value = simplified(statement.value, known)
    if not isinstance(value, (ast.Constant, ast.Name)):
        return None
    return [ast.copy_location(ast.Assign(statement.targets, value), statement)]


def _constants(body: list[ast.stmt]) -> dict[object, object]:
    """Return the values that a branch sets."""
    found: Known = {}
    for each in body:
        value = simplified(each.value, {}) if isinstance(each, ast.Assign) else None
        if isinstance(each, ast.Assign) and isinstance(value, ast.Constant):
            found |= {nodes.identifier_of(target): value.value for target in each.targets}
    return found


# --- answers ---------------------------------------------------------------------------------------------------------


def decided_together(statements: list[ast.stmt], result: ast.expr, local: Callable[[str], str]) -> ast.expr:
    """Return the result, where each answer that is simpler in a branch of constants is decided there.

    The statements are those of `known_together`, and change. `local` gives a new local name.
    """
    several = isinstance(result, ast.Tuple)
    answers = list(result.elts) if isinstance(result, ast.Tuple) else [result]
    for place, statement in enumerate(statements):
        branch = _branch_of_facts(statement)
        if branch is None:
            continue
        for later in statements[place + 1 :]:
            branch.passed(later)
        answers = [_decided(branch, answer, local) for answer in answers]
        _decided_deeper(branch.statement)
        _forget_unread(branch.statement, [*statements[:place], *statements[place + 1 :], *answers])
    return ast.copy_location(ast.Tuple(answers, ast.Load()), result) if several else answers[0]


def _branch_of_facts(statement: ast.stmt) -> _Branch | None:
    """Return the branch that a statement is, which sets constants and copies."""
    if not isinstance(statement, ast.If) or not statement.orelse or not statement.body:
        return None
    if not all(isinstance(each, ast.Assign) and isinstance(each.value, _PLAIN) for each in statement.body):
        return None
    return _Branch(statement, _known(statement))


_PLAIN = (ast.Constant, ast.Name)


def _decided(branch: _Branch, answer: ast.expr, local: Callable[[str], str]) -> ast.expr:
    """Return the name of the answer, decided in the two parts of the branch, or the answer as it is."""
    read = nodes.names_read([answer])
    if read.isdisjoint(branch.known) or not branch.may_take(read, set()):
        return answer
    simpler = simplified(answer, branch.known)
    if tests_in(simpler) >= tests_in(answer):
        return answer
    name = local("answer")
    made = [ast.copy_location(nodes.assign(name, value), answer) for value in (simpler, answer)]
    for each in made:
        ast.copy_location(each.targets[0], answer)  # type: ignore[attr-defined]  # an assignment
    branch.take(made[:1], made[1:])
    return ast.copy_location(nodes.name(name), answer)


def _decided_deeper(branch: ast.If) -> None:
    """Let what is decided in the other part of a branch know that its test has failed, and what a branch in there sets."""
    refuted = known_unless(branch.test, set_=nodes.names_set(branch.orelse))
    inner: _Branch | None = None
    kept: list[ast.stmt] = []
    for statement in branch.orelse:
        if isinstance(statement, ast.Assign):
            statement.value = simplified(statement.value, refuted)
            if inner is not None and _taken(inner, statement):
                continue
        kept.append(statement)
        if inner is not None:
            inner.passed(statement)
        inner = _branch_of_facts(statement) or inner
    branch.orelse[:] = kept


def _taken(branch: _Branch, statement: ast.Assign) -> bool:
    """Move a statement into the two parts of a branch if it is simpler in the first."""
    read, set_ = nodes.names_read([statement]), nodes.names_set([statement])
    value = simplified(statement.value, branch.known)
    if not branch.may_take(read, set_) or tests_in(value) >= tests_in(statement.value):
        return False
    refuted = known_unless(branch.statement.test, set_=nodes.names_set(branch.statement.orelse))
    otherwise = simplified(statement.value, refuted)
    simpler, other = (ast.copy_location(ast.Assign(statement.targets, each), statement) for each in (value, otherwise))
    branch.take([simpler], [other])
    return True


def _forget_unread(branch: ast.If, others: Iterable[ast.AST]) -> None:
    """Take out of the first part of a branch what it sets and nobody reads afterwards."""
    read = nodes.names_read(others) | nodes.names_read(branch.body)
    kept = [each for each in branch.body if not nodes.names_set([each]).isdisjoint(read)]
    branch.body[:] = kept or branch.body[:1]
