"""All rows of a record in one statement: as a page shows them, each text in the page's language or honestly in the original.

The statement is composed of the models: one JSON array for each kind of row, holding exactly the columns that are shown.
"""

# ruff: noqa: S608  (composed of the models' own table and column names; every value is a parameter)
from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.db import connection

from network.translation.models import column
from practices.enums import ConditionKind, EvidenceKind, LessonKind
from practices.models import (
    BuildingBlock,
    Evidence,
    Lesson,
    Part,
    Partner,
    Practice,
    PracticeFile,
    PracticeImage,
    Result,
    TransferCondition,
)
from practices.queries.said import Said


@dataclass(frozen=True)
class ResultRow:
    """A measured result; `sample` is how many were measured."""

    indicator: Said
    unit: Said
    method: Said
    baseline: Decimal | None
    value: Decimal
    sample: int | None


@dataclass(frozen=True)
class FileRow:
    """A file on the page: its id for addresses, its name, media type, size in bytes and, of a picture, pixels."""

    uuid: str
    name: str
    mime: str
    size: int
    width: int
    height: int


@dataclass(frozen=True)
class EvidenceRow:
    """A document or study; `kind` as in the model, `kind_name` in words."""

    title: Said
    side_effects: Said
    kind: str
    independent: bool
    year: int | None
    url: str
    file: FileRow | None

    @property
    def kind_name(self) -> str:
        """What kind of evidence it is, in the reader's language."""
        return str(EvidenceKind(self.kind).label)


@dataclass(frozen=True)
class BlockRow:
    """A building block."""

    title: Said
    text: Said
    factors: Said
    lesson: Said


@dataclass(frozen=True)
class LessonRow:
    """A lesson, of what worked or of what did not."""

    kind: str
    text: Said

    @property
    def worked(self) -> bool:
        """Whether it tells of what worked."""
        return self.kind == LessonKind.WORKED


@dataclass(frozen=True)
class ConditionRow:
    """What another city needs."""

    kind: str
    text: Said

    @property
    def kind_name(self) -> str:
        """What kind of condition it is, in the reader's language."""
        return str(ConditionKind(self.kind).label)


@dataclass(frozen=True)
class PartnerRow:
    """An organisation that took part; its name is never translated."""

    name: str
    role: Said


@dataclass(frozen=True)
class ImageRow:
    """A picture with its words."""

    file: FileRow
    alt: Said
    caption: Said
    credit: str


@dataclass(frozen=True)
class Parts:
    """Every row of a record, in order."""

    blocks: list[BlockRow]
    partners: list[PartnerRow]
    results: list[ResultRow]
    evidence: list[EvidenceRow]
    lessons: list[LessonRow]
    conditions: list[ConditionRow]
    images: list[ImageRow]


@dataclass(frozen=True)
class Shape:
    """Which columns of a kind of row are read: plain ones, translated ones, and whether a file goes with it."""

    model: type[Part]
    row: Any
    plain: tuple[str, ...] = ()
    translated: tuple[str, ...] = ()
    file: bool = False


SHAPES = {
    "blocks": Shape(BuildingBlock, BlockRow, (), ("title", "text", "factors", "lesson")),
    "partners": Shape(Partner, PartnerRow, ("name",), ("role",)),
    "results": Shape(Result, ResultRow, ("baseline", "value", "sample"), ("indicator", "unit", "method")),
    "evidence": Shape(
        Evidence, EvidenceRow, ("kind", "independent", "year", "url"), ("title", "side_effects"), file=True
    ),
    "lessons": Shape(Lesson, LessonRow, ("kind",), ("text",)),
    "conditions": Shape(TransferCondition, ConditionRow, ("kind",), ("text",)),
    "images": Shape(PracticeImage, ImageRow, ("credit",), ("alt", "caption"), file=True),
}
FILE = ("uuid", "name", "mime", "size", "width", "height")


def parts_of(practice: Practice, language: str) -> Parts:
    """The rows of a record in that language. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_statement((language, practice.original_language)), {"practices": [practice.pk]})
        found = json.loads(cursor.fetchone()[1], parse_float=Decimal)
    return parts_from(found, (language, practice.original_language))


def parts_from(found: Mapping[str, Iterable[Mapping[str, Any]]], languages: tuple[str, ...]) -> Parts:
    """Rows as a page shows them, from mappings of columns: `title_el`, `kind`, `file`."""
    return Parts(**{name: [_row(shape, said, languages) for said in found[name]] for name, shape in SHAPES.items()})


def texts_of_parts(wanted: Mapping[int, Sequence[str]]) -> dict[int, dict[str, list[str]]]:
    """Every text of the rows of these practices (ids), in the languages wanted of each, as the search indexes them.

    Where one is not translated it is not there. One statement for all.
    """
    texts: dict[int, dict[str, list[str]]] = {pk: {code: [] for code in codes} for pk, codes in wanted.items()}
    with connection.cursor() as cursor:
        cursor.execute(
            _statement(tuple(sorted({code for codes in wanted.values() for code in codes}))),
            {"practices": list(wanted)},
        )
        for pk, said in cursor.fetchall():
            _put_texts(texts[pk], json.loads(said))
    return texts


def _put_texts(texts: dict[str, list[str]], found: Mapping[str, Iterable[Mapping[str, Any]]]) -> None:
    for name, shape in SHAPES.items():
        for said in found[name]:
            for code, of_language in texts.items():
                of_language += [text for field in shape.translated if (text := said[column(field, code)])]
                if shape.model is Partner:
                    of_language.append(said["name"])


def _row(shape: Shape, said: Mapping[str, Any], languages: tuple[str, ...]) -> Any:
    values = {name: said[name] for name in shape.plain}
    for name in ("baseline", "value"):
        if values.get(name) is not None:
            values[name] = Decimal(values[name])
    if shape.file:
        values["file"] = FileRow(**said["file"]) if said["file"] else None
    return shape.row(**values, **{name: said_in(said, name, languages) for name in shape.translated})


def said_in(said: Mapping[str, Any], name: str, languages: tuple[str, ...]) -> Said:
    """The text in the first of the languages that has one, marked with it."""
    for code in languages:
        if text := said.get(column(name, code)):
            return Said(text, code)
    return Said("", languages[0])


@lru_cache(maxsize=256)
def _statement(languages: tuple[str, ...]) -> str:
    arrays = ", ".join(f"'{name}', ({_array(shape, languages)})" for name, shape in SHAPES.items())
    return f"SELECT p.id, json_build_object({arrays})::text FROM unnest(%(practices)s::bigint[]) AS p(id)"


def _array(shape: Shape, languages: tuple[str, ...]) -> str:
    table = shape.model._meta.db_table
    names = [*shape.plain, *(column(name, code) for name in shape.translated for code in dict.fromkeys(languages))]
    pairs = [f"'{name}', r.{name}" for name in names]
    joined = ""
    if shape.file:
        columns = ", ".join(f"'{name}', f.{name}" for name in FILE)
        pairs.append(f"'file', CASE WHEN f.id IS NOT NULL THEN json_build_object({columns}) END")
        joined = f" LEFT JOIN {PracticeFile._meta.db_table} f ON f.id = r.file_id"
    return (
        f"SELECT coalesce(json_agg(json_build_object({', '.join(pairs)}) ORDER BY r.position, r.id), '[]')"
        f" FROM {table} r{joined} WHERE r.practice_id = p.id"
    )
