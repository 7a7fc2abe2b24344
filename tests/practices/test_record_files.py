"""Pictures and documents of a record: taken in checked, a step of their own, swept when nothing names them."""

from __future__ import annotations

import datetime
import struct
import uuid
import zlib

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from network.doors import DomainError
from network.scanner import EICAR
from practices.domain import NewRecord, attach_file, discard_version, publish_version, start_practice, submit_version
from practices.domain.files import scan_file, scan_waiting, sweep_files
from practices.models import PracticeFile, PracticeImage, VersionSection
from practices.queries.record_files import file_faults
from practices.rules.files import MAX_PICTURE
from tests.grants.builders import PDF, packed
from tests.people.signing import sign_in
from tests.practices import builders as build
from tests.practices.test_record_pages import at, post, stored
from tests.practices.test_versions import ready, write

pytestmark = pytest.mark.django_db
ROW = uuid.UUID("7f3d0a0e-5a1f-4a3f-8c36-1f6b2a3c4d5e")


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png(width: int = 3, height: int = 2, *more: bytes) -> bytes:
    """A picture of those pixels; `more` are chunks a camera might have written."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    rows = zlib.compress(b"\0" * (1 + 3 * min(width, 100)) * min(height, 100))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(more) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
PLACE = chunk(b"tEXt", b"GPS\x00 55.6 N 13.0 E")


@pytest.fixture
def city():
    return build.city("malmo")


@pytest.fixture
def officer(city):
    return build.officer(city)


@pytest.fixture
def version(city, officer):
    return start_practice(NewRecord(city, "sv", "Broar"), by=officer)


@pytest.fixture
def browser(officer):
    return sign_in(Client(), officer)


def upload(body: bytes, name: str = "bridge.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, body)


def attach(version, by, body: bytes, name: str = "bridge.png", section: str = "pictures", row: uuid.UUID = ROW):
    return attach_file(version, section, row, upload(body, name), by=by, at=timezone.now())


def test_a_picture_is_uploaded_into_its_row_without_what_the_camera_wrote(browser, version):
    page = browser.get(at(version, "pictures", ROW)).content.decode()
    assert "PNG, JPEG or WebP, up to 5 MB." in page
    done = browser.post(at(version, "pictures", ROW), {"file": upload(png(3, 2, PLACE))})
    assert done.url == at(version, "pictures") + f"#row-{ROW}"
    file = PracticeFile.objects.get()
    assert (file.width, file.height, file.mime, file.kind) == (3, 2, "image/png", "picture")
    with file.file.open("rb") as kept:
        assert b"GPS" not in kept.read()
    rows = stored(version, "pictures").data["rows"]
    assert [(row["key"], row["file"]) for row in rows] == [(str(ROW), str(file.uuid))]
    page = browser.get(at(version, "pictures")).content.decode()
    assert f'src="/en/practices/files/{file.uuid}/"' in page
    assert "bridge.png" in page


def test_a_row_keeps_its_words_when_its_file_is_replaced_or_taken_out(browser, version, officer):
    key = str(uuid.uuid4())
    row = {"key": key, "title": "A study", "kind": "testimony", "year": "2020"}
    there = post(browser, version, "evidence", rows=[row], act=f"file:{key}")
    assert there.url == at(version, "evidence", key)
    for name in ("a.pdf", "b.pdf"):
        browser.post(there.url, {"file": upload(PDF, name)})
    (kept,) = stored(version, "evidence").data["rows"]
    newest = PracticeFile.objects.get(name="b.pdf")
    assert (kept["title"], kept["file"]) == ("A study", str(newest.uuid))
    post(browser, version, "evidence", rows=[{**row, "file": kept["file"]}], act=f"unfile:{key}")
    (kept,) = stored(version, "evidence").data["rows"]
    assert (kept["title"], kept["file"]) == ("A study", "")


@pytest.mark.parametrize(
    ("section", "name", "body", "words"),
    [
        ("pictures", "a.png", b"", "empty"),
        ("pictures", "a.svg", SVG, "PNG, JPEG or WebP"),
        ("pictures", "a.png", SVG, "PNG, JPEG or WebP"),
        ("pictures", "a.gif", b"GIF89a" + b"\0" * 40, "PNG, JPEG or WebP"),
        ("pictures", "a.png", png(10_000, 5_001), "50 megapixels"),
        ("pictures", "a.png", png() + b"\0" * MAX_PICTURE, "5 MB"),
        ("pictures", "a.png", png() + packed({"x.html": SVG}), "two kinds of file"),
        ("evidence", "a.pdf", b"", "empty"),
        ("evidence", "a.pdf", b"<html><script>alert(1)</script>", "not what its name says"),
        ("evidence", "a.docx", PDF, "as a PDF"),
        ("evidence", "a.pdf", PDF + packed({"x": b"y"}), "two kinds of file"),
    ],
)
def test_a_refused_file_says_why_and_nothing_is_lost(browser, version, officer, section, name, body, words):
    write(version, {section: {"rows": [{"key": str(ROW), "title": "Kept", "alt": "Kept"}]}}, officer)
    answer = browser.post(at(version, section, ROW), {"file": upload(body, name)})
    assert answer.status_code == 422
    assert answer.content.decode().count(words) >= 2
    assert not PracticeFile.objects.exists()
    assert len(stored(version, section).data["rows"]) == 1


def test_no_file_is_a_refusal_too(browser, version):
    answer = browser.post(at(version, "pictures", ROW))
    assert answer.status_code == 422
    assert "Choose a file." in answer.content.decode()


def test_a_document_above_the_limit_is_refused(version, officer, settings):
    settings.KOINE_UPLOAD_MAX_BYTES = len(PDF) - 1
    with pytest.raises(DomainError, match="too large"):
        attach(version, officer, PDF, "a.pdf", "evidence")


def test_a_section_without_files_and_a_full_one_take_none(version, officer):
    for section, code in (("lessons", "section"), ("nowhere", "section")):
        with pytest.raises(DomainError) as refusal:
            attach(version, officer, png(), section=section)
        assert refusal.value.code == code
    write(version, {"pictures": {"rows": [{"alt": f"{n}"} for n in range(8)]}}, officer)
    with pytest.raises(DomainError) as refusal:
        attach(version, officer, png())
    assert refusal.value.code == "rows"
    assert not PracticeFile.objects.exists()


def test_a_file_is_given_out_and_submitted_only_when_the_scanner_calls_it_clean(city, officer, browser, settings):
    settings.KOINE_CLAMD = "fake"
    version = ready(city, officer)
    attach(version, officer, png())
    row = {"key": str(ROW), "alt": "A bridge", "credit": "City", "file": str(PracticeFile.objects.get().uuid)}
    write(version, {"pictures": {"rows": [row]}}, officer)
    file = PracticeFile.objects.get()
    address = f"/en/practices/files/{file.uuid}/"
    assert (file.scan, browser.get(address).status_code) == ("pending", 404)
    assert "(being checked for viruses)" in browser.get(at(version, "pictures")).content.decode()
    with pytest.raises(DomainError) as refusal:
        submit_version(version, by=officer)
    assert refusal.value.code == f"file:{file.uuid}"
    scan_file(file.pk)
    assert b"".join(browser.get(address)) == png()
    submit_version(version, by=officer)
    publish_version(version, by=build.operator(), unreviewed_because="A small network.")
    assert PracticeImage.objects.get().file == file


def test_what_holds_a_virus_is_named_and_never_given_out(version, officer, browser, settings):
    settings.KOINE_CLAMD = "fake"
    file = attach(version, officer, PDF + EICAR, "a.pdf", "evidence")
    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=5), tick=False):
        assert (scan_waiting(), scan_waiting()) == (1, 0)
    file.refresh_from_db()
    assert file.scan == "infected"
    assert browser.get(f"/en/practices/files/{file.uuid}/").status_code == 404
    (fault,) = file_faults(version, {"evidence": stored(version, "evidence").data})
    assert "holds a virus" in fault.text


def test_files_that_nothing_names_are_swept_after_a_week_and_no_others(own_media, city, officer):
    version = ready(city, officer)
    named, dropped = attach(version, officer, png()), attach(version, officer, png(), row=uuid.uuid4())
    data = stored(version, "pictures").data
    row = {**data["rows"][0], "alt": "A bridge", "credit": "City"}
    write(version, {"pictures": {"rows": [row]}}, officer)
    path = dropped.file.name
    assert sweep_files() == 0
    now = timezone.now()
    with time_machine.travel(now + datetime.timedelta(days=8), tick=False):
        VersionSection.objects.filter(version=version).update(updated_at=timezone.now())
        assert sweep_files() == 0, "somebody wrote here and may bring it back"
        VersionSection.objects.filter(version=version).update(updated_at=now)
        assert default_storage.exists(path)
    submit_version(version, by=officer)
    publish_version(version, by=build.operator(), unreviewed_because="A small network.")
    with time_machine.travel(now + datetime.timedelta(days=8), tick=False):
        assert (sweep_files(), sweep_files()) == (1, 0)
    assert list(PracticeFile.objects.all()) == [named]


def test_a_file_of_a_version_that_was_given_up_is_kept_with_its_history(version, officer):
    file = attach(version, officer, png())
    discard_version(version, by=officer)
    with time_machine.travel(timezone.now() + datetime.timedelta(days=9), tick=False):
        assert sweep_files() == 0
    assert PracticeFile.objects.get() == file


def test_strangers_and_those_who_come_late_upload_nothing(version, officer, city):
    stranger = build.officer(build.city())
    with pytest.raises(DomainError):
        attach(version, stranger, png())
    assert sign_in(Client(), stranger).post(at(version, "pictures", ROW), {"file": upload(png())}).status_code == 404
    submitted = submit_version(ready(city, officer), by=officer)
    late = sign_in(Client(), officer).post(at(submitted, "pictures", ROW), {"file": upload(png())})
    assert late.status_code == 403
    assert not PracticeFile.objects.exists()
