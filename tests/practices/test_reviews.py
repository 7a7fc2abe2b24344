"""Peers review a version: who may be asked, what they write, what of it counts, and what becomes of it."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest
from django.utils import timezone

from network.doors import DomainError
from network.mail.models import OutgoingMail
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
    discard_version,
    hand_in_review,
    move_review,
    publish_version,
    save_review,
    start_version,
    submit_version,
    take_back_version,
)
from practices.enums import VersionState
from practices.enums.reviews import REVIEWS, Criterion, ReviewState
from practices.models import PeerReview, Practice, PracticeVersion, ReviewRequest
from practices.queries.reviewers import peers_for
from practices.queries.waiting import to_ask, to_decide, waiting_versions, with_late_review
from practices.rules.maturity import counting
from practices.rules.reviews import can_read_version
from tests.practices import builders as build
from tests.practices.reviewing import SAID, Town, give, town, write
from tests.threads import in_threads

pytestmark = pytest.mark.django_db
APART = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cast() -> Town:
    return town()


def refusal(code: str):
    return pytest.raises(DomainError, check=lambda error: error.code == code)


def state_of(thing) -> str:
    return type(thing).objects.get(pk=thing.pk).state


def letters(kind: str) -> list[str]:
    """The addressees of that kind of mail, in order."""
    rows = OutgoingMail.objects.filter(kind=f"practices.{kind}").order_by("id")
    return [row.to_name for row in rows]


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
