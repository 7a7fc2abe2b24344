"""How long a session lasts, how often one may try, and what happens while nobody counts."""

import time
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.cache.backends.locmem import LocMemCache
from django.test import Client
from django.utils import timezone
from time_machine import travel

from network.people.domain.accounts import close_account, end_sessions
from network.people.domain.roles import grant_role
from network.people.enums import RoleKind
from network.people.gateways.counters import counters_work
from network.people.models import User
from tests.people.signing import PASSWORD, person, sign_in

SIGN_IN, DESK = "/en/accounts/login/", "/en/desk/profile/"
THING = "10000000-0000-4000-8000-000000000000"


@pytest.fixture
def reviewer(db):
    user = person("reviewer@example.org", "Reviewer")
    grant_role(user, RoleKind.REVIEWER, THING, by=None, reason="panel")
    return User.objects.get(pk=user.pk)


def minutes_later(client: Client, *steps: int) -> list[int]:
    """What the profile answers at each of these minutes after now."""
    start, answers = timezone.now(), []
    for step in steps:
        with travel(start + timedelta(minutes=step), tick=False):
            answers.append(client.get(DESK).status_code)
    return answers


def test_a_session_of_staff_ends_after_three_idle_hours(reviewer):
    assert minutes_later(sign_in(Client(), reviewer), 1, 170, 349, 530) == [200, 200, 200, 302]


def test_a_session_of_staff_ends_after_twelve_hours_however_busy(reviewer):
    client = sign_in(Client(), reviewer)
    assert minutes_later(client, *range(0, 720, 60)) == [200] * 12
    assert minutes_later(client, 721) == [302]


def test_a_session_of_others_outlives_the_night(db):
    assert minutes_later(sign_in(Client(), person()), 0, 60 * 20) == [200, 200]


def test_the_ended_session_is_gone_on_the_server_and_says_why(reviewer):
    client = sign_in(Client(), reviewer)
    old = client.cookies["sessionid"].value
    with travel(timezone.now() + timedelta(hours=13), tick=False):
        answer = client.get(DESK, follow=True)
    assert "You were signed out, to protect what your role opens." in answer.content.decode()
    thief = Client()
    thief.cookies["sessionid"] = old
    assert thief.get(DESK).status_code == 302


def test_signing_in_changes_the_session_key_and_signing_out_kills_it(db):
    user, client = person(), Client()
    client.get(SIGN_IN)
    client.post(SIGN_IN, {"login": user.email, "password": PASSWORD})
    key = client.cookies["sessionid"].value
    stolen = Client()
    stolen.cookies["sessionid"] = key
    assert stolen.get(DESK).status_code == 200
    client.post("/en/accounts/logout/")
    assert stolen.get(DESK).status_code == 302


def test_a_closed_account_and_ended_sessions_open_nothing(db):
    operator, user = person("operator@example.org", "Operator"), person()
    grant_role(operator, RoleKind.OPERATOR, by=None, reason="x")
    client = Client()
    client.post(SIGN_IN, {"login": user.email, "password": PASSWORD})
    assert client.get(DESK).status_code == 200
    assert end_sessions(user) == 1
    assert client.get(DESK).status_code == 302
    client.post(SIGN_IN, {"login": user.email, "password": PASSWORD})
    close_account(user, by=operator, reason="asked for it")
    assert client.get(DESK).status_code == 302
    assert client.post(SIGN_IN, {"login": user.email, "password": PASSWORD}).url == "/en/accounts/inactive/"


def test_the_list_of_sessions_signs_out_the_others(db):
    user, here, elsewhere = person(), Client(), Client()
    for client in (here, elsewhere):
        client.post(SIGN_IN, {"login": user.email, "password": PASSWORD})
    page = here.get("/en/accounts/sessions/").content.decode()
    assert "Sign out everywhere else" in page
    here.post("/en/accounts/sessions/")
    assert elsewhere.get(DESK).status_code == 302
    assert here.get(DESK).status_code == 200


def test_what_matters_asks_again_who_one_is_after_a_quarter_of_an_hour(db):
    user, client = person(), Client()
    client.post(SIGN_IN, {"login": user.email, "password": PASSWORD})
    assert client.get("/en/accounts/2fa/totp/activate/").status_code == 200
    with travel(timezone.now() + timedelta(minutes=16), tick=False):
        asked = client.get("/en/desk/profile/export/")
        assert asked.url == "/en/accounts/reauthenticate/?next=%2Fen%2Fdesk%2Fprofile%2Fexport%2F"
        assert client.get(asked.url).status_code == 200
        assert "not right" in client.post(asked.url, {"password": "wrong"}).content.decode()
        assert client.post(asked.url, {"password": PASSWORD}).url == "/en/desk/profile/export/"
        assert client.get("/en/desk/profile/export/").status_code == 200


# --- tries ---------------------------------------------------------------------------------------------------------------


@pytest.fixture
def limits(settings):
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "20/m/ip,5/5m/key", "login_failed_account": "100/h/key"}
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1


def attempt(user: User, password: str, ip: str = "192.0.2.1"):
    answer = Client().post(SIGN_IN, {"login": user.email, "password": password}, headers={"x-forwarded-for": ip})
    return "in" if answer.status_code == 302 else "limited" if "Too many tries" in answer.content.decode() else "wrong"


def test_a_few_wrong_tries_pause_an_account_there_but_not_elsewhere(db, limits):
    user = person()
    assert [attempt(user, "wrong wrong wrong") for _ in range(7)] == ["wrong"] * 5 + ["limited"] * 2
    assert attempt(user, PASSWORD) == "limited"
    assert attempt(user, PASSWORD, ip="198.51.100.7") == "in", "its owner is not locked out by a stranger"
    with travel(time.time() + 301, tick=False):
        assert attempt(user, PASSWORD) == "in"


def test_right_passwords_are_not_counted(db, limits):
    user = person()
    assert [attempt(user, PASSWORD) for _ in range(8)] == ["in"] * 8


def test_addresses_without_an_account_are_counted_the_same(db, limits):
    nobody = User(email="nobody@example.org")
    assert [attempt(nobody, "wrong wrong wrong") for _ in range(6)] == ["wrong"] * 5 + ["limited"]


def test_an_address_of_the_net_that_the_visitor_made_up_is_not_believed(db, limits):
    user = person()
    for n in range(5):
        attempt(user, "wrong wrong wrong", ip=f"203.0.113.{n}, 192.0.2.1")
    assert attempt(user, "wrong wrong wrong", ip="203.0.113.9, 192.0.2.1") == "limited"


def test_too_many_requests_get_a_page_that_says_what_to_do(db, settings):
    settings.ACCOUNT_RATE_LIMITS = {"signup": "1/m/ip"}
    answers = [Client().post("/sv/accounts/signup/", {}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 429]
    assert 'lang="sv"' in answers[1].content.decode()


# --- while Redis is away ------------------------------------------------------------------------------------------------------


@pytest.fixture
def nobody_counts(monkeypatch):
    """The cache forgets everything and says nothing, as the portal's Redis cache does while Redis is away."""
    monkeypatch.setattr(LocMemCache, "get", lambda self, key, default=None, version=None: default)
    monkeypatch.setattr(LocMemCache, "set", lambda *args, **kwargs: None)
    monkeypatch.setattr(LocMemCache, "add", lambda *args, **kwargs: True)


def test_the_probe_tells_a_cache_that_keeps_from_one_that_forgets(monkeypatch):
    assert counters_work()
    monkeypatch.setattr(LocMemCache, "set", lambda *args, **kwargs: None)
    assert not counters_work()


def test_staff_stay_out_while_nobody_counts_and_others_get_in(reviewer, nobody_counts):
    somebody = person("somebody@example.org", "Somebody")
    texts = set()
    for email, password in (
        (reviewer.email, PASSWORD),
        (reviewer.email, "wrong wrong wrong"),
        (somebody.email, "wrong wrong wrong"),
        ("nobody@example.org", "wrong wrong wrong"),
    ):
        answer = Client().post(SIGN_IN, {"login": email, "password": password})
        assert answer.status_code == 200
        text = answer.content.decode()
        assert "sign-in is paused" in text
        texts.add(text.count("sign-in is paused"))
    assert len(texts) == 1, "the answer tells nobody whether a password was right"
    assert Client().post(SIGN_IN, {"login": somebody.email, "password": PASSWORD}).status_code == 302
    assert cache.get("anything") is None
