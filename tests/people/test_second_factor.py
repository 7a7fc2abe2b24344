"""The second factor: demanded of those whose roles demand it, on every way in, and good once."""

import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client

from network.doors import DomainError
from network.mail.models import OutgoingMail
from network.people import demo
from network.people.domain.roles import end_role, grant_role
from network.people.domain.second_factor import demo_secret, enrol_demo_second_factor, take_second_factor_away
from network.people.enums import SECOND_FACTOR_ROLES, TERMS, RoleKind, ScopeKind
from network.people.models import Role, User
from tests.people.signing import PASSWORD, person, sign_in

PERIOD = 30
THING = "10000000-0000-4000-8000-000000000000"
SIGN_IN = "/en/accounts/login/"


def code(secret: str, steps: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // PERIOD + steps))


def with_role(kind: str, **fields) -> User:
    user = person(**fields)
    key = {ScopeKind.PORTAL: "", ScopeKind.LANGUAGE: "el"}.get(TERMS[kind].scope, THING)
    grant_role(user, kind, key, by=None, reason="test")
    return User.objects.get(pk=user.pk)


@pytest.fixture
def officer(db):
    return with_role(RoleKind.NETWORK_OFFICER)


@pytest.fixture
def demo_officer(db, settings):
    settings.KOINE_DEMO = True
    user = with_role(RoleKind.NETWORK_OFFICER, demo=True)
    enrol_demo_second_factor(user)
    return user


@pytest.fixture
def enrolled(officer):
    """An officer who is no demonstration account, with an app whose secret the test knows."""
    User.objects.filter(pk=officer.pk).update(demo=True)
    secret = enrol_demo_second_factor(User.objects.get(pk=officer.pk))
    User.objects.filter(pk=officer.pk).update(demo=False)
    return User.objects.get(pk=officer.pk), secret


def password_step(client: Client, user: User, query: str = ""):
    return client.post(SIGN_IN + query, {"login": user.email, "password": PASSWORD})


# --- who owes one --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", RoleKind.values)
def test_those_whose_role_demands_one_open_nothing_private_before(db, kind):
    user = with_role(kind)
    demanded = kind in SECOND_FACTOR_ROLES
    client = sign_in(Client(), user, second_factor=False)
    for path in ("/en/desk/", "/en/desk/profile/", "/en/accounts/email/", "/en/accounts/sessions/"):
        answer = client.get(path)
        assert (answer.status_code, answer.get("Location", "")) == (
            (302, "/en/accounts/2fa/") if demanded else (200, "")
        ), (kind, path)
    assert client.get("/en/accounts/2fa/").status_code == 200
    assert client.get("/en/accounts/2fa/totp/activate/").status_code == 200
    assert client.get("/healthz").status_code == 200
    assert sign_in(Client(), user).get("/en/desk/").status_code == 200


def test_the_admin_is_closed_without_it_and_has_no_sign_in_of_its_own(officer):
    visitor = Client().get("/admin/")
    assert (visitor.status_code, visitor.url) == (302, "/en/accounts/login/?next=/admin/")
    unproved = sign_in(Client(), officer, second_factor=False).get("/admin/")
    assert (unproved.status_code, unproved.url) == (302, "/en/accounts/2fa/")
    assert sign_in(Client(), officer).get("/admin/").status_code == 200
    answer = Client().post("/admin/login/", {"username": officer.email, "password": PASSWORD})
    assert answer.status_code == 302
    assert "/accounts/login/" in answer.url


def test_a_role_that_ended_demands_nothing_any_more(officer):
    end_role(Role.objects.get(), by=None, reason="over")
    assert sign_in(Client(), User.objects.get(), second_factor=False).get("/en/desk/").status_code == 200


def test_a_role_given_during_a_session_demands_it_at_the_next_page(db):
    user = person()
    client = sign_in(Client(), user, second_factor=False)
    assert client.get("/en/desk/").status_code == 200
    grant_role(user, RoleKind.REVIEWER, THING, by=None, reason="panel")
    assert client.get("/en/desk/").url == "/en/accounts/2fa/"


# --- setting one up --------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_setting_up_an_app_opens_the_desk_in_the_same_session():
    user, client = with_role(RoleKind.NETWORK_OFFICER), Client()
    assert password_step(client, user).url == "/en/desk/"
    assert client.get("/en/desk/").url == "/en/accounts/2fa/"
    page = client.get("/en/accounts/2fa/").content.decode()
    assert "Your role demands a second step" in page
    form = client.get("/en/accounts/2fa/totp/activate/")
    secret = form.context["form"].secret
    assert secret in form.content.decode()
    wrong = client.post("/en/accounts/2fa/totp/activate/", {"code": "000000"})
    assert "The code is not right" in wrong.content.decode()
    answer = client.post("/en/accounts/2fa/totp/activate/", {"code": code(secret)})
    assert answer.url == "/en/accounts/2fa/recovery-codes/"
    codes = client.get(answer.url)
    assert codes.status_code == 200
    assert len(codes.context["unused_codes"]) == 10
    assert client.get("/en/accounts/2fa/recovery-codes/download/").status_code == 200
    assert client.get("/en/desk/").status_code == 200
    assert client.get("/admin/").status_code == 200
    row = Authenticator.objects.get(type="totp")
    assert secret not in str(row.data), "secrets are encrypted where they are kept"
    assert OutgoingMail.objects.get(kind="people.account_changed").context["event"] == "totp_activated"


def test_the_factor_of_somebody_who_must_have_one_is_not_removed(enrolled):
    user, _secret = enrolled
    client = sign_in(Client(), user)
    answer = client.post("/en/accounts/2fa/totp/deactivate/")
    assert "Your role demands a second step" in answer.content.decode()
    assert Authenticator.objects.filter(type="totp").exists()
    end_role(Role.objects.get(), by=None, reason="over")
    client.post("/en/accounts/2fa/totp/deactivate/")
    assert not Authenticator.objects.exists()


# --- signing in with one ---------------------------------------------------------------------------------------------------


def test_the_password_alone_signs_nobody_in_who_has_a_factor(enrolled):
    user, secret = enrolled
    client = Client()
    assert password_step(client, user, "?next=/admin/").url == "/en/accounts/2fa/authenticate/"
    assert client.get("/en/desk/").status_code == 302
    assert client.get("/en/accounts/2fa/authenticate/").status_code == 200
    assert (
        "The code is not right" in client.post("/en/accounts/2fa/authenticate/", {"code": "12 34 56"}).content.decode()
    )
    assert client.post("/en/accounts/2fa/authenticate/", {"code": code(secret)}).url == "/admin/"
    assert client.get("/admin/").status_code == 200


@pytest.mark.parametrize(
    "written", [lambda c: f" {c[:3]} {c[3:]} ", lambda c: c.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))]
)
def test_a_code_may_be_written_with_spaces_and_in_any_digits(enrolled, written):
    user, secret = enrolled
    client = Client()
    password_step(client, user)
    assert client.post("/en/accounts/2fa/authenticate/", {"code": written(code(secret))}).status_code == 302


def test_a_code_is_good_once_in_every_period_that_would_take_it(enrolled, monkeypatch):
    user, secret = enrolled
    now = time.time()
    used = format_hotp_value(hotp_value(secret, int(now) // PERIOD))
    answers = []
    for later in (0, 1, PERIOD):
        monkeypatch.setattr("allauth.mfa.totp.internal.auth.time.time", lambda at=now + later: at)
        client = Client()
        password_step(client, user)
        answers.append(client.post("/en/accounts/2fa/authenticate/", {"code": used}).status_code)
    assert answers == [302, 200, 200]


def test_a_recovery_code_is_good_once(enrolled):
    user, _secret = enrolled
    recovery = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()[0]
    answers = []
    for _ in range(2):
        client = Client()
        password_step(client, user)
        answers.append(client.post("/en/accounts/2fa/authenticate/", {"code": recovery}).status_code)
    assert answers == [302, 200]


def test_a_new_password_by_mail_does_not_get_around_it(enrolled):
    user, _secret = enrolled
    client = Client()
    client.post("/en/accounts/password/reset/", {"email": user.email})
    path = OutgoingMail.objects.get(kind="people.reset_password").context["path"]
    target = client.get(path, follow=True).redirect_chain[-1][0]
    client.post(target, {"password1": "another lamp entirely", "password2": "another lamp entirely"})
    answer = client.post(SIGN_IN, {"login": user.email, "password": "another lamp entirely"})
    assert answer.url == "/en/accounts/2fa/authenticate/"


def test_a_session_that_never_showed_its_factor_is_asked_for_it(enrolled):
    user, secret = enrolled
    client = sign_in(Client(), user, second_factor=False)
    answer = client.get("/en/desk/")
    assert answer.url == "/en/accounts/2fa/reauthenticate/?next=%2Fen%2Fdesk%2F"
    assert client.get(answer.url).status_code == 200
    assert client.post(answer.url, {"code": code(secret)}).url == "/en/desk/"
    assert client.get("/en/desk/").status_code == 200


def test_pages_of_the_second_step_open_for_its_owner(enrolled):
    client = sign_in(Client(), enrolled[0])
    for path in (
        "",
        "totp/deactivate/",
        "recovery-codes/",
        "recovery-codes/generate/",
        "webauthn/",
        "webauthn/add/",
        "reauthenticate/",
    ):
        assert client.get(f"/en/accounts/2fa/{path}").status_code == 200, path
    asked = Client().get("/en/accounts/2fa/webauthn/login/", headers={"accept": "application/json"})
    assert "request_options" in asked.json()


def test_no_script_stands_inside_a_page_of_the_second_step(enrolled):
    client = sign_in(Client(), enrolled[0])
    for path in ("login/", "2fa/webauthn/add/", "2fa/reauthenticate/"):
        text = (Client() if path == "login/" else client).get(f"/en/accounts/{path}").content.decode()
        scripts = [part.split(">", 1) for part in text.split("<script")[1:]]
        inline = [body for head, body in scripts if "src=" not in head and "application/json" not in head]
        assert scripts
        assert not inline
        assert " style=" not in text


# --- somebody lost everything ------------------------------------------------------------------------------------------------


def test_an_operator_takes_a_lost_factor_away_and_ends_the_sessions(enrolled):
    user, _secret = enrolled
    operator = with_role(RoleKind.OPERATOR, email="operator@example.org", name="Operator")
    client = Client()
    client.force_login(user)
    for by in (user, person("other@example.org", "Other")):
        with pytest.raises(DomainError):
            take_second_factor_away(user, by=by, reason="lost phone")
    take_second_factor_away(user, by=operator, reason="lost phone, met in person")
    assert not Authenticator.objects.filter(user=user).exists()


# --- demonstration accounts ------------------------------------------------------------------------------------------------


def test_a_stranger_signs_in_to_a_demonstration_account_with_the_code_on_the_page(demo_officer):
    for _ in range(3):
        client = Client()
        password_step(client, demo_officer)
        page = client.get("/en/accounts/2fa/authenticate/").content.decode()
        shown = code(demo_secret(demo_officer.email))
        assert shown in page
        assert client.post("/en/accounts/2fa/authenticate/", {"code": shown}).url == "/en/desk/"
    assert client.get("/admin/").status_code == 200


@pytest.mark.parametrize(("demonstration", "account"), [(True, False), (False, True), (False, False)])
def test_no_code_is_shown_unless_both_account_and_portal_are_a_demonstration(
    enrolled, settings, demonstration, account
):
    user, secret = enrolled
    settings.KOINE_DEMO = demonstration
    User.objects.filter(pk=user.pk).update(demo=account)
    user = User.objects.get(pk=user.pk)
    assert demo.code_of(user) == ""
    assert not demo.accepts(user, code(secret))
    client = Client()
    answer = password_step(client, user)
    if account:
        assert answer.url == "/en/accounts/inactive/"
    else:
        page = client.get("/en/accounts/2fa/authenticate/").content.decode()
        assert "data-demo-code" not in page
        assert not any(code(secret, step) in page for step in (-1, 0, 1))


def test_a_demonstration_account_has_no_session_outside_a_demonstration(demo_officer, settings):
    client = sign_in(Client(), demo_officer)
    assert client.get("/en/desk/").status_code == 200
    settings.KOINE_DEMO = False
    assert client.get("/en/desk/").url.startswith("/en/accounts/login/")


def test_only_demonstration_accounts_get_a_known_secret(officer):
    with pytest.raises(DomainError):
        enrol_demo_second_factor(officer)
    assert not Authenticator.objects.exists()
    assert demo.code_of(None) == ""


def test_enrolling_twice_changes_nothing(demo_officer):
    before = list(Authenticator.objects.order_by("pk").values_list("pk", "data"))
    assert enrol_demo_second_factor(demo_officer) == demo_secret(demo_officer.email)
    assert list(Authenticator.objects.order_by("pk").values_list("pk", "data")) == before
    assert len(before) == 2


def test_wrong_codes_are_counted(enrolled, settings):
    settings.ACCOUNT_RATE_LIMITS = {}
    user, secret = enrolled
    client = Client()
    password_step(client, user)
    texts = [client.post("/en/accounts/2fa/authenticate/", {"code": f"{n:06}"}).content.decode() for n in range(7)]
    assert "Too many tries" in texts[-1]
    assert "Too many tries" in client.post("/en/accounts/2fa/authenticate/", {"code": code(secret)}).content.decode()
