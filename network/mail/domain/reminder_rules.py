"""When people are reminded of deadlines: rules that staff add, change, switch on and off, and remove while unused.

A rule that changes keeps its identity: whom it has reminded of a deadline it does not remind of the same one again.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import time

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from network.audit.context import because
from network.deadlines import DEADLINES
from network.doors import DomainError, insist
from network.mail.models import ReminderRule
from network.mail.rules.staff import can_remove_rule, can_set_reminders
from network.people.models import User
from network.text import clean_line

MOST_DAYS = 365
MOST_HOURS = 720
# Clocks are put forward and back in these hours: such a time comes twice in a night, or not at all.
CLOCKS_CHANGE = time(1), time(3)


@dataclass(frozen=True)
class RuleData:
    """What a rule says: of which deadline, whom, with which text, and when. `days_before` goes with `at_local`, on the

    clock of the deadline's place; `hours_before` stands alone.
    """

    deadline: str
    audience: str
    message: str
    days_before: int | None = None
    at_local: time | None = None
    hours_before: int | None = None


def problems(data: RuleData) -> dict[str, str]:
    """What is wrong with a rule: field -> sentence; empty where it can stand."""
    found: dict[str, str] = {}
    kind = DEADLINES.get(data.deadline)
    if kind is None:
        found["deadline"] = _("There is no such deadline.")
    else:
        if data.audience not in kind.audiences:
            found["audience"] = _("These people have nothing to do with that deadline.")
        if data.message not in {message.kind for message in kind.messages}:
            found["message"] = _("This text does not fit that deadline.")
    return found | _wrong_moment(data)


def _wrong_moment(data: RuleData) -> dict[str, str]:
    days, at, hours = data.days_before, data.at_local, data.hours_before
    if days is None and hours is None:
        return {"days_before": _("Say how many days or hours before.")}
    if days is not None and hours is not None:
        return {"hours_before": _("Say days or hours, not both.")}
    if hours is not None:
        if not 1 <= hours <= MOST_HOURS:
            return {"hours_before": _("Between 1 and %(most)s hours.") % {"most": MOST_HOURS}}
        return {"at_local": _("A time goes with days, not with hours.")} if at is not None else {}
    assert days is not None
    found = {}
    if not 0 <= days <= MOST_DAYS:
        found["days_before"] = _("Between 0 and %(most)s days.") % {"most": MOST_DAYS}
    if at is None:
        found["at_local"] = _("Say at what time of that day.")
    elif CLOCKS_CHANGE[0] <= at <= CLOCKS_CHANGE[1]:
        found["at_local"] = _(
            "Not between 01:00 and 03:00: in the night when clocks change, this time comes twice or not at all."
        )
    return found


def _checked(data: RuleData) -> RuleData:
    """The rule as it is kept: to the minute. Refuses with the first problem, the field as its code."""
    for field, sentence in problems(data).items():
        raise DomainError(sentence, code=field)
    return replace(data, at_local=data.at_local.replace(second=0, microsecond=0) if data.at_local else None)


def _write(rule: ReminderRule) -> ReminderRule:
    """Save, refusing the second rule for the same people at the same moment: they would be told twice."""
    try:
        with transaction.atomic():
            rule.save()
    except IntegrityError:
        raise DomainError(_("There is a rule for these people at this moment already."), code="twice") from None
    return rule


def _now(rule: ReminderRule) -> ReminderRule:
    """The rule as it stands, held until the end of the transaction."""
    found = ReminderRule.objects.select_for_update().filter(pk=rule.pk).first()
    if found is None:
        raise DomainError(_("This rule was removed meanwhile."), code="gone")
    return found


@transaction.atomic
def add_rule(data: RuleData, *, by: User) -> ReminderRule:
    """Put a rule in place, switched on. Deadlines that are nearer than it says already are reminded of with the next run."""
    insist(can_set_reminders(by))
    return _write(ReminderRule(**asdict(_checked(data))))


@transaction.atomic
def change_rule(rule: ReminderRule, data: RuleData, *, version: int, by: User) -> ReminderRule:
    """Change whom a rule reminds, when, and with which text. `version` is the rule's as the person saw it.

    Its deadline stays: another deadline is another rule.
    """
    insist(can_set_reminders(by))
    row = _now(rule)
    if row.version != version:
        raise DomainError(_("Somebody changed this rule meanwhile. Look at it again."), code="version")
    if row.deadline != data.deadline:
        raise DomainError(_("A rule keeps its deadline. Add another rule."), code="deadline")
    for name, value in asdict(_checked(data)).items():
        setattr(row, name, value)
    row.version, row.updated_at = row.version + 1, timezone.now()
    return _write(row)


@transaction.atomic
def switch_rule(rule: ReminderRule, *, on: bool, reason: str, by: User) -> ReminderRule:
    """Switch a rule on or off, for a reason. The same again changes nothing."""
    insist(can_set_reminders(by))
    _because(reason)
    row = _now(rule)
    if row.active != on:
        row.active, row.version, row.updated_at = on, row.version + 1, timezone.now()
        row.save(update_fields=["active", "version", "updated_at"])
    return row


@transaction.atomic
def remove_rule(rule: ReminderRule, *, reason: str, by: User) -> None:
    """Remove a rule that never reminded anybody; its history stays. Refuses where it did."""
    _because(reason)
    row = _now(rule)
    insist(can_remove_rule(by, row))
    row.delete()


def _because(reason: str) -> None:
    told = clean_line(reason)
    if not told:
        raise DomainError(_("Give a reason: it is kept in the history."), code="reason")
    because(told)
