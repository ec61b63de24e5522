"""Clauses and conditions into sentences: when a clause applies, what it asks, and what the names in it mean."""

from collections.abc import Iterator, Mapping

from attrs import frozen

from cedu_rules.explain.phrasing import conditions, lists, names, values
from cedu_rules.explain.phrasing.speaker import Form, Speaker, quoted
from cedu_rules.messages import Words
from cedu_rules.model.graph import Key
from cedu_rules.model.ir import Clause, Expression, Model, Requirement

FORMS: Mapping[str, Form] = {
    "constant": names.constant,
    "assessed_on": names.assessed_on,
    "fact": names.fact,
    "field": names.fact,
    "let": names.let,
    "passes": names.passes,
    "year": names.year,
    "exists": conditions.existence,
    "not": conditions.negation,
    "and": conditions.conjunction,
    "or": conditions.disjunction,
    "at_least": conditions.at_least,
    **dict.fromkeys(("=", "<", "<=", ">", ">="), conditions.comparison),
    "in": conditions.membership,
    "includes": conditions.inclusion,
    "rises": conditions.trend,
    "falls": conditions.trend,
    "+": values.sum_,
    "*": values.product,
    "-": values.negative,
    "/": values.quotient,
    **dict.fromkeys(("abs", "ceil", "floor", "round", "latest", "present"), values.function),
    "lowest": values.extreme,
    "highest": values.extreme,
    "if": values.choice,
    "by": values.table,
    "average_of": values.average_of,
    "at": values.at_year,
    "step": values.step,
    "days_between": values.days_between,
    "all": lists.quantifier,
    "any": lists.quantifier,
    "count": lists.count,
    **dict.fromkeys(("sum", "min", "max", "average", "distinct"), lists.number),
}
"""How each operator of the model is said; a variable is said by what is read of it."""

_HEADS = {
    "when": Words("applies if ", "适用条件："),
    "must": Words("must: ", "应："),
    "should": Words("should: ", "宜："),
    "where": Words("{name}: ", "其中{name}："),
}


@frozen
class Sentence:
    """One thing that a clause says.

    `role` is `when` (a guard), `must`, `should`, or `where` (what `name`, said in another sentence, means).
    `requirement` is what is asked, None for the other roles.
    """

    role: str
    text: str
    name: str = ""
    requirement: Requirement | None = None

    def line(self, language: str) -> str:
        """Return the sentence with the word that tells its role."""
        return _HEADS[self.role].filled(language, {"name": self.name}) + self.text


def sentences_of(model: Model, clause: Clause, language: str) -> Iterator[Sentence]:
    """Yield what a clause says, in `zh` or `en`, made from its expressions alone."""
    speaker = Speaker(model, language, FORMS)
    for guard in clause.guards:
        yield Sentence("when", speaker.text(guard))
    for requirement in clause.requirements:
        yield Sentence(requirement.modality, speaker.text(requirement.condition), requirement=requirement)
    yield from _definitions(speaker)


def clause_in_words(model: Model, clause: Clause, language: str) -> list[str]:
    """Return what a clause says, a line a sentence, in `zh` or `en`."""
    return [sentence.line(language) for sentence in sentences_of(model, clause, language)]


def expression_in_words(model: Model, expression: Expression, language: str) -> list[str]:
    """Return an expression in words, and after it a line for each name that it leaves to be told."""
    speaker = Speaker(model, language, FORMS)
    return [speaker.text(expression), *(sentence.line(language) for sentence in _definitions(speaker))]


def _definitions(speaker: Speaker) -> Iterator[Sentence]:
    """Yield what the lets are that were said by name, those in their definitions too."""
    told: set[Key] = set()
    while waiting := [key for key in speaker.named if key not in told]:
        for key in waiting:
            told.add(key)
            yield Sentence("where", speaker.definition(key), quoted(key[2]))
