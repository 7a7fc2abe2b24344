"""Interest in a fund: said without an account, confirmed by a mailed link; for the fund's staff a list of who it is."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language, gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from grants.domain.interest import NewInterest, confirm_interest, remove_interest, say_interest, take_back_interest
from grants.forms.funds import InterestForm
from grants.models import Fund, Interest
from grants.queries.funds import get_fund, shown_title
from grants.queries.staff import get_interest, get_known_fund, interest_rows, interests_of
from grants.rules.funds import can_manage_fund, can_manage_interest
from grants.rules.interest import read_interest_token
from grants.views.placing import placed, posted, status_of
from network.doors import DomainError, needs, public
from network.limits import client_address, within
from network.sheets import csv_answer

HOUR, DAY = 3600, 86_400
# Notes an hour from one place, and mails a day to one address.
FROM_ONE, TO_ONE = 5, 3


@public
@require_http_methods(["GET", "HEAD", "POST"])
def interest(request: HttpRequest, slug: str) -> HttpResponse:
    """Say that one would like to hear of the fund, for a city that wants one like it or a company that would pay in."""
    fund = get_fund(request.user, slug)
    user = request.user
    known = {"name": user.display_name, "email": user.email} if user.is_authenticated else {}
    form = InterestForm(posted(request), initial=known)
    refusal, status = "", 200
    if request.method == "POST":
        if form.trapped:
            return redirect("grants:interest_sent", slug)
        status = 400
        if form.is_valid():
            data = form.cleaned_data
            few = within("grants.interest", client_address(request), FROM_ONE, HOUR)
            if not (few and within("grants.interest.to", data["email"].lower(), TO_ONE, DAY)):
                refusal, status = _("Too many notes from here today. Your text is still here; try again tomorrow."), 429
            else:
                names = ("kind", "name", "organisation", "email", "message")
                new = NewInterest(language=get_language() or "en", **{name: data[name] for name in names})
                try:
                    say_interest(fund, new, at=request.received_at)
                except DomainError as error:
                    refusal, status = placed(form, error), status_of(error)
                else:
                    return redirect("grants:interest_sent", slug)
    context = {"fund": fund, "title": shown_title(fund), "form": form, "refusal": refusal}
    return render(request, "grants/interest.html", context, status=status)


@public
@require_safe
def interest_sent(request: HttpRequest, slug: str) -> HttpResponse:
    """A link is on its way. The same whoever the address belongs to."""
    fund = get_fund(request.user, slug)
    return render(request, "grants/interest_sent.html", {"fund": fund, "title": shown_title(fund)})


def _linked(token: str) -> Interest:
    uuid = read_interest_token(token)
    if uuid is None:
        raise Http404
    return get_object_or_404(Interest.objects.select_related("fund"), uuid=uuid)


@public
@require_http_methods(["GET", "HEAD", "POST"])
def interest_link(request: HttpRequest, token: str) -> HttpResponse:
    """What the mailed link shows: one's own note, to confirm or to delete. Looking changes nothing."""
    found = _linked(token)
    context: dict[str, Any] = {"interest": found, "fund": found.fund, "title": shown_title(found.fund)}
    if request.method != "POST":
        return render(request, "grants/interest_link.html", context)
    if request.POST.get("act") == "delete":
        take_back_interest(found)
        return render(request, "grants/interest_gone.html", context)
    try:
        confirm_interest(found, at=request.received_at)
    except DomainError:
        return render(request, "grants/interest_gone.html", context, status=409)
    messages.success(request, _("Your interest is confirmed. Those who run the fund see it now."))
    return redirect("grants:interest_link", token)


@needs(can_manage_fund, get_known_fund)
@require_safe
def interests(request: HttpRequest, fund: Fund) -> HttpResponse:
    """Who is interested, for those who run the fund."""
    context = {"fund": fund, "title": shown_title(fund), "rows": interests_of(fund)}
    return render(request, "grants/interests.html", context)


@needs(can_manage_fund, get_known_fund)
@require_safe
def interests_file(request: HttpRequest, fund: Fund) -> HttpResponse:
    """The same as a spreadsheet in which nothing runs."""
    heading, rows = interest_rows(fund)
    return csv_answer(f"{fund.slug}-interest", heading, rows)


@needs(can_manage_interest, get_interest)
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: HttpRequest, found: Interest) -> HttpResponse:
    """Erase somebody's interest: asked once more before it goes."""
    fund = found.fund
    if request.method == "POST":
        try:
            remove_interest(found, by=request.user)
        except DomainError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("It is deleted."))
        return redirect("grants:interests", fund.slug)
    return render(request, "grants/interest_remove.html", {"interest": found, "fund": fund, "title": shown_title(fund)})
