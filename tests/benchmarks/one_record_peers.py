"""Other engines that Python can call, on the ten of the twenty clauses that compare plain numbers and names.

Each is given complete records as it likes them best, prepared before, and its rules compiled before. It answers only
yes or no, and knows nothing of missing facts, lists or years. The two that can say that something is not known, by a rule
that is undefined or by a policy that asks what is there, are asked again where one fact in ten is missing; not about the
managing staff, whose sum the library bounds where they give up. The ratio is to the library's statuses of all twenty
clauses, so it flatters the peer. None of them is a dependency; one that is not installed is said to be so.
"""

import re
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
    "funding >= population",
    "cadres_full_time + cadres_part_time >= 3",
)
PLACES = (0, 1, 2, 6, 7, 8, 10, 9, 18, 13)
"""Where the clauses of `TESTS` stand among the twenty."""
GAPS = {"": 0.0, ", one fact in ten missing": 0.1}

Answers = Callable[[dict[str, Any]], list[bool | None]]
"""True where a clause is met, False where it is not, None where that is not known."""


def _with_words() -> list[str]:
    return [test.replace("||", "or") for test in TESTS]


def _zen() -> tuple[Answers, Callable[[dict[str, Any]], Any]]:
    import zen  # noqa: PLC0415

    rules = [zen.compile_expression(test) for test in _with_words()]
    return lambda given: [rule.evaluate(given) for rule in rules], dict


def _rule_engine() -> tuple[Answers, Callable[[dict[str, Any]], Any]]:
    import rule_engine  # noqa: PLC0415

    rules = [rule_engine.Rule(test) for test in _with_words()]
    return lambda given: [rule.matches(given) for rule in rules], dict


def _cel_binding() -> tuple[Answers, Callable[[dict[str, Any]], Any]]:
    import cel  # noqa: PLC0415

    rules = [cel.compile(test.replace("funding >= population", "funding >= double(population)")) for test in TESTS]
    return lambda given: [rule.execute(given) for rule in rules], dict


def _cel_python() -> tuple[Answers, Callable[[dict[str, Any]], Any]]:
    import celpy  # noqa: PLC0415

    environment = celpy.Environment()
    rules = [environment.program(environment.compile(test)) for test in TESTS]
    return lambda given: [bool(rule.evaluate(given)) for rule in rules], celpy.json_to_cel


def _datalogic() -> tuple[Answers, Callable[[dict[str, Any]], Any]]:
    import datalogic_py  # noqa: PLC0415

    def var(name: str) -> dict[str, Any]:
        return {"var": name}

    logic: list[dict[str, Any]] = [{"in": [var("office_head"), ["party_office", "culture_station"]]}]
    logic += [{">=": [var(name), limit]} for name, limit in LIMITS.items()]
    logic += [
        {">=": [{"+": [var("newspapers"), var("magazines")]}, 10]},
        {">=": [var("funding"), var("population")]},
        {">=": [{"+": [var("cadres_full_time"), var("cadres_part_time")]}, 3]},
    ]
    rule = datalogic_py.Engine().compile(logic)
    return rule.evaluate, dict


def _jsonschema() -> tuple[Answers, Callable[[dict[str, Any]], Any]]:
    import jsonschema_rs  # noqa: PLC0415

    limits: dict[str, Any] = {name: {"minimum": limit} for name, limit in LIMITS.items()}
    limits["office_head"] = {"enum": ["party_office", "culture_station"]}
    validator = jsonschema_rs.Draft202012Validator({"properties": limits})
    order = ["office_head", *LIMITS]

    def answers(given: dict[str, Any]) -> list[bool | None]:
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

    def answers(given: dict[str, Any]) -> list[bool | None]:
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


def _cedar() -> tuple[Answers, Callable[[dict[str, Any]], Any]]:
    import cedarpy  # noqa: PLC0415

    policies = cedarpy.PolicySet.from_str("".join(map(_permit, _of_whole_numbers())))
    entities = cedarpy.Entities.from_json_str("[]")
    names = [f"policy{place}" for place in range(len(TESTS))]  # as they are numbered where none is given

    def answers(request: dict[str, Any]) -> list[bool | None]:
        met = set(cedarpy.is_authorized(request, policies, entities).diagnostics.reasons)
        return [name in met for name in names]

    return answers, _request


def _cedar_of_gaps() -> tuple[Answers, Callable[[dict[str, Any]], Any]]:
    import cedarpy  # noqa: PLC0415

    tests = _of_whole_numbers()[:-1]
    there = [" && ".join(f"context has {name[8:]}" for name in re.findall(r"context\.\w+", test)) for test in tests]
    pairs = [(f"{known} && ({test})", f"{known} && !({test})") for known, test in zip(there, tests, strict=True)]
    policies = cedarpy.PolicySet.from_str("".join(_permit(each) for pair in pairs for each in pair))
    entities = cedarpy.Entities.from_json_str("[]")
    names = [(f"policy{2 * place}", f"policy{2 * place + 1}") for place in range(len(tests))]

    def answers(request: dict[str, Any]) -> list[bool | None]:
        found = set(cedarpy.is_authorized(request, policies, entities).diagnostics.reasons)
        return [True if met in found else False if missed in found else None for met, missed in names]

    return answers, _request


def _permit(condition: str) -> str:
    return f"permit(principal, action, resource) when {{ {condition} }};\n"


def _of_whole_numbers() -> list[str]:
    """Return the tests for an engine without fractions: shares in thousandths, money and areas in hundredths."""
    tests = [
        test.replace("'", '"').replace("0.8", "800").replace("= population", "= population * 100") for test in TESTS
    ]
    return [re.sub(r'"?\b[a-z]\w*"?', lambda word: _in_context(word[0]), test) for test in tests]


def _in_context(word: str) -> str:
    return word if word.startswith('"') else f"context.{word}"


def _request(given: dict[str, Any]) -> dict[str, Any]:
    scale = {"utilisation": 1000, "funding": 100, "area": 100, "shared_area": 100}
    context = {name: round(value * scale[name]) if name in scale else value for name, value in given.items()}
    return {"principal": 'School::"s"', "action": 'Action::"ask"', "resource": 'School::"s"', "context": context}


def _rego(count: int = len(TESTS)) -> tuple[Answers, Callable[[dict[str, Any]], Any]]:
    import regopy  # noqa: PLC0415

    tests = [re.sub(r"[a-z]\w*", lambda word: f"input.{word[0]}", test) for test in TESTS[1:count]]
    tests.insert(0, 'input.office_head in {"party_office", "culture_station"}')
    names = [f"clause{place}" for place in range(count)]
    rules = "".join(f"{name} := {test}\n" for name, test in zip(names, tests, strict=True))
    interpreter = regopy.Interpreter()
    interpreter.add_module("measured.rego", f"package measured\nimport rego.v1\n{rules}")
    bundle = interpreter.build("data.measured")

    def answers(given: Any) -> list[bool | None]:  # noqa: ANN401 -- an input of the engine
        interpreter.set_input(given)
        found = interpreter.query_bundle(bundle)[0][0]
        return [found.get(name) for name in names]  # a rule is undefined where what it reads is missing

    return answers, regopy.Input


PEERS: dict[str, Callable[[], tuple[Answers, Callable[[dict[str, Any]], Any]]]] = {
    "datalogic-py": _datalogic,
    "zen-engine": _zen,
    "pydantic": _pydantic,
    "jsonschema-rs": _jsonschema,
    "common-expression-language": _cel_binding,
    "rule-engine": _rule_engine,
    "cel-python": _cel_python,
    "cedarpy": _cedar,
    "regopy": _rego,
}
OF_GAPS = {"cedarpy": _cedar_of_gaps, "regopy": lambda: _rego(len(TESTS) - 1)}


def measure() -> list[Figure]:
    """Return a figure for each peer, and one more for each that tells what is not known."""
    found: list[Figure] = []
    for words, gap in GAPS.items():
        schools = cases.schools(gap, RECORDS)
        mappings = [_plain(cases.as_mapping(school)) for school in schools]
        records = [cases.STANDARD.record(**cases.as_mapping(school)) for school in schools]
        peers = OF_GAPS if gap else PEERS
        found += [_figure(name, words, make, mappings, records) for name, make in peers.items()]
    return found


def _plain(mapping: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in mapping.items() if not isinstance(value, (dict, list))}


def _met(record: Any) -> list[bool | None]:  # noqa: ANN401
    statuses = cases.STANDARD.statuses(record, assessed_on=cases.DAY)
    return [None if statuses[place] is Status.UNKNOWN else statuses[place] is Status.PASS for place in PLACES]


def _figure(
    name: str,
    words: str,
    make: Callable[[], tuple[Answers, Callable[[dict[str, Any]], Any]]],
    mappings: list[dict[str, Any]],
    records: list[Any],
) -> Figure:
    title = f"{name}, to the library's statuses{words}"
    try:
        answers, prepared = make()
    except ImportError:
        return not_measured(SUITE, title, "not installed")
    given = [prepared(mapping) for mapping in mappings]
    found = [answers(one) for one in given]
    count = len(found[0])
    if found != [_met(record)[:count] for record in records]:
        return not_measured(SUITE, title, "gives other answers")
    statuses, day = cases.STANDARD.statuses, cases.DAY
    ways = {
        "peer": each(answers, [(one,) for one in given]),
        "library": each(lambda one: statuses(one, assessed_on=day), [(one,) for one in records], 4),
    }
    times = in_turns(ways, rounds=15, at_once=True)
    ratio = times.ratio("peer", "library")
    note = f"{name} {version(name)}, {count} of the clauses{', yes, no or not known' if words else ''}"
    value = type(ratio)(ratio.median * 4, ratio.low * 4, ratio.high * 4)
    return Figure(SUITE, title, value, note=note)
