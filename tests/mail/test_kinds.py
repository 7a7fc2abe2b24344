"""Every kind of mail the portal sends: what its failure means, who may switch it off, what of it is kept."""

import ast

import pytest
from django.conf import settings

from network.mail.models import OutgoingMail
from network.outgoing import KINDS, MessageClass
from network.people.domain.accounts import open_account
from network.people.messages import EVENTS, LINKS

NOTICE, REMINDER, DECISION = MessageClass.NOTICE, MessageClass.REMINDER, MessageClass.DECISION
# kind: (class, mandatory, secret). Nobody loses a receipt or a warning about their sign-in by a choice of long ago; what
# carries a link that opens something, or a stranger's letter, is wiped once it is sent.
EXPECTED = {
    "people.confirm_address": (NOTICE, True, True),
    "people.reset_password": (NOTICE, True, True),
    "people.no_account": (NOTICE, True, True),
    "people.already_an_account": (NOTICE, True, True),
    "people.account_changed": (NOTICE, True, False),
    "people.token_made": (NOTICE, True, False),
    "people.verification": (NOTICE, True, False),
    "people.verification_ends": (REMINDER, False, False),
    "people.check_expires": (REMINDER, False, False),
    "people.merged": (NOTICE, True, False),
    "people.bank_asked": (NOTICE, True, False),
    "people.bank_decided": (NOTICE, True, False),
    "people.invitation": (NOTICE, True, True),
    "cities.contact": (NOTICE, True, True),
    "practices.collection_invitation": (NOTICE, True, False),
    "grants.receipt": (NOTICE, True, False),
    "grants.lapsed": (NOTICE, True, False),
    "grants.interest": (NOTICE, True, True),
    "grants.extended": (NOTICE, True, False),
    "grants.rescheduled": (NOTICE, True, False),
    "grants.invitation": (NOTICE, True, True),
    "grants.comments": (NOTICE, False, False),
    "grants.letter": (NOTICE, True, False),
    "grants.round_closes": (REMINDER, False, False),
    "grants.round_moved": (NOTICE, True, False),
    "practices.alert": (NOTICE, False, False),
    "practices.adoption": (NOTICE, False, False),
    "practices.adoption_answered": (NOTICE, False, False),
    "practices.submitted": (NOTICE, False, False),
    "practices.review_asked": (NOTICE, True, False),
    "practices.review_off": (NOTICE, True, False),
    "practices.review_answered": (NOTICE, False, False),
    "practices.review_due": (REMINDER, False, False),
    "practices.review_moved": (NOTICE, True, False),
    "practices.review_late": (REMINDER, False, False),
    "practices.confirm_due": (REMINDER, False, False),
    "practices.confirm_late": (REMINDER, False, False),
    "practices.confirm_now": (NOTICE, True, False),
    "practices.revision": (DECISION, True, False),
    "practices.published": (DECISION, True, False),
    "practices.label": (DECISION, True, False),
    "practices.label_ends": (REMINDER, False, False),
    "mail.digest": (REMINDER, True, False),
    "mail.held": (NOTICE, True, False),
}


def test_each_kind_is_of_the_class_that_it_should_be():
    assert {kind: (one.klass, one.mandatory, one.secret) for kind, one in KINDS.items()} == EXPECTED


def test_what_may_be_switched_off_says_when_it_comes():
    assert {kind for kind, one in KINDS.items() if not one.mandatory} == {
        "grants.round_closes",
        "grants.comments",
        "practices.alert",
        "practices.adoption",
        "practices.adoption_answered",
        "practices.submitted",
        "practices.review_answered",
        "practices.review_due",
        "practices.review_late",
        "practices.confirm_due",
        "practices.confirm_late",
        "practices.label_ends",
        "people.verification_ends",
        "people.check_expires",
    }
    assert all(str(one.about).endswith(".") for one in KINDS.values() if not one.mandatory)


def test_every_mail_of_signing_in_has_its_kind():
    others = {"people.account_changed", "people.token_made", "people.invitation"}
    of_organisations = {"people.verification", "people.verification_ends", "people.check_expires", "people.merged"}
    of_organisations |= {"people.bank_asked", "people.bank_decided"}
    assert {message.kind for message in LINKS.values()} | others | of_organisations == {
        kind for kind in EXPECTED if kind.startswith("people.")
    }
    assert len(EVENTS) >= 10


def test_nothing_but_the_engine_hands_mail_over():
    """Everything else goes through `network.outgoing.send`, so that it is a row, in its reader's language, once."""
    found = set()
    for package in ("network", "cities", "practices", "grants"):
        for path in (settings.BASE_DIR / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                modules = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
                modules += [name.name for name in node.names] if isinstance(node, ast.Import) else []
                if any(one == "smtplib" or one.startswith("django.core.mail") for one in modules):
                    found.add(path.relative_to(settings.BASE_DIR).parent.as_posix())
    assert found == {"network/mail", "network/mail/domain", "network/mail/gateways"}


@pytest.mark.parametrize(("known", "language"), [("ar", "ar"), ("", "sv")])
def test_a_forgotten_password_is_answered_in_the_accounts_language_else_in_the_pages(client, db, known, language):
    if known:
        open_account(email="nour@example.org", display_name="نور", preferred_language=known)
    assert client.post("/sv/accounts/password/reset/", {"email": "nour@example.org"}).status_code == 302
    row = OutgoingMail.objects.get()
    assert (row.language, row.klass) == (language, "notice")
    assert row.context["path"].startswith(f"/{language}/accounts/")
    assert row.kind == ("people.reset_password" if known else "people.no_account")
