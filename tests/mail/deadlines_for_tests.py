"""A kind of deadline for tests, on a real table: an organisation's `source` says when it meets, "2026-11-30T17:00:00 Europe/London".

Its members are concerned. `meeting` registers the kind, with texts of its own, and takes it away again.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.db.models import CharField, DateTimeField, F, Func
from django.template import engines

from network.deadlines import DEADLINES, Audience, DeadlineKind, DefaultRule, register_deadline
from network.mail.models import OutgoingMail, ReminderRule
from network.outgoing import KINDS, Message, MessageClass, declare
from network.people.models import Organisation, OrganisationMember, User

SOON = Message(
    "tests.soon", "Meets soon", MessageClass.REMINDER, mandatory=False, about="Comes some days before a meeting."
)
LAST = Message("tests.last", "Meets very soon", MessageClass.REMINDER)
MOVED = Message("tests.moved", "Meets at another time", mandatory=True)
TEXTS = Path(__file__).parent / "templates"


class Wall(Func):
    template = "split_part(%(expressions)s, ' ', 1)::timestamp"
    output_field = DateTimeField()


class Zone(Func):
    template = "split_part(%(expressions)s, ' ', 2)"
    output_field = CharField()


def rows():
    meetings = Organisation.objects.filter(source__contains="T", archived_at__isnull=True)
    return meetings.annotate(wall=Wall(F("source")), zone=Zone(F("source"))).values_list("pk", "wall", "zone")


def members():
    return OrganisationMember.objects.values_list("organisation_id", "user_id")


def owners():
    return OrganisationMember.objects.filter(role="owner").values_list("organisation_id", "user_id")


def describe(organisation_id: int, user_id: int) -> dict[str, str]:
    meeting = Organisation.objects.filter(pk=organisation_id, archived_at__isnull=True).first()
    if meeting is None:
        raise LookupError(organisation_id)
    return {"title": meeting.slug, "when": meeting.source, "url": f"https://koine.example/{meeting.slug}/"}


KIND = DeadlineKind(
    name="tests.meeting",
    title="A meeting",
    model=Organisation,
    rows=rows,
    audiences={"members": Audience("Members", members), "owners": Audience("Owners", owners)},
    messages=(SOON, LAST),
    moved=MOVED,
    describe=describe,
    name_of=lambda pk: f"meeting {pk}",
    rules=(DefaultRule("members", "tests.soon", days=7, at=time(9)), DefaultRule("members", "tests.last", hours=3)),
)


@pytest.fixture
def meeting() -> Iterator[DeadlineKind]:
    """The only kind of deadline that is known, without rules."""
    known, engine = dict(DEADLINES), engines["django"].engine
    DEADLINES.clear()
    register_deadline(KIND)
    declare(SOON, LAST, MOVED)
    engine.dirs.append(str(TEXTS))
    yield KIND
    engine.dirs.remove(str(TEXTS))
    for message in (SOON, LAST, MOVED):
        KINDS.pop(message.kind, None)
    DEADLINES.clear()
    DEADLINES.update(known)


def in_time(zone: str = "UTC", **delta: float) -> str:
    """A meeting so far from now, as an organisation's source tells it."""
    return written(datetime.now(UTC) + timedelta(**delta), zone)


def written(moment: datetime, zone: str) -> str:
    return f"{moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None).isoformat(timespec='seconds')} {zone}"


def utc(text: str) -> datetime:
    """A moment written in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def meets(source: str, *people: User, slug: str = "lamp") -> Organisation:
    """An organisation that meets then, with these members."""
    made = Organisation.objects.create(slug=slug, kind="ngo", name_en=slug, source=source)
    OrganisationMember.objects.bulk_create(OrganisationMember(organisation=made, user=user) for user in people)
    return made


def reader(name: str = "nour", zone: str = "UTC", **fields) -> User:
    return User.objects.create_user(f"{name}@example.org", display_name=name.title(), time_zone=zone, **fields)


def rule(days: int | None = None, at: str = "09:00", *, hours: int | None = None, **fields) -> ReminderRule:
    """A rule for all members."""
    when = {"hours_before": hours} if days is None else {"days_before": days, "at_local": at}
    return ReminderRule.objects.create(
        **{"deadline": KIND.name, "audience": "members", "message": SOON.kind, **when, **fields}
    )


def move_to(meeting: Organisation, source: str) -> None:
    Organisation.objects.filter(pk=meeting.pk).update(source=source)


def mails(**fields) -> list[OutgoingMail]:
    return list(OutgoingMail.objects.filter(**fields).order_by("id"))
