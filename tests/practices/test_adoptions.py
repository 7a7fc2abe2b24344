"""Another city takes a practice up: what it says, what the author city answers, and what counts."""

from __future__ import annotations

import datetime
import threading
from decimal import Decimal

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction

from network.doors import DomainError
from network.people.enums import RoleKind, ScopeKind
from network.people.models import Role
from practices.domain import (
    AdoptionFields,
    EvidenceFields,
    ResultFields,
    Scores,
    add_adoption,
    add_evidence,
    add_peer_review,
    add_result,
    archive_practice,
    confirm_adoption,
    correct_adoption,
    question_adoption,
    record_adoption,
    withdraw_adoption,
)
from practices.enums import AdoptionState, AdoptionStatus
from practices.models import Adoption, Practice
from tests.practices import builders as build

pytestmark = pytest.mark.django_db
SAID = AdoptionFields(status="trying", language="el", what_changed="Δύο βραδιές αντί για μία.", year=2025)


def officer_of(city):
    user = build.person(f"Officer of {city.slug}")
    Role.objects.create(user=user, kind=RoleKind.CITY_OFFICER, scope_kind=ScopeKind.CITY, scope_key=str(city.uuid))
    return user


def refusal(code: str):
    return pytest.raises(DomainError, check=lambda error: error.code == code)


@pytest.fixture
def cast():
    """A good practice of Malmö, and officers of Malmö and of Athens."""
    return town()


def town():
    staff = build.operator()
    malmo, athens = build.city("malmo"), build.city("athens", country="GR")
    practice = build.practice(staff, of=malmo, started_on=build.LONG_AGO)
    add_result(practice, ResultFields({"en": "Call-outs"}, Decimal(27), Decimal(61)), by=staff)
    add_evidence(practice, EvidenceFields("academic_study", {"en": "Study"}, independent=True), by=staff)
    add_peer_review(practice, Scores(4, 5, 4, 4), by=staff)
    return {
        "practice": practice,
        "malmo": malmo,
        "athens": athens,
        "author": officer_of(malmo),
        "adopter": officer_of(athens),
        "staff": staff,
    }


def standing(practice) -> tuple[str, int]:
    return Practice.objects.values_list("maturity", "adoptions_count").get(pk=practice.pk)


def recorded(cast, **changes) -> Adoption:
    fields = AdoptionFields(**{**vars(SAID), **changes})
    return record_adoption(cast["practice"], cast["athens"], fields, by=cast["adopter"])


def test_an_adoption_counts_once_the_author_city_has_confirmed_it_and_no_longer_once_it_is_questioned(cast):
    adoption = recorded(cast)
    assert (adoption.state, standing(cast["practice"])) == (AdoptionState.RECORDED, ("good", 0))
    assert adoption.what_changed_el == SAID.what_changed
    adoption = confirm_adoption(adoption, by=cast["author"])
    assert (adoption.state, standing(cast["practice"])) == (AdoptionState.CONFIRMED, ("transferred", 1))
    adoption = question_adoption(adoption, "Det var vi som lånade av er.", language="sv", by=cast["author"])
    assert (adoption.question, adoption.question_language) == ("Det var vi som lånade av er.", "sv")
    assert standing(cast["practice"]) == ("good", 0)
    adoption = correct_adoption(adoption, SAID, by=cast["adopter"])
    assert (adoption.state, adoption.question) == (AdoptionState.RECORDED, "")
    adoption = confirm_adoption(adoption, by=cast["author"])
    adoption = withdraw_adoption(adoption, by=cast["adopter"])
    assert (adoption.state, standing(cast["practice"])) == (AdoptionState.WITHDRAWN, ("good", 0))


def test_a_withdrawn_adoption_begins_anew_without_what_it_said_before(cast):
    adoption = withdraw_adoption(recorded(cast, result="Πήγε καλά."), by=cast["adopter"])
    again = recorded(cast, language="en", what_changed="Three evenings.")
    assert (again.pk, again.state, again.language) == (adoption.pk, AdoptionState.RECORDED, "en")
    assert (again.what_changed_el, again.result_el, again.what_changed_en) == ("", "", "Three evenings.")


def test_what_is_confirmed_stays_so_when_the_city_tells_how_it_goes_on_and_counts_by_what_it_tells(cast):
    adoption = confirm_adoption(recorded(cast, status="planned", year=2025), by=cast["author"])
    assert standing(cast["practice"]) == ("good", 0)
    for status, expected in (("trying", 1), ("in_place", 1), ("given_up", 0), ("planned", 0)):
        adoption = correct_adoption(adoption, AdoptionFields(**{**vars(SAID), "status": status}), by=cast["adopter"])
        assert adoption.state == AdoptionState.CONFIRMED
        assert standing(cast["practice"])[1] == expected, status
        assert adoption.counts == bool(Adoption.objects.filter(pk=adoption.pk).counting()), status


def test_a_text_in_another_language_stands_beside_the_first(cast):
    adoption = recorded(cast)
    in_english = AdoptionFields(status="trying", language="en", what_changed="Two evenings instead of one.", year=2025)
    adoption = correct_adoption(adoption, in_english, by=cast["adopter"])
    assert (adoption.language, adoption.what_changed_el) == ("el", SAID.what_changed)
    assert adoption.what_changed_en == "Two evenings instead of one."


@pytest.mark.parametrize("who", ["author", "adopter", "stranger", "visitor_of_a_third_city"])
def test_each_city_says_its_own_part_only(cast, who):
    people = {**cast, "stranger": build.person(), "visitor_of_a_third_city": officer_of(build.city())}
    by = people[who]
    adoption = recorded(cast) if who != "adopter" else None
    if who == "adopter":
        adoption = recorded(cast)
        for verb in (
            lambda: confirm_adoption(adoption, by=by),
            lambda: question_adoption(adoption, "No", language="en", by=by),
        ):
            with refusal("denied"):
                verb()
        return
    for verb in (
        lambda: correct_adoption(adoption, SAID, by=by),
        lambda: withdraw_adoption(adoption, by=by),
        lambda: record_adoption(cast["practice"], cast["athens"], SAID, by=by),
    ):
        with refusal("denied"):
            verb()
    if who != "author":
        with refusal("denied"):
            confirm_adoption(adoption, by=by)


def test_only_staff_write_down_an_adoption_as_confirmed(cast):
    with refusal("denied"):
        add_adoption(cast["practice"], cast["athens"], 2024, by=cast["author"])
    with refusal("denied"):
        add_adoption(cast["practice"], cast["athens"], 2024, by=cast["adopter"])
    adoption = add_adoption(cast["practice"], cast["athens"], 2024, {"sv": "Kortare"}, by=cast["staff"])
    assert (adoption.state, adoption.language) == (AdoptionState.CONFIRMED, "sv")
    assert standing(cast["practice"]) == ("transferred", 1)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"what_changed": " \u202e\n "}, "empty"),
        ({"what_changed": "word " * 151}, "too_long"),
        ({"result": "x" * 2001}, "too_long"),
        ({"year": None}, "year"),
        ({"year": 1899}, "year"),
        ({"year": 2031}, "year"),
        ({"year": 2099, "status": "planned"}, "year"),
        ({"year": 2024, "started_on": datetime.date(2025, 3, 1)}, "dates"),
        ({"year": None, "started_on": datetime.date(2030, 7, 1)}, "dates"),
        ({"language": "xx"}, "language"),
    ],
)
@time_machine.travel("2030-06-15", tick=False)
def test_what_a_city_says_is_checked(cast, changes, code):
    with refusal(code):
        recorded(cast, **changes)
    assert not Adoption.objects.exists()


@time_machine.travel("2030-06-15", tick=False)
def test_a_plan_may_lie_ahead_and_a_first_day_gives_the_year(cast):
    adoption = recorded(cast, status="planned", year=None, started_on=datetime.date(2031, 1, 10))
    assert (adoption.year, adoption.status) == (2031, AdoptionStatus.PLANNED)


def test_a_city_takes_up_what_is_public_once_and_not_its_own(cast):
    recorded(cast)
    with refusal("already"):
        recorded(cast)
    with refusal("own_city"):
        record_adoption(cast["practice"], cast["malmo"], SAID, by=cast["author"])
    draft = build.practice(cast["staff"], of=cast["malmo"], published=False)
    gone = archive_practice(build.practice(cast["staff"], of=cast["malmo"]), by=cast["staff"])
    for practice in (draft, gone):
        with refusal("state"):
            record_adoption(practice, cast["athens"], SAID, by=cast["adopter"])


def test_a_question_needs_a_reason(cast):
    adoption = recorded(cast)
    for reason, code in (("  \n", "empty"), ("word " * 151, "too_long")):
        with refusal(code):
            question_adoption(adoption, reason, language="sv", by=cast["author"])
    with pytest.raises(IntegrityError), transaction.atomic():
        Adoption.objects.filter(pk=adoption.pk).update(state="questioned")
    with pytest.raises(IntegrityError), transaction.atomic():
        Adoption.objects.filter(pk=adoption.pk).update(started_on=datetime.date(1999, 1, 1))


def test_nobody_confirms_what_they_have_not_read(cast):
    adoption = recorded(cast)
    read = adoption.version
    correct_adoption(adoption, AdoptionFields(**{**vars(SAID), "what_changed": "Άλλο"}), by=cast["adopter"])
    with refusal("changed"):
        confirm_adoption(adoption, by=cast["author"], expected_version=read)
    assert Adoption.objects.get().state == AdoptionState.RECORDED
    confirm_adoption(adoption, by=cast["author"], expected_version=read + 1)
    with refusal("denied"):
        confirm_adoption(adoption, by=cast["author"])


def at_once(*verbs) -> list[str]:
    """Run them at the same moment in threads of their own; how each ended: done, or the code of its refusal."""
    start, ends = threading.Barrier(len(verbs)), ["" for _ in verbs]

    def run(place: int) -> None:
        start.wait()
        try:
            verbs[place]()
            ends[place] = "done"
        except DomainError as error:
            ends[place] = error.code
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[place]) for place in range(len(verbs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return ends


@pytest.mark.django_db(transaction=True)
def test_two_officers_who_record_at_once_make_one_adoption():
    cast = town()
    other = officer_of(cast["athens"])
    ends = at_once(
        *(
            lambda by=by: record_adoption(cast["practice"], cast["athens"], SAID, by=by)
            for by in (cast["adopter"], other)
        )
    )
    assert sorted(ends) == ["already", "done"]
    assert Adoption.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_whoever_confirms_while_the_other_city_withdraws_comes_before_or_is_told():
    cast = town()
    for _round in range(4):
        adoption = recorded(cast)
        ends = at_once(
            lambda adoption=adoption: confirm_adoption(adoption, by=cast["author"]),
            lambda adoption=adoption: withdraw_adoption(adoption, by=cast["adopter"]),
        )
        assert ends in (["done", "done"], ["denied", "done"])
        assert Adoption.objects.get().state == AdoptionState.WITHDRAWN
        assert standing(cast["practice"]) == ("good", 0)


@pytest.mark.django_db(transaction=True)
def test_two_cities_confirmed_at_once_are_both_counted():
    cast = town()
    adoptions = [recorded(cast)]
    for _n in range(2):
        city = build.city()
        adoptions.append(record_adoption(cast["practice"], city, SAID, by=officer_of(city)))
    ends = at_once(*(lambda row=row: confirm_adoption(row, by=cast["author"]) for row in adoptions))
    assert ends == ["done"] * 3
    assert standing(cast["practice"]) == ("transferred", 3)
