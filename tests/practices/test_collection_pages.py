"""Pages of collections: what is gone, whose language, files, and what a person can take along."""

from __future__ import annotations

import csv
import io
import json
import re

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from network.doors import DomainError
from network.people.queries.personal_data import own_data
from practices.domain import archive_practice, collections as verbs
from practices.domain.collection_order import add_practices
from practices.domain.collections import CollectionTexts, StaleCollection
from practices.models import Collection
from tests.people.signing import person
from tests.practices import builders as build
from tests.practices.collecting import WORDS, circle, join, signed, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nobody_has_asked_yet():
    cache.clear()


# --- texts -----------------------------------------------------------------------------------------------------------------


def test_two_people_who_save_the_texts_at_once_see_both():
    ring = circle()
    page = f"{ring.collection.get_absolute_url()}texts/"
    first, second = signed(ring.owner), signed(ring.editor)
    version = re.search(r'name="version" value="(\d+)"', text_of(first.get(page)))[1]
    fields = {"language": "en", "version": version}
    assert first.post(page, {**fields, "title": "Mine", "introduction": "My reasons"}).status_code == 302
    answer = text_of(second.post(page, {**fields, "title": "Ours", "introduction": "Our reasons"}))
    for told in ("Mine", "My reasons", 'value="Ours"', "Our reasons", "Saving again replaces theirs"):
        assert told in answer, told
    assert Collection.objects.get().title == "Mine"
    newer = re.search(r'name="version" value="(\d+)"', answer)[1]
    assert second.post(page, {**fields, "version": newer, "title": "Ours"}).status_code == 302
    assert Collection.objects.get().title == "Ours"
    with pytest.raises(StaleCollection):
        verbs.set_collection_texts(ring.collection, WORDS, by=ring.owner, version=1)


@pytest.mark.parametrize(
    ("field", "value"),
    [("title", " "), ("title", "\u202e"), ("title", "x" * 201), ("language", "xx"), ("introduction", "word " * 1001), ("cover_note", "w " * 81)],
)  # fmt: skip
def test_texts_that_can_not_stand_are_refused_beside_their_field_and_kept_in_the_form(field, value):
    ring = circle()
    page = f"{ring.collection.get_absolute_url()}texts/"
    sent = {"title": "Kept", "language": "en", "introduction": "Kept too", "version": "1", field: value}
    answer = text_of(signed(ring.owner).post(page, sent))
    assert f'href="#id_{field}"' in answer
    assert "Kept" in answer
    assert Collection.objects.get().title == "Against hate"


def test_bidi_controls_and_markup_in_a_title_do_no_harm(client):
    title = '\u202e<script>alert(1)</script> "x"'
    ring = circle(build.practice(build.operator()), visibility="public", texts=CollectionTexts(title, "ar", title))
    for address in (ring.collection.get_absolute_url(), "/en/collections/"):
        page = text_of(client.get(address))
        assert "<script>alert" not in page
        assert "\u202e" not in page
        assert 'lang="ar" dir="rtl"' in page


# --- pages -----------------------------------------------------------------------------------------------------------------


def test_a_practice_in_the_archive_is_said_to_be_gone_without_its_title(client):
    by = build.operator()
    here, gone = build.practice(by), build.practice(by, {"en": build.version("Vanished")}, of=build.city("north"))
    ring = circle(gone, here, visibility="public")
    archive_practice(gone, by=by)
    page = text_of(client.get(ring.collection.get_absolute_url()))
    assert "This practice is no longer public" in page
    assert "North" in page
    assert "Vanished" not in page
    assert "<dt>Practices</dt><dd>1</dd>" in page
    assert "1 practice<" in text_of(client.get("/en/collections/"))
    assert "Vanished" not in text_of(signed(ring.owner).get(f"{ring.collection.get_absolute_url()}order/"))


def test_practices_are_shown_in_the_readers_language_and_texts_in_their_own(client):
    practice = build.practice(build.operator(), {"en": build.version("Bridges"), "sv": build.version("Broar")})
    ring = circle(practice, visibility="link")
    page = text_of(client.get(ring.collection.get_absolute_url().replace("/en/", "/sv/")))
    assert "Broar" in page
    assert '<h1 lang="en" dir="ltr">Against hate</h1>' in page
    assert "Visas på engelska, inte översatt till svenska än." in page


@pytest.mark.parametrize("count", [1, 3])
def test_pages_take_the_same_statements_however_many_there_are(client, count):
    by = build.operator()
    ring = circle(*(build.practice(by) for _n in range(count)), visibility="public")
    for _n in range(count - 1):
        other = verbs.create_collection(CollectionTexts("Other", "en"), by=ring.owner)
        add_practices(other, [build.practice(by).pk], by=ring.owner)
        verbs.set_visibility(other, "public", by=ring.owner)
    owner, page = signed(ring.owner), ring.collection.get_absolute_url()
    counts = {}
    for name, browser, address in (
        ("list", client, "/en/collections/"), ("page", client, page), ("order", owner, f"{page}order/"),
        ("people", owner, f"{page}people/"), ("mine", owner, "/en/desk/collections/"),
    ):  # fmt: skip
        with CaptureQueriesContext(connection) as seen:
            assert browser.get(address).status_code == 200
        counts[name] = len(seen)
    assert counts == {"list": 3, "page": 5, "order": 10, "people": 9, "mine": 8}


def test_files_hold_the_practices_in_order_with_their_comments(client):
    by = build.operator()
    one, two, gone = (build.practice(by, {"en": build.version(title)}) for title in ("One", "Two", "Gone"))
    ring = circle(two, gone, one, visibility="link")
    ring.collection.items.filter(practice=two).update(comment="=Read this first")
    archive_practice(gone, by=by)
    page = ring.collection.get_absolute_url()
    rows = list(
        csv.reader(io.StringIO(b"".join(client.get(f"{page}export.csv").streaming_content).decode("utf-8-sig")))
    )
    assert [row[1] for row in rows] == ["Title", "Two", "One"]
    assert [row[-1] for row in rows] == ["Comment", "'=Read this first", ""]
    told = json.loads(b"".join(client.get(f"{page}export.json").streaming_content))
    assert [(row["title"], row["comment"]) for row in told["practices"]] == [("Two", "=Read this first"), ("One", "")]
    assert client.get(f"{page}export.xlsx")["Content-Type"].startswith("application/vnd.openxml")
    assert client.get(f"{page}export.pdf").status_code == 404
    verbs.set_visibility(ring.collection, "private", by=ring.owner)
    assert client.get(f"{page}export.csv").status_code == 404


def test_deleting_is_asked_first_and_the_practices_stay():
    practice = build.practice(build.operator())
    ring = circle(practice)
    client, page = signed(ring.owner), ring.collection.get_absolute_url()
    assert "Delete the collection" in text_of(client.get(f"{page}delete/"))
    assert Collection.objects.exists()
    assert client.post(f"{page}delete/")["Location"] == "/en/desk/collections/"
    assert not Collection.objects.exists()
    practice.refresh_from_db()


def test_there_is_a_most_of_collections(monkeypatch):
    owner = person()
    monkeypatch.setattr(verbs, "MOST_COLLECTIONS", 1)
    verbs.create_collection(WORDS, by=owner)
    assert "You own 100 collections." in text_of(
        signed(owner).post("/en/collections/new/", {"title": "Another", "language": "en"})
    )
    assert Collection.objects.count() == 1


def test_they_are_among_what_a_person_can_take_along():
    ring = circle()
    assert [(row["title"], row["role"]) for row in own_data(ring.editor)["collections"]] == [("Against hate", "editor")]


def test_a_member_keeps_the_role_held_when_invited_again():
    ring = circle()
    with pytest.raises(DomainError, match="member already"):
        join(ring.collection, ring.editor, "viewer", by=ring.owner)
