"""A fund for those who run it: setting it up, its texts, terms and money, publishing it, copying one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from grants.domain.copying import copy_fund, set_up_fund
from grants.domain.funds import change_terms, change_texts, move_fund, set_money
from grants.enums import FUND_WORKFLOW, FundStatus, FundVerb
from grants.forms.funds import (
    BudgetForm,
    FundActForm,
    FunderLines,
    FundTermsForm,
    NewFundForm,
    TextsForm,
    money_initial,
)
from grants.forms.rounds import CopyForm
from grants.models import Fund
from grants.queries.funds import fund_page_of, get_any_fund, shown_title
from grants.queries.staff import (
    fund_desk,
    fund_rows,
    funder_names,
    get_known_fund,
    money_parts,
    owners_for,
    texts_elsewhere,
)
from grants.rules.funds import can_copy_fund, can_manage_fund, can_manage_some, may_set_up_some
from grants.views.placing import answered, placed, posted, read_again, status_of
from network.doors import DomainError, needs

METHODS = ["GET", "HEAD", "POST"]


def nothing(user: Any) -> None:
    """For doors that ask about the person alone."""


def about_person(rule: Any) -> Any:
    """A rule about the person alone, as a door asks it."""

    def asked(user: Any, thing: None) -> Any:
        return rule(user)

    asked.__name__ = rule.__name__
    return asked


@needs(about_person(can_manage_some), nothing)
@require_safe
def own_funds(request: HttpRequest, thing: None) -> HttpResponse:
    """The funds this person runs."""
    context = {"rows": fund_rows(request.user), "may_add": bool(may_set_up_some(request.user))}
    return render(request, "grants/own_funds.html", context)


@needs(about_person(may_set_up_some), nothing)
@require_http_methods(METHODS)
def new_fund(request: HttpRequest, thing: None) -> HttpResponse:
    """Set up a fund: a draft with a title, an owner and a currency."""
    code = get_language() or "en"
    form = NewFundForm(posted(request), owners=owners_for(request.user, code))
    refusal, status = "", 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            data = form.cleaned_data
            try:
                fund = set_up_fund(data["owner"], {code: data["title"]}, data["currency"], by=request.user)
            except DomainError as error:
                refusal, status = placed(form, error), status_of(error)
            else:
                messages.success(request, _("The fund is set up. Nobody else sees it before you publish it."))
                return redirect("grants:fund_desk", fund.slug)
    return render(request, "grants/new_fund.html", {"form": form, "refusal": refusal}, status=status)


@needs(can_manage_fund, get_known_fund)
@require_safe
def desk(request: HttpRequest, fund: Fund) -> HttpResponse:
    """What there is of the fund, what is missing, and what can be done."""
    page = fund_desk(fund, request.received_at)
    return render(request, "grants/fund_desk.html", {"page": page, "may_copy": bool(can_copy_fund(request.user, fund))})


@needs(can_manage_fund, get_known_fund)
@require_safe
def preview(request: HttpRequest, fund: Fund) -> HttpResponse:
    """The fund's page as everybody will see it, rounds that are not shown yet among it."""
    page = fund_page_of(get_any_fund(fund), request.received_at)
    return render(request, "grants/fund.html", {"page": page, "preview": True})


@needs(can_manage_fund, get_known_fund)
@require_http_methods(METHODS)
def texts(request: HttpRequest, fund: Fund) -> HttpResponse:
    """Its texts in the reader's language."""
    code = get_language() or "en"
    form = TextsForm(request.POST) if request.method == "POST" else TextsForm.about(fund, code)
    refusal, status = "", 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                change_texts(
                    fund,
                    form.texts(code),
                    aims=form.aim_lines(code),
                    version=form.cleaned_data["version"],
                    by=request.user,
                )
            except DomainError as error:
                refusal, status = answered(form, error, fund)
            else:
                messages.success(request, _("The texts are saved."))
                return redirect("grants:fund_desk", fund.slug)
    context = {**_about(fund), "form": form, "refusal": refusal, "status": status}
    context["elsewhere"] = texts_elsewhere(fund, code, here_too=status == 409)
    return render(request, "grants/fund_texts.html", context, status=status)


@needs(can_manage_fund, get_known_fund)
@require_http_methods(METHODS)
def terms(request: HttpRequest, fund: Fund) -> HttpResponse:
    """Its themes, its currency, and how its grants become open data."""
    code = get_language() or "en"
    form = FundTermsForm(posted(request), fund=fund, code=code)
    refusal, status, now = "", 200, None
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                change_terms(fund, **form.cleaned_data, by=request.user)
            except DomainError as error:
                refusal, status = answered(form, error, fund)
                now = form.now(fund) if error.code == "stale" else None
            else:
                messages.success(request, _("The terms are saved."))
                return redirect("grants:fund_desk", fund.slug)
    context = {**_about(fund), "form": form, "refusal": refusal, "now": now}
    return render(request, "grants/fund_terms.html", context, status=status)


@needs(can_manage_fund, get_known_fund)
@require_http_methods(METHODS)
def money(request: HttpRequest, fund: Fund) -> HttpResponse:
    """The pot and who pays into it: what they pay adds up, or nothing is saved."""
    code = get_language() or "en"
    parts = money_parts(fund)
    lines: Any
    if request.method == "POST":
        form, lines = BudgetForm(request.POST), FunderLines(request.POST, prefix="lines")
    else:
        form = BudgetForm(initial={"budget": fund.budget or None, "version": fund.version})
        lines = FunderLines(initial=money_initial(parts, code), prefix="lines")
    refusal, status = "", 200
    if request.method == "POST":
        status = 400
        if all([form.is_valid(), lines.is_valid()]):
            try:
                set_money(
                    fund,
                    form.cleaned_data["budget"],
                    lines.parts(code),
                    version=form.cleaned_data["version"],
                    by=request.user,
                )
            except DomainError as error:
                if error.code == "sum":
                    form.add_error("budget", str(error))
                else:
                    refusal = placed(form, error)
                status = status_of(error)
                if error.code == "stale":
                    fund.refresh_from_db()
                    read_again(form, fund.version)
            else:
                messages.success(request, _("The money is saved."))
                return redirect("grants:fund_desk", fund.slug)
    context = {**_about(fund), "form": form, "lines": lines, "refusal": refusal, "names": funder_names()}
    context["stands"] = money_parts(fund) if status == 409 else []
    return render(request, "grants/fund_money.html", context, status=status)


@needs(can_manage_fund, get_known_fund)
@require_http_methods(METHODS)
def act(request: HttpRequest, fund: Fund) -> HttpResponse:
    """Publish the fund, close it or open it again: the next step of its workflow, told before it is taken."""
    verb = next(iter(FUND_WORKFLOW[FundStatus(fund.status)]))
    consequences = {
        FundVerb.PUBLISH: _(
            "Everybody sees the fund and the rounds that are shown. It can be closed later, not hidden."
        ),
        FundVerb.CLOSE: _(
            "Nobody can begin an application any more. Drafts that were begun can still be sent in time."
        ),
        FundVerb.REOPEN: _("Its rounds take applications again, as their times say."),
    }
    form = forms.Form(posted(request)) if verb == FundVerb.PUBLISH else FundActForm(posted(request))
    refusal, status = "", 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                move_fund(fund, verb, reason=form.cleaned_data.get("reason", ""), by=request.user)
            except DomainError as error:
                refusal, status = placed(form, error), status_of(error)
            else:
                messages.success(request, _("Done."))
                return redirect("grants:fund_desk", fund.slug)
    context = {**_about(fund), "form": form, "refusal": refusal, "heading": verb.label, "grave": verb == FundVerb.CLOSE}
    return render(request, "grants/fund_act.html", {**context, "consequence": consequences[verb]}, status=status)


@needs(can_copy_fund, get_known_fund)
@require_http_methods(METHODS)
def copy(request: HttpRequest, fund: Fund) -> HttpResponse:
    """A draft for another city or network with this fund's texts, and a round with its questions, criteria and sizes."""
    code = get_language() or "en"
    initial = {"title": shown_title(fund).text, "currency": fund.currency, "zone": "Europe/London"}
    form = CopyForm(posted(request), owners=owners_for(request.user, code), initial=initial)
    refusal, status = "", 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                made = copy_fund(fund, form.copy(code), by=request.user)
            except DomainError as error:
                refusal, status = placed(form, error), status_of(error)
            else:
                messages.success(
                    request, _("The copy is a draft. Give it funders, look through its texts, then publish it.")
                )
                return redirect("grants:fund_desk", made.slug)
    return render(request, "grants/fund_copy.html", {**_about(fund), "form": form, "refusal": refusal}, status=status)


def _about(fund: Fund) -> dict[str, Any]:
    """What every page about a fund shows of it."""
    return {"fund": fund, "title": shown_title(fund)}
