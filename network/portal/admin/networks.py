"""Networks: their record, their regions, their archive."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _, gettext_lazy

from network.doors import Denied, Verdict
from network.frame.moments import known_day_text
from network.languages import CORE, LANGUAGES
from network.membership.domain import (
    NetworkDetails,
    add_region,
    archive_network,
    create_network,
    network_details,
    update_network,
)
from network.membership.models import Network, Region
from network.membership.rules import can_create_network, can_run_network
from network.portal.admin import pickers
from network.portal.admin.base import KoineModelAdmin, Reach
from network.portal.admin.forms import KoineAdminForm
from network.portal.admin.history import Child
from network.portal.admin.levers import Lever, asks_archive
from network.portal.admin.lists import Question, choice_filter, name_through
from network.portal.admin.standing import AUDITOR, OFFICER, OPERATOR, Standing
from network.portal.admin.texts import texts_in
from network.text import transliterate

PLAIN = (
    "kind", "abbreviation", "founded_on", "founded_precision", "secretariat", "secretariat_city", "country", "parent",
    "website", "source",
)  # fmt: skip
TEXTS = {
    "names": "name",
    "purpose": "purpose",
    "region_scheme": "region_scheme",
    "secretariat_note": "secretariat_note",
}


def own_networks(standing: Standing) -> Q:
    """The networks whose officer one is."""
    return Q(uuid__in=standing.networks)


class RegionForm(forms.Form):
    """A region of the network's own scheme, named in the core languages; English names its code."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code in CORE:
            language = LANGUAGES[code]
            self.fields[f"name_{code}"] = forms.CharField(
                label=_("Name (%(language)s)") % {"language": language.native_name},
                max_length=120,
                required=code == "en",
                widget=forms.TextInput(attrs={"lang": code, "dir": language.direction}),
            )


def _add_region(network: Network, user: Any, data: dict[str, Any]) -> None:
    names = {code: data[f"name_{code}"] for code in CORE if data[f"name_{code}"]}
    add_region(network, transliterate(names["en"]), names, by=user, position=network.regions.count() + 1)


def _not_archived(user: Any, network: Network) -> Verdict:
    return Denied(_("It is in the archive.")) if network.archived_at else can_run_network(user, network)


@admin.register(Network)
class NetworkAdmin(KoineModelAdmin):
    """Networks of the portal."""

    reach = {OPERATOR: Reach(add=True, change=True), AUDITOR: Reach(), OFFICER: Reach(own_networks, change=True)}
    menu_group, menu_position = gettext_lazy("Networks"), 20
    history_children = (Child(Region, "network_id"),)
    list_display = ("shown_name", "kind", "number_of_members", "founded", "archived")
    list_filter = (choice_filter("kind"),)
    list_ordering = ("shown", "pk")
    search_fields = ("slug",)
    search_help_text = gettext_lazy("Name in any language, abbreviation")
    questions = (
        Question("kept", gettext_lazy("In use"), lambda rows: rows.filter(archived_at__isnull=True)),
        Question("archived", gettext_lazy("In the archive"), lambda rows: rows.filter(archived_at__isnull=False)),
        Question("memberless", gettext_lazy("Without members"), lambda rows: rows.filter(memberships__isnull=True)),
    )
    facts = (
        (None, ("kind", "abbreviation", "founded_on", "founded_precision", "website", "enabled_languages")),
        (gettext_lazy("Secretariat"), ("secretariat", "secretariat_city", "country", "parent", "source")),
        (gettext_lazy("Regions"), ("regions_told",)),
    )
    texts = ("name", "purpose", "region_scheme", "secretariat_note")
    readonly_fields = ("regions_told",)
    pickers = {
        "secretariat": ("organisation", pickers.organisations),
        "secretariat_city": ("city", pickers.cities),
        "parent": ("network", pickers.networks),
    }
    levers = (
        Lever("region", gettext_lazy("Add a region"), _add_region, _not_archived, form=RegionForm, icon="plus"),
        Lever(
            "archive",
            gettext_lazy("Put into the archive"),
            lambda network, user, data: archive_network(network, by=user, reason=data["reason"]),
            asks_archive(lambda user, network: can_create_network(user), restore=False),
            idle=lambda network: bool(network.archived_at),
            consequence=gettext_lazy("Its page is no longer public. Memberships and funds stay as they are."),
            grave=True,
        ),
        Lever(
            "restore",
            gettext_lazy("Take out of the archive"),
            lambda network, user, data: archive_network(network, by=user, reason=data["reason"], restore=True),
            asks_archive(lambda user, network: can_create_network(user), restore=True),
            idle=lambda network: not network.archived_at,
            consequence=gettext_lazy("Its page is public again."),
        ),
    )

    def facts_for(self, request: HttpRequest, obj: Any) -> Any:
        return self.facts if obj else self.facts[:-1]

    def list_rows(self, rows: QuerySet) -> QuerySet:
        return rows.annotate(
            shown=name_through("name"), member_count=Count("memberships", distinct=True)
        ).only("kind", "abbreviation", "founded_on", "founded_precision", "archived_at", "slug")  # fmt: skip

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        term = search_term.strip()
        if not term:
            return queryset, False
        found = pickers.find_networks(Network.objects.order_by(), term)
        return queryset.filter(pk__in=found.values("pk")), False

    def public_url(self, obj: Any) -> str:
        return "" if obj.archived_at else obj.get_absolute_url()

    @admin.display(description=gettext_lazy("Network"), ordering="shown")
    def shown_name(self, obj: Any) -> str:
        if obj.abbreviation:
            return format_html("<bdi>{}</bdi> (<bdi>{}</bdi>)", obj.shown, obj.abbreviation)
        return obj.shown

    @admin.display(description=gettext_lazy("Members on record"), ordering="member_count")
    def number_of_members(self, obj: Any) -> str:
        url = reverse("admin:membership_membership_changelist")
        return format_html('<a href="{}?network={}">{}</a>', url, obj.slug, obj.member_count)

    @admin.display(description=gettext_lazy("Founded"), ordering="founded_on")
    def founded(self, obj: Any) -> str:
        return known_day_text(obj.founded_on, obj.founded_precision) if obj.founded_on else ""

    @admin.display(description=gettext_lazy("State"), ordering="archived_at")
    def archived(self, obj: Any) -> str:
        return state_chip(bool(obj.archived_at))

    @admin.display(description=gettext_lazy("Regions of its own scheme"))
    def regions_told(self, obj: Any) -> str:
        rows = [(row,) for row in obj.regions.order_by("position", "code")] if obj.pk else []
        return format_html('<ul class="plain-list">{}</ul>', format_html_join("", "<li>{}</li>", rows)) if rows else ""

    def enrol(self, request: HttpRequest, form: KoineAdminForm) -> Network:
        return create_network(self._details(NetworkDetails(names={}, kind=""), form.cleaned_data), by=request.user)

    def revise(self, request: HttpRequest, obj: Network, form: KoineAdminForm) -> None:
        update_network(obj, self._details(network_details(obj), form.changes()), version=obj.version, by=request.user)

    def _details(self, now: NetworkDetails, values: dict[str, Any]) -> NetworkDetails:
        plain = {name: values[name] for name in PLAIN if name in values}
        if "enabled_languages" in values:
            plain["enabled_languages"] = tuple(values["enabled_languages"])
        texts = {key: {**getattr(now, key), **texts_in(values, name)} for key, name in TEXTS.items()}
        return replace(now, **plain, **texts)


def state_chip(archived: bool) -> str:
    """In use, or in the archive: a word and a shape."""
    if archived:
        return format_html('<span class="chip">{}</span>', _("In the archive"))
    return format_html('<span class="chip chip--good">{}</span>', _("In use"))
