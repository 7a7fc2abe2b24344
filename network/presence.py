"""Who else has a page open at this moment, noted in the cache for less than a minute.

A courtesy, never a lock: nothing depends on it, and where the cache is away nobody is shown. Each person has a key of
their own, so that two who arrive at once don't overwrite each other.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.core.cache import cache

# A page says every 20 seconds that it is still there (`js/presence.js`): two beats may get lost.
SECONDS = 45


def _key(place: str, user_id: int) -> str:
    return f"presence.{place}.{user_id}"


def note_here(place: str, user_id: int) -> None:
    """This person has the page of that name open."""
    cache.set(_key(place, user_id), True, SECONDS)


def note_gone(place: str, user_id: int) -> None:
    """This person has left it."""
    cache.delete(_key(place, user_id))


def who_is_here(place: str, user_ids: Iterable[int]) -> set[int]:
    """Which of these people have it open. One question to the cache."""
    keys = {_key(place, user_id): user_id for user_id in user_ids}
    return {keys[key] for key in cache.get_many(keys)} if keys else set()
