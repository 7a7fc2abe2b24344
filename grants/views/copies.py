"""An application on paper, at any time."""

from __future__ import annotations

import logging

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from grants.documents.copy import copy_pdf
from grants.models import Application
from grants.queries.applications import get_application
from grants.rules.applications import can_view_application
from network.doors import needs
from network.frame.links import disposition
from network.typesetting import TypesettingError

log = logging.getLogger(__name__)


@needs(can_view_application, get_application)
@require_safe
def pdf(request: HttpRequest, application: Application) -> HttpResponse:
    """Every question with its answer so far, or with room to write it by hand; says whether it is a draft or was sent."""
    try:
        made = copy_pdf(application, settings.KOINE_BASE_URL)
    except TypesettingError:
        log.exception("no PDF of application %s", application.pk)
        return render(request, "grants/no_copy.html", {"application": application}, status=503)
    response = HttpResponse(made, content_type="application/pdf")
    name = application.reference or application.opaque_id
    response["Content-Disposition"] = disposition(f"{name}-{get_language()}.pdf", "application.pdf")
    response["Cache-Control"] = "private, no-store"
    return response
