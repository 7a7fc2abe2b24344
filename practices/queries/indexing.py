"""Which published practices have to be indexed (again)."""

from __future__ import annotations

from django.db.models import F

from practices.enums import State
from practices.models import Practice, SearchEntry


def every_published(after: int = 0) -> list[int]:
    """Ids of all published practices above `after`, in order: where a stopped run goes on."""
    found = Practice.objects.filter(state=State.PUBLISHED, pk__gt=after).order_by("pk")
    return list(found.values_list("pk", flat=True))


def with_theme(theme_id: int) -> list[int]:
    """Ids of the published practices of a theme."""
    found = Practice.objects.filter(state=State.PUBLISHED, themes=theme_id).order_by("pk")
    return list(found.values_list("pk", flat=True))


def behind_their_city() -> list[int]:
    """Ids of practices whose city changed after they were indexed."""
    late = SearchEntry.objects.filter(practice__city__updated_at__gt=F("indexed_at")).order_by("practice_id")
    return list(late.values_list("practice_id", flat=True).distinct())
