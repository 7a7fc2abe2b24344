"""Who belongs to an organisation."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from network.doors import DomainError, Verdict, needs
from network.people.domain.invitations import invite_member, revoke_invitation
from network.people.domain.organisations import change_member_role, remove_member
from network.people.forms.organisations import InviteForm, MemberRoleForm
from network.people.models import Invitation, Organisation, OrganisationMember
from network.people.queries.organisations import (
    invitation_for,
    member_for,
    members_of,
    organisation_for,
    present_address,
)
from network.people.rules.organisations import can_manage_members, can_remove_member, can_see_organisation


def page(request: HttpRequest, organisation: Organisation, form: InviteForm, status: int = 200) -> HttpResponse:
    """The members page with the form for inviting."""
    found = members_of(organisation)
    context = {
        "organisation": organisation,
        "members": [
            (member, MemberRoleForm(initial={"role": member.role}, prefix=f"m{member.pk}")) for member in found.members
        ],
        "invitations": found.invitations,
        "form": form,
        "may_manage": bool(can_manage_members(request.user, organisation)),
    }
    return render(request, "people/members.html", context, status=status)


@needs(can_see_organisation, organisation_for)
@require_safe
def show(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    """Members and open invitations."""
    if moved := present_address(request, organisation):
        return redirect(moved, permanent=True)
    return page(request, organisation, InviteForm())


@needs(can_manage_members, organisation_for)
@require_POST
def invite(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    """Invite an address."""
    form = InviteForm(request.POST)
    if form.is_valid():
        try:
            invitation = invite_member(organisation, by=request.user, **form.cleaned_data)
        except DomainError as error:
            form.add_error("email" if error.code in {"email", "member"} else None, str(error))
        else:
            messages.success(request, _("The invitation to %(email)s is on its way.") % {"email": invitation.email})
            return redirect("people:members", organisation.slug)
    return page(request, organisation, form)


def can_manage_member(user: object, member: OrganisationMember) -> Verdict:
    """The organisation's rule, asked for one of its members."""
    return can_manage_members(user, member.organisation)


def can_manage_invitation(user: object, invitation: Invitation) -> Verdict:
    """The organisation's rule, asked for one of its invitations."""
    return can_manage_members(user, invitation.organisation)


@needs(can_manage_member, member_for)
@require_POST
def change_role(request: HttpRequest, member: OrganisationMember) -> HttpResponse:
    """Make a member owner, editor or viewer."""
    form = MemberRoleForm(request.POST, prefix=f"m{member.pk}")
    try:
        change_member_role(member, form["role"].data or "", by=request.user)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The role is changed."))
    return redirect("people:members", member.organisation.slug)


@needs(can_remove_member, member_for)
def remove(request: HttpRequest, member: OrganisationMember) -> HttpResponse:
    """Ask, then take the member out; one may leave by oneself."""
    leaving = member.user_id == request.user.pk
    if request.method != "POST":
        return render(request, "people/remove_member.html", {"member": member, "leaving": leaving})
    try:
        remove_member(member, by=request.user)
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("people:members", member.organisation.slug)
    if leaving:
        messages.success(request, _("You left %(organisation)s.") % {"organisation": member.organisation})
        return redirect("portal:desk")
    messages.success(request, _("The member is removed."))
    return redirect("people:members", member.organisation.slug)


@needs(can_manage_invitation, invitation_for)
@require_POST
def revoke(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    """Take an invitation back."""
    try:
        revoke_invitation(invitation, by=request.user)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The invitation is taken back."))
    return redirect("people:members", invitation.organisation.slug)
