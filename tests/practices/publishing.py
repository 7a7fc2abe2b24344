"""Publications for tests: ordered and made through the domain, read with pypdf."""

from __future__ import annotations

import io
import re
import uuid
from datetime import timedelta
from typing import Any

from django.utils import timezone
from pypdf import PdfReader

from network.people.models import User
from practices.domain.publications import Order, order_publication
from practices.domain.publishing import make_publication
from practices.models import Collection, Practice, PublicationVersion
from practices.queries.publications import plan_of, plan_of_collection

# Breaks a word where it was too long, and keeps names apart from the direction around them.
UNSEEN = re.compile("[\u00ad\u2066-\u2069\u200f\u200e]")


def order(*practices: Practice, by: User, collection: Collection | None = None, **said: Any) -> PublicationVersion:
    """A publication that waits: of the collection, else of these practices."""
    plan = plan_of_collection(collection) if collection else plan_of([one.pk for one in practices])
    told = {"title": "Against hate", "words_language": "en", "language": "en", **said}
    return order_publication(Order(**told), plan, by=by, collection=collection)


def made(*practices: Practice, by: User, collection: Collection | None = None, **said: Any) -> PublicationVersion:
    """The same when it is ready."""
    version = order(*practices, by=by, collection=collection, **said)
    assert make_publication(version.pk)
    version.refresh_from_db()
    return version


def bytes_of(version: PublicationVersion) -> bytes:
    with version.file.open("rb") as file:
        return bytes(file.read())


def pdf_of(version: PublicationVersion) -> PdfReader:
    return PdfReader(io.BytesIO(bytes_of(version)))


def pages_of(version: PublicationVersion, after: int = 0) -> list[str]:
    """The text of each page, or of those after the first so many, in one line."""
    return [" ".join(UNSEEN.sub("", page.extract_text()).split()) for page in pdf_of(version).pages[after:]]


def marks_of(version: PublicationVersion) -> list[tuple[int, str, int]]:
    """The bookmarks of the PDF: depth, title, page counted from 1."""
    reader = pdf_of(version)

    def walked(rows: list, depth: int):
        for row in rows:
            if isinstance(row, list):
                yield from walked(row, depth + 1)
            else:
                yield depth, UNSEEN.sub("", row.title), (reader.get_destination_page_number(row) or 0) + 1

    return list(walked(reader.outline, 0))


def languages_of(version: PublicationVersion) -> set[str]:
    """The languages that parts of the PDF are tagged with."""
    return languages_in(bytes_of(version))


def languages_in(pdf: bytes) -> set[str]:
    """The languages that parts of a PDF made by typst are tagged with."""
    return {one.decode() for one in re.findall(rb"/Lang ?\(([^)]*)\)", pdf)}


def running(version: PublicationVersion, *, minutes: int = 3, attempts: int = 1) -> PublicationVersion:
    """The version as a worker holds it whose lease ends in so many minutes."""
    PublicationVersion.objects.filter(pk=version.pk).update(
        state="running", token=uuid.uuid4(), attempts=attempts, lease_until=timezone.now() + timedelta(minutes=minutes)
    )
    version.refresh_from_db()
    return version


def state(version: PublicationVersion) -> str:
    version.refresh_from_db()
    return version.state
