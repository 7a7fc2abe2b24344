"""Writing to those who wrote a practice, without seeing their addresses. Works signed out."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from cities.domain import About
from cities.queries.contacts import authors_of
from cities.views.letters import Paper, answer_letter
from network.doors import public
from practices.models import Practice
from practices.queries.adoptions import name_of, title_of
from practices.views.adoptions import public_practice


def _page(practice: Practice) -> dict[str, Any]:
    code = get_language() or "en"
    return {
        "practice": practice,
        "city": practice.city,
        "name": name_of(practice.city, code),
        "title": title_of(practice, code),
    }


@public
@require_http_methods(["GET", "HEAD", "POST"])
def contact(request: HttpRequest, slug: str) -> HttpResponse:
    """The letter to the authors: the officers of the practice's city, else whoever gets its letters."""
    practice = public_practice(request.user, slug)
    page = _page(practice)
    if not authors_of(practice.city):
        return render(request, "cities/no_contact.html", page)
    about = About(page["title"].text, page["title"].language, practice.get_absolute_url())
    sent = reverse("practices:contact_sent", args=[practice.slug])
    return answer_letter(request, practice.city, Paper("practices/contact.html", sent, page, about), [])


@public
@require_safe
def contact_sent(request: HttpRequest, slug: str) -> HttpResponse:
    """The letter is on its way."""
    return render(request, "practices/contact_sent.html", _page(public_practice(request.user, slug)))
