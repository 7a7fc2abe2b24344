"""A collection of practices that two cities write and a third person is invited to, bound in Arabic; and somebody's bookmarks."""

from __future__ import annotations

from typing import Any

from network.audit.context import acting
from network.people.models import User
from network.portal.demo.content import read
from network.portal.demo.record import Loaded
from practices.domain.bookmarks import add_bookmark
from practices.domain.collection_members import accept_collection_invitation, invite_to_collection
from practices.domain.collection_order import Arrangement, Step, Typed, add_practices, arrange
from practices.domain.collections import CollectionTexts, create_collection, set_visibility
from practices.domain.publications import Order, keep_publication, order_publication
from practices.models import Collection
from practices.queries.publications import plan_of_collection, publishers


def make_collections(loaded: Loaded) -> None:
    """Collections with their chapters, comments and people; their owner bookmarks the first practices too.

    The publication is ordered here and made by the worker, as soon as there is one.
    """
    for told in read("collections"):
        by = loaded.people[told["owner"]]
        with acting(by.pk, "demonstration"):
            collection = _write(told, by, loaded)
            _publish(told["publication"], collection, by)
        for key in told["editors"]:
            guest = loaded.people[key]
            invitation = invite_to_collection(collection, email=guest.email, role="editor", by=by)
            accept_collection_invitation(invitation, by=guest)
        for key in told["invited"]:
            invite_to_collection(collection, email=loaded.people[key].email, role="editor", by=by)
        for slug, _comment in told["chapters"][0]["practices"]:
            add_bookmark(loaded.practices[slug], by=by)


def _publish(told: dict[str, Any], collection: Collection, by: User) -> None:
    words = {name: told[name] for name in ("title", "subtitle", "foreword")}
    publisher, _name = publishers(by, told["language"])[0]
    order = Order(language=told["language"], words_language=told["language"], publisher=publisher, **words)
    version = order_publication(order, plan_of_collection(collection), by=by, collection=collection)
    keep_publication(version.publication, True, by=by)


def _write(told: dict[str, Any], by: User, loaded: Loaded) -> Collection:
    ((language, said),) = told["texts"].items()
    collection = create_collection(CollectionTexts(language=language, **said), by=by, demo=True)
    for chapter in told["chapters"]:
        arrange(collection, Arrangement(), Step("chapter_add", title=chapter["title"]), by=by)
        numbers = {loaded.practices[slug].pk: comment for slug, comment in chapter["practices"]}
        add_practices(collection, numbers, by=by)
        arrange(collection, Arrangement(comments={pk: Typed("", said) for pk, said in numbers.items()}), by=by)
    return set_visibility(collection, told["visibility"], by=by)
