"""Who says an expression in words: the language, the names that are in sight, and which lets are said in full.

A phrase knows how tightly it holds together, so that brackets stand where `and` and `or`, sums and products mix.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from enum import IntEnum
from string import Formatter
from typing import NamedTuple, TypeAlias

from cedu_rules.messages import Words
from cedu_rules.model.graph import Graph, Key, post_order, references, walk
from cedu_rules.model.ir import AGGREGATES, Expression, Fact, Model

SPOKEN_SIZE = 40
"""A let of at most so many parts, lets in it included, is said in full; a larger one by its name."""

_OF = Words("{label} of {name}", "{name} 的{label}")


class Hold(IntEnum):
    """How tightly a phrase holds together, the tightest first."""

    NAME = 0
    PRODUCT = 1
    SUM = 2
    TEST = 3
    AND = 4
    OR = 5
    OPEN = 6
    """It has no end of its own: whatever follows would belong to it."""


class Phrase(NamedTuple):
    """Words, and how tightly they hold together."""

    text: str
    hold: Hold = Hold.NAME


Form: TypeAlias = Callable[["Speaker", Expression], Phrase]


class Speaker:
    """Says expressions of a model in one language.

    `named` collects the lets that were said by their names; whoever asked says what they are afterwards.
    """

    def __init__(self, model: Model, language: str, forms: Mapping[str, Form]) -> None:
        self.model = model
        self.is_chinese = language == "zh"
        self.named: dict[Key, None] = {}
        self._forms = forms
        self._graph = Graph(model)
        self._elements: dict[str, str] = {}
        self._sizes: dict[Key, int] = {}
        self._with_lists: set[Key] = set()
        self._speaking: set[Key] = set()
        self._labels = _labels(model)

    # --- phrases ---

    def phrase(self, expression: Expression) -> Phrase:
        """Return the expression in words."""
        return self._forms[expression.operator](self, expression)

    def text(self, expression: Expression) -> str:
        """Return the words of a whole expression, which needs no brackets around it."""
        return self.phrase(expression).text

    def held(self, expression: Expression, loosest: Hold) -> str:
        """Return the words of an operand, in brackets where they hold less tightly than they have to."""
        phrase = self.phrase(expression)
        return phrase.text if phrase.hold <= loosest else self.bracketed(phrase.text)

    def bracketed(self, text: str) -> str:
        """Return the text in brackets."""
        return f"（{text}）" if self.is_chinese else f"({text})"

    def say(self, words: Words, **values: str) -> str:
        """Return a template with its values; between Chinese characters and Latin letters or digits stands a space."""
        parts = []
        for literal, name, _, _ in Formatter().parse(words.zh if self.is_chinese else words.en):
            parts.append(literal)
            if name is not None:
                parts.append(values[name])
        return spaced(parts) if self.is_chinese else "".join(parts)

    def joined(self, words: Words, parts: list[str]) -> str:
        """Return the parts with the word between them."""
        between = words.zh if self.is_chinese else words.en
        return (
            spaced([piece for part in parts for piece in (between, part)][1:])
            if self.is_chinese
            else between.join(parts)
        )

    # --- names ---

    def label(self, owner: str, fact: Fact, *, in_quotes: bool = False) -> str:
        """Return the label of a fact or field, with its name where another one bears the same label."""
        label = quotes(fact.label) if in_quotes else quoted(fact.label)
        return label if self._labels[owner, fact.label] == 1 else f"{label}{self.bracketed(fact.name)}"

    def field_label(self, element: Expression, fact: Fact, *, in_quotes: bool = False) -> str:
        """Return the label of a field, with the name of its element where several are in sight."""
        owner = element.type.name
        label = self.label(owner, fact, in_quotes=in_quotes)
        name = self._elements.get(str(element.data), "")
        if name:
            return self.say(_OF, label=label, name=name)
        if self._labels["", fact.label]:
            return self.say(Words("{label} of the entry", "本项的{label}"), label=label)
        return label

    @contextmanager
    def element(self, variable: str, parts: tuple[Expression, ...]) -> Iterator[str]:
        """Bring an element into sight; it has a name where `parts`, which read it, read other elements too."""
        is_named = any(self._elements.values()) or self._has_lists(parts) or "" in self._elements
        name = self._fresh(variable or "t") if is_named else ""
        before = dict(self._elements)
        self._elements[variable] = name
        try:
            yield name
        finally:
            self._elements = before

    def _fresh(self, name: str) -> str:
        taken = set(self._elements.values())
        return next(
            each for each in (name, *(f"{name}{number}" for number in range(2, len(taken) + 3))) if each not in taken
        )

    # --- lets ---

    def let(self, key: Key, element: tuple[Expression, ...]) -> Phrase:
        """Return a let in full if it is short, else by its name."""
        if key in self._speaking or self._size(key) > SPOKEN_SIZE:
            self.named[key] = None
            name = self._element_name(element)
            return Phrase(self.say(_OF, label=quoted(key[2]), name=name) if name else quoted(key[2]))
        with self._inside(key, element):
            return self.phrase(self._graph.lets[key].value)

    def definition(self, key: Key) -> str:
        """Return what a let is that was said by its name."""
        self._elements = {}
        return self.text(self._graph.lets[key].value)

    def _element_name(self, element: tuple[Expression, ...]) -> str:
        return self._elements.get(str(element[0].data), "") if element else ""

    @contextmanager
    def _inside(self, key: Key, element: tuple[Expression, ...]) -> Iterator[None]:
        """See what the let sees: its record, or the institution alone."""
        self._speaking.add(key)  # an editor shows models with cycles, too
        before = self._elements
        self._elements = {"": self._element_name(element)} if element else {}
        try:
            yield
        finally:
            self._elements = before
            self._speaking.discard(key)

    def _size(self, key: Key) -> int:
        """Return how many parts a let has, those of the lets in it included."""
        if key not in self._sizes:
            for each in post_order([key], self._lets_in)[0]:
                value = self._graph.lets[each].value
                inner = sum(self._sizes.get(found, 0) for found in references([value]) if found[0] == "let")
                self._sizes[each] = sum(1 for _ in walk(value)) + inner
                if any(part.operator in AGGREGATES for part in walk(value)) or not self._with_lists.isdisjoint(
                    self._lets_in(each)
                ):
                    self._with_lists.add(each)
        return self._sizes[key]

    def _lets_in(self, key: Key) -> list[Key]:
        return [found for found in self._graph.edges(key) if found[0] == "let"]

    def _has_lists(self, parts: tuple[Expression, ...]) -> bool:
        """Return whether elements of other lists are read in these parts."""
        lets = [key for key in references(parts) if key[0] == "let"]
        for key in lets:
            self._size(key)
        is_inner = any(part.operator in AGGREGATES for whole in parts for part in walk(whole))
        return is_inner or not self._with_lists.isdisjoint(lets)


def _labels(model: Model) -> Counter[tuple[str, str]]:
    owners = [("", model.facts), *((record.name, record.fields) for record in model.records)]
    return Counter((owner, fact.label) for owner, facts in owners for fact in facts)


def quoted(text: str) -> str:
    """Return a name as it is where it is one word, else in quotes."""
    return text if text.replace("_", "").isalnum() else quotes(text)


def quotes(text: str) -> str:
    """Return the text in quotes that it does not hold itself."""
    return f"「{text}」" if "“" in text or "”" in text else f"“{text}”"


def spaced(parts: list[str]) -> str:
    """Return the parts one after the other, with a space where Chinese meets Latin letters or digits."""
    text = ""
    for part in parts:
        if text and part and _apart(text[-1], part[0]):
            text += " "
        text += part
    return text


def _apart(left: str, right: str) -> bool:
    return (_is_chinese(left) and _is_latin(right)) or (_is_latin(left) and _is_chinese(right))


def _is_chinese(character: str) -> bool:
    return "\u4e00" <= character <= "\u9fff"


def _is_latin(character: str) -> bool:
    return character.isascii() and (character.isalnum() or character in "%_")
