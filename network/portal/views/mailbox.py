"""Development's mailbox: the mails the portal sent, readable without signing in, so that a newcomer can confirm an address.

Routed only where `KOINE_DEVELOPMENT` is set, and closed even then without it: never in production.
"""

from __future__ import annotations

import nh3
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from network.doors import public
from network.mail.gateways import mailbox as gateway

# What a mail of ours is made of. Styles and images stay out: the page's own style sheet shows it.
TAGS = {
    "a",
    "b",
    "bdi",
    "blockquote",
    "br",
    "code",
    "em",
    "h1",
    "h2",
    "h3",
    "hr",
    "li",
    "ol",
    "p",
    "span",
    "strong",
    "ul",
}
ATTRIBUTES = {"*": {"dir", "lang"}, "a": {"href"}}


def only_in_development() -> None:
    """404 everywhere else."""
    if not settings.KOINE_DEVELOPMENT:
        raise Http404


def body_of(html: str) -> str:
    """A mail's HTML as a harmless fragment: no head, no styles, no scripts, only links by http(s) and mail."""
    _head, _tag, body = html.partition("<body")
    return nh3.clean(
        f"<div{body}" if body else html,
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes={"http", "https", "mailto"},
        clean_content_tags={"script", "style", "title"},
    )


@public
@never_cache
@require_safe
def mailbox(request: HttpRequest) -> HttpResponse:
    """The newest mails first."""
    only_in_development()
    return render(request, "portal/mailbox.html", {"mails": gateway.newest()})


@public
@never_cache
@require_safe
def mail(request: HttpRequest, name: str) -> HttpResponse:
    """One mail: its headers, its HTML made harmless, its text."""
    only_in_development()
    found = gateway.one(name)
    if found is None:
        raise Http404
    # nh3 made the fragment harmless: see body_of.
    return render(request, "portal/mailbox_mail.html", {"mail": found, "fragment": mark_safe(body_of(found.html))})
