"""Whom a visitor's letter to a city reaches. Addresses read here go to the mail engine and nowhere else."""

from __future__ import annotations

from django.db.models import QuerySet

from cities.enums import ContactKind
from cities.models import City, CityContact
from network.languages import DEFAULT, LANGUAGES
from network.outgoing import Addressee
from network.people import scopes as scope_registry
from network.people.enums import RoleKind, ScopeKind
from network.people.models import Role, User

# A letter that names nobody goes to whoever comes first here; contacts that are not shown get it only as an office.
ORDER = (ContactKind.COORDINATOR, ContactKind.GENERAL, ContactKind.PRESS, ContactKind.POLITICAL)
OFFICES = (ContactKind.COORDINATOR, ContactKind.GENERAL)


def public_contacts(city: City) -> QuerySet[CityContact]:
    """The contacts shown to everyone, in the order of the list."""
    return city.contacts.filter(public=True).order_by("kind", "id")


def city_language(city: City) -> str:
    """The language in which the portal writes to a city: its first language that the portal speaks, else English."""
    return next((code for code in (tag.split("-")[0] for tag in city.languages) if code in LANGUAGES), DEFAULT)


def recipients_of(city: City, contact: CityContact | None = None) -> list[Addressee]:
    """Who gets a letter: the contact asked for, else the city's best one, else its officers, or those of its networks.

    Empty where nobody with an address is on record.
    """
    if contact is None or not contact.email:
        reachable = [one for one in city.contacts.exclude(email="") if one.public or one.kind in OFFICES]
        reachable.sort(key=lambda one: (ORDER.index(one.kind) if one.kind in ORDER else len(ORDER), one.pk))
        contact = reachable[0] if reachable else None
    if contact is not None:
        return [Addressee(contact.email, city_language(city), contact.name)]
    return officers_behind(city)


def authors_of(city: City) -> list[Addressee]:
    """Who gets a letter about something the city wrote: its own officers, else whoever gets its letters."""
    own = _holders(RoleKind.CITY_OFFICER, {str(city.uuid)})
    return _addressees(own) if own else recipients_of(city)


def officers_of(city: City) -> list[User]:
    """The city's own officers of today, each once; those of its networks where it has none."""
    return _holders(RoleKind.CITY_OFFICER, {str(city.uuid)}) or _holders(
        RoleKind.NETWORK_OFFICER, scope_registry.networks_of(ScopeKind.CITY, str(city.uuid))
    )


def officers_behind(city: City) -> list[Addressee]:
    """The officers who answer for the city, as addressees, each once."""
    return _addressees(officers_of(city))


def _addressees(users: list[User]) -> list[Addressee]:
    return [Addressee(user.email, user.preferred_language, str(user), user.pk) for user in users]


def _holders(kind: str, keys: set[str]) -> list[User]:
    roles = (
        Role.objects.current()
        .filter(kind=kind, scope_key__in=keys, user__is_active=True)
        .select_related("user")
        .order_by("user_id")
    )
    return list({role.user_id: role.user for role in roles}.values())
