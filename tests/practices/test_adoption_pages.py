"""The pages on which one city says that it takes a practice up, and the other answers; and where it then shows."""

from __future__ import annotations

import pytest
from django.core import mail
from django.test import Client

from network.mail.models import OutgoingMail
from network.people.desk import items
from network.people.enums import RoleKind, ScopeKind
from network.people.models import Role
from practices.domain import (
    AdoptionFields,
    archive_practice,
    confirm_adoption,
    correct_adoption,
    question_adoption,
    record_adoption,
)
from practices.enums import AdoptionState
from practices.models import Adoption
from tests import places
from tests.practices import builders as build
from tests.practices.test_adoptions import officer_of

pytestmark = pytest.mark.django_db
SAID = {"status": "trying", "year": "٢٠٢٥", "what_changed": "Δύο βραδιές.", "result": "", "language": "el"}


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def cast():
    """A practice of Malmö, officers of Malmö and of Athens, each at a browser."""
    malmo = build.city("malmo", sv="Malmö", en="Malmö")
    athens = build.city("athens", country="GR", el="Αθήνα", en="Athens")
    author, adopter = officer_of(malmo), officer_of(athens)
    practice = build.practice(
        build.operator(), {"sv": build.version("Broar"), "en": build.version("Bridges")}, of=malmo
    )
    return {
        "practice": practice,
        "url": f"/en/practices/{practice.slug}/",
        "athens": athens,
        "author": author,
        "adopter": adopter,
        "at_malmo": signed_in(author),
        "at_athens": signed_in(adopter),
    }


def recorded(cast, **changes) -> Adoption:
    fields = AdoptionFields(
        **{"status": "trying", "language": "el", "what_changed": "Δύο βραδιές.", "year": 2025, **changes}
    )
    return record_adoption(cast["practice"], cast["athens"], fields, by=cast["adopter"])


def adoption_url(cast, adoption) -> str:
    return f"{cast['url']}adoptions/{adoption.pk}/"


def test_an_officer_says_it_the_author_city_confirms_and_both_pages_show_it(cast, django_capture_on_commit_callbacks):
    at_athens, at_malmo, visitor = cast["at_athens"], cast["at_malmo"], Client()
    assert f'href="{cast["url"]}adopt/"' in at_athens.get(cast["url"]).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        answer = at_athens.post(f"{cast['url']}adopt/", {**SAID, "city": "athens"}, follow=True)
    assert "Malmö is asked to confirm this" in answer.content.decode()
    adoption = Adoption.objects.get()
    assert (adoption.year, adoption.language, adoption.what_changed_el) == (2025, "el", "Δύο βραδιές.")
    page = visitor.get(cast["url"]).content.decode()
    assert "Δύο βραδιές." in page
    assert "not confirmed yet by" in page
    assert [item.url for item in items("waiting", cast["author"]) if "/adoptions/" in item.url] == [
        adoption_url(cast, adoption)
    ]
    with django_capture_on_commit_callbacks(execute=True):
        answer = at_malmo.post(f"{adoption_url(cast, adoption)}confirm/", {"version": adoption.version}, follow=True)
    assert "It is confirmed" in answer.content.decode()
    for place, other in ((cast["url"], "Athens"), ("/en/cities/athens/", "Bridges")):
        page = visitor.get(place).content.decode()
        assert other in page
        assert "Δύο βραδιές." in page
        assert "not confirmed yet" not in page
    assert not [item for item in items("waiting", cast["author"]) if "/adoptions/" in item.url]


def test_each_side_hears_of_the_other_in_its_language_and_nobody_of_what_they_did(
    cast, django_capture_on_commit_callbacks
):
    for key, language in (("author", "sv"), ("adopter", "el")):
        cast[key].preferred_language = language
        cast[key].save()
    with django_capture_on_commit_callbacks(execute=True):
        adoption = recorded(cast)
        adoption = question_adoption(adoption, "Det var vi som lånade.", language="sv", by=cast["author"])
        correct_adoption(
            adoption,
            AdoptionFields(status="trying", language="el", what_changed="Αλλιώς.", year=2025),
            by=cast["adopter"],
        )
    told = [(row.kind, row.recipient_id, row.context["event"]) for row in OutgoingMail.objects.order_by("pk")]
    assert told == [
        ("practices.adoption", cast["author"].pk, "recorded"),
        ("practices.adoption_answered", cast["adopter"].pk, "questioned"),
        ("practices.adoption", cast["author"].pk, "changed"),
    ]
    first, second, _third = mail.outbox
    assert "Broar" in first.subject
    assert f"/sv/practices/{cast['practice'].slug}/adoptions/{adoption.pk}/" in first.body
    assert "Δύο βραδιές." in first.body
    assert "Det var vi som lånade." in second.body
    assert f"/el/practices/{cast['practice'].slug}/adoptions/{adoption.pk}/" in second.body
    for sent in mail.outbox:
        assert cast["author"].email not in sent.body
        assert cast["adopter"].email not in sent.body


def test_a_city_without_officers_is_asked_through_those_of_its_networks(cast, django_capture_on_commit_callbacks):
    network = places.network()
    officer = places.officer_of(network)
    ghent = build.city("ghent")
    places.member(network, ghent)
    practice = build.practice(build.operator(), of=ghent)
    with django_capture_on_commit_callbacks(execute=True):
        fields = AdoptionFields(status="planned", language="el", what_changed="Θα δούμε.", year=2025)
        record_adoption(practice, cast["athens"], fields, by=cast["adopter"])
    assert list(OutgoingMail.objects.values_list("recipient_id", flat=True)) == [officer.pk]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"status": ""}, "Say how far you are."),
        ({"status": "bought"}, "bought"),
        ({"year": ""}, "Enter the year, or the first day."),
        ({"year": "long ago"}, "Enter a whole number."),
        ({"year": "1066"}, "Enter a year from 1900"),
        ({"started_on": "31/31/2025"}, "Enter a day such as 2026-11-30."),
        ({"started_on": "2024-03-01"}, "not the same year"),
        ({"what_changed": " \n\u202e"}, "Say in a sentence or two"),
        ({"what_changed": "λέξη " * 151}, "at most 150 words; this has 151"),
        ({"language": "xx"}, "xx"),
        ({"city": "malmo"}, "malmo"),
        ({"city": "nowhere"}, "nowhere"),
    ],
)
def test_a_refused_form_says_what_to_mend_and_keeps_what_was_typed(cast, changes, words):
    sent = {**SAID, "city": "athens", "result": "Kept as typed", **changes}
    answer = cast["at_athens"].post(f"{cast['url']}adopt/", sent)
    assert answer.status_code == 400
    page = answer.content.decode()
    assert words in page
    assert "Kept as typed" in page
    assert "<title>Error: " in page or "Not recorded" in page
    assert not Adoption.objects.exists()


def test_who_speaks_for_several_cities_chooses_and_each_city_says_it_once(cast):
    patras = build.city("patras", country="GR")
    Role.objects.create(
        user=cast["adopter"], kind=RoleKind.CITY_OFFICER, scope_kind=ScopeKind.CITY, scope_key=str(patras.uuid)
    )
    url = f"{cast['url']}adopt/"
    page = cast["at_athens"].get(url).content.decode()
    assert '<option value="athens">Athens</option>' in page
    assert '<option value="patras">Patras</option>' in page
    assert cast["at_athens"].post(url, {**SAID, "city": ""}).status_code == 400
    assert cast["at_athens"].post(url, {**SAID, "city": "athens"}).status_code == 302
    assert "You say this for <bdi>Patras</bdi>." in cast["at_athens"].get(url).content.decode()
    cast["at_athens"].post(url, {**SAID, "city": "patras"})
    assert "There is no further city" in cast["at_athens"].get(url).content.decode()
    assert Adoption.objects.count() == 2


def test_strangers_are_told_why_not_and_learn_nothing_of_what_two_cities_say(cast):
    adoption = recorded(cast)
    url = adoption_url(cast, adoption)
    stranger = signed_in(build.person())
    assert Client().get(f"{cast['url']}adopt/").status_code == 302
    assert stranger.get(f"{cast['url']}adopt/").status_code == 403
    assert cast["at_malmo"].get(f"{cast['url']}adopt/").status_code == 403
    for client in (stranger, signed_in(officer_of(build.city()))):
        assert client.get(url).status_code == 404
        for act in ("confirm", "question", "withdraw"):
            assert client.post(f"{url}{act}/", {"reason": "x"}).status_code == 404
    assert cast["at_athens"].post(f"{url}confirm/").status_code == 302
    assert cast["at_malmo"].post(f"{url}withdraw/").status_code == 302
    assert cast["at_malmo"].get(f"{url}change/").status_code == 403
    adoption.refresh_from_db()
    assert adoption.state == AdoptionState.RECORDED
    draft = build.practice(build.operator(), published=False)
    assert cast["at_athens"].get(f"/en/practices/{draft.slug}/adopt/").status_code == 404


def test_what_is_questioned_or_withdrawn_is_on_no_public_page(cast):
    adoption = confirm_adoption(recorded(cast), by=cast["author"])
    url, visitor = adoption_url(cast, adoption), Client()
    answer = cast["at_malmo"].post(f"{url}question/", {"reason": "Never heard of it", "version": adoption.version})
    assert answer.status_code == 302
    for page in (cast["url"], "/en/cities/athens/"):
        assert "Δύο βραδιές." not in visitor.get(page).content.decode()
    mine = cast["at_athens"].get(url).content.decode()
    assert "Malmö doubts this" in mine
    assert "Never heard of it" in mine
    assert [item.url for item in items("waiting", cast["adopter"]) if "/adoptions/" in item.url] == [url]
    adoption.refresh_from_db()
    assert cast["at_athens"].post(f"{url}withdraw/", {"version": adoption.version}).status_code == 302
    assert "Withdrawn by Athens" in cast["at_athens"].get(url).content.decode()
    assert "Δύο βραδιές." not in visitor.get(cast["url"]).content.decode()
    assert "You say this for <bdi>Athens</bdi>." in cast["at_athens"].get(f"{cast['url']}adopt/").content.decode()


def test_a_practice_that_left_the_library_is_on_no_page_of_who_took_it_up(cast):
    adoption = confirm_adoption(recorded(cast), by=cast["author"])
    archive_practice(cast["practice"], by=cast["author"])
    assert "Bridges" not in Client().get("/en/cities/athens/").content.decode()
    page = cast["at_athens"].get(adoption_url(cast, adoption)).content.decode()
    assert "Bridges" in page
    assert f'<a href="{cast["url"]}" lang' not in page
    assert cast["at_athens"].get(f"{cast['url']}adopt/").status_code == 404


def test_an_empty_or_stale_question_keeps_what_was_typed(cast):
    adoption = recorded(cast)
    url = f"{adoption_url(cast, adoption)}question/"
    assert cast["at_malmo"].post(url, {"reason": " "}).status_code == 400
    answer = cast["at_malmo"].post(url, {"reason": "word " * 151, "version": adoption.version})
    assert answer.status_code == 400
    assert "word word" in answer.content.decode()
    answer = cast["at_malmo"].post(url, {"reason": "My doubt", "version": adoption.version + 5})
    page = answer.content.decode()
    assert "Somebody changed this while you were reading." in page
    assert "My doubt" in page
    assert f'name="version" value="{adoption.version}"' in page


def test_two_officers_who_change_it_at_once_are_brought_to_a_choice(cast):
    adoption = recorded(cast)
    url = f"{adoption_url(cast, adoption)}change/"
    mine = {**SAID, "what_changed": "Τα δικά μου.", "version": adoption.version}
    assert cast["at_athens"].post(url, {**mine, "what_changed": "Των άλλων."}).status_code == 302
    answer = cast["at_athens"].post(url, mine)
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Των άλλων." in page
    assert "Τα δικά μου." in page
    adoption.refresh_from_db()
    assert adoption.what_changed_el == "Των άλλων."
    assert cast["at_athens"].post(url, {**mine, "version": adoption.version}).status_code == 302
    adoption.refresh_from_db()
    assert adoption.what_changed_el == "Τα δικά μου."


def test_it_is_written_in_another_language_beside_the_first_and_read_in_it(cast):
    adoption = recorded(cast)
    url = f"{adoption_url(cast, adoption)}change/"
    page = cast["at_athens"].get(url, {"text": "en"}).content.decode()
    assert "What stands there in Greek" in page
    assert "Δύο βραδιές." in page
    sent = {**SAID, "what_changed": "Two evenings.", "language": "en", "version": adoption.version}
    assert cast["at_athens"].post(url, sent).status_code == 302
    page = Client().get(cast["url"]).content.decode()
    assert '<div lang="en" dir="ltr"><p>Two evenings.</p></div>' in page
    assert (
        '<div lang="el" dir="ltr"><p>Δύο βραδιές.</p></div>'
        in Client().get(cast["url"].replace("/en/", "/sv/"), {"text": "sv"}).content.decode()
    )


def test_what_people_wrote_is_text_and_never_markup(cast):
    evil = "<script>alert(1)</script>\"'><img src=x>"
    adoption = recorded(cast, what_changed=evil, result=evil)
    question_adoption(adoption, evil, language="en", by=cast["author"])
    url = adoption_url(cast, adoption)
    for page in (
        cast["at_athens"].get(url),
        cast["at_athens"].get(f"{url}change/"),
        cast["at_malmo"].get(cast["url"]),
    ):
        assert "<script>alert" not in page.content.decode()
        assert "<img src=x" not in page.content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_the_pages_cost_the_same_queries_however_many_cities_took_it_up(cast, rows, django_assert_num_queries):
    for _n in range(rows):
        city = build.city()
        fields = AdoptionFields(status="in_place", language="en", what_changed="Shorter.", year=2025)
        record_adoption(cast["practice"], city, fields, by=officer_of(city))
        record_adoption(
            build.practice(build.operator(), of=city),
            cast["athens"],
            AdoptionFields(status="trying", language="el", what_changed="Κάτι.", year=2025),
            by=cast["adopter"],
        )
    for client, place, queries in ((cast["at_malmo"], cast["url"], 16), (Client(), "/en/cities/athens/", 10)):
        client.get(place)
        with django_assert_num_queries(queries):
            page = client.get(f"{place}?again").content.decode()
    assert page.count("Κάτι.") == rows
    assert len([item for item in items("waiting", cast["author"]) if "/adoptions/" in item.url]) == rows
