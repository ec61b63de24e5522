"""The standard of the benchmarks is part of the school's standard, word for word."""

from pathlib import Path

import cedu_rules

ROOT = Path(__file__).parent
SCHOOL = cedu_rules.load("school").model
MEASURED = cedu_rules.load(str(ROOT / "benchmarks" / "measured.std")).model


def test_twenty_measured_clauses_of_the_school() -> None:
    """Each clause states one measured requirement of the school's standard, or its check."""
    stated = {" ".join(each.condition.span.text.split()) for clause in SCHOOL.clauses for each in clause.requirements}
    stated |= {" ".join(check.condition.span.text.split()) for check in SCHOOL.checks}

    assert 20 == len(MEASURED.clauses)
    for clause in MEASURED.clauses:
        (requirement,) = clause.requirements
        assert " ".join(requirement.condition.span.text.split()) in stated


def test_facts_of_the_school() -> None:
    """The facts are those of the school's standard, with their types and conditions."""
    for fact in MEASURED.facts:
        assert fact == SCHOOL.facts_by_name[fact.name]
