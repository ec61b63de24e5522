"""Every sentence of a diagnostic, in English and Chinese: codes, hints, cures, and what each code means.

A hint is the cure for what one author wrote; where none is known, the cure of the code is told.
"""

from cedu_rules.messages.codes import CODES
from cedu_rules.messages.cures import CURES
from cedu_rules.messages.hints import HINTS
from cedu_rules.messages.meanings import MEANINGS
from cedu_rules.messages.words import Code, Words

__all__ = ["CODES", "CURES", "HINTS", "MEANINGS", "Code", "Words"]
