"""Answers of an earlier application of the same organisation, taken over into a draft where nothing is written yet."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from grants.domain.drafts import lock_for_writing, save_section, start_application
from grants.enums import FieldKind, State
from grants.models import Application, Attachment, EligibilityCheck, Round
from grants.models.questions import Question
from grants.queries.answers import draft_answers
from grants.rules.answers import is_empty, layout
from grants.rules.applications import can_view_application
from grants.rules.reuse import fitted
from network.doors import DomainError, insist
from network.people.models import Organisation, User
from network.scanner import Scan


@dataclass
class TakenOver:
    """The questions whose answer came over, and those whose earlier answer did not fit here."""

    taken: list[Question] = field(default_factory=list)
    unfit: list[Question] = field(default_factory=list)


@transaction.atomic
def take_over(application: Application, source: Application, *, by: User, at: datetime) -> TakenOver:
    """Answer what is not answered yet as `source` did: same question, same kind. Nothing that is written is overwritten.

    What was sent counts, of a draft what stands in it. Files come over where they are known to be clean. DomainError as
    `save_section`; denied where `by` may not read the source; source where another organisation wrote it.
    """
    locked = lock_for_writing(application, by=by, at=at)
    insist(can_view_application(by, source))
    if source.organisation_id != locked.organisation_id or source.pk == locked.pk:
        raise DomainError(_("Choose an earlier application of the same organisation."), code="source")
    earlier = {one.key: one for section in layout(source.form) for one in section.questions}
    answers, files = _answers_of(source), _files_of(source)
    done = TakenOver()
    there = {file.field for file in locked.attachments.filter(removed_at__isnull=True)}
    rows = {row.section: row for row in locked.answers.all()}
    for section in layout(locked.form):
        row = rows[section.key]
        data = dict(row.data)
        for question in section.written:
            if question.key not in earlier or not is_empty(question, data.get(question.key)):
                continue
            given = answers.get(question.key)
            answer = fitted(question, earlier[question.key], given, locked.round.fund)
            if answer is not None:
                data[question.key] = answer
                done.taken.append(question)
            elif given and question.kind != FieldKind.DECLARATION:
                done.unfit.append(question)
        if data != row.data:
            save_section(locked, section.key, data, revision=row.revision, by=by, at=at)
        for question in section.files:
            if question.key not in there and (file := files.get(question.key)):
                (done.taken if _copied(locked, file, by=by, at=at) else done.unfit).append(question)
    return done


def _answers_of(source: Application) -> dict[str, Any]:
    version = source.current_version
    sent = version is not None and source.state not in {State.DRAFT, State.LAPSED}
    sections = version.answers if sent and version is not None else draft_answers(source)
    return {key: answer for data in sections.values() for key, answer in data.items()}


def _files_of(source: Application) -> dict[str, Attachment]:
    version = source.current_version
    if version is not None and source.state not in {State.DRAFT, State.LAPSED}:
        rows = source.attachments.filter(uuid__in=[file["uuid"] for file in version.files])
    else:
        rows = source.attachments.filter(removed_at__isnull=True)
    return {file.field: file for file in rows.order_by("id")}


def _copied(application: Application, file: Attachment, *, by: User, at: datetime) -> bool:
    """Keep the same bytes as a file of this application; False where it is not known to be clean, or its bytes are gone."""
    if file.scan != Scan.CLEAN or not file.file.storage.exists(str(file.file.name)):
        return False
    same = ("field", "name", "size", "sha256", "mime", "scan")
    copy = Attachment(
        application=application,
        uploaded_by=by,
        uploaded_at=at,
        **{name: getattr(file, name) for name in same},
    )
    with file.file.open("rb") as content:
        copy.file.save(file.name, File(content), save=False)
    copy.save()
    return True


@transaction.atomic
def start_like(
    round_: Round,
    organisation: Organisation,
    source: Application,
    *,
    by: User,
    at: datetime,
    eligibility: EligibilityCheck | None = None,
) -> tuple[Application, TakenOver]:
    """Begin a draft with the answers of an earlier application. DomainError as `start_application` and `take_over`."""
    application = start_application(round_, organisation, by=by, at=at, eligibility=eligibility)
    return application, take_over(application, source, by=by, at=at)
