"""The list of networks, and what is known of one."""

from __future__ import annotations

import datetime
from typing import Any

from babel.lists import format_list
from django.db.models import Count
from django.utils.translation import gettext as _, ngettext

from network.collation import sort_key
from network.frame.moments import known_day_text
from network.frame.names import country_name, language_name, number_text, reader
from network.frame.pagecache import kept
from network.languages import LANGUAGES
from network.membership.models import Membership, Network
from network.translation.models import best_text


def networks_list(code: str, day: datetime.date) -> list[Any]:
    """Every kept network in the reader's alphabet; at most two queries.

    Each has `shown_name`, `shown_purpose` with `purpose_language`, `cities` (how many are members on that day) and
    `whole` (the network it is part of, or None). Networks are few, so their rows are loaded whole.
    """
    networks: list[Any] = list(Network.objects.filter(archived_at__isnull=True).order_by("slug"))
    counts = cities_by_network(day)
    by_id = {network.pk: network for network in networks}
    for network in networks:
        network.shown_name = best_text(network, "name", code)[0] or network.abbreviation
        network.shown_purpose, network.purpose_language = best_text(network, "purpose", code)
        network.cities = counts.get(network.pk, 0)
        network.whole = by_id.get(network.parent_id)
    return sorted(networks, key=lambda network: sort_key(network.shown_name, code))


def cities_by_network(day: datetime.date) -> dict[int, int]:
    """How many cities each network has on that day; a city with two memberships counts once. Kept until any changes."""
    return kept(f"membership.cities_by_network.{day}", lambda: _cities_by_network(day))


def _cities_by_network(day: datetime.date) -> dict[int, int]:
    rows = (
        Membership.objects.of_kept_cities()
        .members_on(day)
        .order_by()
        .values_list("network_id")
        .annotate(cities=Count("city_id", distinct=True))
    )
    return dict(rows)


def member_cities(day: datetime.date) -> dict[str, list[int]]:
    """The cities of each network on that day, by its slug; every city once. Kept until any changes."""
    return kept(f"membership.member_cities.{day}", lambda: _member_cities(day))


def _member_cities(day: datetime.date) -> dict[str, list[int]]:
    rows = Membership.objects.of_kept_cities().members_on(day).order_by("network__slug", "city_id")
    members: dict[str, list[int]] = {}
    for slug, city in rows.values_list("network__slug", "city_id").distinct():
        members.setdefault(slug, []).append(city)
    return members


def network_facts(network: Network, code: str) -> list[dict[str, Any]]:
    """Names and values for the facts rail; rows without a value are left out by the piece that draws them.

    `network` is loaded whole, with its secretariat, seat and parent. One more query: the networks that are part of it.
    """
    note, note_language = best_text(network, "secretariat_note", code)
    secretariat, seat, parent = network.secretariat, network.secretariat_city, network.parent
    rows: list[dict[str, Any]] = [
        {"name": _("Kind"), "value": network.get_kind_display()},
        {"name": _("Founded"), "value": founded_text(network)},
        {"name": _("Country"), "value": country_name(network.country)},
        {"name": _("Secretariat"), "value": best_text(secretariat, "name", code)[0] if secretariat else ""},
        {"name": _("Secretariat"), "value": note, "lang": note_language if note_language != code else ""},
    ]
    if seat and not seat.archived_at:
        name = best_text(seat, "name", code)[0] or seat.native_name
        rows.append({"name": _("Seat"), "value": name, "url": seat.get_absolute_url()})
    if parent and not parent.archived_at:
        rows.append(
            {"name": _("Part of"), "value": best_text(parent, "name", code)[0], "url": parent.get_absolute_url()}
        )
    parts = Network.objects.filter(parent=network, archived_at__isnull=True).for_language(code, "name").order_by("slug")
    rows += [{"name": _("Includes"), "value": part.shown_name, "url": part.get_absolute_url()} for part in parts]
    languages = [language_name(one) for one in network.enabled_languages if one in LANGUAGES]
    rows += [
        {"name": _("Languages"), "value": format_list(languages, locale=reader()) if languages else ""},
        {"name": _("Website"), "value": bare_address(network.website), "url": network.website},
        {"name": _("Source"), "value": network.source},
    ]
    return rows


def founded_text(network: Network) -> str:
    """When the network was founded, as exactly as known; nothing where it is not."""
    return known_day_text(network.founded_on, network.founded_precision) if network.founded_on else ""


def bare_address(address: str) -> str:
    """A website's address as people write it: without https:// and the closing stroke."""
    return address.partition("://")[2].rstrip("/") or address


def members_text(cities: int) -> str:
    """How many member cities, in words; that none is on record is said too."""
    if not cities:
        return _("No members on record")
    return ngettext("%(cities)s member city", "%(cities)s member cities", cities) % {"cities": number_text(cities)}
