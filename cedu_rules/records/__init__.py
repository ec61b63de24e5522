"""Facts into attrs classes, and data into their instances, with one issue for every value that cannot be.

`record_class` makes the class of a standard's records; `read` and `attempt` turn mappings into records. Values are
read as officials type them (`cells`, `numbers`, `mappings`); what is refused is told with its path, the value and what
is expected.
"""

from cedu_rules.records.cells import Cell, member_words
from cedu_rules.records.classes import record_class
from cedu_rules.records.mappings import FrozenMapping
from cedu_rules.records.numbers import Numeral
from cedu_rules.records.record import Contradictions, Record, attempt, identity, read, trusted_record
from cedu_rules.records.registry import loaded, register
from cedu_rules.records.taking import FEW_DIGITS, cell_reader, plain_float, plain_numbers, plain_years

__all__ = [
    "FEW_DIGITS",
    "Cell",
    "Contradictions",
    "FrozenMapping",
    "Numeral",
    "Record",
    "attempt",
    "cell_reader",
    "identity",
    "loaded",
    "member_words",
    "plain_float",
    "plain_numbers",
    "plain_years",
    "read",
    "record_class",
    "register",
    "trusted_record",
]
