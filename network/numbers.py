"""Numbers, amounts and dates as people write them: digits of any script, separators of any habit. Pure functions."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from decimal import Decimal

from network.precision import Precision
from network.text import BIDI_CONTROLS, ascii_digits

# Arabic decimal and thousands separators, Arabic comma, the minus sign of mathematics.
SIGNS = str.maketrans({"٫": ".", "٬": ",", "،": ",", "−": "-", "’": "'"})
PLAIN = re.compile(r"-?\d+(\.\d+)?")
MONTH = re.compile(r"(\d{1,4})[\s./-]+(\d{1,4})")
YEAR = re.compile(r"\d{4}")
DATE = re.compile(r"(\d{1,4})[\s./-]+(\d{1,2})[\s./-]+(\d{1,4})")
LONGEST = 40


def read_number(text: str) -> Decimal | None:
    """The number a person wrote; None where it is none. Currency signs and codes around it are passed over.

    Of two kinds of separator the last is the decimal one (1.234,50 and 1,234.50); one kind alone groups thousands where
    it stands before every three digits (50,000), and is decimal otherwise (12,5).
    """
    text = _plain(text)
    text = "".join(c for c in text if unicodedata.category(c) != "Sc")
    text = re.sub(r"^[A-Za-z]{3}(?![A-Za-z])|(?<![A-Za-z])[A-Za-z]{3}$", "", text.strip())
    text = re.sub(r"[\s'_]", "", text)
    marks = [c for c in text if c in ".,"]
    if len(set(marks)) == 2:
        decimal = marks[-1]
        if marks.count(decimal) > 1:
            return None
        whole, _, fraction = text.rpartition(decimal)
        if not _grouped(whole, "." if decimal == "," else ","):
            return None
        text = re.sub(r"[.,]", "", whole) + "." + fraction
    elif marks:
        if _grouped(text, marks[0]):
            text = text.replace(marks[0], "")
        elif len(marks) == 1:
            text = text.replace(",", ".")
    return Decimal(text) if PLAIN.fullmatch(text) else None


def _grouped(text: str, mark: str) -> bool:
    return bool(re.fullmatch(rf"-?[1-9]\d{{0,2}}({re.escape(mark)}\d{{3}})+", text))


def read_date(text: str) -> date | None:
    """The day a person wrote, as day month year or as 2027-03-27; None where there is no such day in 1900 to 2199."""
    found = DATE.fullmatch(_plain(text))
    if not found:
        return None
    first, month, last = (int(part) for part in found.groups())
    year, day = (first, last) if len(found[1]) == 4 else (last, first)
    if not 1900 <= year < 2200:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def read_known_date(text: str) -> tuple[date, Precision] | None:
    """A day as far as a person knows it: 2 9 2019, 9 2019 or 2019 (also 2019-09); None where it is none of these.

    What is not known of it is the first month or day.
    """
    plain = _plain(text)
    if YEAR.fullmatch(plain):
        day = read_date(f"1 1 {plain}")
        return (day, Precision.YEAR) if day else None
    if found := MONTH.fullmatch(plain):
        first, last = found.groups()
        month, year = (last, first) if len(first) == 4 else (first, last)
        day = read_date(f"1 {month} {year}")
        return (day, Precision.MONTH) if day else None
    day = read_date(plain)
    return (day, Precision.DAY) if day else None


def _plain(text: str) -> str:
    return ascii_digits(BIDI_CONTROLS.sub("", text[:LONGEST])).translate(SIGNS).strip() if len(text) <= LONGEST else ""
