"""Collections as pages show them."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, F, Q, QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _, ngettext

from cities.models import City
from network.frame.names import number_text
from network.people.desk import DeskItem
from network.people.enums import MemberRole
from network.people.models import User
from network.people.rules.organisations import has_verified_address
from network.people.rules.roles import is_operator
from practices.enums import State, Visibility
from practices.models import Collection, CollectionChapter, CollectionInvitation, CollectionItem, CollectionMember
from practices.queries.bookmarks import public_ids
from practices.queries.cards import Card, cards
from practices.rules.collections import WRITERS

PER_PAGE = 20


def collection_for(user: Any, opaque_id: str) -> Collection:
    """A collection that this person may read or knows of as a member; Http404 for all others. Operators know of those that
    they have hidden."""
    found = Collection.objects.filter(opaque_id=opaque_id).first()
    if found is None:
        raise Http404
    if found.visibility != Visibility.PRIVATE or Collection.objects.readable_by(user).filter(pk=found.pk).exists():
        return found
    if found.hidden_reason and is_operator(user):
        return found
    raise Http404


def own_collection(user: Any, opaque_id: str) -> Collection:
    """A collection that the person belongs to; Http404 for all others, as if it did not exist."""
    found = Collection.objects.filter(members__user_id=user.pk or 0, opaque_id=opaque_id).first()
    if found is None:
        raise Http404
    return found


def collection_member_for(user: Any, opaque_id: str, pk: int) -> CollectionMember:
    """A member of a collection that this person belongs to."""
    collection = own_collection(user, opaque_id)
    found = CollectionMember.objects.select_related("user", "collection").filter(collection=collection, pk=pk).first()
    if found is None:
        raise Http404
    return found


def collection_invitation_for(user: Any, opaque_id: str, pk: int) -> CollectionInvitation:
    """An invitation to a collection that this person belongs to."""
    collection = own_collection(user, opaque_id)
    found = CollectionInvitation.objects.select_related("collection").filter(collection=collection, pk=pk).first()
    if found is None:
        raise Http404
    return found


def own_collection_invitation(user: Any, opaque_id: str) -> CollectionInvitation:
    """The invitation to this collection that was sent to the person's own confirmed address."""
    rows = CollectionInvitation.objects.select_related("collection", "invited_by").filter(
        collection__opaque_id=opaque_id, email__iexact=user.email
    )
    found = rows.first() if has_verified_address(user) else None
    if found is None:
        raise Http404
    return found


@dataclass(frozen=True)
class Row:
    """A practice of a collection: its card, none where it is no longer public; then `city` is all that is said of it."""

    practice: int
    chapter: int | None
    comment: str
    card: Card | None
    city: str


@dataclass(frozen=True)
class Chapter:
    """A chapter with its practices; without an id and a title the practices before the first one."""

    id: int | None
    title: str
    rows: list[Row]


@dataclass(frozen=True)
class Contents:
    """What stands in a collection, in its order."""

    chapters: list[Chapter]

    @property
    def rows(self) -> list[Row]:
        """All its practices, whatever the chapter."""
        return [row for chapter in self.chapters for row in chapter.rows]

    @property
    def public(self) -> int:
        """How many of the practices are public now."""
        return sum(1 for row in self.rows if row.card)


def contents(collection: Collection, code: str, *, empty_chapters: bool = False) -> Contents:
    """The practices for a reader of `code`. Four queries, one more where some are gone, however many there are."""
    chapters = CollectionChapter.objects.filter(collection=collection).order_by("position", "id")
    names = list(chapters.values_list("pk", "title"))
    items = list(
        CollectionItem.objects.filter(collection=collection)
        .order_by("position", "id")
        .values_list("practice", "chapter", "comment", "practice__city")
    )
    shown = {card.id: card for card in cards(public_ids(pk for pk, *_rest in items), code)}
    cities = _city_names([city for pk, _chapter, _comment, city in items if pk not in shown], code)
    rows = [Row(pk, chapter, comment, shown.get(pk), cities.get(city, "")) for pk, chapter, comment, city in items]
    places = [Chapter(pk, title, [row for row in rows if row.chapter == pk]) for pk, title in [(None, ""), *names]]
    return Contents([place for place in places if place.rows or (empty_chapters and place.id)])


def _city_names(ids: Iterable[int], code: str) -> dict[int, str]:
    kept = City.objects.filter(pk__in=list(ids), archived_at__isnull=True).for_language(code, "name").order_by()
    return dict(kept.values_list("pk", "shown_name"))


def ids_in_order(collection: Collection) -> list[int]:
    """The collection's practices in its order, public or not. One query."""
    rows = CollectionItem.objects.filter(collection=collection).order_by(
        F("chapter__position").asc(nulls_first=True), "chapter", "position", "id"
    )
    return list(rows.values_list("practice", flat=True))


def comments_of(collection: Collection) -> dict[int, str]:
    """The comment on each practice that has one."""
    rows = CollectionItem.objects.filter(collection=collection).exclude(comment="").order_by()
    return dict(rows.values_list("practice", "comment"))


def _counted(rows: QuerySet[Collection]) -> QuerySet[Collection]:
    """The same with `practices`: how many public practices stand in each."""
    public = Q(items__practice__state=State.PUBLISHED, items__practice__city__archived_at__isnull=True)
    return rows.annotate(practices=Count("items", filter=public, distinct=True))


@dataclass(frozen=True)
class Told:
    """A collection as a row of a list; `role` in words where it is one's own."""

    title: str
    url: str
    introduction: str
    language: str
    practices: str
    visibility: str
    role: str
    changed: datetime.datetime
    demo: bool


def _told(row: Collection, role: str = "") -> Told:
    count = vars(row)["practices"]
    return Told(
        title=row.title,
        url=row.get_absolute_url(),
        introduction=row.introduction,
        language=row.language,
        practices=ngettext("%(count)s practice", "%(count)s practices", count) % {"count": number_text(count)},
        visibility=row.visibility,
        role=str(MemberRole(role).label) if role else "",
        changed=row.updated_at,
        demo=row.demo,
    )


@dataclass(frozen=True)
class PublicCollections:
    """A page of the public list, last changed first."""

    rows: list[Told]
    page: Page


def public_collections(number: str | None = None) -> PublicCollections:
    """The wanted page. Two queries."""
    found = Collection.objects.filter(visibility=Visibility.PUBLIC).order_by("-updated_at", "-id")
    page = Paginator(found, PER_PAGE).get_page(number)
    ids = [row.pk for row in page]
    counted = {row.pk: row for row in _counted(Collection.objects.filter(pk__in=ids)).order_by()}
    return PublicCollections([_told(counted[pk]) for pk in ids if pk in counted], page)


@dataclass(frozen=True)
class OwnCollections:
    """The person's collections, last changed first, and what they are invited to."""

    rows: list[Told]
    invitations: list[CollectionInvitation]


def collections_of(user: Any) -> OwnCollections:
    """Four queries."""
    roles = dict(CollectionMember.objects.filter(user=user).order_by().values_list("collection", "role"))
    rows = _counted(Collection.objects.filter(pk__in=roles)).order_by("-updated_at", "-id")
    return OwnCollections([_told(row, roles[row.pk]) for row in rows], invitations_to(user))


def invitations_to(user: Any) -> list[CollectionInvitation]:
    """Open invitations to the person's confirmed address, newest first."""
    if not has_verified_address(user):
        return []
    rows = CollectionInvitation.objects.select_related("collection", "invited_by").filter(email__iexact=user.email)
    return list(rows.order_by("-id"))


def writable_collections(user: Any) -> list[Collection]:
    """Those that the person may put practices into, last changed first."""
    mine = CollectionMember.objects.filter(user=user, role__in=WRITERS).order_by().values("collection")
    return list(Collection.objects.filter(pk__in=mine).order_by("-updated_at", "-id"))


@dataclass(frozen=True)
class Sharing:
    """Who works on a collection: members by name, open invitations, newest first."""

    members: list[CollectionMember]
    invitations: list[CollectionInvitation]


def sharing_of(collection: Collection) -> Sharing:
    """Two queries, whatever the number of members."""
    rows = CollectionMember.objects.filter(collection=collection).select_related("user").order_by("pk")
    members = sorted(rows, key=lambda row: str(row.user).casefold())
    return Sharing(members, list(CollectionInvitation.objects.filter(collection=collection).order_by("-pk")))


def desk_invitations(user: Any) -> list[DeskItem]:
    """For the desk: collections that wait for this person's answer."""
    return [
        DeskItem(
            title=row.collection.title,
            url=reverse("practices:collection_invitation", args=[row.collection.opaque_id]),
            note=_("You are invited to a collection, as: %(role)s") % {"role": MemberRole(row.role).label},
        )
        for row in invitations_to(user)
    ]


def own_collection_data(user: User) -> list[dict[str, Any]]:
    """For the person's export of what the portal keeps about them."""
    rows = CollectionMember.objects.filter(user=user).select_related("collection").order_by("pk")
    return [
        {
            "collection": row.collection.opaque_id,
            "title": row.collection.title,
            "role": row.role,
            "since": row.since.isoformat(),
        }
        for row in rows
    ]
