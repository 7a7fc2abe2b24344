"""What was sent knows what it asks for: sums leave out what is being written anew. Older versions are read from their answers."""

from django.db import migrations, models

# Sent versions refuse to be changed, and deferred checks must be done before a table is altered.
CHECKS = ["SET CONSTRAINTS ALL IMMEDIATE", "SET CONSTRAINTS ALL DEFERRED"]
OPEN = [*CHECKS, "ALTER TABLE grants_applicationversion DISABLE TRIGGER append_only"]
READ = r"""
UPDATE grants_applicationversion v SET amount_requested = (
    SELECT (section.answers ->> 'amount_requested')::numeric FROM jsonb_each(v.answers) AS section(key, answers)
    WHERE section.answers ->> 'amount_requested' ~ '^\d{1,11}(\.\d{1,2})?$' LIMIT 1
)
"""
SHUT = [*CHECKS, "ALTER TABLE grants_applicationversion ENABLE TRIGGER append_only"]


class Migration(migrations.Migration):
    dependencies = [("grants", "0009_published_forms_stay")]

    operations = [
        migrations.AddField(
            model_name="applicationversion",
            name="amount_requested",
            field=models.DecimalField(
                blank=True, decimal_places=2, max_digits=14, null=True, verbose_name="amount requested"
            ),
        ),
        migrations.RunSQL([*OPEN, READ, *SHUT], migrations.RunSQL.noop),
    ]
