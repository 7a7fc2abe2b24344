"""Writing records with a city's token: by the form's verbs, never twice, never over an unseen text, never public by itself."""

from __future__ import annotations

import uuid

import pytest
from django.test import Client

from network.audit.models import AuditEvent
from network.people.models import User
from practices.domain import publish_version, start_version
from practices.domain.outside import forget_creation_keys, start_once
from practices.domain.versions import NewRecord
from practices.enums import State, VersionState
from practices.models import CreationKey, Practice, PracticeFile, PracticeVersion
from practices.rules.sections import SECTIONS
from tests.api.programs import OWN, PNG, WHOLE, token_of, upload
from tests.practices import builders as build
from tests.threads import in_threads


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
    read = program.get(f"{OWN}{data['uuid']}/sections/results/")
    assert read["ETag"] == '"2"', "what was read goes back in If-Match"
    stored = read.json()
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


def test_rows_keep_their_keys_and_too_many_are_refused(program, begun):
    first = program.write(begun, "lessons", WHOLE["lessons"]).json()
    (row,) = first["data"]["rows"]
    more = program.write(begun, "lessons", {"rows": [{"kind": "worked", "text": "Tea."}, row]}, revision=2).json()
    assert [one["key"] == row["key"] for one in more["data"]["rows"]] == [False, True]
    many = program.write(begun, "lessons", {"rows": [{"text": str(n)} for n in range(21)]}, revision=3)
    assert (many.status_code, many.json()["code"]) == (422, "rows")


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
