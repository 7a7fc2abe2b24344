"""Who works on an application: members and invitations, and what the link of an invitation opens."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from grants.domain import people as verbs
from grants.enums import ApplicationRole
from grants.forms.people import InvitePersonForm, PersonRoleForm
from grants.models import Application, ApplicationInvitation, ApplicationMember
from grants.queries import people as queries
from grants.queries.applications import get_application
from grants.queries.funds import shown_title
from grants.rules.applications import (
    can_own_application,
    can_remove_person,
    can_view_application,
    is_open_to_change,
    role_in,
)
from grants.views.placing import status_of
from network.doors import DomainError, Verdict, needs, public
from network.frame import kept_post
from network.people.rules.organisations import can_accept_invitation
from network.people.views.invitations import masked


def can_own_its_application(user: Any, thing: ApplicationMember | ApplicationInvitation) -> Verdict:
    """The application's rule, asked for one of its members or invitations."""
    return can_own_application(user, thing.application)


def page(request: HttpRequest, application: Application, form: InvitePersonForm, status: int = 200) -> HttpResponse:
    """Members and invitations, with the forms that change them for owners."""
    found = queries.people_of(application)
    owns = role_in(request.user, application) == ApplicationRole.OWNER
    context = {
        "application": application,
        "fund_title": shown_title(application.round.fund),
        "members": [
            (member, PersonRoleForm(initial={"role": member.role}, prefix=f"m{member.pk}")) for member in found.members
        ],
        "invitations": found.invitations,
        "form": form,
        "owns": owns,
        "may_change": owns and is_open_to_change(application, request.received_at),
        "now": request.received_at,
    }
    return render(request, "grants/people.html", context, status=status)


@needs(can_view_application, get_application)
@require_safe
def show(request: HttpRequest, application: Application) -> HttpResponse:
    """Who reads and writes this application."""
    return page(request, application, InvitePersonForm())


@needs(can_own_application, get_application)
@require_POST
def invite(request: HttpRequest, application: Application) -> HttpResponse:
    """Invite an address."""
    form, status = InvitePersonForm(request.POST), 400
    if form.is_valid():
        try:
            made = verbs.invite_person(application, by=request.user, at=request.received_at, **form.cleaned_data)
        except DomainError as error:
            status = status_of(error)
            form.add_error("email" if error.code in {"email", "member"} else None, str(error))
        else:
            messages.success(request, _("The invitation to %(email)s is on its way.") % {"email": made.email})
            return redirect("grants:people", application.opaque_id)
    return page(request, application, form, status)


@needs(can_own_its_application, queries.get_member)
@require_POST
def role(request: HttpRequest, member: ApplicationMember) -> HttpResponse:
    """Make a member owner, editor or viewer."""
    wanted = PersonRoleForm(request.POST, prefix=f"m{member.pk}")["role"].data or ""
    _tell(
        request,
        lambda: verbs.change_role(member, wanted, by=request.user, at=request.received_at),
        _("The role is changed."),
    )
    return redirect("grants:people", member.application.opaque_id)


@needs(can_remove_person, queries.get_member)
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: HttpRequest, member: ApplicationMember) -> HttpResponse:
    """Ask, then take the member out; one may leave by oneself."""
    leaving = member.user_id == request.user.pk
    if request.method != "POST":
        return render(request, "grants/remove_person.html", {"member": member, "leaving": leaving})
    said = _("You left the application.") if leaving else _("The member is removed.")
    gone = _tell(request, lambda: verbs.remove_person(member, by=request.user), said)
    if leaving and gone:
        return redirect("portal:desk")
    return redirect("grants:people", member.application.opaque_id)


@needs(can_own_its_application, queries.get_invitation)
@require_POST
def anew(request: HttpRequest, invitation: ApplicationInvitation) -> HttpResponse:
    """Send the invitation once more, with another link."""
    said = _("The invitation to %(email)s is on its way.") % {"email": invitation.email}
    _tell(request, lambda: verbs.send_anew(invitation, by=request.user, at=request.received_at), said)
    return redirect("grants:people", invitation.application.opaque_id)


@needs(can_own_its_application, queries.get_invitation)
@require_POST
def revoke(request: HttpRequest, invitation: ApplicationInvitation) -> HttpResponse:
    """Take an invitation back."""
    _tell(
        request,
        lambda: verbs.take_invitation_back(invitation, by=request.user),
        _("The invitation is taken back."),
    )
    return redirect("grants:people", invitation.application.opaque_id)


def _tell(request: HttpRequest, verb: Callable[[], Any], said: str) -> bool:
    """Do it and say so, or say why not; whether it was done."""
    try:
        verb()
    except DomainError as error:
        messages.error(request, str(error))
        return False
    messages.success(request, said)
    return True


# --- the link of an invitation ----------------------------------------------------------------------------------------


def _opened(request: HttpRequest, found: ApplicationInvitation, refused: DomainError | None) -> HttpResponse:
    used_it = refused is not None and found.accepted_by_id is not None and found.accepted_by_id == request.user.pk
    if used_it and role_in(request.user, found.application):
        return redirect(found.application)
    context = {
        "invitation": found,
        "application": found.application,
        "fund_title": shown_title(found.application.round.fund),
        "address": masked(found.email),
        "refused": str(refused) if refused else "",
        "mine": bool(can_accept_invitation(request.user, found)),
        "theirs": request.user.is_authenticated and request.user.email.casefold() == found.email.casefold(),
    }
    return render(request, "grants/invitation.html", context, status=410 if refused else 200)


def _join(request: HttpRequest, found: ApplicationInvitation) -> HttpResponse:
    try:
        verbs.join(found, by=request.user, at=request.received_at)
    except DomainError as error:
        if error.code == "denied":
            messages.error(request, str(error))
            return _opened(request, found, None)
        return _opened(request, found, error)
    messages.success(request, _("You work on this application now."))
    return redirect(found.application)


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """What the link of the mail opens. Reading changes nothing; whoever is not the invited person is told what to do."""
    found = verbs.find_invitation(token)
    if found is None:
        raise Http404
    if request.method == "POST":
        if not request.user.is_authenticated:
            return kept_post.lead_to_sign_in(request)
        return _join(request, found)
    return _opened(request, found, verbs.closed_to(found, request.received_at))


@needs(can_accept_invitation, queries.get_own_invitation)
@require_http_methods(["GET", "HEAD", "POST"])
def own(request: HttpRequest, found: ApplicationInvitation) -> HttpResponse:
    """The same from the desk, for the confirmed holder of the invited address."""
    if request.method == "POST":
        return _join(request, found)
    return _opened(request, found, verbs.closed_to(found, request.received_at))
