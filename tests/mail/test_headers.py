"""What a name, an address or a text may not do to a mail."""

import email
import email.policy
import re
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.urls import resolve
from django.utils import translation

from network.languages import CODES, LANGUAGES
from network.mail.documents import compose
from network.mail.domain.outbox import carry
from network.mail.domain.sending import send_due
from network.mail.models import OutgoingMail
from network.mail.rules.links import read_stop_token
from network.outgoing import KINDS, Addressee, Letter, Message
from network.people.messages import ACCOUNT_CHANGED, INVITATION
from network.people.models import User

HOSTILE = [
    "Nour\r\nBcc: thief@evil.example",
    "Nour\nSubject: Won",
    "Nour\u2028Bcc: thief@evil.example\u2029",
    "Nour\x0b\x0cBcc: thief@evil.example\x85x",
    "Haddad, Nour <thief@evil.example>, x",
    'Nour "the lamp" \\" <thief@evil.example>',
    "نور الحداد, (مديرة)",
    "=?utf-8?q?a=0D=0ABcc=3A_thief=40evil.example?=",
    "x" * 500,
    "\u202eNour\u2066",
    "",
]


def queue(
    name: str = "Nour",
    language: str = "en",
    organisation: str = "Lamp",
    to: str = "nour@example.org",
    key: str = "k",
    **more,
):
    context = {"path": "/en/desk/invitations/t/", "organisation": organisation, "inviter": name, "role": "editor"}
    carry(Letter(INVITATION, key, Addressee(to, language, name), context, **more))
    return OutgoingMail.objects.get(key=key)


def parsed(row: OutgoingMail) -> email.message.EmailMessage:
    """The mail as a stranger's program reads its bytes."""
    row.message_id = "<mail.1@koine.invalid>"
    return email.message_from_bytes(compose(row).message().as_bytes(), policy=email.policy.default)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_is_one_recipient_and_no_header(db, name):
    message = parsed(queue(name, organisation=name))
    assert [address.addr_spec for address in message["To"].addresses] == ["nour@example.org"]
    headers = {key.lower() for key in message}
    assert not headers & {"bcc", "cc"}
    assert len(message.get_all("Subject")) == 1
    assert not any(character in str(message["Subject"]) for character in "\r\n\u2028\u2029\u202e\u2066")
    assert compose(queue(name, key="again")).recipients() == [compose(queue(name, key="again")).to[0]]


@pytest.mark.parametrize(
    "address", ["a@b.example, c@d.example", "a@b.example\r\nBcc: c@d.example", "no address", "", "a@b\u2028.example"]
)
def test_what_is_no_address_goes_nowhere_and_undoes_nothing(db, address):
    row = queue(to=address)
    assert (row.status, row.error) == ("failed", "not an address")
    assert send_due() == 0
    assert mail.outbox == []


def test_a_subject_of_a_megabyte_becomes_one_short_line_that_servers_take(db, sink):
    queue(organisation="=?utf-8?q?x?=\r\nBcc: thief@evil.example " + "ن" * 2**20)
    assert send_due() == 1
    content = sink.taken[0].content
    message = email.message_from_bytes(content, policy=email.policy.default)
    assert 200 < len(str(message["Subject"]).strip()) <= 250
    assert {"bcc", "cc"}.isdisjoint(key.lower() for key in message)
    assert max(len(line) for line in content.partition(b"\r\n\r\n")[0].split(b"\r\n")) < 998
    assert sink.taken[0].recipients == ["nour@example.org"]
    assert len(OutgoingMail.objects.get().subject) <= 250


def test_an_address_of_another_script_is_written_to_as_it_is(db, sink):
    queue(to="نور@bücher.example", name="نور", reply_to="نور@example.org")
    assert send_due() == 1
    assert sink.taken[0].recipients == ["نور@xn--bcher-kva.example"]
    assert "\r\nTo: نور@xn--bcher-kva.example\r\n".encode() in sink.taken[0].content
    assert b"Reply-To" not in sink.taken[0].content


def test_an_international_domain_is_ascii_in_every_header(db):
    message = parsed(queue(to="info@κόσμος.example", name="Γιώργος", reply_to="a@bücher.example"))
    (to,) = message["To"].addresses
    assert (to.display_name, to.addr_spec) == ("Γιώργος", "info@xn--vxaejmc7c.example")
    assert message["Reply-To"] == "a@xn--bcher-kva.example"


def test_what_a_person_may_stop_says_how_and_what_comes_anyway_does_not(db, monkeypatch, settings, sink):
    settings.KOINE_BASE_URL = "https://koine.example"
    nour = User.objects.create_user("nour@example.org", display_name="Nour")
    to = Addressee(nour.email, "ar", "Nour", nour.pk)
    context = {"event": "x", "moment": "", "browser": "", "path": "/en/"}
    carry(Letter(ACCOUNT_CHANGED, "mandatory", to, context))
    message = parsed(OutgoingMail.objects.get())
    assert message["List-Unsubscribe"] is None
    assert "/mail/" not in message.get_body(("plain",)).get_content()

    monkeypatch.setitem(KINDS, ACCOUNT_CHANGED.kind, Message(ACCOUNT_CHANGED.kind, "x", mandatory=False, about="x"))
    message = parsed(OutgoingMail.objects.get())
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    stop = message["List-Unsubscribe"].strip()
    assert stop.startswith("<https://koine.example/ar/mail/stop/")
    with translation.override("ar"):
        match = resolve(urlsplit(stop.strip("<>")).path)
    assert read_stop_token(match.kwargs["token"]) == (nour.pk, ACCOUNT_CHANGED.kind)
    for kind in ("plain", "html"):
        body = message.get_body((kind,)).get_content()
        assert stop.strip("<>") in body
        assert "https://koine.example/ar/desk/mail/" in body

    assert send_due() == 1
    assert f"\r\nList-Unsubscribe: {stop}\r\n".encode() in sink.taken[0].content

    # A stranger at an address has no choices to make.
    OutgoingMail.objects.update(recipient=None)
    assert parsed(OutgoingMail.objects.get())["List-Unsubscribe"] is None


def test_the_id_of_a_mail_names_the_portal_and_nobody_guesses_it(db, settings):
    settings.KOINE_BASE_URL = "https://Portal.bücher.example:8443/x"
    row = queue()
    first = compose(row).extra_headers["Message-ID"]
    assert re.fullmatch(rf"<mail\.{row.pk}\.[0-9a-f]{{20}}@portal\.xn--bcher-kva\.example>", first)
    assert compose(row).extra_headers["Message-ID"] == first
    settings.SECRET_KEY = "another"
    assert compose(row).extra_headers["Message-ID"] != first


def test_an_answer_address_that_is_none_is_left_out(db):
    assert parsed(queue(reply_to="a@b.example, c@d.example"))["Reply-To"] is None
    assert parsed(queue(key="good", reply_to="a@b.example"))["Reply-To"] == "a@b.example"


@pytest.mark.parametrize("language", CODES)
def test_a_mail_is_written_in_its_readers_language_and_direction(db, language):
    message = parsed(queue("نور", language=language))
    html, text = (message.get_body((kind,)).get_content() for kind in ("html", "plain"))
    direction = "rtl" if LANGUAGES[language].rtl else "ltr"
    assert f'<html lang="{language}" dir="{direction}">' in html
    assert message["Content-Language"] == language
    assert message["Auto-Submitted"] == "auto-generated"
    assert "/en/desk/invitations/t/" in text


def test_text_is_not_escaped_and_html_is(db):
    message = parsed(queue("A & <b>B</b>", organisation="Lamp & Sons"))
    html, text = (message.get_body((kind,)).get_content() for kind in ("html", "plain"))
    assert "A & <b>B</b>" in text
    assert "Lamp & Sons" in str(message["Subject"])
    assert "A &amp; &lt;b&gt;B&lt;/b&gt;" in html
    assert "<b>B</b>" not in html


@pytest.mark.parametrize(
    "event",
    [
        "password_changed",
        "email_changed",
        "email_deleted",
        "totp_activated",
        "totp_deactivated",
        "recovery_codes_generated",
        "webauthn_added",
        "webauthn_removed",
        "anything",
    ],
)
def test_each_change_of_an_account_has_its_sentence(db, event):
    context = {
        "event": event,
        "moment": "now",
        "browser": "Lynx",
        "path": "/en/",
        "from_email": "a@x.org",
        "to_email": "b@x.org",
    }
    carry(Letter(ACCOUNT_CHANGED, event, Addressee("nour@example.org", "en", "Nour"), context))
    message = parsed(OutgoingMail.objects.get())
    text = message.get_body(("plain",)).get_content()
    assert "Lynx" in text
    assert len(text.splitlines()[2]) > 20
    assert str(message["Subject"]).startswith(("Your ", "New "))
