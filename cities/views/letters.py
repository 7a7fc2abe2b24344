"""Writing to a city. Works signed out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cities.domain import About, write_to_city
from cities.forms import LetterForm
from cities.models import City, CityContact
from cities.queries.contacts import public_contacts, recipients_of
from network.doors import DomainError, public
from network.limits import client_address, within
from network.translation.models import best_text

HOUR = 3600
# Letters an hour: from one address, and to one city from anywhere.
FROM_ONE, TO_ONE = 5, 30


def _city(user: Any, slug: str) -> City:
    return get_object_or_404(City.objects.visible_to(user), slug=slug)


def _page(city: City) -> dict[str, Any]:
    code = get_language() or "en"
    return {"city": city, "name": best_text(city, "name", code)[0] or city.native_name}


@public
@require_http_methods(["GET", "HEAD", "POST"])
def contact(request: HttpRequest, slug: str) -> HttpResponse:
    """The letter to a city."""
    city = _city(request.user, slug)
    page = _page(city)
    if not recipients_of(city):
        return render(request, "cities/no_contact.html", page)
    paper = Paper("cities/contact.html", reverse("cities:contact_sent", args=[city.slug]), page)
    return answer_letter(request, city, paper, list(public_contacts(city)))


@dataclass(frozen=True)
class Paper:
    """What a letter is written on: the page's template with what it shows, and where it leads once the letter is on its
    way. about: what of the city it is about."""

    template: str
    sent_url: str
    page: dict[str, Any]
    about: About | None = None


def answer_letter(request: HttpRequest, city: City, paper: Paper, contacts: list[CityContact]) -> HttpResponse:
    """The page of a letter, or the letter sent. What was typed stays on the page where something is wrong with it."""
    form = LetterForm(
        request.POST or None, contacts=contacts, user=request.user, initial={"to": request.GET.get("to", "")}
    )
    if request.method != "POST":
        return render(request, paper.template, {**paper.page, "form": form, "refusal": ""})
    if form.trapped:
        return redirect(paper.sent_url)
    status, refusal = 400, ""
    if form.is_valid():
        if not _within_limits(request, city):
            status, refusal = 429, _("Too many letters in one hour. Your text is still here; try again later.")
        else:
            try:
                write_to_city(city, form.letter(get_language() or "en", paper.about), to=form.chosen())
                return redirect(paper.sent_url)
            except DomainError as error:
                refusal = str(error)
    return render(request, paper.template, {**paper.page, "form": form, "refusal": refusal}, status=status)


def _within_limits(request: HttpRequest, city: City) -> bool:
    return within("cities.contact.from", client_address(request), FROM_ONE, HOUR) and within(
        "cities.contact.to", city.pk, TO_ONE, HOUR
    )


@public
@require_safe
def contact_sent(request: HttpRequest, slug: str) -> HttpResponse:
    """The letter is on its way."""
    return render(request, "cities/contact_sent.html", _page(_city(request.user, slug)))
