"""The yardstick of building: attrs classes with the validators that the facts of the twenty clauses ask for.

What a good programmer writes: `attrs.validators` for types, ranges and options, a converter for the list. An invalid
value raises at once, where the library reads on and tells everything that is wrong.
"""

from decimal import Decimal
from typing import Any

import attrs
from attrs import validators as v

from tests.benchmarks.one_record_cases import School, Teacher

_DEGREES = ("primary", "junior", "senior", "secondary_vocational", "associate", "bachelor", "master", "doctor")
_HOSTS = ("open_school", "tv_station", "vocational", "teacher_training", "youth_science", "private", "other")
_BOOL: Any = v.optional(v.instance_of(bool))
_COUNT: Any = v.optional(v.and_(v.instance_of(int), v.not_(v.instance_of(bool)), v.ge(0)))
_MEASURE: Any = v.optional(v.and_(v.instance_of((int, float)), v.not_(v.instance_of(bool)), v.ge(0), v.lt(1e30)))
_YEARLY: Any = v.optional(
    v.deep_mapping(
        key_validator=v.and_(v.instance_of(int), v.ge(1000), v.le(9999)),
        value_validator=_COUNT,
        mapping_validator=v.instance_of(dict),
    )
)


def _option(*names: str) -> Any:  # noqa: ANN401 -- what attrs makes a field of
    return attrs.field(default=None, validator=v.optional(v.and_(v.instance_of(str), v.in_(names))))


def _checked(validator: Any) -> Any:  # noqa: ANN401
    return attrs.field(default=None, validator=validator)


@attrs.frozen(kw_only=True)
class CheckedTeacher(Teacher):
    """A teacher whose fields are checked."""

    name = _checked(v.optional(v.instance_of(str)))
    full_time = _checked(_BOOL)
    degree = _option(*_DEGREES)
    certified = _checked(_BOOL)
    trained = _checked(_BOOL)


def _teachers(given: object) -> object:
    """Return the teachers of a list of mappings, told apart by their names."""
    if not isinstance(given, list):
        return given
    teachers = tuple([CheckedTeacher(**each) for each in given])
    names = [teacher.name for teacher in teachers if teacher.name is not None]
    if len(set(names)) < len(names):
        message = "two teachers of one name"
        raise ValueError(message)
    return teachers


@attrs.frozen(kw_only=True)
class CheckedSchool(School):
    """A school whose fields are checked."""

    office_head = _option("party_office", "culture_station", "other", "none")
    council_meetings = _checked(_COUNT)
    joint_meetings = _checked(_COUNT)
    site = _option("independent", "shared")
    area = _checked(_MEASURE)
    shared_area = _checked(_MEASURE)
    infeasible = _checked(_BOOL)
    host = _option(*_HOSTS)
    host_licensed = _checked(_BOOL)
    host_accepted = _checked(_BOOL)
    room_computers = _checked(_COUNT)
    computers = _checked(_COUNT)
    books = _checked(_COUNT)
    newspapers = _checked(_COUNT)
    magazines = _checked(_COUNT)
    utilisation = _checked(v.optional(v.and_(v.instance_of((int, float)), v.ge(0), v.le(1))))
    registered = _checked(_YEARLY)
    residents = _checked(_YEARLY)
    cadres_full_time = _checked(_COUNT)
    cadres_part_time = _checked(_COUNT)
    teachers: Any = attrs.field(default=None, converter=_teachers, validator=v.optional(v.instance_of(tuple)))
    population = _checked(_COUNT)
    funding = _checked(_MEASURE)

    def __attrs_post_init__(self) -> None:
        """Refuse what is given where it cannot exist."""
        shared = (self.shared_area, self.infeasible, self.host, self.host_licensed, self.host_accepted)
        if (self.site == "independent" and any(value is not None for value in shared)) or (
            self.site == "shared" and self.area is not None
        ):
            message = "a fact is given that cannot exist"
            raise ValueError(message)


def as_exact(school: School) -> School:
    """Return the school with its numbers as the library holds them, which a trusted binding asks for."""
    exact: dict[str, Any] = {
        name: Decimal(repr(value)) if value % 1 else int(value)
        for name in ("area", "shared_area", "utilisation", "funding")
        if (value := getattr(school, name)) is not None
    }
    return attrs.evolve(school, **exact)
