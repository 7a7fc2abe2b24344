"""A network's members as a table for spreadsheets."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from network.frame.names import country_name
from network.membership.models import Network
from network.membership.queries.members import is_suspended, members_by_region
from network.sheets import csv_answer


def members_csv(network: Network, code: str, day: datetime.date) -> HttpResponse:
    """The members on that day, one row per membership, in the reader's language and order. Dates as exact as known."""
    heading = [
        _("City"),
        _("Native name"),
        _("Country code"),
        _("Country"),
        _("Region"),
        _("Kind"),
        _("Programme"),
        _("Joined"),
        _("Founding member"),
        _("Status"),
        _("Confirmed"),
        _("Approving act"),
        _("Source"),
        _("As of"),
    ]
    return csv_answer(f"{network.slug}-{day.isoformat()}", heading, _rows(network, code, day))


def _rows(network: Network, code: str, day: datetime.date) -> Iterator[list[Any]]:
    yes, no = _("yes"), _("no")
    for group in members_by_region(network, code, day).groups:
        for member in group.members:
            for tie in member.ties:
                yield [
                    member.city.shown_name,
                    member.city.native_name,
                    member.city.country,
                    country_name(member.city.country),
                    group.name,
                    tie.get_kind_display(),
                    tie.programme,
                    partial_iso(tie.joined_on, tie.joined_precision),
                    yes if tie.founding else no,
                    _("suspended") if is_suspended(tie) else _("member"),
                    yes if tie.confirmed else no,
                    tie.shown_act,
                    tie.source,
                    day,
                ]


def partial_iso(day: datetime.date | None, precision: str) -> str:
    """ISO 8601 with reduced precision: 2018-01-31, 2018-01 or 2018."""
    if day is None:
        return ""
    return day.isoformat()[: {"year": 4, "month": 7}.get(precision, 10)]
