"""A kind of deadline for measuring: organisations that meet in two hours, whose members are reminded."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from django.db import connection
from django.db.models import CharField, DateTimeField, F, Func

from network.deadlines import Audience, DeadlineKind
from network.mail.models import ReminderRule
from network.outgoing import Message, MessageClass
from network.people.models import Organisation, OrganisationMember, User

SOON = Message("bench.soon", "Meets soon", MessageClass.REMINDER)
MOVED = Message("bench.moved", "Meets at another time")
NAME, PREFIX = "bench.meeting", "bench-meets-"


class Wall(Func):
    """The wall time in a column that says "2026-11-30T17:00:00 Europe/London"."""

    template = "split_part(%(expressions)s, ' ', 1)::timestamp"
    output_field = DateTimeField()


class Zone(Func):
    """The zone in such a column."""

    template = "split_part(%(expressions)s, ' ', 2)"
    output_field = CharField()


def rows():
    """Every meeting."""
    meetings = Organisation.objects.filter(slug__startswith=PREFIX)
    return meetings.annotate(wall=Wall(F("source")), zone=Zone(F("source"))).values_list("pk", "wall", "zone")


KIND = DeadlineKind(
    name=NAME,
    title="A meeting",
    model=Organisation,
    rows=rows,
    audiences={
        "members": Audience("Members", lambda: OrganisationMember.objects.values_list("organisation_id", "user_id"))
    },
    messages=(SOON,),
    moved=MOVED,
    describe=lambda organisation_id, user_id: {"title": "", "when": "", "url": ""},
    name_of=str,
)


@contextmanager
def built(meetings: int, people: int) -> Iterator[None]:
    """So many meetings of the same so many people, with a rule that reminds of them now. At the end all of it is gone,

    and the whole outbox: for the bench's own database only.
    """
    due = (datetime.now(UTC) + timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M:%S Etc/UTC")
    users = User.objects.bulk_create(
        User(email=f"{PREFIX}{n}@bench{n % 50}.example", display_name=f"Reader {n}", password="!")
        for n in range(people)
    )
    made = Organisation.objects.bulk_create(
        Organisation(slug=f"{PREFIX}{n}", kind="ngo", name_en=f"Meeting {n}", source=due) for n in range(meetings)
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO people_organisationmember (organisation_id, user_id, role, since) "
            "SELECT o, u, 'member', now() FROM unnest(%s::bigint[]) o, unnest(%s::bigint[]) u",
            [[one.pk for one in made], [one.pk for one in users]],
        )
        ReminderRule.objects.create(deadline=NAME, audience="members", message=SOON.kind, hours_before=3)
        cursor.execute("ANALYZE people_organisationmember, people_organisation, people_user, mail_outgoingmail")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE mail_outgoingmail")
        ReminderRule.objects.filter(deadline=NAME).delete()
        Organisation.objects.filter(slug__startswith=PREFIX).delete()
        User.objects.filter(email__startswith=PREFIX).delete()
