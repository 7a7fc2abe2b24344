from __future__ import annotations

import pytest
from django.db import transaction
from django.test import override_settings

from network.portal.demo.loading import load


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker):
    """The demonstration, loaded once for the tests of a file and rolled back afterwards; they only read."""
    with django_db_blocker.unblock():
        held = transaction.atomic()
        held.__enter__()
        try:
            with override_settings(KOINE_DEMO=True):
                found = load()
            with django_db_blocker.block():
                yield found
        finally:
            transaction.set_rollback(True)
            held.__exit__(None, None, None)


@pytest.fixture
def demo(loaded, db):
    """The loaded demonstration, with the database open."""
    return loaded
