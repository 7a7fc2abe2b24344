"""Bookmarks: one button wherever a practice stands, and a page that has them all."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language, gettext as _, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from network.doors import DomainError, needs, signed_in
from network.frame.names import number_text
from practices.domain import add_bookmark, remove_bookmarks
from practices.models import Practice
from practices.queries.bookmarks import bookmarked, bookmarks_of
from practices.rules import can_bookmark_practice
from practices.rules.collections import MOST_PRACTICES

MOST_DIGITS = 18


def public_practice(user: Any, slug: str) -> Practice:
    """A practice that everyone may read; Http404 for all others."""
    found = Practice.objects.visible_to(user).filter(slug=slug).only("id", "slug").order_by().first()
    if found is None:
        raise Http404
    return found


def numbers(asked: list[str], most: int) -> list[int]:
    """The practices' numbers that a form sent, each once, at most so many; what is no number is left out."""
    known = (int(one) for one in asked if one.isascii() and one.isdigit() and len(one) <= MOST_DIGITS)
    return list(dict.fromkeys(known))[:most]


def back_to(request: HttpRequest, otherwise: str) -> HttpResponse:
    """Lead back to the page of ours that the form named as `next`."""
    asked = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(asked, {request.get_host()}, request.is_secure())
    return redirect(asked if ours else otherwise)


@signed_in
@require_safe
def bookmarks(request: HttpRequest) -> HttpResponse:
    """My bookmarks, newest first."""
    found = bookmarks_of(request.user, get_language() or "en", request.GET.get("page"))
    return render(request, "practices/bookmarks.html", {"found": found})


@needs(can_bookmark_practice, public_practice)
@require_http_methods(["GET", "HEAD", "POST"])
def bookmark(request: HttpRequest, practice: Practice) -> HttpResponse:
    """Bookmark a practice. Who opens the address instead, after signing in for instance, is asked with one button."""
    if request.method != "POST":
        kept = practice.pk in bookmarked(request.user, [practice.pk])
        return render(request, "practices/bookmark.html", {"practice": practice, "kept": kept})
    try:
        add_bookmark(practice, by=request.user)
    except DomainError as refused:
        messages.error(request, str(refused))
        return back_to(request, practice.get_absolute_url())
    if request.headers.get("HX-Request"):
        return _button(request, practice, kept=True)
    messages.success(request, _("The practice is among your bookmarks."))
    return back_to(request, practice.get_absolute_url())


@signed_in
@require_POST
def drop(request: HttpRequest) -> HttpResponse:
    """Take practices out of the bookmarks, one that is no longer public too; or lead on to put them into a collection
    (`collect`)."""
    wanted = numbers(request.POST.getlist("practice"), MOST_PRACTICES)
    if "collect" in request.POST:
        return redirect(
            f"{reverse('practices:add_to_collection')}?{urlencode({'practice': wanted or [0]}, doseq=True)}"
        )
    removed = remove_bookmarks(wanted, by=request.user)
    if request.headers.get("HX-Request"):
        left = Practice.objects.visible_to(request.user).filter(pk__in=wanted).only("id", "slug").order_by().first()
        return _button(request, left, kept=False) if left else HttpResponse("")
    text = ngettext("%(count)s bookmark is removed.", "%(count)s bookmarks are removed.", removed)
    messages.success(request, text % {"count": number_text(removed)})
    return back_to(request, "practices:bookmarks")


def _button(request: HttpRequest, practice: Practice, *, kept: bool) -> HttpResponse:
    """The button alone, for htmx."""
    context = {"number": practice.pk, "slug": practice.slug, "kept": kept, "back": practice.get_absolute_url()}
    return render(request, "practices/bookmark_button.html", context)
