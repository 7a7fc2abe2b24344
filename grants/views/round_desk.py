"""A round for those who run its fund: beginning one, its terms and sizes, its closing time, showing it to everyone."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from grants.domain.copying import begin_like
from grants.domain.rounds import move_closing, open_round
from grants.domain.terms import change_round, hide_round, set_tiers, show_round, walls_of
from grants.domain.walls import at_local
from grants.forms.funds import FundActForm
from grants.forms.languages import InLanguages
from grants.forms.rounds import ClosingForm, NewRoundForm, RoundForm, TierLines
from grants.models import Fund, Round
from grants.queries.building import round_lacks
from grants.queries.funds import shown_title
from grants.queries.staff import get_known_fund, get_known_round, round_desk, rounds_to_follow
from grants.rules.funds import can_manage_fund, can_manage_round
from grants.rules.rounds import fixed_of
from grants.rules.seen import tiers_mark
from grants.views.placing import placed, posted, read_again, status_of
from network.doors import DomainError, needs
from network.frame.moments import city_of
from network.frame.names import reader
from network.translation.models import texts_of

METHODS = ["GET", "HEAD", "POST"]


@needs(can_manage_fund, get_known_fund)
@require_http_methods(METHODS)
def new_round(request: HttpRequest, fund: Fund) -> HttpResponse:
    """Begin a round: not shown to everyone before somebody says so."""
    rounds, names = rounds_to_follow(fund, get_language() or "en")
    made: dict[str, Any] = {"rounds": rounds, "names": names, "codes": fund.languages}
    form = NewRoundForm(posted(request), initial={"zone": "Europe/London"}, **made)
    refusal, status = "", 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            like, new = form.like_round(), form.new()
            try:
                round_ = (
                    begin_like(fund, like, new, by=request.user) if like else open_round(fund, new, by=request.user)
                )
            except DomainError as error:
                refusal, status = _placed(form, error), status_of(error)
            else:
                messages.success(request, _("The round is set up. Nobody else sees it before you show it to everyone."))
                return redirect("grants:round_desk", fund.slug, round_.number)
    context = {"fund": fund, "title": shown_title(fund), "form": form, "refusal": refusal}
    return render(request, "grants/new_round.html", context, status=status)


# Which field a refusal about wall times and amounts belongs to.
FIELDS = {
    "imaginary": "closes", "doubled": "closes", "small_hours": "closes", "order": "closes", "overlap": "opens",
    "past": "closes", "same": "closes", "sizes": "award_max", "grace": "grace_seconds", "max": "max_per_organisation",
}  # fmt: skip


def _placed(form: forms.Form, error: DomainError) -> str:
    """Beside the field: of the two moments the domain looks at the opening first."""
    code = FIELDS.get(error.code, error.code)
    if error.code in {"imaginary", "doubled"} and "opens" in form.fields and not form.fields["opens"].disabled:
        # The sentence says the hours; which of the two moments has such an hour is seen from the typed values.
        code = "opens" if _refused_opening(form, error) else "closes"
    refusal = DomainError(error.message, code)
    return form.place(refusal) if isinstance(form, InLanguages) else placed(form, refusal)


def _refused_opening(form: forms.Form, error: DomainError) -> bool:
    try:
        at_local(form.cleaned_data["opens"], form.cleaned_data["zone"])
    except DomainError as again:
        return again.code == error.code
    return False


@needs(can_manage_round, get_known_round)
@require_safe
def desk(request: HttpRequest, round_: Round) -> HttpResponse:
    """What the round asks and says, what is missing, and what can be done."""
    return render(request, "grants/round_desk.html", {"page": round_desk(round_, request.received_at)})


@needs(can_manage_round, get_known_round)
@require_http_methods(METHODS)
def terms(request: HttpRequest, round_: Round) -> HttpResponse:
    """Its title in every language of the fund, moments and terms; what stays as it is says why."""
    codes = list(dict.fromkeys([*round_.fund.languages, *texts_of(round_, "title")]))
    form = RoundForm(posted(request), round_=round_, codes=codes, at=request.received_at)
    refusal, status, now = "", 200, None
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                change_round(
                    round_,
                    form.wanted(),
                    title=form.spoken("title"),
                    version=form.cleaned_data["version"],
                    by=request.user,
                    at=request.received_at,
                )
            except DomainError as error:
                refusal, status = _placed(form, error), status_of(error)
                if error.code == "stale":
                    round_.refresh_from_db()
                    read_again(form, round_.version)
                    now = form.now(round_)
            else:
                messages.success(request, _("The terms are saved."))
                return redirect("grants:round_desk", round_.fund.slug, round_.number)
    context = {**_about(round_), "form": form, "refusal": refusal, "now": now}
    return render(request, "grants/round_terms.html", context, status=status)


@needs(can_manage_round, get_known_round)
@require_http_methods(METHODS)
def tiers(request: HttpRequest, round_: Round) -> HttpResponse:
    """The sizes of its grants."""
    if request.method == "POST":
        lines: Any = TierLines(request.POST, prefix="lines")
    else:
        there = round_.tiers.order_by("minimum").values("minimum", "maximum", "match")
        lines = TierLines(initial=list(there), prefix="lines")
    refusal, status, seen, stands = "", 200, request.POST.get("seen") or tiers_mark(round_), None
    fixed = fixed_of(round_, request.received_at).get("tiers", "")
    if request.method == "POST":
        status = 400
        if lines.is_valid():
            try:
                set_tiers(round_, lines.tiers(), seen=seen, by=request.user, at=request.received_at)
            except DomainError as error:
                refusal, status = str(error), status_of(error)
                if error.code == "stale":
                    seen, stands = tiers_mark(round_), round_.tiers.order_by("minimum")
            else:
                messages.success(request, _("The sizes are saved."))
                return redirect("grants:round_desk", round_.fund.slug, round_.number)
    context = {**_about(round_), "lines": lines, "refusal": refusal, "fixed": fixed, "seen": seen, "stands": stands}
    return render(request, "grants/round_tiers.html", context, status=status)


@needs(can_manage_round, get_known_round)
@require_http_methods(METHODS)
def closing(request: HttpRequest, round_: Round) -> HttpResponse:
    """Move its closing time, with a reason. Whoever was reminded is told."""
    initial = {"closes": walls_of(round_)["closes"], "seen": round_.closes_at.isoformat()}
    form = ClosingForm(posted(request), initial=initial)
    refusal, status = "", 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            data = form.cleaned_data
            try:
                move_closing(round_, data["closes"], reason=data["reason"], seen=data["seen"], by=request.user)
            except DomainError as error:
                refusal, status = _placed(form, error), status_of(error)
                if error.code == "stale":
                    round_.refresh_from_db()
                    again: Any = form.data.copy()
                    again["seen"] = round_.closes_at.isoformat()
                    form.data = again
            else:
                messages.success(request, _("The closing time is moved."))
                return redirect("grants:round_desk", round_.fund.slug, round_.number)
    context = {**_about(round_), "form": form, "refusal": refusal, "zone": city_of(round_.timezone, reader())}
    return render(request, "grants/round_closing.html", context, status=status)


@needs(can_manage_round, get_known_round)
@require_http_methods(METHODS)
def show(request: HttpRequest, round_: Round) -> HttpResponse:
    """Show the round to everyone, or take it back while nobody has begun to apply."""
    form = FundActForm(posted(request)) if round_.published else forms.Form(posted(request))
    refusal, status = "", 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                if round_.published:
                    hide_round(round_, reason=form.cleaned_data["reason"], by=request.user, at=request.received_at)
                else:
                    show_round(round_, by=request.user, at=request.received_at)
            except DomainError as error:
                refusal, status = placed(form, error), status_of(error)
            else:
                messages.success(request, _("Done."))
                return redirect("grants:round_desk", round_.fund.slug, round_.number)
    context = {**_about(round_), "form": form, "refusal": refusal}
    context["lacks"] = [] if round_.published else round_lacks(round_)
    return render(request, "grants/round_show.html", context, status=status)


def _about(round_: Round) -> dict[str, Any]:
    """What every page about a round shows of it."""
    return {"round": round_, "fund": round_.fund, "title": shown_title(round_.fund), "round_title": shown_title(round_)}
