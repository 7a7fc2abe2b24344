"""Networks, their regions, memberships and the decisions that made them.

A membership's status is a pure function of its decisions and a date (`rules.status_on`); nothing stores it.
"""

from __future__ import annotations

import datetime
import uuid
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cities.models import City
from network.languages import CODES
from network.membership.enums import STANDING, DecisionKind, MemberKind, NetworkKind
from network.people.models import Organisation
from network.precision import Precision
from network.translation.models import Translated, TranslatedQuerySet


def all_languages() -> list[str]:
    """Every language of the superset: a new network starts with all switched on."""
    return list(CODES)


class Network(Translated):
    """A city network: who runs it, since when, what for, in which languages. Dates as exact as `founded_precision` says."""

    CARD = ("name", "purpose")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    slug = models.SlugField(max_length=80, unique=True, allow_unicode=True)
    name = models.CharField(_("name"), max_length=160)
    abbreviation = models.CharField(_("abbreviation"), max_length=24, blank=True)
    kind = models.CharField(_("kind"), max_length=16, choices=NetworkKind)
    purpose = models.TextField(_("purpose"), blank=True)
    founded_on = models.DateField(_("founded"), null=True, blank=True)
    founded_precision = models.CharField(_("founded, known"), max_length=5, choices=Precision, default=Precision.DAY)
    secretariat = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="networks_run", verbose_name=_("secretariat")
    )
    secretariat_city = models.ForeignKey(
        City,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="networks_hosted",
        verbose_name=_("seat of the secretariat"),
    )
    secretariat_note = models.CharField(_("secretariat, in words"), max_length=250, blank=True)
    country = models.CharField(
        _("country"), max_length=2, blank=True, help_text=_("Of a national network; ISO 3166-1, two letters")
    )
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="coalitions", verbose_name=_("part of")
    )
    enabled_languages = ArrayField(
        models.CharField(max_length=5), verbose_name=_("languages switched on"), default=all_languages
    )
    region_scheme = models.CharField(_("regions are"), max_length=120, blank=True)
    website = models.URLField(_("website"), blank=True)
    source = models.CharField(_("source"), max_length=300, blank=True)
    demo = models.BooleanField(_("demonstration"), default=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    updated_at = models.DateTimeField(default=timezone.now, editable=False)
    archived_at = models.DateTimeField(_("archived"), null=True, blank=True, editable=False)

    objects: ClassVar[TranslatedQuerySet] = TranslatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("network")
        verbose_name_plural = _("networks")
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.name or self.abbreviation or self.slug

    def get_absolute_url(self) -> str:
        return reverse("membership:network", args=[self.slug])


class Region(Translated):
    """A region of a network's own scheme, for example a hub or a seat's region, in the order the network gives."""

    network = models.ForeignKey(Network, models.CASCADE, related_name="regions")
    code = models.SlugField(max_length=40)
    name = models.CharField(_("name"), max_length=120)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    objects: ClassVar[TranslatedQuerySet] = TranslatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("region")
        verbose_name_plural = _("regions")
        ordering = ["network_id", "position", "code"]
        constraints = [models.UniqueConstraint(fields=["network", "code"], name="one_region_per_code")]

    def __str__(self) -> str:
        return self.name or self.code


class MembershipQuerySet(TranslatedQuerySet):
    def with_status_on(self, day: datetime.date) -> MembershipQuerySet:
        """Annotate `last_decision`: the kind of the newest decision in force on that date (see `rules.status_on`)."""
        in_force = MembershipDecision.objects.filter(membership=OuterRef("pk"), effective_on__lte=day).order_by(
            "-effective_on", "-id"
        )
        return self.annotate(last_decision=Subquery(in_force.values("kind")[:1]))

    def members_on(self, day: datetime.date) -> MembershipQuerySet:
        """Memberships whose status on that date is `current` or `suspended` (a suspended member is still listed).

        Asked of the decisions (the newest in force is one that makes a member) and not of `last_decision`, which
        Postgres would look up for each membership: half the time over thousands of them. Whoever tells a suspended
        member from others asks for `with_status_on` too.
        """
        in_force = MembershipDecision.objects.filter(effective_on__lte=day)
        newer = in_force.filter(membership=OuterRef("membership")).filter(
            Q(effective_on__gt=OuterRef("effective_on"))
            | Q(effective_on=OuterRef("effective_on"), pk__gt=OuterRef("pk"))
        )
        making_members = in_force.filter(~Exists(newer), kind__in=STANDING)
        return self.filter(pk__in=making_members.values("membership"))

    def of_kept_cities(self) -> MembershipQuerySet:
        """Without archived cities and networks."""
        return self.filter(city__archived_at__isnull=True, network__archived_at__isnull=True)


class Membership(Translated):
    """A city in a network, or in one of the network's programmes (`programme`, a proper name; empty: the network itself).

    `joined_on` is as exact as `joined_precision` says and empty where it is not known; `known_on` is a date by which a
    source proves the tie, never a start. `act` names the act that approved it (a council resolution, a letter, a
    committee's vote), `role` what the city does or did in the network. `confirmed` is False where the source doubts it.
    A city may hold two kinds at once: a full member that is also partner of a programme has two rows.
    """

    CARD = ("act", "role")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    city = models.ForeignKey(City, models.PROTECT, related_name="memberships", verbose_name=_("city"))
    network = models.ForeignKey(Network, models.PROTECT, related_name="memberships", verbose_name=_("network"))
    programme = models.CharField(_("programme"), max_length=80, blank=True)
    kind = models.CharField(_("kind"), max_length=12, choices=MemberKind, default=MemberKind.FULL)
    region = models.ForeignKey(
        Region, models.PROTECT, null=True, blank=True, related_name="memberships", verbose_name=_("region")
    )
    joined_on = models.DateField(_("joined"), null=True, blank=True)
    joined_precision = models.CharField(_("joined, known"), max_length=5, choices=Precision, default=Precision.DAY)
    known_on = models.DateField(_("documented by"), null=True, blank=True)
    known_precision = models.CharField(_("documented, known"), max_length=5, choices=Precision, default=Precision.DAY)
    act = models.CharField(_("approving act"), max_length=250, blank=True)
    role = models.CharField(_("part in the network"), max_length=250, blank=True)
    founding = models.BooleanField(_("founding member"), default=False)
    confirmed = models.BooleanField(_("confirmed"), default=True)
    source = models.CharField(_("source"), max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[MembershipQuerySet] = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ["network_id", "city_id", "programme"]
        constraints = [
            models.UniqueConstraint(
                fields=["city", "network", "kind", "programme"],
                name="one_membership_per_city_and_kind",
                violation_error_message=_("This city has a membership of this kind in this network."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.city_id} in {self.network_id}"


class MembershipDecision(models.Model):
    """Something decided about a membership. `effective_on` is when it takes effect; append-only by convention of the domain.

    For memberships whose joining date is unknown, the approval takes effect on 0001-01-01: always a member, as far as
    anyone knows. A withdrawal's `requested_on` differs from the date on which it takes effect.
    """

    membership = models.ForeignKey(Membership, models.CASCADE, related_name="decisions", verbose_name=_("membership"))
    kind = models.CharField(_("decision"), max_length=10, choices=DecisionKind)
    effective_on = models.DateField(_("takes effect"))
    precision = models.CharField(_("takes effect, known"), max_length=5, choices=Precision, default=Precision.DAY)
    requested_on = models.DateField(_("requested"), null=True, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("recorded by"),
    )
    recorded_at = models.DateTimeField(_("recorded"), default=timezone.now, editable=False)

    objects: ClassVar[models.Manager[MembershipDecision]] = models.Manager()

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ["membership_id", "effective_on", "id"]
        indexes = [models.Index(fields=["membership", "-effective_on", "-id"], name="decision_in_force")]

    def __str__(self) -> str:
        return f"{self.kind} {self.effective_on}"


SINCE_EVER = datetime.date(1, 1, 1)
