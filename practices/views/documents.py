"""Practices as documents: the fact sheet of one, the file of a list; and the short link that stands on them."""

from __future__ import annotations

import logging

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.translation import get_language, get_language_from_request
from django.views.decorators.http import require_safe

from network.doors import needs, public
from network.frame.links import disposition, in_language, query_with
from network.limits import client_address, within
from network.typesetting import TypesettingError
from practices.documents.exports import TYPES, export
from practices.documents.fact_sheet import file_name, fingerprint, kept_sheet, sheet_data
from practices.enums import State
from practices.forms.filters import PracticeFilter
from practices.models import Practice
from practices.queries.addresses import standing_of
from practices.queries.detail import Detail, detail
from practices.queries.exports import export_rows, exported
from practices.rules import can_edit_practice
from practices.views.library import get_practice, renamed_page

log = logging.getLogger(__name__)
MOST_DIGITS = 18
# Files of lists an hour, to one address.
MOST_EXPORTS, HOUR = 60, 3600


@public
@require_safe
def sheet(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The fact sheet of a public practice. `?text=el` sets its texts in Greek, as on its page."""
    code = get_language() or "en"
    found = detail(Practice.objects.visible_to(request.user), slug, code, request.GET.get("text", ""))
    if found is None:
        return renamed_page(request, slug, "practices:sheet")
    return sheet_response(request, found)


@needs(can_edit_practice, get_practice)
@require_safe
def draft_sheet(request: HttpRequest, practice: Practice) -> HttpResponseBase:
    """The fact sheet that a draft will have, for those who write it; a published practice's is at its own address."""
    if practice.state == State.PUBLISHED:
        return redirect("practices:sheet", practice.slug)
    code = get_language() or "en"
    found = detail(Practice.objects.filter(pk=practice.pk), practice.slug, code, request.GET.get("text", ""))
    if found is None:
        raise Http404
    return sheet_response(request, found)


def sheet_response(request: HttpRequest, found: Detail, *, draft: bool = False) -> HttpResponseBase:
    """The fact sheet of that page; unchanged where the browser has it. `draft`: its words are not public yet."""
    try:
        data = sheet_data(found, settings.KOINE_BASE_URL, draft=draft)
        name = fingerprint(data)
        unchanged = get_conditional_response(request, etag=f'"{name}"')
        if unchanged is not None:
            return unchanged
        made = kept_sheet(found.practice.pk, name, data)
    except TypesettingError:
        log.exception("no fact sheet of practice %s in %s", found.practice.pk, found.language)
        return _told(request, 503, "no_sheet", {"page_url": page_of(found.practice)})
    response = HttpResponse(made, content_type="application/pdf")
    response["Content-Disposition"] = disposition(file_name(found.practice, found.language), "koine.pdf")
    response["ETag"] = f'"{name}"'
    response["Cache-Control"] = "no-cache"
    response["Content-Language"] = found.language
    return response


def page_of(practice: Practice) -> str:
    """The practice's page, or its draft's."""
    route = "practices:detail" if practice.state == State.PUBLISHED else "practices:draft"
    return reverse(route, args=[practice.slug])


@public
@require_safe
def short_link(request: HttpRequest, number: str) -> HttpResponseBase:
    """`/p/1042`, printed on sheets and kept for ever: leads to the practice in the language of the reader's cookie or
    browser. Says so where the practice is no longer public."""
    standing = standing_of(int(number), request.user) if len(number) <= MOST_DIGITS else None
    if standing and standing.slug:
        path = reverse("practices:detail", args=[standing.slug])
        response: HttpResponse = redirect(in_language(path, get_language_from_request(request)))
    elif standing and standing.gone:
        response = _told(request, 410, "gone", {})
    else:
        raise Http404
    response["Vary"] = "Accept-Language, Cookie"
    response["Cache-Control"] = "no-cache"
    return response


@public
@require_safe
def export_list(request: HttpRequest, kind: str) -> HttpResponseBase:
    """The list with the filters of the address as a file: csv, xlsx or json."""
    if kind not in TYPES:
        raise Http404
    if not within("practices.export", client_address(request), MOST_EXPORTS, HOUR):
        return _told(request, 429, "too_many_exports", {"query": query_with(request.GET, {})})
    code = get_language() or "en"
    wanted = PracticeFilter(request.GET, code).wanted()
    found = exported(wanted, code, request.user)
    rows = export_rows(found.ids, code, request.user)
    made = export(kind, rows, code, origin=settings.KOINE_BASE_URL, cut=found.cut)
    response = StreamingHttpResponse(made, content_type=TYPES[kind])
    response["Content-Disposition"] = f'attachment; filename="koine-practices-{code}.{kind}"'
    response["Cache-Control"] = "no-cache"
    return response


def _told(request: HttpRequest, status: int, page: str, context: dict[str, object]) -> HttpResponse:
    return render(request, f"practices/{page}.html", context, status=status)
