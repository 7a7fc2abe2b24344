"""Who may do what with an application. Whether it is the time for it is the domain's question."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from grants.enums import ApplicationRole, State
from grants.models import Application, ApplicationMember, Comment
from grants.rules.funds import can_manage_fund
from grants.rules.rounds import accepts
from network.doors import Allowed, Denied, Verdict
from network.people.enums import MemberRole
from network.people.models import Organisation, OrganisationMember, User
from network.people.rules.organisations import has_verified_address

NOTED = "_noted_role"
WRITERS = {ApplicationRole.OWNER, ApplicationRole.EDITOR}
TO_CHANGE = {State.DRAFT, State.SUBMITTED}
# To which staff may give more time: nobody has judged them yet.
EXTENDABLE = {*TO_CHANGE, State.LAPSED, State.SCREENING}
FOR_ORGANISATION = (MemberRole.OWNER, MemberRole.EDITOR)


def role_in(user: User, application: Application) -> str | None:
    """The person's role in the application; None for everybody else.

    A page that loaded the application through the person's membership has noted the role (`note_role`) and spares the
    query; a verb that locked the row reads it anew.
    """
    noted = getattr(application, NOTED, None)
    if noted and noted[0] == user.pk:
        return str(noted[1])
    return (
        ApplicationMember.objects.filter(application=application, user_id=user.pk)
        .values_list("role", flat=True)
        .first()
    )


def note_role(application: Application, user: User, role: str) -> None:
    """Remember on this loaded object what the person is in it."""
    setattr(application, NOTED, (user.pk, role))


def can_view_application(user: User, application: Application) -> Verdict:
    """Its members may read it. Staff have their own pages."""
    return Allowed() if role_in(user, application) else Denied(_("Only its members see this application."))


def is_being_typed(application: Application, user: User) -> bool:
    """Whether it came on paper and somebody else is still typing it in: what arrived in time is then nobody's to change."""
    waiting = application.on_paper_at is not None and application.current_version_id is None
    return waiting and application.entered_by_id not in {None, user.pk}


SENT = _(
    "This application is sent. Until the deadline its owner can press “Change it again”, and send it once more afterwards."
)
TYPED = _(
    "It came on paper, and the fund’s staff are typing it in. Once it is sent you can change it until the round closes."
)


def can_edit_application(user: User, application: Application) -> Verdict:
    """Its owners and editors, whatever state it is in."""
    if role_in(user, application) in WRITERS:
        return Allowed()
    return Denied(_("You may read this application, but not change it. Ask its owner."))


def can_write_application(user: User, application: Application) -> Verdict:
    """Owners and editors write, while it is a draft; what came on paper, until it is sent, only who types it in."""
    if isinstance(reader := can_edit_application(user, application), Denied):
        return reader
    if application.state == State.SUBMITTED:
        return Denied(SENT)
    if application.state != State.DRAFT:
        return Denied(_("This application is no draft any more, so it can’t be changed."))
    return Denied(TYPED) if is_being_typed(application, user) else Allowed()


def can_own_application(user: User, application: Application) -> Verdict:
    """Sending, changing again and withdrawing are its owners' business; of what came on paper, until it is sent, only of who

    types it in."""
    if role_in(user, application) != ApplicationRole.OWNER:
        return Denied(_("Only the owner of the application can do this."))
    return Denied(TYPED) if is_being_typed(application, user) else Allowed()


def can_remove_person(user: User, member: ApplicationMember) -> Verdict:
    """May this person take that member out? Owners, and everyone themselves. (The last owner stays: the verb's business.)"""
    if user.is_authenticated and member.user_id == user.pk:
        return Allowed()
    return can_own_application(user, member.application)


def can_view_comment(user: User, comment: Comment) -> Verdict:
    """The application's rule, asked for a comment on it: members read, answer and settle."""
    return can_view_application(user, comment.application)


def can_delete_comment(user: User, comment: Comment) -> Verdict:
    """Everyone deletes what they wrote themselves."""
    if comment.author_id is not None and comment.author_id == user.pk:
        return Allowed()
    return Denied(_("Only who wrote a comment can delete it."))


def is_open_to_change(application: Application, at: datetime) -> bool:
    """Whether its members may still change something of it: a draft, or what was sent and can be changed again."""
    return application.state in TO_CHANGE and accepts(application, at)


def can_extend_application(user: User, application: Application) -> Verdict:
    """Whoever runs the fund gives its applications more time, and sees when they were tried to be sent."""
    return can_manage_fund(user, application.round.fund)


def can_apply_for(user: User, organisation: Organisation) -> Verdict:
    """Owners and editors of an organisation may apply in its name, once their address is confirmed."""
    if not has_verified_address(user):
        return Denied(_("Confirm your e-mail address first: we sent you a link."))
    member = OrganisationMember.objects.filter(organisation=organisation, user=user, role__in=FOR_ORGANISATION)
    if organisation.archived_at is None and member.exists():
        return Allowed()
    return Denied(_("You can apply only for an organisation of which you are an owner or editor."))
