"""The page that a version will be: composed like the public one, from what is written so far."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from network.precision import Precision
from network.scanner import Scan
from network.translation.models import column
from practices.models import Concept, Practice, PracticeFile, PracticeVersion, VersionSection
from practices.queries.detail import Detail, compose, record
from practices.queries.parts import FILE, SHAPES, Shape, parts_from
from practices.queries.snapshot import CONCEPT_FIELDS, PARTS, holds
from practices.rules.completeness import TEXT_FIELDS
from practices.rules.sections import BY_KEY, FILES, SECTIONS, Field, Kind
from practices.rules.writing import fault_of, meaning, written_rows

TEXTS = (*TEXT_FIELDS, "area", "funding")


def preview(version: PracticeVersion, code: str) -> Detail:
    """The page of a version, in its own language, for a reader of `code`. What is wrong so far is left out."""
    sections = dict(VersionSection.objects.filter(version=version).order_by().values_list("section", "data"))
    practice = record(Practice.objects.filter(pk=version.practice_id), code)
    assert practice is not None
    texts = dict.fromkeys(TEXTS, "")
    for section in SECTIONS:
        said = sections.get(section.key, {})
        for one in section.fields:
            if one.key in texts:
                texts[one.key] = said.get(one.key) or ""
            elif one.kind != Kind.CONCEPTS:
                _overlay(practice, one, said.get(one.key))
    practice.languages = list({*practice.languages} - {version.language})
    chosen = [concept for name in CONCEPT_FIELDS for concept in sections.get("classification", {}).get(name) or ()]
    themes = Concept.objects.for_language(code).filter(code__in=chosen).order_by("position", "code")
    return compose(
        practice,
        code,
        version.language,
        texts=texts,
        parts=parts_from(_rows(practice, sections, version.language), (version.language,)),
        themes=list(themes),
    )


def _overlay(practice: Practice, one: Field, typed: Any) -> None:
    """Let the loaded practice, which is never saved, say what the version says."""
    value = None if fault_of(one, typed) else meaning(one, typed)
    if one.kind == Kind.WHEN:
        practice.started_on, practice.started_precision = value or (None, Precision.DAY)
    elif holds(Practice, one.key):
        setattr(practice, one.key, value if value is not None else _nothing(one))


def _nothing(one: Field) -> Any:
    if one.key == "settings_count":
        return 1
    return "" if one.kind in {Kind.LINE, Kind.CHOICE} else None


def _rows(
    practice: Practice, sections: Mapping[str, Mapping[str, Any]], language: str
) -> dict[str, list[dict[str, Any]]]:
    keys = {model: key for key, model in PARTS.items()}
    named = {
        str(row[one.key])
        for key in PARTS
        for row in written_rows(BY_KEY[key], sections.get(key, {}))
        for one in BY_KEY[key].rows
        if one.kind in FILES and row.get(one.key)
    }
    files = {
        str(file.uuid): file for file in PracticeFile.objects.filter(practice=practice, uuid__in=named, scan=Scan.CLEAN)
    }
    return {
        name: [
            row
            for said in written_rows(BY_KEY[keys[shape.model]], sections.get(keys[shape.model], {}))
            if (row := _row(shape, keys[shape.model], said, language, files)) is not None
        ]
        for name, shape in SHAPES.items()
    }


def _row(
    shape: Shape, key: str, said: Mapping[str, Any], language: str, files: Mapping[str, PracticeFile]
) -> dict[str, Any] | None:
    """The row as `parts_from` takes it; None where what it can't be shown without is missing or wrong."""
    row: dict[str, Any] = {}
    for one in BY_KEY[key].rows:
        typed = said.get(one.key)
        if one.kind in FILES:
            file = files.get(typed or "")
            row["file"] = {name: getattr(file, name) for name in FILE} if file else None
            if file is None and one.needed:
                return None
            continue
        wrong = fault_of(one, typed, everything=one.kind in {Kind.CHOICE, Kind.NUMBER})
        if wrong and one.needed and one.kind in {Kind.CHOICE, Kind.NUMBER}:
            return None
        value = None if wrong else meaning(one, typed)
        row[column(one.key, language) if one.translated else one.key] = value if value is not None else _none(one)
    return row


def _none(one: Field) -> Any:
    return "" if one.kind in {Kind.LINE, Kind.TEXT, Kind.LINK} else None
