"""What the library puts on the desk of a city's officers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import get_language, gettext as _

from cities.models import City
from network.frame.moments import day_text
from network.people.desk import DeskItem
from network.people.enums import RoleKind
from network.people.rules.roles import scopes
from network.translation.models import Shown
from practices.enums import OPEN, AdoptionState, State, VersionState
from practices.models import Adoption, Practice, PracticeVersion
from practices.rules.insight import can_read_insight
from practices.rules.practices import can_import_practices

# The desk shows the last changed; the library's list filtered by city has them all.
SHOWN = 10


def _of_my_cities(user: Any, *wanted: Q) -> Iterable[dict[str, Any]]:
    """The practices of the cities whose officer the person is, last changed first."""
    keys = scopes(user, RoleKind.CITY_OFFICER)
    if not keys:
        return []
    code = get_language() or "en"
    mine = Practice.objects.for_language(code, "title").filter(
        *wanted, city__uuid__in=keys, city__archived_at__isnull=True
    )
    named = mine.annotate(city_name=Shown(City, "name", code, "city__slug")).order_by("-updated_at", "-id")
    return named.values("slug", "shown_title", "city_name", "updated_at", "review_due_on")[:SHOWN]


def drafts(user: Any) -> list[DeskItem]:
    """The drafts that nobody has begun to write as a version yet: staff made them, or a book brought them."""
    unwritten = Q(state=State.DRAFT) & Q(~Exists(PracticeVersion.objects.filter(practice=OuterRef("pk"))))
    return [
        DeskItem(
            title=row["shown_title"],
            url=reverse("practices:draft", args=[row["slug"]]),
            note=_("Draft of a practice, %(city)s. Last changed %(day)s.")
            % {"city": row["city_name"], "day": day_text(row["updated_at"].date())},
        )
        for row in _of_my_cities(user, unwritten)
    ]


def published(user: Any) -> list[DeskItem]:
    """The public practices of the cities whose officer the person is, last changed first, each with its next version."""
    return [
        DeskItem(
            title=row["shown_title"],
            url=reverse("practices:detail", args=[row["slug"]]),
            note=_published_note(row),
            act=_("New version"),
            act_url=reverse("practices:record", args=[row["slug"]]),
        )
        for row in _of_my_cities(user, Q(state=State.PUBLISHED))
    ]


def _published_note(row: dict[str, Any]) -> str:
    said = {"city": row["city_name"], "day": day_text(row["updated_at"].date())}
    if row["review_due_on"] is None:
        return _("Published practice, %(city)s. Last changed %(day)s.") % said
    said["due"] = day_text(row["review_due_on"])
    return _("Published practice, %(city)s. Last changed %(day)s. To be confirmed by %(due)s.") % said


def versions(user: Any) -> list[DeskItem]:
    """The versions that are on their way from the cities whose officer the person is, last changed first."""
    return _versions(user, [state for state in OPEN if state != VersionState.REVISION])


def revisions(user: Any) -> list[DeskItem]:
    """The versions that were sent back to them."""
    return _versions(user, [VersionState.REVISION])


def _versions(user: Any, states: list[VersionState]) -> list[DeskItem]:
    keys = scopes(user, RoleKind.CITY_OFFICER)
    if not keys:
        return []
    code = get_language() or "en"
    rows = PracticeVersion.objects.filter(
        state__in=states, practice__city__uuid__in=keys, practice__city__archived_at__isnull=True
    ).annotate(
        title=Shown(Practice, "title", code, "practice__slug"),
        city_name=Shown(City, "name", code, "practice__city__slug"),
    )
    shown = ("title", "city_name", "state", "changed_at", "practice__slug", "practice__state")
    return [_version(row) for row in rows.order_by("-changed_at", "-id").values(*shown)[:SHOWN]]


def _version(row: dict[str, Any]) -> DeskItem:
    if row["practice__state"] == State.PUBLISHED:
        note = _("New version of a practice, %(city)s: %(state)s. Last changed %(day)s.")
    else:
        note = _("New practice, %(city)s: %(state)s. Last changed %(day)s.")
    said = {
        "city": row["city_name"],
        "state": VersionState(row["state"]).label,
        "day": day_text(row["changed_at"].date()),
    }
    return DeskItem(title=row["title"], url=reverse("practices:record", args=[row["practice__slug"]]), note=note % said)


def writing(user: Any) -> list[DeskItem]:
    """That a practice can be written, for those who write for a city."""
    if not can_import_practices(user):
        return []
    note = _("What your city did, for other cities to use.")
    return [DeskItem(title=_("Write a practice"), url=reverse("practices:new_record"), note=note)]


def adoptions(user: Any) -> list[DeskItem]:
    """What other cities say of practices, and waits for an answer of the cities whose officer the person is."""
    keys = scopes(user, RoleKind.CITY_OFFICER)
    if not keys:
        return []
    code = get_language() or "en"
    asked = Q(state=AdoptionState.RECORDED, practice__city__uuid__in=keys)
    doubted = Q(state=AdoptionState.QUESTIONED, city__uuid__in=keys)
    rows = (
        Adoption.objects.filter(asked | doubted)
        .annotate(
            title=Shown(Practice, "title", code, "practice__slug"),
            city_name=Shown(City, "name", code, "city__slug"),
            author_name=Shown(City, "name", code, "practice__city__slug"),
        )
        .order_by("changed_at", "id")
    )
    shown = ("pk", "state", "title", "city_name", "author_name", "practice__slug")
    return [_adoption(row) for row in rows.values(*shown)[:SHOWN]]


def _adoption(row: dict[str, Any]) -> DeskItem:
    if row["state"] == AdoptionState.RECORDED:
        note = _("%(city)s says that it takes this up from you. Confirm it, or say what you doubt.")
    else:
        note = _("%(author)s doubts that %(city)s takes this up. Change what you said, or withdraw it.")
    return DeskItem(
        title=row["title"],
        url=reverse("practices:adoption", args=[row["practice__slug"], row["pk"]]),
        note=note % {"city": row["city_name"], "author": row["author_name"]},
    )


def insight(user: Any) -> list[DeskItem]:
    """The way to what people look for and don't find, for those who may read it."""
    if not can_read_insight(user):
        return []
    return [
        DeskItem(
            title=_("How the library is used"),
            url=reverse("practices:insight"),
            note=_("What people look for, what they miss, and what the library covers."),
        )
    ]


def book(user: Any) -> list[DeskItem]:
    """That practices can be sent as a spreadsheet, for those who write some."""
    if not can_import_practices(user):
        return []
    note = _("Many at once: first a preview of what would change, then drafts.")
    return [DeskItem(title=_("Send practices as a spreadsheet"), url=reverse("practices:book"), note=note)]
