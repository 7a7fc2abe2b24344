"""The outbox: what went out, what could not, and the levers for what waits for a person."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from csp.decorators import csp_update
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy

from network.doors import Denied, Verdict
from network.mail.domain.outbox import move
from network.mail.enums import NEXT, Status
from network.mail.messages import DIGEST
from network.mail.models import OutgoingMail
from network.mail.rules.staff import can_run_mail, is_text_gone
from network.portal.admin.base import KoineModelAdmin, Reach
from network.portal.admin.levers import Lever
from network.portal.admin.lists import Question, choice_filter
from network.portal.admin.mail_held import HeldPages
from network.portal.admin.mail_letters import SHOWS_FRAME, frame_answer, letter_words
from network.portal.admin.mail_told import ToldMail
from network.portal.admin.mail_words import (
    ClassFilter,
    DeadlineFilter,
    KindFilter,
    LanguageFilter,
    QueuedFilter,
    in_status,
    kind_words,
    that_bounced,
)
from network.portal.admin.standing import AUDITOR, OPERATOR
from network.portal.work_queue import Tile, wait_here

WAITING = (Status.FAILED, Status.UNCERTAIN, Status.HELD)
STOPPABLE = tuple(state for state, following in NEXT.items() if Status.ABORTED in following)
FACTS = (
    "to_email", "name_told", "person", "message", "shown_class", "shown_language", "shown_state", "attempts", "queued",
)  # fmt: skip
# Lines that only some mails have, each with the column that says whether.
SOMETIMES = {
    "at_latest": "not_after",
    "handed_over": "smtp_started_at",
    "sent": "sent_at",
    "error_told": "error",
}
DEADLINE_FACTS = ("deadline_told", "due_told", "rule_told")


def _asks(*before: Status) -> Any:
    def asks(user: Any, mail: OutgoingMail) -> Verdict:
        verdict = can_run_mail(user, mail)
        if verdict and mail.status not in before:
            return Denied(_("Not possible: this mail is “%(state)s”.") % {"state": mail.get_status_display()})
        return verdict

    return asks


def _may_repeat(user: Any, mail: OutgoingMail) -> Verdict:
    """What failed or is unclear may go out again, unless its secret link was wiped once it had been sent."""
    verdict = _asks(Status.FAILED, Status.UNCERTAIN)(user, mail)
    if verdict and is_text_gone(mail):
        return Denied(_("Its text is gone from the portal. The person can ask for a new one."))
    return verdict


def _to(status: Status) -> Any:
    return lambda mail, user, data: move(mail.pk, status, reason=data["reason"])


@admin.register(OutgoingMail)
class OutgoingMailAdmin(ToldMail, HeldPages, KoineModelAdmin):
    """Every mail as it stands. What carries a link that opens something is never shown."""

    reach = {OPERATOR: Reach(change=True), AUDITOR: Reach()}
    menu_group, menu_position = gettext_lazy("Mail"), 105
    empty_words = gettext_lazy("No mail answers this.")
    list_display = ("to_email", "message_in_list", "shown_state", "shown_language", "queued_in_list", "sent_in_list")
    list_filter = (choice_filter("status"), KindFilter, ClassFilter, DeadlineFilter, LanguageFilter, QueuedFilter)
    list_ordering = ("-id",)
    search_fields = ("to_email", "to_name", "subject")
    search_help_text = gettext_lazy("Address, @domain, name or subject")
    questions = (
        Question("waiting", gettext_lazy("Waits for a person"), in_status(*WAITING)),
        Question("held", gettext_lazy("Held for a person"), in_status(Status.HELD)),
        Question("uncertain", gettext_lazy("Outcome unclear"), in_status(Status.UNCERTAIN)),
        Question("failed", gettext_lazy("Failed"), in_status(Status.FAILED)),
        Question("bounced", gettext_lazy("Taken by the server, then bounced"), that_bounced),
        Question("queued", gettext_lazy("On its way"), in_status(Status.QUEUED, Status.INFLIGHT)),
        Question("digests", gettext_lazy("Digests"), lambda rows: rows.filter(kind=DIGEST.kind)),
    )
    readonly_fields = (*FACTS, *SOMETIMES, *DEADLINE_FACTS, "next_try", "address_told", "digest_told", "preview")
    levers = (
        Lever(
            "send-again",
            gettext_lazy("Send again"),
            _to(Status.QUEUED),
            _may_repeat,
            idle=lambda mail: mail.status in {Status.QUEUED, Status.INFLIGHT, Status.SENT},
            consequence=gettext_lazy(
                "It goes out with the next run. Where the outcome was unclear, it may arrive twice."
            ),
            icon="mail",
            many=True,
        ),
        Lever(
            "arrived",
            gettext_lazy("It arrived: mark as sent"),
            _to(Status.SENT),
            _asks(Status.UNCERTAIN),
            idle=lambda mail: mail.status == Status.SENT,
            consequence=gettext_lazy(
                "It counts as sent and does not go out again. Make sure first: ask the recipient, or look into the mail"
                " server’s log."
            ),
            icon="check",
            many=True,
        ),
        Lever(
            "release",
            gettext_lazy("Let it go out"),
            _to(Status.QUEUED),
            _asks(Status.HELD),
            idle=lambda mail: mail.status in {Status.QUEUED, Status.INFLIGHT, Status.SENT},
            consequence=gettext_lazy("It goes out with the next run. What is no longer true by then is dropped."),
            icon="check",
            many=True,
        ),
        Lever(
            "stop",
            gettext_lazy("Stop it"),
            _to(Status.ABORTED),
            _asks(*STOPPABLE),
            idle=lambda mail: mail.status == Status.ABORTED,
            consequence=gettext_lazy("It never goes out."),
            icon="cross",
            grave=True,
            many=True,
        ),
    )

    def facts_for(self, request: HttpRequest, obj: Any) -> Any:
        told = (*FACTS, *(["next_try"] if obj.status == Status.QUEUED else []))
        told += (*(line for line, column in SOMETIMES.items() if getattr(obj, column)), "address_told")
        facts: list[tuple[Any, tuple[str, ...]]] = [(None, told)]
        if obj.deadline:
            facts.append((_("Deadline"), DEADLINE_FACTS))
        if obj.digest_id is not None or obj.parts.exists():
            facts.append((_("Digest"), ("digest_told",)))
        return [*facts, (_("As the recipient sees it"), ("preview",))]

    def menu_name(self) -> str:
        return _("Outbox")

    def name_of(self, obj: Any) -> str:
        return _("%(message)s to %(address)s") % {"message": kind_words(obj.kind), "address": obj.to_email}

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A mail is never edited: it has levers only."""
        return False

    def can_act(self, request: HttpRequest, obj: Any) -> bool:
        return self._allows(request, "change", obj)

    def too_late(self, request: HttpRequest, obj: Any, verdict: Denied) -> HttpResponse:
        """A worker or a colleague was quicker than this press of a button: the mail's page says what it is now."""
        if request.method != "POST" or not can_run_mail(request.user, obj):
            raise PermissionDenied(verdict.reason)
        self.message_user(request, verdict.reason, messages.WARNING)
        return redirect(self.page_url(obj))

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("recipient", "rule")

    def list_tools(self, request: HttpRequest) -> list[dict[str, Any]]:
        coming = {
            "name": _("What will be sent"),
            "icon": "calendar",
            "url": reverse("admin:mail_reminderrule_upcoming"),
        }
        return [*super().list_tools(request), coming]

    def list_rows(self, rows: QuerySet) -> QuerySet:
        # `digest` and `recipient` are not shown in a row: nothing is joined for it.
        return rows.select_related(None).only(
            "kind",
            "to_email",
            "to_name",
            "language",
            "status",
            "held_for",
            "deadline",
            "error",
            "created_at",
            "sent_at",
        )

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        term = search_term.strip()
        if term.startswith("@"):
            return queryset.filter(to_email__iendswith=term), False
        wanted = Q(to_email__icontains=term) | Q(to_name__icontains=term) | Q(subject__icontains=term)
        return (queryset.filter(wanted) if term else queryset), False

    def own_routes(self) -> Iterable[tuple[str, Callable, str]]:
        return (*super().own_routes(), ("<path:object_id>/letter/", self.letter_view, "letter"))

    @csp_update(SHOWS_FRAME)
    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None) -> Any:
        return super().change_view(request, object_id, form_url, extra_context)

    @admin.display(description=gettext_lazy("Message"))
    def preview(self, obj: Any) -> str:
        """The mail as it would be sent now; nothing of what opens something or was wiped."""
        return letter_words(obj, reverse("admin:mail_outgoingmail_letter", args=[obj.pk]))

    def letter_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The mail's HTML alone, for the frame on its page."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        mail = self.get_object(request, object_id)
        if mail is None:
            raise Http404(object_id)
        return frame_answer(mail)


wait_here(
    Tile(
        OutgoingMail,
        "held",
        gettext_lazy("Mails held for a person"),
        gettext_lazy("Let them go or stop them"),
        position=60,
    ),
    Tile(
        OutgoingMail,
        "uncertain",
        gettext_lazy("Mails of unclear outcome"),
        gettext_lazy("Find out whether they arrived"),
        position=61,
    ),
    Tile(
        OutgoingMail, "failed", gettext_lazy("Mails that failed"), gettext_lazy("Send again or stop them"), position=62
    ),
)
