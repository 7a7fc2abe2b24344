"""A city's memberships as a line in time."""

from __future__ import annotations

import datetime
from typing import Any

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from cities.models import City
from network.frame.moments import known_day_text
from network.membership.enums import MembershipStatus
from network.membership.models import Membership, MembershipDecision, Network
from network.membership.rules import status_on
from network.translation.models import best_text


def timeline_of(city: City, code: str, day: datetime.date) -> list[dict[str, Any]]:
    """The city's memberships as items of the timeline piece: the oldest first, those without a known start last.

    Applications that are not decided are not shown. Three queries, however many memberships.
    """
    networks = Network.objects.filter(archived_at__isnull=True).for_language(code, "name")
    memberships = (
        Membership.objects.filter(city=city, network__archived_at__isnull=True)
        .prefetch_related(
            Prefetch("decisions", MembershipDecision.objects.order_by("effective_on", "id")),
            Prefetch("network", networks),
        )
        .order_by("pk")
    )
    items = [item for one in memberships if (item := _item(one, code, day))]
    items.sort(key=lambda item: item["starts"])
    return items


def _item(membership: Membership, code: str, day: datetime.date) -> dict[str, Any] | None:
    decisions = list(membership.decisions.all())
    status = status_on(decisions, day)
    if status == MembershipStatus.PENDING:
        return None
    network: Any = membership.network
    act, act_language = best_text(membership, "act", code)
    role, role_language = best_text(membership, "role", code)
    return {
        "what": network.shown_name,
        "url": network.get_absolute_url(),
        "when": when_text(membership, decisions, status),
        "state": {MembershipStatus.CURRENT: "current", MembershipStatus.ENDED: "ended"}.get(status, ""),
        "starts": (membership.joined_on or membership.known_on or datetime.date.max, membership.pk),
        "kind": membership.get_kind_display(),
        "programme": membership.programme,
        "founding": membership.founding,
        "confirmed": membership.confirmed,
        "suspended": status == MembershipStatus.SUSPENDED,
        "act": act,
        "act_language": act_language,
        "role": role,
        "role_language": role_language,
        "source": membership.source,
    }


def when_text(membership: Membership, decisions: list[MembershipDecision], status: MembershipStatus) -> str:
    """From when to when, each end no more exactly than it is known."""
    start = known_day_text(membership.joined_on, membership.joined_precision) if membership.joined_on else ""
    if status == MembershipStatus.ENDED:
        last = max(decisions, key=lambda one: (one.effective_on, one.pk))
        end = known_day_text(last.effective_on, last.precision)
        if not start:
            return _("Until %(end)s") % {"end": end}
        return _("%(start)s to %(end)s") % {"start": start, "end": end}
    if start:
        return _("Since %(start)s") % {"start": start}
    if membership.known_on:
        proved = known_day_text(membership.known_on, membership.known_precision)
        return _("Documented in %(when)s; the joining date is not known") % {"when": proved}
    return _("The joining date is not known")
