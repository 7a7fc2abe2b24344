"""A person's notices: the mails to their account that hold no secret, whether or not they went out by mail."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet
from django.db.models.fields.json import KT
from django.http import Http404
from django.utils import timezone

from network.mail.enums import Status
from network.mail.models import OutgoingMail
from network.mail.queries.due import SWITCHED_OFF
from network.outgoing import KINDS

# A digest only gathers notices that stand there by themselves.
DIGEST = "mail.digest"
COUNT_TO = 100
# Stand for the person and the moment in a statement that is made once.
WHO, NOW = -1, datetime.min.replace(tzinfo=UTC)
# Without `context`: a mail may hold a copy of a whole application.
SHOWN = (
    "kind",
    "recipient_id",
    "to_name",
    "language",
    "subject",
    "deadline",
    "subject_id",
    "created_at",
    "sent_at",
    "read_at",
)


def notices_of(user: Any) -> QuerySet[OutgoingMail]:
    """This person's notices, newest first. None are those that staff hold back or stopped, and what ceased to be true.

    One that never went out by itself has no text of its own, only the deadline's: it ends with the deadline.
    """
    return _notices(user.pk, timezone.now())


def _notices(user_id: int | None, now: datetime) -> QuerySet[OutgoingMail]:
    kinds = [kind for kind, message in KINDS.items() if not message.secret and kind != DIGEST]
    return (
        OutgoingMail.objects.filter(recipient_id=user_id, kind__in=kinds)
        .exclude(status__in=[Status.HELD, Status.ABORTED])
        .exclude(Q(status=Status.SUPERSEDED, digest=None) & ~Q(error=SWITCHED_OFF))
        .exclude(~Q(deadline="") & Q(subject="", not_after__lte=now))
        .order_by("-id")
    )


def shown(notices: QuerySet[OutgoingMail]) -> QuerySet[OutgoingMail]:
    """The same with what a list shows: `url` and `path` are where the mail leads, or nothing."""
    return notices.only(*SHOWN).annotate(url=KT("context__url"), path=KT("context__path"))


def own_notice(user: Any, pk: int) -> OutgoingMail:
    """One of this person's notices; Http404 for everything else."""
    notice = shown(notices_of(user)).filter(pk=pk).first()
    if notice is None:
        raise Http404
    return notice


def contexts_of(ids: list[int]) -> dict[int, dict[str, Any]]:
    """What the texts of these mails are made from."""
    return dict(OutgoingMail.objects.filter(pk__in=ids).values_list("pk", "context"))


def unread_count(user: Any) -> int:
    """How many notices the person has not opened, counted to 100 at most: more are many. One query by index."""
    statement, parameters = _unread(tuple(KINDS))
    given = {WHO: user.pk, NOW: timezone.now()}
    with connection.cursor() as cursor:
        cursor.execute(statement, [given.get(one, one) for one in parameters])
        return int(cursor.fetchone()[0])


@lru_cache(maxsize=4)
def _unread(_kinds: tuple[str, ...]) -> tuple[str, tuple[Any, ...]]:
    """The statement of `unread_count`, with WHO and NOW among its parameters. Kept while the kinds of mails stay: every page of a
    signed-in person asks it, and making SQL of it takes longer than answering it."""
    unread = _notices(WHO, NOW).filter(read_at=None).order_by().values("pk")[:COUNT_TO]
    statement, parameters = unread.query.sql_with_params()
    return f"SELECT count(*) FROM ({statement}) unread", parameters  # noqa: S608  (our own statement)
