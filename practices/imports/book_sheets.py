"""The sheets of a practices' book that comes in, by what they hold: the records, and their rows by section."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from network.workbooks import Sheet, SheetError, address
from practices.imports.book_columns import BY_CODE, HEAD, ID, MAIN, OF, ROWS

MOST = 200
# In one of the first rows stand the codes; people put a title of their own above them.
CODE_ROWS = 5


@dataclass(frozen=True)
class Cells:
    """A row of a sheet by the codes of its columns, each cell with its address."""

    line: int
    sheet: str
    texts: Mapping[str, str]
    places: Mapping[str, int]
    computed: frozenset[str]

    def at(self, code: str) -> str:
        """`Results!C5`."""
        place = self.places.get(code)
        return f"{self.sheet}!{address(self.line, place)}" if place is not None else f"{self.sheet}!{self.line}"


@dataclass
class Book:
    """The sheets of a book by what they hold: the records, and rows by section."""

    records: list[Cells] = field(default_factory=list)
    rows: dict[str, list[Cells]] = field(default_factory=dict)
    strange: list[str] = field(default_factory=list)


def keyed(sheets: Iterable[Sheet]) -> Book:
    """The sheets of a book, each known by the codes in one of its first rows; others (the guidance) are left out.

    SheetError where there is no sheet of records, or the book has too many.
    """
    book = Book()
    for sheet in sheets:
        heading = next((row for row in sheet.rows[:CODE_ROWS] if _is_codes(row.cells)), None)
        if heading is None:
            continue
        kind = _kind_of(heading.cells)
        known = {code: place for place, code in enumerate(heading.cells) if _known(code, kind)}
        book.strange += [f"{sheet.title}!{code}" for code in heading.cells if code and code not in known]
        rows = [
            Cells(
                row.number,
                sheet.title,
                {code: row.cells[place] for code, place in known.items() if place < len(row.cells)},
                known,
                frozenset(code for code, place in known.items() if place in row.formulas),
            )
            for row in sheet.rows
            if row.number > heading.number
        ]
        filled = [row for row in rows if any(row.texts.values()) or row.computed]
        if kind:
            book.rows.setdefault(kind, []).extend(filled)
        else:
            book.records += filled
    if not book.records:
        raise SheetError(
            _(
                "There is no practice in this spreadsheet. Fill in the template, and leave the second row of its sheets as it is."
            )
        )
    if len(book.records) > MOST:
        raise SheetError(_("The spreadsheet holds more than %(count)d practices. Send it in parts.") % {"count": MOST})
    return book


def _is_codes(cells: list[str]) -> bool:
    return ID in cells or any(cell == f"{key}.{OF}" for key in ROWS for cell in cells)


def _kind_of(cells: list[str]) -> str:
    """The section whose rows a sheet holds; empty for the sheet of records."""
    return "" if ID in cells else next(key for key in ROWS if f"{key}.{OF}" in cells)


def _known(code: str, kind: str) -> bool:
    if kind:
        return code == f"{kind}.{OF}" or (code in BY_CODE and BY_CODE[code] in ROWS[kind])
    return code in HEAD or (code in BY_CODE and BY_CODE[code] in MAIN)
