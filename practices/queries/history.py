"""What a practice's public history shows: its published versions, and what differs between two states of the record."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from practices.enums import VersionState
from practices.enums.reviews import ReviewState
from practices.models import Practice, PracticeVersion
from practices.queries.differences import SectionDifference, differences, stored
from practices.queries.snapshot import snapshot
from practices.queries.told import file_names

# What is public now, where it was changed after its newest version was published.
NOW = "now"


@dataclass(frozen=True)
class PublicVersion:
    """A state of the record that is or was public: by which key it is asked for, its number (0: what staff changed since the
    newest version), since when, what the city says it changed, whether that is small, and how many peers reviewed it."""

    key: str
    number: int
    since: datetime.datetime
    note: str
    language: str
    minor: bool
    reviews: int


@dataclass(frozen=True)
class History:
    """The page: the newest first; `older` and `newer` are the two that are compared, None where there is only one."""

    versions: list[PublicVersion]
    older: PublicVersion | None
    newer: PublicVersion | None
    differences: list[SectionDifference]


def history(practice: Practice, asked: Mapping[str, str]) -> History:
    """The history of a public practice; `asked` names two states, `from` and `to`. Without them, or where they can't be
    compared, the newest two are. A constant number of queries."""
    rows = list(_published(practice))
    public = snapshot(practice)
    names = file_names(practice)
    newest = stored(rows[0]) if rows else {}
    versions = [_version(row) for row in rows]
    if rows and differences(newest, public, practice.original_language, names):
        versions.insert(0, _changed_since(practice))
    elif not rows:
        versions = [_changed_since(practice, since=practice.published_at)]
    older, newer = _two(versions, asked)
    found: list[SectionDifference] = []
    if older and newer:
        by_key = {str(row.number): row for row in rows}

        def said(one: PublicVersion) -> dict[str, Any]:
            return public if one.key == NOW else stored(by_key[one.key])

        found = differences(said(older), said(newer), practice.original_language, names)
    return History(versions, older, newer, found)


def _published(practice: Practice) -> Any:
    done = Q(review_requests__state=ReviewState.DONE)
    rows = PracticeVersion.objects.filter(practice=practice, state=VersionState.PUBLISHED)
    return rows.annotate(reviews=Count("review_requests", filter=done)).order_by("-number")


def _version(row: PracticeVersion) -> PublicVersion:
    assert row.published_at is not None
    return PublicVersion(
        key=str(row.number),
        number=row.number,
        since=row.published_at,
        note=row.note,
        language=row.language,
        minor=row.minor,
        reviews=vars(row)["reviews"],
    )


def _changed_since(practice: Practice, since: datetime.datetime | None = None) -> PublicVersion:
    language = practice.original_language
    return PublicVersion(NOW, 0, since or practice.updated_at, "", language, minor=False, reviews=0)


def _two(
    versions: list[PublicVersion], asked: Mapping[str, str]
) -> tuple[PublicVersion, PublicVersion] | tuple[None, None]:
    """The two that are compared, the older first, whichever way round they were asked for."""
    if len(versions) < 2:
        return None, None
    places = {one.key: place for place, one in enumerate(versions)}
    wanted = [places.get(asked.get(name, ""), default) for name, default in (("from", 1), ("to", 0))]
    newer, older = sorted(wanted)
    if newer == older:
        newer, older = 0, 1
    return versions[older], versions[newer]
