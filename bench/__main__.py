"""The bench from the first server to the last line. Exit code 0 also where a budget is missed: the lines say MISS."""

from __future__ import annotations

import argparse
import itertools
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from bench import client, machine
from bench.pages import FLOOR, Page, pages
from bench.servers import free_port, running, wait_for
from network.embedded import broker, catalogues, commands, postgres
from network.embedded.places import ROOT

WARM_REQUESTS = 24
# Rounds in which every page is measured; the cheapest counts.
ROUNDS = 5
SETTLE_SECONDS = 6
WORKER_MB, STACK_MB = 160, 600
# Parts that are programs of their own, on the same servers; each prints its table.
PARTS = {
    "documents": "bench.documents",
    "grants": "bench.grants",
    "reminders": "bench.reminders",
    "mail": "bench.mail",
    "search": "bench.search",
}
# Those that are told how many practices there are to be.
SIZED = frozenset({"search"})


def main() -> None:
    """Build, serve, measure, print."""
    parser = argparse.ArgumentParser(prog="python -m bench")
    parser.add_argument("--practices", type=int, default=10_000)
    parser.add_argument("--cities", type=int, default=2_000)
    parser.add_argument("--memberships", type=int, default=5_000)
    parser.add_argument("--seconds", type=float, default=5.0, help="how long each kind of page is asked for")
    parser.add_argument("--only", default="", help="only pages whose name holds this, or one part: " + ", ".join(PARTS))
    parser.add_argument(
        "--keep", type=Path, metavar="FOLDER", help="keep the data there, and go on with what lies there"
    )
    parser.add_argument(
        "--memory",
        default="",
        metavar="4GB",
        help="buffers of the database, instead of the 64 MB that the portal's own has",
    )
    options = parser.parse_args()
    with ExitStack() as stack:
        folder = (options.keep or Path(tempfile.mkdtemp(prefix="koine-bench-"))).absolute()
        if options.keep:
            folder.mkdir(parents=True, exist_ok=True)
        else:
            stack.callback(shutil.rmtree, folder, ignore_errors=True)
        folder.chmod(0o755)  # the database's account must get through
        environment, database, carrier = start_servers(folder, stack, options.memory)
        if options.only in PARTS:
            prepare(environment)
            conclude(run_part(options.only, environment, options.practices))
            return
        began = time.monotonic()
        facts = fill(environment, options)
        print(
            f"{options.practices:,} practices, {options.cities:,} cities, {options.memberships:,} memberships built in "
            f"{time.monotonic() - began:.0f} s; Python {platform.python_version()}, {os.cpu_count()} cores",
            flush=True,
        )
        port = free_port()
        web = stack.enter_context(running(commands.web(port, environment), environment, folder / "web.log"))
        wait_for(port, web, folder / "web.log")
        wanted = [page for page in pages(facts) if options.only in page.name]
        try:
            misses = measure(port, Served(web.pid, database, carrier), wanted, options.seconds)
        except client.WrongAnswer as fault:
            sys.exit(f"{fault}\n{(folder / 'web.log').read_text(errors='replace')[-3000:]}")
        misses += weigh(Served(web.pid, database, carrier), environment, folder, stack)
        if not options.only:
            misses += sum(run_part(name, environment, options.practices) for name in PARTS)
        conclude(misses)


def conclude(misses: int) -> None:
    """The last line."""
    print(f"{misses} MISSED" if misses else "every budget is kept")


def run_part(name: str, environment: dict[str, str], practices: int) -> int:
    """Run a part and show its table under its own heading; returns how many budgets were missed."""
    sized = ["--practices", str(practices)] if name in SIZED else []
    print(f"\n{name}", flush=True)
    misses = 0
    with subprocess.Popen(
        [sys.executable, "-m", PARTS[name], *sized], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    ) as part:
        assert part.stdout is not None
        for line in part.stdout:
            print(line, end="", flush=True)
            misses += "MISS" in line
    if part.returncode:
        sys.exit(f"{PARTS[name]} ended with {part.returncode}")
    return misses


@dataclass(frozen=True)
class Served:
    """The processes that serve a request, by the id of each one's first."""

    web: int
    database: int
    broker: int


def start_servers(folder: Path, stack: ExitStack, memory: str = "") -> tuple[dict[str, str], int, int]:
    """A database and a broker of the bench's own, as `make run` has them; the environment that names them; their ids."""
    database = postgres.start(folder, ("-c", f"shared_buffers={memory}") if memory else ())
    stack.callback(database.stop)
    carrier = broker.start(folder)
    stack.callback(carrier.stop)
    postgres.ensure_database(database.url())
    catalogues.compile_all()
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "bench.settings",
        "DATABASE_URL": database.url(),
        "CELERY_BROKER_URL": carrier.celery_url(),
        "REDIS_URL": carrier.redis_url(),
        "KOINE_STATE_DIR": str(folder),
        "KOINE_DEMO": "1",
        "KOINE_SSL_REDIRECT": "0",
        "KOINE_API_RATE": "1000000/hour",
        "SECRET_KEY": "bench-only-key-that-signs-nothing-real-and-lives-for-one-run-of-it",
        "PYTHONPATH": str(ROOT),
    }
    return environment, database.process.pid, carrier.process.pid


def prepare(environment: dict[str, str]) -> None:
    """Bring the bench's database up to date, and collect the static files."""
    for command in (("migrate",), ("collectstatic", "--noinput")):
        subprocess.run(commands.manage(*command, "--verbosity", "0"), cwd=ROOT, env=environment, check=True)


def fill(environment: dict[str, str], options: argparse.Namespace) -> dict[str, str]:
    """Prepare, and build the data; answers what `bench.build` told."""
    prepare(environment)
    counts = [str(options.practices), str(options.cities), str(options.memberships)]
    built = subprocess.run(
        [sys.executable, "-m", "bench.build", *counts], cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE
    )
    facts: dict[str, str] = json.loads(built.stdout.decode().splitlines()[-1])
    return facts


@dataclass(frozen=True)
class Cost:
    """CPU per request in milliseconds: of everything that serves it, and Postgres' part of that."""

    ms: float
    database_ms: float


@dataclass(frozen=True)
class Line:
    """What was measured of one page: its cost, its statements, and the wall times of what was sent."""

    page: Page
    cost: Cost
    queries: int
    sent: client.Sent


def measure(port: int, served: Served, wanted: list[Page], seconds: float) -> int:
    """Print a line for each page; returns how many budgets were missed.

    Every page is asked for in `ROUNDS` rounds, the floor twice in each, and the round in which it cost least counts:
    neighbours on the machine only ever make a request dearer.
    """
    numbers = itertools.count(1)
    lines: dict[str, Line] = {}
    floors = []
    for _round in range(ROUNDS):
        for position, page in enumerate(wanted):
            if position % -(-len(wanted) // 2) == 0:
                floors.append(cost_of(port, served, FLOOR, seconds / ROUNDS, numbers)[0].ms)
            cost, sent = cost_of(port, served, page, seconds / ROUNDS, numbers)
            if page.name not in lines or cost.ms < lines[page.name].cost.ms:
                lines[page.name] = Line(page, cost, client.ask_queries(port, page, next(numbers)), sent)
        print(".", end="", flush=True)
    floor = min(floors)
    print(f"\n\n{'page':26}{'CPU ms':>8}{'of it db':>10}{'x floor':>9}{'queries':>9}{'p50 ms':>8}{'p95 ms':>8}  budget")
    print(
        f"{FLOOR.name:26}{floor:8.2f}{0:10.2f}{1:9.1f}{0:9}  ({min(floors):.2f} to {max(floors):.2f} ms during the run)"
    )
    misses = 0
    for line in lines.values():
        times = line.cost.ms / floor
        verdicts = judge(line.page, line.cost.ms, times, line.queries)
        misses += sum("MISS" in verdict for verdict in verdicts)
        walls = f"{line.sent.percentile(0.5):8.1f}{line.sent.percentile(0.95):8.1f}"
        costs = f"{line.cost.ms:8.2f}{line.cost.database_ms:10.2f}{times:9.1f}"
        print(f"{line.page.name:26}{costs}{line.queries:9}{walls}  {', '.join(verdicts)}")
    return misses


def cost_of(
    port: int, served: Served, page: Page, seconds: float, numbers: itertools.count[int]
) -> tuple[Cost, client.Sent]:
    """What one request costs, after a few to warm up, and what was sent."""
    client.burst(port, page, seconds, numbers, WARM_REQUESTS)
    before = [machine.cpu_seconds(root) for root in (served.web, served.database, served.broker)]
    sent = client.burst(port, page, seconds, numbers, 10**9)
    after = [machine.cpu_seconds(root) for root in (served.web, served.database, served.broker)]
    used = [(late - early) / sent.count * 1000 for early, late in zip(before, after, strict=True)]
    return Cost(sum(used), used[1]), sent


def judge(page: Page, ms: float, times: float, queries: int) -> list[str]:
    """Each budget of the page in words, kept or missed."""
    checks = [
        (page.times, times, f"at most {page.times:g} x floor" if page.times else ""),
        (page.ms, ms, f"at most {page.ms:g} ms" if page.ms else ""),
        (page.queries, queries, f"at most {page.queries} queries"),
    ]
    return [f"{words}: {'kept' if found <= most else 'MISS'}" for most, found, words in checks if most is not None]


def weigh(served: Served, environment: dict[str, str], folder: Path, stack: ExitStack) -> int:
    """Print the memory of the web workers after all those requests, and of the whole portal; returns the misses."""
    largest = max(machine.resident_mb(pid) for pid in machine.tree(served.web) if pid != served.web)
    roots = {"web": served.web, "database": served.database, "broker": served.broker}
    for name, command in (("worker", commands.worker()), ("beat", commands.beat(folder))):
        roots[name] = stack.enter_context(running(command, environment, folder / f"{name}.log")).pid
    time.sleep(SETTLE_SECONDS)
    parts = {name: machine.proportional_mb(root) for name, root in roots.items()}
    whole = sum(parts.values())
    told = ", ".join(f"{name} {found:.0f}" for name, found in parts.items())
    lines = [
        ("web worker, resident", largest, WORKER_MB, ""),
        ("whole portal, proportional", whole, STACK_MB, f" ({told})"),
    ]
    print()
    for name, found, most, more in lines:
        print(f"{name:28}{found:6.0f} MB  at most {most} MB: {'kept' if found <= most else 'MISS'}{more}")
    return sum(found > most for _name, found, most, _more in lines)


if __name__ == "__main__":
    main()
