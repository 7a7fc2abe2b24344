"""What a version will be: its page and its fact sheet side by side, at every stage of writing."""

from __future__ import annotations

import logging

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.cache import get_conditional_response
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from network.doors import needs
from network.frame.links import disposition
from network.typesetting import TypesettingError
from practices.documents.fact_sheet import fact_sheet, fact_sheet_drawing, file_name, fingerprint, sheet_data
from practices.models import PracticeVersion
from practices.queries import record as queries
from practices.queries.adoptions import Reuse
from practices.queries.preview import preview
from practices.rules.versions import can_view_version, can_write_version
from practices.views.library import facts, resources

log = logging.getLogger(__name__)


@needs(can_view_version, queries.get_version)
@require_safe
def record_preview(request: HttpRequest, version: PracticeVersion) -> HttpResponse:
    """The page as it will be read, and the sheet as it will be printed; what is wrong so far is left out of both."""
    found = preview(version, get_language() or "en")
    context = {
        "version": version,
        "found": found,
        "practice": found.practice,
        "facts": facts(found),
        "resources": resources(found),
        "draft": True,
        "reuse": Reuse(False, []),
        "may_write": bool(can_write_version(request.user, version)),
    }
    return render(request, "practices/record_preview.html", context)


@needs(can_view_version, queries.get_version)
@require_safe
def record_sheet(request: HttpRequest, version: PracticeVersion) -> HttpResponseBase:
    """The version's fact sheet as a PDF."""
    return _sheet(request, version, "pdf")


@needs(can_view_version, queries.get_version)
@require_safe
def record_drawing(request: HttpRequest, version: PracticeVersion) -> HttpResponseBase:
    """The same sheet as a drawing, for the preview."""
    return _sheet(request, version, "svg")


TYPES = {"pdf": "application/pdf", "svg": "image/svg+xml"}


def _sheet(request: HttpRequest, version: PracticeVersion, kind: str) -> HttpResponseBase:
    data = sheet_data(preview(version, get_language() or "en"), settings.KOINE_BASE_URL, draft=True)
    etag = f'"{fingerprint(data)}"'
    if unchanged := get_conditional_response(request, etag=etag):
        return unchanged
    try:
        made = fact_sheet(data) if kind == "pdf" else fact_sheet_drawing(data)
    except TypesettingError:
        log.exception("no fact sheet of version %s", version.pk)
        context = {"page_url": version.get_absolute_url()}
        return render(request, "practices/no_sheet.html", context, status=503)
    response = HttpResponse(made, content_type=TYPES[kind])
    response["ETag"] = etag
    if kind == "pdf":
        response["Content-Disposition"] = disposition(file_name(version.practice, version.language), "koine.pdf")
    else:
        # A drawing opened by itself may style its own shapes, and nothing else.
        response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    return response
