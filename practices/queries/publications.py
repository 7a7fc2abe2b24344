"""Publications as pages and their job read them."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from cities.models import City
from network.membership.models import Network
from network.people.desk import DeskItem
from network.people.enums import RoleKind
from network.people.models import User
from network.people.rules.roles import scopes
from network.translation.models import Shown
from practices.enums import MakingState
from practices.models import Collection, CollectionChapter, CollectionItem, Practice, Publication, PublicationVersion
from practices.models.publications import WAITING
from practices.queries.detail import Detail, detail
from practices.rules.publications import can_read_publication_version, can_see_publication


def plan_of_collection(collection: Collection) -> list[dict[str, Any]]:
    """What a publication of the collection as it stands holds: chapters with practices and comments. Two queries."""
    chapters = CollectionChapter.objects.filter(collection=collection).order_by("position", "id")
    names: list[tuple[int | None, str]] = [(None, ""), *chapters.values_list("pk", "title")]
    rows = CollectionItem.objects.filter(collection=collection).order_by("position", "id")
    items = list(rows.values_list("chapter", "practice", "comment"))
    plan = [
        {"title": title, "practices": [[practice, comment] for chapter, practice, comment in items if chapter == pk]}
        for pk, title in names
    ]
    return [chapter for chapter in plan if chapter["practices"]]


def plan_of(ids: Iterable[int]) -> list[dict[str, Any]]:
    """What a publication of these practices holds, in this order."""
    practices = [[pk, ""] for pk in ids]
    return [{"title": "", "practices": practices}] if practices else []


def publishers(user: Any, code: str) -> list[tuple[str, str]]:
    """In whose name the person may publish: the networks and cities whose officer they are, by key and name."""
    networks, cities = scopes(user, RoleKind.NETWORK_OFFICER), scopes(user, RoleKind.CITY_OFFICER)
    found: list[tuple[str, str]] = []
    if networks:
        rows = Network.objects.filter(uuid__in=networks, archived_at__isnull=True).for_language(code, "name")
        found += [(f"network:{key}", name) for key, name in rows.order_by("slug").values_list("uuid", "shown_name")]
    if cities:
        kept = City.objects.filter(uuid__in=cities, archived_at__isnull=True).for_language(code, "name")
        found += [(f"city:{key}", name) for key, name in kept.order_by("slug").values_list("uuid", "shown_name")]
    return found


def publisher_name(version: PublicationVersion, code: str) -> str:
    """Who publishes it, in that language; nothing where nobody does."""
    if version.network_id:
        named = Network.objects.filter(pk=version.network_id).annotate(shown=Shown(Network, "name", code))
    elif version.city_id:
        named = City.objects.filter(pk=version.city_id).annotate(shown=Shown(City, "name", code, "slug"))
    else:
        return ""
    return named.order_by().values_list("shown", flat=True).first() or ""


def slugs_of(ids: Iterable[int]) -> dict[int, str]:
    """The addresses of those of the practices that are public."""
    public = Practice.objects.visible_to(None).filter(pk__in=list(ids)).order_by()
    return dict(public.values_list("pk", "slug"))


def sheet_detail(slug: str, code: str) -> Detail | None:
    """What a publication tells of a practice; None where it is no longer public."""
    return detail(Practice.objects.visible_to(None), slug, code, with_similar=False)


# --- pages ----------------------------------------------------------------------------------------------------------------


def publication_for(user: Any, opaque_id: str) -> Publication:
    """The publication with that id; Http404 where there is none that this person may know of."""
    found = Publication.objects.select_related("collection").filter(opaque_id=opaque_id).first()
    if found is None or not can_see_publication(user, found):
        raise Http404
    return found


def version_for(user: Any, opaque_id: str, number: int) -> PublicationVersion:
    """One version of a publication; Http404 where there is none that this person may know of."""
    rows = PublicationVersion.objects.select_related("publication__collection").defer("plan")
    found = rows.filter(publication__opaque_id=opaque_id, number=number).first()
    if found is None or not can_read_publication_version(user, found):
        raise Http404
    return found


def versions_of(publication: Publication, *, all_of_them: bool) -> list[PublicationVersion]:
    """Its versions, newest first: those that are made or were, or for who manages it all of them. One query."""
    rows = PublicationVersion.objects.filter(publication=publication).defer("plan", "foreword").order_by("-number")
    if not all_of_them:
        rows = rows.filter(state__in=[MakingState.READY, MakingState.REMOVED])
    return list(rows)


@dataclass(frozen=True)
class OwnPublication:
    """A publication in the list of one's own: its newest version."""

    url: str
    newest: PublicationVersion
    versions: int
    saved: bool


def publications_of(user: Any, most: int = 100) -> list[OwnPublication]:
    """The publications that the person made, newest first. Two queries."""
    mine = list(Publication.objects.filter(made_by=user).order_by("-id")[:most])
    rows = PublicationVersion.objects.filter(publication__in=mine).defer("plan", "foreword").order_by("number")
    found: dict[int, list[PublicationVersion]] = {}
    for row in rows:
        found.setdefault(row.publication_id, []).append(row)
    return [
        OwnPublication(one.get_absolute_url(), found[one.pk][-1], len(found[one.pk]), bool(one.saved_at))
        for one in mine
        if one.pk in found
    ]


def content_of(version: PublicationVersion) -> dict[str, Any]:
    """All words of a version that is ready, as its file was made of them."""
    with version.content.open("rb") as file:
        told: dict[str, Any] = json.loads(gzip.decompress(file.read()))
    return told


def desk_publications(user: Any) -> list[DeskItem]:
    """For the desk: what is being made, and what failed."""
    rows = PublicationVersion.objects.filter(ordered_by=user, state__in=[*WAITING, MakingState.FAILED])
    return [
        DeskItem(
            title=row.title,
            url=reverse("practices:publication", args=[row.publication.opaque_id]),
            note=_("Publication, version %(number)s: %(state)s")
            % {"number": row.number, "state": row.get_state_display()},
        )
        for row in rows.select_related("publication").defer("plan", "foreword").order_by("-id")[:10]
    ]


def own_publication_data(user: User) -> list[dict[str, Any]]:
    """For the person's export of what the portal keeps about them."""
    rows = PublicationVersion.objects.filter(ordered_by=user).select_related("publication").defer("plan").order_by("pk")
    return [
        {
            "publication": row.publication.opaque_id,
            "version": row.number,
            "title": row.title,
            "state": row.state,
            "ordered_at": row.ordered_at.isoformat(),
        }
        for row in rows
    ]
