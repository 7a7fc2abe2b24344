"""Indexing many practices at once, in several processes, so that a stopped run can go on where it was."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor

from django.db import connections

from practices.domain.search import reindex

# Practices that a process takes at a time.
CHUNK = 100


def reindex_together(
    practices: Sequence[int], processes: int, progress: Callable[[int], None] = lambda done: None
) -> int:
    """Index the practices (ids, in order) in so many processes; returns how many search rows there are now.

    `progress` hears how many are done from the first on: all up to the last of these are, whatever the others do. Few are
    done here, without a process of their own.
    """
    chunks = [practices[at : at + CHUNK] for at in range(0, len(practices), CHUNK)]
    rows = done = 0
    if processes < 2 or len(chunks) < 2:
        for chunk in chunks:
            rows += reindex(chunk)
            done += len(chunk)
            progress(done)
        return rows
    # A connection can't be shared with a process that is forked.
    connections.close_all()
    with ProcessPoolExecutor(processes) as pool:
        for chunk, made in zip(chunks, pool.map(reindex, chunks), strict=True):
            rows += made
            done += len(chunk)
            progress(done)
    return rows
