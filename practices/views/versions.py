"""Versions on their way: the queue of those who decide, a version's own page, and the two decisions."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext as _
from django.views.decorators.http import require_POST, require_safe

from network.doors import DomainError, needs
from practices.domain import ask_revision, publish_version
from practices.enums import State
from practices.forms.reviews import PublishForm, RevisionForm
from practices.models import PracticeVersion
from practices.queries.deciding import VersionPage, get_version, version_page
from practices.queries.preview import preview
from practices.queries.waiting import waiting_versions
from practices.rules.reviews import can_ask_reviewer, can_lead_review, can_read_version, can_see_versions
from practices.rules.versions import can_ask_revision, can_publish_version, can_view_version, can_write_version
from practices.views.documents import sheet_response
from practices.views.library import facts, resources


def nothing(user: object) -> None:
    """The queue is about no version in particular."""


@needs(can_see_versions, nothing)
@require_safe
def version_queue(request: HttpRequest, thing: None) -> HttpResponse:
    """What waits for a decision in the cities of one's networks."""
    found = waiting_versions(request.user, get_language() or "en", request.GET.get("page"))
    return render(request, "practices/versions.html", {"found": found})


@needs(can_view_version, get_version)
@require_safe
def version(request: HttpRequest, version: PracticeVersion) -> HttpResponse:
    """A version: where it stands, its way so far; for those who decide also its reviews side by side."""
    return _page(request, version)


@needs(can_lead_review, get_version)
@require_POST
def publish(request: HttpRequest, version: PracticeVersion) -> HttpResponse:
    """Make it public."""
    page = version_page(request.user, version)
    form = _publish_form(page, request.POST)
    if not form.is_valid():
        return _page(request, version, page=page, publish_form=form)
    said = form.cleaned_data
    try:
        practice = publish_version(
            version,
            by=request.user,
            decision=said["decision"],
            unreviewed_because=said.get("unreviewed_because", ""),
            minor=said.get("minor"),
            notes=said.get("notes", ()),
        )
    except DomainError as refused:
        version.refresh_from_db()
        return _page(request, version, publish_form=form, refusal=str(refused))
    messages.success(request, _("The version is published: everyone can read and find it."))
    return redirect(practice)


@needs(can_lead_review, get_version)
@require_POST
def revise(request: HttpRequest, version: PracticeVersion) -> HttpResponse:
    """Send it back with what must change."""
    page = version_page(request.user, version)
    form = _revision_form(page, request.POST)
    if not form.is_valid():
        return _page(request, version, page=page, revision_form=form)
    said = form.cleaned_data
    try:
        ask_revision(
            version,
            by=request.user,
            reason=said["reason"],
            second_look=said.get("second_look", True),
            notes=said.get("notes", ()),
        )
    except DomainError as refused:
        version.refresh_from_db()
        return _page(request, version, revision_form=form, refusal=str(refused))
    messages.success(request, _("The city is told what must change."))
    return redirect("practices:version", version.practice.slug, version.number)


@needs(can_read_version, get_version)
@require_safe
def version_preview(request: HttpRequest, version: PracticeVersion) -> HttpResponse:
    """The page that the version will be."""
    found = preview(version, get_language() or "en")
    context = {
        "version": version,
        "found": found,
        "practice": found.practice,
        "facts": facts(found),
        "resources": resources(found),
    }
    return render(request, "practices/version_preview.html", context)


@needs(can_read_version, get_version)
@require_safe
def version_sheet(request: HttpRequest, version: PracticeVersion) -> HttpResponse:
    """The fact sheet that the version will have; it says that it is not public."""
    return sheet_response(request, preview(version, get_language() or "en"), draft=True)


def _page(
    request: HttpRequest,
    version: PracticeVersion,
    *,
    page: VersionPage | None = None,
    publish_form: PublishForm | None = None,
    revision_form: RevisionForm | None = None,
    refusal: str = "",
) -> HttpResponse:
    page = page or version_page(request.user, version)
    may_publish, may_revise = can_publish_version(request.user, version), can_ask_revision(request.user, version)
    wrong = bool(refusal or publish_form or revision_form)
    context: dict[str, Any] = {
        "version": version,
        "page": page,
        "refusal": refusal,
        "may_write": bool(can_write_version(request.user, version)),
        "may_ask": bool(can_ask_reviewer(request.user, version)),
        "publish_form": (publish_form or _publish_form(page)) if may_publish else None,
        "revision_form": (revision_form or _revision_form(page)) if may_revise else None,
    }
    return render(request, "practices/version.html", context, status=400 if wrong else 200)


def _notes(page: VersionPage) -> list[tuple[int, str]]:
    return [(one.review.pk, one.who) for one in page.given if one.note]


def _publish_form(page: VersionPage, data: Any = None) -> PublishForm:
    return PublishForm(
        data,
        prefix="publish",
        notes=_notes(page),
        reviewed=page.reviewed,
        first=page.version.practice.state != State.PUBLISHED,
        initial={"minor": page.version.minor},
    )


def _revision_form(page: VersionPage, data: Any = None) -> RevisionForm:
    return RevisionForm(data, prefix="revision", notes=_notes(page), asked=bool(page.asked))
