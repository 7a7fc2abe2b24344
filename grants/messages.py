"""The messages this app sends, each in its reader's language. Their texts are `templates/mail/<kind>.*`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from grants.enums import ApplicationRole, State
from grants.models import (
    Application,
    ApplicationInvitation,
    ApplicationMember,
    ApplicationVersion,
    Comment,
    Extension,
    Interest,
    RoundLetter,
)
from grants.models.questions import say
from grants.queries.answers import answer_text
from grants.rules.answers import layout
from grants.rules.applications import WRITERS
from grants.rules.interest import interest_token
from network.frame.links import in_language
from network.frame.moments import moment_text
from network.outgoing import Addressee, Message, MessageClass, declare, send
from network.people.models import User

RECEIPT = Message("grants.receipt", _("Receipt for an application"))
LAPSED = Message("grants.lapsed", _("A draft was not sent in time"))
ROUND_CLOSES = Message(
    "grants.round_closes",
    _("Before a round closes"),
    MessageClass.REMINDER,
    mandatory=False,
    about=_("Before a round closes in which you have an unfinished draft."),
)
INVITATION = Message("grants.invitation", _("Invitation to an application"), secret=True)
EXTENDED = Message("grants.extended", _("More time for an application"))
RESCHEDULED = Message("grants.rescheduled", _("The closing time of a round was moved"))
COMMENTS = Message(
    "grants.comments",
    _("Comments on an application"),
    mandatory=False,
    about=_("When others comment on an application you work on, at most once an hour for each."),
)
ROUND_MOVED = Message("grants.round_moved", _("A round closes later or earlier than you were told"))
LETTER = Message("grants.letter", _("A letter from those who run a fund, to everybody with a draft"))
# Secret: the link shows what the person wrote and takes it back.
INTEREST = Message("grants.interest", _("Confirming an interest in a fund"), secret=True)
# A mail with a longer copy would be refused by mail servers; the page shows all of it.
MAX_COPY = 200_000


def declare_all() -> None:
    """Make this app's message kinds known to the mail engine."""
    declare(RECEIPT, LAPSED, ROUND_CLOSES, ROUND_MOVED, LETTER, INTEREST, INVITATION, COMMENTS, EXTENDED, RESCHEDULED)


def _people(application: Application, *roles: str) -> list[User]:
    return list(
        User.objects.filter(
            application_memberships__application=application,
            application_memberships__role__in=roles,
            is_active=True,
        ).order_by("id")
    )


def _to(user: User) -> Addressee:
    return Addressee(user.email, user.preferred_language, user.display_name, user.pk)


def _common(application: Application, page: str) -> dict[str, Any]:
    round_ = application.round
    path = reverse(f"grants:{page}", args=[application.opaque_id])
    return {
        "fund": str(round_.fund),
        "round": str(round_),
        "organisation": str(application.organisation),
        "title": application.title,
        "path": path,
        "url": settings.KOINE_BASE_URL + path,
        "closes": moment_text(application.closes_at, round_.timezone),
    }


def send_receipt(application: Application, version: ApplicationVersion) -> None:
    """Tell every owner that the application arrived: reference, moment, code and hash. Once per version and person."""
    for owner in _people(application, ApplicationRole.OWNER):
        with translation.override(owner.preferred_language):
            context = {
                **_common(application, "receipt"),
                "reference": application.reference,
                "version": version.number,
                "received": moment_text(version.received_at, application.round.timezone),
                "code": version.receipt_code,
                "hash": version.content_hash,
                "files": [file["name"] for file in version.files],
            }
        send(RECEIPT, key=f"grants.receipt:{version.pk}:{owner.pk}", to=_to(owner), context=context)


def send_application_invitation(invitation: ApplicationInvitation, token: str, to: Addressee) -> None:
    """The link by which somebody joins an application. The same mail goes to an address without an account."""
    application = invitation.application
    with translation.override(to.language):
        context = {
            "inviter": invitation.invited_by.display_name,
            "organisation": str(application.organisation),
            "fund": str(application.round.fund),
            "writes": invitation.role in WRITERS,
            "closes": moment_text(application.closes_at, application.round.timezone),
            "path": in_language(reverse("grants:invitation", args=[token]), to.language),
        }
    send(INVITATION, key=f"grants.invitation:{invitation.pk}", to=to, context=context)


def send_comments(member: ApplicationMember, comments: Sequence[Comment], at: datetime) -> None:
    """Tell a member who commented on which sections; what was said stands on the page alone."""
    user, application = member.user, member.application
    with translation.override(user.preferred_language):
        titles = {one.key: say(one.title, user.preferred_language) for one in layout(application.form)}
        said = {titles.get(one.section, one.section) for one in comments}
        context = {
            **_common(application, "comments"),
            "count": len(comments),
            "names": sorted({str(one.author) for one in comments if one.author}),
            "sections": sorted(said),
        }
    key = f"grants.comments:{member.pk}:{at.isoformat()}"
    send(COMMENTS, key=key, to=_to(user), context=context)


def send_extended(extension: Extension, was: State) -> None:
    """Tell everybody who owns or writes it until when the application may be sent, why, and what else this changes: it had lapsed
    or was in screening."""
    application = extension.application
    for writer in _people(application, *WRITERS):
        with translation.override(writer.preferred_language):
            context = {**_common(application, "application"), "reason": extension.reason}
            context |= {"lapsed": was == State.LAPSED, "screened": was == State.SCREENING}
        send(EXTENDED, key=f"grants.extended:{extension.pk}:{writer.pk}", to=_to(writer), context=context)


def send_rescheduled(member: ApplicationMember, was: datetime, move: str) -> None:
    """Tell somebody with a draft or a sent application that its round closes at another time; once per `move`."""
    application, user = member.application, member.user
    round_ = application.round
    with translation.override(user.preferred_language):
        context = {
            **_common(application, "application"),
            "was": moment_text(was, round_.timezone),
            "later": was < round_.closes_at,
            "sent": application.current_version_id is not None,
        }
    send(RESCHEDULED, key=f"grants.rescheduled:{move}:{user.pk}", to=_to(user), context=context)


def send_interest(interest: Interest, at: datetime) -> None:
    """The link by which an interest is confirmed, seen and taken back."""
    with translation.override(interest.language):
        context = {
            "fund": str(interest.fund),
            "name": interest.name,
            "organisation": interest.organisation,
            "confirmed": interest.confirmed_at is not None,
            "path": reverse("grants:interest_link", args=[interest_token(interest.uuid)]),
        }
    to = Addressee(interest.email, interest.language, interest.name)
    send(INTEREST, key=f"grants.interest:{interest.uuid}:{at.isoformat()}", to=to, context=context)


def send_letter(letter: RoundLetter, to: User, opaque_id: str) -> None:
    """A letter of a fund's staff, in their words, to one who writes the draft of that address. Once per letter and person."""
    round_ = letter.round
    with translation.override(to.preferred_language):
        context = {
            "fund": str(round_.fund),
            "round": str(round_),
            "subject": letter.subject,
            "letter": letter.body,
            "closes": moment_text(round_.closes_at, round_.timezone),
            "path": reverse("grants:application", args=[opaque_id]),
        }
    send(LETTER, key=f"grants.letter:{letter.pk}:{to.pk}", to=_to(to), context=context)


def send_lapsed(application: Application) -> None:
    """Tell everybody who owns or writes the draft that it was not sent in time, with a copy of what they wrote.

    Once per draft and person. The copy names the files and ends after MAX_COPY characters; the page shows all of it.
    """
    answers = {row.section: row.data for row in application.answers.all()}
    files = [file.name for file in application.attachments.filter(removed_at=None).order_by("id")]
    for writer in _people(application, *WRITERS):
        code = writer.preferred_language
        with translation.override(code):
            copy, cut = _copy(application, answers, code)
            context = {**_common(application, "application"), "copy": copy, "cut": cut, "files": files}
        # It may lapse again after an extension.
        until = f":{application.extended_until.isoformat()}" if application.extended_until else ""
        send(LAPSED, key=f"grants.lapsed:{application.pk}:{writer.pk}{until}", to=_to(writer), context=context)


def _copy(application: Application, answers: dict[str, Any], code: str) -> tuple[list[dict[str, Any]], bool]:
    """What was answered, by section, for a reader of `code`; and whether it was cut."""
    left, copy = MAX_COPY, []
    currency = application.round.fund.currency
    for section in layout(application.form):
        data = answers.get(section.key) or {}
        told: list[dict[str, str]] = []
        for one in section.written:
            if not data.get(one.key):
                continue
            answer = answer_text(one, data[one.key], currency, code)
            told.append({"question": say(one.label, code), "answer": answer[:left]})
            left -= len(answer)
            if left < 0:
                break
        if told:
            copy.append({"title": say(section.title, code), "answers": told})
        if left < 0:
            return copy, True
    return copy, False
