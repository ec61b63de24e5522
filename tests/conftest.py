"""Profiles of Hypothesis for all tests: `quick` for every run, `fuzz` for long searches of their own.

    pytest                                                             quick
    pytest -p no:cacheprovider --hypothesis-profile=fuzz tests/laws    fuzz

Where `CI` is set, examples are the same every time.
"""

import os

from hypothesis import HealthCheck, settings

_SLOW_MACHINES = (HealthCheck.too_slow, HealthCheck.data_too_large)
_IN_CI = bool(os.environ.get("CI"))

settings.register_profile(
    "quick", max_examples=25, deadline=None, derandomize=_IN_CI, suppress_health_check=_SLOW_MACHINES
)
settings.register_profile(
    "fuzz", max_examples=3000, deadline=None, print_blob=True, suppress_health_check=_SLOW_MACHINES
)
settings.load_profile("quick")
