"""More time for one application, and what became of the attempts to send it: for those who run the fund."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from grants.domain.extending import extend_application
from grants.forms.extending import ExtensionForm, FindForm
from grants.models import Application, Round
from grants.queries.extending import application_desk, extended_in, find_application, get_desk_application
from grants.queries.funds import shown_title
from grants.queries.staff import get_known_round
from grants.rules.applications import can_extend_application
from grants.rules.funds import can_manage_round
from grants.views.placing import placed, posted, status_of
from network.doors import DomainError, needs
from network.frame.moments import city_of
from network.frame.names import reader


@needs(can_manage_round, get_known_round)
@require_safe
def extensions(request: HttpRequest, round_: Round) -> HttpResponse:
    """Find an application of the round, and those that were given more time."""
    form = FindForm(request.GET if "which" in request.GET else None)
    status = 200
    if form.is_bound:
        status = 400
        if form.is_valid():
            found = find_application(round_, form.cleaned_data["which"])
            if found:
                return redirect("grants:application_desk", round_.fund.slug, round_.number, found.opaque_id)
            form.add_error("which", _("This round has no such application."))
    context = {
        "round": round_,
        "fund": round_.fund,
        "title": shown_title(round_.fund),
        "round_title": shown_title(round_),
        "form": form,
        "rows": extended_in(round_),
    }
    return render(request, "grants/extensions.html", context, status=status)


@needs(can_extend_application, get_desk_application)
@require_http_methods(["GET", "HEAD", "POST"])
def application(request: HttpRequest, application: Application) -> HttpResponse:
    """One application's deadline and attempts, and more time for it."""
    form, refusal, status = ExtensionForm(posted(request)), "", 200
    round_ = application.round
    if request.method == "POST":
        status = 400
        if form.is_valid():
            data = form.cleaned_data
            try:
                extend_application(
                    application, data["until"], reason=data["reason"], by=request.user, at=request.received_at
                )
            except DomainError as error:
                beside = error.code in {"imaginary", "doubled", "small_hours", "wall"}
                refusal = placed(form, DomainError(error.message, "until" if beside else error.code))
                status = status_of(error)
            else:
                messages.success(request, _("The application has more time. Its owners are told by mail."))
                return redirect("grants:application_desk", round_.fund.slug, round_.number, application.opaque_id)
    context = {
        "page": application_desk(application, request.received_at),
        "application": application,
        "round": round_,
        "fund": round_.fund,
        "title": shown_title(round_.fund),
        "round_title": shown_title(round_),
        "form": form,
        "refusal": refusal,
        "zone": city_of(round_.timezone, reader()),
    }
    return render(request, "grants/application_desk.html", context, status=status)
