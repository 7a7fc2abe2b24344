"""Invitations into an organisation: sent by mail, used once, by the person they were sent to, within 14 days."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy as _

from network.doors import DomainError, insist
from network.frame.links import in_language
from network.languages import DEFAULT
from network.outgoing import Addressee, send
from network.people import messages
from network.people.domain.organisations import add_member, locked
from network.people.enums import MemberRole
from network.people.models import Invitation, Organisation, OrganisationMember, SecretInvitation, User
from network.people.rules.organisations import can_accept_invitation, can_manage_members

VALID = timedelta(days=14)
# Invitations carry the organisation's name to strangers: nobody may use them to send mail in bulk.
PER_DAY = 20
Kind = TypeVar("Kind", bound=SecretInvitation)


def token_hash(token: str) -> str:
    """What is kept of an invitation's secret."""
    return hashlib.sha256(token.encode()).hexdigest()


def clean_address(email: str) -> str:
    """An address as invitations keep it. DomainError `email` where it is none."""
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError as error:
        raise DomainError(_("Enter an e-mail address like name@example.org."), code="email") from error
    if any(character.isspace() for character in email):
        raise DomainError(_("Enter an e-mail address like name@example.org."), code="email")
    return email


def issue(model: type[Kind], *, email: str, role: str, by: User, **into: Any) -> tuple[Kind, str]:
    """A new invitation of that table into something (whose row the caller holds), and its secret, which is kept nowhere.

    An open one to the same address is replaced, its link dies. DomainError `limit`: at most 20 a day from one person.
    """
    now, rows = timezone.now(), model._default_manager
    if rows.filter(invited_by=by, created_at__gt=now - timedelta(days=1)).count() >= PER_DAY:
        raise DomainError(_("You have sent 20 invitations today. Send more tomorrow."), code="limit")
    rows.filter(**into, email__iexact=email, accepted_at=None, revoked_at=None).update(revoked_at=now)
    token = secrets.token_urlsafe(32)
    invitation = model(
        **into,
        email=email,
        role=role,
        token_hash=token_hash(token),
        invited_by=by,
        created_at=now,
        expires_at=now + VALID,
    )
    invitation.save()
    return invitation, token


def addressee_of(email: str, language: str = "") -> Addressee:
    """Whom an invitation goes to: in the language of the account, where there is one, else in the one that was asked for,
    else in the inviter's."""
    known = User.objects.filter(email__iexact=email).first()
    if known:
        return Addressee(email, known.preferred_language, known.display_name, known.pk)
    return Addressee(email, language or get_language() or DEFAULT)


@transaction.atomic
def invite_member(organisation: Organisation, *, email: str, role: str, by: User) -> Invitation:
    """Invite an address, whether or not it has an account: the answer and the mail are the same.

    An open invitation to the same address is replaced, its link dies. At most 20 a day from one person.
    """
    organisation = locked(organisation.pk)
    insist(can_manage_members(by, organisation))
    email = clean_address(email)
    if role not in MemberRole.values:
        raise DomainError(_("Choose owner, editor or viewer."), code="role")
    if OrganisationMember.objects.filter(organisation=organisation, user__email__iexact=email).exists():
        raise DomainError(_("This person is a member already."), code="member")
    invitation, token = issue(Invitation, email=email, role=role, by=by, organisation=organisation)
    to = addressee_of(email)
    send(
        messages.INVITATION,
        key=f"people.invitation:{invitation.pk}",
        to=to,
        context={
            "path": in_language(reverse("people:invitation", args=[token]), to.language),
            "organisation": organisation.name,
            "inviter": by.display_name,
        },
    )
    return invitation


def find(token: str) -> Invitation | None:
    """The invitation of a link, in whatever state it is; None where the link was never one of ours."""
    return (
        Invitation.objects.select_related("organisation", "invited_by")
        .filter(token_hash=token_hash(token[:200]))
        .first()
    )


def refusal(invitation: SecretInvitation) -> DomainError | None:
    """Why nobody can use this invitation any more; None while it is open."""
    if invitation.accepted_at:
        return DomainError(_("This invitation was used already."), code="used")
    # What nobody used is closed some time after it has ended (`close_expired`): it has ended all the same.
    if invitation.expires_at <= timezone.now():
        return DomainError(_("This invitation ended after 14 days. Ask for a new one."), code="expired")
    if invitation.revoked_at:
        return DomainError(_("This invitation was taken back. Ask for a new one."), code="revoked")
    return None


@transaction.atomic
def accept_invitation(invitation: Invitation, *, by: User) -> Invitation:
    """Join the organisation. Only the confirmed holder of the invited address can, once (see `can_accept_invitation`)."""
    organisation = locked(invitation.organisation_id)
    invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if refused := refusal(invitation):
        raise refused
    insist(can_accept_invitation(by, invitation))
    invitation.accepted_at, invitation.accepted_by = timezone.now(), by
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    add_member(organisation, by, invitation.role)
    return invitation


@transaction.atomic
def revoke_invitation(invitation: Invitation, *, by: User) -> Invitation:
    """Take an invitation back: its link opens nothing any more."""
    organisation = locked(invitation.organisation_id)
    insist(can_manage_members(by, organisation))
    invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if refused := refusal(invitation):
        raise refused
    invitation.revoked_at = timezone.now()
    invitation.save(update_fields=["revoked_at"])
    return invitation


def close_expired() -> int:
    """Mark invitations whose time is over as taken back, so that the address can be invited again; returns how many."""
    return Invitation.objects.filter(accepted_at=None, revoked_at=None, expires_at__lte=timezone.now()).update(
        revoked_at=timezone.now()
    )
