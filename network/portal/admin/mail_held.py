"""Letting all held mails go, or stopping them, after a look at what they are."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy, ngettext

from network.doors import DomainError
from network.frame.names import number_text
from network.mail.domain.held import move_held
from network.mail.enums import HeldFor, Status
from network.mail.models import OutgoingMail
from network.mail.queries.held import held
from network.portal.admin.forms import ConfirmManyForm, ReasonForm
from network.portal.admin.levers import CONFIRMED_FROM
from network.portal.admin.mail_words import kind_words


class HeldForm(ReasonForm):
    """Why, and up to which mail one has looked: what is held later is not decided here."""

    newest = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**63 - 1)

    def looked_at(self) -> int | None:
        """The id of the newest mail that the person was shown; None before they were shown any."""
        return self.cleaned_data["newest"] if self.is_bound and not self.has_error("newest") else None


@dataclass(frozen=True)
class Verb:
    """One of the two things that can be done with all held mails."""

    to: Status
    word: Any
    consequence: Any
    icon: str
    grave: bool = False


VERBS = {
    "release": Verb(
        Status.QUEUED,
        gettext_lazy("Let all held mails go"),
        gettext_lazy("They go out with the next run. What is no longer true by then is dropped, not sent."),
        "check",
    ),
    "stop": Verb(
        Status.ABORTED, gettext_lazy("Stop all held mails"), gettext_lazy("They never go out."), "cross", grave=True
    ),
}


def moved_words(to: Status, number: int) -> str:
    """How many mails were let go or stopped."""
    if to == Status.QUEUED:
        words = ngettext("%(count)s mail was let go.", "%(count)s mails were let go.", number)
    else:
        words = ngettext("%(count)s mail was stopped.", "%(count)s mails were stopped.", number)
    return words % {"count": number_text(number)}


class HeldPages:
    """The pages for all that is held; mixed into the admin of the outbox."""

    def own_routes(self) -> Iterable[tuple[str, Callable, str]]:
        """One page a verb."""
        return (*super().own_routes(), ("held/<slug:name>/", self.held_view, "held"))

    def list_tools(self, request: HttpRequest) -> list[dict[str, Any]]:
        """The two buttons, while something is held, for those who may press them."""
        tools = super().list_tools(request)
        if not self._reaches(request, "change"):
            return tools
        number = OutgoingMail.objects.filter(status=Status.HELD).count()
        if not number:
            return tools
        return tools + [
            {"name": f"{verb.word} ({number_text(number)})", "icon": verb.icon, "url": self.held_url(name)}
            for name, verb in VERBS.items()
        ]

    def held_url(self, name: str) -> str:
        """The address of the page for one verb."""
        return reverse("admin:mail_outgoingmail_held", args=[name])

    def held_view(self, request: HttpRequest, name: str) -> HttpResponse:
        """What is held, by message and cause, with the number to type past twenty; then all of it moves, or none."""
        verb = VERBS.get(name)
        if verb is None:
            raise Http404(name)
        if not self._reaches(request, "change"):
            raise PermissionDenied
        bound = request.POST if request.method == "POST" else None
        form = HeldForm(bound)
        found = held(form.looked_at())
        form.initial["newest"] = found.newest
        many = found.number >= CONFIRMED_FROM
        confirm = ConfirmManyForm(bound, number=found.number) if many else None
        sound = bound and form.is_valid() and (confirm is None or confirm.is_valid())
        if sound and (answer := self._move_held(request, verb, form)):
            return answer
        context = {
            "title": verb.word,
            "lead": held_words(found.number),
            "verb": verb,
            "rows": [
                (kind_words(kind), HeldFor(cause).label if cause else "", number)
                for kind, cause, number in found.groups
            ],
            "form": form if found.number else None,
            "confirm": confirm,
            "back_url": self.list_url(),
        }
        return self.framed(request, "admin/mail_act.html", context)

    def _move_held(self, request: HttpRequest, verb: Verb, form: HeldForm) -> HttpResponse | None:
        """The one call of the domain; nothing where it refused, and the form says why."""
        newest, reason = form.cleaned_data["newest"], form.cleaned_data["reason"]
        try:
            moved = move_held(verb.to, reason=reason, by=request.user, newest=newest)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
            return None
        self.message_user(request, moved_words(verb.to, moved), messages.SUCCESS if moved else messages.WARNING)
        if held().number:
            self.message_user(request, _("Others were held since you looked: they still wait."), messages.WARNING)
        return redirect(self.list_url())


def held_words(number: int) -> str:
    """How many mails wait to be let go or stopped."""
    words = ngettext("%(count)s mail is held.", "%(count)s mails are held.", number)
    return words % {"count": number_text(number)} if number else _("No mail is held.")
