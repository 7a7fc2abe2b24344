"""Each record's lessons become a row, in every language they were in; rows of evidence get identities of their own."""

import uuid

from django.db import migrations

from network.languages import CODES

KEYS = """
UPDATE practices_result SET key = gen_random_uuid();
UPDATE practices_evidence SET key = gen_random_uuid();
"""


def move(apps, schema_editor):
    narratives = apps.get_model("practices", "PracticeNarrative").objects
    lessons = apps.get_model("practices", "Lesson")
    columns = [f"lessons_{code}" for code in CODES]
    rows = []
    for row in narratives.order_by("pk").values("practice_id", *columns):
        texts = {f"text_{code}": row[f"lessons_{code}"] for code in CODES if row[f"lessons_{code}"]}
        if texts:
            first = next(iter(texts.values()))
            rows.append(lessons(practice_id=row["practice_id"], key=uuid.uuid4(), kind="worked", text=first, **texts))
    lessons.objects.bulk_create(rows)


def back(apps, schema_editor):
    narratives = apps.get_model("practices", "PracticeNarrative").objects
    for lesson in apps.get_model("practices", "Lesson").objects.order_by("practice_id", "position", "pk"):
        texts = {f"lessons_{code}": getattr(lesson, f"text_{code}") for code in CODES}
        narratives.filter(practice_id=lesson.practice_id).update(**texts)


class Migration(migrations.Migration):
    dependencies = [("practices", "0011_parts_of_a_record")]
    operations = [
        migrations.RunSQL(KEYS, migrations.RunSQL.noop),
        migrations.RunPython(move, back),
    ]
