"""Sending mail: `python -m bench.mail` in the bench's environment, on a migrated database. What was built is taken away.

A mail's way is measured piece by piece (composing, queueing, claiming) and whole: from a queued row to the server's yes and
the committed `sent`, by one and by two processes, into an SMTP server on loopback. The whole is told as a multiple of what
smtplib alone takes to hand a ready message to the same server.
"""

from __future__ import annotations

import smtplib
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402

from bench.reminders import Line  # noqa: E402
from network.embedded.places import ROOT  # noqa: E402
from network.mail.documents import compose  # noqa: E402
from network.mail.domain.claiming import BATCH, claim  # noqa: E402
from network.mail.domain.sending import Run  # noqa: E402
from network.mail.domain.ticking import tick  # noqa: E402
from network.mail.gateways.smtp import SmtpBackend  # noqa: E402
from network.mail.models import OutgoingMail  # noqa: E402

PER_SECOND = 300
QUEUE_SECONDS = 5.0
BACKLOGS, STRAIGHT = (1_000, 10_000, 100_000), 2.0
DOMAINS = 2_000
SENT_EACH = 2_000
MARK = "bench.mail:"
QUEUE = """
INSERT INTO mail_outgoingmail (key, kind, klass, to_email, to_domain, to_name, reply_to, language, context, subject, status,
    attempts, next_try_at, message_id, held_for, deadline, due, error, created_at)
SELECT %(mark)s || n, 'people.account_changed', 'notice', 'm' || n || '@' || domain, domain, 'Nour', '',
    (ARRAY['en', 'ar', 'el', 'it', 'sv'])[n %% 5 + 1],
    '{"event": "password_changed", "moment": "Mon 30 Nov 2026, 17:00 London", "browser": "Firefox", "path": "/en/"}',
    '', 'queued', 0, now() + %(wait)s * interval '1 hour', '', '', '', '', '', now()
FROM (SELECT n, 'd' || n %% %(domains)s || '.example' AS domain FROM generate_series(1, %(count)s) n) mails
ON CONFLICT (key) DO NOTHING"""


def queue(count: int, *, wait: int = 0) -> int:
    """Queue so many mails in one statement; returns how many were new."""
    values = {"mark": MARK, "count": count, "wait": wait, "domains": DOMAINS}
    with connection.cursor() as cursor:
        cursor.execute(QUEUE, values)
        return int(cursor.rowcount)


def clear() -> None:
    """Take the bench's mails away, as autovacuum would find them."""
    OutgoingMail.objects.filter(key__startswith=MARK).delete()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE mail_outgoingmail")


@contextmanager
def mail_server() -> Iterator[int]:
    """The tests' SMTP server in a process of its own; its port."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "tests.mail.sink", str(Path(folder) / "log")]
        server = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert server.stdout is not None
        yield int(server.stdout.readline())
        server.communicate()


def timed(name: str, work: Callable[[], int], budget: float | None = None) -> Line:
    """A line of the table: the work, how many rows it says it did, and the wall time."""
    began = time.perf_counter()
    rows = work()
    line = Line(name, rows, time.perf_counter() - began, budget)
    print(line, flush=True)
    return line


def rate(name: str, count: int, seconds: float, floor: float = 0.0, budget: float = 0.0) -> float:
    """Print a line in mails a second and milliseconds a mail, as a multiple of the floor where there is one."""
    ms = seconds / count * 1000
    times = f"{ms / floor:6.1f} x smtplib" if floor else ""
    verdict = f"  at least {budget:g}/s: {'kept' if count / seconds >= budget else 'MISS'}" if budget else ""
    print(f"{name:44}{count / seconds:9.0f} mails/s{ms:9.2f} ms {times}{verdict}", flush=True)
    return ms


def send_mails(processes: int, count: int, port: int) -> float:
    """Seconds that so many processes take for so many of the mails that wait. Starting them is not counted."""
    batches = count // processes // BATCH
    command = [sys.executable, "-m", "bench.mail", "send", str(batches), str(port)]
    senders = [
        subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) for _ in range(processes)
    ]
    for sender in senders:
        assert sender.stdout is not None
        sender.stdout.readline()
    began = time.perf_counter()
    for sender in senders:
        assert sender.stdin is not None
        sender.stdin.write(b"go\n")
        sender.stdin.flush()
    sent = sum(int(sender.communicate()[0]) for sender in senders)
    took = time.perf_counter() - began
    assert sent == batches * BATCH * processes, f"{sent} went out"
    return took


def be_a_sender(batches: int, port: int) -> None:
    """What `send_mails` starts: say that you are ready, send so many batches, say how many mails went out."""
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = (
        f"{SmtpBackend.__module__}.SmtpBackend",
        "127.0.0.1",
        port,
    )
    for row in OutgoingMail.objects.filter(key__startswith=MARK)[:10]:
        compose(row)  # catalogues and templates of every language are read once
    print("ready", flush=True)
    sys.stdin.readline()
    run = Run(seconds=600)
    run.go(batches=batches)
    print(run.sent)


def pieces() -> None:
    """Queueing, again and with a backlog; composing; claiming; a tick with nothing to do."""
    lines = []
    for count in BACKLOGS:
        lines.append(timed(f"queue {count:,}", lambda count=count: queue(count), QUEUE_SECONDS))
        timed("the same, queued already", lambda count=count: count - queue(count), QUEUE_SECONDS)
        clear()
    straight = max(line.seconds / line.rows for line in lines) / (lines[0].seconds / lines[0].rows)
    print(Line(f"straight: dearest row within {STRAIGHT:g} x of 1,000's", 0, straight, STRAIGHT), flush=True)

    queue(BACKLOGS[-1])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE mail_outgoingmail")
    claims = timed(
        f"claim {BATCH} of {BACKLOGS[-1]:,} to {DOMAINS:,} domains, 20 times",
        lambda: sum(len(claim()) for _ in range(20)),
    )
    print(f"{'a claim':44}{claims.seconds / 20 * 1000:9.2f} ms", flush=True)
    rows = list(OutgoingMail.objects.filter(key__startswith=MARK)[:500])
    began = time.perf_counter()
    for row in rows:
        compose(row).message().as_bytes()
    rate("compose, text and HTML, as bytes", len(rows), time.perf_counter() - began)
    clear()
    queue(BACKLOGS[-1], wait=1)
    tick()
    timed(f"tick with nothing due, {BACKLOGS[-1]:,} waiting", tick)
    clear()


def whole() -> None:
    """From the queued row to the committed `sent`, over the floor of smtplib alone; and with a backlog behind."""
    with mail_server() as port:
        queue(10)
        row = OutgoingMail.objects.filter(key__startswith=MARK).order_by("id")[0]
        content = compose(row).message().as_bytes(linesep="\r\n")
        with smtplib.SMTP("127.0.0.1", port) as line:
            began = time.perf_counter()
            for _ in range(SENT_EACH):
                line.sendmail("noreply@koine.example", [row.to_email], content)
            floor = rate("floor: smtplib with a ready message", SENT_EACH, time.perf_counter() - began)
        clear()
        for processes in (1, 2):
            queue(SENT_EACH)
            took = send_mails(processes, SENT_EACH, port)
            rate(
                f"sent by {processes} process{'es' * (processes > 1)}",
                SENT_EACH,
                took,
                floor,
                PER_SECOND if processes > 1 else 0,
            )
            clear()
        costs = []
        for backlog in BACKLOGS:
            queue(backlog)
            count = min(backlog, SENT_EACH) // (2 * BATCH) * 2 * BATCH
            costs.append(rate(f"sent by 2 of {backlog:,} waiting", count, send_mails(2, count, port), floor))
            clear()
        straight = max(costs) / costs[0]
        print(Line(f"straight: dearest mail within {STRAIGHT:g} x of 1,000's", 0, straight, STRAIGHT), flush=True)


def main() -> None:
    """Measure and print; or be one of the senders."""
    if sys.argv[1:2] == ["send"]:
        be_a_sender(int(sys.argv[2]), int(sys.argv[3]))
        return
    try:
        pieces()
        whole()
    finally:
        clear()
        connection.close()


if __name__ == "__main__":
    main()
