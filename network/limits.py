"""How often something may be done, counted in the cache.

A brake on nuisance, never a wall: where the cache is away it lets through, and two requests at the same instant may
both pass the last place. What must hold is held by the database.
"""

from __future__ import annotations

import hashlib
from datetime import timedelta

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

# What is read of one form or one JSON body. Forms that people write long texts in are sent in parts
# (multipart/form-data) and may be as long as DATA_UPLOAD_MAX_MEMORY_SIZE: their pages give a text that is too long back.
MOST_BYTES = 3 * 1024 * 1024
# As long as a request may wait for the portal and still count as of the moment it came: what a deadline does to others
# waits as long, so that nothing that came in time finds itself too late.
LONGEST_WAIT = timedelta(seconds=60)


def client_address(request: HttpRequest) -> str:
    """The visitor's address; behind KOINE_PROXIES trusted proxies, the one the outermost of them saw."""
    hops = int(settings.REST_FRAMEWORK.get("NUM_PROXIES") or 0)
    forwarded = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop.strip()]
    if hops and len(forwarded) >= hops:
        return forwarded[-hops]
    return str(request.META.get("REMOTE_ADDR", ""))


def within(name: str, who: object, at_most: int, seconds: int) -> bool:
    """Count one more `name` by `who`; False where that is more than `at_most` within `seconds`.

    Who it was is kept only as a hash, and only for that time.
    """
    key = "limit." + hashlib.sha256(f"{name} {who}".encode()).hexdigest()
    if cache.add(key, 1, seconds):
        return at_most >= 1
    try:
        return cache.incr(key) <= at_most
    except ValueError:  # the key ran out between the two calls
        cache.add(key, 1, seconds)
        return at_most >= 1
