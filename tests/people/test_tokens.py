"""API tokens: made by whoever may, shown once, worth no more than their owner, and nothing once they are taken back."""

from __future__ import annotations

import datetime
import hashlib
import threading

import pytest
import time_machine
from django.db import connection
from django.utils import timezone
from rest_framework.throttling import SimpleRateThrottle

from cities.models import City
from network.audit.models import AuditEvent
from network.doors import DomainError
from network.mail.models import OutgoingMail
from network.people.domain.accounts import close_account
from network.people.domain.roles import end_role, grant_role
from network.people.domain.tokens import MOST, make_token, revoke_token
from network.people.enums import RoleKind
from network.people.models import ApiToken, Role, User
from tests.people.signing import person, sign_in


def make_city(slug: str) -> City:
    return City.objects.create(slug=slug, name_en=slug.title(), native_name=slug, country="GR", region="europe")


def officer_of(city: City, email: str) -> User:
    officer = person(email, email.partition("@")[0].title())
    grant_role(officer, RoleKind.CITY_OFFICER, city.uuid, by=None, reason="Test")
    return officer


@pytest.fixture
def city(db):
    return make_city("athens")


@pytest.fixture
def officer(city):
    return officer_of(city, "nikos@example.org")


@pytest.fixture
def made(city, officer):
    return make_token(("city", str(city.uuid)), "Press office", "read", 90, by=officer)


def ask(client, secret: str, **more):
    return client.get("/api/v1/token/", headers={"Authorization": f"Bearer {secret}", **more})


def test_a_token_opens_the_interface_and_says_what_it_is_for(client, city, made):
    token, secret = made
    told = ask(client, secret, **{"Accept-Language": "el"})
    assert told.status_code == 200
    assert told["Cache-Control"] == "private, no-store"
    assert told.json() == {
        "name": "Press office",
        "scope": "city",
        "scope_key": str(city.uuid),
        "scope_name": "Athens",
        "right": "read",
        "expires_at": token.expires_at.isoformat().replace("+00:00", "Z"),
    }
    assert "sessionid" not in told.cookies
    assert client.get("/en/desk/", headers={"Authorization": f"Bearer {secret}"}).status_code == 302


def test_only_a_hash_of_the_secret_is_kept_and_its_owner_hears_of_it(made, officer):
    token, secret = made
    assert token.token_hash == hashlib.sha256(secret.encode()).hexdigest()
    assert secret not in str(AuditEvent.objects.values_list("after", flat=True))
    assert "token_hash" not in AuditEvent.objects.get(table="people_apitoken").after
    told = OutgoingMail.objects.get(kind="people.token_made")
    assert (told.to_email, told.context["token"], told.context["what"]) == (officer.email, "Press office", "Athens")
    assert secret not in str(told.context)


@pytest.mark.parametrize("wrong", ["", "x", "koine_x", "x" * 500, "\xff", "koine_\u0663", "a b"])
def test_a_wrong_token_is_told_so_in_the_programs_language(client, made, wrong):
    told = client.get("/api/v1/token/", headers={"Authorization": f"Bearer {wrong}".encode().decode("latin-1")})
    assert told.status_code == 401
    assert told["WWW-Authenticate"] == 'Bearer realm="koine"'
    assert set(told.json()) == {"detail"}
    greek = client.get("/api/v1/token/", headers={"Authorization": "Bearer x", "Accept-Language": "el"})
    assert greek.json() != ask(client, "x").json()


def test_no_token_and_a_signed_in_browser_open_nothing(client, officer):
    for browser in (client, sign_in(client, officer)):
        assert browser.get("/api/v1/token/").status_code == 401
    assert client.get("/api/v1/token/", headers={"Authorization": "Basic eDp5"}).status_code == 401


def test_a_token_that_was_taken_back_or_is_past_its_end_opens_nothing(client, made, officer):
    token, secret = made
    with time_machine.travel(timezone.now() + datetime.timedelta(days=91)):
        assert ask(client, secret).status_code == 401
    assert ask(client, secret).status_code == 200
    revoke_token(token, by=officer)
    first = ApiToken.objects.get().revoked_at
    assert ask(client, secret).status_code == 401
    assert revoke_token(token, by=officer).revoked_at == first


def test_a_token_is_worth_what_its_owner_may_at_that_moment(client, city, made, officer):
    _token, secret = made
    end_role(Role.objects.get(user=officer), by=None, reason="Left")
    refused = ask(client, secret)
    assert (refused.status_code, set(refused.json())) == (403, {"detail"})
    grant_role(officer, RoleKind.CITY_OFFICER, city.uuid, by=None, reason="Back", starts_on=timezone.localdate())
    assert ask(client, secret).status_code == 200
    City.objects.filter(pk=city.pk).update(archived_at=timezone.now())
    assert ask(client, secret).status_code == 403
    City.objects.filter(pk=city.pk).update(archived_at=None)
    close_account(officer, by=User.objects.create_superuser("op@example.org"), reason="Left")
    assert ask(client, secret).status_code == 401


def test_accounts_of_a_demonstration_open_nothing_where_there_is_none(client, settings, made):
    token, secret = made
    User.objects.filter(pk=token.user_id).update(demo=True)
    assert ask(client, secret).status_code == 401
    settings.KOINE_DEMO = True
    assert ask(client, secret).status_code == 200


def test_using_a_token_is_noted_now_and_then_and_is_no_history(client, made):
    _token, secret = made
    events = AuditEvent.objects.count()
    ask(client, secret)
    noted = ApiToken.objects.get().last_used_at
    assert timezone.now() - noted < datetime.timedelta(minutes=1)
    ask(client, secret)
    assert ApiToken.objects.get().last_used_at == noted
    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=11)):
        ask(client, secret)
    assert ApiToken.objects.get().last_used_at > noted
    assert AuditEvent.objects.count() == events


def test_requests_with_one_token_are_counted_by_themselves(client, made, monkeypatch):
    monkeypatch.setattr(SimpleRateThrottle, "THROTTLE_RATES", {"token": "2/hour", "anon": "1000/hour"})
    _token, secret = made
    assert [ask(client, secret).status_code for _ in range(3)] == [200, 200, 429]
    assert client.get("/api/v1/cities/").status_code == 200


def test_whoever_tries_tokens_is_asked_to_wait(client, made, monkeypatch):
    monkeypatch.setattr("network.people.api.MOST_WRONG", 2)
    assert [ask(client, "x").status_code for _ in range(3)] == [401, 401, 429]
    assert ask(client, made[1]).status_code == 200


@pytest.mark.parametrize(
    ("name", "right", "days", "code"),
    [
        ("", "read", 90, "name"),
        (" \u200b", "read", 90, "name"),
        ("press OFFICE", "read", 90, "name"),
        ("Other", "own", 90, "choice"),
        ("Other", "read", 10_000, "choice"),
    ],
)
def test_what_makes_no_sense_is_refused(made, city, officer, name, right, days, code):
    with pytest.raises(DomainError) as refused:
        make_token(("city", str(city.uuid)), name, right, days, by=officer)
    assert refused.value.code == code
    assert ApiToken.objects.count() == 1


def test_nobody_makes_a_token_for_what_is_not_theirs(city, officer, db):
    other = make_city("malmo")
    for scope in (("city", str(other.uuid)), ("city", "no uuid"), ("portal", ""), ("fund", str(city.uuid))):
        with pytest.raises(DomainError) as refused:
            make_token(scope, "Name", "read", 90, by=officer)
        assert refused.value.code == "denied"


def test_a_name_is_free_again_once_its_token_was_taken_back(made, city, officer):
    revoke_token(made[0], by=officer)
    assert make_token(("city", str(city.uuid)), "Press office", "write", 30, by=officer)[0].right == "write"


@pytest.mark.django_db(transaction=True)
def test_two_who_make_the_last_token_at_once_make_one(monkeypatch):
    monkeypatch.setattr("network.people.domain.tokens.MOST", 1)
    city = make_city("athens")
    officer = officer_of(city, "nikos@example.org")
    start, codes = threading.Barrier(2), []

    def make(name: str) -> None:
        try:
            start.wait()
            make_token(("city", str(city.uuid)), name, "read", 90, by=User.objects.get(pk=officer.pk))
            codes.append("made")
        except DomainError as refused:
            codes.append(refused.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=make, args=(name,)) for name in ("One", "Two")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(codes) == ["limit", "made"]
    assert MOST == 20


def test_an_officer_makes_a_token_on_the_page_and_sees_it_once(client, city, officer):
    browser = sign_in(client, officer)
    assert f"/en/desk/tokens/city/{city.uuid}/" in browser.get("/en/desk/tokens/").content.decode()
    address = f"/en/desk/tokens/city/{city.uuid}/new/"
    shown = browser.post(address, {"name": "Press office", "right": "write", "days": "30"})
    assert shown.status_code == 200
    assert shown["Cache-Control"] == "private, no-store"
    secret = shown.context["secret"]
    assert secret in shown.content.decode()
    assert ask(client, secret).json()["right"] == "write"
    for page in ("/en/desk/tokens/", f"/en/desk/tokens/city/{city.uuid}/"):
        text = browser.get(page).content.decode()
        assert "Press office" in text
        assert f"…{secret[-4:]}" in text
        assert secret not in text
    again = browser.post(address, {"name": "press office", "right": "write", "days": "30"})
    assert again.status_code == 400
    assert "Another token here has this name." in again.content.decode()
    empty = browser.post(address, {"name": "", "right": "all", "days": "x"})
    assert empty.status_code == 400
    assert ApiToken.objects.count() == 1


def test_making_a_token_long_after_signing_in_asks_for_the_password_first(client, city, officer):
    with time_machine.travel(timezone.now() - datetime.timedelta(hours=1)):
        browser = sign_in(client, officer)
    asked = browser.post(f"/en/desk/tokens/city/{city.uuid}/new/", {"name": "X", "right": "read", "days": "30"})
    assert asked.status_code == 302
    assert "reauthenticate" in asked["Location"]
    assert not ApiToken.objects.exists()


def test_officers_of_the_city_take_back_one_anothers_tokens_and_others_know_of_none(client, city, made):
    token, secret = made
    stranger = officer_of(make_city("malmo"), "asa@example.org")
    address = f"/en/desk/tokens/{token.pk}/revoke/"
    assert sign_in(client, stranger).post(address).status_code == 404
    assert client.get(f"/en/desk/tokens/city/{city.uuid}/").status_code == 404
    assert ask(client, secret).status_code == 200
    colleague = officer_of(city, "eleni@example.org")
    browser = sign_in(client, colleague)
    assert "Nikos" in browser.get(f"/en/desk/tokens/city/{city.uuid}/").content.decode()
    assert "Press office" not in browser.get("/en/desk/tokens/").content.decode()
    assert browser.get(address).status_code == 200
    assert ask(client, secret).status_code == 200
    assert browser.post(address).status_code == 302
    assert ask(client, secret).status_code == 401
    assert ApiToken.objects.get().revoked_by == colleague
    assert browser.post(address).status_code == 404


@pytest.mark.parametrize("page", ["/en/desk/tokens/", "/en/desk/tokens/city/{}/"])
def test_a_list_costs_the_same_with_one_token_and_with_three(
    client, city, officer, made, page, django_assert_num_queries, django_assert_max_num_queries
):
    browser = sign_in(client, officer)
    page = page.format(city.uuid)
    with django_assert_max_num_queries(20) as first:
        browser.get(page)
    for name in ("Two", "Three"):
        make_token(("city", str(city.uuid)), name, "read", 90, by=officer)
    with django_assert_num_queries(len(first)):
        assert browser.get(page).content.decode().count("/revoke/") == 3


def test_people_get_their_tokens_with_their_data(client, made, officer):
    data = sign_in(client, officer).get("/en/desk/profile/export/").json()
    assert [(row["name"], row["for"], row["may"], row["taken_back"]) for row in data["api_tokens"]] == [
        ("Press office", "city", "read", None)
    ]
