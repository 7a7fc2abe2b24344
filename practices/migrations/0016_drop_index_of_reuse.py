"""The library sorts by reuse in the search table: its own index of that is written for nobody."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("practices", "0015_search_words")]

    operations = [migrations.RemoveIndex(model_name="practice", name="practice_most_reused")]
