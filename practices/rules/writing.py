"""What people type into a record's sections: as it is stored, what is wrong with it, and what it means."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from django.utils import timezone
from django.utils.translation import gettext as _, ngettext

from network.frame.names import number_text
from network.markup import without_markup
from network.numbers import read_date, read_known_date, read_number
from network.precision import Precision
from network.text import clean_line, clean_text, count_words
from practices.rules.sections import FILES, SECTIONS, Field, Kind, Section

# Far above every word limit: what is longer was not typed by a person.
MAX_CHARACTERS = 100_000
MAX_CONCEPTS = 12
FIRST_YEAR = 1900
LARGEST = Decimal(10) ** 12
ROWS = "rows"


@dataclass(frozen=True)
class Fault:
    """One thing to put right: where (row counts from 1, 0 for none), a stable word for programs, the sentence for people."""

    section: str
    field: str
    code: str
    text: str
    row: int = 0
    row_key: str = ""


def clean_section(section: Section, typed: Mapping[str, Any]) -> dict[str, Any]:
    """A section as it is stored: as typed, without control characters; of markup what it says. Each row has a key.

    Nothing is required, and too much is kept too. A row without a key of its own gets one; a key that comes twice is made
    anew.
    """
    data: dict[str, Any] = {one.key: _clean(one, typed.get(one.key)) for one in section.fields}
    if section.rows:
        rows, seen = [], set[str]()
        for raw in typed.get(ROWS) or ():
            row = {one.key: _clean(one, raw.get(one.key)) for one in section.rows}
            key = _key(raw.get("key"))
            key = str(uuid.uuid4()) if key is None or key in seen else key
            seen.add(key)
            rows.append({"key": key, **row})
        data[ROWS] = rows
    return data


def _key(raw: Any) -> str | None:
    try:
        return str(uuid.UUID(str(raw)))
    except ValueError:
        return None


def _clean(one: Field, raw: Any) -> Any:
    match one.kind:
        case Kind.FLAG:
            return raw in {True, "on", "true", "1"}
        case Kind.CONCEPTS:
            codes = raw if isinstance(raw, list | tuple) else [raw] if raw else []
            return list(dict.fromkeys(filter(None, (clean_line(str(code))[:60] for code in codes))))
        case Kind.TEXT:
            return clean_text(without_markup(str(raw or "")))
        case Kind.LINE:
            return clean_line(without_markup(str("" if raw is None else raw)))
        case kind if kind in FILES:
            return _key(raw) or ""
        case _:
            return clean_line(str("" if raw is None else raw))


def is_blank(section: Section, row: Mapping[str, Any]) -> bool:
    """Whether nothing was typed into a row: choices that stand there by themselves do not count."""
    return not any(row.get(one.key) for one in section.rows if one.kind not in {Kind.CHOICE, Kind.FLAG})


def written_rows(section: Section, data: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The rows in which something is written, in their order."""
    return [row for row in data.get(ROWS, ()) if not is_blank(section, row)]


def is_begun(section: Section, data: Mapping[str, Any]) -> bool:
    """Whether anything was written in the section."""
    return any(data.get(one.key) for one in section.fields) or bool(written_rows(section, data))


def longest(data: Mapping[str, Any]) -> int:
    """The characters of the longest text in a section."""
    texts = [*data.values(), *(text for row in data.get(ROWS, ()) for text in row.values())]
    return max((len(text) for text in texts if isinstance(text, str)), default=0)


def faults_of(section: Section, data: Mapping[str, Any], *, everything: bool = False) -> list[Fault]:
    """What is wrong with what is there; with `everything`, also what is missing for submitting. In the form's order."""
    found = [
        Fault(section.key, one.key, *wrong)
        for one in section.fields
        if (wrong := fault_of(one, data.get(one.key), everything=everything))
    ]
    found += _between(section, data)
    rows = written_rows(section, data)
    numbers = {row["key"]: number for number, row in enumerate(data.get(ROWS, ()), start=1)}
    for row in rows:
        for one in section.rows:
            if wrong := fault_of(one, row.get(one.key), everything=everything):
                found.append(Fault(section.key, one.key, *wrong, row=numbers[row["key"]], row_key=row["key"]))
    return found


def all_faults(sections: Mapping[str, Mapping[str, Any]]) -> list[Fault]:
    """All that keeps a version from being submitted, in the order of the form."""
    return [
        fault for section in SECTIONS for fault in faults_of(section, sections.get(section.key, {}), everything=True)
    ]


def fault_of(one: Field, value: Any, *, everything: bool = False) -> tuple[str, str] | None:
    """What is wrong with one field, as (code, sentence); None where nothing is."""
    name = {"question": str(one.label)}
    if not value:
        if not (everything and one.needed):
            return None
        words = _("Choose “%(question)s”.") if one.kind in {Kind.CHOICE, Kind.CONCEPTS} else _("Answer “%(question)s”")
        return "missing", (_("Upload “%(question)s”") if one.kind in FILES else words) % name
    match one.kind:
        case Kind.LINE | Kind.TEXT:
            return _text_fault(one, value, name)
        case Kind.MONEY | Kind.NUMBER | Kind.WHOLE | Kind.YEAR:
            return _number_fault(one, value, name)
        case Kind.WHEN:
            if read_known_date(value) is None:
                return "date", _("“%(question)s” needs a day, month or year that exists, for example 9 2019.") % name
        case Kind.DAY:
            if read_date(value) is None:
                return "date", _(
                    "“%(question)s” needs a day that exists: day, month, year, for example 27 3 2027."
                ) % name
        case Kind.CHOICE:
            if value not in dict(one.choices):
                return "choice", _("Choose one answer to “%(question)s”.") % name
        case Kind.CONCEPTS:
            if len(value) > MAX_CONCEPTS:
                return "max", _("“%(question)s”: choose at most %(limit)d.") % {**name, "limit": MAX_CONCEPTS}
        case Kind.LINK:
            return _link_fault(one, value, name)
    return None


def _text_fault(one: Field, text: str, name: dict[str, str]) -> tuple[str, str] | None:
    words = count_words(text)
    if one.words and words > one.words:
        over = words - one.words
        said = ngettext(
            "“%(question)s” is %(over)d word too long. At most %(max)d words.",
            "“%(question)s” is %(over)d words too long. At most %(max)d words.",
            over,
        )
        return "words", said % {**name, "over": over, "max": one.words}
    if one.characters and len(text) > one.characters:
        said = _("“%(question)s” is too long: %(count)s characters. At most %(limit)s.")
        return "characters", said % {**name, "count": number_text(len(text)), "limit": number_text(one.characters)}
    return None


def _number_fault(one: Field, text: str, name: dict[str, str]) -> tuple[str, str] | None:
    value = read_number(text)
    if value is None:
        return "number", _("“%(question)s” needs a number, for example 12500.") % name
    if one.kind in {Kind.WHOLE, Kind.YEAR} and value != value.to_integral_value():
        return "number", _("“%(question)s” needs a whole number.") % name
    exponent = value.as_tuple().exponent
    if isinstance(exponent, int) and exponent < -2:
        return "number", _("“%(question)s” has more than two decimals.") % name
    low, high = _bounds(one)
    if value < low:
        return "min", _("“%(question)s” must be at least %(limit)s.") % {**name, "limit": _told(one, low)}
    if value > high:
        return "max", _("“%(question)s” must be at most %(limit)s.") % {**name, "limit": _told(one, high)}
    return None


def _bounds(one: Field) -> tuple[Decimal, Decimal]:
    match one.kind:
        case Kind.YEAR:
            return Decimal(FIRST_YEAR), Decimal(timezone.localdate().year + 1)
        case Kind.WHOLE if one.key == "settings_count":
            return Decimal(1), Decimal(32_767)
        case Kind.WHOLE:
            return Decimal(0), Decimal(2_000_000_000)
        case Kind.NUMBER if one.key == "staff":
            return Decimal(0), Decimal(10_000)
        case Kind.MONEY:
            return Decimal(0), LARGEST - 1
        case _:
            return -LARGEST + 1, LARGEST - 1


def _told(one: Field, limit: Decimal) -> str:
    return str(limit) if one.kind == Kind.YEAR else number_text(limit)


def _link_fault(one: Field, text: str, name: dict[str, str]) -> tuple[str, str] | None:
    try:
        parts = urlsplit(text)
        fine = parts.scheme in {"http", "https"} and "." in (parts.hostname or "") and " " not in text
    except ValueError:
        fine = False
    if not fine or len(text) > one.characters:
        return "link", _("“%(question)s” needs an address that begins with https://") % name
    return None


def _between(section: Section, data: Mapping[str, Any]) -> Iterator[Fault]:
    """What is wrong only when two fields are seen together."""
    if section.key == "about":
        started, ended = read_known_date(data.get("started_on") or ""), read_date(data.get("ended_on") or "")
        if started and ended and ended < started[0]:
            yield Fault(section.key, "ended_on", "dates", _("The end lies before the start."))
    if section.key == "resources" and not data.get("currency") and (data.get("total_cost") or data.get("yearly_cost")):
        yield Fault(section.key, "currency", "currency", _("Choose the currency of the cost."))


def meaning(one: Field, value: Any) -> Any:
    """A field without faults as Python means it: Decimal, int, date, (date, Precision), text, list; None for nothing."""
    if one.kind in {Kind.LINE, Kind.TEXT, Kind.CHOICE, Kind.LINK}:
        return value or ""
    if one.kind == Kind.FLAG:
        return bool(value)
    if not value:
        return [] if one.kind == Kind.CONCEPTS else None
    match one.kind:
        case Kind.MONEY | Kind.NUMBER:
            return read_number(value)
        case Kind.WHOLE | Kind.YEAR:
            number = read_number(value)
            return None if number is None else int(number)
        case Kind.DAY:
            return read_date(value)
        case Kind.WHEN:
            return read_known_date(value)
        case _:
            return value


def as_typed(one: Field, value: Any) -> Any:
    """The other way round: a stored value as somebody would type it, so that `meaning` reads the same again."""
    if one.kind == Kind.FLAG:
        return bool(value)
    if one.kind == Kind.CONCEPTS:
        return list(value or ())
    if value is None or value == "":
        return ""
    match one.kind:
        case Kind.WHEN:
            return _known_as_typed(*value)
        case Kind.DAY:
            return f"{value.day} {value.month} {value.year}"
        case Kind.MONEY | Kind.NUMBER:
            text = f"{value:f}"
            return text.rstrip("0").rstrip(".") if "." in text else text
        case _:
            return str(value)


def _known_as_typed(day: datetime.date, precision: str) -> str:
    match precision:
        case Precision.YEAR:
            return str(day.year)
        case Precision.MONTH:
            return f"{day.month} {day.year}"
        case _:
            return f"{day.day} {day.month} {day.year}"
