"""Other cities that took a practice up."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cities.models import City
from practices.enums import TAKEN_UP, AdoptionState, AdoptionStatus
from practices.models.practices import LANGUAGE_CHOICES, Practice


class AdoptionQuerySet(models.QuerySet):
    def public(self) -> AdoptionQuerySet:
        """What everybody may see: confirmed ones, and those that wait for it and are marked so.

        What is questioned is between the two cities until they agree; what was withdrawn is said no longer.
        """
        return self.filter(state__in=(AdoptionState.CONFIRMED, AdoptionState.RECORDED))

    def counting(self) -> AdoptionQuerySet:
        """Those that say that the practice works elsewhere: confirmed, and being tried or in place."""
        return self.filter(state=AdoptionState.CONFIRMED, status__in=TAKEN_UP)


class Adoption(models.Model):
    """Another city that took the practice up: since when, how far it is, what it changed, and what came of it.

    `language` is the one its texts were first written in. `question` is why the author city doubts it, in
    `question_language`; kept only while it is questioned. Each verb counts `version` up: who answers says which one.
    """

    practice = models.ForeignKey(Practice, models.CASCADE, related_name="adoptions")
    city = models.ForeignKey(City, models.PROTECT, related_name="adoptions", verbose_name=_("city"))
    state = models.CharField(
        _("standing"), max_length=12, choices=AdoptionState, default=AdoptionState.RECORDED, editable=False
    )
    status = models.CharField(_("how far it is"), max_length=12, choices=AdoptionStatus)
    year = models.PositiveSmallIntegerField(_("year"))
    started_on = models.DateField(_("first day"), null=True, blank=True)
    language = models.CharField(_("written in"), max_length=5, choices=LANGUAGE_CHOICES)
    what_changed = models.TextField(_("what changed"), blank=True)
    result = models.TextField(_("what came of it"), blank=True)
    question = models.TextField(_("doubt"), blank=True)
    question_language = models.CharField(max_length=5, choices=LANGUAGE_CHOICES, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    recorded_at = models.DateTimeField(_("recorded"), default=timezone.now, editable=False)
    changed_at = models.DateTimeField(_("last changed"), default=timezone.now, editable=False)

    objects: ClassVar[AdoptionQuerySet] = AdoptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("adoption")
        verbose_name_plural = _("adoptions")
        ordering = ["practice_id", "year", "id"]
        constraints = [
            models.UniqueConstraint(fields=["practice", "city"], name="one_adoption_per_city"),
            models.CheckConstraint(
                condition=models.Q(started_on__isnull=True) | models.Q(started_on__year=models.F("year")),
                name="adoption_began_in_its_year",
            ),
            models.CheckConstraint(
                condition=models.Q(state="questioned", question__gt="")
                | (~models.Q(state="questioned") & models.Q(question="")),
                name="adoption_questioned_with_reason",
            ),
        ]
        indexes = [models.Index(fields=["city", "state"], name="adoption_of_city")]

    def __str__(self) -> str:
        return f"{self.practice_id} {self.city_id} {self.year}"

    @property
    def counts(self) -> bool:
        """Whether it says that the practice works elsewhere; the same question as `AdoptionQuerySet.counting`."""
        return self.state == AdoptionState.CONFIRMED and self.status in TAKEN_UP
