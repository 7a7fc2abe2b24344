"""The floors and rooms of docs/architecture.md: every package has its place, and nobody reaches up."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

from network.embedded.places import ROOT

CONTRACTS = {
    contract["id"]: contract
    for contract in tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
}


def layered(contract: str) -> set[str]:
    """The modules that a contract puts on its layers."""
    layers = CONTRACTS[contract]["layers"]
    return {name.strip("() ") for layer in layers for name in layer.replace("|", ":").split(":")}


def modules_of(folder: Path) -> set[str]:
    """The modules and packages directly in a folder."""
    found = {path.stem for path in folder.glob("*.py") if path.stem != "__init__"}
    return found | {path.name for path in folder.iterdir() if path.is_dir() and any(path.glob("**/*.py"))}


def test_every_package_stands_on_a_floor() -> None:
    tops = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests", "bench"}
    houses = {f"network.{name}" for name in modules_of(ROOT / "network")} | (tops - {"network"})
    assert layered("floors") == houses


def test_every_app_is_divided_into_rooms() -> None:
    apps = {
        str(path.parent.relative_to(ROOT)).replace("/", ".")
        for package in ("network", "cities", "practices", "grants")
        for path in (ROOT / package).glob("**/apps.py")
    }
    machinery = {"network.frame"}
    assert set(CONTRACTS["rooms"]["containers"]) == apps - machinery
    # Beside the rooms: what Django and modeltranslation look for by name.
    beside = {"apps", "migrations", "templates", "static"}
    rooms = layered("rooms")
    strangers = {
        f"{app}.{name}"
        for app in CONTRACTS["rooms"]["containers"]
        for name in modules_of(ROOT / app.replace(".", "/"))
        if name not in rooms | beside
    }
    assert strangers == set()


def test_nobody_imports_upwards() -> None:
    linted = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert linted.returncode == 0, linted.stdout
    assert f"{len(CONTRACTS)} kept, 0 broken" in linted.stdout
