"""Giving and ending roles. Roles are never changed: one ends, another begins."""

from __future__ import annotations

import uuid
from datetime import date

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from network.audit.context import because
from network.doors import DomainError, insist
from network.languages import LANGUAGES
from network.people.enums import STAFF_ROLES, TERMS, RoleKind, ScopeKind
from network.people.models import Role, User
from network.people.rules.roles import can_grant_role, forget_roles
from network.text import clean_line


def _is_key(scope: str, key: str) -> bool:
    """Whether a key can be one of this kind of scope: nothing, a language of the portal, or a UUID."""
    if scope == ScopeKind.PORTAL:
        return not key
    if scope == ScopeKind.LANGUAGE:
        return key in LANGUAGES
    try:
        return str(uuid.UUID(key)) == key
    except ValueError:
        return False


@transaction.atomic
def grant_role(
    user: User,
    kind: str,
    scope: object = "",
    *,
    by: User | None,
    reason: str,
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> Role:
    """Give a role for a scope (a UUID or language code; empty for roles of the whole portal), from a date to a date.

    `by=None` is the portal itself: commands and demonstration data. The same role twice at a time is refused.
    """
    terms = TERMS.get(kind)
    if terms is None:
        raise DomainError(_("There is no such role."), code="kind")
    scope_key = "" if terms.scope == ScopeKind.PORTAL else str(scope)
    if by is not None:
        insist(can_grant_role(by, (kind, scope_key)))
    if not _is_key(terms.scope, scope_key):
        raise DomainError(_("Say what the role is for."), code="scope")
    reason = clean_line(reason)
    if not reason:
        raise DomainError(_("Give a reason: it is kept in the history."), code="reason")
    starts = starts_on or timezone.localdate()
    if ends_on is not None and ends_on < starts:
        raise DomainError(_("The role would end before it begins."), code="dates")
    User.objects.select_for_update().get(pk=user.pk)
    standing = Role.objects.filter(user_id=user.pk, kind=kind, scope_kind=terms.scope, scope_key=scope_key)
    if standing.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=starts)).exists():
        raise DomainError(_("This person holds this role already."), code="held")
    because(reason)
    role = Role.objects.create(
        user=user,
        kind=kind,
        scope_kind=terms.scope,
        scope_key=scope_key,
        starts_on=starts,
        ends_on=ends_on,
        granted_by=by,
        reason=reason[:300],
    )
    forget_roles(user)
    keep_staff_in_step(user)
    return role


@transaction.atomic
def end_role(role: Role, *, by: User | None, reason: str, on: date | None = None) -> Role:
    """End a role on a day (today by default): from that day on it is not held. One that ended stays ended."""
    user = User.objects.select_for_update().get(pk=role.user_id)
    role = Role.objects.select_for_update().get(pk=role.pk)
    if by is not None:
        insist(can_grant_role(by, (role.kind, role.scope_key)))
    reason = clean_line(reason)
    if not reason:
        raise DomainError(_("Give a reason: it is kept in the history."), code="reason")
    today = timezone.localdate()
    if role.ends_on is not None and role.ends_on <= today:
        raise DomainError(_("This role has ended already."), code="ended")
    if role.kind == RoleKind.OPERATOR and not _other_operators(role):
        raise DomainError(_("The portal needs at least one operator."), code="last")
    because(reason)
    role.ends_on = max(on or today, role.starts_on)
    role.save(update_fields=["ends_on"])
    forget_roles(role.user)
    keep_staff_in_step(user)
    return role


def _other_operators(role: Role) -> bool:
    others = Role.objects.filter(kind=RoleKind.OPERATOR, user__is_active=True).exclude(pk=role.pk)
    return (
        others.current().exclude(user_id=role.user_id).exists()
        or User.objects.filter(is_superuser=True, is_active=True).exists()
    )


def keep_staff_in_step(user: User) -> bool:
    """`is_staff` follows from the roles in force today; returns what it is now."""
    staff = user.is_superuser or Role.objects.filter(user_id=user.pk, kind__in=STAFF_ROLES).current().exists()
    if user.is_staff != staff:
        user.is_staff = staff
        user.save(update_fields=["is_staff"])
    return staff


def step_all() -> int:
    """Roles begin and end by the calendar: put every account in step; returns how many changed."""
    entitled = Role.objects.filter(kind__in=STAFF_ROLES).current().values("user_id")
    out_of_step = User.objects.filter(
        Q(is_staff=False, pk__in=entitled) | Q(is_staff=True, is_superuser=False) & ~Q(pk__in=entitled)
    )
    changed = 0
    for user in out_of_step.order_by("pk"):
        with transaction.atomic():
            keep_staff_in_step(User.objects.select_for_update().get(pk=user.pk))
            changed += 1
    return changed
