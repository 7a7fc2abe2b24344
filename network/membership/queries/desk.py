"""What waits for a network's officers on their desk."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext as _, ngettext

from cities.models import City
from network.frame.names import number_text
from network.membership.models import Membership, MembershipDecision, Network
from network.people.desk import DeskItem
from network.people.enums import RoleKind
from network.people.rules.roles import scopes
from network.translation.models import Shown

SHOWN = 20
LATELY = timedelta(days=30)


def applications(user: Any) -> list[DeskItem]:
    """Cities that applied to this person's networks and wait for a decision, the longest waiting first."""
    keys = scopes(user, RoleKind.NETWORK_OFFICER)
    if not keys:
        return []
    undecided = (
        Membership.objects.of_kept_cities()
        .filter(network__uuid__in=keys)
        .filter(~Exists(MembershipDecision.objects.filter(membership=OuterRef("pk"))))
    )
    rows = _named(undecided).order_by("created_at", "pk")[:SHOWN]
    return [
        DeskItem(
            title=_("%(city)s has applied to %(network)s") % {"city": city, "network": network},
            url=reverse("admin:membership_membership_change", args=[pk]),
            note=_("Approve the application, or record its withdrawal."),
        )
        for pk, city, network in rows.values_list("pk", "city_name", "network_name")
    ]


def my_networks(user: Any) -> list[DeskItem]:
    """The networks this person is an officer of, with what others decided about their members lately."""
    keys = scopes(user, RoleKind.NETWORK_OFFICER)
    if not keys:
        return []
    code = get_language() or "en"
    changes = _changes_by_others(user, keys)
    networks = Network.objects.filter(uuid__in=keys, archived_at__isnull=True).for_language(code, "name")
    items = []
    for network in networks.order_by("slug"):
        lately = changes.get(network.pk, 0)
        note = _("Admit cities, record decisions, download the list.")
        if lately:
            note = ngettext(
                "%(count)s change by others in the last 30 days.",
                "%(count)s changes by others in the last 30 days.",
                lately,
            ) % {"count": number_text(lately)}
        items.append(
            DeskItem(
                title=_("Members of %(network)s") % {"network": network.shown_name},
                url=f"{reverse('admin:membership_membership_changelist')}?network__id__exact={network.pk}",
                note=note,
            )
        )
    return items


def _changes_by_others(user: Any, keys: set[str]) -> dict[int, int]:
    counted = (
        MembershipDecision.objects.filter(membership__network__uuid__in=keys, recorded_at__gte=timezone.now() - LATELY)
        .exclude(decided_by=user.pk)
        .order_by()
        .values_list("membership__network_id")
        .annotate(changes=Count("pk"))
    )
    return dict(counted)


def _named(memberships: Any) -> Any:
    code = get_language() or "en"
    return memberships.annotate(
        city_name=Shown(City, "name", code, "city__slug"), network_name=Shown(Network, "name", code, "network__slug")
    )
