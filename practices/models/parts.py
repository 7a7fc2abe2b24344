"""The rows of a record: building blocks, lessons, what another city needs, partners. Each is translated row by row."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from practices.enums import ConditionKind, LessonKind
from practices.models.practices import Practice


class Part(models.Model):
    """A row of a record. `key` is its identity through all versions: a row that is moved or changed keeps its

    translations. `position` is its place among its like.
    """

    key = models.UUIDField(default=uuid.uuid4, editable=False)
    position = models.PositiveSmallIntegerField(default=0)

    objects: ClassVar[models.Manager] = models.Manager()

    class Meta:
        abstract = True
        ordering = ["practice_id", "position", "id"]
        constraints = [models.UniqueConstraint(fields=["practice", "key"], name="%(class)s_once")]

    def __str__(self) -> str:
        return f"{self.practice_id} {self.position}"  # type: ignore[attr-defined]


class BuildingBlock(Part):
    """A piece of the practice that another city can take up by itself: what it is, what makes it work, what it taught."""

    practice = models.ForeignKey(Practice, models.CASCADE, related_name="blocks")
    title = models.CharField(_("building block"), max_length=200)
    text = models.TextField(_("what it is"), blank=True)
    factors = models.TextField(_("what makes it work"), blank=True)
    lesson = models.TextField(_("what it taught"), blank=True)

    class Meta(Part.Meta):
        verbose_name = _("building block")
        verbose_name_plural = _("building blocks")


class Lesson(Part):
    """Something that worked, or did not."""

    practice = models.ForeignKey(Practice, models.CASCADE, related_name="lessons")
    kind = models.CharField(_("kind"), max_length=8, choices=LessonKind, default=LessonKind.WORKED)
    text = models.TextField(_("lesson"))

    class Meta(Part.Meta):
        verbose_name = _("lesson")
        verbose_name_plural = _("lessons")


class TransferCondition(Part):
    """What another city needs before it can take the practice up."""

    practice = models.ForeignKey(Practice, models.CASCADE, related_name="conditions")
    kind = models.CharField(_("kind"), max_length=12, choices=ConditionKind, default=ConditionKind.CONDITION)
    text = models.TextField(_("condition"))

    class Meta(Part.Meta):
        verbose_name = _("condition for transfer")
        verbose_name_plural = _("conditions for transfer")


class Partner(Part):
    """An organisation that took part, and as what. Its name is its own and is not translated."""

    practice = models.ForeignKey(Practice, models.CASCADE, related_name="partners")
    name = models.CharField(_("name"), max_length=200)
    role = models.CharField(_("as what"), max_length=200, blank=True)

    class Meta(Part.Meta):
        verbose_name = _("partner")
        verbose_name_plural = _("partners")
