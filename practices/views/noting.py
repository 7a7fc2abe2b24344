"""What pages of the library note of being asked: words and counts, nobody's name (`network.frame.notes`)."""

from __future__ import annotations

from urllib.parse import parse_qsl

from django.http import HttpRequest

from network.frame.notes import take_note
from practices.forms.asked import QUERY, Asked
from practices.queries.detail import Detail
from practices.rules.insight import ASKED, MISSED, asked_words


def note_search(request: HttpRequest, search: Asked, code: str, total: int) -> None:
    """Note a search once: its first page, as a list. What may hold somebody's own address or number is not noted."""
    if request.GET.get("view") or request.GET.get("page", "1") != "1":
        return
    words = asked_words(search.wanted.query.text)
    filters = sorted({name for name, _value in parse_qsl(search.query)} - {QUERY})
    if words is not None and (words or filters):
        take_note(request, ASKED, code, words, " ".join(filters), total)


def note_language(request: HttpRequest, found: Detail, code: str) -> None:
    """Note that somebody opened a practice that can't be read in their language."""
    if code not in found.languages:
        take_note(request, MISSED, found.practice.pk, code)
