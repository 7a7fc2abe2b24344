"""The pages of publications: ordering, watching, reading, with and without scripts; what strangers see of them."""

from __future__ import annotations

import hashlib
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from network.people.desk import items
from network.people.queries.personal_data import own_data
from practices.domain import archive_practice
from practices.domain.publishing import make_publication
from practices.models import Publication, PublicationVersion
from tests.people.signing import person, sign_in
from tests.practices import builders as build
from tests.practices.collecting import circle
from tests.practices.publishing import made, order

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _files_of_its_own(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def signed(user) -> Client:
    return sign_in(Client(), user)


def text_of(response) -> str:
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def fields_of(page: str) -> dict[str, str]:
    """What the form holds, as a browser would send it."""
    found = dict(re.findall(r'<input type="hidden" name="(key)" value="([^"]+)"', page))
    found["title"] = re.search(r'name="title" value="([^"]*)"', page)[1] if 'name="title" value=' in page else ""
    return {**found, "language": "en", "words_language": "en", "chapters": "own"}


def test_from_a_collection_to_a_pdf(client):
    ring = circle(build.practice(build.operator()), build.practice(build.operator()), visibility="public")
    owner = signed(ring.owner)
    link = re.search(
        r'href="([^"]*publications/new/\?collection=[^"]+)"', text_of(client.get(ring.collection.get_absolute_url()))
    )[1]
    assert client.get(link)["Location"].startswith("/en/accounts/login/")
    page = text_of(owner.get(link))
    assert 'value="Against hate"' in page
    assert "Why these." in page
    assert "each of 2 practices" in page
    sent = fields_of(page)
    answer = owner.post(link, sent)
    publication = Publication.objects.get()
    assert answer["Location"] == publication.get_absolute_url()
    assert owner.post(link, sent)["Location"] == answer["Location"]
    assert PublicationVersion.objects.count() == 1
    watching = text_of(owner.get(answer["Location"]))
    assert '<progress id="progress-1" max="100" value="0">' in watching
    assert f'hx-get="{answer["Location"]}1/state/" hx-trigger="every 2s"' in watching
    assert f'<noscript><a href="{answer["Location"]}">' in watching
    assert client.get(answer["Location"]).status_code == 404, "nobody else knows of it before it is ready"
    make_publication(publication.versions.get().pk)
    part = text_of(owner.get(f"{answer['Location']}1/state/", headers={"HX-Request": "true"}))
    assert "hx-trigger" not in part
    assert 'hx-swap-oob="true">Version 1: Ready' in part
    assert "<html" not in part
    for reader in (owner, client):
        file = reader.get(f"/publications/{publication.opaque_id}/1.pdf")
        assert file["Content-Type"] == "application/pdf"
        body = b"".join(file.streaming_content)
        assert hashlib.sha256(body).hexdigest() == publication.versions.get().sha256
    again = client.get(f"/publications/{publication.opaque_id}/1.pdf", headers={"If-None-Match": file["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert file["X-Robots-Tag"] == "noindex"
    assert (
        file["Content-Disposition"]
        == "inline; filename=\"against-hate-en-1.pdf\"; filename*=UTF-8''against-hate-en-1.pdf"
    )


def test_from_a_search_the_first_two_hundred_and_its_next_version_searches_again(monkeypatch):
    by = build.operator()
    build.practice(by, {"en": build.version("Lamp one")})
    build.practice(by, {"en": build.version("Something else")})
    client = signed(person())
    results = text_of(client.get("/en/practices/", {"q": "lamp"}))
    link = re.search(r'href="([^"]*publications/new/\?q=lamp)"', results)[1]
    assert "for 1 practice" in text_of(client.get(link))
    client.post(link, {**fields_of(text_of(client.get(link))), "title": "Lamps"})
    publication = Publication.objects.get()
    assert (publication.query, len(publication.versions.get().practice_ids)) == ("q=lamp", 1)
    build.practice(by, {"en": build.version("Lamp two")})
    address = f"{publication.get_absolute_url()}new/"
    page = text_of(client.get(address))
    assert 'value="Lamps"' in page
    assert client.post(address, fields_of(page))["Location"] == publication.get_absolute_url()
    assert len(publication.versions.get(number=2).practice_ids) == 2
    monkeypatch.setattr("practices.views.publications.MOST_PRACTICES", 1)
    assert "the publication holds the first 1" in text_of(client.get(link))
    assert "no practice to publish" in text_of(client.get("/en/publications/new/?q=nothingatall"))


def test_what_can_not_be_is_said_beside_its_field_and_nothing_typed_is_lost():
    client = signed(person())
    build.practice(build.operator())
    page = text_of(client.post("/en/publications/new/", {"title": " ", "foreword": "w " * 1001, "language": "en", "words_language": "en", "chapters": "own"}))  # fmt: skip
    assert 'href="#id_title"' in page
    page = text_of(client.post("/en/publications/new/", {"title": "Kept", "foreword": "w " * 1001, "language": "en", "words_language": "en", "chapters": "own"}))  # fmt: skip
    assert 'href="#id_foreword"' in page
    assert 'value="Kept"' in page
    for bad in ({"language": "xx"}, {"chapters": "x"}, {"key": "x"}):
        sent = {"title": "T", "language": "en", "words_language": "en", "chapters": "own", **bad}
        assert client.post("/en/publications/new/", sent).status_code == 200
    assert Publication.objects.count() == 0
    assert client.get("/en/publications/new/?collection=no-such").status_code == 404


def test_cancelling_and_trying_again_on_the_page():
    by = person()
    version = order(build.practice(build.operator()), by=by)
    client, page = signed(by), version.publication.get_absolute_url()
    assert client.post(f"{page}1/cancel/")["Location"] == page
    assert ">Cancelled</span>" in text_of(client.get(page))
    assert "no longer being made" in client.post(f"{page}1/cancel/", follow=True).content.decode()
    client.post(f"{page}1/retry/")
    assert PublicationVersion.objects.get().state == "queued"
    stranger = signed(person("stranger@people.example"))
    for act in ("cancel", "retry"):
        assert stranger.post(f"{page}1/{act}/").status_code == 404
        assert client.get(f"{page}1/{act}/").status_code == 405


def test_why_it_failed_stands_on_the_page_and_on_the_desk():
    by, practice = person(), build.practice(build.operator())
    version = order(practice, by=by)
    archive_practice(practice, by=build.operator())
    make_publication(version.pk)
    page = text_of(signed(by).get(version.publication.get_absolute_url()))
    assert "None of its practices is public any more." in page
    assert "Try again" in page
    assert [str(item.title) for item in items("doing", by)] == ["Against hate"]


def test_strangers_see_versions_that_are_ready_and_no_others(client):
    by, practice = person(), build.practice(build.operator())
    version = made(practice, by=by)
    second = order(practice, by=by)
    second.publication.delete()
    second = PublicationVersion.objects.create(
        publication=version.publication, number=2, title="Not yet", ordered_by=by
    )
    page = text_of(client.get(version.publication.get_absolute_url()))
    assert "Not yet" not in page
    assert "Make a new version" not in page
    assert 'name="robots" content="noindex"' in page
    for address in (
        f"/publications/{version.publication.opaque_id}/2.pdf",
        f"{version.publication.get_absolute_url()}2/",
    ):
        assert client.get(address).status_code == 404
    assert client.get(f"/publications/{version.publication.opaque_id}/3.pdf").status_code == 404
    stable = client.get(f"/publications/{version.publication.opaque_id}/", headers={"Accept-Language": "sv"})
    assert stable["Location"] == f"/sv/publications/{version.publication.opaque_id}/"


def test_what_was_removed_answers_that_it_is_gone(client):
    version = made(build.practice(build.operator()), by=person())
    PublicationVersion.objects.update(state="removed", file="", content="")
    for address in (
        f"/publications/{version.publication.opaque_id}/1.pdf",
        f"{version.publication.get_absolute_url()}1/",
    ):
        answer = client.get(address)
        assert answer.status_code == 410
        assert "This version is no longer kept" in answer.content.decode()
    assert ">Removed</span>" in text_of(client.get(version.publication.get_absolute_url()))


def test_keeping_is_said_and_taken_back():
    by = person()
    version = made(build.practice(build.operator()), by=by)
    client, page = signed(by), version.publication.get_absolute_url()
    client.post(f"{page}keep/")
    assert Publication.objects.get().saved_at
    assert "kept for good" in text_of(client.get(page))
    client.post(f"{page}keep/", {"drop": "1"})
    assert not Publication.objects.get().saved_at


def test_where_the_collection_is_gone_its_publications_stay_and_say_why_there_is_no_next():
    ring = circle(build.practice(build.operator()))
    version = made(by=ring.owner, collection=ring.collection)
    ring.collection.delete()
    client, page = signed(ring.owner), version.publication.get_absolute_url()
    assert (
        b"".join(client.get(f"/publications/{version.publication.opaque_id}/1.pdf").streaming_content)[:5] == b"%PDF-"
    )
    assert "The collection it was made of is gone" in text_of(client.get(f"{page}new/"))


def test_the_page_to_print_has_all_that_the_pdf_has_and_more(client):
    by = build.operator()
    evil = '<script>alert("x")</script>'
    one = build.practice(
        by, {"el": build.version("Γέφυρες", "Λόγια.", body="Πρώτα.\n\nΎστερα.")}, of=build.city("athens", en="Athens")
    )
    two = build.practice(
        by, {"en": build.version("Bridges 漢字", body=" ".join(f"Sentence {n} is here." for n in range(80)))}
    )
    version = made(one, two, by=by, title=evil, foreword=evil, chapters="city")
    page = text_of(client.get(f"{version.publication.get_absolute_url().replace('/en/', '/sv/')}1/"))
    assert evil not in page
    assert '<html lang="sv" dir="ltr">' in page
    assert '<div class="bound" lang="en" dir="ltr">' in page
    assert "Sentence 79 is here." in page, "nothing is cut on the page"
    assert "Bridges 漢字" in page
    assert page.count('class="bound__part"') == 7
    assert 'id="practice-1"' in page
    assert 'lang="el" dir="ltr">Πρώτα.' in page
    assert '<a href="#practice-1">1</a>' in page
    archive_practice(one, by=by)
    again = text_of(client.get(f"{version.publication.get_absolute_url()}1/"))
    assert "Γέφυρες" in again, "a version does not change"


@pytest.mark.parametrize("count", [1, 3])
def test_pages_take_the_same_statements_however_many_there_are(count):
    by, practice = person(), build.practice(build.operator())
    version = made(*(build.practice(build.operator()) for _n in range(count)), by=by)
    for number in range(2, count + 1):
        PublicationVersion.objects.create(
            publication=version.publication, number=number, title="T", ordered_by=by, state="cancelled"
        )
    for _n in range(count - 1):
        made(practice, by=by)
    client, page, counts = signed(by), version.publication.get_absolute_url(), {}
    for name, address in (("versions", page), ("text", f"{page}1/"), ("mine", "/en/desk/publications/")):
        with CaptureQueriesContext(connection) as seen:
            assert client.get(address).status_code == 200
        counts[name] = len(seen)
    assert counts == {"versions": 8, "text": 5, "mine": 6}


def test_they_are_among_what_a_person_can_take_along():
    version = order(build.practice(build.operator()), by=person())
    assert [row["title"] for row in own_data(version.ordered_by)["publications"]] == ["Against hate"]
