"""Peer reviews as pages and people's exports tell them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Case, IntegerField, Value, When
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language

from cities.models import City
from network.people.models import User
from network.translation.models import Shown
from practices.enums.reviews import AWAITED
from practices.models import PeerReview, ReviewRequest, VersionSection
from practices.queries.said import Said

PER_PAGE = 25


@dataclass(frozen=True)
class OwnReview:
    """A review that somebody was asked for, as their list shows it."""

    request: ReviewRequest
    title: Said
    city: str
    awaited: bool
    late: bool
    url: str


def reviews_by(user: Any, page: str | None) -> Page[OwnReview]:
    """All reviews that this person was asked for: those they have still to write first, by their day. Three queries."""
    found: Any = Paginator(_requests(user), PER_PAGE).get_page(page)
    found.object_list = _told(found.object_list)
    return found


def awaited_of(user: Any, most: int) -> list[OwnReview]:
    """The reviews that this person has still to answer or to write, by their day. Two queries."""
    return _told(_requests(user).filter(state__in=AWAITED)[:most])


def _requests(user: Any) -> Any:
    first = Case(When(state__in=AWAITED, then=Value(0)), default=Value(1), output_field=IntegerField())
    city = Shown(City, "name", get_language() or "en", "version__practice__city__slug")
    rows = ReviewRequest.objects.filter(reviewer_id=user.pk or 0).select_related("version__practice")
    plain = rows.only(
        "state", "due_on", "round", "answered_at", "version__number", "version__state", "version__language",
        "version__practice__slug",
    )  # fmt: skip
    return plain.annotate(first=first, city_name=city).order_by("first", "due_on", "id")


def _told(rows: Any) -> list[OwnReview]:
    requests, today = list(rows), timezone.localdate()
    about = VersionSection.objects.filter(version__in=[one.version_id for one in requests], section="about").order_by()
    titles = {pk: data.get("title") or "" for pk, data in about.values_list("version_id", "data")}
    return [
        OwnReview(
            request=one,
            title=Said(titles.get(one.version_id) or one.version.practice.slug, one.version.language),
            city=vars(one)["city_name"],
            awaited=one.state in AWAITED,
            late=one.is_late(today),
            url=reverse("practices:review", args=[one.pk]),
        )
        for one in requests
    ]


def own_reviews(user: User) -> list[dict[str, Any]]:
    """What the portal keeps of this person as a reviewer: what was asked, what they write, and what they handed in."""
    requests = ReviewRequest.objects.filter(reviewer=user).select_related("version__practice").order_by("pk")
    handed_in: dict[int, list[dict[str, Any]]] = {}
    for review in PeerReview.objects.filter(reviewer=user, request__isnull=False).order_by("pk"):
        handed_in.setdefault(review.request_id or 0, []).append(
            {
                "on": review.reviewed_on.isoformat(),
                "scores": list(review.scores),
                "recommendation": review.recommendation,
                "note": review.note,
                "named": review.named,
            }
        )
    return [
        {
            "practice": row.version.practice.slug,
            "version": row.version.number,
            "asked_at": row.asked_at.isoformat(),
            "due_on": row.due_on.isoformat(),
            "state": row.state,
            "reason": row.reason,
            "written": row.data,
            "handed_in": handed_in.get(row.pk, []),
        }
        for row in requests
    ]
