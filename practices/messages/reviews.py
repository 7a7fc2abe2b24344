"""What people are told on a version's way: its officers, the deciders, the reviewers. Each in their own language."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from cities.models import City
from cities.queries.contacts import officers_of
from network.frame.moments import day_text
from network.outgoing import Addressee, Message, MessageClass, declare, send
from network.people.models import User
from practices.enums.reviews import ReviewVerb
from practices.models import PracticeVersion, ReviewRequest
from practices.queries.reviewers import deciders_of
from practices.queries.versions import city_name, passed_on, version_title

SUBMITTED = Message(
    "practices.submitted",
    _("A city submits a practice"),
    mandatory=False,
    about=_("When a city of your network submits a practice, or a new version of one."),
)
REVIEW_ASKED = Message("practices.review_asked", _("You are asked to review a practice"))
REVIEW_OFF = Message("practices.review_off", _("Your review is not needed any more"))
REVIEW_ANSWERED = Message(
    "practices.review_answered",
    _("Answer of a reviewer"),
    mandatory=False,
    about=_("When somebody you asked for a review accepts, declines or hands it in."),
)
REVIEW_DUE = Message(
    "practices.review_due",
    _("Before a review is due"),
    MessageClass.REMINDER,
    mandatory=False,
    about=_("Before a review is due that you have still to write."),
)
REVIEW_MOVED = Message("practices.review_moved", _("Your review is due on another day than you were told"))
REVIEW_LATE = Message(
    "practices.review_late",
    _("A review is late"),
    MessageClass.REMINDER,
    mandatory=False,
    about=_("When somebody you asked for a review has not handed it in by its day."),
)
REVISION = Message("practices.revision", _("A revision of your practice is asked"), MessageClass.DECISION)
PUBLISHED = Message("practices.published", _("Your practice is published"), MessageClass.DECISION)


def declare_reviews() -> None:
    """Make the kinds known to the mail engine."""
    declare(SUBMITTED, REVIEW_ASKED, REVIEW_OFF, REVIEW_ANSWERED, REVIEW_DUE, REVIEW_MOVED, REVIEW_LATE)
    declare(REVISION, PUBLISHED)


def send_submitted(version: PracticeVersion, *, by: User) -> None:
    """Tell those who decide that a version was submitted, once per submission; nobody what they did themselves."""
    assert version.submitted_at is not None
    city = version.practice.city
    for user in deciders_of(city):
        if user.pk != by.pk:
            with translation.override(user.preferred_language):
                context = {
                    **named(version, user.preferred_language),
                    "note": version.note,
                    "again": version.decided_at is not None,
                }
                context |= version_path(version)
            key = f"practices.submitted:{version.pk}:{version.submitted_at.isoformat()}:{user.pk}"
            send(SUBMITTED, key=key, to=to(user), context=context)


def send_review_asked(request: ReviewRequest) -> None:
    """Ask the peer to review, or to look again (`again`): once per round."""
    user, version = request.reviewer, request.version
    with translation.override(user.preferred_language):
        context = {
            **named(version, user.preferred_language),
            "again": request.round > 1,
            "due": day_text(request.due_on),
            "decision": version.decision if request.round > 1 else "",
            **page_of(request),
        }
    key = f"practices.review_asked:{request.pk}:{request.round}"
    send(REVIEW_ASKED, key=key, to=to(user), context=context)


def send_review_off(request: ReviewRequest) -> None:
    """Tell the peer that the review is not needed any more: because the version is decided, or for the reason given."""
    user = request.reviewer
    with translation.override(user.preferred_language):
        context = {**named(request.version, user.preferred_language), "reason": request.reason, **page_of(request)}
    send(REVIEW_OFF, key=f"practices.review_off:{request.pk}", to=to(user), context=context)


def send_review_answered(request: ReviewRequest, verb: ReviewVerb, *, complete: bool) -> None:
    """Tell the officer who asked what the peer answered; `complete`: the version has two reviews and can be decided."""
    user = request.asked_by
    if user is None or not user.is_active:
        return
    with translation.override(user.preferred_language):
        context = {
            **named(request.version, user.preferred_language),
            "reviewer": request.reviewer.display_name,
            "event": verb.value,
            "reason": request.reason,
            "complete": complete,
            **version_path(request.version),
        }
    key = f"practices.review_answered:{request.pk}:{request.round}:{verb.value}"
    send(REVIEW_ANSWERED, key=key, to=to(user), context=context)


def send_revision(version: PracticeVersion, *, by: User) -> None:
    """Tell the city's officers what must change, with the reviewers' notes that are passed on."""
    _tell_writers(REVISION, version, by)


def send_published(version: PracticeVersion, *, by: User) -> None:
    """Tell the city's officers that the version is public."""
    _tell_writers(PUBLISHED, version, by)


def _tell_writers(message: Message, version: PracticeVersion, by: User) -> None:
    assert version.decided_at is not None
    notes = [{"text": one.note, "language": one.language} for one in passed_on(version)]
    for user in writers_of(version.practice.city, version.submitted_by):
        if user.pk == by.pk:
            continue
        with translation.override(user.preferred_language):
            context = {
                **named(version, user.preferred_language),
                "decision": version.decision,
                "notes": notes,
                "number": version.number,
            }
            context |= version_path(version)
        key = f"{message.kind}:{version.pk}:{version.decided_at.isoformat()}:{user.pk}"
        send(message, key=key, to=to(user), context=context)


def writers_of(city: City, *others: User | None) -> Iterable[User]:
    """The city's officers, and these others where their accounts are open; each once."""
    found = {user.pk: user for user in officers_of(city)}
    found |= {user.pk: user for user in others if user is not None and user.is_active}
    return found.values()


def to(user: User) -> Addressee:
    """The account as an addressee, in its own language."""
    return Addressee(user.email, user.preferred_language, user.display_name, user.pk)


def named(version: PracticeVersion, code: str) -> dict[str, Any]:
    """What a version is called in a letter to a reader of `code`, and whose it is."""
    title = version_title(version)
    return {
        "title": title.text,
        "title_language": title.language,
        "city": city_name(version.practice.city, code),
    }


def version_path(version: PracticeVersion) -> dict[str, Any]:
    """Where those who write and decide are led."""
    path = reverse("practices:version", args=[version.practice.slug, version.number])
    return {"path": path, "url": settings.KOINE_BASE_URL + path}


def page_of(request: ReviewRequest) -> dict[str, Any]:
    """Where the reviewer is led."""
    path = request.get_absolute_url()
    return {"path": path, "url": settings.KOINE_BASE_URL + path}
