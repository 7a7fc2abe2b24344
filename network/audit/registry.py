"""Which tables keep history. Apps register in `ready`; the triggers are put in place after every migrate.

ONE plpgsql function serves every table; what must never be written down (passwords, secrets, search vectors) is a list
of column names handed to the trigger.
"""

from __future__ import annotations

from django.apps import apps
from django.db import connections, models

REGISTERED: dict[type[models.Model], tuple[str, ...]] = {}
# Tables that a machine changes all the time: only what is done for a reason (`context.because`) is history.
ACTS_ONLY: set[type[models.Model]] = set()
WHEN_REASONED = "WHEN (current_setting('koine.reason', true) <> '')"


def register(*tables: type[models.Model], exclude: tuple[str, ...] = (), acts_only: bool = False) -> None:
    """Keep history of these models' tables, leaving out the named columns; with `acts_only`, of reasoned acts alone."""
    for table in tables:
        REGISTERED[table] = exclude
        if acts_only:
            ACTS_ONLY.add(table)


def install_triggers(sender, using: str = "default", **kwargs) -> None:
    """Put the trigger on every registered table that exists by now; safe to run again.

    Connected to `post_migrate`, which is sent once per app after all migrations have run: once is enough.
    """
    if sender.label != "audit":
        return
    connection = connections[using]
    present = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for model, exclude in REGISTERED.items():
            table = model._meta.db_table
            if table in present and "audit_event" in present:
                arguments = ", ".join(f"'{column}'" for column in (model._meta.pk.column, *exclude))
                cursor.execute(
                    f'CREATE OR REPLACE TRIGGER audit_history AFTER INSERT OR UPDATE OR DELETE ON "{table}" '
                    f"FOR EACH ROW {WHEN_REASONED if model in ACTS_ONLY else ''} EXECUTE FUNCTION audit_record({arguments})"
                )


def label_of(table: str) -> str:
    """The human name of a table's model, for history in words; the table's name where the model is gone."""
    for model in apps.get_models():
        if model._meta.db_table == table:
            return str(model._meta.verbose_name)
    return table
