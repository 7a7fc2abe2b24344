"""What waits for a city's officers on their desk."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import get_language, gettext as _

from cities.enums import ImageKind
from cities.models import City
from network.people.desk import DeskItem
from network.people.enums import RoleKind
from network.people.rules.roles import scopes
from network.translation.models import best_text


def missing_on(city: City, code: str) -> list[str]:
    """What a reader would look for on the city's page and not find, most useful first. Three queries."""
    kinds = set(city.images.values_list("kind", flat=True))
    checks = [
        (bool(best_text(city, "profile", code)[0]), _("a profile")),
        (city.contacts.filter(public=True).exists(), _("a contact")),
        (city.contacts.exclude(email="").exists(), _("an address for letters")),
        (ImageKind.PHOTO in kinds, _("a photo")),
        (bool(city.website), _("the website")),
        (bool(city.population), _("the population")),
        (city.latitude is not None, _("the place on the map")),
    ]
    return [what for there, what in checks if not there]


def my_cities(user: Any) -> list[DeskItem]:
    """The cities this person is an officer of, with what their pages lack."""
    keys = scopes(user, RoleKind.CITY_OFFICER)
    if not keys:
        return []
    code = get_language() or "en"
    items = []
    for city in City.objects.filter(uuid__in=keys, archived_at__isnull=True).order_by("slug"):
        name = best_text(city, "name", code)[0] or city.native_name
        missing = missing_on(city, code)
        note = _("Missing: %(what)s.") % {"what": ", ".join(missing)} if missing else _("The page is complete.")
        items.append(
            DeskItem(
                title=_("The page of %(city)s") % {"city": name},
                url=reverse("cities:edit", args=[city.slug]),
                note=note,
            )
        )
    return items


def token_cities(user: Any) -> list[str]:
    """The UUIDs of the kept cities this person is an officer of: those to offer API tokens for."""
    keys = scopes(user, RoleKind.CITY_OFFICER)
    kept = City.objects.visible_to(user).filter(uuid__in=keys).order_by("slug") if keys else City.objects.none()
    return [str(key) for key in kept.values_list("uuid", flat=True)]
