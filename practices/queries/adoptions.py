"""Which cities took a practice up, and what a city took up: for the pages of both."""

from __future__ import annotations

from dataclasses import dataclass

from cities.models import City
from network.frame.moments import day_text
from network.languages import fallbacks
from network.translation.models import Shown
from practices.enums import AdoptionState
from practices.models import Adoption, Practice
from practices.queries.said import Said, first_said


@dataclass(frozen=True)
class AdoptionRow:
    """An adoption as the practice's page shows it; without a slug its city has no page.

    `confirmed`: the city that wrote the practice says so too; `current`: it is being tried, or in place.
    """

    city: str
    city_slug: str
    country: str
    when: str
    status: str
    confirmed: bool
    current: bool
    what_changed: Said
    result: Said


def adoptions_of(practice: Practice, code: str) -> list[Adoption]:
    """What everybody may see of who took the practice up, with `city_name` for a reader of `code`, the oldest first. One
    query."""
    rows = (
        Adoption.objects.filter(practice=practice).public().annotate(city_name=Shown(City, "name", code, "city__slug"))
    )
    return list(rows.select_related("city").order_by("year", "id"))


def adoption_row(row: Adoption, language: str) -> AdoptionRow:
    """The same in words, its texts in `language` where it has them, else in their own."""
    return AdoptionRow(
        city=vars(row)["city_name"],
        city_slug="" if row.city.archived_at else row.city.slug,
        country=row.city.country,
        when=when(row),
        status=row.get_status_display(),
        confirmed=row.state == AdoptionState.CONFIRMED,
        current=row.counts,
        what_changed=texts(row, "what_changed", language),
        result=texts(row, "result", language),
    )


def texts(row: Adoption, field: str, language: str) -> Said:
    """A text of an adoption in that language, else in its own, else in any."""
    return first_said(row, field, fallbacks(language, row.language))


def when(row: Adoption) -> str:
    """Since when, as exactly as it is known."""
    return day_text(row.started_on) if row.started_on else f"{row.year}"
