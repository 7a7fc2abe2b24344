"""A good practice: what a city did, in its own language and in translation, and the evidence for it.

The narrative stands in a model of its own: a row with more than about 440 long text columns no longer fits a Postgres
page, so no model here has more than nine translated fields.
"""

from __future__ import annotations

import secrets
import uuid
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cities.models import City
from network.languages import LANGUAGES
from network.precision import Precision
from network.translation.models import Translated, TranslatedQuerySet
from practices.enums import FILTERS, ConceptKind, EvidenceKind, Licence, Maturity, Running, State

LANGUAGE_CHOICES = [(code, language.native_name) for code, language in LANGUAGES.items()]


def new_mark() -> int:
    """A number that nobody drew before: counting up would make the changes of a transaction undone look like others."""
    return secrets.randbits(52)


class Concept(Translated):
    """A concept of the classification (SKOS): a theme, target group or approach. Codes are kept for ever.

    `hidden_labels` are further words by language that people type or write for it; they find it and are never shown
    as its name. A concept merged into another names it in `replaced_by`. `from_scheme` is what the scheme's own files
    said when they were last loaded: what differs from it was changed by staff, and loading leaves it alone. Each change
    draws a new `mark`, by which a process sees that what it remembers is old. `labelled_at` is when the words that find
    it last changed: practices indexed before are behind.
    """

    CARD = ("label",)

    code = models.SlugField(max_length=60, unique=True)
    kind = models.CharField(_("kind"), max_length=16, choices=ConceptKind, default=ConceptKind.THEME)
    broader = models.ForeignKey(
        "self", models.PROTECT, related_name="narrower", null=True, blank=True, verbose_name=_("part of")
    )
    label = models.CharField(_("label"), max_length=120)
    hidden_labels = models.JSONField(_("words that find it"), default=dict, blank=True)
    scope_note = models.TextField(_("what it means"), blank=True)
    exact_match = ArrayField(
        models.URLField(max_length=300), verbose_name=_("same concept elsewhere"), default=list, blank=True
    )
    close_match = ArrayField(
        models.URLField(max_length=300), verbose_name=_("similar concept elsewhere"), default=list, blank=True
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    replaced_by = models.ForeignKey(
        "self", models.PROTECT, related_name="replaces", null=True, blank=True, verbose_name=_("replaced by")
    )
    archived_at = models.DateTimeField(_("in the archive since"), null=True, blank=True)
    from_scheme = models.JSONField(default=dict, blank=True, editable=False)
    mark = models.BigIntegerField(default=new_mark, editable=False)
    labelled_at = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[TranslatedQuerySet] = TranslatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("theme")
        verbose_name_plural = _("themes")
        ordering = ["position", "code"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(broader__isnull=True) | ~models.Q(broader=models.F("id")),
                name="concept_not_own_part",
            ),
            models.CheckConstraint(
                condition=models.Q(replaced_by__isnull=True) | models.Q(archived_at__isnull=False),
                name="replaced_concept_archived",
            ),
        ]

    def __str__(self) -> str:
        return self.label or self.code

    def get_absolute_url(self) -> str:
        return reverse("practices:theme", args=[self.code])

    @property
    def filter(self) -> str:
        """The parameter by which the library's list filters by it."""
        return FILTERS[ConceptKind(self.kind)]


class PracticeQuerySet(TranslatedQuerySet):
    def visible_to(self, user: object) -> PracticeQuerySet:
        """Published practices of kept cities are public; nobody sees more here (editors come through their desk)."""
        # Cities in the archive are few: leaving theirs out reads a third of what joining every city would.
        return self.filter(state=State.PUBLISHED).exclude(city__in=City.objects.filter(archived_at__isnull=False))


class Practice(Translated):
    """A practice's identity, classification and summary.

    `languages` lists the languages in which title, summary and the whole narrative are present; `domain` keeps it, and
    the record is shown either wholly in one of them or wholly in `original_language`.
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
    themes = models.ManyToManyField(Concept, related_name="practices", blank=True, verbose_name=_("themes"))
    running = models.CharField(_("status"), max_length=12, choices=Running, default=Running.RUNNING)
    started_on = models.DateField(_("started"), null=True, blank=True)
    started_precision = models.CharField(_("start, known"), max_length=5, choices=Precision, default=Precision.DAY)
    ended_on = models.DateField(_("ended"), null=True, blank=True)
    settings_count = models.PositiveSmallIntegerField(_("places it ran in"), default=1)
    maturity = models.CharField(
        _("maturity"), max_length=12, choices=Maturity, default=Maturity.EMERGING, editable=False
    )
    source = models.CharField(_("source"), max_length=300, blank=True)
    licence = models.CharField(_("licence"), max_length=20, choices=Licence, blank=True)
    demo = models.BooleanField(_("demonstration"), default=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(default=timezone.now, editable=False)
    published_at = models.DateTimeField(_("published"), null=True, blank=True, editable=False)

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

    CARD = ("challenge", "goals", "actions", "participation", "lessons")

    practice = models.OneToOneField(Practice, models.CASCADE, related_name="narrative")
    challenge = models.TextField(_("The challenge"), blank=True)
    goals = models.TextField(_("Goals"), blank=True)
    actions = models.TextField(_("What was done"), blank=True)
    participation = models.TextField(_("Who took part"), blank=True)
    lessons = models.TextField(_("Lessons"), blank=True)

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


class Result(models.Model):
    """A measured result: indicator, unit, value before and after, how many were measured, and how."""

    practice = models.ForeignKey(Practice, models.CASCADE, related_name="results")
    indicator = models.CharField(_("indicator"), max_length=300)
    unit = models.CharField(_("unit"), max_length=80, blank=True)
    baseline = models.DecimalField(_("before"), max_digits=14, decimal_places=2, null=True, blank=True)
    value = models.DecimalField(_("after"), max_digits=14, decimal_places=2)
    sample = models.PositiveIntegerField(_("number measured"), null=True, blank=True)
    method = models.CharField(_("method"), max_length=300, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("result")
        verbose_name_plural = _("results")
        ordering = ["practice_id", "position", "id"]

    def __str__(self) -> str:
        return f"{self.practice_id} {self.position}"


class Evidence(models.Model):
    """A document or study that speaks for or against the practice; `independent` of those who ran it or not."""

    practice = models.ForeignKey(Practice, models.CASCADE, related_name="evidence")
    kind = models.CharField(_("kind"), max_length=24, choices=EvidenceKind)
    independent = models.BooleanField(_("independent"), default=False)
    title = models.CharField(_("title"), max_length=300)
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        ordering = ["practice_id", "position", "id"]

    def __str__(self) -> str:
        return f"{self.practice_id} {self.kind}"


SCORE = [MinValueValidator(1), MaxValueValidator(5)]


class PeerReview(models.Model):
    """Scores of peers from other cities on the four criteria, each from 1 to 5."""

    practice = models.ForeignKey(Practice, models.CASCADE, related_name="peer_reviews")
    relevance = models.PositiveSmallIntegerField(_("relevance"), validators=SCORE)
    participation = models.PositiveSmallIntegerField(_("participation"), validators=SCORE)
    impact = models.PositiveSmallIntegerField(_("impact"), validators=SCORE)
    transferability = models.PositiveSmallIntegerField(_("transferability"), validators=SCORE)
    reviewed_on = models.DateField(_("reviewed"), default=timezone.localdate)

    class Meta:
        verbose_name = _("peer review")
        verbose_name_plural = _("peer reviews")
        ordering = ["practice_id", "id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(**{f"{criterion}__range": (1, 5)}), name=f"{criterion}_1_to_5")
            for criterion in ("relevance", "participation", "impact", "transferability")
        ]

    def __str__(self) -> str:
        return f"{self.practice_id} {self.reviewed_on}"


class Adoption(models.Model):
    """Another city that took the practice up: when, and what it changed."""

    practice = models.ForeignKey(Practice, models.CASCADE, related_name="adoptions")
    city = models.ForeignKey(City, models.PROTECT, related_name="adoptions", verbose_name=_("city"))
    year = models.PositiveSmallIntegerField(_("year"))
    what_changed = models.CharField(_("what changed"), max_length=400, blank=True)

    class Meta:
        verbose_name = _("adoption")
        verbose_name_plural = _("adoptions")
        ordering = ["practice_id", "year", "id"]
        constraints = [models.UniqueConstraint(fields=["practice", "city"], name="one_adoption_per_city")]

    def __str__(self) -> str:
        return f"{self.practice_id} {self.city_id} {self.year}"


class SearchEntry(models.Model):
    """One row per published practice and language: that version's text, folded by `network.text`, as a tsvector.

    Written by `domain.search.index_practice` only; rebuilt by `manage.py reindex_practices`. The vectors are stored
    aside of the rows (migration 0002), so that finding rows reads little and only ranking reads vectors.
    """

    practice = models.ForeignKey(Practice, models.CASCADE, related_name="search_entries")
    language = models.CharField(max_length=5)
    tsv = SearchVectorField()
    indexed_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[models.Manager[SearchEntry]] = models.Manager()

    class Meta:
        verbose_name = _("search entry")
        verbose_name_plural = _("search entries")
        ordering = ["practice_id", "language"]
        constraints = [models.UniqueConstraint(fields=["practice", "language"], name="one_entry_per_language")]
        indexes = [GinIndex(fields=["tsv"], name="practice_search", fastupdate=False)]

    def __str__(self) -> str:
        return f"{self.practice_id} {self.language}"
