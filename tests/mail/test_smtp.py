"""The gateway: at each step of the talk, what failed is known for what it is, and the line serves the next mail."""

from __future__ import annotations

import socket

import pytest
from django.core.mail import EmailMultiAlternatives, get_connection

from network.mail.gateways.outcomes import NoServer, Postponed, Refused, Unclear
from network.mail.rules.addresses import is_address
from tests.mail.sink import Sink


def letter(to: str = "Nour <nour@example.org>", body: str = "Hello", **more) -> EmailMultiAlternatives:
    return EmailMultiAlternatives("Subject", body, to=[to], **more)


@pytest.fixture
def line(sink):
    opened = get_connection()
    yield opened
    opened.close()


def verbs(sink: Sink) -> list[str]:
    return [command[:4] for command in sink.commands]


@pytest.mark.parametrize(
    ("phase", "wish", "outcome"),
    [
        ("mail", "451 4.3.0 later", Postponed),
        ("mail", "421 4.3.2 going away", Postponed),
        ("mail", "530 5.7.0 sign in first", Postponed),
        ("mail", "552 5.3.4 too large", Refused),
        ("mail", "drop", Postponed),
        ("mail", "stall", Postponed),
        ("mail", "gibberish", Postponed),
        ("rcpt", "450 4.2.0 greylisted", Postponed),
        ("rcpt", "550 5.1.1 nobody here", Refused),
        ("rcpt", "550 5.7.1 not from you", Refused),
        ("rcpt", "421 too many", Postponed),
        ("rcpt", "drop", Postponed),
        ("data", "452 4.3.1 disk full", Postponed),
        ("data", "554 5.5.1 no", Refused),
        ("data", "stall", Postponed),
        ("body", "drop", Postponed),
        ("end", "451 4.7.1 later", Postponed),
        ("end", "421 4.3.2 going away", Postponed),
        ("end", "554 5.7.1 looks like spam", Refused),
        ("end", "drop", Unclear),
        ("end", "stall", Unclear),
        ("end", "take+drop", Unclear),
        ("end", "take+stall", Unclear),
        ("end", "gibberish", Unclear),
        ("end", "9" * 9000, Unclear),
    ],
)
def test_each_failure_is_known_for_what_it_is_and_the_next_mail_goes_out(line, sink, phase, wish, outcome):
    line.timeout = 0.3
    sink.script[phase] = [wish]
    # A body that no buffer holds: whoever closes the line meanwhile is noticed before the end.
    body = "x" * 70 + "\n"
    with pytest.raises(outcome):
        line.send_messages([letter(body=body * (200_000 if phase == "body" else 1))])
    before = len(sink.taken)
    assert before == (1 if wish.startswith("take") else 0)
    assert line.send_messages([letter()]) == 1
    assert len(sink.taken) == before + 1


@pytest.mark.parametrize(
    ("words", "about_recipient"),
    [
        ("550 5.1.1 nobody here", True),
        ("550 5.1.10 null MX", True),
        ("550 5.1.7 your address is wrong", False),
        ("550 5.1.8 your domain is unknown", False),
        ("550 5.7.1 blocked", False),
        ("550 no such user", False),
        ("552 5.2.2 mailbox full", False),
    ],
)
def test_only_a_wrong_address_is_about_the_recipient(line, sink, words, about_recipient):
    sink.script["rcpt"] = [words]
    with pytest.raises(Refused) as refusal:
        line.send_messages([letter()])
    assert refusal.value.about_recipient is about_recipient
    assert str(refusal.value) == f"RCPT: {words}"


def test_one_line_carries_many_mails_and_a_refusal_only_resets_it(line, sink):
    line.open()
    for _ in range(3):
        line.send_messages([letter()])
    sink.script["rcpt"] = ["550 5.1.1 nobody"]
    with pytest.raises(Refused):
        line.send_messages([letter()])
    line.send_messages([letter()])
    assert sink.lines == 1
    assert verbs(sink)[-5:] == ["RCPT", "RSET", "MAIL", "RCPT", "DATA"]


@pytest.mark.parametrize("wish", ["421 4.7.0 too many mails on one line", "drop"])
def test_a_line_that_was_used_and_is_closed_now_is_opened_again_for_the_same_mail(line, sink, wish):
    line.open()
    line.send_messages([letter()])
    sink.script["mail"] = [wish]
    assert line.send_messages([letter()]) == 1
    assert (sink.lines, len(sink.taken)) == (2, 2)
    sink.script["mail"] = [wish, wish]
    with pytest.raises(Postponed):
        line.send_messages([letter()])
    assert len(sink.taken) == 2


@pytest.mark.parametrize("wish", ["554 go away", "421 busy", "drop", "stall"])
def test_a_server_that_does_not_greet_is_no_server(line, sink, wish):
    line.timeout = 0.3
    sink.script["hello"] = [wish]
    with pytest.raises(NoServer):
        line.open()
    assert line.open() is True


def test_nobody_listening_is_no_server(line):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        line.port = taken.getsockname()[1]
        with pytest.raises(NoServer):
            line.open()


def test_an_international_domain_goes_as_ascii_and_stays_itself(line, sink):
    line.send_messages([letter("info@straße.example"), letter("Γιώργος <info@κόσμος.example>")])
    assert [one.recipients for one in sink.taken] == [["info@xn--strae-oqa.example"], ["info@xn--vxaejmc7c.example"]]
    assert "SMTPUTF8" not in "".join(sink.commands)


def test_letters_of_another_script_before_the_at_need_a_server_that_takes_them(line, sink):
    line.send_messages([letter("نور@example.org")])
    assert sink.taken[0].recipients == ["نور@example.org"]
    assert "SMTPUTF8" in sink.commands[1]
    assert "\r\nTo: نور@example.org\r\n".encode() in sink.taken[0].content
    assert b"\r\nSubject: Subject\r\n" in b"\r\n" + sink.taken[0].content
    line.close()
    sink.extensions = ("8BITMIME",)
    with pytest.raises(Refused, match="SMTPUTF8"):
        line.send_messages([letter("نور@example.org")])
    assert line.send_messages([letter()]) == 1


@pytest.mark.parametrize(
    "address",
    [
        "o'neil+tag@example.org",
        "!#$%&'*+/?=^_`{|}~-@example.org",
        '"a@b"@example.org',
        '"<>,"@example.org',
        "a.b.c@x.org",
    ],
)
def test_unusual_addresses_arrive_as_they_are(line, sink, address):
    assert is_address(address)
    line.send_messages([letter(f"Nour <{address}>"), letter(address)])
    assert [one.recipients for one in sink.taken] == [[address]] * 2


@pytest.mark.parametrize(
    "address",
    [
        "=?utf-8?q?thief=40evil.example=2C?=@example.org", "a b@example.org", "a@b@example.org", "a\u202eb@example.org",
        "a\u0301@example.org", "a@exa\u2028mple.org", "a@-.org", "a" * 250 + "@example.org", "a@", "@b.org", "a\x00@b.org",
    ],
)  # fmt: skip
def test_what_programs_may_read_in_two_ways_is_no_address(address):
    assert not is_address(address)


@pytest.mark.parametrize("end", ["\n.\n", "\r\n.\r\n", "\r.\r", "\n.\r\n", "\r\n.\n"])
def test_a_text_can_end_no_mail_and_begin_another(line, sink, end):
    body = f"one{end}MAIL FROM:<x@evil.example>{end}..two\n.three"
    line.send_messages([letter(body=body)])
    (taken,) = sink.taken
    assert [command[:4] for command in sink.commands if command[:4] == "MAIL"] == ["MAIL"]
    lines = taken.content.partition(b"\r\n\r\n")[2].split(b"\r\n")
    assert [line for line in lines if line][:4] == [b"one", b".", b"MAIL FROM:<x@evil.example>", b"."]
    assert b"..two" in lines
    assert b".three" in lines
