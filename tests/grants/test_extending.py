"""More time for one application: one place says until when, everything asks it; and everybody hears of a moved round once."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from grants import deadlines
from grants.domain import extending as verbs
from grants.domain.drafts import save_section
from grants.domain.people import add_member
from grants.domain.rounds import move_closing
from grants.domain.submission import (
    reopen_application,
    settle_closed_rounds,
    submit_application,
    withdraw_application,
)
from grants.enums import Moment, State
from grants.models import Application, Extension, Round
from grants.queries.applications import desk_due
from grants.rules.rounds import accepts, ended, moment_for, running_for
from network.audit.models import AuditEvent
from network.doors import DomainError
from network.mail.documents import compose
from network.mail.models import OutgoingMail
from network.people.enums import RoleKind
from tests.admin.conftest import staff
from tests.grants import builders
from tests.grants.browsing import at
from tests.people.signing import sign_in
from tests.threads import in_threads

CLOSES = datetime(2030, 1, 14, 17, 0, tzinfo=UTC)
UNTIL = datetime(2030, 1, 20, 12, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def refusal(act, *args, **kwargs) -> str:
    with pytest.raises(DomainError) as error:
        act(*args, **kwargs)
    assert str(error.value)
    return error.value.code


@pytest.fixture
def winter(db):
    """It is New Year's Day, noon."""
    with time_machine.travel(datetime(2030, 1, 1, 12, 0, tzinfo=UTC), tick=False) as traveller:
        yield traveller


@pytest.fixture
def open_round(winter):
    return builders.round_of(builders.fund(), closes=CLOSES, max_per_organisation=2)


@pytest.fixture
def manager(open_round):
    return staff(RoleKind.FUND_MANAGER, open_round.fund.uuid, email="manager@fund.example", name="Manager")


def extend(application, until=UNTIL, *, by=None, reason="The line was down", moment=None):
    wall = until if until.tzinfo is None else builders.wall(until)
    return verbs.extend_application(
        application, wall, reason=reason, by=by or builders.operator(), at=moment or timezone.now()
    )


def fresh(application) -> Application:
    return Application.objects.select_related("round__fund", "form", "organisation").get(pk=application.pk)


# --- what open means --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("grace", [0, 180])
@pytest.mark.parametrize("extended", [None, CLOSES - timedelta(days=1), UNTIL])
def test_python_and_sql_say_the_same_at_every_edge(draft, extended, grace):
    Round.objects.update(grace_seconds=grace)
    Application.objects.update(extended_until=extended)
    one = fresh(draft)
    own = UNTIL if extended == UNTIL else CLOSES
    assert one.closes_at == own
    for edge in (one.round.opens_at, CLOSES, UNTIL):
        for shift in (-SECOND, timedelta(0), SECOND):
            moment = edge + shift
            now = moment_for(one, moment)
            assert Application.objects.filter(running_for(moment)).exists() == (now == Moment.OPEN), moment
            assert Application.objects.filter(ended(moment)).exists() == (moment >= own), moment
    late = own + timedelta(seconds=grace)
    assert (accepts(one, late - SECOND), accepts(one, late)) == (True, False)


@pytest.mark.parametrize(("shift", "outcome"), [(-1, "received"), (0, "late"), (1, "late")])
def test_it_is_sent_until_the_second_of_its_own_end(applicant, ready, shift, outcome):
    extend(ready)
    moment = UNTIL + timedelta(seconds=shift)
    if outcome == "late":
        assert refusal(submit_application, ready, by=applicant, at=moment) == "closed"
    else:
        assert submit_application(ready, by=applicant, at=moment).in_grace is False
    assert ready.attempts.get().outcome == outcome


def test_the_grace_follows_the_extension(applicant, ready):
    Round.objects.update(grace_seconds=60)
    extend(ready)
    assert submit_application(ready, by=applicant, at=UNTIL + 59 * SECOND).in_grace


def test_others_are_closed_with_their_round(applicant, ngo, ready, open_round):
    other = builders.draft(applicant, open_round, ngo)
    extend(ready)
    late = CLOSES + SECOND
    save = {"revision": 2, "by": applicant, "at": late}
    assert save_section(ready, "project", {"title": "Later"}, **save).data["title"] == "Later"
    assert refusal(save_section, other, "project", {"title": "x"}, **{**save, "revision": 1}) == "closed"
    assert settle_closed_rounds(late) == {"lapsed": 1, "screening": 0}
    assert (fresh(ready).state, fresh(other).state) == (State.DRAFT, State.LAPSED)
    assert settle_closed_rounds(UNTIL) == {"lapsed": 1, "screening": 0}


def test_what_was_sent_can_be_changed_again_until_its_own_end(applicant, ready):
    submit_application(ready, by=applicant, at=timezone.now())
    extend(ready)
    assert settle_closed_rounds(CLOSES) == {"lapsed": 0, "screening": 0}
    reopen_application(ready, by=applicant, at=CLOSES + SECOND)
    assert settle_closed_rounds(UNTIL) == {"lapsed": 0, "screening": 1}


def test_a_lapsed_draft_is_a_draft_again_and_lapses_again_with_a_mail(applicant, ready, winter):
    winter.move_to(CLOSES + timedelta(hours=1))
    settle_closed_rounds(timezone.now())
    extend(ready)
    assert fresh(ready).state == State.DRAFT
    told = OutgoingMail.objects.get(kind="grants.extended")
    assert (told.recipient_id, told.context["lapsed"], told.context["reason"]) == (
        applicant.pk,
        True,
        "The line was down",
    )
    settle_closed_rounds(UNTIL)
    assert fresh(ready).state == State.LAPSED
    assert OutgoingMail.objects.filter(kind="grants.lapsed").count() == 2


def test_the_newest_extension_counts_and_a_later_round_more(applicant, ready):
    extend(ready)
    extend(ready, UNTIL - timedelta(days=2), reason="Agreed on the phone")
    assert fresh(ready).closes_at == UNTIL - timedelta(days=2)
    assert [one.reason for one in Extension.objects.all()] == ["Agreed on the phone", "The line was down"]
    move_closing(ready.round, builders.wall(UNTIL + timedelta(days=9)), reason="x", by=builders.operator())
    assert fresh(ready).closes_at == UNTIL + timedelta(days=9)


def test_what_can_not_be_extended_is_said(applicant, ready, manager, winter):
    assert refusal(extend, ready, by=applicant) == "denied"
    assert refusal(extend, ready, by=manager, reason=" ") == "reason"
    assert refusal(extend, ready, CLOSES) == "until"
    assert refusal(extend, ready, datetime.fromisoformat("2030-03-31T01:30")) == "imaginary"
    extend(ready, by=manager)
    assert refusal(extend, ready) == "until"
    assert AuditEvent.objects.filter(table="grants_extension").latest("pk").reason == "The line was down"
    winter.move_to(UNTIL + timedelta(days=1))
    assert refusal(extend, ready) == "until"
    withdraw_application(ready, reason="No partner", by=applicant, at=timezone.now())
    assert refusal(extend, ready, UNTIL + timedelta(days=9)) == "state"
    assert fresh(ready).state == State.WITHDRAWN


@pytest.fixture
def screened(applicant, ready, winter):
    """It was sent, its round has closed, and it is in screening."""
    submit_application(ready, by=applicant, at=timezone.now())
    winter.move_to(CLOSES + timedelta(hours=1))
    settle_closed_rounds(timezone.now())
    assert fresh(ready).state == State.SCREENING
    return ready


def test_what_is_in_screening_can_be_changed_and_sent_again_with_more_time(applicant, screened, manager):
    first = fresh(screened).current_version
    now = timezone.now()
    assert refusal(reopen_application, screened, by=applicant, at=now) == "closed"
    assert refusal(extend, screened, by=applicant) == "denied"
    extend(screened, by=manager, reason="The budget does not add up")
    assert fresh(screened).state == State.SUBMITTED, "staff make no draft of what was sent"
    told = OutgoingMail.objects.get(kind="grants.extended")
    assert (told.context["screened"], told.context["lapsed"]) == (True, False)
    assert "What was sent counts" in compose(told).body
    reopen_application(screened, by=applicant, at=now)
    builders.write(screened, "project", {**builders.ANSWERS["project"], "title": "Mended"}, by=applicant, at=now)
    assert fresh(screened).current_version == first, "what was sent counts until it is sent again"
    second = submit_application(screened, by=applicant, at=UNTIL - SECOND)
    assert (second.number, second.answers["project"]["title"]) == (2, "Mended")
    assert settle_closed_rounds(UNTIL) == {"lapsed": 0, "screening": 1}
    assert fresh(screened).current_version == second


def test_its_people_read_until_when_and_why_there_is_more_time(client, applicant, screened):
    sign_in(client, applicant)
    page = at("application", screened.opaque_id)
    assert "You have more time" not in client.get(page).content.decode()
    extend(screened, reason="The budget does not add up")
    sent = client.get(page).content.decode()
    assert "Change it again" in sent
    reopen_application(screened, by=applicant, at=timezone.now())
    again = client.get(page).content.decode()
    for text in (sent, again):
        assert "You have more time" in text
        assert "The budget does not add up" in text
        assert "Closes" in text


@pytest.mark.parametrize("begun", [False, True])
def test_what_is_not_sent_again_goes_back_to_screening_as_it_was(applicant, screened, begun):
    first = fresh(screened).current_version
    extend(screened)
    if begun:
        reopen_application(screened, by=applicant, at=timezone.now())
    assert settle_closed_rounds(UNTIL - SECOND) == {"lapsed": 0, "screening": 0}
    assert settle_closed_rounds(UNTIL) == {"lapsed": 0, "screening": 1}
    assert (fresh(screened).state, fresh(screened).current_version) == (State.SCREENING, first)


def test_staff_give_time_to_what_is_in_screening_on_its_page(client, screened, manager, applicant):
    sign_in(client, manager)
    page = at("application_desk", "shared-fund", screened.round.number, screened.opaque_id)
    assert "It is in screening. With more time its owner can change it" in client.get(page).content.decode()
    assert client.post(page, {"until": "2030-01-20T12:00", "reason": "A file is torn"}).status_code == 302
    sign_in(client, applicant)
    assert "20 Jan 2030, 12:00" in client.get(at("receipt", screened.opaque_id)).content.decode()
    assert client.get(at("reopen", screened.opaque_id)).status_code == 200
    withdraw_application(screened, reason="No partner", by=applicant, at=timezone.now())
    sign_in(client, manager)
    shown = client.get(page).content.decode()
    assert "It was withdrawn for good. While the round is open its organisation can begin another one." in shown
    assert "Give it more time" not in shown
    assert client.post(page, {"until": "2030-01-21T12:00", "reason": "x"}).status_code == 400


def extended_while_settling(draft):
    """Give it more time at the moment at which its round closes and is settled by two at once: the extension stands."""
    closed, by = draft.round.closes_at, builders.operator()
    until = (closed + timedelta(days=3)).replace(hour=12, minute=0, second=0)
    acts = [
        lambda: settle_closed_rounds(closed),
        lambda: extend(draft, until, by=by, moment=closed),
        lambda: settle_closed_rounds(closed),
    ]
    results = in_threads(3, lambda n: acts[n]())
    assert isinstance(results[1], Extension)
    assert settle_closed_rounds(closed + SECOND) == {"lapsed": 0, "screening": 0}


@pytest.mark.django_db(transaction=True)
def test_an_extension_at_the_moment_of_lapsing_always_ends_in_a_draft():
    amina = builders.person("Amina")
    draft = builders.draft(amina, builders.round_of(builders.fund()), builders.organisation(amina))
    extended_while_settling(draft)
    assert fresh(draft).state == State.DRAFT


@pytest.mark.django_db(transaction=True)
def test_an_extension_at_the_moment_of_screening_always_ends_sent_with_its_version():
    amina = builders.person("Amina")
    draft = builders.draft(amina, builders.round_of(builders.fund()), builders.organisation(amina))
    version = submit_application(builders.complete(draft, by=amina), by=amina, at=timezone.now())
    extended_while_settling(draft)
    assert (fresh(draft).state, fresh(draft).current_version) == (State.SUBMITTED, version)


# --- reminders and pages ----------------------------------------------------------------------------------------------


def test_reminders_and_the_desk_go_by_its_own_end(applicant, ngo, draft, open_round, winter):
    other = builders.draft(applicant, open_round, ngo)
    extend(draft)
    assert list(deadlines.people()) == [(open_round.pk, applicant.pk)]
    assert list(deadlines.extended_people()) == [(draft.pk, applicant.pk)]
    assert [row[:2] for row in deadlines.extended_rows()] == [(draft.pk, builders.wall(UNTIL))]
    assert [one["url"].split("/")[-2] for one in deadlines.describe(open_round.pk, applicant.pk)["drafts"]] == [
        other.opaque_id
    ]
    assert "20 Jan 2030, 12:00" in deadlines.describe_extended(draft.pk, applicant.pk)["when"]
    assert [item.moment for item in desk_due(applicant)] == [CLOSES, UNTIL]
    winter.move_to(CLOSES + SECOND)
    assert list(deadlines.people()) == []
    assert len(list(deadlines.extended_rows())) == 1
    winter.move_to(UNTIL)
    assert list(deadlines.extended_rows()) == []
    with pytest.raises(LookupError):
        deadlines.describe_extended(draft.pk, applicant.pk)


def test_its_pages_show_its_own_deadline(client, applicant, ready, winter):
    extend(ready)
    winter.move_to(CLOSES + timedelta(hours=1))
    client.force_login(applicant)
    for page in (
        at("application", ready.opaque_id),
        at("section", ready.opaque_id, "project"),
        at("check", ready.opaque_id),
    ):
        shown = client.get(page)
        assert shown.status_code == 200
        assert "20 Jan 2030, 12:00" in shown.content.decode()
    assert "You have more time" in client.get(at("application", ready.opaque_id)).content.decode()
    assert client.post(at("submit", ready.opaque_id)).status_code == 302
    assert "20 Jan 2030" in client.get(at("receipt", ready.opaque_id)).content.decode()


def test_staff_find_it_by_its_code_and_give_it_time(client, applicant, draft, manager):
    refusal(submit_application, draft, by=applicant, at=timezone.now())
    Application.objects.update(title="A title nobody sees")
    Round.objects.update(sealed=True)
    sign_in(client, manager)
    find = at("round_extensions", "shared-fund", draft.round.number)
    assert client.get(find, {"which": "K-000001"}).status_code == 400
    page = client.get(find, {"which": f"https://koine.example{draft.get_absolute_url()}"}).url
    assert page == at("application_desk", "shared-fund", draft.round.number, draft.opaque_id)
    shown = client.get(page).content.decode()
    assert all(text in shown for text in ("Lantern Yard", "something was missing", "Title of the project: missing"))
    assert "A title nobody sees" not in shown
    answer = client.post(page, {"until": "2030-01-10T12:00", "reason": "Too early"})
    assert (answer.status_code, "Too early" in answer.content.decode()) == (400, True)
    assert client.post(page, {"until": "2030-01-20T12:00", "reason": "The line was down"}).status_code == 302
    assert "The line was down" in client.get(page).content.decode()
    assert "Lantern Yard" in client.get(find).content.decode()
    sign_in(client, applicant)
    assert client.get(page).status_code == 404


# --- a round that is moved --------------------------------------------------------------------------------------------


def told() -> list[str]:
    return sorted(OutgoingMail.objects.filter(kind="grants.rescheduled").values_list("to_name", flat=True))


def test_everybody_with_a_draft_or_an_application_hears_of_a_moved_round_once(applicant, ngo, ready, open_round):
    second = builders.draft(applicant, open_round, ngo)
    add_member(ready, builders.person("Bilal"), "editor")
    add_member(second, builders.person("Chloe"), "viewer")
    other = builders.person("Dora")
    sent = builders.complete(builders.draft(other, open_round, builders.organisation(other, slug="other")), by=other)
    submit_application(sent, by=other, at=timezone.now())
    move_closing(open_round, builders.wall(UNTIL), reason="x", by=builders.operator())
    assert verbs.tell_waiting() == 3
    assert told() == ["Amina", "Bilal", "Dora"]
    assert verbs.tell_waiting() == verbs.tell_rescheduled(open_round.pk) == 0
    mail = OutgoingMail.objects.get(kind="grants.rescheduled", to_name="Dora")
    assert (mail.context["later"], mail.context["sent"]) == (True, True)
    assert "14 Jan 2030, 17:00" in mail.context["was"]
    assert "20 Jan 2030, 12:00" in mail.context["closes"]


def test_who_was_reminded_hears_of_it_from_the_planner_alone(applicant, draft, open_round):
    OutgoingMail.objects.create(
        key="r", kind="grants.round_closes", klass="reminder", to_email=applicant.email, language="en", status="sent",
        deadline="grants.round_closes", subject_id=open_round.pk, recipient=applicant, due="2030-01-14T17:00:00 Europe/London",
    )  # fmt: skip
    add_member(draft, builders.person("Bilal"), "editor")
    move_closing(open_round, builders.wall(UNTIL), reason="x", by=builders.operator())
    assert verbs.tell_waiting() == 1
    assert told() == ["Bilal"]


def test_who_has_later_time_of_their_own_is_not_concerned(applicant, draft, open_round):
    extend(draft, UNTIL + timedelta(days=5))
    move_closing(open_round, builders.wall(UNTIL), reason="x", by=builders.operator())
    assert verbs.tell_waiting() == 0


@pytest.mark.django_db(transaction=True)
def test_moved_twice_before_anybody_heard_says_the_first_and_the_last_time(applicant, draft, open_round):
    by = builders.operator()
    moved = move_closing(open_round, builders.wall(UNTIL), reason="x", by=by)
    Round.objects.update(moved_from=CLOSES)
    move_closing(moved, builders.wall(UNTIL + timedelta(days=1)), reason="x", by=by)
    verbs.tell_waiting()
    newest = OutgoingMail.objects.filter(kind="grants.rescheduled").latest("pk")
    assert ("14 Jan 2030" in newest.context["was"], "21 Jan 2030" in newest.context["closes"]) == (True, True)
    assert Round.objects.get().moved_from is None
