"""What a record has rows of: building blocks, results, evidence, lessons, files, and the cities that took it up."""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import practices.models.files
from network import operations
from network.translation.operations import FOURTEEN, translated


class Migration(operations.Migration):
    replaces = [
        ("practices", "0006_adoptions_between_two_cities"),
        ("practices", "0007_existing_adoptions_confirmed"),
        ("practices", "0011_parts_of_a_record"),
        ("practices", "0012_lessons_as_rows"),
        ("practices", "0013_soft_remove_narrative_lessons"),
        ("practices", "0019_virus_check_of_files"),
    ]
    dependencies = [
        ("practices", "0001_practices"),
        ("cities", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="BuildingBlock",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("position", models.PositiveSmallIntegerField(default=0)),
                *translated("title", models.CharField, max_length=200, verbose_name="building block"),
                *translated("text", models.TextField, blank=True, verbose_name="what it is"),
                *translated("factors", models.TextField, blank=True, verbose_name="what makes it work"),
                *translated("lesson", models.TextField, blank=True, verbose_name="what it taught"),
                (
                    "practice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="blocks", to="practices.practice"
                    ),
                ),
            ],
            options={
                "verbose_name": "building block",
                "verbose_name_plural": "building blocks",
                "ordering": ["practice_id", "position", "id"],
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("practice", "key"), name="buildingblock_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Lesson",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("position", models.PositiveSmallIntegerField(default=0)),
                (
                    "kind",
                    models.CharField(
                        choices=[("worked", "What worked"), ("failed", "What did not work")],
                        default="worked",
                        max_length=8,
                        verbose_name="kind",
                    ),
                ),
                *translated("text", models.TextField, verbose_name="lesson"),
                (
                    "practice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="lessons", to="practices.practice"
                    ),
                ),
            ],
            options={
                "verbose_name": "lesson",
                "verbose_name_plural": "lessons",
                "ordering": ["practice_id", "position", "id"],
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("practice", "key"), name="lesson_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Partner",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                *translated("role", models.CharField, blank=True, max_length=200, verbose_name="as what"),
                (
                    "practice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="partners", to="practices.practice"
                    ),
                ),
            ],
            options={
                "verbose_name": "partner",
                "verbose_name_plural": "partners",
                "ordering": ["practice_id", "position", "id"],
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("practice", "key"), name="partner_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="PracticeFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[("picture", "Picture"), ("document", "Document")], max_length=8, verbose_name="kind"
                    ),
                ),
                ("file", models.FileField(upload_to=practices.models.files.storage_name)),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                ("mime", models.CharField(max_length=120, verbose_name="type")),
                ("size", models.PositiveBigIntegerField(verbose_name="size in bytes")),
                ("sha256", models.CharField(max_length=64)),
                ("width", models.PositiveIntegerField(default=0)),
                ("height", models.PositiveIntegerField(default=0)),
                (
                    "scan",
                    models.CharField(
                        choices=[
                            ("pending", "waiting to be checked"),
                            ("clean", "checked"),
                            ("infected", "infected"),
                            ("error", "could not be checked"),
                        ],
                        default="pending",
                        max_length=8,
                        verbose_name="virus check",
                    ),
                ),
                ("uploaded_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "practice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="files", to="practices.practice"
                    ),
                ),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "file",
                "verbose_name_plural": "files",
                "ordering": ["practice_id", "id"],
            },
        ),
        migrations.CreateModel(
            name="Evidence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("position", models.PositiveSmallIntegerField(default=0)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("external_evaluation", "External evaluation"),
                            ("internal_monitoring", "Internal monitoring"),
                            ("participant_survey", "Survey of participants"),
                            ("academic_study", "Academic study"),
                        ],
                        max_length=24,
                        verbose_name="kind",
                    ),
                ),
                ("independent", models.BooleanField(default=False, verbose_name="independent")),
                *translated("title", models.CharField, max_length=300, verbose_name="title"),
                ("year", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="year")),
                ("url", models.URLField(blank=True, max_length=500, verbose_name="address")),
                *translated("side_effects", models.TextField, blank=True, verbose_name="side effects"),
                (
                    "practice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="evidence", to="practices.practice"
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="evidence",
                        to="practices.practicefile",
                        verbose_name="document",
                    ),
                ),
            ],
            options={
                "verbose_name": "evidence",
                "verbose_name_plural": "evidence",
                "ordering": ["practice_id", "position", "id"],
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("practice", "key"), name="evidence_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="PracticeImage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("position", models.PositiveSmallIntegerField(default=0)),
                *translated(
                    "alt", models.CharField, max_length=300, verbose_name="description for those who do not see it"
                ),
                *translated("caption", models.CharField, blank=True, max_length=300, verbose_name="caption"),
                ("credit", models.CharField(max_length=200, verbose_name="credit")),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="images",
                        to="practices.practicefile",
                        verbose_name="picture",
                    ),
                ),
                (
                    "practice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="images", to="practices.practice"
                    ),
                ),
            ],
            options={
                "verbose_name": "picture",
                "verbose_name_plural": "pictures",
                "ordering": ["practice_id", "position", "id"],
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("practice", "key"), name="practiceimage_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Result",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("position", models.PositiveSmallIntegerField(default=0)),
                *translated("indicator", models.CharField, max_length=300, verbose_name="indicator"),
                *translated("unit", models.CharField, blank=True, max_length=80, verbose_name="unit"),
                (
                    "baseline",
                    models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True, verbose_name="before"),
                ),
                ("value", models.DecimalField(decimal_places=2, max_digits=14, verbose_name="after")),
                ("sample", models.PositiveIntegerField(blank=True, null=True, verbose_name="number measured")),
                *translated("method", models.CharField, blank=True, max_length=300, verbose_name="method"),
                (
                    "practice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="results", to="practices.practice"
                    ),
                ),
            ],
            options={
                "verbose_name": "result",
                "verbose_name_plural": "results",
                "ordering": ["practice_id", "position", "id"],
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("practice", "key"), name="result_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="TransferCondition",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("position", models.PositiveSmallIntegerField(default=0)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("condition", "Condition"),
                            ("resources", "Least resources"),
                            ("legal", "Legal prerequisite"),
                        ],
                        default="condition",
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                *translated("text", models.TextField, verbose_name="condition"),
                (
                    "practice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="conditions", to="practices.practice"
                    ),
                ),
            ],
            options={
                "verbose_name": "condition for transfer",
                "verbose_name_plural": "conditions for transfer",
                "ordering": ["practice_id", "position", "id"],
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("practice", "key"), name="transfercondition_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Adoption",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
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
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("planned", "Planned"),
                            ("trying", "Being tried"),
                            ("in_place", "In place"),
                            ("given_up", "Given up"),
                        ],
                        max_length=12,
                        verbose_name="how far it is",
                    ),
                ),
                ("year", models.PositiveSmallIntegerField(verbose_name="year")),
                ("started_on", models.DateField(blank=True, null=True, verbose_name="first day")),
                ("language", models.CharField(choices=FOURTEEN, max_length=5, verbose_name="written in")),
                *translated("what_changed", models.TextField, blank=True, verbose_name="what changed"),
                *translated("result", models.TextField, blank=True, verbose_name="what came of it"),
                ("question", models.TextField(blank=True, verbose_name="doubt")),
                ("question_language", models.CharField(blank=True, choices=FOURTEEN, max_length=5)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "recorded_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="recorded"),
                ),
                (
                    "changed_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False, verbose_name="last changed"
                    ),
                ),
                (
                    "city",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="adoptions",
                        to="cities.city",
                        verbose_name="city",
                    ),
                ),
                (
                    "practice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="adoptions", to="practices.practice"
                    ),
                ),
            ],
            options={
                "verbose_name": "adoption",
                "verbose_name_plural": "adoptions",
                "ordering": ["practice_id", "year", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("practice", "city"), name="one_adoption_per_city"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("started_on__isnull", True), ("started_on__year", models.F("year")), _connector="OR"
                        ),
                        name="adoption_began_in_its_year",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("question__gt", ""), ("state", "questioned")),
                            models.Q(models.Q(("state", "questioned"), _negated=True), ("question", "")),
                            _connector="OR",
                        ),
                        name="adoption_questioned_with_reason",
                    ),
                ],
                "indexes": [
                    models.Index(fields=["city", "state"], name="adoption_of_city"),
                ],
            },
        ),
    ]
