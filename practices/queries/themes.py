"""Pages of the classification: the tree with its counts, one concept, and everything for open data."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.urls import reverse
from django.utils.translation import gettext as _

from network.frame.pagecache import kept
from network.languages import CODES, LANGUAGES, Language
from network.translation.models import best_text
from practices.enums import FILTERS, ConceptKind
from practices.models import Concept, Practice
from practices.queries.listing import Listing, listing
from practices.queries.scheme import Named, Scheme, scheme
from practices.queries.vocabularies import Elsewhere, elsewhere
from practices.queries.wanted import Wanted

# How many public practices a concept has, itself or through what is narrower; each practice counts once.
COUNTS = """
SELECT above.concept, count(DISTINCT t.practice_id)
FROM unnest(%s::bigint[], %s::bigint[]) AS above(part, concept)
JOIN practices_practice_themes t ON t.concept_id = above.part
JOIN ({public}) AS public(id) ON public.id = t.practice_id
GROUP BY above.concept
"""


@dataclass(frozen=True)
class Branch:
    """A concept in the tree: its name in the reader's language, its practices, what is part of it."""

    label: str
    url: str
    practices: int
    parts: list[Branch]


@dataclass(frozen=True)
class Tree:
    """All concepts of one kind, under its title."""

    kind: ConceptKind
    title: str
    branches: list[Branch]


def trees(code: str) -> list[Tree]:
    """Themes, target groups and approaches in the reader's alphabet, with their counts. Two queries at most."""
    known, counts = scheme(), practice_counts()
    tops = known.parts.get(None, [])
    titles = {
        ConceptKind.THEME: _("Themes"),
        ConceptKind.TARGET_GROUP: _("Target groups"),
        ConceptKind.APPROACH: _("Approaches"),
    }
    return [
        Tree(kind, title, _branches(known, [one for one in tops if one.kind == kind], counts, code))
        for kind, title in titles.items()
    ]


def _branches(known: Scheme, concepts: Iterable[Named], counts: dict[int, int], code: str) -> list[Branch]:
    return [
        Branch(
            label=one.label(code),
            url=reverse("practices:theme", args=[one.code]),
            practices=counts.get(one.id, 0),
            parts=_branches(known, known.parts.get(one.id, ()), counts, code),
        )
        for one in known.in_order(concepts, code)
    ]


def practice_counts() -> dict[int, int]:
    """How many public practices each concept has, with those of everything narrower. Kept until content changes."""
    return kept("practices.themes.counts", _count)


def _count() -> dict[int, int]:
    known = scheme()
    pairs = [(part, one) for one in known.concepts for part in known.with_parts(one)]
    public, parameters = Practice.objects.visible_to(None).order_by().values("pk").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            COUNTS.format(public=public), [[part for part, _one in pairs], [one for _part, one in pairs], *parameters]
        )
        return dict(cursor.fetchall())


@dataclass(frozen=True)
class Link:
    """A name and its address."""

    label: str
    url: str


@dataclass(frozen=True)
class Name:
    """What the concept is called in one language, and the words that find it there."""

    language: Language
    label: str


@dataclass(frozen=True)
class ThemePage:
    """One concept. note: what it means, in `note_language`; filter: the parameter of the list that filters by it."""

    code: str
    kind: str
    label: str
    note: str
    note_language: str
    names: list[Name]
    elsewhere: list[Elsewhere]
    above: list[Link]
    parts: list[Branch]
    archived: bool
    found: Listing
    filter: str


def theme_page(asked: str, code: str, page: int = 1) -> ThemePage | None:
    """The page of a concept for a reader of `code`, with its practices, newest first; None where there is none."""
    known = scheme()
    one = known.by_code.get(asked)
    if one is None:
        return None
    concept = Concept.objects.get(pk=one.id)
    note, language = best_text(concept, "scope_note", code)
    kind = ConceptKind(one.kind)
    wanted: dict[str, Any] = {FILTERS[kind]: (one.code,), "page": page}
    return ThemePage(
        code=one.code,
        kind=str(kind.label),
        label=one.label(code),
        note=note,
        note_language=language,
        names=[Name(LANGUAGES[other], one.labels[other]) for other in CODES if other != code and one.labels[other]],
        elsewhere=list(elsewhere(concept)),
        above=[Link(top.label(code), reverse("practices:theme", args=[top.code])) for top in known.above(one.id)],
        parts=_branches(known, known.parts.get(one.id, ()), practice_counts(), code),
        archived=one.archived,
        found=listing(Wanted(**wanted), code),
        filter=FILTERS[kind],
    )


def whole_scheme() -> list[Concept]:
    """Every concept with everything it says, those out of use too, in the order of the scheme. One query."""
    return list(Concept.objects.select_related("broader", "replaced_by").order_by("position", "code"))
