"""Files: only what they say they are, only clean ones out, and nothing left lying about."""

import io
import socket
import struct
import threading
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from grants.domain import files as verbs
from grants.domain.people import add_member
from grants.domain.submission import Incomplete, submit_application
from grants.models import Attachment
from network import uploads as rules
from network.doors import Denied
from network.scanner import EICAR, ClamdScanner
from tests.grants import builders
from tests.grants.builders import PDF, docx, packed, pdf
from tests.grants.test_drafts import refusal

NOW = timezone.now
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x02\x00\x00\x00\x90wS\xde"
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00\xff\xd9"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
XLSX_TYPES = b'<Types><Override ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>'
ODT = packed({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"<x/>"})


def bomb() -> bytes:
    return docx({"word/media/image1.bin": b"\0" * (rules.MAX_UNPACKED + 1)})


def lying() -> bytes:
    """A document whose directory claims that a part is smaller than it is."""
    body = bytearray(docx({"word/big.bin": b"\0" * 5_000_000}))
    place = body.rfind(b"PK\x01\x02", 0, body.rfind(b"word/big.bin"))
    body[place + 24 : place + 28] = struct.pack("<L", 10)
    return bytes(body)


def protected() -> bytes:
    body = bytearray(docx())
    place = body.find(b"PK\x01\x02")
    body[place + 8] |= 1
    return bytes(body)


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("a.pdf", PDF),
        ("A.PDF", PDF),
        ("a.png", PNG),
        ("a.jpg", JPEG),
        ("a.jpeg", JPEG),
        ("a.docx", docx()),
        ("a.xlsx", packed({"[Content_Types].xml": XLSX_TYPES})),
        ("a.odt", ODT),
        ("سياسة الحماية.pdf", PDF),
    ],
)
def test_what_people_send_is_taken(name, body):
    assert rules.can_take_file(name, len(body), io.BytesIO(body))


HOSTILE = [
    ("a.svg", SVG, rules.WRONG_KIND),
    ("a.html", b"<html>", rules.WRONG_KIND),
    ("a.docm", docx(), rules.WRONG_KIND),
    ("a.pdf.exe", b"MZ", rules.WRONG_KIND),
    ("noending", PDF, rules.WRONG_KIND),
    ("a.pdf", b"<html><script>alert(1)</script></html>", rules.WRONG_BYTES),
    ("a.pdf", b"<script>alert(1)</script>" + PDF, rules.WRONG_BYTES),
    ("a.png", SVG, rules.WRONG_BYTES),
    ("a.jpg", PNG, rules.WRONG_BYTES),
    ("a.pdf", b"", rules.EMPTY),
    ("a.pdf", PDF + packed({"x": b"y"}), rules.TWO_KINDS),
    ("a.png", PNG + packed({"x.html": SVG}), rules.TWO_KINDS),
    ("a.docx", packed({"x": b"y"}), rules.WRONG_BYTES),
    ("a.xlsx", docx(), rules.WRONG_BYTES),
    ("a.docx", ODT, rules.WRONG_BYTES),
    ("a.docx", docx({"word/vbaProject.bin": b"x"}), rules.HAS_MACROS),
    ("a.docx", docx({"word/activeX/a.bin": b"x"}), rules.HAS_MACROS),
    ("a.docx", packed({"[Content_Types].xml": builders.CONTENT_TYPES + b"application/vnd.ms-word.document.macroEnabled.main+xml"}), rules.HAS_MACROS),
    ("a.odt", packed({"mimetype": b"application/vnd.oasis.opendocument.text", "Basic/Standard/a.xml": b"x"}), rules.HAS_MACROS),
    ("a.docx", bomb(), rules.TOO_PACKED),
    ("a.docx", docx({f"p{n}": b"" for n in range(rules.MAX_ENTRIES)}), rules.TOO_PACKED),
    ("a.docx", lying(), rules.UNREADABLE),
    ("a.docx", protected(), rules.UNREADABLE),
    ("a.docx", docx()[:200], rules.UNREADABLE),
    ("a.docx", docx({"../../etc/passwd": b"x"}), rules.WRONG_BYTES),
]  # fmt: skip


@pytest.mark.parametrize(("name", "body", "reason"), HOSTILE)
def test_hostile_files_are_refused_with_their_reason(name, body, reason):
    verdict = rules.can_take_file(name, len(body), io.BytesIO(body))
    assert isinstance(verdict, Denied)
    assert verdict.reason == reason


def test_a_file_above_the_quota_is_refused(settings):
    settings.KOINE_UPLOAD_MAX_BYTES = len(PDF)
    assert rules.can_take_file("a.pdf", len(PDF), io.BytesIO(PDF))
    verdict = rules.can_take_file("a.pdf", len(PDF) + 1, io.BytesIO(PDF + b"x"))
    assert isinstance(verdict, Denied)
    assert "limit" in str(verdict.reason)


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("policy.pdf", "policy.pdf"),
        ("../../etc/policy.pdf", "policy.pdf"),
        ("C:\\Users\\me\\policy.pdf", "policy.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "a Set-Cookie_ x.pdf"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("a\x00b.pdf", "ab.pdf"),
        ("سياسة.pdf", "سياسة.pdf"),
        ('a"b;c.pdf', "a_b_c.pdf"),
        ("...pdf", "pdf"),
        ("x" * 300 + ".pdf", "x" * 146 + ".pdf"),
    ],
)
def test_hostile_names_are_cleaned(raw, clean):
    assert rules.clean_name(raw) == clean


def test_a_file_is_kept_under_a_random_name_and_replaced_or_removed(applicant, draft):
    first = verbs.attach_file(draft, "policy", pdf("a.pdf"), by=applicant, at=NOW())
    second = verbs.attach_file(draft, "policy", pdf("b.pdf"), by=applicant, at=NOW())
    first.refresh_from_db()
    assert first.removed_at is not None
    assert (second.scan, second.mime, second.size) == ("clean", "application/pdf", len(PDF))
    assert "pdf" not in second.file.name
    with second.file.open() as stored:
        assert stored.read() == PDF
    verbs.remove_file(draft, "policy", by=applicant, at=NOW())
    assert not draft.attachments.filter(removed_at__isnull=True).exists()


def test_files_follow_the_rules_of_writing(applicant, draft):
    viewer = builders.person("Vera")
    add_member(draft, viewer, "viewer")
    assert refusal(verbs.attach_file, draft, "policy", pdf(), by=viewer, at=NOW()) == "denied"
    late = draft.round.closes_at
    assert refusal(verbs.attach_file, draft, "policy", pdf(), by=applicant, at=late) == "closed"
    assert refusal(verbs.attach_file, draft, "summary", pdf(), by=applicant, at=NOW()) == "field"
    assert refusal(verbs.attach_file, draft, "policy", pdf("a.svg", SVG), by=applicant, at=NOW()) == "file"
    assert not Attachment.objects.exists()


@pytest.fixture
def scanning(settings):
    settings.KOINE_CLAMD = "fake"


@pytest.mark.django_db(transaction=True)
def test_an_infected_file_is_found_and_keeps_the_application_back(applicant, ready, scanning):
    infected = verbs.attach_file(ready, "policy", pdf("a.pdf", PDF + EICAR), by=applicant, at=NOW())
    infected.refresh_from_db()
    assert infected.scan == "infected"
    with pytest.raises(Incomplete) as incomplete:
        submit_application(ready, by=applicant, at=NOW())
    assert [one.code for one in incomplete.value.problems] == ["infected"]
    clean = verbs.attach_file(ready, "policy", pdf(), by=applicant, at=NOW())
    clean.refresh_from_db()
    assert clean.scan == "clean"
    assert submit_application(ready, by=applicant, at=NOW())


def test_an_unscanned_file_keeps_the_application_back_until_it_is_scanned(applicant, ready, scanning):
    waiting = verbs.attach_file(ready, "policy", pdf(), by=applicant, at=NOW() - timedelta(minutes=5))
    assert waiting.scan == "pending"
    with pytest.raises(Incomplete) as incomplete:
        submit_application(ready, by=applicant, at=NOW())
    assert [one.code for one in incomplete.value.problems] == ["pending"]
    assert verbs.scan_waiting() == 1
    assert submit_application(ready, by=applicant, at=NOW())


def clamd(answer: bytes) -> tuple[str, list[bytes], threading.Thread]:
    """A clamd that says one thing: its address, and what it was sent."""
    server = socket.create_server(("127.0.0.1", 0))
    heard: list[bytes] = []

    def serve():
        with server:
            line, _address = server.accept()
            with line, line.makefile("rb") as stream:
                assert stream.read(10) == b"zINSTREAM\0"
                while length := struct.unpack("!L", stream.read(4))[0]:
                    heard.append(stream.read(length))
                line.sendall(answer)

    thread = threading.Thread(target=serve)
    thread.start()
    return f"127.0.0.1:{server.getsockname()[1]}", heard, thread


@pytest.mark.parametrize(
    ("answer", "result"),
    [
        (b"stream: OK\0", "clean"),
        (b"stream: Eicar-Signature FOUND\0", "infected"),
        (b"INSTREAM size limit exceeded. ERROR\0", "error"),
    ],
)
def test_clamd_is_spoken_to_in_its_own_words(answer, result):
    address, heard, thread = clamd(answer)
    assert ClamdScanner(address).scan(io.BytesIO(b"x" * 100_000)) == result
    thread.join(5)
    assert b"".join(heard) == b"x" * 100_000


def test_a_scanner_that_is_away_clears_nothing():
    assert ClamdScanner("127.0.0.1:1").scan(io.BytesIO(b"x")) == "error"


def test_only_files_that_nobody_needs_are_swept(own_media, applicant, ready, django_capture_on_commit_callbacks):
    sent = ready.attachments.get()
    submit_application(ready, by=applicant, at=NOW())
    long_ago = NOW() - timedelta(days=2)
    Attachment.objects.filter(pk=sent.pk).update(removed_at=long_ago)
    other = builders.draft(applicant, ready.round, ready.organisation)
    dropped = verbs.attach_file(other, "policy", pdf(), by=applicant, at=NOW())
    kept = verbs.attach_file(other, "policy", pdf(), by=applicant, at=NOW())
    Attachment.objects.filter(pk=dropped.pk).update(removed_at=long_ago)
    with django_capture_on_commit_callbacks(execute=True):
        assert verbs.sweep_files() == 1
    assert set(Attachment.objects.values_list("pk", flat=True)) == {sent.pk, kept.pk}
    assert not default_storage.exists(dropped.file.name)
    assert default_storage.exists(sent.file.name)


def test_strays_of_uploads_that_failed_are_swept(own_media, db, monkeypatch):
    name = default_storage.save(f"applications/{NOW():%Y/%m}/stray", ContentFile(b"x"))
    assert verbs.sweep_files() == 0
    monkeypatch.setattr(default_storage, "get_modified_time", lambda name: NOW() - timedelta(days=2), raising=False)
    assert verbs.sweep_files() >= 1
    assert not default_storage.exists(name)


def test_nothing_is_half_written_where_the_transaction_fails(applicant, draft, monkeypatch):
    monkeypatch.setattr(Attachment, "save", lambda self, **kwargs: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        verbs.attach_file(draft, "policy", pdf(), by=applicant, at=NOW())
    assert not Attachment.objects.exists()
