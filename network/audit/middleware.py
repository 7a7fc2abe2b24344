"""Ties the request's account and id to every change it makes."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from network.audit.context import acting


def actor(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Record the signed-in person and the request id on history rows; the account is looked up at the first write only."""

    def middleware(request: HttpRequest) -> HttpResponse:
        with acting(lambda: request.user.pk, getattr(request, "id", "")):
            return get_response(request)

    return middleware
