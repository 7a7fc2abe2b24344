"""Peer review as deciders lead it: peers are asked, given another day, taken off; what follows when a version moves on.

By the table `enums.REVIEWS`. Each verb holds the version first, then its practice, then the request, so that whoever hands a
review in, takes its writer off, or decides at the same moment acts one after the other.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cities.models import City
from network.audit.context import because
from network.doors import DomainError, insist
from network.people.models import User
from network.text import clean_text
from practices.domain.holding import lock_request, lock_version, moved
from practices.enums import VersionState, VersionVerb
from practices.enums.reviews import AWAITED, REVIEWS, ReviewState, ReviewVerb
from practices.messages.reviews import send_review_asked, send_review_off
from practices.models import PeerReview, PracticeVersion, ReviewRequest
from practices.queries.reviewers import cities_of, stakes_of
from practices.rules.reviews import (
    DAYS,
    MOST_DAYS,
    MOST_REVIEWERS,
    REVIEWERS,
    can_ask_reviewer,
    can_cancel_review,
    can_move_review,
    conflict,
    is_peer,
)


@transaction.atomic
def ask_reviewer(
    version: PracticeVersion, reviewer: User, *, city: City | None, due_on: datetime.date | None = None, by: User
) -> ReviewRequest:
    """Ask a peer to review a submitted version, for their city (None: a reviewer of the network). The first one begins the
    review.

    DomainError: not allowed, not submitted, `not_a_peer`, `conflict` with its reason, `already` asked, `city` already
    reviews it, `enough` reviewers, `due` in the past or too far ahead.
    """
    locked = lock_version(version)
    insist(can_ask_reviewer(by, locked))
    due_on = _day(due_on or timezone.localdate() + datetime.timedelta(days=DAYS))
    if not reviewer.is_active or not is_peer(reviewer, city) or reviewer.pk == by.pk:
        raise DomainError(_("This person can’t review it: ask an officer of another city."), code="not_a_peer")
    _insist_on_no_conflict(locked, reviewer)
    active = list(locked.review_requests.active())
    if any(one.reviewer_id == reviewer.pk for one in active):
        raise DomainError(_("This person is asked already."), code="already")
    if city and any(one.city_id == city.pk for one in active):
        raise DomainError(_("Somebody of that city reviews it already. Ask another city."), code="city")
    if len(active) >= MOST_REVIEWERS:
        raise DomainError(_("Enough people are asked. Take one off before you ask another."), code="enough")
    request = ReviewRequest.objects.create(version=locked, reviewer=reviewer, city=city, due_on=due_on, asked_by=by)
    if locked.state == VersionState.SUBMITTED:
        moved(locked, VersionVerb.START_REVIEW).save(update_fields=["state"])
    send_review_asked(request)
    return request


@transaction.atomic
def cancel_review(request: ReviewRequest, *, reason: str, by: User) -> ReviewRequest:
    """Take a reviewer off: what they wrote stays kept and does not count. They are told the reason; it can't be empty."""
    locked = lock_request(request)
    insist(can_cancel_review(by, locked))
    reason = clean_text(reason)
    if not reason:
        raise DomainError(_("Say why: the reviewer reads it."), code="reason")
    because(reason)
    return _off(locked, reason)


@transaction.atomic
def move_review(request: ReviewRequest, due_on: datetime.date, *, by: User) -> ReviewRequest:
    """Give a reviewer another day. The reminders follow it; who was reminded of the old day is told."""
    locked = lock_request(request)
    insist(can_move_review(by, locked))
    locked.due_on = _day(due_on)
    locked.save(update_fields=["due_on"])
    return locked


def ask_again(version: PracticeVersion) -> bool:
    """Where a version that was sent back is submitted again, ask those who reviewed it to look again; they keep what they
    wrote. False where there are none, or none is needed. The version is held by the caller."""
    if not version.second_look:
        return False
    due_on = timezone.localdate() + datetime.timedelta(days=DAYS)
    found = list(version.review_requests.active().select_for_update(of=("self",)).select_related("reviewer"))
    for request in found:
        request.version = version
        if request.state == ReviewState.DONE:
            request.state = REVIEWS[ReviewState.DONE][ReviewVerb.ASK_AGAIN].to
            request.round += 1
        request.due_on = max(request.due_on, due_on)
        request.save(update_fields=["state", "round", "due_on"])
        send_review_asked(request)
    return bool(found)


def end_reviews(version: PracticeVersion) -> None:
    """The version was decided or given up: nobody needs to review it any more. The version is held by the caller."""
    for request in version.review_requests.filter(state__in=AWAITED).select_for_update(of=("self",)):
        request.version = version
        _off(request, "")


def standing_reviews(version: PracticeVersion) -> list[PeerReview]:
    """The reviews that were handed in for the version as it stands, in their order."""
    return list(version.peer_reviews.standing().order_by("id"))


def is_reviewed(version: PracticeVersion) -> bool:
    """Whether two peers have handed in what they think of the version as it stands."""
    return len(standing_reviews(version)) >= REVIEWERS


def share_notes(version: PracticeVersion, reviews: Iterable[int]) -> None:
    """Pass the notes of these reviews of the version on to its city."""
    version.peer_reviews.standing().filter(pk__in=list(reviews)).update(shared=True)


def _off(request: ReviewRequest, reason: str) -> ReviewRequest:
    request.state = REVIEWS[ReviewState(request.state)][ReviewVerb.CANCEL].to
    request.reason, request.answered_at = reason, timezone.now()
    request.save(update_fields=["state", "reason", "answered_at"])
    send_review_off(request)
    return request


def _insist_on_no_conflict(version: PracticeVersion, reviewer: User) -> None:
    own = cities_of([reviewer.pk], "en").get(reviewer.pk, [])
    reason = conflict(stakes_of(version), reviewer.pk, own)
    if reason:
        said = _("%(name)s can’t review it: %(name)s %(reason)s.")
        raise DomainError(said % {"name": reviewer.display_name, "reason": reason}, code="conflict")


def _day(day: datetime.date) -> datetime.date:
    today = timezone.localdate()
    if not today <= day <= today + datetime.timedelta(days=MOST_DAYS):
        raise DomainError(
            _("Choose a day from today on, at most %(days)d days ahead.") % {"days": MOST_DAYS}, code="due"
        )
    return day
