"""Who reviews a version: peers are looked for and asked, given another day, taken off."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from cities.models import City
from network.doors import DomainError, needs
from network.people.models import User
from network.text import clean_line
from practices.domain import ask_reviewer, cancel_review, move_review
from practices.enums.reviews import ACTIVE
from practices.forms.reviews import AskForm, DueForm, OffForm
from practices.models import PracticeVersion, ReviewRequest
from practices.queries.deciding import get_version, requests_of
from practices.queries.reviewers import peers_for
from practices.queries.versions import city_name, version_title
from practices.rules.reviews import MOST_REVIEWERS, can_cancel_review, can_lead_review, can_move_review

LONGEST_WORDS = 100


def get_request(user: Any, pk: int) -> ReviewRequest:
    """A request for a review, for those who decide about its version; Http404 for all others."""
    rows = ReviewRequest.objects.select_related("version__practice__city", "reviewer", "city")
    request = rows.filter(pk=pk).first()
    if request is None or not can_lead_review(user, request.version):
        raise Http404
    return request


@needs(can_lead_review, get_version)
@require_http_methods(["GET", "HEAD", "POST"])
def reviewers(request: HttpRequest, version: PracticeVersion) -> HttpResponse:
    """Look for peers and ask them; `?q=` looks among all."""
    form, refusal = AskForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        try:
            user, city = _chosen(request.POST.get("peer", ""))
            ask_reviewer(version, user, city=city, due_on=form.cleaned_data["due_on"], by=request.user)
        except DomainError as refused:
            refusal = str(refused)
            version.refresh_from_db()
        else:
            messages.success(request, _("%(name)s is asked.") % {"name": user.display_name})
            return redirect("practices:reviewers", version.practice.slug, version.number)
    code = get_language() or "en"
    words = clean_line(request.GET.get("q", ""))[:LONGEST_WORDS]
    active = [one for one in requests_of(version, code) if one.state in ACTIVE]
    context = {
        "version": version,
        "title": version_title(version),
        "city": city_name(version.practice.city, code),
        "form": form,
        "refusal": refusal,
        "words": words,
        "peers": peers_for(version, code, words),
        "active": active,
        "enough": len(active) >= MOST_REVIEWERS,
    }
    return render(request, "practices/reviewers.html", context, status=400 if refusal or form.errors else 200)


def _chosen(sent: str) -> tuple[User, City | None]:
    """The person and city of the button that was pressed: `17:4`, or `17:` for a reviewer of the network."""
    person, _colon, city = sent.partition(":")
    numbers = [int(part) if part.isascii() and part.isdigit() and len(part) < 12 else 0 for part in (person, city)]
    user = User.objects.filter(pk=numbers[0]).first()
    place = City.objects.filter(pk=numbers[1]).first() if city else None
    if user is None or (city and place is None):
        raise DomainError(_("Choose whom to ask."), code="nobody")
    return user, place


@needs(can_cancel_review, get_request)
@require_http_methods(["GET", "HEAD", "POST"])
def take_off(request: HttpRequest, review: ReviewRequest) -> HttpResponse:
    """Take a reviewer off, with the reason they read."""
    form, refusal = OffForm(request.POST or None), ""
    version = review.version
    if request.method == "POST" and form.is_valid():
        try:
            cancel_review(review, reason=form.cleaned_data["reason"], by=request.user)
        except DomainError as refused:
            refusal = str(refused)
        else:
            messages.success(request, _("%(name)s is told.") % {"name": review.reviewer.display_name})
            return redirect("practices:version", version.practice.slug, version.number)
    context = {"review": review, "version": version, "title": version_title(version), "form": form, "refusal": refusal}
    return render(request, "practices/take_off.html", context, status=400 if refusal or form.errors else 200)


@needs(can_move_review, get_request)
@require_POST
def move(request: HttpRequest, review: ReviewRequest) -> HttpResponse:
    """Give a reviewer another day."""
    form = DueForm(request.POST)
    if form.is_valid():
        try:
            move_review(review, form.cleaned_data["due_on"], by=request.user)
        except DomainError as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, _("The review is due on another day."))
    else:
        messages.error(request, str(next(iter(form.errors["due_on"]))))
    return redirect("practices:version", review.version.practice.slug, review.version.number)
