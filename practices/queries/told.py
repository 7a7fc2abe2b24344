"""What was written into a record's sections, in the reader's words: for checking it, and for choosing between two texts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language, gettext as _

from network.frame.moments import known_day_text
from network.frame.names import number_text
from network.numbers import read_date, read_known_date, read_number
from network.precision import Precision
from practices.models import Practice, PracticeFile
from practices.queries.scheme import scheme
from practices.rules.sections import FILES, Field, Kind, Section
from practices.rules.writing import ROWS, written_rows

Names = Mapping[str, str]


def file_names(practice: Practice) -> dict[str, str]:
    """The names of a practice's files by their ids. One query."""
    rows = PracticeFile.objects.filter(practice=practice).order_by("id").values_list("uuid", "name")
    return {str(uuid): name for uuid, name in rows}


def told(one: Field, value: Any, names: Names) -> str:
    """A field's value in words; what can't be read as it was typed."""
    if not value:
        return ""
    match one.kind:
        case Kind.FLAG:
            return _("Yes")
        case Kind.CHOICE:
            return str(dict(one.choices).get(value, value))
        case Kind.CONCEPTS:
            return _(", ").join(concept_name(code) for code in value)
        case Kind.MONEY | Kind.NUMBER | Kind.WHOLE:
            number = read_number(value)
            return str(value) if number is None else number_text(number)
        case Kind.WHEN:
            known = read_known_date(value)
            return known_day_text(*known) if known else str(value)
        case Kind.DAY:
            day = read_date(value)
            return known_day_text(day, Precision.DAY) if day else str(value)
        case kind if kind in FILES:
            return names.get(value, "")
        case _:
            return str(value)


def concept_name(code: str) -> str:
    """A concept's name in the reader's language; its code where the classification has none of it."""
    found = scheme().resolve(code)
    return found.label(get_language() or "en") if found else code


def told_row(section: Section, row: Mapping[str, Any], names: Names) -> str:
    """A row in words, a line for each of its fields in which something is written."""
    said = ((one, told(one, row.get(one.key), names)) for one in section.rows)
    return "\n".join(f"{one.label}: {text}" for one, text in said if text)


def told_section(section: Section, data: Mapping[str, Any], names: Names) -> str:
    """A whole section in words."""
    fields = ((one, told(one, data.get(one.key), names)) for one in section.fields)
    parts = [f"{one.label}: {text}" for one, text in fields if text]
    return "\n\n".join([*parts, *(told_row(section, row, names) for row in written_rows(section, data))])


def row_name(section: Section, row: Mapping[str, Any], number: int) -> str:
    """What a row is called: "Building block 2", as people count."""
    return _("%(row)s %(number)s") % {"row": section.row, "number": number_text(number)}


def rows_of(data: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The rows of a section as stored, blank ones too."""
    return list(data.get(ROWS) or ())
