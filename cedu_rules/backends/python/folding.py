"""Truths that only become statuses into statuses from the start, where each branch knows what it is.

A clause with one requirement often ends as `PASS if met else FAIL if met is False else UNKNOWN`, where branches before
have set `met` to True, False, None or a comparison. Where nothing else reads it, they set the status itself.
"""

import ast
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from cedu_rules.results import Status

_TRUTHS = (True, False, None)


class _Words(NamedTuple):
    """The names of the statuses that stand for true, false and unknown."""

    true: str
    false: str
    unknown: str

    def of(self, truth: object) -> str:
        return self.true if truth is True else self.false if truth is False else self.unknown


def folded(statements: list[ast.stmt], result: ast.expr, constant: Callable[[str, object], ast.expr]) -> ast.expr:
    """Return the result with the names of statuses in place of truths; the statements, which nobody else holds, change.

    `constant` gives a name to an object.
    """
    several = isinstance(result, ast.Tuple)
    answers = result.elts if isinstance(result, ast.Tuple) else [result]
    wanted = dict(filter(None, map(_truth, answers)))
    for name in _unfit(statements, answers, wanted):
        del wanted[name]
    for statement in _each(statements):
        if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
            words = wanted.get(statement.targets[0].id)
            if words is not None:
                statement.value = _status(statement.value, words, constant)
        elif isinstance(statement, ast.Compare) and _compared(statement) in wanted:
            statement.comparators = [_word(statement.comparators[0], wanted[_compared(statement)])]
    found = [_name(answer, wanted) for answer in answers]
    return ast.copy_location(ast.Tuple(found, ast.Load()), result) if several else found[0]


def _name(answer: ast.expr, wanted: Mapping[str, _Words]) -> ast.expr:
    truth = _truth(answer)
    if truth is None or truth[0] not in wanted:
        return answer
    return ast.copy_location(ast.Name(truth[0], ast.Load()), answer)


def _truth(answer: ast.expr) -> tuple[str, _Words] | None:
    """Return the name of the truth that an answer is made of, and the statuses that stand for it."""
    match answer:
        case ast.IfExp(
            ast.Name(name),
            ast.Name(true),
            ast.IfExp(
                ast.Compare(ast.Name(again), [ast.Is()], [ast.Constant(False)]), ast.Name(false), ast.Name(unknown)
            ),
        ) if name == again:
            return name, _Words(true, false, unknown)
    return None


def _unfit(statements: list[ast.stmt], answers: list[ast.expr], wanted: Mapping[str, _Words]) -> set[str]:
    """Return the names that are read otherwise, or not set to what is plainly true, false or unknown."""
    seen: Counter[str] = Counter()
    explained: Counter[str] = Counter()
    unset = set(wanted)
    for node in _each([*statements, *answers]):
        match node:
            case ast.Name(name):
                seen[name] += 1
            case ast.Assign([ast.Name(name)], value) if _is_plain(value):
                explained[name] += 1
                unset.discard(name)
            case ast.Compare():
                explained[_compared(node)] += 1
    explained.update(truth[0] for truth in map(_truth, answers) if truth is not None)
    twice = Counter(truth[0] for truth in map(_truth, answers) if truth is not None)
    return {name for name in wanted if name in unset or seen[name] != explained[name] or twice[name] > 1}


def _compared(node: ast.Compare) -> str:
    """Return the name that is compared with a truth by `is`, or nothing."""
    match node:
        case ast.Compare(ast.Name(name), [ast.Is()], [ast.Constant(value)]) if any(value is each for each in _TRUTHS):
            return name
    return ""


def _is_plain(value: ast.expr) -> bool:
    """Return whether the value is True, False, None, a comparison, what a function tells, or one of these by some test."""
    waiting = [value]
    while waiting:
        part = waiting.pop()
        if isinstance(part, ast.IfExp):
            waiting += [part.body, part.orelse]
        elif isinstance(part, ast.Constant):
            if not any(part.value is truth for truth in _TRUTHS):
                return False
        elif not isinstance(part, (ast.Compare, ast.Call)):
            return False
    return True


def _word(value: ast.expr, words: _Words) -> ast.expr:
    """Return the status that a constant stands for; what stands for itself already stays."""
    if not isinstance(value, ast.Constant):
        return value
    return ast.copy_location(ast.Name(words.of(value.value), ast.Load()), value)


def _status(value: ast.expr, words: _Words, constant: Callable[[str, object], ast.expr]) -> ast.expr:
    """Return the status that a plain value stands for; what stands for itself already stays."""
    match value:
        case ast.IfExp(test, body, orelse) if _is_plain(value):
            found: ast.expr = ast.IfExp(test, _status(body, words, constant), _status(orelse, words, constant))
        case ast.Compare():
            names = [ast.copy_location(ast.Name(word, ast.Load()), value) for word in (words.true, words.false)]
            found = ast.IfExp(value, *names)
        case ast.Call():
            listed = constant("answers", {truth: Status[words.of(truth)] for truth in _TRUTHS})
            found = ast.Subscript(ast.copy_location(listed, value), value, ast.Load())
        case _:
            return _word(value, words)
    return ast.copy_location(found, value)


def _each(nodes: Iterable[ast.AST]) -> Iterable[ast.AST]:
    """Yield the nodes and all that is in them."""
    for node in list(nodes):
        yield from ast.walk(node)
