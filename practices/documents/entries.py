"""A practice on its way into a publication: its sheet for the PDF, and the same as a page shows it, whole."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from network.collation import sort_key
from network.frame.names import country_name, number_text
from network.languages import direction
from practices.documents.fact_sheet import bare, sheet_data, short_link
from practices.enums import ConceptKind
from practices.queries.detail import Detail, paragraphs
from practices.queries.parts import LessonRow
from practices.queries.said import Said
from practices.queries.scheme import scheme

# After every theme.
LAST = (10**6,)


@dataclass(frozen=True)
class Entry:
    """sheet: the data of its sheet. page: what a page tells of it, whole. city: its name, with what it is sorted by.

    theme: the top of its first theme, with its place in the scheme; nothing where it has none.
    """

    id: int
    sheet: dict[str, Any]
    page: dict[str, Any]
    city: str
    city_order: tuple[Any, ...]
    theme: str
    theme_order: tuple[int, ...]
    licence: str
    original: str


def text_of(text: str, language: str) -> dict[str, str]:
    """A text with its language and direction, as the template and the page take it."""
    return {"text": text, "lang": language, "dir": direction(language)}


def entry_of(found: Detail, comment: str, words_language: str, code: str, origin: str) -> Entry:
    """The practice for a document in `code`, the active language; the comment on it is in the language of its words."""
    practice, sheet = found.practice, sheet_data(found, origin)
    theme, theme_order = _theme(found, code)
    city = _("%(city)s, %(country)s") % {"city": found.city, "country": country_name(practice.city.country)}
    return Entry(
        id=practice.pk,
        sheet=sheet,
        page={
            "title": text_of(found.title, found.language),
            "strapline": found.strapline,
            "where": city,
            "banners": sheet["banners"],
            "language_line": sheet["language_line"],
            "maturity": sheet["maturity"],
            "summary": found.summary,
            "sections": list(_sections(found)),
            "results": _results(found, sheet),
            "facts": sheet["facts"],
            "themes": {"name": sheet["themes"]["name"], "items": [vars(one)["shown_label"] for one in found.themes]},
            "source": {"name": _("Source"), "value": practice.source} if practice.source else None,
            "licence": str(practice.get_licence_display()),
            "comment": text_of(comment, words_language) if comment else None,
            "url": short_link(practice, origin),
            "address": bare(short_link(practice, origin)),
        },
        city=city,
        city_order=(sort_key(city, code), practice.city_id),
        theme=theme,
        theme_order=theme_order,
        licence=practice.licence,
        original=practice.original_language,
    )


def _theme(found: Detail, code: str) -> tuple[str, tuple[int, ...]]:
    """The first theme's top: what a publication by theme puts the practice under, and where that stands in the scheme."""
    known = scheme()
    for concept in found.themes:
        if concept.kind == ConceptKind.THEME and concept.pk in known.concepts:
            top = next(iter(known.above(concept.pk)), known.concepts[concept.pk])
            return top.label(code), (list(known.concepts).index(top.id),)
    return "", LAST


def _sections(found: Detail) -> Iterable[dict[str, Any]]:
    """The narrative and the lessons, each paragraph with its language."""
    for section in found.sections:
        yield {"title": section.title, "paragraphs": [text_of(text, found.language) for text in section.paragraphs]}
    for title, rows in ((_("Lessons"), found.worked), (_("What did not work"), found.failed)):
        if rows:
            yield {"title": title, "paragraphs": [said for row in rows for said in _lesson(row)]}


def _lesson(row: LessonRow) -> list[dict[str, str]]:
    return [text_of(text, row.text.language) for text in paragraphs(row.text.text)]


def _results(found: Detail, sheet: dict[str, Any]) -> dict[str, Any] | None:
    """All results, under the sheet's own words."""
    rows = [
        {
            "indicator": _said(row.indicator),
            "before": _("not measured") if row.baseline is None else number_text(row.baseline),
            "after": number_text(row.value),
            "unit": _said(row.unit),
        }
        for row in found.parts.results
    ]
    return {"name": sheet["results"]["name"], "heading": sheet["results"]["heading"], "rows": rows} if rows else None


def _said(said: Said) -> dict[str, str]:
    return text_of(said.text, said.language)
