"""Labels that networks gave: which are valid, which expire soon, and awarding, renewing and withdrawing them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext as _, gettext_lazy

from network.frame.moments import day_text
from network.frame.names import number_text
from network.languages import DEFAULT, LANGUAGES
from network.portal.admin import pickers
from network.portal.admin.base import KoineModelAdmin, Reach
from network.portal.admin.fields import PickField
from network.portal.admin.forms import KoineAdminForm
from network.portal.admin.levers import Lever
from network.portal.admin.lists import Question, name_through, related_filter
from network.portal.admin.practices import chip
from network.portal.admin.standing import AUDITOR, OFFICER, OPERATOR, Standing
from network.portal.work_queue import Tile, wait_here
from practices.domain.labels import Grounds, award_label, renew_label, withdraw_label
from practices.enums.labels import LabelState
from practices.enums.reviews import Criterion
from practices.forms.labels import GroundsForm, WithdrawForm
from practices.models import Label, LabelKind
from practices.queries.labels import label_facts
from practices.rules.labels import NEAR, can_renew_label, can_withdraw_label, renewed_from, requirements

CHIPS = {LabelState.VALID: "good", LabelState.UPCOMING: "civic", LabelState.WITHDRAWN: "stop", LabelState.EXPIRED: ""}
LANGUAGE_CHOICES = [(code, language.native_name) for code, language in LANGUAGES.items()]


def of_own_networks(standing: Standing) -> Q:
    """Labels of the networks whose officer one is."""
    return Q(kind__network__uuid__in=standing.networks)


def soon(rows: QuerySet) -> QuerySet:
    """Valid, at an end within sixty days, and not renewed yet."""
    today = timezone.localdate()
    later = Label.objects.standing().filter(
        practice=OuterRef("practice"), kind=OuterRef("kind"), valid_from__gt=OuterRef("valid_until")
    )
    return rows.valid_on(today).filter(~Exists(later), valid_until__lte=today + NEAR)


def expired(rows: QuerySet) -> QuerySet:
    """Over, and not withdrawn."""
    return rows.standing().filter(valid_until__lt=timezone.localdate())


def not_to_be_renewed(label: Label) -> bool:
    """Whether it is too early or too late to renew it."""
    today = timezone.localdate()
    return label.state_on(today) != LabelState.VALID or today < renewed_from(label)


def kind_names(request: HttpRequest) -> QuerySet:
    """The kinds of labels one may see, as (slug, name)."""
    rows = admin.site.get_model_admin(LabelKind).get_queryset(request)
    return rows.annotate(shown=name_through("name")).order_by("slug").values_list("slug", "shown")


class AwardForm(KoineAdminForm):
    """Which practice gets which label. What is missing is said, and nothing written."""

    practice = PickField(
        pickers.practices(),
        "/admin/suggest/practice/",
        label=gettext_lazy("Practice"),
        help_text=gettext_lazy("Its title in any language. What is still missing is said before anything is written."),
    )
    grounds = GroundsForm.base_fields["grounds"]
    language = forms.ChoiceField(label=gettext_lazy("Written in"), choices=LANGUAGE_CHOICES)


@admin.register(Label)
class LabelAdmin(KoineModelAdmin):
    """Labels on record, reached from the list of practices and the work queue.

    They never change: they are renewed by another one, withdrawn, or expire by themselves.
    """

    form = AwardForm
    reach = {
        OPERATOR: Reach(add=True, change=True),
        AUDITOR: Reach(),
        OFFICER: Reach(of_own_networks, add=True, change=True),
    }
    empty_words = gettext_lazy("No label answers this. Change the question, or award one.")
    list_display = ("shown_name", "shown_kind", "shown_network", "shown_from", "shown_until", "shown_state")
    list_filter = (related_filter("kind__slug", gettext_lazy("Label"), kind_names),)
    list_ordering = ("-valid_until", "pk")
    search_fields = ("practice__slug",)
    search_help_text = gettext_lazy("Title of the practice in any language")
    questions = (
        Question("valid", gettext_lazy("Valid today"), lambda rows: rows.valid_on(timezone.localdate())),
        Question("soon", gettext_lazy("Expiring within 60 days"), soon),
        Question("expired", gettext_lazy("Expired"), expired),
        Question("withdrawn", gettext_lazy("Withdrawn"), lambda rows: rows.filter(withdrawn_on__isnull=False)),
    )
    facts = (
        (None, ("shown_practice", "shown_kind", "shown_network", "shown_state", "shown_from", "shown_until")),
        (gettext_lazy("What it was given for"), ("shown_points", "shown_grounds", "shown_by")),
        (gettext_lazy("What the practice shows today"), ("needs_told",)),
    )
    facts_new = ((None, ("practice", "kind", "grounds", "language")),)
    readonly_fields = (
        "shown_practice",
        "shown_kind",
        "shown_network",
        "shown_state",
        "shown_from",
        "shown_until",
        "shown_points",
        "shown_grounds",
        "shown_by",
        "needs_told",
    )
    levers = (
        Lever(
            "renew",
            gettext_lazy("Renew"),
            lambda label, user, data: renew_label(label, Grounds(data["grounds"], data["language"]), by=user),
            can_renew_label,
            idle=not_to_be_renewed,
            form=GroundsForm,
            initial=lambda label: {"language": get_language() or DEFAULT},
            consequence=gettext_lazy(
                "Another label follows this one, with the points of the new reviews. What is missing for that stands on its page."
            ),
            icon="check",
        ),
        Lever(
            "withdraw",
            gettext_lazy("Withdraw the label"),
            lambda label, user, data: withdraw_label(label, reason=data["reason"], by=user),
            can_withdraw_label,
            idle=lambda label: label.state_on(timezone.localdate()) in {LabelState.EXPIRED, LabelState.WITHDRAWN},
            form=WithdrawForm,
            consequence=gettext_lazy(
                "From today on it is no longer valid. That it was withdrawn stays on the practice’s page."
            ),
            grave=True,
        ),
    )

    def list_tools(self, request: HttpRequest) -> list[dict[str, Any]]:
        """To what networks give them for."""
        kinds = self.admin_site.get_model_admin(LabelKind)
        tool = {"name": kinds.menu_name(), "url": kinds.list_url(), "icon": "seal"}
        return [*super().list_tools(request), tool]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A label on record has levers only."""
        return False

    def can_act(self, request: HttpRequest, obj: Any) -> bool:
        return self._allows(request, "change", obj)

    def facts_for(self, request: HttpRequest, obj: Any) -> Any:
        return self.facts if obj else self.facts_new

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        shown = {
            "shown": name_through("practice__title"),
            "shown_kind_name": name_through("kind__name"),
            "shown_network_name": name_through("kind__network__name"),
        }
        return super().get_queryset(request).select_related("kind__network", "practice__city").annotate(**shown)

    def list_rows(self, rows: QuerySet) -> QuerySet:
        return rows.only(
            "valid_from", "valid_until", "withdrawn_on", "kind__slug", "kind__network__slug",
            "kind__network__abbreviation", "practice__slug", "practice__city__slug",
        )  # fmt: skip

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        term = search_term.strip()
        found = pickers.find_practices(pickers.practices().rows.model._default_manager.order_by(), term)
        return (queryset.filter(practice__in=found.values("pk")) if term else queryset), False

    def name_of(self, obj: Any) -> str:
        told = {
            "label": getattr(obj, "shown_kind_name", "") or obj.kind,
            "title": getattr(obj, "shown", "") or obj.practice,
        }
        return _("%(label)s: %(title)s") % told

    def public_url(self, obj: Any) -> str:
        return f"{obj.practice.get_absolute_url()}#labels"

    # --- columns and read-only lines ------------------------------------------------------------------------------------

    @admin.display(description=gettext_lazy("Practice"), ordering="shown")
    def shown_name(self, obj: Any) -> str:
        return obj.shown or obj.practice.slug

    @admin.display(description=gettext_lazy("Practice"))
    def shown_practice(self, obj: Any) -> str:
        url = reverse("practices:labels", args=[obj.practice.slug])
        return format_html('<a href="{}"><bdi>{}</bdi></a>', url, getattr(obj, "shown", "") or obj.practice)

    @admin.display(description=gettext_lazy("Label"), ordering="shown_kind_name")
    def shown_kind(self, obj: Any) -> str:
        return format_html("<bdi>{}</bdi>", getattr(obj, "shown_kind_name", "") or str(obj.kind))

    @admin.display(description=gettext_lazy("Network"), ordering="kind__network__slug")
    def shown_network(self, obj: Any) -> str:
        network = obj.kind.network
        return format_html("<bdi>{}</bdi>", network.abbreviation or getattr(obj, "shown_network_name", "") or network)

    @admin.display(description=gettext_lazy("Valid from"), ordering="valid_from")
    def shown_from(self, obj: Any) -> str:
        return day_text(obj.valid_from)

    @admin.display(description=gettext_lazy("Valid until"), ordering="valid_until")
    def shown_until(self, obj: Any) -> str:
        return day_text(obj.valid_until)

    @admin.display(description=gettext_lazy("State"), ordering=F("withdrawn_on").asc(nulls_first=True))
    def shown_state(self, obj: Any) -> str:
        state = obj.state_on(timezone.localdate())
        return chip(state.label, CHIPS[state])

    @admin.display(description=gettext_lazy("Points of 5, on average"))
    def shown_points(self, obj: Any) -> str:
        rows = [(criterion.label, number_text(score)) for criterion, score in zip(Criterion, obj.scores, strict=True)]
        rows.append((_("Finished reviews"), number_text(obj.reviewers)))
        return _list(format_html_join("", "<li>{}: {}</li>", rows))

    @admin.display(description=gettext_lazy("What the network says about it"))
    def shown_grounds(self, obj: Any) -> str:
        return format_html('<span lang="{}" dir="auto">{}</span>', obj.language, obj.grounds) if obj.grounds else ""

    @admin.display(description=gettext_lazy("Awarded by"))
    def shown_by(self, obj: Any) -> str:
        told = [(_("awarded on %(day)s") % {"day": day_text(obj.awarded_on)}, obj.awarded_by or "")]
        if obj.withdrawn_on:
            told.append((_("withdrawn on %(day)s") % {"day": day_text(obj.withdrawn_on)}, obj.withdrawn_by or ""))
            told.append((_("Reason"), obj.withdrawn_because))
        return _list(format_html_join("", "<li>{}: <bdi>{}</bdi></li>", told))

    @admin.display(description=gettext_lazy("What a renewal would need today"))
    def needs_told(self, obj: Any) -> str:
        today = timezone.localdate()
        found = requirements(obj.kind, label_facts(obj.practice, obj.kind, today), today)
        rows = [
            ("✓" if reason.met else "✗", _("Met:") if reason.met else _("Not met yet:"), reason.text)
            for reason in found
        ]
        line = '<li><span aria-hidden="true">{} </span><span class="visually-hidden">{}</span> {}</li>'
        return _list(format_html_join("", line, rows))

    # --- saving ---------------------------------------------------------------------------------------------------------

    def enrol(self, request: HttpRequest, form: KoineAdminForm) -> Label:
        data = form.cleaned_data
        return award_label(data["practice"], data["kind"], Grounds(data["grounds"], data["language"]), by=request.user)


def _list(lines: SafeString) -> SafeString:
    return format_html('<ul class="plain-list">{}</ul>', lines)


wait_here(
    Tile(Label, "soon", gettext_lazy("Labels that expire soon"), gettext_lazy("Ask peers to look again"), position=60)
)
