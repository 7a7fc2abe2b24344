"""Writing to a city: it reaches somebody, shows no address, and can't be misused."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.core import mail
from django.utils import timezone

from cities.domain import ContactDetails, ContactLetter, add_contact, write_to_city
from network.doors import DomainError
from network.mail.domain.sweeping import sweep
from network.mail.models import OutgoingMail
from tests import places

pytestmark = pytest.mark.django_db(transaction=True)
PAGE = "/en/cities/athens/contact/"
LETTER = {"name": "Sam Example", "email": "sam@example.org", "message": "How did you do it?", "website": ""}


@pytest.fixture
def athens():
    return places.athens()


@pytest.fixture
def desk(athens):
    """The city's public coordination desk."""
    details = ContactDetails(
        name="Coordination desk", kind="coordinator", roles={"en": "Coordinator"}, email="hidden@athens.example",
        phone="+30 210 000", public=True, as_of="2024-03",
    )  # fmt: skip
    return add_contact(athens, details, by=places.operator())


def test_a_letter_reaches_the_city_in_its_language_with_the_visitors_address_to_answer_to(client, desk):
    response = client.post(PAGE, LETTER)
    assert response.status_code == 302
    assert "on its way" in client.get(response["Location"]).content.decode()
    (sent,) = mail.outbox
    assert (sent.to, sent.reply_to) == (["Coordination desk <hidden@athens.example>"], ["sam@example.org"])
    assert "How did you do it?" in sent.body
    assert "Αθήνα" in sent.subject
    row = OutgoingMail.objects.get()
    assert (row.kind, row.language) == ("cities.contact", "el")
    assert (row.context, row.reply_to) == ({}, ""), "nothing of the visitor stays"


def test_no_page_shows_an_address(client, desk):
    officer = places.operator()
    client.force_login(officer)
    for path in (
        PAGE,
        "/en/cities/athens/",
        "/ar/cities/athens/",
        "/en/cities/",
        f"{PAGE}?to={desk.pk}",
        f"{PAGE}sent/",
    ):
        html = client.get(path).content.decode()
        assert "hidden@athens" not in html
        assert "210 000" not in html
    assert "hidden@athens" not in client.post(PAGE, {**LETTER, "email": ""}).content.decode()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": ""}, "Enter your name."),
        ({"name": "\u202e\u2066 "}, "Enter your name."),
        ({"email": ""}, "Enter your e-mail address."),
        ({"email": "sam"}, "Enter an e-mail address such as"),
        ({"email": "sam@example.org\nBcc: all@example.org"}, "Enter an e-mail address such as"),
        ({"email": "sam@example.org\u2028Bcc: all@example.org"}, "Enter an e-mail address such as"),
        ({"email": "sam@example.org, all@example.org"}, "Enter an e-mail address such as"),
        ({"email": "Sam <sam@example.org>"}, "Enter an e-mail address such as"),
        ({"message": " "}, "Write your message."),
        ({"message": "x" * 5001}, "longer than 5,000"),
    ],
)
def test_a_refused_letter_says_what_to_mend_and_keeps_what_was_typed(client, desk, changes, words):
    response = client.post(PAGE, {**LETTER, **changes})
    html = response.content.decode()
    assert response.status_code == 400
    assert words in html
    assert "<title>Error: " in html
    assert ("How did you do it?" in html) == ("message" not in changes)
    assert mail.outbox == []


def test_line_breaks_in_a_name_reach_no_header(client, desk):
    client.post(PAGE, {**LETTER, "name": "Sam\r\nBcc: all@example.org"})
    (sent,) = mail.outbox
    assert "\n" not in sent.subject
    assert sent.bcc == []
    assert "Bcc" not in sent.message()


def test_the_city_is_told_that_an_answer_shows_its_address(client, athens, desk):
    athens.languages = ["en"]
    athens.save()
    client.post(PAGE, LETTER)
    (sent,) = mail.outbox
    for words in (sent.body, sent.alternatives[0][0]):
        assert "was not shown to them; your answer shows it" in words
        assert "sam@example.org" in words
    # The visitor's own program shows what the visitor wrote, and where it came from is nobody but the portal.
    assert sent.from_email == settings.DEFAULT_FROM_EMAIL


def test_each_officer_gets_a_mail_of_their_own(client, athens):
    networks = [places.network(), places.network()]
    officers = {places.officer_of(network).email for network in networks}
    for network in networks:
        places.member(network, athens)
    client.post(PAGE, LETTER)
    assert len(mail.outbox) == 2
    for sent in mail.outbox:
        message = sent.message()
        (own,) = [one for one in officers if one in message["To"]]
        (other,) = officers - {own}
        assert other not in message.as_string()
        assert (sent.cc, sent.bcc, message["Cc"], message["Bcc"]) == ([], [], None, None)
        assert message["Reply-To"] == "sam@example.org"


def test_nothing_is_ever_sent_to_the_address_a_visitor_types(client, desk):
    """So the form carries nobody's text to anybody but the city, whoever's address is typed."""
    client.post(PAGE, {**LETTER, "email": "victim@elsewhere.example", "name": "Buy now http://spam.example"})
    assert [sent.recipients() for sent in mail.outbox] == [["Coordination desk <hidden@athens.example>"]]
    assert list(OutgoingMail.objects.values_list("to_email", flat=True)) == ["hidden@athens.example"]


def test_too_many_letters_to_one_city_are_braked_from_wherever_they_come(client, desk):
    answers = [
        client.post(PAGE, {**LETTER, "message": f"Letter {n}"}, REMOTE_ADDR=f"192.0.2.{n}").status_code
        for n in range(31)
    ]
    assert answers == [302] * 30 + [429]
    assert len(mail.outbox) == 30


def test_a_letter_that_could_not_be_delivered_is_private_to_the_visitor_and_goes_in_the_end(client, desk):
    client.post(PAGE, LETTER)
    long_ago = timezone.now() - timedelta(days=31)
    OutgoingMail.objects.update(
        status="failed", context={"message": "x"}, reply_to="sam@example.org", created_at=long_ago
    )
    assert sweep(timezone.now())["removed"] == 1
    assert not OutgoingMail.objects.exists()


def test_a_program_that_fills_in_every_field_sends_nothing(client, desk):
    assert client.post(PAGE, {**LETTER, "website": "https://spam.example"}).status_code == 302
    assert mail.outbox == []


def test_the_same_letter_goes_out_once_a_day(client, desk):
    for _ in range(2):
        client.post(PAGE, LETTER)
    assert len(mail.outbox) == 1


def test_too_many_letters_in_an_hour_are_braked_and_the_text_stays(client, desk):
    answers = [client.post(PAGE, {**LETTER, "message": f"Letter {n}"}) for n in range(6)]
    assert [answer.status_code for answer in answers] == [302] * 5 + [429]
    assert "Letter 5" in answers[-1].content.decode()
    assert len(mail.outbox) == 5


def test_without_a_contact_the_officers_of_its_networks_get_it(client, athens):
    network = places.network()
    officer = places.officer_of(network)
    places.member(network, athens)
    assert client.post(PAGE, LETTER).status_code == 302
    assert [sent.to for sent in mail.outbox] == [[f"network_officer <{officer.email}>"]]


def test_a_city_nobody_answers_for_says_so(client, athens):
    assert "No contact is recorded" in client.get(PAGE).content.decode()
    assert "No contact is recorded" in client.post(PAGE, LETTER).content.decode()
    with pytest.raises(DomainError):
        write_to_city(athens, ContactLetter(name="Sam", email="sam@example.org", message="x"))


def test_a_visitor_may_choose_among_public_contacts_only(client, athens, desk):
    operator = places.operator()
    press = add_contact(
        athens, ContactDetails(name="Press", kind="press", email="p@a.example", public=True), by=operator
    )
    secret = add_contact(athens, ContactDetails(name="Secret", kind="finance", email="s@a.example"), by=operator)
    client.post(PAGE, {**LETTER, "to": press.pk})
    assert mail.outbox[0].to == ["Press <p@a.example>"]
    assert client.post(PAGE, {**LETTER, "to": secret.pk}).status_code == 400
    assert "Secret" not in client.get(PAGE).content.decode()
