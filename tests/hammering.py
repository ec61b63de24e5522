"""One standard that nobody has used yet, and many threads that use it at the same moment, into what each of them got.

`python -m tests.hammering` does it on the interpreter that runs it and prints `equal` where all answers are right; it needs
nothing but the library and attrs, so that it also runs where no test tools install.
"""

import json
import pickle
import sys
import threading
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import cedu_rules
from cedu_rules.standard import Standard

TEXT = (Path(__file__).parent / "benchmarks" / "measured.std").read_text(encoding="utf-8")
DAY = date(2022, 12, 15)
THREADS = 12
RECORDS: tuple[dict[str, Any], ...] = (
    {"id": "made-up-1", "site": "independent", "area": 480, "books": 3100, "population": 31234, "computers": 25},
    {"id": "made-up-2", "site": "shared", "area": 480},
    {"id": "made-up-3", "teachers": [{"name": "甲", "full_time": True, "degree": "bachelor"}, {"name": "乙"}]},
    {"id": "made-up-4", "registered": {2021: 900, 2022: 1000}, "residents": {2022: 30000}, "funding": "12.5 万元"},
)


def fresh(number: int) -> Standard:
    """Return a standard that shares nothing with another: its text, and so its digest, is its own."""
    return cedu_rules.loads(f"{TEXT}\n# made for round {number}\n")


def statuses(standard: Standard) -> object:
    """Return the statuses of each record that is valid, often enough that compiled code comes in."""
    valid = [record for record in RECORDS if not standard.evaluate(record, assessed_on=DAY).errors]
    return [[standard.statuses(record, assessed_on=DAY) for record in valid] for _ in range(10)]


def reports(standard: Standard) -> object:
    """Return the reports with their explanations, without the digest."""
    found = list(standard.evaluate_many(RECORDS, assessed_on=DAY))
    return json.dumps([report.institution_dict("en") for report in found])


def classes(standard: Standard) -> object:
    """Return what records say of themselves, and whether all threads got one class."""
    made = standard.record(area=480, teachers=[{"name": "甲"}])
    return repr(made), pickle.loads(pickle.dumps(made)) == made  # noqa: S301 -- our own bytes


def clauses(standard: Standard) -> object:
    """Return the status of each clause from its own predicate, the last clause first."""
    return [clause.status(RECORDS[0], assessed_on=DAY) for clause in reversed(list(standard.clauses.values()))]


USES: tuple[Callable[[Standard], object], ...] = (statuses, reports, classes, clauses)


def hammered(standard: Standard) -> tuple[list[list[object]], set[type]]:
    """Return the answers to `USES` in each thread, and the classes of records that they saw.

    All begin at one moment, each with another use, half of them with the standard and half with a copy of it.
    """
    copied = pickle.loads(pickle.dumps(standard))  # noqa: S301 -- our own bytes
    barrier = threading.Barrier(THREADS)
    answers: list[list[object]] = [[] for _ in range(THREADS)]
    made: set[type] = set()

    def use(number: int) -> None:
        order = [(number // 2 + step) % len(USES) for step in range(len(USES))]
        mine = copied if number % 2 else standard
        barrier.wait()
        found = {step: USES[step](mine) for step in order}
        made.add(mine.record)
        answers[number] = [found[step] for step in range(len(USES))]

    threads = [threading.Thread(target=use, args=(number,)) for number in range(THREADS)]
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)  # where threads take turns, as often as can be
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(interval)
    return answers, made


def differences(rounds: int) -> list[str]:
    """Return what differs in so many rounds from the answers of one thread; nothing where all is well."""
    alone = fresh(-1)
    expected = [use(alone) for use in USES]
    found = []
    for number in range(rounds):
        answers, made = hammered(fresh(number))
        for thread, answer in enumerate(answers):
            wrong = [use.__name__ for use, one, other in zip(USES, expected, answer, strict=False) if one != other]
            if wrong or len(answer) < len(USES):
                found.append(f"round {number}, thread {thread}: {', '.join(wrong) or 'it ended early'}")
        if len(made) > 1:
            found.append(f"round {number}: {len(made)} classes of records")
    return found


if __name__ == "__main__":
    told = differences(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
    sys.stdout.write("\n".join(told or ["equal"]) + "\n")
    sys.exit(bool(told))
