"""Which organisations are said not to be the same."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from network.people.models import DistinctOrganisations, Organisation


def pair_of(one: Organisation, other: Organisation) -> tuple[int, int]:
    """The keys of two organisations, the smaller one first."""
    low, high = sorted((one.pk, other.pk))
    return low, high


def said_distinct(one: Organisation, other: Organisation) -> DistinctOrganisations | None:
    """What was said of the two, whichever way round; None where nothing was."""
    first, second = pair_of(one, other)
    return DistinctOrganisations.objects.filter(first_id=first, second_id=second).first()


def distinct_pairs(organisations: Iterable[int]) -> set[tuple[int, int]]:
    """The pairs that are not the same in which one of these keys stands, each in the order of its keys. One query."""
    keys = list(organisations)
    rows = DistinctOrganisations.objects.filter(Q(first__in=keys) | Q(second__in=keys)).order_by()
    return set(rows.values_list("first_id", "second_id"))


@dataclass(frozen=True)
class SaidDistinct:
    """One that is not the same as the one that is looked at, with who said so, when and why."""

    other: Organisation
    row: DistinctOrganisations


def distinct_from(organisation: Organisation) -> list[SaidDistinct]:
    """Those that are said not to be the same as this one, what was said last first. One query."""
    rows = DistinctOrganisations.objects.filter(Q(first=organisation) | Q(second=organisation))
    return [
        SaidDistinct(row.second if row.first_id == organisation.pk else row.first, row)
        for row in rows.select_related("first", "second", "said_by").order_by("-said_at", "-pk")
    ]
