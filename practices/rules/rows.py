"""The rows of a section as they are added, moved and removed while it is written. Pure: each answers with a new list."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from practices.rules.sections import Section

Row = Mapping[str, Any]


def blank_row(section: Section, key: str = "") -> dict[str, Any]:
    """A row in which nothing is written yet, with a key of its own."""
    return {"key": key or str(uuid.uuid4()), **{one.key: "" for one in section.rows}}


def first_row(section: Section, version: int, revision: int) -> dict[str, Any]:
    """The blank row that a page offers where there is none: the same on every look until something is saved."""
    return blank_row(section, str(uuid.uuid5(uuid.NAMESPACE_OID, f"koine {version} {section.key} {revision}")))


def place_of(rows: Sequence[Row], key: str) -> int | None:
    """Where the row of that key stands, from 0; None where there is none."""
    return next((place for place, row in enumerate(rows) if row.get("key") == key), None)


def moved(rows: Sequence[Row], key: str, by: int) -> list[Row]:
    """The rows with one of them so many places further down (or up); at the ends, and for an unknown key, as they were."""
    place, found = place_of(rows, key), list(rows)
    if place is not None and 0 <= place + by < len(found):
        found.insert(place + by, found.pop(place))
    return found


def without(rows: Sequence[Row], key: str) -> list[Row]:
    """The rows without that one."""
    return [row for row in rows if row.get("key") != key]


def put_back(rows: Sequence[Row], row: Row, place: int) -> list[Row]:
    """The rows with a removed one where it stood, unless it is there again already."""
    if place_of(rows, str(row.get("key"))) is not None:
        return list(rows)
    found = list(rows)
    found.insert(max(0, min(place, len(found))), row)
    return found
