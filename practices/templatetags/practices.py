"""Pieces of pages that only the library draws."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import lru_cache

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext as _

from network.frame.rows import result_row
from practices.queries.cards import Card

register = template.Library()


@register.filter
def among(value: object, known: Collection[object]) -> bool:
    """Whether the value is one of those: a filter, where `{% if %}` is no place for it."""
    return value in known


@register.simple_tag
def practice_row(card: Card, heading: int = 3) -> SafeString:
    """One practice in a list; `heading` is the level of its title. The same card is drawn once and kept."""
    # Text and marked-up text of the same characters are equal to Python and must not be taken for one another.
    marked = hasattr(card.title, "__html__"), hasattr(card.text, "__html__")
    return _drawn(card, marked, heading, get_language() or "en")


@lru_cache(maxsize=1000)
def _drawn(card: Card, marked: tuple[bool, bool], heading: int, language: str) -> SafeString:
    return result_row(
        card.title,
        card.url,
        where=card.where,
        text=card.text,
        lang=card.language,
        maturity=card.maturity,
        languages=card.languages,
        chips=card.chips,
        note=card.note,
        side=_("Demonstration") if card.demo else "",
        heading=heading,
    )


@register.inclusion_tag("practices/step_button.html")
def step_button(kind: str, verb: str, thing: int, what: str, focus: str) -> dict[str, object]:
    """A button that moves a practice of a collection, or with kind `chapter_` a chapter; the one pressed last is focused."""
    words = {"up": _("Up"), "down": _("Down"), "first": _("To the top"), "remove": _("Remove")}
    value = f"{kind}{verb}:{thing}"
    return {"value": value, "word": words[verb], "what": what, "focused": value == focus}


@register.filter
def at(rows: Sequence[object], number: int) -> object:
    """The row of that number, counted from 1."""
    return rows[number - 1]
