"""The fact sheet: a practice on one A4 page, in the language of its page, for people who meet it on paper.

What does not fit is left out from the end of each section, at the end of a sentence; the sheet says so and where to
read on. How much fits is measured by the template (`fact_sheet.typ`) with the very type it is set in.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from django.urls import reverse
from django.utils.translation import get_language, gettext as _, ngettext

from network import typesetting
from network.frame.moments import day_text, known_day_text
from network.frame.names import country_name, language_name, number_text
from network.languages import direction
from network.typesetting import drawn, kept, showable, typeset
from practices.documents.cutting import clipped, sentences
from practices.enums import Maturity, State
from practices.models import Practice
from practices.queries.described import award_text
from practices.queries.detail import Detail, paragraphs
from practices.queries.parts import ResultRow
from practices.queries.said import Said
from practices.rules.verifying import is_overdue

HERE = Path(__file__).parent
TEMPLATE, LOOKS = HERE / "fact_sheet.typ", HERE / "sheet.typ"
# Characters at most; a sentence longer than that may be cut within. Rows and themes at most.
TITLE, STRAPLINE, SENTENCE, NAME, INDICATOR, UNIT, CREDIT = 200, 300, 300, 70, 120, 30, 240
# The longest run of letters in a narrow column.
NARROW = 16
RESULTS, THEMES, REASONS, LABELS = 5, 6, 6, 2
ORDER = ("challenge", "goals", "actions", "participation")


def fact_sheet(data: dict[str, Any]) -> bytes:
    """The PDF of what `sheet_data` gave: one page, PDF/UA-1. Raises TypesettingError where none comes out."""
    return typeset(TEMPLATE, data)


def fact_sheet_drawing(data: dict[str, Any]) -> bytes:
    """The same page as a drawing (SVG) for the screen, beside a preview. Raises TypesettingError as above."""
    return drawn(TEMPLATE, data)


def kept_sheet(number: int, name: str, data: dict[str, Any]) -> bytes:
    """The sheet of that practice, made once and kept under its content's `fingerprint`."""
    return kept("practices.sheet", number, name, lambda: fact_sheet(data))


def fingerprint(data: dict[str, Any]) -> str:
    """A name of the sheet's content: another one as soon as anything on it, or the template, is another."""
    return typesetting.fingerprint(data, TEMPLATE, LOOKS)


def short_link(practice: Practice, origin: str) -> str:
    """The practice's address for ever, as printed: without a language, and whatever its slug becomes."""
    return origin + reverse("short_link", args=[practice.pk])


def file_name(practice: Practice, language: str) -> str:
    """The sheet's name as a file, in the script of its address."""
    return f"{practice.slug}-{language}.pdf"


def sheet_data(found: Detail, origin: str, *, draft: bool = False) -> dict[str, Any]:
    """All that stands on the sheet, in the active language, the texts in theirs. `origin`: the portal's address.

    `draft`: these words are not public yet, whatever the practice is.
    """
    draft = draft or found.practice.state != State.PUBLISHED
    practice, code = found.practice, get_language() or "en"
    address = short_link(practice, origin)
    contact = origin + reverse("cities:contact", args=[practice.city.slug])
    return {
        "lang": code,
        "dir": direction(code),
        "text_lang": found.language,
        "text_dir": direction(found.language),
        "kind": _("Good practice: fact sheet"),
        "title": _title(found),
        "strapline": clipped(showable(found.strapline), STRAPLINE),
        "where": _("%(city)s, %(country)s")
        % {"city": _apart(clipped(showable(found.city), NAME)), "country": country_name(practice.city.country)},
        "banners": _banners(practice, draft),
        "language_line": _language_line(practice, found.language, code),
        "maturity": {
            "name": _("Maturity"),
            "step": list(Maturity).index(found.maturity.level) + 1,
            "word": str(found.maturity.level.label),
            "reasons": [{"met": reason["met"], "text": reason["text"]} for reason in found.maturity.reasons[:REASONS]],
        },
        "summary": _paragraphs(found.summary, found.language),
        "sections": [
            {"title": section.title, "paragraphs": _paragraphs(section.paragraphs, found.language)}
            for section in sorted(found.sections, key=lambda section: ORDER.index(section.name))
        ]
        + _lessons(found),
        "results": _results(found.parts.results, found.language),
        "facts": {"name": _("Facts"), "rows": _facts(found)},
        "themes": {"name": _("Themes"), "items": _themes(found)},
        "contact": {"name": _("Write to the city"), "url": contact, "address": bare(contact)},
        "read_on": {
            "cut": _("Shortened to fit this page."),
            "words": _read_on(practice, found.languages),
            "url": address,
            "address": bare(address),
        },
        "notes": _notes(found),
    }


def _title(found: Detail) -> str:
    """The title; a sheet needs one, so the address's name where no letter of it can be shown."""
    title = clipped(showable(found.title), TITLE)
    return title if any(letter.isalnum() for letter in title) else found.practice.slug


def _language_line(practice: Practice, shown: str, wanted: str) -> str:
    """Which language the texts are in, as the page's language line says it."""
    names = {
        "shown": language_name(shown),
        "wanted": language_name(wanted),
        "original": language_name(practice.original_language),
    }
    if shown != wanted and wanted not in practice.languages:
        return _("Shown in %(shown)s; not yet translated into %(wanted)s.") % names
    if shown == practice.original_language:
        return _("Original text, in %(shown)s.") % names
    if shown != wanted:
        return _("Shown in %(shown)s, translated from %(original)s.") % names
    return _("Translated from %(original)s.") % names


def _banners(practice: Practice, draft: bool) -> list[dict[str, str]]:
    """What must be known before anything is believed: a draft, a demonstration, that nobody confirmed it in time."""
    found = []
    if draft:
        found.append(
            {"name": _("Draft"), "text": _("Not published: only those who write for this city have this sheet.")}
        )
    if practice.demo:
        found.append(
            {
                "name": _("A demonstration"),
                "text": _("This practice was written to show the portal. It did not happen."),
            }
        )
    if not draft and is_overdue(practice) and practice.verified_on and practice.review_due_on:
        found.append(
            {
                "name": _("Not confirmed since %(day)s") % {"day": day_text(practice.verified_on)},
                "text": _("The city was to say by %(day)s whether this is still true, and has not answered yet.")
                % {"day": day_text(practice.review_due_on)},
            }
        )
    return found


def _paragraphs(paragraphs: Iterable[str], language: str) -> list[list[dict[str, Any]]]:
    """Paragraphs as sentences, each with the characters from the beginning of the section to its end."""
    length, found = 0, []
    for paragraph in paragraphs:
        parts = []
        for sentence in sentences(showable(paragraph), language, SENTENCE):
            length += len(sentence) + 1
            parts.append({"text": sentence, "to": length})
        found.append(parts)
    return found


def _lessons(found: Detail) -> list[dict[str, Any]]:
    """The lessons as the last sections; those that the sheet's language lacks are left to the page."""
    told = []
    for title, rows in ((_("Lessons"), found.worked), (_("What did not work"), found.failed)):
        here = [row.text.text for row in rows if row.text.language == found.language]
        if here:
            said = [text for lesson in here for text in paragraphs(lesson)]
            told.append({"title": title, "paragraphs": _paragraphs(said, found.language)})
    return told


def _results(rows: list[ResultRow], language: str) -> dict[str, Any] | None:
    if not rows:
        return None
    left = len(rows) - RESULTS
    more = ngettext("and %(count)s more result", "and %(count)s more results", left) % {"count": number_text(left)}
    return {
        "name": _("Results"),
        "caption": _("Measured before and after"),
        "heading": [_("What was measured"), _("Before"), _("After"), _("Unit")],
        "rows": [
            {
                "indicator": _said(row.indicator, INDICATOR),
                "before": _("not measured") if row.baseline is None else number_text(row.baseline),
                "after": number_text(row.value),
                "unit": _said(row.unit, UNIT),
            }
            for row in rows[:RESULTS]
        ],
        "more": more if left > 0 else "",
    }


def _said(said: Said, most: int) -> dict[str, str]:
    return {"text": clipped(showable(said.text, NARROW), most), "lang": said.language, "dir": direction(said.language)}


def _facts(found: Detail) -> list[dict[str, str]]:
    """Name and value; what is not known is left out."""
    practice = found.practice
    started = practice.started_on and known_day_text(practice.started_on, practice.started_precision)
    rows = [
        (_("Started"), started or ""),
        (_("Ended"), day_text(practice.ended_on) if practice.ended_on else ""),
        (_("Status"), str(practice.get_running_display())),
        (_("Places it ran in"), number_text(practice.settings_count)),
        (_("Taken up elsewhere"), _adopted(found)),
        *(
            (_("Label"), showable(award_text(row.name, row.network, row.label.valid_until), NARROW))
            for row in found.valid_labels[:LABELS]
        ),
        (_("Written in"), language_name(practice.original_language)),
        (_("Published"), day_text(practice.published_at.date()) if practice.published_at else ""),
        (_("Last verified"), day_text(practice.verified_on) if practice.verified_on else ""),
        (_("Last changed"), day_text(practice.updated_at.date())),
    ]
    return [{"name": name, "value": value} for name, value in rows if value]


def _adopted(found: Detail) -> str:
    count = found.practice.adoptions_count
    if not count:
        return ""
    return ngettext("by %(count)s city", "by %(count)s cities", count) % {"count": number_text(count)}


def _themes(found: Detail) -> list[str]:
    shown = [clipped(showable(vars(theme)["shown_label"], NARROW), NAME) for theme in found.themes[:THEMES]]
    left = len(found.themes) - THEMES
    return (
        [*shown, ngettext("and %(count)s more", "and %(count)s more", left) % {"count": number_text(left)}]
        if left > 0
        else shown
    )


def _read_on(practice: Practice, languages: list[str]) -> str:
    if practice.state != State.PUBLISHED:
        return _("Once it is published, its whole text will be here:")
    if len(languages) == 1:
        return _("The whole text, with its evidence:")
    text = ngettext(
        "The whole text, with its evidence, in %(count)s language:",
        "The whole text, with its evidence, in %(count)s languages:",
        len(languages),
    )
    return text % {"count": number_text(len(languages))}


def _notes(found: Detail) -> list[dict[str, str]]:
    """Credits in small type."""
    practice = found.practice
    rows = [
        (_("Source"), clipped(showable(practice.source), CREDIT)),
        (_("Licence"), str(practice.get_licence_display())),
    ]
    return [{"name": name, "value": value} for name, value in rows if value]


def _apart(text: str) -> str:
    """A name isolated from the direction of the sentence around it (Unicode UAX #9)."""
    return f"\u2068{text}\u2069"


def bare(url: str) -> str:
    """An address as it is printed and typed: without https://, in its own letters."""
    return unquote(url.partition("://")[2])
