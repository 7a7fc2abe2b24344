"""Who reads a collection, and who works on it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from network.doors import DomainError, needs
from network.people.forms.organisations import MemberRoleForm
from practices.domain import collection_members as verbs
from practices.domain.collections import set_visibility
from practices.forms.collections import CollectionInviteForm, VisibilityForm
from practices.models import Collection, CollectionInvitation, CollectionMember
from practices.queries.collections import (
    collection_invitation_for,
    collection_member_for,
    own_collection,
    own_collection_invitation,
    sharing_of,
)
from practices.rules.collections import (
    can_answer_collection_invitation,
    can_manage_collection,
    can_manage_collection_member,
    can_remove_collection_member,
    can_revoke_collection_invitation,
    can_see_collection_members,
)


def page(
    request: HttpRequest, collection: Collection, invite: CollectionInviteForm, visibility: VisibilityForm | None = None
) -> HttpResponse:
    """Readers, members and invitations, with the forms that change them for owners."""
    found = sharing_of(collection)
    context = {
        "collection": collection,
        "members": [
            (member, MemberRoleForm(initial={"role": member.role}, prefix=f"m{member.pk}")) for member in found.members
        ],
        "invitations": found.invitations,
        "invite": invite,
        "visibility": visibility or VisibilityForm(initial={"visibility": collection.visibility}),
        "may_manage": bool(can_manage_collection(request.user, collection)),
        "link": settings.KOINE_BASE_URL + collection.get_absolute_url(),
    }
    return render(request, "practices/collection_sharing.html", context)


@needs(can_see_collection_members, own_collection)
@require_safe
def sharing(request: HttpRequest, collection: Collection) -> HttpResponse:
    """Who reads it and who works on it."""
    return page(request, collection, CollectionInviteForm())


@needs(can_manage_collection, own_collection)
@require_POST
def change_visibility(request: HttpRequest, collection: Collection) -> HttpResponse:
    """Private, by link, or public."""
    form = VisibilityForm(request.POST)
    if form.is_valid():
        try:
            set_visibility(collection, form.cleaned_data["visibility"], by=request.user)
        except DomainError as error:
            form.add_error("visibility", str(error))
        else:
            messages.success(request, _("Who reads the collection is saved."))
            return redirect("practices:collection_sharing", collection.opaque_id)
    return page(request, collection, CollectionInviteForm(), form)


@needs(can_manage_collection, own_collection)
@require_POST
def invite(request: HttpRequest, collection: Collection) -> HttpResponse:
    """Invite an address."""
    form = CollectionInviteForm(request.POST)
    if form.is_valid():
        try:
            invitation = verbs.invite_to_collection(collection, by=request.user, **form.cleaned_data)
        except DomainError as error:
            form.add_error("email" if error.code in {"email", "member"} else None, str(error))
        else:
            messages.success(request, _("The invitation to %(email)s is on its way.") % {"email": invitation.email})
            return redirect("practices:collection_sharing", collection.opaque_id)
    return page(request, collection, form)


@needs(can_revoke_collection_invitation, collection_invitation_for)
@require_POST
def revoke(request: HttpRequest, invitation: CollectionInvitation) -> HttpResponse:
    """Take an invitation back."""
    _tell(
        request,
        lambda: verbs.revoke_collection_invitation(invitation, by=request.user),
        _("The invitation is taken back."),
    )
    return redirect("practices:collection_sharing", invitation.collection.opaque_id)


@needs(can_manage_collection_member, collection_member_for)
@require_POST
def change_role(request: HttpRequest, member: CollectionMember) -> HttpResponse:
    """Make a member owner, editor or viewer."""
    role = MemberRoleForm(request.POST, prefix=f"m{member.pk}")["role"].data or ""
    _tell(request, lambda: verbs.change_collection_role(member, role, by=request.user), _("The role is changed."))
    return redirect("practices:collection_sharing", member.collection.opaque_id)


@needs(can_remove_collection_member, collection_member_for)
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: HttpRequest, member: CollectionMember) -> HttpResponse:
    """Ask, then take the member out; one may leave by oneself."""
    leaving = member.user_id == request.user.pk
    if request.method != "POST":
        return render(request, "practices/remove_collection_member.html", {"member": member, "leaving": leaving})
    said = _("You left the collection.") if leaving else _("The member is removed.")
    gone = _tell(request, lambda: verbs.remove_collection_member(member, by=request.user), said)
    if leaving and gone:
        return redirect("practices:own_collections")
    return redirect("practices:collection_sharing", member.collection.opaque_id)


@needs(can_answer_collection_invitation, own_collection_invitation)
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, invitation: CollectionInvitation) -> HttpResponse:
    """Accept or decline an invitation to one's own address."""
    if request.method != "POST":
        return render(request, "practices/collection_invitation.html", {"invitation": invitation})
    if "decline" in request.POST:
        _tell(
            request,
            lambda: verbs.decline_collection_invitation(invitation, by=request.user),
            _("You declined the invitation."),
        )
        return redirect("practices:own_collections")
    accepted = _tell(
        request,
        lambda: verbs.accept_collection_invitation(invitation, by=request.user),
        _("You are a member of this collection now."),
    )
    return redirect(invitation.collection) if accepted else redirect("practices:own_collections")


def _tell(request: HttpRequest, verb: Any, said: str) -> bool:
    """Do it and say so, or say why not; whether it was done."""
    try:
        verb()
    except DomainError as error:
        messages.error(request, str(error))
        return False
    messages.success(request, said)
    return True
