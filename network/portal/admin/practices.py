"""Good practices and their themes: publishing, archiving, facts and the texts of the card."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import get_language, gettext as _, gettext_lazy

from network.frame.moments import day_text
from network.frame.names import language_name
from network.languages import CODES, DEFAULT
from network.membership.models import Membership
from network.people.models import User
from network.portal.admin import pickers
from network.portal.admin.base import KoineModelAdmin, Reach
from network.portal.admin.confirming import LEVERS as CONFIRMING, QUESTIONS as CONFIRMED, confirmation_words
from network.portal.admin.fields import PickField
from network.portal.admin.forms import KoineAdminForm
from network.portal.admin.history import Child
from network.portal.admin.levers import Lever
from network.portal.admin.lists import Question, choice_filter, country_filter, name_through
from network.portal.admin.practice_texts import PracticeTextPages
from network.portal.admin.standing import AUDITOR, OFFICER, OPERATOR, Standing
from network.portal.work_queue import Tile, wait_here
from network.translation.models import column
from practices.domain.addresses import rename_practice
from practices.domain.adoptions import add_adoption
from practices.domain.practices import NewPractice, PracticeFacts, create_practice, edit_practice
from practices.domain.workflow import archive_practice, publish_practice, restore_practice
from practices.enums import AdoptionStatus, Maturity, State
from practices.enums.verifying import Freshness
from practices.models import Adoption, Concept, Practice, PracticeNarrative, Verification
from practices.rules.adoptions import can_add_adoption
from practices.rules.practices import (
    can_archive_practice,
    can_edit_practice,
    can_publish_practice,
    can_restore_practice,
)
from practices.rules.verifying import is_overdue

CHIPS = {State.DRAFT: "watch", State.PUBLISHED: "good", State.ARCHIVED: ""}
MATURITY_CHIPS = {Maturity.TRANSFERRED: "civic", Maturity.GOOD: "good", Maturity.PROMISING: "watch"}


def of_own_cities(standing: Standing) -> Q:
    """Practices of cities in the networks whose officer one is."""
    return Q(city__in=Membership.objects.filter(network__uuid__in=standing.networks).values("city_id"))


def in_state(state: State) -> Any:
    return lambda rows: rows.filter(state=state)


def untranslated(rows: QuerySet) -> QuerySet:
    """Published in one language only."""
    return rows.filter(state=State.PUBLISHED, languages__len=1)


class AddressForm(forms.Form):
    """Another slug, as in /practices/<slug>/."""

    address = forms.SlugField(
        label=gettext_lazy("New address"),
        help_text=gettext_lazy("Letters of any script, digits and hyphens."),
        max_length=120,
        allow_unicode=True,
    )


class AdoptionForm(forms.Form):
    """Another city that took the practice up, as both cities say."""

    city = PickField(pickers.cities(), "/admin/suggest/city/", label=gettext_lazy("City that took it up"))
    status = forms.ChoiceField(
        label=gettext_lazy("How far it is"), choices=AdoptionStatus.choices, initial=AdoptionStatus.IN_PLACE
    )
    year = forms.IntegerField(label=gettext_lazy("Since which year?"))
    what_changed = forms.CharField(
        label=gettext_lazy("What changed"),
        help_text=gettext_lazy("In the practice's original language."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


def adopt(practice: Practice, user: User, data: dict[str, Any]) -> None:
    """Write the adoption down; its text is in the practice's original language."""
    said = {practice.original_language: data["what_changed"]} if data["what_changed"] else {}
    add_adoption(practice, data["city"], data["year"], said, status=data["status"], by=user)


class PracticeForm(KoineAdminForm):
    """Facts; on adding also the first words in the original language. All other texts have a page per language."""

    first_title = forms.CharField(label=gettext_lazy("Title, in the original language"), max_length=200)
    first_summary = forms.CharField(
        label=gettext_lazy("Summary, in the original language"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    themes = forms.ModelMultipleChoiceField(
        queryset=Concept.objects.none(),
        label=gettext_lazy("Themes"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            del self.fields["first_title"], self.fields["first_summary"]
        mine = Q(practices=self.instance.pk) if self.instance.pk else Q()
        used = Concept.objects.filter(Q(archived_at__isnull=True) | mine).distinct()
        shown = used.for_language(get_language() or DEFAULT).order_by("kind", "position", "code")
        self.fields["themes"].queryset = shown
        self.fields["themes"].label_from_instance = lambda theme: theme.shown_label or theme.code


@admin.register(Practice)
class PracticeAdmin(PracticeTextPages, KoineModelAdmin):
    """The library's records. State and maturity follow from levers and evidence; the form changes neither."""

    form = PracticeForm
    reach = {
        OPERATOR: Reach(add=True, change=True),
        AUDITOR: Reach(),
        OFFICER: Reach(of_own_cities, add=True, change=True),
    }
    menu_group, menu_position = gettext_lazy("Library"), 40
    history_children = (
        Child(PracticeNarrative, "practice_id"),
        Child(Adoption, "practice_id"),
        Child(Verification, "practice_id"),
    )
    empty_words = gettext_lazy("No practice answers this. Change the question, or add a practice.")
    list_display = (
        "shown_name",
        "shown_city",
        "shown_state",
        "shown_maturity",
        "original",
        "number_of_languages",
        "verified",
    )
    list_filter = (choice_filter("state"), choice_filter("maturity"), country_filter("city__country"))
    list_ordering = ("-updated_at", "pk")
    search_fields = ("slug",)
    search_help_text = gettext_lazy("Title in any language, or the city")
    questions = (
        Question("draft", gettext_lazy("Drafts"), in_state(State.DRAFT)),
        Question("published", gettext_lazy("Published"), in_state(State.PUBLISHED)),
        Question("one-language", gettext_lazy("Published in one language only"), untranslated),
        *CONFIRMED,
        Question("archived", gettext_lazy("In the archive"), in_state(State.ARCHIVED)),
    )
    facts = (
        (None, ("shown_city_name", "shown_state", "shown_maturity", "confirmation", "original", "texts_told")),
        (
            gettext_lazy("Facts"),
            (
                "running",
                "started_on",
                "started_precision",
                "ended_on",
                "settings_count",
                "themes",
                "source",
                "licence",
            ),
        ),
    )
    facts_new = (
        (None, ("city", "original_language", "first_title", "first_summary")),
        (
            gettext_lazy("Facts"),
            (
                "running",
                "started_on",
                "started_precision",
                "ended_on",
                "settings_count",
                "themes",
                "source",
                "licence",
            ),
        ),
    )
    readonly_fields = ("shown_city_name", "shown_state", "shown_maturity", "confirmation", "original", "texts_told")
    pickers = {"city": ("city", pickers.cities)}
    levers = (
        Lever(
            "publish",
            gettext_lazy("Publish"),
            lambda practice, user, data: publish_practice(practice, by=user),
            can_publish_practice,
            idle=lambda practice: practice.state == State.PUBLISHED,
            form=forms.Form,
            consequence=gettext_lazy("Everybody can read and find it. It needs its whole original text."),
            icon="check",
            many=True,
        ),
        *CONFIRMING,
        Lever(
            "rename",
            gettext_lazy("Change the address"),
            lambda practice, user, data: rename_practice(practice, data["address"], by=user),
            can_edit_practice,
            form=AddressForm,
            consequence=gettext_lazy(
                "The page gets this address. The one it has now leads there, and so does the short link."
            ),
        ),
        Lever(
            "adopted",
            gettext_lazy("Write down who took it up"),
            adopt,
            can_add_adoption,
            form=AdoptionForm,
            consequence=gettext_lazy(
                "It counts at once, as confirmed. What one city says alone is recorded on the practice's page."
            ),
        ),
        Lever(
            "archive",
            gettext_lazy("Put into the archive"),
            lambda practice, user, data: archive_practice(practice, by=user, reason=data["reason"]),
            can_archive_practice,
            idle=lambda practice: practice.state == State.ARCHIVED,
            consequence=gettext_lazy("It is no longer public and no longer found. Nothing of it is lost."),
            grave=True,
            many=True,
        ),
        Lever(
            "restore",
            gettext_lazy("Take out of the archive"),
            lambda practice, user, data: restore_practice(practice, by=user, reason=data["reason"]),
            can_restore_practice,
            idle=lambda practice: practice.state != State.ARCHIVED,
            consequence=gettext_lazy("It becomes a draft again and can then be published."),
        ),
    )

    def facts_for(self, request: HttpRequest, obj: Any) -> Any:
        return self.facts if obj else self.facts_new

    def list_tools(self, request: HttpRequest) -> list[dict[str, Any]]:
        """To the versions that cities submitted, and the labels that networks gave."""
        versions = reverse("admin:practices_practiceversion_changelist")
        labels = reverse("admin:practices_label_changelist")
        return [
            *super().list_tools(request),
            {"name": _("Versions of practices"), "url": versions, "icon": "file"},
            {"name": _("Labels"), "url": labels, "icon": "seal"},
        ]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("city")

    def list_rows(self, rows: QuerySet) -> QuerySet:
        city = name_through("city__name", native="city__native_name")
        shown = rows.for_language(get_language() or DEFAULT, "title").annotate(shown_city_text=city)
        return shown.only(
            "slug", "state", "maturity", "original_language", "languages", "verified_on", "review_due_on",
            "updated_at", "city__slug", "city__country", "city__uuid",
        )  # fmt: skip

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        term = search_term.strip()
        if not term:
            return queryset, False
        wanted = Q(city__in=pickers.cities().rows.matching(term).values("pk"))
        for code in CODES:
            wanted |= Q(**{f"{column('title', code)}__icontains": term})
        return queryset.filter(wanted), False

    def row_name(self, obj: Any) -> str:
        return obj.shown_title or obj.slug

    def name_of(self, obj: Any) -> str:
        return getattr(obj, "shown_title", "") or str(obj)

    def public_url(self, obj: Any) -> str:
        return obj.get_absolute_url() if obj.state == State.PUBLISHED else ""

    @admin.display(description=gettext_lazy("Practice"))
    def shown_name(self, obj: Any) -> str:
        return obj.shown_title or obj.slug

    @admin.display(description=gettext_lazy("City"), ordering="shown_city_text")
    def shown_city(self, obj: Any) -> str:
        return obj.shown_city_text

    @admin.display(description=gettext_lazy("City"))
    def shown_city_name(self, obj: Any) -> str:
        return str(obj.city)

    @admin.display(description=gettext_lazy("State"), ordering="state")
    def shown_state(self, obj: Any) -> str:
        return chip(obj.get_state_display(), CHIPS[State(obj.state)])

    @admin.display(description=gettext_lazy("Maturity"), ordering="maturity")
    def shown_maturity(self, obj: Any) -> str:
        return chip(obj.get_maturity_display(), MATURITY_CHIPS.get(Maturity(obj.maturity), ""))

    @admin.display(description=gettext_lazy("Original"), ordering="original_language")
    def original(self, obj: Any) -> str:
        return language_name(obj.original_language)

    @admin.display(description=gettext_lazy("Languages"))
    def number_of_languages(self, obj: Any) -> str:
        return str(len(obj.languages))

    @admin.display(description=gettext_lazy("Last verified"), ordering="verified_on")
    def verified(self, obj: Any) -> str:
        if obj.verified_on is None:
            return ""
        told = day_text(obj.verified_on)
        return format_html("{} {}", told, chip(Freshness.OVERDUE.label, "stop")) if is_overdue(obj) else told

    @admin.display(description=gettext_lazy("Confirmation"))
    def confirmation(self, obj: Any) -> str:
        return confirmation_words(obj)

    def enrol(self, request: HttpRequest, form: KoineAdminForm) -> Practice:
        data = form.cleaned_data
        texts = {data["original_language"]: {"title": data["first_title"], "summary": data["first_summary"]}}
        new = NewPractice(data["city"], data["original_language"], texts, self._facts(PracticeFacts(), data))
        return create_practice(new, by=request.user)

    def revise(self, request: HttpRequest, obj: Practice, form: KoineAdminForm) -> None:
        now = PracticeFacts(
            themes=tuple(obj.themes.values_list("code", flat=True)),
            running=obj.running,
            started_on=obj.started_on,
            started_precision=obj.started_precision,
            ended_on=obj.ended_on,
            settings=obj.settings_count,
            source=obj.source,
            licence=obj.licence,
            demo=obj.demo,
        )
        edit_practice(obj, self._facts(now, form.changes()), by=request.user)

    def _facts(self, now: PracticeFacts, values: dict[str, Any]) -> PracticeFacts:
        plain = {
            name: values.get(name, getattr(now, name))
            for name in ("running", "started_on", "started_precision", "ended_on", "source", "licence")
        }
        themes = tuple(theme.code for theme in values["themes"]) if "themes" in values else now.themes
        return PracticeFacts(**plain, themes=themes, settings=values.get("settings_count", now.settings), demo=now.demo)


def chip(words: Any, kind: str) -> str:
    """A word in a wash."""
    return format_html('<span class="{}">{}</span>', f"chip chip--{kind}" if kind else "chip", words)


wait_here(
    Tile(Practice, "draft", gettext_lazy("Practices in draft"), gettext_lazy("Complete and publish"), position=50)
)
