"""The classification: themes, target groups and approaches."""

from __future__ import annotations

import secrets
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from network.translation.models import Translated, TranslatedQuerySet
from practices.enums import FILTERS, ConceptKind


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
