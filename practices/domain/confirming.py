"""Still true? What a city says of its published practice once a year: still true, it has changed, it has ended."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy as _, override

from cities.queries.contacts import officers_of
from network.audit.context import because
from network.doors import DomainError, insist
from network.people.models import User
from network.text import clean_text
from practices.domain.holding import lock_practice
from practices.domain.maturity import refresh_maturity
from practices.domain.practices import insist_on_no_version
from practices.domain.search import index_practice
from practices.domain.verifications import note_verification
from practices.domain.versions import keep_public, start_version
from practices.enums import Running
from practices.enums.verifying import VERIFYING, VerificationKind
from practices.messages.verifying import send_confirm_now
from practices.models import Practice, PracticeVersion, Verification
from practices.rules.verifying import ASK_AGAIN, NOTE_LIMIT, can_ask_to_confirm, can_confirm_practice, speaks_for


@transaction.atomic
def confirm_practice(practice: Practice, *, by: User, note: str = "", expected_version: int | None = None) -> Practice:
    """Say that a published practice is still as it is described: verified today, to be confirmed again in a year.

    Of two at once the second is told that it is done (DomainError `done`); where something else happened since
    `expected_version`, `changed`. Who is no officer of the city itself says it on its behalf and needs a reason
    (`reason`), kept in history. Other DomainErrors: not allowed, not public, over, a note too long.
    """
    locked = _held(practice, by, expected_version)
    if locked.verified_on == timezone.localdate():
        raise DomainError(_said_today(locked), code="done")
    _note(locked, VerificationKind.STILL_TRUE, by, note)
    return locked


@transaction.atomic
def tell_changed(
    practice: Practice, *, by: User, note: str = "", expected_version: int | None = None
) -> PracticeVersion:
    """Say that the practice has changed: begins its next version, or gives the one on its way. What is public stays, and
    stays to be confirmed, until a version is published over it. DomainErrors as `confirm_practice`."""
    locked = _held(practice, by, expected_version)
    version = start_version(locked, by=by)
    _note(locked, VerificationKind.CHANGED, by, note)
    return version


@transaction.atomic
def tell_ended(
    practice: Practice,
    *,
    by: User,
    ended_on: datetime.date | None = None,
    note: str = "",
    expected_version: int | None = None,
) -> Practice:
    """Say that the work has ended, on that day where it is known. The practice stays public and says so; nobody is asked to
    confirm it any more. History keeps what was public before as a version of its own.

    DomainErrors as `confirm_practice`; `dates`: the end lies ahead or before the start; `version`: a version is on its
    way, which would undo it: it is to say so itself.
    """
    locked = _held(practice, by, expected_version)
    insist_on_no_version(locked)
    if ended_on is not None and ended_on > timezone.localdate():
        raise DomainError(_("The end lies ahead. Say so once it has ended."), code="dates")
    if ended_on is not None and locked.started_on is not None and ended_on < locked.started_on:
        raise DomainError(_("The end lies before the start."), code="dates")
    keep_public(locked)
    locked.running, locked.ended_on = Running.ENDED, ended_on or locked.ended_on
    locked.updated_at = timezone.now()
    locked.save(update_fields=["running", "ended_on", "updated_at"])
    with override(locked.original_language):
        told = gettext("The city says that it has ended.")
    keep_public(locked, by=by, note=told)
    refresh_maturity(locked)
    index_practice(locked)
    _note(locked, VerificationKind.ENDED, by, note)
    return locked


@transaction.atomic
def ask_to_confirm(practice: Practice, *, by: User, note: str = "") -> Verification:
    """Ask the city's officers by mail to say now whether it is still true. `note` is what they read besides.

    DomainErrors: not allowed, not public, over, a note too long; `asked`: they were asked within the last week; `nobody`:
    nobody else is an officer of the city, or of its networks where it has none.
    """
    locked = lock_practice(practice.pk)
    insist(can_ask_to_confirm(by, locked))
    since = timezone.now() - ASK_AGAIN
    if locked.verifications.filter(kind=VerificationKind.ASKED, at__gt=since).exists():
        raise DomainError(_("The city was asked less than a week ago. Give it some days."), code="asked")
    if not [user for user in officers_of(locked.city) if user.pk != by.pk]:
        raise DomainError(
            _("Nobody is an officer of this city or of its networks: there is nobody to ask."), code="nobody"
        )
    note = _cleaned(note)
    if note:
        because(note)
    line = note_verification(locked, VerificationKind.ASKED, by=by, note=note)
    send_confirm_now(line, by=by)
    return line


def _held(practice: Practice, by: User, expected_version: int | None) -> Practice:
    locked = lock_practice(practice.pk)
    insist(can_confirm_practice(by, locked))
    if expected_version is None or expected_version == locked.version:
        return locked
    if locked.verified_on == timezone.localdate():
        raise DomainError(_said_today(locked), code="done")
    raise DomainError(_("Somebody changed this practice while you were reading. Look at it again."), code="changed")


def _said_today(practice: Practice) -> str:
    """That it is done, and by whom where that is known."""
    line = practice.verifications.filter(kind__in=VERIFYING).select_related("by").order_by("-id").first()
    if line is None or line.by is None:
        return gettext("It was confirmed today already. There is nothing left to do.")
    return gettext("%(name)s confirmed it today already. There is nothing left to do.") % {"name": line.by.display_name}


def _note(practice: Practice, kind: VerificationKind, by: User, note: str) -> None:
    """Write the line; counts the practice's version up, so that a second window is told."""
    note, on_behalf = _cleaned(note), not speaks_for(by, practice.city)
    if on_behalf and not note:
        raise DomainError(
            _("You are no officer of this city. Say how you know: it stays in the history."), code="reason"
        )
    if note:
        because(note)
    practice.version += 1
    practice.save(update_fields=["version"])
    note_verification(practice, kind, by=by, note=note, on_behalf=on_behalf)


def _cleaned(note: str) -> str:
    kept = clean_text(note)
    if len(kept) > NOTE_LIMIT:
        raise DomainError(_("Shorten the note to %(limit)d characters.") % {"limit": NOTE_LIMIT}, code="too_long")
    return kept
