"""Chromium for the browser tests: Debian's own, skipped with a message where there is none, demanded in CI."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import pytest

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
AXE = Path(__file__).resolve().parents[2] / "node_modules/axe-core/axe.min.js"


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


@pytest.fixture(scope="session")
def axe_source() -> str:
    """The source of axe-core, to put into a page under test."""
    return AXE.read_text(encoding="utf-8")
