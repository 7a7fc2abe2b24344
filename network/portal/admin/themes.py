"""The classification of the library: its tree, its words in every language, merging and splitting."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import get_language, gettext as _, gettext_lazy

from network.frame.names import language_name
from network.languages import CODES, DEFAULT
from network.portal.admin.base import KoineModelAdmin, Reach
from network.portal.admin.forms import KoineAdminForm
from network.portal.admin.history import SPOKEN
from network.portal.admin.levers import Lever
from network.portal.admin.lists import Question, choice_filter
from network.portal.admin.practices import chip
from network.portal.admin.standing import AUDITOR, OPERATOR
from network.portal.admin.texts import texts_in
from network.portal.admin.theme_forms import TREE_ORDER, ConceptForm, MergeForm, SplitForm, in_tree, parts_in
from network.translation.models import column
from practices.domain.theme_merging import merge_themes, split_theme
from practices.domain.themes import ThemeChanges, archive_theme, create_theme, edit_theme, restore_theme
from practices.models import Concept
from practices.rules.practices import can_manage_themes


def hidden_in(values: dict[str, Any]) -> dict[str, list[str]]:
    """The words that find a concept among values by field: `{"hidden_sv": [...]}` is `{"sv": [...]}`."""
    return {code: values[f"hidden_{code}"] for code in CODES if f"hidden_{code}" in values}


def spoken_words(value: Any, whole: dict[str, Any]) -> str:
    """The words that find a concept, language by language."""
    return " · ".join(f"{language_name(code)}: {', '.join(words)}" for code, words in value.items()) or _("nothing")


SPOKEN[Concept, "hidden_labels"] = spoken_words


@admin.register(Concept)
class ConceptAdmin(KoineModelAdmin):
    """The classification of the library. Operators change it: it belongs to all networks."""

    form = ConceptForm
    reach = {OPERATOR: Reach(add=True, change=True), AUDITOR: Reach()}
    menu_group, menu_position = gettext_lazy("Library"), 45
    list_display = ("shown_name", "kind", "number_of_practices", "shown_state")
    list_filter = (choice_filter("kind"),)
    list_ordering = TREE_ORDER
    search_fields = ("code",)
    search_help_text = gettext_lazy("Label or word in any language")
    questions = (
        Question("used", gettext_lazy("In use"), lambda rows: rows.filter(archived_at__isnull=True)),
        Question("empty", gettext_lazy("Without a practice"), lambda rows: rows.filter(practices__isnull=True)),
        Question("archived", gettext_lazy("In the archive"), lambda rows: rows.filter(archived_at__isnull=False)),
    )
    facts = (
        (None, ("kind_told", "code_told", "shown_state", "broader", "position")),
        (gettext_lazy("In other vocabularies"), ("exact_match", "close_match")),
    )
    facts_new = ((None, ("kind", "code", "broader", "position")),)
    texts = ("label", "scope_note")
    readonly_fields = ("kind_told", "code_told", "shown_state")
    levers = (
        Lever(
            "merge",
            gettext_lazy("Merge into another"),
            lambda theme, user, data: merge_themes(theme, data["into"], by=user, reason=data["reason"]),
            can_manage_themes,
            idle=lambda theme: theme.replaced_by_id is not None,
            form=MergeForm,
            initial=lambda theme: {"theme": theme},
            consequence=gettext_lazy(
                "Its practices go to the other one, which is found by its words too. Its address leads there for ever."
            ),
            grave=True,
        ),
        Lever(
            "split",
            gettext_lazy("Split"),
            lambda theme, user, data: split_theme(theme, parts_in(data), by=user, reason=data["reason"]),
            can_manage_themes,
            idle=lambda theme: theme.archived_at is not None,
            form=SplitForm,
            initial=lambda theme: {"theme": theme},
            consequence=gettext_lazy(
                "New themes become part of this one. The practices you choose go there; the others stay."
            ),
        ),
        Lever(
            "archive",
            gettext_lazy("Put into the archive"),
            lambda theme, user, data: archive_theme(theme, by=user, reason=data["reason"]),
            can_manage_themes,
            idle=lambda theme: theme.archived_at is not None,
            consequence=gettext_lazy("Nothing new is classified by it. Practices that have it keep it."),
            grave=True,
        ),
        Lever(
            "restore",
            gettext_lazy("Take out of the archive"),
            lambda theme, user, data: restore_theme(theme, by=user, reason=data["reason"]),
            can_manage_themes,
            idle=lambda theme: theme.archived_at is None or theme.replaced_by_id is not None,
        ),
    )

    def facts_for(self, request: HttpRequest, obj: Any) -> Any:
        return self.facts if obj else self.facts_new

    def _language_group(self, code: str, obj: Any) -> tuple[str, dict[str, Any]]:
        name, group = super()._language_group(code, obj)
        return name, {**group, "fields": [*group["fields"], f"hidden_{code}"]}

    def list_rows(self, rows: QuerySet) -> QuerySet:
        shown = in_tree(rows.for_language(get_language() or DEFAULT, "label"))
        return shown.annotate(practice_count=Count("practices"))

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        term = search_term.strip()
        wanted = Q(code__icontains=term) | Q(hidden_labels__icontains=term)
        for code in CODES:
            wanted |= Q(**{f"{column('label', code)}__icontains": term})
        return (queryset.filter(wanted) if term else queryset), False

    def public_url(self, obj: Any) -> str:
        return obj.get_absolute_url()

    def row_name(self, obj: Any) -> str:
        return obj.shown_label or obj.code

    @admin.display(description=gettext_lazy("Theme"))
    def shown_name(self, obj: Any) -> str:
        return "\u2003" * obj.depth + (obj.shown_label or obj.code)

    @admin.display(description=gettext_lazy("Kind"))
    def kind_told(self, obj: Any) -> str:
        return obj.get_kind_display()

    @admin.display(description=gettext_lazy("Code in addresses and open data"))
    def code_told(self, obj: Any) -> str:
        return format_html("<bdi>{}</bdi>", obj.code)

    @admin.display(description=gettext_lazy("Practices"), ordering="practice_count")
    def number_of_practices(self, obj: Any) -> str:
        return str(obj.practice_count)

    @admin.display(description=gettext_lazy("State"), ordering="archived_at")
    def shown_state(self, obj: Any) -> str:
        if obj.replaced_by_id:
            return chip(_("Merged into another"), "")
        return chip(_("In the archive"), "") if obj.archived_at else chip(_("In use"), "good")

    def enrol(self, request: HttpRequest, form: KoineAdminForm) -> Concept:
        data = form.cleaned_data
        return create_theme(
            data["code"],
            {code: text for code, text in texts_in(data, "label").items() if text},
            by=request.user,
            kind=data["kind"],
            position=data["position"],
            broader=data["broader"],
            changes=ThemeChanges(scope_notes=texts_in(data, "scope_note"), hidden=hidden_in(data)),
        )

    def revise(self, request: HttpRequest, obj: Concept, form: KoineAdminForm) -> None:
        new = form.changes()
        changes = ThemeChanges(
            labels=texts_in(new, "label"),
            scope_notes=texts_in(new, "scope_note"),
            hidden=hidden_in(new),
            exact_match=new.get("exact_match"),
            close_match=new.get("close_match"),
            position=new.get("position"),
            moved="broader" in new,
            broader=new.get("broader"),
        )
        edit_theme(obj, changes, by=request.user)
