"""The two commands: filling an empty portal, and telling how to sign in."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from network.audit import domain as audit
from network.audit.models import AuditEvent
from network.people.models import User
from network.portal.demo.accounts import phrase_of
from network.portal.demo.content import read
from tests import places


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_the_commands_fill_an_empty_portal_once_and_list_its_accounts(settings):
    settings.KOINE_DEMO = True
    out = StringIO()
    call_command("prepare", demo=True, verbosity=0, stdout=out)
    assert "92 cities, 123 memberships" in out.getvalue()
    with pytest.raises(CommandError, match="holds cities already"):
        call_command("load_demo")
    listed = StringIO()
    call_command("demo_accounts", stdout=listed)
    lines = listed.getvalue().splitlines()
    for person in read("people"):
        line = next(line for line in lines if person["email"] in line)
        assert phrase_of(person["email"]) in line
    officer = next(line for line in lines if "grace.wanjiru" in line)
    assert officer.split()[-1].isdigit()
    assert len(officer.split()[-1]) == 6
    while audit.seal() == audit.BATCH:
        pass
    verified = audit.verify()
    assert verified.intact
    assert verified.checked == AuditEvent.objects.count() > 500


def test_a_start_with_cities_but_without_demo_accounts_says_so_and_goes_on(db, settings):
    settings.KOINE_DEMO = True
    places.athens()
    out = StringIO()
    call_command("prepare", demo=True, verbosity=0, stdout=out)
    assert "could not be listed: No demonstration accounts are here" in out.getvalue()
    assert not User.objects.filter(demo=True).exists()


def test_no_demonstration_is_loaded_into_a_real_portal(db, settings):
    assert settings.KOINE_DEMO is False
    for command in ("load_demo", "demo_accounts"):
        with pytest.raises(CommandError, match="KOINE_DEMO is off"):
            call_command(command)
    assert not User.objects.exists()
