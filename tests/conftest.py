"""Profiles of Hypothesis for all tests: `quick` for every run, `fuzz` for long searches of their own.

    pytest                                                             quick
    pytest --hypothesis-seed=7 tests/laws                              quick, with the examples of that seed
    pytest -p no:cacheprovider --hypothesis-profile=fuzz tests/laws    fuzz

The examples of `quick` are the same every time, so that a run says the same of the same code; `fuzz` looks for new ones.

Standards that were loaded are kept in one folder for the whole session, which processes that tests start use as well: the
user's own folder is neither read nor written.
"""

import atexit
import gc
import os
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, settings

if "PYTEST_XDIST_WORKER" not in os.environ:  # workers have the folder of the process that started them
    _kept = TemporaryDirectory(prefix="cedu-rules-tests-")
    atexit.register(_kept.cleanup)
    os.environ["CEDU_RULES_CACHE"] = _kept.name

_SLOW_MACHINES = (HealthCheck.too_slow, HealthCheck.data_too_large)

settings.register_profile(
    "quick", max_examples=12, deadline=None, derandomize=True, suppress_health_check=_SLOW_MACHINES
)
settings.register_profile(
    "fuzz", max_examples=3000, deadline=None, print_blob=True, suppress_health_check=_SLOW_MACHINES
)
settings.load_profile("quick")

LONG = {
    "test_site.py", "test_inspection_city.py", "test_frame_suite.py", "test_embedding.py", "test_threads.py",
    "test_parallel.py", "test_testing.py", "test_strategies.py",
}  # fmt: skip
"""Modules with tests of many seconds: started first, so that no worker is left alone with one at the end."""


def pytest_configure(config: pytest.Config) -> None:
    """Let a run draw what its own seed gives, if it has one: `--hypothesis-seed` says nothing where nothing is random."""
    if config.getoption("--hypothesis-seed", default=None) is not None:
        settings.register_profile("quick", settings.get_profile("quick"), derandomize=False)
        settings.load_profile("quick")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the tests of long modules first; all others stay in their order."""
    items.sort(key=lambda item: item.path.name not in LONG)


def pytest_collection_finish() -> None:
    """Leave the thousands of tests out of every later collection of garbage."""
    gc.collect()
    gc.freeze()
