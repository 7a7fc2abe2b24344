"""Versions on their way to being published, and what peers of other cities say of them."""

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from network import operations
from network.translation.operations import FOURTEEN


class Migration(operations.Migration):
    replaces = [("practices", "0021_peer_review")]
    dependencies = [
        ("practices", "0002_parts_of_a_record"),
        ("cities", "0001_initial"),
        ("people", "0002_api_tokens"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PracticeVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField(verbose_name="number")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Being written"),
                            ("submitted", "Submitted"),
                            ("in_review", "In review"),
                            ("revision", "Revision asked"),
                            ("published", "Published"),
                            ("discarded", "Discarded"),
                        ],
                        default="draft",
                        editable=False,
                        max_length=12,
                        verbose_name="state",
                    ),
                ),
                ("language", models.CharField(choices=FOURTEEN, max_length=5, verbose_name="language")),
                ("base", models.PositiveIntegerField(default=1, editable=False)),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="what changed")),
                ("minor", models.BooleanField(default=False, verbose_name="small change")),
                ("decision", models.TextField(blank=True, verbose_name="decision")),
                ("second_look", models.BooleanField(default=True, editable=False, verbose_name="reviewers look again")),
                (
                    "unreviewed_because",
                    models.TextField(blank=True, verbose_name="published without two reviews because"),
                ),
                ("started_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="begun")),
                ("changed_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="last changed")),
                ("submitted_at", models.DateTimeField(blank=True, null=True, verbose_name="submitted")),
                ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="decided")),
                ("published_at", models.DateTimeField(blank=True, null=True, verbose_name="published")),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "practice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="record_versions",
                        to="practices.practice",
                    ),
                ),
                (
                    "started_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "submitted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "version",
                "verbose_name_plural": "versions",
                "ordering": ["practice_id", "number"],
                "constraints": [
                    models.UniqueConstraint(fields=("practice", "number"), name="one_version_a_number"),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["draft", "submitted", "in_review", "revision"])),
                        fields=("practice",),
                        name="one_version_on_its_way",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["draft", "submitted", "in_review", "revision", "published", "discarded"])
                        ),
                        name="version_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "published"), _negated=True),
                            ("published_at__isnull", False),
                            _connector="OR",
                        ),
                        name="published_version_has_moment",
                    ),
                ],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["submitted", "in_review", "revision"])),
                        fields=["state", "submitted_at"],
                        name="version_waiting",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="VersionSection",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("section", models.SlugField(max_length=40)),
                ("data", models.JSONField(default=dict)),
                ("revision", models.PositiveIntegerField(default=1)),
                ("updated_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "updated_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sections",
                        to="practices.practiceversion",
                    ),
                ),
            ],
            options={
                "verbose_name": "section of a version",
                "verbose_name_plural": "sections of versions",
                "ordering": ["version_id", "section"],
                "constraints": [
                    models.UniqueConstraint(fields=("version", "section"), name="one_row_a_section"),
                ],
            },
        ),
        migrations.CreateModel(
            name="CreationKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=200)),
                ("fingerprint", models.CharField(max_length=64)),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "token",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.apitoken"
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="practices.practiceversion",
                    ),
                ),
            ],
            options={
                "verbose_name": "creation key",
                "verbose_name_plural": "creation keys",
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(fields=("token", "key"), name="one_creation_per_key"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReviewRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("invited", "Asked"),
                            ("accepted", "Accepted"),
                            ("done", "Handed in"),
                            ("declined", "Declined"),
                            ("conflicted", "Conflict of interest"),
                            ("cancelled", "Taken off"),
                        ],
                        default="invited",
                        editable=False,
                        max_length=12,
                        verbose_name="state",
                    ),
                ),
                ("round", models.PositiveSmallIntegerField(default=1, editable=False, verbose_name="round")),
                ("due_on", models.DateField(verbose_name="due")),
                ("reason", models.TextField(blank=True, verbose_name="reason")),
                ("asked_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="asked")),
                ("answered_at", models.DateTimeField(blank=True, null=True, verbose_name="answered")),
                ("data", models.JSONField(blank=True, default=dict)),
                ("revision", models.PositiveIntegerField(default=1, editable=False)),
                ("updated_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "asked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "city",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="practice_reviews",
                        to="cities.city",
                        verbose_name="city",
                    ),
                ),
                (
                    "reviewer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="practice_reviews",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="reviewer",
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="review_requests",
                        to="practices.practiceversion",
                    ),
                ),
            ],
            options={
                "verbose_name": "request for a review",
                "verbose_name_plural": "requests for reviews",
                "ordering": ["version_id", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["invited", "accepted", "done"])),
                        fields=("version", "reviewer"),
                        name="one_review_a_person",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["invited", "accepted", "done"])),
                        fields=("version", "city"),
                        name="one_review_a_city",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["invited", "accepted", "done", "declined", "conflicted", "cancelled"])
                        ),
                        name="review_state_known",
                    ),
                ],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["invited", "accepted"])),
                        fields=["reviewer", "due_on"],
                        name="review_awaited_of_person",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PeerReview",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("round", models.PositiveSmallIntegerField(default=1, editable=False, verbose_name="round")),
                (
                    "relevance",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(5),
                        ],
                        verbose_name="relevance",
                    ),
                ),
                (
                    "participation",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(5),
                        ],
                        verbose_name="participation",
                    ),
                ),
                (
                    "impact",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(5),
                        ],
                        verbose_name="impact",
                    ),
                ),
                (
                    "transferability",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(5),
                        ],
                        verbose_name="transferability",
                    ),
                ),
                ("relevance_reason", models.TextField(blank=True, verbose_name="why")),
                ("participation_reason", models.TextField(blank=True, verbose_name="why")),
                ("impact_reason", models.TextField(blank=True, verbose_name="why")),
                ("transferability_reason", models.TextField(blank=True, verbose_name="why")),
                (
                    "recommendation",
                    models.CharField(
                        blank=True,
                        choices=[("publish", "Publish it"), ("revise", "Ask for a revision first")],
                        max_length=8,
                        verbose_name="recommendation",
                    ),
                ),
                ("note", models.TextField(blank=True, verbose_name="note to the city")),
                ("language", models.CharField(blank=True, choices=FOURTEEN, max_length=5, verbose_name="written in")),
                ("named", models.BooleanField(default=False, verbose_name="named")),
                ("shared", models.BooleanField(default=False, editable=False, verbose_name="note passed on")),
                ("reviewed_on", models.DateField(default=django.utils.timezone.localdate, verbose_name="reviewed")),
                (
                    "city",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cities.city",
                        verbose_name="city",
                    ),
                ),
                (
                    "practice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="peer_reviews",
                        to="practices.practice",
                    ),
                ),
                (
                    "reviewer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="reviewer",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="peer_reviews",
                        to="practices.practiceversion",
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reviews",
                        to="practices.reviewrequest",
                    ),
                ),
            ],
            options={
                "verbose_name": "peer review",
                "verbose_name_plural": "peer reviews",
                "ordering": ["practice_id", "id"],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("relevance__range", (1, 5))), name="relevance_1_to_5"),
                    models.CheckConstraint(
                        condition=models.Q(("participation__range", (1, 5))), name="participation_1_to_5"
                    ),
                    models.CheckConstraint(condition=models.Q(("impact__range", (1, 5))), name="impact_1_to_5"),
                    models.CheckConstraint(
                        condition=models.Q(("transferability__range", (1, 5))), name="transferability_1_to_5"
                    ),
                    models.UniqueConstraint(fields=("request", "round"), name="one_review_a_round"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("request__isnull", True), ("version__isnull", True)),
                            models.Q(("request__isnull", False), ("version__isnull", False)),
                            _connector="OR",
                        ),
                        name="review_request_with_version",
                    ),
                ],
            },
        ),
    ]
