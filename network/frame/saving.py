"""The server's half of a form that saves itself (`static/js/autosave.js` is the other): what it is answered.

200 {revision, saved_at, state, notes?}; 409 {revision, by, theirs, texts?, reload?}; 401, 403, 413 and 422 {message}.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext_lazy as _

from network.doors import DomainError
from network.sections import Saved, StaleSection
from network.text import ascii_digits

SIGNED_OUT = _("You are signed out. Your text is still on this page: sign in in another tab, then try again.")


def answers_401(view: Callable) -> Callable:
    """A visitor gets 401 as JSON, so that the page keeps the text; nobody is led away from it."""

    @wraps(view)
    def inner(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return JsonResponse({"message": str(SIGNED_OUT)}, status=401)
        return view(request, **kwargs)

    return inner


def revision_in(data: Mapping[str, Any]) -> int:
    """The revision that was posted; -1, which no section has, where it is none."""
    text = ascii_digits(data.get("revision") or "")
    return int(text) if text.isdecimal() and len(text) < 10 else -1


def told_saved(saved: Saved, notes: Mapping[str, str] | None = None) -> JsonResponse:
    """The section is stored. notes: what the page's lines `data-note="<key>"` say from now on."""
    body: dict[str, Any] = {"revision": saved.revision, "saved_at": saved.at.isoformat(), "state": "saved"}
    return JsonResponse({**body, "notes": dict(notes)} if notes else body)


def told_stale(stale: StaleSection, theirs: Mapping[str, Any], **more: Any) -> JsonResponse:
    """Somebody saved since. theirs: field name of the page -> what they wrote; texts: both in words ({mine, theirs});
    reload: their text can't be put into the page as it stands."""
    body = {"revision": stale.theirs.revision, "theirs": dict(theirs), "by": stale.by_name, **more}
    return JsonResponse(body, status=409)


def told_refused(error: DomainError) -> JsonResponse:
    """Not stored, and why."""
    return JsonResponse({"message": str(error)}, status=422)
