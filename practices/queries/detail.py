"""One practice's page: its record in one language, its evidence, and what is like it. A constant number of queries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone

from cities.models import City
from network.frame.pagecache import kept
from network.translation.models import Shown, column
from practices.models import (
    Concept,
    Evidence,
    PeerReview,
    Practice,
    PracticeNarrative,
    PracticeQuerySet,
    Result,
    text_label,
)
from practices.queries.adoptions import AdoptionRow, adoption_row, adoptions_of
from practices.queries.cards import Card, cards
from practices.queries.said import Said, first_said
from practices.rules.completeness import NEEDED, SECTIONS
from practices.rules.maturity import Explanation, explain, facts_from

SIMILAR = 3
CRITERIA = ("relevance", "participation", "impact", "transferability")


@dataclass(frozen=True)
class Section:
    """A part of the narrative, its paragraphs apart."""

    name: str
    title: str
    paragraphs: list[str]


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
class EvidenceRow:
    title: Said
    kind: str
    independent: bool
    year: int | None


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
    sections: list[Section]
    city: str
    themes: list[Concept]
    results: list[ResultRow]
    evidence: list[EvidenceRow]
    reviews: list[PeerReview]
    adoptions: list[AdoptionRow]
    maturity: Explanation
    similar: list[Card]
    missing: list[str]

    @property
    def has_samples(self) -> bool:
        """Whether any result says how many were measured."""
        return any(row.sample is not None for row in self.results)


def language_of(practice: Practice, code: str, asked: str = "") -> str:
    """In which language the record is shown: the one asked for, else the reader's, where it is complete in it; else the
    original. Anything else that is asked for is ignored."""
    readable = {*practice.languages, practice.original_language}
    return next((wanted for wanted in (asked, code) if wanted in readable), practice.original_language)


def detail(practices: PracticeQuerySet, slug: str, code: str, asked: str = "") -> Detail | None:
    """The page of one of these practices for a reader of `code`; None where it is not among them. Ten queries."""
    practice = _record(practices, slug, code)
    if practice is None:
        return None
    language = language_of(practice, code, asked)
    texts = _texts(practice, language)
    themes = list(_themes(practice, code))
    results, evidence = list(_results(practice, language)), list(_evidence(practice, language))
    reviews, adoptions = list(practice.peer_reviews.order_by("reviewed_on", "id")), adoptions_of(practice, code)
    facts = facts_from(practice, results, evidence, reviews, adoptions)
    return Detail(
        practice=practice,
        language=language,
        languages=list(dict.fromkeys([practice.original_language, *practice.languages])),
        title=texts["title"],
        strapline=texts["strapline"],
        summary=paragraphs(texts["summary"]),
        sections=_sections(texts),
        city=vars(practice)["city_name"],
        themes=themes,
        results=[_result_row(row, practice, language) for row in results],
        evidence=[_evidence_row(row, practice, language) for row in evidence],
        reviews=reviews,
        adoptions=[adoption_row(row, language) for row in adoptions],
        maturity=explain(facts, timezone.localdate()),
        similar=cards(_similar(practice, themes), code),
        missing=[text_label(name) for name in NEEDED if not texts[name]],
    )


def _record(practices: PracticeQuerySet, slug: str, code: str) -> Practice | None:
    plain = (
        "id", "uuid", "slug", "original_language", "languages", "running", "started_on", "started_precision", "ended_on",
        "settings_count", "maturity", "adoptions_count", "source", "licence", "demo", "updated_at", "published_at", "state",
        "city_id", "city__slug", "city__country", "city__native_name", "city__native_language",
    )  # fmt: skip
    found = practices.filter(slug=slug).select_related("city").only(*plain)
    return found.annotate(city_name=Shown(City, "name", code, "city__slug")).order_by().first()


def _texts(practice: Practice, language: str) -> dict[str, str]:
    """Every text in that language, read from exactly its columns."""
    narrative = {section: column(section, language) for section in SECTIONS}
    card = {field: f"practice__{column(field, language)}" for field in ("title", "strapline", "summary")}
    columns = {**narrative, **card}
    row = PracticeNarrative.objects.filter(practice=practice.pk).order_by().values(*columns.values()).get()
    return {name: row[source] or "" for name, source in columns.items()}


def paragraphs(text: str) -> list[str]:
    """A text's paragraphs: what empty lines divide."""
    return [part.strip() for part in text.split("\n\n") if part.strip()]


def _sections(texts: dict[str, str]) -> list[Section]:
    return [Section(name, text_label(name), paragraphs(texts[name])) for name in SECTIONS if texts[name]]


def _themes(practice: Practice, code: str) -> Iterable[Concept]:
    return Concept.objects.for_language(code).filter(practices=practice).order_by("position", "code")


def _said(row: Any, field: str, language: str, original: str) -> Said:
    """The text in the page's language; where it lacks there, in the original one, and marked as such."""
    return first_said(row, field, (language, original))


def _columns(fields: Iterable[str], practice: Practice, language: str) -> list[str]:
    codes = dict.fromkeys([language, practice.original_language])
    return [column(field, code) for field in fields for code in codes]


def _results(practice: Practice, language: str) -> Iterable[Result]:
    rows = Result.objects.filter(practice=practice).order_by("position", "id")
    return rows.only("baseline", "value", "sample", *_columns(["indicator", "unit", "method"], practice, language))


def _result_row(row: Result, practice: Practice, language: str) -> ResultRow:
    indicator, unit, method = (
        _said(row, field, language, practice.original_language) for field in ("indicator", "unit", "method")
    )
    return ResultRow(indicator, unit, method, baseline=row.baseline, value=row.value, sample=row.sample)


def _evidence(practice: Practice, language: str) -> Iterable[Evidence]:
    rows = Evidence.objects.filter(practice=practice).order_by("position", "id")
    return rows.only("kind", "independent", "year", *_columns(["title"], practice, language))


def _evidence_row(row: Evidence, practice: Practice, language: str) -> EvidenceRow:
    title = _said(row, "title", language, practice.original_language)
    return EvidenceRow(title, kind=row.get_kind_display(), independent=row.independent, year=row.year)


def _similar(practice: Practice, themes: list[Concept]) -> list[int]:
    """The public practices that share most themes, newest first among equals. Kept until content changes."""
    if not themes:
        return []
    return kept(f"practices.similar.{practice.pk}", lambda: _find_similar(practice, themes))


def _find_similar(practice: Practice, themes: list[Concept]) -> list[int]:
    alike = Practice.objects.visible_to(None).filter(themes__in=themes).exclude(pk=practice.pk)
    ranked = alike.annotate(shared=Count("themes", filter=Q(themes__in=themes)))
    return list(ranked.order_by("-shared", "-published_at", "-id").values_list("pk", flat=True)[:SIMILAR])
