"""Organisations: their record, and whether they are what they say they are."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _, gettext_lazy, override

from network.doors import Denied, DomainError, Verdict
from network.frame.inputs import DayInput
from network.frame.moments import day_text
from network.frame.names import country_name
from network.languages import CODES
from network.people.domain.organisations import OrganisationData, update_organisation
from network.people.domain.verifying import refuse_verification, verify_organisation
from network.people.enums import Verification
from network.people.models import (
    DistinctOrganisations,
    DueDiligenceCheck,
    Organisation,
    OrganisationDocument,
    OrganisationIdentifier,
    OrganisationMember,
)
from network.people.queries.verifying import CHIPS, over
from network.people.rules.verifying import can_verify_organisation, is_over
from network.portal.admin import pickers
from network.portal.admin.base import KoineModelAdmin, Reach
from network.portal.admin.forms import KoineAdminForm, ReasonForm
from network.portal.admin.history import Child
from network.portal.admin.levers import Lever
from network.portal.admin.lists import Question, choice_filter, country_filter, name_through
from network.portal.admin.networks import state_chip
from network.portal.admin.standing import AUDITOR, MANAGER, OFFICER, OPERATOR, Standing
from network.portal.admin.texts import texts_in
from network.portal.work_queue import Tile, wait_here
from network.translation.models import texts_of


def organisations_of_own_networks(standing: Standing) -> Q:
    """Organisations that run one's own networks."""
    return Q(networks_run__uuid__in=standing.networks)


def organisations_of_own_funds(standing: Standing) -> Q:
    """Organisations that pay into one's own funds or sent an application to them."""
    sent = Q(applications__round__fund__uuid__in=standing.funds, applications__number__isnull=False)
    found = Organisation.objects.filter(Q(contributions__fund__uuid__in=standing.funds) | sent)
    return Q(pk__in=found.values("pk"))


class VerifyForm(ReasonForm):
    """Until when an organisation counts as verified, and what staff went by."""

    until = forms.DateField(
        label=gettext_lazy("Verified until"),
        widget=DayInput,
        required=False,
        help_text=gettext_lazy("The last day. After it the organisation asks again. Empty: until further notice."),
    )
    field_order = ("until", "reason")


def _may_verify(user: Any, organisation: Organisation) -> Verdict:
    if organisation.archived_at is not None:
        return Denied(_("It is in the archive already."))
    return can_verify_organisation(user, organisation)


@admin.register(Organisation)
class OrganisationAdmin(KoineModelAdmin):
    """Organisations. Their own editors write them; operators help."""

    reach = {
        OPERATOR: Reach(change=True),
        AUDITOR: Reach(),
        OFFICER: Reach(organisations_of_own_networks),
        MANAGER: Reach(organisations_of_own_funds),
    }
    menu_group, menu_position = gettext_lazy("People"), 70
    history_children = (
        Child(OrganisationIdentifier, "organisation_id"),
        Child(OrganisationMember, "organisation_id"),
        Child(OrganisationDocument, "organisation_id"),
        Child(DueDiligenceCheck, "organisation_id"),
        Child(DistinctOrganisations, "first_id"),
        Child(DistinctOrganisations, "second_id"),
    )
    list_display = ("shown_name", "kind", "shown_country", "website", "verified", "archived")
    list_filter = (choice_filter("kind"), choice_filter("verification"), country_filter("country"))
    list_ordering = ("shown", "pk")
    search_fields = ("slug",)
    search_help_text = gettext_lazy("Name in any language, or number in a register")
    questions = (
        Question("waiting", gettext_lazy("Waits to be verified"), lambda rows: rows.waiting()),
        Question("over", gettext_lazy("Verification is over"), lambda rows: over(rows.filter(archived_at=None))),
    )
    facts = ((None, ("kind", "country", "address", "website", "numbers_told", "members_told", "verification_told")),)
    texts = ("name", "description")
    readonly_fields = ("numbers_told", "members_told", "verification_told")
    levers = (
        Lever(
            "verify",
            gettext_lazy("Verify the organisation"),
            lambda organisation, user, data: verify_organisation(
                organisation, by=user, note=data["reason"], until=data["until"]
            ),
            _may_verify,
            form=VerifyForm,
            consequence=gettext_lazy(
                "Its owners are told. Numbers, documents and possible duplicates stand on its page on the desk."
            ),
            icon="check",
        ),
        Lever(
            "refuse",
            gettext_lazy("Refuse the verification"),
            lambda organisation, user, data: refuse_verification(organisation, by=user, reason=data["reason"]),
            _may_verify,
            idle=lambda organisation: organisation.verification == Verification.REFUSED,
            consequence=gettext_lazy("Its owners are told why. It may still apply."),
            grave=True,
        ),
    )

    def list_rows(self, rows: QuerySet) -> QuerySet:
        return rows.annotate(shown=name_through("name")).only(
            "slug", "kind", "country", "website", "archived_at", "verification", "verified_until"
        )

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        term = search_term.strip()
        if not term:
            return queryset, False
        found = pickers.by_columns("name")(Organisation.objects.order_by(), term)
        wanted = Q(pk__in=found.values("pk"))
        wanted |= Q(pk__in=OrganisationIdentifier.objects.filter(number__iexact=term).values("organisation_id"))
        return queryset.filter(wanted), False

    @admin.display(description=gettext_lazy("Organisation"), ordering="shown")
    def shown_name(self, obj: Any) -> str:
        return obj.shown or obj.slug

    @admin.display(description=gettext_lazy("Country"), ordering="country")
    def shown_country(self, obj: Any) -> str:
        return country_name(obj.country)

    @admin.display(description=gettext_lazy("Verification"), ordering="verification")
    def verified(self, obj: Any) -> str:
        if is_over(obj, timezone.localdate()):
            return format_html('<span class="chip chip--watch">{}</span>', _("Verification is over"))
        return format_html(
            '<span class="chip chip--{}">{}</span>', CHIPS[obj.verification], obj.get_verification_display()
        )

    @admin.display(description=gettext_lazy("Verification"))
    def verification_told(self, obj: Any) -> str:
        if obj.merged_into_id:
            return _("Merged into %(organisation)s") % {"organisation": obj.merged_into}
        until = ""
        if obj.verified_until:
            until = _("until %(day)s") % {"day": day_text(obj.verified_until)}
        return format_html(
            '{} {}<div>{}</div><div><a href="{}">{}</a></div>',
            self.verified(obj),
            until,
            obj.verification_reason,
            reverse("people:verification", args=[obj.slug]),
            _("Numbers, documents and possible duplicates"),
        )

    @admin.display(description=gettext_lazy("State"), ordering="archived_at")
    def archived(self, obj: Any) -> str:
        return state_chip(bool(obj.archived_at))

    @admin.display(description=gettext_lazy("Numbers in registers"))
    def numbers_told(self, obj: Any) -> str:
        rows = [(row.get_scheme_display(), row.number) for row in obj.identifiers.order_by("scheme", "number")]
        return format_html_join("", "<div>{}: <bdi>{}</bdi></div>", rows) or _("none")

    @admin.display(description=gettext_lazy("Members"))
    def members_told(self, obj: Any) -> str:
        rows = [(row.user, row.get_role_display()) for row in obj.memberships.select_related("user").order_by("id")]
        return format_html_join("", "<div><bdi>{}</bdi>: {}</div>", rows) or _("none")

    def revise(self, request: HttpRequest, obj: Organisation, form: KoineAdminForm) -> None:
        """The domain writes one language at a time: each one that changed, with the plain facts."""
        changes = form.changes()
        names = {**texts_of(obj, "name"), **texts_in(changes, "name")}
        about = {**texts_of(obj, "description"), **texts_in(changes, "description")}
        changed = [code for code in CODES if f"name_{code}" in changes or f"description_{code}" in changes]
        for code in changed or [next(code for code, name in names.items() if name)]:
            if not names.get(code):
                raise DomainError(_("Write the name in each language that has a description."), code="name")
            data = OrganisationData(
                name=names[code],
                kind=changes.get("kind", obj.kind),
                country=changes.get("country", obj.country),
                website=changes.get("website", obj.website),
                description=about.get(code, ""),
                identifiers=tuple(obj.identifiers.values_list("scheme", "number")),
                address=changes.get("address", obj.address),
            )
            with override(code):
                obj = update_organisation(obj, data, by=request.user, version=obj.version)


wait_here(
    Tile(
        Organisation,
        "waiting",
        gettext_lazy("Organisations that wait to be verified"),
        gettext_lazy("Look at their numbers and documents"),
        position=34,
        urgent=True,
    )
)
