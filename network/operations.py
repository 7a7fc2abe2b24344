"""How our migrations are applied: what changes many tables at once is rendered once.

After each operation Django renders anew every model that is related to the changed one, directly or by way of others. In a
portal whose tables all know each other that was two thirds of the CPU of a first `migrate`. Neighbouring operations that do
not look at what the others did are therefore applied with one rendering. What reaches the database is the same, statement
by statement; a migration is still written and squashed as Django's documentation tells, and taken back one by one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.db import migrations
from django.db.migrations.operations.base import Operation
from django.db.migrations.operations.fields import FieldOperation
from django.db.migrations.operations.models import AddConstraint, AddIndex, CreateModel
from django.db.migrations.state import ProjectState

# They write nothing but what they name themselves, so that it does not matter which of them came first. An AlterField, say,
# compares a column before with a column after, and must see what stood directly before it.
ADDS = (migrations.AddField, AddConstraint, AddIndex)


def model_of(operation: Operation) -> str:
    """The lower-case name of the model that an operation of `CreateModel` or `ADDS` is about."""
    if isinstance(operation, CreateModel):
        return operation.name_lower
    return operation.model_name_lower if isinstance(operation, FieldOperation) else operation.model_name.lower()  # type: ignore[attr-defined]


def groups(operations: Iterable[Operation]) -> Iterator[list[Operation]]:
    """The operations in their order, those in one list that can be applied with one rendering.

    A table is made as its model is at the end of a group. What is added to it later must not be in that model yet, or it
    would be added twice: it begins a new group.
    """
    group: list[Operation] = []
    made: set[str] = set()
    for operation in operations:
        adds = isinstance(operation, ADDS)
        if not (adds or isinstance(operation, CreateModel)):
            if group:
                yield group
            yield [operation]
            group, made = [], set()
            continue
        if adds and model_of(operation) in made:
            yield group
            group, made = [], set()
        group.append(operation)
        if not adds:
            made.add(model_of(operation))
    if group:
        yield group


class Together(Operation):
    """Neighbouring operations of one group, applied in their order with one rendering of the models. Forwards only."""

    reversible = False

    def __init__(self, operations: list[Operation]) -> None:
        self.operations = operations

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Change the state without rendering, then render what is related to the changed models."""
        rendered = state.__dict__.pop("apps", None)  # a cached property: while it is not there, Django renders nothing
        for operation in self.operations:
            operation.state_forwards(app_label, state)
        if rendered is not None:
            state.__dict__["apps"] = rendered
            state.reload_models([(app_label, model_of(operation)) for operation in self.operations], delay=False)

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """Apply each operation between the states before and after all of them."""
        for operation in self.operations:
            operation.database_forwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        """What `migrate` would say of them."""
        return "; ".join(operation.describe() for operation in self.operations)


class Migration(migrations.Migration):
    """A migration as Django's, whose neighbouring operations are applied together."""

    def apply(self, project_state: ProjectState, schema_editor: Any, collect_sql: bool = False) -> ProjectState:
        """Apply the operations group by group; where SQL is only printed, one by one, each below its own description."""
        if collect_sql:
            return super().apply(project_state, schema_editor, collect_sql)
        grouped = migrations.Migration(self.name, self.app_label)
        grouped.operations = [group[0] if len(group) == 1 else Together(group) for group in groups(self.operations)]
        return grouped.apply(project_state, schema_editor)
