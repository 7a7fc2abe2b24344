"""What a signed-in person brings along: a time zone, and for some the duty of a second factor and of short sessions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from network.frame import kept_post
from network.frame.moments import zone_of
from network.people import sessions
from network.people.rules.roles import demands_second_factor

Handler = Callable[[HttpRequest], HttpResponse]
# What a person without a second factor in this session may open: setting one up, showing one, and signing out.
WAY_IN = {
    "account_login",
    "account_logout",
    "account_reauthenticate",
    "account_confirm_email",
    "account_email_verification_sent",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
}
PRIVATE_PACKAGES = ("allauth.", "django.contrib.admin")


def is_signed_in(request: HttpRequest) -> bool:
    """Whether somebody is signed in, without opening a session for visitors who carry none."""
    return settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated


def time_zone(get_response: Handler) -> Handler:
    """Tell times in the person's own zone; visitors get UTC and each deadline's own zone."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if not is_signed_in(request):
            return get_response(request)
        with timezone.override(zone_of(request.user.time_zone)):
            return get_response(request)

    return middleware


def second_factor(get_response: Handler) -> Handler:
    """End sessions of staff whose time is over, and let nobody work who owes a second factor.

    Staff, reviewers and committee members are led to set one up, or to show it, before any page that is not public
    opens. What they were sending is kept.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if is_signed_in(request) and sessions.ran_out(request):
            return lead_to_sign_in(request)
        return get_response(request)

    middleware.process_view = before_view  # type: ignore[attr-defined]
    return middleware


def lead_to_sign_in(request: HttpRequest) -> HttpResponse:
    """Sign out, keep what was being sent, and say why."""
    user_id = request.user.pk
    logout(request)
    messages.info(request, _("You were signed out, to protect what your role opens. Sign in again to go on."))
    return kept_post.lead_to_sign_in(request, user_id=user_id)


def is_private(request: HttpRequest, view: Any) -> bool:
    """Whether a view is more than a public page: one with a door of its own, an account page, or the admin."""
    inner = getattr(view, "view_class", None) or getattr(view, "cls", None)
    door = getattr(view, "door", None) or getattr(inner, "door", None)
    if door:
        return door != "public"
    match = request.resolver_match
    return (
        (match is not None and "admin" in match.app_names)
        or hasattr(view, "admin_site")
        or hasattr(view, "model_admin")
        or getattr(inner or view, "__module__", "").startswith(PRIVATE_PACKAGES)
    )


def before_view(request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
    """Ask for a second factor where one is owed, and give back a text that was kept; None lets the request through.

    The doors keep what visitors send to the portal's own pages; the admin has no such door, so it is done here.
    """
    if not is_private(request, view):
        return None
    if is_signed_in(request):
        return ask_for_second_factor(request) or kept_post.offer(request)
    if request.method == "POST" and request.resolver_match and "admin" in request.resolver_match.app_names:
        return kept_post.lead_to_sign_in(request)
    return None


def ask_for_second_factor(request: HttpRequest) -> HttpResponse | None:
    """Lead a person who owes a second factor to it; None where nothing is owed."""
    if not demands_second_factor(request.user):
        return None
    name = (request.resolver_match.url_name if request.resolver_match else "") or ""
    if name in WAY_IN or name.startswith("mfa_") or sessions.proved_second_factor(request):
        return None
    kept_post.keep(request, user_id=request.user.pk)
    if kept_post.is_script(request):
        return HttpResponse(status=403)
    for method in get_adapter(request).get_reauthentication_methods(request.user):
        if method["id"].startswith("mfa_reauthenticate") and sessions.has_second_factor(request.user):
            return redirect(f"{method['url']}?{urlencode({'next': request.get_full_path()})}")
    return redirect(reverse("mfa_index"))
