"""Guards that make sloppy code fail, and what the test database needs.

`tests/conftest.py` imports these fixtures; each guard is a fixture that every test uses without asking.
"""

from __future__ import annotations

import pytest
from django.db import connection


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Let the test runner empty the tables between tests: the guard against TRUNCATE stays in production.

    UPDATE and DELETE on history stay refused here too; `tests/audit` proves it.
    """
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        for table in ("audit_event", "audit_seal"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER never_truncated")
