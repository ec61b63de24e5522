"""Standards into Hypothesis strategies and properties: records that pass, fail or stand next to a threshold, and more.

Needs the extra `testing` (Hypothesis); nothing else in the library imports this package. For example::

    from hypothesis import given
    from cedu_rules import load
    from cedu_rules.testing import records

    @given(records(load("school")))
    def test_nothing_stays_unknown(record): ...
"""

try:
    import hypothesis as _hypothesis
except ModuleNotFoundError as error:  # pragma: no cover -- the tests have it
    raise ModuleNotFoundError("no module `hypothesis`; expected the extra `testing`: `cedu_rules[testing]`") from error

from cedu_rules.testing.aims import AIMS
from cedu_rules.testing.comparing import assert_never_weaker, assert_same_meaning
from cedu_rules.testing.expressions import expressions
from cedu_rules.testing.institutions import failing, passing
from cedu_rules.testing.nearness import near
from cedu_rules.testing.records import partial_records, records
from cedu_rules.testing.standards import standards

__all__ = [
    "AIMS",
    "assert_never_weaker",
    "assert_same_meaning",
    "expressions",
    "failing",
    "near",
    "partial_records",
    "passing",
    "records",
    "standards",
]

del _hypothesis
