"""The criteria of a round, for those who run its fund."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from grants.domain.criteria import change_criterion, drop_criterion, judge_by, raise_criterion
from grants.forms.building import CriterionForm
from grants.models import Criterion, Round
from grants.queries.building import criteria_page, get_criterion, told_of
from grants.queries.funds import shown_title
from grants.queries.staff import get_known_round
from grants.rules.funds import can_manage_fund, can_manage_round
from grants.rules.rounds import WHOLE, fixed_of
from grants.rules.seen import criterion_mark
from grants.views.placing import Standing, moved, posted, status_of
from network.doors import DomainError, Verdict, needs
from network.translation.models import texts_of


def can_manage_criterion(user: Any, row: Criterion) -> Verdict:
    """Whoever runs the fund."""
    return can_manage_fund(user, row.round.fund)


def _about(round_: Round) -> dict[str, Any]:
    return {"round": round_, "fund": round_.fund, "title": shown_title(round_.fund), "round_title": shown_title(round_)}


@needs(can_manage_round, get_known_round)
@require_safe
def criteria(request: HttpRequest, round_: Round) -> HttpResponse:
    """The criteria in their order, and whether their weights add up."""
    page = criteria_page(round_, request.received_at)
    return render(request, "grants/criteria.html", {**_about(round_), "page": page})


@needs(can_manage_round, get_known_round)
@require_http_methods(["GET", "HEAD", "POST"])
def new_criterion(request: HttpRequest, round_: Round) -> HttpResponse:
    """Another criterion, at the end."""
    return _write(request, round_, None)


@needs(can_manage_criterion, get_criterion)
@require_http_methods(["GET", "HEAD", "POST"])
def criterion(request: HttpRequest, row: Criterion) -> HttpResponse:
    """A criterion in every language of the fund."""
    return _write(request, row.round, row)


def _write(request: HttpRequest, round_: Round, row: Criterion | None) -> HttpResponse:
    at = request.received_at
    if fixed := fixed_of(round_, at).get("criteria"):
        messages.warning(request, fixed)
        return redirect("grants:criteria", round_.fund.slug, round_.number)
    codes = list(dict.fromkeys([*round_.fund.languages, *(texts_of(row, "name") if row else ())]))
    left = WHOLE - criteria_page(round_, at).total if row is None else 0
    form = CriterionForm(posted(request), codes=codes, row=row, left=max(left, 0))
    refusal, status, now = "", 200, None
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                if row is None:
                    judge_by(round_, form.new(), by=request.user, at=at)
                else:
                    change_criterion(row, form.new(), seen=form.cleaned_data["seen"], by=request.user, at=at)
            except DomainError as error:
                refusal, status = form.place(error), status_of(error)
                if row is not None and error.code == "stale":
                    row.refresh_from_db()
                    form.read_again(criterion_mark(row))
                    now = _now(row)
            else:
                messages.success(request, _("The criterion is saved."))
                return redirect("grants:criteria", round_.fund.slug, round_.number)
    context = {**_about(round_), "form": form, "row": row, "refusal": refusal, "now": now}
    return render(request, "grants/criterion.html", context, status=status)


def _now(row: Criterion) -> list[dict[str, str]]:
    """A criterion as somebody else left it, in words."""
    names = {"name": _("Name"), "guidance": _("What reviewers look for")}
    rows = [
        {"name": label, "text": text, "language": language}
        for name, label in names.items()
        for language, text in texts_of(row, name).items()
    ]
    told = {"weight": row.weight, "low": row.minimum, "high": row.maximum}
    said = _("%(weight)d %%, scores from %(low)d to %(high)d") % told
    return [*rows, {"name": _("Weight"), "text": said, "language": get_language() or "en"}]


@needs(can_manage_criterion, get_criterion)
@require_POST
def move_criterion(request: HttpRequest, row: Criterion) -> HttpResponse:
    """Name it one place earlier, or take it away as it was seen."""
    back = reverse("grants:criteria", args=[row.round.fund.slug, row.round.number])

    def standing() -> Standing:
        name = told_of(texts_of(row, "name"))
        return Standing(name, act=f"drop:{criterion_mark(row)}", action=request.path, back=back, rows=_now(row))

    return moved(request, row, _about(row.round), raise_criterion, drop_criterion, standing, back)
