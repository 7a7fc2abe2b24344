"""Starting an application: for which organisation, and whether it may be."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from grants.domain.drafts import start_application
from grants.domain.reuse import start_like
from grants.forms.reuse import StartForm
from grants.queries.applications import applications_in, organisations_of
from grants.queries.funds import get_leading_round, shown_title
from grants.queries.reuse import chosen, earlier_choices, earlier_for
from grants.rules.rounds import can_start_in
from grants.views.eligibility import kept_check
from grants.views.placing import posted
from grants.views.reuse import tell_taken
from network.doors import Denied, DomainError, signed_in
from network.frame.refusals import refused
from network.people.rules.organisations import has_verified_address


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest, slug: str) -> HttpResponse:
    """Choose the organisation and begin; led to the eligibility check or to registering an organisation where needed."""
    round_ = get_leading_round(request.user, slug, request.received_at)
    fund_url = reverse("grants:fund", args=[slug])
    if isinstance(verdict := can_start_in(round_, request.received_at), Denied):
        error = DomainError(verdict.reason, code="closed")
        return refused(request, error, back=reverse("grants:funds"), back_word=_("See all funds"))
    check = kept_check(request, round_)
    if round_.eligibility.exists() and (check is None or not check.eligible):
        return redirect("grants:eligibility_result" if check else "grants:eligibility", slug)
    organisations = organisations_of(request.user)
    earlier = earlier_for(request.user, [one.pk for one in organisations])
    form = StartForm(organisations, earlier_choices(earlier), posted(request))
    if request.method == "POST" and form.is_valid():
        given = {"by": request.user, "at": request.received_at, "eligibility": check}
        source = chosen(earlier, form.cleaned_data.get("earlier") or "")
        try:
            if source:
                application, done = start_like(round_, form.cleaned_data["organisation"], source, **given)
                tell_taken(request, done)
            else:
                application = start_application(round_, form.cleaned_data["organisation"], **given)
        except DomainError as error:
            existing = [
                {"url": one.get_absolute_url(), "word": one.title or str(one.organisation)}
                for one in applications_in(request.user, round_)
            ]
            return refused(request, error, back=fund_url, back_word=_("Back to the fund"), more=existing)
        return redirect(application)
    context = {
        "form": form,
        "round": round_,
        "title": shown_title(round_.fund),
        "fund_url": fund_url,
        "organisations": organisations,
        "existing": applications_in(request.user, round_),
        "confirmed": has_verified_address(request.user),
    }
    return render(request, "grants/start.html", context)
