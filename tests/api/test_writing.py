"""Writing records with a city's token: by the form's verbs, never twice, never over an unseen text, never public by itself."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from network.audit.models import AuditEvent
from network.people.domain.tokens import make_token
from network.people.models import User
from practices.domain import archive_practice, publish_version, start_version
from practices.domain.outside import forget_creation_keys, start_once
from practices.domain.versions import NewRecord
from practices.enums import State, VersionState
from practices.models import CreationKey, Practice, PracticeFile, PracticeVersion, VersionSection
from practices.rules.sections import SECTIONS
from tests.practices import builders as build
from tests.threads import in_threads

OWN = "/api/v1/own/practices/"
WHOLE: dict[str, dict[str, Any]] = {
    "about": {"title": "Bridges", "running": "running", "started_on": "9 2019", "settings_count": 2},
    "classification": {"themes": ["peace"]},
    "summary": {"summary": "What it is."},
    "story": {name: f"The {name}." for name in ("challenge", "goals", "actions", "participation")},
    "lessons": {"rows": [{"kind": "failed", "text": "Posters."}]},
    "results": {"rows": [{"indicator": "Trust", "unit": "per cent", "baseline": 31, "value": 58.5}]},
}


class Program:
    """A city's own system: what it sends carries its token, and it speaks one language."""

    def __init__(self, secret: str, language: str = "en") -> None:
        self.client, self.headers = Client(), {"Authorization": f"Bearer {secret}", "Accept-Language": language}

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """Send JSON; header names with underscores for hyphens."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        content = {} if body is None else {"data": body if isinstance(body, str) else json.dumps(body)}
        return getattr(self.client, method)(
            path, **content, content_type="application/json", headers={**self.headers, **named}
        )

    def get(self, path: str, **headers: str) -> Any:
        return self.client.get(path, headers={**self.headers, **headers})

    def begin(self, body: dict[str, Any] | None = None, **headers: str) -> Any:
        return self.ask("post", OWN, body or {"language": "en", "title": "Bridges"}, **headers)

    def write(self, practice: str, section: str, body: Any, revision: int | str = 1) -> Any:
        return self.ask("put", f"{OWN}{practice}/sections/{section}/", body, If_Match=f'"{revision}"')

    def write_all(self, practice: str) -> None:
        for section, body in WHOLE.items():
            assert self.write(practice, section, body).status_code == 200


@pytest.fixture
def city(db):
    build.theme("peace", build.operator())
    return build.city("malmo")


@pytest.fixture
def officer(city):
    return build.officer(city)


def token_of(city, officer: User, right: str = "write", name: str = "CMS"):
    return make_token(("city", str(city.uuid)), name, right, 90, by=officer)


@pytest.fixture
def program(city, officer):
    return Program(token_of(city, officer)[1])


@pytest.fixture
def begun(program) -> str:
    """The uuid of a record that the program has begun."""
    return program.begin().json()["uuid"]


def test_a_record_is_begun_written_submitted_and_read_by_a_program(program, city, officer):
    begun = program.begin({"language": "sv", "title": "Broar", "external_id": "CMS-1"})
    assert begun.status_code == 201
    data = begun.json()
    practice = Practice.objects.get()
    assert begun["Location"].endswith(f"{OWN}{data['uuid']}/")
    assert (data["state"], data["version"]["state"], data["external_ids"]) == ("draft", "draft", ["CMS-1"])
    assert (practice.city, practice.original_language, practice.title_sv) == (city, "sv", "Broar")
    assert set(data["sections"]) == {section.key for section in SECTIONS}
    assert {fault["section"] for fault in data["missing"]} >= {"classification", "summary", "story"}
    for section, body in WHOLE.items():
        saved = program.write(data["uuid"], section, body)
        assert (saved.status_code, saved["ETag"], saved.json()["faults"]) == (200, '"2"', []), saved.content
    stored = program.get(f"{OWN}{data['uuid']}/sections/results/").json()
    assert stored["data"]["rows"][0] | {"key": ""} == {
        "key": "", "indicator": "Trust", "unit": "per cent", "baseline": "31", "value": "58.5", "sample": "", "method": "",
    }  # fmt: skip
    assert program.get(f"{OWN}{data['uuid']}/").json()["missing"] == []
    sent = program.ask("post", f"{OWN}{data['uuid']}/submission/", {"note": "First"})
    assert (sent.status_code, sent.json()["version"]["state"]) == (200, "submitted")
    version = PracticeVersion.objects.get()
    assert (version.submitted_by, version.note) == (officer, "First")
    assert Client().get(f"/api/v1/practices/{practice.slug}/").status_code == 404
    assert AuditEvent.objects.filter(table="practices_versionsection", actor_id=officer.pk).exists()
    publish_version(version, by=build.operator(), unreviewed_because="A small network.")
    assert program.get(f"{OWN}{data['uuid']}/").json()["state"] == "published"
    assert Client().get(f"/api/v1/practices/{practice.slug}/").json()["title"] == "Bridges"


def test_asked_twice_with_one_key_a_record_is_begun_once(program):
    first = program.begin(Idempotency_Key="a-1")
    again = program.begin(Idempotency_Key="a-1")
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["uuid"] == again.json()["uuid"]
    other = program.begin({"language": "en", "title": "Other"}, Idempotency_Key="a-1")
    assert (other.status_code, other.json()["code"]) == (409, "key")
    assert program.begin(Idempotency_Key="a-2").status_code == 201
    assert Practice.objects.count() == 2
    for wrong in ("a b", "é", "x" * 201):
        told = program.client.post(OWN, "{}", "application/json", headers={**program.headers, "Idempotency-Key": wrong})
        assert told.status_code == 400
    CreationKey.objects.update(made_at="2020-01-01T00:00Z")
    assert forget_creation_keys() == 2
    assert program.begin(Idempotency_Key="a-1").status_code == 201


@pytest.mark.django_db(transaction=True)
def test_of_two_who_ask_with_one_key_at_once_one_begins():
    city = build.city("malmo")
    officer = build.officer(city)
    token, _secret = token_of(city, officer)
    new = NewRecord(city, "en", "Bridges")
    made = in_threads(2, lambda n: start_once(token, "k", "same", new, by=User.objects.get(pk=officer.pk)))
    assert sorted(fresh for _version, fresh in made) == [False, True]
    assert len({version.pk for version, _fresh in made}) == 1
    assert Practice.objects.count() == 1


def test_a_name_of_the_citys_own_system_belongs_to_one_practice(program):
    body = {"language": "en", "title": "Bridges", "external_id": "CMS-1"}
    assert program.begin(body).status_code == 201
    told = program.begin(body)
    assert (told.status_code, told.json()["code"]) == (409, "external_id")
    assert Practice.objects.count() == 1


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({}, {"language", "title"}),
        ({"language": "xx", "title": "A"}, {"language"}),
        ({"language": "en", "title": ""}, {"title"}),
        ({"language": "en", "title": "x" * 201}, {"title"}),
        ({"language": "en", "title": ["a"]}, {"title"}),
        ({"language": "en", "title": "A", "external_id": "x" * 121}, {"external_id"}),
        ([], {"detail"}),
        ("text", {"detail"}),
    ],
)
@pytest.mark.parametrize("language", ["en", "el", "ar"])
def test_what_is_wrong_with_a_new_record_is_told_by_field_in_the_programs_language(program, body, named, language):
    program.headers["Accept-Language"] = language
    told = program.ask("post", OWN, json.dumps(body))
    assert told.status_code == 400
    assert set(told.json()) == named
    said = json.dumps(list(told.json().values()), ensure_ascii=False)
    assert said.isascii() == (language == "en")


def test_a_title_of_too_many_words_is_told_as_in_the_form(program):
    told = program.begin({"language": "en", "title": "word " * 16})
    assert (told.status_code, told.json()["code"]) == (422, "too_long")
    assert not Practice.objects.exists()


def test_nobody_overwrites_what_they_have_not_read(program, begun, officer):
    assert program.write(begun, "summary", {"summary": "First"}).json()["revision"] == 2
    stale = program.write(begun, "summary", {"summary": "Mine"}, revision=1)
    assert stale.status_code == 412
    told = stale.json()
    assert (told["theirs"], told["yours"], told["revision"]) == ({"summary": "First"}, {"summary": "Mine"}, 2)
    assert officer.display_name in told["detail"]
    assert VersionSection.objects.get(section="summary").data == {"summary": "First"}
    # The same text again is no conflict: the answer may have got lost.
    assert program.write(begun, "summary", {"summary": "First"}, revision=1).status_code == 200
    assert program.write(begun, "summary", {"summary": "Mine"}, revision=2).status_code == 200


@pytest.mark.parametrize("header", ["", "*", "3", '"x"', '"-1"', '"٣"', '"99999999999"', '"1", "2"'])
def test_whoever_does_not_say_which_revision_they_read_writes_nothing(program, begun, header):
    path = f"{OWN}{begun}/sections/summary/"
    encoded = header.encode().decode("latin-1")
    told = program.ask("put", path, {"summary": "x"}, **({"If_Match": encoded} if header else {}))
    assert (told.status_code, told.json()["code"]) == (428, "no_revision")
    assert VersionSection.objects.get(section="summary").data == {"summary": ""}


def test_what_is_merely_wrong_is_stored_and_told_in_the_programs_language(program, begun):
    program.headers["Accept-Language"] = "sv"
    body = {"title": "word " * 16, "started_on": "some day", "running": "perhaps", "settings_count": -1}
    saved = program.write(begun, "about", body)
    assert saved.status_code == 200
    faults = {fault["field"]: (fault["code"], fault["text"]) for fault in saved.json()["faults"]}
    assert {name: code for name, (code, _text) in faults.items()} == {
        "title": "words", "started_on": "date", "running": "choice", "settings_count": "min",
    }  # fmt: skip
    assert "Startade" in faults["started_on"][1] or not faults["started_on"][1].isascii()
    refused = program.ask("post", f"{OWN}{begun}/submission/", {})
    assert (refused.status_code, refused.json()["code"]) == (422, "incomplete")
    assert {fault["field"] for fault in refused.json()["faults"]} >= set(faults)
    assert PracticeVersion.objects.get().state == VersionState.DRAFT


@pytest.mark.parametrize(
    ("section", "body", "named"),
    [
        ("about", {"nonsense": 1}, {"nonsense"}),
        ("about", {"title": ["a"]}, {"title"}),
        ("about", {"title": {"en": "a"}}, {"title"}),
        ("about", {"title": True}, {"title"}),
        ("classification", {"themes": "peace"}, {"themes"}),
        ("classification", {"themes": [1]}, {"themes"}),
        ("evidence", {"rows": [{"independent": "yes"}]}, {"rows.1.independent"}),
        ("results", {"rows": {"a": 1}}, {"rows"}),
        ("results", {"rows": ["a"]}, {"rows"}),
        ("results", {"rows": [{}, {"value": [], "other": 1}]}, {"rows.2.value", "rows.2.other"}),
        ("summary", {"rows": []}, {"rows"}),
        ("about", [], {"detail"}),
        ("about", None, {"detail"}),
    ],
)
def test_what_has_no_place_or_no_shape_is_refused_by_field(program, begun, section, body, named):
    told = program.write(begun, section, json.dumps(body))
    assert told.status_code == 400
    assert set(told.json()) == named
    assert VersionSection.objects.get(section=section).revision == 1


@pytest.mark.parametrize(
    "body",
    ["", "{", '{"a": NaN}', '{"summary": "\\ud800"}', "[" * 100_000, '"' + "a" * 1000, b"\xff\xfe".decode("latin-1")],
)
def test_what_is_no_json_is_refused(program, begun, body):
    assert program.write(begun, "summary", body).status_code == 400


def test_ten_megabytes_are_too_many_and_an_unknown_media_type_is_none(program, begun):
    assert program.write(begun, "summary", {"summary": "x" * settings.DATA_UPLOAD_MAX_MEMORY_SIZE}).status_code == 413
    long = program.write(begun, "summary", {"summary": "x " * 60_000})
    assert (long.status_code, long.json()["code"]) == (422, "too_long")
    told = program.client.put(
        f"{OWN}{begun}/sections/summary/", "a=b", "text/plain", headers={**program.headers, "If-Match": '"1"'}
    )
    assert told.status_code == 415
    odd = program.write(begun, "summary", {"summary": "a\u0000b\u202ec <b>\n"}).json()
    assert odd["data"] == {"summary": "abc <b>"}


def test_rows_keep_their_keys_and_too_many_are_refused(program, begun):
    first = program.write(begun, "lessons", WHOLE["lessons"]).json()
    (row,) = first["data"]["rows"]
    more = program.write(begun, "lessons", {"rows": [{"kind": "worked", "text": "Tea."}, row]}, revision=2).json()
    assert [one["key"] == row["key"] for one in more["data"]["rows"]] == [False, True]
    many = program.write(begun, "lessons", {"rows": [{"text": str(n)} for n in range(21)]}, revision=3)
    assert (many.status_code, many.json()["code"]) == (422, "rows")


PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
    b"\x00\x00\x00\nIDATx\x9cc\x00\x01\x00\x00\x05\x00\x01\r\n-\xb4\x00\x00\x00\x00IEND\xaeB`\x82"
)


def upload(program, begun: str, data: bytes, name: str = "a.png", section: str = "pictures", row: str = ""):
    path = f"{OWN}{begun}/sections/{section}/{row or uuid.uuid4()}/file/"
    body = {"file": SimpleUploadedFile(name, data)} if name else {}
    content = program.client.post  # the client encodes multipart for POST only
    return content(path, body, headers=program.headers, REQUEST_METHOD="PUT")


def test_a_picture_is_uploaded_into_a_row_and_wrong_files_are_refused(program, begun):
    row = str(uuid.uuid4())
    sent = upload(program, begun, PNG, row=row)
    assert sent.status_code == 200, sent.content
    (told,) = sent.json()["data"]["rows"]
    assert told["key"] == row
    assert str(PracticeFile.objects.get().uuid) == told["file"]
    assert {fault["field"] for fault in program.get(f"{OWN}{begun}/").json()["missing"] if fault["section"] == "pictures"} == {"alt", "credit"}  # fmt: skip
    for data, name in ((b"<svg/>", "a.svg"), (b"", "a.png"), (b"%PDF-1.7", "a.png")):
        refused = upload(program, begun, data, name)
        assert (refused.status_code, refused.json()["code"]) == (422, "file"), refused.content
    assert upload(program, begun, b"", "").status_code == 400
    assert upload(program, begun, PNG, section="summary").status_code == 404
    assert PracticeFile.objects.count() == 1
    body = {"rows": [{**told, "alt": "A dot", "credit": "Somebody"}]}
    assert program.write(begun, "pictures", body, revision=2).json()["faults"] == []


def test_a_published_practice_is_changed_by_a_new_version_only(program, city):
    practice = build.practice(build.operator(), {"sv": build.version("Broar")}, of=city)
    path = f"{OWN}{practice.uuid}/"
    assert program.get(path).json()["version"] is None
    told = program.write(str(practice.uuid), "summary", {"summary": "x"})
    assert (told.status_code, told.json()["code"]) == (409, "no_version")
    begun = program.ask("post", f"{path}version/")
    assert (begun.status_code, begun.json()["version"]["state"]) == (200, "draft")
    assert begun.json()["sections"]["about"]["data"]["title"] == "Broar"
    assert program.ask("post", f"{path}version/").json()["version"]["number"] == begun.json()["version"]["number"]
    assert program.write(str(practice.uuid), "about", {"title": "Nya"}).status_code == 200
    practice.refresh_from_db()
    assert (practice.title_sv, practice.state) == ("Broar", State.PUBLISHED)


def test_what_is_submitted_is_not_written_until_it_is_taken_back(program, begun):
    program.write_all(begun)
    path = f"{OWN}{begun}/submission/"
    assert program.ask("delete", path).status_code == 409
    assert program.ask("post", path, {}).status_code == 200
    for answer in (program.write(begun, "summary", {"summary": "x"}, 2), program.ask("post", path, {})):
        assert (answer.status_code, answer.json()["code"]) == (409, "submitted")
    back = program.ask("delete", path)
    assert (back.status_code, back.json()["version"]["state"]) == (200, "draft")
    assert program.write(begun, "summary", {"summary": "x"}, 2).status_code == 200
    PracticeVersion.objects.update(state=VersionState.IN_REVIEW)
    assert program.ask("delete", path).status_code == 409


def test_a_theme_that_there_is_not_keeps_a_version_from_being_submitted(program, begun):
    program.write_all(begun)
    assert program.write(begun, "classification", {"themes": ["nonsense"]}, 2).status_code == 200
    refused = program.ask("post", f"{OWN}{begun}/submission/", {})
    assert (refused.status_code, refused.json()["code"]) == (422, "theme")


def test_an_archived_practice_is_read_and_not_written(program, city):
    by = build.operator()
    practice = archive_practice(build.practice(by, of=city), by=by)
    assert program.get(f"{OWN}{practice.uuid}/").json()["state"] == "archived"
    refused = program.ask("post", f"{OWN}{practice.uuid}/version/")
    assert (refused.status_code, refused.json()["code"]) == (403, "denied")


def test_a_token_opens_its_own_city_only_and_one_that_reads_does_not_write(program, begun, city, officer):
    other = build.city("lund")
    stranger = Program(token_of(other, build.officer(other))[1])
    assert stranger.get(OWN).json()["count"] == 0
    for answer in (
        stranger.get(f"{OWN}{begun}/"),
        stranger.get(f"{OWN}{begun}/sections/about/"),
        stranger.write(begun, "about", {"title": "Mine"}),
        stranger.ask("post", f"{OWN}{begun}/version/"),
        stranger.ask("post", f"{OWN}{begun}/submission/", {}),
        upload(stranger, begun, PNG),
        program.get(f"{OWN}{uuid.uuid4()}/"),
        program.get(f"{OWN}{begun}/sections/nothing/"),
    ):
        assert answer.status_code == 404
    reader = Program(token_of(city, officer, "read", "Reader")[1])
    assert reader.get(OWN).json()["count"] == 1
    for answer in (reader.begin(), reader.write(begun, "about", {"title": "x"}), upload(reader, begun, PNG)):
        assert answer.status_code == 403
    nobody = Program("koine_wrong")
    for answer in (nobody.get(OWN), nobody.begin(), nobody.write(begun, "about", {}), upload(nobody, begun, PNG)):
        assert answer.status_code == 401
    assert Practice.objects.count() == 1


def test_a_signed_in_browser_of_another_site_writes_nothing(client, officer, begun):
    client.force_login(officer)
    answer = client.post(OWN, "{}", content_type="application/json", headers={"Origin": "https://evil.example"})
    assert answer.status_code == 401
    asked = client.options(OWN, headers={"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"})
    assert "POST" not in asked.get("Access-Control-Allow-Methods", "")


def test_the_citys_list_costs_the_same_with_one_practice_and_with_three(program, city, django_assert_num_queries):
    by = build.operator()
    build.practice(by, of=city)
    program.begin()
    # The token with its owner, the roles, the city; how many; the practices, their versions and names.
    with django_assert_num_queries(7):
        assert program.get(OWN).json()["count"] == 2
    for _ in range(2):
        start_version(build.practice(by, of=city), by=by)
    with django_assert_num_queries(7):
        assert program.get(OWN).json()["count"] == 4


def test_the_form_tells_programs_what_a_record_holds_in_their_language(get, db):
    told = get("practice-form/", lang="el").json()["sections"]
    assert [section["key"] for section in told] == [section.key for section in SECTIONS]
    about = {field["key"]: field for field in told[0]["fields"]}
    assert (about["title"]["label"], about["title"]["words"], about["title"]["needed"]) == ("Τίτλος", 15, True)
    assert "pilot" in {choice["value"] for choice in about["running"]["choices"]}
    results = next(section for section in told if section["key"] == "results")
    assert {field["key"] for field in results["rows"]} >= {"indicator", "value"}
