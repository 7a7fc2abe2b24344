"""Searches that a person keeps: saving one, and the page where they stand."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dates import WEEKDAYS
from django.utils.translation import get_language, gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from network.doors import DomainError, needs, signed_in
from network.frame.links import in_language
from network.mail.queries.choices import by_mail
from network.people.models import User
from network.people.queries.zones import zone_choices
from practices.domain import change_search, remove_search, save_search
from practices.domain.saved_searches import same_search
from practices.enums import Alert
from practices.forms.asked import Asked, asked
from practices.forms.saved_searches import USUAL, SavedSearchForm
from practices.messages import ALERT
from practices.models import LONGEST_NAME, SavedSearch
from practices.queries.saved_searches import searches_of
from practices.rules import can_change_saved_search


def own_search(user: User | Any, pk: int) -> SavedSearch:
    """One of the person's own searches; for anybody else it is not there."""
    found = SavedSearch.objects.filter(pk=pk, user_id=user.pk).first()
    if found is None:
        raise Http404
    return found


@signed_in
@require_safe
def searches(request: HttpRequest) -> HttpResponse:
    """My searches, newest first."""
    kept = searches_of(request.user)
    told = any(search.alert != Alert.NONE for search in kept)
    context = {
        "rows": [_row(search) for search in kept],
        "off": told and by_mail(request.user.pk, ALERT.kind) is False,
    }
    return render(request, "practices/searches.html", context)


def _row(search: SavedSearch) -> dict[str, Any]:
    found = asked(search.query)
    return {
        "search": search,
        "words": found.words,
        "understood": found.whole,
        "alert": alert_words(search),
        "url": address("practices:list", search),
        "feed": address("practices:feed", search),
    }


def address(route: str, search: SavedSearch) -> str:
    """Where the search leads, in the language it was asked in."""
    return in_language(reverse(route), search.language) + (f"?{search.query}" if search.query else "")


def alert_words(search: SavedSearch) -> str:
    """Never, as soon as one is published, or: Monday, 08:00."""
    if search.alert == Alert.WEEKLY and search.weekday and search.at_local:
        day, hour = WEEKDAYS[search.weekday - 1], f"{search.at_local:%H:%M}"
        return _("Once a week: %(day)s, %(hour)s") % {"day": day, "hour": hour}
    return str(search.get_alert_display())


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def save(request: HttpRequest) -> HttpResponse:
    """Keep the search of the address. One that is kept already is shown instead."""
    code = get_language() or "en"
    found = asked(request.POST.get("query", "") if request.method == "POST" else request.GET, order=True)
    if (kept := same_search(request.user, found.query, code)) is not None:
        messages.info(request, _("You keep this search already. Here you change it."))
        return redirect("practices:saved_search", kept.pk)
    if request.method != "POST":
        return _page(
            request, SavedSearchForm(initial={**USUAL, "query": found.query, "name": usual_name(found)}), found
        )
    form = SavedSearchForm(request.POST)
    if form.is_valid():
        try:
            save_search(form.cleaned_data["name"], found.query, code, form.alerts(), by=request.user)
        except DomainError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The search is saved."))
            return redirect("practices:searches")
    return _page(request, form, found)


def usual_name(search: Asked) -> str:
    """What a search is called as long as nobody names it: its parts."""
    name = " · ".join(search.words) or _("All practices")
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"


@needs(can_change_saved_search, own_search)
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, search: SavedSearch) -> HttpResponse:
    """Rename a search and set its alerts."""
    found = asked(search.query)
    if request.method != "POST":
        return _page(request, SavedSearchForm.of(search), found, search)
    form = SavedSearchForm(request.POST)
    if form.is_valid():
        try:
            change_search(search, form.cleaned_data["name"], form.alerts(), by=request.user)
        except DomainError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The changes are saved."))
            return redirect("practices:searches")
    return _page(request, form, found, search)


@needs(can_change_saved_search, own_search)
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: HttpRequest, search: SavedSearch) -> HttpResponse:
    """Ask, and on POST forget the search."""
    if request.method != "POST":
        return render(request, "practices/search_remove.html", {"search": search})
    try:
        remove_search(search, by=request.user)
    except DomainError as refused:
        messages.info(request, str(refused))
    else:
        messages.success(request, _("The search is removed."))
    return redirect("practices:searches")


def _page(request: HttpRequest, form: SavedSearchForm, found: Asked, search: SavedSearch | None = None) -> HttpResponse:
    zone = request.user.time_zone
    context = {
        "form": form,
        "search": search,
        "words": found.words,
        "zone": dict(zone_choices()).get(zone, zone),
        "language": search.language if search else get_language(),
    }
    return render(request, "practices/search_form.html", context, status=422 if form.errors else 200)
