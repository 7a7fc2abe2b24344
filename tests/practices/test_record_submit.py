"""Handing a version in, taking it back, giving it up, and what the desk says of it meanwhile."""

# ruff: noqa: F811  (fixtures of another file)
from __future__ import annotations

import pytest
from django.test import Client

from network.people.desk import items
from practices.domain import ask_revision, publish_version, start_version, submit_version
from practices.models import PracticeVersion
from tests.people.signing import sign_in
from tests.practices import builders as build
from tests.practices.test_record_pages import at, browser, city, officer, version  # noqa: F401
from tests.practices.test_versions import ready, write

pytestmark = pytest.mark.django_db


def state(version) -> str:
    return PracticeVersion.objects.get(pk=version.pk).state


def desk(section, user) -> list[str]:
    return [item.url for item in items(section, user) if "/record/" in item.url]


def test_the_check_page_says_all_of_it_and_leads_to_each_thing(browser, version, officer):
    write(
        version, {"results": {"rows": [{"key": "7f3d0a0e-5a1f-4a3f-8c36-1f6b2a3c4d5e", "indicator": "Trust"}]}}, officer
    )
    page = browser.get(at(version) + "check/").content.decode()
    assert f'href="{at(version, "story")}?check=1#id_f-goals"' in page
    assert f'href="{at(version, "results")}?check=1#id_r-7f3d0a0e-5a1f-4a3f-8c36-1f6b2a3c4d5e-value"' in page
    assert "Result 1: Answer “After”" in page
    assert f'href="{at(version, "classification")}?check=1#id_f-themes"' in page
    tried = browser.post(at(version) + "submit/", {"note": "First."})
    assert tried.status_code == 422
    assert "error-summary" in tried.content.decode()
    assert "First." in tried.content.decode()
    assert state(version) == "draft"


def test_whole_it_is_submitted_once_and_stays_as_it_is(browser, city, officer):
    version = ready(city, officer)
    page = browser.get(at(version) + "check/").content.decode()
    assert "What it is." in page
    assert "58.5" in page
    assert browser.get(at(version) + "submit/").url == at(version) + "check/"
    for _again in range(2):
        done = browser.post(at(version) + "submit/", {"note": "First."})
        assert done.url == at(version) + "submitted/"
    page = browser.get(done.url).content.decode()
    assert "nobody can change it" in page
    assert officer.display_name in page
    found = PracticeVersion.objects.get(pk=version.pk)
    assert (found.state, found.note, found.submitted_by) == ("submitted", "First.", officer)
    assert browser.get(at(version) + "check/").url == at(version)


def test_only_of_what_is_public_already_it_is_asked_whether_the_change_is_small(browser, city, officer):
    first = ready(city, officer)
    assert 'name="minor"' not in browser.get(at(first) + "check/").content.decode()
    browser.post(at(first) + "submit/", {"minor": "on"})
    first.refresh_from_db()
    assert not first.minor
    practice = publish_version(first, by=build.operator(), unreviewed_because="The only city.")
    second = start_version(practice, by=officer)
    assert 'name="minor"' in browser.get(at(second) + "check/").content.decode()
    browser.post(at(second) + "submit/", {"note": "A typing mistake.", "minor": "on"})
    second.refresh_from_db()
    assert (second.state, second.minor) == ("submitted", True)
    publish_version(second, by=build.operator(), unreviewed_because="The only city.")
    assert "small change" in browser.get(f"/en/practices/{practice.slug}/history/").content.decode()


def test_what_is_submitted_is_taken_back_as_long_as_nobody_reviews_it(browser, city, officer):
    version = submit_version(ready(city, officer), by=officer)
    back = browser.post(at(version) + "take-back/", follow=True)
    assert "You have it back." in back.content.decode()
    assert state(version) == "draft"
    PracticeVersion.objects.filter(pk=version.pk).update(state="in_review")
    assert browser.post(at(version) + "take-back/").status_code == 403
    assert "Take it back" not in browser.get(at(version)).content.decode()
    assert state(version) == "in_review"


def test_a_version_is_given_up_with_a_reason_and_leaves_the_desk(browser, version, officer):
    assert desk("doing", officer) == [at(version)]
    empty = browser.post(at(version) + "discard/", {"reason": " "})
    assert empty.status_code == 422
    done = browser.post(at(version) + "discard/", {"reason": "Another city wrote it."}, follow=True)
    assert "The version is given up." in done.content.decode()
    assert "Version 1 was given up." in done.content.decode()
    assert state(version) == "discarded"
    assert desk("doing", officer) == []
    assert browser.get(at(version) + "discard/").url == at(version)
    assert browser.post(at(version) + "discard/", {"reason": "Again."}).status_code == 403


def test_what_must_change_is_told_on_the_record_and_waits_on_the_desk(browser, city, officer):
    version = submit_version(ready(city, officer), by=officer)
    assert desk("doing", officer) == [at(version)]
    ask_revision(version, by=build.operator(), reason="Say how many came.\n\nAnd when.")
    assert desk("waiting", officer) == [at(version)]
    page = browser.get(at(version)).content.decode()
    assert "A revision is asked" in page
    assert "Say how many came." in page
    assert browser.post(at(version) + "submit/", {"note": ""}).url == at(version) + "submitted/"


def test_a_public_practice_leads_its_officers_to_the_next_version_and_nobody_else(city, officer, browser):
    practice = build.practice(build.operator(), {"sv": build.version("Broar")}, of=city)
    public, record = f"/en/practices/{practice.slug}/", f"/en/practices/{practice.slug}/record/"
    (item,) = (item for item in items("may", officer) if item.url == public)
    assert item.act_url == record
    assert f'href="{record}"' in browser.get(public).content.decode()
    for other in (Client(), sign_in(Client(), build.person())):
        assert f'href="{record}"' not in other.get(public).content.decode()
    version = start_version(practice, by=officer)
    assert desk("doing", officer) == [at(version)]


def test_whoever_writes_for_a_city_finds_where_to_begin(city, officer, browser):
    assert "/en/practices/new/" in [item.url for item in items("may", officer)]
    assert 'href="/en/practices/new/"' in browser.get("/en/practices/").content.decode()
    assert 'href="/en/practices/new/?city=malmo"' in browser.get("/en/cities/malmo/").content.decode()
    somebody = build.person()
    assert "/en/practices/new/" not in [item.url for item in items("may", somebody)]
    for other in (Client(), sign_in(Client(), somebody)):
        for page in ("/en/practices/", "/en/cities/malmo/"):
            assert "/en/practices/new/" not in other.get(page).content.decode()


@pytest.mark.parametrize("address", ["check/", "submit/", "submitted/", "discard/"])
def test_nobody_else_comes_to_these_pages(city, officer, address):
    version = submit_version(ready(city, officer), by=officer)
    assert "login" in Client().get(at(version) + address).url
    stranger = sign_in(Client(), build.officer(build.city()))
    assert stranger.get(at(version) + address).status_code == 404
    assert stranger.post(at(version) + "take-back/").status_code == 404
    assert state(version) == "submitted"
