"""One practice's page: its record in one language, its evidence, and what is like it. A constant number of queries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from cities.models import City
from network.translation.models import Shown, column
from practices.enums.labels import LabelState
from practices.models import (
    Concept,
    Practice,
    PracticeNarrative,
    PracticeQuerySet,
    text_label,
)
from practices.queries.adoptions import AdoptionRow, adoption_row, adoptions_of
from practices.queries.cards import Card
from practices.queries.given import Given, given_by, public_reviews
from practices.queries.labels import LabelRow, labels_of
from practices.queries.parts import ImageRow, LessonRow, Parts, parts_of
from practices.queries.similar import similar_to
from practices.rules.completeness import NEEDED, SECTIONS
from practices.rules.maturity import Explanation, counting, explain, facts_from


@dataclass(frozen=True)
class Section:
    """A part of the narrative, its paragraphs apart."""

    name: str
    title: str
    paragraphs: list[str]


@dataclass(frozen=True)
class Detail:
    """The page.

    `language` is the one its texts are in, wholly; `languages` are those one may read it in; `missing` names the texts
    that a draft still lacks in `language`.
    """

    practice: Practice
    language: str
    languages: list[str]
    title: str
    strapline: str
    summary: list[str]
    area: str
    sections: list[Section]
    funding: list[str]
    parts: Parts
    city: str
    themes: list[Concept]
    reviews: list[Given]
    adoptions: list[AdoptionRow]
    labels: list[LabelRow]
    maturity: Explanation
    similar: list[Card]
    missing: list[str]

    @property
    def has_samples(self) -> bool:
        """Whether any result says how many were measured."""
        return any(row.sample is not None for row in self.parts.results)

    @property
    def valid_labels(self) -> list[LabelRow]:
        """The labels that are valid today."""
        return [row for row in self.labels if row.state == LabelState.VALID]

    @property
    def past_labels(self) -> list[LabelRow]:
        """Those that expired or were withdrawn, the latest first."""
        return [row for row in self.labels if row.state in {LabelState.EXPIRED, LabelState.WITHDRAWN}]

    @property
    def picture(self) -> ImageRow | None:
        """The picture under the title: the first."""
        return next(iter(self.parts.images), None)

    @property
    def more_pictures(self) -> list[ImageRow]:
        """The other pictures."""
        return self.parts.images[1:]

    @property
    def worked(self) -> list[LessonRow]:
        """The lessons of what worked."""
        return [row for row in self.parts.lessons if row.worked]

    @property
    def failed(self) -> list[LessonRow]:
        """The lessons of what did not work."""
        return [row for row in self.parts.lessons if not row.worked]


def language_of(practice: Practice, code: str, asked: str = "") -> str:
    """In which language the record is shown: the one asked for, else the reader's, where it is complete in it; else the
    original. Anything else that is asked for is ignored."""
    readable = {*practice.languages, practice.original_language}
    return next((wanted for wanted in (asked, code) if wanted in readable), practice.original_language)


def detail(
    practices: PracticeQuerySet, slug: str, code: str, asked: str = "", *, with_similar: bool = True
) -> Detail | None:
    """The page of one of these practices for a reader of `code`; None where it is not among them. Eleven queries, seven
    without those that are like it."""
    practice = record(practices.filter(slug=slug), code)
    if practice is None:
        return None
    language = language_of(practice, code, asked)
    return compose(
        practice,
        code,
        language,
        texts=_texts(practice, language),
        parts=parts_of(practice, language),
        themes=list(_themes(code).filter(practices=practice)),
        with_similar=with_similar,
    )


def compose(
    practice: Practice,
    code: str,
    language: str,
    *,
    texts: Mapping[str, str],
    parts: Parts,
    themes: list[Concept],
    with_similar: bool = True,
) -> Detail:
    """The page of these words: the stored ones, or those of a version that is not public yet (`queries.preview`)."""
    reviews, adoptions = public_reviews(practice, code), adoptions_of(practice, code)
    facts = facts_from(practice, parts.results, parts.evidence, reviews, adoptions)
    return Detail(
        practice=practice,
        language=language,
        languages=list(dict.fromkeys([practice.original_language, *practice.languages])),
        title=texts["title"],
        strapline=texts["strapline"],
        summary=paragraphs(texts["summary"]),
        area=texts["area"],
        sections=_sections(texts),
        funding=paragraphs(texts["funding"]),
        parts=parts,
        city=vars(practice)["city_name"],
        themes=themes,
        reviews=[given_by(row, code, names=False) for row in counting(reviews, practice.city_id)],
        adoptions=[adoption_row(row, language) for row in adoptions],
        labels=labels_of(practice, code),
        maturity=explain(facts, timezone.localdate()),
        similar=similar_to(practice, [theme.pk for theme in themes], code) if with_similar else [],
        missing=[text_label(name) for name in NEEDED if not texts[name]],
    )


def record(practices: PracticeQuerySet, code: str) -> Practice | None:
    """The first of these practices with what its page needs of the record and its city, texts aside."""
    plain = (
        "id", "uuid", "slug", "original_language", "languages", "running", "started_on", "started_precision", "ended_on",
        "settings_count", "maturity", "adoptions_count", "source", "licence", "demo", "updated_at", "published_at", "state", "city_id",
        "prevention", "lead_organisation", "total_cost", "yearly_cost", "currency", "price_year", "staff", "verified_on",
        "review_due_on",
        "city__slug", "city__country", "city__native_name", "city__native_language",
    )  # fmt: skip
    found = practices.select_related("city").only(*plain)
    return found.annotate(city_name=Shown(City, "name", code, "city__slug")).order_by().first()


def _texts(practice: Practice, language: str) -> dict[str, str]:
    """Every text in that language, read from exactly its columns."""
    narrative = {section: column(section, language) for section in (*SECTIONS, "funding")}
    card = {field: f"practice__{column(field, language)}" for field in ("title", "strapline", "summary", "area")}
    columns = {**narrative, **card}
    row = PracticeNarrative.objects.filter(practice=practice.pk).order_by().values(*columns.values()).get()
    return {name: row[source] or "" for name, source in columns.items()}


def paragraphs(text: str) -> list[str]:
    """A text's paragraphs: what empty lines divide."""
    return [part.strip() for part in text.split("\n\n") if part.strip()]


def _sections(texts: Mapping[str, str]) -> list[Section]:
    return [Section(name, text_label(name), paragraphs(texts[name])) for name in SECTIONS if texts[name]]


def _themes(code: str) -> Any:
    return Concept.objects.for_language(code).order_by("position", "code")
