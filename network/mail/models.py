"""The outbox: every outgoing mail is a row, written in the transaction that causes it."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from network.mail.enums import Status
from network.outgoing import MessageClass


class OutgoingMail(models.Model):
    """One mail to one address. `key` is its logical identity: the same key is never queued twice.

    The text is rendered from `kind`'s templates and `context` when it is sent, in `language`. `lease_until` belongs to
    the worker that claimed it; a lease that ran out may be claimed again. Times are UTC.
    """

    key = models.CharField(max_length=200, unique=True)
    kind = models.CharField(_("kind"), max_length=64)
    klass = models.CharField(_("class"), max_length=8, choices=[(c.value, c.value) for c in MessageClass])
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("person")
    )
    to_email = models.EmailField(_("to"), max_length=254)
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
            models.Index(fields=["status", "-id"], name="mail_by_state"),
        ]
        constraints = [models.CheckConstraint(condition=models.Q(status__in=Status.values), name="mail_status_known")]

    def __str__(self) -> str:
        return self.key


class TickLog(models.Model):
    """One run of the minute's tick: when, by the database's clock, and what it did. `/readyz` reads the newest."""

    started_at = models.DateTimeField(default=timezone.now)
    sent = models.PositiveIntegerField(default=0)
    duration_ms = models.PositiveIntegerField(default=0)

    objects: ClassVar[models.Manager[TickLog]] = models.Manager()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.started_at:%Y-%m-%d %H:%M:%S}"
