"""The classification for readers and for machines."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from network.doors import public
from network.frame.pagecache import cached
from practices.documents.skos import as_json_ld, as_turtle
from practices.queries.scheme import scheme
from practices.queries.themes import theme_page, trees, whole_scheme
from practices.views.library import count_text


@public
@require_safe
@cached
def theme_tree(request: HttpRequest) -> HttpResponse:
    """All themes, target groups and approaches as trees that open."""
    return render(request, "practices/themes.html", {"trees": trees(get_language() or "en")})


@public
@require_safe
@cached
def theme_detail(request: HttpRequest, code: str) -> HttpResponse:
    """One concept with its practices. The code of a concept that was merged leads to the other one, for ever."""
    known = scheme().resolve(code)
    if known is not None and known.code != code:
        return redirect("practices:theme", known.code, permanent=True)
    page = request.GET.get("page", "")
    number = int(page) if page.isascii() and page.isdigit() and len(page) < 6 else 1
    theme = theme_page(code, get_language() or "en", number)
    if theme is None:
        raise Http404
    return render(request, "practices/theme.html", {"theme": theme, "count_text": count_text(theme.found.total)})


@public
@require_safe
@cached
def turtle(request: HttpRequest) -> HttpResponse:
    """The whole scheme as SKOS in Turtle, https://www.w3.org/TR/turtle/."""
    text = as_turtle(whole_scheme(), settings.KOINE_BASE_URL)
    return HttpResponse(text, content_type="text/turtle; charset=utf-8")


@public
@require_safe
@cached
def json_ld(request: HttpRequest) -> HttpResponse:
    """The whole scheme as SKOS in JSON-LD 1.1, https://www.w3.org/TR/json-ld11/."""
    text = as_json_ld(whole_scheme(), settings.KOINE_BASE_URL)
    return HttpResponse(text, content_type="application/ld+json; charset=utf-8")
