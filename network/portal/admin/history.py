"""History in words: who did what, when and why, with each value before and after as a person would say it.

The rows are the audit trail's (`network.audit`), written by the database itself; Django's LogEntry is not used.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field as default
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from grants.models import EligibilityCheck, FormVersion
from network.audit.models import AuditEvent
from network.frame.moments import known_day_text, moment_text
from network.frame.names import country_name, language_name, number_text
from network.languages import LANGUAGES
from network.membership.models import Membership
from network.people.models import User
from network.people.scopes import name_of

# Columns that say nothing to a person: bookkeeping, and text that only searching reads.
SILENT = {"id", "uuid", "opaque_id", "version", "revision", "created_at", "updated_at", "changed_at", "search_text", "token_hash", "position", "content_hash", "sha256"}  # fmt: skip
LONGEST = 400
# Columns whose values only the admin of their table can put into words: (value, whole row) to words.
SPOKEN: dict[tuple[type[models.Model], str], Callable[[Any, dict[str, Any]], str]] = {}
UNKNOWN_SINCE = 1


@dataclass(frozen=True)
class Child:
    """A table whose rows belong to the record's history: its model and the column that leads to the record."""

    model: type[models.Model]
    column: str


@dataclass
class Entry:
    """One line of history, in the reader's language. `changes` holds (what, before, after); of what was created or

    removed (`action` I or D) only one side tells something.
    """

    when: datetime.datetime
    who: str
    what: str
    reason: str
    request_id: str
    action: str
    changes: list[tuple[str, str, str]] = default(default_factory=list)


def events_of(instance: models.Model, children: Iterable[Child] = ()) -> QuerySet[AuditEvent]:
    """The audit rows of a record and of what belongs to it, newest first."""
    wanted = Q(table=instance._meta.db_table, row=str(instance.pk))
    for child in children:
        here = Q(**{f"before__{child.column}": instance.pk}) | Q(**{f"after__{child.column}": instance.pk})
        wanted |= Q(table=child.model._meta.db_table) & here
    return AuditEvent.objects.filter(wanted).order_by("-id")


def mark_of(instance: models.Model, children: Iterable[Child] = ()) -> int:
    """The id of the newest audit row of a record, 0 where it has none: what "since you opened it" is measured by."""
    return events_of(instance, children).values_list("id", flat=True).first() or 0


def latest(instance: models.Model, children: Iterable[Child] = ()) -> dict[str, str]:
    """Who changed the record last, and when, in words."""
    event = events_of(instance, children).first()
    if event is None:
        return {"who": _("Somebody"), "when": ""}
    entry = tell([event])[0]
    return {"who": entry.who, "when": moment_words(entry.when)}


def story_since(instance: models.Model, children: Iterable[Child], event_id: int) -> list[tuple[str, str, str]]:
    """What changed in a record after that audit row, in words, oldest first."""
    events = list(events_of(instance, children).filter(id__gt=event_id).order_by("id")[:20])
    return [change for entry in tell(events) for change in entry.changes]


def moment_words(moment: datetime.datetime) -> str:
    """A moment on the reader's clock, with its zone."""
    return moment_text(moment, timezone.get_current_timezone_name())


@lru_cache(maxsize=64)
def model_of(table: str) -> type[models.Model] | None:
    """The model of a table; None where it is gone."""
    return next((model for model in apps.get_models() if model._meta.db_table == table), None)


@lru_cache(maxsize=64)
def columns_of(model: type[models.Model]) -> dict[str, Any]:
    """The model's telling columns by name. The base column beside translated ones is silent."""
    fields = model._meta.concrete_fields
    shadowed = {field.translated_field.name for field in fields if hasattr(field, "translated_field")}
    return {
        field.column: field
        for field in fields
        if field.name not in SILENT and field.name not in shadowed and not isinstance(field, models.UUIDField)
    }


def label_of(field: Any) -> str:
    """A column in words: "Name (Greek)" for a translated one."""
    if hasattr(field, "translated_field"):
        return f"{_capital(field.translated_field.verbose_name)} ({language_name(field.language)})"
    return _capital(field.verbose_name)


def _capital(words: Any) -> str:
    text = str(words)
    return text[:1].upper() + text[1:]


def tell(events: Iterable[AuditEvent]) -> list[Entry]:
    """Audit rows in words; two queries for people and one for each kind of related thing, however many rows."""
    events = list(events)
    people = {user.pk: str(user) for user in User.objects.filter(pk__in={e.actor_id for e in events if e.actor_id})}
    names = _names_of_related(events)
    return [_entry(event, people, names) for event in events]


def _entry(event: AuditEvent, people: dict[int, str], names: dict[tuple[type, Any], str]) -> Entry:
    model = model_of(event.table)
    verbs = {"I": _("%(thing)s: created"), "U": _("%(thing)s: changed"), "D": _("%(thing)s: removed")}
    thing = _capital(model._meta.verbose_name) if model else _("A record of former times")
    who = people.get(event.actor_id, _("an account that is gone")) if event.actor_id else _("the portal itself")
    entry = Entry(event.at, who, verbs[event.action] % {"thing": thing}, event.reason, event.request_id, event.action)
    if model is None:
        return entry
    columns = columns_of(model)
    for column, before, after in event.changes():
        field = columns.get(column)
        if field is None or (before in (None, "", []) and after in (None, "", [])):
            continue
        was, became = event.before or {}, event.after or {}
        entry.changes.append((label_of(field), words(field, before, was, names), words(field, after, became, names)))
    return entry


def _names_of_related(events: list[AuditEvent]) -> dict[tuple[type, Any], str]:
    """Names of everything the rows point to, by (model, key)."""
    wanted: dict[type[models.Model], set[Any]] = {}
    for event in events:
        model = model_of(event.table)
        for column, field in columns_of(model).items() if model else ():
            if field.remote_field:
                keys = {(side or {}).get(column) for side in (event.before, event.after)} - {None}
                wanted.setdefault(field.remote_field.model, set()).update(keys)
    found: dict[tuple[type, Any], str] = {}
    for related, keys in wanted.items():
        for row in related._default_manager.filter(pk__in=keys):
            found[(related, row.pk)] = spoken(row)
    return found


def spoken(row: models.Model) -> str:
    """A thing's name for history and lists: as it is called, never by its number."""
    if isinstance(row, Membership):
        return f"{row.city} · {row.network}"
    if isinstance(row, FormVersion):
        return f"{_capital(row._meta.verbose_name)} {row.number}"
    if isinstance(row, EligibilityCheck):
        return f"{_capital(row._meta.verbose_name)}, {moment_words(row.at)}"
    return str(row)


def words(field: Any, value: Any, whole: dict[str, Any], names: dict[tuple[type, Any], str]) -> str:
    """One stored value as a person would say it; `whole` is the row it stands in."""
    if value is None or value in ("", []):
        return _("nothing")
    if field.remote_field:
        return names.get((field.remote_field.model, value), _("something that is gone"))
    if speak := SPOKEN.get((field.model, field.name)):
        return speak(value, whole)
    if field.flatchoices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(field, models.JSONField):
        return _("as recorded")
    if isinstance(field, ArrayField):
        return ", ".join(language_name(one) if one in LANGUAGES else str(one) for one in value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if field.name == "scope_key":
        return name_of(whole.get("scope_kind", ""), value) or _("something that is gone")
    if field.name == "country":
        return country_name(value)
    return _typed(field, value, whole)


def _typed(field: Any, value: Any, whole: dict[str, Any]) -> str:
    if isinstance(field, models.DateTimeField):
        moment = parse_datetime(str(value))
        return moment_words(moment) if moment and timezone.is_aware(moment) else str(value)
    if isinstance(field, models.DateField):
        day = parse_date(str(value))
        if day is None:
            return str(value)
        if day.year == UNKNOWN_SINCE:
            return _("not known")
        precision = whole.get(f"{field.name.removesuffix('_on')}_precision") or whole.get("precision") or "day"
        return known_day_text(day, precision)
    if isinstance(value, int | float | Decimal) and field.name not in {"year", "population_year", "number"}:
        return number_text(Decimal(str(value)))
    return Truncator(str(value)).chars(LONGEST)
