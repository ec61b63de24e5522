"""A standard into what its author should know of its examples: which fail, what they miss, and what would mend that."""

from attrs import field, frozen

from cedu_rules.authoring.cases import Bench, Case
from cedu_rules.authoring.coverage import Atom, Covered, answers, coverage
from cedu_rules.authoring.examples import ExampleFailure, failures
from cedu_rules.authoring.mutation.equivalence import Equivalent, equivalent
from cedu_rules.authoring.mutation.mutants import Mutant, mutants, survivors
from cedu_rules.authoring.proposing.search import Found, Target, search
from cedu_rules.messages import Words
from cedu_rules.model.ir import Expression
from cedu_rules.source import Span
from cedu_rules.standard import Standard

_LIVE = Words("no example notices that {change}", "没有例子能发现：{change}")
_UNSEEN = Words(
    "condition `{condition}`: no example in which it is {answer}", "条件 `{condition}`：没有取值为{answer}的例子"
)
_IDLE = Words(
    "condition `{condition}`: no example in which it is {answer} and the answer of the clause hangs on it",
    "条件 `{condition}`：取值为{answer}时，没有一个例子的结果取决于它",
)
_ANSWERS = {True: Words("yes", "“是”"), False: Words("no", "“否”")}


@frozen(eq=False)
class LiveMutant:
    """A change of the standard that no example notices; not proved to be equivalent."""

    mutant: Mutant

    @property
    def span(self) -> Span:
        """Where the change is."""
        return self.mutant.span

    @property
    def clauses(self) -> tuple[str, ...]:
        """The clauses whose example may notice it."""
        return self.mutant.home.clauses

    @property
    def expressions(self) -> tuple[Expression, ...]:
        """The condition as it is in the mutant: its thresholds are worth trying too."""
        return (self.mutant.slip.whole,)

    def is_reached_by(self, case: Case) -> bool:
        """Return whether the example notices it."""
        return self.mutant.is_killed_by(case)

    def in_words(self, language: str = "en") -> str:
        """Return what no example notices."""
        return _LIVE.filled(language, {"change": self.mutant.in_words(language)})


@frozen(eq=False)
class Uncovered:
    """An answer of an atomic condition that no example shows to matter."""

    bench: Bench = field(repr=False)
    atom: Atom
    answer: bool
    seen: bool

    @property
    def span(self) -> Span:
        """Where the condition stands."""
        return self.atom.span

    @property
    def clauses(self) -> tuple[str, ...]:
        """The clauses whose example may show it."""
        return self.atom.home.clauses

    @property
    def expressions(self) -> tuple[Expression, ...]:
        """Nothing beside what the clauses hold."""
        return ()

    def is_reached_by(self, case: Case) -> bool:
        """Return whether the example shows that the condition matters with that answer."""
        shown = case.status != "invalid" and answers(
            self.bench.model, self.atom, case.clause, case.record, case.day
        ).get(self.answer)
        return bool(shown)

    def in_words(self, language: str = "en") -> str:
        """Return what no example shows."""
        words = _IDLE if self.seen else _UNSEEN
        return words.filled(language, {"condition": self.atom.text, "answer": _ANSWERS[self.answer]})


Finding = LiveMutant | Uncovered


@frozen(eq=False)
class Trial:
    """What was found about the examples of one standard.

    Attributes:
        standard: The standard.
        failures: The examples that do not hold.
        conditions: What the examples show of each atomic condition; None where nobody asked.
        mutants: How many mutants there are; None where nobody asked.
        findings: Live mutants and what is not covered, in the order of the file.
        equivalents: Mutants that no example can kill, with the proof.
        proposed: Examples that would reach what was found.
    """

    standard: Standard
    failures: tuple[ExampleFailure, ...]
    conditions: tuple[Covered, ...] | None
    mutants: int | None
    findings: tuple[Finding, ...]
    equivalents: tuple[Equivalent, ...]
    proposed: tuple[Found, ...]

    @property
    def examples(self) -> int:
        """How many examples the standard has."""
        return sum(len(clause.examples) for clause in self.standard.model.clauses)

    @property
    def covered(self) -> int:
        """How many conditions are covered."""
        return sum(condition.complete for condition in self.conditions or ())

    @property
    def live(self) -> int:
        """How many mutants no example kills, though none is proved to be equivalent."""
        return sum(isinstance(finding, LiveMutant) for finding in self.findings)

    def proposal(self, finding: Finding) -> Found | None:
        """Return the example that would reach what was found."""
        return next((found for found in self.proposed if any(each is finding for each in found.targets)), None)

    def by_proposal(self) -> list[tuple[list[Finding], Found | None]]:
        """Return the findings, those together that one example would reach; in the order of the file."""
        groups: dict[int, tuple[list[Finding], Found | None]] = {}
        for finding in self.findings:
            found = self.proposal(finding)
            groups.setdefault(id(finding) if found is None else id(found), ([], found))[0].append(finding)
        return list(groups.values())


def try_examples(standard: Standard, *, cover: bool = False, mutate: bool = False) -> Trial:
    """Return what the examples of a standard miss; one that does not hold shows nothing.

    Args:
        standard: The standard.
        cover: Whether to look for conditions that are not shown to matter.
        mutate: Whether to look for mutants that no example kills.
    """
    failed = tuple(failures(standard))
    bench = Bench(standard)
    findings: list[Finding] = []
    conditions = tuple(coverage(standard.model, bench.cases)) if cover else None
    for condition in conditions or ():
        missing = (answer for answer in (True, False) if answer not in condition.matters)
        findings += [Uncovered(bench, condition.atom, answer, answer in condition.seen) for answer in missing]
    made = list(mutants(standard.model)) if mutate else []
    live, equivalents = _sorted_out(bench, made)
    findings += live
    findings.sort(key=lambda finding: finding.span.start)
    targets: list[Target] = list(findings)
    proposed = tuple(search(bench, targets))
    number = len(made) if mutate else None
    return Trial(standard, failed, conditions, number, tuple(findings), tuple(equivalents), proposed)


def _sorted_out(bench: Bench, made: list[Mutant]) -> tuple[list[LiveMutant], list[Equivalent]]:
    """Return the mutants that no example kills: those that are live, and those that are proved to be equivalent."""
    live: list[LiveMutant] = []
    equivalents: list[Equivalent] = []
    for mutant in survivors(made, bench.cases):
        proof = equivalent(bench.model, mutant)
        if proof is None:
            live.append(LiveMutant(mutant))
        else:
            equivalents.append(proof)
    return live, equivalents
