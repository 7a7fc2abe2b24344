"""Who says what of an adoption: officers of the city that takes a practice up, and of the one that wrote it.

Officers of the networks of a city, and operators, may do for it what its own officers may.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from cities.models import City
from cities.rules import can_archive_city, can_edit_city
from network.doors import Allowed, Denied, Verdict
from network.people.enums import RoleKind
from network.people.rules.roles import is_operator, scopes
from practices.enums import ADOPTIONS, AdoptionState, AdoptionVerb, Side, State
from practices.models import Adoption, Practice
from practices.rules.completeness import Limit

# The most that may be said, in each language.
ADOPTION_LIMITS = {"what_changed": Limit(150, 2000), "result": Limit(150, 2000)}
QUESTION_LIMIT = Limit(150, 2000)

NOT_YOURS = {
    Side.ADOPTER: _("Only officers of the city that takes the practice up do this."),
    Side.AUTHOR: _("Only officers of the city that wrote the practice do this."),
}
ALREADY = {
    AdoptionState.RECORDED: _("This city has said already that it takes the practice up."),
    AdoptionState.CONFIRMED: _("This is confirmed already."),
    AdoptionState.QUESTIONED: _("This is questioned already."),
    AdoptionState.WITHDRAWN: _("The city has withdrawn this."),
}


def can_adopt_practice(user: Any, practice: Practice) -> Verdict:
    """May this person say of any city that it takes the practice up? Of which, `can_record_adoption` says."""
    if practice.state != State.PUBLISHED:
        return Denied(_("Only a published practice can be taken up."))
    others = scopes(user, RoleKind.CITY_OFFICER) - {str(practice.city.uuid)}
    if others or scopes(user, RoleKind.NETWORK_OFFICER) or is_operator(user):
        return Allowed()
    return Denied(_("Only officers of another city say that it takes this practice up."))


def can_record_adoption(user: Any, city: City) -> Verdict:
    """May this person say that this city takes something up? Whoever keeps the city's page may."""
    return Allowed() if can_edit_city(user, city) else Denied(NOT_YOURS[Side.ADOPTER])


def can_add_adoption(user: Any, practice: Practice) -> Verdict:
    """May this person write down what two cities agree on? Staff, not the officers of the city that gains by it."""
    if can_archive_city(user, practice.city):
        return Allowed()
    return Denied(_("Only officers of a network this city belongs to write down an adoption as confirmed."))


def can_see_adoption(user: Any, adoption: Adoption) -> Verdict:
    """May this person see what the two cities say to each other? Officers of either."""
    if can_edit_city(user, adoption.city) or can_edit_city(user, adoption.practice.city):
        return Allowed()
    return Denied(_("Only officers of the two cities see this."))


def possible(verb: AdoptionVerb, adoption: Adoption) -> bool:
    """Whether the workflow knows the verb from where the adoption is."""
    return verb in ADOPTIONS[AdoptionState(adoption.state)]


def _can(verb: AdoptionVerb, user: Any, adoption: Adoption) -> Verdict:
    side = next(steps[verb].who for steps in ADOPTIONS.values() if verb in steps)
    city = adoption.city if side == Side.ADOPTER else adoption.practice.city
    if not can_edit_city(user, city):
        return Denied(NOT_YOURS[side])
    return Allowed() if possible(verb, adoption) else Denied(ALREADY[AdoptionState(adoption.state)])


def can_confirm_adoption(user: Any, adoption: Adoption) -> Verdict:
    """May this person confirm that the other city took the practice up?"""
    return _can(AdoptionVerb.CONFIRM, user, adoption)


def can_question_adoption(user: Any, adoption: Adoption) -> Verdict:
    """May this person question it?"""
    return _can(AdoptionVerb.QUESTION, user, adoption)


def can_correct_adoption(user: Any, adoption: Adoption) -> Verdict:
    """May this person change what is said?"""
    return _can(AdoptionVerb.CORRECT, user, adoption)


def can_withdraw_adoption(user: Any, adoption: Adoption) -> Verdict:
    """May this person take back that the city takes the practice up?"""
    return _can(AdoptionVerb.WITHDRAW, user, adoption)
