"""The files of a version as its pages show them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from network.scanner import Scan, note_of
from practices.models import PracticeFile, PracticeVersion
from practices.rules.sections import BY_KEY, FILES, Section
from practices.rules.writing import ROWS, Fault, written_rows


@dataclass(frozen=True)
class ShownFile:
    """A file of a row: its name, size in bytes, address (nothing until it is clean), and what to know about it."""

    name: str
    size: int
    url: str
    note: str
    width: int
    height: int


def files_in(version: PracticeVersion, section: Section, data: Mapping[str, Any]) -> dict[str, ShownFile]:
    """The files that the rows of a section name, by the rows' keys. No query where none is named."""
    named = {
        row["key"]: row[one.key]
        for row in data.get(ROWS) or ()
        for one in section.rows
        if one.kind in FILES and row.get(one.key)
    }
    found = _files(version, named.values())
    return {key: _shown(found[uuid]) for key, uuid in named.items() if uuid in found}


def file_faults(version: PracticeVersion, sections: Mapping[str, Mapping[str, Any]]) -> list[Fault]:
    """Files that keep a version from being submitted: gone, or not clean. In the form's order."""
    named = [
        (section, row, one, row[one.key])
        for section in BY_KEY.values()
        for row in written_rows(section, sections.get(section.key, {}))
        for one in section.rows
        if one.kind in FILES and row.get(one.key)
    ]
    found = _files(version, (uuid for *_where, uuid in named))
    faults = []
    for section, row, one, uuid in named:
        place = [each["key"] for each in sections[section.key][ROWS]].index(row["key"]) + 1
        if uuid not in found:
            text = _("A file of this version is gone. Upload it again.")
        elif found[uuid].scan != Scan.CLEAN:
            text = f"{found[uuid].name} {note_of(found[uuid].scan)}"
        else:
            continue
        faults.append(Fault(section.key, one.key, "file", text, row=place, row_key=row["key"]))
    return faults


def _files(version: PracticeVersion, uuids: Iterable[str]) -> dict[str, PracticeFile]:
    wanted = set(uuids)
    if not wanted:
        return {}
    rows = PracticeFile.objects.filter(practice=version.practice_id, uuid__in=wanted).order_by("id")
    return {str(file.uuid): file for file in rows}


def _shown(file: PracticeFile) -> ShownFile:
    url = reverse("practices:file", args=[file.uuid]) if file.scan == Scan.CLEAN else ""
    return ShownFile(file.name, file.size, url, note_of(file.scan), file.width, file.height)
