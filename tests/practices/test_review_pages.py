"""The pages of a review: asked for, answered, written bit by bit, handed in; and who is refused, with the reason."""

from __future__ import annotations

import datetime
import re

import pytest
from django.test import Client
from django.utils import timezone

from network.deadlines import DEADLINES
from network.mail.domain.planning import add_default_rules, plan
from network.mail.models import OutgoingMail
from network.people.domain.roles import end_role
from network.people.models import Role
from practices.deadlines.reviews import LATE_REVIEW, REVIEW
from practices.domain import accept_review, ask_revision, publish_version
from practices.models import PeerReview, ReviewRequest
from tests.frame.test_markup import clipboard
from tests.people.signing import sign_in
from tests.practices import builders as build
from tests.practices.reviewing import SAID, WHOLE, Town, give, state_of, town

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Town:
    return town()


@pytest.fixture
def enter():
    return lambda user: sign_in(Client(), user)


def page_of(request, more="") -> str:
    return f"/en/desk/reviews/{request.pk}/{more}"


def of(version, more="") -> str:
    return f"/en/practices/{version.practice.slug}/versions/{version.number}/{more}"


def text_of(answer) -> str:
    return answer.content.decode()


# --- the reviewer -----------------------------------------------------------------------------------------------------


def test_a_reviewer_accepts_writes_bit_by_bit_and_hands_in(cast, enter):
    request = cast.ask(cast.version(), "athens")
    browser = enter(cast.peers["athens"])
    assert "Broar" in text_of(browser.get("/en/desk/reviews/"))
    asked = text_of(browser.get(page_of(request)))
    assert "I review it" in asked
    assert "data-autosave-url" not in asked
    assert "Thank you" in text_of(browser.post(page_of(request, "answer/"), {"answer": "accept"}, follow=True))
    saved = browser.post(page_of(request, "save/"), {"revision": 1, "relevance": "4", "note": "Half a"})
    assert (saved.status_code, saved.json()["revision"]) == (200, 2)
    kept = browser.post(page_of(request), {"revision": 2, "relevance": "4", "note": "Half a thought"}, follow=True)
    assert "Saved." in text_of(kept)
    lacking = browser.post(page_of(request), {"revision": 3, "relevance": "4", "hand_in": "1"})
    assert lacking.status_code == 400
    # The list of errors leads down the page.
    listed = re.findall(r'<li><a href="#id_(\w+?)(?:_0)?">', text_of(lacking))
    pairs = [(criterion, f"{criterion}_reason") for criterion in ("participation", "impact", "transferability")]
    assert listed == ["relevance_reason", *(name for pair in pairs for name in pair), "recommendation", "language"]
    done = browser.post(page_of(request), {"revision": 4, **SAID, "hand_in": "1"}, follow=True)
    assert "What you handed in" in text_of(done)
    review = PeerReview.objects.get()
    assert (review.relevance, review.note) == (4, "Say more about the money.")


def test_two_windows_of_a_reviewer_lose_nothing(cast, enter):
    request = accept_review(cast.ask(cast.version(), "athens"), by=cast.peers["athens"])
    browser = enter(cast.peers["athens"])
    browser.post(page_of(request, "save/"), {"revision": 1, "note": "From the first window"})
    stale = browser.post(page_of(request, "save/"), {"revision": 1, "note": "From the second"})
    assert (stale.status_code, stale.json()["theirs"]["note"]) == (409, "From the first window")
    both = browser.post(page_of(request), {"revision": 1, "note": "From the second"})
    assert both.status_code == 409
    assert all(words in text_of(both) for words in ("From the first window", "From the second"))
    too_long = browser.post(page_of(request), {"revision": 2, "note": "word " * 20_000})
    assert too_long.status_code == 400
    assert ("word " * 20_000).strip() in text_of(too_long)
    assert browser.post(page_of(request, "save/"), {"revision": 2, "note": "x" * 60_000}).status_code == 422
    assert Client().post(page_of(request, "save/"), {"revision": 2}).status_code == 401
    assert ReviewRequest.objects.get().data["note"] == "From the first window"


def test_what_a_reviewer_pastes_is_kept_by_its_meaning(cast, enter):
    request = accept_review(cast.ask(cast.version(), "athens"), by=cast.peers["athens"])
    markup, said = clipboard("word")
    enter(cast.peers["athens"]).post(page_of(request, "save/"), {"revision": 1, "note": markup})
    assert ReviewRequest.objects.get().data["note"] == said


def test_declining_and_a_conflict_of_interest_need_their_reason_and_end_it(cast, enter):
    version = cast.version()
    requests = {name: cast.ask(version, name) for name in ("athens", "bari")}
    for name, verb, state in (("athens", "decline", "declined"), ("bari", "conflict", "conflicted")):
        browser, request = enter(cast.peers[name]), requests[name]
        empty = browser.post(page_of(request, "answer/"), {"answer": verb, f"{verb}-reason": " "})
        assert empty.status_code == 400
        assert "Say why" in text_of(empty)
        browser.post(page_of(request, "answer/"), {"answer": verb, f"{verb}-reason": "My sister works there."})
        assert state_of(request) == state
        page = text_of(browser.get(page_of(request)))
        assert "data-autosave-url" not in page
        assert "I review it" not in page
        assert browser.get(of(version, "preview/")).status_code == 404
        again = browser.post(page_of(request, "answer/"), {"answer": "accept"}, follow=True)
        assert "no longer asked" in text_of(again)
        assert browser.post(page_of(request), {"revision": 1, **SAID, "hand_in": "1"}).status_code == 400
    assert not PeerReview.objects.exists()


def test_nobody_but_the_reviewer_opens_a_review(cast, enter):
    version = cast.version()
    request = cast.ask(version, "athens")
    for user in (cast.writer, cast.decider, cast.peers["bari"], cast.operator, build.person()):
        browser = enter(user)
        assert browser.get(page_of(request)).status_code == 404
        assert browser.post(page_of(request, "save/"), {"revision": 1}).status_code == 404
        assert browser.post(page_of(request, "answer/"), {"answer": "accept"}).status_code == 404
    assert "login" in Client().get(page_of(request)).url
    assert enter(cast.peers["athens"]).post(page_of(request, "answer/"), {"answer": "?"}).status_code == 404
    assert state_of(request) == "invited"


def test_a_review_that_was_handed_in_or_whose_role_ended_is_not_written_any_more(cast, enter):
    version = cast.version()
    athens, bari = (accept_review(cast.ask(version, name), by=cast.peers[name]) for name in ("athens", "bari"))
    give(athens)
    browser = enter(cast.peers["athens"])
    assert "data-autosave-url" not in text_of(browser.get(page_of(athens)))
    for said in ({"revision": 2, **SAID}, {"revision": 2, **SAID, "hand_in": "1"}):
        assert browser.post(page_of(athens), said).status_code == 400
    end_role(Role.objects.get(user=cast.peers["bari"]), reason="Left.", by=cast.operator)
    other = enter(cast.peers["bari"])
    assert "You no longer hold the role" in text_of(other.get(page_of(bari)))
    assert other.post(page_of(bari, "save/"), {"revision": 1, "note": "Late"}).status_code == 422
    assert PeerReview.objects.count() == 1


def test_others_are_read_only_after_handing_in_and_without_names(cast, enter):
    version = cast.version()
    cast.review(version, "athens", 2, relevance_reason="Only Athens says this.")
    bari = accept_review(cast.ask(version, "bari"), by=cast.peers["bari"])
    browser = enter(cast.peers["bari"])
    assert "Only Athens says this." not in text_of(browser.get(page_of(bari)))
    give(bari)
    page = text_of(browser.get(page_of(bari)))
    assert "Only Athens says this." in page
    assert "Nikos" not in page


# --- those who decide ---------------------------------------------------------------------------------------------------


def test_who_has_a_stake_is_shown_with_the_reason_and_not_asked(cast, enter):
    version = cast.version()
    browser = enter(cast.decider)
    build.officer(cast.city, "Omar")
    page = text_of(browser.get(of(version, "reviewers/") + "?q=Omar"))
    assert "is an officer of the city that wrote it" in page
    pressed = re.findall(r'name="peer" value="([^"]+)"', text_of(browser.get(of(version, "reviewers/"))))
    assert len(pressed) == 3
    due = (timezone.localdate() + datetime.timedelta(days=10)).isoformat()
    for wrong in ("", "x", f"{cast.writer.pk}:{cast.city.pk}", "999999:1"):
        refused = browser.post(of(version, "reviewers/"), {"peer": wrong, "due_on": due})
        assert refused.status_code == 400, wrong
    assert not ReviewRequest.objects.exists()
    asked = browser.post(of(version, "reviewers/"), {"peer": pressed[0], "due_on": due}, follow=True)
    assert "is asked." in text_of(asked)


@pytest.mark.parametrize("who", ["writer", "peer", "stranger"])
def test_only_those_who_decide_ask_take_off_and_move(cast, enter, who):
    version = cast.version()
    request = cast.ask(version, "athens")
    users = {"writer": cast.writer, "peer": cast.peers["athens"], "stranger": cast.peers["cork"]}
    browser = enter(users[who])
    answers = [
        browser.get(of(version, "reviewers/")),
        browser.get(page_of(request, "take-off/")),
        browser.post(page_of(request, "due/"), {"due_on": "2030-01-01"}),
        browser.post(of(version, "publish/"), {"publish-unreviewed_because": "Because."}),
    ]
    assert {answer.status_code for answer in answers} <= {403, 404}
    assert (state_of(request), state_of(version)) == ("invited", "in_review")


def test_the_decision_shows_both_reviews_and_passes_on_the_notes_that_were_ticked(cast, enter):
    version = cast.version()
    cast.reviewed(version, athens=5, bari=3)
    browser = enter(cast.decider)
    page = text_of(browser.get(of(version)))
    assert all(name in page for name in ("Nikos", "Elena"))
    assert "</bdi>، <bdi>" in text_of(browser.get(of(version).replace("/en/", "/ar/")))
    empty = browser.post(of(version, "revise/"), {"revision-reason": ""})
    assert empty.status_code == 400
    note = PeerReview.objects.order_by("id").first().pk
    said = {"revision-reason": "Say what it cost.", "revision-notes": [note], "revision-second_look": "on"}
    assert browser.post(of(version, "revise/"), said).status_code == 302
    assert list(PeerReview.objects.order_by("id").values_list("shared", flat=True)) == [True, False]
    told = text_of(enter(cast.writer).get(of(version)))
    assert "Say what it cost." in told
    assert "Nikos" not in told


# --- reminders --------------------------------------------------------------------------------------------------------


def reminded(kind: str) -> list[str]:
    """Who has a mail of the deadline's first kind, in the order in which they were planned."""
    rows = OutgoingMail.objects.filter(kind=DEADLINES[kind].messages[0].kind).order_by("id")
    return [row.recipient.display_name for row in rows.select_related("recipient")]


def test_a_reviewer_is_reminded_a_week_and_a_day_before_until_they_hand_in(cast):
    add_default_rules()
    kind = DEADLINES[REVIEW]
    request = accept_review(cast.ask(cast.version(), "athens", days=20), by=cast.peers["athens"])
    noon = datetime.datetime.combine(request.due_on, datetime.time(12), datetime.UTC)
    made = [plan(kind, noon - datetime.timedelta(days=before)) for before in (8, 7, 6, 1)]
    assert made == [0, 1, 0, 1]
    assert reminded(REVIEW) == ["Nikos", "Nikos"]
    give(request)
    assert not kind.rows().exists()


def test_nobody_is_pressed_while_the_city_revises_or_after_it_is_decided(cast):
    add_default_rules()
    late, due = DEADLINES[LATE_REVIEW], DEADLINES[REVIEW]
    version = cast.version()
    accept_review(cast.ask(version, "athens"), by=cast.peers["athens"])
    ReviewRequest.objects.update(due_on=timezone.localdate() - datetime.timedelta(days=2))
    assert plan(late) == 1
    assert reminded(LATE_REVIEW) == ["Grace"]
    ask_revision(version, by=cast.decider, reason="Shorter.")
    assert not late.rows().exists()
    other = cast.version(about={**WHOLE["about"], "title": "Andra"})
    cast.ask(other, "cork")
    assert due.rows().count() == 1
    publish_version(other, by=cast.decider, unreviewed_because="Nobody answers.")
    assert not due.rows().exists()
