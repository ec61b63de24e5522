"""Cells of workbooks: typed values, formulas, days, merged and hidden cells, read like cells of text."""

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH

from cedu_rules import data
from cedu_rules.data import xlsx_files
from tests.workbooks import STANDARD, book, read, record_of, replace_in_sheets, told


class TestCells:
    """What a typed cell says."""

    def test_types(self, tmp_path: Path) -> None:
        """Numbers, percents, booleans, days and texts are what the cell says; texts are read as in CSV."""

        def percent(made: Workbook) -> None:
            made["机构"]["C2"].number_format = "0.0%"

        header = [
            "id",
            "建筑面积（亩）",
            "利用率",
            "会议次数",
            "联网",
            "成立日期",
            "说明",
            "章程.办学宗旨",
            "registered.2022",
        ]
        row = ["S1", 0.75, 0.805, "１２次", True, datetime(2022, 9, 1), "记事", "是", 1200]  # noqa: DTZ001 -- a cell has no zone
        record = record_of(read(tmp_path, {"机构": [header, row]}, percent))

        expected = (500, Decimal("0.805"), 12, True, date(2022, 9, 1), {"purpose": True, "finance": None}, {2022: 1200})
        assert expected == (
            record.area,
            record.rate,
            record.meetings,
            record.internet,
            record.opened,
            record.charter,
            record.registered,
        )

    @pytest.mark.parametrize(
        ("value", "form", "header", "read"),
        [
            (0.8, "0%", "利用率", Decimal("0.8")),
            (0.8, "0%", "利用率（%）", Decimal("0.8")),
            (80, "General", "利用率（%）", Decimal("0.8")),
            (0.07, '0.00"％"', "利用率", Decimal("0.07")),
            (1, "0%", "利用率", 1),
            (1234.56789012345, "General", "建筑面积", Decimal("1234.56789012345")),
            (1e-05, "General", "建筑面积", Decimal("0.00001")),
            (13800138000, "General", "说明", "13800138000"),
        ],
    )
    def test_numbers(self, tmp_path: Path, value: float, form: str, header: str, read: object) -> None:
        """A number is its shortest decimal, in a cell shown as a percent a percent, under a unit in that unit."""

        def shown(made: Workbook) -> None:
            made["机构"]["A2"].number_format = form

        path = book(tmp_path, {"机构": [[header], [value]]}, change=shown)
        record = record_of(data.read(STANDARD.model, [path]))

        assert read in {record.area, record.rate, record.remark}

    @pytest.mark.parametrize(
        ("value", "form", "read"),
        [
            (0.1 + 0.2, "General", Decimal("0.3")),
            (1 - 0.9, "General", Decimal("0.1")),
            (1.1 * 3, "0.0", Decimal("3.3")),
            (1 / 3, "General", Decimal("0.333333333333333")),
            (0.8 + 1e-16, "0%", Decimal("0.8")),
            (123456.789012345, "General", Decimal("123456.789012345")),
        ],
    )
    def test_calculated_numbers(self, tmp_path: Path, value: float, form: str, read: object) -> None:
        """What calculating in binary adds behind the 15 digits that spreadsheets show is no part of the number."""

        def shown(made: Workbook) -> None:
            made["机构"]["A2"].number_format = form

        header = "利用率" if "%" in form else "建筑面积"
        path = book(tmp_path, {"机构": [[header], [0]]}, change=shown)
        replace_in_sheets(path, b"<v>0</v>", f"<v>{value:.17g}</v>".encode())
        record = record_of(data.read(STANDARD.model, [path]))

        assert read == (record.rate if "%" in form else record.area)

    @given(st.integers(-(10**15) + 1, 10**15 - 1), st.integers(0, 20))
    def test_typed_numbers_come_back(self, digits: int, places: int) -> None:
        """Every number of at most 15 digits is read as it was typed, though the cell holds a binary number."""
        number = Decimal(digits).scaleb(-places)

        assert number == Decimal(str(xlsx_files._number(float(number), "General")))

    @pytest.mark.parametrize(
        ("header", "value", "wanted"),
        [
            ("利用率", 80, "`80`; expected a percent such as 80% or 0.8; a bare number is a ratio and not above 1"),
            ("建筑面积", True, "`true`; expected a number in `m2`, at least 0"),
            ("说明", datetime(2022, 9, 1), "`2022-09-01`; expected a text"),  # noqa: DTZ001
            ("成立日期", datetime(2022, 9, 1, 8), "`2022-09-01 08:00:00`; expected a date such as 2022-09-01"),  # noqa: DTZ001
            ("会议次数", 2.5, "`2.5`; expected a whole number, at least 0"),
            ("联网", 1, "`1`; expected yes or no"),
            ("说明", "#N/A", "`#N/A`; expected a value, no error"),
            (
                "说明",
                110101199001011234,
                "`110101199001011232`; expected a number below 10^15; spreadsheets keep 15 digits",
            ),
        ],
    )
    def test_refused(self, tmp_path: Path, header: str, value: object, wanted: str) -> None:
        """A cell that cannot be is told with sheet and cell."""
        reading = read(tmp_path, {"机构": [["id", header], ["S1", value]]})

        (line,) = told(reading)
        assert line.startswith("school.xlsx:机构!B2: S1: ")
        assert wanted.split("`; ")[1] in line

    def test_formulas(self, tmp_path: Path) -> None:
        """A formula without a stored value is refused at its cell; with one, the value is read."""
        path = book(tmp_path, {"机构": [["id", "建筑面积", "会议次数"], ["S1", "=100+400", 4], ["S2", "=2*3", 5]]})
        reading = data.read(STANDARD.model, [path])

        wanted = "expected a value; open the workbook in a spreadsheet and save it, or replace the formula by its value"
        assert [
            f"school.xlsx:机构!B2: S1: area: `=100+400`; {wanted}",
            f"school.xlsx:机构!B3: S2: area: `=2*3`; {wanted}",
        ] == told(reading)
        replace_in_sheets(path, b"<v></v>", b"<v>500</v>")
        replace_in_sheets(path, b"<v />", b"<v>500</v>")
        assert ["500", "500"] == [each.values["area"] for each in data.read(STANDARD.model, [path]).submissions]

    def test_a_formula_whose_result_is_blank(self, tmp_path: Path) -> None:
        """A formula that was calculated and gave a blank text is a blank cell, and not taken for one without a value."""
        path = book(tmp_path, {"机构": [["id", "建筑面积", "会议次数"], ["S1", '=IF(A2="x",1,"")', 4]]})
        replace_in_sheets(path, b'<c r="B2">', b'<c r="B2" t="str">')

        assert [{"meetings": "4"}] == [each.values for each in data.read(STANDARD.model, [path]).submissions]
        assert [] == told(data.read(STANDARD.model, [path]))

    @pytest.mark.parametrize(("epoch", "day"), [(WINDOWS_EPOCH, date(2022, 9, 1)), (MAC_EPOCH, date(2022, 9, 1))])
    def test_days_of_both_calendars(self, tmp_path: Path, epoch: datetime, day: date) -> None:
        """A workbook that counts its days from 1904 names the same days."""

        def counted(made: Workbook) -> None:
            made.epoch = epoch

        reading = read(tmp_path, {"机构": [["id", "成立日期"], ["S1", datetime(2022, 9, 1)]]}, counted)  # noqa: DTZ001

        assert day == record_of(reading).opened

    def test_merged_cells(self, tmp_path: Path) -> None:
        """Merged cells are told with their range; the value stands in the first, the others are blank."""

        def merge(made: Workbook) -> None:
            made["机构"].merge_cells("B2:B3")

        reading = read(tmp_path, {"机构": [["id", "建筑面积"], ["S1", 500], ["S2", None]]}, merge)

        wanted = "expected single cells; unmerge them and fill in each"
        assert [f"school.xlsx:机构!B2: merged cells: `B2:B3`; {wanted}"] == told(reading)
        assert [{"area": "500"}, {}] == [each.values for each in reading.submissions]

    def test_hidden_rows_are_read(self, tmp_path: Path) -> None:
        """What is hidden counts all the same."""

        def hide(made: Workbook) -> None:
            made["机构"].row_dimensions[2].hidden = True
            made["机构"].column_dimensions["B"].hidden = True

        assert 500 == record_of(read(tmp_path, {"机构": [["id", "建筑面积"], ["S1", 500]]}, hide)).area

    def test_control_characters_of_spreadsheets(self, tmp_path: Path) -> None:
        """Line ends that spreadsheets escape are line ends."""
        assert "a\r\nb" == record_of(read(tmp_path, {"机构": [["id", "说明"], ["S1", "a_x000D_\nb"]]})).remark


@pytest.mark.parametrize(
    ("index", "expected"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA"), (16383, "XFD")]
)
def test_letters(index: int, expected: str) -> None:
    """Columns are lettered as spreadsheets letter them."""
    assert expected == xlsx_files.letters(index)
