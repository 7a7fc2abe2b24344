"""What apps above tell this one about organisations: who judges which, and what belongs to one when two become one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ImproperlyConfigured

# user -> keys of organisations
Judged = Callable[[Any], Iterable[int]]
JUDGES: list[Judged] = []


def register_judges(function: Judged) -> None:
    """Say in an app's `ready` which organisations (keys, as a QuerySet of one column) a person judges by that app's roles,

    such as those that sent an application to a fund the person manages. Called for people without any role too.
    """
    if function not in JUDGES:
        JUDGES.append(function)


# user -> keys of organisations whose account numbers they need
PAYERS: list[Judged] = []


def register_payers(function: Judged) -> None:
    """The same for those who pay: of which organisations a person's finance roles open the bank details."""
    if function not in PAYERS:
        PAYERS.append(function)


@dataclass(frozen=True)
class Part:
    """Rows of one table that belong to an organisation, and what becomes of them when it is merged into another.

    `title` names them in the plural. `count(source)` says how many there are. `move(source, target)` gives them to the
    other one, inside the transaction that merges, with both organisations' rows held. `hindrance(source, target)` is a
    sentence where the two can't be merged because of them; `note(source, target)` one that staff read before.
    """

    title: Any
    count: Callable[[Any], int]
    move: Callable[[Any, Any], None]
    hindrance: Callable[[Any, Any], Any] = lambda source, target: None
    note: Callable[[Any, Any], Any] = lambda source, target: None


# By "app.Model.field", the foreign key that leads to the organisation.
PARTS: dict[str, Part] = {}


def register_part(key: str, part: Part) -> None:
    """Say in an app's `ready` what becomes of rows that point at an organisation. A test finds foreign keys without one."""
    if PARTS.get(key, part) != part:
        raise ImproperlyConfigured(f"{key} is registered twice")
    PARTS[key] = part


def simply_moved(model: Any, field: str, title: Any) -> Part:
    """A part of rows that go to the other organisation as they are."""

    def move(source: Any, target: Any) -> None:
        # One by one: kept public pages hear of each.
        for row in model.objects.filter(**{field: source}).order_by("pk"):
            setattr(row, field, target)
            row.save(update_fields=[field])

    return Part(title, lambda source: model.objects.filter(**{field: source}).count(), move)
