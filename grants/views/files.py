"""Files of a draft, each a step of its own: upload, remove, download."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from grants.domain.files import attach_file, remove_file
from grants.forms.applications import UploadForm
from grants.models import Application, Attachment
from grants.models.questions import Question, say
from grants.queries import applications as queries
from grants.rules.applications import can_view_application, can_write_application
from grants.rules.rounds import accepts
from grants.views.drafts import on_application
from network.doors import DomainError, needs
from network.frame.refusals import refused
from network.uploads import ACCEPT

MEGABYTE = 1024 * 1024


@needs(on_application(can_view_application), queries.get_file_question)
@require_http_methods(["GET", "HEAD", "POST"])
def file(request: HttpRequest, thing: tuple[Application, Question]) -> HttpResponse:
    """Upload or replace the file of one question."""
    application, question = thing
    if request.method == "POST":
        form = UploadForm(request.POST, request.FILES)
        if form.is_valid():
            try:
                attach_file(
                    application, question.key, form.cleaned_data["file"], by=request.user, at=request.received_at
                )
            except DomainError as error:
                if error.code != "file":
                    back = application.get_absolute_url()
                    return refused(request, error, back=back, back_word=_("Back to the application"))
                form.add_error("file", str(error))
            else:
                messages.success(request, _("Uploaded."))
                return redirect("grants:file", application.opaque_id, question.key)
    elif not can_write_application(request.user, application) or not accepts(application, request.received_at):
        return redirect(application)
    else:
        form = UploadForm()
    code = get_language() or "en"
    context = {
        "application": application,
        "question": question,
        "form": form,
        "title": say(question.label, code),
        "help": say(question.help, code),
        "files": queries.file_item(application, queries.current_file(application, question.key)),
        "accept": ACCEPT,
        "megabytes": settings.KOINE_UPLOAD_MAX_BYTES // MEGABYTE,
    }
    return render(request, "grants/file.html", context, status=422 if form.is_bound else 200)


@needs(on_application(can_view_application), queries.get_file_question)
@require_http_methods(["GET", "HEAD", "POST"])
def file_remove(request: HttpRequest, thing: tuple[Application, Question]) -> HttpResponse:
    """Ask, then take the file out of the draft."""
    application, question = thing
    if request.method == "POST":
        try:
            remove_file(application, question.key, by=request.user, at=request.received_at)
        except DomainError as error:
            back = application.get_absolute_url()
            return refused(request, error, back=back, back_word=_("Back to the application"))
        messages.success(request, _("Removed."))
        return redirect("grants:file", application.opaque_id, question.key)
    current = queries.current_file(application, question.key)
    if current is None or not can_write_application(request.user, application):
        return redirect(application)
    context = {"application": application, "question": question, "file": current}
    return render(request, "grants/file_remove.html", context)


@needs(on_application(can_view_application), queries.get_attachment)
@require_safe
def download(request: HttpRequest, thing: tuple[Application, Attachment]) -> HttpResponse:
    """Give the file out as a download that no browser runs or shows, under its own name (RFC 6266)."""
    _application, attachment = thing
    response = FileResponse(
        attachment.file.open("rb"), as_attachment=True, filename=attachment.name, content_type=attachment.mime
    )
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    return response
