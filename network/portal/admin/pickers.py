"""What forms of the admin ask for by name: cities, organisations, networks, people, and what a role can be for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest

from cities.models import City
from grants.models import Fund, Round
from network.frame.names import country_name, language_name
from network.languages import CODES, LANGUAGES
from network.membership.models import Network
from network.people.enums import ScopeKind
from network.people.models import Organisation
from network.portal.admin.fields import SUGGESTED, Picker
from network.portal.suggestions import suggest
from practices.models import Practice


def by_columns(*names: str) -> Callable[[QuerySet, str], QuerySet]:
    """Looks for text in translated columns of every language, and in the slug."""

    def find(rows: QuerySet, text: str) -> QuerySet:
        wanted = Q(slug__iexact=text)
        for name in names:
            for code in CODES:
                wanted |= Q(**{f"{name}_{code}__icontains": text})
        return rows.filter(wanted)

    return find


def city_label(city: City) -> str:
    """Athens, Greece: a city's name and country in the reader's language."""
    return f"{city}, {country_name(city.country)}"


def cities(request: HttpRequest | None = None) -> Picker:
    """Cities that are not archived, by any of their names."""
    rows = City.objects.filter(archived_at__isnull=True).order_by("slug")
    return Picker(rows, lambda found, text: found.matching(text), city_label)


def organisations(request: HttpRequest | None = None) -> Picker:
    """Organisations that are not archived."""
    return Picker(Organisation.objects.filter(archived_at__isnull=True).order_by("slug"), by_columns("name"), str)


def find_networks(rows: QuerySet, text: str) -> QuerySet:
    """Networks by their name in any language or their abbreviation."""
    return by_columns("name")(rows, text) | rows.filter(abbreviation__iexact=text)


def networks(request: HttpRequest | None = None) -> Picker:
    """Networks that are not archived."""
    rows = Network.objects.filter(archived_at__isnull=True).order_by("slug")
    return Picker(rows, find_networks, str)


def funds(request: HttpRequest | None = None) -> Picker:
    """Every fund."""
    return Picker(Fund.objects.order_by("slug"), by_columns("title"), str)


def find_rounds(rows: QuerySet, text: str) -> QuerySet:
    """Rounds by their own title or their fund's."""
    wanted = Q()
    for code in CODES:
        wanted |= Q(**{f"title_{code}__icontains": text}) | Q(**{f"fund__title_{code}__icontains": text})
    return rows.filter(wanted)


def rounds(request: HttpRequest | None = None) -> Picker:
    """Every round, named with its fund."""
    rows = Round.objects.select_related("fund").order_by("fund__slug", "number")
    return Picker(rows, find_rounds, lambda one: f"{one.fund} · {one}")


SCOPED: dict[str, Callable[..., Picker]] = {
    ScopeKind.NETWORK: networks,
    ScopeKind.CITY: cities,
    ScopeKind.FUND: funds,
    ScopeKind.ROUND: rounds,
}


def find_practices(rows: QuerySet, text: str) -> QuerySet:
    """Practices by their title in any language, or their address."""
    return by_columns("title")(rows, text)


def practices(request: HttpRequest | None = None) -> Picker:
    """Practices that everybody may read."""
    return Picker(Practice.objects.visible_to(None).order_by("slug"), find_practices, str)


def language_of(text: str) -> str:
    """The code of a language by its own name, its name in the reader's language, or its code; empty for none."""
    wanted = text.strip().casefold()
    for code, language in LANGUAGES.items():
        if wanted in {code, language.native_name.casefold(), language.name.casefold(), language_name(code).casefold()}:
            return code
    return ""


def scope_key(kind: str, text: str) -> str:
    """The key a role stores for what was written: a UUID or a language code. ValidationError where that is not clear."""
    if kind == ScopeKind.LANGUAGE:
        return language_of(text)
    found: Any = SCOPED[kind]().one(text)
    return str(found.uuid)


def suggest_scopes(request: HttpRequest, text: str) -> list[str]:
    """Names of everything a role can be for."""
    named = [picker().name(row) for picker in SCOPED.values() for row in picker().suggestions(text)[:4]]
    languages = [
        language.native_name for language in LANGUAGES.values() if text.casefold() in language.native_name.casefold()
    ]
    return [*named, *languages][: 2 * SUGGESTED]


def _names(make: Callable[..., Picker]) -> Callable[[HttpRequest, str], list[str]]:
    def names(request: HttpRequest, text: str) -> list[str]:
        picker = make(request)
        return [picker.name(row) for row in picker.suggestions(text)]

    return names


for _kind, _make in (
    ("city", cities),
    ("organisation", organisations),
    ("network", networks),
    ("practice", practices),
):
    suggest(_kind, _names(_make))
suggest("scope", suggest_scopes)
