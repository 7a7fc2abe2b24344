"""Levers: what can be done to a record, each a button with a form, never a field that one edits.

A lever on one record is a page with its form. On many it shows first what would happen to each row (affected, not
allowed, unchanged), asks for the number to be typed past twenty rows, and then acts row by row, each in a transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _, ngettext

from network.doors import Denied, DomainError, Verdict
from network.portal.admin.forms import ConfirmManyForm, ReasonForm

CONFIRMED_FROM = 21
AT_ONCE = 2_000


@dataclass(frozen=True)
class Lever:
    """An act on a record.

    `asks(user, obj)` is the rule: allowed, or denied with its reason. `idle(obj)` is true where there is nothing to do
    (already so). `run(obj, user, data)` is the domain call; `data` is the form's, which begins with `initial(obj)`.
    `word` stands on the button, `consequence` tells what follows before it is pressed.
    """

    name: str
    word: Any
    run: Callable[[Any, Any, dict[str, Any]], Any]
    asks: Callable[[Any, Any], Verdict]
    idle: Callable[[Any], bool] = lambda obj: False
    form: type[forms.Form] = ReasonForm
    initial: Callable[[Any], dict[str, Any]] = lambda obj: {}
    consequence: Any = ""
    icon: str = "edit"
    grave: bool = False
    many: bool = False


def asks_archive(rule: Callable[[Any, Any], Verdict], *, restore: bool) -> Callable[[Any, Any], Verdict]:
    """What a lever asks that puts a record into the archive, or with `restore` brings it back: is it there, and the rule."""

    def asks(user: Any, obj: Any) -> Verdict:
        if bool(obj.archived_at) is not restore:
            return Denied(_("It is not in the archive.") if restore else _("It is in the archive already."))
        return rule(user, obj)

    return asks


@dataclass
class Forecast:
    """What a lever would do to the chosen rows: those it changes, those it may not touch (with the reason), those already so."""

    affected: list[Any]
    refused: list[tuple[Any, Any]]
    unchanged: list[Any]


class LeverPages:
    """The pages of a model admin's `levers`; mixed into `KoineModelAdmin`."""

    levers: tuple[Lever, ...] = ()

    def lever_routes(self) -> Iterable[tuple[str, Callable, str]]:
        """One address for acting on a record, one for acting on many."""
        return (
            ("<path:object_id>/act/<slug:name>/", self.act_view, "act"),
            ("act/<slug:name>/", self.act_on_many_view, "act_on_many"),
        )

    def lever(self, name: str) -> Lever:
        """The lever of that name; Http404 where there is none."""
        found = next((lever for lever in self.levers if lever.name == name), None)
        if found is None:
            raise Http404(name)
        return found

    def offered(self, request: HttpRequest, obj: Any) -> list[dict[str, Any]]:
        """The buttons of a record: levers that this person may pull now."""
        if not self.can_act(request, obj):
            return []
        base = self.page_url(obj).removesuffix("change/")
        return [
            {"word": lever.word, "url": f"{base}act/{lever.name}/", "grave": lever.grave, "icon": lever.icon}
            for lever in self.levers
            if not lever.idle(obj) and lever.asks(request.user, obj)
        ]

    def can_act(self, request: HttpRequest, obj: Any) -> bool:
        """Whether this person may pull levers here at all: as who may change the record."""
        return self.has_change_permission(request, obj)

    # --- one record ---------------------------------------------------------------------------------------------------

    def act_view(self, request: HttpRequest, object_id: str, name: str) -> HttpResponse:
        """The form of a lever, and pulling it. What the domain refuses comes back as the form's error."""
        lever, obj = self.lever(name), self.get_object(request, object_id)
        if obj is None:
            raise Http404(object_id)
        if not self.can_act(request, obj):
            raise PermissionDenied
        verdict = lever.asks(request.user, obj)
        if isinstance(verdict, Denied):
            return self.too_late(request, obj, verdict)
        form = lever.form(request.POST if request.method == "POST" else None, initial=lever.initial(obj))
        if request.method == "POST" and form.is_valid():
            try:
                lever.run(obj, request.user, form.cleaned_data)
            except DomainError as refusal:
                form.add_error(None, str(refusal))
            else:
                done = _("Done: %(act)s, %(name)s.") % {"act": lever.word, "name": self.name_of(obj)}
                self.message_user(request, done, messages.SUCCESS)
                return redirect(self.landing(obj))
        context = {"lever": lever, "form": form, "obj": obj, "name": self.name_of(obj), "page_url": self.page_url(obj)}
        return self.framed(request, "admin/act.html", {"title": lever.word, **context})

    def too_late(self, request: HttpRequest, obj: Any, verdict: Denied) -> HttpResponse:
        """What a lever answers that can't be pulled on this record, or not any more."""
        raise PermissionDenied(verdict.reason)

    def landing(self, obj: Any) -> str:
        """Where one is led after a lever: the record's page; an admin whose levers remove records says where else."""
        return self.page_url(obj)

    def framed(self, request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
        """A page of this list's own in the admin's frame; `context` holds at least its title."""
        frame = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "list_name": self.menu_name(),
            "list_url": self.list_url(),
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, template, {**frame, **context})

    # --- many records -------------------------------------------------------------------------------------------------

    def get_actions(self, request: HttpRequest) -> dict[str, tuple]:
        """The levers that work on many rows; Django's own deletion is not among them."""
        if not self._reaches(request, "change"):
            return {}
        return {
            lever.name: (partial(_choose, lever=lever), lever.name, lever.word) for lever in self.levers if lever.many
        }

    def foresee(self, request: HttpRequest, lever: Lever, rows: QuerySet) -> Forecast:
        """What the lever would do to these rows; nothing is changed."""
        forecast = Forecast([], [], [])
        allowed = set(self.within(request, rows, "change").values_list("pk", flat=True))
        for obj in rows:
            verdict = lever.asks(request.user, obj)
            if lever.idle(obj):
                forecast.unchanged.append(obj)
            elif obj.pk not in allowed:
                forecast.refused.append((obj, _("Outside of what you look after.")))
            elif not verdict:
                forecast.refused.append((obj, verdict.reason))
            else:
                forecast.affected.append(obj)
        return forecast

    def dry_run(self, request: HttpRequest, lever: Lever, rows: QuerySet, bound: bool = False) -> HttpResponse:
        """The page between choosing and doing."""
        forecast = self.foresee(request, lever, rows)
        number = len(forecast.affected)
        form = lever.form(request.POST if bound else None)
        confirm = ConfirmManyForm(request.POST if bound else None, number=number) if number >= CONFIRMED_FROM else None
        if bound and number and form.is_valid() and (confirm is None or confirm.is_valid()):
            return self._act_on(request, lever, forecast, form.cleaned_data)
        context = {
            "lever": lever,
            "form": form,
            "confirm": confirm,
            "number": number,
            "keys": ",".join(str(obj.pk) for obj in rows),
            "affected": [self.name_of(obj) for obj in forecast.affected],
            "refused": [(self.name_of(obj), reason) for obj, reason in forecast.refused],
            "unchanged": [self.name_of(obj) for obj in forecast.unchanged],
        }
        return self.framed(request, "admin/act_on_many.html", {"title": lever.word, **context})

    def act_on_many_view(self, request: HttpRequest, name: str) -> HttpResponse:
        """The dry run sent back: judged again, then done."""
        lever = self.lever(name)
        if request.method != "POST" or not lever.many or not self._reaches(request, "change"):
            raise PermissionDenied
        keys = [int(key) for key in request.POST.get("keys", "").split(",") if key.isdecimal()][:AT_ONCE]
        return self.dry_run(request, lever, self.get_queryset(request).filter(pk__in=keys), bound=True)

    def _act_on(self, request: HttpRequest, lever: Lever, forecast: Forecast, data: dict[str, Any]) -> HttpResponse:
        done, refused = 0, []
        for obj in forecast.affected:
            try:
                with transaction.atomic():
                    lever.run(obj, request.user, data)
            except DomainError as refusal:
                refused.append(f"{self.name_of(obj)}: {refusal}")
            else:
                done += 1
        words = ngettext("%(act)s: %(count)s row changed.", "%(act)s: %(count)s rows changed.", done)
        self.message_user(request, words % {"act": lever.word, "count": done}, messages.SUCCESS)
        for sentence in refused[:20]:
            self.message_user(request, sentence, messages.WARNING)
        return redirect(self.list_url())


def _choose(admin: LeverPages, request: HttpRequest, rows: QuerySet, *, lever: Lever) -> HttpResponse:
    """Django's action: leads to the dry run."""
    keys = list(rows.values_list("pk", flat=True)[:AT_ONCE])
    return admin.dry_run(request, lever, admin.get_queryset(request).filter(pk__in=keys))
