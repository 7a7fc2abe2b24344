"""Migrations whose neighbouring operations are applied together make the tables that Django's own migrations make."""

from __future__ import annotations

import pytest
from django.db import connection, migrations, models, transaction
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ModelState, ProjectState, StateApps

from network.operations import Migration, groups

FACTS = """
SELECT table_name, column_name, data_type, is_nullable, column_default FROM information_schema.columns
WHERE table_name LIKE 'drawer\\_%%'
UNION ALL
SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid), NULL, NULL FROM pg_constraint
WHERE conrelid::regclass::text LIKE 'drawer\\_%%'
UNION ALL
SELECT tablename, indexname, indexdef, NULL, NULL FROM pg_indexes WHERE tablename LIKE 'drawer\\_%%'
ORDER BY 1, 2, 3
"""


def table(name: str, /, **fields: models.Field) -> migrations.CreateModel:
    return migrations.CreateModel(name, [("id", models.AutoField(primary_key=True)), *fields.items()])


def key(to: str) -> models.ForeignKey:
    return models.ForeignKey(f"drawer.{to}", models.CASCADE)


def chest() -> list[Operation]:
    """Tables that know each other, and columns, a limit and an index that come to them later."""
    return [
        table("Chest", name=models.CharField(max_length=20)),
        table("Shelf", chest=key("Chest")),
        table("Box", shelf=key("Shelf")),
        migrations.AddField("Shelf", "width", models.PositiveSmallIntegerField(default=3)),
        migrations.AddField(
            "Chest", "best", models.OneToOneField("drawer.Box", models.PROTECT, null=True, related_name="+")
        ),
        migrations.AddConstraint("Shelf", models.CheckConstraint(condition=models.Q(width__gt=0), name="drawer_wide")),
        migrations.AlterField("Shelf", "width", models.IntegerField(null=True)),
        migrations.AddIndex("Box", models.Index(fields=["shelf", "id"], name="drawer_boxes")),
        migrations.RunSQL("ALTER TABLE drawer_box ADD CHECK (id > 0)"),
        table("Key", box=key("Box")),
    ]


class Counting(StateApps):
    """Rendered models that count how often they are rendered anew."""

    renderings = 0

    def render_multiple(self, model_states: list[ModelState]) -> None:
        Counting.renderings += 1
        super().render_multiple(model_states)


def applied(kind: type[migrations.Migration]) -> tuple[list[tuple[object, ...]], int]:
    """What the tables are like once a migration of this kind has made them, and how often models were rendered for it."""
    migration = kind("0001_chest", "drawer")
    migration.operations = chest()
    state = ProjectState()
    state.__dict__["apps"] = Counting([], {})  # as the executor renders them before the first migration
    Counting.renderings = 0
    with transaction.atomic():
        with connection.schema_editor() as editor:
            migration.apply(state, editor)
        with connection.cursor() as cursor:
            cursor.execute(FACTS)
            found = cursor.fetchall()
        transaction.set_rollback(True)
    return found, Counting.renderings


@pytest.mark.django_db
def test_what_is_applied_together_makes_the_same_tables_with_fewer_renderings() -> None:
    plain, often = applied(migrations.Migration)
    together, seldom = applied(Migration)
    assert len(plain) > 15
    assert together == plain
    assert (often, seldom) == (9, 5)


def test_a_group_ends_where_an_operation_looks_at_what_was_done() -> None:
    names = [[type(operation).__name__ for operation in group] for group in groups(chest())]
    assert names == [
        ["CreateModel", "CreateModel", "CreateModel"],
        ["AddField", "AddField", "AddConstraint"],
        ["AlterField"],
        ["AddIndex"],
        ["RunSQL"],
        ["CreateModel"],
    ]
