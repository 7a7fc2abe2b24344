"""Writing to those who wrote a practice: it reaches them, shows no address, and has the limits of any letter to a city."""

from __future__ import annotations

import pytest
from django.core import mail
from django.test import Client

from cities.domain import ContactDetails, add_contact
from tests import places
from tests.practices import builders as build
from tests.practices.test_adoptions import officer_of

pytestmark = pytest.mark.django_db(transaction=True)
LETTER = {"name": "Sam Example", "email": "sam@example.org", "message": "Who paid for it?", "website": ""}


@pytest.fixture
def practice():
    """A practice of Malmö, which has a public contact and an officer who reads Swedish."""
    malmo = build.city("malmo", sv="Malmö")
    add_contact(malmo, ContactDetails(name="Desk", public=True, email="hidden@malmo.example"), by=build.operator())
    officer = officer_of(malmo)
    officer.preferred_language = "sv"
    officer.save()
    return build.practice(build.operator(), {"sv": build.version("Broar"), "en": build.version("Bridges")}, of=malmo)


def url(practice) -> str:
    return f"/en/practices/{practice.slug}/contact/"


def test_a_letter_reaches_the_officers_of_the_city_with_the_practice_as_its_subject(client, practice):
    assert f'href="{url(practice)}"' in client.get(practice.get_absolute_url()).content.decode()
    response = client.post(url(practice), LETTER)
    assert response.status_code == 302
    assert "on its way" in client.get(response["Location"]).content.decode()
    (sent,) = mail.outbox
    assert "Officer of malmo" in sent.to[0]
    assert sent.reply_to == ["sam@example.org"]
    assert "Bridges" in sent.subject
    assert "Malmö" in sent.subject
    assert "Who paid for it?" in sent.body
    assert f"/sv/practices/{practice.slug}/" in sent.body


def test_no_page_shows_an_address_of_theirs(client, practice):
    for path in (url(practice), f"{url(practice)}sent/", practice.get_absolute_url()):
        text = client.get(path).content.decode()
        assert "hidden@malmo" not in text
        assert "person" not in text.split("<main")[1], "the officer's address"
    assert "hidden@malmo" not in client.post(url(practice), {**LETTER, "email": ""}).content.decode()


def test_who_is_signed_in_writes_as_themselves_and_types_no_address(practice):
    writer = build.person("Nour Haddad")
    client = Client()
    client.force_login(writer)
    page = client.get(url(practice)).content.decode()
    assert "You write as <bdi>Nour Haddad</bdi>" in page
    assert 'name="email"' not in page
    assert client.post(url(practice), {"message": "", "website": ""}).status_code == 400
    sent = {"message": "Who paid?", "website": "", "name": "Somebody else", "email": "victim@example.org"}
    assert client.post(url(practice), sent).status_code == 302
    assert mail.outbox[0].reply_to == [writer.email]
    assert "Nour Haddad" in mail.outbox[0].body
    assert "victim" not in mail.outbox[0].body


def test_letters_about_practices_count_with_letters_to_the_city(client, practice):
    pages = [url(practice), "/en/cities/malmo/contact/"] * 3
    answers = [client.post(page, {**LETTER, "message": f"Letter {n}"}) for n, page in enumerate(pages)]
    assert [answer.status_code for answer in answers] == [302] * 5 + [429]
    assert "Letter 5" in answers[-1].content.decode()


def test_the_same_letter_about_another_practice_is_another_letter(client, practice):
    other = build.practice(build.operator(), of=practice.city)
    for page in (url(practice), url(practice), url(other)):
        assert client.post(page, LETTER).status_code == 302
    assert len(mail.outbox) == 2


def test_without_officers_the_citys_contact_gets_it_else_the_networks_officers_else_nobody_can(client, practice):
    ghent = build.city("ghent")
    theirs = build.practice(build.operator(), of=ghent)
    assert "No contact is recorded" in client.get(url(theirs)).content.decode()
    network = places.network()
    officer = places.officer_of(network)
    places.member(network, ghent)
    assert client.post(url(theirs), LETTER).status_code == 302
    add_contact(ghent, ContactDetails(name="Desk", public=True, email="desk@ghent.example"), by=build.operator())
    assert client.post(url(theirs), {**LETTER, "message": "Again"}).status_code == 302
    assert [officer.email in mail.outbox[0].to[0], mail.outbox[1].to] == [True, ["Desk <desk@ghent.example>"]]


def test_one_writes_about_what_is_public_only(client, practice):
    draft = build.practice(build.operator(), of=practice.city, published=False)
    assert client.get(url(draft)).status_code == 404
    assert client.post(url(draft), LETTER).status_code == 404
    assert client.post(url(practice), {**LETTER, "website": "spam"}).status_code == 302
    assert mail.outbox == []
