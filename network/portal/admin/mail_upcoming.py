"""What would be sent in the next days, and how each text would read for whom it goes to."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from csp.decorators import csp_update
from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy, ngettext

from network.frame.moments import day_text, hour_text
from network.frame.names import language_name, number_text
from network.languages import LANGUAGES
from network.mail.enums import Status
from network.mail.models import OutgoingMail, ReminderRule
from network.mail.queries.upcoming import Firing, upcoming
from network.outgoing import MessageClass
from network.people.models import User
from network.portal.admin.mail_letters import SHOWS_FRAME, frame_answer, letter_words
from network.portal.admin.mail_told import moment_in_list
from network.portal.admin.mail_words import due_words, kind_words, state_chip
from network.portal.admin.rule_words import rule_words

SPANS = {1: gettext_lazy("24 hours"), 7: gettext_lazy("7 days"), 30: gettext_lazy("30 days")}
USUAL = 7
# A page somebody reads to the end; the rest is said as a number.
SHOWN = 100
WAITING_SHOWN = 10


def mails_words(number: int) -> str:
    """340 mails."""
    return ngettext("%(count)s mail", "%(count)s mails", number) % {"count": number_text(number)}


def keys_of(firing: Firing) -> dict[str, Any]:
    """What an address needs to say which rule meets which deadline."""
    return {"deadline": firing.kind.name, "subject": firing.subject_id, "rule": firing.rule_id}


class ReaderForm(forms.Form):
    """For whom a text is looked at, and in which language; without one, in that person's own."""

    person = forms.TypedChoiceField(label=gettext_lazy("Recipient"), coerce=int)
    language = forms.ChoiceField(label=gettext_lazy("Language"), required=False)

    def __init__(self, *args: Any, firing: Firing, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = sorted(((code, language_name(code)) for code in LANGUAGES), key=lambda pair: pair[1])
        self.fields["person"].choices = [(key, name) for key, name in firing.people]
        self.fields["language"].choices = [("", _("The recipient’s own")), *named]


class UpcomingPages:
    """The pages of what is coming; mixed into the admin of reminder rules."""

    def own_routes(self) -> Iterable[tuple[str, Callable, str]]:
        """The overview, a text in it, and that text alone for the frame."""
        return (
            *super().own_routes(),
            ("upcoming/", self.upcoming_view, "upcoming"),
            ("upcoming/text/", self.text_view, "text"),
            ("upcoming/letter/", self.text_letter_view, "text_letter"),
        )

    def menu_entries(self) -> list[dict[str, Any]]:
        """Beside the rules what comes of them."""
        return [*super().menu_entries(), {"url": self.upcoming_url(), "name": _("What will be sent")}]

    def list_tools(self, request: HttpRequest) -> list[dict[str, Any]]:
        """A way to what the rules lead to."""
        tool = {"name": _("What will be sent"), "icon": "calendar", "url": self.upcoming_url()}
        return [*super().list_tools(request), tool]

    def upcoming_url(self, page: str = "upcoming", **asked: Any) -> str:
        """The address of one of these pages."""
        address = reverse(f"admin:mail_reminderrule_{page}")
        return f"{address}?{urlencode(asked)}" if asked else address

    def upcoming_view(self, request: HttpRequest) -> HttpResponse:
        """What fires in the chosen time, by day, and what is queued or held for it already."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        asked = request.GET.get("days", "")
        days = int(asked) if asked in {str(span) for span in SPANS} else USUAL
        coming = upcoming(days)
        shown = coming.firings[:SHOWN]
        waiting = list(coming.waiting[:WAITING_SHOWN])
        outbox = reverse("admin:mail_outgoingmail_changelist")
        context = {
            "title": _("What will be sent"),
            "spans": [
                {"name": words, "url": self.upcoming_url(days=span), "current": span == days}
                for span, words in SPANS.items()
            ],
            "days": self._by_day(shown),
            "left_off": coming.left_off + len(coming.firings) - len(shown),
            "total": mails_words(sum(firing.recipients for firing in coming.firings)),
            "waiting": [
                {"mail": mail, "moment": moment_in_list(mail.next_try_at), "message": kind_words(mail.kind), "state": state_chip(mail), "url": f"{outbox}{mail.pk}/change/"}
                for mail in waiting
            ],
            "queued": mails_words(coming.waiting.filter(status=Status.QUEUED).count()),
            "held": mails_words(coming.waiting.filter(status=Status.HELD).count()),
            "outbox": outbox,
        }  # fmt: skip
        return self.framed(request, "admin/mail_upcoming.html", context)

    def _by_day(self, firings: list[Firing]) -> list[dict[str, Any]]:
        """The firings by day of the reader's calendar, each with its words and the address of its text."""
        rules = ReminderRule.objects.in_bulk({firing.rule_id for firing in firings})
        days = []
        for day, of_day in groupby(firings, key=lambda firing: timezone.localtime(firing.fires_at).date()):
            found = list(of_day)
            rows = [
                {
                    "at": timezone.localtime(firing.fires_at),
                    "hour": hour_text(timezone.localtime(firing.fires_at)),
                    "name": firing.name or _("something that is gone"),
                    "kind": firing.kind.title,
                    "due": due_words(firing.due),
                    "rule": rule_words(rules[firing.rule_id]) if firing.rule_id in rules else "",
                    "message": kind_words(firing.message),
                    "number": mails_words(firing.recipients),
                    "text_url": self.upcoming_url("text", **keys_of(firing)) if firing.people else "",
                }
                for firing in found
            ]
            total = mails_words(sum(firing.recipients for firing in found))
            days.append({"name": day_text(day), "total": total, "rows": rows})
        return days

    # --- one text -----------------------------------------------------------------------------------------------------

    @csp_update(SHOWS_FRAME)
    def text_view(self, request: HttpRequest) -> HttpResponse:
        """How a text would read now, for one of its recipients, in the chosen language."""
        firing = self._firing(request)
        form = ReaderForm(self._chosen(request, firing), firing=firing)
        letter = ""
        if form.is_valid():
            asked = {**keys_of(firing), **form.cleaned_data}
            letter = letter_words(self._mail(firing, form), self.upcoming_url("text_letter", **asked))
        context = {
            "title": kind_words(firing.message),
            "firing": firing,
            "due": due_words(firing.due),
            "form": form,
            "kept": keys_of(firing).items(),
            "letter": letter,
            "back_url": self.upcoming_url(),
        }
        return self.framed(request, "admin/mail_text.html", context)

    def text_letter_view(self, request: HttpRequest) -> HttpResponse:
        """That text's HTML alone, for the frame."""
        firing = self._firing(request)
        form = ReaderForm(self._chosen(request, firing), firing=firing)
        if not form.is_valid():
            raise Http404
        return frame_answer(self._mail(firing, form))

    def _firing(self, request: HttpRequest) -> Firing:
        """Which rule meets which deadline, by the address. Http404 where they do not meet (any more), or reach nobody."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        asked = {name: request.GET.get(name, "") for name in ("deadline", "subject", "rule")}
        for firing in upcoming(max(SPANS)).firings:
            if firing.people and {name: str(key) for name, key in keys_of(firing).items()} == asked:
                return firing
        raise Http404

    def _chosen(self, request: HttpRequest, firing: Firing) -> dict[str, str]:
        """What was chosen above the text; at first the first recipient, in their own language."""
        return {
            "person": request.GET.get("person", str(firing.people[0][0])),
            "language": request.GET.get("language", ""),
        }

    def _mail(self, firing: Firing, form: ReaderForm) -> OutgoingMail:
        """The mail that the planner would write for that person; it is not kept."""
        to = User.objects.get(pk=form.cleaned_data["person"])
        return OutgoingMail(
            kind=firing.message,
            klass=MessageClass.REMINDER,
            recipient=to,
            to_email=to.email,
            to_name=to.display_name,
            language=form.cleaned_data["language"] or to.preferred_language,
            deadline=firing.kind.name,
            subject_id=firing.subject_id,
            due=firing.due,
        )
