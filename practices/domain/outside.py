"""Records that come from a city's own system: found again by the name they have there, and never made twice."""

from __future__ import annotations

import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from network.doors import DomainError, insist
from network.people.models import ApiToken, User
from network.text import clean_line
from practices.domain.versions import NewRecord, start_practice
from practices.models import CreationKey, ExternalId, Practice, PracticeVersion
from practices.rules.practices import can_edit_practice

LONGEST = 120
KEPT = datetime.timedelta(days=7)


@transaction.atomic
def start_outside_practice(new: NewRecord, name: str, *, by: User) -> PracticeVersion:
    """Begin a record that the city's own system calls `name`. DomainErrors as `start_practice` and `name_practice`."""
    version = start_practice(new, by=by)
    name_practice(version.practice, name, by=by)
    return version


@transaction.atomic
def name_practice(practice: Practice, name: str, *, by: User) -> ExternalId:
    """Write down what the city's own system calls a practice. DomainError `external_id` where another one is called so."""
    insist(can_edit_practice(by, practice))
    name = clean_line(name)
    if not name or len(name) > LONGEST:
        raise DomainError(_("The name elsewhere has 1 to 120 characters."), code="external_id")
    try:
        with transaction.atomic():
            return ExternalId.objects.create(city_id=practice.city_id, name=name, practice=practice)
    except IntegrityError as error:
        raise DomainError(
            _("Another practice of this city is called “%(name)s” already.") % {"name": name}, code="external_id"
        ) from error


@transaction.atomic
def start_once(
    token: ApiToken, key: str, fingerprint: str, new: NewRecord, name: str = "", *, by: User
) -> tuple[PracticeVersion, bool]:
    """Begin a record for a program that may ask twice; the version, and whether it was made just now.

    The same key again gives what it gave before; with another `fingerprint` DomainError `key`. Of two who ask at once the
    second waits for the first.
    """
    kept = None
    if key:
        try:
            with transaction.atomic():
                kept = CreationKey.objects.create(token=token, key=key, fingerprint=fingerprint)
        except IntegrityError:
            return _made_before(token, key, fingerprint), False
    version = start_outside_practice(new, name, by=by) if name else start_practice(new, by=by)
    if kept:
        kept.version = version
        kept.save(update_fields=["version"])
    return version, True


def _made_before(token: ApiToken, key: str, fingerprint: str) -> PracticeVersion:
    found = CreationKey.objects.select_related("version__practice").get(token=token, key=key)
    if found.fingerprint != fingerprint or found.version is None:
        raise DomainError(_("This Idempotency-Key was sent with another request before."), code="key")
    return found.version


def forget_creation_keys() -> int:
    """Remove keys that no program repeats any more; returns how many."""
    return CreationKey.objects.filter(made_at__lt=timezone.now() - KEPT).delete()[0]
