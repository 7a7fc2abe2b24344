"""Rounds: what they ask and when they close. What was sent to them is `applications`."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _, gettext_lazy

from grants.domain.rounds import NewRound, move_closing, open_round
from grants.domain.terms import change_round, hide_round, show_round
from grants.enums import Moment, State
from grants.models import Criterion, Fund, Round
from grants.rules.funds import can_manage_fund
from grants.rules.rounds import moment_of, running
from network.frame.inputs import WallField
from network.frame.moments import city_of, known_zones, moment_text, zone_of
from network.frame.names import money_text, reader
from network.portal.admin import pickers
from network.portal.admin.base import KoineModelAdmin, Reach
from network.portal.admin.forms import KoineAdminForm, ReasonForm
from network.portal.admin.history import Child
from network.portal.admin.levers import Lever
from network.portal.admin.lists import Question, name_through, related_filter
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


def closing_soon(rows: QuerySet) -> QuerySet:
    now = timezone.now()
    return rows.filter(running(now), closes_at__lte=now + SOON)


def open_now(rows: QuerySet) -> QuerySet:
    return rows.filter(running(timezone.now()))


def fund_names(request: HttpRequest) -> list[tuple[str, str]]:
    """Funds this person may choose from, as (slug, title)."""
    rows = admin.site.get_model_admin(Fund).get_queryset(request)
    return list(rows.annotate(shown=name_through("title")).order_by("slug").values_list("slug", "shown"))


class ClosingForm(ReasonForm):
    """Another closing time, as clocks in the round's zone show it; `seen` is the one that stood there before (UTC)."""

    closes = WallField(label=gettext_lazy("Closes"))
    seen = forms.DateTimeField(widget=forms.HiddenInput)
    field_order = ("closes", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["closes"].help_text = _("On clocks in this zone: %(zone)s.") % {"zone": self.initial["zone"]}


def closing_now(round_: Round) -> dict[str, Any]:
    """What the form begins with."""
    there = round_.closes_at.astimezone(zone_of(round_.timezone)).replace(tzinfo=None)
    return {"closes": there, "seen": round_.closes_at.isoformat(), "zone": city_of(round_.timezone, reader())}


class RoundForm(KoineAdminForm):
    """A round; the moments of a new one are what clocks in its own zone show."""

    opens = WallField(label=gettext_lazy("Opens"))
    closes = WallField(
        label=gettext_lazy("Closes"),
        help_text=gettext_lazy("Both as clocks in the round’s own time zone show."),
    )
    zone = forms.ChoiceField(
        label=gettext_lazy("Time zone"),
        choices=[(name, name.replace("_", " ")) for name in sorted(known_zones()) if "/" in name],
        initial="Europe/London",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            del self.fields["opens"], self.fields["closes"], self.fields["zone"]


CHANGED = (
    "grace_seconds", "award_min", "award_max", "max_per_organisation", "sealed", "blind", "awarded", "projects", "source",
)  # fmt: skip


@admin.register(Round)
class RoundAdmin(KoineModelAdmin):
    """Calls for applications. What is fair to change is changed here, the rest by levers; criteria and forms come with the fund."""

    form = RoundForm
    reach = {
        OPERATOR: Reach(add=True, change=True),
        AUDITOR: Reach(),
        MANAGER: Reach(rounds_of_own_funds, add=True, change=True),
    }
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
        (gettext_lazy("Terms"), CHANGED),
    )
    facts_new = (
        (None, ("fund", "opens", "closes", "zone", "grace_seconds")),
        (
            gettext_lazy("Terms"),
            ("award_min", "award_max", "max_per_organisation", "sealed", "blind", "source"),
        ),
    )
    texts = ("title",)
    levers = (
        Lever(
            "show",
            gettext_lazy("Show it to everyone"),
            lambda round_, user, data: show_round(round_, by=user, at=timezone.now()),
            lambda user, round_: can_manage_fund(user, round_.fund),
            idle=lambda round_: round_.published,
            form=forms.Form,
            consequence=gettext_lazy(
                "Everybody sees the round and its questions. From its opening on its terms stay as they are."
            ),
            icon="globe",
        ),
        Lever(
            "hide",
            gettext_lazy("Take the round back"),
            lambda round_, user, data: hide_round(round_, reason=data["reason"], by=user, at=timezone.now()),
            lambda user, round_: can_manage_fund(user, round_.fund),
            idle=lambda round_: not round_.published or timezone.now() >= round_.closes_at,
            consequence=gettext_lazy(
                "It vanishes from the pages. That is possible as long as nobody has begun to apply."
            ),
            icon="cross",
            grave=True,
        ),
        Lever(
            "move-closing",
            gettext_lazy("Move the closing time"),
            lambda round_, user, data: move_closing(
                round_, data["closes"], seen=data["seen"], reason=data["reason"], by=user
            ),
            lambda user, round_: can_manage_fund(user, round_.fund),
            idle=lambda round_: timezone.now() >= round_.closes_at,
            form=ClosingForm,
            initial=closing_now,
            consequence=gettext_lazy(
                "Pages show the new time at once. Whoever was reminded of the old one is told by mail."
            ),
            icon="clock",
        ),
    )
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
                "source",
            )
        }
        new = NewRound(
            title=texts_in(data, "title"),
            opens=data["opens"],
            closes=data["closes"],
            zone=data["zone"],
            # It has neither criteria nor a form yet, so it is shown by the lever, once it has.
            published=False,
            **plain,
        )
        return open_round(data["fund"], new, by=request.user)

    def revise(self, request: HttpRequest, obj: Round, form: KoineAdminForm) -> None:
        changes = form.changes()
        wanted = {name: changes[name] for name in CHANGED if name in changes}
        title = texts_in(changes, "title")
        change_round(obj, wanted, title=title or None, version=obj.version, by=request.user, at=timezone.now())


wait_here(
    Tile(
        Round,
        "closing",
        gettext_lazy("Rounds that close within 7 days"),
        gettext_lazy("See how many wrote"),
        position=20,
        urgent=True,
    ),
)
