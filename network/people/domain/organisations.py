"""Organisations and their members. Every change of members holds the organisation's row, so that of two owners who
leave at the same moment one stays."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import get_language, gettext_lazy as _, override

from network.doors import DomainError, insist
from network.languages import DEFAULT, LANGUAGES
from network.people.domain.sharing import give_role, standing, take_out
from network.people.enums import VERIFYING, MemberRole, OrganisationKind, Verification, Verifying
from network.people.models import Organisation, OrganisationIdentifier, OrganisationMember, User
from network.people.rules.numbers import canonical, fault
from network.people.rules.organisations import (
    can_edit_organisation,
    can_manage_members,
    can_register_organisation,
    can_remove_member,
)
from network.text import clean_line, clean_text, transliterate


class Stale(DomainError):
    """Somebody else saved since this form was opened; `current` is the record as it stands."""

    def __init__(self, current: Organisation) -> None:
        super().__init__(
            _("Somebody changed this organisation while you were writing. Compare, then save again."), code="stale"
        )
        self.current = current


ADDRESS_MAX = 500


@dataclass(frozen=True)
class OrganisationData:
    """What an organisation says of itself, in one language. Identifiers are (scheme, number) pairs; `address` is what
    stands on a letter, without the country, at most ADDRESS_MAX characters."""

    name: str
    kind: str
    country: str = ""
    website: str = ""
    description: str = ""
    identifiers: tuple[tuple[str, str], ...] = field(default_factory=tuple)
    address: str = ""


class WrongNumber(DomainError):
    """A number that its register can't have given, or that another organisation has; `pair` is (scheme, number)."""

    def __init__(self, message: Any, pair: tuple[str, str], code: str = "number") -> None:
        super().__init__(message, code)
        self.pair = pair


def cleaned(data: OrganisationData, standing: Collection[tuple[str, str]] = ()) -> OrganisationData:
    """The data as they are stored; DomainError naming the field that can't be. Numbers in `standing` were accepted before

    and are not judged again."""
    name = clean_line(data.name)
    if not any(character.isalnum() for character in name) or len(name) > 200:
        raise DomainError(_("Enter the organisation’s name, at most 200 characters."), code="name")
    if data.kind not in OrganisationKind.values:
        raise DomainError(_("Choose what kind of organisation it is."), code="kind")
    country = data.country.strip().upper()
    if country and (len(country) != 2 or not country.isascii() or not country.isalpha()):
        raise DomainError(_("Choose the country from the list."), code="country")
    website = data.website.strip()
    if website:
        try:
            URLValidator(schemes=["http", "https"])(website)
        except ValidationError as error:
            raise DomainError(_("Enter the whole address of the website, with https://."), code="website") from error
    address = clean_text(data.address)
    if len(address) > ADDRESS_MAX:
        raise DomainError(_("Enter the address in at most 500 characters."), code="address")
    numbers = []
    for scheme, typed in data.identifiers:
        number = canonical(scheme, typed)
        if (scheme, number) not in standing and (wrong := fault(scheme, number)):
            raise WrongNumber(wrong, (scheme, typed))
        numbers.append((scheme, number))
    return OrganisationData(
        name, data.kind, country, website, clean_text(data.description), tuple(dict.fromkeys(numbers)), address
    )


def free_slug(name: str) -> str:
    """An address part made of the name in Latin letters that no organisation has."""
    stem = slugify(transliterate(name))[:60].strip("-") or "organisation"
    taken = set(Organisation.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    if stem not in taken:
        return stem
    return next(slug for n in range(2, len(taken) + 3) if (slug := f"{stem}-{n}") not in taken)


def write_identifiers(organisation: Organisation, wanted: Iterable[tuple[str, str]]) -> None:
    """Make the organisation's register numbers exactly these. DomainError where another organisation has one."""
    wanted = set(wanted)
    standing = {(row.scheme, row.number): row for row in organisation.identifiers.all()}
    for pair, row in standing.items():
        if pair not in wanted:
            row.delete()
    for scheme, number in sorted(wanted - set(standing)):
        try:
            with transaction.atomic():
                OrganisationIdentifier.objects.create(organisation=organisation, scheme=scheme, number=number)
        except IntegrityError as error:
            raise WrongNumber(
                _("Another organisation has this number. Ask one of its owners to invite you."),
                (scheme, number),
                code="number_taken",
            ) from error


@transaction.atomic
def register_organisation(
    by: User, data: OrganisationData, *, language: str | None = None, demo: bool = False
) -> Organisation:
    """Register an organisation in the language it is written in (the active one by default); `by` becomes its owner.

    Refuses people whose address is not confirmed, and a register number that another organisation has.
    """
    insist(can_register_organisation(by))
    data = cleaned(data)
    tongue = language if language in LANGUAGES else get_language() or DEFAULT
    with override(tongue):
        organisation = Organisation(
            uuid=uuid.uuid4(),
            slug=free_slug(data.name),
            kind=data.kind,
            country=data.country,
            website=data.website,
            address=data.address,
            demo=demo,
        )
        organisation.name, organisation.description = data.name, data.description
        organisation.save()
    write_identifiers(organisation, data.identifiers)
    OrganisationMember.objects.create(organisation=organisation, user=by, role=MemberRole.OWNER)
    return organisation


@transaction.atomic
def update_organisation(organisation: Organisation, data: OrganisationData, *, by: User, version: int) -> Organisation:
    """Change the record as it was at `version`, its texts in the active language. Raises `Stale` where it moved on.

    Where a verified organisation gets another name, country or number, staff look at it again.
    """
    current = locked(organisation.pk)
    insist(can_edit_organisation(by, current))
    standing = set(current.identifiers.values_list("scheme", "number"))
    data = cleaned(data, standing)
    if current.version != version:
        raise Stale(current)
    if _needs_another_look(current, data, standing):
        current.verification, current.verification_reason = Verification.SUBMITTED, ""
        current.verification_at, current.verification_by = timezone.now(), by
        current.verified_until = None
    current.name, current.description = data.name, data.description
    current.kind, current.country, current.website = data.kind, data.country, data.website
    current.address = data.address
    current.version += 1
    current.save()
    write_identifiers(current, data.identifiers)
    return current


def _needs_another_look(current: Organisation, data: OrganisationData, standing: Collection[tuple[str, str]]) -> bool:
    """Whether a verified organisation is to become something else than staff saw. A name in one more language is not."""
    if Verifying.CHANGE not in VERIFYING[Verification(current.verification)]:
        return False
    own = getattr(current, f"name_{get_language() or DEFAULT}", None)
    renamed = bool(own) and own != data.name
    return renamed or current.country != data.country or set(standing) != set(data.identifiers)


def locked(organisation_id: int) -> Organisation:
    """The organisation with its row held until the transaction ends. DomainError `merged` where it is another's by now."""
    current = Organisation.objects.select_for_update(of=("self",)).get(pk=organisation_id)
    if current.merged_into_id is not None:
        raise DomainError(_("This organisation was just merged into another one. Open the page again."), code="merged")
    return current


def add_member(organisation: Organisation, user: User, role: str) -> OrganisationMember:
    """Make somebody a member; a member keeps the role held. Asks no rule: its callers (an accepted invitation,
    demonstration data) have."""
    member, _created = OrganisationMember.objects.get_or_create(
        organisation=organisation, user=user, defaults={"role": MemberRole(role)}
    )
    return member


LAST_OWNER = _("An organisation needs an owner. Make somebody else owner first.")


@transaction.atomic
def change_member_role(member: OrganisationMember, role: str, *, by: User) -> OrganisationMember:
    """Make a member owner, editor or viewer. The last owner stays owner."""
    organisation = locked(member.organisation_id)
    insist(can_manage_members(by, organisation))
    others = OrganisationMember.objects.filter(organisation=organisation)
    changed: OrganisationMember = give_role(standing(others, member.pk), role, others=others, last=LAST_OWNER)
    return changed


@transaction.atomic
def remove_member(member: OrganisationMember, *, by: User) -> None:
    """Take a member out, or leave oneself. The last owner can't go."""
    others = OrganisationMember.objects.filter(organisation=locked(member.organisation_id))
    held = standing(others, member.pk)
    insist(can_remove_member(by, held))
    take_out(held, others=others, last=LAST_OWNER, left=held.user_id == by.pk, what="organisation")
