"""Who may write down what about a city: its own officers, officers of a network it belongs to, operators."""

from __future__ import annotations

import uuid
from typing import Any

from django.utils.translation import gettext_lazy as _

from cities.models import City
from network.doors import Allowed, Denied, Verdict
from network.people import scopes as scope_registry
from network.people.enums import RoleKind, ScopeKind
from network.people.rules.roles import holds, is_operator, scopes


def _is_officer_of_its_networks(user: Any, city: City) -> bool:
    # Networks stand a floor above: which of them a city belongs to, they tell through the registry of scopes.
    officer_of = scopes(user, RoleKind.NETWORK_OFFICER)
    return bool(officer_of) and bool(scope_registry.networks_of(ScopeKind.CITY, str(city.uuid)) & officer_of)


def can_register_city(user: Any, thing: object = None) -> Verdict:
    """May this person put a new city on record? Operators and officers of any network."""
    if is_operator(user) or scopes(user, RoleKind.NETWORK_OFFICER):
        return Allowed()
    return Denied(_("Only officers of a network register cities."))


def can_edit_city(user: Any, city: City) -> Verdict:
    """May this person change the city's page, contacts and pictures?"""
    if is_operator(user) or holds(user, RoleKind.CITY_OFFICER, city.uuid) or _is_officer_of_its_networks(user, city):
        return Allowed()
    return Denied(_("Only officers of this city, or of a network it belongs to, change its page."))


def can_manage_city_tokens(user: Any, key: str) -> Verdict:
    """May this person make API tokens for the city of that UUID? Whoever may change its page, while it is kept."""
    try:
        city = City.objects.visible_to(user).filter(uuid=uuid.UUID(key)).first()
    except ValueError:
        city = None
    if city is None:
        return Denied(_("This city is no longer kept."))
    return can_edit_city(user, city)


def can_archive_city(user: Any, city: City) -> Verdict:
    """May this person archive the city, or take it out of the archive? Not its own officers."""
    if is_operator(user) or _is_officer_of_its_networks(user, city):
        return Allowed()
    return Denied(_("Only officers of a network this city belongs to archive it."))
