"""A person's own page: what waits, what is due, what was begun, what one may do."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from network.doors import signed_in
from network.portal.queries.desk import desk_of


@signed_in
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """My desk."""
    return render(request, "portal/desk.html", {"sections": desk_of(request.user)})
