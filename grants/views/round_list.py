"""The applications of a round one by one, for those who run its fund."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from grants.forms.round_list import ListForm
from grants.models import Round
from grants.queries.funds import shown_title
from grants.queries.round_list import applications_in, list_rows
from grants.queries.staff import get_known_round
from grants.rules.funds import can_manage_round
from grants.rules.rounds import is_sealed
from network.doors import needs

PER_PAGE = 50


@needs(can_manage_round, get_known_round)
@require_safe
def applications(request: HttpRequest, round_: Round) -> HttpResponse:
    """All that were begun, found by state and words; of a sealed round none before it has closed, whatever is asked."""
    sealed = is_sealed(round_, request.received_at)
    form = ListForm(request.GET)
    status, page, rows = 200, None, []
    if not sealed:
        valid = form.is_valid()
        status = 200 if valid else 400
        found = applications_in(
            round_, state=form.cleaned_data.get("state", ""), typed=form.cleaned_data.get("q", "") if valid else ""
        )
        page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
        rows = list_rows(round_, page.object_list)
    context = {
        "round": round_,
        "fund": round_.fund,
        "title": shown_title(round_.fund),
        "round_title": shown_title(round_),
        "sealed": sealed,
        "form": form,
        "page": page,
        "rows": rows,
        "has_sizes": round_.tiers.exists(),
        "searched": bool(request.GET.get("q") or request.GET.get("state")),
    }
    return render(request, "grants/round_applications.html", context, status=status)
