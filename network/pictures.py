"""What a picture's own bytes say it is, and the same picture without what its camera added. Nothing is decoded.

Only the three kinds that browsers show and that carry no script: PNG, JPEG, WebP. SVG is a program and is refused.
Sources: PNG (ISO/IEC 15948) 5.3 and 11, JPEG (ITU T.81) annex B, JFIF and Exif 2.3 (JEITA CP-3451) 4.5 and 4.6, WebP
container specification and RFC 6386 9.1.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Literal

MAX_PIXELS = 50_000_000
# The JPEG markers that open a frame; C4, C8 and CC are tables in the same range.
JPEG_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
JPEG_BARE = frozenset({0x01, *range(0xD0, 0xD9)})
# Kept of a picture: what it needs to look right. JFIF's density, the colour profile and Adobe's colour transform of a
# JPEG; of a PNG all but these chunks; of a WebP all but these.
JPEG_START_OF_SCAN = 0xDA
JPEG_KEPT_APPS = frozenset({0xE0, 0xE2, 0xEE})
PNG_DROPPED = frozenset({b"eXIf", b"tEXt", b"zTXt", b"iTXt", b"tIME"})
WEBP_DROPPED = frozenset({b"EXIF", b"XMP "})
WEBP_FLAGS_OF_DROPPED = 0x08 | 0x04
ORIENTATION = 0x0112


class NotAPicture(ValueError):
    """The bytes are no PNG, JPEG or WebP, or are cut off."""


class TooManyPixels(ValueError):
    """More than `MAX_PIXELS`: a small file can unfold into gigabytes in every reader's browser."""


@dataclass(frozen=True)
class Picture:
    """A kind of picture (media type and file ending) and its size in pixels."""

    media_type: str
    ending: str
    width: int
    height: int


def measure(data: bytes) -> Picture:
    """The kind and size of a picture. Raises NotAPicture or TooManyPixels."""
    picture = _png(data) or _jpeg(data) or _webp(data)
    if picture is None or not picture.width or not picture.height:
        raise NotAPicture
    if picture.width * picture.height > MAX_PIXELS:
        raise TooManyPixels
    return picture


def _png(data: bytes) -> Picture | None:
    if not data.startswith(b"\x89PNG\r\n\x1a\n") or data[12:16] != b"IHDR" or len(data) < 33:
        return None
    return Picture("image/png", "png", int.from_bytes(data[16:20]), int.from_bytes(data[20:24]))


def _jpeg(data: bytes) -> Picture | None:
    if not data.startswith(b"\xff\xd8\xff"):
        return None
    at = 2
    while at + 9 <= len(data):
        if data[at] != 0xFF:
            return None
        marker = data[at + 1]
        if marker == 0xFF:
            at += 1
        elif marker in JPEG_BARE:
            at += 2
        elif marker in JPEG_FRAMES:
            height, width = int.from_bytes(data[at + 5 : at + 7]), int.from_bytes(data[at + 7 : at + 9])
            return Picture("image/jpeg", "jpg", width, height)
        else:
            at += 2 + int.from_bytes(data[at + 2 : at + 4])
    return None


def _webp(data: bytes) -> Picture | None:
    if data[:4] != b"RIFF" or data[8:12] != b"WEBP" or len(data) < 30:
        return None
    chunk = data[12:16]
    if chunk == b"VP8X":
        width, height = 1 + int.from_bytes(data[24:27], "little"), 1 + int.from_bytes(data[27:30], "little")
    elif chunk == b"VP8L" and data[20] == 0x2F:
        bits = int.from_bytes(data[21:25], "little")
        width, height = 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    elif chunk == b"VP8 " and data[23:26] == b"\x9d\x01\x2a":
        width, height = int.from_bytes(data[26:28], "little") & 0x3FFF, int.from_bytes(data[28:30], "little") & 0x3FFF
    else:
        return None
    return Picture("image/webp", "webp", width, height)


def without_metadata(data: bytes) -> bytes:
    """The same picture without place, moment, camera and words that were stored with it; pixels and colours untouched.

    The way up (Exif's orientation) stays: without it a browser would show a photograph lying down. `data` is what
    `measure` accepted; a part that is cut off ends the walk and is kept as it is.
    """
    if data.startswith(b"\x89PNG"):
        return _png_bare(data)
    if data.startswith(b"\xff\xd8"):
        return _jpeg_bare(data)
    return _webp_bare(data)


def _png_bare(data: bytes) -> bytes:
    kept, at = [data[:8]], 8
    while at + 12 <= len(data):
        end = at + 12 + int.from_bytes(data[at : at + 4])
        if data[at + 4 : at + 8] not in PNG_DROPPED:
            kept.append(data[at:end])
        at = end
    return b"".join(kept) + data[at:]


def _jpeg_bare(data: bytes) -> bytes:
    kept, at, turned = [data[:2]], 2, 1
    while at + 4 <= len(data) and data[at] == 0xFF and data[at + 1] != JPEG_START_OF_SCAN:
        marker = data[at + 1]
        if marker == 0xFF or marker in JPEG_BARE:
            end = at + (1 if marker == 0xFF else 2)
        else:
            end = at + 2 + int.from_bytes(data[at + 2 : at + 4])
        segment = data[at:end]
        if marker == 0xE1 and segment[4:10] == b"Exif\0\0":
            turned = _orientation(segment[10:])
        is_metadata = marker == 0xFE or (0xE0 <= marker <= 0xEF and marker not in JPEG_KEPT_APPS)
        # APP2 is the colour profile's place, and also that of a second picture inside the file.
        if not is_metadata and (marker != 0xE2 or segment[4:16] == b"ICC_PROFILE\0"):
            kept.append(segment)
        at = end
    if turned != 1:
        kept.insert(1, _exif_of(turned))
    return b"".join(kept) + data[at:]


def _orientation(tiff: bytes) -> int:
    """Exif's orientation, 1 to 8; 1 (as it lies) where it is not told."""
    order: Literal["little", "big"] = "little" if tiff[:2] == b"II" else "big"
    first = int.from_bytes(tiff[4:8], order)
    entries = int.from_bytes(tiff[first : first + 2], order)
    for number in range(min(entries, 200)):
        entry = tiff[first + 2 + 12 * number : first + 14 + 12 * number]
        if int.from_bytes(entry[:2], order) == ORIENTATION and len(entry) == 12:
            value = int.from_bytes(entry[8:10], order)
            return value if 1 <= value <= 8 else 1
    return 1


def _exif_of(turned: int) -> bytes:
    """An Exif segment that says the orientation and nothing else."""
    tiff = b"MM\0\x2a\0\0\0\x08" + b"\0\x01" + struct.pack(">HHIHH", ORIENTATION, 3, 1, turned, 0) + b"\0\0\0\0"
    body = b"Exif\0\0" + tiff
    return b"\xff\xe1" + (len(body) + 2).to_bytes(2) + body


def _webp_bare(data: bytes) -> bytes:
    kept, at = [], 12
    while at + 8 <= len(data):
        size = int.from_bytes(data[at + 4 : at + 8], "little")
        end = at + 8 + size + size % 2
        chunk = data[at:end]
        if chunk[:4] == b"VP8X" and len(chunk) >= 9:
            chunk = chunk[:8] + bytes([chunk[8] & ~WEBP_FLAGS_OF_DROPPED]) + chunk[9:]
        if chunk[:4] not in WEBP_DROPPED:
            kept.append(chunk)
        at = end
    body = b"WEBP" + b"".join(kept) + data[at:]
    return b"RIFF" + len(body).to_bytes(4, "little") + body
