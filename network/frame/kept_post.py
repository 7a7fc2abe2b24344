"""Nothing typed is lost when a session ends in the middle of a form.

A form that arrives from somebody who is signed out (a door in `network.doors`, or a session whose time is over) is kept
in the visitor's new session, under the path it was sent to. After sign-in, opening that path shows "Your text is kept"
with a button that sends it again. Kept are text fields only: no files, passwords, tokens or account numbers; at most 1 MB for one
form and three forms. What was kept for an account is shown to nobody else.

The form's CSRF token was right when it arrived (Django checks before any door), so no other site can plant a text here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

KEY = "kept_posts"
ACT = "kept_post"
LIMIT_BYTES = 1024 * 1024
AT_MOST = 3
NEVER_KEPT = re.compile(r"password|csrfmiddlewaretoken|^iban|^code$|^credential$|^kept_post$", re.IGNORECASE)


def is_script(request: HttpRequest) -> bool:
    """Whether a script sent this: those carry the token as a header, keep their text themselves, and want a status."""
    return "X-CSRFToken" in request.headers


def keep(request: HttpRequest, *, user_id: int | None = None) -> bool:
    """Keep a sent form's text in the session; False where there is nothing to keep or too much of it."""
    if request.method != "POST" or is_script(request):
        return False
    fields = [[name, values] for name, values in request.POST.lists() if not NEVER_KEPT.search(name)]
    size = sum(len(name.encode()) + sum(len(str(v).encode()) for v in values) for name, values in fields)
    if not any(value for _name, values in fields for value in values) or size > LIMIT_BYTES:
        return False
    kept = dict(request.session.get(KEY, {}))
    kept.pop(request.path, None)
    for path in list(kept)[: max(0, len(kept) - AT_MOST + 1)]:
        del kept[path]
    kept[request.path] = {"user": user_id, "fields": fields, "to": request.get_full_path()}
    request.session[KEY] = kept
    return True


def lead_to_sign_in(request: HttpRequest, *, user_id: int | None = None) -> HttpResponse:
    """Keep what was sent and lead to sign-in and back; a script gets 401 instead of a page."""
    if is_script(request):
        return HttpResponse(status=401)
    keep(request, user_id=user_id)
    return redirect_to_login(request.get_full_path())


def _forget(request: HttpRequest) -> None:
    kept = {path: one for path, one in request.session.get(KEY, {}).items() if path != request.path}
    if kept:
        request.session[KEY] = kept
    else:
        request.session.pop(KEY, None)


def _mine(request: HttpRequest) -> Mapping[str, Any] | None:
    kept = request.session.get(KEY, {}).get(request.path)
    return kept if kept and kept["user"] in (None, request.user.pk) else None


def offer(request: HttpRequest) -> HttpResponse | None:
    """For a signed-in person at this path: the page "Your text is kept" where there is one; None lets the view answer.

    Sending any form to the path ends the keeping; throwing the text away leads to the empty form.
    """
    if KEY not in request.session:
        return None
    kept = _mine(request)
    if kept is None:
        return None
    if request.method in {"GET", "HEAD"}:
        fields = [(name, value) for name, values in kept["fields"] for value in values]
        shown = [(name, value) for name, value in fields if len(str(value).strip()) > 1]
        return render(request, "frame/kept_post.html", {"fields": fields, "shown": shown, "target": kept["to"]})
    _forget(request)
    if request.method == "POST" and request.POST.get(ACT) == "discard":
        return redirect(kept["to"])
    return None
