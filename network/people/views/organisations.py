"""Registering an organisation, seeing and changing its record."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from network.doors import DomainError, needs
from network.people.domain.organisations import Stale, WrongNumber, register_organisation, update_organisation
from network.people.enums import Verification
from network.people.forms.organisations import OrganisationForm
from network.people.models import Organisation
from network.people.queries.organisations import organisation_for, present_address
from network.people.queries.verifying import CHIPS, current_documents
from network.people.rules.organisations import (
    can_edit_organisation,
    can_manage_members,
    can_register_organisation,
    can_see_organisation,
)
from network.people.rules.tokens import can_manage_organisation_tokens
from network.people.rules.verifying import can_ask_for_verification, is_over


def add_refusal(form: OrganisationForm, error: DomainError) -> None:
    """Put a refusal of the domain beside the field it is about."""
    field = form.field_of(error.pair) if isinstance(error, WrongNumber) else error.code
    form.add_error(field if field in form.fields else None, str(error))


def nobody(user: object) -> None:
    """Registering is about no organisation yet."""


@needs(can_register_organisation, nobody)
def register(request: HttpRequest, thing: None) -> HttpResponse:
    """Register an organisation and become its owner; `?next=` leads back to the page of ours that asked for one."""
    asked = request.GET.get("next", "")
    back = asked if url_has_allowed_host_and_scheme(asked, {request.get_host()}, request.is_secure()) else ""
    form = OrganisationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            organisation = register_organisation(request.user, form.data_of())
        except DomainError as error:
            add_refusal(form, error)
        else:
            messages.success(request, _("Your organisation is registered."))
            return redirect(back) if back else redirect("people:organisation", organisation.slug)
    return render(request, "people/register_organisation.html", {"form": form, "back": back})


@needs(can_see_organisation, organisation_for)
@require_safe
def show(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    """The organisation's record, with what this person may do. The address of a merged one leads here."""
    if moved := present_address(request, organisation):
        return redirect(moved, permanent=True)
    context = {
        "organisation": organisation,
        "identifiers": organisation.identifiers.all(),
        "documents": current_documents(organisation),
        "chip": CHIPS[Verification(organisation.verification)],
        "over": is_over(organisation, timezone.localdate()),
        "may_ask": bool(can_ask_for_verification(request.user, organisation)),
        "may_edit": bool(can_edit_organisation(request.user, organisation)),
        "may_manage": bool(can_manage_members(request.user, organisation)),
        "may_make_tokens": bool(can_manage_organisation_tokens(request.user, str(organisation.uuid))),
    }
    return render(request, "people/organisation.html", context)


@needs(can_edit_organisation, organisation_for)
def edit(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    """Change the record. Where somebody saved in between, both versions are shown and nothing is overwritten unseen."""
    if moved := present_address(request, organisation):
        return redirect(moved, permanent=True)
    form = OrganisationForm(request.POST or None, organisation=organisation)
    version, theirs = organisation.version, None
    if request.method == "POST" and form.is_valid():
        sent = request.POST.get("version", "")
        try:
            update_organisation(
                organisation, form.data_of(), by=request.user, version=int(sent) if sent.isdecimal() else 0
            )
        except Stale as error:
            version, theirs = error.current.version, error.current
            form.add_error(None, str(error))
        except DomainError as error:
            add_refusal(form, error)
        else:
            messages.success(request, _("The organisation is saved."))
            return redirect("people:organisation", organisation.slug)
    elif request.method == "POST":
        version = request.POST.get("version", "")
    context = {"form": form, "organisation": organisation, "version": version, "theirs": theirs}
    return render(request, "people/edit_organisation.html", context)
