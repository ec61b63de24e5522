"""Single values as officials type them: read exactly, or refused with what is expected."""

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cedu_rules.model.types import BOOL, COUNT, DATE, NUMBER, RATIO, TEXT, Member, Type
from cedu_rules.records.cells import Cell, reader
from cedu_rules.records.mappings import FrozenMapping, SeriesReader, SetReader
from cedu_rules.records.numbers import Numeral
from cedu_rules.records.problems import SHOWN_LIMIT, Unfit, shown
from cedu_rules.units import PERCENT, UNITS, Unit, find_unit


def measure(word: str, **changes: Any) -> Type:  # noqa: ANN401
    """Return the type that a fact declared with that unit has."""
    unit = find_unit(word)
    assert unit is not None
    type_ = Type("number", dimension=unit.dimension, unit=unit, whole=unit.counter, low=Fraction(0))
    return type_._replace(**changes)


AREA, YUAN, WAN_YUAN, PEOPLE, WAN_PEOPLE = (measure(word) for word in ("m2", "yuan", "万元", "people", "万人"))
GROWTH = RATIO._replace(low=None, high=None)
COMPUTERS = Type("number", whole=True, low=Fraction(1), high=Fraction(500))
DEGREE = Type(
    "level",
    name="Degree",
    members=(Member("senior", ("高中",)), Member("associate", ("大专", "专科")), Member("bachelor", ("本科（学士）",))),
)
ROOMS = Type("set", name="rooms", members=(Member("training", ("培训室",)), Member("reading", ("图书阅览室",))))
LESSON = Unit("学时", (("hours", 1),), Fraction(3, 4))


def read(type_: Type, value: object) -> object:
    """Return the public value."""
    if type_.kind == "set":
        return SetReader(type_)(value)
    if type_.kind == "series":
        assert type_.element is not None
        return SeriesReader(reader(type_.element, {}))(value)
    return reader(type_, {"学时": LESSON})(value)


def refusal(type_: Type, value: object) -> list[tuple[str, str, str]]:
    """Return path, value and English expectation of each problem of a value that is refused."""
    with pytest.raises(Unfit) as raised:
        read(type_, value)
    return [(problem.path, problem.value, problem.expected.en) for problem in raised.value.problems]


class TestNumbers:
    """Numbers, in the unit of their fact."""

    @pytest.mark.parametrize(
        ("type_", "value", "number"),
        [
            (AREA, 420, 420),
            (AREA, "499.99", Decimal("499.99")),
            (AREA, "0.75亩", 500),
            (AREA, " ０．７５ 亩 ", 500),
            (AREA, "520平方米", 520),
            (AREA, "520 ㎡", 520),
            (AREA, "520m²", 520),
            (AREA, "１，２００ m2", 1200),
            (AREA, "1,200.5", Decimal("1200.5")),
            (AREA, "1亩", Fraction(2000, 3)),
            (AREA, "3万平方米", 30000),
            (AREA, "3万", 30000),
            (YUAN, "89.3456万元", 893456),
            (YUAN, "¥27,079", 27079),
            (YUAN, "￥ 27,079.50 元", Decimal("27079.5")),
            (YUAN, "¥3.5万", 35000),
            (YUAN, "5角", Decimal("0.5")),
            (WAN_YUAN, "893456元", Decimal("89.3456")),
            (WAN_YUAN, "89.3456", Decimal("89.3456")),
            (WAN_YUAN, "1,234,567.89元", Decimal("123.456789")),
            (PEOPLE, "3万人", 30000),
            (PEOPLE, "2.4754万", 24754),
            (PEOPLE, "24108人", 24108),
            (WAN_PEOPLE, "3.0018", Decimal("3.0018")),
            (WAN_PEOPLE, "30018人", Decimal("3.0018")),
            (COUNT, "20台", 20),
            (COUNT, 20.0, 20),
            (COUNT, Decimal("2E+1"), 20),
            (COUNT, Numeral("2e1"), 20),
            (NUMBER, 0.1, Decimal("0.1")),
            (NUMBER, 1e-7, Decimal("0.0000001")),
            (NUMBER, 1e22, 10**22),
            (NUMBER, "12345678901234567890.123456789", Decimal("12345678901234567890.123456789")),
            (NUMBER, Numeral("1.5E-3"), Decimal("0.0015")),
            (NUMBER, Numeral(".5"), Decimal("0.5")),
            (NUMBER, Numeral("5."), 5),
            (NUMBER, Fraction(1, 3), Fraction(1, 3)),
            (NUMBER, "80%", Decimal("0.8")),
            (NUMBER, "-0", 0),
            (NUMBER, "+5", 5),
            (NUMBER, ".5", Decimal("0.5")),
            (GROWTH, "－８％", Decimal("-0.08")),
            (GROWTH, "−8%", Decimal("-0.08")),
            (GROWTH, "150%", Decimal("1.5")),
            (GROWTH, Decimal("1.5"), Decimal("1.5")),
            (GROWTH, 20, 20),
            (RATIO, 0.8, Decimal("0.8")),
            (RATIO, "0.8", Decimal("0.8")),
            (RATIO, "80%", Decimal("0.8")),
            (RATIO, "８０％", Decimal("0.8")),
            (RATIO, "80 %", Decimal("0.8")),
            (RATIO, 1, 1),
            (RATIO, "100%", 1),
            (COMPUTERS, "500", 500),
            (measure("hours"), "3学时", Decimal("2.25")),
            (measure("years"), "18个月", Decimal("1.5")),
            (AREA, "", None),
            (AREA, " \u3000 ", None),
            (AREA, None, None),
        ],
    )
    def test_read(self, type_: Type, value: object, number: object) -> None:
        """A number is read exactly, and is an int when whole, else a Decimal, else a Fraction."""
        found = read(type_, value)

        assert (number, type(number)) == (found, type(found))

    @pytest.mark.parametrize(
        "value",
        [
            "50-70", "约60", "三", "百分之八十", "六百", "60左右", "20台以上", "1e3", "1e999", "0x10", "1_000", "nan", "Infinity",
            "1,20", "1,2000", "0,500", ",500", "1.2.3", "5.", ".", "-", "--5", "+-5", "1 200", "1/2", "٣", "5\n6", "m2", "5 m2 m2",
            "5 元", "5人", "5%", "¥5", "5 yuan", "5小时", "¥", "万", True, False, [1], {}, (), b"5", object(), 1 + 2j,
            date(2022, 9, 1), float("nan"), float("inf"), Decimal("NaN"), Decimal("sNaN"), Decimal("-Infinity"), Numeral("NaN"),
            Numeral("5亩"), -1, -0.5, "-1", "－1", "9" * 10_000_000, 5.0 + 0j,
        ],
        ids=lambda value: shown(value)[:20],
    )  # fmt: skip
    def test_refused(self, value: object) -> None:
        """What is no number of square metres is refused with the value and the unit that is wanted."""
        problems = refusal(AREA, value)

        assert [("", shown(value), "a number in `m2`, at least 0")] == problems

    @pytest.mark.parametrize("value", ["9" * 31, "0." + "1" * 31, 10**30, 1e30, 1e-31, 5e-324, Decimal("1e999999"),
                                       Decimal("1e-31"), Numeral("1e999"), Numeral("1e-99999999999"), Numeral("1" * 31),
                                       10**5000, Fraction(10**31, 3), Fraction(1, 10**400)],
                             ids=lambda value: shown(value)[:20])  # fmt: skip
    def test_too_many_digits(self, value: object) -> None:
        """A number has at most 30 digits before and after the point, looked at before it is converted."""
        (_path, _value, wanted), *others = refusal(NUMBER, value)

        assert ("a number of at most 30 digits before and after the point", []) == (wanted, others)

    def test_too_large_in_the_unit_of_the_fact(self) -> None:
        """The limit also holds for the number in the unit of the fact."""
        problems = refusal(AREA, "9" * 30 + "km2")

        assert "a number of at most 30 digits before and after the point" == problems[0][2]

    @pytest.mark.parametrize("value", [80, "80", 80.0, Numeral("80"), Numeral("1.5"), "1.01", Decimal(2)])
    def test_bare_percent(self, value: object) -> None:
        """A bare 80 is no percent, and the error says why."""
        problems = refusal(RATIO, value)

        assert [
            ("", shown(value), "a percent such as 80% or 0.8; a bare number is a ratio and not above 1")
        ] == problems

    @pytest.mark.parametrize("value", ["80", 80.0, Numeral("8")])
    def test_bare_percent_without_bounds(self, value: object) -> None:
        """Where a percent has no bounds, a number typed above 1 is refused too."""
        problems = refusal(GROWTH, value)

        assert "a bare number is a ratio" in problems[0][2]

    @pytest.mark.parametrize("value", ["180%", "-1%", -0.1, "8人", "8台", "8m2", "八成", "8折", "80‰", "3万"])
    def test_no_percent(self, value: object) -> None:
        """A percent outside its range, or in another unit, names the range."""
        problems = refusal(RATIO, value)

        assert [("", shown(value), "a percent such as 80% or 0.8, from 0% to 100%")] == problems

    @pytest.mark.parametrize(
        "value", [2.5, "2.5", "300%", "0.00001万人", "-1人", Decimal("0.5"), Fraction(1, 3), "2m2"]
    )
    def test_no_count(self, value: object) -> None:
        """A count is whole, in single ones."""
        problems = refusal(PEOPLE, value)

        assert [("", shown(value), "a whole number in `people`, at least 0")] == problems

    def test_range(self) -> None:
        """A declared range is part of what is expected, in both languages."""
        with pytest.raises(Unfit) as raised:
            read(COMPUTERS, "501台")

        assert ("a whole number, from 1 to 500", "整数，1 至 500") == raised.value.problems[0].expected

    @pytest.mark.parametrize(
        ("low", "high", "expected"),
        [
            (None, None, "a number in `m2`"),
            (None, Fraction(5), "a number in `m2`, at most 5"),
            (Fraction(1, 2), None, "a number in `m2`, at least 0.5"),
            (Fraction(1, 3), Fraction(5), "a number in `m2`, from 1/3 to 5"),
        ],
    )
    def test_bounds(self, low: Fraction | None, high: Fraction | None, expected: str) -> None:
        """The bounds that a declaration has are named."""
        assert expected == refusal(measure("m2", low=low, high=high), "x")[0][2]

    def test_chinese_unit(self) -> None:
        """In Chinese the unit has its Chinese name."""
        with pytest.raises(Unfit) as raised:
            read(AREA, "5 元")

        assert "以平方米计的数，不小于 0" == raised.value.problems[0].expected.zh

    def test_multiple_of_a_multiple(self) -> None:
        """Under 万元 a bare 89万 may be 89万元 or 89万 times as much, and is refused."""
        problems = refusal(WAN_YUAN, "89万")

        assert "89万" == problems[0][1]

    @pytest.mark.parametrize(
        ("type_", "unit", "value", "number"),
        [
            (RATIO, PERCENT, "80", Decimal("0.8")),
            (RATIO, PERCENT, 80, Decimal("0.8")),
            (RATIO, PERCENT, "80%", Decimal("0.8")),
            (RATIO, PERCENT, 0.8, Decimal("0.008")),
            (AREA, UNITS["亩"], "0.75", 500),
            (AREA, UNITS["亩"], "520平方米", 520),
            (YUAN, find_unit("万元"), "89.3456", 893456),
            (YUAN, find_unit("万元"), Numeral("89.3456"), 893456),
            (PEOPLE, find_unit("万人"), 3.0018, 30018),
            (AREA, UNITS["亩"], None, None),
            (AREA, UNITS["亩"], "", None),
        ],
    )
    def test_header(self, type_: Type, unit: Unit, value: object, number: object) -> None:
        """Under a heading with a unit a bare number is in that unit; one with a unit of its own keeps it."""
        found = read(type_, Cell(value, unit))

        assert number == found

    @pytest.mark.parametrize(("unit", "value"), [(PERCENT, "180"), (PERCENT, "3万"), (UNITS["m2"], "0.5")])
    def test_refused_under_a_header(self, unit: Unit, value: str) -> None:
        """A heading widens nothing: range and dimension are those of the fact, and the value is shown as typed."""
        problems = refusal(RATIO, Cell(value, unit))

        assert [("", value, "a percent such as 80% or 0.8, from 0% to 100%")] == problems

    @given(st.decimals(0, 10**12, places=4), st.sampled_from(["m2", "平方米", "亩", "公顷", "万平方米", "km2", ""]))
    def test_exact(self, number: Decimal, word: str) -> None:
        """What is read is the number times its unit, in rational arithmetic."""
        unit = find_unit(word) if word else UNITS["m2"]

        assert unit is not None
        assert Fraction(number) * unit.factor == Fraction(str(read(AREA, f"{number:f}{word}")))

    @given(st.decimals(0, 10**12, places=3), st.sampled_from([AREA, YUAN, WAN_YUAN, PEOPLE, WAN_PEOPLE]), st.data())
    def test_as_officials_type(self, number: Decimal, type_: Type, data: st.DataObject) -> None:
        """A value comes back from every way of typing it: with its unit, separators, blanks, full width."""
        value = read(type_, int(number) if type_.whole else number)
        text = format(Decimal(str(value)), data.draw(st.sampled_from(["f", ",f"])))
        text += data.draw(st.sampled_from(["", " ", "\u3000"])) + data.draw(st.sampled_from(["", type_.unit.name]))
        if data.draw(st.booleans()):
            text = text.translate({ord(character): ord(character) + 0xFEE0 for character in "0123456789.,"})

        assert value == read(type_, text)

    @given(st.floats(0, 1e20, allow_subnormal=False).filter(lambda x: x == 0 or x > 1e-10))
    @example(0.1 + 0.2)
    def test_float(self, number: float) -> None:
        """A float means its shortest repr."""
        found = read(NUMBER, number)

        assert Fraction(repr(number)) == found

    @given(st.fractions(0, 10**20, max_denominator=10**6), st.sampled_from([NUMBER, AREA, WAN_YUAN, measure("亩")]))
    def test_idempotent(self, number: Fraction, type_: Type) -> None:
        """A public value is read as itself."""
        once = read(type_, number)

        assert (once, type(once)) == (read(type_, once), type(read(type_, once)))


class TestBools:
    """Yes and no."""

    @pytest.mark.parametrize("value", [True, "true", "TRUE", "yes", "Yes", "是", "有", " 是 ", "ｙｅｓ"])
    def test_yes(self, value: object) -> None:
        """The words for yes, in any case and width."""
        assert read(BOOL, value) is True

    @pytest.mark.parametrize("value", [False, "false", "No", "否", "无"])
    def test_no(self, value: object) -> None:
        """The words for no."""
        assert read(BOOL, value) is False

    @pytest.mark.parametrize("value", [None, "", "  ", "\u3000"])
    def test_blank(self, value: object) -> None:
        """Blank is missing."""
        assert read(BOOL, value) is None

    @pytest.mark.parametrize("value", [0, 1, "1", "√", "×", "maybe", "是的", "不", [], {}, 1.0])
    def test_refused(self, value: object) -> None:
        """Nothing is guessed: numbers and marks are no truths."""
        problems = refusal(BOOL, value)

        assert [("", shown(value), "yes or no")] == problems


class TestMembers:
    """Choices and levels."""

    @pytest.mark.parametrize(
        ("value", "member"),
        [
            ("associate", "associate"),
            ("大专", "associate"),
            ("专科", "associate"),
            (" 专 科 ", "associate"),
            ("本科（学士）", "bachelor"),
            ("本科(学士)", "bachelor"),
            ("ｓｅｎｉｏｒ", "senior"),
            ("", None),
            (None, None),
        ],
    )
    def test_read(self, value: object, member: str | None) -> None:
        """A member goes by its name or any label; width of brackets and blanks make no difference."""
        found = read(DEGREE, value)

        assert member == found

    @pytest.mark.parametrize("value", ["good", "本", "Senior", 3, True, ["senior"], "大专" * 10_000])
    def test_refused(self, value: object) -> None:
        """Anything else is told the members."""
        problems = refusal(DEGREE, value)

        assert [("", shown(value), "one of `senior`, `associate`, `bachelor`")] == problems

    def test_many_members(self) -> None:
        """Of many members the first are named."""
        type_ = Type("choice", name="c", members=tuple(Member(f"m{number}", ()) for number in range(20)))

        assert f"one of {', '.join(f'`m{number}`' for number in range(12))}, …" == refusal(type_, "x")[0][2]

    def test_two_names_that_differ_in_width(self) -> None:
        """Where the width is the only difference, only the exact word is read."""
        type_ = Type("choice", name="c", members=(Member("a", ("甲(1)",)), Member("b", ("甲（1）",))))

        assert ("a", "b") == (read(type_, "甲(1)"), read(type_, "甲（1）"))
        assert [("", "甲（1)", "one of `a`, `b`")] == refusal(type_, "甲（1)")


class TestDates:
    """Dates."""

    @pytest.mark.parametrize(
        "value",
        [
            "2022-09-01",
            "２０２２－０９－０１",
            "2022年9月1日",
            " 2022-09-01 ",
            date(2022, 9, 1),
            datetime(2022, 9, 1),  # noqa: DTZ001
        ],
    )
    def test_read(self, value: object) -> None:
        """A day is read from ISO text, the Chinese form, a date, or a datetime at midnight; it is a plain date."""
        found = read(DATE, value)

        assert (date(2022, 9, 1), date) == (found, type(found))

    @pytest.mark.parametrize(
        "value",
        [
            "2024-02-30",
            "2022-9-1",
            "2022/09/01",
            "20220901",
            "2022-W01-1",
            "2022年9月",
            "0000-01-01",
            "去年",
            20220901,
            True,
            datetime(2022, 9, 1, 8),  # noqa: DTZ001
            datetime(2022, 9, 1, tzinfo=UTC),
            [],
        ],
    )
    def test_refused(self, value: object) -> None:
        """No day, or a moment, is no date."""
        problems = refusal(DATE, value)

        assert [("", shown(value), "a date such as 2022-09-01")] == problems

    def test_range(self) -> None:
        """A date outside its declared range is refused with the range."""
        type_ = DATE._replace(low=Fraction(date(2020, 1, 1).toordinal()), high=Fraction(date(2022, 12, 31).toordinal()))

        assert date(2022, 12, 31) == read(type_, "2022-12-31")
        assert [("", "2023-01-01", "a date such as 2022-09-01, from 2020-01-01 to 2022-12-31")] == refusal(
            type_, "2023-01-01"
        )


class TestTexts:
    """Texts."""

    @pytest.mark.parametrize(
        ("value", "text"),
        [(" 张三 ", "张三"), (17, "17"), (Numeral("017"), "017"), ("", None), (" \u3000\n", None), (None, None)],
    )
    def test_read(self, value: object, text: str | None) -> None:
        """A text has no blanks around it; a whole number is its text."""
        found = read(TEXT, value)

        assert (text, type(text)) == (found, type(found))

    @pytest.mark.parametrize("value", [True, 1.5, [], {}, date(2022, 9, 1), 10**30])
    def test_refused(self, value: object) -> None:
        """Other values are no texts."""
        problems = refusal(TEXT, value)

        assert [("", shown(value), "a text")] == problems


class TestSets:
    """Sets of members."""

    @pytest.mark.parametrize(
        ("value", "members"),
        [
            (["training"], {"training": True, "reading": False}),
            (("图书阅览室", "training"), {"training": True, "reading": True}),
            ({"reading"}, {"training": False, "reading": True}),
            ([], {"training": False, "reading": False}),
            ({"training": "是"}, {"training": True, "reading": None}),
            ({"培训室": False, "reading": ""}, {"training": False, "reading": None}),
            ({}, None),
            ({"training": None, "reading": " "}, None),
            ("", None),
            (None, None),
        ],
    )
    def test_read(self, value: object, members: dict[str, bool | None] | None) -> None:
        """A list is closed, a mapping partial, and a mapping that says nothing is missing."""
        found = read(ROOMS, value)

        assert members == found

    @pytest.mark.parametrize(
        ("value", "problems"),
        [
            ("培训室、图书阅览室", [("", "a list of some of `training`, `reading`, or yes or no for each")]),
            (True, [("", "a list of some of `training`, `reading`, or yes or no for each")]),
            (["training", "培训室"], [("[2]", "each member once")]),
            (["x", 5, None], [(f"[{number}]", "one of `training`, `reading`") for number in (1, 2, 3)]),
            ({"training": True, "培训室": True}, [(".training", "each member once")]),
            ({"x": True, "reading": 3}, [(".x", "one of `training`, `reading`"), (".reading", "yes or no")]),
        ],
    )
    def test_refused(self, value: object, problems: list[tuple[str, str]]) -> None:
        """Each member that cannot be is a problem with its own path."""
        found = [(path, wanted) for path, _value, wanted in refusal(ROOMS, value)]

        assert problems == found


class TestSeries:
    """Yearly series."""

    REGISTERED = Type("series", element=PEOPLE)

    @pytest.mark.parametrize(
        ("value", "years"),
        [
            ({2022: 3, "2021": "2人"}, {2021: 2, 2022: 3}),
            ({"2021年": 1, "２０２３": ""}, {2021: 1, 2023: None}),
            ({2021: None}, {2021: None}),
            ({1001: 1, 2000: 2}, {1001: 1, 2000: 2}),
            ({}, None),
            ("", None),
            (None, None),
        ],
    )
    def test_read(self, value: object, years: dict[int, int | None] | None) -> None:
        """Values stand in the order of the years; a blank one is listed."""
        found = read(self.REGISTERED, value)

        assert years == found
        assert found is None or list(years or {}) == list(found)

    @pytest.mark.parametrize(
        ("value", "problems"),
        [
            ({2021: 1, "2021年": 1}, [(".2021", "one value for each year")]),
            ({"20x1": 1}, [(".20x1", "a year such as 2022")]),
            ({0: 1, 999: 1, 10000: 1, True: 1, None: 1, 2021.0: 1}, [
                (path, "a year such as 2022") for path in (".0", ".999", ".10000", ".true", ".", ".2021.0")
            ]),
            ({2021: -1, 2022: "x"}, [
                (path, "a whole number in `people`, at least 0") for path in (".2021", ".2022")
            ]),
            ({1001: 1, 2001: 1}, [("", "at most 1000 years from first to last")]),
            ([2021], [("", "a value for each year, such as 2022: 100")]),
            (5, [("", "a value for each year, such as 2022: 100")]),
        ],
    )  # fmt: skip
    def test_refused(self, value: object, problems: list[tuple[str, str]]) -> None:
        """Each year that cannot be is a problem with its own path."""
        found = [(path, wanted) for path, _value, wanted in refusal(self.REGISTERED, value)]

        assert problems == found

    def test_header(self) -> None:
        """The years of a series may stand under headings with a unit."""
        found = read(Type("series", element=RATIO), {2021: Cell("80", PERCENT), 2022: "81%"})

        assert {2021: Decimal("0.8"), 2022: Decimal("0.81")} == found


class TestFrozenMapping:
    """Sets and series as values."""

    def test_equal(self) -> None:
        """Equal to any mapping of the same items, whatever their order, and hashed alike."""
        one, other = FrozenMapping({"a": True, "b": None}), FrozenMapping([("b", None), ("a", True)])

        assert one == other == {"a": True, "b": None}
        assert hash(one) == hash(other)
        assert one != FrozenMapping({"a": True}) != 5

    def test_repr(self) -> None:
        """It is printed as the mapping that it is."""
        assert "{'a': True}" == repr(FrozenMapping({"a": True}))


JSON_LIKE: st.SearchStrategy[object] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.decimals()
    | st.fractions()
    | st.dates()
    | st.datetimes()
    | st.binary()
    | st.from_regex(r"[¥-]?[0-9,，]{1,8}(\.[0-9]{1,3})?[万亿]?(m2|亩|元|人|台|%|％)?", fullmatch=True)
    | st.sampled_from(["training", "培训室", "2021年", "是", "1e999", "NaN", "2022-09-01", "大专"])
    | st.from_regex(r"-?[0-9]{1,4}(\.[0-9]{1,4})?([eE][+-]?[0-9]{1,4})?", fullmatch=True).map(Numeral),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.text(max_size=5) | st.integers() | st.sampled_from(["training", "2021"]), inner, max_size=4
        )
    ),
    max_leaves=8,
)


class TestAnyValue:
    """Values of every kind against every type."""

    TYPES = st.sampled_from([
        AREA, YUAN, WAN_YUAN, PEOPLE, WAN_PEOPLE, GROWTH, COMPUTERS, RATIO, NUMBER, COUNT, BOOL, TEXT, DATE, DEGREE, ROOMS,
        Type("series", element=RATIO), Type("series", element=WAN_YUAN),
    ])  # fmt: skip

    @given(TYPES, JSON_LIKE)
    def test_value_or_problems(self, type_: Type, value: object) -> None:
        """Any value is read, and then read again as itself, or refused with what is expected; nothing else happens."""
        try:
            found = read(type_, value)
        except Unfit as raised:
            problems = raised.problems
        else:
            again = read(type_, found)

            assert (found, type(found)) == (again, type(again))
            assert hash(found) == hash(again)
            return

        assert problems
        assert all(problem.expected.en and problem.expected.zh for problem in problems)
        assert all(len(problem.value) <= SHOWN_LIMIT and "\n" not in problem.value for problem in problems)


class TestShown:
    """Values in messages."""

    @pytest.mark.parametrize(
        ("value", "text"),
        [
            ("x" * 61, "x" * 59 + "…"),
            ("a\x00\n\u202eb", "a\\x00\\n\\u202eb"),
            (True, "true"),
            (None, ""),
            (float("inf"), "Infinity"),
            (float("nan"), "NaN"),
            pytest.param(10**5000, "…", id="long"),
            (Fraction(1, 3), "1/3"),
            ([1, 2, 3, 4, 5], "[1, 2, 3, 4, ...]"),
            (date(2022, 9, 1), "2022-09-01"),
        ],
    )
    def test_shown(self, value: object, text: str) -> None:
        """A message shows one short line of a value, whatever it is."""
        assert text == shown(value)

    def test_hostile(self) -> None:
        """An object that cannot be printed does no harm."""

        class Hostile:
            def __repr__(self) -> str:
                raise RuntimeError

        assert len(shown(Hostile())) <= SHOWN_LIMIT
