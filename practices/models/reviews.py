"""Peers from other cities: who was asked to review a version, what they write, and the reviews they handed in."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any, ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cities.models import City
from practices.enums import VersionState
from practices.enums.reviews import ACTIVE, AWAITED, Criterion, Recommendation, ReviewState
from practices.models.practices import LANGUAGE_CHOICES, Practice
from practices.models.versions import PracticeVersion

SCORE = [MinValueValidator(1), MaxValueValidator(5)]


class ReviewRequestQuerySet(models.QuerySet["ReviewRequest"]):
    def active(self) -> ReviewRequestQuerySet:
        """Reviews that a version has or will have: neither declined nor taken off."""
        return self.filter(state__in=ACTIVE)

    def awaited(self) -> ReviewRequestQuerySet:
        """Reviews that somebody still works on."""
        return self.filter(state__in=AWAITED)


class ReviewRequest(models.Model):
    """A peer asked to review a version, for their city (none: a reviewer of the network), by a day.

    `data` is the review as typed so far; `revision` is what a second window must have read to replace it. `round` counts
    the submissions this peer looked at. `reason` is why it was declined, or why the peer was taken off.
    """

    version = models.ForeignKey(PracticeVersion, models.CASCADE, related_name="review_requests")
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="practice_reviews", verbose_name=_("reviewer")
    )
    city = models.ForeignKey(
        City, models.PROTECT, null=True, blank=True, related_name="practice_reviews", verbose_name=_("city")
    )
    state = models.CharField(
        _("state"), max_length=12, choices=ReviewState, default=ReviewState.INVITED, editable=False
    )
    round = models.PositiveSmallIntegerField(_("round"), default=1, editable=False)
    due_on = models.DateField(_("due"))
    reason = models.TextField(_("reason"), blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    data: Any = models.JSONField(default=dict, blank=True)
    revision = models.PositiveIntegerField(default=1, editable=False)
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    updated_at = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[ReviewRequestQuerySet] = ReviewRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request for a review")
        verbose_name_plural = _("requests for reviews")
        ordering = ["version_id", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "reviewer"], condition=Q(state__in=list(ACTIVE)), name="one_review_a_person"
            ),
            models.UniqueConstraint(
                fields=["version", "city"], condition=Q(state__in=list(ACTIVE)), name="one_review_a_city"
            ),
            models.CheckConstraint(condition=Q(state__in=ReviewState.values), name="review_state_known"),
        ]
        indexes = [
            models.Index(
                fields=["reviewer", "due_on"], condition=Q(state__in=list(AWAITED)), name="review_awaited_of_person"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version_id} {self.reviewer_id}"

    def get_absolute_url(self) -> str:
        return reverse("practices:review", args=[self.pk])

    def is_late(self, today: datetime.date) -> bool:
        """Whether it is awaited and its day is over."""
        return self.state in AWAITED and self.due_on < today


class PeerReviewQuerySet(models.QuerySet["PeerReview"]):
    def standing(self) -> PeerReviewQuerySet:
        """Reviews that were handed in and not overtaken: of the last submission, by somebody who is still a reviewer."""
        return self.filter(Q(request__isnull=True) | Q(request__state=ReviewState.DONE, request__round=F("round")))

    def public(self) -> PeerReviewQuerySet:
        """Those that everybody may read: of versions that were published, and those that staff wrote down."""
        return self.standing().filter(Q(version__isnull=True) | Q(version__state=VersionState.PUBLISHED))


class PeerReview(models.Model):
    """A finished review: scores of a peer on the four criteria, each from 1 to 5, with reasons.

    Staff also write down reviews that were made elsewhere: these have no request, version or reviewer, and perhaps no reasons.
    `language` is the one the reasons and the note are in. `named`: the reviewer agrees to be named in public. `shared`:
    the note was passed on to the city.
    """

    practice = models.ForeignKey(Practice, models.CASCADE, related_name="peer_reviews")
    request = models.ForeignKey(ReviewRequest, models.CASCADE, null=True, blank=True, related_name="reviews")
    version = models.ForeignKey(PracticeVersion, models.CASCADE, null=True, blank=True, related_name="peer_reviews")
    round = models.PositiveSmallIntegerField(_("round"), default=1, editable=False)
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("reviewer")
    )
    city = models.ForeignKey(City, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("city"))
    relevance = models.PositiveSmallIntegerField(_("relevance"), validators=SCORE)
    participation = models.PositiveSmallIntegerField(_("participation"), validators=SCORE)
    impact = models.PositiveSmallIntegerField(_("impact"), validators=SCORE)
    transferability = models.PositiveSmallIntegerField(_("transferability"), validators=SCORE)
    relevance_reason = models.TextField(_("why"), blank=True)
    participation_reason = models.TextField(_("why"), blank=True)
    impact_reason = models.TextField(_("why"), blank=True)
    transferability_reason = models.TextField(_("why"), blank=True)
    recommendation = models.CharField(_("recommendation"), max_length=8, choices=Recommendation, blank=True)
    note = models.TextField(_("note to the city"), blank=True)
    language = models.CharField(_("written in"), max_length=5, choices=LANGUAGE_CHOICES, blank=True)
    named = models.BooleanField(_("named"), default=False)
    shared = models.BooleanField(_("note passed on"), default=False, editable=False)
    reviewed_on = models.DateField(_("reviewed"), default=timezone.localdate)

    objects: ClassVar[PeerReviewQuerySet] = PeerReviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("peer review")
        verbose_name_plural = _("peer reviews")
        ordering = ["practice_id", "id"]
        constraints = [
            *(
                models.CheckConstraint(condition=Q(**{f"{criterion}__range": (1, 5)}), name=f"{criterion}_1_to_5")
                for criterion in Criterion.values
            ),
            models.UniqueConstraint(fields=["request", "round"], name="one_review_a_round"),
            models.CheckConstraint(
                condition=Q(request__isnull=True, version__isnull=True)
                | Q(request__isnull=False, version__isnull=False),
                name="review_request_with_version",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.practice_id} {self.reviewed_on}"

    @property
    def scores(self) -> tuple[int, ...]:
        """The four scores, in the order of the criteria."""
        return tuple(getattr(self, criterion) for criterion in Criterion.values)

    @property
    def average(self) -> Decimal:
        """The mean of the four scores."""
        return Decimal(sum(self.scores)) / len(self.scores)
