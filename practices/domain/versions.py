"""Versions of a record: begun, written by several people section by section, submitted, and published over the record.

A published practice stays as it is while its next version is written. The way of a version is `enums.VERSIONS`.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _, ngettext

from cities.models import City
from network.audit.context import because
from network.doors import DomainError, insist
from network.people.models import User
from network.sections import Saved, replace_section
from network.text import clean_line, clean_text
from practices.domain.applying import apply_sections, files_of, hold_concepts
from practices.domain.holding import lock_practice, lock_version, moved
from practices.domain.practices import NewPractice, PracticeFacts, create_practice
from practices.domain.reviews import ask_again, end_reviews, is_reviewed, share_notes
from practices.domain.verifications import note_verification
from practices.enums import OPEN, State, VersionState, VersionVerb
from practices.enums.verifying import VerificationKind
from practices.messages.reviews import send_published, send_revision, send_submitted
from practices.models import Practice, PracticeVersion, VersionSection
from practices.queries.snapshot import snapshot
from practices.rules.sections import BY_KEY, SECTIONS, Section
from practices.rules.versions import (
    can_ask_revision,
    can_discard_version,
    can_publish_version,
    can_start_version,
    can_submit_version,
    can_take_back_version,
    can_write_version,
)
from practices.rules.writing import MAX_CHARACTERS, ROWS, Fault, all_faults, clean_section, longest


class Incomplete(DomainError):
    """The version can't be submitted yet: `faults` says what is missing or wrong, in the form's order."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        text = ngettext(
            "%(count)d thing is missing or needs a change.",
            "%(count)d things are missing or need a change.",
            len(faults),
        )
        super().__init__(text % {"count": len(faults)}, code="incomplete")
        self.faults = tuple(faults)


@dataclass(frozen=True)
class NewRecord:
    """A new record: whose, in which language it is written, its title in that language, whether it only shows the portal."""

    city: City
    language: str
    title: str
    demo: bool = False


@transaction.atomic
def start_practice(new: NewRecord, *, by: User) -> PracticeVersion:
    """Begin a record that nobody has seen: a draft practice and its first version. DomainErrors as `create_practice`."""
    titled, facts = {new.language: {"title": new.title}}, PracticeFacts(demo=new.demo)
    practice = create_practice(NewPractice(new.city, new.language, titled, facts), by=by)
    return _begun(practice, by)


@transaction.atomic
def start_version(practice: Practice, *, by: User) -> PracticeVersion:
    """Begin the next version of a record from what it says now, or give the one that is on its way.

    What is public and was never kept as a version (it came from elsewhere, or staff wrote it) is kept as one first, so that
    history shows what the new version changes.
    """
    locked = lock_practice(practice.pk)
    insist(can_start_version(by, locked))
    there = locked.record_versions.filter(state__in=OPEN).first()
    if there is not None:
        return there
    keep_public(locked)
    return _begun(locked, by)


def keep_public(practice: Practice, *, by: User | None = None, note: str = "") -> None:
    """Keep what is public as a version of history, where none was ever kept. The practice is held by the caller.

    With a `note` it is kept in any case, as a small change of today that `by` made without a version: the note says which,
    in the original language.
    """
    if practice.state != State.PUBLISHED:
        return
    if not note and practice.record_versions.filter(state=VersionState.PUBLISHED).exists():
        return
    kept = PracticeVersion(
        practice=practice,
        number=_next_number(practice),
        state=VersionState.PUBLISHED,
        language=practice.original_language,
        base=practice.version,
        note=note,
        minor=bool(note),
        unreviewed_because=note,
        started_by=by,
        started_at=timezone.now() if note else practice.created_at,
        published_at=timezone.now() if note else practice.published_at,
    )
    _save_with_sections(kept, None)


@transaction.atomic
def save_section(
    version: PracticeVersion, key: str, typed: Mapping[str, Any], *, revision: int, by: User, at: datetime.datetime
) -> Saved:
    """Store a section as typed (`rules.writing.clean_section`). Nothing is required of it yet.

    `revision` is the one the writer read; where somebody saved since, StaleSection, and nothing is changed. DomainErrors:
    not a writer, not to be changed now, no such section, too many rows, a text above MAX_CHARACTERS.
    """
    locked = lock_for_writing(version, by=by)
    section = section_named(key)
    data = clean_section(section, typed)
    if longest(data) > MAX_CHARACTERS:
        raise DomainError(_("This text is too long to be kept. Shorten it to 100,000 characters."), code="too_long")
    insist_on_room(section, data.get(ROWS, ()))
    row = VersionSection.objects.select_related("updated_by").get(version=locked, section=key)
    saved = replace_section(row, data, revision=revision, by=by, at=at)
    if saved.at == at:
        PracticeVersion.objects.filter(pk=locked.pk).update(changed_at=at)
        _name_draft(locked, key, data)
    return saved


@transaction.atomic
def submit_version(version: PracticeVersion, *, by: User, note: str = "", minor: bool = False) -> PracticeVersion:
    """Hand the version in. Incomplete where something is missing or wrong; nothing is changed then.

    `note`: what is new in it, for those who decide and for history; `minor`: nothing that changes the meaning. Where it was
    sent back, those who reviewed it look at it again (`ask_revision`).
    """
    hold_concepts(sections_of(version))
    locked = lock_version(version)
    insist(can_submit_version(by, locked))
    sections = sections_of(locked)
    if faults := all_faults(sections):
        raise Incomplete(faults)
    files_of(locked.practice, sections)
    moved(locked, VersionVerb.SUBMIT)
    locked.note, locked.minor = clean_line(note)[:300], minor
    locked.submitted_by, locked.submitted_at = by, timezone.now()
    locked.save()
    if ask_again(locked):
        moved(locked, VersionVerb.START_REVIEW).save(update_fields=["state"])
    send_submitted(locked, by=by)
    return locked


@transaction.atomic
def take_back_version(version: PracticeVersion, *, by: User) -> PracticeVersion:
    """Take a submitted version back to write on, as long as no review has begun."""
    locked = lock_version(version)
    insist(can_take_back_version(by, locked))
    # Whoever reviewed what was submitted before has not read what is written from here on.
    locked.second_look = True
    moved(locked, VersionVerb.TAKE_BACK).save()
    return locked


@transaction.atomic
def discard_version(version: PracticeVersion, *, by: User, reason: str = "") -> PracticeVersion:
    """Give a version up. It stays readable in history; the record stays as it was."""
    locked = lock_version(version)
    insist(can_discard_version(by, locked))
    if reason:
        because(clean_line(reason))
    moved(locked, VersionVerb.DISCARD).save()
    end_reviews(locked)
    return locked


@transaction.atomic
def ask_revision(
    version: PracticeVersion, *, by: User, reason: str, second_look: bool = True, notes: Iterable[int] = ()
) -> PracticeVersion:
    """Send the version back to its writers with what must change. The reason is what they read; it can't be empty.

    `notes`: of which reviews (by id) the notes are passed on to them, without names unless the reviewer agreed to be named.
    `second_look`: whether the reviewers look at what is submitted then; without it their reviews stand.
    """
    locked = lock_version(version)
    insist(can_ask_revision(by, locked))
    reason = clean_text(reason)
    if not reason:
        raise DomainError(_("Say what must change: the city reads it."), code="reason")
    share_notes(locked, notes)
    locked.second_look = second_look
    _decided(moved(locked, VersionVerb.ASK_REVISION), by, reason)
    send_revision(locked, by=by)
    return locked


@transaction.atomic
def publish_version(
    version: PracticeVersion,
    *,
    by: User,
    decision: str = "",
    unreviewed_because: str = "",
    minor: bool | None = None,
    notes: Iterable[int] = (),
    at: datetime.datetime | None = None,
) -> Practice:
    """Write the version over its record and make it public. It counts as confirmed by its city on that day.

    With fewer than two reviews it needs a reason, `unreviewed_because`, which is kept with it (DomainError `unreviewed`):
    small networks have no peers for everything. Whoever still reviews it is told that it is over. `minor` overrules what
    the city said of it; `notes`: of which reviews the notes are passed on to the city; `at`: when it became public elsewhere,
    before it came here (now unless said).
    """
    hold_concepts(sections_of(version))
    locked = lock_version(version)
    insist(can_publish_version(by, locked))
    reason = _reason_without_review(locked, unreviewed_because)
    practice, sections = locked.practice, sections_of(locked)
    now = at or timezone.now()
    share_notes(locked, notes)
    end_reviews(locked)
    locked.unreviewed_because = reason
    locked.minor = locked.minor if minor is None else minor
    practice.state = State.PUBLISHED
    practice.published_at = practice.published_at or now
    moved(locked, VersionVerb.PUBLISH).published_at = now
    _decided(locked, by, clean_text(decision))
    # After the version is published: its reviews count from here on.
    apply_sections(practice, sections)
    note_verification(practice, VerificationKind.PUBLISHED, by=by, on=timezone.localdate(now))
    send_published(locked, by=by)
    return practice


def insist_on_room(section: Section, rows: Sequence[Any]) -> None:
    """DomainError `rows` where a section takes fewer rows than these."""
    if len(rows) > section.most:
        text = _("“%(section)s” takes at most %(most)d rows.") % {"section": section.title, "most": section.most}
        raise DomainError(text, code="rows")


def section_named(key: str) -> Section:
    """The section of that name. DomainError `section` where there is none."""
    if key not in BY_KEY:
        raise DomainError(_("The form has no such section."), code="section")
    return BY_KEY[key]


def sections_of(version: PracticeVersion) -> dict[str, dict[str, Any]]:
    """A version's sections by name."""
    return dict(VersionSection.objects.filter(version=version).order_by().values_list("section", "data"))


def lock_for_writing(version: PracticeVersion, *, by: User) -> PracticeVersion:
    """The version's row, locked. DomainError where `by` may not write it, or nobody may now."""
    rows = PracticeVersion.objects.select_for_update(of=("self",)).select_related("practice__city")
    locked = rows.get(pk=version.pk)
    insist(can_write_version(by, locked))
    return locked


def _reason_without_review(version: PracticeVersion, said: str) -> str:
    """Why the version is published with fewer than two reviews; nothing where it has them."""
    if is_reviewed(version):
        return ""
    reason = clean_text(said)
    if not reason:
        raise DomainError(
            _("It has not been reviewed by two peers. Say why it is published without: the reason is kept with it."),
            code="unreviewed",
        )
    because(reason)
    return reason


def _decided(version: PracticeVersion, by: User, decision: str) -> PracticeVersion:
    version.decision, version.decided_by, version.decided_at = decision, by, timezone.now()
    version.save()
    return version


def _next_number(practice: Practice) -> int:
    return (practice.record_versions.aggregate(last=Max("number"))["last"] or 0) + 1


def _begun(practice: Practice, by: User) -> PracticeVersion:
    version = PracticeVersion(
        practice=practice,
        number=_next_number(practice),
        language=practice.original_language,
        base=practice.version,
        started_by=by,
    )
    return _save_with_sections(version, by)


def _save_with_sections(version: PracticeVersion, by: User | None) -> PracticeVersion:
    version.save(force_insert=True)
    said = snapshot(version.practice)
    VersionSection.objects.bulk_create(
        VersionSection(version=version, section=section.key, data=said[section.key], updated_by=by)
        for section in SECTIONS
    )
    return version


def _name_draft(version: PracticeVersion, key: str, data: Mapping[str, Any]) -> None:
    """A practice that was never public is called in lists what its version is called."""
    practice = version.practice
    if key == "about" and practice.state == State.DRAFT and data["title"]:
        title = {f"title_{version.language}": str(data["title"])[:200]}
        Practice.objects.filter(pk=practice.pk).update(**title, updated_at=timezone.now())
