"""Child processes that end with us, however we end."""

from __future__ import annotations

import contextlib
import ctypes
import os
import pwd
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO

from network.embedded.places import as_user

# <linux/prctl.h>
PR_SET_PDEATHSIG = 1

# Loaded before any fork: dlopen after a fork can deadlock.
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def die_with_parent(death_signal: signal.Signals, parent: int | None = None) -> None:
    """Ask the kernel to send this process `death_signal` when its parent ends, even by kill -9. Linux only.

    `parent` is the pid that the parent had before the fork: where it is gone already, the signal is sent at once.
    """
    if _libc is None:
        return
    _libc.prctl(PR_SET_PDEATHSIG, death_signal)
    if parent is not None and os.getppid() != parent:
        os.kill(os.getpid(), death_signal)


def _before_exec(death_signal: signal.Signals) -> Callable[[], None]:
    parent = os.getpid()
    return lambda: die_with_parent(death_signal, parent)


def spawn(
    command: Sequence[str | Path],
    *,
    env: Mapping[str, str],
    output: IO[bytes] | int,
    cwd: Path = Path("/"),
    death_signal: signal.Signals = signal.SIGTERM,
    user: pwd.struct_passwd | None = None,
) -> subprocess.Popen[bytes]:
    """Start `command` as a child that gets `death_signal` when we end; its output and errors go to `output`.

    It leads a session of its own, so the terminal's Ctrl-C reaches only us and we choose the order of ending.
    Call it from the main thread: the kernel watches the thread that forked, not the process.
    """
    return subprocess.Popen(
        [str(word) for word in command],
        env=dict(env),
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        preexec_fn=_before_exec(death_signal),
        **as_user(user),
    )


def end(process: subprocess.Popen[bytes] | None, how: signal.Signals, seconds: float) -> bool:
    """Send `how` to the process and wait; after `seconds` kill it with its whole group. False where that was needed."""
    if process is None or process.poll() is not None:
        return True
    process.send_signal(how)
    return wait_or_kill(process, seconds)


def wait_or_kill(process: subprocess.Popen[bytes], seconds: float) -> bool:
    """Wait for a process that was asked to end; after `seconds` kill its whole group. False where that was needed."""
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(5)
        return False
    return True
