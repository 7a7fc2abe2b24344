"""Who may do what to a practice: officers of its city, officers of the networks the city is in, and operators."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from cities.models import City
from cities.rules import can_edit_city
from network.doors import Allowed, Denied, Verdict
from network.people import scopes as scope_registry
from network.people.enums import RoleKind, ScopeKind
from network.people.rules.roles import is_operator, scopes
from practices.enums import WORKFLOW, State, Verb
from practices.models import Practice

NOT_DECIDING = _("Only officers of a network that the city belongs to decide about its practices.")
WRONG_STATE = {
    Verb.PUBLISH: _("Only a draft can be published."),
    Verb.ARCHIVE: _("This practice is in the archive already."),
    Verb.RESTORE: _("Only a practice in the archive can be taken out of it."),
}


def can_create_practice(user: Any, city: City) -> Verdict:
    """May this person write a practice of that city? Whoever keeps the city's page may."""
    if can_edit_city(user, city):
        return Allowed()
    return Denied(_("Only officers of this city, or of a network it belongs to, write its practices."))


def can_import_practices(user: Any, _book: object = None) -> Verdict:
    """May this person send practices as a book? Whoever writes for a city may; which cities, each row is judged by."""
    if is_operator(user) or scopes(user, RoleKind.CITY_OFFICER) or scopes(user, RoleKind.NETWORK_OFFICER):
        return Allowed()
    return Denied(_("Only officers of a city, or of a network, send its practices."))


def can_edit_practice(user: Any, practice: Practice) -> Verdict:
    """May this person change the texts, facts and evidence? Not while the practice is in the archive."""
    verdict = can_create_practice(user, practice.city)
    if verdict and practice.state == State.ARCHIVED:
        return Denied(_("This practice is in the archive. Take it out first."))
    return verdict


def _can(verb: Verb, user: Any, practice: Practice) -> Verdict:
    verdict = can_create_practice(user, practice.city)
    if verdict and verb not in WORKFLOW[State(practice.state)]:
        return Denied(WRONG_STATE[verb])
    return verdict


def is_decider(user: Any, city: City) -> bool:
    """Whether this person decides about the practices of that city: officers of its networks, and operators."""
    networks = scopes(user, RoleKind.NETWORK_OFFICER)
    return is_operator(user) or bool(networks & scope_registry.networks_of(ScopeKind.CITY, str(city.uuid)))


def can_publish_practice(user: Any, practice: Practice) -> Verdict:
    """May this person make the draft public, past the way of a version? Those who decide; a city's officers submit."""
    if not is_decider(user, practice.city):
        return Denied(NOT_DECIDING)
    return _can(Verb.PUBLISH, user, practice)


def can_archive_practice(user: Any, practice: Practice) -> Verdict:
    """May this person take the practice off the public pages?"""
    return _can(Verb.ARCHIVE, user, practice)


def can_restore_practice(user: Any, practice: Practice) -> Verdict:
    """May this person make an archived practice a draft again?"""
    return _can(Verb.RESTORE, user, practice)


def can_manage_themes(user: Any, _scheme: object = None) -> Verdict:
    """May this person add and rename themes? Operators only: the scheme belongs to all networks."""
    return Allowed() if is_operator(user) else Denied(_("Only operators change the themes."))
