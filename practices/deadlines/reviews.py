"""A review of a practice is due, and it is late."""

from __future__ import annotations

import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import get_language, gettext, gettext_lazy as _

from network.deadlines import ZONE, Audience, DeadlineKind, at_end_of, before
from network.frame.moments import day_text
from practices.enums import VersionState
from practices.enums.reviews import ReviewState
from practices.messages.reviews import REVIEW_DUE, REVIEW_LATE, REVIEW_MOVED, named, page_of, version_path
from practices.models import ReviewRequest

REVIEW, LATE_REVIEW = "practices.review", "practices.late_review"
# How long a late review is asked after; then it is only a line in the queue of those who decide.
ASKED_AFTER = datetime.timedelta(days=14)


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
        rules=(before("reviewer", REVIEW_DUE.kind, 7), before("reviewer", REVIEW_DUE.kind, 1)),
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
        rules=(before("asker", REVIEW_LATE.kind, 13), before("asker", REVIEW_LATE.kind, 7)),
    ),
)
