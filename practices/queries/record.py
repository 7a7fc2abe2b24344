"""The pages on which a record is written: its tasks, one section, and what is still missing."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from cities.models import City
from network.collation import sort_key
from network.frame.moments import moment_text
from network.languages import LANGUAGES
from network.people.models import User
from network.translation.models import Shown, text_in
from practices.enums import OPEN
from practices.models import Practice, PracticeVersion, VersionSection
from practices.queries.adoptions import cities_of
from practices.queries.record_files import file_faults
from practices.queries.told import Names, file_names, row_name, told, told_row
from practices.rules.practices import can_create_practice
from practices.rules.sections import BY_KEY, FILES, SECTIONS, Section, name_of
from practices.rules.writing import Fault, all_faults, faults_of, is_begun, written_rows

Item = dict[str, Any]
# Whoever saved within this time is writing still.
WRITING_NOW = datetime.timedelta(minutes=5)


@dataclass(frozen=True)
class WritableCity:
    """A city whose practices the person writes: its name for the reader, and the language it writes in most likely."""

    slug: str
    name: str
    language: str


def writable_cities(user: Any, code: str) -> list[WritableCity]:
    """The cities whose practices this person writes, in the reader's alphabet."""
    named = cities_of(user).annotate(shown=Shown(City, "name", code)).order_by("slug")
    rows = named.values_list("slug", "shown", "native_language")
    found = [WritableCity(slug, name, own if own in LANGUAGES else code) for slug, name, own in rows]
    return sorted(found, key=lambda city: sort_key(city.name, code))


def get_written_practice(user: Any, slug: str) -> Practice:
    """A practice of the cities that the person writes for. Http404 for others."""
    practice = Practice.objects.select_related("city").filter(slug=slug).first()
    if practice is None or not can_create_practice(user, practice.city):
        raise Http404
    return practice


def get_version(user: Any, slug: str) -> PracticeVersion:
    """The newest version of a practice that the person writes for: the one on its way where there is one. Http404."""
    version = newest_version(get_written_practice(user, slug))
    if version is None:
        raise Http404
    return version


def newest_version(practice: Practice) -> PracticeVersion | None:
    """The version on its way, else the last one; with its practice."""
    rows = practice.record_versions.select_related("submitted_by", "decided_by").order_by("-number")
    version = rows.first()
    if version is not None:
        version.practice = practice
    return version


def get_version_section(user: Any, slug: str, section: str) -> tuple[PracticeVersion, Section]:
    """A version and one section of the form. Http404 where the form has none of that name, or for others."""
    if section not in BY_KEY:
        raise Http404
    return get_version(user, slug), BY_KEY[section]


def section_row(version: PracticeVersion, key: str) -> VersionSection:
    """A section as it is stored, with who wrote it last."""
    return VersionSection.objects.select_related("updated_by").get(version=version, section=key)


def city_name(practice: Practice, code: str) -> str:
    """The practice's city in the reader's language."""
    city = practice.city
    return next((name for one in (code, "en") if (name := text_in(city, "name", one))), city.native_name)


# --- the task list ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class RecordPage:
    """A version and its tasks.

    title: as written so far; faults: how many things keep it from being submitted; last: who saved last and when, in
    words; writers: everybody who wrote something that stands in it.
    """

    version: PracticeVersion
    title: str
    tasks: list[Item]
    faults: int
    last: str
    writers: list[str]

    @property
    def on_its_way(self) -> bool:
        """Whether it is not decided yet."""
        return self.version.state in OPEN


def record_page(version: PracticeVersion, reader: User) -> RecordPage:
    """The page's content for the person who reads it. One query."""
    rows = {row.section: row for row in VersionSection.objects.filter(version=version).select_related("updated_by")}
    now = timezone.now()
    tasks, faults = [], 0
    for section in SECTIONS:
        row = rows[section.key]
        found = faults_of(section, row.data, everything=True)
        faults += len(found)
        task = {
            "name": section.title,
            "hint": _wrote(row, reader, now) or section.help,
            "url": section_url(version, section),
            **_state(section, row.data, found),
        }
        tasks.append(task)
    touched = sorted((row for row in rows.values() if _touched(row)), key=lambda row: row.updated_at, reverse=True)
    last = _saved(touched[0], reader) if touched else ""
    writers = list(dict.fromkeys(str(row.updated_by) for row in touched))
    title = rows["about"].data.get("title") or ""
    return RecordPage(version, title, tasks, faults, last, writers)


def _state(section: Section, data: Mapping[str, Any], found: list[Fault]) -> Item:
    begun = is_begun(section, data)
    if any(fault.code != "missing" for fault in found):
        return {"state": "error"}
    if found:
        return {"state": "started" if begun else "todo"}
    return {"state": "done"} if begun else {"state": "todo", "word": _("Optional")}


def _touched(row: VersionSection) -> bool:
    """Whether somebody wrote in it since the version was begun."""
    return row.revision > 1 and row.updated_by_id is not None


def _wrote(row: VersionSection, reader: User, now: datetime.datetime) -> str:
    if not _touched(row):
        return ""
    if row.updated_by_id != reader.pk and now - row.updated_at < WRITING_NOW:
        return _("%(name)s is writing here now.") % {"name": row.updated_by}
    return _saved(row, reader)


def _saved(row: VersionSection, reader: User) -> str:
    said = {"name": row.updated_by, "moment": moment_text(row.updated_at, reader.time_zone)}
    return _("Last saved by %(name)s, %(moment)s.") % said


# --- one section ------------------------------------------------------------------------------------------------------


def section_url(version: PracticeVersion, section: Section) -> str:
    """Where a section is written."""
    return reverse("practices:record_section", args=[version.practice.slug, section.key])


def neighbours(version: PracticeVersion, section: Section) -> tuple[int, int, str]:
    """Which section this is (counting from 1), of how many, and the address of the next one (nothing after the last)."""
    place = SECTIONS.index(section)
    following = section_url(version, SECTIONS[place + 1]) if place + 1 < len(SECTIONS) else ""
    return place + 1, len(SECTIONS), following


def beside(row: VersionSection, reader: User) -> str:
    """Who else writes in the section now, in words; nothing where nobody does."""
    if not _touched(row) or row.updated_by_id == reader.pk or timezone.now() - row.updated_at >= WRITING_NOW:
        return ""
    return _("%(name)s is writing here now.") % {"name": row.updated_by}


def fault_url(version: PracticeVersion, fault: Fault) -> str:
    """Where a fault is put right; there the page marks what is missing too."""
    section = BY_KEY[fault.section]
    one = next(one for one in (section.rows if fault.row_key else section.fields) if one.key == fault.field)
    anchor = f"row-{fault.row_key}" if one.kind in FILES else f"id_{name_of(one, fault.row_key)}"
    return f"{section_url(version, section)}?check=1#{anchor}{'_0' if one.pressed else ''}"


# --- before it is submitted -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ShownSection:
    """A section for reading: rows as the piece `check_answers` takes them."""

    key: str
    title: Any
    rows: list[Item]


@dataclass(frozen=True)
class CheckPage:
    """All that was written, and what keeps it from being submitted: each with the address to put it right."""

    title: str
    sections: list[ShownSection]
    problems: list[Item]


def check_page(version: PracticeVersion) -> CheckPage:
    """The check page's content. Three queries."""
    said = dict(VersionSection.objects.filter(version=version).order_by().values_list("section", "data"))
    names = file_names(version.practice)
    faults = [*all_faults(said), *file_faults(version, said)]
    return CheckPage(
        title=said["about"].get("title") or "",
        sections=[_shown(version, section, said.get(section.key, {}), names) for section in SECTIONS],
        problems=[{"text": _told_fault(fault), "url": fault_url(version, fault)} for fault in faults],
    )


def _shown(version: PracticeVersion, section: Section, data: Mapping[str, Any], names: Names) -> ShownSection:
    here = section_url(version, section)
    rows: list[Item] = [
        {
            "question": one.label,
            "answer": told(one, data.get(one.key), names),
            "url": f"{here}#id_{name_of(one)}{'_0' if one.pressed else ''}",
            "what": one.label,
            "lang": version.language if one.translated else "",
        }
        for one in section.fields
    ]
    for place, row in enumerate(written_rows(section, data), start=1):
        name = row_name(section, row, place)
        text = told_row(section, row, names)
        rows.append({"question": name, "answer": text, "url": f"{here}#row-{row['key']}", "what": name})
    if section.rows and not section.fields and not rows:
        rows.append({"question": section.title, "answer": "", "url": here, "what": section.title})
    return ShownSection(section.key, section.title, rows)


def _told_fault(fault: Fault) -> str:
    if not fault.row:
        return fault.text
    name = row_name(BY_KEY[fault.section], {}, fault.row)
    return _("%(row)s: %(fault)s") % {"row": name, "fault": fault.text}
