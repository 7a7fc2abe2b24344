"""Who runs the portal today."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from network.people.enums import RoleKind
from network.people.models import Role, User


def operators() -> QuerySet[User]:
    """The open accounts that hold the operator's role today, or all powers from the start."""
    holders = Role.objects.filter(kind=RoleKind.OPERATOR).current().values("user_id")
    return User.objects.filter(Q(pk__in=holders) | Q(is_superuser=True), is_active=True).order_by("pk")
