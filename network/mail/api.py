"""Where a mail provider tells what did not arrive.

POST /mail/bounces/ with reports as JSON (`imports.reports`), signed with KOINE_BOUNCE_SECRET:

    X-Koine-Timestamp: seconds since 1970, at most five minutes off
    X-Koine-Signature: sha256=<hex HMAC-SHA256 of timestamp + "." + body>

Answers 200 with how many became what; 400 with the reason, and then nothing was taken; 403 for a signature or timestamp
that is not right; 404 where no secret is set; 413 above 1 MB; 415 for what is not application/json. The same body twice
changes nothing.
"""

from __future__ import annotations

from collections import Counter

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from network.doors import public
from network.mail.domain.bounces import take_bounces
from network.mail.imports.reports import Malformed, is_fresh, is_signed, read_reports

LARGEST = 1024 * 1024


def _refused(status: int, code: str, words: str) -> JsonResponse:
    return JsonResponse({"error": code, "detail": words}, status=status)


# No browser posts here and no session is looked at: the signature says who it is, so there is nothing to forge.
@csrf_exempt
@public
def bounces(request: HttpRequest) -> HttpResponse:
    """Take reports of bounces. Public: the signature over time and content is the door."""
    secret = settings.KOINE_BOUNCE_SECRET
    if not secret:
        raise Http404
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    if request.content_type != "application/json":
        return _refused(415, "content_type", "Send application/json.")
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal() or int(length) > LARGEST:
        return _refused(413, "too_large", "Send at most 1 MB at once.")
    timestamp = request.headers.get("X-Koine-Timestamp", "")
    if not is_signed(secret, timestamp, request.headers.get("X-Koine-Signature", ""), request.body):
        return _refused(403, "signature", "X-Koine-Signature does not fit X-Koine-Timestamp and the body.")
    if not is_fresh(timestamp, timezone.now()):
        return _refused(403, "timestamp", "X-Koine-Timestamp is more than five minutes off.")
    try:
        reports = read_reports(request.body)
    except Malformed as error:
        return _refused(400, "malformed", str(error))
    return JsonResponse({"taken": Counter(take_bounces(reports))})
