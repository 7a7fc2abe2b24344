"""Tables for spreadsheets: CSV and XLSX that open rightly and run nothing, also as streams of any length.

A cell that a spreadsheet would take for a formula gets an apostrophe in front (OWASP, "CSV Injection"): a name such as
`=HYPERLINK(...)` typed by somebody must stay text on the machine of whoever opens the list.
"""

from __future__ import annotations

import csv
import datetime
import io
import itertools
import re
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any
from xml.sax.saxutils import escape

from django.http import HttpResponse

STARTERS = frozenset("=+-@\t\r\n\0|%")
PLAIN_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?")
BOM = "\ufeff"
# Rows that travel together in a stream.
BATCH = 200


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


def csv_stream(heading: Sequence[Any], rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """The same as `csv_bytes`, in pieces of some rows each: of a long table only a piece is ever in memory."""
    yield csv_bytes(heading, ())
    for some in _batches(rows):
        yield csv_bytes(some[0], some[1:]).removeprefix(BOM.encode())


def _batches(rows: Iterable[Sequence[Any]]) -> Iterator[list[Sequence[Any]]]:
    rest = iter(rows)
    while some := list(itertools.islice(rest, BATCH)):
        yield some


def csv_answer(name: str, heading: Sequence[Any], rows: Iterable[Sequence[Any]]) -> HttpResponse:
    """The CSV as a download called `name`.csv; what is no letter, digit or dot becomes a hyphen."""
    response = HttpResponse(csv_bytes(heading, rows), content_type="text/csv; charset=utf-8")
    plain = re.sub(r"[^a-zA-Z0-9.]+", "-", name).strip("-.") or "list"
    response["Content-Disposition"] = f'attachment; filename="{plain}.csv"'
    return response


# --- XLSX, written row by row (ECMA-376, Office Open XML: SpreadsheetML) ------------------------------------------------
# Text is `inlineStr`, which no program takes for a formula; numbers and days are typed.
MOST_CHARACTERS = 32_767
FIRST_DAY = datetime.date(1899, 12, 30)
NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
WORKBOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
PLAIN, BOLD, DAY = 0, 1, 2
PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{WORKBOOK_TYPE}.sheet.main+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{WORKBOOK_TYPE}.styles+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{WORKBOOK_TYPE}.worksheet+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{RELATIONS}/styles" Target="styles.xml"/></Relationships>',
    "xl/styles.xml": f'<styleSheet xmlns="{MAIN}">'
    '<numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/></numFmts>'
    '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/>'
    '<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>',
}


class _Passing(io.RawIOBase):
    """Takes what the archive writes until it is fetched; it can't go back, so the archive writes straight on."""

    def __init__(self) -> None:
        super().__init__()
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._pieces.append(bytes(data))
        return len(data)

    def fetch(self) -> bytes:
        fetched = b"".join(self._pieces)
        self._pieces.clear()
        return fetched


def xlsx_stream(
    title: str, heading: Sequence[Any], rows: Iterable[Sequence[Any]], *, right_to_left: bool = False
) -> Iterator[bytes]:
    """One sheet as XLSX, in pieces. The heading stays in view; `right_to_left` puts the first column on the right."""
    passing = _Passing()
    name = re.sub(r"[\[\]:*?/\\']", "", NOT_XML.sub("", title)).strip()[:31] or "1"
    book = f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets><sheet name="{escape(name)}" sheetId="1" r:id="rId1"/></sheets></workbook>'
    side = ' rightToLeft="1"' if right_to_left else ""
    start = (
        f'<worksheet xmlns="{MAIN}"><sheetViews><sheetView{side} workbookViewId="0">'
        '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
        f'<cols><col min="1" max="{len(heading)}" width="24" customWidth="1"/></cols><sheetData>'
    )
    with zipfile.ZipFile(passing, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as archive:
        for part, text in {**PARTS, "xl/workbook.xml": book}.items():
            archive.writestr(part, XML + text)
        with archive.open("xl/worksheets/sheet1.xml", "w") as sheet:
            sheet.write((XML + start + _row(heading, BOLD)).encode())
            for some in _batches(rows):
                sheet.write("".join(_row(row, PLAIN) for row in some).encode())
                yield passing.fetch()
            sheet.write(b"</sheetData></worksheet>")
    yield passing.fetch()


def _row(row: Sequence[Any], style: int) -> str:
    return f"<row>{''.join(_cell(value, style) for value in row)}</row>"


def _cell(value: Any, style: int) -> str:
    if value is None or value == "":
        return "<c/>"
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return f"<c><v>{value}</v></c>"
    if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
        return f'<c s="{DAY}"><v>{(value - FIRST_DAY).days}</v></c>'
    text = escape(NOT_XML.sub("", safe_cell(value))[:MOST_CHARACTERS])
    return f'<c t="inlineStr" s="{style}"><is><t xml:space="preserve">{text}</t></is></c>'
