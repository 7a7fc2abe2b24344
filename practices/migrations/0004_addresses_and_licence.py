"""Former addresses of practices, and under which terms their texts may be used again."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("practices", "0003_scheme")]

    operations = [
        migrations.AddField(
            model_name="practice",
            name="licence",
            field=models.CharField(
                blank=True,
                choices=[
                    ("CC0-1.0", "CC0 1.0: public domain"),
                    ("CC-BY-4.0", "CC BY 4.0: name the source"),
                    ("CC-BY-SA-4.0", "CC BY-SA 4.0: name the source, share alike"),
                    ("CC-BY-NC-4.0", "CC BY-NC 4.0: name the source, not for profit"),
                    ("reserved", "All rights reserved: ask the city"),
                ],
                default="",
                max_length=20,
                verbose_name="licence",
            ),
            preserve_default=False,
        ),
        migrations.CreateModel(
            name="FormerSlug",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "slug",
                    models.SlugField(allow_unicode=True, max_length=120, unique=True, verbose_name="address"),
                ),
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
    ]
