"""The demonstration, for tests that read a whole town. `tests/conftest.py` imports the fixtures."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection, transaction
from django.test import override_settings

from network.portal.demo.loading import load
from network.portal.demo.record import Loaded
from tests import prepared


@contextmanager
def in_database(name: str) -> Iterator[None]:
    """Work in another database of the same cluster for a while."""
    usual = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = usual


@pytest.fixture(scope="session")
def demonstration(django_db_setup: None, django_db_blocker) -> tuple[str, Loaded]:
    """The demonstration, loaded once per process, in a database beside the one of the other tests; and that one's name."""
    name = f"{connection.settings_dict['NAME']}_demonstration"
    with django_db_blocker.unblock():
        with connection.cursor() as cursor:
            cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{prepared.DATABASE}"')
        with in_database(name), override_settings(KOINE_DEMO=True):
            return name, load()


@pytest.fixture(scope="module")
def loaded(demonstration: tuple[str, Loaded], django_db_blocker) -> Iterator[Loaded]:
    """The demonstration for the tests of a file, which only read: whatever they write after all is rolled back."""
    name, found = demonstration
    with django_db_blocker.unblock(), in_database(name):
        held = transaction.atomic()
        held.__enter__()
        try:
            with django_db_blocker.block():
                yield found
        finally:
            transaction.set_rollback(True)
            held.__exit__(None, None, None)
