"""`make run`: the whole portal under one supervisor.

    python -m network.embedded.run [--with-parent]

Embedded Postgres and broker where none is configured, migrate, demo data on the first start, then web, worker and
beat. One process tree: each child leads a session of its own, so a Ctrl-C reaches only this supervisor, which stops
beat, web and worker, then broker and Postgres. The kernel does the same where the supervisor itself is killed
(processes.py). A second start finds the state directory taken, says where the portal answers, and ends.
"""

from __future__ import annotations

import argparse
import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from types import FrameType
from typing import IO

from network.embedded import bytecode, catalogues, commands, stack
from network.embedded.claim import AlreadyRunning, Claim
from network.embedded.places import ROOT, EmbeddedError, state_dir
from network.embedded.processes import die_with_parent, end, spawn, wait_or_kill

COLOURS = {"web": "36", "worker": "35", "beat": "33"}
DEFAULT_PORT = 8000
WEB_SECONDS = 60.0
STOP_SECONDS = 12.0
POLL_SECONDS = 0.1
# The third request to stop is not polite any more: the kernel then ends the children.
IMPATIENT = 3


class Stopped(Exception):
    """Somebody asked the portal to stop while it was starting."""


class Output:
    """What the person at the terminal reads. The terminal can vanish (a closed window): then `stop` is set."""

    def __init__(self, stop: threading.Event) -> None:
        self.stop = stop
        self.colour = sys.stdout.isatty()

    def say(self, text: str) -> None:
        """Write one line."""
        try:
            sys.stdout.write(text + "\n")
            sys.stdout.flush()
        except (OSError, ValueError):
            self.stop.set()

    def pump(self, name: str, stream: IO[bytes]) -> None:
        """Pass on the lines of a child, with its name before each, until it ends. Always drains the pipe."""
        head = f"\x1b[{COLOURS[name]}m{name:>6} |\x1b[0m " if self.colour else f"{name:>6} | "
        for line in iter(stream.readline, b""):
            self.say(head + line.decode(errors="replace").rstrip())


def port_of(environment: Mapping[str, str]) -> int:
    """The PORT to listen on. EmbeddedError where it is no port."""
    raw = environment.get("PORT") or str(DEFAULT_PORT)
    if not raw.isascii() or not raw.isdigit() or not 1 <= int(raw) <= 65535:
        raise EmbeddedError(f"PORT={raw} is not a port: give a number between 1 and 65535.")
    return int(raw)


def refuse_taken_port(port: int, patience: float) -> None:
    """EmbeddedError where another program listens on the port, before anything is started.

    `patience` is how many seconds a web server that lost its supervisor gets to end.
    """
    until = time.monotonic() + patience
    while True:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except PermissionError as error:
                raise EmbeddedError(f"Port {port} needs more rights; choose another one: PORT=8010 make run") from error
            except OSError as error:
                if time.monotonic() > until:
                    other = f"PORT={port + 10} make run"
                    raise EmbeddedError(f"Port {port} is taken; choose another one: {other}") from error
            else:
                return
        time.sleep(POLL_SECONDS)


def answers(port: int) -> bool:
    """Whether the web server answers a request; what it answers is not judged."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", "/healthz")
        connection.getresponse().read()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return True


class Supervisor:
    """One running portal, from its first child to its last."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.address = f"http://127.0.0.1:{port}/"
        self.stop = threading.Event()
        self.reasons: list[str] = []
        self.output = Output(self.stop)
        self.programs: dict[str, subprocess.Popen[bytes]] = {}
        self.stack: stack.Stack | None = None

    def on_signal(self, number: int, frame: FrameType | None) -> None:
        """Note that somebody wants us to stop; the main thread does it."""
        self.reasons.append(signal.Signals(number).name)
        if len(self.reasons) >= IMPATIENT:
            os._exit(130)
        self.stop.set()

    def manage(self, *arguments: str) -> subprocess.Popen[bytes]:
        """Start Django's command line as a child that prints where we do."""
        assert self.stack is not None
        return spawn(commands.manage(*arguments), env=self.stack.environment, output=sys.stdout.fileno(), cwd=ROOT)

    def wait(self, process: subprocess.Popen[bytes], what: str) -> None:
        """Wait for a child to do its work. EmbeddedError where it fails, Stopped where we are asked to stop."""
        while process.poll() is None:
            if self.stop.wait(POLL_SECONDS / 4):
                end(process, signal.SIGTERM, STOP_SECONDS)
                raise Stopped
        if process.returncode:
            raise EmbeddedError(f"{what} failed with exit code {process.returncode}.")

    def launch(self, name: str, command: list[str]) -> None:
        """Start one of the programs and pass on what it prints."""
        assert self.stack is not None
        process = spawn(command, env=self.stack.environment, output=subprocess.PIPE, cwd=ROOT)
        self.programs[name] = process
        assert process.stdout is not None
        threading.Thread(target=self.output.pump, args=(name, process.stdout), daemon=True).start()

    def wait_for_web(self) -> None:
        """Wait until the first answer."""
        until = time.monotonic() + WEB_SECONDS
        while not answers(self.port):
            if self.programs["web"].poll() is not None:
                raise EmbeddedError(f"The web server ended with exit code {self.programs['web'].returncode}.")
            if time.monotonic() > until:
                raise EmbeddedError(f"The web server did not answer in {WEB_SECONDS:.0f} seconds.")
            if self.stop.wait(POLL_SECONDS / 4):
                raise Stopped

    def start(self, claim: Claim) -> None:
        """Everything up to the line that names the address."""
        began = time.monotonic()
        self.stack = stack.start(claim.state, self.address.rstrip("/"))
        environment = self.stack.environment
        bytecode.compile_all()
        catalogues.compile_all()
        demo = environment.get("KOINE_DEMO", "1").lower() not in {"0", "false", "no", "off"}
        prepare = ["prepare", "--verbosity", "0", *(["--demo"] if demo else [])]
        self.wait(self.manage(*prepare), f"Preparing the database (manage.py {' '.join(prepare)})")
        self.launch("web", commands.web(self.port, environment))
        self.wait_for_web()
        self.launch("worker", commands.worker())
        self.launch("beat", commands.beat(claim.state))
        claim.publish(self.address)
        self.output.say(f"\nKoine is at {self.address}  ({time.monotonic() - began:.1f} s; Ctrl-C stops it)\n")

    def watch(self) -> int:
        """Until somebody asks us to stop (0) or a child ends by itself (1)."""
        assert self.stack is not None
        watched = dict(self.programs)
        if self.stack.postgres:
            watched["Postgres"] = self.stack.postgres.process
        if self.stack.broker:
            watched["broker"] = self.stack.broker.process
        while not self.stop.wait(POLL_SECONDS):
            for name, process in watched.items():
                if process.poll() is not None:
                    self.output.say(f"{name} ended with exit code {process.returncode}; stopping the rest.")
                    return 1
        return 0

    def end(self) -> None:
        """Stop what runs, programs before the servers they stand on. Nothing is left afterwards."""
        if self.reasons:
            self.output.say(f"\n{self.reasons[0]}: stopping")
        for process in self.programs.values():
            if process.poll() is None:
                process.terminate()
        until = time.monotonic() + STOP_SECONDS
        for name, process in self.programs.items():
            # Asked once: a second SIGTERM would make the worker drop its jobs at once.
            if not wait_or_kill(process, max(0.1, until - time.monotonic())):
                self.output.say(f"{name} did not stop in time and was killed.")
        if self.stack:
            self.stack.stop()
        self.output.say("Koine has stopped.")

    def run(self, claim: Claim) -> int:
        """The portal's life; answers the exit code."""
        try:
            self.start(claim)
            return self.watch()
        except Stopped:
            return 0
        finally:
            self.end()


def main(arguments: list[str]) -> str | int:
    """The command line; answers what sys.exit should get."""
    parser = argparse.ArgumentParser(prog="python -m network.embedded.run")
    parser.add_argument("--with-parent", action="store_true", help="stop when the caller ends, even by kill -9")
    if parser.parse_args(arguments).with_parent:
        die_with_parent(signal.SIGTERM)
    try:
        supervisor = Supervisor(port_of(os.environ))
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, supervisor.on_signal)
        claim = Claim(state_dir())
        try:
            refuse_taken_port(supervisor.port, STOP_SECONDS if claim.after_a_kill else 0)
            return supervisor.run(claim)
        finally:
            claim.release()
    except AlreadyRunning as found:
        print(found)
        return 0
    except EmbeddedError as error:
        return str(error)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
