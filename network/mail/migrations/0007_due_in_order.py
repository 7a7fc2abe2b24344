from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("mail", "0006_fewer_indexes")]

    operations = [
        migrations.RemoveIndex(model_name="outgoingmail", name="mail_due"),
        migrations.AddIndex(
            model_name="outgoingmail",
            index=models.Index(
                condition=models.Q(("status__in", ["queued", "inflight"])),
                fields=["next_try_at", "id"],
                name="mail_due",
            ),
        ),
    ]
