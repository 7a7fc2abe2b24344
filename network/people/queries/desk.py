"""What this app puts on a person's desk."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _, ngettext

from network.frame.moments import day_text
from network.people import scopes
from network.people.desk import DeskItem
from network.people.enums import TERMS, MemberRole, RoleKind, ScopeKind
from network.people.models import Invitation
from network.people.queries import verifying as queries
from network.people.queries.bank import waiting_details
from network.people.queries.organisations import organisations_of
from network.people.rules.organisations import has_verified_address
from network.people.rules.roles import demands_second_factor, roles_of
from network.people.rules.verifying import can_open_verification
from network.people.sessions import has_second_factor


def second_factor(user: Any) -> Iterator[DeskItem]:
    """People whose role demands a second factor and who have none yet."""
    if demands_second_factor(user) and not has_second_factor(user):
        yield DeskItem(
            _("Set up the second step of your sign-in"),
            reverse("mfa_index"),
            _("Your role opens what others must not see: a password alone is not enough."),
            urgent=True,
        )


def invitations(user: Any) -> Iterator[DeskItem]:
    """Open invitations to the person's confirmed address. The link is in the mail: this only points to it."""
    if not has_verified_address(user):
        return
    rows = Invitation.objects.filter(
        email__iexact=user.email, accepted_at=None, revoked_at=None, expires_at__gt=timezone.now()
    ).select_related("organisation")
    for row in rows.order_by("expires_at"):
        yield DeskItem(
            _("Join %(organisation)s") % {"organisation": row.organisation},
            reverse("people:own_invitation", args=[row.pk]),
            _("You are invited as: %(role)s") % {"role": MemberRole(row.role).label},
            moment=row.expires_at,
        )


def to_verify(user: Any) -> Iterator[DeskItem]:
    """How many organisations wait for this person to say whether they are what they say."""
    if not can_open_verification(user):
        return
    number = queries.judged(user).waiting().count()
    if number:
        words = ngettext(
            "%(number)d organisation waits to be verified", "%(number)d organisations wait to be verified", number
        )
        yield DeskItem(words % {"number": number}, reverse("people:verification_queue"))


def expiring_checks(user: Any) -> Iterator[DeskItem]:
    """How many due-diligence checks have expired or soon will, of organisations this person judges."""
    if not can_open_verification(user):
        return
    number = queries.expiring_checks(user).count()
    if number:
        words = ngettext(
            "%(number)d due-diligence check has expired or does so within 30 days",
            "%(number)d due-diligence checks have expired or do so within 30 days",
            number,
        )
        yield DeskItem(words % {"number": number}, f"{reverse('people:verification_queue')}?show=checks")


def bank_details(user: Any) -> Iterator[DeskItem]:
    """Bank details that this person can confirm: entered by another owner, or of an organisation they pay."""
    for details in waiting_details(user):
        yield DeskItem(
            _("Bank details of %(organisation)s wait for a second person") % {"organisation": details.organisation},
            reverse("people:bank", args=[details.organisation.slug]),
            urgent=True,
        )


def organisations(user: Any) -> Iterator[DeskItem]:
    """The organisations the person works for."""
    for organisation, role in organisations_of(user):
        yield DeskItem(
            str(organisation), reverse("people:organisation", args=[organisation.slug]), MemberRole(role).label
        )


def roles(user: Any) -> Iterator[DeskItem]:
    """The roles held today, with what they are for. Where they lead is told by the apps that own it; staff roles lead to
    the administration."""
    for role in roles_of(user):
        terms = TERMS[role.kind]
        what = "" if terms.scope == ScopeKind.PORTAL else scopes.name_of(role.scope_kind, role.scope_key)
        until = _("Until %(day)s") % {"day": day_text(role.ends_on)} if role.ends_on else ""
        title = RoleKind(role.kind).label
        yield DeskItem(
            f"{title}: {what}" if what else title,
            reverse("admin:index") if terms.staff else "",
            until,
            zone=user.time_zone,
        )
