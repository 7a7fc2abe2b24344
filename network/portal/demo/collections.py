"""A collection of practices that two cities write and a third person is invited to; and somebody's bookmarks."""

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
from practices.models import Collection


def make_collections(loaded: Loaded) -> None:
    """Collections with their chapters, comments and people; their owner bookmarks the first practices too."""
    for told in read("collections"):
        by = loaded.people[told["owner"]]
        with acting(by.pk, "demonstration"):
            collection = _write(told, by, loaded)
        for key in told["editors"]:
            guest = loaded.people[key]
            invitation = invite_to_collection(collection, email=guest.email, role="editor", by=by)
            accept_collection_invitation(invitation, by=guest)
        for key in told["invited"]:
            invite_to_collection(collection, email=loaded.people[key].email, role="editor", by=by)
        for slug, _comment in told["chapters"][0]["practices"]:
            add_bookmark(loaded.practices[slug], by=by)


def _write(told: dict[str, Any], by: User, loaded: Loaded) -> Collection:
    ((language, said),) = told["texts"].items()
    collection = create_collection(CollectionTexts(language=language, **said), by=by, demo=True)
    for chapter in told["chapters"]:
        arrange(collection, Arrangement(), Step("chapter_add", title=chapter["title"]), by=by)
        numbers = {loaded.practices[slug].pk: comment for slug, comment in chapter["practices"]}
        add_practices(collection, numbers, by=by)
        arrange(collection, Arrangement(comments={pk: Typed("", said) for pk, said in numbers.items()}), by=by)
    return set_visibility(collection, told["visibility"], by=by)
