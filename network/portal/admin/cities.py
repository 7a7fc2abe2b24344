"""Cities: what is known of them, who to turn to, and whether that is still true."""

from __future__ import annotations

import datetime
from dataclasses import replace
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin import StackedInline
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.translation import get_language, gettext as _, gettext_lazy

from cities.domain import (
    CityDetails,
    ContactDetails,
    add_contact,
    archive_city,
    change_contact,
    details_of,
    register_city,
    remove_contact,
    restore_city,
    update_city,
)
from cities.models import City, CityContact, CityIdentifier, CityImage
from cities.rules import can_archive_city, can_edit_city
from network.frame.names import country_name, number_text
from network.membership.models import Membership
from network.portal.admin.base import KoineModelAdmin, Reach
from network.portal.admin.forms import KoineAdminForm
from network.portal.admin.history import Child
from network.portal.admin.levers import Lever, asks_archive
from network.portal.admin.lists import Question, choice_filter, country_filter, name_through
from network.portal.admin.membership import status_today
from network.portal.admin.networks import state_chip
from network.portal.admin.standing import AUDITOR, OFFICER, OPERATOR, Standing
from network.portal.admin.texts import texts_in
from network.portal.work_queue import Tile, wait_here
from network.translation.models import column, texts_of

PLAIN = (
    "kind", "native_name", "native_language", "country", "region", "latitude", "longitude", "population",
    "population_year", "population_source", "population_approximate", "website", "source",
)  # fmt: skip
FACTS = ("kind", "name", "email", "phone", "public", "as_of", "source")
CONFIRMED_FOR = datetime.timedelta(days=365)


def own_cities(standing: Standing) -> Q:
    """Cities with a membership in one of the networks whose officer one is."""
    return Q(pk__in=Membership.objects.filter(network__uuid__in=standing.networks).values("city_id"))


# --- questions --------------------------------------------------------------------------------------------------------


def kept(rows: QuerySet) -> QuerySet:
    return rows.filter(archived_at__isnull=True)


def without_public_contact(rows: QuerySet) -> QuerySet:
    return kept(rows).exclude(Exists(CityContact.objects.filter(city=OuterRef("pk"), public=True)))


def not_confirmed(rows: QuerySet) -> QuerySet:
    """Cities that have contacts, none of them known to be true within the last twelve months.

    `as_of` is a year, year-month or date: a year that is not over, or a month of the day twelve months ago, counts.
    """
    since = (timezone.localdate() - CONFIRMED_FOR).isoformat()
    contacts = CityContact.objects.filter(city=OuterRef("pk"))
    fresh = contacts.filter(Q(as_of__gte=since) | Q(as_of=since[:4]) | Q(as_of=since[:7]))
    return kept(rows).filter(Exists(contacts)).exclude(Exists(fresh))


# --- contacts ---------------------------------------------------------------------------------------------------------


class ContactForm(forms.ModelForm):
    """A contact, with the office in the language the officer works in."""

    office = forms.CharField(label=gettext_lazy("Office"), max_length=200, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False
        self.fields["office"].widget.attrs["lang"] = get_language()
        if self.instance.pk:
            self.initial["office"] = self.fields["office"].initial = getattr(self.instance, self._column()) or ""

    def _column(self) -> str:
        return column("role", get_language() or "en")

    def details(self) -> ContactDetails:
        """What was typed, with the offices in other languages as they were."""
        plain = {name: self.cleaned_data[name] for name in FACTS}
        offices = texts_of(self.instance, "role") if self.instance.pk else {}
        return ContactDetails(**plain, roles={**offices, get_language() or "en": self.cleaned_data["office"]})


class ContactInline(StackedInline):
    """The city's contacts. Addresses and telephones are for the office only; visitors write through a form."""

    model = CityContact
    form = ContactForm
    fields = ("kind", "name", "office", "email", "phone", "as_of", "public", "source")
    extra = 1
    template = "admin/edit_inline/records.html"

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return obj is not None and bool(can_edit_city(request.user, obj))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return obj is not None and bool(can_edit_city(request.user, obj))

    has_delete_permission = has_change_permission

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True


# --- cities -----------------------------------------------------------------------------------------------------------


@admin.register(City)
class CityAdmin(KoineModelAdmin):
    """Cities of the portal."""

    reach = {
        OPERATOR: Reach(add=True, change=True),
        AUDITOR: Reach(),
        OFFICER: Reach(own_cities, add=True, change=True),
    }
    menu_group, menu_position = gettext_lazy("Networks"), 30
    inlines = (ContactInline,)
    history_children = (Child(CityContact, "city_id"), Child(CityIdentifier, "city_id"), Child(CityImage, "city_id"))
    empty_words = gettext_lazy("No city answers this. Change the question, or add a city.")
    list_display = ("shown_name", "shown_country", "region", "kind", "shown_population", "archived")
    list_filter = (country_filter("country"), choice_filter("region"), choice_filter("kind"))
    list_ordering = ("shown", "pk")
    search_fields = ("slug",)
    search_help_text = gettext_lazy("Name in any language or script, website, e-mail address of a contact")
    questions = (
        Question("kept", gettext_lazy("In use"), kept),
        Question("no-public-contact", gettext_lazy("Without a public contact"), without_public_contact),
        Question("not-confirmed", gettext_lazy("No contact confirmed for 12 months"), not_confirmed),
        Question("no-place", gettext_lazy("Not on the map"), lambda rows: kept(rows).filter(latitude__isnull=True)),
        Question("archived", gettext_lazy("In the archive"), lambda rows: rows.filter(archived_at__isnull=False)),
    )
    facts = (
        (
            None,
            ("kind", "country", "region", "native_name", "native_language", "also_known_as", "languages", "website"),
        ),
        (
            gettext_lazy("Figures and place"),
            (
                "population",
                "population_year",
                "population_approximate",
                "population_source",
                "latitude",
                "longitude",
                "source",
            ),
        ),
        (gettext_lazy("Memberships"), ("memberships_told",)),
    )
    texts = ("name", "profile")
    readonly_fields = ("memberships_told",)
    levers = (
        Lever(
            "archive",
            gettext_lazy("Put into the archive"),
            lambda city, user, data: archive_city(city, by=user, reason=data["reason"]),
            asks_archive(can_archive_city, restore=False),
            idle=lambda city: bool(city.archived_at),
            consequence=gettext_lazy("Its page and its practices are no longer public. Memberships and history stay."),
            grave=True,
            many=True,
        ),
        Lever(
            "restore",
            gettext_lazy("Take out of the archive"),
            lambda city, user, data: restore_city(city, by=user, reason=data["reason"]),
            asks_archive(can_archive_city, restore=True),
            idle=lambda city: not city.archived_at,
            consequence=gettext_lazy("Its page is public again."),
            many=True,
        ),
    )

    def facts_for(self, request: HttpRequest, obj: Any) -> Any:
        return self.facts if obj else self.facts[:-1]

    def get_inline_instances(self, request: HttpRequest, obj: Any = None) -> list:
        return super().get_inline_instances(request, obj) if obj else []

    def list_rows(self, rows: QuerySet) -> QuerySet:
        return rows.annotate(shown=name_through("name", native="native_name")).only(
            "slug", "country", "region", "kind", "population", "population_year", "archived_at"
        )

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        term = search_term.strip()
        if not term:
            return queryset, False
        found = City.objects.matching(term).order_by() | City.objects.filter(
            pk__in=CityContact.objects.filter(email__icontains=term).values("city_id")
        )
        wanted = Q(pk__in=found.values("pk"))
        if "." in term:
            wanted |= Q(website__icontains=term)
        return queryset.filter(wanted), False

    def public_url(self, obj: Any) -> str:
        return "" if obj.archived_at else obj.get_absolute_url()

    @admin.display(description=gettext_lazy("City"), ordering="shown")
    def shown_name(self, obj: Any) -> str:
        return obj.shown or obj.slug

    @admin.display(description=gettext_lazy("Country"), ordering="country")
    def shown_country(self, obj: Any) -> str:
        return country_name(obj.country)

    @admin.display(description=gettext_lazy("Population"), ordering="population")
    def shown_population(self, obj: Any) -> str:
        if obj.population is None:
            return ""
        return (
            f"{number_text(obj.population)} ({obj.population_year})"
            if obj.population_year
            else number_text(obj.population)
        )

    @admin.display(description=gettext_lazy("State"), ordering="archived_at")
    def archived(self, obj: Any) -> str:
        return state_chip(bool(obj.archived_at))

    @admin.display(description=gettext_lazy("Member of"))
    def memberships_told(self, obj: Any) -> str:
        rows = obj.memberships.with_status_on(timezone.localdate()).select_related("network").order_by("network__slug")
        told = [(row.network, row.get_kind_display(), status_today(row).label) for row in rows]
        return format_html_join("", "<div><bdi>{}</bdi>: {}, {}</div>", told) or _("no network")

    def enrol(self, request: HttpRequest, form: KoineAdminForm) -> City:
        return register_city(
            self._details(CityDetails(names={}, country="", region=""), form.cleaned_data), by=request.user
        )

    def revise(self, request: HttpRequest, obj: City, form: KoineAdminForm) -> None:
        update_city(obj, self._details(details_of(obj), form.changes()), version=obj.version, by=request.user)

    def _details(self, now: CityDetails, values: dict[str, Any]) -> CityDetails:
        plain = {name: values[name] for name in PLAIN if name in values}
        lists = {name: tuple(values[name]) for name in ("also_known_as", "languages") if name in values}
        names = {**now.names, **texts_in(values, "name")}
        return replace(now, **plain, **lists, names=names, profile={**now.profile, **texts_in(values, "profile")})

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Contacts: added, changed, removed."""
        city = City.objects.get(pk=form.instance.pk)
        for row in formset.forms:
            if not row.has_changed() or not row.cleaned_data:
                continue
            contact = CityContact.objects.filter(pk=row.instance.pk, city=city).first()
            if contact is None:
                add_contact(city, row.details(), by=request.user)
            elif row.cleaned_data.get("DELETE"):
                remove_contact(contact, by=request.user)
            else:
                change_contact(contact, row.details(), by=request.user)
        formset.new_objects = formset.changed_objects = formset.deleted_objects = []


wait_here(
    Tile(
        City, "no-public-contact", gettext_lazy("Cities without a public contact"), gettext_lazy("Add one"), position=40
    ),
    Tile(
        City,
        "not-confirmed",
        gettext_lazy("Cities whose contacts nobody confirmed for 12 months"),
        gettext_lazy("Ask them"),
        position=45,
    ),
)
