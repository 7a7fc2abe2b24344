"""The yearly confirmation: a practice is to be confirmed as still true, or was not in time.

The subject is the line that verified the practice last: a confirmation makes another one, so that nothing of the old day
is reminded of any more, and nobody is told that it has moved.
"""

from __future__ import annotations

import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import get_language, gettext, gettext_lazy as _

from network.deadlines import ZONE, Audience, DeadlineKind, at_end_of, before
from network.people.enums import RoleKind
from practices.deadlines.parts import holders
from practices.messages.verifying import CONFIRM_DUE, CONFIRM_LATE, told_of
from practices.models import Verification
from practices.queries.verifying import title_and_city

TO_CONFIRM, LATE_TO_CONFIRM = "practices.to_confirm", "practices.late_to_confirm"
# From so long before its day on a confirmation is a deadline that rules may remind of, and so long after it is it asked after.
CONFIRMED_FROM = datetime.timedelta(days=120)
CONFIRMED_AFTER = datetime.timedelta(days=91)


def _to_confirm() -> QuerySet[Verification]:
    today = timezone.localdate()
    window = (today, today + CONFIRMED_FROM)
    return Verification.objects.standing().filter(practice__review_due_on__range=window)


def _late_to_confirm() -> QuerySet[Verification]:
    today = timezone.localdate()
    return Verification.objects.standing().filter(
        practice__review_due_on__lt=today, practice__review_due_on__gte=today - CONFIRMED_AFTER
    )


def to_confirm_rows() -> QuerySet:
    """(line, end of the day by which its practice is to be confirmed again, zone)."""
    rows = _to_confirm().order_by().annotate(due_local=at_end_of("practice__review_due_on"), zone=ZONE)
    return rows.values_list("pk", "due_local", "zone")


def late_to_confirm_rows() -> QuerySet:
    """(line, the day until which its practice is asked after, zone)."""
    due = at_end_of("practice__review_due_on", CONFIRMED_AFTER)
    return _late_to_confirm().order_by().annotate(due_local=due, zone=ZONE).values_list("pk", "due_local", "zone")


def to_confirm_people() -> QuerySet:
    """The officers before the day."""
    return holders(_to_confirm(), RoleKind.CITY_OFFICER, "practice__city__uuid")


def late_to_confirm_people() -> QuerySet:
    """The officers after it."""
    return holders(_late_to_confirm(), RoleKind.CITY_OFFICER, "practice__city__uuid")


def describe_to_confirm(line_id: int, user_id: int) -> dict[str, Any]:
    """What an officer is reminded of. LookupError where it is confirmed, or not public any more."""
    return _asked(_to_confirm(), line_id)


def describe_late_to_confirm(line_id: int, user_id: int) -> dict[str, Any]:
    """What an officer is told after the day. LookupError as before it."""
    return _asked(_late_to_confirm(), line_id)


def _asked(rows: QuerySet[Verification], line_id: int) -> dict[str, Any]:
    line = rows.select_related("practice__city").filter(pk=line_id).first()
    if line is None:
        raise LookupError(f"confirmation {line_id} is not waited for")
    return told_of(line.practice, get_language() or "en")


def name_of_practice(line_id: int) -> str:
    """The practice and its city for staff; nothing where it is gone."""
    line = Verification.objects.select_related("practice__city").filter(pk=line_id).first()
    if line is None:
        return ""
    title, city = title_and_city(line.practice, get_language() or "en")
    return gettext("%(title)s, %(city)s") % {"title": title.text, "city": city}


KINDS = (
    DeadlineKind(
        name=TO_CONFIRM,
        title=_("A practice is to be confirmed as still true"),
        model=Verification,
        rows=to_confirm_rows,
        audiences={"officer": Audience(_("The officers of its city"), to_confirm_people)},
        messages=(CONFIRM_DUE,),
        moved=CONFIRM_DUE,
        describe=describe_to_confirm,
        name_of=name_of_practice,
        rules=tuple(before("officer", CONFIRM_DUE.kind, days) for days in (60, 30, 7)),
    ),
    DeadlineKind(
        name=LATE_TO_CONFIRM,
        title=_("A practice that was not confirmed is asked after"),
        model=Verification,
        rows=late_to_confirm_rows,
        audiences={"officer": Audience(_("The officers of its city"), late_to_confirm_people)},
        messages=(CONFIRM_LATE,),
        moved=CONFIRM_LATE,
        describe=describe_late_to_confirm,
        name_of=name_of_practice,
        # The day after it was due, and once a month for two more.
        rules=tuple(before("officer", CONFIRM_LATE.kind, days) for days in (90, 60, 30)),
    ),
)
