"""What the kinds of deadlines are made of: who holds a role."""

from __future__ import annotations

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BigIntegerField, CharField, Func, OuterRef, QuerySet
from django.db.models.functions import Cast

from network.people.models import Role


def holders(rows: QuerySet, kind: str, scope: str) -> QuerySet:
    """(row, person) for everybody who holds that role today for the thing whose UUID the path leads to, each pair once: a

    role names its thing by UUID, not by a foreign key.
    """
    key = Cast(OuterRef(scope), CharField())
    held = Role.objects.current().filter(kind=kind, scope_key=key, user__is_active=True)
    people = ArraySubquery(held.order_by().values("user_id").distinct())
    each = Func(people, function="unnest", set_returning=True, output_field=BigIntegerField())
    return rows.order_by().annotate(person=each).values_list("pk", "person")
