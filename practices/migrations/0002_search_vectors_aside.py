"""Store search vectors aside of their rows.

Finding rows then reads a small table; only ranking fetches the vectors.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("practices", "0001_initial")]
    operations = [
        migrations.RunSQL(
            "ALTER TABLE practices_searchentry ALTER COLUMN tsv SET STORAGE EXTERNAL; "
            "ALTER TABLE practices_searchentry SET (toast_tuple_target = 128)",
            "ALTER TABLE practices_searchentry ALTER COLUMN tsv SET STORAGE EXTENDED; "
            "ALTER TABLE practices_searchentry RESET (toast_tuple_target)",
        )
    ]
