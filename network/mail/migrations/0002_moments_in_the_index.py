"""Which deadlines moved is told by the index alone: it names the moment that each mail was planned for."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("mail", "0001_outgoing_mail"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="outgoingmail",
            name="mail_of_a_deadline",
        ),
        migrations.AddIndex(
            model_name="outgoingmail",
            index=models.Index(
                condition=models.Q(("deadline", ""), _negated=True),
                fields=["deadline", "subject_id", "due", "recipient"],
                name="mail_of_a_deadline",
            ),
        ),
    ]
