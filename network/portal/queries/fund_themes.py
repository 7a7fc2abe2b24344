"""The library's themes as funds and applications name them: the roof sees both."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse

from grants.registry import Theme
from practices.enums import ConceptKind
from practices.queries.scheme import scheme


def tree(language: str) -> list[Theme]:
    """Every theme and target group, as the branches of their trees in the reader's alphabet."""
    known = scheme()
    return [
        Theme(one.code, one.label(language), depth)
        for kind in (ConceptKind.THEME, ConceptKind.TARGET_GROUP)
        for depth, one in known.walk(kind, language)
    ]


def tops(language: str) -> list[Theme]:
    """The themes at the top, in the reader's alphabet."""
    return [
        Theme(one.code, one.label(language)) for depth, one in scheme().walk(ConceptKind.THEME, language) if not depth
    ]


def named(codes: Iterable[str], language: str) -> list[Theme]:
    """The concepts of these codes in their order; the successor of a merged one, once; unknown ones left out."""
    known = scheme()
    found = {one.code: one for code in codes if (one := known.resolve(code)) and not one.archived}
    return [
        Theme(one.code, one.label(language), 0, reverse("practices:theme", args=[one.code])) for one in found.values()
    ]


def chosen(codes: Iterable[str], language: str) -> list[Theme]:
    """The concepts of these codes in their order, once: the successor of a merged one, one of the archive by its name still,

    what nobody knows by its code.
    """
    known = scheme()
    found = {}
    for code in codes:
        one = known.resolve(code)
        found[one.code if one else code] = one.label(language) if one else code
    return [Theme(code, label) for code, label in found.items()]
