"""The outbox: what the recipient sees, and what nobody else may see."""

import pytest
from django.urls import reverse

from network.outgoing import KINDS
from tests.admin import things

pytestmark = pytest.mark.django_db


def page_of(browser, mail) -> str:
    answer = browser.get(reverse("admin:mail_outgoingmail_change", args=[mail.pk]))
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_message_with_a_secret_link_is_never_shown(operator, enter):
    secrets = [kind for kind, message in KINDS.items() if message.secret]
    assert secrets
    for kind in secrets:
        mail = things.mail(kind=kind, context={"url": "https://koine.example/secret-token-123"})
        told = page_of(enter(operator), mail)
        assert "secret-token-123" not in told
        assert "for the recipient alone" in told


def test_a_message_is_shown_as_it_is_sent_or_says_why_not(operator, enter):
    mail = things.mail(kind="grants.receipt")
    told = page_of(enter(operator), mail)
    assert 'class="letter"' in told or "It can’t be shown" in told
    former = things.mail(kind="old.kind", context={"x": "zyxwv"})
    assert "zyxwv" not in page_of(enter(operator), former)
