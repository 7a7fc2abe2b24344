"""Security headers stand on every kind of answer, and nothing made for one person is kept for another."""

import pytest

from tests.people.signing import person, sign_in
from tests.places import city

ANSWERS = {
    "page": "/en/",
    "list": "/en/practices/",
    "redirect": "/",
    "not found": "/en/no-such-page/",
    "unreadable": "/en/practices/?q=%00",
    "interface": "/api/v1/cities/",
    "interface refusing": "/api/v1/cities/?lang=xx",
    "health": "/healthz",
    "static": "/static/css/tokens.css",
    "sign-in": "/en/accounts/login/",
    "admin": "/admin/",
}


@pytest.mark.parametrize("address", ANSWERS.values(), ids=ANSWERS.keys())
def test_every_answer_carries_the_headers(client, db, address):
    answer = client.get(address)
    for close in answer._resource_closers:
        close()
    headers = answer.headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]


def test_a_page_made_for_one_person_is_kept_by_nobody(client, db):
    assert "no-store" in sign_in(client, person()).get("/en/desk/").headers["Cache-Control"]


def test_a_kept_page_is_never_a_signed_in_persons(client, db):
    someone = person(name="Nour Haddad")
    page = sign_in(client, someone).get("/en/practices/").content.decode()
    assert "Nour Haddad" in page
    client.logout()
    first, second = client.get("/en/practices/"), client.get("/en/practices/")
    assert second.headers["X-Cache"] == "hit"
    for answer in (first, second):
        assert "Nour Haddad" not in answer.content.decode()
        assert not answer.cookies


def test_a_committed_change_is_on_the_page_at_once(client, django_capture_on_commit_callbacks, db):

    client.get("/en/cities/")
    assert client.get("/en/cities/").headers["X-Cache"] == "hit"
    with django_capture_on_commit_callbacks(execute=True):
        city("Lyckeby")
    assert "Lyckeby" in client.get("/en/cities/").content.decode()


def test_a_kept_page_does_not_cross_languages(client, db):
    english, arabic = (client.get(f"/{code}/").content.decode() for code in ("en", "ar"))
    assert 'lang="ar"' in arabic
    assert english != arabic
    assert client.get("/ar/").content.decode() == arabic
