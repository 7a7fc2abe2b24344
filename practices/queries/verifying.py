"""The yearly confirmation as pages, desks and letters tell it: what is due next, and what was said so far."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext as _

from cities.models import City
from network.frame.moments import day_text
from network.people.desk import DeskItem
from network.people.enums import RoleKind
from network.people.rules.roles import scopes
from network.translation.models import Shown
from practices.enums import OPEN
from practices.enums.verifying import Freshness, VerificationKind
from practices.models import Practice, Verification
from practices.queries.adoptions import cities_of, title_of
from practices.queries.said import Said
from practices.queries.versions import city_name
from practices.rules.practices import can_import_practices
from practices.rules.verifying import SOON

PER_PAGE, SHOWN = 25, 10
CHIPS = {Freshness.OVERDUE: "stop", Freshness.SOON: "watch", Freshness.FRESH: "good"}


@dataclass(frozen=True)
class ToConfirm:
    """A practice with its next day of confirmation. `verified_on` is the last one."""

    slug: str
    title: Said
    city: str
    verified_on: datetime.date
    due_on: datetime.date
    freshness: Freshness

    @property
    def url(self) -> str:
        """Where it is confirmed."""
        return reverse("practices:still_true", args=[self.slug])

    @property
    def chip(self) -> str:
        """The colour of how it stands."""
        return CHIPS.get(self.freshness, "")


def title_and_city(practice: Practice, code: str) -> tuple[Said, str]:
    """What a practice, read whole, and its city are called to a reader of `code`."""
    return title_of(practice, code), city_name(practice.city, code)


def version_on_its_way(practice: Practice) -> bool:
    """Whether the city is writing its next version, or others decide about it."""
    return practice.record_versions.filter(state__in=OPEN).exists()


def lines_of(practice: Practice) -> list[Verification]:
    """What was said of its confirmation so far, the newest first."""
    return list(practice.verifications.select_related("by").order_by("-id"))


def confirmations(user: Any, code: str, page: str | None) -> Page[ToConfirm]:
    """The practices that this person may confirm, the next to be confirmed first. Two queries whatever the number."""
    rows = Practice.objects.visible_to(user).filter(city__in=cities_of(user))
    found: Any = Paginator(_named(rows, code), PER_PAGE).get_page(page)
    found.object_list = [_row(one) for one in found.object_list]
    return found


def desk_due(user: Any) -> list[DeskItem]:
    """The practices of the cities whose officer the person is that are to be confirmed soon or were not in time."""
    keys = scopes(user, RoleKind.CITY_OFFICER)
    if not keys:
        return []
    until = timezone.localdate() + SOON
    rows = Practice.objects.visible_to(user).filter(city__uuid__in=keys, review_due_on__lte=until)
    return [_item(_row(one)) for one in _named(rows, get_language() or "en")[:SHOWN]]


def desk_list(user: Any) -> list[DeskItem]:
    """The way to all of them, for those who write for a city."""
    if not can_import_practices(user):
        return []
    note = _("When each of your published practices is to be confirmed next.")
    return [DeskItem(title=_("Still true?"), url=reverse("practices:confirmations"), note=note)]


def _item(row: ToConfirm) -> DeskItem:
    told = {"city": row.city, "day": day_text(row.verified_on)}
    if row.freshness == Freshness.OVERDUE:
        note = _("Is this practice of %(city)s still true? Readers see that nobody has confirmed it since %(day)s.")
        return DeskItem(title=row.title.text, url=row.url, note=note % told, urgent=True)
    note = _("Is this practice of %(city)s still true? Say so by %(due)s; it was last confirmed on %(day)s.")
    # No moment: nothing closes on that day.
    return DeskItem(title=row.title.text, url=row.url, note=note % {**told, "due": day_text(row.due_on)})


def _named(rows: QuerySet[Practice], code: str) -> Any:
    asked: Any = rows.filter(review_due_on__isnull=False)
    named = asked.for_language(code, "title").annotate(city_name=Shown(City, "name", code, "city__slug"))
    shown = ("slug", "shown_title", "shown_language", "city_name", "verified_on", "review_due_on")
    return named.order_by("review_due_on", "id").values(*shown)


def _row(row: Mapping[str, Any]) -> ToConfirm:
    today, due = timezone.localdate(), row["review_due_on"]
    freshness = Freshness.OVERDUE if due < today else Freshness.SOON if due <= today + SOON else Freshness.FRESH
    return ToConfirm(
        slug=row["slug"],
        title=Said(row["shown_title"], row["shown_language"]),
        city=row["city_name"],
        verified_on=row["verified_on"],
        due_on=due,
        freshness=freshness,
    )


def says_who(line: Verification) -> str:
    """Who said it, for those who write for the city."""
    name = line.by.display_name if line.by else _("an account that is closed")
    return _("%(name)s, for the city") % {"name": name} if line.on_behalf else name


def last_said(lines: list[Verification]) -> Verification | None:
    """The newest line that is not only that the city was asked."""
    return next((line for line in lines if line.kind != VerificationKind.ASKED), None)
