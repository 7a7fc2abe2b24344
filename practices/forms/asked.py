"""A search as an address keeps it: what of it is understood, in one order, so that the same search is always the same text.

Feeds and saved searches stand on it. The list of practices filters by what it understands and leaves out the rest; what
is followed over years must not: a filter that is no longer understood would let everything through.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import get_language, gettext as _

from network.languages import DEFAULT
from practices.forms.filters import PracticeFilter
from practices.queries.wanted import REUSED, Wanted

QUERY, ORDER = "q", "sort"


@dataclass(frozen=True)
class Asked:
    """A search. query: the canonical query string of what is understood, without page and view; words: each part of it in

    the reader's words. whole: whether that is all that was asked; typed: what was asked, as it was.
    """

    wanted: Wanted
    query: str
    words: tuple[str, ...]
    whole: bool
    typed: str


def asked(data: QueryDict | str, *, order: bool = False) -> Asked:
    """The search of these parameters. With `order` the order of the rows belongs to it."""
    form = PracticeFilter(QueryDict(data) if isinstance(data, str) else data, get_language() or DEFAULT)
    return asked_by(form, form.wanted(), order=order)


def asked_by(form: PracticeFilter, wanted: Wanted, *, order: bool = False) -> Asked:
    """The same of a form that was read already."""
    parts = list(_parts(form, wanted, order))
    named = [(name, value) for name, value in _named(form.data) if order or name != ORDER]
    return Asked(
        wanted=wanted,
        query=urlencode([(name, value) for name, value, _words in parts]),
        words=tuple(words for _name, _value, words in parts if words),
        whole=sorted(name for name, _value, _words in parts) == sorted(name for name, _value in named),
        typed=urlencode(named),
    )


def understood(query: str) -> Wanted | None:
    """What a saved query string asks for; None where any part of it is not understood any more."""
    search = asked(query, order=True)
    return search.wanted if search.whole else None


def _named(data: QueryDict) -> Iterator[tuple[str, str]]:
    """What was asked by names that the library knows."""
    for name, values in data.lists():
        if name == QUERY or (name in PracticeFilter.base_fields and (name != ORDER or _orders(data))):
            yield from ((name, value) for value in dict.fromkeys(values) if value.strip())


def _orders(data: QueryDict) -> bool:
    """Whether the order is one: without a query the newest come first anyway."""
    return bool(data.get(QUERY)) or data.get(ORDER) == REUSED


def _parts(form: PracticeFilter, wanted: Wanted, order: bool) -> Iterator[tuple[str, str, str]]:
    """Name, value and words of each part that is understood."""
    if wanted.query.text:
        yield QUERY, wanted.query.text, _("“%(text)s”") % {"text": wanted.query.text}
    for name, field in form.fields.items():
        given = form.cleaned_data[name]
        labels: dict[Any, Any] = dict(getattr(field, "choices", ()))
        for value in given if isinstance(given, list | tuple) else [given]:
            if not value or (name == ORDER and not (order and _orders(form.data))):
                continue
            said = str(labels.get(value, value))
            words = (
                field.label if value is True else _("%(filter)s: %(value)s") % {"filter": field.label, "value": said}
            )
            yield name, "on" if value is True else str(value), "" if name == ORDER else str(words)
