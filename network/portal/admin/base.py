"""What every list and form of the admin shares: scope by role, saving through the domain, history in words, levers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django.contrib import messages
from django.contrib.admin import ModelAdmin, ShowFacets, display
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from network.doors import DomainError
from network.portal.admin.forms import KoineAdminForm
from network.portal.admin.history import Child, events_of, moment_words, tell
from network.portal.admin.levers import LeverPages
from network.portal.admin.lists import AskFilter, CappedPaginator, KoineChangeList, Question
from network.portal.admin.standing import Standing, standing_of
from network.portal.admin.texts import TranslatedForm

ENTRIES = 50


def everything(standing: Standing) -> Q:
    """Rows of the whole portal."""
    return Q()


@dataclass(frozen=True)
class Reach:
    """How far a capacity reaches in one list: which rows it sees, and whether it may add and change there."""

    rows: Callable[[Standing], Q] = everything
    add: bool = False
    change: bool = False


class KoineModelAdmin(LeverPages, TranslatedForm, ModelAdmin):
    """An admin whose permissions come from roles with a scope, and whose saving goes through the domain.

    `reach` says per capacity which rows are seen and changed; nobody else sees the list. Nothing is ever deleted here:
    archiving is a lever. A subclass that lets things be added or changed implements `enrol` and `revise` with one call
    of the domain each.
    """

    # What `network.doors` calls the door of these pages.
    name = "admin"
    reach: ClassVar[Mapping[Any, Reach]] = {}
    questions: ClassVar[tuple[Question, ...]] = ()
    history_children: ClassVar[tuple[Child, ...]] = ()
    menu_group: ClassVar[Any] = None
    menu_position: ClassVar[int] = 100
    empty_words: ClassVar[Any] = None
    list_ordering: ClassVar[tuple[Any, ...]] = ()

    form = KoineAdminForm
    paginator = CappedPaginator
    list_per_page = 50
    show_full_result_count = False
    show_facets = ShowFacets.NEVER
    actions_selection_counter = False
    view_on_site = False
    empty_value_display = ""

    # --- who sees and changes what ------------------------------------------------------------------------------------

    def _reaches(self, request: HttpRequest, verb: str = "view") -> list[Reach]:
        held = [self.reach[kind] for kind in standing_of(request).capacities if kind in self.reach]
        return [reach for reach in held if verb == "view" or getattr(reach, verb)]

    def within(self, request: HttpRequest, rows: QuerySet, verb: str = "view") -> QuerySet:
        """Of these rows those that this person may see (or change)."""
        reaches = self._reaches(request, verb)
        if not reaches:
            return rows.none()
        conditions = [reach.rows(standing_of(request)) for reach in reaches]
        if any(not condition for condition in conditions):
            return rows
        wanted = conditions[0]
        for condition in conditions[1:]:
            wanted |= condition
        return rows.filter(wanted)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return self.within(request, super().get_queryset(request))

    def _allows(self, request: HttpRequest, verb: str, obj: models.Model | None) -> bool:
        if not self._reaches(request, verb):
            return False
        if obj is None or obj.pk is None:
            return True
        kept: dict = request.__dict__.setdefault("kept_permissions", {})
        key = (self.model, obj.pk, verb)
        if key not in kept:
            kept[key] = self.within(request, self.model._default_manager.filter(pk=obj.pk), verb).exists()
        return kept[key]

    def has_module_permission(self, request: HttpRequest) -> bool:
        return bool(self._reaches(request))

    def has_view_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return self._allows(request, "view", obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return bool(self._reaches(request, "add"))

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return self._allows(request, "change", obj)

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Nothing is deleted: records are archived, so that history and decisions keep what they speak of."""
        return False

    # --- menu, names and lists ----------------------------------------------------------------------------------------

    def list_url(self) -> str:
        """The address of this list."""
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")

    def page_url(self, obj: models.Model, page: str = "change") -> str:
        """The address of a record's page: change, history."""
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_{page}", args=[obj.pk])

    def menu_name(self) -> str:
        """The list's name in the menu."""
        return capfirst(self.opts.verbose_name_plural)

    def menu_entries(self) -> list[dict[str, Any]]:
        """The list's lines in the menu: itself, and pages of its own that somebody looks for; dicts url, name."""
        return [{"url": self.list_url(), "name": self.menu_name()}]

    def name_of(self, obj: Any) -> str:
        """What a record is called in headings and messages."""
        return str(obj)

    def row_name(self, obj: Any) -> str:
        """What a row of the list is called; reads nothing that the list has not read."""
        return str(getattr(obj, "shown", "") or self.name_of(obj))

    @display(description="")
    def action_checkbox(self, obj: Any) -> str:
        """The box that chooses a row, named for those who do not see it."""
        words = _("Choose: %(name)s") % {"name": self.row_name(obj)}
        # Not a widget: rendering fifty of them through a template would be a third of the page's time.
        box = '<input type="checkbox" name="{}" value="{}" class="action-select" aria-label="{}">'
        return format_html(box, ACTION_CHECKBOX_NAME, obj.pk, words)

    def asked(self, request: HttpRequest, key: str) -> QuerySet:
        """The rows of this list that answer a question with yes; the same lines as the list's own filter."""
        question = next(question for question in self.questions if question.key == key)
        return question.rows(self.get_queryset(request))

    def list_rows(self, rows: QuerySet) -> QuerySet:
        """The rows with what the list shows of them, and no more; ordered by `list_ordering`."""
        return rows

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type:
        return KoineChangeList

    def get_list_filter(self, request: HttpRequest) -> list:
        filters = list(super().get_list_filter(request))
        return [AskFilter, *filters] if self.questions else filters

    def changelist_view(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        extra = {"title": self.menu_name(), "empty_words": self.empty_words, "list_tools": self.list_tools(request)}
        return super().changelist_view(request, {**extra, **(extra_context or {})})

    def list_tools(self, request: HttpRequest) -> list[dict[str, Any]]:
        """Buttons above the list besides "add": dicts name, url, icon."""
        return []

    # --- the form -----------------------------------------------------------------------------------------------------

    def get_form(self, request: HttpRequest, obj: models.Model | None = None, change: bool = False, **kwargs: Any):
        """The form class, made for this request: it has to know who asks and what the domain said."""
        form = super().get_form(request, obj, change=change, **kwargs)
        form.request, form.children = request, self.history_children
        return form

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """The record; held until the end of a saving request, so that two savings take turns."""
        obj = super().get_object(request, object_id, from_field)
        if obj is not None and request.method == "POST" and transaction.get_connection().in_atomic_block:
            self.model._default_manager.select_for_update().filter(pk=obj.pk).values_list("pk").first()
        return obj

    def _get_obj_does_not_exist_redirect(self, request: HttpRequest, opts: Any, object_id: str) -> HttpResponse:
        """What one may not see is not there."""
        raise Http404(object_id)

    def _changeform_view(self, request, object_id, form_url, extra_context):
        """Django's own; where the domain refuses, everything is undone and the form comes back with the sentence."""
        try:
            with transaction.atomic():
                return super()._changeform_view(request, object_id, form_url, extra_context)
        except DomainError as refusal:
            request.refusal = refusal
            return super()._changeform_view(request, object_id, form_url, extra_context)

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj is not None:
            context["title"] = self.name_of(obj)
            context["levers"] = self.offered(request, obj)
            context["history_url"] = self.page_url(obj, "history")
            context["public_url"] = self.public_url(obj)
        else:
            context["title"] = _("Add: %(name)s") % {"name": self.opts.verbose_name}
        context["list_name"], context["list_url"] = self.menu_name(), self.list_url()
        context["texts_by_language"] = bool(self.texts)
        context["saves"] = self.has_add_permission(request) if add else self.has_change_permission(request, obj)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def public_url(self, obj: Any) -> str:
        """The record's page on the public site; empty where it has none."""
        return ""

    # --- saving: one call of the domain -------------------------------------------------------------------------------

    def enrol(self, request: HttpRequest, form: KoineAdminForm) -> models.Model:
        """Put a new record in place through the domain and answer it."""
        raise PermissionDenied

    def revise(self, request: HttpRequest, obj: Any, form: KoineAdminForm) -> None:
        """Change a record through the domain. `obj` is as it stands in the database; `form.changes()` what is new."""
        raise PermissionDenied

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if change:
            if form.changes():
                self.revise(request, self.model._default_manager.get(pk=obj.pk), form)
        else:
            obj.__dict__.update(self.enrol(request, form).__dict__)

    def save_related(self, request: HttpRequest, form: Any, formsets: Iterable[Any], change: bool) -> None:
        """Related rows go through the domain too; many-to-many fields are part of `enrol` and `revise`."""
        for formset in formsets:
            self.save_formset(request, form, formset, change)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """An inline that can be written overrides this with calls of the domain."""
        if formset.has_changed():
            raise PermissionDenied

    def construct_change_message(self, request, form, formsets, add=False):
        """Nothing to construct: the database writes the history."""
        return ""

    def log_addition(self, request, obj, message) -> None:
        """The database writes the history."""

    def log_change(self, request, obj, message) -> None:
        """The database writes the history."""

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> HttpResponse:
        return self._saved(request, obj)

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        return self._saved(request, obj)

    def _saved(self, request: HttpRequest, obj: Any) -> HttpResponse:
        fresh = self.model._default_manager.get(pk=obj.pk)
        self.message_user(request, _("Saved: %(name)s.") % {"name": self.name_of(fresh)}, messages.SUCCESS)
        return redirect(self.page_url(fresh))

    # --- history and addresses ----------------------------------------------------------------------------------------

    def history_view(self, request: HttpRequest, object_id: str, extra_context: dict | None = None) -> HttpResponse:
        """Who did what with this record, when and why, in words."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        obj = self.get_object(request, object_id)
        if obj is None:
            raise Http404(object_id)
        page = CappedPaginator(events_of(obj, self.history_children), ENTRIES).get_page(request.GET.get("page"))
        entries = [
            {"entry": entry, "moment": moment_words(entry.when)}
            for entry in tell(page.object_list)
            # A change that says nothing to a person: a version counted up beside what really happened.
            if entry.changes or entry.action != "U"
        ]
        context = {
            **self.admin_site.each_context(request),
            "title": _("History: %(name)s") % {"name": self.name_of(obj)},
            "page": page,
            "entries": entries,
            "name": self.name_of(obj),
            "page_url": self.page_url(obj),
            "list_name": self.menu_name(),
            "list_url": self.list_url(),
            "opts": self.opts,
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/object_history.html", context)

    def get_urls(self) -> list:
        """The lever pages and this list's own pages before Django's."""
        own = [
            path(route, self.guarded(view), name=f"{self.opts.app_label}_{self.opts.model_name}_{name}")
            for route, view, name in (*self.lever_routes(), *self.own_routes())
        ]
        return own + super().get_urls()

    def own_routes(self) -> Iterable[tuple[str, Callable, str]]:
        """Further pages of a list: (route, view, name)."""
        return ()

    def guarded(self, view: Callable) -> Callable:
        """The view behind the admin's door."""

        def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            return self.admin_site.admin_view(view)(request, *args, **kwargs)

        wrapper.model_admin = self  # type: ignore[attr-defined]
        return wrapper
