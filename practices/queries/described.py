"""Practices as a catalogue describes them: in every language they can be read in, by what Dublin Core asks for.

Two queries whatever their number, and one for their concepts.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from network.languages import CODES
from network.translation.models import column
from practices.models import Adoption, Practice
from practices.queries.scheme import Named, scheme

CARD = Practice.CARD
PLAIN = (
    "id", "uuid", "original_language", "languages", "licence", "source", "demo", "published_at", "updated_at", "started_on",
    "started_precision", "ended_on", "city__slug", "city__country", "city__native_name", "city__native_language",
)  # fmt: skip


@dataclass(frozen=True)
class Described:
    """A public practice. titles, straplines and summaries by language, of complete versions only; languages: in which it
    can be read, the original one first; city: its names by language; subjects: its concepts; adopters: slugs of the cities that took it
    up and whom its own city has confirmed.
    """

    number: int
    uuid: uuid.UUID
    languages: tuple[str, ...]
    titles: Mapping[str, str]
    straplines: Mapping[str, str]
    summaries: Mapping[str, str]
    city: Mapping[str, str]
    city_slug: str
    country: str
    subjects: tuple[Named, ...]
    licence: str
    source: str
    demo: bool
    published_at: datetime.datetime
    changed_at: datetime.datetime
    started_on: datetime.date | None
    started_precision: str
    ended_on: datetime.date | None
    adopters: tuple[str, ...]

    def city_name(self, code: str) -> str:
        """The city's name in that language, else in English, else any other."""
        names = self.city
        return names.get(code) or names.get("en") or next(iter(names.values()), "")


def described(ids: Sequence[int], subjects: Mapping[int, tuple[Named, ...]]) -> dict[int, Described]:
    """Those of these practices that are public now, by id; `subjects` as `subjects_of` tells them."""
    columns = [column(field, code) for field in CARD for code in CODES]
    names = [f"city__{column('name', code)}" for code in CODES]
    rows = list(Practice.objects.visible_to(None).filter(pk__in=ids).order_by().values(*PLAIN, *columns, *names))
    adopters = _adopters_of(ids)
    return {row["id"]: _described(row, subjects.get(row["id"], ()), adopters.get(row["id"], ())) for row in rows}


def subjects_of(ids: Sequence[int]) -> dict[int, tuple[Named, ...]]:
    """The concepts of practices, public or not, in the order of the scheme."""
    known = scheme().concepts
    places = {pk: place for place, pk in enumerate(known)}
    rows = Practice.themes.through.objects.filter(practice__in=ids).order_by().values_list("practice_id", "concept_id")
    found: dict[int, list[int]] = {}
    for practice, concept in rows:
        if concept in known:
            found.setdefault(practice, []).append(concept)
    return {pk: tuple(known[one] for one in sorted(concepts, key=places.__getitem__)) for pk, concepts in found.items()}


def _adopters_of(ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
    kept = Adoption.objects.counting().filter(practice__in=ids, city__archived_at__isnull=True)
    found: dict[int, tuple[str, ...]] = {}
    for practice, slug in kept.order_by("year", "id").values_list("practice_id", "city__slug"):
        found[practice] = (*found.get(practice, ()), slug)
    return found


def _described(row: Mapping[str, Any], subjects: tuple[Named, ...], adopters: tuple[str, ...]) -> Described:
    languages = tuple(dict.fromkeys([row["original_language"], *row["languages"]]))
    names = {code: row[f"city__{column('name', code)}"] for code in CODES}
    native = {row["city__native_language"]: row["city__native_name"]}
    return Described(
        number=row["id"],
        uuid=row["uuid"],
        languages=languages,
        titles=_texts(row, "title", languages),
        straplines=_texts(row, "strapline", languages),
        summaries=_texts(row, "summary", languages),
        city={code: name for code, name in {**native, **names}.items() if name},
        city_slug=row["city__slug"],
        country=row["city__country"],
        subjects=subjects,
        licence=row["licence"],
        source=row["source"],
        demo=row["demo"],
        published_at=row["published_at"],
        changed_at=row["updated_at"],
        started_on=row["started_on"],
        started_precision=row["started_precision"],
        ended_on=row["ended_on"],
        adopters=adopters,
    )


def _texts(row: Mapping[str, Any], field: str, languages: Iterable[str]) -> dict[str, str]:
    return {code: text for code in languages if (text := row[column(field, code)])}
