"""Planning: what is due becomes a row, once, for whom it concerns, with the newest stage only."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from network.deadlines import Audience
from network.languages import DEFAULT
from network.mail.domain.planning import add_default_rules, plan, tell_moved
from network.mail.models import MailChoice, OutgoingMail, ReminderRule
from network.mail.queries.due import NO_LONGER_TRUE, SWITCHED_OFF
from network.people.models import Organisation, OrganisationMember
from tests.mail.deadlines_for_tests import (
    KIND,
    LAST,
    MOVED,
    SOON,
    mails,
    meeting,  # noqa: F401  (a fixture)
    meets,
    move_to,
    reader,
    rows,
    rule,
    utc,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("meeting")]
# A Monday in winter, at five in the afternoon in London and in UTC.
DUE = "2030-01-14T17:00:00 Europe/London"
SEVEN, THREE = utc("2030-01-07T09:00"), utc("2030-01-11T09:00")
MOMENT = timedelta(seconds=1)


def test_a_row_says_who_what_when_and_until_when():
    nour = reader(zone="Europe/London", preferred_language="ar")
    lamp, week = meets(DUE, nour), rule(7)
    assert plan(KIND, SEVEN - MOMENT) == 0
    assert plan(KIND, SEVEN) == 1
    row = OutgoingMail.objects.get()
    assert row.key == f"deadline:tests.meeting:{lamp.pk}:r{week.pk}:u{nour.pk}:{DUE}"
    assert (row.kind, row.klass, row.status, row.error) == (SOON.kind, "reminder", "queued", "")
    assert (row.recipient, row.to_email, row.to_domain, row.to_name) == (nour, nour.email, "example.org", "Nour")
    assert (row.language, row.context, row.attempts, row.held_for) == ("ar", {}, 0, "")
    assert (row.deadline, row.subject_id, row.due, row.rule) == (KIND.name, lamp.pk, DUE, week)
    assert (row.next_try_at, row.not_after) == (SEVEN, utc("2030-01-14T17:00"))


def test_the_same_again_plans_nothing():
    meets(DUE, reader())
    rule(7)
    assert [plan(KIND, SEVEN), plan(KIND, SEVEN), plan(KIND, THREE)] == [1, 0, 0]


def test_after_a_downtime_of_sixty_hours_only_the_newest_stage_comes():
    meets(DUE, reader())
    for days in (7, 6, 5):
        rule(days)
    newest = rule(hours=24 * 4, message=LAST.kind)
    assert plan(KIND, SEVEN + timedelta(hours=60) - MOMENT) == 1
    assert OutgoingMail.objects.get().rule.days_before == 5
    assert plan(KIND, utc("2030-01-10T17:00")) == 1
    assert mails()[-1].rule == newest


def test_nothing_for_a_deadline_that_passed_a_rule_that_is_off_or_an_account_that_is_closed():
    closed = reader("closed")
    lamp = meets(DUE, reader(), closed)
    type(closed).objects.filter(pk=closed.pk).update(is_active=False)
    week = rule(7)
    assert plan(KIND, utc("2030-01-14T17:00")) == 0
    ReminderRule.objects.update(active=False)
    assert plan(KIND, SEVEN) == 0
    ReminderRule.objects.update(active=True, audience="nobody")
    assert plan(KIND, SEVEN) == 0
    ReminderRule.objects.update(audience="members", message="tests.unknown")
    assert plan(KIND, SEVEN) == 0
    ReminderRule.objects.update(message=week.message)
    Organisation.objects.update(source="")
    assert plan(KIND, SEVEN) == 0
    Organisation.objects.filter(pk=lamp.pk).update(source=DUE)
    assert plan(KIND, SEVEN) == 1


def test_each_audience_has_its_own_newest_stage():
    owner, editor = reader("owner"), reader("editor")
    lamp = meets(DUE, editor)
    lamp.members.through.objects.create(organisation=lamp, user=owner, role="owner")
    rule(7)
    rule(6, audience="owners", message=LAST.kind)
    assert plan(KIND, SEVEN + timedelta(days=1)) == 3
    assert {(row.recipient.display_name, row.kind) for row in mails()} == {
        ("Owner", SOON.kind),
        ("Owner", LAST.kind),
        ("Editor", SOON.kind),
    }


def test_who_switched_it_off_finds_it_in_the_portal_and_mandatory_texts_go_out_all_the_same():
    nour = reader()
    meets(DUE, nour)
    rule(7)
    rule(3, message=LAST.kind)
    for message in (SOON, LAST):
        MailChoice.objects.create(user=nour, kind=message.kind, by_mail=False)
    assert plan(KIND, SEVEN) == 0
    assert plan(KIND, THREE) == 1
    assert [(row.status, row.error) for row in mails()] == [("superseded", SWITCHED_OFF), ("queued", "")]


def test_who_switched_it_on_again_is_reminded():
    nour = reader()
    meets(DUE, nour)
    rule(7)
    MailChoice.objects.create(user=nour, kind=SOON.kind, by_mail=True)
    assert plan(KIND, SEVEN) == 1


def test_a_zone_nobody_knows_is_logged_and_costs_the_others_nothing(caplog):
    meets("2030-01-14T17:00:00 Europe/Londn", reader(), slug="lost")
    meets(DUE, reader("ali", zone="Mars/Olympus"), slug="found")
    rule(7)
    assert plan(KIND, SEVEN) == 1
    assert OutgoingMail.objects.get().to_name == "Ali"
    assert "Europe/Londn" in caplog.text


def test_queries_that_find_nothing_by_themselves_plan_nothing():
    meets(DUE, reader())
    rule(7)
    nobody = Audience("Nobody", lambda: OrganisationMember.objects.none().values_list("organisation_id", "user_id"))
    assert plan(replace(KIND, audiences={"members": nobody}), SEVEN) == 0
    assert plan(replace(KIND, rows=lambda: rows().none()), SEVEN) == 0
    assert plan(KIND, SEVEN) == 1


def test_one_statement_however_many_deadlines():
    people = [reader(f"p{n}") for n in range(3)]
    rule(7)
    counts = []
    for start in (0, 5):
        for n in range(start, start + 5):
            meets(DUE, *people, slug=f"m{n}")
        with CaptureQueriesContext(connection) as queries:
            assert plan(KIND, SEVEN) == 15
        counts.append(len(queries))
    assert counts == [1, 1]


# --- deadlines that move ------------------------------------------------------------------------------------------------------

LATER, EARLIER = "2030-01-21T17:00:00 Europe/London", "2030-01-12T08:00:00 Europe/London"


def told(**fields) -> None:
    """What waits has gone out."""
    OutgoingMail.objects.filter(status="queued").update(status="sent", **fields)


def test_a_deadline_that_moves_later_is_told_once_and_reminded_of_anew():
    lamp = meets(DUE, reader())
    rule(7)
    plan(KIND, SEVEN)
    told()
    move_to(lamp, LATER)
    assert [tell_moved(KIND, SEVEN), tell_moved(KIND, SEVEN), plan(KIND, SEVEN)] == [1, 0, 0]
    row = mails()[-1]
    assert (row.kind, row.klass, row.status, row.due) == (MOVED.kind, "notice", "queued", LATER)
    assert row.key == f"changed:tests.meeting:{lamp.pk}:u{row.recipient_id}:{LATER}:after{mails()[0].pk}"
    told()
    assert tell_moved(KIND, SEVEN) == 0
    assert plan(KIND, SEVEN + timedelta(days=7)) == 1


def test_moved_earlier_past_several_stages_only_the_newest_comes():
    lamp = meets(DUE, reader())
    for days in (7, 3, 1):
        rule(days)
    plan(KIND, SEVEN)
    told()
    move_to(lamp, EARLIER)
    now = utc("2030-01-11T12:00")
    assert (tell_moved(KIND, now), plan(KIND, now)) == (1, 1)
    assert [(row.kind, row.rule and row.rule.days_before) for row in mails()[1:]] == [
        (MOVED.kind, None),
        (SOON.kind, 1),
    ]


def test_there_and_back_and_there_again_tells_every_time_each_once():
    lamp = meets(DUE, reader())
    rule(7)
    plan(KIND, SEVEN)
    for due in (LATER, DUE, LATER):
        told()
        move_to(lamp, due)
        assert [tell_moved(KIND, SEVEN), tell_moved(KIND, SEVEN)] == [1, 0]
    assert [row.due for row in mails()] == [DUE, LATER, DUE, LATER]


def test_who_was_never_told_or_is_no_longer_concerned_is_not_told_of_a_move():
    gone, waits = reader("gone"), reader("waits")
    lamp = meets(DUE, gone, waits)
    rule(7)
    plan(KIND, SEVEN)
    OutgoingMail.objects.filter(recipient=gone).update(status="sent")
    lamp.members.remove(gone)
    move_to(lamp, LATER)
    assert tell_moved(KIND, SEVEN) == 0


@pytest.mark.parametrize("status", ["sent", "inflight", "uncertain"])
def test_what_may_have_gone_out_counts_as_told_also_in_a_digest(status):
    nour = reader()
    lamp = meets(DUE, nour)
    rule(7)
    plan(KIND, SEVEN)
    digest = OutgoingMail.objects.create(key="d", kind="mail.digest", klass="reminder", status=status, recipient=nour)
    OutgoingMail.objects.filter(deadline=KIND.name).update(status="superseded", digest=digest)
    move_to(lamp, LATER)
    assert tell_moved(KIND, SEVEN) == 1


def test_who_had_it_in_the_portal_only_gets_the_news_there_only():
    nour = reader()
    lamp = meets(DUE, nour)
    rule(7)
    MailChoice.objects.create(user=nour, kind=SOON.kind, by_mail=False)
    plan(KIND, SEVEN)
    move_to(lamp, LATER)
    assert tell_moved(KIND, SEVEN) == 0
    assert [(row.kind, row.error) for row in mails()] == [(SOON.kind, SWITCHED_OFF), (MOVED.kind, SWITCHED_OFF)]
    assert tell_moved(KIND, SEVEN) == 0
    assert len(mails()) == 2


def test_what_was_given_up_because_it_moved_is_planned_anew_when_it_moves_back():
    lamp = meets(DUE, reader())
    rule(7)
    plan(KIND, SEVEN)
    OutgoingMail.objects.update(status="superseded", error=NO_LONGER_TRUE)
    assert [plan(KIND, SEVEN), plan(KIND, SEVEN)] == [1, 0]
    assert mails()[-1].key == f"{mails()[0].key}:again{mails()[0].pk}"
    told()
    move_to(lamp, LATER)
    tell_moved(KIND, SEVEN)
    OutgoingMail.objects.filter(kind=MOVED.kind).update(status="superseded", error=NO_LONGER_TRUE)
    assert [tell_moved(KIND, SEVEN), tell_moved(KIND, SEVEN)] == [1, 0]


# --- rules that a portal begins with ---------------------------------------------------------------------------------------------


def test_a_kind_without_rules_gets_its_apps_and_switching_off_stays():
    add_default_rules()
    assert [(r.days_before, r.hours_before, r.message) for r in ReminderRule.objects.order_by("id")] == [
        (7, None, SOON.kind),
        (None, 3, LAST.kind),
    ]
    ReminderRule.objects.filter(hours_before=3).delete()
    ReminderRule.objects.update(active=False)
    add_default_rules()
    assert [r.active for r in ReminderRule.objects.all()] == [False]


def test_an_account_with_the_default_language_gets_it():
    meets(DUE, reader())
    rule(7)
    plan(KIND, SEVEN)
    assert OutgoingMail.objects.get().language == DEFAULT
