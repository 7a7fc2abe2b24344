"""Applications that came on paper: staff type them in, for somebody else and marked as such."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext, gettext_lazy as _

from grants.domain.drafts import begin_draft, insist_on_room
from grants.domain.people import invite_person
from grants.domain.rounds import hold_closing
from grants.domain.walls import at_local
from grants.enums import ApplicationRole, Moment
from grants.models import Application, Extension, Round
from grants.rules.funds import can_manage_round
from grants.rules.rounds import moment_of
from network.audit.context import because
from network.doors import DomainError, insist
from network.people.domain.directory import register_on_behalf
from network.people.domain.organisations import OrganisationData
from network.people.models import Organisation, User

# How long after its round has closed paper may still be typed in, and how long the typing may take.
LATEST, TO_TYPE = timedelta(days=14), timedelta(days=14)


@dataclass(frozen=True)
class Paper:
    """What staff know before they type: when it arrived, on clocks in the round's zone; who applies (one that is registered,
    or what is needed to register it); and an address that is invited to own the application, where there is one."""

    arrived: datetime
    organisation: Organisation | None = None
    new: OrganisationData | None = None
    email: str = ""
    language: str = "en"


@transaction.atomic
def enter_paper(round_: Round, paper: Paper, *, by: User, at: datetime) -> Application:
    """Begin the draft of an application that came on paper. The organisation's people and whoever is invited read it; `by`
    alone types and sends it, so that nobody gets more time by having been on paper.

    It can be typed and sent for TO_TYPE, whatever the round's closing; the version that is sent then has the moment at
    which the paper arrived, and from then on it closes with its round. DomainError: `by` does not run the fund; the paper arrived in the future, before the round
    opened or after its grace (arrived); it closed more than LATEST ago (closed); no organisation (organisation); as
    `start_application` for what the organisation may send; as `invite_person` for the address.
    """
    hold_closing(round_)
    insist(can_manage_round(by, round_))
    arrived = at_local(paper.arrived, round_.timezone)
    if arrived > at:
        raise DomainError(_("This moment is still to come."), code="arrived")
    match moment_of(round_, arrived):
        case Moment.UPCOMING:
            raise DomainError(_("The round was not open yet when this arrived."), code="arrived")
        case Moment.CLOSED:
            raise DomainError(_("The round was closed when this arrived, so it came too late."), code="arrived")
    if at > round_.closes_at + LATEST:
        raise DomainError(_("The round has closed more than 14 days ago."), code="closed")
    organisation = paper.organisation
    if organisation is None:
        if paper.new is None:
            raise DomainError(_("Say who applies."), code="organisation")
        organisation = register_on_behalf(paper.new)
    locked = Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
    if locked.archived_at is not None:
        raise DomainError(_("This organisation is not kept any more."), code="organisation")
    insist_on_room(round_, locked)
    because(gettext("came on paper"))
    until = max(round_.closes_at, at + TO_TYPE)
    application = begin_draft(round_, locked, by=by, at=at, on_paper_at=arrived, entered_by=by, extended_until=until)
    Extension(
        application=application, until=until, reason=gettext("came on paper"), granted_by=by, granted_at=at
    ).save()
    if paper.email:
        invite_person(application, email=paper.email, role=ApplicationRole.OWNER, language=paper.language, by=by, at=at)
    return application
