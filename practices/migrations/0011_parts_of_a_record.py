"""Everything that a record may hold, and the versions in which its city writes it."""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import practices.models.files
from network.translation.operations import AddFields


class Migration(migrations.Migration):
    dependencies = [
        ("cities", "0001_initial"),
        ("practices", "0010_collections"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="BuildingBlock",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("title", models.CharField(max_length=200, verbose_name="building block")),
                ("title_en", models.CharField(max_length=200, null=True, verbose_name="building block")),
                ("title_ar", models.CharField(max_length=200, null=True, verbose_name="building block")),
                ("title_el", models.CharField(max_length=200, null=True, verbose_name="building block")),
                ("title_it", models.CharField(max_length=200, null=True, verbose_name="building block")),
                ("title_sv", models.CharField(max_length=200, null=True, verbose_name="building block")),
                ("title_fr", models.CharField(max_length=200, null=True, verbose_name="building block")),
                ("title_fa", models.CharField(max_length=200, null=True, verbose_name="building block")),
                ("title_ur", models.CharField(max_length=200, null=True, verbose_name="building block")),
                ("title_da", models.CharField(max_length=200, null=True, verbose_name="building block")),
                ("title_nb", models.CharField(max_length=200, null=True, verbose_name="building block")),
                ("title_fi", models.CharField(max_length=200, null=True, verbose_name="building block")),
                ("title_is", models.CharField(max_length=200, null=True, verbose_name="building block")),
                ("title_es", models.CharField(max_length=200, null=True, verbose_name="building block")),
                ("title_de", models.CharField(max_length=200, null=True, verbose_name="building block")),
                ("text", models.TextField(blank=True, verbose_name="what it is")),
                ("text_en", models.TextField(blank=True, null=True, verbose_name="what it is")),
                ("text_ar", models.TextField(blank=True, null=True, verbose_name="what it is")),
                ("text_el", models.TextField(blank=True, null=True, verbose_name="what it is")),
                ("text_it", models.TextField(blank=True, null=True, verbose_name="what it is")),
                ("text_sv", models.TextField(blank=True, null=True, verbose_name="what it is")),
                ("text_fr", models.TextField(blank=True, null=True, verbose_name="what it is")),
                ("text_fa", models.TextField(blank=True, null=True, verbose_name="what it is")),
                ("text_ur", models.TextField(blank=True, null=True, verbose_name="what it is")),
                ("text_da", models.TextField(blank=True, null=True, verbose_name="what it is")),
                ("text_nb", models.TextField(blank=True, null=True, verbose_name="what it is")),
                ("text_fi", models.TextField(blank=True, null=True, verbose_name="what it is")),
                ("text_is", models.TextField(blank=True, null=True, verbose_name="what it is")),
                ("text_es", models.TextField(blank=True, null=True, verbose_name="what it is")),
                ("text_de", models.TextField(blank=True, null=True, verbose_name="what it is")),
                ("factors", models.TextField(blank=True, verbose_name="what makes it work")),
                ("factors_en", models.TextField(blank=True, null=True, verbose_name="what makes it work")),
                ("factors_ar", models.TextField(blank=True, null=True, verbose_name="what makes it work")),
                ("factors_el", models.TextField(blank=True, null=True, verbose_name="what makes it work")),
                ("factors_it", models.TextField(blank=True, null=True, verbose_name="what makes it work")),
                ("factors_sv", models.TextField(blank=True, null=True, verbose_name="what makes it work")),
                ("factors_fr", models.TextField(blank=True, null=True, verbose_name="what makes it work")),
                ("factors_fa", models.TextField(blank=True, null=True, verbose_name="what makes it work")),
                ("factors_ur", models.TextField(blank=True, null=True, verbose_name="what makes it work")),
                ("factors_da", models.TextField(blank=True, null=True, verbose_name="what makes it work")),
                ("factors_nb", models.TextField(blank=True, null=True, verbose_name="what makes it work")),
                ("factors_fi", models.TextField(blank=True, null=True, verbose_name="what makes it work")),
                ("factors_is", models.TextField(blank=True, null=True, verbose_name="what makes it work")),
                ("factors_es", models.TextField(blank=True, null=True, verbose_name="what makes it work")),
                ("factors_de", models.TextField(blank=True, null=True, verbose_name="what makes it work")),
                ("lesson", models.TextField(blank=True, verbose_name="what it taught")),
                ("lesson_en", models.TextField(blank=True, null=True, verbose_name="what it taught")),
                ("lesson_ar", models.TextField(blank=True, null=True, verbose_name="what it taught")),
                ("lesson_el", models.TextField(blank=True, null=True, verbose_name="what it taught")),
                ("lesson_it", models.TextField(blank=True, null=True, verbose_name="what it taught")),
                ("lesson_sv", models.TextField(blank=True, null=True, verbose_name="what it taught")),
                ("lesson_fr", models.TextField(blank=True, null=True, verbose_name="what it taught")),
                ("lesson_fa", models.TextField(blank=True, null=True, verbose_name="what it taught")),
                ("lesson_ur", models.TextField(blank=True, null=True, verbose_name="what it taught")),
                ("lesson_da", models.TextField(blank=True, null=True, verbose_name="what it taught")),
                ("lesson_nb", models.TextField(blank=True, null=True, verbose_name="what it taught")),
                ("lesson_fi", models.TextField(blank=True, null=True, verbose_name="what it taught")),
                ("lesson_is", models.TextField(blank=True, null=True, verbose_name="what it taught")),
                ("lesson_es", models.TextField(blank=True, null=True, verbose_name="what it taught")),
                ("lesson_de", models.TextField(blank=True, null=True, verbose_name="what it taught")),
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
                ("text", models.TextField(verbose_name="lesson")),
                ("text_en", models.TextField(null=True, verbose_name="lesson")),
                ("text_ar", models.TextField(null=True, verbose_name="lesson")),
                ("text_el", models.TextField(null=True, verbose_name="lesson")),
                ("text_it", models.TextField(null=True, verbose_name="lesson")),
                ("text_sv", models.TextField(null=True, verbose_name="lesson")),
                ("text_fr", models.TextField(null=True, verbose_name="lesson")),
                ("text_fa", models.TextField(null=True, verbose_name="lesson")),
                ("text_ur", models.TextField(null=True, verbose_name="lesson")),
                ("text_da", models.TextField(null=True, verbose_name="lesson")),
                ("text_nb", models.TextField(null=True, verbose_name="lesson")),
                ("text_fi", models.TextField(null=True, verbose_name="lesson")),
                ("text_is", models.TextField(null=True, verbose_name="lesson")),
                ("text_es", models.TextField(null=True, verbose_name="lesson")),
                ("text_de", models.TextField(null=True, verbose_name="lesson")),
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
                ("role", models.CharField(blank=True, max_length=200, verbose_name="as what")),
                ("role_en", models.CharField(blank=True, max_length=200, null=True, verbose_name="as what")),
                ("role_ar", models.CharField(blank=True, max_length=200, null=True, verbose_name="as what")),
                ("role_el", models.CharField(blank=True, max_length=200, null=True, verbose_name="as what")),
                ("role_it", models.CharField(blank=True, max_length=200, null=True, verbose_name="as what")),
                ("role_sv", models.CharField(blank=True, max_length=200, null=True, verbose_name="as what")),
                ("role_fr", models.CharField(blank=True, max_length=200, null=True, verbose_name="as what")),
                ("role_fa", models.CharField(blank=True, max_length=200, null=True, verbose_name="as what")),
                ("role_ur", models.CharField(blank=True, max_length=200, null=True, verbose_name="as what")),
                ("role_da", models.CharField(blank=True, max_length=200, null=True, verbose_name="as what")),
                ("role_nb", models.CharField(blank=True, max_length=200, null=True, verbose_name="as what")),
                ("role_fi", models.CharField(blank=True, max_length=200, null=True, verbose_name="as what")),
                ("role_is", models.CharField(blank=True, max_length=200, null=True, verbose_name="as what")),
                ("role_es", models.CharField(blank=True, max_length=200, null=True, verbose_name="as what")),
                ("role_de", models.CharField(blank=True, max_length=200, null=True, verbose_name="as what")),
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
            name="PracticeImage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("alt", models.CharField(max_length=300, verbose_name="description for those who do not see it")),
                (
                    "alt_en",
                    models.CharField(max_length=300, null=True, verbose_name="description for those who do not see it"),
                ),
                (
                    "alt_ar",
                    models.CharField(max_length=300, null=True, verbose_name="description for those who do not see it"),
                ),
                (
                    "alt_el",
                    models.CharField(max_length=300, null=True, verbose_name="description for those who do not see it"),
                ),
                (
                    "alt_it",
                    models.CharField(max_length=300, null=True, verbose_name="description for those who do not see it"),
                ),
                (
                    "alt_sv",
                    models.CharField(max_length=300, null=True, verbose_name="description for those who do not see it"),
                ),
                (
                    "alt_fr",
                    models.CharField(max_length=300, null=True, verbose_name="description for those who do not see it"),
                ),
                (
                    "alt_fa",
                    models.CharField(max_length=300, null=True, verbose_name="description for those who do not see it"),
                ),
                (
                    "alt_ur",
                    models.CharField(max_length=300, null=True, verbose_name="description for those who do not see it"),
                ),
                (
                    "alt_da",
                    models.CharField(max_length=300, null=True, verbose_name="description for those who do not see it"),
                ),
                (
                    "alt_nb",
                    models.CharField(max_length=300, null=True, verbose_name="description for those who do not see it"),
                ),
                (
                    "alt_fi",
                    models.CharField(max_length=300, null=True, verbose_name="description for those who do not see it"),
                ),
                (
                    "alt_is",
                    models.CharField(max_length=300, null=True, verbose_name="description for those who do not see it"),
                ),
                (
                    "alt_es",
                    models.CharField(max_length=300, null=True, verbose_name="description for those who do not see it"),
                ),
                (
                    "alt_de",
                    models.CharField(max_length=300, null=True, verbose_name="description for those who do not see it"),
                ),
                ("caption", models.CharField(blank=True, max_length=300, verbose_name="caption")),
                ("caption_en", models.CharField(blank=True, max_length=300, null=True, verbose_name="caption")),
                ("caption_ar", models.CharField(blank=True, max_length=300, null=True, verbose_name="caption")),
                ("caption_el", models.CharField(blank=True, max_length=300, null=True, verbose_name="caption")),
                ("caption_it", models.CharField(blank=True, max_length=300, null=True, verbose_name="caption")),
                ("caption_sv", models.CharField(blank=True, max_length=300, null=True, verbose_name="caption")),
                ("caption_fr", models.CharField(blank=True, max_length=300, null=True, verbose_name="caption")),
                ("caption_fa", models.CharField(blank=True, max_length=300, null=True, verbose_name="caption")),
                ("caption_ur", models.CharField(blank=True, max_length=300, null=True, verbose_name="caption")),
                ("caption_da", models.CharField(blank=True, max_length=300, null=True, verbose_name="caption")),
                ("caption_nb", models.CharField(blank=True, max_length=300, null=True, verbose_name="caption")),
                ("caption_fi", models.CharField(blank=True, max_length=300, null=True, verbose_name="caption")),
                ("caption_is", models.CharField(blank=True, max_length=300, null=True, verbose_name="caption")),
                ("caption_es", models.CharField(blank=True, max_length=300, null=True, verbose_name="caption")),
                ("caption_de", models.CharField(blank=True, max_length=300, null=True, verbose_name="caption")),
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
                (
                    "language",
                    models.CharField(
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
                        verbose_name="language",
                    ),
                ),
                ("base", models.PositiveIntegerField(default=1, editable=False)),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="what changed")),
                ("decision", models.TextField(blank=True, verbose_name="decision")),
                ("started_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="begun")),
                ("changed_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="last changed")),
                ("submitted_at", models.DateTimeField(blank=True, null=True, verbose_name="submitted")),
                ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="decided")),
                ("published_at", models.DateTimeField(blank=True, null=True, verbose_name="published")),
            ],
            options={
                "verbose_name": "version",
                "verbose_name_plural": "versions",
                "ordering": ["practice_id", "number"],
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
                ("text", models.TextField(verbose_name="condition")),
                ("text_en", models.TextField(null=True, verbose_name="condition")),
                ("text_ar", models.TextField(null=True, verbose_name="condition")),
                ("text_el", models.TextField(null=True, verbose_name="condition")),
                ("text_it", models.TextField(null=True, verbose_name="condition")),
                ("text_sv", models.TextField(null=True, verbose_name="condition")),
                ("text_fr", models.TextField(null=True, verbose_name="condition")),
                ("text_fa", models.TextField(null=True, verbose_name="condition")),
                ("text_ur", models.TextField(null=True, verbose_name="condition")),
                ("text_da", models.TextField(null=True, verbose_name="condition")),
                ("text_nb", models.TextField(null=True, verbose_name="condition")),
                ("text_fi", models.TextField(null=True, verbose_name="condition")),
                ("text_is", models.TextField(null=True, verbose_name="condition")),
                ("text_es", models.TextField(null=True, verbose_name="condition")),
                ("text_de", models.TextField(null=True, verbose_name="condition")),
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
        AddFields(
            model_name="evidence",
            fields=[
                ("key", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("side_effects", models.TextField(blank=True, verbose_name="side effects")),
                ("side_effects_ar", models.TextField(blank=True, null=True, verbose_name="side effects")),
                ("side_effects_da", models.TextField(blank=True, null=True, verbose_name="side effects")),
                ("side_effects_de", models.TextField(blank=True, null=True, verbose_name="side effects")),
                ("side_effects_el", models.TextField(blank=True, null=True, verbose_name="side effects")),
                ("side_effects_en", models.TextField(blank=True, null=True, verbose_name="side effects")),
                ("side_effects_es", models.TextField(blank=True, null=True, verbose_name="side effects")),
                ("side_effects_fa", models.TextField(blank=True, null=True, verbose_name="side effects")),
                ("side_effects_fi", models.TextField(blank=True, null=True, verbose_name="side effects")),
                ("side_effects_fr", models.TextField(blank=True, null=True, verbose_name="side effects")),
                ("side_effects_is", models.TextField(blank=True, null=True, verbose_name="side effects")),
                ("side_effects_it", models.TextField(blank=True, null=True, verbose_name="side effects")),
                ("side_effects_nb", models.TextField(blank=True, null=True, verbose_name="side effects")),
                ("side_effects_sv", models.TextField(blank=True, null=True, verbose_name="side effects")),
                ("side_effects_ur", models.TextField(blank=True, null=True, verbose_name="side effects")),
                ("url", models.URLField(blank=True, max_length=500, verbose_name="address")),
            ],
        ),
        AddFields(
            model_name="practice",
            fields=[
                ("area", models.CharField(blank=True, max_length=200, verbose_name="area")),
                ("area_ar", models.CharField(blank=True, max_length=200, null=True, verbose_name="area")),
                ("area_da", models.CharField(blank=True, max_length=200, null=True, verbose_name="area")),
                ("area_de", models.CharField(blank=True, max_length=200, null=True, verbose_name="area")),
                ("area_el", models.CharField(blank=True, max_length=200, null=True, verbose_name="area")),
                ("area_en", models.CharField(blank=True, max_length=200, null=True, verbose_name="area")),
                ("area_es", models.CharField(blank=True, max_length=200, null=True, verbose_name="area")),
                ("area_fa", models.CharField(blank=True, max_length=200, null=True, verbose_name="area")),
                ("area_fi", models.CharField(blank=True, max_length=200, null=True, verbose_name="area")),
                ("area_fr", models.CharField(blank=True, max_length=200, null=True, verbose_name="area")),
                ("area_is", models.CharField(blank=True, max_length=200, null=True, verbose_name="area")),
                ("area_it", models.CharField(blank=True, max_length=200, null=True, verbose_name="area")),
                ("area_nb", models.CharField(blank=True, max_length=200, null=True, verbose_name="area")),
                ("area_sv", models.CharField(blank=True, max_length=200, null=True, verbose_name="area")),
                ("area_ur", models.CharField(blank=True, max_length=200, null=True, verbose_name="area")),
                (
                    "currency",
                    models.CharField(
                        blank=True, help_text="ISO 4217, three letters", max_length=3, verbose_name="currency"
                    ),
                ),
                ("lead_organisation", models.CharField(blank=True, max_length=200, verbose_name="led by")),
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
                (
                    "price_year",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="prices of the year"),
                ),
                (
                    "review_due_on",
                    models.DateField(blank=True, editable=False, null=True, verbose_name="to be confirmed by"),
                ),
                (
                    "staff",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=8, null=True, verbose_name="staff, in full-time posts"
                    ),
                ),
                (
                    "total_cost",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=14, null=True, verbose_name="cost in all"
                    ),
                ),
                ("verified_on", models.DateField(blank=True, editable=False, null=True, verbose_name="last verified")),
                (
                    "yearly_cost",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=14, null=True, verbose_name="cost a year"
                    ),
                ),
            ],
        ),
        AddFields(
            model_name="practicenarrative",
            fields=[
                ("funding", models.TextField(blank=True, verbose_name="Where the money comes from")),
                ("funding_ar", models.TextField(blank=True, null=True, verbose_name="Where the money comes from")),
                ("funding_da", models.TextField(blank=True, null=True, verbose_name="Where the money comes from")),
                ("funding_de", models.TextField(blank=True, null=True, verbose_name="Where the money comes from")),
                ("funding_el", models.TextField(blank=True, null=True, verbose_name="Where the money comes from")),
                ("funding_en", models.TextField(blank=True, null=True, verbose_name="Where the money comes from")),
                ("funding_es", models.TextField(blank=True, null=True, verbose_name="Where the money comes from")),
                ("funding_fa", models.TextField(blank=True, null=True, verbose_name="Where the money comes from")),
                ("funding_fi", models.TextField(blank=True, null=True, verbose_name="Where the money comes from")),
                ("funding_fr", models.TextField(blank=True, null=True, verbose_name="Where the money comes from")),
                ("funding_is", models.TextField(blank=True, null=True, verbose_name="Where the money comes from")),
                ("funding_it", models.TextField(blank=True, null=True, verbose_name="Where the money comes from")),
                ("funding_nb", models.TextField(blank=True, null=True, verbose_name="Where the money comes from")),
                ("funding_sv", models.TextField(blank=True, null=True, verbose_name="Where the money comes from")),
                ("funding_ur", models.TextField(blank=True, null=True, verbose_name="Where the money comes from")),
            ],
        ),
        migrations.AddField(
            model_name="result",
            name="key",
            field=models.UUIDField(default=uuid.uuid4, editable=False),
        ),
        migrations.AddConstraint(
            model_name="practice",
            constraint=models.CheckConstraint(
                condition=models.Q(("total_cost__isnull", True), ("total_cost__gte", 0), _connector="OR"),
                name="practice_total_cost",
            ),
        ),
        migrations.AddConstraint(
            model_name="practice",
            constraint=models.CheckConstraint(
                condition=models.Q(("yearly_cost__isnull", True), ("yearly_cost__gte", 0), _connector="OR"),
                name="practice_yearly_cost",
            ),
        ),
        migrations.AddConstraint(
            model_name="practice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("total_cost__isnull", True), ("yearly_cost__isnull", True)),
                    models.Q(("currency", ""), _negated=True),
                    _connector="OR",
                ),
                name="practice_cost_has_currency",
            ),
        ),
        migrations.AddField(
            model_name="evidence",
            name="file",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.RESTRICT,
                related_name="evidence",
                to="practices.practicefile",
                verbose_name="document",
            ),
        ),
        AddFields(
            model_name="practiceversion",
            fields=[
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
        ),
        migrations.AddIndex(
            model_name="practiceversion",
            index=models.Index(
                condition=models.Q(("state__in", ["submitted", "in_review", "revision"])),
                fields=["state", "submitted_at"],
                name="version_waiting",
            ),
        ),
        migrations.AddConstraint(
            model_name="practiceversion",
            constraint=models.UniqueConstraint(fields=("practice", "number"), name="one_version_a_number"),
        ),
        migrations.AddConstraint(
            model_name="practiceversion",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["draft", "submitted", "in_review", "revision"])),
                fields=("practice",),
                name="one_version_on_its_way",
            ),
        ),
        migrations.AddConstraint(
            model_name="practiceversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["draft", "submitted", "in_review", "revision", "published", "discarded"])
                ),
                name="version_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="practiceversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "published"), _negated=True), ("published_at__isnull", False), _connector="OR"
                ),
                name="published_version_has_moment",
            ),
        ),
    ]
