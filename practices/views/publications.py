"""Publications: ordering them, their versions, and what came out."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.text import slugify
from django.utils.translation import get_language, get_language_from_request
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from network.doors import DomainError, needs, public, signed_in
from network.frame.links import disposition, in_language
from practices.domain import publications as verbs
from practices.enums import MakingState
from practices.forms.asked import asked
from practices.forms.publications import PublicationForm
from practices.models import Collection, Publication, PublicationVersion
from practices.queries.collections import collection_for
from practices.queries.listing import find
from practices.queries.publications import (
    content_of,
    plan_of,
    plan_of_collection,
    publication_for,
    publications_of,
    publishers,
    version_for,
    versions_of,
)
from practices.rules.collections import MOST_PRACTICES, can_see_collection
from practices.rules.publications import (
    can_manage_publication,
    can_manage_publication_version,
    can_order_publication,
    can_read_publication_version,
    can_see_publication,
)

Plan = list[dict[str, Any]]


def nobody(user: object) -> None:
    """Ordering is about no publication yet."""


def _plan_of_search(query: str) -> tuple[Plan, bool]:
    """The first 200 practices that a search finds, and whether it finds more."""
    found = find(asked(query, order=True).wanted, get_language() or "en", MOST_PRACTICES, 0)
    return plan_of(found.ids), found.total > MOST_PRACTICES


@signed_in
@require_safe
def own_publications(request: HttpRequest) -> HttpResponse:
    """The publications that I ordered."""
    return render(request, "practices/own_publications.html", {"found": publications_of(request.user)})


@needs(can_order_publication, nobody)
@require_http_methods(["GET", "HEAD", "POST"])
def new_publication(request: HttpRequest, thing: None) -> HttpResponse:
    """Order a publication of a collection (`?collection=`), or of the first 200 practices that the search in the address
    finds."""
    code = get_language() or "en"
    if opaque_id := request.GET.get("collection", ""):
        collection: Collection | None = collection_for(request.user, opaque_id)
        assert collection is not None
        plan, cut, query = plan_of_collection(collection), False, ""
        initial = _of_collection(collection)
    else:
        collection, query = None, asked(request.GET, order=True).query
        plan, cut = _plan_of_search(query)
        initial = {"words_language": code, "chapters": "theme"}
    form = PublicationForm(
        request.POST or None, publishers=publishers(request.user, code), initial={"language": code, **initial}
    )
    if request.method == "POST" and form.is_valid():
        try:
            version = verbs.order_publication(form.order(), plan, by=request.user, collection=collection, query=query)
        except DomainError as error:
            _refuse(form, error)
        else:
            return redirect(version.publication)
    return _ordering(request, form, plan, cut, collection)


def _of_collection(collection: Collection) -> dict[str, Any]:
    return {
        "title": collection.title,
        "foreword": collection.introduction,
        "cover_note": collection.cover_note,
        "words_language": collection.language,
        "chapters": "own",
    }


def _refuse(form: PublicationForm, error: DomainError) -> None:
    form.add_error(error.code if error.code in form.fields else None, str(error))


def _ordering(
    request: HttpRequest,
    form: PublicationForm,
    plan: Plan,
    cut: bool,
    collection: Collection | None,
    publication: Publication | None = None,
) -> HttpResponse:
    context = {
        "form": form,
        "count": sum(len(chapter["practices"]) for chapter in plan),
        "cut": cut,
        "most": MOST_PRACTICES,
        "collection": collection,
        "publication": publication,
        "address": request.get_full_path(),
    }
    return render(request, "practices/order_publication.html", context)


@needs(can_manage_publication, publication_for)
@require_http_methods(["GET", "HEAD", "POST"])
def new_version(request: HttpRequest, publication: Publication) -> HttpResponse:
    """Order the next version: of the collection or the search as it stands now."""
    code, last = get_language() or "en", publication.versions.order_by("-number").first()
    collection = publication.collection
    if collection is not None and can_see_collection(request.user, collection):
        plan, cut = plan_of_collection(collection), False
    elif publication.of_search:
        plan, cut = _plan_of_search(publication.query)
    else:
        plan, cut = [], False
    initial = last.settings_of_next() if last else {"language": code, "words_language": code}
    form = PublicationForm(request.POST or None, publishers=publishers(request.user, code), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            verbs.order_version(publication, form.order(), plan, by=request.user)
        except DomainError as error:
            _refuse(form, error)
        else:
            return redirect(publication)
    return _ordering(request, form, plan, cut, collection, publication)


@needs(can_see_publication, publication_for, anonymous=True)
@require_safe
def publication(request: HttpRequest, publication: Publication) -> HttpResponse:
    """Its versions, newest first; for who manages it also those that are being made or failed."""
    manages = bool(can_manage_publication(request.user, publication))
    context = {
        "publication": publication,
        "versions": versions_of(publication, all_of_them=manages),
        "manages": manages,
        "link": settings.KOINE_BASE_URL + reverse("publication", args=[publication.opaque_id]),
    }
    return render(request, "practices/publication.html", context)


@needs(can_manage_publication_version, version_for)
@require_safe
def version_state(request: HttpRequest, version: PublicationVersion) -> HttpResponse:
    """How far a version is: the part of the page that htmx asks for every two seconds."""
    context = {"version": version, "publication": version.publication, "manages": True, "asked": True}
    return render(request, "practices/publication_version.html", context)


@needs(can_manage_publication_version, version_for)
@require_POST
def cancel(request: HttpRequest, version: PublicationVersion) -> HttpResponse:
    """Stop the making of a version."""
    return _done(request, version, verbs.cancel_publication)


@needs(can_manage_publication_version, version_for)
@require_POST
def retry(request: HttpRequest, version: PublicationVersion) -> HttpResponse:
    """Make a version that failed or was cancelled once more."""
    return _done(request, version, verbs.retry_publication)


def _done(request: HttpRequest, version: PublicationVersion, verb: Any) -> HttpResponse:
    try:
        verb(version, by=request.user)
    except DomainError as error:
        messages.error(request, str(error))
    return redirect(version.publication)


@needs(can_manage_publication, publication_for)
@require_POST
def keep(request: HttpRequest, publication: Publication) -> HttpResponse:
    """Keep the files for good, or let them be removed after some weeks (`drop`)."""
    verbs.keep_publication(publication, "drop" not in request.POST, by=request.user)
    return redirect(publication)


@needs(can_read_publication_version, version_for, anonymous=True)
@require_safe
def read(request: HttpRequest, version: PublicationVersion) -> HttpResponse:
    """The whole publication on one page, for reading and for printing."""
    if (gone := _not_there(request, version)) is not None:
        return gone
    context = {"version": version, "publication": version.publication, "told": content_of(version)}
    return render(request, "practices/publication_text.html", context)


@needs(can_read_publication_version, version_for, anonymous=True)
@require_safe
def publication_file(request: HttpRequest, version: PublicationVersion) -> HttpResponseBase:
    """The PDF of a version: the same bytes for ever, or an honest word that they are gone."""
    if (gone := _not_there(request, version)) is not None:
        return gone
    etag = f'"{version.sha256}"'
    if (unchanged := get_conditional_response(request, etag=etag)) is not None:
        return unchanged
    response = FileResponse(version.file.open("rb"), content_type="application/pdf")
    name = slugify(version.title, allow_unicode=True)[:80].strip("-") or "koine"
    response["Content-Disposition"] = disposition(f"{name}-{version.language}-{version.number}.pdf", "koine.pdf")
    response["Content-Length"] = str(version.size)
    response["ETag"] = etag
    response["Cache-Control"] = "no-cache"
    response["Content-Language"] = version.language
    response["X-Robots-Tag"] = "noindex"
    return response


def _not_there(request: HttpRequest, version: PublicationVersion) -> HttpResponse | None:
    """The answer where the version has no files: not made yet, or removed."""
    if version.state == MakingState.READY:
        return None
    if version.state == MakingState.REMOVED:
        context = {"publication": version.publication, "version": version}
        return render(request, "practices/publication_gone.html", context, status=410)
    return redirect(version.publication)


@public
@require_safe
def stable_link(request: HttpRequest, opaque_id: str) -> HttpResponse:
    """`/publications/<id>/`, printed on covers and kept for ever: leads to the versions in the reader's language."""
    path = reverse("practices:publication", args=[opaque_id])
    response: HttpResponse = redirect(in_language(path, get_language_from_request(request)))
    response["Vary"] = "Accept-Language, Cookie"
    response["Cache-Control"] = "no-cache"
    return response
