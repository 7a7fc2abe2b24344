"""Writing a version over its record: what was agreed becomes what the public reads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from network.doors import DomainError
from network.precision import Precision
from network.scanner import Scan
from network.translation.models import column, texts_of
from practices.domain.maturity import refresh_maturity
from practices.domain.practices import held_themes, usable_themes
from practices.domain.search import index_practice
from practices.enums import FileKind
from practices.models import Practice, PracticeFile, PracticeNarrative
from practices.queries.snapshot import CONCEPT_FIELDS, PARTS, holds
from practices.rules.completeness import CARD_FIELDS, SECTIONS as NARRATIVE, complete_languages
from practices.rules.sections import BY_KEY, FILES, SECTIONS, Field, Kind, Section
from practices.rules.writing import meaning, written_rows

FILE_KINDS = {Kind.PICTURE: FileKind.PICTURE, Kind.DOCUMENT: FileKind.DOCUMENT}


def apply_sections(practice: Practice, sections: Mapping[str, Mapping[str, Any]]) -> Practice:
    """Write the sections (without faults, see `rules.writing.all_faults`) over the record, in its original language.

    Rows keep their translations by their keys; rows that are not named any more go. The practice is locked by the caller,
    and its concepts before it (`hold_concepts`). Texts in other languages stay as they are.
    """
    narrative = PracticeNarrative.objects.select_for_update().get(practice=practice)
    for section in SECTIONS:
        for one in section.fields:
            if one.kind != Kind.CONCEPTS:
                _put(one, sections.get(section.key, {}).get(one.key), practice, narrative)
    # A number of places is known even where nobody typed one.
    practice.settings_count = practice.settings_count or 1
    practice.languages = complete_languages(
        {
            **{name: texts_of(practice, name) for name in CARD_FIELDS},
            **{name: texts_of(narrative, name) for name in NARRATIVE},
        }
    )
    practice.version += 1
    practice.updated_at = timezone.now()
    practice.save()
    narrative.save()
    practice.themes.set(usable_themes(held_themes(concepts_of(sections)), practice.themes.values_list("pk", flat=True)))
    files = files_of(practice, sections)
    for key in PARTS:
        _write_rows(practice, BY_KEY[key], written_rows(BY_KEY[key], sections.get(key, {})), files)
    refresh_maturity(practice)
    index_practice(practice)
    return practice


def concepts_of(sections: Mapping[str, Mapping[str, Any]]) -> tuple[str, ...]:
    """The codes of all concepts that the sections name."""
    said = sections.get("classification", {})
    return tuple(dict.fromkeys(code for name in CONCEPT_FIELDS for code in said.get(name) or ()))


def hold_concepts(sections: Mapping[str, Mapping[str, Any]]) -> None:
    """Lock the concepts that the sections name, before the practice is locked, as merging them does.

    DomainError `theme` where one is unknown.
    """
    held_themes(concepts_of(sections))


def files_of(practice: Practice, sections: Mapping[str, Mapping[str, Any]]) -> dict[str, PracticeFile]:
    """The files that the sections name, by id.

    DomainError `file:<id>` where one is not this practice's, is of another kind or is not clean (yet).
    """
    named = {
        row[one.key]: FILE_KINDS[one.kind]
        for key in PARTS
        for row in written_rows(BY_KEY[key], sections.get(key, {}))
        for one in BY_KEY[key].rows
        if one.kind in FILES and row.get(one.key)
    }
    found = {str(file.uuid): file for file in PracticeFile.objects.filter(practice=practice, uuid__in=named)}
    if wrong := [uuid for uuid, kind in named.items() if uuid not in found or found[uuid].kind != kind]:
        raise DomainError(_("A file of this version is gone. Upload it again."), code=f"file:{wrong[0]}")
    if unclean := [uuid for uuid, file in found.items() if file.scan != Scan.CLEAN]:
        raise DomainError(
            _("A file of this version is not checked for viruses yet, or can’t be used."), code=f"file:{unclean[0]}"
        )
    return found


def _put(one: Field, typed: Any, practice: Practice, narrative: PracticeNarrative) -> None:
    value = meaning(one, typed)
    if one.kind == Kind.WHEN:
        practice.started_on, practice.started_precision = value or (None, Precision.DAY)
        return
    target = practice if holds(Practice, one.key) else narrative
    setattr(target, column(one.key, practice.original_language) if one.translated else one.key, value)


def _write_rows(
    practice: Practice, section: Section, rows: Iterable[Mapping[str, Any]], files: Mapping[str, PracticeFile]
) -> None:
    model: Any = PARTS[section.key]
    there = {str(row.key): row for row in model.objects.filter(practice=practice)}
    for position, said in enumerate(rows):
        row: Any = there.pop(said["key"], None) or model(practice=practice, key=said["key"])
        row.position = position
        for one in section.rows:
            if one.kind in FILES:
                setattr(row, one.key, files.get(said.get(one.key) or ""))
            else:
                name = column(one.key, practice.original_language) if one.translated else one.key
                setattr(row, name, meaning(one, said.get(one.key)))
        row.save()
    for gone in there.values():
        gone.delete()
