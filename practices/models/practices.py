"""A good practice: what a city did, in its own language and in translation.

The narrative stands in a model of its own: a row with more than about 440 long text columns no longer fits a Postgres
page, so no model here has more than nine translated fields.
"""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cities.models import City
from network.languages import LANGUAGES
from network.precision import Precision
from network.translation.models import Translated, TranslatedQuerySet
from practices.enums import Licence, Maturity, Prevention, Running, State
from practices.models.concepts import Concept

LANGUAGE_CHOICES = [(code, language.native_name) for code, language in LANGUAGES.items()]


class PracticeQuerySet(TranslatedQuerySet):
    def visible_to(self, user: object) -> PracticeQuerySet:
        """Published practices of kept cities are public; nobody sees more here (editors come through their desk)."""
        # Cities in the archive are few: leaving theirs out reads a third of what joining every city would.
        return self.filter(state=State.PUBLISHED).exclude(city__in=City.objects.filter(archived_at__isnull=False))


class Practice(Translated):
    """A practice's identity, classification and summary.

    `languages` lists the languages in which title, summary and the whole narrative are present; `domain` keeps it, and
    the record is shown either wholly in one of them or wholly in `original_language`. `adoptions_count` is how many other
    cities took it up by confirmed accounts (`Adoption.counts`). Costs are in `currency` at prices of `price_year`.
    `verified_on` is when the city last confirmed that the record is true, `review_due_on` by when it is to do so again;
    empty for what is over, and for what was never public (`rules.verifying`).
    """

    CARD = ("title", "strapline", "summary")
    ORIGINAL = "original_language"
    AVAILABLE = "languages"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    slug = models.SlugField(max_length=120, unique=True, allow_unicode=True)
    city = models.ForeignKey(City, models.PROTECT, related_name="practices", verbose_name=_("city"))
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.DRAFT, editable=False)
    original_language = models.CharField(_("original language"), max_length=5, choices=LANGUAGE_CHOICES)
    languages = ArrayField(models.CharField(max_length=5), verbose_name=_("languages"), default=list, editable=False)
    title = models.CharField(_("title"), max_length=200)
    strapline = models.CharField(_("in one line"), max_length=300, blank=True)
    summary = models.TextField(_("summary"))
    area = models.CharField(_("area"), max_length=200, blank=True)
    themes = models.ManyToManyField(Concept, related_name="practices", blank=True, verbose_name=_("themes"))
    running = models.CharField(_("status"), max_length=12, choices=Running, default=Running.RUNNING)
    started_on = models.DateField(_("started"), null=True, blank=True)
    started_precision = models.CharField(_("start, known"), max_length=5, choices=Precision, default=Precision.DAY)
    ended_on = models.DateField(_("ended"), null=True, blank=True)
    settings_count = models.PositiveSmallIntegerField(_("places it ran in"), default=1)
    prevention = models.CharField(_("level of prevention"), max_length=12, choices=Prevention, blank=True)
    lead_organisation = models.CharField(_("led by"), max_length=200, blank=True)
    total_cost = models.DecimalField(_("cost in all"), max_digits=14, decimal_places=2, null=True, blank=True)
    yearly_cost = models.DecimalField(_("cost a year"), max_digits=14, decimal_places=2, null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True, help_text=_("ISO 4217, three letters"))
    price_year = models.PositiveSmallIntegerField(_("prices of the year"), null=True, blank=True)
    staff = models.DecimalField(_("staff, in full-time posts"), max_digits=8, decimal_places=2, null=True, blank=True)
    maturity = models.CharField(
        _("maturity"), max_length=12, choices=Maturity, default=Maturity.EMERGING, editable=False
    )
    adoptions_count = models.PositiveIntegerField(_("cities that took it up"), default=0, editable=False)
    source = models.CharField(_("source"), max_length=300, blank=True)
    licence = models.CharField(_("licence"), max_length=20, choices=Licence, blank=True)
    demo = models.BooleanField(_("demonstration"), default=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(default=timezone.now, editable=False)
    published_at = models.DateTimeField(_("published"), null=True, blank=True, editable=False)
    verified_on = models.DateField(_("last verified"), null=True, blank=True, editable=False)
    review_due_on = models.DateField(_("to be confirmed by"), null=True, blank=True, editable=False)

    objects: ClassVar[PracticeQuerySet] = PracticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("practice")
        verbose_name_plural = _("practices")
        ordering = ["-published_at", "-id"]
        indexes = [
            # Holds all that the list filters by: pages and searches never read the wide rows of what they do not show.
            models.Index(
                fields=["-published_at", "-id"],
                include=["city", "maturity", "original_language", "languages"],
                condition=models.Q(state="published"),
                name="practice_newest",
            ),
            models.Index(fields=["city", "state"], name="practice_of_city"),
            models.Index(
                fields=["review_due_on"],
                condition=models.Q(state="published", review_due_on__isnull=False),
                name="practice_to_confirm",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state="published") | models.Q(published_at__isnull=False),
                name="published_has_moment",
            ),
            models.CheckConstraint(
                condition=models.Q(ended_on__isnull=True)
                | models.Q(started_on__isnull=True)
                | models.Q(ended_on__gte=models.F("started_on")),
                name="practice_ends_after_start",
                violation_error_message=_("The end lies before the start."),
            ),
            models.CheckConstraint(
                condition=models.Q(total_cost__isnull=True) | models.Q(total_cost__gte=0), name="practice_total_cost"
            ),
            models.CheckConstraint(
                condition=models.Q(yearly_cost__isnull=True) | models.Q(yearly_cost__gte=0), name="practice_yearly_cost"
            ),
            models.CheckConstraint(
                condition=models.Q(total_cost__isnull=True, yearly_cost__isnull=True) | ~models.Q(currency=""),
                name="practice_cost_has_currency",
            ),
        ]

    def __str__(self) -> str:
        return getattr(self, f"title_{self.original_language}", "") or self.slug

    def get_absolute_url(self) -> str:
        return reverse("practices:detail", args=[self.slug])


class FormerSlug(models.Model):
    """An address that a practice had: it leads to the present one for ever, and no other practice ever gets it."""

    practice = models.ForeignKey(Practice, models.CASCADE, related_name="former_slugs", verbose_name=_("practice"))
    slug = models.SlugField(_("address"), max_length=120, unique=True, allow_unicode=True)
    left_at = models.DateTimeField(_("until"), default=timezone.now)

    class Meta:
        verbose_name = _("former address")
        verbose_name_plural = _("former addresses")
        ordering = ["practice_id", "id"]

    def __str__(self) -> str:
        return self.slug


class PracticeNarrative(Translated):
    """The body of a practice record, in sections, each translated."""

    CARD = ("challenge", "goals", "actions", "participation")

    practice = models.OneToOneField(Practice, models.CASCADE, related_name="narrative")
    challenge = models.TextField(_("The challenge"), blank=True)
    goals = models.TextField(_("Goals"), blank=True)
    actions = models.TextField(_("What was done"), blank=True)
    participation = models.TextField(_("Who took part"), blank=True)
    funding = models.TextField(_("Where the money comes from"), blank=True)

    objects: ClassVar[TranslatedQuerySet] = TranslatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("narrative")
        verbose_name_plural = _("narratives")

    def __str__(self) -> str:
        return str(self.practice_id)


def text_label(name: str) -> str:
    """What a text of a practice is called, in the reader's language: its title, its summary, a section."""
    model = Practice if name in Practice.CARD else PracticeNarrative
    return str(model._meta.get_field(name).verbose_name)
