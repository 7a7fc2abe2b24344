"""Typing in an application that came on paper."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from grants.domain.paper import enter_paper
from grants.forms.paper import PaperForm
from grants.models import Round
from grants.queries.funds import shown_title
from grants.queries.staff import funder_names, get_known_round
from grants.rules.funds import can_manage_round
from grants.views.placing import placed, posted, status_of
from network.doors import DomainError, needs
from network.frame.moments import city_of
from network.frame.names import reader

WALLS = {"imaginary", "doubled", "wall"}


@needs(can_manage_round, get_known_round)
@require_http_methods(["GET", "HEAD", "POST"])
def paper(request: HttpRequest, round_: Round) -> HttpResponse:
    """Say when it arrived and who applies; then it is typed and sent like any other application."""
    form, refusal, status = PaperForm(posted(request)), "", 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                application = enter_paper(round_, form.paper(), by=request.user, at=request.received_at)
            except DomainError as error:
                code = "arrived" if error.code in WALLS else error.code
                refusal, status = placed(form, DomainError(error.message, code)), status_of(error)
            else:
                messages.success(request, _("The draft is begun. Type it in as it stands on the paper, then send it."))
                return redirect(application)
    context = {
        "round": round_,
        "fund": round_.fund,
        "title": shown_title(round_.fund),
        "round_title": shown_title(round_),
        "form": form,
        "refusal": refusal,
        "zone": city_of(round_.timezone, reader()),
        "names": funder_names(),
    }
    return render(request, "grants/paper.html", context, status=status)
