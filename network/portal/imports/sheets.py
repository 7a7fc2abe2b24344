"""XLSX and CSV in and out: every cell is text, nothing in it runs, nothing in it unpacks without end."""

from __future__ import annotations

import csv
import datetime
import io
import zipfile
from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook, load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from network.sheets import safe_cell
from network.text import clean_line

MAX_BYTES = 5 * 1024 * 1024
MAX_UNPACKED = 60 * 1024 * 1024
MAX_ROWS = 5_000
MAX_COLUMNS = 100
ZIP_MAGIC = b"PK\x03\x04"


class SheetError(Exception):
    """The file can't be read; the sentence is shown to the person."""


def read_sheet(data: bytes) -> list[list[str]]:
    """The rows of a sheet as text, empty ones left out; which format it is, its own bytes say.

    Raises SheetError for what is too large, broken, or neither XLSX nor CSV.
    """
    if len(data) > MAX_BYTES:
        raise SheetError(_("The file is larger than 5 MB."))
    rows = _read_xlsx(data) if data.startswith(ZIP_MAGIC) else _read_csv(data)
    kept = [row for row in rows if any(row)]
    if not kept:
        raise SheetError(_("The file is empty."))
    if len(kept) > MAX_ROWS + 1:
        raise SheetError(_("The file has more than 5,000 rows. Send it in parts."))
    return kept


def _read_xlsx(data: bytes) -> list[list[str]]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(part.file_size for part in archive.infolist()) > MAX_UNPACKED:
                raise SheetError(_("The file unpacks to more than 60 MB."))
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        sheet = book.worksheets[0]
        rows = sheet.iter_rows(max_row=MAX_ROWS + 2, max_col=MAX_COLUMNS, values_only=True)
        return [[_text(cell) for cell in row] for row in rows]
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, IndexError, OSError) as error:
        raise SheetError(_("The file can’t be read as a spreadsheet. Save it as XLSX or CSV.")) from error


def _read_csv(data: bytes) -> list[list[str]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SheetError(_("The file is not in UTF-8. Save it as XLSX, or as “CSV UTF-8”.")) from error
    if "\0" in text:
        raise SheetError(_("The file can’t be read as a spreadsheet. Save it as XLSX or CSV."))
    heading = text.split("\n", 1)[0]
    separator = max(",;\t", key=heading.count)
    try:
        rows = list(csv.reader(io.StringIO(text), delimiter=separator))
    except csv.Error as error:
        raise SheetError(_("The file can’t be read as a spreadsheet. Save it as XLSX or CSV.")) from error
    return [[_text(cell) for cell in row[:MAX_COLUMNS]] for row in rows]


def _text(cell: Any) -> str:
    """A cell as text: days as ISO dates, whole numbers without a point, the guard of `safe_cell` taken off again."""
    if cell is None:
        return ""
    if isinstance(cell, datetime.datetime):
        return cell.date().isoformat()
    if isinstance(cell, datetime.date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    text = clean_line(str(cell))
    return text[1:] if text.startswith("'") and safe_cell(text[1:]) == text else text


def xlsx_bytes(
    title: str, heading: Sequence[Any], rows: Iterable[Sequence[Any]], *, right_to_left: bool = False
) -> bytes:
    """A heading and rows as XLSX: every cell is text and starts with nothing that a program would run."""
    book = Workbook(write_only=False)
    sheet = book.active
    sheet.title = clean_line(title)[:31].translate(str.maketrans("", "", "[]:*?/\\")) or "1"
    sheet.sheet_view.rightToLeft = right_to_left
    sheet.freeze_panes = "A2"
    for row in (heading, *rows):
        sheet.append([None] * len(row))
        for column, value in enumerate(row, start=1):
            cell = sheet.cell(row=sheet.max_row, column=column)
            cell.value = safe_cell(value)
            cell.data_type = "s"
            cell.number_format = "@"
    output = io.BytesIO()
    book.save(output)
    return output.getvalue()
