from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("mail", "0004_knows_zone")]

    operations = [
        migrations.AddIndex(
            model_name="outgoingmail",
            index=models.Index(
                condition=models.Q(("status__in", ["queued", "inflight"])),
                fields=["to_domain", "next_try_at", "id"],
                name="mail_waiting_by_domain",
            ),
        ),
    ]
