"""The file of one row of a record, a step of its own: nothing that was written is on this page, so nothing can be lost."""

from __future__ import annotations

import uuid as ids

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from network.doors import DomainError, needs
from network.frame.refusals import refused
from network.limits import within
from practices.domain.applying import FILE_KINDS
from practices.domain.files import attach_file
from practices.forms.record import FileForm
from practices.models import PracticeVersion
from practices.queries import record as queries
from practices.queries.record_files import files_in
from practices.rules.files import ACCEPT
from practices.rules.sections import FILES, Section
from practices.rules.versions import can_view_version, can_write_version
from practices.views.record import on_version

# Files an hour, from one person.
MOST_UPLOADS, HOUR = 120, 3600


def get_row(user: object, slug: str, section: str, row: ids.UUID) -> tuple[PracticeVersion, Section, ids.UUID]:
    """A version, a section whose rows name files, and a row of it. Http404 for other sections, and for others."""
    version, found = queries.get_version_section(user, slug, section)
    if not any(one.kind in FILES for one in found.rows):
        raise Http404
    return version, found, row


@needs(on_version(can_view_version), get_row)
@require_http_methods(["GET", "HEAD", "POST"])
def record_file(request: HttpRequest, thing: tuple[PracticeVersion, Section, ids.UUID]) -> HttpResponse:
    """Upload or replace the picture or document of one row."""
    version, section, row = thing
    one = next(one for one in section.rows if one.kind in FILES)
    back = f"{queries.section_url(version, section)}#row-{row}"
    form = FileForm(label=one.label)
    if request.method == "POST":
        form = FileForm(request.POST, request.FILES, label=one.label)
        if form.is_valid():
            try:
                if not within("practices.upload", request.user.pk, MOST_UPLOADS, HOUR):
                    raise DomainError(_("These are many files within an hour. Try again later."), code="file")
                attach_file(
                    version, section.key, row, form.cleaned_data["file"], by=request.user, at=request.received_at
                )
            except DomainError as error:
                if error.code != "file":
                    return refused(request, error, back=version.get_absolute_url(), back_word=_("Back to the record"))
                form.add_error("file", str(error))
            else:
                messages.success(request, _("Uploaded."))
                return redirect(back)
    elif not can_write_version(request.user, version):
        return redirect(version)
    stored = queries.section_row(version, section.key)
    context = {
        "version": version,
        "practice": version.practice,
        "section": section,
        "one": one,
        "form": form,
        "file": files_in(version, section, stored.data).get(str(row)),
        "accept": ACCEPT[FILE_KINDS[one.kind]],
        "back": back,
    }
    return render(request, "practices/record_file.html", context, status=422 if form.is_bound else 200)
