"""What roles allow. Every app asks here; nobody reads the table of roles for a decision.

A person's current roles are read once for each loaded user (one query), so that a page that asks ten rules costs one.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from network.doors import Allowed, Denied, Verdict
from network.people import scopes as scope_registry
from network.people.enums import SECOND_FACTOR_ROLES, STAFF_ROLES, TERMS, RoleKind, ScopeKind
from network.people.models import Role

KEPT = "_current_roles"


def roles_of(user: Any) -> tuple[Role, ...]:
    """The roles this person holds today, of every kind; none for a visitor or a closed account."""
    if not (user.is_authenticated and user.is_active):
        return ()
    kept = getattr(user, KEPT, None)
    if kept is None:
        kept = tuple(Role.objects.filter(user_id=user.pk).current())
        setattr(user, KEPT, kept)
    return kept


def forget_roles(user: Any) -> None:
    """The next question reads the table again; called by the verbs that change roles."""
    if hasattr(user, KEPT):
        delattr(user, KEPT)


def scopes(user: Any, kind: str) -> set[str]:
    """The keys (UUIDs or language codes) for which this person holds `kind` today."""
    return {role.scope_key for role in roles_of(user) if role.kind == kind}


def holds(user: Any, kind: str, scope_key: object = "") -> bool:
    """Whether this person holds `kind` for that scope today; for roles of the whole portal the key is empty."""
    return str(scope_key) in scopes(user, kind)


def is_operator(user: Any) -> bool:
    """Whether this person runs the whole portal."""
    return bool(user.is_authenticated and user.is_active and user.is_superuser) or holds(user, RoleKind.OPERATOR)


def is_officer_of(user: Any, network_uuid: object) -> bool:
    """Whether this person is an officer of that network. Operators are not officers: ask `is_operator` too."""
    return holds(user, RoleKind.NETWORK_OFFICER, network_uuid)


def is_staff_member(user: Any) -> bool:
    """Whether the person's roles of today open the admin."""
    return is_operator(user) or any(role.kind in STAFF_ROLES for role in roles_of(user))


def demands_second_factor(user: Any) -> bool:
    """Whether this person may only work with a second factor: staff, reviewers and committee members."""
    if not (user.is_authenticated and user.is_active):
        return False
    return user.is_staff or user.is_superuser or any(role.kind in SECOND_FACTOR_ROLES for role in roles_of(user))


def can_grant_role(user: Any, asked: tuple[str, str]) -> Verdict:
    """May this person give or end the role `asked` (kind, scope key)? Operators any; officers within their network."""
    kind, scope_key = asked
    terms = TERMS.get(kind)
    if terms is None:
        return Denied(_("There is no such role."))
    if is_operator(user):
        return Allowed()
    if terms.scope in {ScopeKind.PORTAL, ScopeKind.LANGUAGE}:
        return Denied(_("Only operators of the portal give this role."))
    if scope_registry.networks_of(terms.scope, scope_key) & scopes(user, RoleKind.NETWORK_OFFICER):
        return Allowed()
    return Denied(_("You give roles only within the networks whose officer you are."))
