"""Switching a kind of mail off by the link in it, without signing in.

Programs that check mails follow their links, so opening the page changes nothing. Mail providers press the button in
the reader's name: they POST `List-Unsubscribe=One-Click`, bare of cookies, and expect a plain yes (RFC 8058).
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from network.doors import Denied, DomainError, public
from network.mail.domain.choices import choose_by_link
from network.mail.queries.choices import by_mail
from network.mail.rules.choices import NO_ACCOUNT, can_choose
from network.mail.rules.links import read_stop_token
from network.outgoing import KINDS


# No CSRF token is asked for: a provider has none, and the signed token in the address is the whole permission. It opens
# this one choice whoever sends it, so a foreign page that knows it needs no reader's cookie, and gains nothing by one.
@csrf_exempt
@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Ask, on POST switch off, and offer to switch on again. No page of it names the address."""
    found = read_stop_token(token)
    if found is None:
        return _page(request, "unknown", status=404)
    user_id, kind = found
    refusal = can_choose(kind)
    if isinstance(refusal, Denied):
        return _page(request, "refused", status=410, reason=refusal.reason)
    now = by_mail(user_id, kind)
    if now is None:
        return _page(request, "refused", status=410, reason=NO_ACCOUNT)
    if request.method != "POST":
        return _page(request, "asked" if now else "off", message=KINDS[kind])
    again = "again" in request.POST
    try:
        choose_by_link(user_id, kind, by_mail=again)
    except DomainError as error:
        return _page(request, "refused", status=410, reason=error.message)
    if request.POST.get("List-Unsubscribe") == "One-Click":
        return _private(HttpResponse(_("These mails are off."), content_type="text/plain; charset=utf-8"))
    return _page(request, "on" if again else "off", message=KINDS[kind])


def _page(request: HttpRequest, state: str, status: int = 200, **values: Any) -> HttpResponse:
    """`state` is asked, off, on, refused (with `reason`) or unknown.

    The page is the same whoever is signed in here. That also keeps forms with a CSRF token, such as signing out, away
    from a page without referrer, whose forms say `Origin: null`.
    """
    values |= {"state": state, "user": AnonymousUser()}
    return _private(render(request, "mail_pages/stop.html", values, status=status))


def _private(response: HttpResponse) -> HttpResponse:
    # The address is the key: no page that is opened from here may learn it.
    response["Referrer-Policy"] = "no-referrer"
    return response
