"""Moments and deadlines in words: the hour with its zone and city, and how long there is to go.

A moment is an aware datetime; where a place decided it, that place's IANA zone says how it is told. Dates are Gregorian,
the month in words, the clock of 24 hours, the digits Latin, in every language.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache, lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from babel import Locale
from babel.dates import format_date, format_datetime, format_skeleton, get_timezone_location
from babel.units import format_unit
from django.utils import timezone
from django.utils.translation import gettext as _

from network.frame.names import reader

SOON = timedelta(hours=72)


@lru_cache(maxsize=512)
def zone_of(name: str) -> ZoneInfo:
    """The IANA zone; UTC for a name that the system does not know."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


@cache
def known_zones() -> frozenset[str]:
    """The names of all IANA zones, looked for once: the system keeps them in some 600 files."""
    return frozenset(available_timezones())


@lru_cache(maxsize=512)
def city_of(zone: str, locale: Locale) -> str:
    """The zone's city in the reader's language: London of Europe/London."""
    if zone in {"UTC", "Etc/UTC"}:
        return "UTC"
    return get_timezone_location(zone_of(zone), locale=locale, return_city=True)


def day_text(day: date) -> str:
    """30 November 2026: a day with its month in full."""
    return format_date(day, "d MMMM y" if reader().language == "en" else "long", locale=reader())


def known_day_text(day: date, precision: str) -> str:
    """A day told no more exactly than it is known: 29 September 2015, September 2015 or 2015 (day, month, year)."""
    if precision == "year":
        return f"{day:%Y}"
    if precision == "month":
        return format_skeleton("yMMMM", day, locale=reader())
    return day_text(day)


def _weekday_text(moment: datetime) -> str:
    locale = reader()
    if locale.language == "en":
        return format_datetime(moment, "EEE d MMM y", locale=locale)
    return format_skeleton("yMMMEd", moment, locale=locale)


def hour_text(moment: datetime) -> str:
    """17:00, on the clock of 24 hours."""
    return f"{moment:%H:%M}"


def moment_text(moment: datetime, zone: str) -> str:
    """Mon 30 Nov 2026, 17:00 London: a moment as its zone's people tell it, in the reader's language."""
    there = moment.astimezone(zone_of(zone))
    return _("%(day)s, %(hour)s %(city)s") % {
        "day": _weekday_text(there),
        "hour": hour_text(there),
        "city": city_of(zone, reader()),
    }


def yours_text(moment: datetime, zone: str, readers_zone: str) -> str:
    """The same moment on the reader's clock, with the day only where it is another day; nothing where the clocks agree."""
    there, here = moment.astimezone(zone_of(zone)), moment.astimezone(zone_of(readers_zone))
    if there.utcoffset() == here.utcoffset():
        return ""
    if there.date() == here.date():
        return _("%(hour)s your time") % {"hour": hour_text(here)}
    return _("%(day)s, %(hour)s your time") % {"day": _weekday_text(here), "hour": hour_text(here)}


def left_text(left: timedelta) -> str:
    """How long there is to go, never more than there is: days from 72 hours up, then hours, then minutes."""
    minutes = int(left.total_seconds() // 60)
    if minutes < 1:
        return _("less than a minute to go")
    if left >= SOON:
        amount = _length(left.days, "duration-day")
    elif minutes >= 60:
        amount = _length(minutes // 60, "duration-hour")
    else:
        amount = _length(minutes, "duration-minute")
    return _("%(amount)s to go") % {"amount": amount}


def _length(number: int, unit: str) -> str:
    """A length of time in words. Babel lacks some long patterns of ar, fa and ur; their short ones are whole words."""
    long = format_unit(number, unit, locale=reader(), numbering_system="latn")
    return format_unit(number, unit, "short", locale=reader(), numbering_system="latn") if unit in long else long


@dataclass(frozen=True)
class DeadlineWords:
    """A deadline ready to be shown. `state` is open, soon (the last 72 hours) or closed."""

    state: str
    when: str
    yours: str
    left: str
    iso: str
    now_iso: str


def deadline_words(
    closes_at: datetime, zone: str, *, now: datetime | None = None, readers_zone: str | None = None
) -> DeadlineWords:
    """Tell a deadline: half open, so at `closes_at` itself it is closed.

    The reader's zone is the active one where it is not simply the server's UTC; without it the browser fills it in.
    """
    now = now or timezone.now()
    if readers_zone is None:
        active = timezone.get_current_timezone_name()
        readers_zone = "" if active == "UTC" else active
    closed = now >= closes_at
    state = "closed" if closed else "soon" if closes_at - now < SOON else "open"
    return DeadlineWords(
        state=state,
        when=moment_text(closes_at, zone),
        yours=yours_text(closes_at, zone, readers_zone) if readers_zone else "",
        left=_("Closed") if closed else left_text(closes_at - now),
        iso=closes_at.isoformat(),
        now_iso=now.isoformat(),
    )
