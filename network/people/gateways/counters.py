"""Whether tries are being counted at all."""

from __future__ import annotations

import secrets

from django.core.cache import cache


def counters_work() -> bool:
    """Whether the cache keeps what it is told. The portal's Redis cache answers kindly while Redis is away, so asking for
    a value back is the only honest test."""
    key = f"people.probe.{secrets.token_hex(8)}"
    cache.set(key, "kept", 10)
    return cache.get(key) == "kept"
