"""A practice in Dublin Core (https://www.dublincore.org/specifications/dublin-core/dces/): fifteen elements, each as often
as there is something to say.

    title        the title, in every language it can be read in
    creator      the city
    subject      its themes, target groups and approaches: labels in those languages, and their addresses
    description  the line under the title and the summary, in those languages
    publisher    the portal
    date         when it was published
    type         Text (DCMI type vocabulary)
    format       what the page and the fact sheet are
    identifier   the short link, kept for ever, and the number that no other portal gives
    source       where the facts come from
    language     the languages it can be read in
    relation     the cities that took it up, by the addresses of their pages
    coverage     city and country in those languages; from when to when (ISO 8601)
    rights       the address of the licence's terms, or that all rights are reserved; nothing where the city has not said
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _, override

from network.frame.names import locale_of
from network.precision import Precision
from practices.enums import LICENCE_TERMS, Licence
from practices.queries.described import Described

PUBLISHER = "Koine"
NAMESPACE = "http://purl.org/dc/elements/1.1/"


@dataclass(frozen=True)
class Statement:
    """One element with its text, and the language it is in; a code, date or address is in none."""

    element: str
    text: str
    language: str = ""


def statements(practice: Described, origin: str) -> Iterator[Statement]:
    """What is said of a practice, element by element; `origin` is the portal's address."""
    for code, title in practice.titles.items():
        yield Statement("title", title, code)
    for name, code in dict.fromkeys(practice.city_name(code) for code in practice.languages):
        yield Statement("creator", name, code)
    for subject in practice.subjects:
        yield from in_languages("subject", subject.labels)
        yield Statement("subject", concept_address(subject.code, origin))
    for code in practice.languages:
        if practice.demo:
            with override(code):
                yield Statement("description", _("Demonstration: it did not happen"), code)
        yield from in_languages("description", {code: practice.straplines.get(code, "")})
        yield from in_languages("description", {code: practice.summaries.get(code, "")})
    yield Statement("publisher", PUBLISHER)
    yield Statement("date", practice.published_at.date().isoformat())
    yield Statement("type", "Text")
    yield Statement("format", "text/html")
    yield Statement("format", "application/pdf")
    yield Statement("identifier", origin + reverse("short_link", args=[practice.number]))
    yield Statement("identifier", practice.uuid.urn)
    if practice.source:
        yield Statement("source", practice.source)
    for code in practice.languages:
        yield Statement("language", code)
    for slug in practice.adopters:
        yield Statement("relation", f"{origin}/cities/{slug}/")
    yield from in_languages("coverage", {code: _place(practice, code) for code in practice.languages})
    if span := period(practice):
        yield Statement("coverage", span)
    if practice.licence == Licence.RESERVED:
        for code in practice.languages:
            with override(code):
                yield Statement("rights", str(Licence.RESERVED.label), code)
    elif practice.licence:
        yield Statement("rights", LICENCE_TERMS[Licence(practice.licence)])


def head(practice: Described, origin: str) -> SafeString:
    """The same for the head of the practice's page: https://www.dublincore.org/specifications/dublin-core/dcq-html/."""
    lines = [format_html('<link rel="schema.DC" href="{}">', NAMESPACE)]
    for said in statements(practice, origin):
        language = format_html(' lang="{}"', said.language) if said.language else ""
        lines.append(format_html('<meta name="DC.{}"{} content="{}">', said.element, language, said.text))
    return mark_safe("\n".join(lines))


def in_languages(element: str, texts: Mapping[str, str]) -> Iterator[Statement]:
    """One element in several languages, without empty ones."""
    for code, text in texts.items():
        if text:
            yield Statement(element, text, code)


def concept_address(code: str, origin: str) -> str:
    """The address of a concept of the scheme, as its SKOS says it: that of its page without a language."""
    return f"{origin}/practices/themes/{code}/"


def period(practice: Described) -> str:
    """From when to when it ran (ISO 8601), no more exactly than is known: `2017/..`, `2017-06/2019-03-01`."""
    if practice.started_on is None:
        return ""
    length = {Precision.YEAR: 4, Precision.MONTH: 7}.get(Precision(practice.started_precision), 10)
    until = practice.ended_on.isoformat() if practice.ended_on else ".."
    return f"{practice.started_on.isoformat()[:length]}/{until}"


def _place(practice: Described, code: str) -> str:
    with override(code):
        country = locale_of(code).territories.get(practice.country, practice.country)
        return _("%(city)s, %(country)s") % {"city": practice.city_name(code)[0], "country": country}
