"""A Redis cache that never takes a page down: where Redis does not answer, nothing is cached and the site stays up."""

from __future__ import annotations

import logging

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

log = logging.getLogger(__name__)


def _forgiving(name: str, otherwise):
    def method(self, *args, **kwargs):
        try:
            return getattr(RedisCache, name)(self, *args, **kwargs)
        except (RedisError, OSError) as error:
            log.warning("cache %s skipped: %s", name, error)
            return otherwise(*args, **kwargs)

    method.__name__ = name
    return method


class ForgivingRedisCache(RedisCache):
    """Django's Redis cache whose reads miss and writes are skipped while Redis is away.

    What must not fail open (sign-in rate limits) is decided where it is used, not here.
    """

    get = _forgiving("get", lambda key, default=None, version=None: default)
    get_many = _forgiving("get_many", lambda keys, version=None: {})
    set = _forgiving("set", lambda *args, **kwargs: None)
    add = _forgiving("add", lambda *args, **kwargs: True)
    delete = _forgiving("delete", lambda *args, **kwargs: False)
    incr = _forgiving("incr", lambda key, delta=1, version=None: delta)
    touch = _forgiving("touch", lambda *args, **kwargs: False)
    has_key = _forgiving("has_key", lambda *args, **kwargs: False)
