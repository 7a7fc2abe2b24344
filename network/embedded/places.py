"""Where local things live: the checkout, the state directory, the user that owns the embedded servers."""

from __future__ import annotations

import contextlib
import hashlib
import os
import pwd
import subprocess
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]

# An AF_UNIX path may be 107 bytes long (sun_path in unix(7), less the closing zero).
SOCKET_PATH_LIMIT = 107


class EmbeddedError(Exception):
    """Something that local running needs is missing or did not start; the message is for the person at the keyboard."""


def service_user() -> pwd.struct_passwd | None:
    """The account that the embedded servers run as; None means the one we are.

    Postgres refuses to run as root, so root lends it an existing account without rights. No account is created.
    """
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise EmbeddedError("Running as root, and neither user 'postgres' nor user 'nobody' exists to run Postgres as.")


def as_user(user: pwd.struct_passwd | None) -> dict[str, Any]:
    """Keyword arguments that make `subprocess` run a program as `user`."""
    return {} if user is None else {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def can_enter(path: Path, user: pwd.struct_passwd | None) -> bool:
    """Whether `user` can reach and read `path` (every parent folder counts)."""
    if user is None:
        return os.access(path, os.R_OK | os.X_OK)
    answer = subprocess.run(
        ["/bin/sh", "-c", 'test -r "$1" && test -x "$1"', "sh", str(path)], cwd="/", check=False, **as_user(user)
    )
    return answer.returncode == 0


def short_hash(path: Path) -> str:
    """Eight letters that tell one path from another."""
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:8]


def state_dir() -> Path:
    """The folder that holds what a local portal keeps: database, broker socket, logs, uploads. Made if missing.

    KOINE_STATE_DIR where set, else `var/state` in the checkout. Root in a checkout that the database's account cannot
    enter (a closed home folder) gets a folder under /var/lib instead, one per checkout.
    """
    configured = os.environ.get("KOINE_STATE_DIR")
    user = service_user()
    if configured:
        place = Path(configured).resolve()
        place.mkdir(parents=True, exist_ok=True)
        if not can_enter(place, user):
            raise EmbeddedError(f"KOINE_STATE_DIR={place} cannot be entered by user {user.pw_name if user else ''}.")
        return place
    place = ROOT / "var" / "state"
    place.mkdir(parents=True, exist_ok=True)
    if can_enter(place, user):
        return place
    place = Path("/var/lib") / f"koine-{short_hash(ROOT)}"
    place.mkdir(parents=True, exist_ok=True)
    place.chmod(0o755)
    return place


def state_dir_if_any() -> Path | None:
    """The state directory of an earlier start, or None where there was none. Makes nothing."""
    configured = os.environ.get("KOINE_STATE_DIR")
    candidates = (
        [Path(configured).resolve()]
        if configured
        else [Path("/var/lib") / f"koine-{short_hash(ROOT)}", ROOT / "var" / "state"]
    )
    return next((place for place in candidates if place.is_dir() and any(place.iterdir())), None)
