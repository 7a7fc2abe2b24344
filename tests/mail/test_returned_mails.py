"""Mails that came back: each server's way to say so is understood, junk is none of it, and their file is read without loss."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from network.mail.domain.bounces import take_bounce
from network.mail.enums import Status
from network.mail.imports.dsn import Unreadable, bounces_in
from network.mail.models import BouncedAddress
from tests.mail.test_bounces import mail

MAILS = Path(__file__).parent / "returned"


def returned(name: str) -> bytes:
    return (MAILS / f"{name}.eml").read_bytes()


@pytest.mark.parametrize(
    ("name", "code", "gave_up", "words"),
    [
        ("postfix", "5.1.1", True, "550 5.1.1 <nour@unknown.example>: Recipient address rejected"),
        ("postfix_delayed", "4.4.1", False, "Connection timed out"),
        ("postfix_expired", "4.4.1", True, "Connection timed out"),
        ("postfix_headers_only", "5.4.4", True, "Host or domain name not found"),
        ("exim", "5.1.1", True, "550-5.1.1 The email account"),
        ("exim_old", "5.1.1", True, "550 5.1.1 unknown or illegal alias"),
        ("exchange", "5.1.10", True, "550 5.1.10 RESOLVER.ADR.RecipientNotFound"),
        ("international", "5.1.1", True, "550 5.1.1"),
    ],
)
def test_each_servers_way_to_say_it_is_understood(name, code, gave_up, words):
    (found,) = bounces_in(returned(name))
    email = "nour@unknown.example" if name != "international" else "نور@unknown.example"
    assert (found.message_id, found.email, found.code, found.gave_up) == (
        "<mail.1@koine.example>",
        email,
        code,
        gave_up,
    )
    assert words in found.diagnostic
    assert found.at is not None
    assert found.at.utcoffset() is not None


def test_two_recipients_of_a_report_are_two_bounces():
    told = returned("postfix").replace(
        b"Final-Recipient: rfc822; nour@unknown.example",
        b"Final-Recipient: rfc822; other@unknown.example\nAction: failed\nStatus: 5.2.1\n\n"
        b"Final-Recipient: rfc822; nour@unknown.example",
    )
    assert [(one.email, one.code) for one in bounces_in(told)] == [
        ("other@unknown.example", "5.2.1"),
        ("nour@unknown.example", "5.1.1"),
    ]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"Action: failed", b"Action: relayed"),
        (b"Status: 5.1.1", b"Status: 2.0.0"),
        (b"Message-ID: <mail.1@koine.example>", b"X-Was: nothing"),
        (b"rfc822;", b"x-postfix;"),
        (b"report-type=delivery-status", b"report-type=disposition-notification"),
        (b"multipart/report", b"multipart/mixed"),
        (b"message/delivery-status", b"text/plain"),
    ],
)
def test_what_reports_no_failure_of_a_mail_is_no_bounce(old, new):
    told = returned("postfix")
    assert old in told
    changed = told.replace(old, new)
    if b"disposition" in new:
        changed = changed.replace(b"message/delivery-status", b"message/disposition-notification")
    assert bounces_in(changed) == []


@pytest.mark.parametrize(
    "junk",
    [
        b"",
        b"\x00\xff\xfe" * 1000,
        b"Subject: hello\n\nI am on holiday.\n",
        b"X-Failed-Recipients: nour@unknown.example\n\nno copy of anything\n",
        b"Content-Type: multipart/report; report-type=delivery-status; boundary=x\n\n--x\nContent-Type: message/delivery-status\n\n\xff\n--x",
        b"Content-Type: multipart/report; boundary=\n\n",
        b"Content-Type: multipart/report; boundary=x\n\n--x\nContent-Type: message/rfc822\n\n\n--x\nContent-Type: message/delivery-status\n\n\n--x--",
    ],
)
def test_junk_is_no_bounce(junk):
    assert bounces_in(junk) == []


def test_a_mail_nested_deeper_than_anybody_reads_is_told_and_no_crash():
    nested = b"".join(b"Content-Type: multipart/report; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(3000))
    with pytest.raises(Unreadable):
        bounces_in(nested)


# --- the file of returned mails ---------------------------------------------------------------------------------------


def spool(tmp_path, *mails: bytes) -> Path:
    file = tmp_path / "bounces"
    file.write_bytes(b"".join(b"From MAILER-DAEMON Wed Nov 20 09:03:00 2024\n" + one + b"\n\n" for one in mails))
    return file


def test_a_file_of_returned_mails_is_read_twice_without_harm(db, tmp_path, capsys):
    row = mail()
    file = spool(tmp_path, returned("postfix"), b"Subject: hello\n\nI am on holiday.\n", returned("exchange"))
    before = file.read_bytes()
    call_command("read_bounces", str(file))
    said = capsys.readouterr().out
    assert said.splitlines() == ["3 mails read.", "1 did not arrive.", "1 were known.", "1 report no bounce."]
    assert "nour@" not in said
    row.refresh_from_db()
    assert row.status == Status.FAILED
    call_command("read_bounces", str(file))
    assert "2 were known." in capsys.readouterr().out
    assert file.read_bytes() == before
    assert [one.name for one in tmp_path.iterdir()] == ["bounces"]


def test_what_was_read_is_taken_out_and_what_can_not_be_read_stays(db, tmp_path, capsys, monkeypatch):
    mail()
    nested = b"".join(b"Content-Type: multipart/report; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(3000))
    file = spool(tmp_path, returned("postfix"), nested, returned("exim"))
    inode = file.stat().st_ino
    call_command("read_bounces", str(file), "--delete")
    assert "1 can't be read and stay in the file." in capsys.readouterr().out
    kept = file.read_bytes()
    assert kept.startswith(b"From MAILER-DAEMON")
    assert nested in kept
    assert b"unknown.example" not in kept
    assert file.stat().st_ino == inode
    call_command("read_bounces", str(file), "--delete")
    assert capsys.readouterr().out.splitlines()[0] == "1 mails read."


def test_what_arrives_while_the_file_is_read_stays_for_the_next_time(db, tmp_path, capsys, monkeypatch):
    mail()
    file = spool(tmp_path, returned("postfix"))
    late = b"From MAILER-DAEMON Wed Nov 20 09:04:00 2024\nSubject: late\n\nlate\n\n"

    def meanwhile(bounces):
        with file.open("ab") as another:
            another.write(late)
        return [take_bounce(one) for one in bounces]

    monkeypatch.setattr("network.mail.management.commands.read_bounces.take_bounces", meanwhile)
    call_command("read_bounces", str(file), "--delete")
    assert file.read_bytes() == late
    assert BouncedAddress.objects.count() == 1


@pytest.mark.parametrize("content", [None, b"hello, I am no mailbox\n"])
def test_a_file_that_is_none_is_told_and_left_alone(db, tmp_path, content):
    file = tmp_path / "bounces"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(CommandError, match="bounces"):
        call_command("read_bounces", str(file), "--delete")
    assert content is None or file.read_bytes() == content


def test_a_file_in_another_programs_hands_is_left_alone(db, tmp_path):
    mail()
    file = spool(tmp_path, returned("postfix"))
    (tmp_path / "bounces.lock").touch()
    with pytest.raises(CommandError, match="Another program"):
        call_command("read_bounces", str(file), "--delete")
    assert b"unknown.example" in file.read_bytes()
    assert not BouncedAddress.objects.exists()


def test_an_empty_file_is_read(db, tmp_path, capsys):
    call_command("read_bounces", str(spool(tmp_path)), "--delete")
    assert capsys.readouterr().out == "0 mails read.\n"
