"""Rounds and what was sent to them. What is sealed is only counted until the round has closed."""

from __future__ import annotations

import datetime
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _, gettext_lazy

from grants.domain.rounds import NewRound, open_round
from grants.enums import Moment, State
from grants.models import Application, ApplicationVersion, Criterion, Fund, Round
from grants.queries.answers import reading_of
from grants.rules.funds import can_manage_fund
from grants.rules.rounds import moment_of
from network.frame.moments import moment_text
from network.frame.names import money_text
from network.portal.admin import pickers
from network.portal.admin.base import KoineModelAdmin, Reach
from network.portal.admin.fields import MomentInput
from network.portal.admin.forms import KoineAdminForm
from network.portal.admin.history import Child, moment_words
from network.portal.admin.lists import Question, choice_filter, name_through, related_filter
from network.portal.admin.practices import chip
from network.portal.admin.standing import AUDITOR, MANAGER, OPERATOR, Standing
from network.portal.admin.texts import texts_in
from network.portal.work_queue import Tile, wait_here

UNSENT = (State.DRAFT, State.LAPSED)
MOMENT_CHIPS = {Moment.OPEN: "good", Moment.UPCOMING: "civic", Moment.GRACE: "watch"}
SOON = datetime.timedelta(days=7)


def rounds_of_own_funds(standing: Standing) -> Q:
    """The rounds of the funds whose manager one is."""
    return Q(fund__uuid__in=standing.funds)


def readable(standing: Standing) -> Q:
    """Sent applications, once their round is not sealed any more: sealed means unreadable to staff until it closes."""
    return ~Q(state__in=UNSENT) & ~Q(round__sealed=True, round__closes_at__gt=timezone.now())


def readable_keys(standing: Standing) -> QuerySet:
    """The keys of the applications that staff may read, for pages that meet them by another way than their list."""
    return Application.objects.filter(readable(standing)).order_by().values("pk")


def readable_in_own_funds(standing: Standing) -> Q:
    """Readable applications to the funds whose manager one is."""
    return Q(round__fund__uuid__in=standing.funds) & readable(standing)


def closing_soon(rows: QuerySet) -> QuerySet:
    now = timezone.now()
    return rows.filter(opens_at__lte=now, closes_at__gt=now, closes_at__lte=now + SOON)


def open_now(rows: QuerySet) -> QuerySet:
    now = timezone.now()
    return rows.filter(opens_at__lte=now, closes_at__gt=now)


def fund_names(request: HttpRequest) -> list[tuple[str, str]]:
    """Funds this person may choose from, as (slug, title)."""
    rows = admin.site.get_model_admin(Fund).get_queryset(request)
    return list(rows.annotate(shown=name_through("title")).order_by("slug").values_list("slug", "shown"))


class RoundForm(KoineAdminForm):
    """A new round; its moments are what clocks in its own zone show."""

    opens = forms.DateTimeField(label=gettext_lazy("Opens"), widget=MomentInput)
    closes = forms.DateTimeField(
        label=gettext_lazy("Closes"),
        widget=MomentInput,
        help_text=gettext_lazy("Both as clocks in the round’s own time zone show."),
    )
    zone = forms.ChoiceField(
        label=gettext_lazy("Time zone"),
        choices=[(name, name.replace("_", " ")) for name in sorted(available_timezones()) if "/" in name],
        initial="Europe/London",
    )


@admin.register(Round)
class RoundAdmin(KoineModelAdmin):
    """Calls for applications. On record they are read here; their criteria and forms are set up with the fund."""

    form = RoundForm
    reach = {OPERATOR: Reach(add=True), AUDITOR: Reach(), MANAGER: Reach(rounds_of_own_funds, add=True)}
    menu_group, menu_position = gettext_lazy("Grants"), 90
    history_children = (Child(Criterion, "round_id"),)
    list_display = ("shown_name", "shown_fund", "moment", "closes_told", "sent", "drafts")
    list_filter = (related_filter("fund__slug", gettext_lazy("Fund"), fund_names),)
    list_ordering = ("-closes_at", "pk")
    search_fields = ("fund__slug",)
    search_help_text = gettext_lazy("Title of the round or of the fund")
    questions = (
        Question("closing", gettext_lazy("Closes within 7 days"), closing_soon),
        Question("open", gettext_lazy("Open now"), open_now),
        Question(
            "sealed",
            gettext_lazy("Sealed until it closes"),
            lambda rows: rows.filter(sealed=True, closes_at__gt=timezone.now()),
        ),
        Question("hidden", gettext_lazy("Not shown to everyone"), lambda rows: rows.filter(published=False)),
    )
    facts = (
        (None, ("shown_fund", "moment", "opens_told", "closes_told", "sizes", "counted", "terms", "criteria_told")),
    )
    facts_new = (
        (None, ("fund", "opens", "closes", "zone", "grace_seconds")),
        (
            gettext_lazy("Terms"),
            ("award_min", "award_max", "max_per_organisation", "sealed", "blind", "published", "source"),
        ),
    )
    texts = ("title",)
    readonly_fields = (
        "shown_fund",
        "moment",
        "opens_told",
        "closes_told",
        "sizes",
        "counted",
        "terms",
        "criteria_told",
    )

    def facts_for(self, request: HttpRequest, obj: Any) -> Any:
        return self.facts if obj else self.facts_new

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("fund")

    def list_rows(self, rows: QuerySet) -> QuerySet:
        return rows.annotate(
            shown=name_through("title"),
            fund_shown=name_through("fund__title"),
            sent_count=Count("applications", filter=~Q(applications__state__in=UNSENT)),
            draft_count=Count("applications", filter=Q(applications__state=State.DRAFT)),
        ).only("number", "opens_at", "closes_at", "timezone", "grace_seconds", "sealed", "fund__slug")

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        found = pickers.find_rounds(Round.objects.order_by(), search_term.strip())
        return (queryset.filter(pk__in=found.values("pk")) if search_term.strip() else queryset), False

    def name_of(self, obj: Any) -> str:
        return f"{obj.fund} · {obj}"

    @admin.display(description=gettext_lazy("Round"), ordering="shown")
    def shown_name(self, obj: Any) -> str:
        return obj.shown or str(obj.number)

    @admin.display(description=gettext_lazy("Fund"), ordering="fund_shown")
    def shown_fund(self, obj: Any) -> str:
        return getattr(obj, "fund_shown", "") or str(obj.fund)

    @admin.display(description=gettext_lazy("State"))
    def moment(self, obj: Any) -> str:
        moment = moment_of(obj, timezone.now())
        return chip(moment.label, MOMENT_CHIPS.get(moment, ""))

    @admin.display(description=gettext_lazy("Opens"))
    def opens_told(self, obj: Any) -> str:
        return moment_text(obj.opens_at, obj.timezone)

    @admin.display(description=gettext_lazy("Closes"), ordering="closes_at")
    def closes_told(self, obj: Any) -> str:
        return format_html("<bdi>{}</bdi>", moment_text(obj.closes_at, obj.timezone))

    @admin.display(description=gettext_lazy("Sent"), ordering="sent_count")
    def sent(self, obj: Any) -> str:
        return str(obj.sent_count)

    @admin.display(description=gettext_lazy("Drafts"), ordering="draft_count")
    def drafts(self, obj: Any) -> str:
        return str(obj.draft_count)

    @admin.display(description=gettext_lazy("Size of a grant"))
    def sizes(self, obj: Any) -> str:
        amounts = [
            money_text(amount, obj.fund.currency) for amount in (obj.award_min, obj.award_max) if amount is not None
        ]
        return " – ".join(amounts) or _("not limited")

    @admin.display(description=gettext_lazy("Applications"))
    def counted(self, obj: Any) -> str:
        sent = obj.applications.exclude(state__in=UNSENT).count()
        drafts = obj.applications.filter(state=State.DRAFT).count()
        return _("%(sent)s sent, %(drafts)s in draft") % {"sent": sent, "drafts": drafts}

    @admin.display(description=gettext_lazy("Terms"))
    def terms(self, obj: Any) -> str:
        said = [
            (obj.sealed, _("unreadable to staff until it closes")),
            (obj.blind, _("reviewers do not see who applies")),
            (obj.published, _("shown to everyone")),
        ]
        return format_html_join("", "<div>{}</div>", ((words,) for holds, words in said if holds))

    @admin.display(description=gettext_lazy("Criteria"))
    def criteria_told(self, obj: Any) -> str:
        rows = [(row, row.weight) for row in obj.criteria.order_by("position", "id")]
        return format_html_join("", "<div><bdi>{}</bdi>: {} %</div>", rows) or _("none yet")

    def enrol(self, request: HttpRequest, form: KoineAdminForm) -> Round:
        data = form.cleaned_data
        if not can_manage_fund(request.user, data["fund"]):
            raise PermissionDenied
        plain = {
            name: data[name]
            for name in (
                "grace_seconds",
                "award_min",
                "award_max",
                "max_per_organisation",
                "sealed",
                "blind",
                "published",
                "source",
            )
        }
        new = NewRound(
            title=texts_in(data, "title"),
            opens=timezone.make_naive(data["opens"]),
            closes=timezone.make_naive(data["closes"]),
            zone=data["zone"],
            **plain,
        )
        return open_round(data["fund"], new, by=request.user)


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


wait_here(
    Tile(
        Round,
        "closing",
        gettext_lazy("Rounds that close within 7 days"),
        gettext_lazy("See how many wrote"),
        position=20,
        urgent=True,
    ),
    Tile(Application, "sent", gettext_lazy("Applications sent"), gettext_lazy("Read them"), position=30),
)
