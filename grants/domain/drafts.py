"""Drafts: begun once, written by several people, never overwritten unseen."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext_lazy as _, ngettext

from grants.domain.rounds import hold_closing
from grants.enums import ApplicationRole, FormKind, State
from grants.models import (
    AnswerSection,
    Application,
    ApplicationMember,
    EligibilityCheck,
    FormVersion,
    Round,
)
from grants.models.questions import AMOUNT, TITLE, Section
from grants.queries.applications import OWN_FIELDS
from grants.queries.profile import profile_answers
from grants.rules.answers import MAX_CHARACTERS, clean_answer, layout, length_of
from grants.rules.applications import can_apply_for, can_write_application, note_role
from grants.rules.eligibility import failed_keys
from grants.rules.rounds import accepts, can_start_in
from network.doors import Denied, DomainError, insist
from network.numbers import read_number
from network.people.enums import MemberRole
from network.people.models import Organisation, OrganisationMember, User
from network.sections import Saved, replace_section

DEADLINE_PASSED = _("The deadline has passed. Your draft stays readable, but it can’t be changed or sent.")
# What is read of a round while somebody writes: it has a title in fourteen languages.
TIME_FIELDS = ("fund", "opens_at", "closes_at", "grace_seconds")
AS_MEMBER = {
    MemberRole.OWNER: ApplicationRole.OWNER,
    MemberRole.EDITOR: ApplicationRole.EDITOR,
    MemberRole.VIEWER: ApplicationRole.VIEWER,
}


@transaction.atomic
def start_application(
    round_: Round, organisation: Organisation, *, by: User, at: datetime, eligibility: EligibilityCheck | None = None
) -> Application:
    """Begin a draft for the organisation; its owners, editors and viewers become the draft's, and `by` its owner.

    What its profile says is written into the questions that ask for it.

    DomainError where the round is not open at `at`, `by` may not apply for the organisation, the eligibility check is
    missing or was a no, or the organisation has as many applications in this round as it may. Parallel starts for one
    organisation wait for one another, so the count is true.
    """
    hold_closing(round_)
    if isinstance(closed := can_start_in(round_, at), Denied):
        raise DomainError(closed.reason, code="closed")
    locked = Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
    insist(can_apply_for(by, locked))
    check = _eligible(round_, eligibility)
    insist_on_room(round_, locked)
    return begin_draft(round_, locked, by=by, at=at, eligibility=check)


def insist_on_room(round_: Round, organisation: Organisation) -> None:
    """DomainError where the organisation, whose row is held, has as many applications in the round as it may."""
    there = Application.objects.filter(round=round_, organisation=organisation).exclude(state=State.WITHDRAWN).count()
    if there >= round_.max_per_organisation:
        most = round_.max_per_organisation
        raise DomainError(
            ngettext(
                "Your organisation has its application in this round. It may send %(most)d.",
                "Your organisation has its applications in this round. It may send %(most)d.",
                most,
            )
            % {"most": most},
            code="max_per_organisation",
        )


def begin_draft(
    round_: Round,
    organisation: Organisation,
    *,
    by: User,
    at: datetime,
    eligibility: EligibilityCheck | None = None,
    **fields: Any,
) -> Application:
    """Write the draft, its sections and its members. DomainError where the round has no published form. Asks no rule: its
    callers have."""
    form = round_.forms.filter(kind=FormKind.APPLICATION, published_at__isnull=False).order_by("-number").first()
    if form is None:
        raise DomainError(_("The questions of this round are not published yet."), code="form")
    application = Application(
        round=round_,
        organisation=organisation,
        form=form,
        eligibility=eligibility,
        demo=round_.demo,
        created_at=at,
        changed_at=at,
        **fields,
    )
    application.save()
    AnswerSection.objects.bulk_create(
        AnswerSection(
            application=application, section=section.key, data=profile_answers(section, organisation), updated_at=at
        )
        for section in layout(form)
    )
    colleagues = OrganisationMember.objects.filter(organisation=organisation).order_by("id")
    roles = {colleague.user_id: AS_MEMBER[MemberRole(colleague.role)] for colleague in colleagues}
    roles[by.pk] = ApplicationRole.OWNER
    ApplicationMember.objects.bulk_create(
        ApplicationMember(application=application, user_id=user_id, role=role) for user_id, role in roles.items()
    )
    return application


def _eligible(round_: Round, check: EligibilityCheck | None) -> EligibilityCheck | None:
    criteria = list(round_.eligibility.all())
    if not criteria:
        return None
    if check is None or check.round_id != round_.pk:
        raise DomainError(_("Answer the eligibility questions first."), code="eligibility")
    if not {one.key for one in criteria} <= check.answers.keys():
        raise DomainError(_("The eligibility questions have changed. Answer them again."), code="eligibility")
    # By the questions as they stand: before a round opens they may be written anew.
    if not check.eligible or failed_keys(criteria, check.answers):
        raise DomainError(_("By your answers this fund can’t support you. Read why."), code="ineligible")
    return check


def lock_application(application: Application) -> Application:
    """The application's row, locked for the rest of the transaction, with what of its round tells the time."""
    locked = (
        Application.objects.select_for_update(of=("self",))
        .select_related("round")
        .only(*OWN_FIELDS, *(f"round__{name}" for name in TIME_FIELDS))
        .get(pk=application.pk)
    )
    # A form that an application uses never changes: the one that was loaded with it is as good as another.
    if locked.form_id == application.form_id:
        locked.form = application.form
    return locked


def insist_on_writing(locked: Application, *, by: User, at: datetime) -> None:
    """DomainError where `by` may not write in the application, whose row is locked, or it is late."""
    insist(can_write_application(by, locked))
    if not accepts(locked, at):
        raise DomainError(DEADLINE_PASSED, code="closed")


def lock_for_writing(application: Application, *, by: User, at: datetime) -> Application:
    """The application's row, locked for the rest of the transaction. DomainError where `by` may not write, or it is late."""
    locked = lock_application(application)
    insist_on_writing(locked, by=by, at=at)
    return locked


def section_of(form: FormVersion, key: str) -> Section:
    """The form's section of that name. DomainError where there is none."""
    for section in layout(form):
        if section.key == key:
            return section
    raise DomainError(_("The form has no such section."), code="section")


@transaction.atomic
def save_section(
    application: Application, key: str, typed: Mapping[str, Any], *, revision: int, by: User, at: datetime
) -> Saved:
    """Store a section's answers as typed. Nothing is required of a draft, and too many words are stored too.

    `revision` is the one the writer read. Where somebody saved since: StaleSection, unless the stored text is the same
    (an answer that got lost on the way back). Other DomainErrors: not a writer, no draft any more, deadline passed, or
    a text above MAX_CHARACTERS.
    """
    locked = lock_application(application)
    # What the person may do is read beside the answers, in one statement: once the row is held, and asked every few seconds.
    mine = ApplicationMember.objects.filter(application_id=OuterRef("application_id"), user_id=by.pk)
    rows = AnswerSection.objects.filter(application=locked, section=key)
    row = rows.annotate(role_now=Subquery(mine.values("role")[:1])).first()
    if row is not None:
        note_role(locked, by, row.role_now or "")
    insist_on_writing(locked, by=by, at=at)
    section = section_of(locked.form, key)
    assert row is not None, "a draft has a row for each section of its form"
    data = {question.key: clean_answer(question, typed.get(question.key)) for question in section.written}
    if any(length_of(answer) > MAX_CHARACTERS for answer in data.values()):
        raise DomainError(_("This text is too long to be kept. Shorten it to 100,000 characters."), code="too_long")
    if not row.data and not any(data.values()):
        return Saved(row.data, row.revision, row.updated_at)
    saved = replace_section(row, data, revision=revision, by=by, at=at)
    if saved.at != at:
        return saved
    locked.changed_at = at
    if TITLE in data:
        locked.title = str(data[TITLE])[:200]
    if AMOUNT in data:
        amount = read_number(str(data[AMOUNT]))
        locked.amount_requested = amount if amount is not None and 0 <= amount < 10**11 else None
    locked.save(update_fields=["changed_at", "title", "amount_requested"])
    return saved
