"""A standard into a document for people: a web page, or Markdown, in the shape of the annex.

Input: a model. Output: text. Differs from `outline`, which shows one on a terminal, in that every clause is said in words,
with its notes, its examples and the facts that it asks for.

    contents   the model into sections, lines and facts, in words
    page       the web page
    text       Markdown
"""

from cedu_rules.reports.booklet.page import html
from cedu_rules.reports.booklet.text import markdown

__all__ = ["html", "markdown"]
