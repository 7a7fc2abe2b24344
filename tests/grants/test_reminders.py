"""Reminders before a round closes: at each of the four stages, to whom an unfinished draft belongs, in their words."""

from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from grants import deadlines
from grants.domain.extending import extend_application
from grants.domain.people import add_member
from grants.domain.rounds import move_closing
from grants.domain.submission import reopen_application, submit_application, withdraw_application
from grants.enums import FundStatus
from grants.models import Application, Round
from network.deadlines import DEADLINES
from network.mail.domain.sending import send_due
from network.mail.domain.ticking import plan_all, tick
from network.mail.models import OutgoingMail
from network.mail.queries.due import NO_LONGER_TRUE
from tests.grants import builders

# A Monday, five in the afternoon in London and in UTC.
CLOSES = datetime(2030, 1, 14, 17, 0, tzinfo=UTC)
STAGES = {
    "7 days": datetime(2030, 1, 7, 9, 0, tzinfo=UTC),
    "3 days": datetime(2030, 1, 11, 9, 0, tzinfo=UTC),
    "24 hours": CLOSES - timedelta(hours=24),
    "3 hours": CLOSES - timedelta(hours=3),
}
MINUTE = timedelta(minutes=1)


@contextmanager
def clock(moment):
    """Python's clock stands at that moment."""
    with time_machine.travel(moment, tick=False):
        yield


@pytest.fixture(autouse=True)
def new_year(db):
    """What a test sets up happens on New Year's Day, while the round is open."""
    with clock(datetime(2030, 1, 1, 12, 0, tzinfo=UTC)):
        yield


@pytest.fixture
def open_round(new_year):
    return builders.round_of(builders.fund(), closes=CLOSES, max_per_organisation=2)


@pytest.fixture
def applicant(new_year):
    return builders.person("Amina", time_zone="Asia/Beirut", preferred_language="ar")


@pytest.fixture
def editor(applicant, draft):
    """Writes in the draft, in London and in English."""
    made = builders.person("Bilal", time_zone="Europe/London")
    add_member(draft, made, "editor")
    return made


def ticked_now(moment) -> list[mail.EmailMultiAlternatives]:
    """The mails of one tick."""
    before = len(mail.outbox)
    with clock(moment):
        tick(moment)
    return mail.outbox[before:]


def ticked(moment) -> list[mail.EmailMultiAlternatives]:
    """The mails of the tick at that moment; the minute before it nothing was due."""
    assert ticked_now(moment - MINUTE) == []
    return ticked_now(moment)


def addresses(mails) -> list[str]:
    return sorted(one.to[0].rpartition("<")[2].strip("<>") for one in mails)


def html_of(sent) -> str:
    return sent.alternatives[0][0]


# --- when and whom ----------------------------------------------------------------------------------------------------


def test_each_stage_reminds_the_owner_and_the_editor_once_and_no_viewer(applicant, editor, draft):
    viewer = builders.person("Vera")
    add_member(draft, viewer, "viewer")
    builders.person("Sam")
    for moment in STAGES.values():
        assert addresses(ticked(moment)) == [applicant.email, editor.email]
        with clock(moment + MINUTE):
            assert tick(moment + MINUTE) == 0
    assert OutgoingMail.objects.filter(kind="grants.round_closes", status="sent").count() == 8
    with clock(CLOSES):
        assert tick(CLOSES) == 0


def test_a_new_portal_begins_with_four_rules(draft):
    tick(STAGES["7 days"] - MINUTE)
    kind = DEADLINES["grants.round_closes"]
    rules = [(rule.days, rule.at and f"{rule.at:%H:%M}", rule.hours) for rule in kind.rules]
    assert rules == [(7, "09:00", None), (3, "09:00", None), (None, None, 24), (None, None, 3)]
    assert {message.mandatory for message in kind.messages} == {False}
    assert kind.moved.mandatory


@pytest.mark.parametrize(
    "happens",
    ["sent", "sent and reopened", "withdrawn", "unpublished", "fund hidden", "account closed", "not open yet"],
)
def test_nobody_is_reminded_of_what_needs_nothing_from_them(applicant, draft, happens):
    now = datetime(2030, 1, 1, 12, 0, tzinfo=UTC)
    round_ = draft.round
    match happens:
        case "sent":
            submit_application(builders.complete(draft, by=applicant), by=applicant, at=now)
        case "sent and reopened":
            submit_application(builders.complete(draft, by=applicant), by=applicant, at=now)
            reopen_application(draft, by=applicant, at=now)
        case "withdrawn":
            withdraw_application(draft, reason="We merge", by=applicant, at=now)
        case "unpublished":
            Round.objects.update(published=False)
        case "fund hidden":
            type(round_.fund).objects.update(status=FundStatus.DRAFT)
        case "account closed":
            type(applicant).objects.update(is_active=False)
        case "not open yet":
            Round.objects.update(opens_at=CLOSES - MINUTE)
    mail.outbox.clear()
    with clock(STAGES["3 days"]):
        tick(STAGES["3 days"])
        assert not [one for one in mail.outbox if "Closes" in one.subject]
        with pytest.raises(LookupError):
            deadlines.describe(round_.pk, applicant.pk)
    assert not OutgoingMail.objects.filter(kind="grants.round_closes").exists()


def test_after_a_downtime_one_reminder_comes_and_not_two(draft):
    assert len(ticked(STAGES["7 days"])) == 1
    with clock(STAGES["24 hours"] + 2 * MINUTE):
        plan_all(STAGES["24 hours"] + 2 * MINUTE)
    # Four days without a tick: a person lets them go. What is planned is the newest stage alone.
    assert list(OutgoingMail.objects.filter(status="held").values_list("rule__hours_before", flat=True)) == [24]


# --- what it says -----------------------------------------------------------------------------------------------------


def test_each_person_reads_it_in_their_language_and_on_their_clock(applicant, editor, draft):
    builders.write(draft, "project", {"title": "Neighbours at one table"}, by=applicant)
    hers, his = sorted(ticked_now(STAGES["3 days"]), key=lambda one: one.to)
    assert "الصندوق المشترك" in hers.subject
    assert "19:00" in hers.body
    assert f"/ar/applications/{draft.opaque_id}/" in hers.body
    assert 'dir="rtl"' in html_of(hers)
    assert his.subject == "Closes Mon 14 Jan 2030, 17:00 London: your draft for Shared Fund"
    assert "Closes: Mon 14 Jan 2030, 17:00 London\n" in his.body
    assert "3 days to go" in his.body
    assert f"/en/applications/{draft.opaque_id}/" in his.body
    assert "Lantern Yard: Neighbours at one table" in his.body
    assert "Nothing is sent until the owner of the draft sends it." in his.body
    assert f'href="http://127.0.0.1:8000/en/applications/{draft.opaque_id}/"' in html_of(his)
    assert "List-Unsubscribe" in his.message()


def test_the_owner_is_told_that_nothing_is_sent_until_they_send_it(applicant, draft):
    applicant.preferred_language = "en"
    applicant.save()
    (sent,) = ticked_now(STAGES["24 hours"])
    for words in (sent.body, html_of(sent)):
        assert "Nothing is sent until you send it." in words
        assert "a draft without a title" in words
        assert "19:00 your time" in words


def test_several_drafts_in_a_round_are_one_mail_that_lists_them_all(editor, draft, open_round):
    other = builders.organisation(editor, slug="market-keepers")
    second = builders.draft(editor, open_round, other)
    builders.write(second, "project", {"title": "Stalls & <b>songs</b>"}, by=editor)
    sent = {addresses([one])[0]: one for one in ticked_now(STAGES["3 hours"])}
    his = sent[editor.email]
    assert len(sent) == 2
    assert "Market Keepers: Stalls & <b>songs</b>" in his.body
    assert "Lantern Yard: a draft without a title" in his.body
    assert "Stalls &amp; &lt;b&gt;songs&lt;/b&gt;" in html_of(his)
    for one in (draft, second):
        assert f"/en/applications/{one.opaque_id}/" in his.body
    assert "/en/desk/" in html_of(his)
    assert "Nothing is sent until the owner of the draft sends it." in his.body


def test_reminders_of_four_rounds_at_once_are_one_mail(applicant, draft, open_round):
    for number in range(3):
        other = builders.round_of(builders.fund(f"fund-{number}"), closes=CLOSES)
        builders.draft(applicant, other, draft.organisation)
    (sent,) = ticked(STAGES["7 days"])
    assert sent.body.count("الصندوق المشترك") == 4
    assert sent.body.count("/ar/applications/") == 4


@pytest.mark.parametrize("drafts", [1, 3])
def test_it_costs_the_same_for_one_draft_and_for_three(applicant, open_round, drafts):
    for number in range(drafts):
        builders.draft(applicant, open_round, builders.organisation(applicant, slug=f"ngo-{number}"))
    with CaptureQueriesContext(
        connection,
    ) as told:
        assert len(deadlines.describe(open_round.pk, applicant.pk)["drafts"]) == drafts
    assert len(told) == 2
    with CaptureQueriesContext(connection) as asked:
        assert list(deadlines.rows()) == [(open_round.pk, datetime(2030, 1, 14, 17, 0), "Europe/London")]  # noqa: DTZ001
        assert list(deadlines.people()) == [(open_round.pk, applicant.pk)]
    assert len(asked) == 2


def test_the_wall_time_is_the_rounds_own_in_summer_too(open_round):
    Round.objects.update(closes_at=datetime(2030, 7, 1, 16, 0, tzinfo=UTC))
    assert next(iter(deadlines.rows()))[1:] == (datetime(2030, 7, 1, 17, 0), "Europe/London")  # noqa: DTZ001


def test_staff_read_which_round_it_is(open_round):
    kind = DEADLINES["grants.round_closes"]
    assert kind.name_of(open_round.pk) == "Shared Fund: First round"
    assert kind.name_of(0) == ""


def test_a_zone_that_the_database_does_not_know_stops_nobody_elses_reminder(applicant, draft, caplog):
    strange = builders.round_of(builders.fund("strange"), closes=CLOSES)
    Round.objects.filter(pk=strange.pk).update(timezone="Europe/Atlantis")
    assert addresses(ticked(STAGES["7 days"])) == [applicant.email]
    assert "Europe/Atlantis" in caplog.text


# --- moved ------------------------------------------------------------------------------------------------------------


def moved(round_, closes, at):
    with clock(at):
        round_.refresh_from_db()
        return move_closing(round_, builders.wall(closes), reason="The form was down", by=builders.operator())


def test_an_extended_round_tells_those_who_were_reminded_and_reminds_anew(applicant, editor, draft, open_round):
    ticked(STAGES["7 days"])
    late = builders.person("Chloe")
    add_member(draft, late, "editor")
    week = timedelta(days=7)
    moved(open_round, CLOSES + week, STAGES["7 days"] + 2 * MINUTE)
    told = ticked_now(STAGES["7 days"] + 3 * MINUTE)
    assert addresses(told) == [applicant.email, editor.email]
    his = next(one for one in told if editor.email in one.to[0])
    assert his.subject == "Your round has been extended: Shared Fund"
    assert "The time you were told before: Mon 14 Jan 2030, 17:00 London" in his.body
    assert "Closes: Mon 21 Jan 2030, 17:00 London" in his.body
    assert "List-Unsubscribe" not in his.message()
    assert ticked_now(STAGES["7 days"] + 4 * MINUTE) == []
    again = ticked(STAGES["7 days"] + week)
    assert addresses(again) == [applicant.email, editor.email, late.email]
    assert "Mon 21 Jan 2030" in next(one for one in again if late.email in one.to[0]).subject


def test_a_round_that_closes_earlier_says_so_and_reminds_of_the_newest_stage_only(applicant, editor, draft, open_round):
    at = STAGES["7 days"]
    ticked(at)
    moved(open_round, at + timedelta(hours=20), at + 2 * MINUTE)
    told = [one for one in ticked_now(at + 3 * MINUTE) if editor.email in one.to[0]]
    assert {one.subject for one in told} == {
        "Closes Tue 8 Jan 2030, 05:00 London: your draft for Shared Fund",
        "Your round closes earlier: Shared Fund",
    }
    assert OutgoingMail.objects.filter(rule__hours_before=24).count() == 2
    assert not OutgoingMail.objects.filter(rule__days_before=3).exists()


def test_a_move_in_the_middle_of_a_tick_sends_nothing_that_is_no_longer_true(draft, open_round):
    at = STAGES["7 days"]
    with clock(at):
        plan_all(at)
    assert OutgoingMail.objects.get().status == "queued"
    moved(open_round, CLOSES + timedelta(days=7), at)
    with clock(at):
        assert send_due() == 0
    row = OutgoingMail.objects.get()
    assert (row.status, row.error) == ("superseded", NO_LONGER_TRUE)
    assert ticked_now(at + MINUTE) == []


def test_a_draft_that_is_sent_between_planning_and_sending_is_not_reminded_of(applicant, draft):
    at = STAGES["3 hours"]
    with clock(at - MINUTE):
        builders.complete(draft, by=applicant)
    with clock(at):
        plan_all(at)
        submit_application(Application.objects.get(), by=applicant, at=at)
        send_due()
    assert [one.subject for one in mail.outbox if "14 Jan" in one.subject] == []
    assert OutgoingMail.objects.get(kind="grants.round_closes").error == NO_LONGER_TRUE


def test_time_that_is_given_again_is_told_in_one_mail_to_each_of_them(applicant, editor, draft):
    """Also to those who were reminded of the time it had before."""
    add_member(draft, builders.person("Vera"), "viewer")
    by, until = builders.operator(), CLOSES + timedelta(days=5)
    # The rule of three days, nine in the morning of each of them.
    reminded = datetime(2030, 1, 16, 9, 0, tzinfo=UTC)
    for moment, end, reason in (
        (reminded - timedelta(hours=3), until, "No line"),
        (reminded + MINUTE, until + timedelta(days=2), "Still no line"),
    ):
        with clock(moment):
            extend_application(draft, builders.wall(end), reason=reason, by=by, at=moment)
        told = ticked_now(moment + MINUTE)
        assert addresses(told) == [applicant.email, editor.email]
        assert all(reason in one.body for one in told)
        if moment < reminded:
            assert addresses(ticked_now(reminded)) == [applicant.email, editor.email]
