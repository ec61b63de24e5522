"""Official standards as rules: exact, explained, and honest about what is not known."""

from cedu_rules._version import VERSION
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
