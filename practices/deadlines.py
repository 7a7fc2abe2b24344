"""The deadlines this app registers: a review is due, or late; a practice is to be confirmed, or was not in time.

A deadline on a day ends with that day in UTC: cities have no time zone of their own.
"""

from __future__ import annotations

import datetime
from datetime import time
from typing import Any

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
from django.utils import timezone
from django.utils.translation import get_language, gettext, gettext_lazy as _

from network.deadlines import Audience, DeadlineKind, DefaultRule, register_deadline
from network.frame.moments import day_text
from network.people.enums import RoleKind
from network.people.models import Role
from practices.enums import VersionState
from practices.enums.reviews import ReviewState
from practices.messages.reviews import REVIEW_DUE, REVIEW_LATE, REVIEW_MOVED, named, page_of, version_path
from practices.messages.verifying import CONFIRM_DUE, CONFIRM_LATE, told_of
from practices.models import ReviewRequest, Verification
from practices.queries.verifying import title_and_city

REVIEW, LATE_REVIEW = "practices.review", "practices.late_review"
# How long a late review is asked after; then it is only a line in the queue of those who decide.
ASKED_AFTER = datetime.timedelta(days=14)
TO_CONFIRM, LATE_TO_CONFIRM = "practices.to_confirm", "practices.late_to_confirm"
# From so long before its day on a confirmation is a deadline that rules may remind of, and so long after it is it asked after.
CONFIRMED_FROM = datetime.timedelta(days=120)
CONFIRMED_AFTER = datetime.timedelta(days=91)
ZONE = Value("UTC", output_field=CharField())
END_OF_DAY = datetime.timedelta(days=1, seconds=-1)


def at_end_of(day: str, later: datetime.timedelta = datetime.timedelta()) -> ExpressionWrapper:
    """The last second of a column's day, or of one so much later, as wall time."""
    return ExpressionWrapper(F(day) + END_OF_DAY + later, output_field=DateTimeField())


def _awaited() -> QuerySet[ReviewRequest]:
    """Reviews that are waited for: also while the city works on a revision they may be written, but nobody is pressed."""
    return ReviewRequest.objects.awaited().filter(version__state=VersionState.IN_REVIEW)


def _due() -> QuerySet[ReviewRequest]:
    return _awaited().filter(due_on__gte=timezone.localdate())


def _late() -> QuerySet[ReviewRequest]:
    today = timezone.localdate()
    return _awaited().filter(due_on__lt=today, due_on__gte=today - ASKED_AFTER)


def due_rows() -> QuerySet:
    """(request, end of its day, zone) of every review that is waited for."""
    return _due().order_by().annotate(due_local=at_end_of("due_on"), zone=ZONE).values_list("pk", "due_local", "zone")


def late_rows() -> QuerySet:
    """(request, the day until which it is asked after, zone) of every late review."""
    rows = _late().order_by().annotate(due_local=at_end_of("due_on", ASKED_AFTER), zone=ZONE)
    return rows.values_list("pk", "due_local", "zone")


def reviewers() -> QuerySet:
    """(request, reviewer)."""
    return _due().filter(reviewer__is_active=True).order_by().values_list("pk", "reviewer_id")


def askers() -> QuerySet:
    """(request, the officer who asked)."""
    return _late().filter(asked_by__is_active=True).order_by().values_list("pk", "asked_by_id")


def describe_due(request_id: int, user_id: int) -> dict[str, Any]:
    """What the reviewer is reminded of. LookupError where they have not to write it any more."""
    request = _found(_due().filter(reviewer=user_id), request_id)
    return {**_told(request), **page_of(request), "accepted": request.state == ReviewState.ACCEPTED}


def describe_late(request_id: int, user_id: int) -> dict[str, Any]:
    """What the officer who asked is told. LookupError where it is in, or nobody's any more."""
    request = _found(_late().filter(asked_by=user_id), request_id)
    return {**_told(request), **version_path(request.version), "reviewer": request.reviewer.display_name}


def _found(rows: QuerySet[ReviewRequest], request_id: int) -> ReviewRequest:
    request = rows.select_related("version__practice__city", "reviewer").filter(pk=request_id).first()
    if request is None:
        raise LookupError(f"review {request_id} is not waited for")
    return request


def _told(request: ReviewRequest) -> dict[str, Any]:
    return {**named(request.version, get_language() or "en"), "when": day_text(request.due_on)}


def name_of(request_id: int) -> str:
    """The review for staff: by whom, of what; nothing where it is gone."""
    rows = ReviewRequest.objects.select_related("version__practice__city", "reviewer")
    request = rows.filter(pk=request_id).first()
    if request is None:
        return ""
    told = named(request.version, get_language() or "en")
    return gettext("Review by %(name)s: %(title)s") % {"name": request.reviewer.display_name, "title": told["title"]}


# --- the yearly confirmation --------------------------------------------------------------------------------------------
# The subject is the line that verified the practice last: a confirmation makes another one, so that nothing of the old day
# is reminded of any more, and nobody is told that it has moved.


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


def _with_officers(rows: QuerySet[Verification]) -> QuerySet:
    """(line, officer of the practice's city), each pair once: a role names its city by UUID, not by a foreign key."""
    city = Cast(OuterRef("practice__city__uuid"), CharField())
    held = Role.objects.current().filter(kind=RoleKind.CITY_OFFICER, scope_key=city, user__is_active=True)
    people = ArraySubquery(held.order_by().values("user_id").distinct())
    each = Func(people, function="unnest", set_returning=True, output_field=BigIntegerField())
    return rows.order_by().annotate(officer=each).values_list("pk", "officer")


def to_confirm_people() -> QuerySet:
    """The officers before the day."""
    return _with_officers(_to_confirm())


def late_to_confirm_people() -> QuerySet:
    """The officers after it."""
    return _with_officers(_late_to_confirm())


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


def _before(audience: str, message: str, days: int) -> DefaultRule:
    return DefaultRule(audience, message, days=days, at=time(9))


KINDS = (
    DeadlineKind(
        name=REVIEW,
        title=_("A review of a practice is due"),
        model=ReviewRequest,
        rows=due_rows,
        audiences={"reviewer": Audience(_("The reviewer"), reviewers)},
        messages=(REVIEW_DUE,),
        moved=REVIEW_MOVED,
        describe=describe_due,
        name_of=name_of,
        rules=(_before("reviewer", REVIEW_DUE.kind, 7), _before("reviewer", REVIEW_DUE.kind, 1)),
    ),
    DeadlineKind(
        name=LATE_REVIEW,
        title=_("A late review of a practice is asked after"),
        model=ReviewRequest,
        rows=late_rows,
        audiences={"asker": Audience(_("The officer who asked for the review"), askers)},
        messages=(REVIEW_LATE,),
        moved=REVIEW_LATE,
        describe=describe_late,
        name_of=name_of,
        # The day after it was due, and a week later.
        rules=(_before("asker", REVIEW_LATE.kind, 13), _before("asker", REVIEW_LATE.kind, 7)),
    ),
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
        rules=tuple(_before("officer", CONFIRM_DUE.kind, days) for days in (60, 30, 7)),
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
        rules=tuple(_before("officer", CONFIRM_LATE.kind, days) for days in (90, 60, 30)),
    ),
)


def register() -> None:
    """Make them known to the engine."""
    for kind in KINDS:
        register_deadline(kind)
