"""The eligibility questions of a round, for those who run its fund."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from grants.domain.asking import ask, drop_question, raise_question, rewrite
from grants.enums import QuestionKind
from grants.forms.asking import AnswerLines, QuestionForm
from grants.models import EligibilityCriterion, Round
from grants.queries.asking import eligibility_in_words, question_languages, question_rows
from grants.queries.building import told_of
from grants.queries.funds import shown_title
from grants.queries.staff import get_known_round
from grants.rules.funds import can_manage_fund, can_manage_round
from grants.rules.rounds import fixed_of
from grants.rules.seen import eligibility_mark
from grants.views.placing import Standing, moved, posted, status_of
from network.doors import DomainError, Verdict, needs
from network.translation.models import texts_of


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
    context = {**_about(round_, request), "rows": question_rows(round_), "kinds": QuestionKind.choices}
    return render(request, "grants/round_eligibility.html", context)


@needs(can_manage_round, get_known_round)
@require_http_methods(["GET", "HEAD", "POST"])
def new_question(request: HttpRequest, round_: Round) -> HttpResponse:
    """Another question of the kind that the address names, at the end."""
    kind = request.GET.get("kind", "")
    return _write(request, round_, None, kind if kind in QuestionKind.values else QuestionKind.YES_NO)


@needs(can_manage_question, get_question)
@require_http_methods(["GET", "HEAD", "POST"])
def question(request: HttpRequest, row: EligibilityCriterion) -> HttpResponse:
    """A question in every language of the fund."""
    return _write(request, row.round, row, row.kind)


def _write(request: HttpRequest, round_: Round, row: EligibilityCriterion | None, kind: str) -> HttpResponse:
    if fixed := fixed_of(round_, request.received_at).get("eligibility"):
        messages.warning(request, fixed)
        return redirect("grants:round_eligibility", round_.fund.slug, round_.number)
    codes = question_languages(round_, row)
    form = QuestionForm(posted(request), codes=codes, kind=kind, row=row)
    lines = AnswerLines.of(codes, row)
    refusal, status, now = "", 200, None
    if request.method == "POST":
        lines = AnswerLines.posted(codes, request.POST)
        if act := request.POST.get("line"):
            lines.act(act)
            fresh = QuestionForm(codes=codes, kind=kind, row=row)
            fresh.take_typed(form)
            form = fresh
        else:
            status = 400
            if form.is_valid():
                try:
                    _save(request, round_, row, form, lines)
                except DomainError as error:
                    refusal, status = form.place(error), status_of(error)
                    if row is not None and error.code == "stale":
                        row.refresh_from_db()
                        form.read_again(eligibility_mark(row))
                        now = eligibility_in_words(row, form.data)
                else:
                    messages.success(request, _("The question is saved."))
                    return redirect("grants:round_eligibility", round_.fund.slug, round_.number)
    context = {
        **_about(round_, request),
        "form": form,
        "row": row,
        "kind": QuestionKind(kind),
        "lines": lines.forms() if kind == QuestionKind.CHOICE else [],
        "refusal": refusal,
        "now": now,
    }
    return render(request, "grants/eligibility_question.html", context, status=status)


def _save(
    request: HttpRequest, round_: Round, row: EligibilityCriterion | None, form: QuestionForm, lines: AnswerLines
) -> None:
    asked, more = form.asked(lines.answers()), {"by": request.user, "at": request.received_at}
    if row is None:
        ask(round_, asked, **more)
    else:
        rewrite(row, asked, seen=form.cleaned_data["seen"], **more)


@needs(can_manage_question, get_question)
@require_POST
def move_question(request: HttpRequest, row: EligibilityCriterion) -> HttpResponse:
    """Ask it one place earlier, or take it away as it was seen."""
    back = reverse("grants:round_eligibility", args=[row.round.fund.slug, row.round.number])

    def standing() -> Standing:
        name = told_of(texts_of(row, "question"))
        return Standing(
            name,
            act=f"drop:{eligibility_mark(row)}",
            action=request.path,
            back=back,
            rows=eligibility_in_words(row, {}),
        )

    return moved(request, row, _about(row.round, request), raise_question, drop_question, standing, back)
