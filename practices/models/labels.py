"""A network's labels: what the network gives them for, and which practice holds one from which day to which."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils import timezone
from django.utils.translation import gettext_lazy as _, pgettext_lazy

from network.membership.models import Network
from network.translation.models import Translated, TranslatedQuerySet
from practices.enums import Maturity
from practices.enums.labels import LabelState
from practices.enums.reviews import Criterion
from practices.models.practices import LANGUAGE_CHOICES, Practice


class LabelKind(Translated):
    """What a network gives a label for: its name, what it stands for, and what a practice must show to get it.

    `maturity` is the least level; `score` the least mean of each criterion, in points from 1 to 5; `reviewers` how many
    peers must have reviewed the practice; `months` how long the label is valid. What is changed here counts for labels
    to come: those that were given keep their scores and their last day.
    """

    CARD = ("name", "meaning")

    network = models.ForeignKey(Network, models.PROTECT, related_name="label_kinds", verbose_name=_("network"))
    slug = models.SlugField(_("address"), max_length=80, unique=True, allow_unicode=True)
    name = models.CharField(_("name"), max_length=120)
    meaning = models.TextField(_("what it stands for"), blank=True)
    maturity = models.CharField(_("least maturity"), max_length=12, choices=Maturity, default=Maturity.GOOD)
    score = models.DecimalField(
        _("least points on each criterion"),
        max_digits=3,
        decimal_places=2,
        default=Decimal(3),
        validators=[MinValueValidator(1), MaxValueValidator(5)],
    )
    reviewers = models.PositiveSmallIntegerField(
        _("reviews needed"), default=2, validators=[MinValueValidator(1), MaxValueValidator(9)]
    )
    months = models.PositiveSmallIntegerField(
        _("valid for, in months"), default=24, validators=[MinValueValidator(1), MaxValueValidator(120)]
    )
    archived_at = models.DateTimeField(_("archived"), null=True, blank=True, editable=False)

    objects: ClassVar[TranslatedQuerySet] = TranslatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("kind of label")
        verbose_name_plural = _("kinds of labels")
        ordering = ["network_id", "slug"]
        constraints = [
            models.CheckConstraint(condition=Q(score__range=(1, 5)), name="label_kind_score_1_to_5"),
            models.CheckConstraint(condition=Q(reviewers__range=(1, 9)), name="label_kind_reviewers_1_to_9"),
            models.CheckConstraint(condition=Q(months__range=(1, 120)), name="label_kind_months_1_to_120"),
        ]

    def __str__(self) -> str:
        return self.name or self.slug


class LabelQuerySet(models.QuerySet["Label"]):
    def valid_on(self, day: datetime.date) -> LabelQuerySet:
        """Those that are valid on that day: the same question as `Label.state_on`."""
        return self.standing().filter(valid_from__lte=day, valid_until__gte=day)

    def standing(self) -> LabelQuerySet:
        """Those that were not withdrawn, whatever the day."""
        return self.filter(withdrawn_on__isnull=True)


def _same(field: str) -> Func:
    """A number as a range of itself: GiST compares ranges as it is, numbers only with an extension."""
    return Func(F(field), F(field), Value("[]"), function="int8range")


class Label(models.Model):
    """A network's label on a practice, from a day to a day, both included, with the reviewers' scores it was given for.

    A label never changes: it is renewed by another one that follows it, and its state is computed from its days
    (`state_on`). The scores are the means of the reviews that counted, `reviewers` how many, `reviewed_on` the day of
    the newest, `maturity` the practice's level on the day of the award. `grounds` is what the network says about it, in
    `language`. A practice never holds two labels of a kind on one day: the database sees to that.
    """

    practice = models.ForeignKey(Practice, models.CASCADE, related_name="labels", verbose_name=_("practice"))
    kind = models.ForeignKey(
        LabelKind, models.PROTECT, related_name="labels", verbose_name=pgettext_lazy("of a network", "label")
    )
    awarded_on = models.DateField(_("awarded"))
    valid_from = models.DateField(_("valid from"))
    valid_until = models.DateField(_("valid until"))
    awarded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("awarded by")
    )
    maturity = models.CharField(_("maturity"), max_length=12, choices=Maturity)
    relevance = models.DecimalField(_("relevance"), max_digits=3, decimal_places=2)
    participation = models.DecimalField(_("participation"), max_digits=3, decimal_places=2)
    impact = models.DecimalField(_("impact"), max_digits=3, decimal_places=2)
    transferability = models.DecimalField(_("transferability"), max_digits=3, decimal_places=2)
    reviewers = models.PositiveSmallIntegerField(_("reviews"))
    reviewed_on = models.DateField(_("reviewed"))
    grounds = models.TextField(_("grounds"), blank=True)
    language = models.CharField(_("written in"), max_length=5, choices=LANGUAGE_CHOICES, blank=True)
    withdrawn_on = models.DateField(_("withdrawn"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("withdrawn by"),
    )
    withdrawn_because = models.TextField(_("withdrawn because"), blank=True)
    recorded_at = models.DateTimeField(_("recorded"), default=timezone.now, editable=False)

    objects: ClassVar[LabelQuerySet] = LabelQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("of a network", "label")
        verbose_name_plural = pgettext_lazy("of a network", "labels")
        ordering = ["-valid_until", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(valid_from__gte=F("awarded_on")), name="label_valid_from_award"),
            models.CheckConstraint(condition=Q(valid_until__gt=F("valid_from")), name="label_ends_after_it_begins"),
            models.CheckConstraint(condition=Q(reviewers__gte=1), name="label_has_reviews"),
            *(
                models.CheckConstraint(condition=Q(**{f"{criterion}__range": (1, 5)}), name=f"label_{criterion}_1_to_5")
                for criterion in Criterion.values
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_on__isnull=True, withdrawn_because="")
                | Q(withdrawn_on__gte=F("awarded_on"), withdrawn_because__gt=""),
                name="label_withdrawn_with_reason",
            ),
            ExclusionConstraint(
                name="one_label_of_a_kind_a_day",
                expressions=[
                    (_same("practice"), RangeOperators.OVERLAPS),
                    (_same("kind"), RangeOperators.OVERLAPS),
                    (
                        Func(F("valid_from"), F("valid_until"), Value("[]"), function="daterange"),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(withdrawn_on__isnull=True),
            ),
        ]
        indexes = [
            models.Index(fields=["valid_until"], condition=Q(withdrawn_on__isnull=True), name="label_ends"),
        ]

    def __str__(self) -> str:
        return f"{self.kind_id} {self.practice_id} {self.valid_until}"

    def state_on(self, day: datetime.date) -> LabelState:
        """What the label says on that day. Nothing else decides: pages, filters and reminders ask the same two dates."""
        if self.withdrawn_on is not None:
            return LabelState.WITHDRAWN
        if day < self.valid_from:
            return LabelState.UPCOMING
        return LabelState.VALID if day <= self.valid_until else LabelState.EXPIRED

    @property
    def scores(self) -> tuple[Decimal, ...]:
        """The four means, in the order of the criteria."""
        return tuple(getattr(self, criterion) for criterion in Criterion.values)
