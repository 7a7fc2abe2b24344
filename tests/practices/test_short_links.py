"""Addresses that are printed and linked: they lead to the practice for ever, whatever becomes of its slug."""

from __future__ import annotations

import threading

import pytest
from django.db import connection

from cities.models import City
from network.doors import DomainError
from practices.domain import NewPractice, archive_practice, create_practice, rename_practice, restore_practice
from practices.models import FormerSlug, Practice
from tests.people.signing import sign_in
from tests.practices import builders as build

pytestmark = pytest.mark.django_db


# --- /p/<number> --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cookie", "header", "code"),
    [("", "sv-SE,sv;q=0.9", "sv"), ("", "", "en"), ("", "tlh", "en"), ("ar", "sv", "ar"), ("", "el,en;q=0.5", "el"), ("nonsense", "it", "it")],
)  # fmt: skip
def test_a_short_link_leads_to_the_readers_language(client, cookie, header, code):
    practice = build.practice(build.operator(), {"el": build.version("Γέφυρες")})
    if cookie:
        client.cookies["koine_language"] = cookie
    for address in (f"/p/{practice.pk}", f"/p/{practice.pk}/", f"/p/00{practice.pk}"):
        answer = client.get(address, headers={"Accept-Language": header})
        assert answer.status_code == 302
        assert answer["Location"] == f"/{code}" + practice.get_absolute_url()[3:]
        assert {"Accept-Language", "Cookie"} <= {name.strip() for name in answer["Vary"].split(",")}
        assert answer["Cache-Control"] == "no-cache"
    assert client.get(answer["Location"]).status_code == 200


def test_what_was_never_public_is_not_there(client):
    by = build.operator()
    draft = build.practice(by, published=False)
    dropped = archive_practice(build.practice(by, published=False), by=by)
    for number in (draft.pk, dropped.pk, 0, 10**17, 10**30, "9" * 400):
        answer = client.get(f"/p/{number}")
        assert answer.status_code == 404, number
        assert 'name="q"' in answer.content.decode()
    for nonsense in ("x", "-1", "1.5", "1/2", ""):
        assert client.get(f"/p/{nonsense}").status_code == 404


def test_what_was_public_and_is_not_any_more_says_so(client):
    by = build.operator()
    archived = archive_practice(build.practice(by), by=by)
    again = restore_practice(archive_practice(build.practice(by), by=by), by=by)
    lost = build.practice(by)
    City.objects.filter(pk=lost.city_id).update(archived_at=lost.updated_at)
    for practice in (archived, again, lost):
        answer = client.get(f"/p/{practice.pk}", headers={"Accept-Language": "sv"})
        assert answer.status_code == 410
        text = answer.content.decode()
        assert '<html lang="sv"' in text
        assert "<h1" in text
        assert practice.title_en not in text


# --- other slugs --------------------------------------------------------------------------------------------------------------


def test_a_renamed_practice_is_found_under_every_slug_it_had(client):
    by = build.operator()
    practice = build.practice(by, slug="first")
    practice = rename_practice(practice, "second", by=by)
    practice = rename_practice(practice, "γέφυρες", by=by)
    for old in ("first", "second"):
        answer = client.get(f"/sv/practices/{old}/", {"text": "en"})
        assert answer.status_code == 301
        assert answer["Location"] == f"/sv{practice.get_absolute_url()[3:]}?text=en"
        assert answer["Cache-Control"] == "no-cache"
        assert client.get(f"/sv/practices/{old}/sheet.pdf")["Location"].endswith("/sheet.pdf")
    assert client.get(f"/p/{practice.pk}")["Location"] == practice.get_absolute_url()
    assert practice.version == 4
    archive_practice(practice, by=by)
    assert client.get("/sv/practices/first/").status_code == 404


def test_a_practice_may_go_back_to_a_slug_it_had(client):
    by = build.operator()
    practice = rename_practice(rename_practice(build.practice(by, slug="first"), "second", by=by), "first", by=by)
    assert list(FormerSlug.objects.values_list("slug", flat=True)) == ["second"]
    assert client.get("/en/practices/first/").status_code == 200
    assert client.get("/en/practices/second/")["Location"] == "/en/practices/first/"
    assert rename_practice(practice, "first", by=by).version == practice.version


def test_nobody_gets_a_slug_that_another_has_or_had():
    by = build.operator()
    rename_practice(build.practice(by, slug="first"), "second", by=by)
    other = build.practice(by, slug="other")
    for taken in ("first", "second"):
        with pytest.raises(DomainError) as refused:
            rename_practice(other, taken, by=by)
        assert refused.value.code == "slug"
        with pytest.raises(DomainError) as refused:
            build.practice(by, slug=taken)
        assert refused.value.code == "slug"
    assert build.practice(by, {"en": build.version("First")}).slug == "first-2"


@pytest.mark.parametrize("slug", ["", "two words", "a/b", "a.b", "x" * 121, "-", "Ärlig Text", "%00"])
def test_what_is_no_slug_is_refused(slug):
    by = build.operator()
    practice = build.practice(by, slug="first")
    with pytest.raises(DomainError) as refused:
        rename_practice(practice, slug, by=by)
    assert refused.value.code == "slug"
    assert not FormerSlug.objects.exists()


def test_only_those_who_write_it_rename_it():
    by = build.operator()
    practice = build.practice(by, slug="first")
    with pytest.raises(DomainError) as refused:
        rename_practice(practice, "second", by=build.person())
    assert refused.value.code == "denied"
    archive_practice(practice, by=by)
    with pytest.raises(DomainError) as refused:
        rename_practice(practice, "second", by=by)
    assert refused.value.code == "denied"


def test_staff_rename_with_a_lever(client):
    by = build.operator()
    practice = build.practice(by, slug="first")
    sign_in(client, by)
    page = client.get(f"/admin/practices/practice/{practice.pk}/change/")
    assert "Change the address" in page.content.decode()


@pytest.mark.django_db(transaction=True)
def test_of_many_who_want_one_slug_at_once_one_gets_it():
    by = build.operator()
    city = build.city()
    practices = [build.practice(by, of=city, slug=f"practice-{n}") for n in range(4)]
    start, outcomes = threading.Barrier(8), []

    def take(act) -> None:
        start.wait()
        try:
            outcomes.append(act().slug)
        except DomainError as refused:
            outcomes.append(refused.code)
        finally:
            connection.close()

    def create() -> Practice:
        return create_practice(NewPractice(city, "en", {"en": build.version("Wanted")}, slug="wanted"), by=by)

    acts = [*(lambda one=one: rename_practice(one, "wanted", by=by) for one in practices), *[create] * 4]
    threads = [threading.Thread(target=take, args=[act]) for act in acts]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(outcomes) == ["slug"] * 7 + ["wanted"]
    assert Practice.objects.filter(slug="wanted").count() == 1
