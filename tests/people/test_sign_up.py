"""Signing up, confirming an address, choosing a new password: complete, and telling strangers nothing."""

import re
import threading

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth import hashers
from django.core import mail
from django.db import connection
from django.test import Client

from network.mail.models import OutgoingMail
from network.people.models import User
from tests.people.signing import PASSWORD, person, sign_in

FORM = {
    "display_name": "Νουρ الحداد",
    "email": "nour@example.org",
    "password1": PASSWORD,
    "preferred_language": "el",
    "time_zone": "Europe/Athens",
}
CHANGING = re.compile(r'value="[^"]{64}"|datetime="[^"]+"')


def sign_up(client, lang="en", **changes):
    return client.post(f"/{lang}/accounts/signup/", {**FORM, **changes})


def link(kind: str) -> str:
    return OutgoingMail.objects.filter(kind=kind).latest("pk").context["path"]


def test_a_stranger_signs_up_confirms_and_signs_in(client, db):
    assert client.get("/en/accounts/signup/").status_code == 200
    assert sign_up(client).url == "/en/accounts/confirm-email/"
    user = User.objects.get()
    assert (user.display_name, user.preferred_language, user.time_zone) == (FORM["display_name"], "el", "Europe/Athens")
    signing_in = {"login": "nour@example.org", "password": PASSWORD}
    assert client.post("/en/accounts/login/", signing_in).url == "/en/accounts/confirm-email/"

    path = link("people.confirm_address")
    assert path.startswith("/el/accounts/confirm-email/"), "the link is in the reader's language"
    assert "Νουρ" not in path
    assert client.get(path).status_code == 200
    assert not EmailAddress.objects.get().verified, "mail programs open links: reading confirms nothing"
    client.post(path)
    assert EmailAddress.objects.get().verified
    assert client.post("/en/accounts/login/", signing_in).url == "/en/desk/"
    assert client.get("/en/desk/").status_code == 200


def test_a_confirmation_link_works_once_and_only_when_it_is_ours(client, db):
    sign_up(client)
    path = link("people.confirm_address")
    Client().post(path)
    assert b"/accounts/login/" in Client().get(path).content
    assert Client().get("/en/accounts/confirm-email/made:up/").status_code == 200
    assert Client().post("/en/accounts/confirm-email/made:up/").status_code == 404


def test_signing_up_with_an_address_that_has_an_account_looks_the_same(db):
    person("taken@example.org", "Taken")
    seen = []
    for email in ("taken@example.org", "free@example.org"):
        client, before = Client(), OutgoingMail.objects.count()
        answer = sign_up(client, email=email)
        page = client.get(answer.url)
        assert OutgoingMail.objects.count() == before + 1
        seen.append(
            (
                answer.status_code,
                answer.url,
                sorted(answer.cookies),
                page.status_code,
                CHANGING.sub("", page.content.decode()),
            )
        )
    assert seen[0] == seen[1]
    kinds = dict(OutgoingMail.objects.values_list("to_email", "kind"))
    assert kinds == {"taken@example.org": "people.already_an_account", "free@example.org": "people.confirm_address"}
    assert User.objects.filter(email="taken@example.org").count() == 1


def test_asking_for_a_new_password_looks_the_same_with_and_without_an_account(db):
    person("known@example.org", "Known")
    seen = []
    for email in ("known@example.org", "unknown@example.org"):
        client, before = Client(), OutgoingMail.objects.count()
        answer = client.post("/en/accounts/password/reset/", {"email": email})
        page = client.get(answer.url)
        assert OutgoingMail.objects.count() == before + 1
        seen.append((answer.status_code, answer.url, sorted(answer.cookies), CHANGING.sub("", page.content.decode())))
    assert seen[0] == seen[1]


def test_a_wrong_password_looks_the_same_with_and_without_an_account(db):
    person("known@example.org", "Known")
    closed = person("closed@example.org", "Closed")
    User.objects.filter(pk=closed.pk).update(is_active=False)
    pages = set()
    for email in ("known@example.org", "unknown@example.org", "closed@example.org"):
        answer = Client().post("/en/accounts/login/", {"login": email, "password": "wrong wrong wrong"})
        pages.add((answer.status_code, CHANGING.sub("", answer.content.decode()).replace(email, "*")))
    assert len(pages) == 1
    assert OutgoingMail.objects.count() == 0


def test_every_try_to_sign_in_costs_one_hash(db, monkeypatch):
    known, hashes = person("known@example.org", "Known"), []
    hasher = type(hashers.get_hasher())
    encode = hasher.encode
    monkeypatch.setattr(hasher, "encode", lambda *args, **kwargs: hashes.append(1) or encode(*args, **kwargs))
    counts = []
    for email in (known.email, "unknown@example.org"):
        hashes.clear()
        Client().post("/en/accounts/login/", {"login": email, "password": "wrong wrong wrong"})
        counts.append(len(hashes))
    assert counts == [1, 1]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"display_name": " \u200b\r\n"}, "Enter your full name"),
        ({"display_name": "x" * 201}, "200 characters"),
        ({"email": "a@b\u2028.example"}, "Enter an e-mail address like name@example.org."),
        ({"email": "no address"}, "Enter an e-mail address like name@example.org."),
        ({"email": f"{'x' * 64}@{'y' * 60}.{'z' * 60}.{'w' * 60}.{'v' * 60}.org"}, "e-mail address"),
        ({"password1": "elevenchars"}, "12 characters"),
        ({"password1": "nour@example.org"}, "too similar"),
        ({"password1": "passwordpassword"}, "easy to guess"),
        ({"password1": "Koine-Network-2026!"}, "easy to guess"),
        ({"time_zone": "Mars/Olympus"}, "Select a valid choice"),
        ({"preferred_language": "xx"}, "Select a valid choice"),
    ],
)
def test_a_refused_form_says_why_and_makes_no_account(client, db, changes, sentence):
    answer = sign_up(client, **changes)
    assert answer.status_code == 200
    assert sentence in answer.content.decode()
    assert User.objects.count() == OutgoingMail.objects.count() == 0


@pytest.mark.parametrize(
    "password", ["a" * 6 + "b" * 6, "correct horse battery", "كلمة سر طويلة جدا", "x1" * 64, "12 мышей и кот"]
)
def test_length_is_all_that_a_password_needs(client, db, password):
    assert sign_up(client, password1=password).status_code == 302
    assert User.objects.get().check_password(password)


def test_capitals_do_not_make_a_second_account(db):
    sign_up(Client())
    assert sign_up(Client(), email="Nour@Example.ORG").status_code == 302
    assert User.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_who_sign_up_with_one_address_at_once_make_one_account_and_no_error():
    start, answers = threading.Barrier(2), []

    def go() -> None:
        try:
            client = Client()
            client.get("/en/accounts/signup/")
            start.wait(timeout=10)
            answers.append(sign_up(client))
        finally:
            connection.close()

    threads = [threading.Thread(target=go) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert [(answer.status_code, answer.url) for answer in answers] == [(302, "/en/accounts/confirm-email/")] * 2
    assert User.objects.count() == 1


def test_a_reset_link_is_good_once_and_signs_nobody_in(client, db):
    user = person()
    client.post("/en/accounts/password/reset/", {"email": user.email})
    path = link("people.reset_password")
    form = client.get(path, follow=True)
    target = form.redirect_chain[-1][0]
    new = {"password1": "another lamp entirely", "password2": "another lamp entirely"}
    assert client.post(target, new).url == "/en/accounts/password/reset/key/done/"
    assert client.get("/en/desk/").status_code == 302
    assert User.objects.get().check_password("another lamp entirely")
    again = Client()
    assert "used already or is too old" in again.get(path, follow=True).content.decode()
    assert OutgoingMail.objects.filter(kind="people.account_changed").count() == 1


def test_a_reset_link_grows_old(client, db, settings):
    user = person()
    client.post("/en/accounts/password/reset/", {"email": user.email})
    settings.PASSWORD_RESET_TIMEOUT = -1
    assert "too old" in client.get(link("people.reset_password"), follow=True).content.decode()


def test_a_new_password_ends_every_session(client, db):
    user = person()
    elsewhere = sign_in(Client(), user)
    sign_in(client, user)
    new = "another lamp entirely"
    client.post("/en/accounts/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert elsewhere.get("/en/desk/").status_code == 302
    assert client.get("/en/desk/").status_code == 302


def test_links_lead_to_the_portal_and_never_to_the_host_of_the_request(client, db, settings):
    user = person()
    client.post("/en/accounts/password/reset/", {"email": user.email}, headers={"host": "evil.example"})
    assert "evil" not in str(OutgoingMail.objects.get().context)


def test_changing_the_address_keeps_the_old_one_until_the_new_is_confirmed(
    client, db, django_capture_on_commit_callbacks
):
    user = sign_in(client, person()) and User.objects.get()
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/en/accounts/email/", {"email": "new@example.org", "action_add": "1"})
    assert mail.outbox[0].to == ["Nour Haddad <new@example.org>"]
    assert User.objects.get(pk=user.pk).email == "nour@example.org"
    path = re.search(r"http://\S+?(/en/accounts/confirm-email/\S+)", mail.outbox[0].body).group(1)
    client.post(path)
    assert User.objects.get(pk=user.pk).email == "new@example.org"
    told = OutgoingMail.objects.get(kind="people.account_changed")
    assert (told.to_email, told.context["to_email"]) == ("nour@example.org", "new@example.org")
