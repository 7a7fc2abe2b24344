"""Sending an application, once and provably; changing it again before the deadline; withdrawing it; the round's clock."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from grants.domain.drafts import DEADLINE_PASSED
from grants.domain.people import leave_to_owners
from grants.domain.rounds import hold_closing
from grants.enums import Moment, Outcome, State, Verb, next_state
from grants.messages import send_lapsed, send_receipt
from grants.models import Application, ApplicationVersion, Attachment, SubmitAttempt
from grants.models.questions import AMOUNT
from grants.rules.answers import Problem, final_answer, layout, problems_of
from grants.rules.applications import can_own_application
from grants.rules.asked import asked_of
from grants.rules.rounds import accepts, ended, moment_for, moment_of
from network.audit.context import because
from network.doors import Denied, DomainError, insist
from network.numbers import read_number
from network.people.models import User
from network.text import clean_text

# Letters that are not mistaken for one another when read aloud (Crockford's base 32).
CODE_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
SENT_STATES = {State.SUBMITTED, State.SCREENING}


class Incomplete(DomainError):
    """Something is missing or wrong; `problems` says what, in the order of the form."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(_("Some answers are missing or need a change."), code="incomplete")
        self.problems = problems


def receipt_code() -> str:
    """A code to prove a receipt by: 12 characters of 32, in three groups."""
    letters = "".join(secrets.choice(CODE_LETTERS) for _n in range(12))
    return f"{letters[:4]}-{letters[4:8]}-{letters[8:]}"


def content_hash(form_id: int, answers: dict[str, Any], files: list[dict[str, Any]]) -> str:
    """SHA-256 (hex) of the sent content as canonical JSON: keys sorted, no spaces, UTF-8; files by their own SHA-256."""
    content = {"form": form_id, "answers": answers, "files": files}
    return hashlib.sha256(
        json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()
    ).hexdigest()


def submit_application(
    application: Application, *, by: User, at: datetime, revision: int | None = None
) -> ApplicationVersion:
    """Send the application as it is saved now. `at` is when the request arrived; only it counts against the deadline.

    Sent already: the version that was sent is answered again, and nothing happens twice. DomainError where `by` is no
    owner, it came late, or `revision` (of the page that was confirmed) is no longer the application's; Incomplete with
    all that is missing. Every call leaves a SubmitAttempt, refused ones too.
    """
    refusal: DomainError | None = None
    version: ApplicationVersion | None = None
    with transaction.atomic():
        locked = (
            Application.objects.select_for_update(of=("self",))
            # Not current_version: while this waits for the lock, joined rows stay as they were when it began to wait.
            .select_related("round__fund", "form", "organisation")
            .get(pk=application.pk)
        )
        hold_closing(locked.round)
        missing: list[Problem] = []
        if isinstance(verdict := can_own_application(by, locked), Denied):
            outcome, refusal = Outcome.REFUSED, DomainError(verdict.reason, code="denied")
        elif locked.state in SENT_STATES and locked.current_version:
            outcome, version = Outcome.REPEATED, locked.current_version
        elif not accepts(locked, at):
            outcome, refusal = Outcome.LATE, DomainError(DEADLINE_PASSED, code="closed")
        elif next_state(locked.state, Verb.SUBMIT) is None:
            outcome, refusal = Outcome.REFUSED, DomainError(_("This application can’t be sent any more."), code="state")
        elif revision is not None and revision != locked.revision:
            changed = _("The application has changed since you opened this page. Check it again, then send it.")
            outcome, refusal = Outcome.REFUSED, DomainError(changed, code="stale")
        else:
            answers, files = _content(locked)
            missing = problems_of(layout(locked.form), answers, files, locked.round)
            if missing:
                outcome, refusal = Outcome.INCOMPLETE, Incomplete(missing)
            else:
                outcome, version = Outcome.RECEIVED, _send(locked, answers, files, by=by, at=at)
        SubmitAttempt(
            application=locked,
            user=by,
            received_at=at,
            outcome=outcome,
            missing=[f"{one.section}.{one.field}:{one.code}" for one in missing],
        ).save()
    if version is None:
        assert refusal is not None
        raise refusal
    return version


def _content(application: Application) -> tuple[dict[str, dict[str, Any]], dict[str, Attachment]]:
    answers = {row.section: row.data for row in application.answers.all()}
    files = {file.field: file for file in application.attachments.filter(removed_at__isnull=True)}
    return answers, files


def _send(
    application: Application,
    answers: dict[str, dict[str, Any]],
    files: dict[str, Attachment],
    *,
    by: User,
    at: datetime,
) -> ApplicationVersion:
    """Write the version and move the application, under its lock."""
    sections = layout(application.form)
    asked = asked_of(sections, answers)
    sent = {
        section.key: {
            question.key: final_answer(question, answers.get(section.key, {}).get(question.key))
            for question in section.written
            if question.key in asked
        }
        for section in sections
    }
    papers = [
        {
            "field": question.key,
            "uuid": str(file.uuid),
            "name": file.name,
            "size": file.size,
            "sha256": file.sha256,
            "mime": file.mime,
        }
        for section in sections
        for question in section.files
        if question.key in asked and (file := files.get(question.key))
    ]
    last = application.versions.aggregate(last=Max("number"))["last"] or 0
    # What came on paper arrived with the paper; what is changed and sent again later arrives when it is.
    on_paper = application.on_paper_at if not last else None
    moment = moment_of(application.round, on_paper) if on_paper else moment_for(application, at)
    version = ApplicationVersion(
        application=application,
        number=last + 1,
        form=application.form,
        answers=sent,
        files=papers,
        amount_requested=_asked_for(sent),
        submitted_by=by,
        received_at=on_paper or at,
        in_grace=moment == Moment.GRACE,
        content_hash=content_hash(application.form_id, sent, papers),
        receipt_code=receipt_code(),
    )
    version.save()
    # The condition repeats what the lock guarantees: of two clicks one wins, whatever happens to the lock one day.
    moved = Application.objects.filter(
        pk=application.pk, state=application.state, revision=application.revision
    ).update(
        state=State.SUBMITTED,
        revision=application.revision + 1,
        number=application.number or _next_number(),
        current_version=version,
        changed_at=at,
        # The time to type ends with the typing: from now on it closes with its round, like every other one.
        **({"extended_until": None} if on_paper else {}),
    )
    if moved != 1:
        raise DomainError(_("The application has changed since you opened this page. Check it again, then send it."))
    application.refresh_from_db(
        fields=["state", "revision", "number", "current_version", "changed_at", "extended_until"]
    )
    send_receipt(application, version)
    leave_to_owners(application)
    return version


def _asked_for(sent: Mapping[str, Mapping[str, Any]]) -> Decimal | None:
    """The amount that the answers ask for; None where the form asks for none, or for none of this applicant."""
    said = (answers[AMOUNT] for answers in sent.values() if AMOUNT in answers)
    return read_number(str(next(said, "")))


def _next_number() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('grants_application_number')")
        return int(cursor.fetchone()[0])


def move_application(application: Application, verb: Verb, *, at: datetime, **fields: Any) -> None:
    """Take an application along the workflow, under its lock. DomainError where there is no such way from where it is."""
    to = next_state(application.state, verb)
    if to is None:
        raise DomainError(_("This can’t be done with the application any more."), code="state")
    moved = Application.objects.filter(
        pk=application.pk, state=application.state, revision=application.revision
    ).update(state=to, revision=application.revision + 1, changed_at=at, **fields)
    assert moved == 1, "the application's lock guards its state"


@transaction.atomic
def reopen_application(application: Application, *, by: User, at: datetime) -> None:
    """Make a sent application a draft again. The version that was sent stays valid until another is sent.

    DomainError where `by` is no owner, or the round is not open at `at` (the grace is for sending, not for this).
    """
    locked = Application.objects.select_for_update(of=("self",)).select_related("round").get(pk=application.pk)
    insist(can_own_application(by, locked))
    if moment_for(locked, at) != Moment.OPEN:
        raise DomainError(_("The deadline has passed. What you sent stays as it is."), code="closed")
    move_application(locked, Verb.REOPEN, at=at)


@transaction.atomic
def withdraw_application(application: Application, *, reason: str, by: User, at: datetime) -> None:
    """Take an application back for good; the reason is kept. DomainError without a reason, or where `by` is no owner."""
    locked = Application.objects.select_for_update().get(pk=application.pk)
    insist(can_own_application(by, locked))
    reason = clean_text(reason)[:2000]
    if not reason:
        raise DomainError(_("Say in a few words why you withdraw."), code="reason")
    because(reason[:300])
    move_application(locked, Verb.WITHDRAW, at=at, withdrawn_reason=reason)


def settle_closed_rounds(at: datetime) -> dict[str, int]:
    """At the deadline (and grace): drafts lapse, what was sent goes to screening; returns how many of each.

    A draft that had been sent before and was reopened goes to screening with the version that was sent. Each
    application is its own transaction; those that somebody works on right now wait for the next tick.
    """
    done = {State.LAPSED.value: 0, State.SCREENING.value: 0}
    waiting = Application.objects.filter(ended(at), state__in=[State.DRAFT, State.SUBMITTED]).select_related("round")
    for application in waiting.order_by("id"):
        if moment_for(application, at) == Moment.CLOSED and (moved := _settle(application.pk, at)):
            done[moved] += 1
    return done


@transaction.atomic
def _settle(application_id: int, at: datetime) -> str | None:
    application = (
        Application.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("round__fund", "form", "organisation")
        .filter(pk=application_id, state__in=[State.DRAFT, State.SUBMITTED])
        .first()
    )
    if application is None:
        return None
    hold_closing(application.round)
    if moment_for(application, at) != Moment.CLOSED:
        return None
    if application.current_version_id:
        move_application(application, Verb.SCREEN, at=at)
        return State.SCREENING.value
    move_application(application, Verb.LAPSE, at=at)
    send_lapsed(application)
    return State.LAPSED.value
