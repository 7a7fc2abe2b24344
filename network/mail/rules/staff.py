"""Who may move, hold back and let go of mail, and who decides when people are reminded."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from network.doors import Allowed, Denied, Verdict
from network.mail.models import OutgoingMail, ReminderRule
from network.outgoing import KINDS
from network.people.rules.roles import is_operator


def can_run_mail(user: Any, thing: Any = None) -> Verdict:
    """Operators of the portal, and nobody else."""
    return Allowed() if is_operator(user) else Denied(_("Only operators of the portal move mail."))


def can_set_reminders(user: Any, rule: ReminderRule | None = None) -> Verdict:
    """Operators of the portal, and nobody else."""
    return Allowed() if is_operator(user) else Denied(_("Only operators of the portal set reminders."))


def can_remove_rule(user: Any, rule: ReminderRule) -> Verdict:
    """A rule that ever reminded somebody stays: mails and history speak of it. So does the last one of a deadline."""
    verdict = can_set_reminders(user, rule)
    if not verdict:
        return verdict
    if OutgoingMail.objects.filter(rule=rule).exists():
        return Denied(_("It has reminded people. Switch it off instead."))
    if not ReminderRule.objects.filter(deadline=rule.deadline).exclude(pk=rule.pk).exists():
        # A kind of deadline without any rule is given those that its app begins with.
        return Denied(_("It is the only rule of this deadline. Switch it off instead."))
    return verdict


def is_text_gone(mail: OutgoingMail) -> bool:
    """Whether the portal can't make this mail's text again: its secret was wiped after sending, or its kind is gone."""
    kind = KINDS.get(mail.kind)
    return kind is None or (kind.secret and not mail.context)
