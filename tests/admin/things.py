"""Records for the admin's tests that need more than one verb."""

from __future__ import annotations

import datetime
import itertools

from django.utils import timezone

from grants.domain import rounds as round_verbs
from grants.domain.submission import submit_application
from grants.models import Application, Round
from network.deadlines import DEADLINES
from network.mail.enums import Status
from network.mail.models import BouncedAddress, MailPause, OutgoingMail, ReminderRule
from network.membership.models import Network
from practices.domain.themes import create_theme
from practices.enums import Maturity
from practices.enums.reviews import Criterion
from practices.models import Concept, Label, LabelKind, Practice, PracticeVersion
from tests.grants import builders

_numbers = itertools.count(1)


def sent_application(round_: Round) -> Application:
    """An application that was sent to the round."""
    number = next(_numbers)
    if not round_.forms.exists():
        round_verbs.publish_form(round_, builders.SECTIONS, by=builders.operator())
        builders.add_questions(round_)
    amina = builders.person(f"Amina{number}")
    organisation = builders.organisation(amina, slug=f"lantern-yard-{number}")
    application = builders.complete(builders.draft(amina, round_, organisation), by=amina)
    submit_application(application, by=amina, at=timezone.now())
    application.refresh_from_db()
    return application


def mail(status: str = Status.FAILED, kind: str = "grants.receipt", **fields) -> OutgoingMail:
    """A mail in the outbox, in that state."""
    to = {"to_email": "amina@people.example", "to_name": "Amina", "language": "en"}
    told = {"key": f"test:{next(_numbers)}", "klass": "notice", **to, **fields}
    return OutgoingMail.objects.create(kind=kind, status=status, **told)


def rule(**fields) -> ReminderRule:
    """A rule of the first kind of deadline there is, its hours before counted up from 100 so that each is another moment."""
    kind = next(iter(DEADLINES.values()))
    moment = {} if "days_before" in fields else {"hours_before": 100 + next(_numbers) % 600}
    told = {"deadline": kind.name, "audience": next(iter(kind.audiences)), "message": kind.messages[0].kind}
    return ReminderRule.objects.create(**{**told, **moment, **fields})


def bounced(**fields) -> BouncedAddress:
    """An address whose server takes nothing for it."""
    told = {"email": f"gone{next(_numbers)}@people.example", "code": "5.1.1", "diagnostic": "550 5.1.1 user unknown"}
    return BouncedAddress.objects.create(**{**told, **fields})


def ended_pause(operator) -> MailPause:
    """A pause of all mail that is over."""
    return MailPause.objects.create(
        reason="Server moves", started_by=operator, ended_by=operator, ended_at=timezone.now()
    )


def label(practice: Practice, network: Network, day: datetime.date | None = None) -> Label:
    """A label of the network on the practice, as it stands on record: for two years from that day (today) on."""
    first = day or timezone.localdate()
    kind, _made = LabelKind.objects.get_or_create(
        slug=f"label-of-{network.slug}", defaults={"network": network, "name_en": f"Label of {network}"}
    )
    points = dict.fromkeys(Criterion.values, 4)
    days = {"awarded_on": first, "valid_from": first, "valid_until": first + datetime.timedelta(days=730)}
    return Label.objects.create(
        practice=practice, kind=kind, maturity=Maturity.GOOD, reviewers=2, reviewed_on=first, **days, **points
    )


def theme(operator) -> Concept:
    """A theme of the library."""
    return create_theme(f"theme-{next(_numbers)}", {"en": "Welcome"}, by=operator)


def version(practice: Practice, state: str = "submitted", **fields) -> PracticeVersion:
    """A version of the practice that its city submitted."""
    told = {"language": practice.original_language, "submitted_at": timezone.now(), **fields}
    number = practice.record_versions.count() + 1
    return PracticeVersion.objects.create(practice=practice, number=number, state=state, **told)
