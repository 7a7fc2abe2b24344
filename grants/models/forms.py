"""Eligibility questions and their results, and versions of the application form."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from grants.enums import FormKind, QuestionKind
from grants.models.funds import Round
from network.translation.models import Translated, TranslatedQuerySet


class EligibilityCriterion(Translated):
    """One question of the eligibility check. A blocking one whose answer is not accepted ends in a reasoned "no".

    `accepted` holds what passes: {"answer": true} for yes/no, {"choices": [...]} for a list, {"max": "50000"} for money.
    `options` holds a list's options as [{"value": ..., "label": {language: text}}].
    """

    CARD = ("question", "help", "refusal")

    round = models.ForeignKey(Round, models.CASCADE, related_name="eligibility")
    key = models.SlugField(max_length=40)
    kind = models.CharField(_("kind"), max_length=8, choices=QuestionKind, default=QuestionKind.YES_NO)
    question = models.CharField(_("question"), max_length=300)
    help = models.TextField(_("help"), blank=True)
    refusal = models.TextField(_("what a refused reader is told"), blank=True)
    options = models.JSONField(_("options"), default=list, blank=True)
    accepted = models.JSONField(_("accepted answers"), default=dict, blank=True)
    blocking = models.BooleanField(_("a wrong answer ends it"), default=True)
    position = models.PositiveSmallIntegerField(default=0)

    objects: ClassVar[TranslatedQuerySet] = TranslatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("eligibility question")
        verbose_name_plural = _("eligibility questions")
        ordering = ["round_id", "position", "id"]
        constraints = [models.UniqueConstraint(fields=["round", "key"], name="one_eligibility_question_per_key")]

    def __str__(self) -> str:
        return self.question or self.key


class EligibilityCheck(models.Model):
    """Answers to the eligibility questions and their result; usable without an account, found again by its UUID.

    `answers` is {key: true | false | value | "12000.00"}; `failed` the keys of the questions whose answer was refused.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    round = models.ForeignKey(Round, models.CASCADE, related_name="eligibility_checks")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    answers = models.JSONField(default=dict)
    eligible = models.BooleanField()
    failed = models.JSONField(default=list)
    at = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[models.Manager[EligibilityCheck]] = models.Manager()

    class Meta:
        verbose_name = _("eligibility check")
        verbose_name_plural = _("eligibility checks")
        ordering = ["-id"]

    def __str__(self) -> str:
        return str(self.uuid)


class FormVersion(models.Model):
    """A version of a round’s form; frozen once it is published.

    `sections` is a list of {"key", "title": {language: text}, "help": {...}, "fields": [{"key", "kind", "label": {...},
    "help": {...}, "required", "max_words", "max_characters", "min", "max", "identifying", "weight", "options": [{"value",
    "label": {...}}], "columns": [{"key", "label": {...}, "kind"}], "max_rows", "max_choices", "when": {"field", "is": [...]}}]}.
    """

    round = models.ForeignKey(Round, models.CASCADE, related_name="forms")
    kind = models.CharField(_("kind"), max_length=12, choices=FormKind, default=FormKind.APPLICATION)
    number = models.PositiveSmallIntegerField(_("number"), default=1)
    sections = models.JSONField(_("sections"), default=list)
    published_at = models.DateTimeField(_("published"), null=True, blank=True)

    objects: ClassVar[models.Manager[FormVersion]] = models.Manager()

    class Meta:
        verbose_name = _("form version")
        verbose_name_plural = _("form versions")
        ordering = ["round_id", "kind", "number"]
        constraints = [models.UniqueConstraint(fields=["round", "kind", "number"], name="one_form_per_number")]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"
