"""The library for machines, as schema.org tells it in JSON-LD: a practice, and the library as a whole."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from network.languages import CODES
from practices.documents.dublin_core import PUBLISHER, concept_address, period
from practices.documents.exports import TYPES
from practices.enums import LICENCE_TERMS, Licence
from practices.queries.described import Described

# As Django's json_script: nothing in a data block can end it.
ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}
CONTEXT = "https://schema.org"


def script(told: Mapping[str, Any]) -> SafeString:
    """The `<script type="application/ld+json">` of a page; a data block, which no browser runs."""
    text = json.dumps(told, ensure_ascii=False).translate(ESCAPES)
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(text))


def practice_data(practice: Described, origin: str, path: str, original: str, languages: list[str]) -> dict[str, Any]:
    """A practice's page at `path`: https://schema.org/Article, in the language that is shown.

    Each language version is a work of its own, named by its address; the one in `original` is what the others, those
    of `languages`, are translations of.
    """
    (language,) = practice.languages
    versions = {code: _version(code, origin, path) for code in languages}
    others = [versions[code] for code in languages if code != original]
    name, _code = practice.city_name(language)
    short = origin + reverse("short_link", args=[practice.number])
    told: dict[str, Any] = {
        "@context": CONTEXT,
        "@type": "Article",
        "@id": origin + path,
        "url": origin + path,
        "identifier": [short, practice.uuid.urn],
        "headline": practice.titles[language],
        "alternativeHeadline": practice.straplines.get(language, ""),
        "abstract": practice.summaries[language],
        "inLanguage": language,
        "creator": {"@type": "GovernmentOrganization", "name": name, "url": f"{origin}/cities/{practice.city_slug}/"},
        "publisher": {"@type": "Organization", "name": PUBLISHER, "url": origin},
        "isPartOf": {"@type": "Dataset", "@id": f"{origin}/practices/"},
        "about": [
            {
                "@type": "DefinedTerm",
                "@id": concept_address(subject.code, origin),
                "name": next(iter(subject.labels.values())),
                "termCode": subject.code,
                "inDefinedTermSet": f"{origin}/practices/themes/",
            }
            for subject in practice.subjects
        ],
        "spatialCoverage": {
            "@type": "City",
            "name": name,
            "address": {"@type": "PostalAddress", "addressCountry": practice.country},
        },
        "temporalCoverage": period(practice),
        "license": LICENCE_TERMS.get(Licence(practice.licence), "") if practice.licence else "",
        "award": list(practice.labels),
        "isAccessibleForFree": True,
        "datePublished": practice.published_at.isoformat(),
        "dateModified": practice.changed_at.isoformat(),
        # An article has no day of review; the page that shows it has.
        "mainEntityOfPage": {"@type": "WebPage", "url": origin + path, "lastReviewed": practice.verified_on.isoformat()}
        if practice.verified_on
        else None,
        "encoding": {
            "@type": "MediaObject",
            "contentUrl": f"{origin}{path}sheet.pdf",
            "encodingFormat": "application/pdf",
        },
        "translationOfWork": versions[original] if language != original else None,
        "workTranslation": others if language == original else None,
    }
    return {name: value for name, value in told.items() if value not in ("", None, [])}


def library_data(origin: str, code: str, feed: str) -> dict[str, Any]:
    """The library at its list's page: https://schema.org/Dataset, with the ways in which it is handed out."""
    title = _("Good practices")
    files = {TYPES[kind]: f"{origin}{reverse('practices:export', args=[kind])}" for kind in TYPES}
    ways = {**files, "application/atom+xml": origin + feed, "text/xml": f"{origin}/oai?verb=Identify"}
    return {
        "@context": CONTEXT,
        "@type": "Dataset",
        "@id": f"{origin}/practices/",
        "url": origin + reverse("practices:list"),
        "name": title,
        "description": _("What cities did, in their own language and in translation, with the evidence for it."),
        "inLanguage": list(CODES),
        "isAccessibleForFree": True,
        "creator": {"@type": "Organization", "name": PUBLISHER, "url": origin},
        "includedInDataCatalog": {"@type": "DataCatalog", "name": PUBLISHER, "url": f"{origin}/{code}/"},
        "distribution": [
            {"@type": "DataDownload", "encodingFormat": kind.partition(";")[0], "contentUrl": url}
            for kind, url in ways.items()
        ],
    }


def _version(code: str, origin: str, path: str) -> dict[str, str]:
    url = f"{origin}/{code}/{path.split('/', 2)[2]}"
    return {"@type": "Article", "@id": url, "url": url, "inLanguage": code}
