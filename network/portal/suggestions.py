"""Names offered while somebody types one in the admin: each kind of thing registers how it is looked for."""

from __future__ import annotations

from collections.abc import Callable

from django.http import Http404, HttpRequest, JsonResponse

Suggester = Callable[[HttpRequest, str], list[str]]
SUGGESTERS: dict[str, Suggester] = {}
LONGEST_QUERY = 100


def suggest(kind: str, suggester: Suggester) -> None:
    """Say how names of that kind are found."""
    SUGGESTERS[kind] = suggester


def suggestions(request: HttpRequest, kind: str) -> JsonResponse:
    """At most eight names that match `q`, for the list under a field; Http404 for an unknown kind."""
    suggester = SUGGESTERS.get(kind)
    if suggester is None:
        raise Http404(kind)
    return JsonResponse({"names": suggester(request, request.GET.get("q", "")[:LONGEST_QUERY])})
