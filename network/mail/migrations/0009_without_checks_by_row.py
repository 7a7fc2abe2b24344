"""What is planned by the hundred thousand costs less: no foreign keys (docs/decisions/0016), and indexes without the row's id."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("mail", "0008_states_that_wait"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="outgoingmail",
            name="mail_waiting_by_domain",
        ),
        migrations.RemoveIndex(
            model_name="outgoingmail",
            name="mail_due",
        ),
        migrations.AlterField(
            model_name="outgoingmail",
            name="digest",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="parts",
                to="mail.outgoingmail",
            ),
        ),
        migrations.AlterField(
            model_name="outgoingmail",
            name="recipient",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="person",
            ),
        ),
        migrations.AlterField(
            model_name="outgoingmail",
            name="rule",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="mail.reminderrule",
            ),
        ),
        migrations.AddIndex(
            model_name="outgoingmail",
            index=models.Index(
                condition=models.Q(("status__in", ["queued", "inflight"])), fields=["next_try_at"], name="mail_due"
            ),
        ),
        migrations.AddIndex(
            model_name="outgoingmail",
            index=models.Index(
                condition=models.Q(("status__in", ["queued", "inflight"])),
                fields=["to_domain", "next_try_at"],
                name="mail_waiting_by_domain",
            ),
        ),
    ]
