"""The append-only history: written by the database itself, sealed, and provably untouched."""

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from network.audit import domain
from network.audit.context import acting, because
from network.audit.models import AuditEvent
from network.audit.registry import REGISTERED
from network.people.models import Organisation


@pytest.fixture
def sealed(transactional_db):
    """Three sealed history rows of one organisation."""
    with transaction.atomic(), acting(7, "a1b2"):
        because("founded")
        organisation = Organisation.objects.create(slug="lamp", kind="ngo", name_en="Lamp")
    Organisation.objects.filter(pk=organisation.pk).update(name_en="Lamps")
    organisation.delete()
    assert domain.seal() == 3
    return list(AuditEvent.objects.order_by("id"))


def tamper(sql: str) -> None:
    """Change history as somebody with the database's own powers would: triggers switched off."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_event DISABLE TRIGGER append_only")
        cursor.execute(sql)
        cursor.execute("ALTER TABLE audit_event ENABLE TRIGGER append_only")


def test_a_change_is_recorded_with_actor_request_and_reason(sealed):
    created, changed, removed = sealed
    assert (created.action, created.actor_id, created.request_id, created.reason) == ("I", 7, "a1b2", "founded")
    assert ("name_en", "Lamp", "Lamps") in changed.changes()
    assert (changed.actor_id, changed.reason, removed.action) == (None, "", "D")


def test_an_intact_chain_verifies(sealed):
    assert domain.verify().intact
    assert domain.verify().checked == 3


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE audit_event SET reason = 'x'",
        "DELETE FROM audit_event",
        "UPDATE audit_seal SET hash = 'x'",
        "DELETE FROM audit_seal",
    ],
)
def test_the_database_refuses_to_change_history(sealed, sql):
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.parametrize(
    ("sql", "fault", "which"),
    [
        ("UPDATE audit_event SET reason = 'other' WHERE id = {1}", "altered", 1),
        ("DELETE FROM audit_event WHERE id = {0}", "removed", 0),
    ],
)
def test_the_first_changed_row_is_named(sealed, sql, fault, which):
    tamper(sql.format(*[row.pk for row in sealed]))
    result = domain.verify()
    assert (result.fault, result.event_id) == (fault, sealed[which].pk)
    with pytest.raises(CommandError, match=str(sealed[which].pk)):
        call_command("verify_audit")


def test_a_row_slipped_in_between_is_named(sealed):
    first = sealed[0].pk
    tamper(
        f'INSERT INTO audit_event (id, at, xid, "table", "row", action, request_id, reason) SELECT {first} - 1, at, xid, "table", "row", action, \'\', \'\' FROM audit_event WHERE id = {first}'
    )
    result = domain.verify()
    assert (result.fault, result.event_id) == ("inserted", first - 1)


def test_a_transaction_that_commits_late_is_sealed_later_and_nothing_is_called_inserted(sealed):
    first, second = (Organisation.objects.create(slug=slug, kind="ngo", name_en=slug) for slug in ("early", "late"))
    other = connection.copy()
    other.set_autocommit(False)
    with other.cursor() as cursor:
        cursor.execute("UPDATE people_organisation SET name_en = 'Waiting' WHERE id = %s", [first.pk])
    Organisation.objects.filter(pk=second.pk).update(name_en="Done")
    assert domain.seal() == 3
    other.commit()
    other.close()
    assert domain.verify().intact
    assert domain.seal() == 1
    assert domain.verify().checked == 7


def test_passwords_are_never_written_down(db, django_user_model):
    django_user_model.objects.create_user("a@example.org", "a long pass phrase", display_name="A")
    event = AuditEvent.objects.get(table="people_user")
    assert "password" not in event.after
    assert event.after["email"] == "a@example.org"


# Tables without history, and why.
WITHOUT_HISTORY = {
    "audit.AuditEvent": "is the history",
    "audit.AuditSeal": "seals the history",
    "mail.TickLog": "a pulse, kept for 31 days",
    "practices.CreationKey": "a machine's memory of some days",
    "practices.HarvestRecord": "derived from practices by triggers",
    "practices.SearchEntry": "derived from practices, rebuilt at will",
    "practices.SearchWord": "counted from the search entries",
    "grants.CommentsTold": "when a mail was sent; the mail is kept",
    "grants.SubmitAttempt": "is itself a log, append-only by its domain",
    "practices.Bookmark": "what one reads is one's own business",
    "practices.SavedSearch": "what one looks for is one's own business",
    "practices.AskedQuery": "counts of what nobody in particular asked",
    "practices.MissedTranslation": "counts of what nobody in particular opened",
    "practices.Appearance": "derived from what is public",
    "mail.JobRun": "when machines ran",
}


def test_every_table_keeps_history_or_says_why_not(db):
    ours = {
        model
        for model in apps.get_models()
        if model.__module__.split(".")[0] in {"network", "cities", "practices", "grants"}
    }
    assert len(ours) > 25
    silent = {model._meta.label for model in ours - set(REGISTERED)}
    assert silent == set(WITHOUT_HISTORY)
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'audit_history'")
        assert {row[0] for row in cursor} == {model._meta.db_table for model in REGISTERED}
