"""Standards into Hypothesis strategies: records of a standard, expressions over it, and whole standards.

Needs the extra `testing` (Hypothesis); nothing else in the library imports this package.

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
from cedu_rules.testing.expressions import expressions
from cedu_rules.testing.records import partial_records, records
from cedu_rules.testing.standards import standards

__all__ = ["AIMS", "expressions", "partial_records", "records", "standards"]

del _hypothesis
