"""What differs between two states of a record: by section, field and row, in the reader's words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from network.audit.models import AuditEvent
from practices.enums import VersionState
from practices.models import PracticeVersion, VersionSection
from practices.queries.told import Names, concept_name, told
from practices.rules.sections import SECTIONS, Field, Kind, Section
from practices.rules.wording import Change, Piece, moved, pieces
from practices.rules.writing import written_rows

Sections = Mapping[str, Mapping[str, Any]]
TEXTS = (Kind.LINE, Kind.TEXT)


class RowChange(StrEnum):
    """What became of a row."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"


@dataclass(frozen=True)
class FieldDifference:
    """A field that is another: its name, and how it became what it is. `language` is set where it is the city's text."""

    label: str
    pieces: list[Piece]
    language: str = ""


@dataclass(frozen=True)
class RowDifference:
    """A row that came, went, changed or stands at another place; `moved` also where a changed row was moved."""

    name: str
    change: RowChange
    moved: bool
    fields: list[FieldDifference]


@dataclass(frozen=True)
class SectionDifference:
    """A section in which something differs."""

    key: str
    title: str
    fields: list[FieldDifference]
    rows: list[RowDifference]


def differences(before: Sections, after: Sections, language: str, names: Names) -> list[SectionDifference]:
    """The sections in which something differs, in the order of the form. `names`: what files are called, by their ids."""
    found = []
    for section in SECTIONS:
        old, new = before.get(section.key, {}), after.get(section.key, {})
        fields = _fields(section.fields, old, new, language, names)
        rows = _rows(section, old, new, language, names) if section.rows else []
        if fields or rows:
            found.append(SectionDifference(section.key, str(section.title), fields, rows))
    return found


def _fields(
    fields: Sequence[Field], old: Mapping[str, Any], new: Mapping[str, Any], language: str, names: Names
) -> list[FieldDifference]:
    found = []
    for one in fields:
        was, now = old.get(one.key), new.get(one.key)
        if was == now or (not was and not now):
            continue
        said = _concepts(was, now) if one.kind == Kind.CONCEPTS else _said(one, was, now, names)
        if any(piece.change != Change.SAME for piece in said):
            found.append(FieldDifference(str(one.label), said, language if one.kind in TEXTS else ""))
    return found


def _said(one: Field, was: Any, now: Any, names: Names) -> list[Piece]:
    before, after = told(one, was, names), told(one, now, names)
    if one.kind in TEXTS:
        return pieces(before, after)
    if before == after:
        return []
    whole = (Piece(Change.REMOVED, before), Piece(Change.ADDED, after))
    return [piece for piece in whole if piece.text]


def _concepts(was: Any, now: Any) -> list[Piece]:
    """What is not classified by any more, and what is now; what stayed is not told."""
    gone = [concept_name(code) for code in was or () if code not in (now or ())]
    come = [concept_name(code) for code in now or () if code not in (was or ())]
    return [
        *(Piece(Change.REMOVED, name) for name in gone),
        *(Piece(Change.ADDED, name) for name in come),
    ]


def _rows(
    section: Section, old: Mapping[str, Any], new: Mapping[str, Any], language: str, names: Names
) -> list[RowDifference]:
    was = {row["key"]: row for row in written_rows(section, old)}
    now = {row["key"]: row for row in written_rows(section, new)}
    elsewhere = moved(list(was), list(now))
    found = []
    for key, row in now.items():
        fields = _fields(section.rows, was.get(key, {}), row, language, names)
        if key not in was:
            change = RowChange.ADDED
        elif fields:
            change = RowChange.CHANGED
        elif key in elsewhere:
            change = RowChange.MOVED
        else:
            continue
        found.append(RowDifference(_name(section, row, names), change, key in elsewhere, fields))
    for key, row in was.items():
        if key not in now:
            fields = _fields(section.rows, row, {}, language, names)
            found.append(RowDifference(_name(section, row, names), RowChange.REMOVED, False, fields))
    return found


def _name(section: Section, row: Mapping[str, Any], names: Names) -> str:
    """What a row calls itself: its first line of text, else what such rows are called."""
    said = (told(one, row.get(one.key), names) for one in section.rows if one.kind == Kind.LINE)
    return next((text for text in said if text), str(section.row))


def stored(version: PracticeVersion) -> dict[str, Any]:
    """A version's sections as they stand. One query."""
    return dict(VersionSection.objects.filter(version=version).order_by().values_list("section", "data"))


def stored_when_sent_back(version: PracticeVersion) -> dict[str, Any] | None:
    """A version's sections as they stood when its revision was asked last, by history; None where it never was. Three
    queries.

    The first change afterwards says what stood there before it; where nothing changed since, it stands there now.
    """
    moves = AuditEvent.objects.filter(table=PracticeVersion._meta.db_table, row=str(version.pk)).order_by("-id")
    asked = next((event.pk for event in moves if _turned(event) == VersionState.REVISION), None)
    if asked is None:
        return None
    rows = {str(row.pk): row for row in VersionSection.objects.filter(version=version)}
    changes = AuditEvent.objects.filter(
        table=VersionSection._meta.db_table, row__in=list(rows), pk__gt=asked, action=AuditEvent.Action.UPDATE
    )
    then: dict[str, Any] = {}
    for event in changes.order_by("id"):
        then.setdefault(event.row, (event.before or {}).get("data"))
    return {row.section: then.get(pk) or row.data for pk, row in rows.items()}


def _turned(event: AuditEvent) -> Any:
    """The state that a version was moved to; None where it was not moved."""
    return {name: after for name, _before, after in event.changes()}.get("state")
