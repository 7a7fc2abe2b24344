"""Who may do what with an organisation: owners manage its members, editors write, viewers read."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from django.utils.translation import gettext_lazy as _

from network.doors import Allowed, Denied, Verdict
from network.people.enums import MemberRole
from network.people.models import Organisation, OrganisationMember, SecretInvitation
from network.people.rules.roles import is_operator


def has_verified_address(user: Any) -> bool:
    """Whether the person has proved that the account's address is theirs."""
    return bool(
        user.is_authenticated
        and EmailAddress.objects.filter(user_id=user.pk, email__iexact=user.email, verified=True).exists()
    )


def member_role(user: Any, organisation: Organisation) -> str | None:
    """The person's role in the organisation (a MemberRole); None for others."""
    if not user.is_authenticated:
        return None
    rows = OrganisationMember.objects.filter(organisation_id=organisation.pk, user_id=user.pk)
    return rows.values_list("role", flat=True).first()


def can_register_organisation(user: Any, thing: object = None) -> Verdict:
    """May this person register an organisation? Anyone whose address is confirmed."""
    if has_verified_address(user):
        return Allowed()
    return Denied(_("Confirm your e-mail address first: open the link in the mail we sent you."))


def can_see_organisation(user: Any, organisation: Organisation) -> Verdict:
    """May this person open the organisation's own pages? Members and operators."""
    if member_role(user, organisation) or is_operator(user):
        return Allowed()
    return Denied(_("Only members of this organisation open this page."))


def can_edit_organisation(user: Any, organisation: Organisation) -> Verdict:
    """May this person write for the organisation: its record, its applications? Owners and editors."""
    if member_role(user, organisation) in {MemberRole.OWNER, MemberRole.EDITOR} or is_operator(user):
        return Allowed()
    return Denied(_("Only owners and editors of this organisation may do this."))


def can_manage_members(user: Any, organisation: Organisation) -> Verdict:
    """May this person invite, change and remove members? Owners."""
    if member_role(user, organisation) == MemberRole.OWNER or is_operator(user):
        return Allowed()
    return Denied(_("Only an owner of this organisation may do this."))


def can_remove_member(user: Any, member: OrganisationMember) -> Verdict:
    """May this person take that member out? Owners, and everyone themselves. (The last owner stays: the verb's business.)"""
    if user.is_authenticated and member.user_id == user.pk:
        return Allowed()
    return can_manage_members(user, member.organisation)


def can_accept_invitation(user: Any, invitation: SecretInvitation) -> Verdict:
    """May this person use this invitation? Only with the very address it was sent to, confirmed as theirs.

    Whoever merely got hold of the link can't join with another account: an invitation that was forwarded, leaked or
    guessed is worth nothing without the mailbox it went to.
    """
    if not has_verified_address(user) or user.email.casefold() != invitation.email.casefold():
        return Denied(
            _(
                "This invitation was sent to another address than yours. Sign in with that address, or ask for a new one."
            )
        )
    return Allowed()
