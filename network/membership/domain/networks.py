"""Setting up a network and its regions, and changing what is known of it."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from cities.models import City
from network.audit.context import because
from network.doors import DomainError, insist
from network.languages import CODES
from network.membership.enums import NetworkKind
from network.membership.models import Network, Region
from network.membership.rules import can_create_network, can_run_network
from network.people.models import Organisation
from network.precision import Precision
from network.text import clean_line, clean_text, transliterate
from network.translation.models import texts_of, write

PURPOSE_MAX = 20_000
website_of = URLValidator(schemes=["http", "https"])
TRANSLATED = {"name": 160, "region_scheme": 120, "secretariat_note": 250}


@dataclass(frozen=True, kw_only=True)
class NetworkDetails:
    """What is known of a network. Texts by language code; `founded_on` as exact as `founded_precision`; None: not known.

    `secretariat` is an organisation of the portal, `secretariat_note` says it in words where there is none.
    """

    names: dict[str, str]
    kind: str
    slug: str = ""
    abbreviation: str = ""
    purpose: dict[str, str] = field(default_factory=dict)
    founded_on: datetime.date | None = None
    founded_precision: str = Precision.DAY
    secretariat: Organisation | None = None
    secretariat_city: City | None = None
    secretariat_note: dict[str, str] = field(default_factory=dict)
    country: str = ""
    parent: Network | None = None
    enabled_languages: tuple[str, ...] = CODES
    region_scheme: dict[str, str] = field(default_factory=dict)
    website: str = ""
    source: str = ""
    demo: bool = False


def network_details(network: Network) -> NetworkDetails:
    """What is on record now, for `dataclasses.replace` to change."""
    apart = {"names", "enabled_languages", "purpose", "secretariat_note", "region_scheme"}
    plain = {name: getattr(network, name) for name in NetworkDetails.__dataclass_fields__ if name not in apart}
    return NetworkDetails(
        **plain,
        names=texts_of(network, "name"),
        enabled_languages=tuple(network.enabled_languages),
        purpose=texts_of(network, "purpose"),
        secretariat_note=texts_of(network, "secretariat_note"),
        region_scheme=texts_of(network, "region_scheme"),
    )


@transaction.atomic
def create_network(details: NetworkDetails, *, by: Any) -> Network:
    """Put a network on record, without members. Refuses an address (slug) that another network has."""
    insist(can_create_network(by))
    network = Network(demo=details.demo)
    name = details.names.get("en") or next(iter(details.names.values()), "")
    network.slug = slugify(details.slug or transliterate(name), allow_unicode=True)[:80].strip("-")
    if not network.slug:
        raise DomainError(_("Enter a name."), code="name")
    if Network.objects.filter(slug=network.slug).exists():
        raise DomainError(_("Another network has this address. Choose another one."), code="slug_taken")
    _fill(network, details)
    network.save()
    return network


@transaction.atomic
def update_network(network: Network, details: NetworkDetails, *, version: int, by: Any) -> Network:
    """Replace what is known of the network. Refuses where it was changed since the reader opened `version`."""
    insist(can_run_network(by, network))
    network = Network.objects.select_for_update().get(pk=network.pk)
    if network.version != version:
        raise DomainError(
            _("Somebody changed this network while you were writing. Load the page again and repeat your change."),
            code="stale",
        )
    _fill(network, details)
    network.version += 1
    network.updated_at = timezone.now()
    network.save()
    return network


@transaction.atomic
def archive_network(network: Network, *, by: Any, reason: str, restore: bool = False) -> Network:
    """Take a network out of the public pages, or bring it back. Its memberships and funds stay as they are."""
    insist(can_create_network(by))
    if not clean_line(reason):
        raise DomainError(_("Say why."), code="reason")
    network = Network.objects.select_for_update().get(pk=network.pk)
    if bool(network.archived_at) is not restore:
        raise DomainError(
            _("This network is not archived.") if restore else _("This network is archived already."), code="state"
        )
    because(clean_line(reason))
    network.archived_at = None if restore else timezone.now()
    network.version += 1
    network.updated_at = timezone.now()
    network.save(update_fields=["archived_at", "version", "updated_at"])
    return network


@transaction.atomic
def add_region(network: Network, code: str, names: dict[str, str], *, by: Any, position: int = 0) -> Region:
    """Add a region to the network's own scheme. The code is unique within the network."""
    insist(can_run_network(by, network))
    code = slugify(code)[:40]
    texts = _texts(names, 120)
    if not code or not texts:
        raise DomainError(_("Enter a name."), code="name")
    if network.regions.filter(code=code).exists():
        raise DomainError(_("This network has a region with this code."), code="code_taken")
    region = Region(network=network, code=code, position=position)
    write(region, "name", {language: texts.get(language) or None for language in CODES})
    region.save()
    return region


def _texts(texts: dict[str, str], at_most: int) -> dict[str, str]:
    cleaned = {code: clean_line(text) for code, text in texts.items() if code in CODES}
    if any(len(text) > at_most for text in cleaned.values()):
        raise DomainError(_("A text is longer than %(limit)s characters.") % {"limit": at_most}, code="too_long")
    return {code: text for code, text in cleaned.items() if text}


def _fill(network: Network, details: NetworkDetails) -> None:
    given = {
        "name": details.names,
        "region_scheme": details.region_scheme,
        "secretariat_note": details.secretariat_note,
    }
    texts = {name: _texts(given[name], at_most) for name, at_most in TRANSLATED.items()}
    if not texts["name"]:
        raise DomainError(_("Enter a name."), code="name")
    purpose = {code: clean_text(text) for code, text in details.purpose.items() if code in CODES}
    if any(len(text) > PURPOSE_MAX for text in purpose.values()):
        raise DomainError(_("The purpose is longer than 20,000 characters."), code="too_long")
    for name, by_language in {**texts, "purpose": purpose}.items():
        write(network, name, {code: by_language.get(code) or None for code in CODES})
    if details.kind not in NetworkKind or details.founded_precision not in Precision:
        raise DomainError(_("Choose a kind of the list."), code="choice")
    languages = [code for code in CODES if code in details.enabled_languages]
    if not languages:
        raise DomainError(_("Switch on at least one language."), code="languages")
    if details.parent is not None and network.pk and _is_within(details.parent, network):
        raise DomainError(_("A network can't be part of itself."), code="parent")
    network.kind, network.abbreviation = details.kind, clean_line(details.abbreviation)[:24]
    network.founded_on, network.founded_precision = details.founded_on, details.founded_precision
    network.secretariat, network.secretariat_city = details.secretariat, details.secretariat_city
    network.parent, network.enabled_languages = details.parent, languages
    network.country = clean_line(details.country).upper()[:2]
    network.website = _website(details.website)
    network.source = clean_line(details.source)[:300]


def _is_within(network: Network | None, whole: Network) -> bool:
    """Whether `network` is `whole` or a part of it, however deep."""
    seen: set[int] = set()
    while network is not None and network.pk not in seen:
        if network.pk == whole.pk:
            return True
        seen.add(network.pk)
        network = network.parent
    return False


def _website(address: str) -> str:
    address = clean_line(address or "")
    try:
        if address:
            website_of(address)
    except ValidationError as error:
        raise DomainError(_("Enter the website with https:// in front."), code="website") from error
    return address[:200]
