"""Typst, the typesetter: a template and data become a PDF that screen readers can read (PDF/UA-1, ISO 14289-1).

Data travels as JSON and is never part of the template's text: nothing that people typed is run. Only our own typefaces
are used, by their path, and only templates of the folder of the one that is set can be opened. What they can't show is taken out beforehand
(`showable`), because one such letter would be an error.
"""

from __future__ import annotations

import ctypes
import hashlib
import json
import re
import struct
import threading
import unicodedata
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import typst
from django.conf import settings
from django.core.cache import cache
from django.db import transaction

from network.locks import hold_lock

STANDARD: Final = "ua-1"
UNKNOWN = "\ufffd"
# Vowel marks of Arabic script: a page of small type is read without them, and copied text is found without them.
VOWEL_MARKS = re.compile(r"[\u064b-\u0652\u0670]")
UNSEEN = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\ufffc\ufeff]")
# Runs of more letters without a space get soft hyphens, or they would leave the page.
LONGEST_RUN, PART = 24, 8
SOFT_HYPHEN = "\u00ad"
# For how many documents typst keeps what it computed (`comemo::evict` in typst-py), and one more.
KEPT_DOCUMENTS = 11
# Kept documents of a kind lie in as many places of the cache as this, 40 to 100 kB in each: never more than 13 MB of it.
PLACES = 128
KEPT_SECONDS = 30 * 24 * 3600
# glibc's own; other systems have no need of it.
TRIM = getattr(ctypes.CDLL(None), "malloc_trim", None)
# One document at a time in a process: memory stays that of one, and the second would only wait for the processor.
_busy = threading.Lock()


class TypesettingError(Exception):
    """No document came out. The message is for the log: what the typesetter said."""


def typeset(template: Path, data: dict[str, Any]) -> bytes:
    """The PDF of a template (a `.typ` file, which may open others of its folder) with that data, the same bytes for the same data.

    Raises TypesettingError where a typeface is missing or the standard is broken.
    """
    return _made(template, data, format="pdf", pdf_standards=STANDARD, timestamp=0)


def drawn(template: Path, data: dict[str, Any]) -> bytes:
    """The same page as a drawing (SVG), for the screen: letters are shapes, so it carries no text and needs no typeface."""
    return _made(template, data, format="svg")


def _made(template: Path, data: dict[str, Any], **how: Any) -> bytes:
    try:
        with _busy:
            compiler = _compiler(settings.BASE_DIR / "var" / "typefaces", template.parent)
            made = compiler.compile(
                input=str(template),
                sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
                **how,
            )
            _forget(compiler)
    except (RuntimeError, OSError) as error:
        raise TypesettingError(str(getattr(error, "diagnostic", error))) from error
    if not isinstance(made, bytes):
        raise TypesettingError(f"{template.name} gave no single document")
    return made


def found_in(template: Path, data: dict[str, Any], label: str) -> list[Any]:
    """The values of the metadata that a template with that data labels so, in the order of its pages; no PDF is made.

    Raises TypesettingError as `typeset` does.
    """
    faces = settings.BASE_DIR / "var" / "typefaces"
    try:
        with _busy:
            found = typst.query(
                input=str(template),
                selector=f"<{label}>",
                field="value",
                root=str(template.parent),
                font_paths=_fonts(faces),
                ignore_system_fonts=True,
                sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
            )
            _forget(_compiler(faces, template.parent))
    except (RuntimeError, OSError) as error:
        raise TypesettingError(str(getattr(error, "diagnostic", error))) from error
    values: list[Any] = json.loads(found)
    return values


def kept(kind: str, number: int, name: str, make: Callable[[], bytes]) -> bytes:
    """The document of that kind about the thing of that number, made once and kept: `name` (hexadecimal) is its content's
    hash, so that a change of anything in it makes another. One thing's are made one at a time, whatever the number of
    requests and processes."""
    place = f"{kind}.{int(name, 16) % PLACES}"
    if (there := cache.get(place)) and there[0] == name:
        return bytes(there[1])
    with transaction.atomic():
        hold_lock(f"{kind}.{number}")
        if (there := cache.get(place)) and there[0] == name:
            return bytes(there[1])
        made = make()
        cache.set(place, (name, made), KEPT_SECONDS)
    return made


def fingerprint(data: dict[str, Any], *templates: Path) -> str:
    """A name of a document's content: another one as soon as anything of it, or of its templates, is another."""
    text = json.dumps(data, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode() + _bytes_of(templates)).hexdigest()[:32]


@lru_cache(maxsize=8)
def _bytes_of(templates: tuple[Path, ...]) -> bytes:
    return b"".join(template.read_bytes() for template in templates)


def page_count(pdf: bytes) -> int:
    """How many pages a PDF of ours has: what the root of its page tree says."""
    found = re.search(rb"/Type/Pages/Count (\d+)", pdf)
    return int(found[1]) if found else 0


def _forget(compiler: typst.Compiler) -> None:
    """Give back what typst keeps of a document for the next ones: 80 MB a process after some, and ours share little.

    It drops what ten documents have not used, so empty ones follow (4 ms); glibc then returns the memory.
    """
    for _empty in range(KEPT_DOCUMENTS):
        compiler.compile(input=b"", format="pdf")
    if TRIM is not None:
        TRIM(0)


@lru_cache(maxsize=4)
def _compiler(faces: Path, folder: Path) -> typst.Compiler:
    return typst.Compiler(root=str(folder), font_paths=_fonts(faces), ignore_system_fonts=True)


@lru_cache(maxsize=2)
def _fonts(faces: Path) -> typst.Fonts:
    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=sorted({str(file.parent) for file in typeface_files(faces)}),
    )


def typeface_files(faces: Path) -> list[Path]:
    """The TTFs there are. TypesettingError where there is none: `python -m network.embedded.assets` brings them."""
    files = sorted(faces.glob("*/*.ttf"))
    if not files:
        raise TypesettingError(f"no typefaces in {faces}: run python -m network.embedded.assets")
    return files


def showable(text: str, longest_run: int = LONGEST_RUN) -> str:
    """Text as our typefaces can show it, in one direction, that breaks into lines.

    Composed (NFC), without marks that stay apart from their letter, Arabic vowel marks and invisible controls; letters
    of scripts that no face has become U+FFFD, one for a run of them; longer runs without a space may break.
    """
    text = UNSEEN.sub("", text)
    if not text.isascii():
        text = VOWEL_MARKS.sub("", unicodedata.normalize("NFC", text))
        known = covered(settings.BASE_DIR / "var" / "typefaces")
        text = "".join(
            character if ord(character) in known else UNKNOWN
            for character in text
            if unicodedata.category(character) not in {"Mn", "Me"}
        )
        text = re.sub(f"{UNKNOWN}+", UNKNOWN, text)
    return re.sub(rf"\S{{{longest_run + 1},}}", lambda run: _breakable(run[0]), text)


def _breakable(run: str) -> str:
    return SOFT_HYPHEN.join(run[start : start + PART] for start in range(0, len(run), PART))


@lru_cache(maxsize=2)
def covered(faces: Path) -> frozenset[int]:
    """The code points that a face of each weight has, and those that are no letters: spaces, line ends, joiners."""
    by_weight: dict[bool, set[int]] = {}
    for file in typeface_files(faces):
        by_weight.setdefault("_700" in file.name, set()).update(code_points(file.read_bytes()))
    return frozenset(set.intersection(*by_weight.values()) | {0x0A, 0x20, 0xA0, 0xAD, 0x200B, 0x200C, 0x200D, 0x2060})


def code_points(face: bytes) -> set[int]:
    """What a TrueType face can show, from its table `cmap`, formats 4 and 12 (OpenType 1.9)."""
    tables = {}
    for number in range(struct.unpack_from(">H", face, 4)[0]):
        tag, _sum, offset, _length = struct.unpack_from(">4sIII", face, 12 + 16 * number)
        tables[tag] = offset
    cmap = tables[b"cmap"]
    points: set[int] = set()
    for number in range(struct.unpack_from(">H", face, cmap + 2)[0]):
        _platform, _encoding, offset = struct.unpack_from(">HHI", face, cmap + 4 + 8 * number)
        table = cmap + offset
        form = struct.unpack_from(">H", face, table)[0]
        if form == 12:
            for group in range(struct.unpack_from(">I", face, table + 12)[0]):
                first, last, _glyph = struct.unpack_from(">III", face, table + 16 + 12 * group)
                points.update(range(first, last + 1))
        elif form == 4:
            points.update(_segments(face, table))
    return points


def _segments(face: bytes, table: int) -> set[int]:
    doubled = struct.unpack_from(">H", face, table + 6)[0]
    count = doubled // 2
    ends = struct.unpack_from(f">{count}H", face, table + 14)
    starts = struct.unpack_from(f">{count}H", face, table + 16 + doubled)
    deltas = struct.unpack_from(f">{count}H", face, table + 16 + 2 * doubled)
    ranges_at = table + 16 + 3 * doubled
    ranges = struct.unpack_from(f">{count}H", face, ranges_at)
    points = set()
    for number, (first, last, delta, reach) in enumerate(zip(starts, ends, deltas, ranges, strict=True)):
        for point in range(first, last + 1):
            glyph = point
            if reach:
                glyph = struct.unpack_from(">H", face, ranges_at + 2 * number + reach + 2 * (point - first))[0]
            if (glyph + delta) % 65536 if glyph or not reach else 0:
                points.add(point)
    return points
