"""The work of the suite `frame`: made-up schools in frames, and the twenty clauses written by hand for Polars and DuckDB.

The yardsticks are what a good programmer writes without the library: lazy expressions of Polars, and SQL for DuckDB, that
give the same statuses and counts, a missing cell being unknown, and tell which rows cannot be. They lean on what the
author knows of these columns: their types, their years, and that no number in them is large.
"""

from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

import cedu_rules

# ruff: noqa: S608 -- the parts of the queries are constants of this file

STANDARD = cedu_rules.load(str(Path(__file__).with_name("measured.std")))
DAY = date(2022, 12, 15)
YEARS = (2020, 2021, 2022)
STATUS = pl.Enum(["fail", "pass", "unknown", "not_applicable", "not_met"])

HEADS = ("party_office", "culture_station", "other", "none")
HOSTS = ("open_school", "tv_station", "vocational", "teacher_training", "youth_science", "private", "other")
DEGREES = ("primary", "junior", "senior", "secondary_vocational", "associate", "bachelor", "master", "doctor")
HIGH = DEGREES[4:]
_COUNTS = {
    "council_meetings": (2, 7),
    "joint_meetings": (1, 4),
    "room_computers": (15, 40),
    "computers": (20, 80),
    "books": (2000, 6000),
    "newspapers": (2, 10),
    "magazines": (2, 10),
    "cadres_full_time": (0, 4),
    "cadres_part_time": (0, 4),
}


def schools(number: int, *, gaps: float = 0.1, seed: int = 1) -> pl.DataFrame:
    """Return made-up schools that can be, each cell missing with the probability `gaps`."""
    made = _Made(number, gaps, seed)
    whole = {name: made.integers(low, high) for name, (low, high) in _COUNTS.items()}
    shared = pl.col("site") == "shared"
    frame = pl.DataFrame(
        {
            "id": [f"s{index}" for index in range(number)],
            "office_head": made.words(HEADS),
            "site": made.words(("independent", "shared")),
            "area": made.measures(300, 900),
            "shared_area": made.measures(300, 900),
            "infeasible": made.truths(),
            "host": made.words(HOSTS),
            "host_licensed": made.truths(),
            "host_accepted": made.truths(),
            **whole,
            "utilisation": made.measures(50, 100) / 100,
            **{f"registered.{year}": made.integers(500 + 100 * at, 900 + 100 * at) for at, year in enumerate(YEARS)},
            **{f"residents.{year}": made.integers(9000, 11000) for year in YEARS},
            "population": made.integers(20_000, 40_000),
            "funding": made.measures(20_000, 40_000),
        }
    )
    frame = frame.with_columns(pl.col("utilisation").round(4))
    return frame.with_columns(
        pl.when(~shared.fill_null(value=False)).then("area"),
        *(pl.when(shared).then(name) for name in ("shared_area", "infeasible", "host")),
    ).with_columns(
        pl.when(pl.col("host") == "private").then("host_licensed"),
        pl.when(pl.col("host") == "other").then("host_accepted"),
    )


def teachers(number: int, *, each: int = 3, gaps: float = 0.1, seed: int = 2) -> pl.DataFrame:
    """Return made-up teachers of so many schools."""
    made = _Made(number * each, gaps, seed)
    return pl.DataFrame(
        {
            "institution": [f"s{index}" for index in range(number) for _ in range(each)],
            "name": [f"t{index}" for _ in range(number) for index in range(each)],
            "full_time": made.truths(),
            "degree": made.words(DEGREES),
            "certified": made.truths(),
            "trained": made.truths(),
        }
    )


class _Made:
    """Draws columns with gaps."""

    def __init__(self, number: int, gaps: float, seed: int) -> None:
        self.number, self.gaps, self.seed = number, gaps, seed

    def _drawn(self, low: int, high: int) -> pl.Series:
        self.seed += 1
        drawn = pl.select(pl.int_range(self.number, dtype=pl.UInt64).hash(self.seed)).to_series()
        return (drawn % (high - low + 1)).cast(pl.Int64) + low

    def _with_gaps(self, column: pl.Series) -> pl.Series:
        kept = self._drawn(0, 9999) >= int(self.gaps * 10_000)
        return pl.select(pl.when(kept).then(column)).to_series()

    def integers(self, low: int, high: int) -> pl.Series:
        """Return whole numbers."""
        return self._with_gaps(self._drawn(low, high))

    def measures(self, low: int, high: int) -> pl.Series:
        """Return numbers with two decimals."""
        return self._with_gaps((self._drawn(low * 100, high * 100) / 100).round(2))

    def truths(self) -> pl.Series:
        """Return truths, most of them true."""
        return self._with_gaps(self._drawn(0, 4) > 0)

    def words(self, words: tuple[str, ...]) -> pl.Series:
        """Return words."""
        return self._with_gaps(pl.Series(words, dtype=pl.String)[self._drawn(0, len(words) - 1)])


# --- by hand, for Polars ---------------------------------------------------------------------------------------------


def by_hand(frame: pl.LazyFrame, staff: pl.LazyFrame) -> pl.LazyFrame:
    """Return statuses, verdict, counts and validity, written by hand."""
    counted = staff.group_by("institution").agg(
        pl.len().alias("n"),
        pl.col("full_time").sum().alias("full"),
        (~pl.col("full_time")).sum().alias("part"),
        pl.col("full_time").null_count().alias("unsure"),
        (pl.col("full_time") & ~(pl.col("degree").is_in(HIGH) & pl.col("certified"))).sum().alias("unqualified"),
        (pl.col("full_time") & ~(pl.col("degree").is_in(HIGH) & pl.col("certified"))).null_count().alias("q_unsure"),
        (pl.col("full_time") & ~pl.col("trained")).sum().alias("untrained"),
        (pl.col("full_time") & ~pl.col("trained")).null_count().alias("t_unsure"),
        (~pl.col("degree").is_in(DEGREES)).sum().alias("bad"),
        (pl.col("name").drop_nulls().n_unique() < pl.col("name").count()).alias("twice"),
    )
    joined = frame.join(counted, left_on="id", right_on="institution", how="left", maintain_order="left")
    answers = {**_organisation(), **_site(), **_people()}
    answered = joined.select("id", valid=_valid(), site_known=pl.col("site") != "shared", **answers)
    names = list(answers)
    failed = pl.sum_horizontal((~pl.col(name)).cast(pl.UInt8) for name in names)
    unknown = pl.sum_horizontal(pl.col(name).is_null().cast(pl.UInt8) for name in names)
    counts = answered.with_columns(failed=failed, unknown=unknown)
    statuses = [
        pl.when(pl.col("site_known")).then(pl.lit("not_applicable", STATUS)).otherwise(_status(name)).alias(name)
        if name == "shared_site"
        else _status(name).alias(name)
        for name in names
    ]
    verdict: Any = pl.when(~pl.col("valid")).then(pl.lit("invalid")).when(pl.col("failed") > 0).then(pl.lit("fails"))
    verdict = verdict.when(pl.col("unknown") > 0).then(pl.lit("undetermined")).otherwise(pl.lit("conforms"))
    verdicts = pl.Enum(["conforms", "fails", "undetermined", "invalid"])
    return counts.select("id", *statuses, verdict.cast(verdicts).alias("verdict"), "failed", "unknown", "valid")


def _status(name: str) -> pl.Expr:
    holds = pl.col(name)
    return (
        pl.when(holds)
        .then(pl.lit("pass", STATUS))
        .when(~holds)
        .then(pl.lit("fail", STATUS))
        .otherwise(pl.lit("unknown", STATUS))
    )


def _organisation() -> dict[str, pl.Expr]:
    return {
        "office_head": pl.col("office_head").is_in(HEADS[:2]),
        "council_meetings": pl.col("council_meetings") >= 4,
        "joint_meetings": pl.col("joint_meetings") >= 2,
    }


def _site() -> dict[str, pl.Expr]:
    own, shared = pl.col("site") == "independent", pl.col("site") == "shared"
    host = pl.when(own).then(pl.lit("")).otherwise(pl.col("host"))
    other, private = host == "other", host == "private"
    infeasible = pl.when(own).then(pl.lit(value=False)).otherwise(pl.col("infeasible"))
    accepted = pl.when(~other).then(pl.lit(value=False)).otherwise(pl.col("host_accepted"))
    licensed = pl.when(~private).then(pl.lit(value=False)).otherwise(pl.col("host_licensed"))
    may_share = infeasible & (~other | accepted) & (~private | licensed)
    area = pl.when(~own & pl.col("area").is_null()).then(0.0).otherwise(pl.col("area"))
    shared_area = pl.when(~shared & pl.col("shared_area").is_null()).then(0.0).otherwise(pl.col("shared_area"))
    papers = pl.col("newspapers"), pl.col("magazines")
    return {
        "site": own | may_share,
        "shared_site": ~shared | may_share,
        "floor_area": (area >= 500) | (shared_area >= 500),
        "room_computers": pl.col("room_computers") >= 20,
        "computers": pl.col("computers") >= 30,
        "books": pl.col("books") >= 3000,
        "periodicals": (papers[0].fill_null(0) + papers[1].fill_null(0) >= 10) | (papers[0] + papers[1] >= 10),
        "utilisation": pl.col("utilisation") >= 0.8,
    }


def _people() -> dict[str, pl.Expr]:
    people = {year: (pl.col(f"registered.{year}"), pl.col(f"residents.{year}")) for year in YEARS}
    registered, residents = people[YEARS[-1]]
    pairs = [(later, earlier) for later in YEARS for earlier in YEARS if earlier < later]
    rises = [_above(people[later], people[earlier]) for later, earlier in pairs]
    cadres = pl.col("cadres_full_time"), pl.col("cadres_part_time")
    full, part, unsure = pl.col("full"), pl.col("part"), pl.col("unsure")
    population = pl.col("population")
    return {
        "registration": 100 * registered >= 8 * residents,
        "registration_rises": rises[0] & rises[1] & rises[2],
        "cadres": (cadres[0].fill_null(0) + cadres[1].fill_null(0) >= 3) | (cadres[0] + cadres[1] >= 3),
        "full_time_teachers": pl.when(full >= 2)
        .then(pl.lit(value=True))
        .when(full + unsure < 2)
        .then(pl.lit(value=False)),
        "qualified": _all("unqualified", "q_unsure"),
        "trained": _all("untrained", "t_unsure"),
        "part_time_teachers": pl.when(part >= 1)
        .then(pl.lit(value=True))
        .when(part + unsure < 1)
        .then(pl.lit(value=False)),
        "funding": (pl.col("funding") >= population) | (population <= 0),
        "registered": (registered <= residents) | (registered <= 0),
    }


def _above(later: tuple[pl.Expr, pl.Expr], earlier: tuple[pl.Expr, pl.Expr]) -> pl.Expr:
    return pl.when((later[1] > 0) & (earlier[1] > 0)).then(
        (later[0] * earlier[1] > earlier[0] * later[1]) & ((later[0] > 0) | (later[0].is_null()))
    )


def _all(against: str, unsure: str) -> pl.Expr:
    found = pl.col(against)
    return pl.when(found > 0).then(pl.lit(value=False)).when(pl.col(unsure) == 0).then(pl.lit(value=True))


def _valid() -> pl.Expr:
    own, shared = pl.col("site") == "independent", pl.col("site") == "shared"
    whole = [*_COUNTS, "population", *(f"{name}.{year}" for name in ("registered", "residents") for year in YEARS)]
    host = pl.when(own).then(pl.lit("")).otherwise(pl.col("host"))
    wrong = [
        *(pl.col(name) < 0 for name in whole),
        *(~pl.col(name).is_between(0, 1e15) for name in ("area", "shared_area", "funding")),
        ~pl.col("utilisation").is_between(0, 1),
        ~pl.col("office_head").is_in(HEADS),
        ~pl.col("site").is_in(("independent", "shared")),
        ~pl.col("host").is_in(HOSTS),
        ~own & (pl.col("area") != 0),
        ~shared & (pl.col("shared_area") != 0),
        ~shared & pl.col("infeasible"),
        ~shared & pl.col("host").is_not_null(),
        (host != "private") & pl.col("host_licensed"),
        (host != "other") & pl.col("host_accepted"),
        pl.col("bad") > 0,
        pl.col("twice"),
    ]
    return ~pl.any_horizontal(wrong).fill_null(value=False)


# --- by hand, for DuckDB ---------------------------------------------------------------------------------------------

_HIGH, _DEGREES, _HEADS, _HOSTS = (str(tuple(words)) for words in (HIGH, DEGREES, HEADS, HOSTS))
_WHOLE = [*_COUNTS, "population", *(f"{name}.{year}" for name in ("registered", "residents") for year in YEARS)]

_COUNTED = f"""
select institution, count(*) as n,
  sum(case when full_time then 1 else 0 end) as "full", sum(case when not full_time then 1 else 0 end) as part,
  sum(case when full_time is null then 1 else 0 end) as unsure,
  sum(case when full_time and not (degree in {_HIGH} and certified) then 1 else 0 end) as unqualified,
  sum(case when (full_time and not (degree in {_HIGH} and certified)) is null then 1 else 0 end) as q_unsure,
  sum(case when full_time and not trained then 1 else 0 end) as untrained,
  sum(case when (full_time and not trained) is null then 1 else 0 end) as t_unsure,
  sum(case when degree not in {_DEGREES} then 1 else 0 end) as bad, count(distinct name) < count(name) as twice
from staff group by institution
"""

_READ = f"""
select schools.*, counted.* exclude (institution), site = 'independent' as own, site = 'shared' as sharing,
  case when site = 'independent' then '' else host end as at_host
from schools left join ({_COUNTED}) counted on id = institution
"""


def _rise(later: int, earlier: int) -> str:
    one, other = (f'"registered.{year}"' for year in (later, earlier))
    above, below = (f'"residents.{year}"' for year in (later, earlier))
    return (
        f"case when {above} > 0 and {below} > 0 "
        f"then {one} * {below} > {other} * {above} and ({one} > 0 or {one} is null) end"
    )


_SHARE = (
    "((case when own then false else infeasible end)"
    " and (at_host != 'other' or (case when at_host != 'other' then false else host_accepted end))"
    " and (at_host != 'private' or (case when at_host != 'private' then false else host_licensed end)))"
)
_HOLDS = {
    "office_head": f"office_head in {HEADS[:2]}",
    "council_meetings": "council_meetings >= 4",
    "joint_meetings": "joint_meetings >= 2",
    "site": f"own or {_SHARE}",
    "shared_site": f"not sharing or {_SHARE}",
    "floor_area": "(case when not own and area is null then 0 else area end) >= 500"
    " or (case when not sharing and shared_area is null then 0 else shared_area end) >= 500",
    "room_computers": "room_computers >= 20",
    "computers": "computers >= 30",
    "books": "books >= 3000",
    "periodicals": "coalesce(newspapers, 0) + coalesce(magazines, 0) >= 10 or newspapers + magazines >= 10",
    "utilisation": "utilisation >= 0.8::double",
    "registration": '100 * "registered.2022" >= 8 * "residents.2022"',
    "registration_rises": " and ".join(f"({_rise(*pair)})" for pair in ((2021, 2020), (2022, 2020), (2022, 2021))),
    "cadres": "coalesce(cadres_full_time, 0) + coalesce(cadres_part_time, 0) >= 3"
    " or cadres_full_time + cadres_part_time >= 3",
    "full_time_teachers": 'case when "full" >= 2 then true when "full" + unsure < 2 then false end',
    "qualified": "case when unqualified > 0 then false when q_unsure = 0 then true end",
    "trained": "case when untrained > 0 then false when t_unsure = 0 then true end",
    "part_time_teachers": "case when part >= 1 then true when part + unsure < 1 then false end",
    "funding": "funding >= population or population <= 0",
    "registered": '"registered.2022" <= "residents.2022" or "registered.2022" <= 0',
}
_WRONG = [
    *(f'"{name}" < 0' for name in _WHOLE),
    *(f"not ({name} between 0 and 1e15)" for name in ("area", "shared_area", "funding")),
    "not (utilisation between 0 and 1)",
    f"office_head not in {_HEADS}",
    "site not in ('independent', 'shared')",
    f"host not in {_HOSTS}",
    "not own and area != 0",
    "not sharing and shared_area != 0",
    "not sharing and infeasible",
    "not sharing and host is not null",
    "at_host != 'private' and host_licensed",
    "at_host != 'other' and host_accepted",
    "bad > 0",
    "twice",
]
_TYPE = "enum('fail', 'pass', 'unknown', 'not_applicable', 'not_met')"


def _sql_status(name: str) -> str:
    exempt = "when not sharing then 'not_applicable' " if name == "shared_site" else ""
    return f"(case {exempt}when h_{name} then 'pass' when not h_{name} then 'fail' else 'unknown' end)::{_TYPE} as \"{name}\""


BY_HAND_SQL = f"""
with answered as (
  select id, sharing, not coalesce({" or ".join(f"({wrong})" for wrong in _WRONG)}, false) as valid,
    {", ".join(f"({holds}) as h_{name}" for name, holds in _HOLDS.items())}
  from ({_READ})
), counted as (
  select *, ({" + ".join(f"case when h_{name} then 0 when h_{name} is null then 0 else 1 end" for name in _HOLDS)})::utinyint as failed,
    ({" + ".join(f"(h_{name} is null)::utinyint" for name in _HOLDS)})::utinyint as unknown
  from answered
)
select id, {", ".join(map(_sql_status, _HOLDS))},
  (case when not valid then 'invalid' when failed > 0 then 'fails' when unknown > 0 then 'undetermined' else 'conforms' end)
    ::enum('conforms', 'fails', 'undetermined', 'invalid') as verdict,
  failed, unknown, valid
from counted
"""
"""The same for DuckDB, over the tables `schools` and `staff`."""
