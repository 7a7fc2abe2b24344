"""Members: who is in which network, what is decided about them, and how the list leaves and enters as a sheet."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _, gettext_lazy

from cities.models import City, CityContact
from network.doors import Allowed, Denied, Verdict
from network.frame.moments import known_day_text
from network.membership.domain import Admission, admit_member, apply_for_city, decide, update_membership
from network.membership.enums import DecisionKind, MembershipStatus
from network.membership.models import SINCE_EVER, Membership, MembershipDecision, Network, Region
from network.membership.rules import can_decide_membership, next_decisions
from network.membership.rules.memberships import LEADS_TO
from network.portal.admin import pickers
from network.portal.admin.base import KoineModelAdmin, Reach
from network.portal.admin.forms import DecisionForm, KoineAdminForm
from network.portal.admin.history import Child
from network.portal.admin.levers import Lever
from network.portal.admin.lists import Question, choice_filter, country_filter, name_through, related_filter
from network.portal.admin.member_sheets import MemberSheets
from network.portal.admin.standing import AUDITOR, OFFICER, OPERATOR, Standing
from network.portal.admin.texts import texts_in
from network.portal.work_queue import Tile, wait_here
from network.translation.models import texts_of

CHIPS = {
    MembershipStatus.PENDING: "watch",
    MembershipStatus.CURRENT: "good",
    MembershipStatus.SUSPENDED: "stop",
    MembershipStatus.ENDED: "",
}


def of_own_networks(standing: Standing) -> Q:
    """Memberships in the networks whose officer one is."""
    return Q(network__uuid__in=standing.networks)


def status_today(membership: Any) -> MembershipStatus:
    """What the membership is today, from the newest decision in force that the list read along."""
    return LEADS_TO.get(membership.last_decision, MembershipStatus.PENDING)


def network_names(request: HttpRequest) -> list[tuple[str, str]]:
    """Networks that this person may choose from, as (slug, name), in one query."""
    rows = admin.site.get_model_admin(Network).get_queryset(request)
    return list(rows.annotate(shown=name_through("name")).order_by("slug").values_list("slug", "shown"))


# --- questions --------------------------------------------------------------------------------------------------------


def awaiting(rows: QuerySet) -> QuerySet:
    return rows.filter(last_decision__isnull=True)


def members(rows: QuerySet) -> QuerySet:
    return rows.filter(last_decision__in=[DecisionKind.APPROVE, DecisionKind.REINSTATE])


def suspended(rows: QuerySet) -> QuerySet:
    return rows.filter(last_decision=DecisionKind.SUSPEND)


def ended(rows: QuerySet) -> QuerySet:
    return rows.filter(
        last_decision__in=[kind for kind, status in LEADS_TO.items() if status == MembershipStatus.ENDED]
    )


def without_contact(rows: QuerySet) -> QuerySet:
    return rows.exclude(Exists(CityContact.objects.filter(city=OuterRef("city_id"))))


# --- levers -----------------------------------------------------------------------------------------------------------


def _asks(kind: DecisionKind) -> Any:
    def asks(user: Any, membership: Membership) -> Verdict:
        verdict = can_decide_membership(user, membership)
        if not verdict:
            return verdict
        status = status_today(membership)
        if kind in next_decisions(status):
            return Allowed()
        return Denied(_("Not possible: the city is “%(status)s” today.") % {"status": status.label})

    return asks


def _decide(kind: DecisionKind) -> Any:
    def run(membership: Membership, user: Any, data: dict[str, Any]) -> None:
        decide(
            membership,
            kind,
            by=user,
            effective_on=data["effective_on"],
            requested_on=data["requested_on"],
            reason=data["reason"],
        )

    return run


def _lever(kind: DecisionKind, consequence: Any, *, icon: str = "edit", grave: bool = False) -> Lever:
    return Lever(
        name=kind.value,
        word=kind.label,
        run=_decide(kind),
        asks=_asks(kind),
        idle=lambda membership: bool(membership.last_decision) and status_today(membership) == LEADS_TO[kind],
        form=DecisionForm,
        consequence=consequence,
        icon=icon,
        grave=grave,
        many=True,
    )


LEVERS = (
    _lever(DecisionKind.APPROVE, gettext_lazy("The city becomes a member and is listed as one from that day."), icon="check"),
    _lever(DecisionKind.REINSTATE, gettext_lazy("The suspension ends on that day."), icon="check"),
    _lever(DecisionKind.SUSPEND, gettext_lazy("The city stays listed, marked as suspended, until it is reinstated.")),
    _lever(DecisionKind.WITHDRAW, gettext_lazy("The city leaves by its own wish. The membership ends for good on that day.")),
    _lever(DecisionKind.END, gettext_lazy("The term is over. The membership ends on that day.")),
    _lever(DecisionKind.EXCLUDE, gettext_lazy("The network puts the city out. The membership ends for good on that day."), grave=True),
)  # fmt: skip


class MembershipForm(KoineAdminForm):
    """A membership; on adding one says whether it is decided already."""

    applied = forms.BooleanField(
        label=gettext_lazy("The city has applied; nothing is decided yet"),
        required=False,
        help_text=gettext_lazy("Otherwise it is a member from the day it joined."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            del self.fields["applied"]

    class Meta:
        labels = {"joined_on": gettext_lazy("Joined"), "founding": gettext_lazy("Founding member")}


@admin.register(Membership)
class MembershipAdmin(MemberSheets, KoineModelAdmin):
    """Members of networks. What a membership is follows from its decisions; the form changes only what is known of it."""

    form = MembershipForm
    reach = {
        OPERATOR: Reach(add=True, change=True),
        AUDITOR: Reach(),
        OFFICER: Reach(of_own_networks, add=True, change=True),
    }
    menu_group, menu_position = gettext_lazy("Networks"), 10
    levers = LEVERS
    history_children = (Child(MembershipDecision, "membership_id"),)
    empty_words = gettext_lazy("No membership answers this. Change the question, or add a member.")

    list_display = ("shown_city", "shown_network", "shown_kind", "shown_region", "status", "joined", "shown_act")
    list_filter = (
        related_filter("network__slug", gettext_lazy("Network"), network_names),
        choice_filter("kind"),
        country_filter("city__country"),
    )
    list_ordering = ("shown_city_name", "pk")
    search_fields = ("city__slug",)
    search_help_text = gettext_lazy("City in any language or script, website, e-mail address of a contact")
    questions = (
        Question("applied", gettext_lazy("Waiting for a decision"), awaiting),
        Question("member", gettext_lazy("Member today"), members),
        Question("suspended", gettext_lazy("Suspended today"), suspended),
        Question("ended", gettext_lazy("No longer a member"), ended),
        Question("founding", gettext_lazy("Founding member"), lambda rows: rows.filter(founding=True)),
        Question("doubted", gettext_lazy("Doubted by its source"), lambda rows: rows.filter(confirmed=False)),
        Question("no-contact", gettext_lazy("No contact recorded for the city"), without_contact),
    )

    facts = (
        (None, ("shown_city_link", "shown_network", "shown_kind", "shown_programme", "status", "decisions_told")),
        (
            gettext_lazy("What is known"),
            (
                "region",
                "joined_on",
                "joined_precision",
                "known_on",
                "known_precision",
                "founding",
                "confirmed",
                "source",
            ),
        ),
    )
    facts_new = (
        (None, ("network", "city", "kind", "programme", "region", "applied")),
        (gettext_lazy("What is known"), ("joined_on", "joined_precision", "founding", "confirmed", "source")),
    )
    texts = ("act", "role")
    readonly_fields = ("shown_city_link", "shown_network", "shown_kind", "shown_programme", "status", "decisions_told")
    pickers = {"city": ("city", pickers.cities)}

    def menu_name(self) -> str:
        return _("Members")

    def name_of(self, obj: Any) -> str:
        return _("%(city)s in %(network)s") % {"city": obj.city, "network": obj.network}

    def row_name(self, obj: Any) -> str:
        return _("%(city)s in %(network)s") % {"city": obj.shown_city_name, "network": obj.shown_network_name}

    def facts_for(self, request: HttpRequest, obj: Any) -> Any:
        return self.facts if obj else self.facts_new

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).with_status_on(timezone.localdate()).select_related("city", "network")

    def list_rows(self, rows: QuerySet) -> QuerySet:
        names = {
            "shown_city_name": name_through("city__name", native="city__native_name"),
            "shown_network_name": name_through("network__name"),
            "shown_region_name": name_through("region__name"),
            "shown_act_text": name_through("act"),
        }
        return rows.annotate(**names).only(
            "kind", "programme", "joined_on", "joined_precision", "founding", "confirmed", "version",
            "city__slug", "city__country", "network__slug", "network__uuid", "network__abbreviation",
        )  # fmt: skip

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        term = search_term.strip()
        if not term:
            return queryset, False
        wanted = Q(city__in=City.objects.matching(term).values("pk"))
        wanted |= Q(city__in=CityContact.objects.filter(email__icontains=term).values("city_id"))
        if "." in term:
            wanted |= Q(city__website__icontains=term)
        return queryset.filter(wanted), False

    def _control(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name != "region":
            return super()._control(db_field, request, **kwargs)
        networks = admin.site.get_model_admin(Network).get_queryset(request)
        membership_id = request.resolver_match.kwargs.get("object_id") if request.resolver_match else None
        if membership_id:
            networks = networks.filter(memberships__pk=membership_id)
        rows = Region.objects.filter(network__in=networks.values("pk")).order_by("network_id", "position")
        return db_field.formfield(queryset=rows, empty_label="")

    # --- columns and read-only lines ------------------------------------------------------------------------------------

    @admin.display(description=gettext_lazy("City"), ordering="shown_city_name")
    def shown_city(self, obj: Any) -> str:
        return obj.shown_city_name or obj.city.slug

    @admin.display(description=gettext_lazy("City"))
    def shown_city_link(self, obj: Any) -> str:
        url = reverse("admin:cities_city_change", args=[obj.city_id])
        return format_html('<a href="{}"><bdi>{}</bdi></a>', url, obj.city)

    @admin.display(description=gettext_lazy("Network"), ordering="network__slug")
    def shown_network(self, obj: Any) -> str:
        name = getattr(obj, "shown_network_name", "") or str(obj.network)
        return format_html("<bdi>{}</bdi>", obj.network.abbreviation or name)

    @admin.display(description=gettext_lazy("Kind"), ordering="kind")
    def shown_kind(self, obj: Any) -> str:
        if obj.programme:
            return format_html("{} · <bdi>{}</bdi>", obj.get_kind_display(), obj.programme)
        return obj.get_kind_display()

    @admin.display(description=gettext_lazy("Programme"))
    def shown_programme(self, obj: Any) -> str:
        return obj.programme or _("the network itself")

    @admin.display(description=gettext_lazy("Region"))
    def shown_region(self, obj: Any) -> str:
        return obj.shown_region_name or ""

    @admin.display(description=gettext_lazy("Today"), ordering="last_decision")
    def status(self, obj: Any) -> str:
        status = status_today(obj)
        kind = CHIPS[status]
        mark = f"chip chip--{kind}" if kind else "chip"
        return format_html('<span class="{}">{}</span>', mark, status.label)

    @admin.display(description=gettext_lazy("Joined"), ordering="joined_on")
    def joined(self, obj: Any) -> str:
        return known_day_text(obj.joined_on, obj.joined_precision) if obj.joined_on else _("not known")

    @admin.display(description=gettext_lazy("Approving act"))
    def shown_act(self, obj: Any) -> str:
        return format_html("<bdi>{}</bdi>", obj.shown_act_text) if obj.shown_act_text else ""

    @admin.display(description=gettext_lazy("Decisions"))
    def decisions_told(self, obj: Any) -> str:
        rows = obj.decisions.select_related("decided_by").order_by("-effective_on", "-id")
        if not rows:
            return _("nothing is decided yet")
        return format_html(
            '<ul class="plain-list">{}</ul>',
            format_html_join(
                "", "<li>{}: {}{}</li>", ((_when(row), row.get_kind_display(), _why(row)) for row in rows)
            ),
        )

    # --- saving ---------------------------------------------------------------------------------------------------------

    def enrol(self, request: HttpRequest, form: KoineAdminForm) -> Membership:
        data = form.cleaned_data
        plain = {
            name: data[name]
            for name in (
                "kind",
                "programme",
                "region",
                "joined_on",
                "joined_precision",
                "founding",
                "confirmed",
                "source",
            )
        }
        admission = Admission(**plain, act=texts_in(data, "act"), role=texts_in(data, "role"))
        put = apply_for_city if data["applied"] else admit_member
        return put(data["network"], data["city"], admission, by=request.user)

    def revise(self, request: HttpRequest, obj: Membership, form: KoineAdminForm) -> None:
        update_membership(obj, admission_of(obj, form.changes()), version=obj.version, by=request.user)


def _when(decision: MembershipDecision) -> str:
    """The day a decision takes effect, as exactly as it is known."""
    if decision.effective_on == SINCE_EVER:
        return _("since an unknown day")
    return known_day_text(decision.effective_on, decision.precision)


def _why(decision: MembershipDecision) -> str:
    return format_html(" (<bdi>{}</bdi>)", decision.reason) if decision.reason else ""


def admission_of(membership: Membership, changes: dict[str, Any]) -> Admission:
    """What is known of a membership, with changes by column; texts are named with their language (`act_el`)."""
    now = Admission(
        **{name: getattr(membership, name) for name in Admission.__dataclass_fields__ if name not in {"act", "role"}},
        act=texts_of(membership, "act"),
        role=texts_of(membership, "role"),
    )
    plain = {name: value for name, value in changes.items() if name in Admission.__dataclass_fields__}
    return replace(
        now, **plain, act={**now.act, **texts_in(changes, "act")}, role={**now.role, **texts_in(changes, "role")}
    )


wait_here(
    Tile(
        Membership,
        "applied",
        gettext_lazy("Memberships waiting for a decision"),
        gettext_lazy("Approve or decline"),
        position=10,
        urgent=True,
    ),
)
