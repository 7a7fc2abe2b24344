"""Accounts with their roles, organisations and second factors."""

from __future__ import annotations

import uuid
from typing import Any

from network.people.domain.accounts import open_account
from network.people.domain.organisations import add_member
from network.people.domain.roles import grant_role
from network.people.domain.second_factor import enrol_demo_second_factor
from network.people.enums import SECOND_FACTOR_ROLES, RoleKind, ScopeKind
from network.people.models import User
from network.portal.demo.accounts import phrase_of
from network.portal.demo.content import read
from network.portal.demo.record import Loaded

REASON = "Demonstration"


def open_operator() -> User:
    """The operator's account, in whose name everything else is written down."""
    person = next(one for one in read("people") if one["roles"] and one["roles"][0]["kind"] == RoleKind.OPERATOR)
    operator = _open(person)
    grant_role(operator, RoleKind.OPERATOR, by=None, reason=REASON)
    enrol_demo_second_factor(operator)
    return operator


def open_accounts(loaded: Loaded) -> None:
    """The other accounts. Where a role demands a second factor, it is there from the start."""
    for person in read("people"):
        if person["email"] == loaded.operator.email:
            loaded.people[person["key"]] = loaded.operator
            continue
        user = loaded.people[person["key"]] = _open(person)
        for role in person["roles"]:
            grant_role(user, role["kind"], scope_key(loaded, role), by=loaded.operator, reason=REASON)
        if person["organisation"]:
            add_member(loaded.organisations[person["organisation"]], user, person["organisation_role"])
        if any(role["kind"] in SECOND_FACTOR_ROLES for role in person["roles"]):
            enrol_demo_second_factor(user)


def scope_key(loaded: Loaded, role: dict[str, Any]) -> str:
    """The key that a role is kept under: the UUID of its network, city, fund or round; else the word itself."""
    things: dict[str, dict[str, Any]] = {
        ScopeKind.NETWORK: loaded.networks,
        ScopeKind.CITY: loaded.cities,
        ScopeKind.FUND: loaded.funds,
        ScopeKind.ROUND: loaded.rounds,
    }
    scope = role["scope"] or ""
    if role["scope_kind"] == ScopeKind.COMMITTEE:
        # Committees are not on record yet: a UUID drawn from the name, the same in every demonstration.
        return str(uuid.uuid5(uuid.NAMESPACE_URL, f"koine:committee:{scope}"))
    return str(things[role["scope_kind"]][scope].uuid) if role["scope_kind"] in things else scope


def _open(person: dict[str, Any]) -> User:
    return open_account(
        email=person["email"],
        display_name=person["display_name"],
        password=phrase_of(person["email"]),
        preferred_language=person["preferred_language"],
        time_zone=person["time_zone"],
        demo=True,
    )
