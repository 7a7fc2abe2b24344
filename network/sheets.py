"""Tables for spreadsheets: CSV that opens rightly and runs nothing.

A cell that a spreadsheet would take for a formula gets an apostrophe in front (OWASP, "CSV Injection"): a name such as
`=HYPERLINK(...)` typed by somebody must stay text on the machine of whoever opens the list.
"""

from __future__ import annotations

import csv
import datetime
import io
import re
import unicodedata
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.http import HttpResponse

STARTERS = frozenset("=+-@\t\r\n\0|%")
PLAIN_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?")
BOM = "\ufeff"


def safe_cell(value: Any) -> str:
    """A value as a cell that no spreadsheet runs.

    Judged after NFKC and without leading blanks, so that full-width signs and a leading space hide nothing; plain
    numbers, dates and booleans are left as they are. None is an empty cell.
    """
    if value is None:
        return ""
    if isinstance(value, bool | int | float | Decimal | datetime.date):
        return str(value)
    text = str(value)
    seen = unicodedata.normalize("NFKC", text)
    first = seen.lstrip(" \u00a0\u200b\ufeff")[:1] or seen[:1]
    if first in STARTERS and not PLAIN_NUMBER.fullmatch(seen.strip()):
        return f"'{text}"
    return text


def csv_bytes(heading: Sequence[Any], rows: Iterable[Sequence[Any]]) -> bytes:
    """A heading and rows as CSV: UTF-8 with a byte order mark (Excel reads Greek and Arabic by it), CRLF, every cell safe."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([safe_cell(cell) for cell in heading])
    writer.writerows([safe_cell(cell) for cell in row] for row in rows)
    return (BOM + text.getvalue()).encode()


def csv_answer(name: str, heading: Sequence[Any], rows: Iterable[Sequence[Any]]) -> HttpResponse:
    """The CSV as a download called `name`.csv; what is no letter, digit or dot becomes a hyphen."""
    response = HttpResponse(csv_bytes(heading, rows), content_type="text/csv; charset=utf-8")
    plain = re.sub(r"[^a-zA-Z0-9.]+", "-", name).strip("-.") or "list"
    response["Content-Disposition"] = f'attachment; filename="{plain}.csv"'
    return response
