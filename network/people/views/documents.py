"""Documents that show what an organisation is, and asking staff to look at them."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from network.doors import DomainError, Verdict, needs
from network.frame.refusals import refused
from network.people.domain.documents import add_document, remove_document
from network.people.domain.verifying import ask_for_verification
from network.people.forms.verifying import DocumentForm
from network.people.models import Organisation, OrganisationDocument
from network.people.queries.organisations import organisation_for
from network.people.queries.verifying import document_for
from network.people.rules.organisations import can_edit_organisation
from network.people.rules.verifying import can_ask_for_verification, can_read_document
from network.scanner import Scan
from network.uploads import ACCEPT

MEGABYTE = 1024 * 1024


@needs(can_edit_organisation, organisation_for)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    """Add one document."""
    form = DocumentForm(request.POST, request.FILES) if request.method == "POST" else DocumentForm()
    if form.is_bound and form.is_valid():
        try:
            add_document(organisation, form.cleaned_data["kind"], form.cleaned_data["file"], by=request.user)
        except DomainError as error:
            form.add_error(error.code if error.code in form.fields else None, str(error))
        else:
            messages.success(request, _("Uploaded."))
            return redirect("people:organisation", organisation.slug)
    context = {
        "form": form,
        "organisation": organisation,
        "accept": ACCEPT,
        "megabytes": settings.KOINE_UPLOAD_MAX_BYTES // MEGABYTE,
    }
    return render(request, "people/add_document.html", context, status=422 if form.is_bound else 200)


def can_change_document(user: object, document: OrganisationDocument) -> Verdict:
    """The organisation's rule, asked for one of its documents."""
    return can_edit_organisation(user, document.organisation)


@needs(can_change_document, document_for)
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: HttpRequest, document: OrganisationDocument) -> HttpResponse:
    """Ask, then take the document away."""
    if request.method == "POST":
        remove_document(document, by=request.user)
        messages.success(request, _("Removed."))
        return redirect("people:organisation", document.organisation.slug)
    return render(request, "people/remove_document.html", {"document": document})


@needs(can_read_document, document_for)
@require_safe
def download(request: HttpRequest, document: OrganisationDocument) -> HttpResponse:
    """Give the document out as a download that no browser runs or shows, once it is known to be clean."""
    if document.scan != Scan.CLEAN:
        return refused(
            request,
            DomainError(_("This document has not passed the virus check, so it is not given out."), code="scan"),
            back=reverse("people:organisation", args=[document.organisation.slug]),
            back_word=_("Back to the organisation"),
        )
    response = FileResponse(
        document.file.open("rb"), as_attachment=True, filename=document.name, content_type=document.mime
    )
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@needs(can_ask_for_verification, organisation_for)
@require_POST
def ask(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    """Ask staff to verify the organisation."""
    try:
        ask_for_verification(organisation, by=request.user)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Staff look at your organisation now. You hear from us by e-mail."))
    return redirect("people:organisation", organisation.slug)
