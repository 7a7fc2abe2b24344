"""Publishing a practice and taking it off the public pages again, by the table `enums.WORKFLOW`."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from network.audit.context import because
from network.doors import DomainError, insist
from network.people.models import User
from practices.domain.maturity import refresh_maturity
from practices.domain.practices import insist_on_no_version
from practices.domain.search import index_practice
from practices.domain.verifications import note_verification
from practices.enums import WORKFLOW, State, Verb
from practices.enums.verifying import VerificationKind
from practices.models import Practice
from practices.rules.practices import can_archive_practice, can_publish_practice, can_restore_practice

RULES = {
    Verb.PUBLISH: can_publish_practice,
    Verb.ARCHIVE: can_archive_practice,
    Verb.RESTORE: can_restore_practice,
}


@transaction.atomic
def publish_practice(practice: Practice, *, by: User, at: datetime.datetime | None = None) -> Practice:
    """Make a draft public and findable. It must be complete in its original language (DomainError `incomplete`).

    For records that staff write or bring from elsewhere; what a city writes is published as a version
    (`domain.versions.publish_version`), and while one is on its way this refuses.

    `at` is the moment of a record that was public elsewhere before it came here. It counts as verified on that day, else
    today.
    """
    practice = _moved(practice, Verb.PUBLISH, by)
    insist_on_no_version(practice)
    if practice.original_language not in practice.languages:
        raise DomainError(
            _("Before it is published it needs a title, a summary and every section in its original language."),
            code="incomplete",
        )
    practice.published_at = at or practice.published_at or timezone.now()
    practice.save(update_fields=["state", "version", "published_at", "updated_at"])
    note_verification(practice, VerificationKind.PUBLISHED, by=by, on=timezone.localdate(at) if at else None)
    refresh_maturity(practice)
    index_practice(practice)
    return practice


@transaction.atomic
def archive_practice(practice: Practice, *, by: User, reason: str = "") -> Practice:
    """Take a practice off the public pages and out of the search; nothing of it is lost. The reason goes into history."""
    practice = _moved(practice, Verb.ARCHIVE, by, reason)
    practice.save(update_fields=["state", "version", "updated_at"])
    index_practice(practice)
    return practice


@transaction.atomic
def restore_practice(practice: Practice, *, by: User, reason: str = "") -> Practice:
    """Make an archived practice a draft again; it stays off the public pages until it is published."""
    practice = _moved(practice, Verb.RESTORE, by, reason)
    practice.save(update_fields=["state", "version", "updated_at"])
    return practice


def _moved(practice: Practice, verb: Verb, by: User, reason: str = "") -> Practice:
    """The locked practice with its next state set, unsaved; DomainError where the rule says no."""
    locked = Practice.objects.select_for_update(of=("self",)).select_related("city").get(pk=practice.pk)
    insist(RULES[verb](by, locked))
    if reason:
        because(reason)
    locked.state = WORKFLOW[State(locked.state)][verb]
    locked.version += 1
    locked.updated_at = timezone.now()
    return locked
