"""What a section's page says every few seconds: somebody has it open; and what it is answered: who else has, or that it can't be
written any more."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_POST

from grants.domain.drafts import DEADLINE_PASSED
from grants.models import Application
from grants.models.questions import Section
from grants.queries.applications import get_section
from grants.queries.presence import others_here, place_of
from grants.rules.applications import can_edit_application, can_write_application
from grants.rules.rounds import accepts
from grants.views.drafts import on_application
from network.doors import Denied, needs
from network.frame.saving import answers_401
from network.presence import note_here


@answers_401
@needs(on_application(can_edit_application), get_section)
@require_POST
def here(request: HttpRequest, thing: tuple[Application, Section]) -> HttpResponse:
    """Note that this person writes in the section, and say who else does.

    A page that was left open hears why nothing of it is saved any more before somebody types into it.
    """
    application, section = thing
    if isinstance(verdict := can_write_application(request.user, application), Denied):
        return JsonResponse({"text": str(verdict.reason)})
    if not accepts(application, request.received_at):
        return JsonResponse({"text": str(DEADLINE_PASSED)})
    note_here(place_of(application, section.key), request.user.pk)
    return JsonResponse({"text": others_here(application, section.key, request.user)})
