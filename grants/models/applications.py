"""Applications: drafts that never lose a word, and the versions that were sent."""

from __future__ import annotations

import secrets
import uuid
from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from grants.enums import ApplicationRole, Outcome, State
from grants.models.forms import EligibilityCheck, FormVersion
from grants.models.funds import MONEY, Round
from network.people.models import Organisation
from network.scanner import Scan


def opaque_id() -> str:
    """An id for addresses that says nothing about how many applications there are: 16 characters, 96 bits."""
    return secrets.token_urlsafe(12)


def storage_name(attachment: Attachment, name: str) -> str:
    """Where a file is kept: by month, under a random name without an ending, so that its own name can do no harm."""
    return f"applications/{timezone.now():%Y/%m}/{uuid.uuid4().hex}"


class ApplicationQuerySet(models.QuerySet["Application"]):
    def visible_to(self, user) -> ApplicationQuerySet:
        """Applications this person is a member of. Staff see them through the admin's own query."""
        return self.filter(members__user=user) if user.is_authenticated else self.none()


class Application(models.Model):
    """An organisation's application to a round. `number` is drawn from a sequence when it is first sent.

    `state` follows `enums.WORKFLOW`; `revision` grows with every change of state, so that two clicks can't both win.
    """

    opaque_id = models.CharField(max_length=24, unique=True, default=opaque_id, editable=False)
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    round = models.ForeignKey(Round, models.PROTECT, related_name="applications")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="applications", verbose_name=_("organisation")
    )
    form = models.ForeignKey(FormVersion, models.PROTECT, related_name="applications")
    eligibility = models.ForeignKey(
        EligibilityCheck, models.SET_NULL, null=True, blank=True, related_name="applications"
    )
    number = models.PositiveIntegerField(_("number"), null=True, blank=True, unique=True, editable=False)
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.DRAFT, editable=False)
    revision = models.PositiveIntegerField(default=1, editable=False)
    title = models.CharField(_("title"), max_length=200, blank=True)
    amount_requested = models.DecimalField(_("amount requested"), **MONEY, null=True, blank=True)
    current_version = models.ForeignKey(
        "ApplicationVersion", models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    withdrawn_reason = models.TextField(_("reason of withdrawal"), blank=True)
    # The newest extension's, kept here so that queries know it; nothing where there is none.
    extended_until = models.DateTimeField(_("extended until"), null=True, blank=True, editable=False)
    # Only of applications that came on paper: when, and who of the fund's staff typed them in.
    on_paper_at = models.DateTimeField(_("arrived on paper"), null=True, blank=True, editable=False)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", editable=False
    )
    demo = models.BooleanField(_("demonstration"), default=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    changed_at = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[ApplicationQuerySet] = ApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("application")
        verbose_name_plural = _("applications")
        ordering = ["-changed_at", "-id"]
        indexes = [models.Index(fields=["round", "state"], name="application_by_state")]
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=State.values), name="application_state_known"),
            models.CheckConstraint(
                condition=models.Q(state__in=["draft", "lapsed", "withdrawn"])
                | models.Q(number__isnull=False, current_version__isnull=False),
                name="sent_application_has_version",
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.opaque_id

    def get_absolute_url(self) -> str:
        return reverse("grants:application", args=[self.opaque_id])

    @property
    def closes_at(self) -> datetime:
        """When its own time ends: with its round, or later where staff have extended it."""
        return max(self.round.closes_at, self.extended_until or self.round.closes_at)

    @property
    def reference(self) -> str:
        """The number people quote, for example K-001042; nothing before the application was first sent."""
        return f"K-{self.number:06d}" if self.number else ""


class ApplicationMember(models.Model):
    """A person working on an application."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="members")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="application_memberships")
    role = models.CharField(_("role"), max_length=8, choices=ApplicationRole)

    objects: ClassVar[models.Manager[ApplicationMember]] = models.Manager()

    class Meta:
        verbose_name = _("member")
        verbose_name_plural = _("members")
        ordering = ["application_id", "id"]
        constraints = [models.UniqueConstraint(fields=["application", "user"], name="once_in_an_application")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role}"


class AnswerSection(models.Model):
    """One section's answers in a draft: the unit of autosave. `revision` is what a writer must have read to replace it."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="answers")
    section = models.SlugField(max_length=40)
    data = models.JSONField(default=dict)
    revision = models.PositiveIntegerField(default=1)
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    updated_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[models.Manager[AnswerSection]] = models.Manager()

    class Meta:
        verbose_name = _("section of answers")
        verbose_name_plural = _("sections of answers")
        ordering = ["application_id", "section"]
        constraints = [models.UniqueConstraint(fields=["application", "section"], name="one_row_per_section")]

    def __str__(self) -> str:
        return f"{self.application_id} {self.section}"


class ApplicationVersion(models.Model):
    """What was sent, as it was sent; never changed (the database refuses). `content_hash` is SHA-256 of answers and files.

    `received_at` is when the request arrived; `in_grace` that it arrived after closing, within the grace; `amount_requested`
    what the answers ask for, for sums: in the currency of the fund, None where they ask for no amount.
    """

    application = models.ForeignKey(Application, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(_("number"))
    form = models.ForeignKey(FormVersion, models.PROTECT, related_name="+")
    answers = models.JSONField()
    files = models.JSONField(default=list)
    amount_requested = models.DecimalField(_("amount requested"), **MONEY, null=True, blank=True)
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    received_at = models.DateTimeField(_("received"))
    in_grace = models.BooleanField(_("within the grace"), default=False)
    content_hash = models.CharField(max_length=64)
    receipt_code = models.CharField(_("receipt code"), max_length=16, unique=True)

    objects: ClassVar[models.Manager[ApplicationVersion]] = models.Manager()

    class Meta:
        verbose_name = _("sent version")
        verbose_name_plural = _("sent versions")
        ordering = ["application_id", "number"]
        constraints = [models.UniqueConstraint(fields=["application", "number"], name="one_version_per_number")]

    def __str__(self) -> str:
        return self.receipt_code


class Attachment(models.Model):
    """A file of a draft, under a random name in private storage. `mime` is what its bytes say, not its name."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    application = models.ForeignKey(Application, models.CASCADE, related_name="attachments")
    field = models.SlugField(max_length=40)
    file = models.FileField(upload_to=storage_name)
    name = models.CharField(_("name"), max_length=200)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    sha256 = models.CharField(max_length=64)
    mime = models.CharField(_("type"), max_length=120)
    scan = models.CharField(_("virus check"), max_length=8, choices=Scan, default=Scan.PENDING)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    uploaded_at = models.DateTimeField(default=timezone.now)
    removed_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager[Attachment]] = models.Manager()

    class Meta:
        verbose_name = _("file")
        verbose_name_plural = _("files")
        ordering = ["application_id", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "field"], condition=models.Q(removed_at__isnull=True), name="one_file_per_field"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class SubmitAttempt(models.Model):
    """Every press of "Send application": when it arrived, what came of it, and what was missing."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="attempts")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    received_at = models.DateTimeField()
    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome)
    missing = models.JSONField(default=list)

    objects: ClassVar[models.Manager[SubmitAttempt]] = models.Manager()

    class Meta:
        verbose_name = _("attempt to send")
        verbose_name_plural = _("attempts to send")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.application_id} {self.outcome}"
