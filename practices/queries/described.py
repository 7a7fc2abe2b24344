"""Practices as a catalogue describes them: in every language they can be read in, by what Dublin Core asks for.

Two queries whatever their number, and one for their concepts.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from network.frame.moments import day_text
from network.languages import CODES, DEFAULT
from network.translation.models import column
from practices.models import Adoption, Practice
from practices.queries.detail import Detail
from practices.queries.scheme import Named, scheme

CARD = Practice.CARD
PLAIN = (
    "id", "uuid", "original_language", "languages", "licence", "source", "demo", "published_at", "updated_at", "started_on",
    "started_precision", "ended_on", "verified_on", "city__slug", "city__country", "city__native_name", "city__native_language",
)  # fmt: skip


@dataclass(frozen=True)
class Subject:
    """A concept: its code, and its labels by language."""

    code: str
    labels: Mapping[str, str]


@dataclass(frozen=True)
class Described:
    """A public practice, in all the languages it can be read in, the original one first, or in the one of a page.

    titles, straplines and summaries by language, of complete versions only; city: its names by language; adopters: slugs of the cities that took it up and count;
    labels: those that are valid today, in words, of a page alone: what is copied would outlive them.
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
    subjects: tuple[Subject, ...]
    licence: str
    source: str
    demo: bool
    published_at: datetime.datetime
    changed_at: datetime.datetime
    started_on: datetime.date | None
    started_precision: str
    ended_on: datetime.date | None
    verified_on: datetime.date | None
    adopters: tuple[str, ...]
    labels: tuple[str, ...] = ()

    def city_name(self, code: str) -> tuple[str, str]:
        """The city's name in that language, else in English, else any other; and the language it is in."""
        chosen = next((one for one in (code, DEFAULT) if one in self.city), next(iter(self.city), code))
        return self.city.get(chosen, ""), chosen


def described(ids: Sequence[int], subjects: Mapping[int, tuple[Named, ...]]) -> dict[int, Described]:
    """Those of these practices that are public now, by id; `subjects` as `subjects_of` tells them."""
    columns = [column(field, code) for field in CARD for code in CODES]
    names = [f"city__{column('name', code)}" for code in CODES]
    rows = list(Practice.objects.visible_to(None).filter(pk__in=ids).order_by().values(*PLAIN, *columns, *names))
    adopters = _adopters_of(ids)
    return {row["id"]: _described(row, subjects.get(row["id"], ()), adopters.get(row["id"], ())) for row in rows}


def of_page(found: Detail, code: str) -> Described:
    """The same of the practice of a page, in the language it is shown in; `code` is the one its reader reads."""
    practice, language = found.practice, found.language
    assert practice.published_at is not None
    return Described(
        number=practice.pk,
        uuid=practice.uuid,
        languages=(language,),
        titles={language: found.title},
        straplines={language: found.strapline} if found.strapline else {},
        summaries={language: " ".join(found.summary)},
        city={code: found.city},
        city_slug=practice.city.slug,
        country=practice.city.country,
        subjects=tuple(Subject(theme.code, {code: vars(theme)["shown_label"]}) for theme in found.themes),
        licence=practice.licence,
        source=practice.source,
        demo=practice.demo,
        published_at=practice.published_at,
        changed_at=practice.updated_at,
        started_on=practice.started_on,
        started_precision=practice.started_precision,
        ended_on=practice.ended_on,
        verified_on=practice.verified_on,
        adopters=tuple(row.city_slug for row in found.adoptions if row.confirmed and row.current),
        labels=tuple(award_text(row.name, row.network, row.label.valid_until) for row in found.valid_labels),
    )


def award_text(name: str, network: str, valid_until: datetime.date) -> str:
    """A label in one line, with whose it is and its last day."""
    told = {"label": name, "network": network, "day": day_text(valid_until)}
    return _("%(label)s (%(network)s), valid until %(day)s") % told


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
        subjects=tuple(Subject(one.code, {code: one.labels[code] for code in languages}) for one in subjects),
        licence=row["licence"],
        source=row["source"],
        demo=row["demo"],
        published_at=row["published_at"],
        changed_at=row["updated_at"],
        started_on=row["started_on"],
        started_precision=row["started_precision"],
        ended_on=row["ended_on"],
        verified_on=row["verified_on"],
        adopters=adopters,
    )


def _texts(row: Mapping[str, Any], field: str, languages: Iterable[str]) -> dict[str, str]:
    return {code: text for code in languages if (text := row[column(field, code)])}
