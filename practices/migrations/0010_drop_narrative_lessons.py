"""The narrative's lessons have been rows for a release: their columns go, where an older database still has them."""

from django.db import migrations

from network.translation.operations import FOURTEEN

COLUMNS = ["lessons", *(f"lessons_{code}" for code, _own_name in FOURTEEN)]
DROP = "ALTER TABLE practices_practicenarrative " + ", ".join(f"DROP COLUMN IF EXISTS {column}" for column in COLUMNS)


class Migration(migrations.Migration):
    dependencies = [("practices", "0009_labels")]
    operations = [migrations.RunSQL(DROP, migrations.RunSQL.noop)]
