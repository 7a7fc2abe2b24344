"""Two organisations that are one: what belongs to the one goes to the other, whose address it leads to from then on.

It can't be undone. Both rows are held from the first look to the last move, in the order of their keys, so that of two
mergers one is refused, and whoever joins or applies at the same moment does so before, or is told.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _, override

from network.audit.context import because
from network.doors import DomainError, insist
from network.frame.links import in_language
from network.outgoing import Addressee, send
from network.people import messages
from network.people.domain.bank import leave_behind
from network.people.domain.distinct import move_distinct
from network.people.domain.verifying import owners_of
from network.people.enums import MemberRole
from network.people.models import (
    BankDetails,
    DistinctOrganisations,
    DueDiligenceCheck,
    Invitation,
    Organisation,
    OrganisationDocument,
    OrganisationIdentifier,
    OrganisationMember,
)
from network.people.queries.distinct import said_distinct
from network.people.registry import PARTS, Part, register_part, simply_moved
from network.people.rules.verifying import can_merge_organisations
from network.text import clean_line

RANK = {MemberRole.VIEWER: 0, MemberRole.EDITOR: 1, MemberRole.OWNER: 2}


@dataclass(frozen=True)
class Moving:
    """One line of the preview: what goes over, how much of it, and what staff should know of it."""

    title: Any
    number: int
    note: Any


@dataclass(frozen=True)
class Preview:
    """What a merger would do: what goes over, and what stands in the way."""

    moving: list[Moving]
    hindrances: list[Any]


def preview_of(source: Organisation, target: Organisation) -> Preview:
    """What would go from `source` to `target`. Nothing is changed."""
    moving = [Moving(part.title, part.count(source), part.note(source, target)) for part in PARTS.values()]
    hindrances = [found for part in PARTS.values() if (found := part.hindrance(source, target))]
    return Preview([line for line in moving if line.number], hindrances)


@transaction.atomic
def merge_organisations(
    source: Organisation, target: Organisation, *, by: Any, reason: str, seen: tuple[int, int] | None = None
) -> Organisation:
    """Make `source` a part of `target`. The owners of both are told; the history says who did it and why.

    DomainErrors: `same`, `denied`, `merged` where one of them is in the archive by now, `reason`, `stale` where a record
    changed since its version in `seen`, `hindrance` where something can't go over.
    """
    if source.pk == target.pk:
        raise DomainError(_("Choose two different organisations."), code="same")
    both = {
        one.pk: one
        for one in Organisation.objects.select_for_update().filter(pk__in=[source.pk, target.pk]).order_by("pk")
    }
    source, target = both[source.pk], both[target.pk]
    insist(can_merge_organisations(by, (source, target)))
    if source.archived_at is not None or target.archived_at is not None:
        raise DomainError(_("One of the two is in the archive by now: somebody was quicker."), code="merged")
    if seen is not None and seen != (source.version, target.version):
        raise DomainError(_("One of the two changed while you were looking. Compare again, then decide."), code="stale")
    reason = clean_line(reason)[:1000]
    if not reason:
        raise DomainError(_("Say how you know that they are the same."), code="reason")
    for part in PARTS.values():
        if found := part.hindrance(source, target):
            raise DomainError(found, code="hindrance")
    told = {owner.pk: owner for one in (source, target) for owner in owners_of(one)}
    because(reason)
    for part in PARTS.values():
        part.move(source, target)
    source.archived_at, source.merged_into = timezone.now(), target
    source.version += 1
    source.save(update_fields=["archived_at", "merged_into", "version"])
    target.version += 1
    target.save(update_fields=["version"])
    _tell(source, target, told.values())
    return target


def _tell(source: Organisation, target: Organisation, people: Iterable[Any]) -> None:
    for person in people:
        language = person.preferred_language
        with override(language):
            context = {
                "path": in_language(reverse("people:organisation", args=[target.slug]), language),
                "source": str(source),
                "target": str(target),
            }
        send(
            messages.MERGED,
            key=f"people.merged:{source.pk}:{person.pk}",
            to=Addressee(person.email, language, person.display_name, person.pk),
            context=context,
        )


def _move_members(source: Organisation, target: Organisation) -> None:
    """Who is in both keeps the wider role."""
    there = {row.user_id: row for row in OrganisationMember.objects.filter(organisation=target)}
    for row in OrganisationMember.objects.filter(organisation=source).order_by("pk"):
        other = there.get(row.user_id)
        if other is None:
            row.organisation = target
            row.save(update_fields=["organisation"])
            continue
        if RANK[MemberRole(row.role)] > RANK[MemberRole(other.role)]:
            other.role = row.role
            other.save(update_fields=["role"])
        row.delete()


def _move_invitations(source: Organisation, target: Organisation) -> None:
    """An open invitation of somebody who is a member or invited there already is taken back; the others lead there."""
    mine = Invitation.objects.filter(organisation=source)
    invited = Invitation.objects.filter(organisation=target, accepted_at=None, revoked_at=None)
    needless = set(invited.values_list(Lower("email"), flat=True))
    needless |= set(OrganisationMember.objects.filter(organisation=target).values_list(Lower("user__email"), flat=True))
    open_ones = mine.filter(accepted_at=None, revoked_at=None).annotate(address=Lower("email"))
    open_ones.filter(address__in=needless).update(revoked_at=timezone.now())
    mine.update(organisation=target)


def _open_invitations(source: Organisation) -> int:
    return Invitation.objects.filter(organisation=source, accepted_at=None, revoked_at=None).count()


def _distinct(source: Organisation) -> int:
    return DistinctOrganisations.objects.filter(Q(first=source) | Q(second=source)).count()


def _distinct_hindrance(source: Organisation, target: Organisation) -> Any:
    if said_distinct(source, target) is None:
        return None
    return _("Somebody has said that these two are not the same. Take that back first.")


def register_own_parts() -> None:
    """What this app itself knows of an organisation. Members go first: invitations look at who is there."""
    members = Part(
        _("Members"), lambda source: OrganisationMember.objects.filter(organisation=source).count(), _move_members
    )
    register_part("people.OrganisationMember.organisation", members)
    register_part("people.Invitation.organisation", Part(_("Open invitations"), _open_invitations, _move_invitations))
    for model, title in (
        (OrganisationIdentifier, _("Numbers in public registers")),
        (OrganisationDocument, _("Documents")),
        (DueDiligenceCheck, _("Due-diligence checks")),
    ):
        register_part(f"people.{model.__name__}.organisation", simply_moved(model, "organisation", title))
    register_part(
        "people.BankDetails.organisation",
        Part(
            _("Bank details"),
            lambda source: BankDetails.objects.filter(organisation=source).exclude(sealed="").count(),
            leave_behind,
            note=lambda source, target: _(
                "They are not taken over: an owner enters the account of the organisation that stays."
            ),
        ),
    )
    # Both keys lead to organisations of one pair: the first part moves what was said either way round.
    said = _("Organisations that are not the same")
    register_part(
        "people.DistinctOrganisations.first",
        Part(said, _distinct, move_distinct, hindrance=_distinct_hindrance),
    )
    register_part("people.DistinctOrganisations.second", Part(said, lambda source: 0, lambda source, target: None))
    register_part(
        "people.Organisation.merged_into",
        simply_moved(Organisation, "merged_into", _("Organisations merged into it earlier")),
    )
