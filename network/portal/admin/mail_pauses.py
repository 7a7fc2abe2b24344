"""The lever that pauses all mail, and every pause there was."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _, gettext_lazy

from network.doors import DomainError
from network.mail.domain.pauses import LONGEST_REASON, pause_all, resume
from network.mail.models import MailPause
from network.mail.queries.pauses import open_pause
from network.portal.admin.base import KoineModelAdmin, Reach
from network.portal.admin.forms import ReasonForm
from network.portal.admin.history import moment_words
from network.portal.admin.lists import Question
from network.portal.admin.practices import chip
from network.portal.admin.standing import AUDITOR, OPERATOR
from network.portal.work_queue import Tile, wait_here


class PauseForm(ReasonForm):
    """Why all mail stops, or goes out again."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("It stays in the history."),
    )


@dataclass(frozen=True)
class Verb:
    """One of the two ends of a pause: what is called of the domain, and in words what follows."""

    run: Callable[..., MailPause]
    word: Any
    lead: Any
    consequence: Any
    done: Any
    grave: bool = False


VERBS = {
    "pause": Verb(
        pause_all,
        gettext_lazy("Pause all mail"),
        gettext_lazy("Mail is going out."),
        gettext_lazy(
            "No mail leaves until somebody lets it go out again: no reminders, receipts, sign-ups or passwords. What a"
            " worker has in hand this minute still goes out."
        ),
        gettext_lazy("All mail is paused."),
        grave=True,
    ),
    "resume": Verb(
        resume,
        gettext_lazy("Let mail go out again"),
        gettext_lazy("All mail is paused."),
        gettext_lazy("What waited goes out with the next run. What is no longer true by then is dropped, not sent."),
        gettext_lazy("Mail is going out again."),
    ),
}


@admin.register(MailPause)
class MailPauseAdmin(KoineModelAdmin):
    """Pauses of all mail. The newest open one is the state of the portal."""

    reach = {OPERATOR: Reach(change=True), AUDITOR: Reach()}
    menu_group, menu_position = gettext_lazy("Mail"), 108
    change_list_template = "admin/mail_pauses.html"
    empty_words = gettext_lazy("Mail was never paused.")
    list_display = ("since", "until", "who", "ended_told", "reason_told")
    list_ordering = ("-id",)
    questions = (Question("now", gettext_lazy("Stands now"), lambda rows: rows.filter(ended_at__isnull=True)),)
    facts = ((None, ("since", "who", "until", "ended_told", "reason_told")),)
    readonly_fields = ("since", "who", "until", "ended_told", "reason_told")

    def menu_name(self) -> str:
        return _("Pauses")

    def name_of(self, obj: Any) -> str:
        return _("Pause of %(moment)s") % {"moment": moment_words(obj.started_at)}

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A pause is never edited: it begins and ends by the lever."""
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("started_by", "ended_by")

    def own_routes(self) -> Iterable[tuple[str, Callable, str]]:
        return (("turn/<slug:name>/", self.turn_view, "turn"),)

    def changelist_view(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        pause = open_pause()
        name = "resume" if pause else "pause"
        lever = {"word": VERBS[name].word, "url": reverse("admin:mail_mailpause_turn", args=[name])}
        extra = {
            "pause": pause,
            # The page itself says it, larger.
            "mail_pause": {"standing": False},
            "since": moment_words(pause.started_at) if pause else "",
            "lever": lever if self._reaches(request, "change") else None,
        }
        return super().changelist_view(request, {**extra, **(extra_context or {})})

    def turn_view(self, request: HttpRequest, name: str) -> HttpResponse:
        """Pausing or resuming, with its reason. What somebody else did in the meantime comes back as the form's error."""
        verb = VERBS.get(name)
        if verb is None:
            raise Http404(name)
        if not self._reaches(request, "change"):
            raise PermissionDenied
        form = PauseForm(request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid():
            try:
                verb.run(form.cleaned_data["reason"], by=request.user)
            except DomainError as refusal:
                form.add_error(None, str(refusal))
            else:
                self.message_user(request, verb.done, messages.SUCCESS)
                return redirect(self.list_url())
        context = {
            "title": verb.word,
            "lead": verb.lead if (name == "resume") == (open_pause() is not None) else _("This is done already."),
            "verb": verb,
            "rows": [],
            "form": form,
            "confirm": None,
            "back_url": self.list_url(),
        }
        return self.framed(request, "admin/mail_act.html", context)

    @admin.display(description=gettext_lazy("Since"), ordering="started_at")
    def since(self, obj: Any) -> str:
        return format_html("<bdi>{}</bdi>", moment_words(obj.started_at))

    @admin.display(description=gettext_lazy("Until"), ordering="ended_at")
    def until(self, obj: Any) -> str:
        if obj.ended_at is None:
            return chip(_("stands now"), "stop")
        return format_html("<bdi>{}</bdi>", moment_words(obj.ended_at))

    @admin.display(description=gettext_lazy("Paused by"))
    def who(self, obj: Any) -> str:
        return str(obj.started_by or "")

    @admin.display(description=gettext_lazy("Ended by"))
    def ended_told(self, obj: Any) -> str:
        return str(obj.ended_by or "")

    @admin.display(description=gettext_lazy("Reason"))
    def reason_told(self, obj: Any) -> str:
        return format_html("<bdi>{}</bdi>", obj.reason)


wait_here(
    Tile(
        MailPause,
        "now",
        gettext_lazy("Pause of all mail"),
        gettext_lazy("No mail leaves. Let it go out again"),
        position=59,
        urgent=True,
    )
)
