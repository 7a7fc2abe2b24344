"""Publications: practices bound into one document, made by a job, kept and versioned under a link that nobody guesses."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cities.models import City
from network.languages import DEFAULT
from network.membership.models import Network
from practices.enums import ChapterBy, MakingFault, MakingState
from practices.models.collections import CODES, Collection, opaque_id

WAITING = (MakingState.QUEUED, MakingState.RUNNING)


def storage_name(version: PublicationVersion, name: str) -> str:
    """Where a file is kept: by month, under a random name without an ending."""
    return f"publications/{timezone.now():%Y/%m}/{uuid.uuid4().hex}"


class Publication(models.Model):
    """What is published again and again: from a collection, or `of_search` from a search (`query`, as in the address of the
    list; empty for all practices).

    `saved_at`: its versions are kept; without it their files are removed after some weeks.
    """

    opaque_id = models.CharField(max_length=24, unique=True, default=opaque_id, editable=False)
    collection = models.ForeignKey(
        Collection, models.SET_NULL, null=True, blank=True, related_name="publications", verbose_name=_("collection")
    )
    of_search = models.BooleanField(default=False, editable=False)
    query = models.TextField(_("search"), blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="publications", verbose_name=_("made by")
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    saved_at = models.DateTimeField(_("kept since"), null=True, blank=True)

    objects: ClassVar[models.Manager[Publication]] = models.Manager()

    class Meta:
        verbose_name = _("publication")
        verbose_name_plural = _("publications")
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.opaque_id

    def get_absolute_url(self) -> str:
        return reverse("practices:publication", args=[self.opaque_id])


class PublicationVersion(models.Model):
    """One edition, as it was ordered and as it came out.

    `plan` is what was ordered: [{"title": of the chapter or "", "practices": [[id, comment], ...]}, ...]. `order_key` comes with
    the form, so that the same form sent twice orders once. `token` is who makes it: only its holder, while the lease lasts,
    may finish. `content` holds all words of it (gzipped JSON), for the page that shows the same.
    """

    publication = models.ForeignKey(Publication, models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField(_("number"), default=1)
    order_key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    title = models.CharField(_("title"), max_length=200)
    subtitle = models.CharField(_("subtitle"), max_length=200, blank=True)
    cover_note = models.TextField(_("note on the cover"), blank=True)
    foreword = models.TextField(_("foreword"), blank=True)
    words_language = models.CharField(_("language of title and foreword"), max_length=5, choices=CODES, default=DEFAULT)
    language = models.CharField(_("language"), max_length=5, choices=CODES, default=DEFAULT)
    chapters = models.CharField(_("chapters"), max_length=8, choices=ChapterBy, default=ChapterBy.OWN)
    network = models.ForeignKey(Network, models.SET_NULL, null=True, blank=True, related_name="+")
    city = models.ForeignKey(City, models.SET_NULL, null=True, blank=True, related_name="+")
    plan = models.JSONField(default=list)
    ordered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    ordered_at = models.DateTimeField(default=timezone.now)
    state = models.CharField(_("state"), max_length=12, choices=MakingState, default=MakingState.QUEUED)
    fault = models.CharField(_("why it failed"), max_length=12, choices=MakingFault, blank=True)
    progress = models.PositiveSmallIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    token = models.UUIDField(null=True, blank=True, editable=False)
    lease_until = models.DateTimeField(null=True, blank=True, editable=False)
    ended_at = models.DateTimeField(null=True, blank=True)
    file = models.FileField(upload_to=storage_name, blank=True)
    size = models.PositiveBigIntegerField(_("size in bytes"), default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    content = models.FileField(upload_to=storage_name, blank=True)
    pages = models.PositiveIntegerField(_("pages"), default=0)
    practices = models.PositiveSmallIntegerField(_("practices"), default=0)
    left_out = models.PositiveSmallIntegerField(_("left out"), default=0)

    objects: ClassVar[models.Manager[PublicationVersion]] = models.Manager()

    class Meta:
        verbose_name = _("version of a publication")
        verbose_name_plural = _("versions of publications")
        ordering = ["publication_id", "-number"]
        indexes = [
            models.Index(fields=["id"], condition=models.Q(state__in=WAITING), name="publication_to_make"),
            models.Index(fields=["ended_at"], condition=models.Q(state="ready"), name="publication_made"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["publication", "number"], name="one_edition_per_number"),
            models.CheckConstraint(
                condition=~models.Q(state="ready") | ~models.Q(file="") & ~models.Q(sha256="") & ~models.Q(content=""),
                name="ready_publication_has_file",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="running") | models.Q(token__isnull=False, lease_until__isnull=False),
                name="running_publication_has_lease",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.number})"

    @property
    def practice_ids(self) -> list[int]:
        """What was ordered, in its order."""
        return [pk for chapter in self.plan for pk, _comment in chapter["practices"]]

    @property
    def waits(self) -> bool:
        """Whether it is waiting or being made."""
        return self.state in WAITING

    def settings_of_next(self) -> dict[str, Any]:
        """What the form for the next version begins with."""
        names = ("title", "subtitle", "cover_note", "foreword", "words_language", "language", "chapters")
        return {name: getattr(self, name) for name in names}
