"""A standard and the columns of its frames into what an engine computes: a truth a clause, and which rows it may not answer."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from attrs import frozen

from cedu_rules.backends.frame import columns, terms
from cedu_rules.backends.frame.columns import Column
from cedu_rules.backends.frame.facts import Facts, Guards
from cedu_rules.backends.frame.layout import Layout
from cedu_rules.backends.frame.lists import ListPlan
from cedu_rules.backends.frame.terms import NoFastForm, Truth
from cedu_rules.backends.frame.translate import Scope, Translator
from cedu_rules.model.ir import Clause, Fact, Model

LIMITS = (10**15, 10**12, 10**9, 10**7, 10**5)
"""How large numbers in arithmetic may be: the first with which no product leaves 64 bits."""

BROKEN = "__broken"


@frozen(eq=False)
class Answer:
    """One clause: where it does not apply, and where it holds; null is unknown."""

    clause: Clause
    exempt: Truth
    holds: Truth

    @property
    def holds_name(self) -> str:
        """The name of the column of `holds` inside of a query."""
        return f"__holds__{self.clause.id}"

    @property
    def exempt_name(self) -> str:
        """The name of the column of `exempt` inside of a query."""
        return f"__exempt__{self.clause.id}"


@frozen(eq=False)
class Plan:
    """The answers of one standard on frames of one layout.

    `broken` is true in the rows that are left to the reference. `slow` are the clauses that have no form over columns;
    with one of them every row is broken.
    """

    model: Model
    layout: Layout
    lists: tuple[ListPlan, ...]
    answers: tuple[Answer, ...]
    broken: Truth
    slow: tuple[str, ...]
    translator: Translator

    def truths(self) -> dict[str, Column]:
        """Return the columns of a query over the institutions joined with the totals of their lists, by name."""
        shown = {answer.holds_name: terms.column(answer.holds) for answer in self.answers}
        shown |= {each.exempt_name: terms.column(each.exempt) for each in self.answers if each.exempt is not False}
        return {**shown, BROKEN: self.broken_column()}

    def broken_column(self) -> Column:
        """Return the column of the rows that are left to the reference."""
        broken = terms.any_of((self.broken, bool(self.slow)))
        return columns.lit(broken is True) if terms.is_constant(broken) else broken.fill_null(False)


def compile_plan(
    model: Model,
    layout: Layout,
    lists: Mapping[str, Layout],
    assessed_on: date | None,
    *,
    wraps: bool,
    keys: bool = False,
) -> Plan:
    """Return the plan of a standard.

    Args:
        model: The standard.
        layout: The columns of the frame of institutions.
        lists: The columns of the frame of each list that is given, by name; `teachers.certificates` for a nested one.
        assessed_on: The day of the assessment.
        wraps: Whether integers of the engine that grow too large wrap around; else they are masked before.
        keys: Whether the query counts the keys of the elements of lists, to find those that stand twice.
    """
    for limit in LIMITS:
        compiler = _Compiler(model, layout, lists, assessed_on, Guards(limit, wraps))
        plan = compiler.plan(keys=keys)
        if not compiler.outgrown:
            break
    return plan


class _Compiler:
    """Compiles with one limit of sizes."""

    def __init__(
        self, model: Model, layout: Layout, lists: Mapping[str, Layout], assessed_on: date | None, guards: Guards
    ) -> None:
        self.model = model
        self.layout = layout
        self.outgrown = False
        self.slow: list[str] = []
        self.guards = guards
        self.facts = Facts(model.facts, layout, guards, self._condition)
        self.lists = {fact.name: self._list(fact, lists) for fact in model.facts if fact.type.kind == "list"}
        self.translator = Translator(model, assessed_on, self.facts, self.lists)
        self.slow += [f"nested list `{name}`" for name in lists if "." in name]

    def _condition(self, expression: Any) -> Truth:  # noqa: ANN401
        return self.translator.truth(expression)

    def _list(self, fact: Fact, lists: Mapping[str, Layout]) -> ListPlan:
        record = self.model.records_by_name[fact.type.name]
        layout = lists.get(fact.name) if "id" in self.layout.marks else None
        own = Layout((), {}, {}) if layout is None else layout
        guards = Guards(self.guards.limit, self.guards.wraps)

        def condition(expression: Any) -> Truth:  # noqa: ANN401
            return self.translator.truth(expression, Scope(elements, frozenset({""})))

        elements = Facts(record.fields, own, guards, condition, f"{fact.name}.")
        return ListPlan(fact, record, layout, elements)

    def plan(self, *, keys: bool) -> Plan:
        """Return the plan."""
        for plan in self.lists.values():
            self._prepare(plan)
        self._require(self.facts, self.model.checks, Scope(self.facts))
        answers = [Answer(clause, *self._clause(clause)) for clause in self.model.clauses]
        broken: list[Truth] = [
            plan.broken(self._stated(plan), keys=keys) for plan in self.lists.values() if self._has(plan)
        ]
        broken = [*broken, self.guards.broken()]
        used = tuple(self.lists.values())
        slow = tuple(self.slow)
        return Plan(self.model, self.layout, used, tuple(answers), terms.any_of(broken), slow, self.translator)

    def _has(self, plan: ListPlan) -> bool:
        return plan.layout is not None or self.layout.column(plan.fact.name) is not None

    def _stated(self, plan: ListPlan) -> Column | None:
        """Return the column that states how many rows a list has, if there is one."""
        name = self.layout.column(plan.fact.name)
        if name is None:
            return None
        if self.layout.types[name].is_integer():
            return columns.col(name)
        self.guards.add(f"{plan.fact.name}:type", columns.col(name).is_null())
        return None

    def _prepare(self, plan: ListPlan) -> None:
        """Settle when the list is known to be empty, and what its elements have to keep to."""
        stated = self._stated(plan)
        empty: Truth = False if stated is None else (stated == 0).fill_null(False)
        if plan.fact.condition is not None:
            there = self._tried(plan.fact.name, plan.fact.condition, Scope(self.facts))
            not_there = terms.negate(there)
            if plan.layout is not None:
                self.guards.add(f"{plan.fact.name}:exists", terms.negate(terms.all_of((not_there, plan.rows > 0))))
            empty = terms.any_of((empty, not_there))
        plan.empty = empty is True if terms.is_constant(empty) else empty.fill_null(False)
        if plan.layout is not None:
            self._require(plan.elements, plan.record.checks, Scope(plan.elements, frozenset({""})))

    def _require(self, facts: Facts, checks: Any, scope: Scope) -> None:  # noqa: ANN401
        """Guard every fact and check of an owner."""
        for fact in facts.facts:
            if fact.type.kind == "list":
                continue
            try:
                facts.value(fact.name)
            except NoFastForm as missing:
                self._give_up(fact.name, missing)
                for part in facts.layout.parts:
                    if part.fact is fact:
                        facts.guards.add(f"{part.column}:null", columns.col(part.column).is_null())
        for number, check in enumerate(checks):
            facts.guards.add(f"check {number}", self._tried(f"check `{check.message}`", check.condition, scope))

    def _tried(self, about: str, expression: Any, scope: Scope) -> Truth:  # noqa: ANN401
        try:
            return self.translator.truth(expression, scope)
        except NoFastForm as missing:
            self._give_up(about, missing)
            self.slow.append(about)
            return None

    def _clause(self, clause: Clause) -> tuple[Truth, Truth]:
        try:
            return self.translator.clause(clause)
        except NoFastForm as missing:
            self._give_up(clause.id, missing)
            self.slow.append(clause.id)
            return False, None

    def _give_up(self, _about: str, missing: NoFastForm) -> None:
        self.outgrown |= missing.args == ("size",)
