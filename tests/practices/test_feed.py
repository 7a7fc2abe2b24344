"""A search as an Atom feed, read as feed readers read it."""

from __future__ import annotations

import datetime
from urllib.parse import urlsplit
from xml.etree import ElementTree

import feedparser
import pytest
from django.http import QueryDict

from practices.domain import archive_practice, merge_themes, set_texts
from practices.forms.asked import asked
from practices.models import Practice
from practices.queries.feed import PER_PAGE
from practices.views import feeds
from tests.practices import builders as build

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
# RFC 4287, section 4.1: what a feed and an entry must have, and what they may have once only.
NEEDED = ("id", "title", "updated")
ONCE = (*NEEDED, "generator", "rights", "published", "summary", "subtitle")


def fetch(client, code: str = "en", **query: str):
    answer = client.get(f"/{code}/practices/feed.atom", query)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    judged(answer.content)
    return read(answer.content)


def read(content: bytes):
    """The feed as feedparser reads it."""
    found = feedparser.parse(content)
    assert not found.bozo, found.get("bozo_exception")
    assert found.version == "atom10"
    return found


def judged(content: bytes) -> None:
    """The rules of RFC 4287 that a lenient reader forgives."""
    root = ElementTree.fromstring(content)
    for part in (root, *root.findall(f"{ATOM}entry")):
        for name in NEEDED:
            assert part.find(f"{ATOM}{name}") is not None, name
        for name in ONCE:
            assert len(part.findall(f"{ATOM}{name}")) <= 1, name
        assert urlsplit(part.find(f"{ATOM}id").text).scheme == "urn"
        alternates = [
            (link.get("type"), link.get("hreflang"))
            for link in part.findall(f"{ATOM}link")
            if link.get("rel") == "alternate"
        ]
        assert len(alternates) == len(set(alternates)) >= 1
        assert part.find(f"{ATOM}author/{ATOM}name").text
        for moment in part.iter(f"{ATOM}updated"):
            assert datetime.datetime.fromisoformat(moment.text).tzinfo is not None
    assert root.get(LANG)
    ids = [entry.find(f"{ATOM}id").text for entry in root.findall(f"{ATOM}entry")]
    assert len(ids) == len(set(ids))


def links(thing, relation: str) -> dict[str, str]:
    return {link.get("hreflang", ""): link["href"] for link in thing.links if link["rel"] == relation}


def test_an_entry_says_who_wrote_it_when_and_in_which_languages_it_is_there(client):
    by = build.operator()
    build.theme("housing", by, el="Στέγαση")
    practice = build.practice(
        by,
        {
            "sv": build.version("Broar & <torg>", "Kort", strapline="Över vatten"),
            "el": build.version("Γέφυρες", "Λόγια"),
        },
        of=build.city("north", el="Βορράς"),
        themes=["housing"],
        licence="CC-BY-4.0",
        demo=True,
    )
    origin = "http://127.0.0.1:8000"
    greek = fetch(client, "el", theme="housing")
    assert greek.feed.title == "Καλές πρακτικές · Θέμα: Στέγαση"
    assert links(greek.feed, "self") == {"": f"{origin}/el/practices/feed.atom?theme=housing"}
    assert links(greek.feed, "alternate") == {"el": f"{origin}/el/practices/?theme=housing"}
    (entry,) = greek.entries
    assert entry.id == f"urn:uuid:{practice.uuid}"
    assert (entry.title, entry.title_detail.language) == ("Γέφυρες", "el")
    assert entry.summary == "Λόγια"
    assert (entry.author_detail.name, entry.author_detail.href) == ("Βορράς", f"{origin}/el/cities/north/")
    assert links(entry, "alternate") == {
        "el": f"{origin}/el/practices/{practice.slug}/",
        "sv": f"{origin}/sv/practices/{practice.slug}/",
    }
    assert links(entry, "related") == {"el": f"{origin}/el/practices/{practice.slug}/sheet.pdf"}
    assert (entry.tags[0].term, entry.tags[0].label) == ("housing", "Στέγαση")
    assert entry.tags[1].term == "demonstration"
    assert "CC BY 4.0" in entry.rights
    assert datetime.datetime.fromisoformat(entry.published) == practice.published_at
    assert datetime.datetime.fromisoformat(entry.updated) == Practice.objects.get(pk=practice.pk).updated_at

    # Who reads neither gets the original, said to be so, on a page around it in their own language.
    (entry,) = fetch(client, "ar").entries
    assert (entry.title, entry.title_detail.language) == ("Broar & <torg>", "sv")
    assert entry.summary == "Över vatten\n\nKort"
    assert links(entry, "alternate")["sv"] == f"{origin}/ar/practices/{practice.slug}/"


def test_a_feed_holds_what_the_list_finds_newest_first(client):
    by = build.operator()
    greek, swedish = build.city(country="GR"), build.city(country="SE")
    made = [
        build.practice(
            by, {"en": build.version(f"School {n}" if n % 2 else f"Other {n}")}, of=greek if n % 3 else swedish
        )
        for n in range(9)
    ]
    archive_practice(made[1], by=by)
    build.practice(by, {"en": build.version("School draft")}, published=False)
    for query in ({}, {"q": "school"}, {"country": "GR"}, {"q": "school", "country": "GR"}, {"q": "nothingatall"}):
        listed = client.get("/en/practices/", {**query, "sort": "newest"}).context["found"].rows
        entries = fetch(client, **query).entries
        assert [links(entry, "alternate")["en"].split("/")[-2] for entry in entries] == [
            card.slug for card in listed
        ], query
    # The order of rows is the list's own business.
    assert fetch(client, q="school", sort="relevance").feed.id == fetch(client, q="school").feed.id


def test_the_list_names_the_feed_of_its_search_and_leaves_out_what_it_did_not_understand(client):
    build.theme("housing", build.operator())
    text = client.get("/en/practices/", {"country": "XX", "theme": "housing", "page": "2", "q": "a b"}).content.decode()
    assert (
        '<link rel="alternate" type="application/atom+xml" href="/en/practices/feed.atom?q=a+b&amp;theme=housing"'
        in text
    )
    assert 'href="/en/practices/feed.atom"' in client.get("/en/practices/").content.decode()


@pytest.mark.parametrize(
    "query",
    [
        {"theme": "no-such-theme"}, {"country": "XX"}, {"maturity": "great"}, {"original": "xx"}, {"readable": "false"},
        {"theme": "'; DROP TABLE practices_practice; --"}, {"q": "\u202e\u200f"}, {"q": "& | ! <-> :*"},
        {"q": "x" * 10_000}, {"q": "nothing\ufffelike\U0001f600this"}, {"city": "nowhere"}, {"page": "9999"},
        {"page": "9", "q": "practice"},
    ],
)  # fmt: skip
def test_strange_questions_are_answered_by_a_valid_feed_without_entries(client, query):
    build.practice(build.operator())
    if query == {"q": "& | ! <-> :*"}:
        # No word is in it: as on the list it filters nothing.
        assert len(fetch(client, **query).entries) == 1
        return
    assert fetch(client, **query).entries == []


def test_a_theme_that_was_merged_leads_its_followers_on(client, django_capture_on_commit_callbacks):
    by = build.operator()
    old, new = build.theme("shelter", by), build.theme("housing", by)
    build.practice(by, themes=["housing"])
    assert fetch(client, theme="shelter").entries == []
    with django_capture_on_commit_callbacks(execute=True):
        merge_themes(old, new, by=by, reason="The same")
    found = fetch(client, theme="shelter")
    assert len(found.entries) == 1
    assert links(found.feed, "self")[""].endswith("?theme=housing")


def test_a_long_feed_comes_in_pages_that_lead_to_one_another(client, monkeypatch):
    by, place = build.operator(), build.city()
    made = {build.practice(by, of=place).uuid.urn for _ in range(5)}
    monkeypatch.setattr("practices.queries.feed.PER_PAGE", 2)
    address, seen, pages = "/en/practices/feed.atom?maturity=emerging", set(), 0
    while address:
        answer = client.get(address)
        judged(answer.content)
        found = read(answer.content)
        near = {name: links(found.feed, name).get("", "") for name in ("self", "first", "previous", "next", "last")}
        pages += 1
        assert near["self"].endswith(address)
        assert near["first"].endswith("?maturity=emerging")
        assert near["last"].endswith("?maturity=emerging&page=3")
        assert bool(near["previous"]) == (pages > 1)
        seen |= {entry.id for entry in found.entries}
        address = near["next"].removeprefix("http://127.0.0.1:8000")
    assert pages == 3
    assert seen == made


def test_who_has_the_feed_already_gets_no_bytes_until_something_changes(client, django_capture_on_commit_callbacks):
    by = build.operator()
    practice = build.practice(by)
    first = client.get("/en/practices/feed.atom")
    for header in (
        {"If-None-Match": first["ETag"]},
        {"If-Modified-Since": first["Last-Modified"]},
    ):
        same = client.get("/en/practices/feed.atom", headers=header)
        assert (same.status_code, same.content, same["ETag"]) == (304, b"", first["ETag"])
    with django_capture_on_commit_callbacks(execute=True):
        set_texts(practice, "en", {"title": "A new name"}, by=by)
    changed = client.get("/en/practices/feed.atom", headers={"If-None-Match": first["ETag"]})
    assert changed.status_code == 200
    assert "A new name" in changed.content.decode()


@pytest.mark.parametrize("number", [1, 3])
def test_a_feed_costs_the_same_queries_for_one_entry_and_for_three_and_none_while_it_is_kept(
    client, number, django_assert_num_queries
):
    by = build.operator()
    build.theme("housing", by)
    for _ in range(number):
        build.practice(by, {"en": build.version("Neighbours talk")}, themes=["housing"])
    client.get("/en/practices/feed.atom?theme=housing")
    client.get("/en/practices/feed.atom?q=street")  # the commonest words are kept
    with django_assert_num_queries(0):
        client.get("/en/practices/feed.atom?theme=housing")
    with django_assert_num_queries(3):
        client.get("/en/practices/feed.atom")
    with django_assert_num_queries(3):
        assert len(fetch(client, q="neighbours").entries) == number


def test_whoever_asks_gets_the_same_feed(client):
    build.practice(build.operator())
    before = client.get("/en/practices/feed.atom")
    client.force_login(build.operator())
    answer = client.get("/en/practices/feed.atom")
    assert answer.content == before.content
    assert (before["Cache-Control"], answer["Cache-Control"]) == ("public, max-age=300", "private, no-store")
    assert PER_PAGE == 50
    assert feeds.feed.door == "public"


def test_the_same_search_is_the_same_text_however_it_was_typed():
    build.theme("housing", build.operator())
    build.practice(build.operator(), of=build.city(country="GR"))
    typed = QueryDict("country=GR&page=3&view=map&theme=housing&q=+two%20%20words&unknown=1&maturity=")
    search = asked(typed)
    assert (search.query, search.whole) == ("q=two+words&theme=housing&country=GR", True)
    assert search.words == ("“two words”", "Theme: Housing", "Country: Greece")
    assert asked(search.query).query == search.query
    assert asked("sort=newest", order=True).query == ""
    assert asked("sort=newest&q=two", order=True).query == "q=two&sort=newest"
    assert asked("sort=newest&q=two").query == "q=two"
    assert not asked("theme=housing&theme=sport").whole
