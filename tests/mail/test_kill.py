"""Shooting at the sending: real workers, a real broker and mail server, and a database that may be shot too.

What may double is a mail whose worker was killed between the server's yes and our commit: at most one for each process
that is killed. Each check of a race stands beside the same check with the lock or the key taken away, which fails.
"""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from contextlib import closing

import psycopg2
import pytest
from django.db import connection, transaction
from django.utils import timezone

from network.mail.domain.claiming import CLAIM
from network.mail.domain.outbox import carry
from network.mail.models import MailPause, OutgoingMail
from network.outgoing import Addressee, Letter
from network.people.messages import INVITATION
from tests.mail.field import Field
from tests.mail.test_worker import database_url

CALM, SHOT_AT = 500, 2_000
KILLS = 8
SEED = 20261120
MARK = "UPDATE mail_outgoingmail SET status = 'inflight', lease_until = now() + interval '5 min' WHERE id = %s"


def doubled_and_unclear(field: Field, batch: str, count: int) -> tuple[int, int]:
    """What happened besides each mail's arriving once: how many mails doubled, how many decisions wait for a person.

    Nobody is forgotten: who got nothing is the recipient of a decision that waits. No decision goes out twice, and whoever
    gets a notice twice gets it with the same Message-ID.
    """
    arrived, states = field.arrived(batch), field.states(batch)
    unclear, decisions = (field.recipients(batch, *which) for which in (("status", "uncertain"), ("klass", "decision")))
    recipients = {recipient for _id, recipient in arrived}
    assert len(recipients) == len(arrived)
    assert recipients | unclear == {f"{batch}{n}@example.org" for n in range(1, count + 1)}
    assert set(states) <= {("sent", "notice"), ("sent", "decision"), ("uncertain", "decision")}
    assert [recipient for (_id, recipient), times in arrived.items() if times > 1 and recipient in decisions] == []
    return sum(arrived.values()) - len(arrived), len(unclear)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_nothing_is_lost_and_next_to_nothing_doubled_whatever_is_shot(broker, capsys):
    chance = random.Random(SEED)
    with Field(database_url(), broker) as field:
        began = time.monotonic()
        field.queue("calm", CALM)
        field.until(lambda: len(field.arrived("calm")) > CALM // 4)
        field.flush_broker()
        field.until(lambda: len(field.arrived("calm")) > CALM // 2)
        field.restart_database()
        field.finish("calm")
        doubled, unclear = doubled_and_unclear(field, "calm", CALM)
        # A commit that was not answered when the database was cut off leaves a decision unclear, in each sender.
        assert (doubled, unclear <= 3) == (0, True)

        field.queue("shot", SHOT_AT)
        for kill in range(KILLS):
            goal = len(field.arrived("shot")) + chance.randint(80, 220)
            field.until(lambda goal=goal: len(field.arrived("shot")) >= goal)
            time.sleep(chance.uniform(0, 0.02))
            if kill == KILLS // 2:
                field.kill_worker(chance.randrange(3))
            else:
                field.kill_sender(chance.randrange(3))
            if kill == KILLS // 4:
                field.flush_broker()
            if kill == KILLS * 3 // 4:
                field.restart_database()
        field.finish("shot")
        doubled, unclear = doubled_and_unclear(field, "shot", SHOT_AT)
        with capsys.disabled():
            print(
                f"\n{KILLS} kills, a flush of the broker and a restart of the database over {SHOT_AT} mails: {doubled} "
                f"doubled, {unclear} decisions unclear, none lost; {time.monotonic() - began:.0f} s"
            )
        # A kill can double one notice or leave one decision unclear, and the database's restart one in each sender.
        assert doubled <= SHOT_AT * 0.002
        assert doubled + unclear <= KILLS + 3


# --- with the key, with the lock, and without -------------------------------------------------------------------------------


def all_at_once(number: int, work) -> None:
    """The same work in so many threads, begun at the same moment."""
    start, failures = threading.Barrier(number), []

    def run() -> None:
        try:
            start.wait(timeout=10)
            work()
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert failures == []


def most_of_one_key() -> int:
    """Six queue the same thirty letters at once; how often the most frequent of them is there."""
    MailPause.objects.create(reason="nothing is to leave here")

    def queue() -> None:
        for n in range(30):
            with transaction.atomic():
                carry(Letter(INVITATION, f"key {n}", Addressee("nour@example.org", "en")))

    all_at_once(6, queue)
    return max(Counter(OutgoingMail.objects.values_list("key", flat=True)).values())


@pytest.mark.django_db(transaction=True)
def test_six_who_queue_the_same_at_once_queue_it_once():
    assert most_of_one_key() == 1


@pytest.mark.django_db(transaction=True)
def test_without_the_unique_key_the_same_six_queue_it_more_than_once():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname FROM pg_constraint WHERE conrelid = 'mail_outgoingmail'::regclass AND contype = 'u'"
        )
        (name,) = cursor.fetchone()
        cursor.execute(f'ALTER TABLE mail_outgoingmail DROP CONSTRAINT "{name}"')
    try:
        assert most_of_one_key() > 1
    finally:
        OutgoingMail.objects.all().delete()
        with connection.cursor() as cursor:
            cursor.execute(f'ALTER TABLE mail_outgoingmail ADD CONSTRAINT "{name}" UNIQUE (key)')


def taken_by_six(statement: str) -> Counter:
    """Six claim with this statement at once, each in a transaction of its own; who was taken how often."""
    with transaction.atomic():
        OutgoingMail.objects.bulk_create(
            OutgoingMail(key=str(n), kind=INVITATION.kind, klass="notice", to_email="a@example.org", language="en")
            for n in range(120)
        )
    now = timezone.now()
    values = {"now": now, "minute_ago": now, "most": 0, "limit": 20, "look": 120}
    taken: list[int] = []
    looked = threading.Barrier(6)

    def claim() -> None:
        with closing(psycopg2.connect(database_url())) as own, own, own.cursor() as cursor:
            cursor.execute(statement, values)
            ids = [row[0] for row in cursor.fetchall()]
            looked.wait(timeout=10)
            for one in sorted(ids):  # in one order: whoever took the same must wait, and not for one another
                cursor.execute(MARK, [one])
            taken.extend(ids)

    all_at_once(6, claim)
    return Counter(taken)


@pytest.mark.django_db(transaction=True)
def test_six_who_claim_at_once_take_each_mail_once():
    taken = taken_by_six(CLAIM)
    assert len(taken) == 120
    assert set(taken.values()) == {1}


@pytest.mark.django_db(transaction=True)
def test_without_the_row_locks_the_same_six_take_a_mail_more_than_once():
    without = CLAIM.replace("FOR UPDATE OF mail SKIP LOCKED", "")
    assert without != CLAIM
    assert max(taken_by_six(without).values()) > 1
