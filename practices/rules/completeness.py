"""In which languages a practice can be read as a whole, and how long its texts may be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from network.languages import CODES

CARD_FIELDS = ("title", "strapline", "summary")
SECTIONS = ("challenge", "goals", "actions", "participation")
TEXT_FIELDS = (*CARD_FIELDS, *SECTIONS)
# A language is complete where all of these are filled in it. The strapline may stay empty.
NEEDED = ("title", "summary", *SECTIONS)


@dataclass(frozen=True)
class Limit:
    """The most words (as `network.text.count_words` counts) and characters that a text may have."""

    words: int
    characters: int


LIMITS: dict[str, Limit] = {
    "title": Limit(15, 200),
    "strapline": Limit(30, 300),
    "summary": Limit(100, 2000),
    **{section: Limit(400, 8000) for section in SECTIONS},
}

Texts = Mapping[str, Mapping[str, str]]


def complete_languages(texts: Texts) -> list[str]:
    """The languages in which title, summary and every section are filled, in the house's order. texts: field, language."""
    return [code for code in CODES if not missing_fields(texts, code)]


def missing_fields(texts: Texts, code: str) -> list[str]:
    """The fields that are still empty in that language, of those a complete version needs."""
    return [field for field in NEEDED if not texts.get(field, {}).get(code)]
