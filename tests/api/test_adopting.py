"""A city's own system takes a practice up: by the page's verbs, once, never over what it has not read, for its own city alone."""

from __future__ import annotations

import json

import pytest
from django.test import Client
from django.utils import timezone

from network.mail.models import OutgoingMail
from network.membership.models import Network
from network.people.domain.tokens import make_token
from network.people.enums import RoleKind, ScopeKind
from network.people.models import ApiToken, Role
from practices.domain import archive_practice, confirm_adoption, question_adoption, withdraw_adoption
from practices.models import Adoption
from tests.api.conftest import make_member
from tests.api.programs import Program, token_of
from tests.grants import builders as build_grants
from tests.practices import builders as build

SAID = {"year": 2025, "what_changed": "Two evenings instead of one.", "result": "More people came.", "language": "en"}


@pytest.fixture
def author(db):
    """The city that wrote the practice."""
    return build.city("athens", country="GR")


@pytest.fixture
def practice(author):
    return build.practice(build.operator(), of=author)


@pytest.fixture
def answering(author):
    """An officer of it."""
    return build.officer(author)


@pytest.fixture
def path(practice):
    return f"/api/v1/practices/{practice.slug}/adoptions/"


def change(program, path, version, **said):
    return program.ask("put", f"{path}own/", {"status": "trying", **SAID, **said}, If_Match=f'"{version}"')


def test_a_city_takes_a_practice_up_changes_that_and_takes_it_back(program, city, practice, answering, path):
    assert program.get(f"{path}own/").status_code == 404
    made = program.ask("post", path, SAID)
    assert made.status_code == 201, made.content
    assert made["Location"].endswith(f"{path}own/")
    told = made.json()
    assert told == {
        "practice": practice.slug, "city": "malmo", "state": "recorded", "status": "trying", "year": 2025,
        "started_on": None, "language": "en", "what_changed": {"en": "Two evenings instead of one."},
        "result": {"en": "More people came."}, "question": None, "version": 1,
        "recorded_at": told["recorded_at"], "changed_at": told["changed_at"],
    }  # fmt: skip
    assert OutgoingMail.objects.filter(kind="practices.adoption", recipient=answering).count() == 1
    (public,) = Client().get(f"/api/v1/practices/{practice.slug}/").json()["adoptions"]
    assert (public["city"], public["confirmed"], public["what_changed"]["text"]) == (
        "malmo",
        False,
        "Two evenings instead of one.",
    )
    day = change(program, path, 1, status="in_place", year=None, started_on="2025-03-01").json()
    assert (day["status"], day["year"], day["started_on"], day["version"]) == ("in_place", 2025, "2025-03-01", 2)
    beside = change(program, path, 2, language="sv", what_changed="Två kvällar.", result="").json()
    assert beside["what_changed"] == {"en": "Two evenings instead of one.", "sv": "Två kvällar."}
    assert beside["language"] == "en", "the language it was first written in"
    read = program.get(f"{path}own/")
    assert (read.json(), read["ETag"]) == (beside, '"3"')
    gone = program.ask("delete", f"{path}own/", If_Match='"3"')
    assert (gone.status_code, gone.content) == (204, b"")
    assert program.get(f"{path}own/").status_code == 404
    assert change(program, path, 4).status_code == 404
    assert program.ask("post", path, SAID).status_code == 201, "and it may say so again"
    assert Adoption.objects.get().city == city


def test_it_reads_what_the_other_city_answers_and_answers_by_changing_it(program, answering, path):
    program.ask("post", path, SAID)
    question_adoption(Adoption.objects.get(), "Since when?", language="el", by=answering)
    told = program.get(f"{path}own/").json()
    assert (told["state"], told["question"]) == ("questioned", {"text": "Since when?", "language": "el"})
    told = change(program, path, told["version"], year=2024).json()
    assert (told["state"], told["question"], told["year"]) == ("recorded", None, 2024)
    confirm_adoption(Adoption.objects.get(), by=answering)
    confirmed = program.get(f"{path}own/").json()
    assert confirmed["state"] == "confirmed"
    assert change(program, path, confirmed["version"]).json()["state"] == "confirmed"


def test_asked_twice_it_is_recorded_once(program, answering, path):
    assert program.ask("post", path, SAID).status_code == 201
    again = program.ask("post", path, {**SAID, "year": 2024})
    assert (again.status_code, again.json()["code"]) == (409, "already")
    assert Adoption.objects.get().year == 2025


def test_nobody_writes_over_what_they_have_not_read(program, officer, answering, path):
    program.ask("post", path, SAID)
    assert change(program, path, 1, what_changed="Theirs").status_code == 200
    for stale in (
        change(program, path, 1, what_changed="Mine"),
        program.ask("delete", f"{path}own/", If_Match='"1"'),
    ):
        assert (stale.status_code, stale.json()["code"]) == (412, "changed")
        assert stale.json()["theirs"]["what_changed"] == {"en": "Theirs"}
        assert stale.json()["theirs"]["version"] == 2
    assert change(program, path, 1, what_changed="Mine").json()["yours"]["what_changed"] == "Mine"
    for method in ("put", "delete"):
        blind = program.ask(method, f"{path}own/", {"status": "trying", **SAID})
        assert (blind.status_code, blind.json()["code"]) == (428, "no_revision")
    assert Adoption.objects.get().what_changed_en == "Theirs"
    withdraw_adoption(Adoption.objects.get(), by=officer)
    assert change(program, path, 2).status_code == 404


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"year": "soon"}, {"year"}),
        ({"year": 0}, {"year"}),
        ({"started_on": "1 March"}, {"started_on"}),
        ({"status": "done"}, {"status"}),
        ({"language": "tlh"}, {"language"}),
        ({"what_changed": " "}, {"what_changed"}),
        ({"what_changed": ["a"]}, {"what_changed"}),
        ({"result": {}}, {"result"}),
        ({"what_changed": "x" * 20_001}, {"what_changed"}),
    ],
)
@pytest.mark.parametrize("language", ["en", "el", "ar"])
def test_what_has_no_shape_is_told_by_field_in_the_programs_language(program, path, changes, named, language):
    program.headers["Accept-Language"] = language
    told = program.ask("post", path, {**SAID, **changes})
    assert told.status_code == 400
    assert set(told.json()) == named
    assert json.dumps(list(told.json().values()), ensure_ascii=False).isascii() == (language == "en")
    assert not Adoption.objects.exists()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"year": None}, "year"),
        ({"year": 1899}, "year"),
        ({"year": timezone.now().year + 1}, "year"),
        ({"started_on": "2024-03-01"}, "dates"),
        ({"what_changed": "\u202e"}, "empty"),
        ({"result": "word " * 151}, "too_long"),
    ],
)
def test_what_makes_no_sense_is_refused_with_the_pages_sentence(program, path, changes, code):
    told = program.ask("post", path, {**SAID, **changes})
    assert (told.status_code, told.json()["code"]) == (422, code)
    assert not Adoption.objects.exists()
    program.ask("post", path, SAID)
    told = change(program, path, 1, **changes)
    assert (told.status_code, told.json()["code"]) == (422, code)
    assert Adoption.objects.get().version == 1


def test_a_plan_may_lie_ahead(program, path):
    ahead = timezone.now().year + 1
    assert program.ask("post", path, {**SAID, "status": "planned", "year": ahead}).json()["year"] == ahead


@pytest.mark.parametrize("body", ["", "{", "[]", '"text"', '{"what_changed": "\\ud800"}'])
def test_what_is_no_object_is_refused(program, path, body):
    assert program.ask("post", path, body).status_code == 400


def test_only_a_published_practice_of_another_city_is_taken_up(program, city, practice, path):
    own = build.practice(build.operator(), of=city, slug="own")
    told = program.ask("post", f"/api/v1/practices/{own.slug}/adoptions/", SAID)
    assert (told.status_code, told.json()["code"]) == (422, "own_city")
    assert program.ask("post", "/api/v1/practices/nothing/adoptions/", SAID).status_code == 404
    archive_practice(practice, by=build.operator())
    assert program.ask("post", path, SAID).status_code == 404
    assert not Adoption.objects.exists()


# --- who may ----------------------------------------------------------------------------------------------------------


def network_officer(city):
    network = Network.objects.create(slug="net", kind="regional", name_en="Net", source="a source")
    network.regions.create(code="north", name_en="North")
    make_member(city, network)
    return with_role("Network officer", RoleKind.NETWORK_OFFICER, ScopeKind.NETWORK, network.uuid)


def with_role(name, kind, scope, key):
    user = build.person(name)
    Role.objects.create(user=user, kind=kind, scope_kind=scope, scope_key=str(key))
    return user


@pytest.mark.parametrize("who", ["officer", "network", "operator"])
def test_who_keeps_the_citys_page_takes_practices_up_by_program(city, path, who):
    makers = {"officer": build.officer, "network": network_officer, "operator": lambda city: build.operator()}
    program = Program(token_of(city, makers[who](city))[1])
    assert program.ask("post", path, SAID).status_code == 201
    assert change(program, path, 1, year=2024).status_code == 200
    assert program.ask("delete", f"{path}own/", If_Match='"2"').status_code == 204


def test_a_token_speaks_for_its_own_city_alone(program, city, officer, author, answering, practice, path):
    assert program.ask("post", path, SAID).status_code == 201
    theirs = Program(token_of(author, answering)[1])
    lund = build.city("lund")
    third = Program(token_of(lund, build.officer(lund))[1])
    for other in (theirs, third):
        assert other.get(f"{path}own/").status_code == 404
        assert change(other, path, 1, what_changed="Not ours").status_code == 404
        assert other.ask("delete", f"{path}own/", If_Match='"1"').status_code == 404
    refused = theirs.ask("post", path, SAID)
    assert (refused.status_code, refused.json()["code"]) == (422, "own_city")
    assert third.ask("post", path, SAID).json()["city"] == "lund"
    assert Adoption.objects.get(city=city).what_changed_en == SAID["what_changed"]


def answers(program, path):
    return [
        program.ask("post", path, SAID).status_code,
        change(program, path, 1, what_changed="x").status_code,
        program.ask("delete", f"{path}own/", If_Match='"1"').status_code,
    ]


def test_without_a_token_that_writes_for_a_city_nothing_is_written(program, city, officer, path):
    program.ask("post", path, SAID)
    reader = Program(token_of(city, officer, "read", "Reader")[1])
    assert reader.get(f"{path}own/").status_code == 200
    assert answers(reader, path) == [403, 403, 403]
    assert answers(Program("koine_wrong"), path) == [401, 401, 401]
    nobody = Client()
    assert nobody.post(path, SAID, "application/json").status_code == 401
    assert nobody.get(f"{path}own/").status_code == 401
    nobody.force_login(officer)
    assert nobody.post(path, SAID, "application/json").status_code == 401, "a session is no token"
    assert Adoption.objects.get().version == 1


def test_a_token_for_an_organisation_takes_nothing_up(db, path):
    user = build_grants.person("Amina")
    organisation = build_grants.organisation(user)
    _token, secret = make_token(("organisation", str(organisation.uuid)), "CRM", "write", 90, by=user)
    assert answers(Program(secret), path) == [403, 403, 403]


def test_with_the_role_the_token_ends(program, officer, path):
    program.ask("post", path, SAID)
    Role.objects.filter(user=officer).delete()
    assert ApiToken.objects.usable().exists()
    assert answers(program, path) == [403, 403, 403]
    assert Adoption.objects.get().version == 1
