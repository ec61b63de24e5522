"""Other engines that Python can call, on the ten of the twenty clauses that compare plain numbers and names.

Each is given complete records as it likes them best, prepared before, and its rules compiled before. It answers only
yes or no, and knows nothing of missing facts, lists or years. The ratio is to the library's statuses of all twenty
clauses, so it flatters the peer. None of them is a dependency; one that is not installed is said to be so.
"""

from collections.abc import Callable
from importlib.metadata import version
from typing import Any

from cedu_rules.results import Status
from tests.benchmarks import one_record_cases as cases
from tests.benchmarks.timing import Figure, each, in_turns, not_measured

SUITE = "one record, other engines"
RECORDS = 60
LIMITS = {
    "council_meetings": 4,
    "joint_meetings": 2,
    "room_computers": 20,
    "computers": 30,
    "books": 3000,
    "utilisation": 0.8,
}
TESTS = (
    "office_head == 'party_office' || office_head == 'culture_station'",
    *(f"{name} >= {limit}" for name, limit in LIMITS.items()),
    "newspapers + magazines >= 10",
    "cadres_full_time + cadres_part_time >= 3",
    "funding >= population",
)
PLACES = (0, 1, 2, 6, 7, 8, 10, 9, 13, 18)
"""Where the clauses of `TESTS` stand among the twenty."""

Answers = Callable[[dict[str, Any]], list[bool]]


def _with_words() -> list[str]:
    return [test.replace("||", "or") for test in TESTS]


def _zen() -> tuple[Answers, Callable[[dict[str, Any]], Any]]:
    import zen  # type: ignore[import-not-found]  # noqa: PLC0415

    rules = [zen.compile_expression(test) for test in _with_words()]
    return lambda given: [rule.evaluate(given) for rule in rules], dict


def _rule_engine() -> tuple[Answers, Callable[[dict[str, Any]], Any]]:
    import rule_engine  # type: ignore[import-not-found]  # noqa: PLC0415

    rules = [rule_engine.Rule(test) for test in _with_words()]
    return lambda given: [rule.matches(given) for rule in rules], dict


def _cel_binding() -> tuple[Answers, Callable[[dict[str, Any]], Any]]:
    import cel  # type: ignore[import-not-found]  # noqa: PLC0415

    rules = [cel.compile(test.replace("funding >= population", "funding >= double(population)")) for test in TESTS]
    return lambda given: [rule.execute(given) for rule in rules], dict


def _cel_python() -> tuple[Answers, Callable[[dict[str, Any]], Any]]:
    import celpy  # type: ignore[import-not-found]  # noqa: PLC0415

    environment = celpy.Environment()
    rules = [environment.program(environment.compile(test)) for test in TESTS]
    return lambda given: [bool(rule.evaluate(given)) for rule in rules], celpy.json_to_cel


def _datalogic() -> tuple[Answers, Callable[[dict[str, Any]], Any]]:
    import datalogic_py  # type: ignore[import-not-found]  # noqa: PLC0415

    def var(name: str) -> dict[str, Any]:
        return {"var": name}

    logic: list[dict[str, Any]] = [{"in": [var("office_head"), ["party_office", "culture_station"]]}]
    logic += [{">=": [var(name), limit]} for name, limit in LIMITS.items()]
    logic += [
        {">=": [{"+": [var("newspapers"), var("magazines")]}, 10]},
        {">=": [{"+": [var("cadres_full_time"), var("cadres_part_time")]}, 3]},
        {">=": [var("funding"), var("population")]},
    ]
    rule = datalogic_py.Engine().compile(logic)
    return rule.evaluate, dict


def _jsonschema() -> tuple[Answers, Callable[[dict[str, Any]], Any]]:
    import jsonschema_rs  # type: ignore[import-not-found]  # noqa: PLC0415

    limits: dict[str, Any] = {name: {"minimum": limit} for name, limit in LIMITS.items()}
    limits["office_head"] = {"enum": ["party_office", "culture_station"]}
    validator = jsonschema_rs.Draft202012Validator({"properties": limits})
    order = ["office_head", *LIMITS]

    def answers(given: dict[str, Any]) -> list[bool]:
        wrong = {error.instance_path[0] for error in validator.iter_errors(given)}
        return [name not in wrong for name in order]

    return answers, dict


def _pydantic() -> tuple[Answers, Callable[[dict[str, Any]], Any]]:
    import pydantic  # noqa: PLC0415
    from annotated_types import Ge  # noqa: PLC0415

    fields: dict[str, Any] = {"office_head": (_literal("party_office", "culture_station"), ...)}
    from typing import Annotated  # noqa: PLC0415

    for name, limit in LIMITS.items():
        fields[name] = (Annotated[type(limit), Ge(limit)], ...)
    model = pydantic.create_model("Measured", **fields)
    validate = model.__pydantic_validator__.validate_python

    def answers(given: dict[str, Any]) -> list[bool]:
        try:
            validate(given)
        except pydantic.ValidationError as error:
            wrong = {
                each["loc"][0] for each in error.errors(include_url=False, include_context=False, include_input=False)
            }
            return [name not in wrong for name in fields]
        return [True] * len(fields)

    return answers, dict


def _literal(*names: str) -> object:
    from typing import Literal  # noqa: PLC0415

    return Literal[names]


PEERS: dict[str, Callable[[], tuple[Answers, Callable[[dict[str, Any]], Any]]]] = {
    "datalogic-py": _datalogic,
    "zen-engine": _zen,
    "pydantic": _pydantic,
    "jsonschema-rs": _jsonschema,
    "common-expression-language": _cel_binding,
    "rule-engine": _rule_engine,
    "cel-python": _cel_python,
}
NAMES = {"jsonschema-rs": "jsonschema_rs"}


def measure() -> list[Figure]:
    """Return a figure for each peer."""
    schools = cases.schools(0, RECORDS)
    mappings = [_plain(cases.as_mapping(school)) for school in schools]
    records = [cases.STANDARD.record(**cases.as_mapping(school)) for school in schools]
    expected = [_met(record) for record in records]
    return [_figure(name, make, mappings, records, expected) for name, make in PEERS.items()]


def _plain(mapping: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in mapping.items() if not isinstance(value, (dict, list))}


def _met(record: Any) -> list[bool]:  # noqa: ANN401
    statuses = cases.STANDARD.statuses(record, assessed_on=cases.DAY)
    return [statuses[place] is Status.PASS for place in PLACES]


def _figure(
    name: str,
    make: Callable[[], tuple[Answers, Callable[[dict[str, Any]], Any]]],
    mappings: list[dict[str, Any]],
    records: list[Any],
    expected: list[list[bool]],
) -> Figure:
    try:
        answers, prepared = make()
    except ImportError:
        return not_measured(SUITE, name, "not installed")
    given = [prepared(mapping) for mapping in mappings]
    found = [answers(one) for one in given]
    count = len(found[0])
    if found != [one[:count] for one in expected]:
        return not_measured(SUITE, name, "gives other answers")
    statuses, day = cases.STANDARD.statuses, cases.DAY
    ways = {
        "peer": each(answers, [(one,) for one in given]),
        "library": each(lambda one: statuses(one, assessed_on=day), [(one,) for one in records], 4),
    }
    times = in_turns(ways, rounds=15, at_once=True)
    ratio = times.ratio("peer", "library")
    note = f"{name} {version(name)}, {count} of the clauses"
    value = type(ratio)(ratio.median * 4, ratio.low * 4, ratio.high * 4)
    return Figure(SUITE, f"{name}, to the library's statuses", value, note=note)
