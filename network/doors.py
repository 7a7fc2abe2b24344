"""How a request enters: every view says who may come in, and a view that says nothing does not start.

    @public                          anyone
    @signed_in                       anyone with an account
    @needs(can_edit_round, get_round)  load the thing (404 where this person may not know of it), then ask the rule
                                     (403 with the rule's reason)

`check_doors` (a Django system check) walks the URL table and refuses views without a door. Rules answer `Allowed()` or
`Denied(reason)`; domain functions refuse with `DomainError`, whose sentence is shown to the person.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.core.checks import Error
from django.core.exceptions import PermissionDenied
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.translation import gettext_lazy as _

from network.frame import kept_post


@dataclass(frozen=True)
class Allowed:
    """The rule's yes."""

    def __bool__(self) -> bool:
        return True


@dataclass(frozen=True)
class Denied:
    """The rule's no, with the reason that the person is shown."""

    reason: Any

    def __bool__(self) -> bool:
        return False


Verdict = Allowed | Denied


class DomainError(Exception):
    """A verb refused: `message` is a translatable sentence for the person, `code` a stable word for programs and tests."""

    def __init__(self, message: Any, code: str = "refused") -> None:
        super().__init__(message)
        self.message, self.code = message, code

    def __str__(self) -> str:
        return str(self.message)


def insist(verdict: Verdict) -> None:
    """Raise `DomainError(code="denied")` with the reason where the verdict is a no."""
    if isinstance(verdict, Denied):
        raise DomainError(verdict.reason, code="denied")


def public(view: Callable) -> Callable:
    """Anyone may come in."""
    view.door = "public"
    return view


def signed_in(view: Callable) -> Callable:
    """Anyone with an account; others are led to sign-in and back, and what they were sending is kept."""

    @wraps(view)
    def inner(request, *args, **kwargs):
        if not request.user.is_authenticated:
            return kept_post.lead_to_sign_in(request)
        return view(request, *args, **kwargs)

    inner.door = "signed_in"
    return inner


def needs(rule: Callable[[Any, Any], Verdict], get: Callable[..., Any], *, anonymous: bool = False) -> Callable:
    """Load with `get(user, **url_kwargs)` (it raises Http404 for things this person may not know of), then ask `rule`.

    The view receives the request and the loaded thing. With `anonymous` the rule is asked for visitors too; without it
    a visitor is led to sign-in first, before anything is loaded, so that the answer betrays nothing.
    """

    def wrap(view: Callable) -> Callable:
        @wraps(view)
        def inner(request, **kwargs):
            if not anonymous and not request.user.is_authenticated:
                return kept_post.lead_to_sign_in(request)
            thing = get(request.user, **kwargs)
            verdict = rule(request.user, thing)
            if isinstance(verdict, Denied):
                raise PermissionDenied(verdict.reason)
            return view(request, thing)

        inner.door = rule.__name__
        return inner

    return wrap


# Packages that bring their own gatekeeping: their views carry no door of ours.
TRUSTED = (
    "allauth.",
    "django.contrib.",
    "drf_spectacular.",
    "django.views.i18n",
    "django.views.generic.base",
)


def _patterns(resolver: URLResolver, prefix: str = ""):
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from _patterns(pattern, prefix + str(pattern.pattern))
        else:
            yield prefix + str(pattern.pattern), pattern


def door_of(pattern: URLPattern) -> str | None:
    """The door's name of a route: public, signed_in, the rule's name, or the trusted package's; None where there is none."""
    callback = pattern.callback
    view = getattr(callback, "view_class", None) or getattr(callback, "cls", None) or callback
    door = getattr(callback, "door", None) or getattr(view, "door", None)
    if door:
        return str(door)
    module = getattr(view, "__module__", "")
    admin = getattr(getattr(callback, "model_admin", None) or getattr(callback, "admin_site", None), "name", None)
    if admin or module.startswith(TRUSTED):
        return module
    return None


def check_doors(app_configs, **kwargs) -> list[Error]:
    """System check koine.E001: each route has a door."""
    return [
        Error(f"The view of {route!r} declares no door (network.doors).", id="koine.E001")
        for route, pattern in _patterns(get_resolver())
        if door_of(pattern) is None
    ]


NOT_YOURS = _("This page is not open to you.")
