"""A reviewer writes a review, or says why not; what of it counts; and who does what at the same moment."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.utils import timezone

from network.doors import DomainError
from network.people.domain.roles import end_role, grant_role
from network.people.enums import RoleKind
from network.people.models import Role
from network.sections import StaleSection
from practices.domain import (
    Scores,
    Unfinished,
    accept_review,
    add_adoption,
    add_peer_review,
    archive_practice,
    ask_reviewer,
    ask_revision,
    cancel_review,
    declare_conflict,
    decline_review,
    hand_in_review,
    publish_version,
    save_review,
    start_version,
    submit_version,
)
from practices.enums.reviews import REVIEWS, Criterion, ReviewState
from practices.models import PeerReview, Practice, PracticeVersion, ReviewRequest
from practices.rules.reviews import can_read_version
from tests.practices import builders as build
from tests.practices.reviewing import SAID, Town, give, letters, refusal, state_of, town
from tests.threads import in_threads

pytestmark = pytest.mark.django_db
APART = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cast() -> Town:
    return town()


# --- writing a review ------------------------------------------------------------------------------------------------------


def test_a_review_is_kept_as_written_and_handed_in_only_when_it_is_whole(cast):
    version = cast.version()
    by = cast.peers["athens"]
    request = cast.ask(version, "athens")
    with refusal("denied"):
        save_review(request, SAID, revision=1, by=by, at=timezone.now())
    accept_review(request, by=by)
    saved = save_review(request, {"relevance": "9", "note": "x" * 6_000}, revision=1, by=by, at=timezone.now())
    assert saved.data["note"] == "x" * 6_000
    with pytest.raises(Unfinished) as unfinished:
        hand_in_review(request, revision=saved.revision, by=by)
    fields = [lack.field for lack in unfinished.value.lacks]
    assert fields[:2] == ["relevance", "relevance_reason"]
    assert {"recommendation", "note", "language"} <= set(fields)
    with pytest.raises(StaleSection):
        save_review(request, SAID, revision=1, by=by, at=timezone.now())
    with refusal("too_long"):
        save_review(request, {"note": "x" * 60_000}, revision=saved.revision, by=by, at=timezone.now())
    saved = save_review(request, SAID, revision=saved.revision, by=by, at=timezone.now())
    with refusal("stale"):
        hand_in_review(request, revision=1, by=by)
    review = hand_in_review(request, revision=saved.revision, by=by)
    assert (review.average, review.city, review.named) == (Decimal(4), cast.cities["athens"], False)
    with refusal("denied"):
        save_review(request, {}, revision=saved.revision, by=by, at=timezone.now())


def test_nobody_else_answers_or_writes_a_review(cast):
    version = cast.version()
    request = cast.ask(version, "athens")
    for by in (cast.peers["bari"], cast.decider, cast.writer, cast.operator):
        for act in (
            lambda by=by: accept_review(request, by=by),
            lambda by=by: decline_review(request, reason="No.", by=by),
            lambda by=by: declare_conflict(request, reason="No.", by=by),
            lambda by=by: save_review(request, SAID, revision=1, by=by, at=timezone.now()),
        ):
            with refusal("denied"):
                act()


def test_who_declines_says_why_and_the_officer_who_asked_is_told(cast):
    version = cast.version()
    request = cast.ask(version, "athens")
    with refusal("reason"):
        decline_review(request, reason="\n", by=cast.peers["athens"])
    declined = decline_review(request, reason="I am on leave.", by=cast.peers["athens"])
    assert (declined.state, letters("review_answered")) == ("declined", ["Grace"])
    assert not can_read_version(cast.peers["athens"], version)


def test_a_conflict_that_is_seen_late_takes_the_review_out(cast):
    version = cast.version()
    first, _second = cast.reviewed(version)
    declare_conflict(first.request, reason="We are partners.", by=cast.peers["athens"])
    assert [row.reviewer for row in PeerReview.objects.standing()] == [cast.peers["bari"]]
    with refusal("unreviewed"):
        publish_version(version, by=cast.decider)
    cast.review(version, "cork")
    publish_version(version, by=cast.decider)
    with refusal("denied"):
        declare_conflict(ReviewRequest.objects.get(reviewer=cast.peers["bari"]), reason="x", by=cast.peers["bari"])


def test_a_stake_that_came_up_since_one_was_asked_keeps_from_accepting(cast):
    version = cast.version()
    request = cast.ask(version, "athens")
    add_adoption(version.practice, cast.cities["athens"], 2024, by=cast.operator)
    with refusal("conflict"):
        accept_review(request, by=cast.peers["athens"])


def test_who_has_lost_the_role_reads_nothing_any_more(cast):
    version = cast.version()
    request = accept_review(cast.ask(version, "athens"), by=cast.peers["athens"])
    peer = cast.peers["athens"]
    assert can_read_version(peer, version)
    end_role(Role.objects.get(user=peer), by=cast.operator, reason="Moved on.")
    peer = type(peer).objects.get(pk=peer.pk)
    assert not can_read_version(peer, version)
    with refusal("denied"):
        save_review(request, SAID, revision=1, by=peer, at=timezone.now())


def test_what_is_taken_off_does_not_count_and_can_be_asked_of_somebody_else(cast):
    version = cast.version()
    first, _second = cast.reviewed(version)
    cancel_review(first.request, reason="Wrong city.", by=cast.decider)
    assert PeerReview.objects.standing().count() == 1
    assert letters("review_off") == ["Nikos"]
    cast.review(version, "cork")
    publish_version(version, by=cast.decider)
    with refusal("denied"):
        cancel_review(_second.request, reason="Late.", by=cast.decider)


def test_the_table_says_what_can_be_done_to_a_request(cast):
    version = cast.version()
    request = cast.ask(version, "athens")
    peer = cast.peers["athens"]
    acts = {
        "accept": lambda: accept_review(request, by=peer),
        "decline": lambda: decline_review(request, reason="No.", by=peer),
        "declare_conflict": lambda: declare_conflict(request, reason="Mine.", by=peer),
        "hand_in": lambda: hand_in_review(request, revision=1, by=peer),
        "cancel": lambda: cancel_review(request, reason="No.", by=cast.decider),
    }
    for state in ReviewState:
        for verb, act in acts.items():
            PeerReview.objects.all().delete()
            ReviewRequest.objects.filter(pk=request.pk).update(state=state, data=SAID)
            if verb in REVIEWS[state]:
                act()
                assert state_of(request) == REVIEWS[state][verb].to
            else:
                with pytest.raises(DomainError):
                    act()


def test_nothing_is_published_out_of_the_archive(cast):
    practice = publish_version(cast.version(), by=cast.decider, unreviewed_because="Small.")
    version = submit_version(start_version(practice, by=cast.writer), by=cast.writer)
    archive_practice(practice, by=cast.writer, reason="Old.")
    with refusal("denied"):
        publish_version(version, by=cast.decider, unreviewed_because="Small.")


def test_staff_write_down_a_review_made_elsewhere_and_the_city_does_not(cast):
    practice = publish_version(cast.version(), by=cast.decider, unreviewed_because="Small.")
    with refusal("denied"):
        add_peer_review(practice, Scores(5, 5, 5, 5), by=cast.writer)
    assert add_peer_review(practice, Scores(5, 5, 5, 5), by=cast.decider).average == 5


# --- at the same moment --------------------------------------------------------------------------------------------------


@APART
def test_of_two_who_decide_at_once_one_decides_and_the_other_is_told():
    cast = town()
    version = cast.version()
    cast.reviewed(version)
    other = build.person("Omar")
    grant_role(other, RoleKind.NETWORK_OFFICER, cast.network.uuid, reason="Named.", by=cast.operator)
    acts = (
        lambda: publish_version(version, by=cast.decider),
        lambda: ask_revision(version, by=other, reason="Shorter."),
    )
    ends = in_threads(2, lambda n: acts[n]())
    assert sum(isinstance(end, DomainError) and end.code == "denied" for end in ends) == 1
    assert sum(isinstance(end, Exception) for end in ends) == 1
    published = isinstance(ends[0], Practice)
    assert state_of(version) == ("published" if published else "revision")
    assert (letters("published"), letters("revision")) == ((["Åsa"], []) if published else ([], ["Åsa"]))


@APART
def test_a_review_handed_in_while_a_revision_is_asked_is_in_or_kept_for_the_second_look():
    cast = town()
    for _round in range(3):
        version = cast.version()
        request = accept_review(cast.ask(version, "athens"), by=cast.peers["athens"])
        saved = save_review(request, SAID, revision=1, by=cast.peers["athens"], at=timezone.now())
        acts = (
            lambda request=request, saved=saved: hand_in_review(
                request, revision=saved.revision, by=cast.peers["athens"]
            ),
            lambda version=version: ask_revision(version, by=cast.decider, reason="Shorter."),
        )
        ends = in_threads(2, lambda n, acts=acts: acts[n]())
        assert isinstance(ends[1], PracticeVersion)
        handed_in = isinstance(ends[0], PeerReview)
        assert handed_in or ends[0].code == "denied"
        request.refresh_from_db()
        assert request.state == ("done" if handed_in else "accepted")
        assert request.data["note"] == SAID["note"]
        submit_version(version, by=cast.writer)
        give(ReviewRequest.objects.get(pk=request.pk), 5)
        assert [row.average for row in version.peer_reviews.standing()] == [5]


@APART
def test_a_reviewer_taken_off_while_handing_in_leaves_no_review_that_counts():
    cast = town()
    for _round in range(3):
        version = cast.version()
        request = accept_review(cast.ask(version, "athens"), by=cast.peers["athens"])
        saved = save_review(request, SAID, revision=1, by=cast.peers["athens"], at=timezone.now())
        acts = (
            lambda request=request, saved=saved: hand_in_review(
                request, revision=saved.revision, by=cast.peers["athens"]
            ),
            lambda request=request: cancel_review(request, reason="Wrong city.", by=cast.decider),
        )
        ends = in_threads(2, lambda n, acts=acts: acts[n]())
        assert isinstance(ends[0], PeerReview) or ends[0].code == "denied"
        assert (state_of(request), version.peer_reviews.standing().count()) == ("cancelled", 0)


@APART
def test_of_two_who_ask_for_the_last_place_at_once_one_is_told():
    cast = town()
    version = cast.version()
    colleague = build.officer(cast.cities["athens"])
    peers = (cast.peers["athens"], colleague)
    ends = in_threads(2, lambda n: ask_reviewer(version, peers[n], city=cast.cities["athens"], by=cast.decider))
    assert sorted(type(end).__name__ for end in ends) == ["DomainError", "ReviewRequest"]
    assert version.review_requests.active().count() == 1


def test_every_criterion_has_its_question_and_its_column():
    fields = {field.name for field in PeerReview._meta.get_fields()}
    assert set(Criterion.values) | {f"{criterion}_reason" for criterion in Criterion.values} <= fields
