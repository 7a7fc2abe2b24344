"""What a book changes in a section: which row is which, and the differences in the words of the cells."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language, gettext as _

from network.languages import DEFAULT
from practices.imports.book_columns import ROWS, written
from practices.rules.sections import FILES, Field, Kind, Section
from practices.rules.writing import meaning, written_rows


@dataclass(frozen=True)
class Change:
    """One difference, in the cells' own words."""

    what: str
    before: str
    after: str


def with_keys(
    section: Section, rows: list[dict[str, Any]], present: list[dict[str, Any]], practice: str
) -> list[dict[str, Any]]:
    """Give rows the keys, and the files, of those they were: of the same row, else of the one of the same name.

    By its key a row keeps its translations. A row that was nowhere gets one that the same book would give it again.
    """
    files = [one.key for one in section.rows if one.kind in FILES]
    name = next(one.key for one in section.rows if one.needed and one.kind in {Kind.LINE, Kind.TEXT})
    free, found = list(present), dict[int, dict[str, Any]]()
    for by_name in (False, True):
        for place, row in enumerate(rows):
            if place in found:
                continue
            match = next((one for one in free if _is_that(section, row, one, name if by_name else "")), None)
            if match is not None:
                found[place] = match
                free.remove(match)
    return [
        {**row, **(_kept(found[place], files) if place in found else {"key": _new_key(section, row, place, practice)})}
        for place, row in enumerate(rows)
    ]


def _is_that(section: Section, row: Mapping[str, Any], other: Mapping[str, Any], name: str) -> bool:
    if name:
        return bool(row[name]) and row[name] == other.get(name)
    places = ROWS[section.key]
    return all(means_the_same(place.field, row[place.field.key], other.get(place.field.key)) for place in places)


def _kept(row: Mapping[str, Any], files: list[str]) -> dict[str, Any]:
    return {"key": row["key"], **{name: row.get(name) or "" for name in files}}


def _new_key(section: Section, row: Mapping[str, Any], place: int, practice: str) -> str:
    told = [practice, section.key, place, [row[one.field.key] for one in ROWS[section.key]]]
    return str(uuid.uuid5(uuid.NAMESPACE_OID, json.dumps(told)))


def means_the_same(one: Field, before: Any, after: Any) -> bool:
    """Whether two texts of a field say the same: a day written another way is the same day."""
    return before == after or meaning(one, before) == meaning(one, after)


def differences(section: Section, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterable[Change]:
    """What becomes different in a section, in the words of its cells. A day written another way is none."""
    for one in section.fields:
        if not means_the_same(one, before.get(one.key), after.get(one.key)):
            yield Change(str(one.label), *_told(one, before.get(one.key), after.get(one.key)))
    old = {row["key"]: row for row in written_rows(section, before)}
    new = {row["key"]: row for row in written_rows(section, after)}
    for number, (key, row) in enumerate(new.items(), start=1):
        named = _("%(section)s, row %(number)d") % {"section": section.title, "number": number}
        if key not in old:
            yield Change(named, "", _summary(section, row))
            continue
        for one in section.rows:
            if not means_the_same(one, old[key].get(one.key), row.get(one.key)):
                yield Change(f"{named}: {one.label}", *_told(one, old[key].get(one.key), row.get(one.key)))
    for key, row in old.items():
        if key not in new:
            yield Change(str(section.title), _summary(section, row), "")
    if [key for key in old if key in new] != [key for key in new if key in old]:
        yield Change(str(section.title), "", _("in another order"))


def _told(one: Field, before: Any, after: Any) -> tuple[str, str]:
    code = get_language() or DEFAULT
    return written(one, before, code), written(one, after, code)


def _summary(section: Section, row: Mapping[str, Any]) -> str:
    """A row in one line."""
    code = get_language() or DEFAULT
    told = (one for one in section.rows if row.get(one.key) and one.kind not in FILES)
    return " · ".join(written(one, row[one.key], code) for one in told)
