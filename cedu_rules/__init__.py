"""Official standards as rules: exact, explained, and honest about what is not known.

The public names are imported when they are first used, so that the command line starts quickly.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from cedu_rules._version import VERSION

if TYPE_CHECKING:
    from cedu_rules.catalog import load, loads
    from cedu_rules.diagnostics import (
        BindingError,
        CeduError,
        Diagnostic,
        InputError,
        InputIssue,
        StandardError,
        StandardNotFound,
        UnsupportedError,
    )
    from cedu_rules.records import Record
    from cedu_rules.report import Finding, Report, RequirementFinding
    from cedu_rules.results import Status, Verdict
    from cedu_rules.source import Citation, Span
    from cedu_rules.standard import ClausePredicate, Evaluator, Standard

__version__ = VERSION

__all__ = [
    "BindingError",
    "CeduError",
    "Citation",
    "ClausePredicate",
    "Diagnostic",
    "Evaluator",
    "Finding",
    "InputError",
    "InputIssue",
    "Record",
    "Report",
    "RequirementFinding",
    "Span",
    "Standard",
    "StandardError",
    "StandardNotFound",
    "Status",
    "UnsupportedError",
    "Verdict",
    "__version__",
    "load",
    "loads",
]

_HOMES = {
    "catalog": ("load", "loads"),
    "diagnostics": (
        "BindingError",
        "CeduError",
        "Diagnostic",
        "InputError",
        "InputIssue",
        "StandardError",
        "StandardNotFound",
        "UnsupportedError",
    ),
    "records": ("Record",),
    "report": ("Finding", "Report", "RequirementFinding"),
    "results": ("Status", "Verdict"),
    "source": ("Citation", "Span"),
    "standard": ("ClausePredicate", "Evaluator", "Standard"),
}


def __getattr__(name: str) -> Any:  # noqa: ANN401 -- whatever goes by that name
    """Return a public name from the module that defines it."""
    home = next((home for home, names in _HOMES.items() if name in names), None)
    if home is None:
        raise AttributeError(f"module `cedu_rules` has no attribute `{name}`")
    value = getattr(import_module(f"cedu_rules.{home}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """Return the public names, imported or not."""
    return [*globals(), *(name for name in __all__ if name not in globals())]
