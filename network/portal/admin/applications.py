"""What was sent to rounds. What is sealed is only counted until the round has closed."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _, gettext_lazy

from grants.enums import State
from grants.models import Application, ApplicationVersion
from grants.queries.answers import reading_of
from network.frame.moments import moment_text
from network.frame.names import money_text
from network.portal.admin import pickers
from network.portal.admin.base import KoineModelAdmin, Reach
from network.portal.admin.history import Child, moment_words
from network.portal.admin.lists import Question, choice_filter, name_through, related_filter
from network.portal.admin.practices import chip
from network.portal.admin.rounds import UNSENT, fund_names
from network.portal.admin.standing import AUDITOR, MANAGER, OPERATOR, Standing
from network.portal.work_queue import Tile, wait_here


def readable(standing: Standing) -> Q:
    """Sent applications, once their round is not sealed any more: sealed means unreadable to staff until it closes."""
    return ~Q(state__in=UNSENT) & ~Q(round__sealed=True, round__closes_at__gt=timezone.now())


def readable_keys(standing: Standing) -> QuerySet:
    """The keys of the applications that staff may read, for pages that meet them by another way than their list."""
    return Application.objects.filter(readable(standing)).order_by().values("pk")


def readable_in_own_funds(standing: Standing) -> Q:
    """Readable applications to the funds whose manager one is."""
    return Q(round__fund__uuid__in=standing.funds) & readable(standing)


@admin.register(Application)
class ApplicationAdmin(KoineModelAdmin):
    """What was sent. Drafts belong to those who write them and are not shown; what happens next is decided elsewhere."""

    reach = {OPERATOR: Reach(readable), AUDITOR: Reach(readable), MANAGER: Reach(readable_in_own_funds)}
    menu_group, menu_position = gettext_lazy("Grants"), 100
    history_children = (Child(ApplicationVersion, "application_id"),)
    empty_words = gettext_lazy(
        "Nothing here: drafts stay with those who write them, and sealed rounds open when they close."
    )
    list_display = ("reference_told", "title", "shown_organisation", "shown_fund", "amount", "shown_state", "changed")
    list_filter = (choice_filter("state"), related_filter("round__fund__slug", gettext_lazy("Fund"), fund_names))
    list_ordering = ("-changed_at", "pk")
    search_fields = ("title",)
    search_help_text = gettext_lazy("Title, number, or name of the organisation")
    questions = (
        Question("sent", gettext_lazy("Sent and not yet screened"), lambda rows: rows.filter(state=State.SUBMITTED)),
        Question("screening", gettext_lazy("In screening"), lambda rows: rows.filter(state=State.SCREENING)),
        Question("withdrawn", gettext_lazy("Withdrawn"), lambda rows: rows.filter(state=State.WITHDRAWN)),
    )
    facts = (
        (
            None,
            (
                "reference_told",
                "title",
                "shown_state",
                "shown_organisation",
                "shown_round",
                "amount",
                "received",
                "receipt",
            ),
        ),
        (gettext_lazy("Answers"), ("answers_told",)),
    )
    readonly_fields = (
        "reference_told",
        "shown_state",
        "shown_organisation",
        "shown_round",
        "amount",
        "received",
        "receipt",
        "answers_told",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("round__fund", "organisation", "current_version")

    def list_rows(self, rows: QuerySet) -> QuerySet:
        return rows.annotate(
            organisation_shown=name_through("organisation__name"), fund_shown=name_through("round__fund__title")
        ).only(
            "number", "title", "state", "amount_requested", "changed_at", "organisation__slug", "round__fund__currency",
            "current_version__number",
        )  # fmt: skip

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        term = search_term.strip()
        if not term:
            return queryset, False
        found = pickers.by_columns("name")(pickers.organisations().rows.order_by(), term)
        wanted = Q(title__icontains=term) | Q(organisation__in=found.values("pk"))
        digits = term.upper().removeprefix("K-").lstrip("0")
        if digits.isdecimal() and len(digits) < 10:
            wanted |= Q(number=int(digits))
        return queryset.filter(wanted), False

    def name_of(self, obj: Any) -> str:
        return f"{obj.reference} {obj.title}".strip()

    @admin.display(description=gettext_lazy("Number"), ordering="number")
    def reference_told(self, obj: Any) -> str:
        return obj.reference or _("not sent")

    @admin.display(description=gettext_lazy("Organisation"))
    def shown_organisation(self, obj: Any) -> str:
        return getattr(obj, "organisation_shown", "") or str(obj.organisation)

    @admin.display(description=gettext_lazy("Fund"))
    def shown_fund(self, obj: Any) -> str:
        return obj.fund_shown

    @admin.display(description=gettext_lazy("Round"))
    def shown_round(self, obj: Any) -> str:
        url = reverse("admin:grants_round_change", args=[obj.round_id])
        return format_html('<a href="{}"><bdi>{} · {}</bdi></a>', url, obj.round.fund, obj.round)

    @admin.display(description=gettext_lazy("Asks for"), ordering="amount_requested")
    def amount(self, obj: Any) -> str:
        return "" if obj.amount_requested is None else money_text(obj.amount_requested, obj.round.fund.currency)

    @admin.display(description=gettext_lazy("State"), ordering="state")
    def shown_state(self, obj: Any) -> str:
        return chip(obj.get_state_display(), "good" if obj.state == State.SUBMITTED else "")

    @admin.display(description=gettext_lazy("Changed"), ordering="changed_at")
    def changed(self, obj: Any) -> str:
        return format_html("<bdi>{}</bdi>", moment_words(obj.changed_at))

    @admin.display(description=gettext_lazy("Received"))
    def received(self, obj: Any) -> str:
        return moment_text(obj.current_version.received_at, obj.round.timezone) if obj.current_version else ""

    @admin.display(description=gettext_lazy("Receipt code"))
    def receipt(self, obj: Any) -> str:
        return obj.current_version.receipt_code if obj.current_version else ""

    @admin.display(description=gettext_lazy("As sent"))
    def answers_told(self, obj: Any) -> str:
        sections = [
            (section.title, format_html_join("", "<dt>{}</dt><dd><bdi>{}</bdi></dd>", ((row["question"], row["answer"] or _("Not provided")) for row in section.rows)))
            for section in reading_of(obj)
        ]  # fmt: skip
        return format_html_join("", "<h3>{}</h3><dl>{}</dl>", sections)


wait_here(Tile(Application, "sent", gettext_lazy("Applications sent"), gettext_lazy("Read them"), position=30))
