"""A model into Python functions: one a clause, one fused for all statuses, one for contradictions in the input.

Expressions become nodes of Python's `ast`, never text, with the line and column of the `.std` file in them: a traceback
shows the author's line, and `source_of` what was made of it. Numbers are integers on the way (`numbers`), truths pairs of
tests (`conditions`), aggregates loops (`lists`); `translate` maps each operator to one of these, `functions` puts the
results together. What has no compiled form is answered by the reference, so that no answer ever differs from it.
"""

import ast
from functools import cached_property

from attrs import field, frozen

from cedu_rules.backends import Contradicts, Predicate, Statuses
from cedu_rules.backends.python import functions
from cedu_rules.model.ir import Clause, Model

__all__ = ["CompiledStandard", "compile_clause", "compile_standard", "source_of"]


@frozen(eq=False)
class CompiledStandard:
    """The functions of a whole standard, each compiled when it is first asked for."""

    model: Model = field(repr=False)

    @cached_property
    def statuses(self) -> Statuses:
        """The function that returns one status a clause, in the order of the model."""
        writer, function = functions.statuses_function(self.model)
        compiled: Statuses = writer.compiled(function)
        return compiled

    @cached_property
    def contradicts(self) -> Contradicts:
        """The function that tells whether a record says what cannot be."""
        writer, function = functions.contradicts_function(self.model)
        compiled: Contradicts = writer.compiled(function)
        return compiled

    @cached_property
    def contradicts_on(self) -> Contradicts | None:
        """The function that tells whether the day makes a valid record say what cannot be; None where no day does."""
        if not functions.is_dated(self.model):
            return None
        writer, function = functions.contradicts_function(self.model, dated=True)
        compiled: Contradicts = writer.compiled(function)
        return compiled


def compile_standard(model: Model) -> CompiledStandard:
    """Return the functions of a standard that was loaded without an error."""
    return CompiledStandard(model)


def compile_clause(model: Model, clause: Clause) -> Predicate:
    """Return the function of one clause of the standard."""
    writer, function = functions.clause_function(model, clause)
    compiled: Predicate = writer.compiled(function)
    return compiled


def source_of(model: Model, clause: Clause) -> str:
    """Return the Python code that a clause is compiled to, for the curious; it is never read back."""
    _writer, function = functions.clause_function(model, clause)
    return ast.unparse(function)
