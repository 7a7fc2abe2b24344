"""Spreadsheets in and out whole: every cell is text, nothing in it runs, nothing in it unpacks without end.

`network.sheets` writes lists as streams; this reads what people send, and makes books for them to fill in.
"""

from __future__ import annotations

import csv
import datetime
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from network.sheets import NOT_XML, safe_cell
from network.text import clean_line, clean_text

MAX_BYTES = 5 * 1024 * 1024
MAX_UNPACKED = 60 * 1024 * 1024
MAX_PARTS = 500
MAX_ROWS = 5_000
MAX_COLUMNS = 100
MAX_SHEETS = 30
ZIP_MAGIC = b"PK\x03\x04"


class SheetError(Exception):
    """The file can't be read; the sentence is shown to the person."""


# --- in ---------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Row:
    """A row of a sheet that comes in: its number, its cells as text, and the places (from 0) of those that compute."""

    number: int
    cells: list[str]
    formulas: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Sheet:
    """A sheet that comes in, without its empty rows."""

    title: str
    rows: list[Row]


def read_sheet(data: bytes) -> list[list[str]]:
    """The rows of the first sheet as lines of text, empty ones left out; which format it is, its own bytes say.

    Raises SheetError for what is too large, broken, or neither XLSX nor CSV.
    """
    _refuse_large(data)
    rows = _first_of_xlsx(data) if data.startswith(ZIP_MAGIC) else _read_csv(data)
    kept = [row for row in rows if any(row)]
    if not kept:
        raise SheetError(_("The file is empty."))
    if len(kept) > MAX_ROWS + 1:
        raise SheetError(_("The file has more than 5,000 rows. Send it in parts."))
    return kept


def read_book(data: bytes) -> list[Sheet]:
    """Every sheet of an XLSX file, with the line breaks of its texts and the numbers of its rows.

    What a formula gives is not read: the row tells where one stands. Raises SheetError as `read_sheet`.
    """
    _refuse_large(data)
    if not data.startswith(ZIP_MAGIC):
        raise SheetError(_("This is no XLSX file. Fill in the template and save it as XLSX."))
    sheets = [_sheet_of(sheet) for sheet in _opened(data, values=False).worksheets[:MAX_SHEETS]]
    if sum(len(sheet.rows) for sheet in sheets) > MAX_ROWS:
        raise SheetError(_("The file has more than 5,000 rows. Send it in parts."))
    return sheets


def address(row: int, column: int) -> str:
    """B5: a cell by its row (from 1) and its column (from 0), as spreadsheets name it."""
    return f"{get_column_letter(column + 1)}{row}"


def _refuse_large(data: bytes) -> None:
    if len(data) > MAX_BYTES:
        raise SheetError(_("The file is larger than 5 MB."))


def _opened(data: bytes, *, values: bool) -> Workbook:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
        if sum(part.file_size for part in parts) > MAX_UNPACKED or len(parts) > MAX_PARTS:
            raise SheetError(_("The file unpacks to more than 60 MB."))
        return load_workbook(io.BytesIO(data), read_only=True, data_only=values, keep_links=False)
    except SheetError:
        raise
    except Exception as error:
        raise _broken() from error


def _broken() -> SheetError:
    return SheetError(_("The file can’t be read as a spreadsheet. Save it as XLSX or CSV."))


def _cells_of(sheet: Any) -> Iterator[tuple[int, Sequence[Any]]]:
    """The rows as openpyxl has them, with their numbers. It raises whatever it stumbles over in a broken file."""
    try:
        yield from enumerate(sheet.iter_rows(max_row=MAX_ROWS + 2, max_col=MAX_COLUMNS), start=1)
    except Exception as error:
        raise _broken() from error


def _first_of_xlsx(data: bytes) -> list[list[str]]:
    book = _opened(data, values=True)
    if not book.worksheets:
        raise _broken()
    return [[clean_line(_text(cell.value)) for cell in row] for _number, row in _cells_of(book.worksheets[0])]


def _sheet_of(sheet: Any) -> Sheet:
    rows = []
    for number, cells in _cells_of(sheet):
        formulas = frozenset(place for place, cell in enumerate(cells) if cell.data_type == "f")
        texts = ["" if place in formulas else clean_text(_text(cell.value)) for place, cell in enumerate(cells)]
        while texts and not texts[-1] and len(texts) - 1 not in formulas:
            texts.pop()
        if texts:
            rows.append(Row(number, texts, formulas))
    return Sheet(sheet.title, rows)


def _read_csv(data: bytes) -> list[list[str]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SheetError(_("The file is not in UTF-8. Save it as XLSX, or as “CSV UTF-8”.")) from error
    if "\0" in text:
        raise _broken()
    heading = text.split("\n", 1)[0]
    separator = max(",;\t", key=heading.count)
    try:
        rows = list(csv.reader(io.StringIO(text), delimiter=separator))
    except csv.Error as error:
        raise _broken() from error
    return [[clean_line(_text(cell)) for cell in row[:MAX_COLUMNS]] for row in rows]


def _text(cell: Any) -> str:
    """A cell as text: days as ISO dates, numbers in digits with a point, the guard of `safe_cell` taken off again."""
    match cell:
        case None:
            return ""
        case bool():
            return "1" if cell else "0"
        case datetime.datetime():
            return cell.date().isoformat()
        case datetime.date():
            return cell.isoformat()
        case float():
            # A spreadsheet keeps fifteen digits; more are dust of the binary number.
            return f"{Decimal(f'{cell:.15g}'):f}"
    text = str(cell)
    return text[1:] if text.startswith("'") and safe_cell(text[1:]) == text else text


# --- out --------------------------------------------------------------------------------------------------------------


def xlsx_bytes(
    title: str, heading: Sequence[Any], rows: Iterable[Sequence[Any]], *, right_to_left: bool = False
) -> bytes:
    """A heading and rows as XLSX: every cell is text and starts with nothing that a program would run."""
    book = Workbook(write_only=False)
    sheet = book.active
    sheet.title = sheet_name(title)
    sheet.sheet_view.rightToLeft = right_to_left
    sheet.freeze_panes = "A2"
    for number, row in enumerate((heading, *rows), start=1):
        _write(sheet, number, row)
    return _saved(book)


def sheet_name(title: str) -> str:
    """A title as a sheet may have it: at most 31 characters, none of []:*?/\\."""
    return clean_line(title).translate(str.maketrans("", "", "[]:*?/\\"))[:31].strip("' ") or "1"


@dataclass(frozen=True)
class Column:
    """A column to fill in: a code for programs, the heading for people, what is said where somebody stands in a cell of
    it, what a drop-down offers (`closed`: nothing else is taken), and its width in characters."""

    code: str
    heading: str
    hint: str = ""
    choices: Sequence[str] = ()
    closed: bool = True
    width: int = 24


@dataclass(frozen=True)
class Form:
    """A sheet to fill in; rows hold a text for each column."""

    title: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[str]] = field(default=())


FIRST_ROW = 3
CODES = Font(color="808080", size=9)
HEADING = Font(bold=True)
SHADE = PatternFill("solid", fgColor="F4EDE0")
WRAPPED = Alignment(wrap_text=True, vertical="top")
# Excel's bounds of what is said beside a cell.
HINT, NAME = 250, 31


def form_book(guidance: Form, forms: Sequence[Form], *, right_to_left: bool = False) -> bytes:
    """A book to fill in: the guidance, then a sheet for each form, headings in the first row, codes in the second.

    Drop-downs take their choices from a sheet that is not shown. Every cell is text: a year stays what was typed.
    """
    book = Workbook(write_only=False)
    first, offered = book.active, book.create_sheet("koine")
    offered.sheet_state = "hidden"
    _lay_out(first, guidance, right_to_left)
    for number, row in enumerate([[column.heading for column in guidance.columns], *guidance.rows], start=1):
        _write(first, number, row)
    lists = 0
    for form in forms:
        sheet = book.create_sheet(sheet_name(form.title), index=len(book.worksheets) - 1)
        _lay_out(sheet, form, right_to_left)
        _write(sheet, 1, [column.heading for column in form.columns])
        _write(sheet, 2, [column.code for column in form.columns])
        for cell in sheet[2]:
            cell.font = CODES
        for number, row in enumerate(form.rows, start=FIRST_ROW):
            _write(sheet, number, row)
        sheet.freeze_panes = sheet.cell(row=FIRST_ROW, column=2)
        for place, column in enumerate(form.columns):
            if column.choices:
                lists += 1
                for number, choice in enumerate(column.choices, start=1):
                    _write_cell(offered.cell(row=number, column=lists), choice)
            _guide(sheet, place, column, lists)
    return _saved(book)


def _lay_out(sheet: Any, form: Form, right_to_left: bool) -> None:
    sheet.title = sheet_name(form.title)
    sheet.sheet_view.rightToLeft = right_to_left
    for place, column in enumerate(form.columns, start=1):
        cell = sheet.cell(row=1, column=place)
        cell.font, cell.fill, cell.alignment = HEADING, SHADE, WRAPPED
        letter = get_column_letter(place)
        sheet.column_dimensions[letter].width = column.width
        # What is typed into an empty column stays text as well.
        sheet.column_dimensions[letter].number_format = "@"


def _guide(sheet: Any, place: int, column: Column, lists: int) -> None:
    """The drop-down of a column, and what is said beside its cells."""
    if not (column.choices or column.hint):
        return
    rule = DataValidation(allow_blank=True, showInputMessage=bool(column.hint), showErrorMessage=column.closed)
    if column.choices:
        letter = get_column_letter(lists)
        rule.type, rule.formula1 = "list", f"koine!${letter}$1:${letter}${len(column.choices)}"
    if column.hint:
        rule.promptTitle, rule.prompt = column.heading[:NAME], column.hint[:HINT]
    letter = get_column_letter(place + 1)
    rule.add(f"{letter}{FIRST_ROW}:{letter}{MAX_ROWS}")
    sheet.add_data_validation(rule)


def _write(sheet: Any, number: int, row: Sequence[Any]) -> None:
    for place, value in enumerate(row, start=1):
        _write_cell(sheet.cell(row=number, column=place), value)


def _write_cell(cell: Any, value: Any) -> None:
    cell.value = NOT_XML.sub("", safe_cell(value))[:32_767]
    cell.data_type = "s"
    cell.number_format = "@"
    if "\n" in cell.value:
        cell.alignment = WRAPPED


def _saved(book: Workbook) -> bytes:
    output = io.BytesIO()
    book.save(output)
    return output.getvalue()
