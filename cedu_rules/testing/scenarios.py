"""Demands on an institution into drafts that meet them: how many elements it takes, which way leads through, and a way back.

A scenario is prepared once: the fewest elements and years with which its demands can be met, and the choices that lead
there. Each draft is then drawn with free choices, and where those lead nowhere it is the prepared one: no example is
ever thrown away.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, TypeAlias

from attrs import evolve, field, frozen

from cedu_rules.explain.repairing.solving import public
from cedu_rules.model.ir import Fact
from cedu_rules.records import Record, attempt
from cedu_rules.testing.chances import Chance, Conflict, Drawn, Script, scripts
from cedu_rules.testing.checks import force_checks
from cedu_rules.testing.drafts import Draft, as_data
from cedu_rules.testing.forcing import Forcer
from cedu_rules.testing.grounds import WORDS, Setting, Sizes
from cedu_rules.testing.linear import Owner, Spot

Key: TypeAlias = tuple[str, str]
"""A list or series by the record that has it, "" for the institution, and its name."""
Goal: TypeAlias = Callable[[Forcer], None]
"""Makes the demands; raises `Conflict` where they cannot be met."""

_GROWTHS = 12
_PLENTY, _MOST = 4, 200
_SCRIPTS = 40
_ATTEMPTS = 3
_MORE = 2


@frozen
class Scenario:
    """Demands that can be met, and how."""

    setting: Setting
    class_: type[Record]
    goal: Goal = field(repr=False)
    accepts: Callable[[Record], bool] = field(repr=False)
    sizes: Sizes = field(factory=Sizes)
    growing: Mapping[Key, int] = field(factory=dict)
    script: tuple[int, ...] = ()

    def prepared(self) -> "Scenario | None":
        """Return the scenario with few elements and years that do, or None where none do."""
        counts: dict[Key, int] = {}
        for _ in range(_GROWTHS):
            asked: dict[Key, int] = {}
            short: dict[Key, int] = {}
            script = self._script(Sizes(counts), asked, short)
            if script is not None:
                ready = evolve(self, sizes=Sizes({**asked, **counts}), script=script)
                return evolve(ready, growing=ready._growing())
            if not short and len(counts) == len(asked) and min(counts.values(), default=_PLENTY) >= _PLENTY:
                return None
            for key in short or asked:
                counts[key] = min(max(counts.get(key, 0), self._least(key)) + short.get(key, 1), _MOST)
        return None

    def simplest(self) -> Record:
        """Return the simplest record of a scenario that is prepared."""
        record = self.read(self._run(Script(list(self.script)), self.sizes))
        if record is None:
            raise AssertionError(self)  # it was found when the scenario was prepared
        return record

    def drawn(self, drawn: Drawn) -> tuple[Draft, Record]:
        """Draw a draft that meets the demands, and return it with its record."""
        sizes = {key: self.sizes.of(key) + drawn.pick(more + 1) for key, more in self.growing.items()}
        for _ in range(_ATTEMPTS):
            found = self._run(drawn, Sizes({**self.sizes.counts, **sizes}))
            record = self.read(found)
            if found is not None and record is not None:
                return found, record
        found = self._run(Script(list(self.script)), self.sizes)
        if found is None:
            raise AssertionError(self)  # it was found when the scenario was prepared
        return found, self.simplest()

    def read(self, draft: Draft | None) -> Record | None:
        """Return the record of a draft where it is valid and as demanded."""
        if draft is None:
            return None
        record, issues = attempt(self.class_, as_data(draft))
        return record if record is not None and not issues and self.accepts(record) else None

    # --- preparing ---

    def _script(self, sizes: Sizes, asked: dict[Key, int], short: dict[Key, int]) -> tuple[int, ...] | None:
        """Return choices that lead through; note which lists and series were read, and which were too short."""

        def run(script: Script) -> bool:
            return self.read(self._run(script, sizes, asked, short)) is not None

        return next((tuple(script) for script in scripts(_SCRIPTS, run)), None)

    def _growing(self) -> dict[Key, int]:
        """Return by how many elements or years each list and series may grow."""
        growing = {}
        for key, size in self.sizes.counts.items():
            larger = Sizes({**self.sizes.counts, key: max(size, self._least(key)) + 1})
            growing[key] = 0 if self._script(larger, {}, {}) is None else _MORE
        return growing

    def _least(self, key: Key) -> int:
        """Return the smallest size there is: a series has a year."""
        record, name = key
        facts = (
            self.setting.model.records_by_name[record].fields_by_name if record else self.setting.model.facts_by_name
        )
        return int(facts[name].type.kind == "series")

    def _run(
        self, chance: Chance, sizes: Sizes, asked: dict[Key, int] | None = None, short: dict[Key, int] | None = None
    ) -> Draft | None:
        """Return a draft of one way, or None where it leads nowhere."""
        forcer = Forcer(self.setting, chance, sizes)
        try:
            self.goal(forcer)
            force_checks(forcer)
            forcer.sheet.settle()
            return drafted(forcer)
        except Conflict:
            return None
        finally:
            if asked is not None and short is not None:
                asked.update({key: sizes.of(key) for key in forcer.asked})
                short.update(forcer.short)


# --- values into a draft ---------------------------------------------------------------------------------------------


def drafted(forcer: Forcer) -> Draft:
    """Return the draft of a sheet on which everything is chosen.

    Raises:
        Conflict: two elements have one key.
    """
    draft = Draft()
    owners: dict[Owner, Draft] = {(): draft}
    for (owner, name), count in sorted(forcer.lists.items(), key=lambda item: len(item[0][0])):
        elements = tuple(Draft() for _ in range(count))
        setattr(owners[owner], name, elements)
        owners.update({(*owner, (name, number)): element for number, element in enumerate(elements)})
    for spot, range_ in forcer.sheet.numbers.items():
        if spot[1]:  # the others help to round
            _write(forcer, owners[spot[0]], spot, range_.value)
    for spot, options in forcer.sheet.options.items():
        _write(forcer, owners[spot[0]], spot, options[0])
    _tell_apart(forcer, owners)
    return draft


def _write(forcer: Forcer, owner: Draft, spot: Spot, value: Any) -> None:  # noqa: ANN401 -- of any type
    fact = _fact(forcer, spot[0], spot[1])
    if spot[2] is None:
        setattr(owner, spot[1], _public(fact, value))
        return
    parts = getattr(owner, spot[1], None)
    if parts is None:
        parts = {member.name: None for member in fact.type.members}
        setattr(owner, spot[1], parts)
    parts[spot[2]] = value if fact.type.element is None else public(fact.type.element, value)
    if fact.type.element is not None:
        setattr(owner, spot[1], dict(sorted(parts.items())))


def _public(fact: Fact, value: Any) -> Any:  # noqa: ANN401 -- of any type
    match fact.type.kind:
        case "number":
            return public(fact.type, value)
        case "date":
            return date.fromordinal(int(value))
        case "choice" | "level":
            return fact.type.members[value].name
    return value


def _fact(forcer: Forcer, owner: Owner, name: str) -> Fact:
    facts = forcer.model.facts_by_name
    for list_name, _ in owner:
        facts = forcer.model.records_by_name[facts[list_name].type.name].fields_by_name
    return facts[name]


def _tell_apart(forcer: Forcer, owners: Mapping[Owner, Draft]) -> None:
    """Give each element a key of its own, or find that two have the same."""
    for (owner, name), count in forcer.lists.items():
        record = forcer.model.records_by_name[_fact(forcer, owner, name).type.name]
        if record.key is None:
            continue
        elements = [owners[*owner, (name, number)] for number in range(count)]
        taken = {getattr(element, record.key, None) for element in elements} - {None}
        fresh = (key for key in _keys(record.fields_by_name[record.key], count + len(taken)) if key not in taken)
        for element in elements:
            if getattr(element, record.key, None) is None:
                key = next(fresh, None)
                if key is None:
                    raise Conflict
                setattr(element, record.key, key)
        if len({getattr(element, record.key) for element in elements}) < count:
            raise Conflict


def _keys(key: Fact, count: int) -> list[Any]:
    match key.type.kind:
        case "text":
            return [WORDS[number] if number < len(WORDS) else f"{WORDS[0]}{number + 1}" for number in range(count)]
        case "choice" | "level":
            return [member.name for member in key.type.members]
        case "date":
            return [date(2020, 1, 1 + number) for number in range(min(count, 28))]
    low = key.type.low or 0
    return [public(key.type, low + number * key.type.data_factor) for number in range(count)]
