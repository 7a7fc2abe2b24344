"""docker-compose.yml and Dockerfile, proved as far as a machine without Docker can: every command runs by hand."""

from __future__ import annotations

import contextlib
import json
import os
import re
import secrets
import shlex
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import psycopg2
import pytest
import yaml

from network.embedded import broker as embedded_broker, bytecode, commands, postgres
from network.embedded.places import ROOT
from tests.machinery.variables import variables

INTERPOLATION = re.compile(r"\$\{(\w+)(?::([-?])([^${}]*(?:\$\{\w+\}[^${}]*)*))?\}")
PORTAL = ("migrate", "web", "worker", "beat")
SECONDS = 60.0


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text())


@pytest.fixture(scope="module")
def final_stage() -> list[str]:
    """The instructions of the image that runs, continued lines joined."""
    text = (ROOT / "Dockerfile").read_text().replace("\\\n", " ")
    return re.split(r"^FROM ", text, flags=re.MULTILINE)[-1].splitlines()


def interpolate(text: str, values: dict[str, str]) -> str:
    """What Compose makes of ${NAME}, ${NAME:-default} and ${NAME:?message}."""

    def value(found: re.Match[str]) -> str:
        name, kind, rest = found.groups()
        if values.get(name):
            return values[name]
        assert kind == "-", f"{name} must be set"
        return interpolate(rest, values)

    return INTERPOLATION.sub(value, text)


def test_the_compose_file_keeps_the_compose_specification(compose: dict[str, Any]) -> None:
    schema = json.loads(files("check_jsonschema").joinpath("builtin_schemas/vendor/compose-spec.json").read_text())
    errors = list(jsonschema.Draft202012Validator(schema).iter_errors(compose))
    assert [f"{error.json_path}: {error.message}" for error in errors] == []
    assert set(compose["services"]) == {"postgres", "redis", "caddy", *PORTAL}


def test_every_service_that_stays_has_a_healthcheck_and_only_the_front_is_open(compose: dict[str, Any]) -> None:
    services = compose["services"]
    assert [name for name, service in services.items() if "healthcheck" not in service] == ["migrate"]
    assert [name for name, service in services.items() if "ports" in service] == ["caddy"]
    assert [name for name in PORTAL if not services[name]["read_only"]] == []


def test_every_volume_is_named(compose: dict[str, Any]) -> None:
    named = {
        volume.partition(":")[0]
        for service in compose["services"].values()
        for volume in service.get("volumes", [])
        if not volume.startswith("./")
    }
    assert named == set(compose["volumes"])


def test_no_secret_stands_in_the_compose_file(compose: dict[str, Any]) -> None:
    secret = {variable.name for variable in variables("production") if variable.secret} | {"POSTGRES_PASSWORD"}
    harmless = re.compile(r".*\$\{.*|\w+://[^@]*")  # taken from .env, or an address without a password
    told = [
        (key, value)
        for service in compose["services"].values()
        for key, value in service.get("environment", {}).items()
        if key in secret
    ]
    assert {"SECRET_KEY", "POSTGRES_PASSWORD", "EMAIL_HOST_PASSWORD"} <= {key for key, _ in told}
    assert [(key, value) for key, value in told if not harmless.fullmatch(value)] == []


def test_the_example_names_every_variable_that_compose_asks_for() -> None:
    asked = {found[0] for found in INTERPOLATION.findall((ROOT / "docker-compose.yml").read_text())}
    example = (ROOT / ".env.example").read_text()
    assert asked == set(re.findall(r"^#?([A-Z_]+)=", example, flags=re.MULTILINE))
    assert re.findall(r"^(?:SECRET_KEY|POSTGRES_PASSWORD|EMAIL_HOST_PASSWORD)=(.+)$", example, flags=re.MULTILINE) == []


def test_every_variable_in_the_compose_file_is_one_the_settings_read(compose: dict[str, Any]) -> None:
    known = {variable.name for variable in variables("production")}
    assert set(compose["services"]["web"]["environment"]) - known == set()


def test_the_image_runs_as_nobody_in_particular_and_has_no_node(final_stage: list[str]) -> None:
    users = [line.split()[1] for line in final_stage if line.startswith("USER ")]
    assert users == ["10001:10001"]
    assert not [line for line in final_stage if "node" in line.lower()]
    assert not [line for line in final_stage if "pip install" in line]


def test_compose_and_make_run_listen_to_the_same_queues(compose: dict[str, Any]) -> None:
    command = compose["services"]["worker"]["command"]
    assert command[command.index("--queues") + 1] == commands.QUEUES


def image_tree(target: Path) -> Path:
    """What the image holds: the files that .dockerignore lets in, compiled, and the front end that its build copies."""
    let_in = re.findall(r"^!(.+)$", (ROOT / ".dockerignore").read_text(), flags=re.MULTILINE)
    assert "network" in let_in
    leave_out = shutil.ignore_patterns("__pycache__")
    for name in let_in:
        source = ROOT / name
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target / name, ignore=leave_out)
        elif source.is_file():
            shutil.copy(source, target / name)
    shutil.copytree(ROOT / "var/vendor", target / "var/vendor")
    bytecode.compile_all(target)
    return target


class Production:
    """The environment of the image and the compose file, on embedded servers, and the programs started in it."""

    def __init__(self, environment: dict[str, str], state: Path, tree: Path) -> None:
        self.environment = environment
        self.state = state
        self.tree = tree
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = str(probe.getsockname()[1])

    def words(self, command: list[str]) -> list[str]:
        """A command of the image, on this machine: its own Python, port and temporary folder."""
        here = {"python": [sys.executable], "gunicorn": [sys.executable, "-m", "gunicorn"]}
        first = here.get(command[0]) or [sys.executable, "-m", command[0]]
        rest = [word.replace("/tmp/beat", str(self.state / "beat")) for word in command[1:]]
        return first + [
            word.replace("0.0.0.0:8000", f"127.0.0.1:{self.port}").replace(":8000/", f":{self.port}/") for word in rest
        ]

    def run(self, command: list[str], **more: str) -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        return subprocess.run(
            self.words(command),
            cwd=self.tree,
            env={**self.environment, **more},
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )

    @contextlib.contextmanager
    def running(self, command: list[str], healthcheck: list[str]) -> Iterator[subprocess.Popen[bytes]]:
        """Start a program, wait until its healthcheck of the compose file says yes, and end it."""
        log = self.state / "program.log"
        with log.open("wb") as output:
            program = subprocess.Popen(
                self.words(command), cwd=self.tree, env=self.environment, stdout=output, stderr=subprocess.STDOUT
            )
        try:
            until = time.monotonic() + SECONDS
            assert healthcheck[0] == "CMD"
            while (answer := self.run(healthcheck[1:])).returncode:
                assert program.poll() is None, log.read_text()
                assert time.monotonic() < until, answer.stdout + answer.stderr + log.read_text()
                time.sleep(0.2)
            yield program
        finally:
            program.terminate()
            try:
                program.wait(20)
            except subprocess.TimeoutExpired:
                program.kill()
                program.wait()


@pytest.fixture
def production(
    compose: dict[str, Any], final_stage: list[str], state: Path, broker: embedded_broker.Broker
) -> Iterator[Production]:
    values = {
        "KOINE_DOMAIN": "koine.example",
        "POSTGRES_PASSWORD": "unused",
        "SECRET_KEY": secrets.token_urlsafe(48),
    }
    inherited = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    image = next(line for line in final_stage if line.startswith("ENV "))
    environment = inherited | dict(
        word.split("=", 1) for word in shlex.split(image)[1:] if not word.startswith("PATH=")
    )
    for key, value in compose["services"]["worker"]["environment"].items():
        environment[key] = interpolate(str(value), values)
    server = os.environ["DATABASE_URL"].rpartition("/")[0]
    name = f"deployment_{os.getpid()}"
    environment |= {
        "DATABASE_URL": f"{server}/{name}",
        "CELERY_BROKER_URL": broker.celery_url(5),
        "REDIS_URL": broker.redis_url(6),
        "KOINE_STATE_DIR": str(state),
        "KOINE_MEDIA_DIR": str(state / "media"),
    }
    postgres.ensure_database(environment["DATABASE_URL"])
    yield Production(environment, state, image_tree(state / "image"))
    with contextlib.closing(psycopg2.connect(f"{server}/postgres")) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def test_every_command_of_the_compose_file_runs_in_production_settings(
    production: Production, compose: dict[str, Any], final_stage: list[str]
) -> None:
    services = compose["services"]
    collected = production.run(["python", "manage.py", "collectstatic", "--noinput", "--verbosity", "0"])
    assert collected.returncode == 0, collected.stderr
    assert (production.state / "static/staticfiles.json").is_file()
    # The image is built so: what was collected is served, and its sources are gone.
    shutil.rmtree(production.tree / "var/vendor")
    (production.tree / "var/vendor").mkdir()

    checked = production.run(["python", "manage.py", "check", "--deploy", "--fail-level", "WARNING"])
    assert checked.returncode == 0, checked.stderr

    migrated = production.run(services["migrate"]["command"])
    assert migrated.returncode == 0, migrated.stderr

    command = json.loads(next(line for line in final_stage if line.startswith("CMD ")).removeprefix("CMD "))
    with production.running(command, services["web"]["healthcheck"]["test"]):
        pass
    with production.running(services["worker"]["command"], services["worker"]["healthcheck"]["test"]) as worker:
        assert worker.poll() is None
    with production.running(services["beat"]["command"], services["beat"]["healthcheck"]["test"]) as beat:
        assert beat.poll() is None


def test_redis_takes_the_options_of_the_compose_file(compose: dict[str, Any], state: Path) -> None:
    command = compose["services"]["redis"]["command"]
    assert command[0] == "redis-server"
    path = state / "redis.sock"
    own = ["--port", "0", "--unixsocket", str(path), "--dir", str(state)]
    server = subprocess.Popen([str(embedded_broker.binary()), *command[1:], *own], stdout=subprocess.DEVNULL)
    try:
        until = time.monotonic() + SECONDS
        while not embedded_broker.answers(path):
            assert server.poll() is None
            assert time.monotonic() < until
            time.sleep(0.02)
        assert (state / "appendonlydir").is_dir()
    finally:
        server.terminate()
        server.wait(10)


def test_production_and_the_embedded_server_sort_alike(compose: dict[str, Any]) -> None:
    database = compose["services"]["postgres"]
    options = set(database["environment"]["POSTGRES_INITDB_ARGS"].split())
    assert options == set(postgres.locale_options(18))
    assert database["image"] == f"postgres:{postgres.binaries().major}"
