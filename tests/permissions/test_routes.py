"""Every route x every role, as `table.py` has it. A route missing from the table fails."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.urls import URLResolver, get_resolver, reverse

from tests.permissions.cast import ROLES, browser_of, things
from tests.permissions.table import TABLE


def names(resolver: URLResolver, space: str = "") -> Iterator[str]:
    """The names of all routes, with their name spaces."""
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from names(pattern, space + (f"{pattern.namespace}:" if pattern.namespace else ""))
        else:
            yield space + (pattern.name or str(pattern.pattern))


def test_every_route_stands_in_the_table():
    routes = {name for name in names(get_resolver()) if not name.startswith("admin:")}
    assert len(routes) > 80
    assert routes - set(TABLE) == set(), "write down who may"
    assert set(TABLE) - routes == set(), "these routes are gone"


@pytest.mark.parametrize("role", ROLES)
def test_a_role_gets_what_the_table_says(loaded, db, settings, role):
    settings.KOINE_DEMO = True
    named = things()
    browser = browser_of(role)
    wrong = {}
    for route, (thing, usual, others) in TABLE.items():
        response = browser.get(reverse(route, kwargs=named[thing]))
        # Not `response.close()`: that ends the request, and with it the connection this test's transaction is in.
        for close in response._resource_closers:
            close()
        expected = others.get(role, usual)
        if response.status_code != expected:
            wrong[route] = f"{response.status_code}, not {expected}"
    assert wrong == {}
    assert len(TABLE) > 80
