"""`make run` as a stranger meets it: the whole portal, with its demo data, from an empty folder."""

from __future__ import annotations

import json
import signal
import urllib.error

import psutil

from tests.machinery.portal import STOP_SECONDS, Portal

# A start may take 60 seconds from nothing (25 of them are the packages') and 5 with everything there, on two cores.
COLD_CPU_SECONDS = 50
WARM_CPU_SECONDS = 10
STACK_MEGABYTES = 600
WEB_WORKER_MEGABYTES = 160
PAGES = (
    "/en/",
    "/ar/",
    "/en/practices/",
    "/en/cities/",
    "/en/networks/",
    "/en/funds/",
    "/ar/cities/",
    "/en/accounts/login/",
)


def readiness(portal: Portal) -> dict[str, str]:
    try:
        return json.loads(portal.page("/readyz"))
    except urllib.error.HTTPError as answer:
        return json.loads(answer.read())


def test_a_first_start_serves_the_demo_and_a_second_keeps_it(portal: Portal) -> None:
    del portal.environment["KOINE_DEMO"], portal.environment["DJANGO_SETTINGS_MODULE"]
    portal.start()
    assert portal.cpu_seconds() < COLD_CPU_SECONDS
    assert "loading the demo data" in portal.said()
    assert portal.query("SELECT count(*) > 50 FROM cities_city") == [(True,)]
    for path in PAGES:
        for _ in range(3):  # until both workers have seen it
            assert "<html" in portal.page(path)
    state = readiness(portal)
    assert (state["database"], state["broker"]) == ("ok", "ok")

    memory = portal.memory()
    master = next(process for process in portal.tree if "gunicorn" in process.cmdline())
    workers = [psutil.Process(child.pid).memory_info().rss / 2**20 for child in master.children()]
    assert len(workers) == 2
    assert max(workers) < WEB_WORKER_MEGABYTES
    assert sum(memory.values()) < STACK_MEGABYTES, memory

    said = portal.said()
    assert "could not be listed" not in said
    # The accounts, and below them the address.
    assert said.partition("Koine is at")[0].count("@") >= 8, "one account per role"
    faults = [line for line in said.splitlines() if "ERROR" in line or "Traceback" in line]
    assert [line for line in faults if "/readyz" not in line] == []  # not ready before its first tick, and says so

    portal.process.send_signal(signal.SIGTERM)
    assert portal.process.wait(STOP_SECONDS) == 0
    portal.start()
    assert portal.cpu_seconds() < WARM_CPU_SECONDS
    assert "loading the demo data" not in portal.said()
