"""Organisations of public record: funders, secretariats, partners. They are written down by operators and owned by nobody
until somebody of theirs is let in."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from network.doors import DomainError
from network.languages import CODES
from network.people.domain.organisations import OrganisationData, cleaned, free_slug, write_identifiers
from network.people.models import Organisation, User
from network.people.rules.roles import is_operator
from network.text import clean_line, clean_text


@dataclass(frozen=True, kw_only=True)
class OrganisationRecord:
    """What is known of an organisation: name and description by language code, where it is known from."""

    names: dict[str, str]
    kind: str
    slug: str = ""
    country: str = ""
    website: str = ""
    description: dict[str, str] = field(default_factory=dict)
    identifiers: tuple[tuple[str, str], ...] = ()
    source: str = ""
    demo: bool = False


@transaction.atomic
def record_organisation(record: OrganisationRecord, *, by: User) -> Organisation:
    """Put an organisation on record, without members. Refuses everybody but operators, an address (slug) that is taken,

    a register number that another organisation has, and texts that a registration would refuse too.
    """
    if not is_operator(by):
        raise DomainError(_("Only operators of the portal may do this."), code="denied")
    names = {code: line for code, text in record.names.items() if code in CODES and (line := clean_line(text))}
    first = names.get("en") or next(iter(names.values()), "")
    data = cleaned(OrganisationData(first, record.kind, record.country, record.website, identifiers=record.identifiers))
    if any(len(name) > 200 for name in names.values()):
        raise DomainError(_("Enter the organisation’s name, at most 200 characters."), code="name")
    slug = slugify(record.slug)[:80] or free_slug(data.name)
    if Organisation.objects.filter(slug=slug).exists():
        raise DomainError(_("Another organisation has this address."), code="slug")
    organisation = Organisation(
        slug=slug,
        kind=data.kind,
        country=data.country,
        website=data.website,
        source=clean_line(record.source)[:300],
        demo=record.demo,
    )
    for code in CODES:
        setattr(organisation, f"name_{code}", names.get(code))
        setattr(organisation, f"description_{code}", clean_text(record.description.get(code, "")) or None)
    organisation.save()
    write_identifiers(organisation, data.identifiers)
    return organisation


@transaction.atomic
def register_on_behalf(data: OrganisationData) -> Organisation:
    """Register an organisation that came to staff on paper, in the active language and without members. Asks no rule: its
    caller has. DomainError for what a registration by its own people refuses."""
    data = cleaned(data)
    organisation = Organisation(
        slug=free_slug(data.name), kind=data.kind, country=data.country, website=data.website, address=data.address
    )
    organisation.name, organisation.description = data.name, data.description
    organisation.save()
    write_identifiers(organisation, data.identifiers)
    return organisation
