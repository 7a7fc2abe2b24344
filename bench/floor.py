"""What every page is compared with, and the counter of queries."""

from __future__ import annotations

from collections.abc import Callable

from django.db import connection
from django.http import HttpRequest, HttpResponse

from bench.pages import ASK, TOLD
from network.doors import public


@public
def floor(request: HttpRequest) -> HttpResponse:
    """Two bytes, behind all of the portal's middleware."""
    return HttpResponse("ok")


def count_queries(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Count the statements of requests that ask for it; the measured ones do not ask."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if ASK not in request.headers:
            return get_response(request)
        counted = 0

        def count(execute, sql, params, many, context):
            nonlocal counted
            counted += 1
            return execute(sql, params, many, context)

        with connection.execute_wrapper(count):
            response = get_response(request)
        response[TOLD] = str(counted)
        return response

    return middleware
