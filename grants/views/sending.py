"""Checking, sending, and what comes after: receipt, changing again, withdrawing."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from grants.domain.submission import Incomplete, reopen_application, submit_application, withdraw_application
from grants.enums import ApplicationRole, Moment, State
from grants.forms.applications import WithdrawForm
from grants.models import Application
from grants.queries import applications as queries
from grants.queries.funds import shown_title
from grants.rules.applications import can_own_application, can_view_application, role_in
from grants.rules.rounds import moment_for
from network.doors import DomainError, needs
from network.frame.refusals import refused
from network.text import ascii_digits


@needs(can_view_application, queries.get_application)
@require_safe
def check(request: HttpRequest, application: Application) -> HttpResponse:
    """All answers before they are sent, with what is missing."""
    if queries.stage_of(application, request.received_at) != "writing":
        return redirect(application)
    return _check_page(request, application)


def _check_page(request: HttpRequest, application: Application, *, tried: bool = False) -> HttpResponse:
    role = role_in(request.user, application) or ""
    context: dict[str, Any] = {
        "application": application,
        "page": queries.check_page(application, role),
        "tried": tried,
        "owns": role == ApplicationRole.OWNER,
        "closing": moment_for(application, request.received_at) == Moment.GRACE,
        "fund_title": shown_title(application.round.fund),
    }
    return render(request, "grants/check.html", context, status=422 if tried else 200)


@needs(can_view_application, queries.get_application)
@require_http_methods(["GET", "HEAD", "POST"])
def submit(request: HttpRequest, application: Application) -> HttpResponse:
    """Send it. A second press shows the receipt of the first; who comes here without a press is led to the check page."""
    if request.method != "POST":
        return redirect("grants:check", application.opaque_id)
    raw = ascii_digits(request.POST.get("revision", ""))
    revision = int(raw) if raw.isdecimal() and len(raw) < 10 else None
    try:
        submit_application(application, by=request.user, at=request.received_at, revision=revision)
    except Incomplete:
        return _check_page(request, application, tried=True)
    except DomainError as error:
        if error.code == "closed":
            return redirect(application)
        back = application.get_absolute_url()
        return refused(request, error, back=back, back_word=_("Back to the application"))
    return redirect("grants:receipt", application.opaque_id)


@needs(can_view_application, queries.get_application)
@require_safe
def receipt(request: HttpRequest, application: Application) -> HttpResponse:
    """The proof that the application arrived. Http404 before anything was sent."""
    if application.current_version is None:
        raise Http404
    context = {
        "application": application,
        "version": application.current_version,
        "fund_title": shown_title(application.round.fund),
        "changed_again": application.state == State.DRAFT,
        "verified": application.organisation.verified_on(timezone.localdate()),
    }
    return render(request, "grants/receipt.html", context)


@needs(can_own_application, queries.get_application)
@require_http_methods(["GET", "HEAD", "POST"])
def reopen(request: HttpRequest, application: Application) -> HttpResponse:
    """Ask, then make the sent application a draft again."""
    if request.method == "POST":
        try:
            reopen_application(application, by=request.user, at=request.received_at)
        except DomainError as error:
            back = application.get_absolute_url()
            return refused(request, error, back=back, back_word=_("Back to the application"))
        return redirect(application)
    if application.state != State.SUBMITTED:
        return redirect(application)
    return render(request, "grants/reopen.html", {"application": application})


@needs(can_own_application, queries.get_application)
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, application: Application) -> HttpResponse:
    """Ask for the reason, then withdraw for good."""
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            withdraw_application(
                application, reason=form.cleaned_data["reason"], by=request.user, at=request.received_at
            )
        except DomainError as error:
            back = application.get_absolute_url()
            return refused(request, error, back=back, back_word=_("Back to the application"))
        return redirect(application)
    if application.state not in {State.DRAFT, State.SUBMITTED, State.SCREENING}:
        return redirect(application)
    return render(request, "grants/withdraw.html", {"application": application, "form": form})
