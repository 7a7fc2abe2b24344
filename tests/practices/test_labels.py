"""A network gives its labels: who may, what a practice must show, and that a label expires by itself."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from network.audit.models import AuditEvent
from network.doors import DomainError
from network.membership.domain import decide
from network.membership.models import Membership
from network.people.domain.roles import grant_role
from network.people.enums import RoleKind
from practices.domain import archive_practice
from practices.domain.labels import (
    Grounds,
    KindDetails,
    Unmet,
    archive_label_kind,
    award_label,
    change_label_kind,
    create_label_kind,
    renew_label,
    withdraw_label,
)
from practices.enums import Maturity
from practices.enums.labels import LabelState
from practices.models import Label, LabelKind, PeerReview, Practice
from practices.queries.labels import held_on, label_facts, labels_of, possible_for
from practices.rules.labels import LabelFacts, is_met, means_of, requirements
from tests.practices import builders as build
from tests.practices.labelling import labelled
from tests.threads import in_threads

TODAY = datetime.date(2026, 11, 29)
FINE = LabelFacts(
    published=True,
    member=True,
    level=Maturity.GOOD,
    reviews=2,
    means=(Decimal(3),) * 4,
    reviewed_on=datetime.date(2026, 11, 1),
    last=None,
)
KIND = LabelKind(maturity=Maturity.GOOD, score=Decimal(3), reviewers=2, months=24)


def given(awarded: datetime.date, until: datetime.date, first: datetime.date | None = None) -> Label:
    return Label(awarded_on=awarded, valid_from=first or awarded, valid_until=until)


def unmet(facts: LabelFacts, today: datetime.date = TODAY) -> list[str]:
    return [reason.text for reason in requirements(KIND, facts, today) if not reason.met]


def test_what_is_asked_for_is_met_to_the_hundredth_or_said_in_a_sentence():
    def but(**changed: object) -> list[str]:
        return unmet(LabelFacts(**{**vars(FINE), **changed}))

    assert is_met(requirements(KIND, FINE, TODAY))
    assert but(published=False) == ["It is not published."]
    assert but(member=False) == ["Its city is no member of the network today."]
    assert but(level=Maturity.PROMISING) == ["Its maturity is “Promising”; it needs at least “Good”."]
    assert but(level=Maturity.TRANSFERRED) == []
    assert but(reviews=1) == ["1 finished review counts; asked for: 2."]
    three = Decimal(3)
    assert but(means=(three, three, Decimal("2.99"), three)) == ["Impact: 2.99 of 5 points on average; it needs 3."]
    assert len(but(reviews=0, means=(), reviewed_on=None)) == 5


@pytest.mark.parametrize(
    ("last", "says"),
    [
        (given(TODAY, datetime.date(2028, 11, 29)), "it can be renewed from 30 May 2028 on"),
        (given(datetime.date(2025, 1, 1), datetime.date(2027, 5, 31)), ""),  # 183 days before its end
        (given(datetime.date(2025, 1, 1), datetime.date(2027, 6, 1)), "it can be renewed from 30 November 2026 on"),
        (given(datetime.date(2024, 1, 1), datetime.date(2026, 11, 28)), ""),  # expired yesterday
        (
            given(datetime.date(2026, 10, 1), datetime.date(2028, 12, 1), datetime.date(2026, 12, 2)),
            "It is renewed already, until 1 December 2028.",
        ),
    ],
)
def test_a_label_is_renewed_in_its_last_months_only_and_once(last, says):
    anew = LabelFacts(**{**vars(FINE), "last": last, "reviewed_on": last.awarded_on + datetime.timedelta(days=1)})
    found = " ".join(unmet(anew))
    assert says in found
    assert bool(found) is bool(says)


def test_who_had_the_label_needs_a_review_that_is_newer_than_the_award():
    last = given(datetime.date(2024, 1, 1), datetime.date(2026, 1, 1))
    stale = LabelFacts(**{**vars(FINE), "last": last, "reviewed_on": datetime.date(2024, 1, 1)})
    assert unmet(stale) == ["It needs a review that is newer than the award of 1 January 2024."]


def test_means_are_cut_never_rounded_up():
    def review(*scores: int) -> PeerReview:
        names = ("relevance", "participation", "impact", "transferability")
        return PeerReview(**dict(zip(names, scores, strict=True)))

    rows = [review(5, 3, 3, 1), review(5, 3, 2, 1), review(4, 3, 3, 1)]
    assert means_of(rows) == (Decimal("4.66"), Decimal(3), Decimal("2.66"), Decimal(1))
    assert means_of([]) == ()


def test_the_state_is_computed_from_the_days_alone():
    label = given(TODAY, datetime.date(2028, 11, 29), datetime.date(2026, 12, 1))
    days = (datetime.date(2026, 11, 30), datetime.date(2026, 12, 1), label.valid_until, datetime.date(2028, 11, 30))
    assert [label.state_on(day) for day in days] == ["upcoming", "valid", "valid", "expired"]
    label.withdrawn_on = datetime.date(2027, 1, 1)
    assert label.state_on(datetime.date(2027, 1, 1)) == LabelState.WITHDRAWN


@pytest.mark.django_db
def test_the_database_and_the_rule_say_the_same_of_every_day():
    it = labelled()
    label = it.award()
    before, after = label.valid_from - datetime.timedelta(days=1), label.valid_until + datetime.timedelta(days=1)
    for day in (before, label.valid_from, label.valid_until, after):
        assert Label.objects.valid_on(day).exists() is (label.state_on(day) == LabelState.VALID), day


@pytest.mark.django_db
def test_an_award_keeps_the_means_of_the_reviews_and_lasts_two_years():
    it = labelled(score=4)
    label = it.award(grounds=Grounds("Bridges that hold.", "en"))
    assert label.scores == (Decimal(4),) * 4
    assert (label.reviewers, label.maturity, label.awarded_by) == (2, Maturity.GOOD, it.town.decider)
    assert label.awarded_on == label.valid_from == timezone.localdate()
    assert label.valid_until.year == label.valid_from.year + 2
    assert (label.grounds, label.language) == ("Bridges that hold.", "en")


@pytest.mark.django_db
def test_who_is_no_officer_of_the_network_gives_nothing():
    it = labelled()
    other = build.person("Of another network")
    for somebody in (it.town.writer, it.town.peers["athens"], other):
        with pytest.raises(DomainError) as refused:
            award_label(it.practice, it.kind, by=somebody)
        assert refused.value.code == "denied"
    assert not Label.objects.exists()
    assert award_label(it.practice, it.kind, by=it.town.operator).pk


@pytest.mark.django_db
def test_an_officer_of_the_city_that_wrote_it_has_a_conflict_of_interest():
    it = labelled()
    grant_role(it.town.decider, RoleKind.CITY_OFFICER, it.town.city.uuid, reason="Helps out.", by=it.town.operator)
    with pytest.raises(DomainError, match="You are an officer of the city that wrote it"):
        it.award()
    assert not Label.objects.exists()


@pytest.mark.django_db
def test_what_is_missing_is_said_sentence_by_sentence_and_nothing_is_written():
    it = labelled(score=3)
    change_label_kind(
        it.kind, KindDetails(names={"en": "Proven"}, score=Decimal("3.5"), reviewers=3), by=it.town.decider
    )
    with pytest.raises(Unmet) as refused:
        it.award()
    assert [reason.text for reason in refused.value.reasons] == [
        "2 finished reviews count; asked for: 3.",
        *(
            f"{criterion}: 3 of 5 points on average; it needs 3.5."
            for criterion in ("Relevance", "Participation", "Impact", "Transferability")
        ),
    ]
    assert "5 things are missing" in str(refused.value)
    assert not Label.objects.exists()


@pytest.mark.django_db
def test_a_city_that_left_the_network_gets_no_label():
    it = labelled()
    membership = Membership.objects.get(network=it.town.network, city=it.town.city)
    decide(membership, "withdraw", by=it.town.decider, reason="They left.")
    with pytest.raises(Unmet, match="no member of the network"):
        it.award()


@pytest.mark.django_db
def test_a_practice_in_the_archive_gets_no_label():
    it = labelled()
    archive_practice(it.practice, by=it.town.operator, reason="Old.")
    with pytest.raises(Unmet, match="It is not published"):
        it.award()


@pytest.mark.django_db
def test_a_label_that_is_held_is_not_awarded_again():
    it = labelled()
    it.award()
    with pytest.raises(DomainError) as refused:
        it.award()
    assert refused.value.code == "already"
    assert Label.objects.count() == 1


@pytest.mark.django_db
def test_a_renewal_begins_the_day_after_and_needs_a_new_review():
    it = labelled()
    old = it.award_ending_in(30)
    with pytest.raises(Unmet, match="newer than the award"):
        renew_label(old, by=it.town.decider)
    it.review_anew()
    new = renew_label(old, by=it.town.decider)
    assert new.valid_from == old.valid_until + datetime.timedelta(days=1)
    assert new.state_on(timezone.localdate()) == LabelState.UPCOMING
    assert (new.valid_until.month, new.valid_until.day) == (old.valid_until.month, old.valid_until.day)
    with pytest.raises(Unmet, match="It is renewed already"):
        renew_label(old, by=it.town.decider)


@pytest.mark.django_db
def test_what_has_expired_is_awarded_anew_not_renewed():
    it = labelled()
    old = it.award_ending_in(-1)
    it.review_anew()
    with pytest.raises(DomainError) as refused:
        renew_label(old, by=it.town.decider)
    assert refused.value.code == "state"
    assert it.award().valid_from == timezone.localdate()


@pytest.mark.django_db
def test_a_withdrawal_needs_its_reason_and_takes_the_renewal_with_it():
    it = labelled()
    old = it.award_ending_in(30)
    it.review_anew()
    new = renew_label(old, by=it.town.decider)
    with pytest.raises(DomainError) as refused:
        withdraw_label(old, reason=" \n", by=it.town.decider)
    assert refused.value.code == "reason"
    withdraw_label(old, reason="The counter was closed.", by=it.town.decider)
    for label in Label.objects.filter(pk__in=[old.pk, new.pk]):
        assert (label.withdrawn_on, label.withdrawn_because) == (timezone.localdate(), "The counter was closed.")
    with pytest.raises(DomainError, match="withdrawn already"):
        withdraw_label(old, reason="Again.", by=it.town.decider)
    with pytest.raises(DomainError, match="Award it anew"):
        renew_label(old, by=it.town.decider)


@pytest.mark.django_db
def test_only_the_networks_officers_withdraw():
    it = labelled()
    label = it.award()
    with pytest.raises(DomainError) as refused:
        withdraw_label(label, reason="Envy.", by=it.town.peers["athens"])
    assert refused.value.code == "denied"


@pytest.mark.django_db
def test_grounds_are_in_a_language_and_not_too_long():
    it = labelled()
    for grounds, code in ((Grounds("Well done."), "language"), (Grounds("word " * 151, "en"), "too_long")):
        with pytest.raises(DomainError) as refused:
            it.award(grounds=grounds)
        assert refused.value.code == code
    assert not Label.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("details", "code"),
    [
        ({"names": {"en": " "}}, "name"),
        ({"names": {"en": "Proven practice"}}, "slug_taken"),
        ({"names": {"en": "New"}, "score": Decimal("5.5")}, "score"),
        ({"names": {"en": "New"}, "reviewers": 0}, "reviewers"),
        ({"names": {"en": "New"}, "months": 121}, "months"),
        ({"names": {"en": "n" * 121}}, "too_long"),
    ],
)
def test_a_kind_of_label_must_make_sense(details, code):
    it = labelled()
    with pytest.raises(DomainError) as refused:
        create_label_kind(it.town.network, KindDetails(**details), by=it.town.decider)
    assert refused.value.code == code
    assert LabelKind.objects.count() == 1


@pytest.mark.django_db
def test_a_kind_of_label_belongs_to_the_officers_of_its_network():
    it = labelled()
    with pytest.raises(DomainError) as refused:
        change_label_kind(it.kind, KindDetails(names={"en": "Mine"}), by=it.town.writer)
    assert refused.value.code == "denied"
    archive_label_kind(it.kind, reason="A new one comes.", by=it.town.decider)
    with pytest.raises(DomainError, match="not given any more"):
        award_label(it.practice, LabelKind.objects.get(), by=it.town.decider)
    archive_label_kind(it.kind, reason="It stays.", by=it.town.decider, restore=True)
    assert it.award().pk


@pytest.mark.django_db
def test_changing_the_kind_leaves_labels_that_were_given():
    it = labelled()
    label = it.award()
    change_label_kind(it.kind, KindDetails(names={"en": "Proven"}, score=Decimal(5), months=6), by=it.town.decider)
    fresh = Label.objects.get(pk=label.pk)
    assert (fresh.scores, fresh.valid_until) == (label.scores, label.valid_until)


@pytest.mark.django_db
def test_the_database_itself_refuses_two_labels_of_a_kind_on_one_day():
    it = labelled()
    label = it.award()
    same = {name: getattr(label, name) for name in ("practice", "kind", "maturity", "reviewers", "reviewed_on")}
    points = dict.fromkeys(("relevance", "participation", "impact", "transferability"), Decimal(4))
    after = label.valid_until + datetime.timedelta(days=1)
    later = after + datetime.timedelta(days=1)
    with pytest.raises(IntegrityError, match="one_label_of_a_kind_a_day"), transaction.atomic():
        Label.objects.create(
            **same, **points, awarded_on=label.awarded_on, valid_from=label.valid_until, valid_until=later
        )
    assert Label.objects.create(**same, **points, awarded_on=label.awarded_on, valid_from=after, valid_until=later).pk
    with pytest.raises(IntegrityError, match="label_ends_after_it_begins"), transaction.atomic():
        Label.objects.create(**same, **points, awarded_on=TODAY, valid_from=later, valid_until=later)


@pytest.mark.django_db(transaction=True)
def test_of_many_awards_at_once_one_is_given():
    it = labelled()

    def award(n: int) -> Label:
        return award_label(Practice.objects.get(pk=it.practice.pk), it.kind, by=it.town.decider)

    found = in_threads(4, award)
    assert sum(isinstance(one, Label) for one in found) == 1, found
    assert sorted(getattr(one, "code", "given") for one in found) == ["already", "already", "already", "given"]
    assert Label.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_renewal_and_a_withdrawal_at_once_never_leave_a_renewal_standing():
    it = labelled()
    old = it.award_ending_in(30)
    it.review_anew()

    def act(n: int) -> object:
        label = Label.objects.get(pk=old.pk)
        if n:
            return withdraw_label(label, reason="Closed.", by=it.town.decider)
        return renew_label(label, by=it.town.decider)

    found = in_threads(2, act)
    assert isinstance(found[1], Label), found
    assert not Label.objects.standing().exists()


@pytest.mark.django_db
def test_every_act_stands_in_the_history_with_its_reason():
    it = labelled()
    withdraw_label(it.award(), reason="The counter was closed.", by=it.town.decider)
    events = AuditEvent.objects.filter(table="practices_label").order_by("pk")
    assert [event.action for event in events] == ["I", "U"]
    assert events[1].reason == "The counter was closed."


@pytest.mark.django_db
def test_staff_see_what_is_asked_for_before_they_give_it_and_only_of_their_network():
    it = labelled()
    other = build.person("Of nowhere")
    (one,) = possible_for(it.town.decider, it.practice, "ar")
    assert (one.name, one.met, one.held) == ("ممارسة مُثبتة", True, None)
    assert possible_for(other, it.practice, "en") == []
    it.award()
    (one,) = possible_for(it.town.decider, it.practice, "en")
    assert not one.met
    assert one.held is not None


@pytest.mark.django_db
def test_the_page_names_valid_labels_first_in_the_readers_language():
    it = labelled()
    old = it.award_ending_in(-10)
    it.review_anew()
    new = it.award()
    rows = labels_of(it.practice, "el")
    assert [(row.label.pk, row.state, row.name) for row in rows] == [
        (new.pk, "valid", "Αποδεδειγμένη πρακτική"),
        (old.pk, "expired", "Αποδεδειγμένη πρακτική"),
    ]
    assert rows[0].points[0] == ("Relevance", Decimal(4))
    facts = label_facts(it.practice, it.kind, timezone.localdate())
    assert facts.last == new
    assert held_on(timezone.localdate(), "en")["proven-practice"].ids == (new.pk,)
