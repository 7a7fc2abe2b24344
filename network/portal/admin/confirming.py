"""The yearly confirmation of practices for staff: what is late, asking the city, confirming on its behalf."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy

from network.frame.moments import day_text
from network.people.models import User
from network.portal.admin.levers import Lever
from network.portal.admin.lists import Question
from network.portal.work_queue import Tile, wait_here
from practices.domain.confirming import ask_to_confirm, confirm_practice
from practices.enums import State
from practices.enums.verifying import OVER
from practices.models import Practice
from practices.rules.verifying import NOTE_LIMIT, SOON, can_ask_to_confirm, can_confirm_practice


def overdue(rows: QuerySet) -> QuerySet:
    """Public, and nobody has confirmed it in time."""
    return _public(rows).filter(review_due_on__lt=timezone.localdate())


def due_soon(rows: QuerySet) -> QuerySet:
    """Public, and to be confirmed within 60 days."""
    today = timezone.localdate()
    return _public(rows).filter(review_due_on__range=(today, today + SOON))


def _public(rows: QuerySet) -> QuerySet:
    return rows.filter(state=State.PUBLISHED, city__archived_at__isnull=True)


class AskNowForm(forms.Form):
    """What the city reads when it is asked."""

    note = forms.CharField(
        label=gettext_lazy("What the city reads besides"),
        help_text=gettext_lazy("Why you ask now. It stays in the history."),
        required=False,
        max_length=NOTE_LIMIT,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


def _confirm(practice: Practice, user: User, data: dict[str, Any]) -> None:
    confirm_practice(practice, by=user, note=data["reason"])


QUESTIONS = (
    Question("overdue", gettext_lazy("Not confirmed in time"), overdue),
    Question("due-soon", gettext_lazy("To be confirmed within 60 days"), due_soon),
)
LEVERS = (
    Lever(
        "ask-now",
        gettext_lazy("Ask the city to confirm it now"),
        lambda practice, user, data: ask_to_confirm(practice, by=user, note=data["note"]),
        can_ask_to_confirm,
        idle=lambda practice: practice.state != State.PUBLISHED or practice.running in OVER,
        form=AskNowForm,
        consequence=gettext_lazy("Its officers get a mail that leads to the page “Still true?”, at most once a week."),
        icon="mail",
        many=True,
    ),
    Lever(
        "confirm",
        gettext_lazy("Confirm it for the city"),
        _confirm,
        can_confirm_practice,
        idle=lambda practice: practice.state != State.PUBLISHED or practice.running in OVER,
        consequence=gettext_lazy("It counts as verified today, by you for the city. Say in the reason how you know."),
        icon="check",
    ),
)


def confirmation_words(practice: Practice) -> str:
    """Both dates in words; nothing where it was never public."""
    if practice.verified_on is None:
        return ""
    verified = day_text(practice.verified_on)
    if practice.review_due_on is None:
        return verified
    due = day_text(practice.review_due_on)
    return _("Last verified %(verified)s, to be confirmed by %(due)s.") % {"verified": verified, "due": due}


wait_here(
    Tile(
        Practice,
        "overdue",
        gettext_lazy("Practices not confirmed in time"),
        gettext_lazy("Ask the city, or confirm for it"),
        position=52,
    )
)
