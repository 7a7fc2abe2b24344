"""The pages for what can't be answered: calm, translated, saying what to do."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from network.doors import public


@public
def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: input that can't be read."""
    return render(request, "400.html", status=400)


@public
def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403 with the rule's reason."""
    return render(request, "403.html", {"exception": str(exception) if exception else ""}, status=403)


@public
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404, also for what this person may not know of."""
    return render(request, "404.html", status=404)


@public
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 where a form's token is missing or old: what was typed can be brought back by the browser's own "back"."""
    return render(request, "403_csrf.html", status=403)
