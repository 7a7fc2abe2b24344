"""Who works on a collection. Every change of members holds the collection's row, so that of two owners who leave at the
same moment one stays. Whether an invited address has an account is told to nobody: the answer and the mail are the same."""

from __future__ import annotations

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from network.doors import DomainError, insist
from network.limits import within
from network.people.domain.invitations import clean_address
from network.people.domain.sharing import give_role, standing, take_out
from network.people.enums import MemberRole
from network.people.models import User
from practices.domain.collections import locked_collection
from practices.messages import send_collection_invitation
from practices.models import Collection, CollectionInvitation, CollectionMember
from practices.rules.collections import (
    INVITATIONS_A_DAY,
    MOST_MEMBERS,
    can_answer_collection_invitation,
    can_manage_collection,
    can_remove_collection_member,
)

DAY = 24 * 3600
LAST_OWNER = _("A collection needs an owner. Make somebody else owner first.")


@transaction.atomic
def invite_to_collection(collection: Collection, *, email: str, role: str, by: User) -> CollectionInvitation:
    """Invite an address, whether or not it has an account yet. Inviting it again changes the role and writes again.

    DomainError: not an owner, no address (code email), a member already (member), no role, too many.
    """
    current = locked_collection(collection.pk)
    insist(can_manage_collection(by, current))
    email = clean_address(email)
    if role not in MemberRole.values:
        raise DomainError(_("Choose owner, editor or viewer."), code="role")
    if current.members.filter(user__email__iexact=email).exists():
        raise DomainError(_("This person is a member already."), code="member")
    current.invitations.filter(email__iexact=email).delete()
    if current.members.count() + current.invitations.count() >= MOST_MEMBERS:
        raise DomainError(_("A collection has at most 50 members, invited ones included."), code="email")
    # Counted apart from the rows: an invitation that was taken back has sent its mail all the same.
    if not within("practices.collection_invitation", by.pk, INVITATIONS_A_DAY, DAY):
        raise DomainError(_("You have sent 20 invitations today. Send more tomorrow."), code="limit")
    invitation = CollectionInvitation.objects.create(collection=current, email=email, role=role, invited_by=by)
    send_collection_invitation(invitation)
    return invitation


@transaction.atomic
def revoke_collection_invitation(invitation: CollectionInvitation, *, by: User) -> None:
    """Take an invitation back. DomainError `gone` where it was answered or taken back meanwhile."""
    current = locked_collection(invitation.collection_id)
    insist(can_manage_collection(by, current))
    _standing(invitation).delete()


@transaction.atomic
def accept_collection_invitation(invitation: CollectionInvitation, *, by: User) -> CollectionMember:
    """Become a member in the role one was invited as; a member keeps the role held."""
    current = locked_collection(invitation.collection_id)
    found = _standing(invitation)
    insist(can_answer_collection_invitation(by, found))
    member, _created = CollectionMember.objects.get_or_create(
        collection=current, user=by, defaults={"role": found.role}
    )
    found.delete()
    return member


@transaction.atomic
def decline_collection_invitation(invitation: CollectionInvitation, *, by: User) -> None:
    """Say no: the invitation is gone, and nobody is written to."""
    locked_collection(invitation.collection_id)
    found = _standing(invitation)
    insist(can_answer_collection_invitation(by, found))
    found.delete()


def _standing(invitation: CollectionInvitation) -> CollectionInvitation:
    found = CollectionInvitation.objects.filter(pk=invitation.pk).first()
    if found is None:
        raise DomainError(_("This invitation was answered, or taken back."), code="gone")
    return found


@transaction.atomic
def change_collection_role(member: CollectionMember, role: str, *, by: User) -> CollectionMember:
    """Make a member owner, editor or viewer. The last owner stays owner."""
    current = locked_collection(member.collection_id)
    insist(can_manage_collection(by, current))
    others = _members(current)
    changed: CollectionMember = give_role(standing(others, member.pk), role, others=others, last=LAST_OWNER)
    return changed


@transaction.atomic
def remove_collection_member(member: CollectionMember, *, by: User) -> None:
    """Take a member out, or leave oneself. The last owner can't go: they delete the collection, or make another owner."""
    others = _members(locked_collection(member.collection_id))
    held = standing(others, member.pk)
    insist(can_remove_collection_member(by, held))
    take_out(held, others=others, last=LAST_OWNER, left=held.user_id == by.pk, what="collection")


def _members(collection: Collection) -> QuerySet[CollectionMember]:
    return CollectionMember.objects.filter(collection=collection).select_related("collection")
