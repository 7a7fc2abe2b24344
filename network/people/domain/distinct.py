"""Two organisations that are not the same although they look like it: said with a reason, and taken back."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from network.audit.context import because
from network.doors import DomainError, insist
from network.people.models import DistinctOrganisations, Organisation
from network.people.queries.distinct import pair_of, said_distinct
from network.people.rules.verifying import can_merge_organisations
from network.text import clean_line

LONGEST = 1_000


@transaction.atomic
def say_distinct(one: Organisation, other: Organisation, *, by: Any, reason: str) -> DistinctOrganisations:
    """Say that two organisations are not the same. They are suggested to nobody as the same any more, and can't be merged.

    DomainErrors: `same`, `denied`, `merged` where one of them is in the archive by now, `reason`, `said` where somebody
    said so before. Of two who say it at the same moment one is told.
    """
    first, second = _held(one, other, by)
    reason = clean_line(reason)
    if not reason:
        raise DomainError(_("Say how you know that they are not the same."), code="reason")
    if len(reason) > LONGEST:
        raise DomainError(_("A reason has at most 1,000 characters."), code="reason")
    if said_distinct(first, second) is not None:
        raise DomainError(_("Somebody has said already that these two are not the same."), code="said")
    because(reason)
    row = DistinctOrganisations(first=first, second=second, reason=reason, said_by=by)
    row.save()
    return row


@transaction.atomic
def take_distinct_back(one: Organisation, other: Organisation, *, by: Any) -> None:
    """Let the two be suggested as the same again. DomainErrors: as `say_distinct`; `gone` where nobody says so any more."""
    first, second = _held(one, other, by)
    row = said_distinct(first, second)
    if row is None:
        raise DomainError(_("Nobody says any more that these two are not the same."), code="gone")
    row.delete()


def _held(one: Organisation, other: Organisation, by: Any) -> tuple[Organisation, Organisation]:
    """Both rows, held in the order of their keys, as mergers hold them."""
    if one.pk == other.pk:
        raise DomainError(_("Choose two different organisations."), code="same")
    keys = pair_of(one, other)
    first, second = Organisation.objects.select_for_update().filter(pk__in=keys).order_by("pk")
    insist(can_merge_organisations(by, (first, second)))
    if first.archived_at is not None or second.archived_at is not None:
        raise DomainError(_("One of the two is in the archive by now: somebody was quicker."), code="merged")
    return first, second


def move_distinct(source: Organisation, target: Organisation) -> None:
    """What was said of an organisation that is merged is said of the one it becomes a part of."""
    for row in [*source.distinct_firsts.order_by("pk"), *source.distinct_seconds.order_by("pk")]:
        other = row.second_id if row.first_id == source.pk else row.first_id
        low, high = sorted((other, target.pk))
        if DistinctOrganisations.objects.filter(first_id=low, second_id=high).exists():
            row.delete()
        else:
            row.first_id, row.second_id = low, high
            row.save(update_fields=["first", "second"])
