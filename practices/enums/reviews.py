"""Peer review: what is judged, what is advised, and the way of a request for a review."""

from dataclasses import dataclass
from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _, pgettext_lazy


class Criterion(models.TextChoices):
    """What peers judge a practice by, each from 1 to 5."""

    RELEVANCE = "relevance", _("Relevance")
    PARTICIPATION = "participation", _("Participation")
    IMPACT = "impact", _("Impact")
    TRANSFERABILITY = "transferability", _("Transferability")


class Recommendation(models.TextChoices):
    """What a reviewer advises."""

    PUBLISH = "publish", pgettext_lazy("review", "Publish it")
    REVISE = "revise", pgettext_lazy("review", "Ask for a revision first")


class ReviewState(models.TextChoices):
    """Where a request for a review is. Whether it is late is computed from its date."""

    INVITED = "invited", pgettext_lazy("review", "Asked")
    ACCEPTED = "accepted", pgettext_lazy("review", "Accepted")
    DONE = "done", pgettext_lazy("review", "Handed in")
    DECLINED = "declined", pgettext_lazy("review", "Declined")
    CONFLICTED = "conflicted", pgettext_lazy("review", "Conflict of interest")
    CANCELLED = "cancelled", pgettext_lazy("review", "Taken off")


class ReviewVerb(StrEnum):
    """What can be done to a request for a review."""

    ACCEPT = "accept"
    DECLINE = "decline"
    DECLARE_CONFLICT = "declare_conflict"
    HAND_IN = "hand_in"
    CANCEL = "cancel"
    ASK_AGAIN = "ask_again"


class ReviewSide(StrEnum):
    """Who acts: the peer, whoever decides about the version, or the portal, when a revision is submitted again."""

    REVIEWER = "reviewer"
    DECIDER = "decider"
    SYSTEM = "system"


@dataclass(frozen=True)
class ReviewStep:
    """One line of the workflow of a request for a review: who may, and the state it leads to."""

    who: ReviewSide
    to: ReviewState


_GIVING_UP = {
    ReviewVerb.DECLARE_CONFLICT: ReviewStep(ReviewSide.REVIEWER, ReviewState.CONFLICTED),
    ReviewVerb.CANCEL: ReviewStep(ReviewSide.DECIDER, ReviewState.CANCELLED),
}
_DECLINING = {ReviewVerb.DECLINE: ReviewStep(ReviewSide.REVIEWER, ReviewState.DECLINED)}
# A conflict that is seen late is declared late: what was handed in does not count then.
REVIEWS: dict[ReviewState, dict[ReviewVerb, ReviewStep]] = {
    ReviewState.INVITED: {
        ReviewVerb.ACCEPT: ReviewStep(ReviewSide.REVIEWER, ReviewState.ACCEPTED),
        **_DECLINING,
        **_GIVING_UP,
    },
    ReviewState.ACCEPTED: {
        ReviewVerb.HAND_IN: ReviewStep(ReviewSide.REVIEWER, ReviewState.DONE),
        **_DECLINING,
        **_GIVING_UP,
    },
    ReviewState.DONE: {
        ReviewVerb.ASK_AGAIN: ReviewStep(ReviewSide.SYSTEM, ReviewState.ACCEPTED),
        **_GIVING_UP,
    },
    ReviewState.DECLINED: {},
    ReviewState.CONFLICTED: {},
    ReviewState.CANCELLED: {},
}
# Somebody still works on these, and these are the reviews a version has or will have.
AWAITED = (ReviewState.INVITED, ReviewState.ACCEPTED)
ACTIVE = (*AWAITED, ReviewState.DONE)
