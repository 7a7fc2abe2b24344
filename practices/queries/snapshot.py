"""A record as its stored rows say it, in the shape of `rules.sections`: where a version begins, and what history keeps."""

from __future__ import annotations

from typing import Any

from django.db import models

from network.translation.models import text_in
from practices.enums import FILTERS, ConceptKind
from practices.models import (
    BuildingBlock,
    Evidence,
    Lesson,
    Part,
    Partner,
    Practice,
    PracticeImage,
    PracticeNarrative,
    Result,
    TransferCondition,
)
from practices.rules.sections import FILES, SECTIONS, Field, Kind, Section
from practices.rules.writing import ROWS, as_typed

# The section whose rows are kept in which model; each model's columns are named as the section's fields.
PARTS: dict[str, type[Part]] = {
    "blocks": BuildingBlock,
    "actors": Partner,
    "results": Result,
    "evidence": Evidence,
    "lessons": Lesson,
    "transfer": TransferCondition,
    "pictures": PracticeImage,
}
# The field that holds the concepts of a kind.
CONCEPT_FIELDS = {"themes": ConceptKind.THEME, "groups": ConceptKind.TARGET_GROUP, "approaches": ConceptKind.APPROACH}
assert set(CONCEPT_FIELDS.values()) == set(FILTERS)


def snapshot(practice: Practice) -> dict[str, dict[str, Any]]:
    """Every section of the record in its original language, as somebody would have typed it."""
    narrative = PracticeNarrative.objects.get(practice=practice)
    concepts = list(practice.themes.order_by("position", "code").values_list("kind", "code"))
    return {section.key: _section(section, practice, narrative, concepts) for section in SECTIONS}


def _section(
    section: Section, practice: Practice, narrative: PracticeNarrative, concepts: list[tuple[str, str]]
) -> dict[str, Any]:
    data: dict[str, Any] = {}
    for one in section.fields:
        if one.kind == Kind.CONCEPTS:
            data[one.key] = [code for kind, code in concepts if kind == CONCEPT_FIELDS[one.key]]
        elif one.kind == Kind.WHEN:
            day = practice.started_on
            data[one.key] = as_typed(one, (day, practice.started_precision)) if day else ""
        else:
            data[one.key] = _value(one, practice if holds(Practice, one.key) else narrative, practice.original_language)
    if section.rows:
        rows = PARTS[section.key].objects.filter(practice=practice).order_by("position", "id")
        if any(one.kind in FILES for one in section.rows):
            rows = rows.select_related("file")
        data[ROWS] = [
            {"key": str(row.key), **{one.key: _value(one, row, practice.original_language) for one in section.rows}}
            for row in rows
        ]
    return data


def holds(model: type[models.Model], name: str) -> bool:
    """Whether a field of that name is a column of the model."""
    return any(one.name == name for one in model._meta.concrete_fields)


def _value(one: Field, row: Any, language: str) -> Any:
    if one.translated:
        return text_in(row, one.key, language)
    if one.kind in FILES:
        file = getattr(row, one.key)
        return str(file.uuid) if file else ""
    return as_typed(one, getattr(row, one.key))
