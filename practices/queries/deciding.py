"""A version on its way, as its own page shows it: where it stands, its way so far, its reviewers and what they say."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import Http404
from django.utils import timezone
from django.utils.translation import get_language, gettext as _

from cities.models import City
from network.audit.models import AuditEvent
from network.people.models import User
from network.translation.models import Shown
from practices.enums import VersionState
from practices.enums.reviews import AWAITED, ReviewState
from practices.models import PracticeVersion, ReviewRequest
from practices.queries.given import Given, Judged, given_by, judged, reviews_of
from practices.queries.said import Said
from practices.queries.versions import city_name, version_title
from practices.rules.maturity import score_of
from practices.rules.reviews import REVIEWERS, can_lead_review, can_read_version


@dataclass(frozen=True)
class Step:
    """One step of a version's way: when, what, by whom (empty where it was nobody's act), and the reason given."""

    when: datetime.datetime
    what: str
    who: str
    reason: str


@dataclass(frozen=True)
class Asked:
    """A peer who was asked: with their name and city for those who decide."""

    request: ReviewRequest
    name: str
    city: str
    late: bool
    awaited: bool

    @property
    def chip(self) -> str:
        """The wash its state is told in."""
        if self.late:
            return "stop"
        return {ReviewState.DONE: "good", ReviewState.ACCEPTED: "civic", ReviewState.INVITED: "watch"}.get(
            ReviewState(self.request.state), ""
        )


@dataclass(frozen=True)
class VersionPage:
    """The page. `leads`: the reader decides about it, and sees reviewers by name; `given` is for them only, and the notes
    passed on for the city."""

    version: PracticeVersion
    title: Said
    city: str
    steps: list[Step]
    leads: bool
    asked: list[Asked]
    given: list[Given]
    judged: list[Judged]
    score: Decimal | None
    passed_on: list[Given]

    @property
    def reviewed(self) -> bool:
        """Whether two peers have handed in what they think of it as it stands."""
        return len(self.given) >= REVIEWERS

    @property
    def compares(self) -> bool:
        """Whether there are several reviews to set side by side."""
        return len(self.given) > 1

    @property
    def enough(self) -> bool:
        """Whether two peers are asked, and none more needs to be."""
        return len(self.given) + len(self.awaited) >= REVIEWERS

    @property
    def awaited(self) -> list[Asked]:
        """Reviewers who have still to hand in."""
        return [one for one in self.asked if one.awaited]


def get_version(user: Any, slug: str, number: int) -> PracticeVersion:
    """A version that this person may read before it is public; Http404 for all others."""
    rows = PracticeVersion.objects.select_related("practice__city", "submitted_by")
    version = rows.filter(practice__slug=slug, number=number).first()
    if version is None or not can_read_version(user, version):
        raise Http404
    return version


def version_page(user: Any, version: PracticeVersion) -> VersionPage:
    """Everything the page shows. A constant number of queries."""
    code, today = get_language() or "en", timezone.localdate()
    leads = bool(can_lead_review(user, version))
    reviews = reviews_of(version, code)
    given = [given_by(review, code, names=leads) for review in reviews] if leads else []
    shared = [given_by(review, code, names=False) for review in reviews if review.shared and review.note]
    return VersionPage(
        version=version,
        title=version_title(version),
        city=city_name(version.practice.city, code),
        steps=steps_of(version),
        leads=leads,
        asked=[_asked(one, today) for one in requests_of(version, code)] if leads else [],
        given=given,
        judged=judged(given),
        score=round(score, 1) if (score := score_of(one.review for one in given)) is not None else None,
        passed_on=[] if leads else shared,
    )


def requests_of(version: PracticeVersion, code: str) -> list[ReviewRequest]:
    """Everybody who was asked, in order, with `city_name` for a reader of `code`."""
    rows = version.review_requests.annotate(city_name=Shown(City, "name", code, "city__slug"))
    return list(rows.select_related("reviewer", "city").order_by("id"))


def steps_of(version: PracticeVersion) -> list[Step]:
    """A version's way from state to state, as history has it, the oldest first. Two queries.

    What became a version afterwards (kept of what was public before) has one step: its publication.
    """
    events = AuditEvent.objects.filter(table=PracticeVersion._meta.db_table, row=str(version.pk)).order_by("id")
    found = []
    for event in events:
        state = {name: after for name, _before, after in event.changes()}.get("state")
        if state:
            found.append((event, VersionState(str(state))))
    people = User.objects.in_bulk({event.actor_id for event, _state in found if event.actor_id})
    return [
        Step(
            when=event.at,
            what=str(state.label),
            who=people[event.actor_id].display_name if event.actor_id in people else "",
            reason=event.reason,
        )
        for event, state in found
    ]


def _asked(request: ReviewRequest, today: datetime.date) -> Asked:
    return Asked(
        request=request,
        name=request.reviewer.display_name,
        city=vars(request)["city_name"] or _("A reviewer of the network"),
        late=request.is_late(today),
        awaited=request.state in AWAITED,
    )
