"""Funds: whose they are, who pays into them, how much is committed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.text import slugify
from django.utils.translation import gettext as _, gettext_lazy

from grants.domain.funds import NewFund, add_contribution, change_record, create_fund, move_fund
from grants.enums import FUND_WORKFLOW, FundStatus, FundVerb
from grants.models import Contribution, Fund
from grants.rules.funds import can_manage_fund
from grants.rules.rounds import moment_of
from network.frame.names import money_text
from network.portal.admin import pickers
from network.portal.admin.base import KoineModelAdmin, Reach
from network.portal.admin.fields import PickField
from network.portal.admin.forms import KoineAdminForm, ReasonForm
from network.portal.admin.history import Child
from network.portal.admin.levers import Lever
from network.portal.admin.lists import choice_filter, name_through
from network.portal.admin.practices import chip
from network.portal.admin.standing import AUDITOR, MANAGER, OPERATOR, Standing
from network.portal.admin.texts import texts_in
from network.text import transliterate


def own_funds(standing: Standing) -> Q:
    """The funds whose manager one is."""
    return Q(uuid__in=standing.funds)


class ContributionForm(forms.Form):
    """What a funder pays in."""

    funder = PickField(pickers.organisations(), "/admin/suggest/organisation/", label=gettext_lazy("Funder"))
    amount = forms.DecimalField(label=gettext_lazy("Amount"), min_value=1, max_digits=14, decimal_places=2)
    source = forms.CharField(label=gettext_lazy("Source"), max_length=300, required=False)


class FundForm(KoineAdminForm):
    """A fund: what it is for; of a new one also whose it is and in which currency."""

    network = PickField(
        pickers.networks(), "/admin/suggest/network/", label=gettext_lazy("Owning network"), required=False
    )
    city = PickField(pickers.cities(), "/admin/suggest/city/", label=gettext_lazy("Owning city"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            del self.fields["network"], self.fields["city"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if "network" in self.fields and bool(cleaned.get("network")) == bool(cleaned.get("city")):
            self.add_error("network", _("A fund belongs to a network or to a city: name one of the two."))
        return cleaned


STATUS_LEVERS = (
    (
        FundVerb.PUBLISH,
        gettext_lazy("Everybody sees the fund and the rounds that are shown. It can be closed later, not hidden."),
        "globe",
    ),
    (
        FundVerb.CLOSE,
        gettext_lazy("Nobody can begin an application any more. Drafts that were begun can still be sent in time."),
        "clock",
    ),
    (FundVerb.REOPEN, gettext_lazy("Its rounds take applications again, as their times say."), "clock"),
)


def _status_lever(verb: FundVerb, consequence: Any, icon: str) -> Lever:
    """A step of the fund's workflow."""
    return Lever(
        verb.value,
        verb.label,
        lambda fund, user, data: move_fund(fund, verb, reason=data.get("reason", ""), by=user),
        can_manage_fund,
        idle=lambda fund: verb not in FUND_WORKFLOW[FundStatus(fund.status)],
        form=forms.Form if verb == FundVerb.PUBLISH else ReasonForm,
        consequence=consequence,
        icon=icon,
        grave=verb == FundVerb.CLOSE,
    )


@admin.register(Fund)
class FundAdmin(KoineModelAdmin):
    """Funds with who pays into them."""

    form = FundForm
    reach = {OPERATOR: Reach(add=True, change=True), AUDITOR: Reach(), MANAGER: Reach(own_funds, change=True)}
    menu_group, menu_position = gettext_lazy("Grants"), 80
    history_children = (Child(Contribution, "fund_id"),)
    list_display = ("shown_name", "shown_owner", "money", "committed_told", "number_of_rounds", "shown_status")
    list_filter = (choice_filter("status"),)
    list_ordering = ("shown", "pk")
    search_fields = ("slug",)
    search_help_text = gettext_lazy("Title in any language")
    facts = (
        (None, ("shown_owner", "shown_status", "money", "committed_told", "funders_told", "rounds_told", "staff_page")),
        (None, ("publish_model", "source")),
    )
    facts_new = ((None, ("network", "city", "currency", "publish_model", "status", "source")),)
    texts = ("title", "purpose", "who_can_apply", "who_decides")
    readonly_fields = (
        "shown_owner",
        "shown_status",
        "money",
        "committed_told",
        "funders_told",
        "rounds_told",
        "staff_page",
    )
    levers = (
        *(_status_lever(verb, consequence, icon) for verb, consequence, icon in STATUS_LEVERS),
        Lever(
            "contribution",
            gettext_lazy("Record a contribution"),
            lambda fund, user, data: add_contribution(
                fund, data["funder"], data["amount"], source=data["source"], by=user
            ),
            can_manage_fund,
            form=ContributionForm,
            consequence=gettext_lazy("The fund’s budget grows by this amount."),
            icon="plus",
        ),
    )

    def facts_for(self, request: HttpRequest, obj: Any) -> Any:
        return self.facts if obj else self.facts_new

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("owner_city", "owner_network")

    def list_rows(self, rows: QuerySet) -> QuerySet:
        return rows.annotate(
            shown=name_through("title"),
            owner_shown=name_through("owner_network__name"),
            owner_city_shown=name_through("owner_city__name", native="owner_city__native_name"),
            round_count=Count("rounds"),
        ).only("slug", "currency", "budget", "committed", "status", "owner_network__slug", "owner_city__slug")

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        term = search_term.strip()
        found = pickers.by_columns("title")(Fund.objects.order_by(), term)
        return (queryset.filter(pk__in=found.values("pk")) if term else queryset), False

    def public_url(self, obj: Any) -> str:
        return "" if obj.status == FundStatus.DRAFT else obj.get_absolute_url()

    @admin.display(description=gettext_lazy("Fund"), ordering="shown")
    def shown_name(self, obj: Any) -> str:
        return obj.shown or obj.slug

    @admin.display(description=gettext_lazy("Owner"))
    def shown_owner(self, obj: Any) -> str:
        if hasattr(obj, "owner_shown"):
            return obj.owner_shown or obj.owner_city_shown
        return str(obj.owner_network or obj.owner_city)

    @admin.display(description=gettext_lazy("Budget"), ordering="budget")
    def money(self, obj: Any) -> str:
        return money_text(obj.budget, obj.currency)

    @admin.display(description=gettext_lazy("Committed"), ordering="committed")
    def committed_told(self, obj: Any) -> str:
        return money_text(obj.committed, obj.currency)

    @admin.display(description=gettext_lazy("Rounds"), ordering="round_count")
    def number_of_rounds(self, obj: Any) -> str:
        return format_html(
            '<a href="{}?fund={}">{}</a>', reverse("admin:grants_round_changelist"), obj.slug, obj.round_count
        )

    @admin.display(description=gettext_lazy("Status"), ordering="status")
    def shown_status(self, obj: Any) -> str:
        return chip(obj.get_status_display(), "good" if obj.status == FundStatus.OPEN else "")

    @admin.display(description=gettext_lazy("Money, themes and rounds"))
    def staff_page(self, obj: Any) -> str:
        url = reverse("grants:fund_desk", args=[obj.slug])
        return format_html('<a href="{}">{}</a>', url, _("Change them on the pages of the fund’s staff"))

    @admin.display(description=gettext_lazy("Funders"))
    def funders_told(self, obj: Any) -> str:
        rows = obj.contributions.select_related("funder").order_by("position", "id")
        told = [(row.funder, money_text(row.amount, obj.currency)) for row in rows]
        return format_html_join("", "<div><bdi>{}</bdi>: {}</div>", told) or _("none yet")

    @admin.display(description=gettext_lazy("Rounds"))
    def rounds_told(self, obj: Any) -> str:
        rows = obj.rounds.order_by("-closes_at", "-id")
        told = [
            (reverse("admin:grants_round_change", args=[row.pk]), row, moment_of(row, timezone.now()).label)
            for row in rows
        ]
        return format_html_join("", '<div><a href="{}"><bdi>{}</bdi></a>: {}</div>', told) or _("none yet")

    def enrol(self, request: HttpRequest, form: KoineAdminForm) -> Fund:
        data = form.cleaned_data
        titles = texts_in(data, "title")
        title = titles["en"] or next((text for text in titles.values() if text), "")
        new = NewFund(
            slug=slugify(transliterate(title))[:80].strip("-") or "fund",
            owner=data["network"] or data["city"],
            currency=data["currency"].upper(),
            title=titles,
            purpose=texts_in(data, "purpose"),
            who_can_apply=texts_in(data, "who_can_apply"),
            who_decides=texts_in(data, "who_decides"),
            publish_model=data["publish_model"],
            status=data["status"],
            source=data["source"],
        )
        return create_fund(new, by=request.user)

    def revise(self, request: HttpRequest, obj: Fund, form: KoineAdminForm) -> None:
        changes = form.changes()
        change_record(
            obj,
            {name: texts_in(changes, name) for name in self.texts},
            publish_model=changes.get("publish_model", obj.publish_model),
            source=changes.get("source", obj.source),
            by=request.user,
        )
