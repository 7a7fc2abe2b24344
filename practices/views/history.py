"""A practice's history for everyone, and what a version on its way changes, for those who write, review and decide."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from network.doors import needs, public
from network.frame.pagecache import cached
from practices.enums import State, VersionState
from practices.models import Practice, PracticeVersion
from practices.queries.deciding import get_version
from practices.queries.differences import differences, stored, stored_when_sent_back
from practices.queries.history import history
from practices.queries.snapshot import snapshot
from practices.queries.told import file_names
from practices.queries.versions import city_name, version_title
from practices.rules.reviews import can_read_version
from practices.views.library import renamed_page

SENT_BACK = "revision"


@public
@require_safe
@cached
def practice_history(request: HttpRequest, slug: str) -> HttpResponse:
    """The published versions, and what differs between two of them: `?from=1&to=3`."""
    practice = Practice.objects.visible_to(request.user).select_related("city").filter(slug=slug).first()
    if practice is None:
        return renamed_page(request, slug, "practices:history")
    code = get_language() or "en"
    shown = Practice.objects.for_language(code, "title").filter(pk=practice.pk).get()
    context = {
        "practice": practice,
        "title": vars(shown)["shown_title"],
        "language": vars(shown)["shown_language"],
        "city": city_name(practice.city, code),
        "found": history(practice, request.GET.dict()),
    }
    return render(request, "practices/history.html", context)


@needs(can_read_version, get_version)
@require_safe
def version_changes(request: HttpRequest, version: PracticeVersion) -> HttpResponse:
    """What a version changes: against the public page, or `?since=revision` against what it was when it was sent back."""
    practice = version.practice
    earlier = stored_when_sent_back(version) if version.state != VersionState.PUBLISHED else None
    since = SENT_BACK if request.GET.get("since") == SENT_BACK and earlier is not None else "public"
    before = earlier if since == SENT_BACK else snapshot(practice) if practice.state == State.PUBLISHED else None
    context = {
        "version": version,
        "title": version_title(version),
        "city": city_name(practice.city, get_language() or "en"),
        "since": since,
        "sent_back": earlier is not None,
        "new": before is None,
        "changes": differences(before or {}, stored(version), version.language, file_names(practice)),
    }
    return render(request, "practices/version_changes.html", context)
