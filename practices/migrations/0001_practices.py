"""Practices, how they are classified, and under which addresses they are known."""

import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

import practices.models.concepts
from network import operations
from network.translation.operations import FOURTEEN, translated


class Migration(operations.Migration):
    initial = True

    replaces = [
        ("practices", "0001_initial"),
        ("practices", "0003_scheme"),
        ("practices", "0004_addresses_and_licence"),
        ("practices", "0016_drop_index_of_reuse"),
        ("practices", "0018_names_elsewhere"),
    ]
    dependencies = [("cities", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Practice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("slug", models.SlugField(allow_unicode=True, max_length=120, unique=True)),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "Draft"), ("published", "Published"), ("archived", "Archived")],
                        default="draft",
                        editable=False,
                        max_length=12,
                        verbose_name="state",
                    ),
                ),
                (
                    "original_language",
                    models.CharField(choices=FOURTEEN, max_length=5, verbose_name="original language"),
                ),
                (
                    "languages",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=5),
                        default=list,
                        editable=False,
                        size=None,
                        verbose_name="languages",
                    ),
                ),
                *translated("title", models.CharField, max_length=200, verbose_name="title"),
                *translated("strapline", models.CharField, blank=True, max_length=300, verbose_name="in one line"),
                *translated("summary", models.TextField, verbose_name="summary"),
                *translated("area", models.CharField, blank=True, max_length=200, verbose_name="area"),
                (
                    "running",
                    models.CharField(
                        choices=[
                            ("pilot", "Pilot"),
                            ("running", "Running"),
                            ("regular", "Part of regular services"),
                            ("ended", "Ended"),
                            ("discontinued", "Discontinued"),
                        ],
                        default="running",
                        max_length=12,
                        verbose_name="status",
                    ),
                ),
                ("started_on", models.DateField(blank=True, null=True, verbose_name="started")),
                (
                    "started_precision",
                    models.CharField(
                        choices=[("day", "to the day"), ("month", "to the month"), ("year", "to the year")],
                        default="day",
                        max_length=5,
                        verbose_name="start, known",
                    ),
                ),
                ("ended_on", models.DateField(blank=True, null=True, verbose_name="ended")),
                ("settings_count", models.PositiveSmallIntegerField(default=1, verbose_name="places it ran in")),
                (
                    "prevention",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("primary", "Everyone (primary)"),
                            ("secondary", "People at risk (secondary)"),
                            ("tertiary", "People already involved or harmed (tertiary)"),
                        ],
                        max_length=12,
                        verbose_name="level of prevention",
                    ),
                ),
                ("lead_organisation", models.CharField(blank=True, max_length=200, verbose_name="led by")),
                (
                    "total_cost",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=14, null=True, verbose_name="cost in all"
                    ),
                ),
                (
                    "yearly_cost",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=14, null=True, verbose_name="cost a year"
                    ),
                ),
                (
                    "currency",
                    models.CharField(
                        blank=True, help_text="ISO 4217, three letters", max_length=3, verbose_name="currency"
                    ),
                ),
                (
                    "price_year",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="prices of the year"),
                ),
                (
                    "staff",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=8, null=True, verbose_name="staff, in full-time posts"
                    ),
                ),
                (
                    "maturity",
                    models.CharField(
                        choices=[
                            ("emerging", "Emerging"),
                            ("promising", "Promising"),
                            ("good", "Good"),
                            ("transferred", "Transferred"),
                        ],
                        default="emerging",
                        editable=False,
                        max_length=12,
                        verbose_name="maturity",
                    ),
                ),
                (
                    "adoptions_count",
                    models.PositiveIntegerField(default=0, editable=False, verbose_name="cities that took it up"),
                ),
                ("source", models.CharField(blank=True, max_length=300, verbose_name="source")),
                (
                    "licence",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("CC0-1.0", "CC0 1.0: public domain"),
                            ("CC-BY-4.0", "CC BY 4.0: name the source"),
                            ("CC-BY-SA-4.0", "CC BY-SA 4.0: name the source, share alike"),
                            ("CC-BY-NC-4.0", "CC BY-NC 4.0: name the source, not for profit"),
                            ("reserved", "All rights reserved: ask the city"),
                        ],
                        max_length=20,
                        verbose_name="licence",
                    ),
                ),
                ("demo", models.BooleanField(default=False, verbose_name="demonstration")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("updated_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("published_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="published")),
                ("verified_on", models.DateField(blank=True, editable=False, null=True, verbose_name="last verified")),
                (
                    "review_due_on",
                    models.DateField(blank=True, editable=False, null=True, verbose_name="to be confirmed by"),
                ),
                (
                    "city",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="practices",
                        to="cities.city",
                        verbose_name="city",
                    ),
                ),
            ],
            options={
                "verbose_name": "practice",
                "verbose_name_plural": "practices",
                "ordering": ["-published_at", "-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "published"), _negated=True),
                            ("published_at__isnull", False),
                            _connector="OR",
                        ),
                        name="published_has_moment",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_on__isnull", True),
                            ("started_on__isnull", True),
                            ("ended_on__gte", models.F("started_on")),
                            _connector="OR",
                        ),
                        name="practice_ends_after_start",
                        violation_error_message="The end lies before the start.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("total_cost__isnull", True), ("total_cost__gte", 0), _connector="OR"),
                        name="practice_total_cost",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("yearly_cost__isnull", True), ("yearly_cost__gte", 0), _connector="OR"),
                        name="practice_yearly_cost",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("total_cost__isnull", True), ("yearly_cost__isnull", True)),
                            models.Q(("currency", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="practice_cost_has_currency",
                    ),
                ],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "published")),
                        fields=["-published_at", "-id"],
                        include=("city", "maturity", "original_language", "languages"),
                        name="practice_newest",
                    ),
                    models.Index(fields=["city", "state"], name="practice_of_city"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Concept",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.SlugField(max_length=60, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[("theme", "Theme"), ("target_group", "Target group"), ("approach", "Approach")],
                        default="theme",
                        max_length=16,
                        verbose_name="kind",
                    ),
                ),
                *translated("label", models.CharField, max_length=120, verbose_name="label"),
                ("hidden_labels", models.JSONField(blank=True, default=dict, verbose_name="words that find it")),
                *translated("scope_note", models.TextField, blank=True, verbose_name="what it means"),
                (
                    "exact_match",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.URLField(max_length=300),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="same concept elsewhere",
                    ),
                ),
                (
                    "close_match",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.URLField(max_length=300),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="similar concept elsewhere",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="position")),
                ("archived_at", models.DateTimeField(blank=True, null=True, verbose_name="in the archive since")),
                ("from_scheme", models.JSONField(blank=True, default=dict, editable=False)),
                ("mark", models.BigIntegerField(default=practices.models.concepts.new_mark, editable=False)),
                ("labelled_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "broader",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="narrower",
                        to="practices.concept",
                        verbose_name="part of",
                    ),
                ),
                (
                    "replaced_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaces",
                        to="practices.concept",
                        verbose_name="replaced by",
                    ),
                ),
            ],
            options={
                "verbose_name": "theme",
                "verbose_name_plural": "themes",
                "ordering": ["position", "code"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("broader__isnull", True),
                            models.Q(("broader", models.F("id")), _negated=True),
                            _connector="OR",
                        ),
                        name="concept_not_own_part",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("replaced_by__isnull", True), ("archived_at__isnull", False), _connector="OR"
                        ),
                        name="replaced_concept_archived",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="practice",
            name="themes",
            field=models.ManyToManyField(
                blank=True, related_name="practices", to="practices.concept", verbose_name="themes"
            ),
        ),
        migrations.CreateModel(
            name="FormerSlug",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.SlugField(allow_unicode=True, max_length=120, unique=True, verbose_name="address")),
                ("left_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="until")),
                (
                    "practice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="former_slugs",
                        to="practices.practice",
                        verbose_name="practice",
                    ),
                ),
            ],
            options={
                "verbose_name": "former address",
                "verbose_name_plural": "former addresses",
                "ordering": ["practice_id", "id"],
            },
        ),
        migrations.CreateModel(
            name="ExternalId",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120, verbose_name="name elsewhere")),
                (
                    "since",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="since"),
                ),
                (
                    "city",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="external_ids",
                        to="cities.city",
                        verbose_name="city",
                    ),
                ),
                (
                    "practice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="external_ids",
                        to="practices.practice",
                        verbose_name="practice",
                    ),
                ),
            ],
            options={
                "verbose_name": "name elsewhere",
                "verbose_name_plural": "names elsewhere",
                "ordering": ["city_id", "name"],
                "constraints": [
                    models.UniqueConstraint(fields=("city", "name"), name="one_practice_per_external_id"),
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True), name="external_id_not_empty"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PracticeNarrative",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                *translated("challenge", models.TextField, blank=True, verbose_name="The challenge"),
                *translated("goals", models.TextField, blank=True, verbose_name="Goals"),
                *translated("actions", models.TextField, blank=True, verbose_name="What was done"),
                *translated("participation", models.TextField, blank=True, verbose_name="Who took part"),
                *translated("funding", models.TextField, blank=True, verbose_name="Where the money comes from"),
                (
                    "practice",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="narrative", to="practices.practice"
                    ),
                ),
            ],
            options={
                "verbose_name": "narrative",
                "verbose_name_plural": "narratives",
            },
        ),
    ]
