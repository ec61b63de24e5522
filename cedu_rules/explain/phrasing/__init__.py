"""Expressions into words as an official document has them, in Chinese and in English.

Input: a model, and a clause or expression of it. Output: sentences made from the expression and the labels of its facts,
exact, with brackets where their parts could be joined otherwise. Differs from `sentences`, which says what was found in
a record: nothing is evaluated here.
"""

from cedu_rules.explain.phrasing.clauses import Sentence, clause_in_words, expression_in_words, sentences_of
from cedu_rules.explain.phrasing.examples import example_in_words

__all__ = ["Sentence", "clause_in_words", "example_in_words", "expression_in_words", "sentences_of"]
