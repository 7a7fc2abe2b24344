"""People and the roles they hold."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import OuterRef, Prefetch, Q, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Cast, Coalesce
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _, gettext_lazy

from cities.models import City
from grants.models import Fund, Round
from network.doors import Allowed, Denied, Verdict
from network.frame.inputs import DayInput
from network.frame.moments import day_text
from network.frame.names import language_name
from network.membership.models import Network
from network.people.domain.accounts import close_account, end_sessions, reopen_account
from network.people.domain.roles import end_role, grant_role
from network.people.enums import TERMS, RoleKind, ScopeKind
from network.people.models import Role, User
from network.people.rules.accounts import can_close_account
from network.people.rules.roles import can_grant_role, is_operator, scopes
from network.people.scopes import name_of
from network.portal.admin import pickers
from network.portal.admin.base import KoineModelAdmin, Reach
from network.portal.admin.fields import PickInput
from network.portal.admin.forms import ReasonForm
from network.portal.admin.history import Child
from network.portal.admin.levers import Lever
from network.portal.admin.lists import Question, choice_filter, name_through
from network.portal.admin.standing import AUDITOR, OFFICER, OPERATOR, Standing


def roles_of_own_networks(standing: Standing) -> Q:
    """Roles for one's own networks, or for cities in them."""
    cities = City.objects.filter(memberships__network__uuid__in=standing.networks)
    keys = {str(key) for key in cities.values_list("uuid", flat=True)} if standing.networks else set()
    return Q(scope_kind=ScopeKind.NETWORK, scope_key__in=standing.networks) | Q(
        scope_kind=ScopeKind.CITY, scope_key__in=keys
    )


def people_of_own_networks(standing: Standing) -> Q:
    """People with a role for one's own networks, or for cities in them."""
    return Q(pk__in=Role.objects.filter(roles_of_own_networks(standing)).values("user_id"))


def role_words(role: Role) -> str:
    """Network officer, Intercultural Cities: a role with what it is for."""
    what = "" if role.scope_kind == ScopeKind.PORTAL else name_of(role.scope_kind, role.scope_key)
    return f"{role.get_kind_display()}, {what}" if what else str(role.get_kind_display())


def scope_names() -> Coalesce:
    """For a list of roles: what each is for, by its name in the reader's language, in the list's own query."""

    def named(rows: QuerySet, name: Any) -> Subquery:
        keyed = rows.annotate(key=Cast("uuid", TextField())).filter(key=OuterRef("scope_key")).order_by()
        return Subquery(keyed.annotate(shown=name).values("shown")[:1])

    return Coalesce(
        named(Network.objects.all(), name_through("name")),
        named(City.objects.all(), name_through("name", native="native_name")),
        named(Fund.objects.all(), name_through("title")),
        named(Round.objects.all(), name_through("title")),
        Value(""),
        output_field=TextField(),
    )


class RoleForm(ReasonForm):
    """A role to give: which, for what, from when, until when, why."""

    kind = forms.ChoiceField(label=gettext_lazy("Role"), choices=RoleKind.choices)
    scope = forms.CharField(
        label=gettext_lazy("For"),
        required=False,
        widget=PickInput("/admin/suggest/scope/"),
        help_text=gettext_lazy("The network, city, fund, round or language, by its name. Empty for the whole portal."),
    )
    starts_on = forms.DateField(label=gettext_lazy("From"), widget=DayInput, required=False)
    ends_on = forms.DateField(label=gettext_lazy("Until"), widget=DayInput, required=False)
    field_order = ("kind", "scope", "starts_on", "ends_on", "reason")

    def clean(self) -> dict[str, Any]:
        """Find what the role is for; `scope_key` is what the domain takes."""
        cleaned = super().clean() or self.cleaned_data
        terms = TERMS.get(cleaned.get("kind", ""))
        written = cleaned.get("scope", "").strip()
        cleaned["scope_key"] = ""
        if terms is None or terms.scope == ScopeKind.PORTAL:
            return cleaned
        if terms.scope not in {*pickers.SCOPED, ScopeKind.LANGUAGE}:
            self.add_error("kind", _("There is nothing yet that this role could be for."))
        elif not written:
            self.add_error("scope", _("Say what the role is for."))
        else:
            try:
                cleaned["scope_key"] = pickers.scope_key(terms.scope, written)
            except forms.ValidationError as error:
                self.add_error("scope", error)
        return cleaned


def _give(user: User, by: Any, data: dict[str, Any]) -> None:
    grant_role(
        user,
        data["kind"],
        data["scope_key"],
        by=by,
        reason=data["reason"],
        starts_on=data["starts_on"],
        ends_on=data["ends_on"],
    )


def _may_give(user: Any, account: User) -> Verdict:
    if is_operator(user) or scopes(user, RoleKind.NETWORK_OFFICER):
        return Allowed()
    return Denied(_("Only operators and network officers give roles."))


def _may_sign_out(user: Any, account: User) -> Verdict:
    return Allowed() if is_operator(user) else Denied(_("Only operators of the portal sign others out."))


def _may_end(user: Any, role: Role) -> Verdict:
    return can_grant_role(user, (role.kind, role.scope_key))


@admin.register(User)
class UserAdmin(KoineModelAdmin):
    """People with an account. They change their own names and addresses; here roles are given and accounts closed."""

    reach = {OPERATOR: Reach(change=True), AUDITOR: Reach(), OFFICER: Reach(people_of_own_networks, change=True)}
    menu_group, menu_position = gettext_lazy("People"), 50
    history_children = (Child(Role, "user_id"),)
    list_display = ("display_name", "email", "roles_told", "language", "since", "account")
    list_ordering = ("display_name", "pk")
    search_fields = ("display_name", "email")
    search_help_text = gettext_lazy("Name or e-mail address")
    questions = (
        Question("staff", gettext_lazy("Works in the administration"), lambda rows: rows.filter(is_staff=True)),
        Question(
            "roles",
            gettext_lazy("Holds a role today"),
            lambda rows: rows.filter(pk__in=Role.objects.current().values("user_id")),
        ),
        Question("closed", gettext_lazy("Account closed"), lambda rows: rows.filter(is_active=False)),
    )
    facts = ((None, ("display_name", "email", "language", "time_zone", "since", "account", "roles_in_full")),)
    readonly_fields = ("display_name", "email", "language", "time_zone", "since", "account", "roles_in_full")
    levers = (
        Lever("role", gettext_lazy("Give a role"), _give, _may_give, form=RoleForm, icon="plus"),
        Lever(
            "sign-out",
            gettext_lazy("Sign out everywhere"),
            lambda account, user, data: end_sessions(account),
            _may_sign_out,
            form=forms.Form,
            consequence=gettext_lazy("Every browser of this person has to sign in again."),
        ),
        Lever(
            "close",
            gettext_lazy("Close the account"),
            lambda account, user, data: close_account(account, by=user, reason=data["reason"]),
            can_close_account,
            idle=lambda account: not account.is_active,
            consequence=gettext_lazy("Nobody can sign in with it. What the person wrote stays."),
            grave=True,
        ),
        Lever(
            "reopen",
            gettext_lazy("Open the account again"),
            lambda account, user, data: reopen_account(account, by=user, reason=data["reason"]),
            can_close_account,
            idle=lambda account: account.is_active,
            consequence=gettext_lazy("The person can sign in again, with the roles still held."),
        ),
    )

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """An account is nobody's to edit: it has levers only."""
        return False

    def can_act(self, request: HttpRequest, obj: Any) -> bool:
        return self._allows(request, "change", obj)

    def list_rows(self, rows: QuerySet) -> QuerySet:
        return rows.prefetch_related(Prefetch("roles", Role.objects.current().order_by("kind"), "held"))

    @admin.display(description=gettext_lazy("Roles today"))
    def roles_told(self, obj: Any) -> str:
        kinds = dict.fromkeys(role.get_kind_display() for role in obj.held)
        return ", ".join(str(kind) for kind in kinds)

    @admin.display(description=gettext_lazy("Roles"))
    def roles_in_full(self, obj: Any) -> str:
        rows = [(role_words(role), term_words(role)) for role in obj.roles.order_by("-starts_on", "-id")]
        return format_html_join("", "<div><bdi>{}</bdi>: {}</div>", rows) or _("none")

    @admin.display(description=gettext_lazy("Language"), ordering="preferred_language")
    def language(self, obj: Any) -> str:
        return language_name(obj.preferred_language)

    @admin.display(description=gettext_lazy("Since"), ordering="created_at")
    def since(self, obj: Any) -> str:
        return day_text(obj.created_at.date())

    @admin.display(description=gettext_lazy("Account"), ordering="is_active")
    def account(self, obj: Any) -> str:
        if obj.is_active:
            return format_html('<span class="chip chip--good">{}</span>', _("Open"))
        return format_html('<span class="chip chip--stop">{}</span>', _("Closed"))


def term_words(role: Role) -> str:
    """From when to when a role is held."""
    starts = day_text(role.starts_on)
    if role.ends_on is None:
        return _("since %(day)s") % {"day": starts}
    return _("%(first)s to %(last)s") % {"first": starts, "last": day_text(role.ends_on)}


@admin.register(Role)
class RoleAdmin(KoineModelAdmin):
    """Roles, each for one thing and one term. They are given on the page of a person and ended here."""

    reach = {OPERATOR: Reach(change=True), AUDITOR: Reach(), OFFICER: Reach(roles_of_own_networks, change=True)}
    menu_group, menu_position = gettext_lazy("People"), 60
    list_display = ("person", "kind", "scope", "term", "reason")
    list_filter = (choice_filter("kind"),)
    list_select_related = ("user",)
    list_ordering = ("kind", "pk")
    search_fields = ("user__display_name", "user__email")
    search_help_text = gettext_lazy("Name or e-mail address")
    questions = (
        Question(
            "today",
            gettext_lazy("In force today"),
            lambda rows: rows.filter(pk__in=Role.objects.current().values("pk")),
        ),
        Question(
            "ended",
            gettext_lazy("Not in force today"),
            lambda rows: rows.exclude(pk__in=Role.objects.current().values("pk")),
        ),
    )
    facts = ((None, ("person", "kind_told", "scope", "term", "given_by", "reason")),)
    readonly_fields = ("person", "kind_told", "scope", "term", "given_by", "reason")
    levers = (
        Lever(
            "end",
            gettext_lazy("End the role"),
            lambda role, user, data: end_role(role, by=user, reason=data["reason"]),
            _may_end,
            idle=lambda role: role.ends_on is not None,
            consequence=gettext_lazy("From today on the person may no longer do what this role allows."),
            grave=True,
            many=True,
        ),
    )

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A role is never edited: it ends, and another begins."""
        return False

    def can_act(self, request: HttpRequest, obj: Any) -> bool:
        return self._allows(request, "change", obj)

    def name_of(self, obj: Any) -> str:
        return f"{obj.user}: {role_words(obj)}"

    def row_name(self, obj: Any) -> str:
        return f"{obj.user}: {obj.get_kind_display()}, {self.scope(obj)}"

    def list_rows(self, rows: QuerySet) -> QuerySet:
        return rows.annotate(scope_shown=scope_names())

    @admin.display(description=gettext_lazy("Person"), ordering="user__display_name")
    def person(self, obj: Any) -> str:
        return str(obj.user)

    @admin.display(description=gettext_lazy("Role"))
    def kind_told(self, obj: Any) -> str:
        return obj.get_kind_display()

    @admin.display(description=gettext_lazy("For"))
    def scope(self, obj: Any) -> str:
        if shown := getattr(obj, "scope_shown", ""):
            return shown
        return _("the whole portal") if obj.scope_kind == ScopeKind.PORTAL else name_of(obj.scope_kind, obj.scope_key)

    @admin.display(description=gettext_lazy("Term"), ordering="starts_on")
    def term(self, obj: Any) -> str:
        return term_words(obj)

    @admin.display(description=gettext_lazy("Given by"))
    def given_by(self, obj: Any) -> str:
        return str(obj.granted_by) if obj.granted_by else _("the portal itself")
