"""Texts of standards into histories: what is known of one institution, then more of it, then all.

A `World` is one standard with what is known on one day. A `History` is a list of worlds each of which knows at least
what the one before it knows; steps that would make the input impossible are left out, since they do not count.
"""

from datetime import date
from typing import Any

from attrs import frozen
from hypothesis import strategies as st

from cedu_rules.diagnostics import Diagnostic
from cedu_rules.model.from_syntax import build
from cedu_rules.model.ir import Model
from cedu_rules.semantics import Evaluation
from cedu_rules.source import Source
from cedu_rules.syntax.parser import parse
from cedu_rules.testing.drafts import Draft, Plan, assessment_days, drafts, fillings, plan_of
from cedu_rules.testing.standards import standards


@frozen
class World:
    """What is known of an institution, and of the day of its assessment."""

    model: Model
    draft: Draft
    day: date | None

    def evaluation(self) -> Evaluation:
        """Return the reference interpreter in this world."""
        return Evaluation(self.model, self.draft, self.day)

    def __repr__(self) -> str:
        return f"{self.model.source.text}\nknown: {self.draft}\non: {self.day}"

    def _repr_pretty_(self, printer: Any, _cycle: bool) -> None:  # noqa: ANN401 -- Hypothesis asks for it
        printer.text(repr(self))


@frozen
class History:
    """Worlds that know more and more; the last one is complete unless completing it made the input impossible."""

    worlds: tuple[World, ...]

    @property
    def first(self) -> World:
        """The world in which least is known."""
        return self.worlds[0]

    def __repr__(self) -> str:
        later = "".join(f"\nthen known: {world.draft}\non: {world.day}" for world in self.worlds[1:])
        return f"{self.first!r}{later}"

    def _repr_pretty_(self, printer: Any, _cycle: bool) -> None:  # noqa: ANN401 -- Hypothesis asks for it
        printer.text(repr(self))


def model_from(text: str) -> Model:
    """Return the model of a text that loads without an error.

    Raises:
        AssertionError: it does not; the diagnostics are in the message.
    """
    file, unread = parse(Source("generated", text))
    model, unresolved = build(file)
    faults = [fault for fault in (*unread, *unresolved) if fault.severity == "error"]
    if faults:
        raise AssertionError("\n".join([text, *map(_in_words, faults)]))
    return model


def _in_words(fault: Diagnostic) -> str:
    return f"{fault.code} at `{fault.span.text}`: {fault.message()}"


def models(*, about: str | None = None, lines: int = 3) -> st.SearchStrategy[Model]:
    """Return the strategy of models of generated standards; the options are those of `standards`."""
    return standards(about=about, lines=lines).map(model_from)


@st.composite
def worlds(draw: st.DrawFn, of: st.SearchStrategy[Model], *, complete: bool = False) -> World:
    """Draw a standard, facts of one institution, any part of them or all, and a day."""
    plan = plan_of(draw(of))
    day = draw(_days(plan, complete=complete))
    return World(plan.model, draw(drafts(plan, complete=complete, day=day)), day)


@st.composite
def histories(draw: st.DrawFn, of: st.SearchStrategy[Model]) -> History:
    """Draw a world, one in which some more facts are known, and a complete one that agrees with what is known."""
    first = draw(worlds(of))
    plan = plan_of(first.model)
    more = draw(_later(plan, first, complete=False))
    last = draw(_later(plan, more or first, complete=True))
    return History(tuple(world for world in (first, more, last) if world is not None))


def _days(plan: Plan, *, complete: bool) -> st.SearchStrategy[date | None]:
    days = assessment_days(plan)
    return days.filter(lambda day: day is not None) if complete else days


@st.composite
def _later(draw: st.DrawFn, plan: Plan, world: World, *, complete: bool) -> World | None:
    """Draw a world in which more is known, or None where that is impossible."""
    day = world.day or draw(_days(plan, complete=complete))
    draft = draw(fillings(plan, world.draft, complete=complete, day=day))
    return None if draft is None else World(world.model, draft, day)
