"""What apps above tell this one about organisations: who judges which, and what belongs to one when two become one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

# user -> keys of organisations
Judged = Callable[[Any], Iterable[int]]
JUDGES: list[Judged] = []


def register_judges(function: Judged) -> None:
    """Say in an app's `ready` which organisations (keys, as a QuerySet of one column) a person judges by that app's roles,

    such as those that sent an application to a fund the person manages. Called for people without any role too.
    """
    if function not in JUDGES:
        JUDGES.append(function)
