"""Networks and their members, for everyone."""

from __future__ import annotations

import datetime
import re
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import get_language, gettext as _

from network.doors import public
from network.frame.pagecache import cached
from network.languages import direction
from network.membership.documents import members_csv
from network.membership.enums import MemberKind
from network.membership.models import Network
from network.membership.queries.members import members_by_region
from network.membership.queries.networks import founded_text, members_text, network_facts, networks_list
from network.text import ascii_digits
from network.translation.models import best_text

ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def as_of(request: HttpRequest) -> tuple[datetime.date, str]:
    """The day the reader asks for (`?as_of=2020-01-31`, digits of any script), and what is wrong with what they wrote.

    Without a readable day it is today.
    """
    today = timezone.localdate()
    written = ascii_digits(request.GET.get("as_of", "")).strip()
    if not written:
        return today, ""
    try:
        if not ISO_DAY.fullmatch(written):
            raise ValueError
        return datetime.date.fromisoformat(written), ""
    except ValueError:
        return today, _("That is no day. Write year, month and day as in 2020-01-31. Today's members are shown.")


@public
@cached
def networks(request: HttpRequest) -> HttpResponse:
    """All networks."""
    code = get_language() or "en"
    rows = networks_list(code, timezone.localdate())
    for row in rows:
        short = row.abbreviation if row.abbreviation.casefold() != row.shown_name.casefold() else ""
        facts = [short, row.get_kind_display()]
        if row.founded_on:
            facts.append(_("founded %(when)s") % {"when": founded_text(row)})
        row.where = " · ".join(str(fact) for fact in facts if fact)
        row.text = in_its_language(row.shown_purpose, row.purpose_language, code)
        row.side = members_text(row.cities)
        row.note = _("Part of %(network)s") % {"network": row.whole.shown_name} if row.whole else ""
    return render(request, "membership/networks.html", {"networks": rows})


def in_its_language(text: str, language: str, code: str) -> str:
    """The text, marked with its language where that is not the reader's."""
    if not text or language == code:
        return text
    return format_html('<span lang="{}" dir="{}">{}</span>', language, direction(language), text)


def _network(slug: str) -> Network:
    found = Network.objects.select_related("secretariat", "secretariat_city", "parent")
    return get_object_or_404(found, slug=slug, archived_at__isnull=True)


@public
@cached
def network(request: HttpRequest, slug: str) -> HttpResponse:
    """A network, and its members on the day the reader chose."""
    code = get_language() or "en"
    found = _network(slug)
    day, wrong = as_of(request)
    purpose, purpose_language = best_text(found, "purpose", code)
    page: dict[str, Any] = {
        "network": found,
        "name": best_text(found, "name", code)[0],
        "purpose": purpose,
        "purpose_language": purpose_language,
        "facts_rows": network_facts(found, code),
        "scheme": best_text(found, "region_scheme", code),
        "members": members_by_region(found, code, day),
        "day": day,
        "is_today": day == timezone.localdate(),
        "wrong": wrong,
        "written": request.GET.get("as_of", "")[:40] if wrong else day.isoformat(),
        "full": MemberKind.FULL,
        "founded": founded_text(found),
    }
    return render(request, "membership/network.html", page)


@public
@cached
def network_csv(request: HttpRequest, slug: str) -> HttpResponse:
    """The members on the day the reader chose, as CSV."""
    day, _wrong = as_of(request)
    return members_csv(_network(slug), get_language() or "en", day)
