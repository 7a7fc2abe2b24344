"""Which files a record takes: pictures by what their own bytes say, documents as PDF. Pure: reads, writes nothing."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from typing import IO

from django.utils.translation import gettext_lazy as _

from network.doors import Denied, DomainError
from network.pictures import NotAPicture, TooManyPixels, measure, without_metadata
from network.uploads import EMPTY, TWO_KINDS, can_take_file, ending_of
from practices.enums import FileKind

MAX_PICTURE = 5 * 1024 * 1024
ACCEPT = {FileKind.PICTURE: ".png,.jpg,.jpeg,.webp", FileKind.DOCUMENT: ".pdf"}
ENDINGS = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp", "application/pdf": "pdf"}


@dataclass(frozen=True)
class Taken:
    """A file as it is kept: its bytes, what they are, and a picture's pixels."""

    data: bytes
    mime: str
    width: int = 0
    height: int = 0


def take_in(kind: str, name: str, size: int, file: IO[bytes]) -> Taken:
    """The file as it is kept; a picture loses what its camera wrote into it. DomainError `file` where it can't be."""
    return _picture(size, file) if kind == FileKind.PICTURE else _document(name, size, file)


def _picture(size: int, file: IO[bytes]) -> Taken:
    if size > MAX_PICTURE:
        raise DomainError(_("The picture is larger than 5 MB."), code="file")
    data = file.read()
    if not data:
        raise DomainError(EMPTY, code="file")
    try:
        picture = measure(data)
    except TooManyPixels as error:
        raise DomainError(_("The picture has more than 50 megapixels. Make it smaller."), code="file") from error
    except NotAPicture as error:
        raise DomainError(_("Send the picture as PNG, JPEG or WebP."), code="file") from error
    # An archive hung onto the end of a picture would open as both.
    if zipfile.is_zipfile(io.BytesIO(data)):
        raise DomainError(TWO_KINDS, code="file")
    return Taken(without_metadata(data), picture.media_type, picture.width, picture.height)


def _document(name: str, size: int, file: IO[bytes]) -> Taken:
    if ending_of(name) != "pdf":
        raise DomainError(_("Send the document as a PDF."), code="file")
    verdict = can_take_file(name, size, file)
    if isinstance(verdict, Denied):
        raise DomainError(verdict.reason, code="file")
    file.seek(0)
    return Taken(file.read(), "application/pdf")
