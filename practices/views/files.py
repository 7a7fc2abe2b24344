"""Pictures and documents of practices: public ones for everyone, those of versions for who writes or reviews them."""

from __future__ import annotations

import uuid as ids
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe

from network.doors import Allowed, Verdict, public
from network.scanner import Scan
from practices.enums import FileKind
from practices.models import PracticeFile
from practices.queries.files import is_public
from practices.rules import can_create_practice
from practices.rules.reviews import reviews_practice

ENDINGS = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp", "application/pdf": "pdf"}


def can_open_file(user: Any, file: PracticeFile) -> Verdict:
    """May this person open it? Everybody what a published practice shows; the rest who writes for the city or reviews it."""
    if is_public(file) or reviews_practice(user, file.practice):
        return Allowed()
    return can_create_practice(user, file.practice.city)


def get_file(user: Any, uuid: ids.UUID) -> PracticeFile:
    """The file; 404 for one that is not clean, and for one that this person may not know of."""
    file = PracticeFile.objects.select_related("practice__city").filter(uuid=uuid, scan=Scan.CLEAN).first()
    if file is None or not can_open_file(user, file):
        raise Http404
    return file


@public
@require_safe
def practice_file(request: HttpRequest, uuid: ids.UUID) -> HttpResponseBase:
    """The bytes, of the type we found in them; they can run nothing. Documents are saved, pictures shown."""
    file = get_file(request.user, uuid)
    ending = ENDINGS.get(file.mime)
    if ending is None:
        raise Http404
    try:
        response = FileResponse(file.file.open("rb"), content_type=file.mime)
    except FileNotFoundError as error:
        raise Http404 from error
    shown = "inline" if file.kind == FileKind.PICTURE else "attachment"
    response["Content-Disposition"] = f'{shown}; filename="{file.kind}-{file.pk}.{ending}"'
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    # A file never changes; whether it is public may.
    response["Cache-Control"] = "public, max-age=86400" if is_public(file) else "private, no-store"
    return response
