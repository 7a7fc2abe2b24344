"""After a test that wrote for good the database is as it was when it was new, whatever that test did to it."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction

from network.audit.models import AuditEvent
from network.people.models import Organisation
from tests import emptying

pytestmark = pytest.mark.django_db(transaction=True)


def founded(slug: str) -> Organisation:
    return Organisation.objects.create(slug=slug, kind="ngo", name_en="Lamp")


def test_rows_and_their_history_go_and_the_migrations_own_rows_stay():
    founded("lamp")
    types, permissions = ContentType.objects.count(), Permission.objects.count()
    assert {"people_organisation", "audit_event"} <= set(emptying.filled())
    emptying.empty()
    assert emptying.filled() == []
    assert (Organisation.objects.count(), AuditEvent.objects.count()) == (0, 0)
    assert (ContentType.objects.count(), Permission.objects.count()) == (types, permissions)
    assert min(types, permissions) > 50


@pytest.mark.parametrize("change", ["add", "rename", "remove"])
def test_rows_of_the_migrations_that_were_changed_are_made_anew(change):
    before = set(Permission.objects.values_list("codename", "name"))
    if change == "add":
        Permission.objects.create(codename="x", name="X", content_type=ContentType.objects.first())
    elif change == "rename":
        Permission.objects.filter(codename="view_city").update(name="X")
    else:
        Permission.objects.filter(codename="view_city").delete()
    assert set(Permission.objects.values_list("codename", "name")) != before
    emptying.empty()
    assert set(Permission.objects.values_list("codename", "name")) == before


def test_what_was_emptied_is_guarded_again():
    """The triggers of history and of references are off only while tables are emptied."""
    emptying.empty()
    organisation = founded("lamp")
    assert AuditEvent.objects.count() == 1
    with connection.cursor() as cursor, pytest.raises(Exception, match="append-only"), transaction.atomic():
        cursor.execute("DELETE FROM audit_event")
    assert Organisation.objects.get() == organisation


def waiting() -> bool:
    """Whether a connection of this database waits for a lock."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks JOIN pg_database base ON base.oid = database"
            " WHERE datname = current_database() AND NOT granted)"
        )
        return cursor.fetchone()[0]


def test_a_transaction_that_still_writes_is_waited_for():
    written, go = threading.Event(), threading.Event()

    def write() -> None:
        with transaction.atomic():
            founded("late")
            written.set()
            go.wait(10)

    def apart(act: Callable[[], None]) -> threading.Thread:
        thread = threading.Thread(target=lambda: (act(), connection.close()))
        thread.start()
        return thread

    writer = apart(write)
    assert written.wait(10)
    sweeper = apart(emptying.empty)
    while not waiting():
        assert sweeper.is_alive(), "what is not committed yet would have stayed"
    go.set()
    writer.join(10)
    sweeper.join(10)
    assert Organisation.objects.count() == 0
