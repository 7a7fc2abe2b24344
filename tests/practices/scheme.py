"""The whole scheme in the tests' database, loaded once for the tests of a file."""

from __future__ import annotations

import pytest
from django.db import transaction

from practices.domain.scheme_files import load_scheme


@pytest.fixture(scope="module")
def whole_scheme(django_db_setup, django_db_blocker):
    """Loaded once and rolled back afterwards; tests change it inside their own transactions."""
    with django_db_blocker.unblock():
        held = transaction.atomic()
        held.__enter__()
        try:
            load_scheme()
            with django_db_blocker.block():
                yield
        finally:
            transaction.set_rollback(True)
            held.__exit__(None, None, None)


@pytest.fixture
def loaded_scheme(whole_scheme, db):
    """The scheme, with the database open."""
