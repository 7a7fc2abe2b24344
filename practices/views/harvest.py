"""The library for harvesters: OAI-PMH 2.0 at /oai. What the protocol refuses is told in its own words, with status 200."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from network.doors import public
from network.limits import client_address, within
from practices.documents import harvest as documents
from practices.imports.harvesting import LISTS, PREFIX, HarvestRequest, Progress, Refused, read_request, token_of
from practices.queries import harvest as reading

# Requests an hour from one place: 180,000 records.
MOST, HOUR = 1800, 3600
FORM = "application/x-www-form-urlencoded"


# Reading only, for everybody, by programs without a session: there is nothing to forge.
@csrf_exempt
@public
def harvest(request: HttpRequest) -> HttpResponse:
    """The six verbs, by GET or POST."""
    if request.method not in {"GET", "HEAD", "POST"}:
        return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
    if not within("practices.harvest", client_address(request), MOST, HOUR):
        # As the protocol's guidelines ask: harvesters know 503 with Retry-After and wait.
        return HttpResponse("Too many requests: wait.\n", "text/plain", 503, headers={"Retry-After": "600"})
    given = request.POST if request.method == "POST" else request.GET
    arguments: dict[str, str] = {}
    now = timezone.now()
    try:
        asked = read_request(given.lists())
        arguments = {"verb": asked.verb, **asked.arguments}
        content = _told(asked)
    except Refused as refused:
        content = documents.error(refused.code, refused.words)
    body = documents.answer(base_url(), arguments, content, now)
    return HttpResponse(body, content_type="text/xml; charset=utf-8", headers={"Cache-Control": "no-cache"})


def base_url() -> str:
    """The address of the interface."""
    return f"{settings.KOINE_BASE_URL}/oai"


def _told(asked: HarvestRequest) -> str:
    origin = settings.KOINE_BASE_URL
    if asked.arguments.get("metadataPrefix", PREFIX) != PREFIX:
        raise Refused("cannotDisseminateFormat", f"Records are told as {PREFIX} only.")
    if asked.verb == "Identify":
        earliest = reading.earliest() or timezone.now()
        return documents.identify(settings.SITE_NAME, base_url(), settings.KOINE_FEEDBACK_ADDRESS, earliest)
    if asked.verb == "ListSets":
        return documents.sets(reading.sets())
    if asked.verb in LISTS:
        return _list(asked, origin)
    if "identifier" in asked.arguments:
        found = reading.record(asked.identifier) if asked.identifier else None
        if found is None:
            raise Refused("idDoesNotExist", "No practice that is or was public has this identifier.")
        if asked.verb == "GetRecord":
            return documents.single(found, origin)
    return documents.formats(PREFIX)


def _list(asked: HarvestRequest, origin: str) -> str:
    before = asked.progress
    page = reading.records(
        asked.wanted, before.after if before else None, counted=before is None, whole=asked.verb == "ListRecords"
    )
    if not page.records:
        raise Refused("noRecordsMatch", "There is nothing that fits all of this.")
    told = before.told if before else 0
    total = before.total if before else page.total
    token = ""
    if page.after:
        token = token_of(asked.verb, asked.wanted, Progress(page.after, told + len(page.records), total))
    resumption = documents.resumption(token, cursor=told, total=total) if token or before else ""
    return documents.listed(asked.verb, page.records, origin, resumption)
