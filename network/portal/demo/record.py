"""What has been loaded so far, found by the keys that the files use."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field

from cities.models import City
from grants.models import Application, Fund, Round
from network.membership.models import Membership, Network, Region
from network.people.models import Organisation, User
from practices.models import Practice


@dataclass
class Loaded:
    """Everything by its key; `operator` is who writes it all down, `now` the moment that relative dates count from."""

    now: datetime.datetime
    operator: User
    organisations: dict[str, Organisation] = field(default_factory=dict)
    cities: dict[str, City] = field(default_factory=dict)
    networks: dict[str, Network] = field(default_factory=dict)
    regions: dict[tuple[str, str], Region] = field(default_factory=dict)
    memberships: list[Membership] = field(default_factory=list)
    practices: dict[str, Practice] = field(default_factory=dict)
    funds: dict[str, Fund] = field(default_factory=dict)
    rounds: dict[str, Round] = field(default_factory=dict)
    people: dict[str, User] = field(default_factory=dict)
    applications: list[Application] = field(default_factory=list)

    @property
    def today(self) -> datetime.date:
        """The day from which relative dates count (UTC)."""
        return self.now.date()

    def days_ago(self, days: int) -> datetime.datetime:
        """The moment of loading, that many days earlier."""
        return self.now - datetime.timedelta(days=days)
