"""A Redis cache that never takes a page down: where Redis does not answer, nothing is cached and the site stays up."""

from __future__ import annotations

import logging
from typing import Any

from django.core.cache.backends.redis import RedisCache, RedisCacheClient
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


class KeptClient(RedisCacheClient):
    """Django's client, but for one thing: it makes redis-py's client once and not for each command, a sixth of the CPU
    that a kept page costs. redis-py's client may be shared: each command takes a connection of its pool."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._made: dict[Any, Any] = {}

    def get_client(self, key: Any = None, *, write: bool = False) -> Any:
        pool = self._get_connection_pool(write)
        if pool not in self._made:
            self._made[pool] = self._client(connection_pool=pool)
        return self._made[pool]


class ForgivingRedisCache(RedisCache):
    """Django's Redis cache whose reads miss and writes are skipped while Redis is away.

    What must not fail open (sign-in rate limits) is decided where it is used, not here.
    """

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = KeptClient

    get = _forgiving("get", lambda key, default=None, version=None: default)
    get_many = _forgiving("get_many", lambda keys, version=None: {})
    set = _forgiving("set", lambda *args, **kwargs: None)
    add = _forgiving("add", lambda *args, **kwargs: True)
    delete = _forgiving("delete", lambda *args, **kwargs: False)
    delete_many = _forgiving("delete_many", lambda *args, **kwargs: None)
    incr = _forgiving("incr", lambda key, delta=1, version=None: delta)
    touch = _forgiving("touch", lambda *args, **kwargs: False)
    has_key = _forgiving("has_key", lambda *args, **kwargs: False)
