"""Moving the closing time of a round: by whom, to when, and what happens to those who are sending at that moment."""

import itertools
import threading
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from grants.domain import rounds as verbs
from grants.domain.rounds import move_closing
from grants.domain.submission import settle_closed_rounds, submit_application
from grants.enums import State
from grants.models import Application, Round
from network.audit.models import AuditEvent
from network.people.enums import RoleKind
from network.people.models import User
from tests import places
from tests.admin.conftest import staff
from tests.grants import builders
from tests.grants.test_drafts import refusal
from tests.people.signing import sign_in
from tests.threads import in_threads

NOW = timezone.now
CLOSES = datetime(2030, 1, 14, 17, 0, tzinfo=UTC)


def wall(text: str) -> datetime:
    """What clocks in London show."""
    return datetime.fromisoformat(text)


def manager(round_: Round) -> User:
    name = f"Manager of {round_.fund.slug}"
    return staff(RoleKind.FUND_MANAGER, round_.fund.uuid, email=f"manager@{round_.fund.slug}.example", name=name)


@pytest.fixture
def winter(db):
    """It is New Year's Day, noon."""
    with time_machine.travel(datetime(2030, 1, 1, 12, 0, tzinfo=UTC), tick=False) as traveller:
        yield traveller


@pytest.fixture
def open_round(winter):
    return builders.round_of(builders.fund(), closes=CLOSES)


def move(round_: Round, to: str, *, by: User | None = None, reason: str = "The form was down", **more) -> Round:
    return move_closing(round_, wall(to), reason=reason, by=by or builders.operator(), **more)


def test_it_closes_when_clocks_in_its_zone_show_that_and_the_reason_is_kept(open_round):
    by = manager(open_round)
    Round.objects.update(closes_hour_known=False)
    moved = move(open_round, "2030-07-01T17:00", by=by)
    open_round.refresh_from_db()
    assert moved.closes_at == open_round.closes_at == datetime(2030, 7, 1, 16, 0, tzinfo=UTC)
    assert open_round.closes_hour_known
    event = AuditEvent.objects.filter(table="grants_round").latest("id")
    assert event.reason == "The form was down"
    assert {column for column, _before, _after in event.changes()} == {"closes_at", "closes_hour_known", "version"}


@pytest.mark.parametrize(
    ("to", "code"),
    [
        ("2030-01-14T17:00", "same"),
        ("2030-01-01T11:59", "past"),
        ("2030-01-01T12:00", "past"),
        ("2030-03-31T01:30", "imaginary"),
        ("2030-10-27T01:30", "doubled"),
        ("2030-01-20T01:00", "small_hours"),
        ("2030-01-20T02:59", "small_hours"),
        ("2030-02-10T17:00", "overlap"),
        ("2030-01-14T17:00+00:00", "wall"),
    ],
)
def test_a_time_that_can_not_be_is_refused_and_nothing_changes(open_round, to, code):
    builders.round_of(open_round.fund, opens=CLOSES + timedelta(days=20), closes=CLOSES + timedelta(days=40))
    assert refusal(move, open_round, to) == code
    open_round.refresh_from_db()
    assert open_round.closes_at == CLOSES


@pytest.mark.parametrize("to", ["2030-01-20T00:59", "2030-01-20T03:00", "2030-02-03T17:00", "2030-01-01T12:01"])
def test_a_time_beside_what_is_refused_is_taken(open_round, to):
    builders.round_of(open_round.fund, opens=CLOSES + timedelta(days=20), closes=CLOSES + timedelta(days=40))
    assert move(open_round, to).closes_at == wall(to).replace(tzinfo=UTC)


def test_a_new_round_closes_in_no_small_hour_either(open_round):
    values = {"opens": wall("2031-01-01T09:00"), "closes": wall("2031-02-01T02:00"), "zone": "Europe/London"}
    new = verbs.NewRound(title={"en": "R"}, **values)
    assert refusal(verbs.open_round, open_round.fund, new, by=builders.operator()) == "small_hours"


def test_only_who_manages_the_fund_moves_it_and_says_why(open_round):
    for nobody in (places.person(), manager(builders.round_of(builders.fund("other")))):
        assert refusal(move, open_round, "2030-01-20T17:00", by=nobody) == "denied"
    assert refusal(move, open_round, "2030-01-20T17:00", reason=" \u202e ") == "reason"
    open_round.refresh_from_db()
    assert open_round.closes_at == CLOSES
    assert move(open_round, "2030-01-20T17:00", by=manager(open_round))


def test_a_round_that_is_to_open_closes_after_that(winter):
    upcoming = builders.round_of(builders.fund(), opens=CLOSES, closes=CLOSES + timedelta(days=9))
    assert refusal(move, upcoming, "2030-01-14T16:00") == "order"
    assert move(upcoming, "2030-01-14T18:00")


@pytest.mark.parametrize("grace", [0, 180])
def test_a_round_that_has_closed_stays_closed(open_round, winter, grace):
    Round.objects.update(grace_seconds=grace)
    winter.move_to(CLOSES - timedelta(seconds=1))
    assert move(open_round, "2030-01-15T17:00")
    winter.move_to(CLOSES + timedelta(days=1))
    open_round.refresh_from_db()
    assert refusal(move, open_round, "2030-01-20T17:00") == "closed"


def test_of_two_who_move_it_the_second_looks_again(open_round):
    seen = Round.objects.get()
    move(open_round, "2030-01-20T17:00")
    assert refusal(move, seen, "2030-01-25T17:00") == "stale"
    assert refusal(move, Round.objects.get(), "2030-01-25T17:00", seen=CLOSES) == "stale"
    assert move(Round.objects.get(), "2030-01-25T17:00")


@pytest.mark.django_db(transaction=True)
def test_two_rounds_are_never_moved_into_each_other():
    fund, now = builders.fund(), NOW().replace(hour=12, minute=0, second=0, microsecond=0)
    days = [now + timedelta(days=n) for n in (-1, 5, 10, 15)]
    first, second = (builders.round_of(fund, opens=days[n], closes=days[n + 1]) for n in (0, 2))
    by, late = builders.operator(), builders.wall(days[2] + timedelta(hours=2))
    later = verbs.NewRound(title={"en": "Third"}, opens=builders.wall(days[1]), closes=late, zone="Europe/London")
    results = in_threads(
        2,
        lambda n: (
            verbs.open_round(fund, later, by=by)
            if n
            else move_closing(first, builders.wall(days[2]), reason="x", by=by)
        ),
    )
    assert [getattr(one, "code", "") for one in results].count("overlap") >= 1
    spans = sorted(Round.objects.values_list("opens_at", "closes_at"))
    assert all(before[1] <= after[0] for before, after in itertools.pairwise(spans))
    assert second in Round.objects.all()


# --- pages ------------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_public_pages_show_the_new_time_at_once(client):
    made = builders.round_of(builders.fund(), closes=NOW() + timedelta(days=20))
    to = (NOW() + timedelta(days=30)).replace(hour=12, minute=34, second=0, microsecond=0)
    pages = ["/en/", "/en/funds/", "/en/funds/shared-fund/"]
    assert all("12:34" not in client.get(page).content.decode() for page in pages for _twice in range(2))
    move_closing(made, builders.wall(to), reason="x", by=builders.operator())
    for page in pages:
        assert f"{builders.wall(to):%H:%M}" in client.get(page).content.decode(), page


def act(browser, round_, **data):
    return browser.post(reverse("admin:grants_round_act", args=[round_.pk, "move-closing"]), data)


def test_the_lever_begins_with_the_time_as_it_stands_and_moves_it(open_round, client):
    by = manager(open_round)
    by.time_zone = "Asia/Beirut"
    by.save()
    page = sign_in(client, by).get(reverse("admin:grants_round_act", args=[open_round.pk, "move-closing"]))
    html = page.content.decode()
    assert 'value="2030-01-14T17:00"' in html
    assert "On clocks in this zone: London." in html
    seen = page.context["form"]["seen"].value()
    # A time that clocks in Beirut skip, and clocks in London do not.
    data = {"closes": "2030-03-31T00:30", "reason": "The form was down", "seen": seen}
    assert act(client, open_round, **data).status_code == 302
    open_round.refresh_from_db()
    assert open_round.closes_at == datetime(2030, 3, 31, 0, 30, tzinfo=UTC)
    again = act(client, open_round, **{**data, "closes": "2030-04-01T17:00"})
    assert "Somebody moved the closing time meanwhile" in again.content.decode()


def test_the_lever_says_what_is_wrong_and_is_not_there_for_others_nor_for_closed_rounds(open_round, client, winter):
    seen = CLOSES.isoformat()
    by = manager(open_round)
    sign_in(client, by)
    for closes, words in (("2030-01-20T02:00", "between 01:00 and 03:00"), ("yesterday", "valid date")):
        page = act(client, open_round, closes=closes, reason="x", seen=seen)
        assert words in page.content.decode()
    assert "reason" in act(client, open_round, closes="2030-01-20T17:00", seen=seen).context["form"].errors
    change = reverse("admin:grants_round_change", args=[open_round.pk])
    assert [one["url"].split("/")[-2] for one in client.get(change).context["levers"]] == ["hide", "move-closing"]
    winter.move_to(CLOSES)
    assert sign_in(client, by).get(change).context["levers"] == []
    auditor = staff(RoleKind.AUDITOR, email="auditor@example.org", name="Auditor")
    assert (
        act(sign_in(client, auditor), open_round, closes="2030-01-20T17:00", reason="x", seen=seen).status_code == 403
    )
    open_round.refresh_from_db()
    assert open_round.closes_at == CLOSES


# --- in the middle of a submission --------------------------------------------------------------------------------------


class Slow(threading.Thread):
    """Somebody who moves a closing time and takes long to commit."""

    def __init__(self, round_: Round, closes: datetime) -> None:
        super().__init__()
        self.round, self.closes, self.by = round_, closes, builders.operator()
        self.moved, self.go = threading.Event(), threading.Event()
        self.failure: Exception | None = None

    def run(self) -> None:
        try:
            with transaction.atomic():
                move_closing(self.round, builders.wall(self.closes), reason="x", by=self.by)
                self.moved.set()
                self.go.wait(20)
        except Exception as error:
            self.failure = error
            self.moved.set()
        finally:
            connection.close()


def closing_soon(ready: Application) -> datetime:
    """Let the round close in a moment; returns when."""
    soon = NOW() + timedelta(seconds=1)
    Round.objects.update(closes_at=soon)
    ready.round.refresh_from_db()
    return soon


@pytest.fixture
def racing(transactional_db):
    """An application that can be sent to a round that closes in 24 days."""
    amina = builders.person("Amina")
    round_ = builders.round_of(builders.fund())
    ready = builders.draft(amina, round_, builders.organisation(amina))
    return amina, builders.complete(ready, by=amina)


def later_today() -> datetime:
    return (NOW() + timedelta(days=3)).replace(hour=12, minute=0, second=0, microsecond=0)


def while_waiting(thread: Slow, act):
    """Run `act` in a thread of its own while the other has moved and not committed; let it commit; what `act` gave."""
    result: list = []

    def run() -> None:
        try:
            result.append(act())
        except Exception as error:
            result.append(error)
        finally:
            connection.close()

    other = threading.Thread(target=run)
    other.start()
    other.join(0.5)
    waited = other.is_alive()
    thread.go.set()
    thread.join(20)
    other.join(20)
    assert thread.failure is None
    return waited, result[0]


@pytest.fixture(params=["with the lock", "without it"])
def lock(request, monkeypatch):
    """The lock on the closing time; taken away, the same race is lost."""
    if request.param == "without it":
        monkeypatch.setattr("grants.domain.submission.hold_closing", lambda round_: None)
        return False
    return True


def test_what_arrives_after_the_old_time_while_it_is_being_extended_is_in_time(racing, lock):
    amina, ready = racing
    old = closing_soon(ready)
    slow = Slow(ready.round, later_today())
    slow.start()
    assert slow.moved.wait(10)
    at = old + timedelta(seconds=1)
    waited, version = while_waiting(slow, lambda: submit_application(ready, by=amina, at=at))
    assert (waited, Application.objects.get().state) == ((True, State.SUBMITTED) if lock else (False, State.DRAFT))
    assert getattr(version, "code", "") == ("" if lock else "closed")


def test_no_draft_lapses_while_its_round_is_being_extended(racing, lock):
    _amina, ready = racing
    old = closing_soon(ready)
    slow = Slow(ready.round, later_today())
    slow.start()
    assert slow.moved.wait(10)
    waited, settled = while_waiting(slow, lambda: settle_closed_rounds(old + timedelta(seconds=1)))
    assert waited is lock
    assert settled == {"lapsed": 0 if lock else 1, "screening": 0}
    assert Application.objects.get().state == (State.DRAFT if lock else State.LAPSED)


def test_sending_and_moving_at_the_same_moment_both_succeed(racing):
    amina, ready = racing
    by, earlier = builders.operator(), builders.wall(later_today())
    results = in_threads(
        4,
        lambda n: (
            submit_application(ready, by=amina, at=NOW())
            if n % 2
            else move_closing(ready.round, earlier, reason="x", by=by)
        ),
    )
    assert {getattr(one, "code", "") for one in results[::2]} == {"", "stale"}
    assert len({one.pk for one in results[1::2]}) == 1
    assert Round.objects.get().closes_at < NOW() + timedelta(days=4)
