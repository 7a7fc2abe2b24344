"""Answers of several cells: the rows of a table, a budget, milestones or indicators, and the parts of an address. Pure functions.

A grid's answer is a list of {cell: text}, a parted one's is one such dict; both hold what was typed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext as _, gettext_lazy, pgettext_lazy

from grants.enums import FieldKind
from grants.models import Tier
from grants.models.questions import GRIDS, PARTED, Question, Texts, say
from network.frame.names import money_text, number_text, percent_text
from network.numbers import read_date, read_number
from network.text import clean_line, clean_text

Row = dict[str, str]
FIGURES = frozenset({FieldKind.NUMBER, FieldKind.MONEY})
# A budget's cells: what a line costs, and what of it the fund is asked for.
COST, ASKED, CATEGORY = "amount", "requested", "category"


@dataclass(frozen=True)
class Cell:
    """A cell of each row, or a part of an answer. `needed`: a row that was begun is not whole without it."""

    key: str
    label: Promise | Texts
    kind: FieldKind
    needed: bool = False

    def name(self, code: str) -> str:
        """Its heading in a language (those the portal itself has: in the active one)."""
        return say(self.label, code) if isinstance(self.label, dict) else str(self.label)


TEXT, LONG, NUMBER, MONEY, DATE = (
    FieldKind.SHORT_TEXT,
    FieldKind.LONG_TEXT,
    FieldKind.NUMBER,
    FieldKind.MONEY,
    FieldKind.DATE,
)
CELLS: dict[FieldKind, tuple[Cell, ...]] = {
    FieldKind.BUDGET: (
        Cell("description", gettext_lazy("What it is for"), LONG, needed=True),
        Cell(COST, gettext_lazy("Costs in all"), MONEY, needed=True),
        Cell(ASKED, gettext_lazy("Of that from this fund"), MONEY),
    ),
    FieldKind.MILESTONES: (
        Cell("title", gettext_lazy("What will be reached"), LONG, needed=True),
        Cell("due", gettext_lazy("By which day"), DATE, needed=True),
        Cell("shown_by", gettext_lazy("How one will see it"), LONG),
    ),
    # Indicator, unit, baseline, target and source of the figures, as in the record of a practice.
    FieldKind.INDICATORS: (
        Cell("indicator", pgettext_lazy("of a figure", "Indicator"), LONG, needed=True),
        Cell("unit", gettext_lazy("Unit"), TEXT),
        Cell("baseline", pgettext_lazy("of an indicator", "Baseline"), NUMBER),
        Cell("target", pgettext_lazy("of an indicator", "Target"), NUMBER, needed=True),
        Cell("source", gettext_lazy("How it is measured"), LONG),
    ),
    FieldKind.ORGANISATION: (
        Cell("name", gettext_lazy("Name of the organisation"), TEXT, needed=True),
        Cell("kind", gettext_lazy("Kind of organisation"), TEXT),
        Cell("number", gettext_lazy("Number in the register"), TEXT),
        Cell("website", gettext_lazy("Website"), TEXT),
    ),
    FieldKind.ADDRESS: (
        Cell("lines", gettext_lazy("Street, postcode and town"), LONG, needed=True),
        Cell("country", gettext_lazy("Country"), TEXT, needed=True),
    ),
}


def cells_of(question: Question) -> tuple[Cell, ...]:
    """What each row of the answer holds, or its parts; nothing for answers of one piece."""
    if question.kind == FieldKind.TABLE:
        return tuple(Cell(one.key, one.label, one.kind) for one in question.columns)
    cells = CELLS.get(question.kind, ())
    if question.kind == FieldKind.BUDGET and question.options:
        return (Cell(CATEGORY, gettext_lazy("Category"), FieldKind.CHOICE, needed=True), *cells)
    return cells


def clean_cells(question: Question, raw: Any) -> list[Row] | Row:
    """The answer as it is stored: cells as typed without control characters, rows without a word left out."""
    cells = cells_of(question)
    if question.kind in PARTED:
        return _clean_row(cells, raw)
    rows = (_clean_row(cells, row) for row in (raw if isinstance(raw, list) else ()))
    return [row for row in rows if row]


def _clean_row(cells: Iterable[Cell], raw: Any) -> Row:
    raw = raw if isinstance(raw, Mapping) else {}
    row = {}
    for cell in cells:
        text = str(raw.get(cell.key) or "")
        row[cell.key] = clean_text(text) if cell.kind == LONG else clean_line(text)
    return row if any(row.values()) else {}


def final_cells(question: Question, answer: Any) -> Any:
    """A checked answer as it is sent: figures as plain decimals, days as ISO 8601."""
    kinds = {cell.key: cell.kind for cell in cells_of(question)}
    rows = [
        {key: _final(kinds.get(key, TEXT), text) for key, text in row.items()}
        for row in (answer if question.kind in GRIDS else [answer])
    ]
    return rows if question.kind in GRIDS else rows[0]


def _final(kind: FieldKind, text: str) -> str:
    if kind in FIGURES and (value := read_number(text)) is not None:
        return str(value)
    if kind == DATE and (day := read_date(text)):
        return day.isoformat()
    return text


@dataclass(frozen=True)
class CellFault:
    """What is wrong in one cell: the row (from 0; None for a part or for all of it), the cell, a stable word, a sentence."""

    row: int | None
    cell: str
    code: str
    text: str


def cell_faults(question: Question, answer: Any) -> list[CellFault]:
    """All that is wrong in an answer that is there, row by row; what a begun row lacks too."""
    name = say(question.label, get_language() or "en")
    if question.kind in PARTED:
        return list(_row_faults(question, answer, None, partial(_of_row, name, None)))
    found: list[CellFault] = []
    for place, row in enumerate(answer):
        told = partial(_of_row, name, place)
        found += _row_faults(question, row, place, told)
    if len(answer) > question.max_rows:
        text = _("“%(question)s” has room for %(max)s rows. Put some together.")
        found.append(CellFault(None, "", "rows", text % {"question": name, "max": number_text(question.max_rows)}))
    return found


def _of_row(question: str, place: int | None, fault: str) -> str:
    if place is None:
        return _("“%(question)s”: %(fault)s") % {"question": question, "fault": fault}
    values = {"question": question, "row": number_text(place + 1), "fault": fault}
    return _("“%(question)s”, row %(row)s: %(fault)s") % values


def _row_faults(
    question: Question, row: Mapping[str, str], place: int | None, told: Callable[[str], str]
) -> Iterable[CellFault]:
    code = get_language() or "en"
    for cell in cells_of(question):
        text = row.get(cell.key) or ""
        wrong = _cell_fault(question, cell, text, code)
        if wrong:
            yield CellFault(place, cell.key, wrong[0], told(wrong[1]))
    if question.kind == FieldKind.BUDGET:
        cost, asked = figure(row.get(COST)), figure(row.get(ASKED))
        if cost is not None and asked is not None and asked > cost:
            yield CellFault(place, ASKED, "more", told(_("the fund can’t be asked for more than the line costs.")))


def _cell_fault(question: Question, cell: Cell, text: str, code: str) -> tuple[str, str] | None:
    name = {"cell": cell.name(code)}
    if not text:
        return ("missing", _("fill in “%(cell)s”.") % name) if cell.needed else None
    if cell.kind in FIGURES:
        value = read_number(text)
        if value is None:
            return "number", _("“%(cell)s” needs a number, for example 12500.") % name
        if value < 0:
            return "min", _("“%(cell)s” can’t be less than 0.") % name
        exponent = value.as_tuple().exponent
        if cell.kind == MONEY and isinstance(exponent, int) and exponent < -2:
            return "number", _("“%(cell)s” has more than two decimals.") % name
    if cell.kind == DATE and read_date(text) is None:
        return "date", _("“%(cell)s” needs a day that exists, for example 27 3 2027.") % name
    if cell.kind == FieldKind.CHOICE and text not in {value for value, _label in question.options}:
        return "choice", _("choose a “%(cell)s” of the list.") % name
    return None


# --- budgets ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Sums:
    """What a budget's lines come to; lines whose figures can't be read count as nothing."""

    cost: Decimal
    asked: Decimal

    @property
    def own(self) -> Decimal:
        """What comes from elsewhere."""
        return self.cost - self.asked


def figure(text: str | None) -> Decimal | None:
    """The amount in a cell; None where there is none that can be read."""
    return read_number(text) if text else None


def sums_of(rows: Iterable[Mapping[str, str]]) -> Sums:
    """The sums of a budget."""
    lines = [(figure(row.get(COST)) or Decimal(0), figure(row.get(ASKED)) or Decimal(0)) for row in rows]
    return Sums(sum((cost for cost, _a in lines), Decimal(0)), sum((asked for _c, asked in lines), Decimal(0)))


def own_share(amount: Decimal, tiers: Iterable[Tier]) -> tuple[int, Decimal]:
    """What a grant of this amount asks from elsewhere: per cent of the grant, and how much that is (0, 0 where nothing)."""
    for tier in tiers:
        if tier.minimum <= amount <= tier.maximum:
            return tier.match, (amount * tier.match / 100).quantize(Decimal("0.01"))
    return 0, Decimal(0)


def budget_faults(
    question: Question, rows: list[Row], amount: Decimal | None, tiers: Iterable[Tier], currency: str
) -> list[tuple[str, str]]:
    """What does not fit between a budget, the amount that is asked for and the match funding of the grant's size."""
    if not rows or amount is None:
        return []
    sums, found = sums_of(rows), []
    name = {"question": say(question.label, get_language() or "en")}
    if sums.asked != amount:
        text = _(
            "The lines of “%(question)s” ask this fund for %(lines)s, but the application asks for %(amount)s. Make both the same."
        )
        found.append(
            ("sum", text % {**name, "lines": money_text(sums.asked, currency), "amount": money_text(amount, currency)})
        )
    match, need = own_share(amount, tiers)
    if sums.own < need:
        text = _(
            "A grant of this size needs at least %(share)s of it from elsewhere: %(need)s. “%(question)s” shows %(own)s."
        )
        found.append(
            (
                "match",
                text
                % {
                    **name,
                    "share": percent_text(Decimal(match) / 100),
                    "need": money_text(need, currency),
                    "own": money_text(sums.own, currency),
                },
            )
        )
    return found


def sums_text(rows: Iterable[Mapping[str, str]], currency: str) -> str:
    """A budget's sums as its page says them."""
    sums = sums_of(rows)
    return _("In all %(cost)s: from this fund %(asked)s, from elsewhere %(own)s.") % {
        "cost": money_text(sums.cost, currency),
        "asked": money_text(sums.asked, currency),
        "own": money_text(sums.own, currency),
    }
