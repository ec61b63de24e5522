"""Typed expressions into code: one line an operator, in the tables at the end.

`Translator` writes the expressions of one function. What has no compiled form raises `NotCovered`; the smallest condition
around it that reads no element of a list is then left to the reference, so that an answer never differs.
"""

import functools
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date
from fractions import Fraction
from typing import TypeAlias

from attrs import evolve

from cedu_rules import values
from cedu_rules.backends.python import comparisons, conditions, facts, lists, nodes, numbers, series
from cedu_rules.backends.python.builder import Builder, NotCovered, Scope
from cedu_rules.backends.python.comparisons import Choice
from cedu_rules.backends.python.conditions import Condition, always, held
from cedu_rules.backends.python.facts import Facts
from cedu_rules.backends.python.lists import Listing
from cedu_rules.backends.python.numbers import Number, Numeric, Ratio
from cedu_rules.backends.python.series import SeriesCode
from cedu_rules.model.ir import COMPARISONS, Expression, Fact
from cedu_rules.truth import Interval, Options
from cedu_rules.values import FIRST_DAY, LAST_DAY
