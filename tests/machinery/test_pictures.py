"""A picture loses what its camera wrote into it, and looks the same."""

from __future__ import annotations

import struct
import zlib

import pytest

from network.pictures import measure, without_metadata

PLACE = b"GPS 59.3293 N 18.0686 E"


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def segment(marker: int, body: bytes) -> bytes:
    return bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body


def exif(turned: int, order: str = "II") -> bytes:
    sign = "<" if order == "II" else ">"
    entries = struct.pack(sign + "HHHIHH", 2, 0x0112, 3, 1, turned, 0) + struct.pack(sign + "HHII", 0x9286, 7, 23, 44)
    tiff = order.encode() + struct.pack(sign + "HI", 42, 8) + entries + b"\0" * 4 + PLACE
    return segment(0xE1, b"Exif\0\0" + tiff)


FRAME = segment(0xC0, struct.pack(">BHHB", 8, 480, 640, 1) + b"\x01\x11\0")
SCAN = segment(0xDA, b"\x01\x01\0\0\x3f\0") + b"pixels \xff\0 pixels\xff\xd9"
PROFILE = segment(0xE2, b"ICC_PROFILE\0\x01\x01colours")


def jpeg(*segments: bytes) -> bytes:
    return b"\xff\xd8" + b"".join(segments) + FRAME + SCAN


def png(*chunks: bytes) -> bytes:
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 640, 480, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(chunks) + chunk(b"IDAT", b"pixels") + chunk(b"IEND", b"")


def webp(*chunks: tuple[bytes, bytes], flags: int) -> bytes:
    extended = (b"VP8X", bytes([flags, 0, 0, 0]) + (639).to_bytes(3, "little") + (479).to_bytes(3, "little"))
    parts = (extended, (b"VP8 ", b"pixels"), *chunks)
    body = b"".join(kind + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2) for kind, data in parts)
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


@pytest.mark.parametrize(
    ("taken", "bare"),
    [
        (png(chunk(b"eXIf", PLACE), chunk(b"tEXt", PLACE), chunk(b"gAMA", b"1234")), png(chunk(b"gAMA", b"1234"))),
        (
            jpeg(exif(1), PROFILE, segment(0xFE, PLACE), segment(0xE1, b"http://ns.adobe.com/xap/" + PLACE)),
            jpeg(PROFILE),
        ),
        (jpeg(segment(0xE2, b"MPF\0" + PLACE), segment(0xED, PLACE)), jpeg()),
        (webp((b"EXIF", PLACE), (b"XMP ", PLACE), flags=0x2C), webp(flags=0x20)),
    ],
    ids=["png", "jpeg", "jpeg with a second picture inside", "webp"],
)
def test_place_and_words_are_gone_and_the_rest_is_the_same(taken, bare):
    assert PLACE in taken
    assert without_metadata(taken) == bare
    assert measure(bare) == measure(taken)
    assert without_metadata(bare) == bare


@pytest.mark.parametrize("order", ["II", "MM"])
@pytest.mark.parametrize("turned", [3, 6, 8])
def test_a_photograph_stays_the_way_up(turned, order):
    bare = without_metadata(jpeg(exif(turned, order)))
    assert PLACE not in bare
    assert bare == jpeg(bare[2 : 2 + 38 - 2])
    assert bare[2:12] == b"\xff\xe1\0\x22Exif\0\0"
    assert bare[30:34] == struct.pack(">HH", turned, 0)


@pytest.mark.parametrize("picture", [jpeg(exif(9)), jpeg(exif(0))], ids=["9", "0"])
def test_an_orientation_that_does_not_exist_is_left_out(picture):
    assert without_metadata(picture) == jpeg()


@pytest.mark.parametrize(
    "whole",
    [jpeg(exif(6), PROFILE), png(chunk(b"tEXt", PLACE)), webp((b"EXIF", PLACE), flags=8)],
    ids=["jpeg", "png", "webp"],
)
def test_a_picture_that_is_cut_off_anywhere_raises_nothing(whole):
    for length in range(len(whole)):
        part = without_metadata(whole[:length])
        assert len(part) <= length + 40
