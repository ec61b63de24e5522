"""A model into what whoever gives data has to know of each fact: one table, and the JSON Schema of a whole input.

Input: `model`. Output: `FactRow`s, from which `show`, templates and `codegen` print, and the schema as plain data.
Differs from `records` in that it describes values and reads none.
"""

from cedu_rules.facts.json_schema import json_schema
from cedu_rules.facts.table import INSPECTOR, INSTITUTION, FactRow, condition_in_words, fact_table, unit_in_words

__all__ = [
    "INSPECTOR",
    "INSTITUTION",
    "FactRow",
    "condition_in_words",
    "fact_table",
    "json_schema",
    "unit_in_words",
]
