"""Peers review a version: who may be asked, what they write, what of it counts, and what becomes of it."""

from __future__ import annotations

import datetime

import pytest
from django.utils import timezone

from network.mail.models import OutgoingMail
from network.people.domain.roles import grant_role
from network.people.enums import RoleKind
from network.people.models import Role
from practices.domain import (
    Scores,
    accept_review,
    add_adoption,
    add_peer_review,
    ask_reviewer,
    ask_revision,
    cancel_review,
    declare_conflict,
    discard_version,
    move_review,
    publish_version,
    start_version,
    submit_version,
    take_back_version,
)
from practices.enums import VersionState
from practices.models import PeerReview, Practice, PracticeVersion, ReviewRequest
from practices.queries.reviewers import peers_for
from practices.queries.waiting import to_ask, to_decide, waiting_versions, with_late_review
from practices.rules.maturity import counting
from tests.practices import builders as build
from tests.practices.reviewing import SAID, Town, give, letters, refusal, state_of, town, write

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Town:
    return town()


# --- from asking to publishing -------------------------------------------------------------------------------------------


def test_a_version_that_two_peers_reviewed_is_published_with_their_scores_and_counts_as_good(cast):
    version = cast.version()
    assert letters("submitted") == ["Grace"]
    first = cast.ask(version, "athens")
    assert (state_of(version), first.state, letters("review_asked")) == ("in_review", "invited", ["Nikos"])
    accept_review(first, by=cast.peers["athens"])
    give(first, 5)
    with refusal("unreviewed"):
        publish_version(version, by=cast.decider)
    cast.review(version, "bari", 3, note="")
    practice = publish_version(version, by=cast.decider, notes=[first.reviews.get().pk])
    practice.refresh_from_db()
    assert (practice.state, practice.maturity) == ("published", "good")
    assert PracticeVersion.objects.get(pk=version.pk).unreviewed_because == ""
    assert [(row.average, row.shared) for row in practice.peer_reviews.public()] == [(5, True), (3, False)]
    assert letters("review_answered") == ["Grace"] * 4
    assert (
        OutgoingMail.objects.filter(kind="practices.review_answered").order_by("id").last().context["complete"] is True
    )
    assert letters("published") == ["Åsa"]
    mail = OutgoingMail.objects.get(kind="practices.published")
    assert (mail.klass, mail.context["notes"]) == ("decision", [{"text": SAID["note"], "language": "en"}])


def test_without_two_reviews_a_reason_is_needed_and_kept_and_the_practice_is_not_good(cast):
    version = cast.version()
    cast.review(version, "athens")
    late = cast.ask(version, "bari")
    for reason in ("", "  \n"):
        with refusal("unreviewed"):
            publish_version(version, by=cast.decider, unreviewed_because=reason)
    practice = publish_version(version, by=cast.decider, unreviewed_because="Nobody else speaks Swedish.")
    assert PracticeVersion.objects.get(pk=version.pk).unreviewed_because == "Nobody else speaks Swedish."
    assert (state_of(late), letters("review_off")) == ("cancelled", ["Elena"])
    # One peer from elsewhere is a review all the same.
    assert Practice.objects.get(pk=practice.pk).maturity == "good"
    other = cast.version(about={"title": "Annat", "running": "running", "started_on": "9 2019", "settings_count": "2"})
    alone = publish_version(other, by=cast.decider, unreviewed_because="A small network.")
    assert Practice.objects.get(pk=alone.pk).maturity == "promising"


def test_what_is_reviewed_is_not_public_and_does_not_count_before_its_version_is(cast, client):
    version = cast.version()
    cast.reviewed(version)
    practice = Practice.objects.get(pk=version.practice_id)
    assert practice.maturity == "emerging"
    assert PeerReview.objects.standing().count() == 2
    assert not PeerReview.objects.public().exists()
    publish_version(version, by=cast.decider)
    assert "Because of its impact." in client.get(f"/en/practices/{practice.slug}/").content.decode()


def test_the_same_peers_look_again_at_a_revision_and_keep_what_they_wrote(cast):
    version = cast.version()
    first, _second = cast.reviewed(version, athens=2, bari=4)
    ask_revision(version, by=cast.decider, reason="Say what it costs.", notes=[first.pk])
    mail = OutgoingMail.objects.get(kind="practices.revision")
    assert (mail.klass, mail.to_name, mail.context["notes"][0]["text"]) == ("decision", "Åsa", SAID["note"])
    write(version, {"resources": {"total_cost": "900", "currency": "EUR"}}, cast.writer)
    again = submit_version(version, by=cast.writer)
    assert again.state == VersionState.IN_REVIEW
    assert letters("review_asked") == ["Nikos", "Elena"] * 2
    requests = list(version.review_requests.order_by("id"))
    assert [(one.state, one.round) for one in requests] == [("accepted", 2)] * 2
    assert requests[0].data["note"] == SAID["note"]
    with refusal("unreviewed"):
        publish_version(version, by=cast.decider)
    for request in requests:
        give(request, 5)
    practice = publish_version(version, by=cast.decider)
    assert [row.round for row in practice.peer_reviews.public()] == [2, 2]
    assert PeerReview.objects.count() == 4


def test_after_a_small_revision_the_reviews_stand_where_the_decider_says_so(cast):
    version = cast.version()
    cast.reviewed(version)
    ask_revision(version, by=cast.decider, reason="Correct the year.", second_look=False)
    assert submit_version(version, by=cast.writer).state == VersionState.SUBMITTED
    assert publish_version(version, by=cast.decider).peer_reviews.public().count() == 2


def test_what_is_taken_back_and_written_on_is_looked_at_again(cast):
    version = cast.version()
    cast.reviewed(version)
    ask_revision(version, by=cast.decider, reason="Correct the year.", second_look=False)
    submit_version(version, by=cast.writer)
    take_back_version(version, by=cast.writer)
    assert submit_version(version, by=cast.writer).state == VersionState.IN_REVIEW
    assert set(version.review_requests.values_list("state", flat=True)) == {"accepted"}


def test_a_version_that_is_given_up_needs_no_reviewers_any_more(cast):
    version = cast.version()
    open_one = cast.ask(version, "athens")
    ask_revision(version, by=cast.decider, reason="Begin anew.")
    discard_version(version, by=cast.writer)
    assert (state_of(open_one), letters("review_off")) == ("cancelled", ["Nikos"])


def test_the_newest_reviewed_version_is_the_one_that_counts(cast):
    version = cast.version()
    cast.reviewed(version, athens=5, bari=5)
    practice = publish_version(version, by=cast.decider)
    second = submit_version(start_version(practice, by=cast.writer), by=cast.writer)
    cast.reviewed(second, athens=2, bari=2)
    practice = publish_version(second, by=cast.decider)
    assert Practice.objects.get(pk=practice.pk).maturity == "promising"
    assert {row.version_id for row in counting(practice.peer_reviews.public(), practice.city_id)} == {second.pk}
    add_peer_review(practice, Scores(5, 5, 5, 5, timezone.localdate() + datetime.timedelta(days=1)), by=cast.decider)
    assert Practice.objects.get(pk=practice.pk).maturity == "good"


# --- who may be asked ----------------------------------------------------------------------------------------------------


def test_peers_are_officers_of_other_cities_of_the_network_with_their_load_and_languages(cast):
    outside = build.officer(build.city("oslo", country="NO"), "Kari")
    version = cast.version()
    cast.peers["bari"].preferred_language = "sv"
    cast.peers["bari"].save()
    other = cast.version()
    cast.ask(other, "athens")
    found = peers_for(version, "en")
    assert [(peer.user.display_name, peer.city_name, peer.load, peer.reads) for peer in found if not peer.why_not] == [
        ("Elena", "Bari", 0, True),
        ("Aoife", "Cork", 0, False),
        ("Nikos", "Athens", 1, False),
    ]
    assert [peer.user for peer in found if peer.why_not] == [cast.writer]
    assert outside not in {peer.user for peer in found}
    assert [peer.user.display_name for peer in peers_for(version, "en", "cork")] == ["Aoife"]
    cast.ask(version, "cork")
    assert "Aoife" not in {peer.user.display_name for peer in peers_for(version, "en")}


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_of_peers_takes_the_same_number_of_queries_for_any_number(cast, number, django_assert_num_queries):
    for _n in range(number * 2):
        build.officer(cast.cities["cork"])
    version = cast.version()
    version = PracticeVersion.objects.select_related("practice__city").get(pk=version.pk)
    with django_assert_num_queries(15):
        assert len(peers_for(version, "en")) == 4 + number * 2


@pytest.mark.parametrize(
    "stake", ["same city", "wrote on it", "declared", "takes it up", "partner", "leads", "oneself"]
)
def test_whoever_has_a_stake_is_not_asked(cast, stake):
    version = cast.version(
        actors={
            "lead_organisation": "Δήμος Αθηναίων / Athens" if stake == "leads" else "",
            "rows": [{"name": "City of ATHENS, youth office", "role": "x"}] if stake == "partner" else [],
        }
    )
    peer, city, code = cast.peers["athens"], cast.cities["athens"], "conflict"
    match stake:
        case "same city":
            peer, city = build.officer(cast.city, "Colleague"), cast.city
        case "wrote on it":
            peer = cast.writer
            grant_role(peer, RoleKind.CITY_OFFICER, city.uuid, reason="Both.", by=cast.operator)
        case "declared":
            declare_conflict(cast.ask(version, "athens"), reason="My sister runs it.", by=peer)
        case "takes it up":
            add_adoption(version.practice, city, 2024, by=cast.operator)
        case "oneself":
            grant_role(cast.decider, RoleKind.CITY_OFFICER, city.uuid, reason="Both.", by=cast.operator)
            peer, code = cast.decider, "not_a_peer"
    with refusal(code):
        ask_reviewer(version, peer, city=city, by=cast.decider)


def test_a_partner_whose_name_only_begins_like_a_city_is_no_stake(cast):
    version = cast.version(actors={"rows": [{"name": "Barings Bank", "role": "x"}, {"name": "Corkscrew", "role": "y"}]})
    assert cast.ask(version, "bari").state == cast.ask(version, "cork").state == "invited"


def test_who_is_asked_speaks_for_a_city_of_theirs_and_each_city_and_person_once(cast):
    version = cast.version()
    due = timezone.localdate() + datetime.timedelta(days=10)

    def ask(name, city):
        return ask_reviewer(version, cast.peers[name], city=city, due_on=due, by=cast.decider)

    for city in (None, cast.cities["bari"]):
        with refusal("not_a_peer"):
            ask("athens", city)
    ask("athens", cast.cities["athens"])
    with refusal("already"):
        ask("athens", cast.cities["athens"])
    colleague = build.officer(cast.cities["athens"])
    with refusal("city"):
        ask_reviewer(version, colleague, city=cast.cities["athens"], by=cast.decider)
    ask("bari", cast.cities["bari"])
    ask("cork", cast.cities["cork"])
    fourth = build.city("derry", country="GB")
    with refusal("enough"):
        ask_reviewer(version, build.officer(fourth), city=fourth, by=cast.decider)


def test_a_reviewer_of_the_network_needs_no_city(cast):
    version = cast.version()
    expert = build.person("Francesca")
    with refusal("not_a_peer"):
        ask_reviewer(version, expert, city=None, by=cast.decider)
    Role.objects.create(user=expert, kind=RoleKind.REVIEWER, scope_kind="round", scope_key="r1", reason="Named.")
    expert = type(expert).objects.get(pk=expert.pk)
    request = ask_reviewer(version, expert, city=None, by=cast.decider)
    give(accept_review(request, by=expert))
    assert PeerReview.objects.get().city is None


@pytest.mark.parametrize("days", [-1, 121])
def test_a_review_is_due_on_a_day_that_can_be_kept(cast, days):
    version = cast.version()
    with refusal("due"):
        cast.ask(version, "athens", days)
    request = cast.ask(version, "athens")
    with refusal("due"):
        move_review(request, timezone.localdate() + datetime.timedelta(days=days), by=cast.decider)


def test_only_those_who_decide_ask_move_and_take_off(cast):
    version = cast.version()
    stranger = build.person()
    due = timezone.localdate() + datetime.timedelta(days=10)
    for by in (cast.writer, stranger, cast.peers["bari"]):
        with refusal("denied"):
            ask_reviewer(version, cast.peers["athens"], city=cast.cities["athens"], due_on=due, by=by)
    request = cast.ask(version, "athens")
    for by in (cast.writer, stranger, cast.peers["bari"], cast.peers["athens"]):
        with refusal("denied"):
            move_review(request, due, by=by)
        with refusal("denied"):
            cancel_review(request, reason="No.", by=by)
    with refusal("reason"):
        cancel_review(request, reason=" ", by=cast.decider)
    assert move_review(request, due, by=cast.decider).due_on == due


# --- the queue -----------------------------------------------------------------------------------------------------------


def test_the_queue_says_what_is_to_be_done_with_each_version(cast):
    fresh, waiting, late, ready = (cast.version() for _n in range(4))
    for version in (waiting, late):
        cast.ask(version, "athens")
        cast.ask(version, "bari")
    ReviewRequest.objects.filter(version=late, city=cast.cities["bari"]).update(
        due_on=timezone.localdate() - datetime.timedelta(days=1)
    )
    cast.reviewed(ready)
    found = waiting_versions(cast.decider, "en", None)
    assert [(row.version, row.act) for row in found] == [
        (fresh, "ask"),
        (waiting, "wait"),
        (late, "late"),
        (ready, "decide"),
    ]
    rows = PracticeVersion.objects.all()
    assert [list(asked(rows)) for asked in (to_ask, with_late_review, to_decide)] == [[fresh], [late], [ready]]
    assert list(waiting_versions(cast.writer, "en", None)) == []
    assert len(waiting_versions(cast.operator, "en", None)) == 4
