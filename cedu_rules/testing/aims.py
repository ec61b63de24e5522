"""Rare constructs into standards about them alone: random search over whole standards meets them too seldom.

An aim has declarations of a few facts and forms of conditions over them. `{n}`, `{b}`, `{k}`, `{f}`, `{d}`, `{a}`, `{x}`
in a form are drawn: a number, a condition on the facts, an operator, a condition on an element, a date step, an
aggregate, an operator of series.
"""

import re

from attrs import evolve, frozen
from hypothesis import strategies as st

_HEADER = 'standard aimed "针对的标准"\nsource "示例文件" annex 1\n'
_SLOT = re.compile(r"\{([a-z])\}")


@frozen
class Aim:
    """A rare construct: declarations, forms of conditions, and conditions for two of the slots."""

    declarations: str
    forms: tuple[str, ...]
    conditions: tuple[str, ...] = ("yes",)
    filters: tuple[str, ...] = ("yes",)

    def texts(self, lines: int) -> st.SearchStrategy[str]:
        """Return the strategy of standards of so many clauses at most."""
        return self.conditions_drawn().flatmap(
            lambda first: st.lists(self.conditions_drawn(), max_size=lines - 1).map(
                lambda others: _standard(self.declarations, [first, *others])
            )
        )

    def only(self, *forms: str) -> "Aim":
        """Return the aim with other forms over the same facts."""
        return evolve(self, forms=forms)

    def conditions_drawn(self) -> st.SearchStrategy[str]:
        """Return the strategy of conditions of the forms."""
        slots = {
            "n": st.integers(0, 4).map(str),
            "b": st.sampled_from(self.conditions),
            "k": st.sampled_from(_COMPARISONS),
            "f": st.sampled_from(self.filters),
            "d": st.tuples(st.integers(0, 40), st.sampled_from(["days", "months", "years"])).map(
                lambda step: f"{step[0]} {step[1]}"
            ),
            "a": st.sampled_from(("sum", "min", "max", "average")),
            "x": st.sampled_from(("+", "-", "*", "/")),
        }

        @st.composite
        def filled(draw: st.DrawFn) -> str:
            form = draw(st.sampled_from(self.forms))
            return _SLOT.sub(lambda slot: draw(slots[slot[1]]), form)

        return filled()


_COMPARISONS = (">=", "<", "=", "!=", ">", "<=")


def _standard(declarations: str, conditions: list[str]) -> str:
    clauses = "\n".join(
        f'  clause c{number} "标题" {{ must {condition} }}' for number, condition in enumerate(conditions, 1)
    )
    return f'{_HEADER}{declarations.strip()}\nsection "总项" "分项" {{\n{clauses}\n}}\n'


_TEACHERS = """
facts { teachers : list of Teacher "教师"  limit : count "界限"  ready : bool "就绪" }
record Teacher key name {
  name : text "姓名"  senior : bool "高级"  hours : count 0 to 6 "课时"
  degree : level { low < middle < high } "学历"  since : date "任职"
}
"""
_OF_TEACHERS = (
    "t.senior",
    "t.hours >= 3",
    "not t.senior",
    "t.degree >= middle",
    "t.senior and ready",
    "t.hours > limit",
)

AIMS: dict[str, Aim] = {
    "open filters": Aim(
        _TEACHERS,
        (
            "count(t for t in teachers where {f}) {k} {n}",
            "{a}(t.hours for t in teachers where {f}) {k} {n}",
            "sum(t.hours - 3 for t in teachers where {f}) {k} {n}",
            "all({f} for t in teachers where {f})",
            "any({f} for t in teachers where {f})",
            "max(t.degree for t in teachers where {f}) >= middle",
            "min(t.since for t in teachers where {f}) {k} 2022-09-01",
        ),
        filters=_OF_TEACHERS,
    ),
    "distinct counts": Aim(
        _TEACHERS,
        (
            "count(distinct t.degree for t in teachers where {f}) {k} {n}",
            "count(distinct t.hours for t in teachers) {k} {n}",
            "count(distinct t.name for t in teachers where {f}) {k} limit",
            "count(distinct t.since for t in teachers where {f}) {k} {n}",
        ),
        filters=_OF_TEACHERS,
    ),
    "averages": Aim(
        _TEACHERS,
        (
            "average(t.hours for t in teachers where {f}) {k} {n}",
            "average(t.hours for t in teachers) {k} {n}",
            "average(t.hours - 3 for t in teachers where {f}) {k} {n} / 2",
            "average(t.hours for t in teachers where {f}) {k} limit",
        ),
        filters=_OF_TEACHERS,
    ),
    "empty lists": Aim(
        _TEACHERS,
        (
            "all({f} for t in teachers where {f})",
            "all(all(u.senior for u in teachers where u.hours > {n}) for t in teachers)",
            "any({f} for t in teachers)",
            "{a}(t.hours for t in teachers where {f}) {k} {n}",
            "{a}(t.hours for t in teachers) {k} {n}",
            "sum(t.hours for t in teachers) / count(t for t in teachers where {f}) {k} {n}",
            "count(teachers) {k} {n}",
            "sum(t.hours * limit for t in teachers) {k} {n}",
        ),
        filters=_OF_TEACHERS,
    ),
    "conditional facts": Aim(
        """
        facts {
          owned : bool "自有"  site : choice { own, shared } when owned "用地"  limit : count "界限"
          area : count when site = own "面积"  spare : count 3 to 6 when owned "备用"
          extra : count 0 to 6 when owned else 8 "另备"
          opened : date when owned "启用"  closed : date when not owned else 2022-09-01 "关闭"
          grade : level { low < middle < high } when area >= 3 "等级"  word : text when owned "字样"
          good : bool when site = shared "良好"  sure : bool when owned else yes "确认"
          rooms : set { big, small } when owned "用房"  growth : yearly count when owned "增长"
          people : list of Person when owned "人员"
        }
        record Person { old : bool "老"  years : count 0 to 6 when old "年"  mark : level { bad < fine } when old "评" }
        """,
        (
            "area {k} {n}",
            "spare {k} {n}",
            "extra {k} {n}",
            "extra <= 6",
            "spare >= 3",
            "area + spare {k} limit",
            "area {k} extra",
            "site = shared",
            "site != own",
            "not site in { own }",
            "site in { own, shared }",
            "grade >= low",
            "opened >= 0001-01-01",
            "opened {k} 2022-09-01",
            "opened + {d} {k} closed",
            "opened - closed > {n} days",
            "year(opened) {k} 2022",
            "grade >= middle",
            "max(grade, low) < high",
            'word != "甲"',
            "good or sure",
            "rooms includes { big }",
            "count(rooms) {k} {n}",
            "rises(growth)",
            "falls(growth)",
            "latest(growth) {k} {n}",
            "average(growth, 2) {k} {n}",
            "growth[2021] {k} {n}",
            "count(people) {k} {n}",
            "{a}(p.years for p in people) {k} {n}",
            "{a}(p.years + 1 for p in people where p.years > {n}) {k} {n}",
            "count(distinct p.mark for p in people) {k} {n}",
            "max(p.mark for p in people) = fine",
            "all(p.mark = fine for p in people)",
            "(by area { <= 3: limit, else: 2 }) {k} {n}",
            "(by grade { low: 1, middle: 3, else: 5 }) {k} limit",
            "(by opened { <= 2022-09-01: 1, else: limit }) {k} {n}",
            "(if {b} then opened else closed) {k} 2022-09-01",
            "(if {b} then grade else low) >= middle",
            "(if {b} then site else site) != own",
            "limit / area {k} {n}",
        ),
        conditions=("owned", "site = own", "area > 3", "good", "opened > 2022-09-01", "sure"),
    ),
    "series with gaps": Aim(
        'facts { one : yearly count "甲数"  other : yearly count "乙数"  share : yearly percent "占比"  n : count "数" }',
        (
            "rises(one)",
            "falls(one)",
            "rises(one {x} other)",
            "falls(one {x} other)",
            "rises(-share)",
            "rises(one - 3)",
            "latest(one) {k} {n}",
            "latest(one {x} other) {k} {n}",
            "average(one, 2) {k} {n}",
            "average(one {x} other, 3) {k} {n}",
            "one[assessed_year] {k} {n}",
            "(one {x} other)[2021] {k} {n}",
            "one[2021] - other[2021] {k} {n}",
            "share[assessed_year] {k} {n}%",
            "one[n + 2019] {k} {n}",
            "rises(one * n)",
        ),
    ),
    "unknown selectors": Aim(
        """
        facts {
          sure : bool "确认"  area : count 0 to 6 "面积"  limit : count 0 to 6 "界限"  site : choice { own, shared } "用地"
          grade : level { low < middle < high } "等级"  day : date "日期"
        }
        """,
        (
            "(if {b} then area else limit) {k} {n}",
            "(if {b} then area else area + 1) {k} {n}",
            "(if {b} then {b} else {b})",
            "(if {b} then grade else low) >= middle",
            "(if {b} then site else shared) = own",
            "(if {b} then day else 2022-09-01) {k} 2022-09-01",
            "(by area { <= 1: limit, <= 3: 2, else: 5 }) {k} {n}",
            "(by area { < 2: yes, > 4: no, else: {b} })",
            "(by site { own: limit, shared: 3 }) {k} area",
            "(by grade { low: 0, middle: limit, high: 6 }) {k} {n}",
            "(by grade { >= middle: low, else: high }) = grade",
            "(by day { <= 2022-09-01: 1, else: limit }) {k} {n}",
        ),
        conditions=("sure", "site = own", "area > 2", "grade >= middle", "day > 2022-09-01"),
    ),
    "zero denominators": Aim(
        'facts { above : count 0 to 6 "上"  below : count 0 to 6 "下"  more : signed number -3 to 3 "数"  sure : bool "是" }',
        (
            "above / below {k} {n} / 2",
            "above / (below - 3) {k} {n}",
            "above / more {k} {n}",
            "1 / (more * more) {k} {n}",
            "(if below > 0 then above / below else 0) {k} {n} / 2",
            "above / below >= 1/2 and below {k} {n}",
            "max(above / below, {n}) {k} {n}",
            "round(above / below) {k} {n}",
            "abs(above / more) {k} {n}",
            "below * (above / below) {k} {n}",
        ),
    ),
    "dates": Aim(
        'facts { begun : date "开始"  ended : date "结束"  term : months "期限"  pause : signed days "中断" }',
        (
            "begun + {d} {k} ended",
            "begun - {d} {k} assessed_on",
            "begun + 1 months + 1 months {k} ended",
            "begun + term {k} ended",
            "begun + pause {k} ended",
            "ended - begun {k} {n} days",
            "begun + (ended - begun) {k} ended",
            "year(begun + {d}) {k} 2022",
            "assessed_year - year(begun) {k} {n}",
            "max(begun, ended - {d}) {k} 2022-09-01",
            "begun between ended - {d} and assessed_on",
            "begun in { 2022-09-01, 2024-02-29 }",
        ),
    ),
    "alternatives": Aim(
        """
        facts {
          one : bool "一"  two : bool "二"  three : bool "三"  n : count "数"
          rooms : set { big, small, dark } "用房"  word : text "字样"  site : choice { own, shared, rented } "用地"
        }
        """,
        (
            "at least 2 of ({b}, {b}, {b})",
            "at least 1 of ({b}, not {b})",
            "(if {b} then {b})",
            "({b}) = ({b})",
            "rooms includes { big, dark } or {b}",
            "rooms includes all",
            "count(rooms) {k} {n}",
            "site in { own, rented } and {b}",
            'word in { "甲", "乙" } or {b}',
        ),
        conditions=("one", "two", "not three", "n > 2", "rooms includes { big }", "site = own", 'word = "甲"'),
    ),
}
"""The rare constructs by name."""
