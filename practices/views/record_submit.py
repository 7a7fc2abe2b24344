"""Handing a version in, and what may come after: taking it back, giving it up."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from network.doors import DomainError, needs
from network.frame.refusals import refused
from practices.domain.versions import Incomplete, discard_version, submit_version, take_back_version
from practices.enums import State, VersionState
from practices.forms.record import DiscardForm, SubmitForm
from practices.models import PracticeVersion
from practices.queries import record as queries
from practices.rules.versions import can_discard_version, can_take_back_version, can_view_version, can_write_version

HANDED_IN = (VersionState.SUBMITTED, VersionState.IN_REVIEW)


@needs(can_view_version, queries.get_version)
@require_safe
def check(request: HttpRequest, version: PracticeVersion) -> HttpResponse:
    """All that was written before it is submitted, with what is missing or wrong."""
    if not can_write_version(request.user, version):
        return redirect(version)
    return _check_page(request, version, _form(version))


def _form(version: PracticeVersion, data: Any = None) -> SubmitForm:
    first = version.practice.state != State.PUBLISHED
    return SubmitForm(data, first=first, initial={"note": version.note, "minor": version.minor})


def _check_page(
    request: HttpRequest, version: PracticeVersion, form: SubmitForm, *, tried: bool = False
) -> HttpResponse:
    context: dict[str, Any] = {
        "version": version,
        "practice": version.practice,
        "page": queries.check_page(version),
        "form": form,
        "tried": tried,
    }
    return render(request, "practices/record_check.html", context, status=422 if tried else 200)


@needs(can_view_version, queries.get_version)
@require_http_methods(["GET", "HEAD", "POST"])
def submit(request: HttpRequest, version: PracticeVersion) -> HttpResponse:
    """Hand it in. A second press shows the confirmation of the first; who comes here without a press is led to the check."""
    if request.method != "POST":
        return redirect("practices:record_check", version.practice.slug)
    if version.state in HANDED_IN:
        return redirect("practices:record_submitted", version.practice.slug)
    form = _form(version, request.POST)
    if not form.is_valid():
        return _check_page(request, version, form, tried=True)
    try:
        said = form.cleaned_data
        submit_version(version, by=request.user, note=said["note"], minor=said.get("minor", False))
    except Incomplete:
        return _check_page(request, version, form, tried=True)
    except DomainError as error:
        if error.code.startswith("file:"):
            return _check_page(request, version, form, tried=True)
        return refused(request, error, back=version.get_absolute_url(), back_word=_("Back to the record"))
    return redirect("practices:record_submitted", version.practice.slug)


@needs(can_view_version, queries.get_version)
@require_safe
def submitted(request: HttpRequest, version: PracticeVersion) -> HttpResponse:
    """It is handed in: when, by whom, what happens next, and that it stays as it is."""
    if version.state not in HANDED_IN:
        return redirect(version)
    context = {
        "version": version,
        "practice": version.practice,
        "may_take_back": bool(can_take_back_version(request.user, version)),
    }
    return render(request, "practices/record_submitted.html", context)


@needs(can_view_version, queries.get_version)
@require_POST
def take_back(request: HttpRequest, version: PracticeVersion) -> HttpResponse:
    """Take it back to write on."""
    try:
        take_back_version(version, by=request.user)
    except DomainError as error:
        return refused(request, error, back=version.get_absolute_url(), back_word=_("Back to the record"))
    messages.success(request, _("You have it back. Change what you like, and submit it again."))
    return redirect(version)


@needs(can_view_version, queries.get_version)
@require_http_methods(["GET", "HEAD", "POST"])
def discard(request: HttpRequest, version: PracticeVersion) -> HttpResponse:
    """Ask for the reason, then give the version up."""
    form = DiscardForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            discard_version(version, by=request.user, reason=form.cleaned_data["reason"])
        except DomainError as error:
            return refused(request, error, back=version.get_absolute_url(), back_word=_("Back to the record"))
        messages.success(request, _("The version is given up. What was public stays as it was."))
        return redirect(version)
    if not can_discard_version(request.user, version):
        return redirect(version)
    context = {"version": version, "practice": version.practice, "form": form}
    return render(request, "practices/record_discard.html", context, status=422 if form.is_bound else 200)
