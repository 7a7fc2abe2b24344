"""Peer review as the reviewer does it: a request is answered, the review written bit by bit and handed in."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _, ngettext

from network.doors import DomainError, insist
from network.people.models import User
from network.sections import Saved, replace_section
from network.text import clean_text
from practices.domain.holding import lock_request
from practices.domain.reviews import is_reviewed
from practices.enums.reviews import REVIEWS, Criterion, ReviewState, ReviewVerb
from practices.messages.reviews import send_review_answered
from practices.models import PeerReview, ReviewRequest
from practices.queries.reviewers import cities_of, stakes_of
from practices.rules.reviewing import MAX_CHARACTERS, Lack, clean_review, lacks_of, longest, reason_of
from practices.rules.reviews import (
    can_accept_review,
    can_declare_conflict,
    can_decline_review,
    can_hand_in_review,
    can_write_review,
    conflict,
)


class Unfinished(DomainError):
    """The review can't be handed in yet: `lacks` says what is missing or wrong, in the form's order."""

    def __init__(self, lacks: Sequence[Lack]) -> None:
        text = ngettext(
            "%(count)d thing is missing or needs a change.",
            "%(count)d things are missing or need a change.",
            len(lacks),
        )
        super().__init__(text % {"count": len(lacks)}, code="unfinished")
        self.lacks = tuple(lacks)


@transaction.atomic
def accept_review(request: ReviewRequest, *, by: User) -> ReviewRequest:
    """Agree to review the version by its day. DomainError `conflict` where a stake came up since the peer was asked."""
    locked = lock_request(request)
    insist(can_accept_review(by, locked))
    own = cities_of([by.pk], "en").get(by.pk, [])
    if conflict(stakes_of(locked.version), by.pk, own):
        raise DomainError(
            _("You have a stake in this practice. Declare a conflict of interest instead."), code="conflict"
        )
    return _answered(locked, ReviewVerb.ACCEPT, "")


@transaction.atomic
def decline_review(request: ReviewRequest, *, reason: str, by: User) -> ReviewRequest:
    """Say no, with a reason: the network's officers ask somebody else. What was written so far stays kept, unread."""
    locked = lock_request(request)
    insist(can_decline_review(by, locked))
    return _answered(locked, ReviewVerb.DECLINE, _needed(reason))


@transaction.atomic
def declare_conflict(request: ReviewRequest, *, reason: str, by: User) -> ReviewRequest:
    """Say that one has a stake in the practice; what was handed in no longer counts, and one is never asked about it again."""
    locked = lock_request(request)
    insist(can_declare_conflict(by, locked))
    return _answered(locked, ReviewVerb.DECLARE_CONFLICT, _needed(reason))


@transaction.atomic
def save_review(
    request: ReviewRequest, typed: Mapping[str, Any], *, revision: int, by: User, at: datetime.datetime
) -> Saved:
    """Store the review as typed (`rules.reviewing.clean_review`). Nothing is required of it yet.

    `revision` is the one that was read; where another window saved since, StaleSection, and nothing is changed.
    DomainErrors: not the reviewer, not to be written now, `too_long` to be kept.
    """
    locked = ReviewRequest.objects.select_for_update(of=("self",)).select_related("version", "city").get(pk=request.pk)
    insist(can_write_review(by, locked))
    return _save(locked, typed, revision, by, at)


@transaction.atomic
def hand_in_review(request: ReviewRequest, *, revision: int, by: User) -> PeerReview:
    """Hand in what is stored. Unfinished where something is missing or wrong; nothing is changed then.

    DomainErrors: not the reviewer, `denied` where the version was sent back or the reviewer taken off meanwhile, `stale` where
    another window saved something else than what was read.
    """
    locked = lock_request(request)
    insist(can_hand_in_review(by, locked))
    if locked.revision != revision:
        raise DomainError(
            _("This review was changed in another window. Read it again before you hand it in."), code="stale"
        )
    said = clean_review(locked.data)
    if lacks := lacks_of(said):
        raise Unfinished(lacks)
    version = locked.version
    review = PeerReview(
        practice=version.practice,
        request=locked,
        version=version,
        round=locked.round,
        reviewer=by,
        city=locked.city,
        recommendation=said["recommendation"],
        note=said["note"],
        language=said["language"],
        named=said["named"],
    )
    for criterion in Criterion.values:
        setattr(review, criterion, int(said[criterion]))
        setattr(review, reason_of(criterion), said[reason_of(criterion)])
    review.save(force_insert=True)
    _answered(locked, ReviewVerb.HAND_IN, "")
    return review


def _save(locked: ReviewRequest, typed: Mapping[str, Any], revision: int, by: User, at: datetime.datetime) -> Saved:
    data = clean_review(typed)
    if longest(data) > MAX_CHARACTERS:
        raise DomainError(_("This text is too long to be kept. Shorten it to 50,000 characters."), code="too_long")
    return replace_section(locked, data, revision=revision, by=by, at=at)


def _answered(locked: ReviewRequest, verb: ReviewVerb, reason: str) -> ReviewRequest:
    locked.state = REVIEWS[ReviewState(locked.state)][verb].to
    locked.reason, locked.answered_at = reason, timezone.now()
    locked.save(update_fields=["state", "reason", "answered_at"])
    send_review_answered(locked, verb, complete=is_reviewed(locked.version))
    return locked


def _needed(reason: str) -> str:
    kept = clean_text(reason)[:2_000]
    if not kept:
        raise DomainError(_("Say why: the network’s officers read it."), code="reason")
    return kept
