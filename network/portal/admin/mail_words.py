"""What mails and deadlines are called for staff, and the chips and filters of the outbox."""

from __future__ import annotations

import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _, gettext_lazy

from network.deadlines import DEADLINES
from network.frame.moments import moment_text, zone_of
from network.frame.names import language_name
from network.languages import LANGUAGES
from network.mail.domain.bounces import SAID
from network.mail.domain.claiming import DIED
from network.mail.domain.sending import BOUNCED
from network.mail.domain.truth import ACCOUNT_CLOSED, NEWER, NOTHING_TO_SAY, RECIPIENT_GONE, TOO_LATE
from network.mail.enums import Status
from network.mail.models import MailChoice, OutgoingMail
from network.mail.queries.due import NO_LONGER_TRUE, SWITCHED_OFF
from network.outgoing import KINDS, MessageClass
from network.portal.admin.history import SPOKEN
from network.portal.admin.lists import KoineFilter
from network.portal.admin.practices import chip

CHIPS = {
    Status.SENT: "good",
    Status.HELD: "watch",
    Status.UNCERTAIN: "watch",
    Status.FAILED: "stop",
    Status.QUEUED: "civic",
    Status.INFLIGHT: "civic",
}
CLASSES = {
    MessageClass.REMINDER: gettext_lazy("Reminder"),
    MessageClass.NOTICE: gettext_lazy("Notice"),
    MessageClass.DECISION: gettext_lazy("Decision"),
}
# What the engine notes of itself where no mail server said anything.
NOTED = {
    SWITCHED_OFF: gettext_lazy("The person switched this message off. They find it in the portal."),
    NO_LONGER_TRUE: gettext_lazy("What it says was no longer true."),
    TOO_LATE: gettext_lazy("It was too late for it."),
    RECIPIENT_GONE: gettext_lazy("The account is gone."),
    ACCOUNT_CLOSED: gettext_lazy("The account is closed."),
    NEWER: gettext_lazy("A later reminder took its place."),
    NOTHING_TO_SAY: gettext_lazy("There was nothing left to say."),
    BOUNCED: gettext_lazy("Earlier mail to this address bounced."),
    DIED: gettext_lazy("The worker that sent it ended in the middle."),
    "not an address": gettext_lazy("This is not an e-mail address."),
}
DAYS = {"1": gettext_lazy("Today"), "7": gettext_lazy("In the last 7 days"), "30": gettext_lazy("In the last 30 days")}


def kind_words(kind: str) -> str:
    """What a message is, as its app declares it; "a former message" for kinds that are gone."""
    return str(KINDS[kind].title) if kind in KINDS else _("A message no longer in use")


def class_words(klass: str) -> str:
    """Reminder, notice or decision, in words."""
    return str(CLASSES[MessageClass(klass)])


def deadline_words(name: str) -> str:
    """What a kind of deadline is called; "a former deadline" for kinds that are gone."""
    return str(DEADLINES[name].title) if name in DEADLINES else _("A deadline no longer in use")


def subject_words(name: str, subject_id: int | None) -> str:
    """What one deadline is called (the round, the consultation), in the reader's language; empty where it is gone."""
    kind = DEADLINES.get(name)
    return kind.name_of(subject_id) if kind and subject_id is not None else ""


def due_words(due: str) -> str:
    """`2026-11-30T17:00:00 Europe/London` as people there say it; empty for what can't be read."""
    wall, _space, zone = due.partition(" ")
    try:
        moment = datetime.datetime.fromisoformat(wall)
    except ValueError:
        return ""
    return moment_text(moment.replace(tzinfo=zone_of(zone)), zone)


def has_bounced(mail: OutgoingMail) -> bool:
    """Whether a mail server had taken it, and it came back later."""
    return mail.status == Status.FAILED and mail.error.startswith(SAID)


def state_chip(mail: OutgoingMail) -> str:
    """The state in a word, with why it is held, or that it came back."""
    kind = CHIPS.get(Status(mail.status), "")
    if has_bounced(mail):
        return chip(_("bounced"), kind)
    if mail.status == Status.HELD and mail.held_for:
        return format_html(
            "<span>{} <bdi>{}</bdi></span>", chip(mail.get_status_display(), kind), mail.get_held_for_display()
        )
    return chip(mail.get_status_display(), kind)


def in_status(*states: Status) -> Any:
    """The rows of a list that are in one of these states."""
    return lambda rows: rows.filter(status__in=states)


def that_bounced(rows: QuerySet) -> QuerySet:
    """The mails that a server took and that came back."""
    return rows.filter(status=Status.FAILED, error__startswith=SAID)


SPOKEN[OutgoingMail, "kind"] = SPOKEN[MailChoice, "kind"] = lambda value, whole: kind_words(value)
SPOKEN[OutgoingMail, "klass"] = lambda value, whole: class_words(value)
SPOKEN[OutgoingMail, "deadline"] = lambda value, whole: deadline_words(value)
SPOKEN[OutgoingMail, "due"] = lambda value, whole: due_words(value)


class KindFilter(KoineFilter):
    """A filter by kind of message."""

    title = gettext_lazy("Message")
    parameter_name = "kind"

    def lookups(self, request, model_admin):
        return sorted(((kind, kind_words(kind)) for kind in KINDS), key=lambda pair: pair[1])

    def queryset(self, request, queryset):
        return queryset.filter(kind=self.value()) if self.value() else queryset


class ClassFilter(KoineFilter):
    """A filter by what a failure means: reminder, notice, decision."""

    title = gettext_lazy("Class")
    parameter_name = "klass"

    def lookups(self, request, model_admin):
        return list(CLASSES.items())

    def queryset(self, request, queryset):
        return queryset.filter(klass=self.value()) if self.value() else queryset


class LanguageFilter(KoineFilter):
    """A filter by the language a mail is written in."""

    title = gettext_lazy("Language")
    parameter_name = "language"

    def lookups(self, request, model_admin):
        return sorted(((code, language_name(code)) for code in LANGUAGES), key=lambda pair: pair[1])

    def queryset(self, request, queryset):
        return queryset.filter(language=self.value()) if self.value() else queryset


class DeadlineFilter(KoineFilter):
    """A filter by kind of deadline; `any` for whatever was planned from one."""

    title = gettext_lazy("Because of")
    parameter_name = "deadline"
    ANY = "any"

    def lookups(self, request, model_admin):
        named = sorted(((name, deadline_words(name)) for name in DEADLINES), key=lambda pair: pair[1])
        return [(self.ANY, _("Any deadline")), *named]

    def queryset(self, request, queryset):
        if self.value() == self.ANY:
            return queryset.exclude(deadline="")
        return queryset.filter(deadline=self.value()) if self.value() else queryset


class QueuedFilter(KoineFilter):
    """A filter by when a mail was queued, in whole days of the reader's calendar."""

    title = gettext_lazy("Queued")
    parameter_name = "queued"

    def lookups(self, request, model_admin):
        return list(DAYS.items())

    def queryset(self, request, queryset):
        if self.value() not in DAYS:
            return queryset
        today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
        return queryset.filter(created_at__gte=today - datetime.timedelta(days=int(self.value()) - 1))
