"""Every sentence of a diagnostic, in English and Chinese: codes, hints, cures, and what each code means.

A hint is the cure for what one author wrote; where none is known, the cure of the code is told. The tables stand in modules
of their own, since most programs tell nothing.
"""

from cedu_rules.messages.words import Code, Words

__all__ = ["Code", "Words"]
