"""In which capacities a person works in the admin: read from their roles in force today, never from global groups."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from network.people.enums import RoleKind
from network.people.rules.roles import holds, is_operator, scopes

OPERATOR = RoleKind.OPERATOR
AUDITOR = RoleKind.AUDITOR
OFFICER = RoleKind.NETWORK_OFFICER
MANAGER = RoleKind.FUND_MANAGER
CAPACITIES = (OPERATOR, AUDITOR, OFFICER, MANAGER)


@dataclass(frozen=True)
class Standing:
    """What somebody may be in the admin. `networks` and `funds` hold UUIDs as text, as roles name their scope."""

    operator: bool = False
    auditor: bool = False
    networks: frozenset[str] = frozenset()
    funds: frozenset[str] = frozenset()

    @property
    def capacities(self) -> tuple[RoleKind, ...]:
        """The capacities held, the widest first."""
        held = {OPERATOR: self.operator, AUDITOR: self.auditor, OFFICER: bool(self.networks), MANAGER: bool(self.funds)}
        return tuple(kind for kind in CAPACITIES if held[kind])


def read_standing(user: Any) -> Standing:
    """The standing of an account, by its roles in force today. Nobody's for accounts that can't enter the admin."""
    if not (user.is_authenticated and user.is_active and user.is_staff):
        return Standing()
    return Standing(
        operator=is_operator(user),
        auditor=holds(user, AUDITOR),
        networks=frozenset(scopes(user, OFFICER)),
        funds=frozenset(scopes(user, MANAGER)),
    )


def standing_of(request: Any) -> Standing:
    """The standing of the person asking, read once per request."""
    found = getattr(request, "standing", None)
    if found is None:
        found = request.standing = read_standing(request.user)
    return found
