"""Making publications: the job's side. One is made at a time on the whole portal, so memory stays that of one.

The truth is in the row: whoever makes a version holds its token while the lease lasts, renews it at every step and sees there
that it was cancelled. One whose worker was killed is given back when its lease is over (`take_up`), up to three times. Running
twice does no harm: a version that is made, or that somebody else is making, is left alone.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import logging
import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from django.utils.translation import override

from network.audit.context import because
from network.jobs import enqueue
from network.kept_files import sweep_strays
from network.locks import hold_lock
from network.typesetting import TypesettingError, page_count
from practices.documents.entries import Entry, entry_of
from practices.documents.publication import Cover, chapters_of, content, fitted, publication_pdf
from practices.domain.publications import JOB
from practices.enums import MAKING, MakingFault, MakingState, MakingVerb
from practices.models import PublicationVersion
from practices.models.publications import storage_name
from practices.queries.publications import publisher_name, sheet_detail, slugs_of

log = logging.getLogger(__name__)
LEASE = timedelta(minutes=3)
MOST_ATTEMPTS = 3
LOCK = "practices.publishing"
# Percent of the work that is done when all practices are read, and when all are measured.
READ, MEASURED = 40, 75
# Practices read between two steps.
STEP = 5
# Days that files of publications nobody keeps are kept, and files without a row.
KEEP, KEEP_STRAYS = timedelta(days=30), timedelta(days=1)
FOLDER = "publications"


class Stopped(Exception):
    """The version is no longer ours to make: cancelled, or taken up by somebody else."""


@dataclass(frozen=True)
class Made:
    """What came out: the PDF, the words it was made of, how many practices stand in it and how many were left out."""

    pdf: bytes
    told: dict[str, Any]
    practices: int
    left_out: int


def make_publication(version_id: int) -> bool:
    """Make the version, if it waits and nothing else is being made; whether it was. The next one is woken afterwards."""
    version = _claimed(version_id)
    if version is None:
        return False
    try:
        made = _made(version)
        done = made is not None and _finish(version, made)
        if made is None:
            _fail(version, MakingFault.EMPTY)
    except Stopped:
        done = False
    except TypesettingError:
        log.exception("publication version %s can't be set", version_id)
        done = _fail(version, MakingFault.TYPESETTING)
    except SoftTimeLimitExceeded:
        log.exception("publication version %s took too long", version_id)
        done = _fail(version, MakingFault.TOO_LONG)
    except Exception:
        log.exception("publication version %s failed", version_id)
        done = _fail(version, MakingFault.ERROR)
    _wake_next()
    return done


def _claimed(version_id: int) -> PublicationVersion | None:
    """The version with a new lease, if it waits and no other is being made."""
    now = timezone.now()
    with transaction.atomic():
        hold_lock(LOCK)
        if PublicationVersion.objects.filter(state=MakingState.RUNNING, lease_until__gt=now).exists():
            return None
        rows = PublicationVersion.objects.select_for_update(of=("self",)).select_related("publication")
        version = rows.filter(pk=version_id, state=MakingState.QUEUED).first()
        if version is None:
            return None
        version.state = MAKING[MakingState.QUEUED][MakingVerb.START]
        version.token, version.lease_until = uuid.uuid4(), now + LEASE
        version.attempts += 1
        version.progress = 0
        version.save(update_fields=["state", "token", "lease_until", "attempts", "progress"])
    return version


def _step(version: PublicationVersion, progress: int) -> None:
    """Tell how far it is and renew the lease. Raises Stopped where it is no longer ours."""
    ours = PublicationVersion.objects.filter(pk=version.pk, state=MakingState.RUNNING, token=version.token)
    if not ours.update(progress=progress, lease_until=timezone.now() + LEASE):
        raise Stopped


def _made(version: PublicationVersion) -> Made | None:
    """All the work, in the document's language; None where no practice of it is public any more."""
    code, origin = version.language, settings.KOINE_BASE_URL
    with override(code):
        own = _entries(version, origin)
        chapters = chapters_of(own, version.chapters, version.words_language, code)
        entries = [entry for chapter in chapters for entry in chapter.entries]
        if not entries:
            return None
        ordered = len(version.practice_ids)
        cover = Cover(
            title=version.title,
            subtitle=version.subtitle,
            note=version.cover_note,
            foreword=version.foreword,
            language=version.words_language,
            publisher=publisher_name(version, code),
            opaque_id=version.publication.opaque_id,
            number=version.number,
            ordered=ordered,
        )
        told = content(cover, chapters, code, origin, timezone.localdate())
        count = len(entries)
        sheets = fitted(
            [entry.sheet for entry in entries],
            lambda measured: _step(version, READ + (MEASURED - READ) * measured // count),
        )
        pdf = publication_pdf(told, sheets)
    _step(version, 99)
    return Made(pdf, told, count, ordered - count)


def _entries(version: PublicationVersion, origin: str) -> list[tuple[str, list[Entry]]]:
    """The practices that are public, by the plan's chapters. Those that vanish meanwhile are left out."""
    slugs = slugs_of(version.practice_ids)
    wanted, read = max(1, len(version.practice_ids)), 0
    found = []
    for chapter in version.plan:
        entries = []
        for pk, comment in chapter["practices"]:
            shown = sheet_detail(slugs[pk], version.language) if pk in slugs else None
            if shown is not None:
                entries.append(entry_of(shown, comment, version.words_language, version.language, origin))
            read += 1
            if read % STEP == 0:
                _step(version, READ * read // wanted)
        found.append((chapter["title"], entries))
    return found


def _finish(version: PublicationVersion, made: Made) -> bool:
    """Keep the files, and say so in the row if it is still ours; else throw them away."""
    file = default_storage.save(storage_name(version, ""), ContentFile(made.pdf))
    words = gzip.compress(json.dumps(made.told, ensure_ascii=False).encode(), mtime=0)
    told = default_storage.save(storage_name(version, ""), ContentFile(words))
    ours = PublicationVersion.objects.filter(pk=version.pk, state=MakingState.RUNNING, token=version.token)
    done = ours.update(
        state=MAKING[MakingState.RUNNING][MakingVerb.FINISH],
        file=file,
        size=len(made.pdf),
        sha256=hashlib.sha256(made.pdf).hexdigest(),
        content=told,
        pages=page_count(made.pdf),
        practices=made.practices,
        left_out=made.left_out,
        progress=100,
        ended_at=timezone.now(),
        token=None,
        lease_until=None,
    )
    if not done:
        default_storage.delete(file)
        default_storage.delete(told)
    return bool(done)


def _fail(version: PublicationVersion, fault: str) -> bool:
    """Say why nothing came out, if it is still ours to say; always False."""
    ours = PublicationVersion.objects.filter(pk=version.pk, state=MakingState.RUNNING, token=version.token)
    ours.update(
        state=MAKING[MakingState.RUNNING][MakingVerb.FAIL],
        fault=fault,
        ended_at=timezone.now(),
        token=None,
        lease_until=None,
    )
    return False


def _wake_next() -> int:
    """Queue the job of the version that has waited longest; how many wait."""
    waiting = list(
        PublicationVersion.objects.filter(state=MakingState.QUEUED).order_by("id").values_list("pk", flat=True)
    )
    if waiting:
        enqueue(JOB, version_id=waiting[0])
    return len(waiting)


def take_up() -> int:
    """The minute's run: what a killed worker left behind is given back, or given up after three times, and the next one is
    woken. How many were left behind."""
    now = timezone.now()
    with transaction.atomic():
        hold_lock(LOCK)
        left = PublicationVersion.objects.select_for_update(of=("self",)).filter(
            state=MakingState.RUNNING, lease_until__lte=now
        )
        behind = list(left.order_by("id"))
        for version in behind:
            lost = version.attempts >= MOST_ATTEMPTS
            version.state = MAKING[MakingState.RUNNING][MakingVerb.FAIL if lost else MakingVerb.GIVE_BACK]
            version.fault = MakingFault.LOST if lost else ""
            version.ended_at = now if lost else None
            version.token = version.lease_until = None
            version.save(update_fields=["state", "fault", "ended_at", "token", "lease_until"])
            if lost:
                log.error("publication version %s was begun %s times and never finished", version.pk, version.attempts)
        if not PublicationVersion.objects.filter(state=MakingState.RUNNING).exists():
            _wake_next()
    return len(behind)


def sweep_publications() -> int:
    """Remove the files of versions that nobody keeps, some weeks after they were made, and stray files without a row. The
    versions stay and say that their files are gone. How many files were removed."""
    limit, swept = timezone.now() - KEEP, 0
    old = PublicationVersion.objects.filter(
        state=MakingState.READY, ended_at__lt=limit, publication__saved_at__isnull=True
    ).order_by("id")
    for pk in list(old.values_list("pk", flat=True)[:500]):
        swept += _removed(pk)
    rows, strays = PublicationVersion.objects.all(), timezone.now() - KEEP_STRAYS
    return swept + sweep_strays(rows, FOLDER, before=strays, fields=("file", "content"))


@transaction.atomic
def _removed(pk: int) -> int:
    """Remove one version's files, unless it is kept by now."""
    rows = PublicationVersion.objects.select_for_update(of=("self", "publication")).select_related("publication")
    version = rows.filter(pk=pk, state=MakingState.READY, publication__saved_at__isnull=True).first()
    if version is None:
        return 0
    because("Nobody kept it")
    names = [str(version.file.name), str(version.content.name)]
    version.state = MAKING[MakingState.READY][MakingVerb.REMOVE]
    version.file = version.content = ""
    version.save(update_fields=["state", "file", "content"])

    def delete() -> None:
        for name in names:
            default_storage.delete(name)

    transaction.on_commit(delete)
    return len(names)
