"""A person's saved searches as pages show them."""

from __future__ import annotations

from typing import Any

from practices.models import SavedSearch


def searches_of(user: Any) -> list[SavedSearch]:
    """The person's searches, newest first. One query; there are never more than `rules.saved_searches` allows."""
    return list(SavedSearch.objects.filter(user=user).order_by("-since", "-id"))


def own_searches(user: Any) -> list[dict[str, Any]]:
    """For the person's export of what the portal keeps about them."""
    return [
        {
            "name": search.name,
            "query": search.query,
            "language": search.language,
            "alerts": search.alert,
            "weekday": search.weekday,
            "at": search.at_local.isoformat("minutes") if search.at_local else None,
            "since": search.since.isoformat(),
        }
        for search in searches_of(user)
    ]
