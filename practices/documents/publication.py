"""A publication: practices bound into one document in one language. What it says is gathered here, for the PDF
(`publication.typ`) and for the page that shows the same (`templates/practices/publication_text.html`).

The portal's words are in the document's language as far as the portal speaks it. Each practice is in the document's language
where it is complete in it, else wholly in its original one, and says so. What people wrote of the publication stays in the
language they wrote it in.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _, ngettext

from network.frame.moments import day_text
from network.frame.names import language_name, number_text
from network.languages import CORE, DEFAULT, direction, native_name
from network.typesetting import found_in, showable, typeset
from practices.documents.cutting import clipped
from practices.documents.entries import Entry, text_of
from practices.documents.fact_sheet import bare
from practices.enums import ChapterBy, Licence
from practices.queries.detail import paragraphs

HERE = Path(__file__).parent
TEMPLATE, FITTING = HERE / "publication.typ", HERE / "fitting.typ"
# Sheets that are measured at a time: what typst keeps of them is given back in between.
AT_A_TIME = 20
RUNNING_TITLE = 90
# Where a licence is explained, by SPDX's identifier.
EXPLAINED = {
    Licence.CC0: "https://creativecommons.org/publicdomain/zero/1.0/",
    Licence.CC_BY: "https://creativecommons.org/licenses/by/4.0/",
    Licence.CC_BY_SA: "https://creativecommons.org/licenses/by-sa/4.0/",
    Licence.CC_BY_NC: "https://creativecommons.org/licenses/by-nc/4.0/",
}
# What stands between page numbers where it is no comma of Latin script.
COMMAS = dict.fromkeys(("ar", "fa", "ur"), "، ")
# What no letter can stand for: where the numbers go in a sentence that the template completes.
NUMBERS = "\x00"
# Addresses are printed as they are.
ADDRESSES = frozenset({"url", "address"})


@dataclass(frozen=True)
class Cover:
    """What people said of it, in `language`; who publishes it, in words; which edition it is, of how many practices ordered."""

    title: str
    subtitle: str
    note: str
    foreword: str
    language: str
    publisher: str
    opaque_id: str
    number: int
    ordered: int


@dataclass(frozen=True)
class Chapter:
    """Some of the entries under a title; without one where the publication has no chapters."""

    title: dict[str, str] | None
    entries: list[Entry]


def chapters_of(own: Sequence[tuple[str, list[Entry]]], by: str, words_language: str, code: str) -> list[Chapter]:
    """The chapters of a document in `code`: the plan's own, one for each theme in the scheme's order, or for each city by
    its name. Within a chapter the plan's order stays."""
    if by == ChapterBy.OWN:
        return [
            Chapter(text_of(title, words_language) if title else None, entries) for title, entries in own if entries
        ]
    entries = [entry for _title, some in own for entry in some]
    found: dict[tuple[Any, ...], list[Entry]] = {}
    for entry in entries:
        key = entry.theme_order if by == ChapterBy.THEME else entry.city_order
        found.setdefault(key, []).append(entry)
    return [
        Chapter(text_of((some[0].theme or _("Other")) if by == ChapterBy.THEME else some[0].city, code), some)
        for _key, some in sorted(found.items())
    ]


def content(cover: Cover, chapters: Sequence[Chapter], code: str, origin: str, today: datetime.date) -> dict[str, Any]:
    """All that the publication says, in the active language `code`, but for the sheets. Practices are numbered from 1, in the
    order in which they stand."""
    chapters = _titled(chapters, code)
    entries = [entry for chapter in chapters for entry in chapter.entries]
    numbers = {entry.id: n for n, entry in enumerate(entries, 1)}
    address = origin + reverse("publication", args=[cover.opaque_id])
    return {
        "lang": code,
        "dir": direction(code),
        "frame_lang": code if code in CORE else DEFAULT,
        "title": text_of(cover.title, cover.language),
        "running": clipped(cover.title, RUNNING_TITLE),
        "subtitle": text_of(cover.subtitle, cover.language) if cover.subtitle else None,
        "note": {**text_of("", cover.language), "paragraphs": cover.note.splitlines()} if cover.note else None,
        "publisher": cover.publisher,
        "kind": _("Good practices of cities"),
        "date": day_text(today),
        "language": native_name(code),
        "edition": _("Version %(number)s. Newer ones, and this one for ever, are here:")
        % {"number": number_text(cover.number)},
        "link": {"url": address, "address": bare(address)},
        "foreword": {
            **text_of("", cover.language), "name": _("Foreword"), "paragraphs": paragraphs(cover.foreword),
        } if cover.foreword else None,
        "contents": _("Contents"),
        "chapters": [
            {"title": chapter.title, "rows": [numbers[entry.id] for entry in chapter.entries]} for chapter in chapters
        ],
        "practices": [{**entry.page, "n": n} for n, entry in enumerate(entries, 1)],
        "index": {"name": _("Cities and their pages"), "rows": _index(entries, numbers, code)},
        "credits": {
            "name": _("Credits"),
            "lines": _credits(cover, entries, code, today),
            "heading": [_("Practice"), _("City"), _("Text"), _("Page")],
        },
        "licences": {
            "name": _("Licences"),
            "lines": [
                _("The texts belong to the cities that wrote them. What you may do with a practice is what its city allows:")
            ],
            "rows": _licences(entries, numbers, code),
        },
    }  # fmt: skip


def fitted(sheets: Sequence[dict[str, Any]], tell: Callable[[int], None]) -> list[dict[str, Any]]:
    """The sheets' data with how much of everything fits on a page. `tell` hears how many are measured; it may raise to end."""
    measured: list[dict[str, Any]] = []
    for start in range(0, len(sheets), AT_A_TIME):
        some = sheets[start : start + AT_A_TIME]
        amounts = found_in(FITTING, {"lang": some[0]["lang"], "dir": some[0]["dir"], "sheets": some}, "amount")
        measured += [{**sheet, "amount": amount} for sheet, amount in zip(some, amounts, strict=True)]
        tell(len(measured))
    return measured


def publication_pdf(told: dict[str, Any], sheets: Sequence[dict[str, Any]]) -> bytes:
    """The PDF/UA-1 of a content with its sheets, in the order of its practices. Raises TypesettingError."""
    return typeset(TEMPLATE, {**_shown(told), "title": _titled_for_certain(told["title"]), "sheets": sheets})


def _titled(chapters: Sequence[Chapter], code: str) -> Sequence[Chapter]:
    """Practices before the first own chapter get a heading too: all have one, or none has."""
    if not any(chapter.title for chapter in chapters):
        return chapters
    first = text_of(_("Practices"), code)
    return [chapter if chapter.title else Chapter(first, chapter.entries) for chapter in chapters]


def _titled_for_certain(title: dict[str, str]) -> dict[str, str]:
    """A document needs a title: the portal's name where no letter of it can be shown."""
    text = showable(title["text"])
    return {**title, "text": text if any(letter.isalnum() for letter in text) else "Koine"}


def _shown(value: Any) -> Any:
    """The same with every text as the typefaces can show it, but for addresses."""
    if isinstance(value, dict):
        return {key: inner if key in ADDRESSES else _shown(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_shown(inner) for inner in value]
    return showable(value) if isinstance(value, str) else value


def _pages(numbers: list[int], code: str) -> dict[str, Any]:
    """ "pages 6, 7": the words before and after the numbers, which the template finds."""
    sentence = ngettext("page %(pages)s", "pages %(pages)s", len(numbers)) % {"pages": NUMBERS}
    before, _numbers, after = sentence.partition(NUMBERS)
    return {"practices": numbers, "before": before, "after": after, "comma": COMMAS.get(code, ", ")}


def _index(entries: Sequence[Entry], numbers: dict[int, int], code: str) -> list[dict[str, Any]]:
    cities: dict[tuple[Any, ...], list[Entry]] = {}
    for entry in entries:
        cities.setdefault(entry.city_order, []).append(entry)
    return [
        {"city": some[0].city, **_pages(sorted(numbers[entry.id] for entry in some), code)}
        for _key, some in sorted(cities.items())
    ]


def _credits(cover: Cover, entries: Sequence[Entry], code: str, today: datetime.date) -> list[str]:
    """Who wrote, who put it together and when, what is translated and what is not, and what was left out."""
    cities = len({entry.city_order for entry in entries})
    translated = sum(1 for entry in entries if entry.sheet["text_lang"] == code != entry.original)
    untranslated = sum(1 for entry in entries if entry.sheet["text_lang"] != code)
    lines = [
        ngettext(
            "%(practices)s, written by %(count)s city.", "%(practices)s, written by %(count)s cities.", cities
        ) % {"practices": _count(len(entries)), "count": number_text(cities)},
        _("Put together on %(day)s with Koine, the common ground of networks of cities.") % {"day": day_text(today)},
    ]  # fmt: skip
    language = language_name(code)
    if translated:
        lines.append(
            ngettext(
                "%(count)s practice was translated into %(language)s; the table names the language it was written in.",
                "%(count)s practices were translated into %(language)s; the table names the language each was written in.",
                translated,
            )
            % {"count": number_text(translated), "language": language}
        )
    if untranslated:
        lines.append(
            ngettext(
                "%(count)s practice is not translated into %(language)s yet and stands in the language it was written in.",
                "%(count)s practices are not translated into %(language)s yet and stand in the language they were written in.",
                untranslated,
            )
            % {"count": number_text(untranslated), "language": language}
        )
    if code not in CORE:
        lines.append(
            _("This portal is not yet wholly translated into %(language)s; parts appear in English.")
            % {"language": language}
        )
    if gone := cover.ordered - len(entries):
        lines.append(
            ngettext(
                "%(count)s practice that was chosen is no longer public and was left out.",
                "%(count)s practices that were chosen are no longer public and were left out.",
                gone,
            )
            % {"count": number_text(gone)}
        )
    return lines


def _count(practices: int) -> str:
    return ngettext("%(count)s practice", "%(count)s practices", practices) % {"count": number_text(practices)}


def _licences(entries: Sequence[Entry], numbers: dict[int, int], code: str) -> list[dict[str, Any]]:
    """Each licence that there is, in the order of openness, with the pages it holds for."""
    rows = []
    for licence in (*Licence, ""):
        some = [numbers[entry.id] for entry in entries if entry.licence == licence]
        if some:
            url = EXPLAINED.get(licence, "") if licence else ""
            name = (
                str(Licence(licence).label) if licence else _("The city has not said: ask it before you use the text.")
            )
            rows.append({"name": name, "url": url, "address": bare(url) if url else "", **_pages(some, code)})
    return rows
