from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("mail", "0007_due_in_order")]

    operations = [
        migrations.RemoveIndex(model_name="outgoingmail", name="mail_by_state"),
        migrations.AddIndex(
            model_name="outgoingmail",
            index=models.Index(
                condition=models.Q(("status__in", ["inflight", "held", "uncertain", "failed"])),
                fields=["status", "-id"],
                name="mail_by_state",
            ),
        ),
    ]
