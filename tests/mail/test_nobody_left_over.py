"""The outbox has no foreign keys: the planners hold the accounts and rules they name, and a number that names nobody is harmless.

Each race has its negative control: without the lock the same row is left over.
"""

from __future__ import annotations

import threading

import pytest
from django.core import mail
from django.db import connection, transaction

from network.doors import DomainError
from network.mail.domain.digests import fold
from network.mail.domain.planning import plan, tell_moved
from network.mail.domain.reminder_rules import remove_rule, switch_rule
from network.mail.domain.sending import send_all
from network.mail.domain.ticking import tick
from network.mail.domain.truth import RECIPIENT_GONE
from network.mail.models import OutgoingMail, ReminderRule
from network.mail.queries import due
from network.mail.queries.due import NO_LONGER_TRUE
from network.outgoing import Addressee, send
from network.people.messages import ACCOUNT_CHANGED
from network.people.models import Role, User
from tests.mail.deadlines_for_tests import (
    KIND,
    in_time,
    mails,
    meeting,  # noqa: F401  (a fixture)
    meets,
    move_to,
    reader,
    rule,
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("meeting")]
NOBODY = 10**9


@pytest.fixture(autouse=True)
def never_quiet(settings):
    settings.KOINE_QUIET_HOURS = ""


@pytest.fixture(params=[True, False], ids=["the lock decides", "without the lock a number is left over"])
def lock(request, monkeypatch) -> bool:
    if not request.param:
        monkeypatch.setattr(due, "ACCOUNT", due.ACCOUNT.replace("FOR KEY SHARE", ""))
        held = due.moments
        monkeypatch.setattr(due, "moments", lambda made, kind, hold=False: held(made, kind))
    return request.param


@pytest.fixture
def operator() -> User:
    user = reader("operator")
    Role.objects.create(user=user, kind="operator", scope_kind="portal")
    return user


class Beside:
    """Work in a thread with a connection and a transaction of its own; what it gave or raised is `result`."""

    def __init__(self, work) -> None:
        self.result = None
        self.thread = threading.Thread(target=self._run, args=[work])
        self.thread.start()

    def _run(self, work) -> None:
        try:
            with transaction.atomic():
                self.result = work()
        except Exception as error:
            self.result = error
        finally:
            connection.close()

    def waits_or_ends(self, *, waits: bool) -> None:
        """Until it waits for a lock of ours, or has ended without."""
        for _ in range(500):
            with connection.cursor() as cursor:
                cursor.execute("SELECT count(DISTINCT pid) FROM pg_locks WHERE NOT granted")
                waiting = cursor.fetchone()[0]
            if waiting if waits else not self.thread.is_alive():
                return
            threading.Event().wait(0.02)
        raise AssertionError("it never came true")

    def end(self):
        self.thread.join(timeout=30)
        return self.result


def left_over() -> int:
    """Rows that name an account or a rule that is not there."""
    rows = OutgoingMail.objects.exclude(recipient=None, rule=None)
    people, rules = User.objects.values("pk"), ReminderRule.objects.values("pk")
    return (
        rows.exclude(recipient=None).exclude(recipient_id__in=people).count()
        + rows.exclude(rule=None).exclude(rule_id__in=rules).count()
    )


def told_another_moment(*people: User) -> None:
    lamp = meets(in_time(hours=2), *people)
    rule(hours=3)
    plan(KIND)
    OutgoingMail.objects.update(status="sent")
    move_to(lamp, in_time(hours=9))


def four_waiting(*people: User) -> None:
    for number in range(4):
        meets(in_time(hours=2), *people, slug=f"m{number}")
    rule(hours=3)
    plan(KIND)


def one_to_plan(*people: User) -> None:
    meets(in_time(hours=2), *people)
    rule(hours=3)


@pytest.mark.parametrize(
    ("before", "work", "kind"),
    [(one_to_plan, plan, "tests.soon"), (told_another_moment, tell_moved, "tests.moved")],
    ids=["a reminder", "news of a move"],
)
def test_an_account_that_is_removed_while_a_planner_works_gets_nothing_any_more(lock, before, work, kind):
    gone = reader("gone")
    before(gone, reader())
    with transaction.atomic():
        gone.delete()
        planner = Beside(lambda: work(KIND))
        planner.waits_or_ends(waits=lock)
    assert planner.end() == (1 if lock else 2)
    assert {row.to_name for row in mails(kind=kind, status="queued")} == {"Nour", *([] if lock else ["Gone"])}
    assert left_over() == (0 if lock else 1)


def test_an_account_that_is_removed_while_digests_are_made_gets_none():
    gone = reader("gone")
    four_waiting(gone, reader())
    with transaction.atomic():
        gone.delete()
        folder = Beside(fold)
        folder.waits_or_ends(waits=True)
    assert folder.end() == (1, 4)
    assert [row.to_name for row in mails(kind="mail.digest")] == ["Nour"]
    assert left_over() == 0


def test_who_removes_an_account_waits_for_the_planner_and_sets_its_rows_free(lock):
    gone = reader("gone")
    one_to_plan(gone, reader())

    def remove() -> None:
        User.objects.select_for_update().get(pk=gone.pk).delete()

    with transaction.atomic():
        assert plan(KIND) == 2
        remover = Beside(remove)
        remover.waits_or_ends(waits=lock)
    assert remover.end() is None
    assert left_over() == (0 if lock else 1)
    assert {row.recipient_id for row in mails(to_name="Gone")} == ({None} if lock else {gone.pk})
    assert tick() == 1
    assert {(row.to_name, row.error) for row in mails()} == {("Gone", RECIPIENT_GONE), ("Nour", "")}


def test_a_rule_that_is_removed_or_switched_off_while_a_planner_works_reminds_nobody(lock, operator):
    meets(in_time(hours=2), reader())
    removed, off = rule(hours=3), rule(hours=4, audience="owners")
    with transaction.atomic():
        remove_rule(removed, reason="Too late", by=operator)
        switch_rule(off, on=False, reason="Not now", by=operator)
        planner = Beside(lambda: plan(KIND))
        planner.waits_or_ends(waits=lock)
    assert planner.end() == (0 if lock else 1)
    assert left_over() == (0 if lock else 1)


def test_who_removes_a_rule_waits_for_the_planner_and_is_told_that_it_has_reminded_people(lock, operator):
    meets(in_time(hours=2), reader())
    first, _other = rule(hours=3), rule(7)
    with transaction.atomic():
        assert plan(KIND) == 1
        remover = Beside(lambda: remove_rule(first, reason="Too late", by=operator))
        remover.waits_or_ends(waits=lock)
    if lock:
        assert isinstance(remover.end(), DomainError)
        assert "has reminded people" in str(remover.end())
    else:
        assert remover.end() is None
    assert left_over() == (0 if lock else 1)


def test_a_number_that_names_nobody_stops_no_mail_and_no_other_reader(operator):
    for number in range(4):
        meets(in_time(hours=2), operator, reader(f"p{number}"), slug=f"m{number}")
    rule(hours=3)
    to = Addressee("letter@example.org", "en", "Letter", operator.pk)
    with transaction.atomic():
        plan(KIND)
        fold()
        send(ACCOUNT_CHANGED, key="x", to=to, context={"event": "x", "moment": "", "browser": "", "path": "/en/"})
        assert mails(kind="mail.digest")
        OutgoingMail.objects.filter(recipient=operator).update(recipient_id=NOBODY)
        OutgoingMail.objects.filter(to_name="P3").update(rule_id=NOBODY)
    send_all()
    assert {(row.to_name, row.status, row.error) for row in mails(digest=None)} == {
        ("Operator", "superseded", RECIPIENT_GONE),
        ("Letter", "sent", ""),
        ("P0", "sent", ""),
        ("P1", "sent", ""),
        ("P2", "sent", ""),
        ("P3", "superseded", NO_LONGER_TRUE),
    }
    assert len(mail.outbox) == 4
    OutgoingMail.objects.filter(to_name="P0").update(digest_id=NOBODY)
    assert [tick(), tick()] == [0, 0]
