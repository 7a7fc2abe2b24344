"""An organisation's account: who entered it, who confirmed it, and the number itself for finance."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from network.doors import Allowed, Denied, DomainError, Verdict, needs
from network.frame.refusals import refused
from network.people.domain.bank import (
    BankData,
    confirm_bank_details,
    enter_bank_details,
    read_bank_details,
    refuse_bank_details,
    withdraw_bank_details,
)
from network.people.forms.bank import BankForm, ConfirmForm, RefuseForm
from network.people.gateways.vault import can_seal
from network.people.models import BankDetails, Organisation
from network.people.queries import bank as queries
from network.people.queries.organisations import organisation_for, present_address
from network.people.rules.bank import (
    can_decide_on_bank_details,
    can_enter_bank_details,
    can_read_bank_details,
    can_see_bank_page,
    can_withdraw_bank_details,
    spaced,
)


def _no(request: HttpRequest, organisation: Organisation, error: DomainError) -> HttpResponse:
    back = reverse("people:bank", args=[organisation.slug])
    return refused(request, error, back=back, back_word=_("Back to the account"))


@needs(can_see_bank_page, queries.organisation_of_account)
@require_safe
def show(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    """Which account counts and which waits, by their last four characters."""
    if moved := present_address(request, organisation):
        return redirect(moved, permanent=True)
    context = {"organisation": organisation, "page": queries.bank_page(organisation, request.user), "open": can_seal()}
    return render(request, "people/bank.html", context)


@sensitive_post_parameters("iban", "bic", "holder")
@needs(can_enter_bank_details, organisation_for)
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    """Enter the account."""
    form = BankForm(request.POST) if request.method == "POST" else BankForm(initial={"contact": request.user.email})
    if form.is_bound and form.is_valid():
        try:
            enter_bank_details(organisation, BankData(**form.cleaned_data), by=request.user)
        except DomainError as error:
            if error.code in {"no_key", "wrong_key", "pending", "archived", "merged"}:
                return _no(request, organisation, error)
            form.add_error(error.code if error.code in form.fields else None, str(error))
        else:
            messages.success(request, _("The account is entered. It counts once a second person has confirmed it."))
            return redirect("people:bank", organisation.slug)
    context = {"organisation": organisation, "form": form}
    return render(request, "people/enter_bank.html", context, status=422 if form.is_bound else 200)


@sensitive_post_parameters("iban")
@needs(can_decide_on_bank_details, queries.details_for)
@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: HttpRequest, details: BankDetails) -> HttpResponse:
    """Confirm or refuse as a second person."""
    organisation = details.organisation
    owner = queries.is_owner(request.user, details)
    refusing = request.method == "POST" and "refuse" in request.POST
    confirm = ConfirmForm(request.POST if request.method == "POST" and not refusing else None, owner=owner)
    refuse = RefuseForm(request.POST if refusing else None)
    form = refuse if refusing else confirm
    if form.is_bound and form.is_valid():
        try:
            if refusing:
                refuse_bank_details(details, by=request.user, reason=form.cleaned_data["reason"])
            else:
                confirm_bank_details(details, by=request.user, **form.cleaned_data)
        except DomainError as error:
            field = {"note": "reason"}.get(error.code, error.code) if refusing else error.code
            if field not in form.fields:
                return _no(request, organisation, error)
            form.add_error(field, str(error))
        else:
            done = (
                _("The bank details are refused.") if refusing else _("The bank details are confirmed. They count now.")
            )
            messages.success(request, done)
            return redirect("people:bank", organisation.slug)
    context = {"details": details, "organisation": organisation, "confirm": confirm, "refuse": refuse, "owner": owner}
    return render(request, "people/decide_bank.html", context, status=422 if form.is_bound else 200)


@needs(can_withdraw_bank_details, queries.details_for)
@require_POST
def withdraw(request: HttpRequest, details: BankDetails) -> HttpResponse:
    """Take back what one has entered."""
    try:
        withdraw_bank_details(details, by=request.user)
    except DomainError as error:
        return _no(request, details.organisation, error)
    messages.success(request, _("The bank details are taken back."))
    return redirect("people:bank", details.organisation.slug)


@never_cache
@needs(can_read_bank_details, queries.details_for)
@require_POST
def read(request: HttpRequest, details: BankDetails) -> HttpResponse:
    """The whole account, for finance; that it was read is written down."""
    try:
        data = read_bank_details(details, by=request.user)
    except DomainError as error:
        return _no(request, details.organisation, error)
    return render(request, "people/read_bank.html", {"details": details, "data": data, "spaced": spaced(data.iban)})


def whoever_pays(user: Any) -> None:
    """The list is about no single organisation."""


def can_open_paid(user: Any, thing: object = None) -> Verdict:
    """May this person open the list of organisations to pay? Finance."""
    return Allowed() if queries.has_finance_role(user) else Denied(_("Only finance opens this page."))


@needs(can_open_paid, whoever_pays)
@require_safe
def paid(request: HttpRequest, _nobody: None) -> HttpResponse:
    """The organisations one pays, and whether their account is confirmed."""
    page = queries.paid_page(request.user, request.GET.get("page", "1"))
    return render(request, "people/paid_organisations.html", {"page": page})
