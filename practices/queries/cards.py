"""Practices as rows of a list: page-shaped, in one query whatever their number."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import BooleanField, OuterRef
from django.db.models.expressions import RawSQL
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext as _

from cities.models import City
from network.frame.names import country_name, language_name
from network.languages import CODES, DEFAULT
from network.translation.models import Shown, column
from practices.models import Concept, Label, LabelKind, Practice, PracticeNarrative
from practices.queries.highlights import excerpt, hits_in, marked
from practices.queries.matching import Query
from practices.rules.completeness import SECTIONS

NO_QUERY = Query("", ())
COLUMNS = (
    "id", "slug", "languages", "original_language", "maturity", "demo", "city__slug", "city__country", "city_name",
    "shown_language", "shown_title", "shown_strapline", "shown_summary", "label_names", "theme_names",
)  # fmt: skip
# Stands for the ids among the parameters of a query that is made once.
IDS = object()


@dataclass(frozen=True)
class Card:
    """A practice as a list shows it. title and text are in `language`; with a query they are HTML with marks.
    languages: those it can be read in, the original one first; labels: those that are valid today."""

    id: int
    slug: str
    url: str
    title: str
    text: str
    language: str
    languages: tuple[str, ...]
    maturity: str
    city: str
    city_slug: str
    country: str
    themes: tuple[str, ...]
    demo: bool
    labels: tuple[str, ...] = ()
    note: str = ""
    found_themes: frozenset[str] = frozenset()

    @property
    def where(self) -> str:
        """City and country in the reader's language."""
        return _("%(city)s, %(country)s") % {"city": self.city, "country": self.country}

    @property
    def chips(self) -> list[dict[str, Any]]:
        """Labels and themes as `{% chips %}` takes them; themes that the query names stand out."""
        labels = [{"text": label, "kind": "good", "icon": "seal"} for label in self.labels]
        themes = [{"text": theme, "kind": "civic" if theme in self.found_themes else ""} for theme in self.themes]
        return labels + themes


def cards(
    ids: Sequence[int],
    code: str,
    query: Query = NO_QUERY,
    found_in: Mapping[int, str] | None = None,
    found_by: Mapping[int, tuple[str, ...]] | None = None,
) -> list[Card]:
    """The practices with these ids, in this order, as a reader of `code` sees them.

    `found_in` names for each id the language in which the query was found: where that is not the language shown and
    nothing can be marked, the card says so. `found_by` names the concepts that found those in which the words of the
    query do not stand; their cards say that. Ids that are gone are left out. One query, one more where a query has to be
    looked for in the narrative.
    """
    rows = {row["id"]: row for row in _rows(ids, code)}
    passages = {pk: _passage(row, query) for pk, row in rows.items()} if query else {}
    passages |= _deep_passages([rows[pk] for pk, passage in passages.items() if not passage], query)
    elsewhere, concepts = found_in or {}, found_by or {}
    return [
        _card(rows[pk], query, passages.get(pk, ""), elsewhere.get(pk, ""), concepts.get(pk, ()))
        for pk in ids
        if pk in rows
    ]


def _rows(ids: Sequence[int], code: str) -> list[dict[str, Any]]:
    """What cards show of these practices, in no order. One query, none for none."""
    if not ids:
        return []
    statement, parameters = _statement(code, timezone.localdate())
    with connection.cursor() as cursor:
        cursor.execute(statement, [list(ids) if one is IDS else one for one in parameters])
        return [dict(zip(COLUMNS, row, strict=True)) for row in cursor.fetchall()]


@lru_cache(maxsize=2 * len(CODES))
def _statement(code: str, day: datetime.date) -> tuple[str, tuple[Any, ...]]:
    """The query of `_rows` with its parameters, of which IDS is one. Kept: making SQL of it takes longer than answering it."""
    themes = Concept.objects.filter(practices=OuterRef("pk")).order_by("position", "code")
    valid = Label.objects.valid_on(day).filter(practice=OuterRef("pk")).order_by("pk")
    rows = (
        Practice.objects.for_language(code)
        .filter(RawSQL("practices_practice.id = ANY(%s)", (IDS,), BooleanField()))
        .annotate(
            city_name=Shown(City, "name", code, "city__slug"),
            label_names=ArraySubquery(
                valid.annotate(shown=Shown(LabelKind, "name", code, "kind__slug")).values("shown")
            ),
            theme_names=ArraySubquery(themes.annotate(shown=Shown(Concept, "label", code)).values("shown")),
        )
        .order_by()
        .values(*COLUMNS)
    )
    return rows.query.sql_with_params()


def _passage(row: Mapping[str, Any], query: Query) -> str:
    """Two lines around what was found in the strapline, else in the summary; nothing where it is in neither."""
    for text in (row["shown_strapline"], row["shown_summary"]):
        if hits := hits_in(text, query):
            return excerpt(text, hits)
    return ""


def _deep_passages(rows: Sequence[Mapping[str, Any]], query: Query) -> dict[int, str]:
    """The same from the narratives, in the language each practice is shown in. One query."""
    if not rows:
        return {}
    languages = {row["id"]: row["shown_language"] for row in rows}
    columns = [column(section, code) for code in sorted(set(languages.values())) for section in SECTIONS]
    passages: dict[int, str] = {}
    narratives = PracticeNarrative.objects.filter(practice_id__in=list(languages)).order_by()
    for narrative in narratives.values("practice_id", *columns):
        code = languages[narrative["practice_id"]]
        for section in SECTIONS:
            text = narrative[column(section, code)] or ""
            if hits := hits_in(text, query):
                passages[narrative["practice_id"]] = excerpt(text, hits)
                break
    return passages


@lru_cache(maxsize=2_000)
def _url(slug: str, active: str) -> str:
    """The address of a practice's page in the active language. Kept: finding it anew for twenty rows would take a tenth of what
    they take."""
    return reverse("practices:detail", args=[slug])


def _card(
    row: Mapping[str, Any],
    query: Query,
    passage: str,
    elsewhere: str,
    concepts: tuple[str, ...],
) -> Card:
    title, note, themes = row["shown_title"], "", tuple(row["theme_names"])
    text = row["shown_strapline"] or excerpt(row["shown_summary"], [])
    if query:
        title, text = marked(title, query), passage or text
        if concepts:
            note = _("Found by its theme: %(themes)s.") % {"themes": " · ".join(concepts)}
        elif elsewhere and elsewhere != row["shown_language"] and not passage and "<mark>" not in title:
            note = _("Found in its text in %(language)s.") % {"language": language_name(elsewhere)}
    return Card(
        id=row["id"],
        slug=row["slug"],
        url=_url(row["slug"], get_language() or DEFAULT),
        title=title,
        text=text,
        language=row["shown_language"],
        languages=tuple(dict.fromkeys([row["original_language"], *row["languages"]])),
        maturity=row["maturity"],
        city=row["city_name"],
        city_slug=row["city__slug"],
        country=country_name(row["city__country"]),
        themes=themes,
        demo=row["demo"],
        labels=tuple(filter(None, row["label_names"])),
        note=note,
        found_themes=frozenset(theme for theme in themes if theme in concepts or hits_in(theme, query))
        if query
        else frozenset(),
    )
