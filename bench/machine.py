"""What processes cost, from /proc (proc(5)): CPU time and memory."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")


def _fields(pid: int) -> list[str]:
    """The fields of /proc/<pid>/stat after the command's name: [0] is the state, [1] the parent."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def tree(root: int) -> list[int]:
    """A process and all its descendants, as far as they live now."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                children.setdefault(int(_fields(int(entry.name))[1]), []).append(int(entry.name))
    found, waiting = [], [root]
    while waiting:
        pid = waiting.pop()
        found.append(pid)
        waiting += children.get(pid, [])
    return found


def cpu_seconds(root: int) -> float:
    """CPU time of a process and its descendants, also of those that have ended and been waited for."""
    ticks = 0
    for pid in tree(root):
        with contextlib.suppress(OSError):
            # utime, stime, cutime, cstime: fields 14 to 17 of the whole line.
            ticks += sum(int(field) for field in _fields(pid)[11:15])
    return ticks / TICKS


def resident_mb(pid: int) -> float:
    """Resident memory of one process, what it shares included (MB of 1,000,000 bytes)."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE / 1e6


def proportional_mb(root: int) -> float:
    """Memory of a process and its descendants, shared pages divided among those who share them (PSS, MB)."""
    kilobytes = 0
    for pid in tree(root):
        with contextlib.suppress(OSError):
            for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    kilobytes += int(line.split()[1])
    return kilobytes * 1024 / 1e6
