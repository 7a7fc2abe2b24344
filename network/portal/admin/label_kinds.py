"""What networks give labels for: names, what a practice must show, and for how long."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _, gettext_lazy

from network.frame.names import number_text
from network.portal.admin import pickers
from network.portal.admin.base import KoineModelAdmin, Reach
from network.portal.admin.forms import KoineAdminForm
from network.portal.admin.levers import Lever, asks_archive
from network.portal.admin.lists import Question, name_through
from network.portal.admin.networks import state_chip
from network.portal.admin.standing import AUDITOR, OFFICER, OPERATOR, Standing
from network.portal.admin.texts import texts_in
from network.translation.models import texts_of
from practices.domain.labels import KindDetails, archive_label_kind, change_label_kind, create_label_kind
from practices.models import LabelKind
from practices.rules.labels import can_manage_label_kind

FIGURES = ("maturity", "score", "reviewers", "months")


def of_own_networks(standing: Standing) -> Q:
    """Kinds of labels of the networks whose officer one is."""
    return Q(network__uuid__in=standing.networks)


@admin.register(LabelKind)
class LabelKindAdmin(KoineModelAdmin):
    """Kinds of labels, reached from the list of labels. What is changed counts for labels to come."""

    reach = {
        OPERATOR: Reach(add=True, change=True),
        AUDITOR: Reach(),
        OFFICER: Reach(of_own_networks, add=True, change=True),
    }
    empty_words = gettext_lazy("No label answers this. Say what your network gives one for: add a kind of label.")
    list_display = ("shown_name", "shown_network", "asked_for", "lasts", "number_of_labels", "shown_state")
    list_ordering = ("shown", "pk")
    search_fields = ("slug",)
    search_help_text = gettext_lazy("Name in any language")
    questions = (
        Question("kept", gettext_lazy("In use"), lambda rows: rows.filter(archived_at__isnull=True)),
        Question("archived", gettext_lazy("In the archive"), lambda rows: rows.filter(archived_at__isnull=False)),
    )
    facts = (
        (None, ("shown_network", "shown_state")),
        (gettext_lazy("What a practice must show"), FIGURES),
    )
    facts_new = ((None, ("network",)), (gettext_lazy("What a practice must show"), FIGURES))
    texts = ("name", "meaning")
    readonly_fields = ("shown_network", "shown_state")
    levers = (
        Lever(
            "archive",
            gettext_lazy("Put into the archive"),
            lambda kind, user, data: archive_label_kind(kind, reason=data["reason"], by=user),
            asks_archive(can_manage_label_kind, restore=False),
            idle=lambda kind: bool(kind.archived_at),
            consequence=gettext_lazy("It is given no more. Labels that were given stay valid until their last day."),
            grave=True,
        ),
        Lever(
            "restore",
            gettext_lazy("Take out of the archive"),
            lambda kind, user, data: archive_label_kind(kind, reason=data["reason"], by=user, restore=True),
            asks_archive(can_manage_label_kind, restore=True),
            idle=lambda kind: not kind.archived_at,
            consequence=gettext_lazy("It can be given again."),
        ),
    )

    def facts_for(self, request: HttpRequest, obj: Any) -> Any:
        return self.facts if obj else self.facts_new

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("network")

    def list_rows(self, rows: QuerySet) -> QuerySet:
        shown = {"shown": name_through("name"), "shown_network_name": name_through("network__name")}
        return rows.annotate(**shown, label_count=Count("labels", distinct=True)).only(
            "slug", *FIGURES, "archived_at", "network__slug", "network__uuid", "network__abbreviation"
        )

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        term = search_term.strip()
        found = pickers.by_columns("name")(LabelKind.objects.order_by(), term)
        return (queryset.filter(pk__in=found.values("pk")) if term else queryset), False

    @admin.display(description=gettext_lazy("Label"), ordering="shown")
    def shown_name(self, obj: Any) -> str:
        return obj.shown or obj.slug

    @admin.display(description=gettext_lazy("Network"), ordering="network__slug")
    def shown_network(self, obj: Any) -> str:
        name = getattr(obj, "shown_network_name", "") or str(obj.network)
        return format_html("<bdi>{}</bdi>", obj.network.abbreviation or name)

    @admin.display(description=gettext_lazy("Asked for"))
    def asked_for(self, obj: Any) -> str:
        told = {
            "level": obj.get_maturity_display(),
            "points": number_text(obj.score),
            "reviews": number_text(obj.reviewers),
        }
        return _("%(level)s · points: %(points)s · reviews: %(reviews)s") % told

    @admin.display(description=gettext_lazy("Valid for, in months"), ordering="months")
    def lasts(self, obj: Any) -> str:
        return number_text(obj.months)

    @admin.display(description=gettext_lazy("Labels"), ordering="label_count")
    def number_of_labels(self, obj: Any) -> str:
        url = reverse("admin:practices_label_changelist")
        return format_html('<a href="{}?kind={}">{}</a>', url, obj.slug, number_text(obj.label_count))

    @admin.display(description=gettext_lazy("State"), ordering="archived_at")
    def shown_state(self, obj: Any) -> str:
        return state_chip(bool(obj.archived_at))

    def enrol(self, request: HttpRequest, form: KoineAdminForm) -> LabelKind:
        data = form.cleaned_data
        details = KindDetails(
            names=texts_in(data, "name"),
            meaning=texts_in(data, "meaning"),
            **{name: data[name] for name in FIGURES},
        )
        return create_label_kind(data["network"], details, by=request.user)

    def revise(self, request: HttpRequest, obj: LabelKind, form: KoineAdminForm) -> None:
        changes = form.changes()
        details = KindDetails(
            names={**texts_of(obj, "name"), **texts_in(changes, "name")},
            meaning={**texts_of(obj, "meaning"), **texts_in(changes, "meaning")},
            **{name: changes.get(name, getattr(obj, name)) for name in FIGURES},
        )
        change_label_kind(obj, details, by=request.user)
