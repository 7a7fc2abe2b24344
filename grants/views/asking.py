"""The eligibility questions of a round, for those who run its fund."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language, gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from grants.domain.asking import ask, drop_question, raise_question, rewrite
from grants.forms.asking import QuestionForm
from grants.models import EligibilityCriterion, Round
from grants.queries.funds import shown_title
from grants.queries.staff import get_known_round, question_rows
from grants.rules.funds import can_manage_fund, can_manage_round
from grants.rules.rounds import fixed_of
from grants.views.placing import placed, status_of
from network.doors import DomainError, Verdict, needs


def get_question(user: Any, slug: str, number: int, pk: int) -> EligibilityCriterion:
    """An eligibility question of a round. Http404 as `get_known_round`, and where the round has none of that number."""
    round_ = get_known_round(user, slug, number)
    row = get_object_or_404(EligibilityCriterion, round=round_, pk=pk)
    row.round = round_
    return row


def can_manage_question(user: Any, row: EligibilityCriterion) -> Verdict:
    """Whoever runs the fund."""
    return can_manage_fund(user, row.round.fund)


def _about(round_: Round, request: HttpRequest) -> dict[str, Any]:
    fixed = fixed_of(round_, request.received_at).get("eligibility", "")
    titles = {"title": shown_title(round_.fund), "round_title": shown_title(round_)}
    return {"round": round_, "fund": round_.fund, "fixed": fixed, **titles}


@needs(can_manage_round, get_known_round)
@require_safe
def questions(request: HttpRequest, round_: Round) -> HttpResponse:
    """The questions in their order, with the languages they lack."""
    context = {**_about(round_, request), "rows": question_rows(round_)}
    return render(request, "grants/round_eligibility.html", context)


@needs(can_manage_round, get_known_round)
@require_http_methods(["GET", "HEAD", "POST"])
def new_question(request: HttpRequest, round_: Round) -> HttpResponse:
    """Another question, at the end."""
    return _write(request, round_, None)


@needs(can_manage_question, get_question)
@require_http_methods(["GET", "HEAD", "POST"])
def question(request: HttpRequest, row: EligibilityCriterion) -> HttpResponse:
    """A question in the language of the page."""
    return _write(request, row.round, row)


def _write(request: HttpRequest, round_: Round, row: EligibilityCriterion | None) -> HttpResponse:
    code = get_language() or "en"
    form = QuestionForm(request.POST) if request.method == "POST" else QuestionForm.about(row, code)
    refusal, status = "", 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            asked, at = form.asked(code), request.received_at
            try:
                if row is None:
                    ask(round_, asked, by=request.user, at=at)
                else:
                    rewrite(row, asked, by=request.user, at=at)
            except DomainError as error:
                refusal, status = placed(form, error), status_of(error)
            else:
                messages.success(request, _("The question is saved."))
                return redirect("grants:round_eligibility", round_.fund.slug, round_.number)
    context = {**_about(round_, request), "form": form, "row": row, "refusal": refusal}
    return render(request, "grants/eligibility_question.html", context, status=status)


@needs(can_manage_question, get_question)
@require_POST
def move_question(request: HttpRequest, row: EligibilityCriterion) -> HttpResponse:
    """Ask it one place earlier, or take it away."""
    round_ = row.round
    verb = drop_question if request.POST.get("act") == "drop" else raise_question
    try:
        verb(row, by=request.user, at=request.received_at)
    except DomainError as error:
        messages.error(request, str(error))
    return redirect("grants:round_eligibility", round_.fund.slug, round_.number)
