"""What holds for the members of anything that people share: an organisation, a collection, an application.

The callers hold the row of the thing itself, so that of two owners who leave at the same moment one stays.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from network.audit.context import because
from network.doors import DomainError
from network.people.enums import MemberRole


def standing(members: models.QuerySet[Any], pk: int) -> Any:
    """The member as it stands. DomainError `gone` where there is none any more."""
    found = members.filter(pk=pk).first()
    if found is None:
        raise DomainError(_("This person is no longer a member."), code="gone")
    return found


def give_role(
    member: Any, role: str, *, others: models.QuerySet[Any], last: Any, roles: Iterable[str] = MemberRole.values
) -> Any:
    """Make a member owner, editor or viewer; the last owner stays owner, and `last` says so. `others`: all members of the same
    thing. DomainError `role`, `last_owner`."""
    if role not in set(roles):
        raise DomainError(_("Choose owner, editor or viewer."), code="role")
    if role != MemberRole.OWNER:
        _insist_on_another_owner(member, others, last)
    member.role = role
    member.save(update_fields=["role"])
    return member


def take_out(member: Any, *, others: models.QuerySet[Any], last: Any, left: bool, what: str) -> None:
    """Remove a member; the last owner can't go. `left`: they go themselves; `what`: the thing's word in the history."""
    _insist_on_another_owner(member, others, last)
    because(f"Left the {what}" if left else "Removed by an owner")
    member.delete()


def _insist_on_another_owner(member: Any, others: models.QuerySet[Any], last: Any) -> None:
    if member.role == MemberRole.OWNER and not others.filter(role=MemberRole.OWNER).exclude(pk=member.pk).exists():
        raise DomainError(last, code="last_owner")
