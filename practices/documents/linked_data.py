"""A practice for machines: schema.org's JSON-LD."""

from __future__ import annotations

import datetime
import json
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from practices.queries.detail import Detail

# As Django's json_script: nothing in a data block can end it.
ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


def linked_data(found: Detail, origin: str, path: str) -> SafeString:
    """The `<script type="application/ld+json">` of the page at `path`; a data block, which no browser runs."""
    text = json.dumps(schema_org(found, origin, path), ensure_ascii=False).translate(ESCAPES)
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(text))


def schema_org(found: Detail, origin: str, path: str) -> dict[str, Any]:
    """The page as schema.org tells it to machines: https://schema.org/Article, in the language that is shown."""
    practice = found.practice
    dates: dict[str, datetime.datetime | None] = {
        "datePublished": practice.published_at,
        "dateModified": practice.updated_at,
    }
    return {
        "@context": "https://schema.org",
        "@type": "Article",
        "@id": f"urn:uuid:{practice.uuid}",
        "url": f"{origin}{path}",
        "headline": found.title,
        "alternativeHeadline": found.strapline,
        "abstract": " ".join(found.summary),
        "inLanguage": found.language,
        "about": [vars(theme)["shown_label"] for theme in found.themes],
        "contentLocation": {
            "@type": "City",
            "name": found.city,
            "address": {"@type": "PostalAddress", "addressCountry": practice.city.country},
        },
        **{name: moment.isoformat() for name, moment in dates.items() if moment},
        **({"workTranslation": _others(found, origin, path)} if len(found.languages) > 1 else {}),
    }


def _others(found: Detail, origin: str, path: str) -> list[dict[str, str]]:
    rest = path.split("/", 2)[2]
    return [
        {"@type": "Article", "inLanguage": code, "url": f"{origin}/{code}/{rest}"}
        for code in found.languages
        if code != found.language
    ]
