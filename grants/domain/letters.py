"""Letters of a fund's staff to the people who write drafts, whose addresses and names stay unknown to them."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from grants.enums import State
from grants.messages import send_letter
from grants.models import Application, Round, RoundLetter
from grants.queries.letters import draft_writers
from grants.rules.applications import WRITERS
from grants.rules.funds import can_manage_round
from network.doors import DomainError, insist
from network.people.models import User
from network.text import clean_line, clean_text

MOST_A_DAY = 3


@transaction.atomic
def write_to_drafts(round_: Round, *, subject: str, body: str, by: User, at: datetime) -> RoundLetter:
    """Send a letter to every owner and editor of a draft in the round, once each; returns it with how many they are.

    DomainError: not allowed; `subject` or `body` empty or too long; nobody has a draft; or MOST_A_DAY were sent already,
    so that a round's applicants are not written to without end.
    """
    locked = Round.objects.select_for_update(of=("self",)).select_related("fund").get(pk=round_.pk)
    insist(can_manage_round(by, locked))
    subject, body = clean_line(subject), clean_text(body)
    if not subject or len(subject) > 120:
        raise DomainError(_("Write what the letter is about."), code="subject")
    if not body or len(body) > 5_000:
        raise DomainError(_("Write the letter."), code="body")
    if RoundLetter.objects.filter(round=locked, sent_at__gt=at - timedelta(days=1)).count() >= MOST_A_DAY:
        raise DomainError(_("Three letters went out within a day. Write the next one tomorrow."), code="limit")
    people = list(draft_writers(locked).order_by("id"))
    if not people:
        raise DomainError(_("Nobody has an unsent draft in this round."), code="nobody")
    letter = RoundLetter(round=locked, subject=subject, body=body, sent_by=by, sent_at=at, people=len(people))
    letter.save()
    drafts = Application.objects.filter(round=locked, state=State.DRAFT, members__role__in=WRITERS)
    of_person = dict(drafts.order_by("-id").values_list("members__user_id", "opaque_id"))
    for person in people:
        send_letter(letter, person, of_person[person.pk])
    return letter
