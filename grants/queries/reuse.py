"""Earlier applications whose answers a person may take over."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from grants.models import Application
from network.frame.moments import day_text

MOST = 30


def _earlier(user: Any) -> QuerySet[Application]:
    return (
        Application.objects.visible_to(user).filter(answers__revision__gt=1).distinct().order_by("-changed_at", "-id")
    )


def earlier_than(user: Any, application: Application) -> QuerySet[Application]:
    """Applications of the same organisation that this person is a member of and in which something was written."""
    return _earlier(user).filter(organisation_id=application.organisation_id).exclude(pk=application.pk)


def earlier_choices(rows: QuerySet[Application]) -> list[tuple[str, str]]:
    """Those as choices of a form, the last changed first, at most 30: code and name in words. One query."""
    found = rows.select_related("round__fund", "organisation")[:MOST]
    return [(one.opaque_id, name_of(one)) for one in found]


def earlier_for(user: Any, organisation_ids: list[int]) -> QuerySet[Application]:
    """The same for somebody who is about to begin for one of these organisations."""
    return _earlier(user).filter(organisation__in=organisation_ids)


def name_of(application: Application) -> str:
    """Title, organisation, fund, state and last change."""
    return _("%(title)s (%(organisation)s, %(fund)s, %(state)s, %(day)s)") % {
        "title": application.title or _("Without a title"),
        "organisation": application.organisation,
        "fund": application.round.fund,
        "state": application.get_state_display(),
        "day": day_text(application.changed_at.date()),
    }


def chosen(rows: QuerySet[Application], code: str) -> Application | None:
    """The one of that code, with what taking over reads."""
    return rows.filter(opaque_id=code).select_related("form", "current_version", "organisation").first()
