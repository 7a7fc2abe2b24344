"""The model forgets the narrative's lessons; the columns stay until `docs/migrations-in-progress.md` says so."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("practices", "0012_lessons_as_rows")]
    operations = [
        migrations.AddConstraint(
            model_name="result",
            constraint=models.UniqueConstraint(fields=("practice", "key"), name="result_once"),
        ),
        migrations.AddConstraint(
            model_name="evidence",
            constraint=models.UniqueConstraint(fields=("practice", "key"), name="evidence_once"),
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    "ALTER TABLE practices_practicenarrative ALTER COLUMN lessons DROP NOT NULL",
                    migrations.RunSQL.noop,
                )
            ],
            state_operations=[
                migrations.RemoveField(
                    model_name="practicenarrative",
                    name="lessons",
                ),
                migrations.RemoveField(
                    model_name="practicenarrative",
                    name="lessons_ar",
                ),
                migrations.RemoveField(
                    model_name="practicenarrative",
                    name="lessons_da",
                ),
                migrations.RemoveField(
                    model_name="practicenarrative",
                    name="lessons_de",
                ),
                migrations.RemoveField(
                    model_name="practicenarrative",
                    name="lessons_el",
                ),
                migrations.RemoveField(
                    model_name="practicenarrative",
                    name="lessons_en",
                ),
                migrations.RemoveField(
                    model_name="practicenarrative",
                    name="lessons_es",
                ),
                migrations.RemoveField(
                    model_name="practicenarrative",
                    name="lessons_fa",
                ),
                migrations.RemoveField(
                    model_name="practicenarrative",
                    name="lessons_fi",
                ),
                migrations.RemoveField(
                    model_name="practicenarrative",
                    name="lessons_fr",
                ),
                migrations.RemoveField(
                    model_name="practicenarrative",
                    name="lessons_is",
                ),
                migrations.RemoveField(
                    model_name="practicenarrative",
                    name="lessons_it",
                ),
                migrations.RemoveField(
                    model_name="practicenarrative",
                    name="lessons_nb",
                ),
                migrations.RemoveField(
                    model_name="practicenarrative",
                    name="lessons_sv",
                ),
                migrations.RemoveField(
                    model_name="practicenarrative",
                    name="lessons_ur",
                ),
            ],
        ),
    ]
