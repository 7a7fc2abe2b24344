"""Funds, who pays into them, their rounds and the criteria applications are judged by."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from cities.models import City
from grants.enums import FundStatus, PublishModel
from network.membership.models import Network
from network.people.models import Organisation
from network.translation.models import Translated, TranslatedQuerySet

MONEY = {"max_digits": 14, "decimal_places": 2}


def in_english() -> list[str]:
    """The languages of a fund of which nobody said any."""
    return ["en"]


class FundQuerySet(TranslatedQuerySet):
    def visible_to(self, user: object) -> FundQuerySet:
        """Funds are public once they are no draft."""
        return self.exclude(status=FundStatus.DRAFT)


class Fund(Translated):
    """A pot of money with a purpose, owned by a network or a city. Amounts in `currency` (ISO 4217).

    `committed` is what awards have taken; the database refuses to let it pass `budget`, which is the sum of the
    contributions (`domain.funds` keeps it so).
    """

    CARD = ("title", "purpose")

    # Put on loaded funds by `queries.funds`: the pot by funder, and the published rounds, newest first.
    parts: list[dict[str, Any]]
    shown_rounds: list[Round]

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    slug = models.SlugField(max_length=80, unique=True, allow_unicode=True)
    owner_city = models.ForeignKey(
        City, models.PROTECT, null=True, blank=True, related_name="funds", verbose_name=_("owning city")
    )
    owner_network = models.ForeignKey(
        Network, models.PROTECT, null=True, blank=True, related_name="funds", verbose_name=_("owning network")
    )
    title = models.CharField(_("title"), max_length=160)
    purpose = models.TextField(_("purpose"), blank=True)
    who_can_apply = models.TextField(_("who can apply"), blank=True)
    who_decides = models.TextField(_("who decides"), blank=True)
    # Codes of concepts of the library's classification, in the order in which the owner named them.
    themes = ArrayField(models.CharField(max_length=60), verbose_name=_("priority themes"), default=list, blank=True)
    # The fund's aims in their order, each {language code: text}.
    objectives = models.JSONField(_("aims"), default=list, blank=True)
    # The languages in which people can apply, the one it was set up in first: what a round asks is written in each of them.
    languages = ArrayField(models.CharField(max_length=8), verbose_name=_("languages"), default=in_english)
    currency = models.CharField(_("currency"), max_length=3)
    budget = models.DecimalField(_("budget"), **MONEY, default=0)
    committed = models.DecimalField(_("committed"), **MONEY, default=0)
    publish_model = models.CharField(_("open data"), max_length=8, choices=PublishModel, default=PublishModel.LEAD)
    status = models.CharField(_("status"), max_length=8, choices=FundStatus, default=FundStatus.DRAFT)
    source = models.CharField(_("source"), max_length=300, blank=True)
    demo = models.BooleanField(_("demonstration"), default=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects: ClassVar[FundQuerySet] = FundQuerySet.as_manager()

    class Meta:
        verbose_name = _("fund")
        verbose_name_plural = _("funds")
        ordering = ["slug"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(committed__gte=0, committed__lte=models.F("budget")), name="fund_never_overspent"
            ),
            models.CheckConstraint(
                condition=models.Q(owner_city__isnull=False, owner_network__isnull=True)
                | models.Q(owner_city__isnull=True, owner_network__isnull=False),
                name="fund_has_one_owner",
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.slug

    def get_absolute_url(self) -> str:
        return reverse("grants:fund", args=[self.slug])


class Contribution(Translated):
    """What one funder pays into a fund, and how much of it awards have taken."""

    CARD = ("conditions",)

    fund = models.ForeignKey(Fund, models.CASCADE, related_name="contributions")
    funder = models.ForeignKey(Organisation, models.PROTECT, related_name="contributions", verbose_name=_("funder"))
    amount = models.DecimalField(_("amount"), **MONEY, validators=[MinValueValidator(0)])
    committed = models.DecimalField(_("committed"), **MONEY, default=0)
    conditions = models.CharField(_("conditions"), max_length=300, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    source = models.CharField(_("source"), max_length=300, blank=True)

    objects: ClassVar[TranslatedQuerySet] = TranslatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("contribution")
        verbose_name_plural = _("contributions")
        ordering = ["fund_id", "position", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(committed__gte=0, committed__lte=models.F("amount")),
                name="contribution_never_overspent",
            ),
            models.UniqueConstraint(fields=["fund", "funder"], name="one_contribution_per_funder"),
        ]

    def __str__(self) -> str:
        return f"{self.funder_id} {self.amount}"


class Round(Translated):
    """A call for applications. It opens and closes at moments that one place decided: aware times plus its IANA zone.

    `grace_seconds` (at most 300) are not announced: they forgive a slow line and are recorded where used.
    `opens_hour_known` and `closes_hour_known` are false for old rounds of which only the day is on record.
    `awarded` and `projects` are the published result, in the fund's currency; None where nobody published it.
    """

    CARD = ("title",)

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    fund = models.ForeignKey(Fund, models.PROTECT, related_name="rounds")
    number = models.PositiveSmallIntegerField(_("number"), default=1)
    title = models.CharField(_("title"), max_length=160)
    opens_at = models.DateTimeField(_("opens"))
    closes_at = models.DateTimeField(_("closes"))
    timezone = models.CharField(_("time zone"), max_length=64, help_text=_("IANA name, for example Europe/London"))
    # The closing that those with an application were last told of, while another one is being told to them.
    moved_from = models.DateTimeField(null=True, blank=True, editable=False)
    grace_seconds = models.PositiveSmallIntegerField(
        _("grace, in seconds"), default=0, validators=[MaxValueValidator(300)]
    )
    opens_hour_known = models.BooleanField(_("the hour of opening is known"), default=True)
    closes_hour_known = models.BooleanField(_("the hour of closing is known"), default=True)
    award_min = models.DecimalField(_("smallest grant"), **MONEY, null=True, blank=True)
    award_max = models.DecimalField(_("largest grant"), **MONEY, null=True, blank=True)
    max_per_organisation = models.PositiveSmallIntegerField(_("applications per organisation"), default=1)
    sealed = models.BooleanField(_("unreadable to staff until it closes"), default=False)
    blind = models.BooleanField(_("reviewers do not see who applies"), default=False)
    published = models.BooleanField(_("shown to everyone"), default=False)
    awarded = models.DecimalField(_("awarded in all"), **MONEY, null=True, blank=True)
    projects = models.PositiveIntegerField(_("projects awarded"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=300, blank=True)
    demo = models.BooleanField(_("demonstration"), default=False)
    created_at = models.DateTimeField(default=now, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects: ClassVar[TranslatedQuerySet] = TranslatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("round")
        verbose_name_plural = _("rounds")
        ordering = ["-closes_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(closes_at__gt=models.F("opens_at")), name="round_closes_after_opening"
            ),
            models.CheckConstraint(condition=models.Q(grace_seconds__lte=300), name="round_grace_at_most_300"),
            models.UniqueConstraint(fields=["fund", "number"], name="one_round_per_number"),
        ]

    def __str__(self) -> str:
        return self.title or f"{self.fund_id}/{self.number}"


class Tier(models.Model):
    """A size of grant: from `minimum` to `maximum` in the fund's currency, both included.

    `match` is what the applicant brings from elsewhere, in per cent of the grant; 0 where nothing is asked.
    `domain.tiers` keeps that tiers of a round neither overlap nor leave amounts out.
    """

    round = models.ForeignKey(Round, models.CASCADE, related_name="tiers")
    minimum = models.DecimalField(_("from"), **MONEY)
    maximum = models.DecimalField(_("to"), **MONEY)
    match = models.PositiveSmallIntegerField(_("match funding, per cent of the grant"), default=0)

    objects: ClassVar[models.Manager[Tier]] = models.Manager()

    class Meta:
        verbose_name = _("size of grant")
        verbose_name_plural = _("sizes of grants")
        ordering = ["round_id", "minimum"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(minimum__gt=0, maximum__gte=models.F("minimum")), name="tier_from_low_to_high"
            ),
            models.CheckConstraint(condition=models.Q(match__lte=100), name="tier_match_at_most_100"),
            models.UniqueConstraint(fields=["round", "minimum"], name="one_tier_per_minimum"),
        ]

    def __str__(self) -> str:
        return f"{self.minimum}-{self.maximum}"


class Criterion(Translated):
    """What an application is judged by, with the guidance reviewers get; public before anyone starts writing."""

    CARD = ("name", "guidance")

    round = models.ForeignKey(Round, models.CASCADE, related_name="criteria")
    name = models.CharField(_("name"), max_length=120)
    guidance = models.TextField(_("guidance"), blank=True)
    weight = models.PositiveSmallIntegerField(_("weight, per cent"), default=20)
    minimum = models.PositiveSmallIntegerField(_("lowest score"), default=0)
    maximum = models.PositiveSmallIntegerField(_("highest score"), default=5)
    position = models.PositiveSmallIntegerField(default=0)

    objects: ClassVar[TranslatedQuerySet] = TranslatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("criterion")
        verbose_name_plural = _("criteria")
        ordering = ["round_id", "position", "id"]

    def __str__(self) -> str:
        return self.name
