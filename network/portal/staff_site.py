"""Koine's admin: Django's, behind the portal's own sign-in, with a work queue as its first page."""

from __future__ import annotations

from collections.abc import Callable
from functools import update_wrapper
from typing import Any

from django.conf import settings
from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone, translation
from django.utils.decorators import method_decorator
from django.utils.translation import get_language, gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.i18n import set_language

from network.doors import NOT_YOURS, public
from network.frame.moments import moment_text
from network.languages import CORE, LANGUAGES
from network.mail.models import MailPause
from network.mail.queries.pauses import open_pause
from network.people.sessions import proved_second_factor
from network.portal import work_queue
from network.portal.suggestions import suggestions


def speak(request: HttpRequest) -> None:
    """Turn to the language the person chose in this browser, else to the one of their account.

    The admin's addresses carry no language; `activate` stays until the answer is rendered, as LocaleMiddleware's does.
    """
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    code = chosen if chosen in LANGUAGES else getattr(request.user, "preferred_language", "")
    if code in LANGUAGES:
        translation.activate(code)
        request.LANGUAGE_CODE = code


class KoineAdminSite(AdminSite):
    """The admin at /admin/. It has no door of its own: who is not signed in goes to the portal's sign-in and comes back."""

    site_title = _("Koine administration")
    site_header = _("Koine administration")
    index_title = _("Work queue")
    enable_nav_sidebar = False
    index_template = "admin/index.html"

    def has_permission(self, request: HttpRequest) -> bool:
        """Staff of today, at a session that has shown a second factor (the middleware leads there; this holds without it)."""
        return super().has_permission(request) and proved_second_factor(request)

    def admin_view(self, view: Callable, cacheable: bool = False) -> Callable:
        """Django's own wrapping (never cached, CSRF), in the person's language; strangers are told so, not sent in circles."""
        inner = super().admin_view(view, cacheable)

        def speaking(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            speak(request)
            if not self.has_permission(request):
                raise PermissionDenied(NOT_YOURS)
            return inner(request, *args, **kwargs)

        speaking.admin_site = self  # type: ignore[attr-defined]
        return update_wrapper(speaking, inner)

    def get_urls(self) -> list:
        """Django's addresses and the language switch; its password pages are the portal's own."""
        own = [
            path("language/", self.admin_view(set_language), name="language"),
            path("suggest/<slug:kind>/", self.admin_view(suggestions), name="suggest"),
        ]
        return own + super().get_urls()

    @public
    @method_decorator(never_cache)
    def login(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        """There is one door: the portal's sign-in, with its second factor and its limits."""
        if request.user.is_authenticated:
            if not self.has_permission(request):
                raise PermissionDenied(NOT_YOURS)
            return redirect("admin:index")
        asked = request.GET.get("next", "")
        return redirect_to_login(asked if asked.startswith("/admin/") else "/admin/")

    def logout(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        """Signing out is the portal's."""
        return redirect("account_logout")

    def password_change(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        """Passwords are changed on the portal's own page."""
        return redirect("account_change_password")

    def password_change_done(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        """There is no such page here: back to the work queue."""
        return redirect("admin:index")

    def index(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        """The work queue: what waits for this person, each number a link to exactly those rows."""
        context = {
            **self.each_context(request),
            "title": self.index_title,
            "tiles": work_queue.tiles_for(request, self),
            **(extra_context or {}),
        }
        request.current_app = self.name
        return TemplateResponse(request, self.index_template, context)

    def app_index(self, request: HttpRequest, app_label: str, extra_context: dict | None = None) -> HttpResponse:
        """Lists by app would be lists of tables: the work queue stands in their place."""
        return redirect("admin:index")

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """What every admin page needs: the menu of this person and the languages to switch to."""
        here = get_language()
        languages = [
            {
                "code": code,
                "name": LANGUAGES[code].native_name,
                "direction": LANGUAGES[code].direction,
                "current": code == here,
            }
            for code in CORE
        ]
        return {
            **super().each_context(request),
            "menu": self.menu(request),
            "admin_languages": languages,
            "mail_pause": self.mail_pause(request),
        }

    def mail_pause(self, request: HttpRequest) -> dict[str, Any]:
        """Whether all mail is paused, for the line on every page: standing, since, and the page for those who may see it."""
        pause = open_pause()
        if pause is None:
            return {"standing": False}
        pauses = self.get_model_admin(MailPause)
        url = pauses.list_url() if pauses.has_module_permission(request) else ""
        zone = timezone.get_current_timezone_name()
        return {"standing": True, "since": moment_text(pause.started_at, zone), "url": url}

    def menu(self, request: HttpRequest) -> list[dict[str, Any]]:
        """The menu by job: groups of lists that this person may see."""
        groups: dict[Any, list[dict[str, Any]]] = {}
        entries = sorted(
            (entry for entry in self._registry.values() if getattr(entry, "menu_group", None)),
            key=lambda entry: entry.menu_position,
        )
        for entry in entries:
            if entry.has_module_permission(request):
                groups.setdefault(entry.menu_group, []).extend(entry.menu_entries())
        found = [entry for group in groups.values() for entry in group]
        # A page of a list's own lies below the list: the longest address that fits is where one is.
        here = max((one["url"] for one in found if request.path.startswith(one["url"])), key=len, default="")
        for one in found:
            one["current"] = one["url"] == here
        return [{"name": name, "entries": found} for name, found in groups.items()]
