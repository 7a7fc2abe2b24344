"""Which cities are in the archive, told by a small index: `practices_found` asks it at every look into the library."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cities", "0001_initial")]
    operations = [
        migrations.AddIndex(
            model_name="city",
            index=models.Index(
                condition=models.Q(("archived_at__isnull", False)), fields=["id"], name="city_in_the_archive"
            ),
        ),
    ]
