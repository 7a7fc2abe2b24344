"""Tables that open in a spreadsheet run nothing."""

import datetime
from decimal import Decimal

import pytest

from network.sheets import csv_answer, csv_bytes, safe_cell


@pytest.mark.parametrize(
    "value",
    [
        "=1+1",
        "+1+1",
        "-1+1",
        "@SUM(1)",
        "\t=1",
        "\r=1",
        "|cmd",
        "%0A",
        "＝1",
        "﹣x",
        " =1",
        "\u00a0=1",
        "\u200b=1",
        "--1",
        "+",
        "=5",
    ],
)
def test_what_a_spreadsheet_would_run_becomes_text(value):
    assert safe_cell(value) == f"'{value}"


@pytest.mark.parametrize("value", ["Αθήνα", "-5", "+30", "-3,5", "1=1", "a@b.example", "", "'quoted", "أثينا"])
def test_what_it_would_not_run_stays(value):
    assert safe_cell(value) == value


def test_values_keep_their_form():
    assert [safe_cell(value) for value in (None, -5, Decimal("-1.50"), datetime.date(2020, 1, 31), False)] == [
        "", "-5", "-1.50", "2020-01-31", "False",
    ]  # fmt: skip


def test_the_file_opens_in_excel_and_its_name_is_plain():
    assert csv_bytes(["City"], [["Αθήνα"]]) == "\ufeffCity\r\nΑθήνα\r\n".encode()
    answer = csv_answer('δίκτυο "x"\r\n-2020', ["a"], [])
    assert answer["Content-Disposition"] == 'attachment; filename="x-2020.csv"'
