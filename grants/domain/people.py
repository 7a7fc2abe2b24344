"""Who works on an application. Every change of members holds the application's row, so that of two owners who leave at
the same moment one stays. Whether an invited address has an account is told to nobody: answer and mail are the same."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from grants.enums import ApplicationRole
from grants.messages import send_application_invitation
from grants.models import Application, ApplicationInvitation, ApplicationMember
from grants.rules.applications import can_own_application, can_remove_person, is_open_to_change
from network.doors import DomainError, insist
from network.languages import LANGUAGES
from network.people.domain.invitations import addressee_of, clean_address, issue, refusal, token_hash
from network.people.domain.sharing import give_role, standing, take_out
from network.people.models import User
from network.people.rules.organisations import can_accept_invitation

MOST_MEMBERS = 50
# How long an address that nobody joined with is kept after its invitation ended.
KEPT = timedelta(days=90)
ROLE = _("Choose owner, editor or viewer.")
LAST_OWNER = _("An application needs an owner. Make somebody else owner first.")


def _locked(application_id: int) -> Application:
    return Application.objects.select_for_update(of=("self",)).select_related("round__fund").get(pk=application_id)


def _to_change(application_id: int, by: User, at: datetime) -> Application:
    """The application's row, held, where `by` is its owner and it may still be changed."""
    current = _locked(application_id)
    insist(can_own_application(by, current))
    if not is_open_to_change(current, at):
        raise DomainError(_("This application can’t be changed any more, so its members stay."), code="closed")
    return current


# --- invitations ------------------------------------------------------------------------------------------------------


@transaction.atomic
def invite_person(
    application: Application, *, email: str, role: str, language: str, by: User, at: datetime
) -> ApplicationInvitation:
    """Invite an address to this application alone. An open invitation to the same address is replaced, its link dies.

    `language` is of the mail to somebody without an account. DomainError: not an owner, deadline passed (closed), no
    address (email), a member already (member), no role, too many members, more than 20 a day (limit).
    """
    current = _to_change(application.pk, by, at)
    email = clean_address(email)
    if role not in ApplicationRole.values:
        raise DomainError(ROLE, code="role")
    if language not in LANGUAGES:
        raise DomainError(_("Choose the language of the mail."), code="language")
    if current.members.filter(user__email__iexact=email).exists():
        raise DomainError(_("This person is a member already."), code="member")
    waiting = current.invitations.filter(accepted_at=None, revoked_at=None).exclude(email__iexact=email)
    if current.members.count() + waiting.count() >= MOST_MEMBERS:
        raise DomainError(_("An application has at most 50 members, invited ones included."), code="email")
    return _sent(current, email, role, language, by)


def _sent(application: Application, email: str, role: str, language: str, by: User) -> ApplicationInvitation:
    invitation, token = issue(
        ApplicationInvitation, email=email, role=role, by=by, application=application, language=language
    )
    send_application_invitation(invitation, token, addressee_of(email, language))
    return invitation


@transaction.atomic
def send_anew(invitation: ApplicationInvitation, *, by: User, at: datetime) -> ApplicationInvitation:
    """Another link to the same address in the same role, good for another 14 days; the earlier link dies.

    DomainError as `invite_person`, and where the invitation was used or taken back.
    """
    current = _to_change(invitation.application_id, by, at)
    standing = ApplicationInvitation.objects.select_for_update().get(pk=invitation.pk)
    refused = refusal(standing)
    if refused and refused.code != "expired":
        raise refused
    if current.members.filter(user__email__iexact=standing.email).exists():
        raise DomainError(_("This person is a member already."), code="member")
    return _sent(current, standing.email, standing.role, standing.language, by)


@transaction.atomic
def take_invitation_back(invitation: ApplicationInvitation, *, by: User) -> None:
    """Its link opens nothing any more. This can be done at any time. DomainError where it was used or taken back."""
    current = _locked(invitation.application_id)
    insist(can_own_application(by, current))
    standing = ApplicationInvitation.objects.select_for_update().get(pk=invitation.pk)
    refused = refusal(standing)
    if refused and refused.code != "expired":
        raise refused
    standing.revoked_at = timezone.now()
    standing.save(update_fields=["revoked_at"])


def find_invitation(token: str) -> ApplicationInvitation | None:
    """The invitation of a link, in whatever state it is; None where the link was never one of ours."""
    rows = ApplicationInvitation.objects.select_related(
        "application__organisation", "application__round__fund", "invited_by"
    )
    return rows.filter(token_hash=token_hash(token[:200])).first()


def closed_to(invitation: ApplicationInvitation, at: datetime) -> DomainError | None:
    """Why nobody can use this invitation any more; None while it is open."""
    if refused := refusal(invitation):
        return refused
    # Who applied on paper may come to read what was typed in for them, whenever that was sent.
    if is_open_to_change(invitation.application, at) or invitation.application.on_paper_at is not None:
        return None
    return DomainError(
        _("This application can’t be changed any more, so nobody can join. Ask its owner what became of it."),
        code="closed",
    )


@transaction.atomic
def join(invitation: ApplicationInvitation, *, by: User, at: datetime) -> ApplicationMember:
    """Become a member of the application. Only the confirmed holder of the invited address can, once.

    A member keeps the role held. DomainError: used, taken back, ended, application closed, sent to another address.
    """
    current = _locked(invitation.application_id)
    standing = ApplicationInvitation.objects.select_for_update().get(pk=invitation.pk)
    standing.application = current
    if refused := closed_to(standing, at):
        raise refused
    insist(can_accept_invitation(by, standing))
    standing.accepted_at, standing.accepted_by = timezone.now(), by
    standing.save(update_fields=["accepted_at", "accepted_by"])
    member = add_member(current, by, standing.role)
    leave_to_owners(current)
    return member


@transaction.atomic
def forget_invitations(at: datetime) -> int:
    """Delete invitations that nobody took up, 90 days after they ended; returns how many."""
    old = ApplicationInvitation.objects.filter(accepted_at=None, expires_at__lt=at - KEPT)
    return old.delete()[0]


# --- members ----------------------------------------------------------------------------------------------------------


def add_member(application: Application, user: User, role: str) -> ApplicationMember:
    """Make somebody a member; a member keeps the role held. Asks no rule: its callers have."""
    member, _created = ApplicationMember.objects.get_or_create(
        application=application, user=user, defaults={"role": ApplicationRole(role)}
    )
    return member


def leave_to_owners(application: Application) -> None:
    """Whoever typed in what came on paper owns it no more once it is sent and somebody else does: they read it on.

    For an application whose row is held.
    """
    clerk = application.entered_by_id
    if application.on_paper_at is None or application.current_version_id is None or clerk is None:
        return
    owners = application.members.filter(role=ApplicationRole.OWNER)
    if owners.exclude(user_id=clerk).exists():
        owners.filter(user_id=clerk).update(role=ApplicationRole.VIEWER)


@transaction.atomic
def change_role(member: ApplicationMember, role: str, *, by: User, at: datetime) -> ApplicationMember:
    """Make a member owner, editor or viewer. The last owner stays owner."""
    others = _members(_to_change(member.application_id, by, at))
    changed: ApplicationMember = give_role(standing(others, member.pk), role, others=others, last=LAST_OWNER)
    return changed


@transaction.atomic
def remove_person(member: ApplicationMember, *, by: User) -> None:
    """Take a member out, or leave oneself: at any time, since reading ends with it. The last owner can't go."""
    others = _members(_locked(member.application_id))
    held = standing(others, member.pk)
    insist(can_remove_person(by, held))
    take_out(held, others=others, last=LAST_OWNER, left=held.user_id == by.pk, what="application")


def _members(application: Application) -> QuerySet[ApplicationMember]:
    return ApplicationMember.objects.filter(application=application).select_related("application")
