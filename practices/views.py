"""The library's public pages."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, gettext as _, ngettext

from network.doors import public
from network.frame.links import in_language, language_links, query_with
from network.frame.moments import day_text, known_day_text
from network.frame.names import country_name, language_name, number_text
from network.frame.pagecache import cached
from practices.documents import linked_data
from practices.forms import PracticeFilter
from practices.queries.detail import Detail, detail
from practices.queries.listing import COUNTED, Listing, Wanted, choices, listing


@public
@cached
def practice_list(request: HttpRequest) -> HttpResponse:
    """The library: search, filters, results. htmx gets the results alone."""
    code = get_language() or "en"
    form = PracticeFilter(request.GET, choices(code))
    wanted = form.wanted()
    found = listing(wanted, code, request.user)
    template = "practices/results.html" if request.headers.get("HX-Request") else "practices/list.html"
    context = {
        "form": form,
        "wanted": wanted,
        "found": found,
        "count_text": count_text(found),
        "chosen": chosen(request, form, wanted),
    }
    return render(request, template, context)


def count_text(found: Listing) -> str:
    """How many practices were found, in words."""
    if found.capped:
        return _("More than %(count)s practices") % {"count": number_text(COUNTED)}
    text = ngettext("%(count)s practice", "%(count)s practices", found.total)
    return text % {"count": number_text(found.total)}


def chosen(request: HttpRequest, form: PracticeFilter, wanted: Wanted) -> list[dict[str, Any]]:
    """The filters in force as chips that take themselves away."""
    items = []
    for name, field in form.fields.items():
        value = getattr(wanted, name)
        if not value or name == "sort":
            continue
        said = dict(getattr(field, "choices", ())).get(value, value)
        text = field.label if value is True else _("%(filter)s: %(value)s") % {"filter": field.label, "value": said}
        items.append({"text": text, "remove": query_with(request.GET, {name: None})})
    return items


@public
@cached
def practice_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """One practice. `?text=el` reads it in Greek while the interface stays; another value is ignored."""
    code = get_language() or "en"
    found = detail(slug, code, request.GET.get("text", ""), request.user)
    if found is None:
        raise Http404
    canonical = in_language(request.get_full_path().partition("?")[0], found.language)
    links = [
        {**link, "url": link["url"].partition("?")[0]} for link in language_links(request, available=found.languages)
    ]
    context = {
        "found": found,
        "practice": found.practice,
        "facts": facts(found),
        "canonical": canonical,
        "language_links": links,
        "schema": linked_data(found, settings.KOINE_BASE_URL, canonical),
    }
    return render(request, "practices/detail.html", context)


def facts(found: Detail) -> list[dict[str, Any]]:
    """The facts rail's rows; what is not known is left out by the piece."""
    practice = found.practice

    def known(day: Any) -> str:
        return known_day_text(day, practice.started_precision) if day else ""

    return [
        {"name": _("Country"), "value": country_name(practice.city.country)},
        {"name": _("Started"), "value": known(practice.started_on)},
        {"name": _("Ended"), "value": day_text(practice.ended_on) if practice.ended_on else ""},
        {"name": _("Status"), "value": practice.get_running_display()},
        {"name": _("Places it ran in"), "value": number_text(practice.settings_count)},
        {"name": _("Written in"), "value": language_name(practice.original_language)},
        {"name": _("Last changed"), "value": day_text(practice.updated_at.date())},
        {"name": _("Source"), "value": practice.source},
    ]
