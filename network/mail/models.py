"""The outbox: every outgoing mail is a row, written in the transaction that causes it."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from network.mail.enums import HeldFor, Status
from network.outgoing import MessageClass


class ReminderRule(models.Model):
    """When people are reminded of a kind of deadline: `days_before` at `at_local` on the deadline's clock, or `hours_before`.

    `deadline` is a kind of `network.deadlines.DEADLINES`, `audience` one of its audiences, `message` one of its texts.
    """

    deadline = models.CharField(_("deadline"), max_length=64)
    audience = models.CharField(_("who"), max_length=32)
    message = models.CharField(_("text"), max_length=64)
    days_before = models.PositiveSmallIntegerField(_("days before"), null=True, blank=True)
    at_local = models.TimeField(
        _("at"), null=True, blank=True, help_text=_("On the clock of the deadline’s place; only with days.")
    )
    hours_before = models.PositiveSmallIntegerField(_("hours before"), null=True, blank=True)
    active = models.BooleanField(_("on"), default=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    updated_at = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[models.Manager[ReminderRule]] = models.Manager()

    class Meta:
        verbose_name = _("reminder rule")
        verbose_name_plural = _("reminder rules")
        ordering = ["deadline", "-days_before", "-hours_before", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(days_before__isnull=False, at_local__isnull=False, hours_before__isnull=True)
                | models.Q(days_before__isnull=True, at_local__isnull=True, hours_before__isnull=False),
                name="rule_days_or_hours",
            ),
            models.UniqueConstraint(
                fields=["deadline", "audience", "days_before", "at_local", "hours_before"],
                nulls_distinct=False,
                name="one_rule_per_moment",
            ),
        ]

    def __str__(self) -> str:
        if self.hours_before is not None:
            return f"{self.deadline} -{self.hours_before} h"
        return f"{self.deadline} -{self.days_before} d {self.at_local}"


class OutgoingMail(models.Model):
    """One mail to one address. `key` is its logical identity: the same key is never queued twice.

    The text is rendered from `kind`'s templates and `context` when it is sent, in `language`. `lease_until` belongs to
    the worker that claimed it; a lease that ran out may be claimed again. Times are UTC.

    A mail planned from a deadline says which: `deadline` and `subject_id`, and in `due` the wall time and zone it was
    planned for (2026-11-30T17:00:00 Europe/London); it is superseded where that is no longer true. One that went into
    a digest is superseded by it. What goes to an account and is not secret is that person's notice in the portal too,
    unread until `read_at`.

    Its foreign keys are Django's only (docs/decisions/0016): the planners hold what they name, and a number that names
    nobody counts as none.
    """

    # Unique by constraint: `unique=True` would keep a second index, for patterns that nobody looks for.
    key = models.CharField(max_length=200)
    kind = models.CharField(_("kind"), max_length=64)
    klass = models.CharField(_("class"), max_length=8, choices=[(c.value, c.value) for c in MessageClass])
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        db_index=False,  # `mail_of_a_person` begins with it
        db_constraint=False,
        related_name="+",
        verbose_name=_("person"),
    )
    to_email = models.EmailField(_("to"), max_length=254)
    to_domain = models.CharField(max_length=254, blank=True, editable=False)
    to_name = models.CharField(max_length=200, blank=True)
    reply_to = models.EmailField(max_length=254, blank=True)
    language = models.CharField(_("language"), max_length=5)
    context = models.JSONField(default=dict, blank=True)
    subject = models.CharField(_("subject"), max_length=250, blank=True)
    status = models.CharField(_("state"), max_length=10, choices=Status, default=Status.QUEUED)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_try_at = models.DateTimeField(_("next try"), default=timezone.now)
    not_after = models.DateTimeField(_("not after"), null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    smtp_started_at = models.DateTimeField(null=True, blank=True)
    message_id = models.CharField(max_length=200, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True, editable=False)
    held_for = models.CharField(_("held because of"), max_length=8, choices=HeldFor, blank=True)
    deadline = models.CharField(_("deadline"), max_length=64, blank=True)
    subject_id = models.BigIntegerField(null=True, blank=True, editable=False)
    due = models.CharField(max_length=96, blank=True, editable=False)
    rule = models.ForeignKey(
        ReminderRule,
        models.SET_NULL,
        null=True,
        blank=True,
        db_index=False,
        db_constraint=False,
        related_name="+",
        editable=False,
    )
    digest = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        db_index=False,
        db_constraint=False,
        related_name="parts",
        editable=False,
    )
    error = models.TextField(_("error"), blank=True)
    created_at = models.DateTimeField(_("queued"), default=timezone.now, editable=False)

    objects: ClassVar[models.Manager[OutgoingMail]] = models.Manager()

    class Meta:
        verbose_name = _("outgoing mail")
        verbose_name_plural = _("outgoing mail")
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["next_try_at"], condition=models.Q(status__in=["queued", "inflight"]), name="mail_due"
            ),
            models.Index(
                fields=["to_domain", "next_try_at"],
                condition=models.Q(status__in=["queued", "inflight"]),
                name="mail_waiting_by_domain",
            ),
            # What a worker has or a person must look at; nearly all others are sent, and found by their number.
            models.Index(
                fields=["status", "-id"],
                condition=models.Q(status__in=["inflight", "held", "uncertain", "failed"]),
                name="mail_by_state",
            ),
            models.Index(fields=["recipient", "-id"], name="mail_of_a_person"),
            # Whether a deadline's mails name another moment is asked of every deadline, every minute.
            models.Index(
                fields=["deadline", "subject_id", "due", "recipient"],
                condition=~models.Q(deadline=""),
                name="mail_of_a_deadline",
            ),
            models.Index(
                fields=["to_domain", "smtp_started_at"],
                condition=models.Q(smtp_started_at__isnull=False),
                name="mail_by_domain",
            ),
            models.Index(fields=["message_id"], condition=~models.Q(message_id=""), name="mail_by_message_id"),
            models.Index(fields=["digest"], condition=models.Q(digest__isnull=False), name="mail_in_a_digest"),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(status__in=Status.values), name="mail_status_known"),
            models.UniqueConstraint(fields=["key"], name="one_mail_per_key"),
        ]

    def __str__(self) -> str:
        return self.key


class MailChoice(models.Model):
    """Whether a person wants a kind of message by mail; without a row: yes. Mandatory kinds have no rows."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="mail_choices")
    kind = models.CharField(_("kind"), max_length=64)
    by_mail = models.BooleanField(_("by mail"))
    changed_at = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[models.Manager[MailChoice]] = models.Manager()

    class Meta:
        verbose_name = _("mail preference")
        verbose_name_plural = _("mail preferences")
        constraints = [models.UniqueConstraint(fields=["user", "kind"], name="one_choice_per_kind")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.kind}"


class BouncedAddress(models.Model):
    """An address whose mail server said that it takes nothing for it (RFC 3463 class 5), until a person lifts it.

    `email` is kept in lower case. `code` is the enhanced status code, `diagnostic` the server's words.
    """

    email = models.EmailField(_("address"), max_length=254, unique=True)
    code = models.CharField(_("code"), max_length=16, blank=True)
    diagnostic = models.TextField(_("what the mail server said"), blank=True)
    bounced_at = models.DateTimeField(_("bounced"), default=timezone.now)

    objects: ClassVar[models.Manager[BouncedAddress]] = models.Manager()

    class Meta:
        verbose_name = _("address that bounced")
        verbose_name_plural = _("addresses that bounced")
        ordering = ["-bounced_at"]

    def __str__(self) -> str:
        return self.email


class MailPause(models.Model):
    """While a row without `ended_at` is here, no mail leaves; what is due waits."""

    started_at = models.DateTimeField(_("since"), default=timezone.now)
    ended_at = models.DateTimeField(_("until"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=300)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("paused by")
    )
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("ended by")
    )

    objects: ClassVar[models.Manager[MailPause]] = models.Manager()

    class Meta:
        verbose_name = _("pause of all mail")
        verbose_name_plural = _("pauses of all mail")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                models.Value(1), condition=models.Q(ended_at__isnull=True), name="one_pause_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.started_at:%Y-%m-%d %H:%M}"


class TickLog(models.Model):
    """One run of the minute's tick: when, by the database's clock, and what it did. `/readyz` reads the newest;

    the circuit breaker compares with the last 30 days. `planned` counts reminders queued, `held` those held for a person.
    """

    started_at = models.DateTimeField(default=timezone.now, db_index=True)
    planned = models.PositiveIntegerField(default=0)
    held = models.PositiveIntegerField(default=0)
    sent = models.PositiveIntegerField(default=0)
    duration_ms = models.PositiveIntegerField(default=0)

    objects: ClassVar[models.Manager[TickLog]] = models.Manager()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.started_at:%Y-%m-%d %H:%M:%S}"


class JobRun(models.Model):
    """When a periodic job of `network.schedule` last began, whoever started it: Celery beat or `manage.py tick`."""

    name = models.CharField(max_length=64, primary_key=True)
    began_at = models.DateTimeField()

    objects: ClassVar[models.Manager[JobRun]] = models.Manager()

    def __str__(self) -> str:
        return self.name
