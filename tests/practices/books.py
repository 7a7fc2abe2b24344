"""Books as the tests fill them in, send them, and read what the page says of them."""

from __future__ import annotations

import io

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook

ADDRESS = "/{code}/desk/practices/book/"
TEMPLATE = ADDRESS + "template.xlsx"
FULL = {
    "practice.id": "A-1", "practice.language": "English", "about.title": "Bridges", "about.running": "Pilot",
    "about.started_on": "2019-09", "about.settings_count": "3", "classification.themes": "Housing; food",
    "classification.prevention": "People at risk (secondary)", "summary.summary": "What it is.\n\nAnd more.",
    "resources.total_cost": "12 500", "resources.currency": "EUR", "actors.lead_organisation": "The office",
}  # fmt: skip
RESULTS = {"results.practice": "A-1", "results.indicator": "Trust", "results.baseline": "31", "results.value": "58,5"}


def book_of(desk, code: str = "en", **query: str):
    answer = desk.get(TEMPLATE.format(code=code), query)
    assert answer.status_code == 200
    assert "attachment" in answer["Content-Disposition"]
    return load_workbook(io.BytesIO(answer.content))


def sheet_of(book, code: str):
    """The sheet that has a column of that code."""
    return next(sheet for sheet in book if any(cell.value == code for cell in sheet[2]))


def put(book, *rows: dict[str, str]) -> None:
    """Write rows below those that are there, each into the sheet that knows its first code."""
    for row in rows:
        sheet = sheet_of(book, next(iter(row)))
        places = {cell.value: cell.column for cell in sheet[2]}
        number = max(3, 1 + max((cell.row for cells in sheet.iter_rows() for cell in cells if cell.value), default=2))
        for code, value in row.items():
            sheet.cell(row=number, column=places[code]).value = value


def as_file(book, name: str = "book.xlsx") -> SimpleUploadedFile:
    data = io.BytesIO()
    book.save(data)
    return SimpleUploadedFile(name, data.getvalue())


def send(desk, book, code: str = "en", status: int = 200):
    answer = desk.post(
        ADDRESS.format(code=code), {"book": book if isinstance(book, SimpleUploadedFile) else as_file(book)}
    )
    assert answer.status_code == status, answer.content.decode()[:2000]
    return answer


def filled(desk, *rows: dict[str, str], code: str = "en"):
    book = book_of(desk, code)
    put(book, *rows)
    return book


def apply(desk, page, code: str = "en"):
    assert page.context["sealed"], [one.problems for one in page.context["plan"].practices]
    return desk.post(ADDRESS.format(code=code), {"sealed": page.context["sealed"]})


def outcomes(page) -> list[str]:
    return [one.outcome for one in page.context["plan"].practices]


def problems(page) -> list[tuple[str, str]]:
    plan = page.context["plan"]
    return [(one.where, one.text) for one in (*plan.problems, *(p for row in plan.practices for p in row.problems))]
