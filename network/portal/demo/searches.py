"""Searches that people of the demonstration keep, so that a newcomer sees what they are good for."""

from __future__ import annotations

import datetime

from network.portal.demo.record import Loaded
from practices.domain.saved_searches import Alerts, save_search
from practices.enums import Alert

WEEKLY = Alerts(Alert.WEEKLY, 1, datetime.time(8))
# By whom, what they call it, the search, its language, its alerts. They ask for concepts, countries and words, no facts.
KEPT = (
    ("city-officer-malmo", "Medborgarmöten mot hat", "q=medborgarm%C3%B6ten+mot+hat", "sv", WEEKLY),
    ("city-officer-malmo", "Grekland", "country=GR", "sv", Alerts()),
    ("city-officer-athens", "Στέγαση", "theme=housing", "el", Alerts(Alert.AT_ONCE)),
)


def keep_searches(loaded: Loaded) -> None:
    """Save them; alerts tell of what is published from now on, so that nobody's mailbox fills."""
    for person, name, query, language, alerts in KEPT:
        save_search(name, query, language, alerts, by=loaded.people[person])
