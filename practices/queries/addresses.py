"""Finding a practice by what was printed or linked long ago: its number, or a slug it had."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from practices.models import FormerSlug, Practice


@dataclass(frozen=True)
class Standing:
    """Where a numbered practice is. `slug`: its page; empty where it is `gone`: public once, and not now."""

    slug: str = ""
    gone: bool = False


def standing_of(number: int, user: Any = None) -> Standing:
    """The practice of that number. Neither slug nor gone: there is none, or none that was ever public. Two queries."""
    visible = Practice.objects.visible_to(user).filter(pk=number).order_by().values_list("slug", flat=True).first()
    if visible:
        return Standing(visible)
    return Standing(gone=Practice.objects.filter(pk=number, published_at__isnull=False).exists())


def renamed(slug: str, user: Any = None) -> str:
    """The present slug of the public practice that once had this one; empty where there is none."""
    owner = FormerSlug.objects.filter(slug=slug).values("practice")
    found = Practice.objects.visible_to(user).filter(pk__in=owner).order_by().values_list("slug", flat=True).first()
    return found or ""
