"""An undecided record into questions: which missing facts can still decide something, and who answers them.

Which facts those are `repairing.answers` finds out clause by clause; here they are put together, sorted and worded, and
the smallest set of them is chosen that can settle the verdict as conforming.
"""

import itertools
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from functools import cached_property
from typing import Any

from attrs import evolve, field, frozen

from cedu_rules import results
from cedu_rules.explain.amounts import Amount
from cedu_rules.explain.repairing.answers import Answer, Answers
from cedu_rules.explain.repairing.atoms import a_day
from cedu_rules.explain.repairing.demands import NOTHING, Exempt, counting
from cedu_rules.explain.repairing.goals import Goal
from cedu_rules.explain.repairing.outline import Outline
from cedu_rules.explain.repairing.pricing import Terms
from cedu_rules.explain.repairing.search import Exhausted, Looks, Search
from cedu_rules.explain.repairing.states import DAY, Path, State, as_input
from cedu_rules.explain.sentences import labels_of
from cedu_rules.messages import Words
from cedu_rules.model.ir import Clause
from cedu_rules.results import Status, Verdict

CHOICES_LIMIT = 4096
"""Where the clauses can be settled in more ways than this, the set is built clause by clause and is only irreducible."""
TRIES_LIMIT = 20
"""So many of the smallest sets are tried together."""
_CLAUSES_SHOWN = 6


@frozen
class Question:
    """A missing fact that can still change an open clause.

    * `path`: what is asked, as data names it: `area`, `charter.purpose`, `teachers[2].degree`, `registered.2022`,
      `assessed_on`; of a set or series of which nothing is recorded the whole, with `members` its relevant parts.
    * `fact`: the name of the fact or field; `labels`: the whole path in the words of the standard, elements by their keys.
    * `unit`: the unit of a number, else empty; `form`: the kind of its type (`number`, `bool`, `set`, …).
    * `answered_by`: `inspector` for what is judged and for the day of the assessment, else `institution`.
    * `kind`: `measured`, `documented` or `judged`; `input` for the day.
    * `clauses`: ids of the clauses that wait for it; `settles`: of those that it alone can settle.
    * `changes_verdict`: whether it can still change the verdict; not where a clause fails already.
    * `answer`: in the shortest way an answer that helps, as a record holds it; else None.
    """

    path: str
    fact: str
    labels: Words
    unit: str
    form: str
    answered_by: str
    kind: str
    clauses: tuple[str, ...]
    settles: tuple[str, ...]
    changes_verdict: bool
    members: tuple[str, ...] = ()
    answer: Any = field(default=None, eq=False, repr=False)

    @property
    def label(self) -> str:
        """The whole path in the words of the standard."""
        return self.labels.zh

    def in_words(self, language: str = "zh") -> str:
        """Return the question for whoever answers it, in `zh` or `en`, with the clauses that wait."""
        unit = Amount(Fraction(1), self.unit).words()
        ids = list(self.clauses[:_CLAUSES_SHOWN])
        rest = len(self.clauses) - len(ids)
        if language == "zh":
            verb = "请现场评定" if self.kind == "judged" else "请确定" if self.kind == "input" else "请填报"
            shown = f"（单位：{unit.zh.removeprefix('1').strip()}）" if self.unit else ""
            parts = f"：{'、'.join(self.members)}" if self.members else ""
            more = f" 等 {len(self.clauses)} 条" if rest else ""
            return f"{verb}{self.label}{shown}{parts}（涉及条款 {'、'.join(ids)}{more}）"
        verb = "judge" if self.kind == "judged" else "set the" if self.kind == "input" else "report"
        shown = f" (in {self.unit})" if self.unit else ""
        parts = f": {', '.join(self.members)}" if self.members else ""
        more = f" and {rest} more" if rest else ""
        return f"{verb} {self.labels.en}{shown}{parts} (for {', '.join(ids)}{more})"

    def __str__(self) -> str:
        return f"{self.path}: {self.in_words('en')}"

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        return {
            "path": self.path,
            "fact": self.fact,
            "label": self.label,
            "unit": self.unit,
            "form": self.form,
            "answered_by": self.answered_by,
            "kind": self.kind,
            "clauses": list(self.clauses),
            "settles": list(self.settles),
            "changes_verdict": self.changes_verdict,
            "members": list(self.members),
        }


@frozen(eq=False)
class Questioner:
    """Asks what one record lacks."""

    state: State = field(repr=False)
    outline: Outline = field(repr=False)

    @classmethod
    def of(cls, state: State, exempt: Exempt = NOTHING) -> "Questioner":
        """Return the questioner of a record; of what is `exempt` nothing is asked."""
        return cls(state, Outline(state.model, counting(state.model, exempt)))

    @property
    def counting(self) -> tuple[Clause, ...]:
        """The clauses on which the verdict hangs, without what is waived of them."""
        return self.outline.clauses

    @cached_property
    def open(self) -> tuple[Answers, ...]:
        """What may still decide each open must-clause."""
        return tuple(
            Answers(self.state, clause, self.outline)
            for clause in self.counting
            if self.state.status(clause) is Status.UNKNOWN
        )

    @cached_property
    def verdict(self) -> Verdict:
        """The verdict as things stand."""
        return results.verdict((self.state.status(clause), False) for clause in self.counting)

    def questions(self) -> tuple[Question, ...]:
        """Return the questions of the record."""
        return self._asked

    @cached_property
    def _asked(self) -> tuple[Question, ...]:
        """What is asked, the most decisive first, then what the institution answers, in the order of the file."""
        facts = dict.fromkeys(fact for answers in self.open for fact in answers.relevant)
        order = {fact.name: number for number, fact in enumerate(self.state.model.facts)}
        found = [(self._question(fact), order.get(str(fact[0]), -1)) for fact in facts]
        found.sort(key=lambda pair: (-len(pair[0].settles), pair[0].answered_by != "institution", pair[1]))
        return tuple(question for question, _ in found)

    def _question(self, path: Path) -> Question:
        fact, type_ = self.state.fact(path), self.state.type_of(path)
        waiting = [answers for answers in self.open if path in answers.relevant]
        text = self.state.written(path)
        is_inspector = fact.kind in {"judged", "input"}
        return Question(
            path=text,
            fact=fact.name,
            labels=labels_of(self.state.model, text, self.state.root),
            unit=(type_.element or type_).unit.name,
            form=type_.kind,
            answered_by="inspector" if is_inspector else "institution",
            kind=fact.kind,
            clauses=tuple(answers.clause.id for answers in waiting),
            settles=tuple(answers.clause.id for answers in waiting if answers.settles(path)),
            changes_verdict=self.verdict is Verdict.UNDETERMINED,
            members=tuple(dict.fromkeys(self._members(path, waiting))),
        )

    def _members(self, path: Path, waiting: Iterable[Answers]) -> Iterator[str]:
        """Yield the parts of a set or series that are asked for, in words."""
        type_ = self.state.type_of(path)
        leaves = [leaf for answers in waiting for leaf in answers.leaves if leaf[:-1] == path]
        if type_.kind == "series":
            yield from (str(year) for year in sorted({int(leaf[-1]) for leaf in leaves}))
        asked = {leaf[-1] for leaf in leaves}
        yield from (member.label for member in type_.members if type_.kind == "set" and member.name in asked)

    # --- the shortest way ---

    def shortest_way(self) -> tuple[Question, ...]:
        """Return the smallest set of facts that can settle the verdict as conforming, each with an answer that does.

        It is the smallest that can be made of the ways found for each clause; where those are very many, it is one of
        which no fact can be left out. Nothing where a clause fails already, nothing is open, or no answers are enough.
        """
        if self.verdict is not Verdict.UNDETERMINED:
            return ()
        ways = [[core for core, _ in answers.favourable] for answers in self.open]
        for facts in self._smallest(ways):
            version = self._together(facts)
            if version is not None:
                told = [evolve(self._question(fact), answer=as_input(version.get(fact))) for fact in facts]
                return tuple(sorted(told, key=self._rank))
        return self._on_a_day()

    def _rank(self, question: Question) -> int:
        return next((number for number, each in enumerate(self._asked) if each.path == question.path), len(self._asked))

    def _on_a_day(self) -> tuple[Question, ...]:
        """Return the shortest way with the day of the assessment settled first, where it is not known."""
        if self.state.assessed_on is not None:
            return ()
        day = a_day(self.state)
        rest = Questioner(evolve(self.state, assessed_on=day), self.outline).shortest_way()
        return (evolve(self._question(DAY), answer=day), *rest) if rest else ()

    def _smallest(self, ways: Sequence[Sequence[Answer]]) -> list[Answer]:
        """Return unions of one way a clause, the smallest first."""
        if not all(ways):
            return []
        number = 1
        for each in ways:
            number *= len(each)
        if number > CHOICES_LIMIT:
            return [_reduced(_greedy(ways), ways)]
        unions = {frozenset().union(*chosen) for chosen in itertools.product(*ways)}
        return sorted(unions, key=lambda facts: (len(facts), sorted(map(str, facts))))[:TRIES_LIMIT]

    def _together(self, facts: Answer) -> State | None:
        """Return the record with answers to these facts alone on which nothing fails or is open."""
        edits: dict[Path, Any] = {}
        goals: list[Goal] = []
        answered: set[Path] = set()
        for answers in self.open:
            found = [version for core, version in answers.favourable if core <= facts]
            given = {fact for fact in facts if any(path[: len(fact)] == fact for path in found[0].edits)}
            fresh = given - answered
            edits.update(
                (path, edit)
                for path, edit in found[0].edits.items()
                if any(path[: len(each)] == each for each in fresh)
            )
            answered |= given
            goals += answers.wanted(found[0])
        goals += [Goal(each.condition, wanted=True, context={}, certain=False) for each in self.state.model.checks]
        search = Search(self.outline, Terms(only_missing=True, allowed=facts), Looks(), width=2)
        try:
            versions = search.reach_all(self.state.rebuilt(edits.items()), goals)
        except Exhausted:
            return None
        held = (each for each in versions if all(results.holds(each.status(clause)) for clause in self.counting))
        return next(held, None)


def _greedy(ways: Sequence[Sequence[Answer]]) -> Answer:
    """Return a union of one way a clause, each chosen for adding the least."""
    facts: Answer = frozenset()
    for each in sorted(ways, key=len):
        facts |= min(each, key=lambda way: len(way - facts))
    return facts


def _reduced(facts: Answer, ways: Sequence[Sequence[Answer]]) -> Answer:
    """Return the facts without those that no clause needs."""
    for fact in sorted(facts, key=str):
        rest = facts - {fact}
        if all(any(way <= rest for way in each) for each in ways):
            facts = rest
    return facts
