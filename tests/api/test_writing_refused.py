"""What a program may not write: what it has not read, what has no place, what is not its own."""

from __future__ import annotations

import json
import uuid

import pytest

from network.limits import MOST_BYTES
from practices.domain import archive_practice
from practices.models import Practice, VersionSection
from tests.api.programs import OWN, PNG, Program, token_of, upload
from tests.practices import builders as build


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
    assert program.write(begun, "summary", {"summary": "x" * MOST_BYTES}).status_code == 413
    long = program.write(begun, "summary", {"summary": "x " * 60_000})
    assert (long.status_code, long.json()["code"]) == (422, "too_long")
    told = program.client.put(
        f"{OWN}{begun}/sections/summary/", "a=b", "text/plain", headers={**program.headers, "If-Match": '"1"'}
    )
    assert told.status_code == 415
    odd = program.write(begun, "summary", {"summary": "a\u0000b\u202ec <b>\n"}).json()
    assert odd["data"] == {"summary": "abc <b>"}


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
