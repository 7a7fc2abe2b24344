"""What the pages of an application show, and what a person's desk says about applications."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext as _

from grants.enums import ApplicationRole, Moment, Outcome, State
from grants.models import (
    AnswerSection,
    Application,
    ApplicationMember,
    Attachment,
    EligibilityCheck,
    EligibilityCriterion,
    Extension,
    Round,
)
from grants.models.questions import Question, Section, say
from grants.queries.answers import (
    ShownSection,
    draft_answers,
    draft_files,
    file_note,
    section_url,
    shown_sections,
)
from grants.queries.comments import comments_link, open_counts
from grants.rules.answers import Problem, is_empty, layout, problems_of
from grants.rules.applications import FOR_ORGANISATION, note_role
from grants.rules.asked import asked_of
from grants.rules.rounds import accepts, moment_for
from network.people.desk import DeskItem
from network.people.models import Organisation, User
from network.scanner import Scan

Item = dict[str, Any]
WITH = ("application__round__fund", "application__organisation", "application__form", "application__current_version")
# An application's own columns, for where those of what it points to are not all read.
OWN_FIELDS = tuple(field.name for field in Application._meta.concrete_fields)
# Drafts become urgent on the desk this long before their deadline.
URGENT_HOURS = 72


def get_application(user: Any, opaque_id: str) -> Application:
    """The application this person is a member of, with round, fund, organisation and form. Http404 for all others."""
    member = get_object_or_404(
        ApplicationMember.objects.select_related(*WITH), user_id=user.pk, application__opaque_id=opaque_id
    )
    note_role(member.application, user, member.role)
    return member.application


def get_for_saving(user: Any, opaque_id: str) -> Application:
    """The same without what is not asked every few seconds: funds, rounds and organisations have columns in fourteen
    languages, and forms are known. Http404 as above."""
    member = get_object_or_404(
        ApplicationMember.objects.select_related("application__form").only(
            "role", *(f"application__{name}" for name in OWN_FIELDS), "application__form__published_at"
        ),
        user_id=user.pk,
        application__opaque_id=opaque_id,
    )
    note_role(member.application, user, member.role)
    return member.application


def get_section(user: Any, opaque_id: str, section: str) -> tuple[Application, Section]:
    """An application and one section of its form. Http404 where there is none, or for others than its members."""
    application = get_application(user, opaque_id)
    return application, written_section(application, section)


def written_section(application: Application, key: str) -> Section:
    """A section that people write in. Http404 where the form has none of that name."""
    for one in layout(application.form):
        if one.key == key and one.written:
            return one
    raise Http404


def get_file_question(user: Any, opaque_id: str, field: str) -> tuple[Application, Question]:
    """An application and one of its questions for files. Http404 as above."""
    application = get_application(user, opaque_id)
    for section in layout(application.form):
        for question in section.files:
            if question.key == field:
                return application, question
    raise Http404


def get_attachment(user: Any, opaque_id: str, uuid: Any) -> tuple[Application, Attachment]:
    """A file of the draft or of a version that was sent. Http404 for removed ones, and where it is not clean."""
    application = get_application(user, opaque_id)
    attachment = get_object_or_404(Attachment, application=application, uuid=uuid, scan=Scan.CLEAN)
    sent = {file["uuid"] for file in (application.current_version.files if application.current_version else ())}
    if attachment.removed_at is not None and str(attachment.uuid) not in sent:
        raise Http404
    return application, attachment


def section_rows(application: Application) -> dict[str, AnswerSection]:
    """All stored answers by section, with who wrote them last. One query."""
    return {row.section: row for row in application.answers.select_related("updated_by")}


def current_file(application: Application, field: str) -> Attachment | None:
    """The draft's file for a question."""
    return application.attachments.filter(field=field, removed_at__isnull=True).first()


@dataclass(frozen=True)
class ApplicationPage:
    """An application's own page: a task list while it can be written, otherwise a report of where it is.

    `stage` is writing, late (the deadline passed before it was sent), sent, screening or withdrawn.
    """

    application: Application
    stage: str
    role: str
    tasks: list[Item]
    ready: bool
    closing: bool

    @property
    def may_write(self) -> bool:
        return self.stage == "writing" and self.role != ApplicationRole.VIEWER

    @property
    def has_empty(self) -> bool:
        """Whether a section is there in which nothing was written."""
        return any(task["state"] == "todo" for task in self.tasks)

    @property
    def owns(self) -> bool:
        return self.role == ApplicationRole.OWNER


def stage_of(application: Application, at: datetime) -> str:
    """Which page an application shows at a moment."""
    match application.state:
        case State.DRAFT:
            return "writing" if accepts(application, at) else "late"
        case State.LAPSED:
            return "late"
        case State.SUBMITTED:
            return "sent"
        case _:
            return str(application.state)


def application_page(user: User, application: Application, role: str, at: datetime) -> ApplicationPage:
    """The page's content; four queries while it is written."""
    stage = stage_of(application, at)
    tasks: list[Item] = []
    ready = False
    if stage == "writing":
        tasks, ready = _tasks(application)
    closing = moment_for(application, at) == Moment.GRACE
    return ApplicationPage(application, stage, role, tasks, ready, closing)


def _tasks(application: Application) -> tuple[list[Item], bool]:
    code = get_language() or "en"
    answers, files = draft_answers(application), draft_files(application)
    sections = layout(application.form)
    comments = open_counts(application)
    problems = problems_of(sections, answers, files, application.round)
    missing: dict[str, list[Problem]] = {}
    for problem in problems:
        missing.setdefault(problem.section, []).append(problem)
    asked = asked_of(sections, answers)
    tasks = []
    for section in sections:
        task: Item = {"name": say(section.title, code), "hint": say(section.help, code)}
        task["more"] = comments_link(application, section.key, comments.get(section.key, 0))
        if any(one.key in asked for one in section.questions):
            task["url"] = section_url(application, section)
            task["state"] = _task_state(
                section, asked, answers.get(section.key, {}), files, missing.get(section.key, [])
            )
        else:
            task |= {"url": "", "state": "blocked", "word": _("Not needed, by your answers")}
        tasks.append(task)
    return tasks, not problems


def _task_state(
    section: Section, asked: frozenset[str], data: Item, files: dict[str, Attachment], problems: list[Problem]
) -> str:
    begun = any(not is_empty(one, data.get(one.key)) for one in section.written if one.key in asked) or any(
        one.key in files for one in section.files if one.key in asked
    )
    if any(problem.code not in {"missing", "pending"} for problem in problems):
        return "error"
    if problems:
        return "started" if begun else "todo"
    optional = not any(one.required for one in section.questions if one.key in asked)
    return "done" if begun or not optional else "todo"


@dataclass(frozen=True)
class CheckPage:
    """All answers before they are sent: the sections in words, and what is missing with the address to put it right."""

    sections: list[ShownSection]
    problems: list[Item]


def check_page(application: Application, role: str) -> CheckPage:
    """The check page's content, for writers with links to change each answer. Two queries."""
    answers, files = draft_answers(application), draft_files(application)
    problems = problems_of(layout(application.form), answers, files, application.round)
    papers = {key: {"name": file.name, "note": file_note(file)} for key, file in files.items()}
    return CheckPage(
        shown_sections(application, answers, papers, changeable=role != ApplicationRole.VIEWER),
        [{"text": problem.text, "url": problem_url(application, problem)} for problem in problems],
    )


def problem_url(application: Application, problem: Problem) -> str:
    """Where a problem is put right; there the page marks what is missing too."""
    for section in layout(application.form):
        for question in section.questions:
            if question.key == problem.field and not question.written:
                return reverse("grants:file", args=[application.opaque_id, question.key])
    page = reverse("grants:section", args=[application.opaque_id, problem.section])
    return f"{page}?check=1#id_a-{problem.field}"


def neighbours(application: Application, key: str, asked: frozenset[str]) -> tuple[int, int, str]:
    """Which section this is (counting from 1), of how many that ask something, and the address of the next one (nothing
    after the last)."""
    sections = [one for one in layout(application.form) if one.key == key or any(q.key in asked for q in one.questions)]
    keys = [section.key for section in sections]
    place = keys.index(key)
    following = section_url(application, sections[place + 1]) if place + 1 < len(keys) else ""
    return place + 1, len(keys), following


def file_item(application: Application, file: Attachment | None) -> list[Item]:
    """A file as the piece `upload_field` takes it; a link only where it may be opened."""
    if file is None:
        return []
    url = reverse("grants:download", args=[application.opaque_id, file.uuid]) if file.scan == Scan.CLEAN else ""
    remove = reverse("grants:file_remove", args=[application.opaque_id, file.field])
    return [{"name": file.name, "size": file.size, "url": url, "remove_url": remove, "note": file_note(file)}]


def downloads(application: Application) -> list[Item]:
    """The files to open beside the answers as they are read: of the version that was sent, otherwise of the draft."""
    if application.current_version and application.state not in {State.DRAFT, State.LAPSED}:
        files = [(file["name"], file["size"], file["uuid"]) for file in application.current_version.files]
    else:
        clean = [file for file in draft_files(application).values() if file.scan == Scan.CLEAN]
        files = [(file.name, file.size, file.uuid) for file in clean]
    return [
        {"name": name, "size": size, "url": reverse("grants:download", args=[application.opaque_id, uuid])}
        for name, size, uuid in files
    ]


def extension_in_force(application: Application, at: datetime) -> Extension | None:
    """The time that staff gave this application beyond its round, while it lasts. One query where there may be some."""
    until = application.extended_until
    return application.extensions.first() if until and at < until == application.closes_at else None


def late_attempt(application: Application) -> datetime | None:
    """When the last press of "Send application" arrived too late; None where nobody tried."""
    late = application.attempts.filter(outcome=Outcome.LATE).order_by("-id").first()
    return late.received_at if late else None


# --- before there is an application -----------------------------------------------------------------------------------


def organisations_of(user: User) -> list[Organisation]:
    """The organisations this person may apply for."""
    return list(
        Organisation.objects.filter(
            memberships__user=user, memberships__role__in=FOR_ORGANISATION, archived_at__isnull=True
        ).order_by("slug")
    )


def applications_in(user: User, round_: Round) -> list[Application]:
    """This person's applications in a round that were not withdrawn."""
    return list(
        Application.objects.visible_to(user)
        .filter(round=round_)
        .exclude(state=State.WITHDRAWN)
        .select_related("organisation")
        .order_by("id")
    )


def eligibility_check(round_: Round, uuid: str | None, user: Any) -> EligibilityCheck | None:
    """The check made in this session, or the signed-in person's last one for the round."""
    checks = EligibilityCheck.objects.filter(round=round_).order_by("-id")
    found = checks.filter(uuid=uuid).first() if uuid else None
    if found is None and user.is_authenticated:
        found = checks.filter(user=user).first()
    return found


def answers_elsewhere(round_: Round, criteria: Sequence[EligibilityCriterion], kept: dict[str, str]) -> dict[str, Any]:
    """What this visitor answered to the same questions of other rounds in this session, the last answer first to count.

    `kept` is {round: check}, both UUIDs. Two queries at most.
    """
    uuids = list(kept.values())[-5:]
    checks = list(EligibilityCheck.objects.filter(uuid__in=uuids).exclude(round=round_).order_by("id")) if uuids else []
    if not checks:
        return {}
    same = {(one.key, one.kind) for one in criteria}
    theirs = EligibilityCriterion.objects.filter(round__in={check.round_id for check in checks})
    shared = {(row[0], row[1]) for row in theirs.values_list("round_id", "key", "kind") if (row[1], row[2]) in same}
    return {
        key: answer
        for check in checks
        for key, answer in check.answers.items()
        if answer is not None and (check.round_id, key) in shared
    }


# --- the desk ---------------------------------------------------------------------------------------------------------


def desk_due(user: User) -> list[DeskItem]:
    """Drafts that can still be sent, with their deadline."""
    now = timezone.now()
    drafts = Application.objects.visible_to(user).filter(state=State.DRAFT)
    rows = drafts.select_related("round__fund", "organisation").order_by("id")
    return [
        DeskItem(
            title=one.title or _("Application to %(fund)s") % {"fund": one.round.fund},
            url=one.get_absolute_url(),
            note=_("Draft of %(organisation)s, not sent yet") % {"organisation": one.organisation},
            moment=one.closes_at,
            urgent=(one.closes_at - now).total_seconds() < URGENT_HOURS * 3600,
            zone=one.round.timezone,
        )
        for one in sorted(rows, key=lambda row: row.closes_at)
        if accepts(one, now)
    ]


def desk_doing(user: User) -> list[DeskItem]:
    """Applications that were sent and are under consideration."""
    sent = Application.objects.visible_to(user).filter(state__in=[State.SUBMITTED, State.SCREENING])
    rows = sent.select_related("round__fund", "organisation").order_by("-changed_at", "-id")
    return [
        DeskItem(
            title=one.title or one.reference,
            url=one.get_absolute_url(),
            note=_("%(reference)s, sent to %(fund)s, under consideration")
            % {"reference": one.reference, "fund": one.round.fund},
        )
        for one in rows
    ]
