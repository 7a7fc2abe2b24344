"""Versions of a record as pages and letters name them."""

from __future__ import annotations

from typing import Any

from cities.models import City
from network.translation.models import best_text, text_in
from practices.models import PeerReview, PracticeVersion, VersionSection
from practices.queries.said import Said


def version_title(version: PracticeVersion) -> Said:
    """What the version calls itself; else what its practice is called in that language."""
    about: Any = VersionSection.objects.filter(version=version, section="about").first()
    said = (about.data.get("title") if about else "") or text_in(version.practice, "title", version.language)
    return Said(said or version.practice.slug, version.language)


def passed_on(version: PracticeVersion) -> list[PeerReview]:
    """The reviews of the version whose notes were passed on to its city, those without a note left out."""
    return list(version.peer_reviews.standing().filter(shared=True).exclude(note="").order_by("id"))


def city_name(city: City, code: str) -> str:
    """A city's name for a reader of `code`. For a row loaded whole."""
    return best_text(city, "name", code)[0] or city.native_name
