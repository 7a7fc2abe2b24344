"""What a harvester is told, a page at a time: headers in the order of their datestamps, and what stands behind them."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Min, Q, QuerySet
from django.db.models.functions import Now

from cities.models import City
from network.frame.names import locale_of
from network.languages import CODES, DEFAULT
from practices.enums import FILTERS, ConceptKind
from practices.models import HarvestRecord, Practice
from practices.queries.described import Described, described, subjects_of
from practices.queries.scheme import Named, scheme
from practices.queries.wanted import of_concept

PER_PAGE = 100
COUNTRY = "country"
Place = tuple[datetime.datetime, int]


@dataclass(frozen=True)
class Selection:
    """Which records a harvester wants: datestamps from and until (both included), and one set; empty means all."""

    since: datetime.datetime | None = None
    until: datetime.datetime | None = None
    set_spec: str = ""


@dataclass(frozen=True)
class Header:
    """What is told of every record. deleted: it was public and is not now. sets: those it is part of."""

    number: int
    uuid: uuid.UUID
    datestamp: datetime.datetime
    deleted: bool
    sets: tuple[str, ...]


@dataclass(frozen=True)
class Harvested:
    """A record: its header, and the practice where it is public."""

    header: Header
    practice: Described | None


@dataclass(frozen=True)
class Page:
    """Some records in order, the place after which the next ones stand (None: these were the last), and how many there
    are in all, where that was asked."""

    records: list[Harvested]
    after: Place | None
    total: int


@dataclass(frozen=True)
class HarvestSet:
    """A set: its spec, its name in English, and its names by language."""

    spec: str
    name: str
    names: dict[str, str]


def set_spec(concept: Named) -> str:
    """The set of a concept: `theme-housing`, `group-parents`, `approach-mentoring`. It holds what is narrower, too."""
    return f"{FILTERS[ConceptKind(concept.kind)]}-{concept.code}"


def sets() -> list[HarvestSet]:
    """A set for every concept in use and for every country that has, or had, a public practice. Two queries."""
    concepts = [
        HarvestSet(set_spec(one), one.label(DEFAULT), dict(one.labels))
        for one in scheme().concepts.values()
        if not one.archived
    ]
    told = HarvestRecord.objects.order_by().values("practice__city")
    countries = City.objects.filter(pk__in=told).order_by("country").values_list("country", flat=True).distinct()
    return [*concepts, *map(_of_country, countries)]


def _of_country(country: str) -> HarvestSet:
    names = {code: locale_of(code).territories.get(country, country) for code in CODES}
    return HarvestSet(f"{COUNTRY}-{country}", names[DEFAULT], names)


def earliest() -> datetime.datetime | None:
    """The first datestamp; none is ever told before it."""
    found: datetime.datetime | None = HarvestRecord.objects.order_by().aggregate(first=Min("datestamp"))["first"]
    return found


def records(wanted: Selection, after: Place | None = None, *, counted: bool = False, whole: bool = True) -> Page:
    """The next PER_PAGE records after that place. A constant number of queries: four, one more where they are `whole`, and one
    where `counted`.

    A record that changes while somebody harvests moves to the end, and is told there. Where nothing is left because the
    last ones moved out of what is wanted, the one that was told last is told again: a list never ends in nothing.
    """
    chosen = _chosen(wanted)
    rows = list(_after(chosen, after)[: PER_PAGE + 1])
    if not rows and after:
        rows = list(_headers(HarvestRecord.objects.filter(pk=after[1])))
    told = rows[:PER_PAGE]
    last = told[-1] if len(rows) > PER_PAGE else None
    return Page(
        _harvested(told, whole=whole),
        after=(last["datestamp"], last["practice_id"]) if last else None,
        total=chosen.count() if counted else 0,
    )


def record(identifier: uuid.UUID) -> Harvested | None:
    """One record; None where there never was one."""
    found = _harvested(list(_headers(HarvestRecord.objects.filter(uuid=identifier))), whole=True)
    return found[0] if found else None


def _chosen(wanted: Selection) -> QuerySet:
    chosen = HarvestRecord.objects.filter(datestamp__lte=Now())
    if wanted.since:
        chosen = chosen.filter(datestamp__gte=wanted.since)
    if wanted.until:
        chosen = chosen.filter(datestamp__lte=wanted.until)
    kind, _hyphen, value = wanted.set_spec.partition("-")
    if kind == COUNTRY:
        chosen = chosen.filter(practice__in=Practice.objects.filter(city__country=value).order_by().values("pk"))
    elif value:
        known = scheme().resolve(value)
        fits = known is not None and FILTERS[ConceptKind(known.kind)] == kind
        chosen = chosen.filter(practice__in=of_concept(value)) if fits else chosen.none()
    elif kind:
        chosen = chosen.none()
    return chosen.order_by()


def _after(chosen: QuerySet, after: Place | None) -> QuerySet:
    if after:
        moment, number = after
        # The first condition says nothing new; by it Postgres begins at that place of the index.
        chosen = chosen.filter(Q(datestamp__gte=moment), Q(datestamp__gt=moment) | Q(practice_id__gt=number))
    return _headers(chosen)


def _headers(chosen: QuerySet) -> QuerySet:
    return chosen.order_by("datestamp", "practice_id").values("practice_id", "uuid", "datestamp")


def _harvested(rows: Sequence[dict], *, whole: bool) -> list[Harvested]:
    ids = [row["practice_id"] for row in rows]
    subjects = subjects_of(ids)
    countries = dict(Practice.objects.filter(pk__in=ids).order_by().values_list("pk", "city__country"))
    practices = described(ids, subjects) if whole else {}
    public = set(practices) if whole else _public(ids)
    return [
        Harvested(
            Header(
                number=row["practice_id"],
                uuid=row["uuid"],
                datestamp=row["datestamp"],
                deleted=row["practice_id"] not in public,
                sets=_sets_of(subjects.get(row["practice_id"], ()), countries.get(row["practice_id"], "")),
            ),
            practices.get(row["practice_id"]),
        )
        for row in rows
    ]


def _public(ids: Sequence[int]) -> set[int]:
    return set(Practice.objects.visible_to(None).filter(pk__in=ids).order_by().values_list("pk", flat=True))


def _sets_of(subjects: Sequence[Named], country: str) -> tuple[str, ...]:
    known = scheme()
    specs = [set_spec(one) for subject in subjects for one in (*known.above(subject.id), subject) if not one.archived]
    return tuple(dict.fromkeys([*specs, *([f"{COUNTRY}-{country}"] if country else [])]))
