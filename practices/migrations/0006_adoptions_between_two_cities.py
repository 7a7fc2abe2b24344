"""Adoptions are said by one city and confirmed by the other; practices know how many count."""

import django.utils.timezone
from django.db import migrations, models

from network.translation.operations import AddFields


class Migration(migrations.Migration):
    dependencies = [
        ("cities", "0001_initial"),
        ("practices", "0005_bookmarks"),
    ]

    operations = [
        migrations.AddField(
            model_name="adoption",
            name="changed_at",
            field=models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="last changed"),
        ),
        migrations.AddField(
            model_name="adoption",
            name="language",
            field=models.CharField(
                choices=[
                    ("en", "English"),
                    ("ar", "العربية"),
                    ("el", "Ελληνικά"),
                    ("it", "Italiano"),
                    ("sv", "Svenska"),
                    ("fr", "Français"),
                    ("fa", "فارسی"),
                    ("ur", "اردو"),
                    ("da", "Dansk"),
                    ("nb", "Norsk bokmål"),
                    ("fi", "Suomi"),
                    ("is", "Íslenska"),
                    ("es", "Español"),
                    ("de", "Deutsch"),
                ],
                default="en",
                max_length=5,
                verbose_name="written in",
            ),
            preserve_default=False,
        ),
        AddFields(
            model_name="adoption",
            fields=[
                ("question", models.TextField(blank=True, verbose_name="doubt")),
                (
                    "question_language",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("en", "English"),
                            ("ar", "العربية"),
                            ("el", "Ελληνικά"),
                            ("it", "Italiano"),
                            ("sv", "Svenska"),
                            ("fr", "Français"),
                            ("fa", "فارسی"),
                            ("ur", "اردو"),
                            ("da", "Dansk"),
                            ("nb", "Norsk bokmål"),
                            ("fi", "Suomi"),
                            ("is", "Íslenska"),
                            ("es", "Español"),
                            ("de", "Deutsch"),
                        ],
                        max_length=5,
                    ),
                ),
                (
                    "recorded_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="recorded"),
                ),
                ("result", models.TextField(blank=True, verbose_name="what came of it")),
                ("result_ar", models.TextField(blank=True, null=True, verbose_name="what came of it")),
                ("result_da", models.TextField(blank=True, null=True, verbose_name="what came of it")),
                ("result_de", models.TextField(blank=True, null=True, verbose_name="what came of it")),
                ("result_el", models.TextField(blank=True, null=True, verbose_name="what came of it")),
                ("result_en", models.TextField(blank=True, null=True, verbose_name="what came of it")),
                ("result_es", models.TextField(blank=True, null=True, verbose_name="what came of it")),
                ("result_fa", models.TextField(blank=True, null=True, verbose_name="what came of it")),
                ("result_fi", models.TextField(blank=True, null=True, verbose_name="what came of it")),
                ("result_fr", models.TextField(blank=True, null=True, verbose_name="what came of it")),
                ("result_is", models.TextField(blank=True, null=True, verbose_name="what came of it")),
                ("result_it", models.TextField(blank=True, null=True, verbose_name="what came of it")),
                ("result_nb", models.TextField(blank=True, null=True, verbose_name="what came of it")),
                ("result_sv", models.TextField(blank=True, null=True, verbose_name="what came of it")),
                ("result_ur", models.TextField(blank=True, null=True, verbose_name="what came of it")),
                ("started_on", models.DateField(blank=True, null=True, verbose_name="first day")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("recorded", "Not confirmed yet"),
                            ("confirmed", "Confirmed"),
                            ("questioned", "Questioned"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="recorded",
                        editable=False,
                        max_length=12,
                        verbose_name="standing",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="adoption",
            name="status",
            field=models.CharField(
                choices=[
                    ("planned", "Planned"),
                    ("trying", "Being tried"),
                    ("in_place", "In place"),
                    ("given_up", "Given up"),
                ],
                default="in_place",
                max_length=12,
                verbose_name="how far it is",
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="adoption",
            name="version",
            field=models.PositiveIntegerField(default=1, editable=False),
        ),
        migrations.AddField(
            model_name="practice",
            name="adoptions_count",
            field=models.PositiveIntegerField(default=0, editable=False, verbose_name="cities that took it up"),
        ),
        migrations.AlterField(
            model_name="adoption",
            name="what_changed",
            field=models.TextField(blank=True, verbose_name="what changed"),
        ),
        migrations.AlterField(
            model_name="adoption",
            name="what_changed_ar",
            field=models.TextField(blank=True, null=True, verbose_name="what changed"),
        ),
        migrations.AlterField(
            model_name="adoption",
            name="what_changed_da",
            field=models.TextField(blank=True, null=True, verbose_name="what changed"),
        ),
        migrations.AlterField(
            model_name="adoption",
            name="what_changed_de",
            field=models.TextField(blank=True, null=True, verbose_name="what changed"),
        ),
        migrations.AlterField(
            model_name="adoption",
            name="what_changed_el",
            field=models.TextField(blank=True, null=True, verbose_name="what changed"),
        ),
        migrations.AlterField(
            model_name="adoption",
            name="what_changed_en",
            field=models.TextField(blank=True, null=True, verbose_name="what changed"),
        ),
        migrations.AlterField(
            model_name="adoption",
            name="what_changed_es",
            field=models.TextField(blank=True, null=True, verbose_name="what changed"),
        ),
        migrations.AlterField(
            model_name="adoption",
            name="what_changed_fa",
            field=models.TextField(blank=True, null=True, verbose_name="what changed"),
        ),
        migrations.AlterField(
            model_name="adoption",
            name="what_changed_fi",
            field=models.TextField(blank=True, null=True, verbose_name="what changed"),
        ),
        migrations.AlterField(
            model_name="adoption",
            name="what_changed_fr",
            field=models.TextField(blank=True, null=True, verbose_name="what changed"),
        ),
        migrations.AlterField(
            model_name="adoption",
            name="what_changed_is",
            field=models.TextField(blank=True, null=True, verbose_name="what changed"),
        ),
        migrations.AlterField(
            model_name="adoption",
            name="what_changed_it",
            field=models.TextField(blank=True, null=True, verbose_name="what changed"),
        ),
        migrations.AlterField(
            model_name="adoption",
            name="what_changed_nb",
            field=models.TextField(blank=True, null=True, verbose_name="what changed"),
        ),
        migrations.AlterField(
            model_name="adoption",
            name="what_changed_sv",
            field=models.TextField(blank=True, null=True, verbose_name="what changed"),
        ),
        migrations.AlterField(
            model_name="adoption",
            name="what_changed_ur",
            field=models.TextField(blank=True, null=True, verbose_name="what changed"),
        ),
        migrations.AddIndex(
            model_name="adoption",
            index=models.Index(fields=["city", "state"], name="adoption_of_city"),
        ),
        migrations.AddIndex(
            model_name="practice",
            index=models.Index(
                condition=models.Q(("state", "published")),
                fields=["-adoptions_count", "-published_at", "-id"],
                include=("city",),
                name="practice_most_reused",
            ),
        ),
        migrations.AddConstraint(
            model_name="adoption",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("started_on__isnull", True), ("started_on__year", models.F("year")), _connector="OR"
                ),
                name="adoption_began_in_its_year",
            ),
        ),
        migrations.AddConstraint(
            model_name="adoption",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("question__gt", ""), ("state", "questioned")),
                    models.Q(models.Q(("state", "questioned"), _negated=True), ("question", "")),
                    _connector="OR",
                ),
                name="adoption_questioned_with_reason",
            ),
        ),
    ]
