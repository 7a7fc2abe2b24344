"""The outbox: what went out, what could not, and the levers for what waits for a person."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext as _, gettext_lazy

from network.doors import Allowed, Denied, Verdict
from network.frame.names import language_name
from network.languages import direction
from network.mail.documents import compose
from network.mail.domain.outbox import move
from network.mail.enums import NEXT, Status
from network.mail.models import OutgoingMail
from network.outgoing import KINDS
from network.people.rules.roles import is_operator
from network.portal.admin.base import KoineModelAdmin, Reach
from network.portal.admin.history import moment_words
from network.portal.admin.levers import Lever
from network.portal.admin.lists import KoineFilter, Question, choice_filter
from network.portal.admin.practices import chip
from network.portal.admin.standing import AUDITOR, OPERATOR
from network.portal.work_queue import Tile, wait_here

CHIPS = {
    Status.SENT: "good",
    Status.HELD: "watch",
    Status.UNCERTAIN: "watch",
    Status.FAILED: "stop",
    Status.QUEUED: "civic",
    Status.INFLIGHT: "civic",
}
WAITING = (Status.FAILED, Status.UNCERTAIN, Status.HELD)


def in_status(*states: Status) -> Any:
    return lambda rows: rows.filter(status__in=states)


def _asks(*before: Status) -> Any:
    def asks(user: Any, mail: OutgoingMail) -> Verdict:
        if not is_operator(user):
            return Denied(_("Only operators of the portal move mail."))
        if mail.status not in before:
            return Denied(_("Not possible: this mail is “%(state)s”.") % {"state": mail.get_status_display()})
        return Allowed()

    return asks


def _to(status: Status) -> Any:
    return lambda mail, user, data: move(mail.pk, status, reason=data["reason"])


def kind_words(kind: str) -> str:
    """What a message is, as its app declares it; "a former message" for kinds that are gone."""
    return str(KINDS[kind].title) if kind in KINDS else _("A message of former times")


class KindFilter(KoineFilter):
    """A filter by kind of message."""

    title = gettext_lazy("Message")
    parameter_name = "kind"

    def lookups(self, request, model_admin):
        return sorted(((kind, kind_words(kind)) for kind in KINDS), key=lambda pair: pair[1])

    def queryset(self, request, queryset):
        return queryset.filter(kind=self.value()) if self.value() else queryset


@admin.register(OutgoingMail)
class OutgoingMailAdmin(KoineModelAdmin):
    """Every mail as it stands. What carries a link that opens something is never shown."""

    reach = {OPERATOR: Reach(change=True), AUDITOR: Reach()}
    menu_group, menu_position = gettext_lazy("System"), 110
    empty_words = gettext_lazy("No mail answers this.")
    list_display = ("to_email", "message", "shown_state", "shown_language", "attempts", "queued", "sent")
    list_filter = (choice_filter("status"), KindFilter)
    list_ordering = ("-id",)
    search_fields = ("to_email", "to_name", "subject")
    search_help_text = gettext_lazy("Address, name or subject")
    questions = (
        Question("waiting", gettext_lazy("Waits for a person"), in_status(*WAITING)),
        Question("failed", gettext_lazy("Failed"), in_status(Status.FAILED)),
        Question("uncertain", gettext_lazy("Outcome unclear"), in_status(Status.UNCERTAIN)),
        Question("held", gettext_lazy("Held for a person"), in_status(Status.HELD)),
        Question("queued", gettext_lazy("On its way"), in_status(Status.QUEUED, Status.INFLIGHT)),
    )
    facts = (
        (
            None,
            (
                "to_email",
                "to_name",
                "message",
                "shown_state",
                "shown_language",
                "attempts",
                "queued",
                "next_try",
                "sent",
                "error_told",
            ),
        ),
        (gettext_lazy("As the recipient sees it"), ("preview",)),
    )
    readonly_fields = (
        "to_email", "to_name", "message", "shown_state", "shown_language", "attempts", "queued", "next_try", "sent",
        "error_told", "preview",
    )  # fmt: skip
    levers = (
        Lever(
            "send-again",
            gettext_lazy("Try again now"),
            _to(Status.QUEUED),
            _asks(Status.FAILED, Status.UNCERTAIN),
            idle=lambda mail: mail.status in {Status.QUEUED, Status.INFLIGHT, Status.SENT},
            consequence=gettext_lazy(
                "It goes out with the next run. Where the outcome was unclear, it may arrive twice."
            ),
            many=True,
        ),
        Lever(
            "release",
            gettext_lazy("Let it go out"),
            _to(Status.QUEUED),
            _asks(Status.HELD),
            idle=lambda mail: mail.status in {Status.QUEUED, Status.INFLIGHT, Status.SENT},
            consequence=gettext_lazy("It goes out with the next run."),
            icon="check",
            many=True,
        ),
        Lever(
            "stop",
            gettext_lazy("Stop it"),
            _to(Status.ABORTED),
            _asks(*(state for state, following in NEXT.items() if Status.ABORTED in following)),
            idle=lambda mail: mail.status == Status.ABORTED,
            consequence=gettext_lazy("It never goes out."),
            grave=True,
            many=True,
        ),
    )

    def menu_name(self) -> str:
        return _("Outbox")

    def name_of(self, obj: Any) -> str:
        return _("%(message)s to %(address)s") % {"message": kind_words(obj.kind), "address": obj.to_email}

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A mail is never edited: it has levers only."""
        return False

    def can_act(self, request: HttpRequest, obj: Any) -> bool:
        return self._allows(request, "change", obj)

    def list_rows(self, rows: QuerySet) -> QuerySet:
        return rows.only("kind", "to_email", "to_name", "language", "status", "attempts", "created_at", "sent_at")

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        term = search_term.strip()
        wanted = Q(to_email__icontains=term) | Q(to_name__icontains=term) | Q(subject__icontains=term)
        return (queryset.filter(wanted) if term else queryset), False

    @admin.display(description=gettext_lazy("Message"), ordering="kind")
    def message(self, obj: Any) -> str:
        return kind_words(obj.kind)

    @admin.display(description=gettext_lazy("State"), ordering="status")
    def shown_state(self, obj: Any) -> str:
        return chip(obj.get_status_display(), CHIPS.get(Status(obj.status), ""))

    @admin.display(description=gettext_lazy("Language"), ordering="language")
    def shown_language(self, obj: Any) -> str:
        return language_name(obj.language)

    @admin.display(description=gettext_lazy("Queued"), ordering="created_at")
    def queued(self, obj: Any) -> str:
        return format_html("<bdi>{}</bdi>", moment_words(obj.created_at))

    @admin.display(description=gettext_lazy("Sent"), ordering="sent_at")
    def sent(self, obj: Any) -> str:
        return format_html("<bdi>{}</bdi>", moment_words(obj.sent_at)) if obj.sent_at else ""

    @admin.display(description=gettext_lazy("Next try"))
    def next_try(self, obj: Any) -> str:
        return moment_words(obj.next_try_at) if obj.status == Status.QUEUED else ""

    @admin.display(description=gettext_lazy("What the mail server said"))
    def error_told(self, obj: Any) -> str:
        return format_html('<bdi dir="ltr">{}</bdi>', obj.error) if obj.error else ""

    @admin.display(description=gettext_lazy("Text"))
    def preview(self, obj: Any) -> str:
        """Subject and text in the recipient's language; nothing of what opens something or was wiped."""
        kind = KINDS.get(obj.kind)
        if kind is None or kind.secret:
            return _("Not shown: this message carries a link that is for the recipient alone.")
        try:
            mail = compose(obj)
        except Exception as error:
            return _("It can’t be shown: %(error)s") % {"error": type(error).__name__}
        words = '<div class="letter" lang="{}" dir="{}"><p><b>{}</b></p><pre>{}</pre></div>'
        return format_html(words, obj.language, direction(obj.language), mail.subject, mail.body)


wait_here(
    Tile(
        OutgoingMail,
        "waiting",
        gettext_lazy("Mails that wait for a person"),
        gettext_lazy("Try again, let go or stop"),
        position=60,
    )
)
