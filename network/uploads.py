"""Which files may come in: by ending AND by what their bytes say. Pure: reads the given file, writes nothing.

The kinds are those an organisation sends with an application. Nothing that runs or draws itself in a browser is among
them (SVG, HTML), nor anything with macros, and archives only as office documents within bounds.
"""

from __future__ import annotations

import hashlib
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO

import puremagic
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from network.doors import Allowed, Denied, DomainError, Verdict
from network.text import clean_line

MAX_ENTRIES = 2_000
MAX_UNPACKED = 100 * 1024 * 1024
MAX_NAME = 150
HEAD = 4096


@dataclass(frozen=True)
class Kind:
    """A kind of file: its media type, the bytes it begins with, and for packed documents the entry that proves it."""

    mime: str
    magic: bytes
    proof: str = ""
    says: bytes = b""


_OOXML = "application/vnd.openxmlformats-officedocument."
_ODF = "application/vnd.oasis.opendocument."
KINDS: dict[str, Kind] = {
    "pdf": Kind("application/pdf", b"%PDF-"),
    "png": Kind("image/png", b"\x89PNG\r\n\x1a\n"),
    "jpg": Kind("image/jpeg", b"\xff\xd8\xff"),
    "jpeg": Kind("image/jpeg", b"\xff\xd8\xff"),
    "docx": Kind(_OOXML + "wordprocessingml.document", b"PK\x03\x04", "[Content_Types].xml", b"wordprocessingml.document.main+xml"),
    "xlsx": Kind(_OOXML + "spreadsheetml.sheet", b"PK\x03\x04", "[Content_Types].xml", b"spreadsheetml.sheet.main+xml"),
    "odt": Kind(_ODF + "text", b"PK\x03\x04", "mimetype", (_ODF + "text").encode()),
    "ods": Kind(_ODF + "spreadsheet", b"PK\x03\x04", "mimetype", (_ODF + "spreadsheet").encode()),
}  # fmt: skip
ACCEPT = ",".join(f".{ending}" for ending in KINDS)
# Parts of office documents that run by themselves.
MACROS = ("vbaproject", "vbadata", "/macrosheets/", "/activex/")
ODF_MACROS = ("basic/", "scripts/")

WRONG_KIND = _("Upload a PDF, Word, Excel, OpenDocument, PNG or JPEG file.")
WRONG_BYTES = _("This file is not what its name says. Save it again in its own program, then upload it.")
TOO_LARGE = _("The file is too large. The limit is %(limit)s MB.")
EMPTY = _("The file is empty.")
HAS_MACROS = _("The file contains macros. Save it without macros, then upload it.")
UNREADABLE = _("The file can’t be opened. It may be damaged or protected by a password.")
TOO_PACKED = _("The file unpacks to more than 100 MB or to too many parts. Upload it as a PDF.")
TWO_KINDS = _("The file is two kinds of file in one. Save it again in its own program, then upload it.")


def clean_name(raw: str) -> str:
    """A file's name without folders, line breaks, controls, direction overrides and leading dots; at most 150 characters."""
    name = clean_line(raw.replace("\\", "/").rsplit("/", 1)[-1])
    name = "".join("_" if c in '<>:"|?*;%' else c for c in name).strip(". ")
    stem, dot, ending = name.rpartition(".")
    if not dot:
        return name[:MAX_NAME]
    return f"{stem[: MAX_NAME - len(ending) - 1].strip()}.{ending[:10]}"


def ending_of(name: str) -> str:
    """The last ending of a name in small letters; nothing where it has none."""
    return PurePosixPath(name).suffix.lstrip(".").lower()


def can_take_file(name: str, size: int, file: IO[bytes]) -> Verdict:
    """Whether a file may come in. `file` is at its beginning and is left anywhere."""
    kind = KINDS.get(ending_of(name))
    if kind is None:
        return Denied(WRONG_KIND)
    if size > settings.KOINE_UPLOAD_MAX_BYTES:
        return Denied(TOO_LARGE % {"limit": settings.KOINE_UPLOAD_MAX_BYTES // (1024 * 1024)})
    head = file.read(HEAD)
    if not head:
        return Denied(EMPTY)
    if not head.startswith(kind.magic) or not _agrees(head, kind):
        return Denied(WRONG_BYTES)
    file.seek(0)
    if kind.proof:
        return _packed(file, kind)
    # An archive hung onto the end of a picture or PDF would open as both.
    return Denied(TWO_KINDS) if zipfile.is_zipfile(file) else Allowed()


@dataclass(frozen=True)
class Taken:
    """What came in: its cleaned name, its size in bytes, its digest and media type, and the file at its beginning."""

    name: str
    size: int
    sha256: str
    mime: str
    content: IO[bytes]


def take_in(upload: UploadedFile) -> Taken:
    """Judge what was sent. DomainError `file` where its kind, size or content is not allowed."""
    name, size, content = clean_name(upload.name or ""), upload.size or 0, upload.file
    assert content is not None, "an upload has a file"
    verdict = can_take_file(name, size, content)
    if isinstance(verdict, Denied):
        raise DomainError(verdict.reason, code="file")
    content.seek(0)
    digest = hashlib.file_digest(content, "sha256")  # type: ignore[arg-type]
    content.seek(0)
    return Taken(name, size, digest.hexdigest(), KINDS[ending_of(name)].mime, content)


def _agrees(head: bytes, kind: Kind) -> bool:
    if kind.proof:
        return True  # a packed document proves itself by its entries
    try:
        return any(match.mime_type == kind.mime for match in puremagic.magic_string(head))
    except puremagic.PureError:
        return False


def _packed(file: IO[bytes], kind: Kind) -> Verdict:
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
            if len(entries) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > MAX_UNPACKED:
                return Denied(TOO_PACKED)
            names = [entry.filename.lower() for entry in entries]
            if any(name.startswith("/") or ".." in name.split("/") for name in names):
                return Denied(WRONG_BYTES)
            if any(entry.flag_bits & 1 for entry in entries):
                return Denied(UNREADABLE)
            if any(mark in f"/{name}" for name in names for mark in MACROS) or any(
                name.startswith(ODF_MACROS) for name in names
            ):
                return Denied(HAS_MACROS)
            return _proven(archive, entries, kind)
    except (zipfile.BadZipFile, zlib.error, OSError, RuntimeError, NotImplementedError, EOFError, ValueError):
        return Denied(UNREADABLE)


def _proven(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], kind: Kind) -> Verdict:
    """Unpack every entry within bounds: sizes in the directory may lie, and a checksum that does not fit raises."""
    total, proof = 0, b""
    for entry in entries:
        with archive.open(entry) as part:
            while chunk := part.read(64 * 1024):
                total += len(chunk)
                if total > MAX_UNPACKED:
                    return Denied(TOO_PACKED)
                if entry.filename == kind.proof and len(proof) < 1024 * 1024:
                    proof += chunk
    if b"macroenabled" in proof.lower():
        return Denied(HAS_MACROS)
    fits = proof.strip() == kind.says if kind.proof == "mimetype" else kind.says in proof
    return Allowed() if fits else Denied(WRONG_BYTES)
