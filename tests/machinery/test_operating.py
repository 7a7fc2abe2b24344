"""docs/operating.md tells every variable, target, command and periodic job, and nothing that is not there."""

from __future__ import annotations

import re
import subprocess

import pytest

from network.embedded.places import ROOT
from network.schedule import SCHEDULE
from tests.machinery.variables import variables

TEXT = (ROOT / "docs/operating.md").read_text()
SETTINGS = ("development", "production", "test")
# Read by programs that are not ours, or by the tests.
FOREIGN = {"REMAP_SIGTERM", "CHROMIUM", "CI"}
# The machine's own.
AMBIENT = {"PATH", "PYTHONPATH"}


def rows(head: str) -> list[list[str]]:
    """The rows of the tables whose first heading is `head`, cell by cell."""
    found = []
    for table in re.findall(rf"^\| {head} \|.*\n\| ---.*\n((?:\|.*\n)+)", TEXT, flags=re.MULTILINE):
        found += [[cell.strip() for cell in line[1:-1].split("|")] for line in table.splitlines()]
    assert found, head
    return found


def read_by_embedded() -> set[str]:
    """The variables that network/embedded reads, which must run before Django is installed."""
    reading = re.compile(r"environ(?:ment)?\.(?:get|setdefault)\(\s*\"([A-Z_]+)\"")
    return {name for path in (ROOT / "network/embedded").glob("*.py") for name in reading.findall(path.read_text())}


def test_every_variable_is_told_and_none_that_nothing_reads() -> None:
    told = {row[0].strip("`") for row in rows("variable")}
    read = {variable.name for settings in SETTINGS for variable in variables(settings)} | read_by_embedded()
    assert len(read) >= 20
    assert told - FOREIGN == read - AMBIENT - FOREIGN


@pytest.mark.parametrize("settings", SETTINGS)
def test_kind_and_secrecy_are_told_as_the_settings_have_them(settings: str) -> None:
    told = {row[0].strip("`"): (row[1], row[3] == "yes") for row in rows("variable") if len(row) == 5}
    read = {variable.name: (variable.kind, variable.secret) for variable in variables(settings)}
    assert {name: told.get(name) for name in read} == read


def test_every_target_of_the_makefile_is_told() -> None:
    targets = re.findall(r"^([a-z]+):.*## ", (ROOT / "Makefile").read_text(), flags=re.MULTILINE)
    told = [row[0].strip("`").removeprefix("make ") for row in rows("command") if row[0].startswith("`make ")]
    assert sorted(told) == sorted(targets)


def test_make_help_lists_every_target() -> None:
    makefile = (ROOT / "Makefile").read_text()
    targets = re.search(r"^\.PHONY: (.+)$", makefile, flags=re.MULTILINE)
    assert targets
    listed = subprocess.run(
        ["make", "--no-print-directory", "help"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    assert [line.split()[1] for line in listed.splitlines()] == targets[1].split()
    assert [line for line in listed.splitlines() if len(line.split()) < 4] == []


def test_every_command_of_manage_is_told() -> None:
    folders = [ROOT / "network", ROOT / "cities", ROOT / "practices", ROOT / "grants"]
    commands = {path.stem for folder in folders for path in folder.glob("**/management/commands/[!_]*.py")}
    told = {row[0].strip("`") for row in rows("command") if not row[0].startswith("`make ")}
    assert "verify_audit" in commands
    assert told == commands


def test_every_periodic_job_is_told() -> None:
    assert rows("job") == [[f"`{job.task}`", f"{job.every_seconds} s", job.why] for job in SCHEDULE]
