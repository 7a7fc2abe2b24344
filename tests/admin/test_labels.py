"""Labels in the administration: found by what they are today, awarded, renewed and withdrawn, refused in sentences."""

from __future__ import annotations

import datetime

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from practices.domain.labels import renew_label
from practices.models import Label, LabelKind, PeerReview, Practice
from tests import places
from tests.admin.typing import fill
from tests.people.signing import sign_in
from tests.practices.labelling import Labelled, labelled

pytestmark = pytest.mark.django_db
LIST, KINDS = "/admin/practices/label/", "/admin/practices/labelkind/"


@pytest.fixture
def it() -> Labelled:
    made = labelled()
    made.town.decider.refresh_from_db()
    return made


@pytest.fixture
def at(it) -> Client:
    return sign_in(Client(), it.town.decider)


def rows(at: Client, **asked: str) -> list[int]:
    page = at.get(LIST, asked)
    assert page.status_code == 200
    return [row.pk for row in page.context["cl"].result_list]


def test_the_list_answers_what_is_valid_expiring_expired_and_withdrawn(it, at):
    label = it.award_ending_in(60)

    def ends_in(days: int) -> None:
        Label.objects.update(valid_until=timezone.localdate() + datetime.timedelta(days=days))

    assert rows(at, ask="valid") == rows(at, ask="soon") == [label.pk]
    ends_in(61)
    assert rows(at, ask="soon") == []
    assert rows(at, ask="valid") == [label.pk]
    ends_in(0)
    assert rows(at, ask="soon") == [label.pk]
    ends_in(-1)
    assert (rows(at, ask="valid"), rows(at, ask="soon"), rows(at, ask="expired")) == ([], [], [label.pk])
    assert rows(at, ask="withdrawn") == []
    assert at.post(f"{LIST}{label.pk}/act/withdraw/", {"reason": "Closed."}).status_code == 302
    assert (rows(at, ask="expired"), rows(at, ask="withdrawn")) == ([], [label.pk])
    assert rows(at, q="broar") == rows(at, kind="proven-practice") == [label.pk]
    assert rows(at, q="nothing") == []


def test_what_is_renewed_is_not_asked_after(it, at):
    old = it.award_ending_in(30)
    assert rows(at, ask="soon") == [old.pk]
    it.review_anew()
    renew_label(old, by=it.town.decider)
    assert rows(at, ask="soon") == []


def test_an_award_by_name_and_what_is_missing_comes_back_with_what_was_typed(it, at):
    review = PeerReview.objects.first()
    assert review is not None
    scores = {name: getattr(review, name) for name in ("practice", "version", "request", "round", "city", "reviewer")}
    points = dict.fromkeys(("relevance", "participation", "impact", "transferability"), 4)
    review.delete()
    sent = {"practice": str(it.practice), "kind": it.kind.pk, "grounds": "Kept words.", "language": "en"}
    refused = fill(at, f"{LIST}add/", **sent)
    assert refused.status_code == 200
    said = refused.content.decode()
    assert "1 thing is missing. 1 finished review counts; asked for: 2." in said
    assert "Kept words." in said
    assert not Label.objects.exists()
    PeerReview.objects.create(**scores, **points)
    assert fill(at, f"{LIST}add/", **sent).status_code == 302
    assert Label.objects.get().grounds == "Kept words."


def test_the_page_of_a_label_says_what_a_renewal_would_need(it, at):
    label = it.award_ending_in(30)
    page = at.get(f"{LIST}{label.pk}/change/").content.decode()
    assert "It needs a review that is newer than the award of" in page
    assert [lever["word"] for lever in at.get(f"{LIST}{label.pk}/change/").context["levers"]] == [
        "Renew",
        "Withdraw the label",
    ]
    refused = at.post(f"{LIST}{label.pk}/act/renew/", {"grounds": "", "language": "en"})
    assert "newer than the award" in refused.content.decode()
    it.review_anew()
    assert at.post(f"{LIST}{label.pk}/act/renew/", {"grounds": "", "language": "en"}).status_code == 302
    assert Label.objects.count() == 2


def test_a_fresh_label_is_not_offered_to_be_renewed_and_its_page_names_the_practice_in_the_readers_language(it, at):
    Practice.objects.update(title_ar="جسور")
    label = it.award()
    assert [lever["word"] for lever in at.get(f"{LIST}{label.pk}/change/").context["levers"]] == ["Withdraw the label"]
    at.cookies[settings.LANGUAGE_COOKIE_NAME] = "ar"
    page = at.get(f"{LIST}{label.pk}/change/")
    assert "جسور" in page.context["title"]
    assert page.content.decode().count("جسور") >= 2


def test_a_withdrawal_needs_its_reason(it, at):
    label = it.award()
    empty = at.post(f"{LIST}{label.pk}/act/withdraw/", {"reason": ""})
    assert "Say why: the officers of the city read it." in empty.content.decode()
    assert at.post(f"{LIST}{label.pk}/act/withdraw/", {"reason": "Closed."}).status_code == 302
    label.refresh_from_db()
    assert (label.withdrawn_because, label.withdrawn_by) == ("Closed.", it.town.decider)
    page = at.get(f"{LIST}{label.pk}/change/")
    assert page.context["levers"] == []
    assert "Closed." in page.content.decode()


def test_a_kind_of_label_is_written_changed_and_put_away(it, at):
    told = {"network": it.town.network.pk, "maturity": "promising", "score": "3.5", "reviewers": "3", "months": "36"}
    assert fill(at, f"{KINDS}add/", **told, name_en="Open door", name_ar="باب مفتوح").status_code == 302
    kind = LabelKind.objects.get(slug="open-door")
    assert (kind.name_ar, str(kind.score), kind.months, kind.maturity) == ("باب مفتوح", "3.50", 36, "promising")
    assert fill(at, f"{KINDS}{kind.pk}/change/", name_sv="Öppen dörr", months="12").status_code == 302
    kind.refresh_from_db()
    assert (kind.name_sv, kind.name_ar, kind.months) == ("Öppen dörr", "باب مفتوح", 12)
    refused = fill(at, f"{KINDS}{kind.pk}/change/", months="121")
    assert refused.status_code == 200
    assert at.post(f"{KINDS}{kind.pk}/act/archive/", {"reason": "A new one comes."}).status_code == 302
    kind.refresh_from_db()
    assert kind.archived_at is not None
    assert at.get(KINDS, {"ask": "archived"}).context["cl"].result_count == 1


def test_an_officer_gives_only_the_labels_of_their_own_network(it, at):
    page = at.get(f"{LIST}add/").content.decode()
    assert "Proven practice" in page
    other = labelled_elsewhere()
    assert at.get(f"{KINDS}{other.pk}/change/").status_code == 404
    sent = {"practice": str(it.practice), "kind": other.pk, "grounds": "", "language": "en"}
    assert fill(at, f"{LIST}add/", **sent).status_code == 200
    assert not Label.objects.exists()


def labelled_elsewhere() -> LabelKind:
    """A kind of label of a network that nobody here has to do with."""
    return LabelKind.objects.create(network=places.network("Elsewhere"), slug="elsewhere", name_en="Elsewhere")
