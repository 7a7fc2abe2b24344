"""Collections for tests, made through the domain, with somebody in every role."""

from __future__ import annotations

from dataclasses import dataclass

from django.test import Client

from network.people.models import User
from practices.domain.collection_members import accept_collection_invitation, invite_to_collection
from practices.domain.collection_order import add_practices
from practices.domain.collections import CollectionTexts, create_collection, set_visibility
from practices.models import Collection, Practice
from tests.people.signing import person, sign_in

WORDS = CollectionTexts("Against hate", "en", "Why these.", "For the congress")


@dataclass(frozen=True)
class Circle:
    """A collection with an owner, an editor and a viewer, and somebody who is none of them."""

    collection: Collection
    owner: User
    editor: User
    viewer: User
    stranger: User


def join(collection: Collection, user: User, role: str, *, by: User) -> None:
    """Invite and accept, as people do."""
    accept_collection_invitation(invite_to_collection(collection, email=user.email, role=role, by=by), by=user)


def circle(*practices: Practice, visibility: str = "private", texts: CollectionTexts = WORDS) -> Circle:
    """A collection of these practices with somebody in every role."""
    owner, editor, viewer, stranger = (
        person(f"{role}@people.example", role.title()) for role in ("owner", "editor", "viewer", "stranger")
    )
    collection = create_collection(texts, by=owner)
    add_practices(collection, [practice.pk for practice in practices], by=owner)
    join(collection, editor, "editor", by=owner)
    join(collection, viewer, "viewer", by=owner)
    collection = set_visibility(collection, visibility, by=owner)
    return Circle(collection, owner, editor, viewer, stranger)


def signed(user) -> Client:
    return sign_in(Client(), user)


def text_of(response) -> str:
    assert response.status_code == 200, response.status_code
    return response.content.decode()
