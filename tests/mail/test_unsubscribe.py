"""Stopping a kind of mail by the link in it: by a person, by a mail provider, and by those who may not."""

from __future__ import annotations

import pytest
from django.core import signing
from django.test import Client

from network.audit.models import AuditEvent
from network.mail.domain import sending
from network.mail.domain.choices import choose
from network.mail.enums import Status
from network.mail.models import MailChoice, OutgoingMail
from network.mail.queries.due import SWITCHED_OFF
from network.mail.queries.notices import notices_of
from network.mail.rules.links import SALT, read_stop_token, stop_token, stop_url
from network.outgoing import KINDS, Addressee, Message, MessageClass, send
from network.people.models import User
from tests.mail.deadlines_for_tests import SOON, meeting  # noqa: F401  (a fixture too)
from tests.people.signing import person, sign_in

NEWS = Message("tests.news", "News of the house", mandatory=False, about="When the house has news.")
AWARD = Message("tests.award", "Award letter", MessageClass.DECISION)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def kinds(monkeypatch):
    for message in (NEWS, AWARD):
        monkeypatch.setitem(KINDS, message.kind, message)


@pytest.fixture
def user() -> User:
    return person()


@pytest.fixture
def path(user) -> str:
    return address(user.pk)


@pytest.fixture
def bare() -> Client:
    """A browser that nobody is signed in with, and that Django asks for tokens of forms."""
    return Client(enforce_csrf_checks=True)


def address(user_id: int, kind: str = NEWS.kind, language: str = "en") -> str:
    return f"/{language}/mail/stop/{stop_token(user_id, kind)}/"


def choices() -> list[tuple[int, str, bool]]:
    return list(MailChoice.objects.order_by("pk").values_list("user_id", "kind", "by_mail"))


def test_the_link_of_a_mail_is_this_page_in_the_mails_language(user, bare, settings):
    settings.KOINE_BASE_URL = "https://koine.example"
    link = stop_url(user.pk, NEWS.kind, "el")
    assert link.startswith("https://koine.example/el/mail/stop/")
    assert bare.get(link.removeprefix("https://koine.example")).status_code == 200
    assert read_stop_token(link.rstrip("/").rpartition("/")[2]) == (user.pk, NEWS.kind)


@pytest.mark.parametrize("ask", ["get", "head"])
def test_opening_the_link_asks_and_changes_nothing(user, path, bare, ask):
    for _ in range(2):
        answer = getattr(bare, ask)(path)
        assert answer.status_code == 200
    assert choices() == []
    page = bare.get(path).content.decode()
    assert "Stop these mails?" in page
    assert "News of the house" in page
    assert user.email not in page


def test_the_button_stops_it_and_undo_brings_it_back(user, path, bare):
    stopped = bare.post(path)
    assert stopped.status_code == 200
    assert "These mails are off" in stopped.content.decode()
    assert choices() == [(user.pk, NEWS.kind, False)]
    again = bare.post(path, {"again": "1"})
    assert "These mails come again" in again.content.decode()
    assert choices() == [(user.pk, NEWS.kind, True)]
    assert "These mails are off" in bare.post(path).content.decode()
    assert "Undo" in bare.get(path).content.decode()
    assert set(AuditEvent.objects.filter(table="mail_mailchoice").values_list("reason", flat=True)) == {
        "By the link in a mail"
    }


@pytest.mark.parametrize(
    "content_type",
    ["application/x-www-form-urlencoded", "multipart/form-data; boundary=one"],
    ids=["form", "multipart"],
)
def test_a_mail_provider_stops_it_with_one_bare_request(user, path, bare, content_type):
    body = (
        "List-Unsubscribe=One-Click"
        if content_type.startswith("app")
        else '--one\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--one--\r\n'
    )
    for _ in range(2):
        answer = bare.post(path, body, content_type=content_type)
        assert (answer.status_code, answer.content.decode()) == (200, "These mails are off.")
        assert not answer.cookies
        assert "Location" not in answer
    assert choices() == [(user.pk, NEWS.kind, False)]


def test_no_page_of_it_is_kept_or_told_to_others(path, bare):
    for answer in (
        bare.get(path),
        bare.post(path),
        bare.post(path, {"List-Unsubscribe": "One-Click"}),
        bare.get("/en/mail/stop/x/"),
    ):
        assert answer["Referrer-Policy"] == "no-referrer"
        assert "no-store" in answer["Cache-Control"]


def test_a_token_opens_its_own_choice_only(user, bare):
    other = person("b@example.org", "B")
    bare.post(address(other.pk))
    assert choices() == [(other.pk, NEWS.kind, False)]
    mine, theirs = (stop_token(one.pk, NEWS.kind) for one in (user, other))
    mixed = f"{mine.split(':', 1)[0]}:{theirs.split(':', 1)[1]}"
    assert bare.post(f"/en/mail/stop/{mixed}/").status_code == 404
    assert choices() == [(other.pk, NEWS.kind, False)]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda good, user: good[:-1],
        lambda good, user: good + "x",
        lambda good, user: "." + good,
        lambda good, user: "no-such-token",
        lambda good, user: "::",
        lambda good, user: "πω",
        lambda good, user: signing.dumps([user.pk, NEWS.kind]),
        lambda good, user: signing.dumps([user.pk, NEWS.kind], salt="another"),
        lambda good, user: signing.dumps([user.pk, NEWS.kind], key="not ours", salt=SALT),
    ],
)
def test_a_broken_link_says_what_to_do(user, bare, spoil):
    path = f"/en/mail/stop/{spoil(stop_token(user.pk, NEWS.kind), user)}/"
    for answer in (bare.get(path), bare.post(path), bare.post(path, {"List-Unsubscribe": "One-Click"})):
        assert answer.status_code == 404
        assert "This link does not work" in answer.content.decode()
        assert "/en/desk/mail/" in answer.content.decode()
    assert choices() == []


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (AWARD.kind, "“Award letter” always comes by mail"),
        ("tests.old", "The portal sends no mail of this kind any more."),
    ],
)
def test_what_can_no_longer_be_stopped_says_so(user, bare, kind, said):
    for answer in (bare.get(address(user.pk, kind)), bare.post(address(user.pk, kind))):
        assert answer.status_code == 410
        assert said in answer.content.decode()
    assert choices() == []


def test_a_removed_account_is_said_to_be_gone(user, path, bare):
    user.delete()
    for answer in (bare.get(path), bare.post(path)):
        assert answer.status_code == 410
        assert "The account of this link was removed." in answer.content.decode()
    assert choices() == []


def test_a_closed_account_can_still_stop_its_mails(user, path, bare):
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert bare.post(path).status_code == 200
    assert choices() == [(user.pk, NEWS.kind, False)]


def test_whoever_is_signed_in_the_link_speaks_for_its_own_account(user, path):
    other = person("b@example.org", "B. Berg")
    bare = sign_in(Client(enforce_csrf_checks=True), other)
    page = bare.post(path).content.decode()
    assert choices() == [(user.pk, NEWS.kind, False)]
    assert "B. Berg" not in page


def test_the_page_stands_right_to_left_in_arabic(user, bare):
    page = bare.get(address(user.pk, language="ar")).content.decode()
    assert '<html lang="ar" dir="rtl">' in page
    assert page.count("<h1>") == 1


def test_the_page_says_what_was_chosen_elsewhere(user, path, bare):
    choose(user, {NEWS.kind: False}, by=user)
    page = bare.get(path).content.decode()
    assert "These mails are off" in page
    assert 'name="again"' in page


def test_from_the_header_of_a_mail_to_the_end_of_its_kind(user, bare, meeting, mailoutbox, settings):  # noqa: F811
    """A provider follows the header of the first mail; the second goes nowhere, and stands among the notices."""
    settings.KOINE_BASE_URL = "https://koine.example"

    def queue(number: int) -> OutgoingMail:
        send(
            SOON,
            key=f"soon:{number}",
            to=Addressee(user.email, "ar", user.display_name, user.pk),
            context={"title": f"Lamp {number}", "when": "", "url": ""},
        )
        sending.send_due()
        return OutgoingMail.objects.get(key=f"soon:{number}")

    assert queue(1).status == Status.SENT
    headers = mailoutbox[0].extra_headers
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = headers["List-Unsubscribe"].removeprefix("<https://koine.example").removesuffix(">")
    assert link.startswith("/ar/mail/stop/")
    answer = bare.post(link, headers["List-Unsubscribe-Post"], content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 200
    second = queue(2)
    assert (second.status, second.error) == (Status.SUPERSEDED, SWITCHED_OFF)
    assert len(mailoutbox) == 1
    assert second in notices_of(user)
    bare.post(link, {"again": "1"})
    assert queue(3).status == Status.SENT
