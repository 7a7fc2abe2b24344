"""What the kinds of deadlines are made of: days as moments, who holds a role, reminders at nine in the morning."""

from __future__ import annotations

import datetime
from datetime import time

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    BigIntegerField,
    CharField,
    DateTimeField,
    ExpressionWrapper,
    F,
    Func,
    OuterRef,
    QuerySet,
    Value,
)
from django.db.models.functions import Cast

from network.deadlines import DefaultRule
from network.people.models import Role

ZONE = Value("UTC", output_field=CharField())
END_OF_DAY = datetime.timedelta(days=1, seconds=-1)


def at_end_of(day: str, later: datetime.timedelta = datetime.timedelta()) -> ExpressionWrapper:
    """The last second of a column's day, or of one so much later, as wall time."""
    return ExpressionWrapper(F(day) + END_OF_DAY + later, output_field=DateTimeField())


def holders(rows: QuerySet, kind: str, scope: str) -> QuerySet:
    """(row, person) for everybody who holds that role today for the thing whose UUID the path leads to, each pair once: a

    role names its thing by UUID, not by a foreign key.
    """
    key = Cast(OuterRef(scope), CharField())
    held = Role.objects.current().filter(kind=kind, scope_key=key, user__is_active=True)
    people = ArraySubquery(held.order_by().values("user_id").distinct())
    each = Func(people, function="unnest", set_returning=True, output_field=BigIntegerField())
    return rows.order_by().annotate(person=each).values_list("pk", "person")


def before(audience: str, message: str, days: int) -> DefaultRule:
    """A rule that reminds so many days before, at nine."""
    return DefaultRule(audience, message, days=days, at=time(9))
