"""The eligibility check: open to everybody, kept in the session until an application is started."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from grants.domain.eligibility import check_eligibility
from grants.forms.eligibility import EligibilityForm, typed_answers
from grants.models import EligibilityCheck, Round
from grants.queries.applications import answers_elsewhere, eligibility_check
from grants.queries.funds import get_leading_round, rounds_that_fit, shown_title
from grants.rules.rounds import can_start_in
from network.doors import public

KEPT = "grants.eligibility"


def kept_check(request: HttpRequest, round_: Round) -> EligibilityCheck | None:
    """The check this visitor made for the round."""
    return eligibility_check(round_, request.session.get(KEPT, {}).get(str(round_.uuid)), request.user)


@public
@require_http_methods(["GET", "HEAD", "POST"])
def eligibility(request: HttpRequest, slug: str) -> HttpResponse:
    """The questions, filled with the answers given before."""
    round_ = get_leading_round(request.user, slug, request.received_at)
    code = get_language() or "en"
    criteria = list(round_.eligibility.for_language(code).order_by("position", "id"))
    if not criteria:
        raise Http404
    elsewhere = False
    if request.method == "POST":
        form = EligibilityForm(criteria, code, request.POST)
        if form.is_valid():
            user = request.user if request.user.is_authenticated else None
            check = check_eligibility(round_, form.answers(), by=user)
            request.session[KEPT] = {**request.session.get(KEPT, {}), str(round_.uuid): str(check.uuid)}
            return redirect("grants:eligibility_result", slug)
    else:
        before = kept_check(request, round_) if KEPT in request.session or request.user.is_authenticated else None
        known = before.answers if before else answers_elsewhere(round_, criteria, request.session.get(KEPT, {}))
        form = EligibilityForm(criteria, code, initial=typed_answers(criteria, known) if known else None)
        elsewhere = bool(known) and before is None
    context = {
        "form": form,
        "elsewhere": elsewhere,
        "round": round_,
        "title": shown_title(round_.fund),
        "start": can_start_in(round_, request.received_at),
    }
    return render(request, "grants/eligibility.html", context)


@public
@require_safe
def eligibility_result(request: HttpRequest, slug: str) -> HttpResponse:
    """Yes with the way on, or no with each reason and what else there is."""
    round_ = get_leading_round(request.user, slug, request.received_at)
    check = kept_check(request, round_)
    if check is None:
        return redirect("grants:eligibility", slug)
    criteria = round_.eligibility.for_language(get_language() or "en").order_by("position", "id")
    reasons = [one for one in criteria if one.key in check.failed]
    others = rounds_that_fit(request.user, check, request.received_at)
    context = {
        "check": check,
        "round": round_,
        "title": shown_title(round_.fund),
        "reasons": reasons,
        "others": others,
        "start": can_start_in(round_, request.received_at),
    }
    return render(request, "grants/eligibility_result.html", context)
