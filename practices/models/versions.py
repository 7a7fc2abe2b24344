"""Versions of a record: what its city writes before it is public, and all that was public before."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from practices.enums import OPEN, VersionState
from practices.models.practices import LANGUAGE_CHOICES, Practice


class PracticeVersion(models.Model):
    """One version of a record in its original language, section by section (`rules.sections`). At most one is on its way.

    While it is written the public page stays as it is; publishing writes the version over it. Published versions stay as
    they were: history is read from them. `base` is the practice's version counter at the beginning; `note` is what
    the city says it changed, `minor` whether that changes nothing of the meaning; `decision` is what the city was told.
    `second_look`: its reviewers look at the next submission again. `unreviewed_because` is why it was published with
    fewer than two reviews; empty where it had them.
    """

    practice = models.ForeignKey(Practice, models.CASCADE, related_name="record_versions")
    number = models.PositiveSmallIntegerField(_("number"))
    state = models.CharField(
        _("state"), max_length=12, choices=VersionState, default=VersionState.DRAFT, editable=False
    )
    language = models.CharField(_("language"), max_length=5, choices=LANGUAGE_CHOICES)
    base = models.PositiveIntegerField(default=1, editable=False)
    note = models.CharField(_("what changed"), max_length=300, blank=True)
    minor = models.BooleanField(_("small change"), default=False)
    decision = models.TextField(_("decision"), blank=True)
    second_look = models.BooleanField(_("reviewers look again"), default=True, editable=False)
    unreviewed_because = models.TextField(_("published without two reviews because"), blank=True)
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    started_at = models.DateTimeField(_("begun"), default=timezone.now)
    changed_at = models.DateTimeField(_("last changed"), default=timezone.now)
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    submitted_at = models.DateTimeField(_("submitted"), null=True, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    published_at = models.DateTimeField(_("published"), null=True, blank=True)

    objects: ClassVar[models.Manager[PracticeVersion]] = models.Manager()

    class Meta:
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        ordering = ["practice_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["practice", "number"], name="one_version_a_number"),
            models.UniqueConstraint(
                fields=["practice"], condition=models.Q(state__in=list(OPEN)), name="one_version_on_its_way"
            ),
            models.CheckConstraint(condition=models.Q(state__in=VersionState.values), name="version_state_known"),
            models.CheckConstraint(
                condition=~models.Q(state="published") | models.Q(published_at__isnull=False),
                name="published_version_has_moment",
            ),
        ]
        indexes = [
            models.Index(
                fields=["state", "submitted_at"],
                condition=models.Q(state__in=["submitted", "in_review", "revision"]),
                name="version_waiting",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.practice_id} {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("practices:record", args=[self.practice.slug])


class VersionSection(models.Model):
    """One section of a version, as typed: the unit of saving. `revision` is what a writer must have read to replace it."""

    version = models.ForeignKey(PracticeVersion, models.CASCADE, related_name="sections")
    section = models.SlugField(max_length=40)
    data: Any = models.JSONField(default=dict)
    revision = models.PositiveIntegerField(default=1)
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    updated_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[models.Manager[VersionSection]] = models.Manager()

    class Meta:
        verbose_name = _("section of a version")
        verbose_name_plural = _("sections of versions")
        ordering = ["version_id", "section"]
        constraints = [models.UniqueConstraint(fields=["version", "section"], name="one_row_a_section")]

    def __str__(self) -> str:
        return f"{self.version_id} {self.section}"
