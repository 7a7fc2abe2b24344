"""A city's practices for its own system: in whatever state, with the version that is on its way."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.http import Http404

from practices.models import ExternalId, Practice, PracticeVersion, VersionSection
from practices.rules.sections import BY_KEY, SECTIONS
from practices.rules.writing import Fault, all_faults, faults_of


@dataclass(frozen=True)
class OwnSection:
    """A section of a version as it is stored, and what is wrong with it."""

    revision: int
    data: Mapping[str, Any]
    faults: list[Fault]


@dataclass(frozen=True)
class OwnPractice:
    """A practice with its newest version. sections: those of the version; missing: what keeps it from being submitted."""

    practice: Practice
    external_ids: list[str]
    version: PracticeVersion | None
    sections: dict[str, OwnSection]
    missing: list[Fault]


def own_practices(city_uuid: str) -> QuerySet:
    """Every practice of a city, the last changed first, with its versions and its names elsewhere. Three queries."""
    versions = PracticeVersion.objects.order_by("-number")
    names = ExternalId.objects.order_by("name")
    return (
        Practice.objects.filter(city__uuid=city_uuid, city__archived_at__isnull=True)
        .select_related("city")
        .prefetch_related(Prefetch("record_versions", versions), Prefetch("external_ids", names))
        .order_by("-updated_at", "-id")
    )


def own_practice(city_uuid: str, practice_uuid: uuid.UUID) -> OwnPractice:
    """One of them. Http404 where the city has none of that number. Four queries, one more for its version's sections."""
    found = own_practices(city_uuid).filter(uuid=practice_uuid).first()
    if found is None:
        raise Http404
    version = newest_of(found)
    stored: dict[str, VersionSection] = {}
    if version is not None:
        version.practice = found
        stored = {row.section: row for row in VersionSection.objects.filter(version=version).order_by()}
    return OwnPractice(
        practice=found,
        external_ids=[one.name for one in found.external_ids.all()],
        version=version,
        sections={section.key: own_section(stored[section.key]) for section in SECTIONS if section.key in stored},
        missing=all_faults({key: row.data for key, row in stored.items()}) if stored else [],
    )


def newest_of(practice: Practice) -> PracticeVersion | None:
    """The version on its way, else the last one, of a practice that `own_practices` gave."""
    return next(iter(practice.record_versions.all()), None)


def own_section(row: VersionSection) -> OwnSection:
    """A section as it is told."""
    return OwnSection(row.revision, row.data, faults_of(BY_KEY[row.section], row.data))


def section_of(version: PracticeVersion, key: str) -> VersionSection:
    """A stored section with who wrote it last. Http404 where the form has none of that name."""
    row = VersionSection.objects.select_related("updated_by").filter(version=version, section=key).first()
    if row is None:
        raise Http404
    return row
