"""`make run` as a stranger meets it: the whole portal, with its demo data, from an empty folder."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import urllib.error

import psutil

from tests.machinery.portal import STOP_SECONDS, Portal

# What a start may cost, from nothing and with everything there, as multiples of `a_while`: the machines it was seen on
# differ by more than three times. 62 and 14 were measured; a while took 0.5 s of CPU there.
COLD_WHILES = 85
WARM_WHILES = 20
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


def a_while() -> float:
    """CPU seconds of a fixed piece of work in Python, in an interpreter of its own: the least of three."""
    work = "import time\ntally = {}\nfor n in range(1_000_000): tally[n % 977] = str(n)\nprint(time.process_time())"
    return min(float(subprocess.check_output([sys.executable, "-I", "-S", "-c", work])) for _ in range(3))


def readiness(portal: Portal) -> dict[str, str]:
    try:
        return json.loads(portal.page("/readyz"))
    except urllib.error.HTTPError as answer:
        return json.loads(answer.read())


def test_a_first_start_serves_the_demo_and_a_second_keeps_it(portal: Portal) -> None:
    del portal.environment["KOINE_DEMO"], portal.environment["DJANGO_SETTINGS_MODULE"]
    portal.start()
    assert portal.cpu_seconds() / a_while() < COLD_WHILES
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
    assert portal.cpu_seconds() / a_while() < WARM_WHILES
    assert "loading the demo data" not in portal.said()
