"""What a person's desk shows, told by the apps.

An app registers functions in `ready`; each gets the person and answers with the things that concern them. The page
(`portal:desk`) asks all of them and sorts the answers. Contributions read; they never write.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ImproperlyConfigured

SECTIONS = ("waiting", "due", "doing", "may")


@dataclass(frozen=True)
class DeskItem:
    """One line of the desk: `title` as a link to `url`, a `note` under it, the `moment` it is due (aware) and its IANA
    `zone`. `urgent` puts it first and says so in words; `act` is what else can be done, at `act_url`."""

    title: Any
    url: str
    note: Any = ""
    moment: datetime | None = None
    urgent: bool = False
    zone: str = ""
    act: Any = ""
    act_url: str = ""


Contribution = Callable[[Any], Iterable[DeskItem]]
_contributions: dict[str, list[Contribution]] = {section: [] for section in SECTIONS}


def register_desk(section: str, function: Contribution) -> None:
    """Add to a section: waiting (somebody else waits for this person), due (has a date), doing (begun, unfinished), may
    (what the person's roles open)."""
    if section not in _contributions:
        raise ImproperlyConfigured(f"the desk has no section {section!r}")
    if function not in _contributions[section]:
        _contributions[section].append(function)


def items(section: str, user: Any) -> list[DeskItem]:
    """The person's items of a section: urgent ones first, then by moment, those without a moment last."""
    found = [item for function in _contributions[section] for item in function(user)]
    return sorted(
        found, key=lambda item: (not item.urgent, item.moment is None, item.moment.timestamp() if item.moment else 0)
    )
