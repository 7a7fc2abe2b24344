"""The whole history, read-only, and the record of lists that were taken out of the portal."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.contrib import admin
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.text import capfirst
from django.utils.translation import gettext as _, gettext_lazy

from grants.models import AnswerSection, Application, ApplicationVersion, Attachment
from network.audit.models import AuditEvent
from network.audit.registry import REGISTERED
from network.people.models import User
from network.portal.admin.applications import readable_keys
from network.portal.admin.base import KoineModelAdmin, Reach
from network.portal.admin.history import model_of, moment_words, spoken, tell
from network.portal.admin.lists import KoineFilter, Question, choice_filter
from network.portal.admin.standing import AUDITOR, OPERATOR, Standing, standing_of
from network.portal.models import Download

# Tables that tell what an application says, with the column that leads to the application.
OF_APPLICATIONS = {
    Application: "id",
    AnswerSection: "application_id",
    ApplicationVersion: "application_id",
    Attachment: "application_id",
}


def is_sealed(event: AuditEvent, standing: Standing) -> bool:
    """Whether a row tells of an application that staff may not read: a draft, or one of a round that is still sealed."""
    model = model_of(event.table)
    column = OF_APPLICATIONS.get(model) if model else None
    if column is None:
        return False
    key = (event.after or event.before or {}).get(column)
    return not readable_keys(standing).filter(pk=key).exists()


class ThingFilter(KoineFilter):
    """A filter by what was changed."""

    title = gettext_lazy("What")
    parameter_name = "what"

    def lookups(self, request, model_admin):
        named = ((model._meta.label_lower, capfirst(model._meta.verbose_name)) for model in REGISTERED)
        return sorted(named, key=lambda pair: pair[1])

    def queryset(self, request, queryset):
        model = next((one for one in REGISTERED if one._meta.label_lower == self.value()), None)
        return queryset.filter(table=model._meta.db_table) if model else queryset


@admin.register(AuditEvent)
class AuditEventAdmin(KoineModelAdmin):
    """Every change of every record, as the database wrote it down."""

    reach = {OPERATOR: Reach(), AUDITOR: Reach()}
    menu_group, menu_position = gettext_lazy("System"), 120
    list_display = ("when", "who", "thing", "shown_action", "reason")
    list_filter = (ThingFilter, choice_filter("action", gettext_lazy("Action")))
    list_ordering = ("-id",)
    search_fields = ("reason",)
    search_help_text = gettext_lazy("Name or e-mail address of who did it, reason, number of the request")
    questions = (
        Question("explained", gettext_lazy("With a reason"), lambda rows: rows.exclude(reason="")),
        Question("portal", gettext_lazy("Done by the portal itself"), lambda rows: rows.filter(actor_id__isnull=True)),
    )
    facts = ((None, ("when", "who", "thing", "record", "shown_action", "changes_told", "reason", "request_told")),)
    readonly_fields = ("when", "who", "thing", "record", "shown_action", "changes_told", "request_told")

    def menu_name(self) -> str:
        return _("History")

    def name_of(self, obj: Any) -> str:
        return f"{self.thing(obj)}: {obj.get_action_display()}"

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        actor = User.objects.filter(pk=OuterRef("actor_id")).values("display_name")[:1]
        return super().get_queryset(request).annotate(actor_name=Subquery(actor)).order_by("-id")

    def list_rows(self, rows: QuerySet) -> QuerySet:
        return rows.defer("before", "after")

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        term = search_term.strip()
        if not term:
            return queryset, False
        people = User.objects.filter(Q(display_name__icontains=term) | Q(email__icontains=term)).values("pk")
        return queryset.filter(Q(actor_id__in=people) | Q(reason__icontains=term) | Q(request_id=term)), False

    def history_view(self, request: HttpRequest, object_id: str, extra_context: dict | None = None) -> Any:
        """History has no history: its own page says all."""
        return self.change_view(request, object_id)

    @admin.display(description=gettext_lazy("When"), ordering="id")
    def when(self, obj: Any) -> str:
        return moment_words(obj.at)

    @admin.display(description=gettext_lazy("Who"))
    def who(self, obj: Any) -> str:
        if obj.actor_id is None:
            return _("the portal itself")
        return obj.actor_name or _("an account that is gone")

    @admin.display(description=gettext_lazy("What"), ordering="table")
    def thing(self, obj: Any) -> str:
        model = model_of(obj.table)
        return capfirst(model._meta.verbose_name) if model else _("A record of former times")

    @admin.display(description=gettext_lazy("Action"), ordering="action")
    def shown_action(self, obj: Any) -> str:
        return obj.get_action_display()

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        found = super().get_object(request, object_id, from_field)
        if found is not None:
            found.sealed = is_sealed(found, standing_of(request))
        return found

    @admin.display(description=gettext_lazy("Record"))
    def record(self, obj: Any) -> str:
        """The record by its name, with the way to its page where it has one."""
        model = model_of(obj.table)
        found = model._default_manager.filter(pk=obj.row).first() if model and not obj.sealed else None
        if found is None:
            return ""
        page = admin.site._registry.get(model)
        if page is None:
            return format_html("<bdi>{}</bdi>", spoken(found))
        return format_html('<a href="{}"><bdi>{}</bdi></a>', page.page_url(found, "history"), page.name_of(found))

    @admin.display(description=gettext_lazy("Changes"))
    def changes_told(self, obj: Any) -> str:
        if obj.sealed:
            return _("Not shown: the application is a draft, or its round is sealed until it closes.")
        rows = tell([obj])[0].changes
        return format_html_join("", "<div><b>{}</b>: <bdi>{}</bdi> → <bdi>{}</bdi></div>", rows)

    @admin.display(description=gettext_lazy("Request"))
    def request_told(self, obj: Any) -> str:
        return format_html('<bdi dir="ltr">{}</bdi>', obj.request_id) if obj.request_id else ""


@admin.register(Download)
class DownloadAdmin(KoineModelAdmin):
    """Which lists somebody took out of the portal, with which filters."""

    reach = {OPERATOR: Reach(), AUDITOR: Reach()}
    menu_group, menu_position = gettext_lazy("System"), 130
    list_display = ("when", "who", "what", "asked_for", "number_of_rows", "form_told")
    list_select_related = ("by",)
    list_ordering = ("-id",)
    search_fields = ("by__display_name", "by__email")
    search_help_text = gettext_lazy("Name or e-mail address")
    facts = ((None, ("when", "who", "what", "asked_for", "number_of_rows", "form_told")),)
    readonly_fields = ("when", "who", "what", "asked_for", "number_of_rows", "form_told")

    def name_of(self, obj: Any) -> str:
        return f"{self.what(obj)}, {self.when(obj)}"

    @admin.display(description=gettext_lazy("When"), ordering="at")
    def when(self, obj: Any) -> str:
        return moment_words(obj.at)

    @admin.display(description=gettext_lazy("Who"))
    def who(self, obj: Any) -> str:
        return str(obj.by) if obj.by else _("an account that is gone")

    @admin.display(description=gettext_lazy("List"))
    def what(self, obj: Any) -> str:
        model = apps.get_model(obj.model)
        return capfirst(model._meta.verbose_name_plural)

    @admin.display(description=gettext_lazy("Filters"))
    def asked_for(self, obj: Any) -> str:
        return obj.filters or _("none")

    @admin.display(description=gettext_lazy("Rows"), ordering="rows")
    def number_of_rows(self, obj: Any) -> str:
        return str(obj.rows)

    @admin.display(description=gettext_lazy("Format"))
    def form_told(self, obj: Any) -> str:
        return obj.get_form_display()
