"""The library's public pages."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext as _, gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from network.doors import DomainError, needs, public
from network.frame.links import in_language, language_links, query_with, query_without
from network.frame.moments import day_text, known_day_text
from network.frame.names import country_name, language_name, money_text, number_text
from network.frame.pagecache import cached
from network.people.models import User
from practices.documents.dublin_core import head
from practices.documents.fact_sheet import bare, short_link
from practices.documents.linked_data import library_data, practice_data, script
from practices.domain import publish_practice
from practices.enums import State
from practices.forms.asked import asked_by
from practices.forms.filters import PracticeFilter
from practices.models import Practice
from practices.queries.addresses import renamed
from practices.queries.adoptions import reuse_of
from practices.queries.bookmarks import bookmarked
from practices.queries.described import of_page
from practices.queries.detail import Detail, detail, language_of
from practices.queries.finding import COUNTED, Found, find
from practices.queries.listing import Listing, listing
from practices.queries.near import near
from practices.queries.spelling import did_you_mean
from practices.queries.wanted import NEWEST, RELEVANCE, REUSED, Wanted
from practices.rules import can_create_practice, can_edit_practice, can_publish_practice
from practices.rules.labels import can_see_label_desk
from practices.rules.practices import can_import_practices
from practices.rules.verifying import is_overdue
from practices.views.noting import note_language, note_search
from practices.views.places import map_of, view_tabs

ORDERS = {
    RELEVANCE: gettext_lazy("Best match first"),
    NEWEST: gettext_lazy("Newest first"),
    REUSED: gettext_lazy("Most taken up first"),
}


@public
@cached
def practice_list(request: HttpRequest) -> HttpResponse:
    """The library: search, filters, results as a list or on a map. htmx gets the results alone."""
    code = get_language() or "en"
    form = PracticeFilter(request.GET, code)
    wanted = form.wanted()
    found = listing(wanted, code, filters=True)
    meant = did_you_mean(wanted, code, found.total)
    alike = near(wanted, code, found.total)
    search = asked_by(form, wanted)
    mapped = request.GET.get("view") == "map"
    note_search(request, search, code, found.total)
    feed = reverse("practices:feed")
    keeping = asked_by(form, wanted, order=True)
    template = "practices/part.html" if request.headers.get("HX-Request") else "practices/list.html"
    context = {
        "form": form,
        "facets": facets(form, found),
        "counts_note": counts_note(found),
        "places_note": _("Numbers count the newest of these practices.") if found.capped else "",
        "wanted": wanted,
        "found": found,
        "alike": alike,
        "order_text": ORDERS[wanted.order],
        "meant": meant,
        "meant_url": query_with(request.GET, {"q": meant.text}) if meant else "",
        "meant_count": count_text(meant.total) if meant else "",
        "count_text": count_text(found.total),
        "chosen": chosen(form, wanted),
        "exports": query_with(request.GET, {"page": None}),
        "exports_most": COUNTED,
        "bookmarked": bookmarked(request.user, [card.id for card in found.rows]),
        "feed": feed + (f"?{search.query}" if search.query else ""),
        "schema": "" if request.GET else script(library_data(settings.KOINE_BASE_URL, code, feed)),
        "views": view_tabs(request, mapped=mapped),
        "places": map_of(request, wanted, code) if mapped and found.total else None,
        "may_write": request.user.is_authenticated and bool(can_import_practices(request.user)),
        "save_url": reverse("practices:save_search") + (f"?{keeping.query}" if keeping.query else ""),
    }
    return render(request, template, context)


def search_of(request: HttpRequest, most: int) -> Found:
    """The first practices, at most so many, that the search in the address finds, in its order."""
    code = get_language() or "en"
    wanted = PracticeFilter(request.GET, code).wanted()
    return find(wanted, code, most, 0)


def count_text(total: int) -> str:
    """How many practices were found, in words."""
    if total > COUNTED:
        return _("More than %(count)s practices") % {"count": number_text(COUNTED)}
    return ngettext("%(count)s practice", "%(count)s practices", total) % {"count": number_text(total)}


def counts_note(found: Listing) -> str:
    """What the numbers beside the filters are of, where they are not of all that was found."""
    if found.total <= found.counted:
        return ""
    return _("Numbers count the newest %(count)s of these practices.") % {"count": number_text(found.counted)}


def facets(form: PracticeFilter, found: Listing) -> list[dict[str, Any]]:
    """The filters as `{% filter_panel %}` takes them, with the names that the form gives them."""
    drawn = []
    for one in found.filters:
        label = form.fields[one.name].label
        options = [{**vars(option), "label": option.label or label} for option in one.options]
        drawn.append({"name": one.name, "label": label, "options": options})
        if one.name == "city":
            drawn[-1] |= {"more": _("Another city"), "hint": _("Its name in any language.")}
        if one.name == "readable":
            drawn[-1]["label"] = _("Language")
    return drawn


def chosen(form: PracticeFilter, wanted: Wanted) -> list[dict[str, Any]]:
    """The filters in force as chips that take themselves away."""
    items = []
    for name, field in form.fields.items():
        value = getattr(wanted, name)
        if value is True:
            items.append({"text": field.label, "remove": query_with(form.data, {name: None})})
        elif isinstance(value, tuple):
            labels = dict(field.choices)
            for one in value:
                text = _("%(filter)s: %(value)s") % {"filter": field.label, "value": labels[one]}
                items.append({"text": text, "remove": query_without(form.data, name, one)})
    return items


@public
@cached
def practice_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """One practice. `?text=el` reads it in Greek while the interface stays; another value is ignored."""
    code = get_language() or "en"
    found = detail(Practice.objects.visible_to(request.user), slug, code, request.GET.get("text", ""))
    if found is None:
        return renamed_page(request, slug, "practices:detail")
    note_language(request, found, code)
    return _page(request, found)


def renamed_page(request: HttpRequest, slug: str, route: str) -> HttpResponse:
    """Lead from a slug that a public practice had to the one it has, for ever; 404 where none had it."""
    present = renamed(slug, request.user)
    if not present:
        raise Http404
    query = request.META.get("QUERY_STRING", "")
    response = redirect(reverse(route, args=[present]) + (f"?{query}" if query else ""), permanent=True)
    # A practice may take a former slug back: browsers ask again, or they would go round in circles.
    response["Cache-Control"] = "no-cache"
    return response


def _page(request: HttpRequest, found: Detail, **more: Any) -> HttpResponse:
    canonical = in_language(request.get_full_path().partition("?")[0], found.language)
    links = [
        {**link, "url": link["url"].partition("?")[0]} for link in language_links(request, available=found.languages)
    ]
    practice = found.practice
    published = practice.state == State.PUBLISHED
    context = {
        "found": found,
        "practice": practice,
        "facts": facts(found),
        "resources": resources(found),
        "canonical": canonical,
        "language_links": links,
        "schema": for_machines(found, canonical) if published else "",
        "sheet_url": sheet_url(found),
        "draft": False,
        "overdue": is_overdue(found.practice),
        "may_publish": False,
        "may_write": request.user.is_authenticated and bool(can_create_practice(request.user, practice.city)),
        "may_label": published and request.user.is_authenticated and bool(can_see_label_desk(request.user, practice)),
        "reuse": reuse_of(request.user, practice, get_language() or "en"),
        "bookmarked": practice.pk in bookmarked(request.user, [practice.pk]),
        **more,
    }
    return render(request, "practices/detail.html", context)


def for_machines(found: Detail, path: str) -> SafeString:
    """What the head of a public practice's page tells programs: JSON-LD and Dublin Core."""
    practice, origin = of_page(found, get_language() or "en"), settings.KOINE_BASE_URL
    data = practice_data(practice, origin, path, found.practice.original_language, found.languages)
    return format_html("{}\n{}", script(data), head(practice, origin))


def sheet_url(found: Detail) -> str:
    """The fact sheet with the same text as the page."""
    practice = found.practice
    route = "practices:sheet" if practice.state == State.PUBLISHED else "practices:draft_sheet"
    usual = language_of(practice, get_language() or "en")
    return reverse(route, args=[practice.slug]) + (f"?text={found.language}" if found.language != usual else "")


def get_practice(user: User | Any, slug: str) -> Practice:
    """A practice of the cities that the person writes for; for anybody else it is not there."""
    practice = Practice.objects.select_related("city").filter(slug=slug).first()
    if practice is None or not can_create_practice(user, practice.city):
        raise Http404
    return practice


@needs(can_edit_practice, get_practice)
@require_safe
def practice_draft(request: HttpRequest, practice: Practice) -> HttpResponse:
    """The page a draft will be, for those who write it; a published practice is at its own address."""
    if practice.state == State.PUBLISHED:
        return redirect(practice)
    found = detail(
        Practice.objects.filter(pk=practice.pk), practice.slug, get_language() or "en", request.GET.get("text", "")
    )
    if found is None:
        raise Http404
    return _page(request, found, draft=True, may_publish=bool(can_publish_practice(request.user, practice)))


@needs(can_publish_practice, get_practice)
@require_POST
def practice_publish(request: HttpRequest, practice: Practice) -> HttpResponse:
    """Publish a draft and show its page; where it is not complete, say so on the draft."""
    try:
        practice = publish_practice(practice, by=request.user)
    except DomainError as refused:
        messages.error(request, str(refused))
        return redirect("practices:draft", practice.slug)
    messages.success(request, _("The practice is published: everyone can read and find it."))
    return redirect(practice)


def facts(found: Detail) -> list[dict[str, Any]]:
    """The facts rail's rows; what is not known is left out by the piece."""
    practice = found.practice
    short = short_link(practice, settings.KOINE_BASE_URL)

    def known(day: Any) -> str:
        return known_day_text(day, practice.started_precision) if day else ""

    return [
        {"name": _("Country"), "value": country_name(practice.city.country)},
        {"name": _("Area"), "value": found.area, "lang": found.language},
        {"name": _("Started"), "value": known(practice.started_on)},
        {"name": _("Ended"), "value": day_text(practice.ended_on) if practice.ended_on else ""},
        {"name": _("Status"), "value": practice.get_running_display()},
        {"name": _("Places it ran in"), "value": number_text(practice.settings_count)},
        {"name": _("Level of prevention"), "value": practice.get_prevention_display()},
        {"name": _("Written in"), "value": language_name(practice.original_language)},
        {"name": _("Last verified"), "value": day_text(practice.verified_on) if practice.verified_on else ""},
        {"name": _("Last changed"), "value": day_text(practice.updated_at.date())},
        {"name": _("Source"), "value": practice.source},
        {"name": _("Licence"), "value": practice.get_licence_display()},
        {"name": _("Short link"), "value": bare(short), "url": short},
    ]


def resources(found: Detail) -> list[dict[str, Any]]:
    """What it costs, with the year of the prices, and how many work on it; nothing that is not known."""
    practice = found.practice

    def cost(amount: Any) -> str:
        if amount is None:
            return ""
        text = money_text(amount, practice.currency)
        if not practice.price_year:
            return text
        return _("%(amount)s (prices of %(year)d)") % {"amount": text, "year": practice.price_year}

    rows = [
        {"name": _("Cost in all"), "value": cost(practice.total_cost)},
        {"name": _("Cost a year"), "value": cost(practice.yearly_cost)},
        {
            "name": _("Staff, in full-time posts"),
            "value": "" if practice.staff is None else number_text(practice.staff.normalize()),
        },
    ]
    return [row for row in rows if row["value"]]
