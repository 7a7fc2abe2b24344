"""A migration's operation for columns that come by the dozen: one per language of each translated field."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import models
from django.db.migrations.operations.base import Operation, OperationCategory


class AddFields(Operation):
    """Add several fields to a model, as as many `AddField` would.

    After each operation Django renders the model and all that is related to it anew, with the columns of every language;
    of a hundred columns added one by one that is most of what migrating costs.
    """

    category = OperationCategory.ADDITION

    def __init__(self, model_name: str, fields: Sequence[tuple[str, models.Field]]) -> None:
        self.model_name, self.fields = model_name, list(fields)

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return type(self).__name__, [], {"model_name": self.model_name, "fields": self.fields}

    def state_forwards(self, app_label: str, state: Any) -> None:
        key = app_label, self.model_name.lower()
        for name, field in self.fields:
            state.models[key].fields[name] = field
            if state._relations is not None:
                state.resolve_model_field_relations(key, name, field)
        state.reload_model(*key, delay=not any(field.is_relation for _name, field in self.fields))

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        model = to_state.apps.get_model(app_label, self.model_name)
        if self.allow_migrate_model(schema_editor.connection.alias, model):
            before = from_state.apps.get_model(app_label, self.model_name)
            for name, _field in self.fields:
                schema_editor.add_field(before, model._meta.get_field(name))

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        model = from_state.apps.get_model(app_label, self.model_name)
        if self.allow_migrate_model(schema_editor.connection.alias, model):
            for name, _field in reversed(self.fields):
                schema_editor.remove_field(model, model._meta.get_field(name))

    def describe(self) -> str:
        return f"Add {len(self.fields)} fields to {self.model_name}"

    @property
    def migration_name_fragment(self) -> str:
        return f"{self.model_name.lower()}_fields"
