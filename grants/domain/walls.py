"""From what clocks on a wall show to the moment: no hour that clocks skip, none that they show twice."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from network.doors import DomainError
from network.frame.moments import city_of, hour_text, known_zones
from network.frame.names import reader

# Clocks change in these hours somewhere in every zone that changes them: two systems may take such a time for two moments.
NEVER_FROM, NEVER_UNTIL = time(1), time(3)


def at_local(wall: datetime, zone: str) -> datetime:
    """The moment at which clocks in `zone` (IANA) show `wall` (naive).

    DomainError where the zone is unknown, where clocks skip that time (spring) or show it twice (autumn); it says which
    hours of that day are good.
    """
    if zone not in known_zones():
        raise DomainError(_("This time zone is unknown. Write it as Europe/London."), code="zone")
    if wall.tzinfo is not None:
        raise DomainError(_("Give the time as clocks there show it, without an offset."), code="wall")
    there = ZoneInfo(zone)
    first, second = wall.replace(tzinfo=there, fold=0), wall.replace(tzinfo=there, fold=1)
    if first.astimezone(UTC).astimezone(there).replace(tzinfo=None) != wall:
        text = _(
            "Clocks in %(city)s go from %(start)s straight to %(end)s that day. "
            "Choose a time before %(start)s, or from %(end)s on."
        )
        raise DomainError(text % _changed(wall, zone), code="imaginary")
    if first.utcoffset() != second.utcoffset():
        text = _(
            "Clocks in %(city)s show the times from %(start)s to %(end)s twice that day. "
            "Choose a time before %(start)s, or from %(end)s on."
        )
        raise DomainError(text % _changed(wall, zone), code="doubled")
    return first.astimezone(UTC)


def closing_at(wall: datetime, zone: str) -> datetime:
    """The moment of a deadline. DomainError for what `at_local` refuses, and from 01:00 to 02:59, when clocks change."""
    moment = at_local(wall, zone)
    if NEVER_FROM <= wall.time() < NEVER_UNTIL:
        raise DomainError(_("Clocks are changed between 01:00 and 03:00. Choose another time."), code="small_hours")
    return moment


def _changed(wall: datetime, zone: str) -> dict[str, str]:
    """Between which wall times the change of clocks around `wall` lies, with the zone's city."""
    there = ZoneInfo(zone)
    before = (wall - timedelta(days=1)).replace(tzinfo=there).astimezone(UTC)
    after = (wall + timedelta(days=1)).replace(tzinfo=there).astimezone(UTC)
    old = before.astimezone(there).utcoffset()
    # Halved until the minute of the change: offsets are the old one before it and the new one from it on.
    while after - before > timedelta(minutes=1):
        middle = before + (after - before) / 2
        if middle.astimezone(there).utcoffset() == old:
            before = middle
        else:
            after = middle
    change = (after + timedelta(seconds=30)).replace(second=0, microsecond=0)
    new = change.astimezone(there).utcoffset()
    assert old is not None
    assert new is not None
    ends = sorted(((change + old), (change + new)))
    return {"city": city_of(zone, reader()), "start": hour_text(ends[0]), "end": hour_text(ends[1])}
