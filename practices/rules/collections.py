"""Who may do what with a collection: its owners, editors and viewers, and operators where it is public."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from network.doors import Allowed, Denied, Verdict
from network.people.enums import MemberRole
from network.people.rules.organisations import has_verified_address
from network.people.rules.roles import is_operator
from network.text import count_words
from practices.enums import Visibility
from practices.models import Collection, CollectionInvitation, CollectionMember

# What one may hold: practices and chapters of a collection, its members, collections of one owner, invitations a day.
MOST_PRACTICES = 200
MOST_CHAPTERS = 30
MOST_MEMBERS = 50
MOST_COLLECTIONS = 100
INVITATIONS_A_DAY = 20
# Words and characters at most.
TITLE, COMMENT = 200, 300
INTRODUCTION, COVER_NOTE = (1_000, 10_000), (80, 600)

# Who may change what stands in it.
WRITERS = frozenset({MemberRole.OWNER, MemberRole.EDITOR})


def fits(text: str, most: tuple[int, int]) -> bool:
    """Whether a text keeps to so many words and characters."""
    return count_words(text) <= most[0] and len(text) <= most[1]


def collection_role(user: Any, collection: Collection) -> str | None:
    """The person's role in the collection (a MemberRole); None for others."""
    if not user.is_authenticated:
        return None
    rows = CollectionMember.objects.filter(collection_id=collection.pk, user_id=user.pk)
    return rows.values_list("role", flat=True).first()


def can_create_collection(user: Any, _nothing: object = None) -> Verdict:
    """May this person make a collection? Everyone whose address is confirmed: what they publish stands under an account."""
    if has_verified_address(user):
        return Allowed()
    return Denied(_("Confirm your e-mail address first: open the link in the mail we sent you."))


def can_see_collection(user: Any, collection: Collection) -> Verdict:
    """May this person read it? Everyone who has the link, unless it is private: then its members."""
    if collection.visibility != Visibility.PRIVATE or collection_role(user, collection):
        return Allowed()
    return Denied(_("This collection is private."))


def can_edit_collection(user: Any, collection: Collection) -> Verdict:
    """May this person change texts, practices and their order? Owners and editors."""
    if collection_role(user, collection) in WRITERS:
        return Allowed()
    return Denied(_("Only owners and editors of this collection may do this."))


def can_manage_collection(user: Any, collection: Collection) -> Verdict:
    """May this person say who reads and who edits it, and delete it? Owners."""
    if collection_role(user, collection) == MemberRole.OWNER:
        return Allowed()
    return Denied(_("Only an owner of this collection may do this."))


def can_see_collection_members(user: Any, collection: Collection) -> Verdict:
    """May this person see who else works on it? Whoever does."""
    return Allowed() if collection_role(user, collection) else Denied(_("Only members of this collection may do this."))


def can_manage_collection_member(user: Any, member: CollectionMember) -> Verdict:
    """The collection's rule, asked for one of its members."""
    return can_manage_collection(user, member.collection)


def can_remove_collection_member(user: Any, member: CollectionMember) -> Verdict:
    """May this person take that member out? Owners, and everyone themselves. (The last owner stays: the verb's business.)"""
    if user.is_authenticated and member.user_id == user.pk:
        return Allowed()
    return can_manage_collection(user, member.collection)


def can_revoke_collection_invitation(user: Any, invitation: CollectionInvitation) -> Verdict:
    """The collection's rule, asked for one of its invitations."""
    return can_manage_collection(user, invitation.collection)


def can_answer_collection_invitation(user: Any, invitation: CollectionInvitation) -> Verdict:
    """May this person accept or decline? Only who has proved that the invited address is theirs."""
    if has_verified_address(user) and user.email.casefold() == invitation.email.casefold():
        return Allowed()
    return Denied(
        _("This invitation was sent to another address than yours. Sign in with that address, or ask for a new one.")
    )


def can_hide_collection(user: Any, collection: Collection) -> Verdict:
    """May this person take it off the public pages, or let it back? Operators: what is public is the portal's business."""
    if is_operator(user) and (collection.visibility != Visibility.PRIVATE or collection.hidden_reason):
        return Allowed()
    return Denied(_("Only operators of the portal may do this."))
