"""Passkeys in a real browser, with the authenticator that Chromium itself plays."""

import pytest

from tests.people.signing import PASSWORD, person

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def press(page, selector: str) -> None:
    """Press and wait for the page that comes."""
    with page.expect_navigation():
        page.locator(selector).first.click()


def test_a_person_adds_a_passkey_and_signs_in_with_it_alone_and_as_a_second_step(page, live_server):
    user, complaints = person(), []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})

    def password_step() -> None:
        page.goto(f"{live_server.url}/en/accounts/login/?next=/en/desk/profile/")
        page.fill("#id_login", user.email)
        page.fill("#id_password", PASSWORD)
        press(page, "main form button[type=submit]")

    password_step()
    page.goto(f"{live_server.url}/en/accounts/2fa/webauthn/add/")
    page.check("#id_passwordless")
    press(page, "form[data-passkey] button")
    assert page.url.endswith("/en/accounts/2fa/recovery-codes/")

    page.context.clear_cookies()
    page.goto(f"{live_server.url}/en/accounts/login/?next=/en/desk/profile/")
    press(page, "form[data-passkey] button")
    assert page.url.endswith("/en/desk/profile/")

    page.context.clear_cookies()
    password_step()
    assert page.url.endswith("/en/accounts/2fa/authenticate/")
    press(page, "form[data-passkey] button")
    assert page.url.endswith("/en/desk/profile/")
    assert complaints == []
