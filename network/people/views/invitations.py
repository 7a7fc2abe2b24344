"""Opening an invitation: reading it changes nothing, joining is a button."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from network.doors import DomainError, needs, public
from network.frame import kept_post
from network.people.domain import invitations as domain
from network.people.models import Invitation
from network.people.queries.organisations import own_invitation
from network.people.rules.organisations import can_accept_invitation


def masked(email: str) -> str:
    """An address as a reminder for its owner that tells a stranger little: k•••@example.org."""
    name, _at, host = email.partition("@")
    return f"{name[:1]}•••@{host}"


def page(request: HttpRequest, invitation: Invitation, refused: DomainError | None) -> HttpResponse:
    """The invitation with what can be done about it."""
    context = {
        "invitation": invitation,
        "address": masked(invitation.email),
        "refused": str(refused) if refused else "",
        "mine": bool(can_accept_invitation(request.user, invitation)),
    }
    return render(request, "people/invitation.html", context, status=410 if refused else 200)


def joined(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    messages.success(request, _("You are a member of %(organisation)s.") % {"organisation": invitation.organisation})
    return redirect("people:organisation", invitation.organisation.slug)


@public
@never_cache
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """What the link of the mail opens. Whoever is not the invited person is told so and can do nothing."""
    found = domain.find(token)
    if found is None:
        raise Http404
    if request.method == "POST":
        if not request.user.is_authenticated:
            return kept_post.lead_to_sign_in(request)
        try:
            return joined(request, domain.accept_invitation(found, by=request.user))
        except DomainError as error:
            if error.code == "denied":
                messages.error(request, str(error))
                return redirect("people:invitation", token)
            return page(request, found, error)
    return page(request, found, domain.refusal(found))


@needs(can_accept_invitation, own_invitation)
def own(request: HttpRequest, found: Invitation) -> HttpResponse:
    """The same from the desk, for the confirmed holder of the invited address: the mail need not be found again."""
    if request.method == "POST":
        try:
            return joined(request, domain.accept_invitation(found, by=request.user))
        except DomainError as error:
            return page(request, found, error)
    return page(request, found, domain.refusal(found))
