"""Changing a round on record: what is fair at which moment, sizes of grants, showing it and taking it back."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from grants.domain.drafts import start_application
from grants.domain.rounds import NewCriterion, NewRound, add_criterion, open_round as set_up, publish_form
from grants.domain.terms import NewTier, change_round, hide_round, set_tiers, show_round
from grants.domain.walls import at_local
from grants.enums import FundStatus, Moment
from grants.models import Application, Round
from grants.rules.rounds import can_start_in, fixed_of, moment_of, running, standing_of, startable
from network.audit.models import AuditEvent
from network.doors import DomainError
from tests.grants import builders
from tests.grants.test_running_funds import refused
from tests.threads import in_threads

ISSUE = [
    NewTier(Decimal(10_000), Decimal(25_000)),
    NewTier(Decimal(25_001), Decimal(50_000)),
    NewTier(Decimal(50_001), Decimal(100_000), 50),
]


@pytest.fixture
def by(db):
    return builders.operator()


@pytest.fixture
def hidden(by):
    """A round in a month that nobody else sees yet, with a criterion and a form."""
    now = timezone.now()
    return builders.round_of(
        builders.fund(), opens=now + timedelta(days=30), closes=now + timedelta(days=60), published=False
    )


@pytest.fixture
def upcoming(hidden, by):
    show_round(hidden, by=by, at=timezone.now())
    hidden.refresh_from_db()
    return hidden


@pytest.fixture
def closed(by):
    now = timezone.now()
    return builders.round_of(builders.fund(), opens=now - timedelta(days=60), closes=now - timedelta(days=30))


def change(round_: Round, by, at=None, **wanted) -> Round:
    return change_round(round_, wanted, version=round_.version, by=by, at=at or timezone.now())


def wall(text: str) -> datetime:
    return datetime.fromisoformat(text)


# --- what may be changed ----------------------------------------------------------------------------------------------


def test_before_it_is_shown_everything_is_free_but_the_result(hidden, by):
    change(
        hidden, by, opens=wall("2031-01-10T09:00"), closes=wall("2031-02-10T17:00"), zone="Asia/Beirut",
        grace_seconds=120, max_per_organisation=3, award_min=Decimal(5), award_max=None, sealed=True, blind=True,
    )  # fmt: skip
    hidden.refresh_from_db()
    assert hidden.closes_at == datetime(2031, 2, 10, 15, 0, tzinfo=UTC)
    assert (hidden.timezone, hidden.grace_seconds, hidden.max_per_organisation) == ("Asia/Beirut", 120, 3)
    assert (hidden.award_min, hidden.award_max, hidden.sealed, hidden.blind) == (5, None, True, True)
    assert refused(change, hidden, by, awarded=Decimal(1)).code == "awarded"


def test_once_shown_its_closing_moves_only_with_a_reason(upcoming, by):
    error = refused(change, upcoming, by, closes=wall("2031-02-10T17:00"))
    assert (error.code, "reason" in str(error)) == ("closes", True)
    assert refused(change, upcoming, by, zone="Asia/Beirut").code == "zone"
    change(upcoming, by, blind=True, award_max=Decimal(70_000))
    assert refused(change, upcoming, by, opens=wall("2020-02-10T17:00")).code == "opens"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("opens", wall("2031-01-10T09:00")),
        ("award_min", Decimal(1)),
        ("award_max", Decimal(60_000)),
        ("blind", True),
        ("awarded", Decimal(1)),
        ("projects", 1),
        ("max_per_organisation", 1),
        ("grace_seconds", 59),
        ("sealed", False),
    ],
)
def test_while_people_write_its_terms_stay(by, name, value):
    round_ = builders.round_of(builders.fund(), max_per_organisation=2, grace_seconds=60, sealed=True)
    error = refused(change, round_, by, **{name: value})
    assert error.code == name
    assert str(error)


def test_while_people_write_it_can_only_become_kinder(by, open_round):
    change(open_round, by, grace_seconds=300, max_per_organisation=5, sealed=True)
    open_round.refresh_from_db()
    assert (open_round.grace_seconds, open_round.max_per_organisation, open_round.sealed) == (300, 5, True)
    assert refused(change, open_round, by, grace_seconds=301).code == "grace"


def test_once_closed_its_result_can_be_told_and_nothing_else(closed, by):
    change(closed, by, awarded=Decimal(300_000), projects=12, source="The minutes")
    closed.refresh_from_db()
    assert (closed.awarded, closed.projects, closed.source) == (300_000, 12, "The minutes")
    for name, value in (("sealed", True), ("grace_seconds", 300), ("closes", wall("2031-01-01T09:00"))):
        assert refused(change, closed, by, **{name: value}).code == name


def test_a_round_keeps_a_title_and_its_other_languages(hidden, by):
    gone = {"en": "", "ar": ""}
    assert (
        refused(change_round, hidden, {}, title=gone, version=hidden.version, by=by, at=timezone.now()).code == "title"
    )
    change_round(hidden, {}, title={"sv": "Första"}, version=hidden.version, by=by, at=timezone.now())
    hidden.refresh_from_db()
    assert (hidden.title_en, hidden.title_sv) == ("First round", "Första")


def test_whoever_saves_over_a_newer_version_is_told(hidden, by):
    seen = hidden.version
    change(hidden, by, sealed=True)
    hidden.version = seen
    assert refused(change, hidden, by, blind=True).code == "stale"


def test_a_round_is_not_moved_into_another(hidden, by):
    at = timezone.now()
    other = builders.round_of(hidden.fund, opens=at + timedelta(days=70), closes=at + timedelta(days=80))
    there = {"opens": builders.wall(other.opens_at), "closes": builders.by_day(builders.wall(other.closes_at))}
    assert refused(change, hidden, by, **there).code == "overlap"


def test_only_those_who_run_the_fund_change_its_rounds(hidden, applicant):
    at = timezone.now()
    assert refused(change, hidden, applicant, sealed=True).code == "denied"
    assert refused(set_tiers, hidden, ISSUE, by=applicant, at=at).code == "denied"
    assert refused(show_round, hidden, by=applicant, at=at).code == "denied"
    assert refused(hide_round, hidden, reason="Because", by=applicant, at=at).code == "denied"


# --- hours ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("moment", "zone", "start", "end", "city"),
    [
        ("2026-03-29T01:30", "Europe/London", "01:00", "02:00", "London"),
        ("2026-10-25T01:30", "Europe/London", "01:00", "02:00", "London"),
        ("2026-03-29T00:30", "Asia/Beirut", "00:00", "01:00", "Beirut"),
        ("2026-04-05T01:45", "Australia/Lord_Howe", "01:30", "02:00", "Lord Howe"),
        ("2026-10-25T03:30", "Europe/Athens", "03:00", "04:00", "Athens"),
    ],
)
def test_a_refused_hour_says_which_hours_are_good(moment, zone, start, end, city):
    error = refused(at_local, wall(moment), zone)
    assert error.code in {"imaginary", "doubled"}
    assert f"before {start}, or from {end} on" in str(error)
    assert city in str(error)


# --- sizes of grants --------------------------------------------------------------------------------------------------


def test_sizes_of_grants_say_the_smallest_and_the_largest(hidden, by):
    set_tiers(hidden, reversed_list(ISSUE), by=by, at=timezone.now())
    hidden.refresh_from_db()
    assert (hidden.award_min, hidden.award_max) == (10_000, 100_000)
    assert [(one.minimum, one.maximum, one.match) for one in hidden.tiers.all()] == [
        (10_000, 25_000, 0),
        (25_001, 50_000, 0),
        (50_001, 100_000, 50),
    ]
    assert refused(change, hidden, by, award_max=Decimal(5_000)).code == "award_min"
    set_tiers(hidden, [], by=by, at=timezone.now())
    assert not hidden.tiers.exists()


def reversed_list(tiers):
    return list(reversed(tiers))


@pytest.mark.parametrize(
    ("sizes", "code"),
    [
        ([(10, 25, 0), (25, 50, 0)], "overlap"),
        ([(10, 25, 0), (27, 50, 0)], "gap"),
        ([(10, 100, 0), (20, 30, 0)], "overlap"),
        ([(25, 10, 0)], "sizes"),
        ([(0, 10, 0)], "sizes"),
        ([(10, 25, 101)], "match"),
        ([(10 * n + 1, 10 * n + 10, 0) for n in range(11)], "many"),
    ],
)
def test_sizes_that_overlap_or_leave_amounts_out_are_refused(hidden, by, sizes, code):
    tiers = [NewTier(Decimal(low), Decimal(high), match) for low, high, match in sizes]
    assert refused(set_tiers, hidden, tiers, by=by, at=timezone.now()).code == code
    assert not hidden.tiers.exists()


def test_sizes_stay_while_people_write(open_round, by):
    assert refused(set_tiers, open_round, ISSUE, by=by, at=timezone.now()).code == "tiers"


# --- shown to everyone ------------------------------------------------------------------------------------------------


def test_a_round_is_shown_once_it_asks_something_and_says_how_it_is_judged(by):
    fund, now = builders.fund(), timezone.now()
    bare = set_up(
        fund,
        NewRound(
            title={"en": "Bare"},
            opens=builders.wall(now + timedelta(days=3)).replace(hour=9),
            closes=builders.wall(now + timedelta(days=9)).replace(hour=17),
            zone=builders.LONDON,
            published=False,
        ),
        by=by,
    )
    error = refused(show_round, bare, by=by, at=now)
    assert error.code == "missing"
    assert "criteria" in str(error)
    add_criterion(bare, NewCriterion({"en": "Need"}, weight=60), by=by)
    assert refused(show_round, bare, by=by, at=now).code == "missing"
    publish_form(bare, builders.SECTIONS, by=by)
    assert "100" in str(refused(show_round, bare, by=by, at=now)), "the weights do not add up"
    add_criterion(bare, NewCriterion({"en": "Reach"}, weight=40), by=by)
    assert refused(show_round, bare, by=by, at=now + timedelta(days=10)).code == "past"
    show_round(bare, by=by, at=now)
    assert Round.objects.get(pk=bare.pk).published
    assert refused(show_round, bare, by=by, at=now).code == "state"


def test_a_shown_round_keeps_its_title_in_the_languages_of_its_fund(upcoming, by):
    more = {"version": upcoming.version, "by": by, "at": timezone.now()}
    assert refused(change_round, upcoming, {}, title={"en": " "}, **more).code == "title"
    assert change_round(upcoming, {}, title={"en": "The first", "ar": ""}, **more).title_en == "The first"


def test_a_round_can_be_taken_back_while_nobody_has_begun(upcoming, by):
    at = timezone.now()
    assert refused(hide_round, upcoming, reason=" ", by=by, at=at).code == "reason"
    hide_round(upcoming, reason="The panel is not found yet", by=by, at=at)
    assert AuditEvent.objects.filter(table="grants_round").latest("id").reason == "The panel is not found yet"
    assert not Round.objects.get(pk=upcoming.pk).published
    assert refused(hide_round, upcoming, reason="Again", by=by, at=at).code == "state"


def test_a_round_that_has_closed_stays(closed, by):
    assert refused(hide_round, closed, reason="Wrong", by=by, at=timezone.now()).code == "closed"


def test_a_round_in_which_somebody_writes_stays(draft, by):
    assert refused(hide_round, draft.round, reason="Too early", by=by, at=timezone.now()).code == "begun"


@pytest.mark.django_db(transaction=True)
def test_taking_a_round_back_while_somebody_begins_leaves_no_application_in_a_hidden_round():
    by, user = builders.operator(), builders.person()
    of, round_ = builders.organisation(user), builders.round_of(builders.fund())
    check, at = builders.yes(round_, user), timezone.now()

    def act(n: int):
        if n:
            return hide_round(Round.objects.get(pk=round_.pk), reason="Too early", by=by, at=at)
        return start_application(round_, of, by=user, at=at, eligibility=check)

    results = in_threads(2, act)
    assert sum(isinstance(one, DomainError) for one in results) == 1, results
    assert Application.objects.exists() == Round.objects.get(pk=round_.pk).published


# --- one answer to "is it open" ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", FundStatus)
@pytest.mark.parametrize("published", [True, False])
def test_queries_and_rules_agree_on_what_is_open(by, status, published):
    made = builders.round_of(builders.fund(status=status), published=published, grace_seconds=60)
    for moment in (
        made.opens_at - timedelta(microseconds=1),
        made.opens_at,
        made.closes_at - timedelta(microseconds=1),
        made.closes_at,
        made.closes_at + timedelta(seconds=60),
    ):
        assert Round.objects.filter(startable(moment)).exists() == bool(can_start_in(made, moment)), moment
        public = published and status != FundStatus.DRAFT
        assert Round.objects.filter(running(moment)).exists() == (public and moment_of(made, moment) == Moment.OPEN), (
            moment
        )
        if status != FundStatus.OPEN:
            assert standing_of(made, moment) == Moment.CLOSED


def test_what_is_fixed_is_told_for_every_term(open_round):
    fixed = fixed_of(open_round, timezone.now())
    assert {
        "opens",
        "closes",
        "zone",
        "award_min",
        "award_max",
        "tiers",
        "blind",
        "eligibility",
        "criteria",
        "awarded",
        "projects",
    } == set(fixed)
    assert all(str(reason) for reason in fixed.values())
