"""A network's labels of a practice, for those who give them: what is asked for, awarding, renewing, withdrawing."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from network.doors import DomainError, Verdict, needs
from network.frame.moments import day_text
from practices.domain.labels import award_label, renew_label, withdraw_label
from practices.enums.labels import LabelState
from practices.forms.labels import GroundsForm, WithdrawForm
from practices.models import Label, LabelKind, Practice
from practices.queries.adoptions import title_of
from practices.queries.labels import Possible, label_row, labels_of, named, possible_for, possible_of
from practices.rules.labels import (
    can_award_label,
    can_renew_label,
    can_see_label_desk,
    can_withdraw_label,
)
from practices.rules.maturity import months_later
from practices.views.library import get_practice


def get_award(user: Any, slug: str, kind: str) -> tuple[Practice, LabelKind]:
    """A practice of the person's cities and a kind of label that is still given; Http404 for anything else."""
    found = LabelKind.objects.select_related("network").filter(slug=kind, archived_at__isnull=True).first()
    if found is None:
        raise Http404
    return get_practice(user, slug), found


def get_label(user: Any, slug: str, pk: int) -> Label:
    """A label of that practice, for those who write for its city or decide about it; Http404 for all others."""
    practice = get_practice(user, slug)
    label = Label.objects.select_related("kind__network").filter(practice=practice, pk=pk).first()
    if label is None:
        raise Http404
    label.practice = practice
    return label


def can_award(user: Any, asked: tuple[Practice, LabelKind]) -> Verdict:
    """May this person give the label, the way of the address?"""
    return can_award_label(user, *asked)


@needs(can_see_label_desk, get_practice)
@require_safe
def labels(request: HttpRequest, practice: Practice) -> HttpResponse:
    """The labels on record, and for each that the person's networks give what the practice still needs."""
    code = get_language() or "en"
    rows = [_row(request.user, practice, row) for row in labels_of(practice, code)]
    context = {**_about(practice, code), "rows": rows, "possible": possible_for(request.user, practice, code)}
    return render(request, "practices/label_desk.html", context)


def _row(user: Any, practice: Practice, row: Any) -> dict[str, Any]:
    """A label with what this person may do to it."""
    row.label.practice = practice
    standing = row.state in {LabelState.VALID, LabelState.UPCOMING}
    may_withdraw = bool(can_withdraw_label(user, row.label))
    today = timezone.localdate()
    renewed_from = row.renewed_from(today) if can_renew_label(user, row.label) else None
    return {
        "label": row.label,
        "state": row.state,
        "name": row.name,
        "network": row.network,
        "may_renew": renewed_from == today,
        "renewed_from": renewed_from,
        "may_withdraw": standing and may_withdraw,
    }


@needs(can_award, get_award)
@require_http_methods(["GET", "HEAD", "POST"])
def award(request: HttpRequest, asked: tuple[Practice, LabelKind]) -> HttpResponse:
    """Award it, where nothing is missing; what is missing is said either way."""
    practice, kind = asked
    form = _grounds(request)
    one = possible_of(request.user, practice, kind, get_language() or "en")
    last = day_text(months_later(timezone.localdate(), kind.months))
    page = {
        "act": "award",
        "heading": _("Award the label"),
        "consequence": _("It is valid until %(day)s and then expires by itself.") % {"day": last},
    }
    refusal = ""
    if request.method == "POST" and form.is_valid():
        try:
            award_label(practice, kind, form.said(), by=request.user)
        except DomainError as refused:
            refusal = str(refused)
        else:
            messages.success(request, _("The label is awarded. The city is told."))
            return redirect("practices:labels", practice.slug)
    return _act(request, practice, form, one, refusal, page)


@needs(can_renew_label, get_label)
@require_http_methods(["GET", "HEAD", "POST"])
def renew(request: HttpRequest, label: Label) -> HttpResponse:
    """Renew it, with the points of new reviews, where nothing is missing."""
    practice, form = label.practice, _grounds(request)
    one = possible_of(request.user, practice, label.kind, get_language() or "en")
    told = {
        "first": day_text(label.valid_until),
        "last": day_text(months_later(label.valid_until, label.kind.months)),
    }
    page = {
        "act": "renew",
        "heading": _("Renew the label"),
        "consequence": _("It is valid until %(first)s, and then until %(last)s, with the points of the new reviews.")
        % told,
    }
    refusal = ""
    if request.method == "POST" and form.is_valid():
        try:
            renew_label(label, form.said(), by=request.user)
        except DomainError as refused:
            refusal = str(refused)
        else:
            messages.success(request, _("The label is renewed. The city is told."))
            return redirect("practices:labels", practice.slug)
    return _act(request, practice, form, one, refusal, page)


@needs(can_withdraw_label, get_label)
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, label: Label) -> HttpResponse:
    """Take it back, with the reason that the city reads."""
    practice, form, refusal = label.practice, WithdrawForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        try:
            withdraw_label(label, reason=form.cleaned_data["reason"], by=request.user)
        except DomainError as refused:
            refusal = str(refused)
        else:
            messages.success(request, _("The label is withdrawn. The city is told."))
            return redirect("practices:labels", practice.slug)
    code = get_language() or "en"
    row = label_row(named(Label.objects.filter(pk=label.pk), code).get(), code, timezone.localdate())
    page = {
        "act": "withdraw",
        "heading": _("Withdraw the label"),
        "consequence": _("From today on it is no longer valid. That it was withdrawn stays on the practice’s page."),
        "name": row.name,
        "network": row.network,
    }
    return _act(request, practice, form, None, refusal, page)


def _grounds(request: HttpRequest) -> GroundsForm:
    return GroundsForm(request.POST or None, initial={"language": get_language() or "en"})


def _act(
    request: HttpRequest, practice: Practice, form: forms.Form, one: Possible | None, refusal: str, page: dict[str, Any]
) -> HttpResponse:
    told = {"name": one.name, "network": one.network} if one else {}
    context = {
        **_about(practice, get_language() or "en"),
        "form": form,
        "one": one,
        "refusal": refusal,
        **told,
        **page,
    }
    return render(request, "practices/label_act.html", context, status=400 if refusal or form.errors else 200)


def _about(practice: Practice, code: str) -> dict[str, Any]:
    return {"practice": practice, "title": title_of(practice, code)}
