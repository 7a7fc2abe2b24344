"""Collections: the list, a collection's page, its texts and its end."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from network.doors import DomainError, needs, public, signed_in
from network.frame.pagecache import cached
from network.limits import client_address, within
from practices.documents.exports import TYPES, collection_export
from practices.domain import collections as verbs
from practices.domain.collections import StaleCollection
from practices.forms.collections import CollectionForm, HideForm
from practices.models import Collection
from practices.queries.collections import (
    collection_for,
    collections_of,
    comments_of,
    contents,
    ids_in_order,
    own_collection,
    public_collections,
)
from practices.queries.exports import export_rows
from practices.rules.collections import (
    WRITERS,
    can_create_collection,
    can_edit_collection,
    can_hide_collection,
    can_manage_collection,
    can_see_collection,
    collection_role,
)
from practices.views.documents import HOUR, MOST_EXPORTS


@public
@require_safe
@cached
def collection_list(request: HttpRequest) -> HttpResponse:
    """The public collections."""
    return render(request, "practices/collections.html", {"found": public_collections(request.GET.get("page"))})


@signed_in
@require_safe
def own_collections(request: HttpRequest) -> HttpResponse:
    """My collections, and what I am invited to."""
    return render(request, "practices/own_collections.html", {"found": collections_of(request.user)})


def nobody(user: object) -> None:
    """Making a collection is about none yet."""


@needs(can_create_collection, nobody)
@require_http_methods(["GET", "HEAD", "POST"])
def new_collection(request: HttpRequest, thing: None) -> HttpResponse:
    """Make a collection."""
    form = CollectionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            collection = verbs.create_collection(form.texts(), by=request.user)
        except DomainError as error:
            form.add_error(error.code if error.code in form.fields else None, str(error))
        else:
            messages.success(request, _("The collection is made. Add practices from their pages or from a search."))
            return redirect(collection)
    return render(request, "practices/new_collection.html", {"form": form})


@needs(can_see_collection, collection_for, anonymous=True)
@require_safe
@cached
def collection_page(request: HttpRequest, collection: Collection) -> HttpResponse:
    """A collection, its practices in the reader's language."""
    return _page(request, collection, HideForm())


def _page(request: HttpRequest, collection: Collection, form: HideForm) -> HttpResponse:
    role = collection_role(request.user, collection)
    context = {
        "collection": collection,
        "found": contents(collection, get_language() or "en"),
        "role": role,
        "may_edit": role in WRITERS,
        "may_manage": bool(can_manage_collection(request.user, collection)),
        "may_hide": bool(can_hide_collection(request.user, collection)),
        "form": form,
    }
    return render(request, "practices/collection.html", context)


@needs(can_edit_collection, own_collection)
@require_http_methods(["GET", "HEAD", "POST"])
def collection_texts(request: HttpRequest, collection: Collection) -> HttpResponse:
    """Change the texts. Where somebody saved in between, both are shown and nothing is overwritten unseen."""
    form = CollectionForm(request.POST or None, collection=collection)
    version, theirs = str(collection.version), None
    if request.method == "POST":
        version = request.POST.get("version", "")
        if form.is_valid():
            try:
                read = int(version) if version.isascii() and version.isdigit() and len(version) < 10 else 0
                verbs.set_collection_texts(collection, form.texts(), by=request.user, version=read)
            except StaleCollection as error:
                version, theirs = str(error.current.version), error.current
                form.add_error(None, str(error))
            except DomainError as error:
                form.add_error(error.code if error.code in form.fields else None, str(error))
            else:
                messages.success(request, _("The texts are saved."))
                return redirect(collection)
    context = {"form": form, "collection": collection, "version": version, "theirs": theirs}
    return render(request, "practices/collection_texts.html", context)


@needs(can_manage_collection, own_collection)
@require_http_methods(["GET", "HEAD", "POST"])
def delete_collection(request: HttpRequest, collection: Collection) -> HttpResponse:
    """Ask, then delete."""
    if request.method != "POST":
        return render(request, "practices/delete_collection.html", {"collection": collection})
    try:
        verbs.delete_collection(collection, by=request.user)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The collection is deleted."))
    return redirect("practices:own_collections")


@needs(can_hide_collection, collection_for)
@require_POST
def hide_collection(request: HttpRequest, collection: Collection) -> HttpResponse:
    """Take a collection off the public pages, or let it back (`back`)."""
    if "back" in request.POST:
        verbs.unhide_collection(collection, by=request.user)
        messages.success(request, _("Its owners may show the collection again."))
        return redirect("practices:collections")
    form = HideForm(request.POST)
    if not form.is_valid():
        return _page(request, collection, form)
    try:
        verbs.hide_collection(collection, form.cleaned_data["reason"], by=request.user)
    except DomainError as error:
        form.add_error("reason", str(error))
        return _page(request, collection, form)
    messages.success(request, _("The collection is hidden. Its members are shown the reason."))
    return redirect("practices:collections")


def exported_collection(user: object, opaque_id: str, kind: str) -> tuple[Collection, str]:
    """A collection this person may read, and the kind of file."""
    if kind not in TYPES:
        raise Http404
    return collection_for(user, opaque_id), kind


def can_export_collection(user: object, asked: tuple[Collection, str]):
    """Whoever reads it may take it along."""
    return can_see_collection(user, asked[0])


@needs(can_export_collection, exported_collection, anonymous=True)
@require_safe
def export_collection(request: HttpRequest, asked: tuple[Collection, str]) -> HttpResponseBase:
    """The practices of a collection as a file: csv, xlsx or json."""
    collection, kind = asked
    if not within("practices.export", client_address(request), MOST_EXPORTS, HOUR):
        return render(request, "practices/too_many_exports.html", {"query": ""}, status=429)
    code = get_language() or "en"
    rows = export_rows(ids_in_order(collection), code, request.user)
    made = collection_export(kind, rows, code, origin=settings.KOINE_BASE_URL, comments=comments_of(collection))
    response = StreamingHttpResponse(made, content_type=TYPES[kind])
    response["Content-Disposition"] = f'attachment; filename="koine-collection-{code}.{kind}"'
    response["Cache-Control"] = "no-cache"
    return response
