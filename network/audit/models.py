"""History rows and their seals. Both are append-only: the database refuses UPDATE, DELETE and TRUNCATE on them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class AuditEvent(models.Model):
    """One change of one row, written by the trigger in the transaction that made it."""

    class Action(models.TextChoices):
        INSERT = "I", _("created")
        UPDATE = "U", _("changed")
        DELETE = "D", _("removed")

    at = models.DateTimeField(_("when"), db_comment="transaction start, as Postgres' now()")
    xid = models.BigIntegerField(
        db_comment="pg_current_xact_id of the writing transaction: says whether a row could have been sealed"
    )
    table = models.CharField(_("table"), max_length=63)
    row = models.CharField(_("row"), max_length=64)
    action = models.CharField(_("action"), max_length=1, choices=Action)
    before = models.JSONField(_("before"), null=True)
    after = models.JSONField(_("after"), null=True)
    actor_id = models.BigIntegerField(
        _("who"), null=True, db_comment="user id; no foreign key: history outlives accounts"
    )
    request_id = models.CharField(_("request"), max_length=32, blank=True)
    reason = models.TextField(_("reason"), blank=True)

    class Meta:
        db_table = "audit_event"
        verbose_name = _("history row")
        verbose_name_plural = _("history")
        indexes = [
            models.Index(fields=["table", "row", "id"], name="audit_event_of_row"),
            models.Index(fields=["xid"], name="audit_event_xid"),
        ]

    def __str__(self) -> str:
        return f"{self.table} {self.row} {self.action}"

    def changes(self) -> list[tuple[str, object, object]]:
        """What differs: (column, before, after), in column order; every filled column for an insert or a removal."""
        before, after = self.before or {}, self.after or {}
        keys = dict.fromkeys([*before, *after])
        return [(key, before.get(key), after.get(key)) for key in keys if before.get(key) != after.get(key)]


class AuditSeal(models.Model):
    """A link of the hash chain: position n seals one history row onto the hash of position n-1 (SHA-256, hexadecimal)."""

    position = models.BigIntegerField(primary_key=True)
    event_id = models.BigIntegerField(unique=True)
    hash = models.CharField(max_length=64)
    snapshot = models.TextField(
        blank=True, db_comment="pg_snapshot of a batch that left nothing unsealed; empty elsewhere"
    )
    sealed_at = models.DateTimeField()

    class Meta:
        db_table = "audit_seal"
        verbose_name = _("history seal")
        verbose_name_plural = _("history seals")

    def __str__(self) -> str:
        return f"{self.position} {self.hash[:12]}"
