"""What the members of an application say to one another about it. Nobody else ever sees it, and none of it is sent."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import DateTimeField, Exists, OuterRef, Q, Value
from django.db.models.functions import Coalesce, Greatest
from django.utils.translation import gettext_lazy as _

from grants.messages import send_comments
from grants.models import Application, ApplicationMember, Comment, CommentsTold
from grants.models.questions import Section
from grants.rules.answers import layout
from grants.rules.applications import TO_CHANGE, can_delete_comment, can_view_application, is_open_to_change
from network.doors import DomainError, insist
from network.limits import within
from network.people.models import User
from network.text import clean_text

MOST_CHARACTERS = 4000
# A conversation, not a machine.
AN_HOUR, MOST_AN_HOUR = timedelta(hours=1), 60
# What is older was told long ago, or its reader was no member then.
TOLD_OF = timedelta(days=2)


def _open(application: Application, by: User, at: datetime) -> Application:
    current = Application.objects.select_related("round__fund", "form").get(pk=application.pk)
    insist(can_view_application(by, current))
    if not is_open_to_change(current, at):
        raise DomainError(
            _("This application can’t be changed any more, so nothing is added to its comments."), code="closed"
        )
    return current


def _clean(text: str, by: User) -> str:
    text = clean_text(text)
    if not text:
        raise DomainError(_("Write something first."), code="text")
    if len(text) > MOST_CHARACTERS:
        raise DomainError(_("A comment has at most 4,000 characters."), code="text")
    if not within("grants.comment", by.pk, MOST_AN_HOUR, int(AN_HOUR.total_seconds())):
        raise DomainError(_("You have written 60 comments within an hour. Go on later."), code="limit")
    return text


def any_section(application: Application, key: str) -> Section:
    """A section of the form, one that asks for files only too. DomainError where there is none of that name."""
    for one in layout(application.form):
        if one.key == key:
            return one
    raise DomainError(_("The form has no such section."), code="section")


@transaction.atomic
def add_comment(
    application: Application, section: str, text: str, *, field: str = "", by: User, at: datetime
) -> Comment:
    """Begin a thread about a section, or about one of its questions. Every member may, viewers too.

    DomainError: no member, application closed (closed), no such section or question (field), no text or too long (text).
    """
    current = _open(application, by, at)
    asked = any_section(current, section)
    if field and field not in {question.key for question in asked.questions}:
        raise DomainError(_("Choose a question of this section."), code="field")
    comment = Comment(
        application=current, section=section, field=field, author=by, text=_clean(text, by), written_at=at
    )
    comment.save()
    return comment


@transaction.atomic
def answer_comment(comment: Comment, text: str, *, by: User, at: datetime) -> Comment:
    """Answer in a thread; one that was settled is open again. DomainError as `add_comment`; gone where it was deleted."""
    thread = _held(comment.thread_id or comment.pk)
    current = _open(thread.application, by, at)
    answer = Comment(
        application=current,
        section=thread.section,
        field=thread.field,
        thread=thread,
        author=by,
        text=_clean(text, by),
        written_at=at,
    )
    answer.save()
    if thread.settled_at:
        thread.settled_at = thread.settled_by = None
        thread.save(update_fields=["settled_at", "settled_by"])
    return answer


@transaction.atomic
def settle_comment(comment: Comment, settled: bool, *, by: User, at: datetime) -> Comment:
    """Mark a thread as settled, or open it again. Every member may. The same again changes nothing."""
    thread = _held(comment.thread_id or comment.pk)
    _open(thread.application, by, at)
    if settled != bool(thread.settled_at):
        thread.settled_at, thread.settled_by = (at, by) if settled else (None, None)
        thread.save(update_fields=["settled_at", "settled_by"])
    return thread


@transaction.atomic
def delete_comment(comment: Comment, *, by: User) -> None:
    """Delete what one wrote oneself, at any time. Where others answered, their answers stay below an empty place."""
    thread = _held(comment.thread_id or comment.pk)
    held = thread if comment.pk == thread.pk else _held(comment.pk)
    insist(can_delete_comment(by, held))
    if held.answers.exists():
        held.text, held.author = "", None
        held.save(update_fields=["text", "author"])
        return
    held.delete()
    if thread is not held and not thread.text and not thread.answers.exists():
        thread.delete()


def _held(pk: int) -> Comment:
    found = Comment.objects.select_for_update(of=("self",)).select_related("application").filter(pk=pk).first()
    if found is None:
        raise DomainError(_("This comment was deleted meanwhile."), code="gone")
    return found


# --- telling the others -----------------------------------------------------------------------------------------------


def _unheard(at: datetime) -> Q:
    """Comments of others, at the moment of asking, that a member (the outer row) was not written to about."""
    since = Greatest(
        Coalesce(OuterRef("comments_told__at"), Value(at - TOLD_OF)), Value(at - TOLD_OF), output_field=DateTimeField()
    )
    new = Comment.objects.filter(application=OuterRef("application"), author__isnull=False, written_at__gt=since)
    return Q(Exists(new.exclude(author=OuterRef("user"))))


def tell_of_comments(at: datetime) -> int:
    """Write to members about comments of others that they were not told of, at most once an hour for each application.

    Runs every minute; returns how many mails. Each member is a transaction; two runs at once write once.
    """
    waiting = ApplicationMember.objects.filter(
        _unheard(at),
        Q(comments_told__isnull=True) | Q(comments_told__at__lte=at - AN_HOUR),
        user__is_active=True,
        application__state__in=TO_CHANGE,
    )
    return sum(_tell(pk, at) for pk in list(waiting.order_by("id").values_list("pk", flat=True)))


@transaction.atomic
def _tell(member_id: int, at: datetime) -> int:
    member = (
        ApplicationMember.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("user", "application__round__fund", "application__organisation", "application__form")
        .filter(pk=member_id)
        .first()
    )
    if member is None:
        return 0
    told = CommentsTold.objects.filter(member=member).first()
    if told and told.at > at - AN_HOUR:
        return 0
    since = max(told.at, at - TOLD_OF) if told else at - TOLD_OF
    new = member.application.comments.filter(written_at__gt=since, author__isnull=False).exclude(author=member.user)
    comments = list(new.select_related("author").order_by("id"))
    if not comments:
        return 0
    CommentsTold.objects.update_or_create(member=member, defaults={"at": at})
    send_comments(member, comments, at)
    return 1
