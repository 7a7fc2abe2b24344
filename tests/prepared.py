"""A cluster whose database is migrated, kept between test runs: each run copies it, each worker's database is a copy in it.

Migrating takes half a minute of a core, copying less than a second. What is kept belongs to the migrations, packages and
settings it was made with; with others it is made anew.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from network.embedded import postgres
from network.embedded.places import ROOT, EmbeddedError, service_user

DATABASE = "koine_prepared"
KEPT = ROOT / "var" / "test-databases"
MADE_OF = ("*/migrations/*.py", "network/*/migrations/*.py", "network/settings/*.py", "requirements/*.lock")


def digest() -> str:
    """What tells a prepared cluster that still fits from one that does not."""
    found = hashlib.sha256(postgres.binaries().folder.as_posix().encode())
    for path in sorted(path for pattern in MADE_OF for path in ROOT.glob(pattern)):
        found.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return found.hexdigest()[:16]


def put(folder: Path) -> None:
    """Put the prepared cluster into the folder of a run, where `postgres.start` finds it. Made first where none is kept."""
    kept = KEPT / digest()
    if not kept.exists():
        _make(kept)
    _copy(kept, folder)


def _make(kept: Path) -> None:
    """Migrate a database in a cluster of its own; then one rename, so that a half-made one is never used."""
    KEPT.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="koine-prepared-"))
    folder.chmod(0o755)  # the database's account must get through
    try:
        server = postgres.start(folder, postgres.THROW_AWAY)
        try:
            address = server.url(DATABASE)
            postgres.ensure_database(address)
            ran = subprocess.run(
                [sys.executable, "-W", "ignore::RuntimeWarning", "manage.py", "migrate", "--verbosity", "0"],
                cwd=ROOT,
                env={**os.environ, "DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "network.settings.test"},
                capture_output=True,
                text=True,
                check=False,
            )
        finally:
            server.stop()
        if ran.returncode:
            raise EmbeddedError(f"The migrations fail: {ran.stderr.strip()}")
        fresh = Path(tempfile.mkdtemp(dir=KEPT))
        for data in folder.glob("postgres-*"):
            if (data / "PG_VERSION").exists():
                shutil.copytree(data, fresh / data.name, symlinks=True)
        for outdated in KEPT.iterdir():
            if outdated not in {fresh, kept}:
                shutil.rmtree(outdated, ignore_errors=True)
        try:
            fresh.rename(kept)
        except OSError:
            # Another run was quicker; both are the same.
            shutil.rmtree(fresh)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _copy(kept: Path, folder: Path) -> None:
    user = service_user()
    for data in kept.iterdir():
        shutil.copytree(data, folder / data.name, symlinks=True)
        (folder / data.name).chmod(0o700)
        if user is not None:
            for path in (folder / data.name, *(folder / data.name).rglob("*")):
                os.chown(path, user.pw_uid, user.pw_gid, follow_symlinks=False)
