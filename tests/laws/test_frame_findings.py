"""Findings of frames are those of the reports where clauses join comparisons, although rows share explanations."""

from typing import Any

import polars as pl
from frame_tables import details  # type: ignore[import-not-found]  # it stands beside the tests
from hypothesis import given, settings
from hypothesis import strategies as st

import cedu_rules

STANDARD = cedu_rules.loads(
    """
standard trial "试"
source "s" annex 1
facts {
  site : choice { own, shared, none } "场所" open : bool "开放" limit : count "限"
  area : m2 when site = own "面积" lent : m2 when site = shared "借用" hours : hours when limit > 3 "时"
  seats : count when site = shared else 4 "座" rooms : count "间" used : percent "利用率" funds : 万元 "经费"
}
param least = 500 m2
let space = area + lent
let roomy = space >= least and rooms >= 3
section "a" "b" {
  clause c1 "一" { must area >= 500 m2 or lent >= 400 m2 }
  clause c2 "二" { must roomy or open }
  clause c3 "三" { must rooms > limit and used > 80% and (funds >= 3.5 万元 or seats >= 5) }
  clause c4 "四" { must if open then rooms >= 2 and area > lent }
  clause c5 "五" { when open must hours >= 2 hours or rooms * 2 >= limit }
  clause c6 "六" { must not (rooms < 2 or used <= 50%) }
  clause c7 "七" { should rooms >= 1 and rooms <= 4 and 2 <= limit }
  clause c8 "八" { must rooms / limit >= 2 or funds * 2 >= 6 万元 }
  clause c9 "九" { must at least 2 of (rooms >= 2, limit >= 2, open) }
  clause c10 "十" { must rooms = limit or lent < 30 m2 }
}
"""
)


@st.composite
def institutions(draw: st.DrawFn) -> dict[str, Any]:
    """Draw what is known of an institution that can be, most of it near the limits."""
    site, limit = draw(st.sampled_from(("own", "shared", "none", None))), draw(st.sampled_from((None, 0, 2, 3, 4, 5)))
    measures = st.sampled_from((None, 0.0, 29.99, 399.5, 400.0, 499.99, 500.0, 500.01))
    row = {
        "site": site,
        "limit": limit,
        "open": draw(st.sampled_from((True, False, None))),
        "area": draw(measures) if site in {"own", None} else None,
        "lent": draw(measures) if site in {"shared", None} else None,
        "seats": draw(st.sampled_from((None, 3, 4, 5, 7))) if site == "shared" else None,
        "hours": draw(st.sampled_from((None, 0.0, 1.5, 2.0))) if limit is None or limit > 3 else None,
        "rooms": draw(st.sampled_from((None, 0, 1, 2, 3, 4, 6))),
        "used": draw(st.sampled_from((None, 0.5, 0.8, 0.8001, 0.123456))),
        "funds": draw(st.sampled_from((None, 2.99, 3.0, 3.5))),
    }
    return {name: value for name, value in row.items() if value is not None}


@settings(max_examples=6)
@given(rows=st.lists(institutions(), min_size=20, max_size=60))
def test_findings_of_joined_comparisons_are_those_of_the_reports(rows: list[dict[str, Any]]) -> None:
    """What is missing and lacking is the same, whichever rows are explained together."""
    given_ = [{"id": f"i{number}", **row} for number, row in enumerate(rows)]
    columns = {"id": pl.String, "site": pl.String, "open": pl.Boolean}
    columns |= dict.fromkeys(("area", "lent", "hours", "used", "funds"), pl.Float64)
    columns |= dict.fromkeys(("limit", "seats", "rooms"), pl.Int64)
    frame = pl.DataFrame(given_, schema=columns)
    expected = [detail for each in given_ for detail in details(STANDARD.evaluate(each))]

    assert expected == STANDARD.evaluate_frame(frame).findings.rows()
