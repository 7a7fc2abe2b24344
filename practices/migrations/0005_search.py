"""The search table, what people ask it, and what they are told of.

Search vectors are stored aside of their rows: finding rows then reads a small table, and only ranking fetches the vectors. Its
function `practices_found` comes with `search_function`.
"""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from network import operations
from network.translation.operations import FOURTEEN

ASIDE = """
ALTER TABLE practices_searchentry ALTER COLUMN tsv SET STORAGE EXTERNAL;
ALTER TABLE practices_searchentry SET (toast_tuple_target = 128);
"""
# Never stored aside: they are read for each row that is found.
BESIDE = "ALTER TABLE practices_searchentry ALTER COLUMN keys SET STORAGE PLAIN"


class Migration(operations.Migration):
    replaces = [
        ("practices", "0002_search_vectors_aside"),
        ("practices", "0009_saved_searches"),
        ("practices", "0014_search_keys"),
        ("practices", "0015_search_words"),
        ("practices", "0017_insight"),
        ("practices", "0022_search_newest_first"),
    ]
    dependencies = [
        ("practices", "0004_collections_and_publications"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="SearchEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("language", models.CharField(max_length=5)),
                ("tsv", django.contrib.postgres.search.SearchVectorField()),
                (
                    "keys",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.IntegerField(), default=list, size=None
                    ),
                ),
                ("published_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("reused", models.PositiveSmallIntegerField(default=0)),
                ("form", models.PositiveSmallIntegerField(default=0)),
                ("indexed_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "practice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="search_entries",
                        to="practices.practice",
                    ),
                ),
            ],
            options={
                "verbose_name": "search entry",
                "verbose_name_plural": "search entries",
                "ordering": ["practice_id", "language"],
                "constraints": [
                    models.UniqueConstraint(fields=("practice", "language"), name="one_entry_per_language"),
                ],
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=["tsv"], name="practice_search"),
                ],
            },
        ),
        migrations.CreateModel(
            name="SearchWord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("language", models.CharField(max_length=5)),
                ("form", models.CharField(max_length=40)),
                ("practices", models.PositiveIntegerField()),
                ("near", django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)),
                ("counted_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "verbose_name": "word of the search",
                "verbose_name_plural": "words of the search",
                "ordering": ["language", "form"],
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fastupdate=False, fields=["near"], name="search_word_near"
                    ),
                    models.Index(fields=["form"], name="search_word_form"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("language", "form"), name="one_search_word_per_language")
                ],
            },
        ),
        migrations.CreateModel(
            name="SavedSearch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("language", models.CharField(choices=FOURTEEN, max_length=5, verbose_name="language")),
                ("query", models.CharField(blank=True, max_length=4000)),
                (
                    "alert",
                    models.CharField(
                        choices=[
                            ("none", "Never"),
                            ("at_once", "As soon as one is published"),
                            ("weekly", "Once a week"),
                        ],
                        default="none",
                        max_length=8,
                        verbose_name="alerts",
                    ),
                ),
                ("weekday", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="day of the week")),
                ("at_local", models.TimeField(blank=True, null=True, verbose_name="hour")),
                ("begins_at", models.BigIntegerField(default=0, editable=False)),
                ("told_up_to", models.BigIntegerField(default=0, editable=False)),
                ("checked_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "since",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="since"),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="saved_searches",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "saved search",
                "verbose_name_plural": "saved searches",
                "ordering": ["-since", "-id"],
                "constraints": [
                    models.UniqueConstraint(
                        models.F("user"),
                        models.F("language"),
                        django.db.models.functions.text.MD5("query"),
                        name="search_saved_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("alert", "weekly"), ("at_local__isnull", False), ("weekday__range", (1, 7))),
                            models.Q(
                                models.Q(("alert", "weekly"), _negated=True),
                                ("at_local__isnull", True),
                                ("weekday__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="weekly_alert_has_a_moment",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("alert__in", ["none", "at_once", "weekly"])), name="alert_known"
                    ),
                ],
                "indexes": [
                    models.Index(
                        condition=models.Q(("alert", "none"), _negated=True),
                        fields=["told_up_to"],
                        name="search_to_be_told",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AskedQuery",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField(verbose_name="day")),
                ("language", models.CharField(choices=FOURTEEN, max_length=5, verbose_name="language")),
                ("query", models.CharField(blank=True, max_length=100, verbose_name="search")),
                ("filters", models.CharField(blank=True, max_length=200, verbose_name="filters")),
                ("times", models.PositiveIntegerField(default=0, verbose_name="times")),
                ("without", models.PositiveIntegerField(default=0, verbose_name="times without results")),
                ("results", models.PositiveIntegerField(default=0, verbose_name="results")),
            ],
            options={
                "verbose_name": "search that was asked",
                "verbose_name_plural": "searches that were asked",
                "ordering": ["-day", "query", "language", "filters"],
                "indexes": [models.Index(fields=["query", "language"], name="asked_before")],
                "constraints": [
                    models.UniqueConstraint(fields=("day", "language", "query", "filters"), name="asked_on_a_day")
                ],
            },
        ),
        migrations.CreateModel(
            name="Appearance",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("noticed_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("gone_at", models.DateTimeField(blank=True, null=True)),
                (
                    "practice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="appearances", to="practices.practice"
                    ),
                ),
            ],
            options={
                "verbose_name": "appearance",
                "verbose_name_plural": "appearances",
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("gone_at__isnull", True)), fields=("practice",), name="seen_once_at_a_time"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MissedTranslation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField(verbose_name="day")),
                ("language", models.CharField(choices=FOURTEEN, max_length=5, verbose_name="language")),
                ("views", models.PositiveIntegerField(default=0, verbose_name="views")),
                (
                    "practice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="missed_translations",
                        to="practices.practice",
                    ),
                ),
            ],
            options={
                "verbose_name": "translation that was missed",
                "verbose_name_plural": "translations that were missed",
                "ordering": ["-day", "practice_id", "language"],
                "constraints": [
                    models.UniqueConstraint(fields=("day", "practice", "language"), name="missed_on_a_day"),
                ],
            },
        ),
        migrations.RunSQL([ASIDE, BESIDE], migrations.RunSQL.noop),
    ]
