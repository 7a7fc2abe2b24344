"""Outgoing mail, reminders and their rules, and what was sent to whom.

`mail_knows_zone`: whether the database knows a time zone, asked without an error: one wrong name must not stop a whole statement.
"""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from network import operations

KNOWS_ZONE = """
CREATE OR REPLACE FUNCTION mail_knows_zone(zone text) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
    PERFORM now() AT TIME ZONE zone;
    RETURN zone IS NOT NULL;
EXCEPTION WHEN invalid_parameter_value THEN
    RETURN false;
END
$$;
"""


class Migration(operations.Migration):
    initial = True
    replaces = [
        ("mail", "0001_initial"),
        ("mail", "0002_initial"),
        ("mail", "0003_reminders"),
        ("mail", "0004_knows_zone"),
        ("mail", "0005_waiting_by_domain"),
        ("mail", "0006_fewer_indexes"),
        ("mail", "0007_due_in_order"),
        ("mail", "0008_states_that_wait"),
        ("mail", "0009_without_checks_by_row"),
    ]

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="BouncedAddress",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("email", models.EmailField(max_length=254, unique=True, verbose_name="address")),
                ("code", models.CharField(blank=True, max_length=16, verbose_name="code")),
                ("diagnostic", models.TextField(blank=True, verbose_name="what the mail server said")),
                ("bounced_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="bounced")),
            ],
            options={
                "verbose_name": "address that bounced",
                "verbose_name_plural": "addresses that bounced",
                "ordering": ["-bounced_at"],
            },
        ),
        migrations.CreateModel(
            name="JobRun",
            fields=[
                ("name", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("began_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="TickLog",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("started_at", models.DateTimeField(db_index=True, default=django.utils.timezone.now)),
                ("planned", models.PositiveIntegerField(default=0)),
                ("held", models.PositiveIntegerField(default=0)),
                ("sent", models.PositiveIntegerField(default=0)),
                ("duration_ms", models.PositiveIntegerField(default=0)),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="ReminderRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("deadline", models.CharField(max_length=64, verbose_name="deadline")),
                ("audience", models.CharField(max_length=32, verbose_name="who")),
                ("message", models.CharField(max_length=64, verbose_name="text")),
                ("days_before", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="days before")),
                (
                    "at_local",
                    models.TimeField(
                        blank=True,
                        help_text="On the clock of the deadline’s place; only with days.",
                        null=True,
                        verbose_name="at",
                    ),
                ),
                ("hours_before", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="hours before")),
                ("active", models.BooleanField(default=True, verbose_name="on")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("updated_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
            options={
                "verbose_name": "reminder rule",
                "verbose_name_plural": "reminder rules",
                "ordering": ["deadline", "-days_before", "-hours_before", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("at_local__isnull", False),
                                ("days_before__isnull", False),
                                ("hours_before__isnull", True),
                            ),
                            models.Q(
                                ("at_local__isnull", True),
                                ("days_before__isnull", True),
                                ("hours_before__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="rule_days_or_hours",
                    ),
                    models.UniqueConstraint(
                        fields=("deadline", "audience", "days_before", "at_local", "hours_before"),
                        name="one_rule_per_moment",
                        nulls_distinct=False,
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MailChoice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=64, verbose_name="kind")),
                ("by_mail", models.BooleanField(verbose_name="by mail")),
                ("changed_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="mail_choices",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "mail preference",
                "verbose_name_plural": "mail preferences",
                "constraints": [models.UniqueConstraint(fields=("user", "kind"), name="one_choice_per_kind")],
            },
        ),
        migrations.CreateModel(
            name="MailPause",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("started_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="since")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="until")),
                ("reason", models.CharField(max_length=300, verbose_name="reason")),
                (
                    "ended_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="ended by",
                    ),
                ),
                (
                    "started_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="paused by",
                    ),
                ),
            ],
            options={
                "verbose_name": "pause of all mail",
                "verbose_name_plural": "pauses of all mail",
                "ordering": ["-id"],
                "constraints": [
                    models.UniqueConstraint(
                        models.Value(1), condition=models.Q(("ended_at__isnull", True)), name="one_pause_at_a_time"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="OutgoingMail",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=200)),
                ("kind", models.CharField(max_length=64, verbose_name="kind")),
                (
                    "klass",
                    models.CharField(
                        choices=[("reminder", "reminder"), ("notice", "notice"), ("decision", "decision")],
                        max_length=8,
                        verbose_name="class",
                    ),
                ),
                ("to_email", models.EmailField(max_length=254, verbose_name="to")),
                ("to_domain", models.CharField(blank=True, editable=False, max_length=254)),
                ("to_name", models.CharField(blank=True, max_length=200)),
                ("reply_to", models.EmailField(blank=True, max_length=254)),
                ("language", models.CharField(max_length=5, verbose_name="language")),
                ("context", models.JSONField(blank=True, default=dict)),
                ("subject", models.CharField(blank=True, max_length=250, verbose_name="subject")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("queued", "queued"),
                            ("held", "held for a person"),
                            ("inflight", "being sent"),
                            ("sent", "sent"),
                            ("superseded", "superseded"),
                            ("uncertain", "outcome unclear"),
                            ("failed", "failed"),
                            ("aborted", "stopped by a person"),
                        ],
                        default="queued",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="attempts")),
                ("next_try_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="next try")),
                ("not_after", models.DateTimeField(blank=True, null=True, verbose_name="not after")),
                ("lease_until", models.DateTimeField(blank=True, null=True)),
                ("smtp_started_at", models.DateTimeField(blank=True, null=True)),
                ("message_id", models.CharField(blank=True, max_length=200)),
                ("sent_at", models.DateTimeField(blank=True, null=True, verbose_name="sent")),
                ("read_at", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "held_for",
                    models.CharField(
                        blank=True,
                        choices=[("volume", "unusually many at once"), ("clock", "a jump of the clock")],
                        max_length=8,
                        verbose_name="held because of",
                    ),
                ),
                ("deadline", models.CharField(blank=True, max_length=64, verbose_name="deadline")),
                ("subject_id", models.BigIntegerField(blank=True, editable=False, null=True)),
                ("due", models.CharField(blank=True, editable=False, max_length=96)),
                ("error", models.TextField(blank=True, verbose_name="error")),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="queued"),
                ),
                (
                    "digest",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="parts",
                        to="mail.outgoingmail",
                    ),
                ),
                (
                    "recipient",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
                (
                    "rule",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="mail.reminderrule",
                    ),
                ),
            ],
            options={
                "verbose_name": "outgoing mail",
                "verbose_name_plural": "outgoing mail",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("status__in", ["queued", "inflight"])),
                        fields=["next_try_at"],
                        name="mail_due",
                    ),
                    models.Index(
                        condition=models.Q(("status__in", ["queued", "inflight"])),
                        fields=["to_domain", "next_try_at"],
                        name="mail_waiting_by_domain",
                    ),
                    models.Index(
                        condition=models.Q(("status__in", ["inflight", "held", "uncertain", "failed"])),
                        fields=["status", "-id"],
                        name="mail_by_state",
                    ),
                    models.Index(fields=["recipient", "-id"], name="mail_of_a_person"),
                    models.Index(
                        condition=models.Q(("deadline", ""), _negated=True),
                        fields=["deadline", "subject_id", "recipient"],
                        name="mail_of_a_deadline",
                    ),
                    models.Index(
                        condition=models.Q(("smtp_started_at__isnull", False)),
                        fields=["to_domain", "smtp_started_at"],
                        name="mail_by_domain",
                    ),
                    models.Index(
                        condition=models.Q(("message_id", ""), _negated=True),
                        fields=["message_id"],
                        name="mail_by_message_id",
                    ),
                    models.Index(
                        condition=models.Q(("digest__isnull", False)), fields=["digest"], name="mail_in_a_digest"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "status__in",
                                ["queued", "held", "inflight", "sent", "superseded", "uncertain", "failed", "aborted"],
                            )
                        ),
                        name="mail_status_known",
                    ),
                    models.UniqueConstraint(fields=("key",), name="one_mail_per_key"),
                ],
            },
        ),
        migrations.RunSQL(KNOWS_ZONE, "DROP FUNCTION IF EXISTS mail_knows_zone(text)"),
    ]
