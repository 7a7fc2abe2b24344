"""The pages on which staff see whether organisations are what they say they are."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from network.doors import DomainError, Verdict, needs
from network.frame.refusals import refused
from network.people.domain.checks import CheckData, record_check, withdraw_check
from network.people.domain.merging import merge_organisations, preview_of
from network.people.domain.verifying import refuse_verification, verify_organisation
from network.people.forms.verifying import CheckForm, MergeForm, RefuseForm, VerifyForm, WithdrawCheckForm
from network.people.models import DueDiligenceCheck, Organisation
from network.people.queries import verifying as queries
from network.people.queries.organisations import present_address
from network.people.rules.verifying import (
    can_merge_organisations,
    can_open_verification,
    can_see_verification,
    can_verify_organisation,
)


def everybody(user: Any) -> None:
    """The list is about no single organisation."""


@needs(can_open_verification, everybody)
@require_safe
def queue(request: HttpRequest, _nobody: None) -> HttpResponse:
    """Organisations by what is to be done; those that wait longest first."""
    names = {
        queries.WAITING: _("Waiting for you"),
        queries.OPEN: _("Not verified"),
        queries.OVER: _("Verification is over"),
        queries.CHECKS: _("Checks that expire"),
        queries.ALL: _("All"),
    }
    question = request.GET.get("show", "")
    question = question if question in names else queries.WAITING
    found = queries.queue(request.user, question, request.GET.get("page", "1"))
    here = reverse("people:verification_queue")
    tabs = [
        {"name": name, "url": f"{here}?show={key}", "current": key == question, "count": found.counts[key]}
        for key, name in names.items()
    ]
    return render(request, "people/verification_queue.html", {"found": found, "tabs": tabs, "question": question})


def page(
    request: HttpRequest,
    organisation: Organisation,
    verify: forms.Form | None = None,
    refuse: forms.Form | None = None,
    check: forms.Form | None = None,
) -> HttpResponse:
    """One organisation with the answers staff give. A form that was refused comes back as it was typed."""
    shown = queries.verification_page(organisation)
    current = shown.this.organisation
    context = {
        "page": shown,
        "organisation": current,
        "may_verify": bool(can_verify_organisation(request.user, current)) and current.archived_at is None,
        "verify_form": verify or VerifyForm(initial=VerifyForm.beginning(current.version)),
        "check_form": check or CheckForm(initial={"checked_on": timezone.localdate()}),
        "refuse_form": refuse or RefuseForm(initial={"seen": current.version}),
    }
    bound = any(form is not None and form.is_bound for form in (verify, refuse, check))
    return render(request, "people/verification.html", context, status=422 if bound else 200)


@needs(can_see_verification, queries.organisation_to_judge)
@require_safe
def show(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    """All there is to judge an organisation by."""
    if moved := present_address(request, organisation):
        return redirect(moved, permanent=True)
    return page(request, organisation)


def _refused(request: HttpRequest, organisation: Organisation, error: DomainError) -> HttpResponse:
    return refused(
        request,
        error,
        back=reverse("people:verification", args=[organisation.slug]),
        back_word=_("Back to the organisation"),
    )


@needs(can_verify_organisation, queries.organisation_to_judge)
@require_POST
def verify(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    """Say that it is what it says it is."""
    form = VerifyForm(request.POST)
    if not form.is_valid():
        return page(request, organisation, verify=form)
    try:
        verify_organisation(organisation, by=request.user, **form.cleaned_data)
    except DomainError as error:
        if error.code != "until":
            return _refused(request, organisation, error)
        form.add_error("until", str(error))
        return page(request, organisation, verify=form)
    messages.success(request, _("The organisation is verified. Its owners are told."))
    return redirect("people:verification", organisation.slug)


@needs(can_verify_organisation, queries.organisation_to_judge)
@require_POST
def refuse(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    """Say that it can't be verified, and why."""
    form = RefuseForm(request.POST)
    if not form.is_valid():
        return page(request, organisation, refuse=form)
    try:
        refuse_verification(organisation, by=request.user, **form.cleaned_data)
    except DomainError as error:
        return _refused(request, organisation, error)
    messages.success(request, _("The verification is refused. Its owners are told why."))
    return redirect("people:verification", organisation.slug)


@needs(can_verify_organisation, queries.organisation_to_judge)
@require_POST
def add_check(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    """Write down a due-diligence check."""
    form = CheckForm(request.POST)
    if form.is_valid():
        try:
            record_check(organisation, CheckData(**form.cleaned_data), by=request.user)
        except DomainError as error:
            if error.code not in form.fields:
                return _refused(request, organisation, error)
            form.add_error(error.code, str(error))
        else:
            messages.success(request, _("The check is recorded."))
            return redirect("people:verification", organisation.slug)
    return page(request, organisation, check=form)


def can_withdraw_check(user: Any, check: DueDiligenceCheck) -> Verdict:
    """The organisation's rule, asked for one of its checks."""
    return can_verify_organisation(user, check.organisation)


@needs(can_withdraw_check, queries.check_for)
@require_http_methods(["GET", "HEAD", "POST"])
def take_check_back(request: HttpRequest, check: DueDiligenceCheck) -> HttpResponse:
    """Ask why, then take a mistaken check back."""
    form = WithdrawCheckForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            withdraw_check(check, by=request.user, reason=form.cleaned_data["reason"])
        except DomainError as error:
            form.add_error("reason" if error.code == "reason" else None, str(error))
        else:
            messages.success(request, _("The check is taken back."))
            return redirect("people:verification", check.organisation.slug)
    context = {"check": check, "form": form}
    return render(request, "people/take_check_back.html", context, status=422 if form.is_bound else 200)


@needs(can_merge_organisations, queries.pair_to_merge)
@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: HttpRequest, pair: tuple[Organisation, Organisation]) -> HttpResponse:
    """Show what would go over, ask for the reason, then make one organisation of two."""
    source, target = pair
    beginning = {"source_version": source.version, "target_version": target.version}
    form = MergeForm(request.POST) if request.method == "POST" else MergeForm(initial=beginning)
    if form.is_bound and form.is_valid():
        seen = (form.cleaned_data["source_version"], form.cleaned_data["target_version"])
        try:
            merge_organisations(source, target, by=request.user, reason=form.cleaned_data["reason"], seen=seen)
        except DomainError as error:
            if error.code in {"merged", "stale", "same"}:
                return _refused(request, target, error)
            form.add_error("reason" if error.code == "reason" else None, str(error))
        else:
            messages.success(request, _("The two organisations are one now. Their owners are told."))
            return redirect("people:verification", target.slug)
    context = {
        "source": (gone := queries.beside(source)),
        "target": (kept := queries.beside(target)),
        "pair": (gone, kept),
        "preview": preview_of(source, target),
        "form": form,
    }
    return render(request, "people/merge_organisations.html", context, status=422 if form.is_bound else 200)
