"""What waits for a decision about versions, for pages, desks and the admin."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from cities.models import City
from network.membership.queries.scopes import cities_of_networks
from network.people.enums import RoleKind
from network.people.rules.roles import is_operator, scopes
from network.translation.models import Shown
from practices.enums import VersionState
from practices.enums.reviews import AWAITED, ReviewState
from practices.models import PracticeVersion, VersionSection
from practices.queries.said import Said
from practices.rules.reviews import REVIEWERS

PER_PAGE = 25
WAITING = (VersionState.SUBMITTED, VersionState.IN_REVIEW)
_DONE = Q(review_requests__state=ReviewState.DONE)


@dataclass(frozen=True)
class Waiting:
    """A version in the queue: what it is called, whose, since when it waits, and how far its reviews are.

    `act` is what is to be done: ask (nobody was asked, or too few), late (a reviewer), decide (the reviews are in), wait.
    """

    version: PracticeVersion
    title: Said
    city: str
    asked: int
    done: int
    late: int

    @property
    def act(self) -> str:
        """What those who decide are to do."""
        if self.done >= REVIEWERS and not self.asked - self.done:
            return "decide"
        if self.asked < REVIEWERS:
            return "ask"
        return "late" if self.late else "wait"


def of_deciders(user: Any) -> QuerySet[PracticeVersion]:
    """The versions that this person decides about: all for operators, else those of cities in their networks."""
    rows = PracticeVersion.objects.filter(practice__city__archived_at__isnull=True)
    if is_operator(user):
        return rows
    networks = scopes(user, RoleKind.NETWORK_OFFICER)
    if not networks:
        return rows.none()
    return rows.filter(practice__city__in=cities_of_networks(networks))


def counted(rows: QuerySet[PracticeVersion], today: datetime.date | None = None) -> Any:
    """With `asked`, `done` and `late`: how many reviews there will be, are, and are overdue."""
    late = Q(review_requests__state__in=AWAITED, review_requests__due_on__lt=today or timezone.localdate())
    return rows.annotate(
        asked=Count("review_requests", filter=_DONE | Q(review_requests__state__in=AWAITED)),
        done=Count("review_requests", filter=_DONE),
        late=Count("review_requests", filter=late),
    )


def to_ask(rows: QuerySet[PracticeVersion]) -> QuerySet[PracticeVersion]:
    """Submitted versions that have not got two reviewers yet."""
    return counted(rows.filter(state__in=WAITING)).filter(asked__lt=REVIEWERS)


def to_decide(rows: QuerySet[PracticeVersion]) -> QuerySet[PracticeVersion]:
    """Versions whose reviews are all in."""
    return counted(rows.filter(state__in=WAITING)).filter(done__gte=REVIEWERS, asked=F("done"))


def with_late_review(rows: QuerySet[PracticeVersion]) -> QuerySet[PracticeVersion]:
    """Versions that a reviewer keeps waiting past their day."""
    return counted(rows.filter(state__in=WAITING)).filter(late__gt=0)


def waiting_versions(user: Any, code: str, page: str | None) -> Page[Waiting]:
    """The queue of one who decides, the longest waiting first. Three queries whatever the number."""
    rows = of_deciders(user).filter(state__in=WAITING).order_by("submitted_at", "id")
    found: Any = Paginator(_named(rows, code), PER_PAGE).get_page(page)
    found.object_list = told(found.object_list)
    return found


def first_waiting(user: Any, code: str, most: int) -> list[Waiting]:
    """The first of the queue, for the desk."""
    rows = of_deciders(user).filter(state__in=WAITING).order_by("submitted_at", "id")
    return told(_named(rows, code)[:most])


def told(rows: Iterable[PracticeVersion]) -> list[Waiting]:
    """Versions of `_named` with what they call themselves. One query more than theirs."""
    versions = list(rows)
    about = VersionSection.objects.filter(version__in=versions, section="about").order_by()
    titles = {pk: data.get("title") or "" for pk, data in about.values_list("version_id", "data")}
    return [
        Waiting(
            version=one,
            title=Said(titles.get(one.pk) or one.practice.slug, one.language),
            city=vars(one)["city_name"],
            asked=vars(one)["asked"],
            done=vars(one)["done"],
            late=vars(one)["late"],
        )
        for one in versions
    ]


def _named(rows: QuerySet[PracticeVersion], code: str) -> QuerySet[PracticeVersion]:
    plain = rows.select_related("practice").only(
        "number",
        "state",
        "language",
        "note",
        "minor",
        "submitted_at",
        "decided_at",
        "practice__slug",
        "practice__state",
    )
    return counted(plain).annotate(city_name=Shown(City, "name", code, "practice__city__slug"))
