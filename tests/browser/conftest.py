"""Chromium for the browser tests: Debian's own, skipped with a message where there is none, demanded in CI."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import connections
from django.test import override_settings
from pytest_django.live_server_helper import LiveServer

from grants.models import Round
from network.portal.demo.loading import load
from network.portal.demo.record import Loaded
from tests.browser.reader import Reader

# Playwright's synchronous interface keeps an event loop in this thread, and Django would refuse the database in it.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

# --no-sandbox: a container's root has no user namespaces; only our own pages on loopback are opened.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def chromium() -> str | None:
    """The browser to drive: CHROMIUM where set, else the machine's chromium; None where there is none."""
    return os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")


@pytest.fixture(scope="session", autouse=True)
def _browser_or_skip() -> None:
    if chromium() is None:
        message = "no Chromium: apt-get install chromium, or set CHROMIUM"
        if os.environ.get("CI"):
            pytest.fail(message, pytrace=False)
        pytest.skip(message)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_type_launch_args, "executable_path": chromium(), "args": ARGUMENTS}


@dataclass
class Portal:
    """The demonstration, served: its address, and what was loaded."""

    url: str
    loaded: Loaded

    @property
    def round(self) -> Round:
        """The round that takes applications."""
        return self.loaded.rounds["sef-demo"]


@pytest.fixture(scope="package")
def db(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The database of this folder's tests: open, written to for good as a server does, and emptied after the last.

    In the place of pytest-django's, which rolls back after each test what no other thread would then have seen.
    """
    with django_db_blocker.unblock():
        try:
            yield
        finally:
            call_command("flush", interactive=False, verbosity=0)
            # Beside Playwright's event loop this thread holds a connection of its own, which nobody else closes.
            connections.close_all()


@pytest.fixture(scope="package")
def portal(db: None) -> Iterator[Portal]:
    """The whole portal with its demonstration, loaded once and served on loopback.

    Each test writes things of its own; who moves a deadline puts it back.
    """
    server = LiveServer("127.0.0.1")
    with override_settings(KOINE_DEMO=True, KOINE_BASE_URL=server.url, ROOT_URLCONF="tests.browser.addresses"):
        try:
            yield Portal(server.url, load())
        finally:
            server.stop()
            cache.clear()


@pytest.fixture
def reader(portal: Portal, new_context: Callable[..., Any]) -> Iterator[Callable[..., Reader]]:
    """Make readers: `reader("ar")`, with whatever else Playwright knows of a context, each in a fresh browser context.

    The test fails where the browser had to complain: a violation of the content security policy, an error of a script,
    a request that failed.
    """
    made: list[Reader] = []

    def make(code: str = "en", **options: Any) -> Reader:
        context = new_context(**{"locale": code, "timezone_id": "Europe/London", "reduced_motion": "reduce", **options})
        made.append(Reader(context, context.new_page(), portal.url, code))
        return made[-1]

    yield make
    complaints = [text for one in made for text in one.unforgiven()]
    assert complaints == []
