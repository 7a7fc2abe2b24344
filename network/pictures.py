"""What a picture's own first bytes say it is: kind and size in pixels, without decoding it.

Only the three kinds that browsers show and that carry no script: PNG, JPEG, WebP. SVG is a program and is refused.
Sources: PNG (ISO/IEC 15948) 11.2.2, JPEG (ITU T.81) B.2.2, WebP container specification and RFC 6386 9.1.
"""

from __future__ import annotations

from dataclasses import dataclass

MAX_PIXELS = 50_000_000
# The JPEG markers that open a frame; C4, C8 and CC are tables in the same range.
JPEG_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
JPEG_BARE = frozenset({0x01, *range(0xD0, 0xD9)})


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
